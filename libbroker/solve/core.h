/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One level's problem as the searches and bounds see it: every item takes exactly one of its choices (a bin, or
 * waiting), every row holds. Earlier levels are rows here, and so are the terms of a level of the kind MAX. */
#ifndef HCB_SOLVE_CORE_H
#define HCB_SOLVE_CORE_H

#include "base/clock.h"
#include "solve/engine.h"

/* What a row of the core stands for. */
enum {
    HCB__REF_ROW = 0,   /* a row of the problem */
    HCB__REF_LEVEL = 1, /* an earlier level at its frozen value */
    HCB__REF_TERM = 2,  /* a term of an earlier level of the kind MAX, at that level's frozen value */
    HCB__REF_CUT = 4,   /* a cut of the level's proof, by its number there */
    HCB__REF_GOAL = 3   /* a term of this level, of the kind MAX: no limit, its load (constant included) counts */
};

typedef struct hcb__core {
    hcb__arena arena;
    const hcb__engine_problem *problem;
    int32_t level; /* -1: place everybody who must be placed */
    int32_t n_items, n_bins, n_rows, n_choices;
    int32_t first_goal; /* rows from here on are of the kind GOAL; n_rows when the level is a sum */
    int32_t *start;     /* [n_items + 1] */
    int32_t *bin;       /* [n_choices], HCB__WAITS last within its item */
    int32_t *item;      /* [n_choices] */
    int64_t *cost;      /* [n_choices]; zeros for a level of the kind MAX */
    int32_t *pair;      /* [n_choices]: pair of the problem, or -1 for waiting */
    int32_t *use_start; /* [n_choices + 1] */
    int32_t *use_row;
    int64_t *use_weight;
    int64_t *limit;                /* [n_rows]; INT64_MAX for goals */
    int64_t *base;                 /* [n_rows]: load before any choice (constants of terms and levels) */
    int32_t *row_bin;              /* [n_rows]: bin of a bin row, else -1 */
    int32_t *ref_kind, *ref_index; /* [n_rows] */
    int32_t *movable;              /* items with more than one choice */
    int32_t n_movable;
    int32_t *bin_cap_start; /* [n_bins + 1]: prefix sums of the number of choices in each bin */
    int64_t constant;
} hcb__core;

/* Which choices are still allowed: by pair, then (from n_pairs on) waiting by item. */
typedef struct hcb__allowed {
    uint8_t *at;
    int64_t n_pairs;
} hcb__allowed;

/* frozen: [level] values kept of the earlier levels. False: memory is out. */
bool hcb__core_build(hcb__core **out, const hcb_allocator *mem, const hcb__engine_problem *problem, int32_t level,
                     const hcb__allowed *allowed, const int64_t *frozen);
void hcb__core_free(hcb__core *core);

/* The choice of `item` in `bin` (or HCB__WAITS); -1 when it has none. */
int32_t hcb__core_find(const hcb__core *core, int32_t item, int32_t bin);

/* The budget of a solve: one deadline, deterministic work, and the wish to stop; and what solves its LPs. */
typedef struct hcb__budget {
    hcb__deadline deadline;
    int64_t work_limit; /* 0: none */
    int64_t work;
    const hcb__worker *worker;
    const struct hcb__backend *backend; /* NULL: the first built in */
} hcb__budget;

static inline bool hcb__budget_interrupted(const hcb__budget *b) {
    return hcb__worker_stopping(b->worker) || hcb__deadline_passed(b->deadline);
}
static inline bool hcb__budget_worked_out(const hcb__budget *b) {
    return b->work_limit > 0 && b->work >= b->work_limit;
}
static inline bool hcb__budget_over(const hcb__budget *b) {
    return hcb__budget_worked_out(b) || hcb__budget_interrupted(b);
}

#endif
