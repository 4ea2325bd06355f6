/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "allocation/problem.h"

#include <stdlib.h>
#include <string.h>

static hcb_status collect_items(hcb__alloc_problem *problem, hcb_context *ctx) {
    const hcb__model *model = problem->model;
    int32_t total = model->n_packages + model->n_placements;
    problem->package = hcb__arena_alloc(&problem->arena, (size_t)total, sizeof *problem->package);
    if (!problem->package)
        return hcb__nomem(ctx);
    /* The queue and the placements are each sorted by id: merge them. */
    int32_t q = 0, s = model->n_packages;
    int32_t end = problem->replan == HCB__REPLAN_FIXED ? s : total;
    while (q < model->n_packages || s < end) {
        bool queue =
            s == end || (q < model->n_packages && hcb__compare_ids(model->packages[q].id, model->packages[s].id) < 0);
        int32_t package = queue ? q++ : s++;
        if (!problem->part || problem->part[package] >= HCB__PART_ALL)
            problem->package[problem->n_items++] = package;
    }
    return HCB_OK;
}

/* Counting sort of the coverage rows by zone. */
static bool index_by_zone(hcb__alloc_problem *problem) {
    const hcb__model *model = problem->model;
    int32_t n_zones = model->zones->n_zones;
    int32_t *start = hcb__arena_alloc(&problem->arena, (size_t)n_zones + 2, sizeof *start);
    int32_t *rows = hcb__arena_alloc(&problem->arena, (size_t)model->n_coverage, sizeof *rows);
    if (!start || !rows)
        return false;
    for (int32_t i = 0; i < model->n_coverage; i++)
        start[model->coverage[i].zone + 2]++;
    for (int32_t z = 0; z < n_zones; z++)
        start[z + 2] += start[z + 1];
    for (int32_t i = 0; i < model->n_coverage; i++)
        rows[start[model->coverage[i].zone + 1]++] = i;
    problem->zone_start = start;
    problem->zone_coverage = rows;
    return true;
}

static bool choice_of(const hcb__alloc_problem *problem, int32_t package, const hcb__coverage *coverage,
                      hcb__choice *out) {
    const hcb__model *model = problem->model;
    if (problem->part && problem->part[package] >= 0 && problem->part[package] != coverage->provider)
        return false;
    char code[96];
    out->provider = coverage->provider;
    out->tier = coverage->tier;
    out->seconds = hcb__travel_seconds(problem->travel, package, coverage->provider, &out->fallback);
    if (hcb__eligible(model, package, coverage->provider, out->seconds, code) != HCB__RULES)
        return false;
    out->price = hcb__model_price(model, package, coverage->provider);
    return hcb__weekly_pence(model->packages[package].carer_minutes, out->price, &out->weekly_pence);
}

static hcb_status collect_choices(hcb__alloc_problem *problem, hcb_context *ctx) {
    const hcb__model *model = problem->model;
    int64_t *starts = hcb__arena_alloc(&problem->arena, (size_t)problem->n_items + 1, sizeof *starts);
    if (!starts || !index_by_zone(problem))
        return hcb__nomem(ctx);
    HCB__VEC(hcb__choice) choices = {0};
    for (int32_t i = 0; i < problem->n_items; i++) {
        int32_t zone = model->packages[problem->package[i]].zone;
        for (int32_t c = problem->zone_start[zone]; c < problem->zone_start[zone + 1]; c++) {
            hcb__choice choice = {0};
            if (choice_of(problem, problem->package[i], &model->coverage[problem->zone_coverage[c]], &choice) &&
                !HCB__PUSH(&ctx->mem, &choices, choice)) {
                HCB__VEC_FREE(&ctx->mem, &choices);
                return hcb__nomem(ctx);
            }
        }
        starts[i + 1] = (int64_t)choices.count;
    }
    int32_t *bins = hcb__arena_alloc(&problem->arena, choices.count, sizeof *bins);
    problem->choices = hcb__arena_alloc(&problem->arena, choices.count, sizeof *problem->choices);
    bool ok = bins && problem->choices;
    if (ok) {
        if (choices.count)
            memcpy(problem->choices, choices.at, choices.count * sizeof *choices.at);
        for (size_t c = 0; c < choices.count; c++)
            bins[c] = choices.at[c].provider;
    }
    HCB__VEC_FREE(&ctx->mem, &choices);
    problem->engine.pair_start = starts;
    problem->engine.pair_bin = bins;
    return ok ? HCB_OK : hcb__nomem(ctx);
}

