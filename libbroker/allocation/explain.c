/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of an explanation: the plan, the reason, what would help. */
#include "allocation/explain.h"

#include <string.h>

#include "allocation/recommend.h"
#include "base/clock.h"

/* Of what is solved again, the plan apart: about a second. */
static const int64_t DEFAULT_WORK = 4000000;

/* The plan at hand as bins of the problem; from here on by package too. */
static hcb_status keep_plan(hcb__explanation *x, const int32_t *bin) {
    const hcb__alloc_problem *problem = x->problem;
    int32_t n = x->model->n_packages + x->model->n_placements;
    for (int32_t q = 0; q < n; q++)
        x->provider_of[q] = x->model->packages[q].placed ? x->model->packages[q].provider : HCB__WAITS;
    for (int32_t i = 0; i < problem->n_items; i++) {
        x->bin[i] = bin[i];
        x->provider_of[problem->package[i]] = bin[i];
    }
    hcb__plan_loads(&problem->engine, x->bin, x->loads);
    return hcb__plan_values(&problem->engine, x->bin, x->values)
               ? HCB_OK
               : hcb__fail(x->ctx, HCB_ELIMIT, "the value of a level passes 64 bits");
}

static hcb_status make_room(hcb__explanation *x) {
    size_t levels = (size_t)x->problem->engine.n_levels, items = (size_t)x->problem->n_items;
    size_t packages = (size_t)x->model->n_packages + (size_t)x->model->n_placements;
    x->bin = hcb__arena_alloc(&x->arena, items, sizeof *x->bin);
    x->provider_of = hcb__arena_alloc(&x->arena, packages, sizeof *x->provider_of);
    x->values = hcb__arena_alloc(&x->arena, levels, sizeof *x->values);
    x->best = hcb__arena_alloc(&x->arena, levels, sizeof *x->best);
    x->frozen = hcb__arena_alloc(&x->arena, levels, sizeof *x->frozen);
    x->loads = hcb__arena_alloc(&x->arena, (size_t)x->problem->n_rows, sizeof *x->loads);
    x->item = -1;
    for (int32_t i = 0; i < x->problem->n_items; i++)
        if (x->problem->package[i] == x->package)
            x->item = i;
    return x->bin && x->provider_of && x->values && x->best && x->frozen && x->loads ? HCB_OK : hcb__nomem(x->ctx);
}

static hcb_status solve_plan(hcb__explanation *x, const hcb_workspace *workspace) {
    hcb_allocation_options o = x->options;
    o.method = HCB_METHOD_OPTIMAL;
    hcb_status status = hcb__allocation_solve(&x->solved, x->ctx, workspace, &o, NULL);
    if (status != HCB_OK)
        return status;
    x->problem = x->solved->problem;
    status = make_room(x);
    if (status != HCB_OK)
        return status;
    for (int32_t l = 0; l < x->problem->engine.n_levels; l++) {
        x->best[l] = x->solved->best[l];
        x->waiting_proved = x->waiting_proved || (l == 0 && x->solved->answer->levels[0].bound == x->best[0]);
        x->frozen[l] = x->solved->frozen[l];
    }
    status = keep_plan(x, x->solved->bin);
    x->was = x->item >= 0 ? x->bin[x->item] : HCB__WAITS;
    return status;
}

/* The plan given, unless the engine betters it. */
static hcb_status better_plan(hcb__explanation *x, const int32_t *given) {
    hcb_status status = keep_plan(x, given);
    if (status != HCB_OK)
        return status;
    x->was = x->item >= 0 ? given[x->item] : HCB__WAITS;
    if (!hcb__explain_holds(x, x->problem, given))
        return hcb__fail(x->ctx, HCB_EDATA, "the plan in %s breaks a limit of the workspace; see hcbroker verify",
                         x->plan);
    hcb__ask q = {.problem = x->problem,
                  .start = x->bin,
                  .item = -1,
                  .wish = HCB__ASK_FREE,
                  .other = -1,
                  .n_levels = x->problem->engine.n_levels};
    hcb__told told;
    status = hcb__explain_ask(&told, x, &q);
    if (status != HCB_OK)
        return status;
    for (int32_t l = 0; l < x->problem->engine.n_levels; l++) {
        x->best[l] = told.answer ? told.level[l].best : x->values[l];
        x->waiting_proved = x->waiting_proved || (l == 0 && told.answer && told.level[0].bound == x->best[0]);
        if (told.answer)
            x->frozen[l] = told.level[l].frozen;
        else if (!hcb__plan_frozen(&x->problem->engine.levels[l], x->values[l], &x->frozen[l]))
            status = hcb__fail(x->ctx, HCB_ELIMIT, "the value of a level passes 64 bits");
        x->bettered = x->bettered || x->values[l] > x->frozen[l];
    }
    if (status == HCB_OK && x->bettered)
        status = keep_plan(x, told.bin);
    hcb__told_free(&told);
    return status;
}

