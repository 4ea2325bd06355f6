/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/handle.h"

#include "base/options.h"
#include "base/textbuf.h"

hcb_status hcb__workspace_wrap(hcb_workspace **out, hcb_context *ctx, hcb__model *model) {
    *out = hcb__calloc(&ctx->mem, 1, sizeof **out);
    if (!*out) {
        hcb__model_free(model);
        return hcb__nomem(ctx);
    }
    (*out)->mem = ctx->mem;
    (*out)->model = model;
    atomic_init(&(*out)->references, 1);
    return HCB_OK;
}

hcb_status hcb__workspace_open(hcb_workspace **out, hcb_context *ctx, const char *folder,
                               const hcb_workspace_options *options) {
    hcb_workspace_options o;
    hcb_status status = hcb__options_take(ctx, &o, "hcb_workspace_options", options);
    if (status != HCB_OK)
        return status;
    const hcb__model_options wanted = {.policy = o.policy, .strict = o.strict != 0};
    hcb__model *model = NULL;
    status = hcb__model_load(&model, ctx, folder, &wanted);
    if (status == HCB_OK)
        hcb__log(ctx, HCB_LOG_INFO, "model", "%s: %d packages, %d providers, %d zones", folder, model->n_packages,
                 model->n_providers, model->zones->n_zones);
    return status == HCB_OK ? hcb__workspace_wrap(out, ctx, model) : status;
}

hcb_status hcb_workspace_load(hcb_workspace **out, hcb_context *ctx, const char *folder,
                              const hcb_workspace_options *options) {
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    if (!folder)
        return hcb__end(ctx, hcb__fail(ctx, HCB_EINVAL, "no folder was given"));
    return hcb__end(ctx, hcb__workspace_open(out, ctx, folder, options));
}

hcb_workspace *hcb__workspace_retain(const hcb_workspace *workspace) {
    /* The count is not part of what is frozen. */
    hcb_workspace *shared = (hcb_workspace *)(uintptr_t)workspace;
    atomic_fetch_add(&shared->references, 1);
    return shared;
}

void hcb_workspace_free(hcb_workspace *workspace) {
    if (!workspace || atomic_fetch_sub(&workspace->references, 1) != 1)
        return;
    hcb__model_free(workspace->model);
    hcb_allocator mem = workspace->mem;
    hcb__free(&mem, workspace);
}

hcb_status hcb_workspace_get_info(const hcb_workspace *workspace, hcb_workspace_info *info) {
    if (!workspace || !info)
        return HCB_EINVAL;
    const hcb__model *m = workspace->model;
    hcb_workspace_info all = {0};
    all.synthetic = m->synthetic;
    all.name = m->name;
    all.inputs_sha256 = m->inputs_sha256;
    all.policy = m->policy->model;
    all.packages = m->n_packages;
    all.placements = m->n_placements;
    all.left_out = m->n_left_out;
    all.providers = m->n_providers;
    all.coverage_rows = m->n_coverage;
    all.zones = m->zones->n_zones;
    all.areas = m->zones->n_areas;
    all.postcodes = m->zones->n_postcodes;
    all.visits = m->n_visits;
    for (int32_t q = 0; q < m->n_packages + m->n_placements; q++)
        *(q < m->n_packages ? &all.queue_carer_minutes : &all.placed_carer_minutes) += m->packages[q].carer_minutes;
    for (int32_t k = 0; k < m->n_providers; k++)
        all.capacity_minutes += m->providers[k].capacity;
    all.crs_operation = m->zones->crs_operation;
    all.crs_accuracy_m = m->zones->crs_accuracy_m;
    return hcb__result_give(info, &all, sizeof all);
}

hcb_status hcb_workspace_canonical(hcb_text **out, hcb_context *ctx, const hcb_workspace *workspace) {
    if (!out || !ctx || !workspace)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    status = hcb__text_handle(out, ctx);
    if (status == HCB_OK) {
        hcb__model_canonical(workspace->model, hcb__text_of(*out));
        status = hcb__text_finish(out, ctx);
    }
    return hcb__end(ctx, status);
}

hcb_status hcb_policy_check(hcb_text **out, hcb_context *ctx, const char *path) {
    if (!ctx || !path)
        return HCB_EINVAL;
    if (out)
        *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb__policy *policy = NULL;
    status = hcb__policy_load(&policy, ctx, path, path);
    if (status == HCB_OK)
        status = hcb__diag_status(ctx);
    if (status == HCB_OK && out) {
        status = hcb__text_handle(out, ctx);
        if (status == HCB_OK) {
            hcb__policy_explain(policy, hcb__text_of(*out));
            status = hcb__text_finish(out, ctx);
        }
    }
    hcb__policy_free(policy);
    return hcb__end(ctx, status);
}
