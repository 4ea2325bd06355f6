/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds of independent searches, with the same outcome on any number of threads. */
#ifndef HCB_SOLVE_STREAMS_H
#define HCB_SOLVE_STREAMS_H

#include "solve/anneal.h"
#include "solve/chain.h"
#include "solve/fill.h"
#include "solve/regions.h"
#include "solve/solver.h"

/* One round: every stream from the plan at hand. By regions where they have work to do, and what both changed is kept;
 * else the best plan (the first among equals), by filling where it has a width, by chains where they have work to do,
 * by annealing. */
bool hcb__streams_round(hcb__solver *s, hcb__work *w, const hcb__anneal_options *options,
                        const hcb__chain_options *chains, const hcb__fill_options *fill,
                        const hcb__region_options *regions, int32_t round);

#endif
