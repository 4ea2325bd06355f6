/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/dual.h"

#include <math.h>
#include <string.h>

/* Prices times the denominator stay below 2^58 and costs times it below 2^61, so that sums of a few fit 64 bits and
 * sums of all fit 128. */
static int64_t pick_denominator(const hcb__core *core, const double *price, int64_t most) {
    double price_most = 1, cost_most = 1;
    for (int32_t r = 0; r < core->n_rows; r++)
        price_most = fmax(price_most, price[r]);
    for (int32_t c = 0; c < core->n_choices; c++)
        cost_most = fmax(cost_most, fabs((double)core->cost[c]));
    int64_t d = most;
    while (d > 1 && (price_most * (double)d > 0x1p58 || cost_most * (double)d > 0x1p60))
        d >>= 1;
    return d;
}

bool hcb__prices_round(hcb__prices *out, const hcb_allocator *mem, const hcb__core *core, const double *price,
                       int64_t most) {
    out->row = hcb__calloc(mem, (size_t)core->n_rows + 1, sizeof *out->row);
    if (!out->row)
        return false;
    int64_t d = out->denominator = pick_denominator(core, price, most), left = d;
    for (int32_t r = 0; r < core->n_rows; r++) {
        double v = price[r] * (double)d;
        out->row[r] = v > 0 && v < 0x1p59 ? (int64_t)(v + 0.5) : 0;
    }
    int32_t largest = core->first_goal;
    for (int32_t r = core->first_goal; r < core->n_rows; r++) {
        if (out->row[r] > left)
            out->row[r] = left;
        left -= out->row[r];
        largest = out->row[r] > out->row[largest] ? r : largest;
    }
    if (core->first_goal < core->n_rows)
        out->row[largest] += left;
    return true;
}

bool hcb__prices_copy(hcb__prices *out, const hcb_allocator *mem, const hcb__core *core, const hcb__prices *from) {
    out->denominator = from->denominator;
    out->row = hcb__calloc(mem, (size_t)core->n_rows + 1, sizeof *out->row);
    if (!out->row)
        return false;
    memcpy(out->row, from->row, (size_t)core->n_rows * sizeof *out->row);
    return true;
}

void hcb__prices_free(hcb__prices *out, const hcb_allocator *mem) {
    hcb__free(mem, out->row);
    out->row = NULL;
}

/* Cost plus priced weights of a choice, times the denominator. */
static hcb__wide dual_choice(const hcb__core *core, const hcb__prices *prices, int32_t choice) {
    hcb__wide v = (hcb__wide)prices->denominator * core->cost[choice];
    for (int32_t u = core->use_start[choice]; u < core->use_start[choice + 1]; u++)
        v += (hcb__wide)prices->row[core->use_row[u]] * core->use_weight[u];
    return v;
}

static hcb__wide least_of(const hcb__core *core, const hcb__prices *prices, int32_t item) {
    hcb__wide least = 0;
    for (int32_t c = core->start[item]; c < core->start[item + 1]; c++) {
        hcb__wide v = dual_choice(core, prices, c);
        if (c == core->start[item] || v < least)
            least = v;
    }
    return least;
}

hcb__wide hcb__dual_value(const hcb__core *core, const hcb__prices *prices) {
    hcb__wide total = (hcb__wide)prices->denominator * core->constant;
    for (int32_t r = 0; r < core->n_rows; r++)
        if (prices->row[r])
            total +=
                (hcb__wide)prices->row[r] * ((hcb__wide)core->base[r] - (r < core->first_goal ? core->limit[r] : 0));
    for (int32_t i = 0; i < core->n_items; i++)
        total += least_of(core, prices, i);
    return total;
}

int64_t hcb__dual_ceil(hcb__wide value, int64_t denominator) {
    hcb__wide q = value / denominator;
    if (value % denominator > 0)
        q++;
    if (q > INT64_MAX)
        return INT64_MAX;
    return q < INT64_MIN ? INT64_MIN : (int64_t)q;
}

int64_t hcb__dual_fix(const hcb__core *core, const hcb__prices *prices, int64_t keep, hcb__allowed *allowed) {
    hcb__wide room = (hcb__wide)prices->denominator * keep - hcb__dual_value(core, prices);
    int64_t fixed = 0;
    for (int32_t m = 0; room >= 0 && m < core->n_movable; m++) {
        int32_t i = core->movable[m];
        hcb__wide least = least_of(core, prices, i);
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            if (dual_choice(core, prices, c) - least > room) {
                allowed->at[core->pair[c] >= 0 ? core->pair[c] : allowed->n_pairs + i] = 0;
                fixed++;
            }
    }
    return fixed;
}
