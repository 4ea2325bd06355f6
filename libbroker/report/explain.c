/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public call. */
#include "base/textbuf.h"
#include "base/options.h"
#include "report/explain_report.h"

static hcb_status check(hcb_context *ctx, const hcb_workspace *workspace, int32_t format) {
    if (!workspace)
        return hcb__fail(ctx, HCB_EINVAL, "no workspace was given");
    if (format != HCB_FORMAT_TEXT && format != HCB_FORMAT_JSON)
        return hcb__fail(ctx, HCB_EINVAL, "an explanation is printed as text or as JSON");
    return HCB_OK;
}

hcb_status hcb_explain(hcb_text **out, hcb_context *ctx, const hcb_workspace *workspace, const char *package_id,
                       const hcb_explain_options *options, int32_t format) {
    if (!out || !ctx || !package_id)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_explain_options o;
    status = hcb__options_take(ctx, &o, "hcb_explain_options", options);
    if (status == HCB_OK)
        status = check(ctx, workspace, format);
    hcb__explanation *x = NULL;
    if (status == HCB_OK)
        status = hcb__explain_create(&x, ctx, workspace, package_id, &o);
    if (status == HCB_OK)
        status = hcb__text_handle(out, ctx);
    if (status == HCB_OK) {
        if (format == HCB_FORMAT_JSON)
            hcb__write_explain_json(hcb__text_of(*out), x);
        else
            hcb__write_explain_text(hcb__text_of(*out), x);
        status = hcb__text_finish(out, ctx);
    }
    hcb__explain_free(x);
    return hcb__end(ctx, status);
}
