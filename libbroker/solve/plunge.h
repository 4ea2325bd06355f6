/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a node of branch and price down to a plan: many items are settled at once, columns generated anew, and again.
 * The tree's own way down, an item a node, costs several times the work for a plan as good. */
#ifndef HCB_SOLVE_PLUNGE_H
#define HCB_SOLVE_PLUNGE_H

#include "solve/lp.h"
#include "solve/master.h"
#include "solve/plan.h"

/* A whole plan near master->share, improved by small steps. choice: [n_items]; view: x and reduced of [n_choices] each,
 * both for its own use. False: none was found, or memory is out. */
bool hcb__plan_near(hcb__plan *plan, int32_t *choice, hcb__lp_answer *view, const hcb__master *master);

/* Called after each step, with master->share. */
typedef void (*hcb__plunge_fn)(void *payload);

/* Goes down until all is settled, the bound reaches `cutoff`, or the budget is over; after hcb__master_node, whose
 * point, share and open choices are then there again (columns: from hcb__master_reopen on). A step settles all shares
 * from `whole` on: the less, the sooner it is at the end. False: memory is out. */
bool hcb__plunge(hcb__master *master, int64_t cutoff, double whole, hcb__plunge_fn on_step, void *payload);

#endif
