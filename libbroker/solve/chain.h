/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ejection chains: an item takes the place of another, which takes the place of a third, and so on, until one takes the
 * first one's place, fits somewhere, or waits (Yagiura, Ibaraki and Glover 2004). Limits may be broken at a fine that
 * follows, row by row, how often they are. */
#ifndef HCB_SOLVE_CHAIN_H
#define HCB_SOLVE_CHAIN_H

#include "base/rng.h"
#include "solve/plan.h"

typedef struct hcb__chain_options {
    double hot, cold; /* temperatures, in units of the cost */
    double up, down;  /* what a broken row's fine grows by in a turn, and what the others' fall by */
    int64_t work;     /* of the whole run: the schedule follows it, or what the budget has left where that is less */
    int64_t target;   /* stop when the value is no larger */
    uint64_t seed, stream;
    const double *row_price; /* [n_rows] */
    const double *reduced;   /* [n_choices] reduced costs at these prices */
} hcb__chain_options;

/* Whether the search by chains suits the level: nobody may wait, and it is a sum. */
bool hcb__suits_chains(const hcb__core *core);

/* `plan` is the start, which holds every row, and, on return, the best found that does. False when memory is out. */
bool hcb__chains(hcb__plan *plan, const hcb_allocator *mem, const hcb__chain_options *options, hcb__budget *budget);

#endif
