/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/run.h"

#include <string.h>

#include "scenario/changes_apply.h"

/* What a run's figures depend on beyond its data. A new way to make a figure needs a new number here: what a stopped
 * sweep left behind is then no longer taken over. */
static const char recipe[] = "hcbroker scenario 1";

static void resolve_options(hcb_allocation_options *out, const hcb__scenario *s,
                            const hcb_allocation_options *defaults) {
    *out = *defaults;
    if (s->method != HCB__NOT_CHANGED)
        out->method = s->method;
    if (s->replan != HCB__NOT_CHANGED)
        out->replan = s->replan;
    else if (s->tender)
        out->replan = HCB_REPLAN_FREE;
    if (s->work_limit >= 0)
        out->work_limit = s->work_limit;
    if (s->gap >= 0)
        out->gap = s->gap;
    if (s->seed >= 0)
        out->seed = (uint64_t)s->seed;
}

static void hash_numbers(hcb__sha256 *sha, const int64_t *numbers, size_t n) {
    hcb__sha256_add(sha, numbers, n * sizeof *numbers);
}

static void make_hash(hcb__outcome *o) {
    const hcb__scenario *s = o->scenario;
    const hcb_allocation_options *a = &o->options;
    hcb__sha256 sha;
    hcb__sha256_init(&sha);
    hcb__sha256_add(&sha, recipe, sizeof recipe);
    hcb__sha256_add(&sha, hcb_version(), strlen(hcb_version()) + 1);
    hcb__sha256_add(&sha, o->model->inputs_sha256, sizeof o->model->inputs_sha256);
    const int64_t numbers[] = {
        a->method,          a->replan,         a->work_limit,     (int64_t)a->seed,     s->tender,
        s->lots.given,      s->refusing,       s->costs.pay.wage, s->costs.pay.on_cost, s->costs.pay.per_mile,
        s->costs.pay.speed, s->costs.overhead, s->budget.years};
    hash_numbers(&sha, numbers, sizeof numbers / sizeof *numbers);
    hcb__sha256_add(&sha, &a->gap, sizeof a->gap);
    hcb__sha256_add(&sha, &a->time_limit_s, sizeof a->time_limit_s);
    hash_numbers(&sha, s->budget.growth, (size_t)s->budget.years);
    hash_numbers(&sha, s->budget.inflation, (size_t)s->budget.years);
    hash_numbers(&sha, s->budget.savings, (size_t)s->budget.years);
    /* The canonical data have where everybody is, not the zones' shapes. */
    for (int32_t z = 0; z < o->model->zones->n_zones; z++) {
        double area = hcb__polygon_area(&o->model->zones->zones[z].polygon);
        hcb__sha256_add(&sha, &area, sizeof area);
    }
    hcb__sha256_add(&sha, s->name, strlen(s->name) + 1);
    hcb__sha256_add(&sha, s->budget.first, strlen(s->budget.first) + 1);
    hcb__sha256_hex(&sha, o->hash);
}

hcb_status hcb__outcome_prepare(hcb__outcome **out, hcb_context *ctx, const hcb__scenario *scenario, const char *shown,
                                const hcb_allocation_options *defaults) {
    *out = NULL;
    hcb__outcome *o = hcb__calloc(&ctx->mem, 1, sizeof *o);
    if (!o)
        return hcb__nomem(ctx);
    hcb__arena_init(&o->arena, &ctx->mem);
    o->scenario = scenario;
    resolve_options(&o->options, scenario, defaults);
    hcb__model *model = NULL;
    hcb_status status = hcb__scenario_model(&model, ctx, scenario, shown, o->options.seed);
    if (status == HCB_OK)
        status = hcb__workspace_wrap(&o->workspace, ctx, model);
    if (status != HCB_OK) {
        hcb__outcome_free(o);
        return status;
    }
    o->model = model;
    make_hash(o);
    *out = o;
    return HCB_OK;
}

hcb_status hcb__outcome_run(hcb__outcome *o, hcb_context *ctx) {
    hcb_allocation *plan = NULL;
    hcb_status status = hcb__allocation_solve(&plan, ctx, o->workspace, &o->options, NULL);
    if (status != HCB_OK)
        return status;
    o->outcome = plan->summary.outcome;
    o->stop = plan->summary.stop;
    status = hcb__outcome_figures(o, ctx, plan);
    if (status == HCB_OK && !hcb__budget_project(o->budget, &o->scenario->budget, o->total[HCB__T_COST]))
        status = hcb__fail(ctx, HCB_ELIMIT, "the budget of \"%s\" passes 64 bits", o->scenario->name);
    hcb_allocation_free(plan);
    return status;
}

hcb_status hcb__outcome_warn(const hcb__outcome *o, hcb_context *ctx) {
    hcb__alloc_problem *problem = NULL;
    hcb_status status = hcb__alloc_problem_create(&problem, ctx, o->model, o->options.replan);
    hcb__alloc_problem_free(problem);
    return status;
}

void hcb__outcome_free(hcb__outcome *o) {
    if (!o)
        return;
    hcb_workspace_free(o->workspace);
    hcb_allocator mem = o->arena.mem;
    hcb__arena_release(&o->arena);
    hcb__free(&mem, o);
}
