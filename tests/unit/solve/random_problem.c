/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_problem.h"

#include <string.h>

static int64_t between(hcb__rng *rng, int64_t low, int64_t high) {
    return low + (int64_t)hcb__rng_below(rng, (uint32_t)(high - low + 1));
}

static void make_rows(random_problem *r, hcb__rng *rng) {
    hcb__engine_problem *p = &r->p;
    for (int32_t b = 0; b < p->n_bins; b++)
        for (int64_t n = between(rng, 0, 2); n > 0; n--) {
            r->row_bin[p->n_rows] = b;
            r->row_limit[p->n_rows++] = between(rng, 0, 20);
        }
    for (int64_t n = between(rng, 0, 3); n > 0; n--) {
        r->row_bin[p->n_rows] = -1;
        r->row_limit[p->n_rows++] = between(rng, 0, 10);
    }
}

static void make_uses(random_problem *r, hcb__rng *rng, int64_t pair, int64_t *n) {
    for (int32_t row = 0; row < r->p.n_rows; row++) {
        bool side = r->row_bin[row] < 0;
        if (!side && r->row_bin[row] != r->pair_bin[pair])
            continue;
        if (hcb__rng_below(rng, 4) == 0)
            continue;
        int64_t w = side ? between(rng, -6, 8) : between(rng, 1, 9);
        if (w == 0)
            continue;
        r->use_row[*n] = row;
        r->use_weight[(*n)++] = w;
    }
    r->use_start[pair + 1] = *n;
}

static void make_terms(random_problem *r, hcb__rng *rng, int64_t pair, int64_t *n) {
    for (int32_t t = 0; t < r->p.n_terms; t++)
        if (hcb__rng_below(rng, 2)) {
            r->term_use_term[*n] = t;
            r->term_use_weight[(*n)++] = between(rng, -4, 9);
        }
    r->term_use_start[pair + 1] = *n;
}

static void make_levels(random_problem *r, hcb__rng *rng, bool must) {
    static const char *const names[RP_LEVELS] = {"first", "second", "third"};
    hcb__engine_problem *p = &r->p;
    int32_t max_level = p->n_terms ? (int32_t)hcb__rng_below(rng, RP_LEVELS) : -1;
    for (int32_t j = 0; j < RP_LEVELS; j++) {
        hcb__engine_level *level = &r->level[j];
        level->name = names[j];
        level->constant = between(rng, -5, 50);
        if (hcb__rng_below(rng, 3) == 0)
            level->tolerance = between(rng, 0, 6);
        if (hcb__rng_below(rng, 4) == 0)
            level->tolerance_ppm = between(rng, 0, 300000);
        level->wait_cost = r->wait_cost[j];
        level->pair_cost = hcb__rng_below(rng, 5) ? r->pair_cost[j] : NULL;
        if (j == max_level) {
            level->kind = HCB__LEVEL_MAX;
            level->n_terms = p->n_terms;
        }
        for (int32_t k = 0; k < RP_PAIRS; k++)
            r->pair_cost[j][k] = between(rng, j == 1 ? -8 : 0, 20);
        for (int32_t i = 0; i < p->n_items; i++)
            r->wait_cost[j][i] = j == 0 ? between(rng, 0, 60) : between(rng, -5, 5);
    }
    for (int32_t i = 0; must && i < p->n_items; i++)
        if (hcb__rng_below(rng, 2))
            r->wait_cost[0][i] = HCB__MUST_PLACE;
}

void random_problem_make(random_problem *r, uint64_t seed) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 7);
    memset(r, 0, sizeof *r);
    hcb__engine_problem *p = &r->p;
    p->n_items = (int32_t)between(&rng, 1, RP_ITEMS);
    p->n_bins = (int32_t)between(&rng, 1, RP_BINS);
    p->n_terms = hcb__rng_below(&rng, 2) ? (int32_t)between(&rng, 1, RP_TERMS) : 0;
    p->n_levels = RP_LEVELS;
    make_rows(r, &rng);
    int64_t pairs = 0, uses = 0, term_uses = 0;
    for (int32_t i = 0; i < p->n_items; i++) {
        for (int32_t b = 0; b < p->n_bins; b++)
            if (hcb__rng_below(&rng, 4)) {
                r->pair_bin[pairs] = b;
                make_uses(r, &rng, pairs, &uses);
                make_terms(r, &rng, pairs, &term_uses);
                pairs++;
            }
        r->pair_start[i + 1] = pairs;
    }
    for (int32_t t = 0; t < p->n_terms; t++)
        r->term_constant[t] = between(&rng, -5, 10);
    make_levels(r, &rng, hcb__rng_below(&rng, 4) == 0);
    p->pair_start = r->pair_start;
    p->pair_bin = r->pair_bin;
    p->use_start = r->use_start;
    p->use_row = r->use_row;
    p->use_weight = r->use_weight;
    p->row_limit = r->row_limit;
    p->row_bin = r->row_bin;
    p->levels = r->level;
    p->term_constant = r->term_constant;
    p->term_use_start = r->term_use_start;
    p->term_use_term = r->term_use_term;
    p->term_use_weight = r->term_use_weight;
}

