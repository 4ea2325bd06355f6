/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best set for a provider's freed hours, by the table of a knapsack with several limits (Kellerer, Pferschy and
 * Pisinger, Knapsack Problems, 2004, section 9.3.2). Exact, and quick as long as few limits are tight: the usual case,
 * as minutes come in fives and only hours, one zone or the new packages bind. */
#include <string.h>

#include "allocation/recommend.h"

/* Steps times states: a twentieth of a second. */
static const int64_t TABLE_LIMIT = INT64_C(24000000);

typedef struct knapsack {
    const hcb__standing *standing;
    const hcb__step *steps;
    int32_t n, n_levels;
    int64_t *change; /* [n x n_levels]: what a step does to each level */
    bool *fits;      /* [n]: alone */
    int32_t n_tight;
    int32_t *tight;   /* [rows]: place among the limits of the table, or -1 */
    int64_t *size;    /* [n_tight]: states of a limit, counted in its unit */
    int64_t *unit;    /* [n_tight]: greatest common divisor of what the steps use */
    int64_t n_states; /* product of the sizes */
} knapsack;

static int64_t gcd(int64_t a, int64_t b) {
    while (b) {
        int64_t t = a % b;
        a = b;
        b = t;
    }
    return a;
}

/* Steps that do not fit alone are in no set. A row is tight when not all of the others fit together. False: the table
 * would be too large, or a row is not a plain limit (a share has uses of both signs). */
static bool find_tight(knapsack *k, hcb__arena *arena, bool *memory) {
    const hcb__engine_problem *e = &k->standing->problem->engine;
    int64_t *sum = hcb__arena_alloc(arena, (size_t)e->n_rows, sizeof *sum);
    int64_t *unit = hcb__arena_alloc(arena, (size_t)e->n_rows, sizeof *unit);
    k->tight = hcb__arena_alloc(arena, (size_t)e->n_rows, sizeof *k->tight);
    *memory = sum && unit && k->tight;
    if (!*memory)
        return false;
    for (int32_t i = 0; i < k->n; i++) {
        k->fits[i] = true;
        for (int64_t u = e->use_start[k->steps[i].pair]; u < e->use_start[k->steps[i].pair + 1]; u++) {
            int32_t row = e->use_row[u];
            if (e->use_weight[u] < 0)
                return false;
            k->fits[i] = k->fits[i] && e->use_weight[u] <= k->standing->limits[row] - k->standing->loads[row];
        }
    }
    for (int32_t i = 0; i < k->n; i++)
        for (int64_t u = e->use_start[k->steps[i].pair]; k->fits[i] && u < e->use_start[k->steps[i].pair + 1]; u++) {
            int32_t row = e->use_row[u];
            /* A weight is below its row's limit here, and there are fewer than 2^31 steps. */
            if (e->use_weight[u] > INT64_MAX / 4 - sum[row])
                return false;
            sum[row] += e->use_weight[u];
            unit[row] = gcd(e->use_weight[u], unit[row]);
        }
    k->n_tight = 0;
    for (int32_t row = 0; row < e->n_rows; row++) {
        k->tight[row] = sum[row] > k->standing->limits[row] - k->standing->loads[row] ? k->n_tight++ : -1;
    }
    k->size = hcb__arena_alloc(arena, (size_t)k->n_tight + 1, sizeof *k->size);
    k->unit = hcb__arena_alloc(arena, (size_t)k->n_tight + 1, sizeof *k->unit);
    *memory = k->size && k->unit;
    k->n_states = 1;
    for (int32_t row = 0; *memory && row < e->n_rows; row++)
        if (k->tight[row] >= 0) {
            k->unit[k->tight[row]] = unit[row];
            k->size[k->tight[row]] = (k->standing->limits[row] - k->standing->loads[row]) / unit[row] + 1;
            if (k->size[k->tight[row]] > TABLE_LIMIT / k->n_states / (k->n + 1))
                return false;
            k->n_states *= k->size[k->tight[row]];
        }
    return *memory;
}

/* What each step changes, and whether their sums keep within 64 bits. */
static hcb_status find_changes(knapsack *k, hcb_context *ctx, hcb__arena *arena, bool *small) {
    int64_t *total = hcb__arena_alloc(arena, (size_t)k->n_levels, sizeof *total);
    if (!total)
        return hcb__nomem(ctx);
    *small = true;
    hcb_status status = HCB_OK;
    for (int32_t i = 0; i < k->n && status == HCB_OK && *small; i++) {
        int64_t *change = k->change + (int64_t)i * k->n_levels;
        status = hcb__standing_change(k->standing, ctx, &k->steps[i], 1, change);
        for (int32_t l = 0; status == HCB_OK && *small && l < k->n_levels; l++) {
            int64_t size = change[l] < 0 ? -(change[l] + 1) : change[l];
            *small = size < INT64_MAX / 4 - total[l];
            total[l] += *small ? size + 1 : 0;
        }
    }
    return status;
}

