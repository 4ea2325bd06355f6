/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shared edges of a zone set's small areas. */
#ifndef HCB_ZONES_TOPOLOGY_AREAS_H
#define HCB_ZONES_TOPOLOGY_AREAS_H

#include "zones/topology.h"
#include "zones/zones.h"

/* Unit i is area i; an area without a polygon is a unit without edges. Points are one when they are within the same
 * whole centimetre. */
HCB_NODISCARD hcb_status hcb__topology_of_areas(hcb__topology **out, const hcb_allocator *mem,
                                                const hcb__zone_set *set);

#endif
