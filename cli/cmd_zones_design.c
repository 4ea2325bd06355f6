/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

static int run_design(cli *c) {
    hcb_workspace *workspace = NULL;
    hcb_status status = hcb_workspace_load(&workspace, c->ctx, c->args.dir, NULL);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    hcb_design_options o = {.struct_size = sizeof o,
                            .format = c->args.format,
                            .rules = c->args.rules,
                            .out = c->args.out,
                            .time_limit_s = c->args.time_limit,
                            .work_limit = c->args.work_limit,
                            .ensemble = c->args.ensemble,
                            .seed = (uint64_t)c->args.seed,
                            .threads = (int32_t)c->args.threads};
    hcb_text *text = NULL;
    int32_t outcome = HCB_DESIGN_UNKNOWN;
    status = hcb_zones_design(&text, &outcome, c->ctx, workspace, &o);
    hcb_workspace_free(workspace);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    int code = print_text(text);
    if (o.out && code == EXIT_DONE)
        note(c, "written: %s", o.out);
    code = ended(c, code);
    return code != EXIT_DONE                ? code
           : outcome == HCB_DESIGN_PROPOSED ? EXIT_DONE
           : outcome == HCB_DESIGN_CLASH    ? EXIT_NO
                                            : EXIT_UNANSWERED;
}

static const arg_option design_options[] = {ROW(hcb_design_options, rules, rules), ROW(hcb_design_options, out, out),
                                            ROW(hcb_design_options, ensemble, ensemble),
                                            ROW(hcb_design_options, work_limit, work_limit)};

const cli_command command_zones_design = {
    "zones design",
    "",
    0,
    0,
    "better zones: rules kept, less travel, few hours moved, with a bound",
    "Begins with today's map; repairs it where zones are in parts, and counts that apart. Then\n"
    "level by level, with a bound for each; what could be gained for how much change; the way\n"
    "there in steps that are legal maps all. Exit code 1 when no map keeps the rules (a\n"
    "smallest set of them that clash is named), 4 when none was found.",
    design_options,
    COUNT(design_options),
    run_design};
