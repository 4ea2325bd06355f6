/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each choice costs in each level (docs/formats.md, "Levels"), and every package's ranking of its providers. */
#include <stdlib.h>

#include "allocation/problem.h"
#include "base/arith.h"

enum { PERCENT = 100 };

static int64_t tier_rank(const hcb__model *model, int32_t tier) {
    int32_t rank = tier >= 0 ? model->policy->tier_rank[tier] : -1;
    return rank >= 0 ? rank : model->policy->n_tiers - 1;
}

/* A package that comes to little even at its cheapest may have weights of its own. */
static bool is_small(const hcb__level *level, const hcb__package *p, int64_t cheapest) {
    int64_t pence;
    return level->small_pence >= 0 && hcb__weekly_pence(p->carer_minutes, cheapest, &pence) &&
           pence <= level->small_pence;
}

static int64_t blend_cost(const hcb__model *model, const hcb__level *level, const hcb__package *p, const hcb__choice *c,
                          int64_t cheapest) {
    bool small = is_small(level, p, cheapest);
    int64_t cost_part = c->price > 0 ? PERCENT - PERCENT * cheapest / c->price : 0;
    return (small ? level->small_quality : level->weight_quality) * (PERCENT - hcb__model_quality(model, c->provider)) +
           (small ? level->small_cost : level->weight_cost) * cost_part;
}

static bool changes_provider(const hcb__package *p, const hcb__choice *c) {
    return p->provider >= 0 && p->provider != c->provider;
}

/* What a choice adds to a level of sums. */
static int64_t level_cost(const hcb__model *model, const hcb__level *level, int32_t package, const hcb__choice *c,
                          int64_t cheapest) {
    const hcb__package *p = &model->packages[package];
    switch (level->kind) {
    case HCB__TIER:
        return p->carer_minutes * tier_rank(model, c->tier);
    case HCB__MOVES:
        return changes_provider(p, c);
    case HCB__QUALITY:
        return p->carer_minutes * (PERCENT - hcb__model_quality(model, c->provider));
    case HCB__COST:
        return c->weekly_pence + (changes_provider(p, c) ? model->policy->move_pence : 0);
    case HCB__TRAVEL:
        return p->carer_visits * c->seconds;
    case HCB__BLEND:
        return p->carer_minutes * blend_cost(model, level, p, c, cheapest);
    case HCB__PREFERENCE:
        return p->carer_minutes * hcb__preferences_unmet(model, package, c->provider);
    default:
        return 0;
    }
}

static int64_t cheapest_of_item(const hcb__alloc_problem *problem, int32_t item) {
    int64_t cheapest = INT64_MAX;
    for (int64_t c = problem->engine.pair_start[item]; c < problem->engine.pair_start[item + 1]; c++)
        if (problem->choices[c].price < cheapest)
            cheapest = problem->choices[c].price;
    return cheapest;
}

/* The same for a placement that is not an item: over those who might serve it, and the one who does. */
static int64_t cheapest_of_placement(const hcb__alloc_problem *problem, int32_t package, int64_t own) {
    const hcb__model *model = problem->model;
    int32_t zone = model->packages[package].zone;
    int64_t cheapest = own;
    for (int32_t j = problem->zone_start[zone]; j < problem->zone_start[zone + 1]; j++) {
        int32_t provider = model->coverage[problem->zone_coverage[j]].provider;
        int64_t price = hcb__model_price(model, package, provider);
        char code[96];
        if (price >= 0 && price < cheapest &&
            hcb__eligible(model, package, provider, hcb__travel_seconds(problem->travel, package, provider, NULL),
                          code) == HCB__RULES)
            cheapest = price;
    }
    return cheapest;
}

