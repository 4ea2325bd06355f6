/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices of rows as whole numbers over a denominator, and what they prove, computed exactly. */
#ifndef HCB_SOLVE_DUAL_H
#define HCB_SOLVE_DUAL_H

#include "solve/core.h"

typedef __int128 hcb__wide;

typedef struct hcb__prices {
    int64_t denominator;
    int64_t *row; /* [n_rows] of the core, >= 0; those of goals add up to the denominator */
} hcb__prices;

/* Rounds row prices to whole numbers over a denominator of at most `most`; price: [n_rows]. */
bool hcb__prices_round(hcb__prices *out, const hcb_allocator *mem, const hcb__core *core, const double *price,
                       int64_t most);
#define HCB__FINEST_DENOMINATOR ((int64_t)1 << 32)
bool hcb__prices_copy(hcb__prices *out, const hcb_allocator *mem, const hcb__core *core, const hcb__prices *from);
void hcb__prices_free(hcb__prices *out, const hcb_allocator *mem);

/* denominator x the Lagrangian value, constant included. */
hcb__wide hcb__dual_value(const hcb__core *core, const hcb__prices *prices);
/* The least whole number not below value / denominator, kept within 64 bits. */
int64_t hcb__dual_ceil(hcb__wide value, int64_t denominator);

/* Marks as not allowed every choice that alone takes the level's bound above `keep`; gives their number. */
int64_t hcb__dual_fix(const hcb__core *core, const hcb__prices *prices, int64_t keep, hcb__allowed *allowed);

#endif
