/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices of rows moved a little by a subgradient method: cheaper than an LP where good prices are known for a problem
 * much like the one at hand. */
#ifndef HCB_SOLVE_ASCEND_H
#define HCB_SOLVE_ASCEND_H

#include "solve/core.h"

/* Raises the Lagrangian value at price ([n_rows], >= 0) and leaves the best prices found there, and in *rise by how
 * much; `target`: a value that is not passed; `far`: the share of the value by which it rises at most: more is not
 * looked for, since something better than steps is due then. False when memory is out. Only for levels that are sums.
 */
bool hcb__ascend(double *price, double *rise, const hcb_allocator *mem, const hcb__core *core, double target,
                 double far, int32_t turns, hcb__budget *budget);

#endif
