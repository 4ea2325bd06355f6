/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few bins filled at once, by meeting in the middle: the items are dealt into two halves, of each the cheapest ways
 * to place it are listed, and the best pair that fits together is looked up (Horowitz and Sahni 1974, in more
 * dimensions). */
#ifndef HCB_SOLVE_MEET_H
#define HCB_SOLVE_MEET_H

#include "solve/core.h"

enum { HCB__MEET_BINS = 6, HCB__MEET_WEIGHT = 1 << 20 /* no weight may be larger */ };

/* Every item goes to one bin; excess: what a plan costs above each item's least priced value, and the priced room left.
 */
typedef struct hcb__meet_task {
    int32_t n_items, n_bins, most_labels; /* labels of each half */
    const double *value;                  /* [n_items x n_bins] cost plus priced weight; INFINITY: not allowed */
    const int32_t *weight;                /* [n_items x n_bins] */
    const int64_t *room;                  /* [n_bins] */
    const double *price;                  /* [n_bins] > 0 */
    double below;                         /* only plans of less excess count */
    int32_t *bin;                         /* [n_items] the best such plan */
    double excess;                        /* of it; `below` when none was found */
    bool all_listed;                      /* no list was cut short: there is no better plan */
} hcb__meet_task;

typedef struct hcb__meet hcb__meet;

/* What a run works in, for at most so many items and labels; it lives in the arena. NULL: memory is out. */
hcb__meet *hcb__meet_create(hcb__arena *arena, int32_t most_items, int32_t most_labels);

/* Whether a plan was found. */
bool hcb__meet_solve(hcb__meet *m, hcb__meet_task *task, hcb__budget *budget);

#endif
