/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "allocation/allocation.h"
#include "base/clock.h"
#include "base/options.h"

typedef struct job {
    const hcb__engine_problem *problem;
    hcb__engine_options options;
    const hcb_allocator *mem;
    hcb__engine_answer *answer;
    hcb_status status;
    char message[256];
} job;

static void run_engine(hcb__worker *worker, void *payload) {
    job *j = payload;
    j->status = hcb__engine_solve(&j->answer, j->mem, j->problem, &j->options, worker, j->message);
}

static int32_t cores(void) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : (int32_t)n;
}

hcb_status hcb__run_engine(hcb__engine_answer **out, hcb_context *ctx, const hcb_allocator *mem,
                           const hcb__engine_problem *problem, const hcb_allocation_options *o, double began) {
    job j = {.problem = problem, .mem = mem};
    *out = NULL;
    j.options.time_limit_s = o->time_limit_s;
    if (o->time_limit_s > 0) {
        /* One deadline for the whole call: what building took is gone, but the engine always gets a moment. */
        double left = o->time_limit_s - o->time_used_s - (hcb__now() - began);
        j.options.time_limit_s = left > 0.001 ? left : 0.001;
    }
    j.options.work_limit = o->work_limit;
    j.options.gap = o->gap;
    j.options.seed = o->seed;
    j.options.threads = o->threads ? o->threads : cores();
    bool stopped = false;
    hcb_status status = hcb__worker_run(ctx, run_engine, &j, &stopped);
    if (status != HCB_OK)
        return status;
    if (j.status == HCB_ENOMEM)
        return hcb__nomem(ctx);
    if (j.status != HCB_OK)
        return hcb__fail(ctx, j.status, "%s", j.message);
    *out = j.answer;
    return HCB_OK;
}

static hcb_status solve_optimal(hcb_allocation *a, hcb_context *ctx, double began) {
    hcb_status status = hcb__run_engine(&a->answer, ctx, &a->mem, &a->problem->engine, &a->options, began);
    if (status != HCB_OK)
        return status;
    a->bin = a->answer->bin;
    for (int32_t l = 0; l < a->problem->engine.n_levels; l++) {
        a->best[l] = a->answer->levels[l].best;
        a->frozen[l] = a->answer->levels[l].frozen;
    }
    return HCB_OK;
}

static hcb_status solve_sequential(hcb_allocation *a, hcb_context *ctx) {
    a->own_bin = hcb__malloc(&a->mem, (size_t)a->problem->n_items * sizeof *a->own_bin);
    if (!a->own_bin)
        return hcb__nomem(ctx);
    a->bin = a->own_bin;
    return hcb__sequential(a->own_bin, ctx, a->problem);
}

static void summarise(hcb_allocation *a) {
    const hcb__alloc_problem *problem = a->problem;
    const hcb__model *model = problem->model;
    hcb_allocation_summary *s = &a->summary;
    s->struct_size = sizeof *s;
    s->method = a->options.method;
    s->packages = problem->n_items;
    s->placements_fixed = problem->replan == HCB__REPLAN_FIXED ? model->n_placements : 0;
    hcb__totals t;
    hcb__plan_totals(&t, problem, a->bin);
    s->placed = t.placed;
    s->waiting = t.waiting;
    s->moved = t.moved;
    s->carer_minutes_placed = t.minutes_placed;
    s->carer_minutes_waiting = t.minutes_waiting;
    s->weekly_cost_pence = t.pence;
    s->travel_seconds = t.seconds;
    /* The run's stop is the worst of its levels'; the levels' figures must stand by now. */
    s->outcome = HCB_OUTCOME_FEASIBLE;
    s->stop = HCB_STOP_PROVED;
    for (int32_t l = 0; a->answer && l < problem->engine.n_levels; l++) {
        hcb_allocation_level level = {.struct_size = sizeof level};
        if (hcb_allocation_level_at(a, l, &level) == HCB_OK && level.stop > s->stop)
            s->stop = level.stop;
    }
    if (a->answer && s->stop == HCB_STOP_PROVED)
        s->outcome = HCB_OUTCOME_OPTIMAL;
}

/* No plan leaves without having been counted again: it uses choices that exist, holds every row, and is worth what the
 * engine says. */
static hcb_status recount(const hcb_allocation *a, hcb_context *ctx) {
    const hcb__engine_problem *e = &a->problem->engine;
    for (int32_t i = 0; i < e->n_items; i++)
        if (a->bin[i] != HCB__WAITS && hcb__alloc_pair(a->problem, i, a->bin[i]) < 0)
            return hcb__fail(ctx, HCB_EINTERNAL, "the plan places %s where it may not go",
                             a->problem->model->packages[a->problem->package[i]].id);
    int64_t *loads = hcb__calloc(&ctx->mem, (size_t)e->n_rows, sizeof *loads);
    if (!loads)
        return hcb__nomem(ctx);
    hcb_status status = HCB_OK;
    hcb__plan_loads(e, a->bin, loads);
    for (int32_t r = 0; r < e->n_rows && status == HCB_OK; r++)
        if (loads[r] > e->row_limit[r])
            status = hcb__fail(ctx, HCB_EINTERNAL, "the plan breaks the limit %s", a->problem->rows[r].name);
    for (int32_t l = 0; a->answer && l < e->n_levels && status == HCB_OK; l++)
        if (a->answer->levels[l].value != a->values[l])
            status = hcb__fail(ctx, HCB_EINTERNAL, "the level %s is not worth what the engine says", e->levels[l].name);
    hcb__free(&ctx->mem, loads);
    return status;
}

