/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who among the waiting best fits hours that a provider has freed: each alone, and the best set of them. */
#include <stdlib.h>
#include <string.h>

#include "allocation/recommend.h"
#include "base/clock.h"

enum { SECONDS = 60 };

/* One knapsack with side rows: small, so the run needs little. */
static const int64_t SET_WORK = 400000;

static bool ranks_by_blend(const hcb__policy *policy) {
    for (int32_t l = 0; l < policy->n_levels; l++)
        if (policy->levels[l].kind == HCB__BLEND)
            return true;
    return false;
}

/* Those who wait and whom the provider may take get it as a choice. All of their choices where a level compares them.
 */
static hcb_status open_those_waiting(hcb__recommendation *r, hcb_context *ctx, const hcb__plan_folder *folder,
                                     int32_t *part) {
    const hcb__model *model = r->model;
    int32_t n = model->n_packages + model->n_placements;
    r->left_out = hcb__arena_alloc(&r->arena, (size_t)n, sizeof *r->left_out);
    if (!r->left_out)
        return hcb__nomem(ctx);
    hcb__travel_table *travel = NULL;
    hcb_status status = hcb__travel_table_create(&travel, &ctx->mem, model);
    if (status != HCB_OK)
        return hcb__nomem(ctx);
    for (int32_t q = 0; q < n && status == HCB_OK; q++) {
        bool eligible = false;
        if (part[q] != HCB__PART_OUT || folder->provider[q] != HCB__WAITS)
            continue;
        status = hcb__recommendation_try(r, ctx, travel, q, r->provider, &eligible);
        if (eligible)
            part[q] = ranks_by_blend(model->policy) ? HCB__PART_ALL : r->provider;
    }
    hcb__travel_table_free(travel);
    hcb__recommendation_sort_left_out(r);
    return status;
}

typedef struct sorted {
    hcb__candidate candidate;
    int32_t n_levels;
} sorted;

static int compare_candidates(const void *a, const void *b) {
    const sorted *x = a, *y = b;
    bool x_fits = x->candidate.n_lacks == 0, y_fits = y->candidate.n_lacks == 0;
    if (x_fits != y_fits)
        return x_fits ? -1 : 1;
    int order = hcb__compare_changes(x->candidate.change, y->candidate.change, x->n_levels);
    if (order)
        return order;
    int32_t i = x->candidate.step.item, j = y->candidate.step.item;
    return (i > j) - (i < j);
}

static hcb_status collect(hcb__recommendation *r, hcb_context *ctx, const hcb__plan_folder *folder) {
    const hcb__alloc_problem *problem = r->problem;
    int32_t n_levels = problem->engine.n_levels;
    sorted *all = hcb__arena_alloc(&r->arena, (size_t)problem->n_items, sizeof *all);
    r->candidates = hcb__arena_alloc(&r->arena, (size_t)problem->n_items, sizeof *r->candidates);
    if (!all || !r->candidates)
        return hcb__nomem(ctx);
    for (int32_t i = 0; i < problem->n_items; i++) {
        if (folder->provider[problem->package[i]] != HCB__WAITS)
            continue;
        hcb__candidate *c = &all[r->n_candidates].candidate;
        all[r->n_candidates++].n_levels = n_levels;
        c->step = (hcb__step){i, hcb__alloc_pair(problem, i, r->provider)};
        c->choice = &problem->choices[c->step.pair];
        c->room = hcb__standing_room(&r->standing, r->provider);
        c->change = hcb__arena_alloc(&r->arena, (size_t)n_levels, sizeof *c->change);
        if (!c->change || !hcb__standing_lacks(&r->standing, &r->arena, c->step.pair, &c->lacks, &c->n_lacks))
            return hcb__nomem(ctx);
        hcb_status status = hcb__standing_change(&r->standing, ctx, &c->step, 1, c->change);
        if (status != HCB_OK)
            return status;
    }
    if (r->n_candidates)
        qsort(all, (size_t)r->n_candidates, sizeof *all, compare_candidates);
    for (int32_t c = 0; c < r->n_candidates; c++)
        r->candidates[c] = all[c].candidate;
    r->best = r->n_candidates && r->candidates[0].n_lacks == 0 ? 0 : -1;
    return HCB_OK;
}

static int compare_items(const void *a, const void *b) {
    const hcb__step *x = a, *y = b;
    return (x->item > y->item) - (x->item < y->item);
}

