/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of a plan on all levels, and the last pass: single steps that make the ordered list of values smaller. */
#ifndef HCB_SOLVE_POLISH_H
#define HCB_SOLVE_POLISH_H

#include "solve/engine.h"

/* Values of the plan (bin of each item), constants included; must-place items that wait count nothing. */
bool hcb__engine_values(int64_t *value, const hcb_allocator *mem, const hcb__engine_problem *problem,
                        const int32_t *bin);

/* Takes single steps (an item to another of its bins, or from waiting to a bin) that hold every row and make the list
 * of values smaller, until there is none. Values at or below floor[j] count as equal. *first is the first level that
 * became smaller, or n_levels. False when memory is out; the plan then still holds every row. */
bool hcb__polish(int32_t *first, const hcb_allocator *mem, const hcb__engine_problem *problem, int32_t *bin,
                 int64_t *value, const int64_t *floor);

#endif
