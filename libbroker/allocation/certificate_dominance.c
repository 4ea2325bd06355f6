/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "allocation/certificate_dominance.h"

enum { NOTHING = 0, ADDS = 1, RELIEVES = 2 };

static int64_t cost_of(const hcb__check_problem *p, int32_t level, int64_t pair) {
    return p->levels[level].pair_cost ? p->levels[level].pair_cost[pair] : 0;
}

/* What the pair does to rows whose slack can become negative, and to terms. */
static int32_t effect_of(const hcb__check_problem *p, const __int128 *slack, int64_t pair) {
    int32_t effect = NOTHING;
    for (int64_t u = p->use_start[pair]; u < p->use_start[pair + 1]; u++)
        if (slack[p->use_row[u]] < 0)
            effect |= p->use_weight[u] > 0 ? ADDS : RELIEVES;
    if (p->n_terms)
        for (int64_t u = p->term_use_start[pair]; u < p->term_use_start[pair + 1]; u++)
            effect |= p->term_use_weight[u] > 0 ? ADDS : RELIEVES;
    return effect;
}

static bool nowhere_dearer(const hcb__check_problem *p, int64_t pair, int64_t than) {
    for (int32_t j = 0; j < p->n_levels; j++)
        if (cost_of(p, j, pair) > cost_of(p, j, than))
            return false;
    return true;
}

static bool liked_better(const hcb__check_problem *p, int64_t pair, int64_t than) {
    int32_t j = 0;
    while (j < p->n_levels && cost_of(p, j, pair) == cost_of(p, j, than))
        j++;
    return j < p->n_levels && cost_of(p, j, pair) < cost_of(p, j, than);
}

bool hcb__check_dominated(bool *dominated, const hcb_allocator *mem, const hcb__check_problem *p,
                          const uint8_t *allowed) {
    __int128 *slack = hcb__calloc(mem, (size_t)p->n_rows + 1, sizeof *slack);
    if (!slack)
        return false;
    for (int32_t r = 0; r < p->n_rows; r++)
        slack[r] = p->row_limit[r];
    for (int64_t pair = 0; pair < p->pair_start[p->n_items]; pair++)
        for (int64_t u = p->use_start[pair]; allowed[pair] && u < p->use_start[pair + 1]; u++)
            slack[p->use_row[u]] -= p->use_weight[u] > 0 ? p->use_weight[u] : 0;
    for (int32_t i = 0; i < p->n_items; i++) {
        int64_t liked = -1;
        for (int64_t pair = p->pair_start[i]; pair < p->pair_start[i + 1]; pair++)
            if (allowed[pair] && !(effect_of(p, slack, pair) & ADDS) && (liked < 0 || liked_better(p, pair, liked)))
                liked = pair;
        for (int64_t pair = p->pair_start[i]; pair < p->pair_start[i + 1]; pair++)
            dominated[pair] = liked >= 0 && pair != liked && !(effect_of(p, slack, pair) & RELIEVES) &&
                              nowhere_dearer(p, liked, pair);
    }
    hcb__free(mem, slack);
    return true;
}
