/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Corners of one unit on the border of another that has no corner there. */
#ifndef HCB_ZONES_COVERAGE_CHECK_CORNERS_H
#define HCB_ZONES_COVERAGE_CHECK_CORNERS_H

#include "zones/topology.h"

typedef struct hcb__corner {
    int32_t of, on; /* units */
    hcb__point where;
    double distance_m; /* to the nearest edge of `on` */
} hcb__corner;
typedef HCB__VEC(hcb__corner) hcb__corner_list;

/* Each corner once for each unit it lies on (within near_m); a corner that units share is listed for the smallest of
 * them. In no particular order. */
HCB_NODISCARD hcb_status hcb__corners_unmatched(hcb__corner_list *out, const hcb_allocator *mem,
                                                const hcb__topology_unit *units, size_t n, double near_m);

#endif