/* The least levels of every state, step by step; bit (i, s) of `taken`: the best of the first i + 1 steps has step i.
 */
static void fill(const knapsack *k, int64_t *value, int64_t *use, unsigned char *taken, size_t row_bytes) {
    const hcb__engine_problem *e = &k->standing->problem->engine;
    int64_t place[64];
    for (int32_t i = 0; i < k->n; i++) {
        if (!k->fits[i])
            continue;
        memset(use, 0, (size_t)(k->n_tight + 1) * sizeof *use);
        for (int64_t u = e->use_start[k->steps[i].pair]; u < e->use_start[k->steps[i].pair + 1]; u++) {
            int32_t t = k->tight[e->use_row[u]];
            if (t >= 0)
                use[t] = e->use_weight[u] / k->unit[t];
        }
        int64_t shift = 0, stride = 1;
        for (int32_t t = 0; t < k->n_tight; t++) {
            shift += use[t] * stride;
            stride *= k->size[t];
            place[t] = k->size[t] - 1;
        }
        const int64_t *change = k->change + (int64_t)i * k->n_levels;
        for (int64_t s = k->n_states - 1; s >= shift; s--) {
            bool room = true;
            for (int32_t t = 0; t < k->n_tight; t++)
                room = room && place[t] >= use[t];
            if (room) {
                int64_t *here = value + s * k->n_levels;
                const int64_t *from = value + (s - shift) * k->n_levels;
                int32_t l = 0;
                while (l < k->n_levels && from[l] + change[l] == here[l])
                    l++;
                if (l < k->n_levels && from[l] + change[l] < here[l]) {
                    for (int32_t m = 0; m < k->n_levels; m++)
                        here[m] = from[m] + change[m];
                    taken[(size_t)i * row_bytes + (size_t)(s >> 3)] |= (unsigned char)(1u << (s & 7));
                }
            }
            for (int32_t t = 0; t < k->n_tight && place[t]-- == 0; t++)
                place[t] = k->size[t] - 1;
        }
    }
}

static void read_back(const knapsack *k, const unsigned char *taken, size_t row_bytes, int32_t provider, int32_t *bin) {
    const hcb__engine_problem *e = &k->standing->problem->engine;
    int64_t s = k->n_states - 1;
    for (int32_t i = k->n - 1; i >= 0; i--) {
        bin[i] = HCB__WAITS;
        if (!(taken[(size_t)i * row_bytes + (size_t)(s >> 3)] >> (s & 7) & 1))
            continue;
        bin[i] = provider;
        for (int64_t u = e->use_start[k->steps[i].pair]; u < e->use_start[k->steps[i].pair + 1]; u++) {
            int64_t stride = 1;
            int32_t tight = k->tight[e->use_row[u]];
            for (int32_t t = 0; t < tight; t++)
                stride *= k->size[t];
            if (tight >= 0)
                s -= e->use_weight[u] / k->unit[tight] * stride;
        }
    }
}

static hcb_status by_table(const hcb__recommendation *r, hcb_context *ctx, hcb__arena *arena, const hcb__step *steps,
                           int32_t n, int32_t *bin, bool *solved) {
    const hcb__engine_problem *e = &r->problem->engine;
    knapsack k = {.standing = &r->standing, .steps = steps, .n = n, .n_levels = e->n_levels};
    k.change = hcb__arena_alloc(arena, (size_t)n * (size_t)k.n_levels, sizeof *k.change);
    k.fits = hcb__arena_alloc(arena, (size_t)n, sizeof *k.fits);
    if (!k.change || !k.fits)
        return hcb__nomem(ctx);
    bool small = false, memory = true;
    hcb_status status = find_changes(&k, ctx, arena, &small);
    if (status != HCB_OK || !small)
        return status;
    if (!find_tight(&k, arena, &memory) || k.n_tight > 64)
        return memory ? HCB_OK : hcb__nomem(ctx);
    size_t row_bytes = (size_t)(k.n_states + 7) / 8;
    int64_t *value = hcb__arena_alloc(arena, (size_t)k.n_states * (size_t)k.n_levels, sizeof *value);
    int64_t *use = hcb__arena_alloc(arena, (size_t)k.n_tight + 1, sizeof *use);
    unsigned char *taken = hcb__arena_alloc(arena, (size_t)n * row_bytes, 1);
    if (!value || !use || !taken)
        return hcb__nomem(ctx);
    fill(&k, value, use, taken, row_bytes);
    read_back(&k, taken, row_bytes, r->provider, bin);
    *solved = true;
    return HCB_OK;
}

hcb_status hcb__best_set_by_table(const hcb__recommendation *r, hcb_context *ctx, const hcb__step *steps, int32_t n,
                                  int32_t *bin, bool *solved) {
    *solved = false;
    if (r->problem->engine.n_terms)
        return HCB_OK;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb_status status = by_table(r, ctx, &arena, steps, n, bin, solved);
    hcb__arena_release(&arena);
    return status;
}
