/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small classical problems: every item may go to every bin, none waits, a row a bin. */
#ifndef HCB_TEST_DENSE_PROBLEM_H
#define HCB_TEST_DENSE_PROBLEM_H

#include "base/rng.h"
#include "solve/engine.h"
#include "solve/plan.h"

enum { DENSE_ITEMS = 16, DENSE_PAIRS = DENSE_ITEMS * DENSE_ITEMS };

typedef struct dense_problem {
    hcb__engine_problem p;
    hcb__engine_level level;
    int64_t pair_start[DENSE_ITEMS + 1], use_start[DENSE_PAIRS + 1], weight[DENSE_PAIRS], cost[DENSE_PAIRS];
    int64_t wait[DENSE_ITEMS], limit[DENSE_ITEMS];
    int32_t bin[DENSE_PAIRS], row[DENSE_PAIRS], row_bin[DENSE_ITEMS];
} dense_problem;

/* Costs and weights are the caller's. */
void dense_fill(dense_problem *d, int32_t items, int32_t bins);

/* Type D: what weighs more costs less; rooms are eight tenths of the mean load. */
void dense_fill_type_d(dense_problem *d, int32_t items, int32_t bins, hcb__rng *rng);

/* All plans: the least value, and the choices of the plan of the largest. False when there is no plan. */
bool dense_try_all(const dense_problem *d, int64_t *least, int32_t *worst);

/* A search is over: the plan's choices, and its value made anew from them, INT64_MAX when they break a row. Frees both.
 */
int64_t dense_end(hcb__plan *plan, hcb__core *core, const hcb_allocator *mem, int32_t *end);

#endif
