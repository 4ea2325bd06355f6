/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds of travel and inertia, whose figure of a zone is no sum over units but becomes one once something about the
 * zone is known: where its centre lies, or how densely it asks for visits. */
#ifndef HCB_DESIGN_PIECE_BOUND_H
#define HCB_DESIGN_PIECE_BOUND_H

#include "design/mapping.h"
#include "solve/core.h"

/* Raises *bound of HCB__MAP_TRAVEL or HCB__MAP_INERTIA as far as it can; other levels stay. `zone` [n] is a legal map,
 * of value `known`. False when memory is out. */
bool hcb__piece_bound(int64_t *bound, const hcb_allocator *mem, const hcb__mapping *mapping, int32_t level,
                      const int32_t *zone, int64_t known, hcb__budget *budget);

#endif
