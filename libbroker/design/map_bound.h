/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What no legal map can be below. */
#ifndef HCB_DESIGN_MAP_BOUND_H
#define HCB_DESIGN_MAP_BOUND_H

#include "design/mapping.h"

/* A bound of the level (hcb__map_level_words) over all maps that keep bounds on hours, fixed areas and the limit on
 * hours moved; connectedness is let go. `known`: the value of a legal map, to
 * set steps by. False when memory is out. */
bool hcb__map_bound(int64_t *bound, const hcb_allocator *mem, const hcb__mapping *mapping, int32_t level,
                    int64_t known);

#endif
