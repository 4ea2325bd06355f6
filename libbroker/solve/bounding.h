/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A level's proofs: branch and price, the raised bundle bound, and the certificate of what is known. */
#ifndef HCB_SOLVE_BOUNDING_H
#define HCB_SOLVE_BOUNDING_H

#include "solve/branch.h"
#include "solve/solver.h"

/* The certificate of a level: the tree when there is one, else one leaf. */
bool hcb__certify(hcb__solver *s, hcb__work *w, int32_t j);

/* A tree of branch and price on what the LP's prices leave, from its task on. */
typedef struct hcb__proving {
    hcb__allowed allowed;
    hcb__branch_task task;
    hcb__proof proof;
    hcb__core *core;
    hcb__lp_answer lp;
} hcb__proving;

/* False: memory is out. There may be nothing to search: no choices in the task's core. */
bool hcb__proving_open(hcb__proving *proving, hcb__solver *s, hcb__work *w, int32_t j, int32_t most_nodes,
                       bool to_the_end);
/* The better plan of the two, the tree's and the level's, is both's. */
bool hcb__proving_share(hcb__proving *proving, hcb__solver *s, hcb__work *w);
/* With the tree closed, and its status: what it proved becomes the level's where it is more. Frees all. */
bool hcb__proving_close(hcb__proving *proving, hcb__solver *s, hcb__work *w, hcb_status status);

/* Branch and price for a part of the budget. */
bool hcb__prove(hcb__solver *s, hcb__work *w, int32_t j, int32_t most_nodes, bool to_the_end);

/* One leaf with item prices: the LP's, raised by column generation where there are up to HCB__SWAP_ITEMS items, or in
 * each part that no row joins to the rest. */
bool hcb__raise_bound(hcb__solver *s, hcb__work *w, int32_t j);

#endif
