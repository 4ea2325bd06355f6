/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the LP to a plan: settle the items the LP has made up its mind about, drop what no longer fits, solve the LP of
 * the rest, and again; what is left at the end is rounded. */
#ifndef HCB_SOLVE_DIVE_H
#define HCB_SOLVE_DIVE_H

#include "solve/lp.h"

/* Writes a choice of `core` for every item; *found tells whether every item got one. False: memory is out. */
bool hcb__dive(int32_t *choice, bool *found, const hcb_allocator *mem, const hcb__core *core, const hcb__lp_answer *lp,
               const int64_t *frozen, hcb__budget *budget);

#endif
