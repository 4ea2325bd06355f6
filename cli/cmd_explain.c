/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static int run_explain(cli *c) {
    hcb_explain_options o = HCB_EXPLAIN_OPTIONS_INIT;
    if (!is_text_or_json(c))
        return EXIT_USAGE;
    hcb_workspace_options w = {sizeof w, c->args.strict, c->args.policy};
    hcb_workspace *workspace = NULL;
    hcb_status status = hcb_workspace_load(&workspace, c->ctx, c->args.dir, &w);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    o.plan = c->args.plan;
    o.provider_id = c->args.n_operands > 1 ? c->args.operands[1] : NULL;
    o.plan_options.time_limit_s = c->args.time_limit;
    o.plan_options.time_used_s = steady_seconds() - c->began;
    o.plan_options.work_limit = c->args.work_limit;
    o.plan_options.gap = c->args.gap;
    o.plan_options.seed = (uint64_t)c->args.seed;
    o.plan_options.threads = (int32_t)c->args.threads;
    hcb_text *text = NULL;
    status = hcb_explain(&text, c->ctx, workspace, c->args.operands[0], &o, c->args.format);
    int code = finish(c, status);
    hcb_workspace_free(workspace);
    return status == HCB_OK ? ended(c, print_text(text)) : code;
}

static const arg_option explain_options[] = {ROW(hcb_explain_options, plan, plan),
                                             ROW(hcb_workspace_options, policy, policy),
                                             ROW(hcb_workspace_options, strict, strict)};

const cli_command command_explain = {
    "explain",
    "PACKAGE [PROVIDER]",
    1,
    2,
    "why a package waits, or is where it is; each reason proved",
    "The reason (rule, capacity or trade), what would place the package and at what price a week;\n"
    "with PROVIDER, why (not) there. Each is checked by solving again; see docs/explain.md.",
    explain_options,
    COUNT(explain_options),
    run_explain};
