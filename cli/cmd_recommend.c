/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static bool right_usage(const cli_args *a) {
    if (a->n_operands == 1 && !a->provider && !a->hours)
        return true;
    if (a->n_operands == 0 && a->provider && a->hours)
        return true;
    complain("recommend: give a PACKAGE, or --provider ID with --hours H");
    return false;
}

static int run_recommend(cli *c) {
    const cli_args *a = &c->args;
    int64_t minutes = 0;
    if (!right_usage(a) || (a->provider && !parse_hours("--hours", a->hours, 1, &minutes)))
        return EXIT_USAGE;
    hcb_workspace_options w = {sizeof w, a->strict, a->policy};
    hcb_workspace *workspace = NULL;
    hcb_status status = hcb_workspace_load(&workspace, c->ctx, a->dir, &w);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    hcb_recommend_options o = HCB_RECOMMEND_OPTIONS_INIT;
    o.top = (int32_t)a->top;
    o.plan = a->plan;
    hcb_text *text = NULL;
    if (a->provider)
        status = hcb_recommend_packages(&text, c->ctx, workspace, a->provider, minutes, &o, a->format);
    else
        status = hcb_recommend_providers(&text, c->ctx, workspace, a->operands[0], &o, a->format);
    int code = finish(c, status);
    if (status == HCB_OK)
        code = print_text(text);
    hcb_workspace_free(workspace);
    return code;
}

static const arg_option recommend_options[] = {
    ROW_GIVEN(hcb_recommend_options, top, top, 10),
    ROW(hcb_recommend_options, plan, plan),
    OWN_TEXT("provider", "ID", provider, "who has freed hours"),
    OWN_TEXT("hours", "H", hours, "how many carer hours a week: 14.5 or 14:30"),
    ROW(hcb_workspace_options, policy, policy),
    ROW(hcb_workspace_options, strict, strict)};

const cli_command command_recommend = {
    "recommend",
    "[PACKAGE]",
    0,
    1,
    "ranked providers for a package, or who best fits freed hours",
    "With PACKAGE: the providers that may take it, as the policy ranks them, with price, travel,\n"
    "room and what choosing each instead of the best does to the plan; and why the others may\n"
    "not. With --provider and --hours: who of those waiting fits the hours that a provider has\n"
    "freed, and the best set of them. See docs/recommend.md.",
    recommend_options,
    COUNT(recommend_options),
    run_recommend};