static void enlarge(int64_t *at, size_t n, int32_t bits, hcb__rng *rng) {
    for (size_t k = 0; k < n; k++)
        if (at[k] != 0 && at[k] != HCB__MUST_PLACE)
            at[k] = at[k] * ((int64_t)1 << bits) + (bits > 20 ? between(rng, -999, 999) : 0);
}

void random_problem_enlarge(random_problem *r, uint64_t seed, int32_t cost, int32_t weight, int32_t term) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 8);
    enlarge(&r->pair_cost[0][0], (size_t)RP_LEVELS * RP_PAIRS, cost, &rng);
    enlarge(&r->wait_cost[0][0], (size_t)RP_LEVELS * RP_ITEMS, cost, &rng);
    enlarge(r->use_weight, sizeof r->use_weight / sizeof *r->use_weight, weight, &rng);
    enlarge(r->row_limit, RP_ROWS, weight, &rng);
    enlarge(r->term_use_weight, sizeof r->term_use_weight / sizeof *r->term_use_weight, term, &rng);
    enlarge(r->term_constant, RP_TERMS, term, &rng);
    for (int32_t j = 0; j < RP_LEVELS; j++) {
        int32_t bits = r->level[j].kind == HCB__LEVEL_MAX ? term : cost;
        enlarge(&r->level[j].constant, 1, bits, &rng);
        r->level[j].tolerance <<= bits;
    }
}

typedef struct enumeration {
    const random_problem *r;
    int32_t level;
    const int64_t *frozen;
    int64_t load[RP_ROWS], term[RP_TERMS], sum[RP_LEVELS], best;
    bool found;
} enumeration;

static int64_t level_value(const enumeration *e, int32_t j) {
    const hcb__engine_level *level = &e->r->level[j];
    if (level->kind == HCB__LEVEL_SUM)
        return level->constant + e->sum[j];
    int64_t most = INT64_MIN;
    for (int32_t t = 0; t < level->n_terms; t++)
        most = e->term[t] > most ? e->term[t] : most;
    return level->constant + most;
}

static void judge(enumeration *e) {
    for (int32_t row = 0; row < e->r->p.n_rows; row++)
        if (e->load[row] > e->r->row_limit[row])
            return;
    for (int32_t j = 0; j < e->level; j++)
        if (level_value(e, j) > e->frozen[j])
            return;
    int64_t v = level_value(e, e->level);
    if (!e->found || v < e->best)
        e->best = v;
    e->found = true;
}

static void place(enumeration *e, int64_t pair, int64_t sign) {
    const random_problem *r = e->r;
    for (int64_t u = r->use_start[pair]; u < r->use_start[pair + 1]; u++)
        e->load[r->use_row[u]] += sign * r->use_weight[u];
    for (int64_t u = r->term_use_start[pair]; u < r->term_use_start[pair + 1]; u++)
        e->term[r->term_use_term[u]] += sign * r->term_use_weight[u];
    for (int32_t j = 0; j < RP_LEVELS; j++)
        e->sum[j] += sign * (r->level[j].pair_cost ? r->pair_cost[j][pair] : 0);
}

static void enumerate(enumeration *e, int32_t item) {
    const random_problem *r = e->r;
    if (item == r->p.n_items) {
        judge(e);
        return;
    }
    for (int64_t pair = r->pair_start[item]; pair < r->pair_start[item + 1]; pair++) {
        place(e, pair, 1);
        enumerate(e, item + 1);
        place(e, pair, -1);
    }
    if (r->wait_cost[0][item] == HCB__MUST_PLACE)
        return;
    for (int32_t j = 0; j < RP_LEVELS; j++)
        e->sum[j] += r->wait_cost[j][item];
    enumerate(e, item + 1);
    for (int32_t j = 0; j < RP_LEVELS; j++)
        e->sum[j] -= r->wait_cost[j][item];
}

bool random_problem_best(const random_problem *problem, int32_t level, const int64_t *frozen, int64_t *best) {
    enumeration e;
    memset(&e, 0, sizeof e);
    e.r = problem;
    e.level = level;
    e.frozen = frozen;
    memcpy(e.term, problem->term_constant, sizeof e.term);
    enumerate(&e, 0);
    *best = e.best;
    return e.found;
}
