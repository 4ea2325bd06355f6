/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli.h"

static bool scenario_options(const cli *c, hcb_scenario_options *o) {
    const cli_args *a = &c->args;
    hcb_scenario_options_init(o);
    o->format = a->format;
    o->publish = a->for_public;
    o->at_once = (int32_t)a->threads;
    o->workspace = a->dir;
    o->out = a->out;
    o->allocation.method = a->method;
    o->allocation.work_limit = a->work_limit;
    o->allocation.gap = a->gap;
    o->allocation.seed = (uint64_t)a->seed;
    o->allocation.threads = (int32_t)a->threads;
    if (a->time_limit > 0) {
        complain("--time-limit: scenarios are compared by what they come to, so they end on proof, gap or work; give "
                 "--work-limit");
        return false;
    }
    o->allocation.replan = a->replan;
    return true;
}

static int show(cli *c, hcb_status status, hcb_text *text, const char *files) {
    int code = finish(c, status);
    if (status != HCB_OK)
        return code;
    code = print_text(text);
    if (code == EXIT_DONE && c->args.out)
        note(c, "written to %s: %s", c->args.out, files);
    return ended(c, code);
}

static int run_compare(cli *c) {
    hcb_scenario_options o;
    hcb_text *text = NULL;
    if (!scenario_options(c, &o))
        return EXIT_USAGE;
    hcb_status status = hcb_compare(&text, c->ctx, c->args.operands[0], c->args.operands[1], &o);
    return show(c, status, text,
                c->args.for_public ? "comparison.json, zones_a.geojson, zones_b.geojson"
                                   : "comparison.json, packages.csv, zones_a.geojson, zones_b.geojson");
}

static int run_sweep(cli *c) {
    hcb_scenario_options o;
    hcb_text *text = NULL;
    if (!scenario_options(c, &o))
        return EXIT_USAGE;
    if (c->args.list) {
        hcb_status listed = hcb_scenario_list(&text, c->ctx, c->args.operands[0], &o);
        int code = finish(c, listed);
        keep_lines();
        return listed == HCB_OK ? print_text(text) : code;
    }
    hcb_status status = hcb_sweep(&text, c->ctx, c->args.operands[0], &o);
    return show(c, status, text, "sweep.json, sweep.csv, scenarios/");
}

#define SHARED_OPTIONS                                                                                                 \
    ROW(hcb_scenario_options, out, out), ROW(hcb_scenario_options, publish, for_public),                               \
        ROW(hcb_allocation_options, method, method), ROW(hcb_allocation_options, replan, replan)

static const arg_option compare_options[] = {SHARED_OPTIONS};
static const arg_option sweep_options[] = {
    SHARED_OPTIONS, OWN_FLAG("list", list, "the file's scenarios as JSON, without running them")};

const cli_command command_compare = {
    "compare",
    "A B",
    2,
    2,
    "two scenarios side by side",
    "A and B are each the folder of a workspace, a scenario file, or FILE#NAME for one\n"
    "scenario of a file that lists several. Both are run with the same seed, so that\n"
    "the same people are drawn; differences are b - a. What a scenario says of method and\n"
    "re-planning goes before the options. See docs/scenarios.md.",
    compare_options,
    COUNT(compare_options),
    run_compare};

const cli_command command_sweep = {
    "sweep",
    "FILE",
    1,
    1,
    "many scenarios, and one table",
    "FILE lists scenarios, or is the name of a bundled file: provider-models. Several\n"
    "run at once (--threads); the answer does not depend on it. With --out each is kept\n"
    "as soon as it is done: after Ctrl-C the same command goes on where it was. See\n"
    "docs/scenarios.md.",
    sweep_options,
    COUNT(sweep_options),
    run_sweep};
