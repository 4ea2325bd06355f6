/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins filled one after another: each takes the set that loses least by today's prices, the prices follow, and a beam
 * of half-filled problems goes on, the best first; the last few bins are filled at once by meeting in the middle. What
 * a bin loses falls with the number of bins still open, so what cannot be made to fit is left to where a search is
 * exact. */
#ifndef HCB_SOLVE_FILL_H
#define HCB_SOLVE_FILL_H

#include "solve/plan.h"

typedef struct hcb__fill_options {
    double temperature; /* of the prices, in units of the cost */
    double reach;       /* reduced cost up to which choices count */
    double noise;       /* added to what an item loses elsewhere */
    int32_t width;      /* of the beam */
    int64_t target;     /* stop when the value is no larger */
    uint64_t seed, stream;
    const double *row_price; /* [n_rows] */
    const double *reduced;   /* [n_choices] reduced costs at these prices */
} hcb__fill_options;

/* Whether filling suits the level: nobody may wait, and each bin has one row, which is all its choices use. */
bool hcb__suits_filling(const hcb__core *core);

/* `plan` is a start, which holds every row, and on return the best found that does. False when memory is out. */
bool hcb__fill(hcb__plan *plan, const hcb_allocator *mem, const hcb__fill_options *options, hcb__budget *budget);

#endif
