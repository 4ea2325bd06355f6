/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/ascend.h"

#include <math.h>
#include <string.h>

typedef struct ascent {
    const hcb__core *core;
    double *at, *slope, *direction, *scale;
} ascent;

static void scale_rows(const ascent *a) {
    const hcb__core *core = a->core;
    for (int32_t r = 0; r < core->n_rows; r++)
        a->scale[r] = 1;
    for (int32_t u = 0; u < core->use_start[core->n_choices]; u++) {
        double w = fabs((double)core->use_weight[u]);
        if (w > a->scale[core->use_row[u]])
            a->scale[core->use_row[u]] = w;
    }
}

/* The value at the prices; the slope is each row's load, less its limit, under the cheapest choices. */
static double value_at(const ascent *a) {
    const hcb__core *core = a->core;
    double value = (double)core->constant;
    for (int32_t r = 0; r < core->n_rows; r++) {
        a->slope[r] = (double)core->base[r] - (double)core->limit[r];
        value += a->at[r] * a->slope[r];
    }
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t best = core->start[i];
        double least = INFINITY;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            double v = (double)core->cost[c];
            for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
                v += a->at[core->use_row[u]] * (double)core->use_weight[u];
            if (v < least) {
                least = v;
                best = c;
            }
        }
        value += least;
        for (int32_t u = core->use_start[best]; u < core->use_start[best + 1]; u++)
            a->slope[core->use_row[u]] += (double)core->use_weight[u];
    }
    return value;
}

static double ascend(const ascent *a, double *price, double target, double far, int32_t turns, hcb__budget *budget) {
    const hcb__core *core = a->core;
    size_t rows = (size_t)core->n_rows;
    double best = -INFINITY, before = -INFINITY, first = 0, factor = 0.5;
    int32_t stale = 0;
    memcpy(a->at, price, rows * sizeof *price);
    for (int32_t turn = 0; turn < turns && !hcb__budget_over(budget); turn++) {
        if (turn % 8 == 0 && turn > 0) {
            if (best - before < 2e-5 * fabs(best) && (best > first || factor < 1e-3))
                break;
            before = best;
        }
        double value = value_at(a), norm = 0;
        first = turn ? first : value;
        budget->work += core->use_start[core->n_choices] / 300 + 1;
        if (value - first > far * fabs(value - (double)core->constant)) {
            memcpy(price, a->at, rows * sizeof *price);
            return value - first;
        }
        if (value > best) {
            best = value;
            stale = 0;
            memcpy(price, a->at, rows * sizeof *price);
        } else if (++stale >= 3 || best <= first) {
            /* While nothing has risen the steps are far too long: a plan that is far off is a poor target. */
            stale = 0;
            factor *= best <= first ? 0.3 : 0.6;
            memcpy(a->at, price, rows * sizeof *price);
        }
        for (int32_t r = 0; r < core->n_rows; r++) {
            double slope = a->slope[r] / a->scale[r];
            /* What would only push a price of zero further down is no direction. */
            if (a->at[r] <= 0 && slope < 0)
                slope = 0;
            a->direction[r] = turn ? 0.7 * slope + 0.3 * a->direction[r] : slope;
            norm += a->direction[r] * a->direction[r];
        }
        if (norm < 1e-9 || value >= target)
            break;
        double step = factor * (target - value) / norm;
        for (int32_t r = 0; r < core->n_rows; r++) {
            double l = a->at[r] + step * a->direction[r] / a->scale[r];
            a->at[r] = l > 0 ? l : 0;
        }
    }
    return best > first ? best - first : 0;
}

bool hcb__ascend(double *price, double *rise, const hcb_allocator *mem, const hcb__core *core, double target,
                 double far, int32_t turns, hcb__budget *budget) {
    size_t rows = (size_t)core->n_rows + 1;
    double *store = hcb__calloc(mem, 4 * rows, sizeof *store);
    if (!store)
        return false;
    ascent a = {core, store, store + rows, store + 2 * rows, store + 3 * rows};
    scale_rows(&a);
    *rise = ascend(&a, price, target, far, turns, budget);
    hcb__free(mem, store);
    return true;
}
