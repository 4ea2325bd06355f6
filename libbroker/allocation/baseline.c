/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What going down the list would do with the same data, beside a plan: what optimising is worth. */
#include "allocation/allocation.h"
#include "hcbroker/recommend.h"

static hcb_status add_baseline(hcb_allocation *a, hcb_context *ctx) {
    const hcb__alloc_problem *problem = a->problem;
    hcb__arena *arena = &a->problem->arena;
    hcb__baseline *baseline = hcb__arena_alloc(arena, 1, sizeof *baseline);
    int32_t *bin = hcb__arena_alloc(arena, (size_t)problem->n_items, sizeof *bin);
    if (!baseline || !bin)
        return hcb__nomem(ctx);
    baseline->values = hcb__arena_alloc(arena, (size_t)problem->engine.n_levels, sizeof *baseline->values);
    if (!baseline->values)
        return hcb__nomem(ctx);
    hcb_status status = hcb__sequential(bin, ctx, problem);
    if (status != HCB_OK)
        return status;
    if (!hcb__plan_values(&problem->engine, bin, baseline->values))
        return hcb__fail(ctx, HCB_ELIMIT, "the value of a level passes 64 bits");
    hcb__plan_totals(&baseline->totals, problem, bin);
    a->baseline = baseline;
    return HCB_OK;
}

hcb_status hcb_allocation_add_baseline(hcb_allocation *allocation, hcb_context *ctx) {
    if (!allocation || !ctx)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK || allocation->baseline)
        return status == HCB_OK ? hcb__end(ctx, HCB_OK) : status;
    return hcb__end(ctx, add_baseline(allocation, ctx));
}
