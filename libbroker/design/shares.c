/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/shares.h"

#include <math.h>

#include "solve/backend.h"

static const double PROGRAMME_SECONDS = 20;

static bool bounded(int64_t low, int64_t high) {
    return low > -INT64_MAX / 4 || high < INT64_MAX / 4;
}

hcb_status hcb__shares_exist(bool *none, hcb_context *ctx, const hcb__map_problem *p, const bool *may,
                             const int64_t *moved, int64_t limit) {
    int32_t n = p->graph->n;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    int32_t sums = 0, *row_of = hcb__arena_alloc(&arena, (size_t)p->n_attributes * (size_t)p->k, sizeof *row_of);
    bool number = hcb__map_number_free(p);
    size_t columns = (size_t)n * (size_t)p->k + (number ? (size_t)p->k : 0);
    *none = false;
    if (!row_of)
        return hcb__nomem(ctx);
    /* Where the number of zones is free, bounds hold for shares of zones that are there: two rows each, sum - low y and
     * sum - high y, and a row for the number. */
    for (int32_t i = 0; i < p->n_attributes * p->k; i++)
        if (bounded(p->low[i], p->high[i])) {
            row_of[i] = n + sums;
            sums += number ? 2 : 1;
        } else {
            row_of[i] = -1;
        }
    int32_t cap = limit < INT64_MAX ? n + sums : -1, n_rows = n + sums + (cap >= 0), zones = number ? n_rows++ : -1;
    size_t entries = columns * (size_t)(2 + 2 * p->n_attributes);
    double *lower = hcb__arena_alloc(&arena, (size_t)n_rows, sizeof *lower),
           *upper = hcb__arena_alloc(&arena, (size_t)n_rows, sizeof *upper),
           *cost = hcb__arena_alloc(&arena, columns, sizeof *cost),
           *low = hcb__arena_alloc(&arena, columns, sizeof *low),
           *high = hcb__arena_alloc(&arena, columns, sizeof *high),
           *value = hcb__arena_alloc(&arena, entries, sizeof *value),
           *dual = hcb__arena_alloc(&arena, (size_t)n_rows, sizeof *dual),
           *x = hcb__arena_alloc(&arena, columns, sizeof *x);
    int32_t *start = hcb__arena_alloc(&arena, columns + 1, sizeof *start),
            *row = hcb__arena_alloc(&arena, entries, sizeof *row);
    hcb_status status = HCB_OK;
    if (!lower || !upper || !cost || !low || !high || !value || !dual || !x || !start || !row) {
        hcb__arena_release(&arena);
        return hcb__nomem(ctx);
    }
    for (int32_t u = 0; u < n; u++)
        lower[u] = upper[u] = 1;
    for (int32_t i = 0; i < p->n_attributes * p->k; i++)
        if (row_of[i] >= 0) {
            bool low_there = p->low[i] > -INT64_MAX / 4, high_there = p->high[i] < INT64_MAX / 4;
            lower[row_of[i]] = low_there ? number ? 0 : (double)p->low[i] : -INFINITY;
            upper[row_of[i]] = high_there && !number ? (double)p->high[i] : INFINITY;
            if (number) {
                lower[row_of[i] + 1] = -INFINITY;
                upper[row_of[i] + 1] = high_there ? 0 : INFINITY;
            }
        }
    if (cap >= 0) {
        lower[cap] = -INFINITY;
        upper[cap] = (double)limit;
    }
    if (number) {
        lower[zones] = p->least_zones;
        upper[zones] = p->most_zones;
    }
    int32_t at = 0, c = 0;
    for (int32_t u = 0; u < n; u++)
        for (int32_t z = 0; z < p->k; z++, c++) {
            high[c] = may[c];
            start[c] = at;
            row[at] = u;
            value[at++] = 1;
            for (int32_t a = 0; a < p->n_attributes; a++) {
                double v = (double)p->attribute[(size_t)a * (size_t)n + (size_t)u];
                if (row_of[a * p->k + z] >= 0 && v != 0) {
                    row[at] = row_of[a * p->k + z];
                    value[at++] = v;
                    if (number) {
                        row[at] = row_of[a * p->k + z] + 1;
                        value[at++] = v;
                    }
                }
            }
            double minutes = (double)moved[c];
            if (cap >= 0 && minutes != 0) {
                row[at] = cap;
                value[at++] = minutes;
            }
        }
    for (int32_t z = 0; number && z < p->k; z++, c++) {
        high[c] = 1;
        start[c] = at;
        row[at] = zones;
        value[at++] = 1;
        for (int32_t a = 0; a < p->n_attributes; a++) {
            int32_t i = a * p->k + z;
            if (row_of[i] >= 0 && p->low[i] > -INT64_MAX / 4 && p->low[i] != 0) {
                row[at] = row_of[i];
                value[at++] = -(double)p->low[i];
            }
            if (row_of[i] >= 0 && p->high[i] < INT64_MAX / 4) {
                row[at] = row_of[i] + 1;
                value[at++] = -(double)p->high[i];
            }
        }
        for (int32_t u = 0; u < n; u++) /* a zone with a fixed unit is there */
            low[c] = p->fixed[u] == z ? 1 : low[c];
    }
    start[c] = at;
    hcb__model model = {0};
    hcb__columns all = {c, cost, low, high, start, row, value};
    hcb__budget budget = {.deadline = hcb__deadline_in(PROGRAMME_SECONDS)};
    int32_t outcome = HCB__LP_STOPPED;
    status = hcb__model_open(&model, hcb__backend_of(&budget), &ctx->mem, n_rows, lower, upper);
    if (status == HCB_OK)
        status = hcb__model_add(&model, &all);
    if (status == HCB_OK)
        status = hcb__model_solve(&model, &budget, &outcome, dual, x);
    hcb__model_close(&model);
    hcb__arena_release(&arena);
    *none = status == HCB_OK && outcome == HCB__LP_INFEASIBLE;
    return status == HCB_ENOMEM ? hcb__nomem(ctx) : HCB_OK;
}
