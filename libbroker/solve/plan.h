/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan of a core with the loads of its rows, and steps that are taken only when every row holds afterwards. */
#ifndef HCB_SOLVE_PLAN_H
#define HCB_SOLVE_PLAN_H

#include "solve/core.h"

typedef struct hcb__plan {
    const hcb__core *core;
    int32_t *choice;                       /* [n_items] */
    int64_t *load;                         /* [n_rows] */
    int64_t cost;                          /* sum of the costs */
    int64_t top;                           /* largest load of the goals (levels of the kind MAX) */
    int32_t *bin_item, *bin_count, *place; /* items of each bin: bin_item[bin_cap_start[b] + 0 .. bin_count[b]) */
} hcb__plan;

bool hcb__plan_init(hcb__plan *plan, const hcb_allocator *mem, const hcb__core *core);
void hcb__plan_free(hcb__plan *plan, const hcb_allocator *mem);
/* Takes over a plan given as choices; true when every row holds. */
bool hcb__plan_set(hcb__plan *plan, const int32_t *choice);

static inline int64_t hcb__plan_value(const hcb__plan *plan) {
    const hcb__core *core = plan->core;
    return core->constant + (core->first_goal < core->n_rows ? plan->top : plan->cost);
}

/* Moves n <= 4 different items to new choices when every row holds afterwards and the value grows by at most `most`.
 * True when the step was taken. */
bool hcb__plan_try(hcb__plan *plan, int32_t n, const int32_t *item, const int32_t *choice, int64_t most);

/* Moves n different items to new choices, whether the rows then hold or not. */
void hcb__plan_put(hcb__plan *plan, int32_t n, const int32_t *item, const int32_t *choice);

/* Steps of one item, and exchanges of two, while they make the value smaller. */
void hcb__plan_descend(hcb__plan *plan, hcb__budget *budget);

#endif
