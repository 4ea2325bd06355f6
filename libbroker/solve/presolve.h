/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices that no plan can take, left out before the first level. */
#ifndef HCB_SOLVE_PRESOLVE_H
#define HCB_SOLVE_PRESOLVE_H

#include "solve/solver.h"

/* Pairs that alone pass the limit of a row of their bin are never taken. */
void hcb__presolve_bins(hcb__solver *s);

/* All side rows in turn; false when memory is out. Where an item must be placed nothing is done: its waiting is no
 * choice, which the rows do not know. */
bool hcb__presolve_rows(hcb__solver *s);

/* Dominance: a pair of an item is left out where another one of it costs no more at any level and loads nothing that
 * can bind, so that exchanging them breaks no row. What the item has in the plan at hand stays. False when memory is
 * out. */
bool hcb__presolve_dominated(hcb__solver *s);

#endif
