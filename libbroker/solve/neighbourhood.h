/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few neighbouring bins solved anew: their items and some of those who wait are free, everybody else stays, and
 * branch and price looks for a better plan of what is free. */
#ifndef HCB_SOLVE_NEIGHBOURHOOD_H
#define HCB_SOLVE_NEIGHBOURHOOD_H

#include "base/rng.h"
#include "solve/lp.h"
#include "solve/plan.h"

typedef struct hcb__neighbourhood {
    const hcb__lp_answer *lp; /* of the plan's core */
    const int64_t *frozen;    /* of the earlier levels */
    int32_t items;            /* about so many are free */
    hcb__rng rng;
} hcb__neighbourhood;

/* One neighbourhood; the plan becomes the better one, if one was found. False when memory is out. */
bool hcb__neighbourhood_step(hcb__plan *plan, const hcb_allocator *mem, hcb__neighbourhood *n, hcb__budget *budget);

#endif
