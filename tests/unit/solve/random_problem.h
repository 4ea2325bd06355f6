/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small random problems with every kind of row, and the truth about them by trying everything. */
#ifndef HCB_TESTS_RANDOM_PROBLEM_H
#define HCB_TESTS_RANDOM_PROBLEM_H

#include "base/rng.h"
#include "solve/engine.h"

enum { RP_ITEMS = 8, RP_BINS = 4, RP_ROWS = 16, RP_LEVELS = 3, RP_TERMS = 4, RP_PAIRS = 32 };

typedef struct random_problem {
    hcb__engine_problem p;
    hcb__engine_level level[RP_LEVELS];
    int64_t pair_start[RP_ITEMS + 1], use_start[RP_PAIRS + 1], term_use_start[RP_PAIRS + 1];
    int32_t pair_bin[RP_PAIRS], use_row[RP_PAIRS * RP_ROWS], term_use_term[RP_PAIRS * RP_TERMS];
    int64_t use_weight[RP_PAIRS * RP_ROWS], term_use_weight[RP_PAIRS * RP_TERMS];
    int64_t row_limit[RP_ROWS], term_constant[RP_TERMS];
    int32_t row_bin[RP_ROWS];
    int64_t pair_cost[RP_LEVELS][RP_PAIRS], wait_cost[RP_LEVELS][RP_ITEMS];
} random_problem;

void random_problem_make(random_problem *out, uint64_t seed);

/* Makes costs, weights of rows and weights of terms so many bits larger, with other low bits: still within the engine's
 * limits up to 50 bits. */
void random_problem_enlarge(random_problem *problem, uint64_t seed, int32_t cost, int32_t weight, int32_t term);

/* The least value of `level` over all plans that hold the rows and frozen[0 .. level); false when there is no plan. */
bool random_problem_best(const random_problem *problem, int32_t level, const int64_t *frozen, int64_t *best);

#endif
