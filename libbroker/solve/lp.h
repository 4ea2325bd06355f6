/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The LP relaxation of a core by an interior point method (Mehrotra's predictor-corrector) whose normal equations are
 * of the order of the rows that can bind: the equations "one choice an item" are eliminated item by item. */
#ifndef HCB_SOLVE_LP_H
#define HCB_SOLVE_LP_H

#include "solve/core.h"

typedef struct hcb__lp_answer {
    double *row_price; /* [n_rows] >= 0; of goals they add up to 1 */
    double *reduced;   /* [n_choices] cost plus priced weights, less the least of the item; >= 0 */
    double *x;         /* [n_choices] the fractional plan, nearly optimal */
    double value;      /* of the Lagrangian at row_price, constant excluded */
    int32_t iterations;
} hcb__lp_answer;

/* False when memory is out. An interrupted or numerically stuck run leaves the best prices it had (zeros at worst):
 * every set of prices gives a valid bound once it is evaluated exactly. */
bool hcb__lp_solve(hcb__lp_answer *out, const hcb_allocator *mem, const hcb__core *core, hcb__budget *budget);
/* The same from prices that are known ([n_rows]): the values they give, and no plan (x is zero). */
bool hcb__lp_priced(hcb__lp_answer *out, const hcb_allocator *mem, const hcb__core *core, const double *row_price);
void hcb__lp_free(hcb__lp_answer *out, const hcb_allocator *mem);

#endif
