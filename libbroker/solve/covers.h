/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lifted cover inequalities of rows that join bins: side rows and earlier levels. A bin's own rows need none, since
 * whole sets of the bin hold whatever follows from them. */
#ifndef HCB_SOLVE_COVERS_H
#define HCB_SOLVE_COVERS_H

#include "solve/proof.h"

/* Adds to *cuts those that the fractional plan `share` ([n_choices]) breaks, their arrays in `arena`. False: memory is
 * out. */
bool hcb__covers_find(hcb__cuts *cuts, hcb__arena *arena, const hcb_allocator *mem, const hcb__core *core,
                      const double *share);

/* The core with each cut as one more row, of the kind HCB__REF_CUT; choices keep their numbers. Without goals only. */
bool hcb__core_with_cuts(hcb__core **out, const hcb_allocator *mem, const hcb__core *core, const hcb__cut *cuts,
                         int32_t n_cuts);

#endif