static hcb_status read_plan(hcb__explanation *x) {
    hcb__plan_folder folder;
    hcb_status status = hcb__plan_folder_read(&folder, x->ctx, &x->arena, x->model, x->plan);
    if (status == HCB_OK)
        status = hcb__alloc_problem_create(&x->problem, x->ctx, x->model, folder.replan);
    if (status == HCB_OK)
        status = make_room(x);
    if (status != HCB_OK)
        return status;
    x->options.replan = folder.replan;
    int32_t *given = hcb__arena_alloc(&x->arena, (size_t)x->problem->n_items, sizeof *given);
    if (!given)
        return hcb__nomem(x->ctx);
    for (int32_t i = 0; i < x->problem->n_items; i++) {
        int32_t q = x->problem->package[i];
        given[i] = folder.provider[q];
        if (given[i] != HCB__WAITS && hcb__alloc_pair(x->problem, i, given[i]) < 0)
            return hcb__fail(x->ctx, HCB_EDATA, "the plan in %s has package %s with %s, which may not take it", x->plan,
                             x->model->packages[q].id, x->model->providers[given[i]].id);
    }
    return better_plan(x, given);
}

static bool may_go_somewhere(const hcb__explanation *x) {
    const int64_t *start = x->problem->engine.pair_start;
    return start[x->item + 1] > start[x->item];
}

static hcb_status explain(hcb__explanation *x, bool whatifs) {
    hcb_status status = hcb__explain_rules(x);
    if (status != HCB_OK)
        return status;
    if (x->item < 0) {
        x->kind = HCB__EXPLAIN_STAYS;
        return HCB_OK;
    }
    bool waits = x->bin[x->item] == HCB__WAITS;
    if (!waits)
        x->kind = x->was == HCB__WAITS ? HCB__EXPLAIN_PLAN : HCB__EXPLAIN_PLACED;
    else if (!may_go_somewhere(x))
        x->kind = HCB__EXPLAIN_RULE;
    else
        status = hcb__explain_waiting(x);
    if (status == HCB_OK && (!waits || x->asked >= 0))
        status = hcb__explain_rivals(x);
    if (status == HCB_OK && x->kind == HCB__EXPLAIN_CAPACITY)
        status = hcb__explain_remedies(x);
    if (status == HCB_OK && waits && whatifs) {
        status = hcb__explain_whatifs(x);
        if (status == HCB_OK)
            status = hcb__explain_swaps(x);
    }
    return status;
}

static hcb_status find_ids(hcb__explanation *x, const char *package_id, const char *provider_id) {
    x->package = hcb__idmap_get(&x->model->package_of_id, package_id, strlen(package_id));
    x->asked = -1;
    if (x->package < 0)
        return hcb__fail(x->ctx, HCB_EINVAL, "package \"%s\" is neither waiting nor placed in this workspace",
                         package_id);
    if (provider_id) {
        x->asked = hcb__idmap_get(&x->model->provider_of_id, provider_id, strlen(provider_id));
        if (x->asked < 0)
            return hcb__fail(x->ctx, HCB_EINVAL, "provider \"%s\" is not known in this workspace", provider_id);
    }
    return HCB_OK;
}

hcb_status hcb__explain_create(hcb__explanation **out, hcb_context *ctx, const hcb_workspace *workspace,
                               const char *package_id, const hcb_explain_options *options) {
    *out = NULL;
    hcb__explanation *x = hcb__calloc(&ctx->mem, 1, sizeof *x);
    if (!x)
        return hcb__nomem(ctx);
    hcb__arena_init(&x->arena, &ctx->mem);
    x->ctx = ctx;
    x->model = workspace->model;
    x->options = options->plan_options;
    x->plan = options->plan;
    x->began = hcb__now();
    x->work_left = x->options.work_limit ? x->options.work_limit : DEFAULT_WORK;
    x->level = -1;
    hcb_context_options scratch = {.struct_size = sizeof scratch, .allocator = &ctx->mem, .cancel = ctx->cancel};
    hcb_status status = hcb_context_create(&x->scratch, &scratch);
    if (status == HCB_OK)
        status = find_ids(x, package_id, options->provider_id);
    if (status == HCB_OK)
        status = x->plan ? read_plan(x) : solve_plan(x, workspace);
    if (status == HCB_OK)
        status = explain(x, options->counterfactuals != 0);
    if (status != HCB_OK) {
        hcb__explain_free(x);
        return status == HCB_ENOMEM ? hcb__nomem(ctx) : status;
    }
    *out = x;
    return HCB_OK;
}

void hcb__explain_free(hcb__explanation *x) {
    if (!x)
        return;
    hcb_allocator mem = x->arena.mem;
    if (x->solved)
        hcb_allocation_free(x->solved);
    else
        hcb__alloc_problem_free(x->problem);
    HCB__VEC_FREE(&mem, &x->whatifs);
    hcb_context_free(x->scratch);
    hcb__arena_release(&x->arena);
    hcb__free(&mem, x);
}
