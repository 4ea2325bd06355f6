/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The providers that may take one package, ranked, and why the others may not. */
#include "allocation/recommend.h"

#include <stdlib.h>
#include <string.h>

hcb_status hcb__recommendation_begin(hcb__recommendation **out, hcb_context *ctx, const hcb__model *model,
                                     const char *plan, hcb__plan_folder *folder, int32_t **part) {
    *out = NULL;
    hcb__recommendation *r = hcb__calloc(&ctx->mem, 1, sizeof *r);
    if (!r)
        return hcb__nomem(ctx);
    hcb__arena_init(&r->arena, &ctx->mem);
    r->model = model;
    r->package = r->provider = r->best = -1;
    *out = r;
    if (plan) {
        r->plan = hcb__arena_strndup(&r->arena, plan, strlen(plan));
        if (!r->plan)
            return hcb__nomem(ctx);
    }
    hcb_status status = hcb__plan_folder_read(folder, ctx, &r->arena, model, plan);
    if (status != HCB_OK)
        return status;
    int32_t n = model->n_packages + model->n_placements;
    *part = hcb__arena_alloc(&r->arena, (size_t)n, sizeof **part);
    if (!*part)
        return hcb__nomem(ctx);
    for (int32_t q = 0; q < n; q++)
        (*part)[q] = folder->provider[q] != HCB__WAITS                                  ? folder->provider[q]
                     : model->packages[q].placed && folder->replan == HCB__REPLAN_FIXED ? HCB__PART_FIXED
                                                                                        : HCB__PART_OUT;
    return HCB_OK;
}

hcb_status hcb__recommendation_stand(hcb__recommendation *r, hcb_context *ctx, int64_t replan, const int32_t *part,
                                     const hcb__plan_folder *folder) {
    hcb_status status = hcb__alloc_problem_part(&r->problem, ctx, r->model, replan, part);
    if (status != HCB_OK)
        return status;
    int32_t *bin = hcb__arena_alloc(&r->arena, (size_t)r->problem->n_items, sizeof *bin);
    if (!bin)
        return hcb__nomem(ctx);
    for (int32_t i = 0; i < r->problem->n_items; i++) {
        int32_t q = r->problem->package[i];
        bool asked = q == r->package || folder->provider[q] == HCB__WAITS;
        bin[i] = asked ? HCB__WAITS : folder->provider[q];
        if (!asked && hcb__alloc_pair(r->problem, i, bin[i]) < 0)
            return hcb__fail(ctx, HCB_EDATA, "the plan in %s places package %s with provider %s, which may not take it",
                             r->plan, r->model->packages[q].id, r->model->providers[bin[i]].id);
    }
    return hcb__standing_make(&r->standing, ctx, &r->arena, r->problem, bin);
}

hcb_status hcb__recommendation_try(hcb__recommendation *r, hcb_context *ctx, const hcb__travel_table *travel,
                                   int32_t package, int32_t provider, bool *eligible) {
    char code[96];
    int64_t seconds = hcb__travel_seconds(travel, package, provider, NULL);
    int32_t kind = hcb__eligible(r->model, package, provider, seconds, code);
    *eligible = kind == HCB__RULES;
    if (*eligible)
        return HCB_OK;
    char *kept = hcb__arena_strndup(&r->arena, code, strlen(code));
    if (!kept)
        return hcb__nomem(ctx);
    r->left_out[r->n_left_out++] =
        (hcb__left_out){package, provider, hcb__rule_order(r->model->policy, kind, code), kept};
    return HCB_OK;
}

static int compare_left_out(const void *a, const void *b) {
    const hcb__left_out *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    int by_code = strcmp(x->code, y->code);
    if (by_code)
        return by_code;
    if (x->package != y->package)
        return x->package < y->package ? -1 : 1;
    return (x->provider > y->provider) - (x->provider < y->provider);
}

void hcb__recommendation_sort_left_out(hcb__recommendation *r) {
    if (r->n_left_out)
        qsort(r->left_out, (size_t)r->n_left_out, sizeof *r->left_out, compare_left_out);
}

int hcb__compare_changes(const int64_t *a, const int64_t *b, int32_t n_levels) {
    for (int32_t l = 0; l < n_levels; l++)
        if (a[l] != b[l])
            return a[l] < b[l] ? -1 : 1;
    return 0;
}

static int compare_ranks(const void *a, const void *b) {
    const hcb__candidate *x = a, *y = b;
    return (x->choice->rank > y->choice->rank) - (x->choice->rank < y->choice->rank);
}

