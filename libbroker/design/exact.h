/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best legal map of a small problem, with the proof that there is no better one: units are given to zones one after
 * the other, and what cannot become a legal or a better map is left. */
#ifndef HCB_DESIGN_EXACT_H
#define HCB_DESIGN_EXACT_H

#include "design/plan.h"
#include "solve/core.h"

enum { HCB__MOST_EXACT = 64 }; /* units: sets of them are words */

typedef struct hcb__exact {
    const hcb__map_problem *problem;
    int32_t level;        /* what is to be least; -1: any legal map will do */
    const int64_t *limit; /* [n_levels] no level may be above; INT64_MAX: none */
    int32_t first_new;    /* zones from here on are alike; k: none */
    int64_t most_nodes;
    hcb__budget *budget; /* its work counts nodes / 64; its deadline and wish to stop end the search */
    bool (*accept)(const int32_t *zone, int32_t chain, void *payload); /* as in hcb__map_search; chain 0 */
    void *payload;
} hcb__exact;

typedef struct hcb__exact_answer {
    bool found;    /* `zone` is a better map than what came in (level -1: a legal one) */
    bool complete; /* everything was looked at */
    int64_t value; /* of the level; INT64_MAX: no map */
} hcb__exact_answer;

/* `zone` [n], of value `known` (INT64_MAX: none is known), is replaced by the best map where that is better. Problems
 * of more than HCB__MOST_EXACT units are left alone. False when memory is out. */
bool hcb__map_exact(hcb__exact_answer *out, int32_t *zone, int64_t known, const hcb_allocator *mem,
                    const hcb__exact *what);

#endif
