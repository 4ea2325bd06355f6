/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hcbroker/verify.h"
#include "base/options.h"

#include <string.h>

#include "allocation/verify_run.h"
#include "io/file.h"

/* A JSON file of the plan; NULL, with a finding, when it cannot be read. */
static hcb__json_doc *load(hcb__vf *vf, hcb_verify_report *report, hcb__arena *arena, const char *folder,
                           const char *name) {
    size_t before = vf->ctx->diags.count;
    hcb__json_doc *doc = NULL;
    char *path = hcb__path_join(arena, folder, name);
    hcb_status status = path ? hcb__json_load(&doc, vf->ctx, path, name) : HCB_ENOMEM;
    vf->nomem |= status == HCB_ENOMEM;
    if (status != HCB_OK)
        hcb__vf_take_diagnostics(report, vf->ctx, name, before, status);
    else if (hcb__json_kind_of(hcb__json_root(doc)) != HCB__JSON_OBJECT)
        hcb__vf_find(report, name, "", "", "", "an object", "%s does not hold an object", name);
    return doc;
}

static int64_t replan_of(const hcb__json *summary) {
    size_t len = 0;
    const char *word = hcb__json_string(hcb__json_get(summary, "replan"), &len);
    int64_t moves;
    if (word && hcb__parse_int(word, len, &moves) && moves >= 0)
        return moves;
    return word && strcmp(word, "free") == 0 ? HCB__VF_REPLAN_FREE : HCB__VF_REPLAN_FIXED;
}

static bool check(hcb__vf *vf, hcb__vf_run *run, hcb_verify_report *report, const char *folder,
                  const hcb__json *summary, hcb__json *certificate) {
    const char *method = hcb__json_string(hcb__json_get(summary, "method"), NULL);
    bool sequential = method && strcmp(method, "sequential") == 0;
    return hcb__vf_run_make(run, vf, replan_of(summary)) && hcb__vf_check_csv(run, report, folder) &&
           hcb__vf_check_plan(run, report, sequential) && hcb__vf_check_summary(run, report, summary) &&
           hcb__vf_check_certificate(run, report, certificate, summary);
}

static hcb_status run_verify(hcb_verify_report *report, hcb_context *ctx, const char *workspace, const char *plan,
                             const hcb_verify_options *options) {
    if (!hcb__folder_exists(plan))
        return hcb__fail(ctx, HCB_ENOTFOUND, "there is no folder \"%s\" with a plan", plan);
    hcb__vf vf = {.ctx = ctx};
    hcb__vf_run run = {0};
    hcb__json_doc *summary = load(&vf, report, &report->arena, plan, "summary.json");
    hcb__json_doc *certificate = load(&vf, report, &report->arena, plan, "certificate.json");
    hcb_status status = HCB_ENOMEM;
    if (!vf.nomem) {
        const hcb__json *root = summary ? hcb__json_root(summary) : NULL;
        const char *policy = options->policy;
        if (!policy)
            policy = hcb__json_string(hcb__json_get(hcb__json_get(root, "options"), "policy"), NULL);
        status = hcb__vf_read(&vf, ctx, workspace, policy, options->strict);
        if (status == HCB_OK && !check(&vf, &run, report, plan, root, certificate ? hcb__json_root(certificate) : NULL))
            status = HCB_ENOMEM;
        hcb__vf_run_free(&run);
        hcb__vf_free(&vf);
    }
    if (summary)
        hcb__json_close(summary);
    if (certificate)
        hcb__json_close(certificate);
    return status == HCB_OK && report->nomem ? HCB_ENOMEM : status;
}

hcb_status hcb_verify(hcb_verify_report **out, hcb_context *ctx, const char *workspace_folder, const char *plan_folder,
                      const hcb_verify_options *options) {
    if (!out)
        return HCB_EINVAL;
    *out = NULL;
    if (!ctx || !workspace_folder || !plan_folder)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_verify_options o;
    status = hcb__options_take(ctx, &o, "hcb_verify_options", options);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    hcb_verify_report *report = hcb__calloc(&ctx->mem, 1, sizeof *report);
    if (!report)
        return hcb__end(ctx, hcb__nomem(ctx));
    report->mem = ctx->mem;
    hcb__arena_init(&report->arena, &ctx->mem);
    status = run_verify(report, ctx, workspace_folder, plan_folder, &o);
    if (status == HCB_ENOMEM)
        status = hcb__nomem(ctx);
    if (status == HCB_OK)
        *out = report;
    else
        hcb_verify_report_free(report);
    return hcb__end(ctx, status);
}