/* Copies the entries of a flat list that belong to the steps' pairs: start, which, weight. */
static bool gather(hcb__arena *arena, const hcb__step *steps, int32_t n, const int64_t *start, const int32_t *which,
                   const int64_t *weight, const int64_t **out_start, const int32_t **out_which,
                   const int64_t **out_weight) {
    int64_t *s = hcb__arena_alloc(arena, (size_t)n + 1, sizeof *s);
    if (!s)
        return false;
    for (int32_t i = 0; i < n; i++)
        s[i + 1] = s[i] + start[steps[i].pair + 1] - start[steps[i].pair];
    int32_t *r = hcb__arena_alloc(arena, (size_t)s[n], sizeof *r);
    int64_t *w = hcb__arena_alloc(arena, (size_t)s[n], sizeof *w);
    if (!r || !w)
        return false;
    for (int32_t i = 0; i < n; i++)
        for (int64_t u = 0; u < s[i + 1] - s[i]; u++) {
            r[s[i] + u] = which[start[steps[i].pair] + u];
            w[s[i] + u] = weight[start[steps[i].pair] + u];
        }
    *out_start = s;
    *out_which = r;
    *out_weight = w;
    return true;
}

static bool gather_level(hcb__arena *arena, hcb__engine_level *out, const hcb__engine_level *level,
                         const hcb__step *steps, int32_t n) {
    int64_t *pair = hcb__arena_alloc(arena, (size_t)n, sizeof *pair);
    int64_t *wait = hcb__arena_alloc(arena, (size_t)n, sizeof *wait);
    if (!pair || !wait)
        return false;
    for (int32_t i = 0; i < n; i++) {
        pair[i] = level->pair_cost ? level->pair_cost[steps[i].pair] : 0;
        wait[i] = level->wait_cost ? level->wait_cost[steps[i].item] : 0;
    }
    *out = *level;
    out->pair_cost = level->pair_cost ? pair : NULL;
    out->wait_cost = level->wait_cost ? wait : NULL;
    /* A tolerance is a part of the whole plan's value, which is not known here: the set is the best in strict order. */
    out->tolerance = out->tolerance_ppm = 0;
    return true;
}

/* The candidates as a problem of their own: one bin, and what the rest of the plan leaves of every row. */
static bool set_problem(hcb__engine_problem *out, hcb__arena *arena, const hcb__recommendation *r,
                        const hcb__step *steps) {
    const hcb__engine_problem *e = &r->problem->engine;
    int32_t n = r->n_candidates;
    *out = *e;
    int64_t *pair_start = hcb__arena_alloc(arena, (size_t)n + 1, sizeof *pair_start);
    int32_t *pair_bin = hcb__arena_alloc(arena, (size_t)n, sizeof *pair_bin);
    int64_t *limits = hcb__arena_alloc(arena, (size_t)e->n_rows, sizeof *limits);
    hcb__engine_level *levels = hcb__arena_alloc(arena, (size_t)e->n_levels, sizeof *levels);
    if (!pair_start || !pair_bin || !limits || !levels)
        return false;
    for (int32_t i = 0; i < n; i++) {
        pair_start[i + 1] = i + 1;
        pair_bin[i] = r->provider;
    }
    for (int32_t row = 0; row < e->n_rows; row++)
        limits[row] = r->standing.limits[row] - r->standing.loads[row];
    for (int32_t l = 0; l < e->n_levels; l++)
        if (!gather_level(arena, &levels[l], &e->levels[l], steps, n))
            return false;
    out->n_items = n;
    out->pair_start = pair_start;
    out->pair_bin = pair_bin;
    out->row_limit = limits;
    out->levels = levels;
    out->term_constant = r->standing.terms;
    out->start = NULL;
    return gather(arena, steps, n, e->use_start, e->use_row, e->use_weight, &out->use_start, &out->use_row,
                  &out->use_weight) &&
           (e->n_terms == 0 || gather(arena, steps, n, e->term_use_start, e->term_use_term, e->term_use_weight,
                                      &out->term_use_start, &out->term_use_term, &out->term_use_weight));
}

