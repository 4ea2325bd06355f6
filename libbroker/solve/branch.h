/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Branch and price: a tree over "this item takes this choice, or not", each node bounded by column generation. */
#ifndef HCB_SOLVE_BRANCH_H
#define HCB_SOLVE_BRANCH_H

#include "solve/lp.h"
#include "solve/proof.h"

typedef struct hcb__branch_task {
    const hcb__core *core;    /* choices that cannot be in a better plan are left out already */
    const hcb__lp_answer *lp; /* of the core, or NULL: start from the costs */
    int32_t *choice;          /* [n_items] the best plan found, set when `found` */
    int64_t value;            /* in: plans must be better than this; out: of the best plan known */
    bool found;
    int64_t slack; /* nodes within it of the best value are closed */
    int32_t most_nodes;
    uint64_t seed;
    int64_t bound; /* out */
    bool stopped;  /* the tree was not finished */
    /* Gets the tree, from its next node on; multipliers over its denominator, which is at most the core's: that of a
     * core with more choices may be smaller. */
    hcb__proof *proof;
} hcb__branch_task;

/* The denominator that the tree's multipliers will have. */
int64_t hcb__branch_denominator(const hcb__core *core);

/* HCB_OK, HCB_ENOMEM or HCB_ESOLVER; after a failure bound is only what was proved before. */
hcb_status hcb__branch(hcb__branch_task *task, const hcb_allocator *mem, hcb__budget *budget);

#endif
