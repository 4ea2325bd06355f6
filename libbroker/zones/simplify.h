/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fewer corners on the shared edges of a map: each border is simplified once, for both of its neighbours. */
#ifndef HCB_ZONES_SIMPLIFY_H
#define HCB_ZONES_SIMPLIFY_H

#include "zones/topology.h"

/* keep[n_vertices]: what stays. A corner goes when the triangle that it cuts off is at most tolerance_m^2 (smallest
 * first, Visvalingam and Whyatt 1993), holds no other corner and leaves no two borders between the same corners: so no
 * border crosses another, no part or hole vanishes, and whoever were neighbours still are. Corners where more than two
 * borders meet stay. HCB_ENOMEM. */
HCB_NODISCARD hcb_status hcb__simplify(bool *keep, const hcb_allocator *mem, const hcb__topology *topology,
                                       double tolerance_m);

#endif
