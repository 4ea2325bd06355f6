/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What filling bins one after another works on: a level with one row a bin, and what is settled of it so far. */
#ifndef HCB_SOLVE_FILLING_H
#define HCB_SOLVE_FILLING_H

#include "solve/core.h"

/* An item looks at its choices in open bins up to `reach` of reduced cost, and at this many however dear they are. */
enum { HCB__FILLING_LEAST = 3 };

/* Choices of each item by reduced cost, cheapest first; start is that of the core. */
typedef struct hcb__filling {
    const hcb__core *core;
    int32_t *choice, *bin;         /* [n_choices] */
    double *cost, *weight, *price; /* [n_choices]; price: the reduced cost they are sorted by */
    double *room;                  /* [n_bins] limit of the bin's row, less its base */
    int32_t *row;                  /* [n_bins]; -1: the bin has none */
    int32_t most;                  /* choices of an item */
    double reach;
} hcb__filling;

/* Some bins are filled and closed; their items are settled. */
typedef struct hcb__filled {
    int32_t *choice; /* [n_items]: of the core; -1: open */
    int32_t *open;   /* [n_open] bins */
    int32_t *place;  /* [n_bins] where in `open`; -1: closed */
    double *price;   /* [n_bins] of the open bins' rows, > 0 */
    int32_t n_open;
    double value; /* a lower bound of all that it can become (constant left out) */
    double score; /* less is better */
    uint64_t mark;
} hcb__filled;

/* Positions of the item's choices that count, into `at`; their number. */
static inline int32_t hcb__filling_choices(const hcb__filling *f, const hcb__filled *s, int32_t item, int32_t *at) {
    int32_t n = 0;
    for (int32_t k = f->core->start[item]; k < f->core->start[item + 1]; k++) {
        if (n >= HCB__FILLING_LEAST && f->price[k] > f->reach)
            break;
        if (s->place[f->bin[k]] >= 0)
            at[n++] = k;
    }
    return n;
}

#endif
