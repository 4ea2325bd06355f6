/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/core.h"

#include <string.h>

static bool may_wait(const hcb__engine_problem *p, int32_t item) {
    const int64_t *wait = p->n_levels ? p->levels[0].wait_cost : NULL;
    return !wait || wait[item] != HCB__MUST_PLACE;
}

static int64_t pair_cost(const hcb__engine_level *level, int64_t pair) {
    return level->pair_cost ? level->pair_cost[pair] : 0;
}

/* Waiting of somebody who must be placed costs 1 in the placing level and is no choice afterwards. */
static int64_t wait_cost(const hcb__engine_level *level, int32_t item) {
    return level->wait_cost ? level->wait_cost[item] : 0;
}

typedef struct row_map {
    int32_t *of_row, *of_level, *of_term; /* row of the core, or -1 */
} row_map;

static int32_t add_row(hcb__core *core, int32_t kind, int32_t index, int64_t limit, int64_t base, int32_t bin) {
    int32_t r = core->n_rows++;
    core->ref_kind[r] = kind;
    core->ref_index[r] = index;
    core->limit[r] = limit;
    core->base[r] = base;
    core->row_bin[r] = bin;
    return r;
}

static bool make_rows(hcb__core *core, row_map *map, const int64_t *frozen) {
    const hcb__engine_problem *p = core->problem;
    size_t most = (size_t)p->n_rows + (size_t)p->n_levels + (size_t)p->n_terms * 2 + 1;
    core->limit = hcb__arena_alloc(&core->arena, most, sizeof *core->limit);
    core->base = hcb__arena_alloc(&core->arena, most, sizeof *core->base);
    core->row_bin = hcb__arena_alloc(&core->arena, most, sizeof *core->row_bin);
    core->ref_kind = hcb__arena_alloc(&core->arena, most, sizeof *core->ref_kind);
    core->ref_index = hcb__arena_alloc(&core->arena, most, sizeof *core->ref_index);
    map->of_level = hcb__arena_alloc(&core->arena, (size_t)p->n_levels + 1, sizeof *map->of_level);
    map->of_term = hcb__arena_alloc(&core->arena, (size_t)p->n_terms + 1, sizeof *map->of_term);
    if (!core->limit || !core->base || !core->row_bin || !core->ref_kind || !core->ref_index || !map->of_level ||
        !map->of_term)
        return false;
    for (int32_t r = 0; r < p->n_rows; r++)
        add_row(core, HCB__REF_ROW, r, p->row_limit[r], 0, p->row_bin[r]);
    for (int32_t t = 0; t < p->n_terms; t++)
        map->of_term[t] = -1;
    for (int32_t j = 0; j < core->level; j++) {
        const hcb__engine_level *level = &p->levels[j];
        map->of_level[j] = -1;
        if (level->kind == HCB__LEVEL_SUM)
            map->of_level[j] = add_row(core, HCB__REF_LEVEL, j, frozen[j], level->constant, -1);
        for (int32_t t = 0; level->kind == HCB__LEVEL_MAX && t < level->n_terms; t++) {
            int32_t term = level->first_term + t;
            map->of_term[term] =
                add_row(core, HCB__REF_TERM, term, frozen[j] - level->constant, p->term_constant[term], -1);
        }
    }
    core->first_goal = core->n_rows;
    const hcb__engine_level *now = core->level >= 0 ? &p->levels[core->level] : NULL;
    for (int32_t t = 0; now && now->kind == HCB__LEVEL_MAX && t < now->n_terms; t++) {
        int32_t term = now->first_term + t;
        map->of_term[term] = add_row(core, HCB__REF_GOAL, term, INT64_MAX, p->term_constant[term], -1);
    }
    return true;
}

static bool is_allowed(const hcb__allowed *allowed, int64_t index) {
    return !allowed || allowed->at[index];
}

static void add_use(hcb__core *core, int32_t *n, int32_t row, int64_t weight) {
    if (row < 0 || weight == 0)
        return;
    core->use_row[*n] = row;
    core->use_weight[*n] = weight;
    (*n)++;
}

static void add_level_uses(hcb__core *core, int32_t *n, const row_map *map, int64_t pair, int32_t item) {
    const hcb__engine_problem *p = core->problem;
    for (int32_t j = 0; j < core->level; j++)
        if (map->of_level[j] >= 0)
            add_use(core, n, map->of_level[j],
                    pair >= 0 ? pair_cost(&p->levels[j], pair) : wait_cost(&p->levels[j], item));
}

