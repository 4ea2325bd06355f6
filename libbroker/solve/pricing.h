/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best set of items of one bin within the bin's rows: a short search, depth first, bounded by the fractional
 * solution of one surrogate row; where that does not settle it, labels (label.h). */
#ifndef HCB_SOLVE_PRICING_H
#define HCB_SOLVE_PRICING_H

#include "solve/core.h"
#include "solve/label.h"

/* What a bin's search needs of the core, gathered once. Items with a single choice are not searched over: those fixed
 * in the bin use up its room. */
typedef struct hcb__pricing {
    const hcb__core *core;
    hcb__arena arena;
    int32_t *bin_start;     /* [n_bins + 1] */
    int32_t *choice, *item; /* choices of movable items, bin by bin */
    int32_t *row_start;     /* [n_bins + 1] rows of each bin that can bind */
    int32_t *row;
    int64_t *room;         /* of row_start's order */
    int32_t *weight_start; /* [bins' choices + 1]: weights by place of the row within the bin, zeros included */
    int64_t *weight;
    double *factor; /* of row_start's order: surrogate, kept from call to call */
    /* Scratch, of the largest bin. */
    int32_t *order, *chosen, *best;
    int64_t *gain, *load, *prefix_gain;
    double *worth, *surrogate, *prefix_weight, *use;
    hcb__label_room labels;
    hcb__label_item *labelled;
    int64_t nodes; /* searched so far, for the budget */
} hcb__pricing;

bool hcb__pricing_init(hcb__pricing *pricing, const hcb_allocator *mem, const hcb__core *core);
void hcb__pricing_free(hcb__pricing *pricing);

/* What a unit of each row (of the core) is worth, to begin the searches with: near an LP's prices no bin's best set is
 * then bounded by more than the LP has there. */
void hcb__pricing_weigh_rows(hcb__pricing *pricing, const double *row_price);

/* The most that a set of `bin` can gain, where the bin's k-th choice gains gain[k] (of bin_start's order; not positive:
 * never taken). A set that gains at least *found >= 0 goes to set[0 .. *n), as choices. Past `most_nodes` the value
 * returned is still never too small, but *found may be smaller. */
int64_t hcb__pricing_best(hcb__pricing *pricing, int32_t bin, const int64_t *gain, int64_t most_nodes, int64_t *found,
                          int32_t *set, int32_t *n);

#endif