static hcb_status add_candidate(hcb__recommendation *r, hcb_context *ctx, int32_t item, int64_t pair) {
    const hcb__alloc_problem *problem = r->problem;
    hcb__candidate *c = &r->candidates[r->n_candidates++];
    c->step = (hcb__step){item, pair};
    c->choice = &problem->choices[pair];
    c->room = hcb__standing_room(&r->standing, c->choice->provider);
    c->change = hcb__arena_alloc(&r->arena, (size_t)problem->engine.n_levels, sizeof *c->change);
    if (!c->change || !hcb__standing_lacks(&r->standing, &r->arena, pair, &c->lacks, &c->n_lacks))
        return hcb__nomem(ctx);
    return hcb__standing_change(&r->standing, ctx, &c->step, 1, c->change);
}

/* Changes are told against the best that fits; where nobody fits, against the best of all. */
static void measure_from_best(hcb__recommendation *r) {
    int32_t n_levels = r->problem->engine.n_levels, from = -1;
    for (int32_t c = 0; c < r->n_candidates; c++) {
        const hcb__candidate *x = &r->candidates[c];
        if (x->n_lacks == 0 &&
            (r->best < 0 || hcb__compare_changes(x->change, r->candidates[r->best].change, n_levels) < 0))
            r->best = c;
        if (from < 0 || hcb__compare_changes(x->change, r->candidates[from].change, n_levels) < 0)
            from = c;
    }
    if (r->best >= 0)
        from = r->best;
    for (int32_t l = 0; from >= 0 && l < n_levels; l++) {
        int64_t least = r->candidates[from].change[l];
        for (int32_t c = 0; c < r->n_candidates; c++)
            r->candidates[c].change[l] -= least;
    }
}

static hcb_status rank_providers(hcb__recommendation *r, hcb_context *ctx) {
    const hcb__model *model = r->model;
    const hcb__engine_problem *e = &r->problem->engine;
    int32_t item = 0;
    while (r->problem->package[item] != r->package)
        item++;
    int64_t n = e->pair_start[item + 1] - e->pair_start[item];
    r->candidates = hcb__arena_alloc(&r->arena, (size_t)n, sizeof *r->candidates);
    r->left_out = hcb__arena_alloc(&r->arena, (size_t)model->n_providers, sizeof *r->left_out);
    if (!r->candidates || !r->left_out)
        return hcb__nomem(ctx);
    hcb_status status = HCB_OK;
    for (int64_t c = e->pair_start[item]; c < e->pair_start[item + 1] && status == HCB_OK; c++)
        status = add_candidate(r, ctx, item, c);
    for (int32_t k = 0; k < model->n_providers && status == HCB_OK; k++) {
        bool eligible;
        if (hcb__alloc_pair(r->problem, item, k) < 0)
            status = hcb__recommendation_try(r, ctx, r->problem->travel, r->package, k, &eligible);
    }
    if (status != HCB_OK)
        return status;
    if (r->n_candidates)
        qsort(r->candidates, (size_t)r->n_candidates, sizeof *r->candidates, compare_ranks);
    hcb__recommendation_sort_left_out(r);
    measure_from_best(r);
    return HCB_OK;
}

static hcb_status recommend(hcb__recommendation **out, hcb_context *ctx, const hcb__model *model,
                            const char *package_id, const char *plan) {
    hcb__plan_folder folder;
    int32_t *part;
    hcb_status status = hcb__recommendation_begin(out, ctx, model, plan, &folder, &part);
    if (status != HCB_OK)
        return status;
    hcb__recommendation *r = *out;
    r->package = hcb__idmap_get(&model->package_of_id, package_id, strlen(package_id));
    if (r->package < 0)
        return hcb__fail(ctx, HCB_EINVAL, "package \"%s\" is neither in the queue nor a placement in force",
                         package_id);
    r->provider = folder.provider[r->package];
    part[r->package] = HCB__PART_ALL;
    /* One placement that is to move, while all others stay. */
    bool moves = model->packages[r->package].placed && folder.replan == HCB__REPLAN_FIXED;
    status = hcb__recommendation_stand(r, ctx, moves ? HCB__REPLAN_FREE : folder.replan, part, &folder);
    return status == HCB_OK ? rank_providers(r, ctx) : status;
}

hcb_status hcb__recommend_providers(hcb__recommendation **out, hcb_context *ctx, const hcb__model *model,
                                    const char *package_id, const char *plan) {
    hcb_status status = recommend(out, ctx, model, package_id, plan);
    if (status != HCB_OK) {
        hcb__recommendation_free(*out);
        *out = NULL;
    }
    return status;
}

void hcb__recommendation_free(hcb__recommendation *r) {
    if (!r)
        return;
    hcb__alloc_problem_free(r->problem);
    hcb_allocator mem = r->arena.mem;
    hcb__arena_release(&r->arena);
    hcb__free(&mem, r);
}
