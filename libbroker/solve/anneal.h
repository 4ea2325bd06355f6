/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annealing with steps of one item, exchanges and chains of three, from a plan that holds every row. */
#ifndef HCB_SOLVE_ANNEAL_H
#define HCB_SOLVE_ANNEAL_H

#include "base/rng.h"
#include "solve/plan.h"

typedef struct hcb__anneal_options {
    double hot, cold;  /* temperatures, in units of the cost */
    int64_t proposals; /* of the whole run: the schedule follows them, never a clock */
    int64_t target;    /* stop when the value is no larger */
    uint64_t seed, stream;
    int64_t soft;            /* proposals before them with limits that may be broken at a fine */
    double strict;           /* how many times larger the fines are at the end */
    const double *row_price; /* [n_rows], or NULL */
    const double *reduced;   /* [n_choices] reduced costs that order the candidates; NULL: the costs */
} hcb__anneal_options;

/* `plan` is the start and, on return, the best found. False when memory is out (the plan is then still one that holds).
 */
bool hcb__anneal(hcb__plan *plan, const hcb_allocator *mem, const hcb__anneal_options *options, hcb__budget *budget);

/* A temperature at which a typical item wavers between its two best choices. */
double hcb__anneal_scale(const hcb__core *core, const double *reduced);

#endif
