/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which new zone keeps which name. */
#ifndef HCB_DESIGN_NAMES_H
#define HCB_DESIGN_NAMES_H

#include "base/mem.h"

/* The assignment of rows to columns of a k x k table with the largest sum (Kuhn and Munkres); HCB__NO_PAIR where a pair
 * may not be. *whole: every row got a column. `column` [k]. False when memory is out. */
#define HCB__NO_PAIR INT64_MIN
bool hcb__best_pairs(int32_t *column, bool *whole, const hcb_allocator *mem, const int64_t *worth, int32_t k);

#endif
