/* SPDX-License-Identifier: GPL-3.0-or-later */
/* price build-up, bands, visits. */
#include <math.h>
#include <stdio.h>

#include "cli.h"

#define AT(member) offsetof(cli_args, member)

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

/* A decimal option as a whole number of its `parts`-th parts; false after a message when it has more decimals. */
static bool whole(const char *option, double value, int parts, int64_t *out) {
    double scaled = value * parts, rounded = floor(scaled + 0.5);
    if (fabs(scaled - rounded) > 1e-6) {
        complain("--%s: %g has too many decimals", option, value);
        return false;
    }
    *out = (int64_t)rounded;
    return true;
}

static int run_build_up(cli *c) {
    hcb_text *text = NULL;
    hcb_status status = hcb_price_build_up(&text, c->ctx, c->args.dir, c->args.file, c->args.year, c->args.format);
    return give(c, status, text);
}

static const arg_option build_up_options[] = {
    {"year", "Y", ARG_TEXT, AT(year), 0, 0, NULL, "one year of the file (default: all)"},
    {"file", "FILE.yaml", ARG_TEXT, AT(file), 0, 0, NULL,
     "the parameters (default: the workspace's price_years.yaml, else the bundled one)"},
    {"out", "FILE", ARG_TEXT, AT(out), 0, 0, NULL, "where to write (default: standard output)"}};

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
    if (!whole("wage", c->args.wage, 100, &o.wage_pence) || !whole("on-cost", c->args.on_cost, 100, &o.on_cost) ||
        !whole("mileage", c->args.mileage, 10000, &o.per_mile) || !whole("mph", c->args.mph, 10, &o.speed) ||
        !whole("overhead", c->args.overhead, 100, &o.overhead))
        return EXIT_USAGE;
    o.plan = c->args.plan;
    o.offers = c->args.offers;
    hcb_text *text = NULL;
    hcb_status status = hcb_price_bands(&text, c->ctx, c->args.dir, &o, c->args.format);
    return give(c, status, text);
}

static const arg_option bands_options[] = {
    {"wage", "POUNDS", ARG_NUMBER, AT(wage), 0.01, 1000, NULL, "an hour (default: 9.30)"},
    {"on-cost", "PERCENT", ARG_NUMBER, AT(on_cost), 0, 1000, NULL, "of the wage, on top of it (default: 25)"},
    {"mileage", "POUNDS", ARG_NUMBER, AT(mileage), 0, 10, NULL, "a mile (default: 0.45)"},
    {"mph", "MILES", ARG_NUMBER, AT(mph), 0.1, 100, NULL, "an hour of travel (default: 25)"},
    {"overhead", "PERCENT", ARG_NUMBER, AT(overhead), 0, 100, NULL,
     "of the urban price, for the business and its surplus (default: 20)"},
    {"plan", "DIR", ARG_TEXT, AT(plan), 0, 0, NULL, "an output folder of allocate: its placements count as well"},
    {"offers", NULL, ARG_FLAG, AT(offers), 0, 0, NULL, "with --format csv: a row for each provider and zone"},
    {"out", "FILE", ARG_TEXT, AT(out), 0, 0, NULL, "where to write (default: standard output)"}};

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
    if (a->price >= 0 && !whole("price", a->price, 100, &o.price_pence))
        return EXIT_USAGE;
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

static const char *const mode_words[] = {"planned", "actual", NULL};
static const char *const direction_words[] = {"up", "down", "nearest", NULL};
static const char *const no_yes[] = {"no", "yes", NULL};

static const arg_option visits_options[] = {
    {"mode", "planned|actual", ARG_WORD, AT(pay_mode), 0, 0, mode_words, "which minutes count (default: actual)"},
    {"step", "MIN", ARG_INT, AT(step), 1, 1440, NULL, "they are rounded to a multiple of this (default: 5)"},
    {"direction", "up|down|nearest", ARG_WORD, AT(direction), 0, 0, direction_words,
     "how (default: nearest, half a step up)"},
    {"tolerance", "MIN", ARG_INT, AT(tolerance), 0, 1440, NULL,
     "as close to the plan as this, the planned minutes count (default: 0)"},
    {"minimum", "MIN", ARG_INT, AT(minimum), 0, 1440, NULL, "paid for any visit that took place (default: 0)"},
    {"per-carer", "no|yes", ARG_WORD, AT(per_carer), 0, 0, no_yes,
     "for each carer, or for their minutes together (default: yes)"},
    {"pay-missed", "no|yes", ARG_WORD, AT(pay_missed), 0, 0, no_yes,
     "whether visits of 0 actual minutes are paid as planned (default: no)"},
    {"policy", "FILE", ARG_TEXT, AT(policy), 0, 0, NULL, "take the defaults from the `payment:` of this policy file"},
    {"price", "POUNDS", ARG_NUMBER, AT(price), 0, 10000, NULL, "an hour, of visits without price_per_hour"},
    {"for-spreadsheet", NULL, ARG_FLAG, AT(for_spreadsheet), 0, 0, NULL,
     "text cells of CSV that begin with = + - @ get a leading '"},
    {"out", "FILE", ARG_TEXT, AT(out), 0, 0, NULL, "where to write (default: standard output)"}};

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
