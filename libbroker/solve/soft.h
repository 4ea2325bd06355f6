/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices of the open bins' rows at which the Lagrangian dual, smoothed, is greatest: each item takes its choices with
 * the probabilities of a temperature (soft minimum), and room left over counts likewise. Newton's method; from nearby
 * prices a few steps do. The smoothed value is lower where more plans are nearly best, so it also tells which of two
 * half-filled problems is likelier to end well. */
#ifndef HCB_SOLVE_SOFT_H
#define HCB_SOLVE_SOFT_H

#include "solve/filling.h"

typedef struct hcb__soft {
    double temperature;
    /* Scratch, [most choices of an item] or [n_bins] or squares of [n_bins]. */
    int32_t *at, *row;
    double *term, *price, *trial, *gradient, *step, *hessian, *factor;
} hcb__soft;

bool hcb__soft_init(hcb__soft *soft, hcb__arena *arena, const hcb__filling *f);

/* Sets price, score (the smoothed value) and value (the plain one) of `s`, from the prices it has. */
void hcb__soft_solve(hcb__soft *soft, const hcb__filling *f, hcb__filled *s, hcb__budget *budget);

#endif
