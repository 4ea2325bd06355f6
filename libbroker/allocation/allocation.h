/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An allocation: the problem it answers, the plan, and what is known of each level. */
#ifndef HCB_ALLOCATION_ALLOCATION_H
#define HCB_ALLOCATION_ALLOCATION_H

#include "allocation/problem.h"
#include "hcbroker/allocation.h"
#include "model/handle.h"

/* What the packages of a run come to under a plan. */
typedef struct hcb__totals {
    int64_t placed, waiting, moved, minutes_placed, minutes_waiting, pence, seconds;
} hcb__totals;

/* Another plan for the same problem, to compare with: the sequential one. */
typedef struct hcb__baseline {
    int64_t *values; /* [levels] */
    hcb__totals totals;
} hcb__baseline;

struct hcb_allocation {
    hcb_allocator mem;
    hcb_workspace *workspace;
    hcb__alloc_problem *problem;
    hcb__engine_answer *answer; /* NULL: sequential */
    hcb_allocation_options options;
    char *policy_name;       /* NULL: the workspace's policy */
    const int32_t *bin;      /* [n_items]: provider or HCB__WAITS */
    int32_t *own_bin;        /* sequential: the same array, owned */
    int64_t *values;         /* [levels] */
    int64_t *best, *frozen;  /* [levels] */
    char **details;          /* [n_items]: why it waits; NULL when placed */
    uint8_t *reasons;        /* [n_items]: hcb__reason */
    hcb__baseline *baseline; /* in the problem's arena; NULL: not asked for */
    hcb_allocation_summary summary;
    hcb_allocation_arrays arrays; /* in the problem's arena; of public allocations alone */
};

typedef enum hcb__reason { HCB__PLACED, HCB__BY_RULE, HCB__BY_CAPACITY, HCB__BY_TRADE } hcb__reason;
extern const char *const hcb__reason_words[4];

/* The engine on a thread of ours, with the options of an allocation; `began` is the time when the call began. */
HCB_NODISCARD hcb_status hcb__run_engine(hcb__engine_answer **out, hcb_context *ctx, const hcb_allocator *mem,
                                         const hcb__engine_problem *problem, const hcb_allocation_options *options,
                                         double began);
/* hcb_allocation_solve within a call; the engine begins with the plan `start` ([n_items], every row holds) unless it is
 * NULL. */
HCB_NODISCARD hcb_status hcb__allocation_solve(hcb_allocation **out, hcb_context *ctx, const hcb_workspace *workspace,
                                               const hcb_allocation_options *options, const int32_t *start);

void hcb__plan_totals(hcb__totals *out, const hcb__alloc_problem *problem, const int32_t *bin);
/* Values of all levels of a plan. False when a sum passes 64 bits. */
bool hcb__plan_values(const hcb__engine_problem *engine, const int32_t *bin, int64_t *values);
/* value + tolerance of a level. False when it passes 64 bits. */
bool hcb__plan_frozen(const hcb__engine_level *level, int64_t value, int64_t *frozen);
/* What every row carries: the sums of the weights in use. */
void hcb__plan_loads(const hcb__engine_problem *engine, const int32_t *bin, int64_t *loads);
/* Whether an item that waits may be added at a pair: every row still holds. */
bool hcb__plan_fits(const hcb__engine_problem *engine, const int64_t *loads, int64_t pair);
void hcb__plan_add(const hcb__engine_problem *engine, int64_t *loads, int64_t pair);

/* Checks every bound against its certificate, and lowers the one that is not proved. */
HCB_NODISCARD hcb_status hcb__confirm_bounds(hcb_allocation *allocation, hcb_context *ctx);

/* What a desk without a solver does: packages in order of priority and date, each to the first in its ranking with
 * room. */
HCB_NODISCARD hcb_status hcb__sequential(int32_t *bin, hcb_context *ctx, const hcb__alloc_problem *problem);

/* The place in the policy of the rule that hcb__eligible names; -1: the pin, which comes first. */
int32_t hcb__rule_order(const hcb__policy *policy, int32_t kind, const char *code);

/* The columns of hcb_allocation_get_arrays. */
HCB_NODISCARD hcb_status hcb__allocation_columns(hcb_allocation *allocation, hcb_context *ctx);

/* Why each waiting package waits (docs/formats.md, waiting.csv). */
HCB_NODISCARD hcb_status hcb__waiting_reasons(hcb_allocation *allocation, hcb_context *ctx);

#endif