static hcb_status keep_set(hcb__recommendation *r, hcb_context *ctx, const hcb__step *steps, const int32_t *bin) {
    hcb__step *chosen = hcb__arena_alloc(&r->arena, (size_t)r->n_candidates, sizeof *chosen);
    bool *in = hcb__arena_alloc(&r->arena, (size_t)r->problem->n_items, sizeof *in);
    if (!chosen || !in)
        return hcb__nomem(ctx);
    for (int32_t i = 0; i < r->n_candidates; i++)
        if (bin[i] != HCB__WAITS) {
            chosen[r->set_count++] = steps[i];
            in[steps[i].item] = true;
            r->set_minutes += r->model->packages[r->problem->package[steps[i].item]].carer_minutes;
        }
    for (int32_t c = 0; c < r->n_candidates; c++)
        r->candidates[c].chosen = in[r->candidates[c].step.item];
    return hcb__standing_change(&r->standing, ctx, chosen, r->set_count, r->set_change);
}

static hcb_status best_set(hcb__recommendation *r, hcb_context *ctx, double began) {
    r->set_proved = true;
    r->set_change = hcb__arena_alloc(&r->arena, (size_t)r->problem->engine.n_levels, sizeof *r->set_change);
    hcb__step *steps = hcb__arena_alloc(&r->arena, (size_t)r->n_candidates, sizeof *steps);
    if (!r->set_change || !steps)
        return hcb__nomem(ctx);
    if (!r->n_candidates)
        return HCB_OK;
    for (int32_t c = 0; c < r->n_candidates; c++)
        steps[c] = r->candidates[c].step;
    qsort(steps, (size_t)r->n_candidates, sizeof *steps, compare_items);
    int32_t *bin = hcb__arena_alloc(&r->arena, (size_t)r->n_candidates, sizeof *bin);
    if (!bin)
        return hcb__nomem(ctx);
    bool solved;
    hcb_status status = hcb__best_set_by_table(r, ctx, steps, r->n_candidates, bin, &solved);
    if (status != HCB_OK || solved)
        return status == HCB_OK ? keep_set(r, ctx, steps, bin) : status;
    hcb__engine_problem problem;
    if (!set_problem(&problem, &r->arena, r, steps))
        return hcb__nomem(ctx);
    hcb_allocation_options options = HCB_ALLOCATION_OPTIONS_INIT;
    options.work_limit = SET_WORK;
    options.gap = 0;
    hcb__engine_answer *answer = NULL;
    status = hcb__run_engine(&answer, ctx, &ctx->mem, &problem, &options, began);
    if (status != HCB_OK)
        return status;
    for (int32_t l = 0; l < problem.n_levels; l++)
        r->set_proved = r->set_proved && answer->levels[l].best == answer->levels[l].bound;
    status = keep_set(r, ctx, steps, answer->bin);
    hcb__engine_answer_free(answer);
    return status;
}

static hcb_status recommend(hcb__recommendation **out, hcb_context *ctx, const hcb__model *model,
                            const char *provider_id, int64_t minutes, const char *plan) {
    double began = hcb__now();
    hcb__plan_folder folder;
    int32_t *part;
    hcb_status status = hcb__recommendation_begin(out, ctx, model, plan, &folder, &part);
    if (status != HCB_OK)
        return status;
    hcb__recommendation *r = *out;
    r->minutes = minutes;
    r->provider = hcb__idmap_get(&model->provider_of_id, provider_id, strlen(provider_id));
    if (r->provider < 0)
        return hcb__fail(ctx, HCB_EINVAL, "provider \"%s\" is not in the workspace", provider_id);
    status = open_those_waiting(r, ctx, &folder, part);
    if (status == HCB_OK)
        status = hcb__recommendation_stand(r, ctx, folder.replan, part, &folder);
    if (status != HCB_OK)
        return status;
    for (int32_t i = 0; i < r->problem->n_rows; i++)
        if (r->standing.loads[i] > r->standing.limits[i])
            return hcb__fail(ctx, HCB_EDATA, "the plan in %s breaks %s", plan ? plan : "", r->problem->rows[i].name);
    int32_t row = hcb__hours_row(r->problem, r->provider);
    if (row >= 0)
        r->standing.limits[row] =
            r->standing.loads[row] + minutes * (model->travel.capacity_basis == HCB__CONTACT_AND_TRAVEL ? SECONDS : 1);
    status = collect(r, ctx, &folder);
    return status == HCB_OK ? best_set(r, ctx, began) : status;
}

hcb_status hcb__recommend_packages(hcb__recommendation **out, hcb_context *ctx, const hcb__model *model,
                                   const char *provider_id, int64_t minutes, const char *plan) {
    hcb_status status = recommend(out, ctx, model, provider_id, minutes, plan);
    if (status != HCB_OK) {
        hcb__recommendation_free(*out);
        *out = NULL;
    }
    return status;
}
