/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/presolve.h"

#include <string.h>

void hcb__presolve_bins(hcb__solver *s) {
    const hcb__engine_problem *p = s->p;
    memset(s->allowed.at, 1, (size_t)(s->n_pairs + p->n_items));
    for (int64_t k = 0; k < s->n_pairs; k++)
        for (int64_t u = p->use_start[k]; u < p->use_start[k + 1]; u++)
            if (p->row_bin[p->use_row[u]] >= 0 && p->use_weight[u] > p->row_limit[p->use_row[u]])
                s->allowed.at[k] = 0;
}

/* What a choice (a pair, or waiting) weighs in a row. */
static int64_t weight_in(const hcb__engine_problem *p, int64_t pair, int32_t row) {
    for (int64_t u = pair >= 0 ? p->use_start[pair] : 0; pair >= 0 && u < p->use_start[pair + 1]; u++)
        if (p->use_row[u] == row)
            return p->use_weight[u];
    return 0;
}

/* Leaves out every choice that passes the row's limit even when all others weigh as little as they can; gives how many.
 * A limit on moves that nobody may use leaves the queue alone in this way. */
static int64_t force_row(hcb__solver *s, int32_t row) {
    const hcb__engine_problem *p = s->p;
    hcb__wide least_of_all = 0;
    int64_t left_out = 0;
    for (int32_t pass = 0; pass < 2; pass++)
        for (int32_t i = 0; i < p->n_items; i++) {
            int64_t least = INT64_MAX;
            for (int64_t k = p->pair_start[i]; k <= p->pair_start[i + 1]; k++) {
                bool waits = k == p->pair_start[i + 1];
                if (s->allowed.at[waits ? s->n_pairs + i : k]) {
                    int64_t w = weight_in(p, waits ? -1 : k, row);
                    least = w < least ? w : least;
                }
            }
            if (pass == 0)
                least_of_all += least;
            for (int64_t k = p->pair_start[i]; pass == 1 && k <= p->pair_start[i + 1]; k++) {
                bool waits = k == p->pair_start[i + 1];
                uint8_t *allowed = &s->allowed.at[waits ? s->n_pairs + i : k];
                if (*allowed && least_of_all - least + weight_in(p, waits ? -1 : k, row) > p->row_limit[row]) {
                    *allowed = 0;
                    left_out++;
                }
            }
        }
    return left_out;
}

bool hcb__presolve_rows(hcb__solver *s) {
    for (int32_t r = 0; r < s->p->n_rows; r++) {
        if (s->p->row_bin[r] >= 0 || force_row(s, r) == 0)
            continue;
        int32_t *row = hcb__arena_alloc(&s->answer->arena, 1, sizeof *row);
        int64_t *price = hcb__arena_alloc(&s->answer->arena, 1, sizeof *price);
        hcb__multipliers m = {.n_rows = 1, .row = row, .row_price = price};
        if (!row || !price || !HCB__PUSH(s->mem, &s->forcing, m))
            return false;
        *row = r;
        *price = 1;
    }
    return true;
}

/* Which rows all pairs together could pass: more than any plan takes, but a rule that is soon checked. */
static void find_binding(const hcb__solver *s, hcb__wide *most, uint8_t *binding) {
    const hcb__engine_problem *p = s->p;
    for (int64_t k = 0; k < s->n_pairs; k++)
        for (int64_t u = p->use_start[k]; s->allowed.at[k] && u < p->use_start[k + 1]; u++)
            if (p->use_weight[u] > 0)
                most[p->use_row[u]] += p->use_weight[u];
    for (int32_t r = 0; r < p->n_rows; r++)
        binding[r] = most[r] > p->row_limit[r];
}

/* Whether the pair, its weights taken times `sign`, loads a row that can bind or a term. */
static bool loads(const hcb__engine_problem *p, const uint8_t *binding, int64_t pair, int64_t sign) {
    for (int64_t u = p->use_start[pair]; u < p->use_start[pair + 1]; u++)
        if (binding[p->use_row[u]] && sign * p->use_weight[u] > 0)
            return true;
    for (int64_t u = p->n_terms ? p->term_use_start[pair] : 0; p->n_terms && u < p->term_use_start[pair + 1]; u++)
        if (sign * p->term_use_weight[u] > 0)
            return true;
    return false;
}

static int64_t cost(const hcb__engine_level *level, int64_t pair) {
    return level->pair_cost ? level->pair_cost[pair] : 0;
}

/* Less than 0 where the levels in order prefer a, more where they prefer b; *everywhere: a is at no level the dearer.
 */
static int32_t compare(const hcb__engine_problem *p, int64_t a, int64_t b, bool *everywhere) {
    int32_t order = 0;
    *everywhere = true;
    for (int32_t j = 0; j < p->n_levels; j++) {
        int64_t of_a = cost(&p->levels[j], a), of_b = cost(&p->levels[j], b);
        order = order ? order : (of_a > of_b) - (of_a < of_b);
        *everywhere = *everywhere && of_a <= of_b;
    }
    return order;
}

/* Of the item's pairs that load nothing that can bind the one that the levels prefer, the first among equals; or -1. */
static int64_t best_free_pair(const hcb__solver *s, const uint8_t *binding, int32_t item) {
    int64_t best = -1;
    bool everywhere;
    for (int64_t k = s->p->pair_start[item]; k < s->p->pair_start[item + 1]; k++)
        if (s->allowed.at[k] && !loads(s->p, binding, k, 1) && (best < 0 || compare(s->p, k, best, &everywhere) < 0))
            best = k;
    return best;
}

bool hcb__presolve_dominated(hcb__solver *s) {
    const hcb__engine_problem *p = s->p;
    hcb__wide *most = hcb__calloc(s->mem, (size_t)p->n_rows + 1, sizeof *most);
    uint8_t *binding = hcb__calloc(s->mem, (size_t)p->n_rows + 1, sizeof *binding);
    bool ok = most && binding, everywhere;
    if (ok)
        find_binding(s, most, binding);
    for (int32_t i = 0; ok && i < p->n_items; i++) {
        int64_t best = best_free_pair(s, binding, i);
        for (int64_t k = p->pair_start[i]; best >= 0 && k < p->pair_start[i + 1]; k++)
            if (k != best && p->pair_bin[k] != s->answer->bin[i] && !loads(p, binding, k, -1) &&
                compare(p, best, k, &everywhere) <= 0 && everywhere) {
                s->allowed.at[k] = 0;
                s->dominance = true;
            }
    }
    hcb__free(s->mem, most);
    hcb__free(s->mem, binding);
    return ok;
}