static hcb_status sum_level(hcb__alloc_problem *problem, hcb_context *ctx, const hcb__level *level,
                            hcb__engine_level *out) {
    const hcb__model *model = problem->model;
    const hcb__engine_problem *e = &problem->engine;
    int64_t *cost = hcb__arena_alloc(&problem->arena, (size_t)e->pair_start[problem->n_items], sizeof *cost);
    if (!cost)
        return hcb__nomem(ctx);
    for (int32_t i = 0; i < problem->n_items; i++) {
        int64_t cheapest = level->kind == HCB__BLEND ? cheapest_of_item(problem, i) : 0;
        for (int64_t c = e->pair_start[i]; c < e->pair_start[i + 1]; c++)
            cost[c] = level_cost(model, level, problem->package[i], &problem->choices[c], cheapest);
    }
    out->pair_cost = cost;
    if (problem->part || problem->replan != HCB__REPLAN_FIXED || level->kind == HCB__MOVES)
        return HCB_OK;
    for (int32_t q = model->n_packages; q < model->n_packages + model->n_placements; q++) {
        hcb__choice now;
        hcb__choice_today(problem, q, &now);
        int64_t cheapest = level->kind == HCB__BLEND ? cheapest_of_placement(problem, q, now.price) : 0;
        if (!hcb__add(out->constant, level_cost(model, level, q, &now, cheapest), &out->constant))
            return hcb__fail(ctx, HCB_ELIMIT, "level %s: what placements in force cost passes 64 bits", out->name);
    }
    return HCB_OK;
}

static hcb_status waiting_level(hcb__alloc_problem *problem, hcb_context *ctx, hcb__engine_level *out) {
    const hcb__model *model = problem->model;
    int64_t *wait = hcb__arena_alloc(&problem->arena, (size_t)problem->n_items, sizeof *wait);
    if (!wait)
        return hcb__nomem(ctx);
    for (int32_t i = 0; i < problem->n_items; i++) {
        const hcb__package *p = &model->packages[problem->package[i]];
        if (!hcb__mul(model->policy->priority_weights[hcb__model_priority(model, problem->package[i]) - 1],
                      p->carer_minutes, &wait[i]))
            return hcb__fail(ctx, HCB_ELIMIT, "package %s: priority weight x carer minutes passes 64 bits", p->id);
    }
    out->wait_cost = wait;
    return HCB_OK;
}

/* What a provider's target is in proportion to; of all of them together it is the whole. */
static int64_t fair_size(const hcb__model *model, const hcb__level *level, int32_t provider) {
    const hcb__provider *k = &model->providers[provider];
    return !k->active ? 0 : level->equal ? 1 : k->capacity;
}

