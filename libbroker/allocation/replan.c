/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the levels come to when 0, 1, 2, 5 ... people may change provider. */
#include "allocation/recommend.h"
#include "base/options.h"
#include "base/clock.h"

enum { MOST = 1000000 };

/* Of each step: a curve is many runs, and each begins where the one before ended. */
static const int64_t STEP_WORK = 12000000;

void hcb_replan_options_init(hcb_replan_options *options) {
    hcb__options_init("hcb_replan_options", options);
}

static hcb_status check_steps(hcb_context *ctx, const hcb_replan_options *o) {
    if (o->n_steps && !o->steps)
        return hcb__fail(ctx, HCB_EINVAL, "n_steps is %d, and no steps are given", o->n_steps);
    for (int32_t i = 0; i < o->n_steps; i++) {
        int64_t n = o->steps[i];
        bool free_end = n == HCB_REPLAN_FREE && i == o->n_steps - 1;
        if (!free_end && (n < 0 || n > MOST || (i && n <= o->steps[i - 1])))
            return hcb__fail(
                ctx, HCB_EINVAL,
                "step %lld: steps are numbers of people from 0 to %d, ascending; only the last may be free",
                (long long)n, MOST);
    }
    return HCB_OK;
}

/* 0, 1, 2, 5, 10, 20, 50 ... below the most, then the most. */
static int32_t default_steps(int64_t most, int64_t steps[32]) {
    static const int64_t leading[3] = {1, 2, 5};
    int32_t n = 0;
    if (most > 0)
        steps[n++] = 0;
    for (int64_t power = 1; power < most; power *= 10)
        for (int i = 0; i < 3 && leading[i] * power < most; i++)
            steps[n++] = leading[i] * power;
    steps[n++] = most;
    return n;
}

/* Whether the plan `a` has is no worse than that of `b`, level by level. */
static bool no_worse(const hcb_allocation *a, const hcb_allocation *b) {
    for (int32_t l = 0; l < a->problem->engine.n_levels; l++)
        if (a->best[l] != b->best[l])
            return a->best[l] < b->best[l];
    return true;
}

/* The plan of the step before holds under the next number too; under `free` the policy's own limit counts. */
static bool plan_carries_over(const hcb_allocation *before, int64_t replan) {
    int64_t limit = before->problem->model->policy->moves_limit;
    return replan != HCB_REPLAN_FREE || limit < 0 || before->summary.moved <= limit;
}

static hcb_status make_point(hcb__replan_curve *curve, hcb_context *ctx, const hcb_workspace *workspace,
                             hcb_allocation_options o, int64_t replan, int32_t steps_left, double began) {
    const hcb_allocation *before = curve->n_points ? curve->points[curve->n_points - 1].plan : NULL;
    const int32_t *start = before && plan_carries_over(before, replan) ? before->bin : NULL;
    o.method = HCB_METHOD_OPTIMAL;
    o.replan = replan;
    o.work_limit = o.work_limit ? o.work_limit : STEP_WORK;
    if (o.time_limit_s > 0) {
        double left = o.time_limit_s - o.time_used_s - (hcb__now() - began);
        o.time_limit_s = left > 0 ? left / steps_left : 0.001;
        o.time_used_s = 0;
    }
    hcb__replan_point *point = &curve->points[curve->n_points];
    point->replan = replan;
    hcb_status status = hcb__allocation_solve(&point->allocation, ctx, workspace, &o, start);
    if (status != HCB_OK)
        return status;
    curve->n_points++;
    point->plan = start && !no_worse(point->allocation, before) ? before : point->allocation;
    return HCB_OK;
}

hcb_status hcb__replan_curve_make(hcb__replan_curve **out, hcb_context *ctx, const hcb_workspace *workspace,
                                  const hcb_replan_options *o) {
    *out = NULL;
    double began = hcb__now();
    hcb_status status = check_steps(ctx, o);
    if (status != HCB_OK)
        return status;
    int64_t made[32];
    int32_t n = o->n_steps ? o->n_steps : default_steps(o->most, made);
    const int64_t *steps = o->n_steps ? o->steps : made;
    hcb__replan_curve *curve = hcb__calloc(&ctx->mem, 1, sizeof *curve);
    if (!curve)
        return hcb__nomem(ctx);
    curve->mem = ctx->mem;
    curve->points = hcb__calloc(&ctx->mem, (size_t)n, sizeof *curve->points);
    status = curve->points ? HCB_OK : hcb__nomem(ctx);
    for (int32_t i = 0; i < n && status == HCB_OK; i++)
        status = make_point(curve, ctx, workspace, o->allocation, steps[i], n - i, began);
    if (status != HCB_OK) {
        hcb__replan_curve_free(curve);
        return status;
    }
    *out = curve;
    return HCB_OK;
}

void hcb__replan_curve_free(hcb__replan_curve *curve) {
    if (!curve)
        return;
    for (int32_t i = 0; curve->points && i < curve->n_points; i++)
        hcb_allocation_free(curve->points[i].allocation);
    hcb_allocator mem = curve->mem;
    hcb__free(&mem, curve->points);
    hcb__free(&mem, curve);
}
