/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few neighbouring bins solved anew: their items and some of those who wait are free, everybody else stays, and
 * branch and price looks for a better plan of what is free. */
#ifndef HCB_SOLVE_NEIGHBOURHOOD_H
#define HCB_SOLVE_NEIGHBOURHOOD_H

#include "base/rng.h"
#include "solve/lp.h"
#include "solve/plan.h"

/* What a relaxation knows of where a plan loses: at these prices each bin could gain so much. A plan's value is its
 * relaxation's plus what its bins gain less than that, and what those who wait could have paid. */
typedef struct hcb__guide {
    double *worth;     /* [n_items] price of each item; NAN: it has one choice only */
    double *row_price; /* [n_rows] of rows that join bins; 0 for bins' own */
    double *gain;      /* [n_bins] */
} hcb__guide;

bool hcb__guide_init(hcb__guide *guide, const hcb_allocator *mem, const hcb__core *core);
void hcb__guide_free(hcb__guide *guide, const hcb_allocator *mem);

typedef struct hcb__neighbourhood {
    const hcb__lp_answer *lp; /* of the plan's core */
    const int64_t *frozen;    /* of the earlier levels */
    const hcb__guide *guide;  /* or NULL: any place may be as good as another */
    int32_t items;            /* about so many are free */
    hcb__rng rng;
} hcb__neighbourhood;

/* One neighbourhood; the plan becomes the better one, if one was found. False when memory is out. */
bool hcb__neighbourhood_step(hcb__plan *plan, const hcb_allocator *mem, hcb__neighbourhood *n, hcb__budget *budget);

#endif