static hcb_status solve(hcb_allocation *a, hcb_context *ctx, const int32_t *start, double began) {
    hcb_status status = hcb__alloc_problem_create(&a->problem, ctx, a->workspace->model, a->options.replan);
    if (status != HCB_OK)
        return status;
    if (start)
        a->problem->engine.start = start;
    int32_t n_levels = a->problem->engine.n_levels;
    a->values = hcb__arena_alloc(&a->problem->arena, (size_t)n_levels, sizeof *a->values);
    a->best = hcb__arena_alloc(&a->problem->arena, (size_t)n_levels, sizeof *a->best);
    a->frozen = hcb__arena_alloc(&a->problem->arena, (size_t)n_levels, sizeof *a->frozen);
    if (!a->values || !a->best || !a->frozen)
        return hcb__nomem(ctx);
    status = a->options.method == HCB_METHOD_OPTIMAL ? solve_optimal(a, ctx, began) : solve_sequential(a, ctx);
    if (status != HCB_OK)
        return status;
    bool fits = hcb__plan_values(&a->problem->engine, a->bin, a->values);
    for (int32_t l = 0; fits && !a->answer && l < n_levels; l++) {
        a->best[l] = a->values[l];
        fits = hcb__plan_frozen(&a->problem->engine.levels[l], a->values[l], &a->frozen[l]);
    }
    if (!fits)
        return hcb__fail(ctx, HCB_ELIMIT, "the value of a level passes 64 bits");
    status = recount(a, ctx);
    if (status == HCB_OK && a->answer)
        status = hcb__confirm_bounds(a, ctx);
    if (status != HCB_OK)
        return status;
    summarise(a);
    return hcb__waiting_reasons(a, ctx);
}

hcb_status hcb__allocation_solve(hcb_allocation **out, hcb_context *ctx, const hcb_workspace *workspace,
                                 const hcb_allocation_options *o, const int32_t *start) {
    *out = NULL;
    double began = hcb__now();
    hcb_status status = HCB_OK;
    hcb_allocation *a = hcb__calloc(&ctx->mem, 1, sizeof *a);
    if (!a)
        return hcb__nomem(ctx);
    a->mem = ctx->mem;
    a->workspace = hcb__workspace_retain(workspace);
    a->options = *o;
    a->options.policy_name = NULL;
    if (o->policy_name) {
        a->policy_name = hcb__strndup(&a->mem, o->policy_name, strlen(o->policy_name));
        if (!a->policy_name)
            status = hcb__nomem(ctx);
    }
    if (status == HCB_OK)
        status = solve(a, ctx, start, began);
    if (status != HCB_OK) {
        hcb_allocation_free(a);
        return status;
    }
    a->problem->engine.start = a->problem->start;
    a->summary.seconds = hcb__now() - began;
    hcb__log(ctx, HCB_LOG_INFO, "allocation", "%lld packages: %lld placed, %lld wait", (long long)a->summary.packages,
             (long long)a->summary.placed, (long long)a->summary.waiting);
    *out = a;
    return HCB_OK;
}

hcb_status hcb_allocation_solve(hcb_allocation **out, hcb_context *ctx, const hcb_workspace *workspace,
                                const hcb_allocation_options *options) {
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    if (!workspace)
        return hcb__end(ctx, hcb__fail(ctx, HCB_EINVAL, "no workspace was given"));
    hcb_allocation_options o;
    status = hcb__options_take(ctx, &o, "hcb_allocation_options", options);
    if (status == HCB_OK)
        status = hcb__allocation_solve(out, ctx, workspace, &o, NULL);
    if (status == HCB_OK)
        status = hcb__allocation_columns(*out, ctx);
    if (status != HCB_OK) {
        hcb_allocation_free(*out);
        *out = NULL;
    }
    return hcb__end(ctx, status);
}

void hcb_allocation_free(hcb_allocation *allocation) {
    if (!allocation)
        return;
    hcb_allocator mem = allocation->mem;
    hcb__engine_answer_free(allocation->answer);
    hcb__alloc_problem_free(allocation->problem);
    hcb_workspace_free(allocation->workspace);
    hcb__free(&mem, allocation->own_bin);
    hcb__free(&mem, allocation->policy_name);
    hcb__free(&mem, allocation);
}
