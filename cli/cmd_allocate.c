/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* What writing the output takes, kept back from a time limit. */
static const double WRITING_S = 0.05;

static int write_and_print(cli *c, const hcb_allocation *allocation) {
    hcb_status status = hcb_allocation_write(allocation, c->ctx, c->args.out, c->args.for_spreadsheet);
    if (status != HCB_OK)
        return finish(c, status);
    hcb_text *text = NULL;
    status = hcb_allocation_print(&text, allocation, c->ctx, c->args.format);
    if (status != HCB_OK)
        return finish(c, status);
    int code = print_text(text);
    if (code != EXIT_DONE)
        return code;
    note(c, "written to %s: allocations.csv, waiting.csv, summary.json, certificate.json", c->args.out);
    hcb_allocation_summary summary = {.struct_size = sizeof summary};
    if (hcb_allocation_get_summary(allocation, &summary) == HCB_OK && summary.stop == HCB_STOP_CANCELLED) {
        note(c, "interrupted: this is the best plan found so far");
        return EXIT_INTERRUPTED;
    }
    return EXIT_DONE;
}

static int run_allocate(cli *c) {
    hcb_allocation_options o = HCB_ALLOCATION_OPTIONS_INIT;
    if (!c->args.out) {
        complain("allocate: --out DIR is missing: the folder for the results");
        return EXIT_USAGE;
    }
    hcb_workspace_options w = {sizeof w, c->args.strict, c->args.policy};
    hcb_workspace *workspace = NULL;
    hcb_status status = hcb_workspace_load(&workspace, c->ctx, c->args.dir, &w);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    o.method = c->args.method;
    o.replan = c->args.replan;
    o.time_limit_s = c->args.time_limit;
    o.time_used_s = steady_seconds() - c->began + WRITING_S;
    o.work_limit = c->args.work_limit;
    o.gap = c->args.gap;
    o.seed = (uint64_t)c->args.seed;
    o.threads = (int32_t)c->args.threads;
    o.policy_name = c->args.policy;
    hcb_allocation *allocation = NULL;
    status = hcb_allocation_solve(&allocation, c->ctx, workspace, &o);
    if (status == HCB_OK && c->args.baseline) {
        print_diagnostics(c);
        status = hcb_allocation_add_baseline(allocation, c->ctx);
    }
    int code = finish(c, status);
    if (status == HCB_OK)
        code = write_and_print(c, allocation);
    hcb_allocation_free(allocation);
    hcb_workspace_free(workspace);
    return code;
}

static const arg_option allocate_options[] = {
    OWN_TEXT("out", "DIR", out, "the folder for the results; made when it is not there"),
    ROW(hcb_allocation_options, method, method),
    OWN_FLAG("baseline", baseline, "also what going down the list would do, and the difference, level by level"),
    ROW(hcb_allocation_options, replan, replan),
    ROW(hcb_workspace_options, policy, policy),
    ROW(hcb_workspace_options, strict, strict),
    OWN_FLAG("for-spreadsheet", for_spreadsheet, "neutralise cells that a spreadsheet would run as a formula")};

const cli_command command_allocate = {
    "allocate",
    "--out DIR",
    0,
    0,
    "place the waiting packages with providers",
    "Every package is placed or goes on waiting, with its reason. Each level of the policy's\n"
    "objective ends with its value and a proved bound; hcbroker verify DIR re-checks both.",
    allocate_options,
    COUNT(allocate_options),
    run_allocate};
