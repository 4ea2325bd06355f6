/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Better plans by moving units: annealing over flips, swaps and recombinations, then short bursts from the best;
 * several chains from seeds of their own, of which the best is kept. The answer does not depend on the number of
 * threads. */
#ifndef HCB_DESIGN_SEARCH_H
#define HCB_DESIGN_SEARCH_H

#include "design/plan.h"
#include "solve/core.h"

enum { HCB__MAP_CHAINS = 4, HCB__MISSING = -1 };

typedef struct hcb__map_search {
    const hcb__map_problem *problem;
    int32_t level;        /* what is to fall; HCB__MISSING: by how much bounds are missed */
    const int64_t *limit; /* [n_levels] no level may be above; INT64_MAX: none */
    int64_t steps;        /* of each chain */
    uint64_t seed;
    int32_t threads;
    int64_t target;      /* stop at or below it */
    hcb__budget *budget; /* its work counts steps; only its wish to stop and its deadline end a run before its steps */
    /* Whether a plan may be the answer: a rule that only a look at the whole plan decides. Called on the threads of the
     * chains, with their numbers. NULL: all may. */
    bool (*accept)(const int32_t *zone, int32_t chain, void *payload);
    /* Now and then, on the threads of the chains: the best of a chain, and steps done since it last told. NULL: none.
     */
    void (*tell)(int64_t best, int64_t steps, void *payload);
    void *payload;
} hcb__map_search;

/* Improves `zone` [n]; bounds that hold keep holding. False when memory is out. */
bool hcb__map_improve(int32_t *zone, const hcb_allocator *mem, const hcb__map_search *search);

/* A plan from nothing that keeps bounds and fixed units; *found: there is one in `zone` [n]. False when memory is out.
 */
bool hcb__map_seed(int32_t *zone, bool *found, const hcb_allocator *mem, const hcb__map_problem *problem, hcb__rng *rng,
                   int32_t tries);

#endif
