/* SPDX-License-Identifier: GPL-3.0-or-later */
/* price build-up, bands, visits. */
#include <stdio.h>

#include "cli.h"

/* Prints or saves the text of a command. */
static int give(cli *c, hcb_status status, hcb_text *text) {
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    if (!c->args.out)
        return print_text(text);
    status = hcb_text_save(c->ctx, text, c->args.out);
    hcb_text_free(text);
    if (status == HCB_OK)
        note(c, "written: %s", c->args.out);
    return finish(c, status);
}

static int run_build_up(cli *c) {
    hcb_text *text = NULL;
    hcb_status status = hcb_price_build_up(&text, c->ctx, c->args.dir, c->args.file, c->args.year, c->args.format);
    return give(c, status, text);
}

static const arg_option build_up_options[] = {
    OWN_TEXT("year", "Y", year, "one year of the file (default: all)"),
    OWN_TEXT("file", "FILE.yaml", file,
             "the parameters (default: the workspace's price_years.yaml, else the bundled one)"),
    OWN_TEXT("out", "FILE", out, "where to write (default: standard output)")};

const cli_command command_price_build_up = {"price build-up",
                                            "",
                                            0,
                                            0,
                                            "what a contact hour costs, line by line",
                                            "Parameters by year; see docs/prices.md.",
                                            build_up_options,
                                            COUNT(build_up_options),
                                            run_build_up};

static int run_bands(cli *c) {
    hcb_price_bands_options o = HCB_PRICE_BANDS_OPTIONS_INIT;
    o.wage_pence = c->args.wage_pence;
    o.on_cost = c->args.on_cost;
    o.per_mile = c->args.per_mile;
    o.speed = c->args.speed;
    o.overhead = c->args.overhead;
    o.plan = c->args.plan;
    o.offers = c->args.offers;
    hcb_text *text = NULL;
    hcb_status status = hcb_price_bands(&text, c->ctx, c->args.dir, &o, c->args.format);
    return give(c, status, text);
}

static const arg_option bands_options[] = {ROW(hcb_price_bands_options, wage_pence, wage_pence),
                                           ROW(hcb_price_bands_options, on_cost, on_cost),
                                           ROW(hcb_price_bands_options, per_mile, per_mile),
                                           ROW(hcb_price_bands_options, speed, speed),
                                           ROW(hcb_price_bands_options, overhead, overhead),
                                           ROW(hcb_price_bands_options, plan, plan),
                                           ROW(hcb_price_bands_options, offers, offers),
                                           OWN_TEXT("out", "FILE", out, "where to write (default: standard output)")};

const cli_command command_price_bands = {
    "price bands",
    "",
    0,
    0,
    "how much paid travel each band's price can carry, and who needs more",
    "Minutes of travel in a contact hour that the prices of the workspace pay for, and those that\n"
    "its placements (and a plan) need, with the offers below break-even; see docs/prices.md.",
    bands_options,
    COUNT(bands_options),
    run_bands};

static int run_visits(cli *c) {
    const cli_args *a = &c->args;
    hcb_price_visits_options o = HCB_PRICE_VISITS_OPTIONS_INIT;
    o.price_pence = a->price_pence;
    o.mode = a->pay_mode;
    o.direction = a->direction;
    o.per_carer = a->per_carer;
    o.pay_missed = a->pay_missed;
    o.step = a->step;
    o.tolerance = a->tolerance;
    o.minimum = a->minimum;
    o.spreadsheet = a->for_spreadsheet;
    o.folder = a->dir;
    o.policy = a->policy;
    hcb_text *text = NULL;
    hcb_status status = hcb_price_visits(&text, c->ctx, a->operands[0], &o, a->format);
    return give(c, status, text);
}

static const arg_option visits_options[] = {ROW(hcb_price_visits_options, mode, pay_mode),
                                            ROW(hcb_price_visits_options, step, step),
                                            ROW(hcb_price_visits_options, direction, direction),
                                            ROW(hcb_price_visits_options, tolerance, tolerance),
                                            ROW(hcb_price_visits_options, minimum, minimum),
                                            ROW(hcb_price_visits_options, per_carer, per_carer),
                                            ROW(hcb_price_visits_options, pay_missed, pay_missed),
                                            ROW(hcb_price_visits_options, policy, policy),
                                            ROW(hcb_price_visits_options, price_pence, price_pence),
                                            ROW(hcb_price_visits_options, spreadsheet, for_spreadsheet),
                                            OWN_TEXT("out", "FILE", out, "where to write (default: standard output)")};

const cli_command command_price_visits = {
    "price visits",
    "FILE.csv",
    1,
    1,
    "payable minutes of visits as they took place",
    "FILE.csv has visit_id, package_id, date, planned_minutes, actual_minutes, carers (docs/formats.md).\n"
    "The rule is that of the workspace's policy, where there is one, with the options given; it is\n"
    "held against payment of the full schedule.",
    visits_options,
    COUNT(visits_options),
    run_visits};
