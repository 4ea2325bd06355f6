/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds of independent searches, with the same outcome on any number of threads. */
#ifndef HCB_SOLVE_STREAMS_H
#define HCB_SOLVE_STREAMS_H

#include "solve/anneal.h"
#include "solve/chain.h"
#include "solve/fill.h"
#include "solve/regions.h"
#include "solve/solver.h"

/* One round: every stream from the plan at hand, the best of them (the first among equals) kept. By filling where it
 * has a width, else by chains where they have work to do, else by annealing. */
bool hcb__streams_round(hcb__solver *s, hcb__work *w, const hcb__anneal_options *options,
                        const hcb__chain_options *chains, const hcb__fill_options *fill,
                        const hcb__region_options *regions, int32_t round);

#endif
