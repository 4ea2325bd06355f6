/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds of borders, balance and split places by arithmetic. */
#ifndef HCB_DESIGN_COUNT_BOUND_H
#define HCB_DESIGN_COUNT_BOUND_H

#include "design/mapping.h"

/* Raises *bound of HCB__MAP_CUT_EDGES, HCB__MAP_PERIMETER, HCB__MAP_BALANCE or HCB__MAP_SPLITS where it can; other
 * levels stay. False when memory is out. */
bool hcb__count_bound(int64_t *bound, const hcb_allocator *mem, const hcb__mapping *mapping, int32_t level);

#endif
