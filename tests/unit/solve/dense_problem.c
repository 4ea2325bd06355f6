/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dense_problem.h"

#include <string.h>

void dense_fill(dense_problem *d, int32_t items, int32_t bins) {
    memset(d, 0, sizeof *d);
    for (int32_t k = 0; k <= items * bins; k++) {
        d->use_start[k] = k;
        if (k < items * bins)
            d->bin[k] = d->row[k] = k % bins;
    }
    for (int32_t i = 0; i <= items; i++)
        d->pair_start[i] = i * bins;
    for (int32_t i = 0; i < items; i++)
        d->wait[i] = HCB__MUST_PLACE;
    for (int32_t b = 0; b < bins; b++)
        d->row_bin[b] = b;
    d->level = (hcb__engine_level){.pair_cost = d->cost, .wait_cost = d->wait};
    d->p = (hcb__engine_problem){.n_items = items,
                                 .n_bins = bins,
                                 .n_rows = bins,
                                 .n_levels = 1,
                                 .pair_start = d->pair_start,
                                 .pair_bin = d->bin,
                                 .use_start = d->use_start,
                                 .use_row = d->row,
                                 .use_weight = d->weight,
                                 .row_limit = d->limit,
                                 .row_bin = d->row_bin,
                                 .levels = &d->level};
}

void dense_fill_type_d(dense_problem *d, int32_t items, int32_t bins, hcb__rng *rng) {
    int64_t sum[DENSE_ITEMS] = {0};
    dense_fill(d, items, bins);
    for (int32_t k = 0; k < items * bins; k++) {
        d->weight[k] = 1 + hcb__rng_below(rng, 100);
        d->cost[k] = 111 - d->weight[k] + hcb__rng_below(rng, 21) - 10;
        sum[k % bins] += d->weight[k];
    }
    for (int32_t b = 0; b < bins; b++)
        d->limit[b] = sum[b] * 8 / (10 * bins);
}

bool dense_try_all(const dense_problem *d, int64_t *least, int32_t *worst) {
    int32_t at[DENSE_ITEMS] = {0}, n = d->p.n_items, bins = d->p.n_bins, k = 0;
    int64_t most = INT64_MIN;
    *least = INT64_MAX;
    while (k < n) {
        int64_t load[DENSE_ITEMS] = {0}, value = 0;
        bool holds = true;
        for (int32_t i = 0; i < n; i++) {
            load[at[i]] += d->weight[i * bins + at[i]];
            value += d->cost[i * bins + at[i]];
        }
        for (int32_t b = 0; b < bins; b++)
            holds = holds && load[b] <= d->limit[b];
        if (holds && value > most) {
            most = value;
            for (int32_t i = 0; i < n; i++)
                worst[i] = i * bins + at[i];
        }
        *least = holds && value < *least ? value : *least;
        for (k = 0; k < n && ++at[k] == bins; k++)
            at[k] = 0;
    }
    return most > INT64_MIN;
}

int64_t dense_end(hcb__plan *plan, hcb__core *core, const hcb_allocator *mem, int32_t *end) {
    memcpy(end, plan->choice, (size_t)core->n_items * sizeof *end);
    int64_t value = hcb__plan_set(plan, end) ? hcb__plan_value(plan) : INT64_MAX;
    hcb__plan_free(plan, mem);
    hcb__core_free(core);
    return value;
}
