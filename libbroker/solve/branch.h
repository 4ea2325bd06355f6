/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Branch and price: a tree over "this item takes this choice, or not", each node bounded by column generation. */
#ifndef HCB_SOLVE_BRANCH_H
#define HCB_SOLVE_BRANCH_H

#include "solve/lp.h"
#include "solve/neighbourhood.h"
#include "solve/proof.h"

typedef struct hcb__branch_task {
    const hcb__core *core;    /* choices that cannot be in a better plan are left out already */
    const hcb__lp_answer *lp; /* of the core, or NULL: start from the costs */
    bool settles;             /* few items can leave their places: the others are settled (settled.h) */
    const hcb__guide *guide;  /* prices to begin with where they are known, or NULL */
    int32_t *choice;          /* [n_items] the best plan found, set when `found` */
    int64_t value;            /* in: plans must be better than this; out: of the best plan known */
    bool found;
    int64_t least; /* known: no plan is worth less */
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

/* A tree that grows for a while, and again. It is opened, grown and closed on one thread, and no other model of that
 * thread is closed in between: a back end may forget all of a thread's models with one. */
typedef struct hcb__tree hcb__tree;

/* The root, and plunges from it. budget: of the whole tree, which counts its work there; it and the task live until
 * the tree is closed. *out is NULL when memory is out or the solver failed at once. */
hcb_status hcb__tree_open(hcb__tree **out, hcb__branch_task *task, const hcb_allocator *mem, hcb__budget *budget);
/* More branches until `until` (whose work is the tree's) or the tree's own budget is over. The task's value may have
 * become smaller since. False: there is nothing left to search. */
bool hcb__tree_grow(hcb__tree *tree, const hcb__budget *until);
/* What closing it now would prove. */
int64_t hcb__tree_bound(const hcb__tree *tree);
/* What the root's prices say of plans; guide: of a core of the same items, bins and rows. After hcb__tree_open. */
void hcb__tree_guide(hcb__tree *tree, hcb__guide *guide);
/* Leaves what was not searched, and frees the tree. HCB_OK, HCB_ENOMEM or HCB_ESOLVER; after a failure the task's bound
 * is only what was proved before. */
hcb_status hcb__tree_close(hcb__tree *tree);

/* All of it at once. */
hcb_status hcb__branch(hcb__branch_task *task, const hcb_allocator *mem, hcb__budget *budget);

#endif
