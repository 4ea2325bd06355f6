/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/round.h"

#include <stdlib.h>
#include <string.h>

typedef struct share {
    double x;
    int32_t item, choice;
} share;

static int by_share(const void *a, const void *b) {
    const share *s = a, *t = b;
    if (s->x != t->x)
        return s->x > t->x ? -1 : 1;
    return s->item < t->item ? -1 : s->item > t->item;
}

static bool fits(const hcb__core *core, const int64_t *load, int32_t c) {
    for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
        if (core->use_weight[u] > 0 && load[core->use_row[u]] + core->use_weight[u] > core->limit[core->use_row[u]])
            return false;
    return true;
}

static void take(const hcb__core *core, int64_t *load, int32_t *choice, int32_t item, int32_t c) {
    choice[item] = c;
    for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
        load[core->use_row[u]] += core->use_weight[u];
}

/* The rest: the choice of least reduced cost that fits. */
static int32_t least_that_fits(const hcb__core *core, const int64_t *load, const double *reduced, int32_t item) {
    int32_t found = -1;
    for (int32_t c = core->start[item]; c < core->start[item + 1]; c++)
        if ((found < 0 || reduced[c] < reduced[found]) && fits(core, load, c))
            found = c;
    return found;
}

bool hcb__round(int32_t *choice, const hcb_allocator *mem, const hcb__core *core, const hcb__lp_answer *lp) {
    int64_t *load = hcb__calloc(mem, (size_t)core->n_rows + 1, sizeof *load);
    share *shares = hcb__calloc(mem, (size_t)core->n_items + 1, sizeof *shares);
    bool ok = load && shares;
    if (ok)
        memcpy(load, core->base, (size_t)core->n_rows * sizeof *load);
    for (int32_t i = 0; ok && i < core->n_items; i++) {
        share s = {lp->x[core->start[i]], i, core->start[i]};
        for (int32_t c = core->start[i] + 1; c < core->start[i + 1]; c++)
            if (lp->x[c] > s.x) {
                s.x = lp->x[c];
                s.choice = c;
            }
        shares[i] = s;
    }
    if (ok)
        qsort(shares, (size_t)core->n_items, sizeof *shares, by_share);
    for (int32_t k = 0; ok && k < core->n_items; k++) {
        int32_t c = shares[k].choice, i = shares[k].item;
        if (shares[k].x < 0.5 || !fits(core, load, c))
            c = least_that_fits(core, load, lp->reduced, i);
        ok = c >= 0;
        if (ok)
            take(core, load, choice, i, c);
    }
    hcb__free(mem, load);
    hcb__free(mem, shares);
    return ok;
}
