/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report: a page to look at. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* The current folder is used when it is a workspace; a folder that was named has to be one. */
static const char *workspace_of(const cli *c) {
    return strcmp(c->args.dir, ".") != 0 || access("hcbroker.yaml", F_OK) == 0 ? c->args.dir : NULL;
}

static int run_report(cli *c) {
    if (!c->args.from || !c->args.out) {
        complain("report: --from DIR and --out FILE.html are needed");
        return EXIT_USAGE;
    }
    hcb_report_options o = HCB_REPORT_OPTIONS_INIT;
    o.public_page = c->args.for_public;
    o.plain = c->args.plain;
    o.explain = (int32_t)c->args.explained;
    o.workspace = workspace_of(c);
    hcb_text *page = NULL;
    hcb_status status = hcb_report_page(&page, c->ctx, c->args.from, &o);
    if (status == HCB_OK) {
        print_diagnostics(c);
        status = hcb_text_save(c->ctx, page, c->args.out);
    }
    size_t size = hcb_text_size(page);
    hcb_text_free(page);
    if (status != HCB_OK)
        return finish(c, status);
    printf("%s: %.1f MB; open it in a browser\n", c->args.out, (double)size / 1e6);
    if (!o.plain && !hcb_report_has_page())
        note(c, "it has tables alone: this hcbroker was built without Node, which the map and the charts need");
    else if (!o.plain && !o.workspace)
        note(c, "made without a workspace; -C DIR adds its map, its prices and its providers");
    return EXIT_DONE;
}

static const arg_option report_options[] = {
    OWN_TEXT("from", "DIR", from, "the output folder of another command"),
    OWN_TEXT("out", "FILE.html", out, "the page"), ROW(hcb_report_options, public_page, for_public),
    ROW(hcb_report_options, explain, explained), ROW(hcb_report_options, plain, plain)};

const cli_command command_report = {
    "report",
    "--from DIR --out FILE.html",
    0,
    0,
    "a page to look at: map, charts and tables of a result",
    "One file that needs no network: the result of allocate, compare, sweep, zones stats, zones\n"
    "compare, zones design or desk figures. With -C also the map, the prices and the providers\n"
    "of the workspace; people are dots of a square kilometre.",
    report_options,
    COUNT(report_options),
    run_report};
