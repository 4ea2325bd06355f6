/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Column generation (Dantzig-Wolfe): the LP over bins' whole sets, whose duals drive the bundle bound to its best. */
#ifndef HCB_SOLVE_MASTER_H
#define HCB_SOLVE_MASTER_H

#include "solve/backend.h"
#include "solve/bundle.h"

typedef struct hcb__master {
    hcb__bundle *bundle;
    hcb__model model;
    int32_t *item_row; /* [n_items] row of a movable item, or -1 */
    int32_t first_bin_row, first_side_row;
    int64_t set_nodes;             /* of each bin's search; hcb__master_init sets a default */
    int32_t most_rounds;           /* of column generation at a node; 0: the default */
    double cost_scale, artificial; /* artificial: scaled cost of leaving an item out */
    /* Columns in the order of the model: first the waiting and artificial ones, then sets. */
    HCB__VEC(int32_t) column_start; /* of n_columns + 1: choices of a column */
    HCB__VEC(int32_t) column_choice;
    HCB__VEC(int32_t) column_bin; /* HCB__WAITS: one choice that waits; -2: artificial; -3: the goal's value */
    HCB__VEC(uint8_t) column_open;
    uint64_t *seen; /* hashes of the sets added */
    size_t seen_size, seen_count;
    double *dual, *x;
    size_t x_cap;
    double *item_price, *row_price;           /* the LP's */
    double *best_item_price, *best_row_price; /* of the best bound */
    double *try_item_price, *try_row_price;
    double *share;     /* [n_choices] the fractional plan */
    hcb_status status; /* first failure of the solver or of memory */
} hcb__master;

bool hcb__master_init(hcb__master *master, hcb__bundle *bundle);
void hcb__master_free(hcb__master *master);

/* Adds the set as a column unless it is empty. choices: of one bin. */
void hcb__master_add_set(hcb__master *master, int32_t bin, const int32_t *choices, int32_t n);
/* Adds the sets of another master of the same choices. */
void hcb__master_take_sets(hcb__master *master, const hcb__master *from);
/* Opens and closes columns by bundle->open. */
void hcb__master_reopen(hcb__master *master);

enum { HCB__NODE_PRUNED = 0, HCB__NODE_SOLVED = 1, HCB__NODE_STOPPED = 2 };
/* Best bound of the node: into bundle's point. PRUNED: it is at least `cutoff`. SOLVED: share holds the LP's plan.
 * best_item_price/best_row_price are the start, which is known to prove `known`, and become the best point. */
int32_t hcb__master_node(hcb__master *master, int64_t cutoff, hcb__wide known);

/* Looks for a whole plan among the columns, after hcb__master_node, in a tree of the back end's that ends after
 * most_nodes nodes; true when one was found, as a choice for each item. */
bool hcb__master_integer(hcb__master *master, int32_t most_nodes, int32_t *choice);

#endif
