/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few bins at a time solved anew as an integer programme: their items and those who wait for them are free, everybody
 * else stays (Danna, Rothberg and Le Pape 2005 call searches of this kind neighbourhoods of a MIP). With many items a
 * bin a bin's waste has too many causes for exchanges of two or three, and too many sets for branch and price. */
#ifndef HCB_SOLVE_REGIONS_H
#define HCB_SOLVE_REGIONS_H

#include "solve/lp.h"
#include "solve/plan.h"

/* Larger ones gain more and take far longer. */
enum { HCB__LEAST_REGION_BINS = 2, HCB__MOST_REGION_BINS = 3 };

typedef struct hcb__region_options {
    const hcb__lp_answer *lp; /* of the plan's core */
    int64_t target;           /* a value that is good enough */
    uint64_t seed, round;
    int32_t bins;           /* of a region, up to HCB__MOST_REGION_BINS */
    uint64_t share, shares; /* bins and waiting items are dealt out: these searches never touch the same one */
    int64_t work;           /* about as much; 0: no such search */
} hcb__region_options;

/* Levels that are sums, of more items than branch and price is for, that neither chains nor filling suit. */
bool hcb__suits_regions(const hcb__core *core);

/* `plan` holds every row before and after. False when memory is out. */
bool hcb__regions(hcb__plan *plan, const hcb_allocator *mem, const hcb__region_options *options, hcb__budget *budget);

#endif
