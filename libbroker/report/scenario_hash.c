/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the figures of a scenario depend on, without making them: who keeps results knows which are still good. */
#include "base/textbuf.h"
#include "report/scenario_report.h"

static hcb_status write_hash(hcb_text **out, hcb_context *ctx, const char *scenario,
                             const hcb_scenario_options *given) {
    hcb_scenario_options o;
    hcb__scenario_file *file = NULL;
    const hcb__scenario *which = NULL;
    hcb__outcome *outcome = NULL;
    hcb_status status = hcb__scenario_options(&o, ctx, given);
    if (status == HCB_OK)
        status = hcb__scenario_find(&file, &which, ctx, scenario, o.workspace);
    if (status == HCB_OK)
        status = hcb__outcome_prepare(&outcome, ctx, which, file->shown, &o.allocation);
    if (status == HCB_OK)
        status = hcb__text_handle(out, ctx);
    if (status == HCB_OK) {
        hcb__text_puts(hcb__text_of(*out), outcome->hash);
        status = hcb__text_finish(out, ctx);
    }
    hcb__outcome_free(outcome);
    hcb__scenario_file_close(file);
    return status;
}

hcb_status hcb_scenario_hash(hcb_text **out, hcb_context *ctx, const char *scenario,
                             const hcb_scenario_options *options) {
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    status = scenario ? write_hash(out, ctx, scenario, options) : hcb__fail(ctx, HCB_EINVAL, "no scenario was given");
    return hcb__end(ctx, status);
}