/* over/K = load - target, under/K = target - load, for every active provider. */
static hcb_status fair_level(hcb__alloc_problem *problem, hcb_context *ctx, const hcb__level *level,
                             hcb__engine_level *out) {
    const hcb__model *model = problem->model;
    hcb__engine_problem *e = &problem->engine;
    int64_t capacity = 0, total = 0;
    for (int32_t k = 0; k < model->n_providers; k++)
        capacity += fair_size(model, level, k);
    for (int32_t q = 0; q < model->n_packages + model->n_placements; q++)
        total += model->packages[q].carer_minutes;
    int64_t n_pairs = e->pair_start[problem->n_items];
    int32_t *term_of = hcb__arena_alloc(&problem->arena, (size_t)model->n_providers, sizeof *term_of);
    int64_t *constant = hcb__arena_alloc(&problem->arena, 2 * (size_t)model->n_providers, sizeof *constant);
    int64_t *start = hcb__arena_alloc(&problem->arena, (size_t)n_pairs + 1, sizeof *start);
    int32_t *term = hcb__arena_alloc(&problem->arena, 2 * (size_t)n_pairs, sizeof *term);
    int64_t *weight = hcb__arena_alloc(&problem->arena, 2 * (size_t)n_pairs, sizeof *weight);
    if (!term_of || !constant || !start || !term || !weight)
        return hcb__nomem(ctx);
    for (int32_t k = 0; k < model->n_providers; k++) {
        term_of[k] = -1;
        if (!model->providers[k].active)
            continue;
        int64_t target = capacity ? (int64_t)((__int128)total * fair_size(model, level, k) / capacity) : 0;
        term_of[k] = e->n_terms;
        constant[e->n_terms++] = -target;
        constant[e->n_terms++] = target;
    }
    for (int32_t q = model->n_packages; q < model->n_packages + model->n_placements; q++) {
        const hcb__package *p = &model->packages[q];
        if (hcb__is_fixed(problem, p) && term_of[p->provider] >= 0) {
            constant[term_of[p->provider]] += p->carer_minutes;
            constant[term_of[p->provider] + 1] -= p->carer_minutes;
        }
    }
    int64_t n = 0;
    for (int32_t i = 0; i < problem->n_items; i++)
        for (int64_t c = e->pair_start[i]; c < e->pair_start[i + 1]; c++) {
            int32_t t = term_of[e->pair_bin[c]];
            int64_t minutes = model->packages[problem->package[i]].carer_minutes;
            if (t >= 0 && minutes) {
                term[n] = t;
                weight[n++] = minutes;
                term[n] = t + 1;
                weight[n++] = -minutes;
            }
            start[c + 1] = n;
        }
    e->term_constant = constant;
    e->term_use_start = start;
    e->term_use_term = term;
    e->term_use_weight = weight;
    /* Without an active provider there is nobody to be fair to: the level is a sum of nothing. */
    out->kind = e->n_terms ? HCB__LEVEL_MAX : HCB__LEVEL_SUM;
    out->n_terms = e->n_terms;
    return HCB_OK;
}

typedef struct ranked {
    const hcb__engine_level *levels;
    int32_t n_levels;
    const int32_t *bin;
} ranked;

/* Order of two pairs of one item: by the levels of sums but waiting, in order, then by provider. */
static int compare_pairs(const ranked *r, int64_t a, int64_t b) {
    for (int32_t l = 0; l < r->n_levels; l++) {
        const int64_t *cost = r->levels[l].pair_cost;
        if (cost && cost[a] != cost[b])
            return cost[a] < cost[b] ? -1 : 1;
    }
    return (r->bin[a] > r->bin[b]) - (r->bin[a] < r->bin[b]);
}

static void rank_choices(hcb__alloc_problem *problem) {
    const hcb__engine_problem *e = &problem->engine;
    ranked r = {e->levels, e->n_levels, e->pair_bin};
    for (int32_t i = 0; i < problem->n_items; i++)
        for (int64_t a = e->pair_start[i]; a < e->pair_start[i + 1]; a++) {
            problem->choices[a].rank = 1;
            for (int64_t b = e->pair_start[i]; b < e->pair_start[i + 1]; b++)
                problem->choices[a].rank += compare_pairs(&r, b, a) < 0;
        }
}

hcb_status hcb__alloc_levels(hcb__alloc_problem *problem, hcb_context *ctx) {
    const hcb__policy *policy = problem->model->policy;
    hcb__engine_level *levels = hcb__arena_alloc(&problem->arena, (size_t)policy->n_levels, sizeof *levels);
    if (!levels)
        return hcb__nomem(ctx);
    problem->engine.levels = levels;
    problem->engine.n_levels = policy->n_levels;
    for (int32_t l = 0; l < policy->n_levels; l++) {
        const hcb__level *level = &policy->levels[l];
        levels[l].name = hcb__level_words[level->kind];
        levels[l].kind = HCB__LEVEL_SUM;
        levels[l].tolerance = level->tolerance;
        levels[l].tolerance_ppm = level->tolerance_ppm;
        hcb_status status = level->kind == HCB__WAITING ? waiting_level(problem, ctx, &levels[l])
                            : level->kind == HCB__FAIR  ? fair_level(problem, ctx, level, &levels[l])
                                                        : sum_level(problem, ctx, level, &levels[l]);
        if (status != HCB_OK)
            return status;
    }
    rank_choices(problem);
    return HCB_OK;
}