static void add_choice(hcb__core *core, int32_t *n_uses, const row_map *map, int32_t item, int64_t pair) {
    const hcb__engine_problem *p = core->problem;
    int32_t c = core->n_choices++;
    core->pair[c] = (int32_t)pair;
    core->item[c] = item;
    core->bin[c] = pair >= 0 ? p->pair_bin[pair] : HCB__WAITS;
    core->use_start[c] = *n_uses;
    if (pair >= 0)
        for (int64_t u = p->use_start[pair]; u < p->use_start[pair + 1]; u++)
            add_use(core, n_uses, p->use_row[u], p->use_weight[u]);
    add_level_uses(core, n_uses, map, pair, item);
    if (pair >= 0 && p->n_terms)
        for (int64_t u = p->term_use_start[pair]; u < p->term_use_start[pair + 1]; u++)
            add_use(core, n_uses, map->of_term[p->term_use_term[u]], p->term_use_weight[u]);
    core->use_start[c + 1] = *n_uses;
    if (core->level < 0) {
        core->cost[c] = pair < 0 && !may_wait(p, item);
    } else {
        const hcb__engine_level *level = &p->levels[core->level];
        if (level->kind == HCB__LEVEL_SUM)
            core->cost[c] = pair >= 0 ? pair_cost(level, pair) : wait_cost(level, item);
    }
}

static bool fill(hcb__core *core, const hcb__allowed *allowed, const int64_t *frozen) {
    const hcb__engine_problem *p = core->problem;
    row_map map;
    if (!make_rows(core, &map, frozen))
        return false;
    int64_t n_pairs = p->pair_start[p->n_items];
    int64_t n_uses = p->use_start[n_pairs] + (p->n_terms ? p->term_use_start[n_pairs] : 0);
    size_t choices = (size_t)n_pairs + (size_t)p->n_items;
    size_t uses = (size_t)n_uses + choices * (size_t)(core->level > 0 ? core->level : 0);
    hcb__arena *a = &core->arena;
    core->start = hcb__arena_alloc(a, (size_t)p->n_items + 1, sizeof *core->start);
    core->bin = hcb__arena_alloc(a, choices, sizeof *core->bin);
    core->item = hcb__arena_alloc(a, choices, sizeof *core->item);
    core->cost = hcb__arena_alloc(a, choices, sizeof *core->cost);
    core->pair = hcb__arena_alloc(a, choices, sizeof *core->pair);
    core->use_start = hcb__arena_alloc(a, choices + 1, sizeof *core->use_start);
    core->use_row = hcb__arena_alloc(a, uses, sizeof *core->use_row);
    core->use_weight = hcb__arena_alloc(a, uses, sizeof *core->use_weight);
    core->movable = hcb__arena_alloc(a, (size_t)p->n_items, sizeof *core->movable);
    core->bin_cap_start = hcb__arena_alloc(a, (size_t)p->n_bins + 1, sizeof *core->bin_cap_start);
    if (!core->start || !core->bin || !core->item || !core->cost || !core->pair || !core->use_start || !core->use_row ||
        !core->use_weight || !core->movable || !core->bin_cap_start)
        return false;
    int32_t used = 0;
    for (int32_t i = 0; i < p->n_items; i++) {
        core->start[i] = core->n_choices;
        for (int64_t k = p->pair_start[i]; k < p->pair_start[i + 1]; k++)
            if (is_allowed(allowed, k))
                add_choice(core, &used, &map, i, k);
        if ((core->level < 0 || may_wait(p, i)) && is_allowed(allowed, n_pairs + i))
            add_choice(core, &used, &map, i, -1);
        if (core->n_choices - core->start[i] > 1)
            core->movable[core->n_movable++] = i;
    }
    core->start[p->n_items] = core->n_choices;
    for (int32_t c = 0; c < core->n_choices; c++)
        if (core->bin[c] >= 0)
            core->bin_cap_start[core->bin[c] + 1]++;
    for (int32_t b = 0; b < p->n_bins; b++)
        core->bin_cap_start[b + 1] += core->bin_cap_start[b];
    return true;
}

bool hcb__core_build(hcb__core **out, const hcb_allocator *mem, const hcb__engine_problem *problem, int32_t level,
                     const hcb__allowed *allowed, const int64_t *frozen) {
    hcb__core *core = hcb__calloc(mem, 1, sizeof *core);
    *out = NULL;
    if (!core)
        return false;
    hcb__arena_init(&core->arena, mem);
    core->problem = problem;
    core->level = level;
    core->n_items = problem->n_items;
    core->n_bins = problem->n_bins;
    core->constant = level >= 0 ? problem->levels[level].constant : 0;
    if (!fill(core, allowed, frozen)) {
        hcb__core_free(core);
        return false;
    }
    *out = core;
    return true;
}

void hcb__core_free(hcb__core *core) {
    if (!core)
        return;
    hcb_allocator mem = core->arena.mem;
    hcb__arena_release(&core->arena);
    hcb__free(&mem, core);
}

int32_t hcb__core_find(const hcb__core *core, int32_t item, int32_t bin) {
    int32_t lo = core->start[item], hi = core->start[item + 1];
    if (bin == HCB__WAITS)
        return hi > lo && core->bin[hi - 1] == HCB__WAITS ? hi - 1 : -1;
    while (hi > lo) {
        int32_t mid = lo + (hi - lo) / 2;
        if (core->bin[mid] == bin)
            return mid;
        if (core->bin[mid] != HCB__WAITS && core->bin[mid] < bin)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}