static hcb_status place_start(hcb__alloc_problem *problem, hcb_context *ctx) {
    problem->start = hcb__arena_alloc(&problem->arena, (size_t)problem->n_items, sizeof *problem->start);
    if (!problem->start)
        return hcb__nomem(ctx);
    for (int32_t i = 0; i < problem->n_items; i++) {
        const hcb__package *p = &problem->model->packages[problem->package[i]];
        bool stays = p->placed && hcb__alloc_pair(problem, i, p->provider) >= 0;
        problem->start[i] = stays ? p->provider : HCB__WAITS;
    }
    return HCB_OK;
}

int64_t hcb__alloc_pair(const hcb__alloc_problem *problem, int32_t item, int32_t provider) {
    const hcb__engine_problem *e = &problem->engine;
    int64_t low = e->pair_start[item], high = e->pair_start[item + 1];
    while (low < high) {
        int64_t mid = (low + high) / 2;
        if (e->pair_bin[mid] < provider)
            low = mid + 1;
        else
            high = mid;
    }
    return low < e->pair_start[item + 1] && e->pair_bin[low] == provider ? low : -1;
}

void hcb__choice_today(const hcb__alloc_problem *problem, int32_t package, hcb__choice *out) {
    const hcb__model *model = problem->model;
    const hcb__package *p = &model->packages[package];
    const hcb__coverage *coverage = hcb__model_coverage(model, p->provider, p->zone);
    memset(out, 0, sizeof *out);
    out->provider = p->provider;
    out->tier = coverage ? coverage->tier : -1;
    out->seconds = hcb__travel_seconds(problem->travel, package, p->provider, &out->fallback);
    int64_t price = coverage ? hcb__model_price(model, package, p->provider) : -1;
    out->price = price > 0 ? price : 0;
    if (!hcb__weekly_pence(p->carer_minutes, out->price, &out->weekly_pence))
        out->weekly_pence = 0;
}

hcb_status hcb__alloc_problem_create(hcb__alloc_problem **out, hcb_context *ctx, const hcb__model *model,
                                     int64_t replan) {
    return hcb__alloc_problem_part(out, ctx, model, replan, NULL);
}

hcb_status hcb__alloc_problem_part(hcb__alloc_problem **out, hcb_context *ctx, const hcb__model *model, int64_t replan,
                                   const int32_t *part) {
    *out = NULL;
    hcb__alloc_problem *problem = hcb__calloc(&ctx->mem, 1, sizeof *problem);
    if (!problem)
        return hcb__nomem(ctx);
    hcb__arena_init(&problem->arena, &ctx->mem);
    problem->model = model;
    problem->part = part;
    problem->replan = replan;
    problem->moves_limit = replan >= 0 ? replan : replan == HCB__REPLAN_FREE ? model->policy->moves_limit : -1;
    hcb_status status = hcb__travel_table_create(&problem->travel, &ctx->mem, model);
    if (status != HCB_OK)
        status = hcb__nomem(ctx);
    if (status == HCB_OK)
        status = collect_items(problem, ctx);
    if (status == HCB_OK)
        status = collect_choices(problem, ctx);
    if (status == HCB_OK)
        status = place_start(problem, ctx);
    if (status == HCB_OK)
        status = hcb__alloc_rows(problem, ctx);
    if (status == HCB_OK)
        status = hcb__alloc_levels(problem, ctx);
    if (status != HCB_OK) {
        hcb__alloc_problem_free(problem);
        return status;
    }
    problem->engine.n_items = problem->n_items;
    problem->engine.n_bins = model->n_providers;
    problem->engine.start = problem->start;
    *out = problem;
    return HCB_OK;
}

void hcb__alloc_problem_free(hcb__alloc_problem *problem) {
    if (!problem)
        return;
    hcb__travel_table_free(problem->travel);
    hcb_allocator mem = problem->arena.mem;
    hcb__arena_release(&problem->arena);
    hcb__free(&mem, problem);
}
