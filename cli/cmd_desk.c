/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd_desk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Clocks of several machines, and the wait for other writers. */
enum { SLACK_S = 60, MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

static bool digits(const char *text, int n, int *out) {
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

/* 2020-12-01, 2020-12-01T09:30, 2020-12-01T09:30:00, with or without a Z. */
static bool parse_time(const char *text, int64_t *out) {
    size_t n = strlen(text);
    int year, month, day, hour = 0, minute = 0, second = 0;
    if (n && text[n - 1] == 'Z')
        n--;
    bool good = (n == 10 || n == 16 || n == 19) && digits(text, 4, &year) && text[4] == '-' &&
                digits(text + 5, 2, &month) && text[7] == '-' && digits(text + 8, 2, &day);
    if (good && n > 10)
        good = (text[10] == 'T' || text[10] == ' ') && digits(text + 11, 2, &hour) && text[13] == ':' &&
               digits(text + 14, 2, &minute);
    if (good && n > 16)
        good = text[16] == ':' && digits(text + 17, 2, &second);
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    good = good && year >= 1970 && month >= 1 && month <= 12 && day >= 1 && hour < 24 && minute < 60 && second < 60;
    bool leap = good && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    if (!good || day > days[month - 1] + (month == 2 && leap))
        return false;
    int64_t y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
    int64_t date = 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719468;
    *out = date * DAY_S + (int64_t)hour * HOUR_S + (int64_t)minute * MINUTE_S + second;
    return true;
}

bool desk_stamp(const cli *c, hcb_desk_stamp *stamp) {
    const char *user = c->args.user ? c->args.user : getenv("USER");
    *stamp = (hcb_desk_stamp){.struct_size = sizeof *stamp, .user = user && *user ? user : "desk"};
    if (!c->args.at) {
        stamp->at = (int64_t)time(NULL);
        stamp->slack_s = SLACK_S;
        return true;
    }
    if (parse_time(c->args.at, &stamp->at))
        return true;
    complain("--at: \"%s\" is not a time like 2020-12-01T09:30", c->args.at);
    return false;
}

hcb_desk_options desk_options_of(const cli *c, bool inspect) {
    hcb_desk_options o = HCB_DESK_OPTIONS_INIT;
    o.ledger = c->args.ledger;
    o.policy = c->args.policy;
    o.inspect = inspect;
    o.wait_ms = (int32_t)c->args.wait_ms;
    return o;
}

hcb_desk *desk_open(cli *c, bool inspect, hcb_desk_stamp *stamp, int *code) {
    if (!desk_stamp(c, stamp)) {
        *code = EXIT_USAGE;
        return NULL;
    }
    hcb_desk_options o = desk_options_of(c, inspect);
    hcb_desk *desk = NULL;
    *code = finish(c, hcb_desk_open(&desk, c->ctx, c->args.dir, &o));
    return desk;
}

int desk_done(cli *c, hcb_desk *desk, hcb_status status, hcb_text *text) {
    int code = finish(c, status);
    if (status == HCB_OK && text)
        code = print_text(text);
    hcb_desk_close(desk);
    return code;
}

void desk_renew_plan(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp) {
    if (c->args.no_plan)
        return;
    double began = steady_seconds();
    hcb_text *text = NULL;
    hcb_desk_plan_options o;
    hcb_desk_plan_options_init(&o);
    o.allocation.threads = (int32_t)c->args.threads;
    o.allocation.seed = (uint64_t)c->args.seed;
    o.allocation.gap = c->args.gap;
    o.allocation.work_limit = c->args.work_limit;
    o.allocation.time_limit_s = c->args.time_limit;
    if (hcb_desk_plan(&text, NULL, desk, c->ctx, stamp, &o, HCB_FORMAT_TEXT) != HCB_OK) {
        note(c, "the plan was not renewed: %s", hcb_context_error(c->ctx)->message);
        return;
    }
    note(c, "%.*s in %.2f s", (int)strcspn(hcb_text_data(text), "\n"), hcb_text_data(text), steady_seconds() - began);
    hcb_text_free(text);
}

static int run_init(cli *c) {
    hcb_desk_stamp stamp;
    if (!desk_stamp(c, &stamp))
        return EXIT_USAGE;
    hcb_desk_options o = desk_options_of(c, false);
    int code = finish(c, hcb_desk_init(c->ctx, c->args.dir, &o, &stamp));
    if (code != EXIT_DONE)
        return code;
    note(c, "the ledger is made; next: hcbroker -C %s desk plan, then desk queue", c->args.dir);
    return code;
}

static void take_plan_options(const cli *c, hcb_desk_plan_options *o) {
    hcb_desk_plan_options_init(o);
    o->allocation.replan = c->args.replan;
    o->free_offers = c->args.free_offers;
    o->carry_out = c->args.carry_out;
    o->allocation.method = c->args.method;
    o->allocation.seed = (uint64_t)c->args.seed;
    o->allocation.threads = (int32_t)c->args.threads;
    o->allocation.gap = c->args.gap;
    o->allocation.work_limit = c->args.work_limit;
    o->allocation.time_limit_s = c->args.time_limit;
}

static int run_plan(cli *c) {
    hcb_desk_stamp stamp;
    hcb_desk_plan_options o;
    int code;
    take_plan_options(c, &o);
    hcb_desk *desk = desk_open(c, false, &stamp, &code);
    if (!desk)
        return code;
    hcb_text *text = NULL;
    hcb_allocation *plan = NULL;
    hcb_status status = hcb_desk_plan(&text, &plan, desk, c->ctx, &stamp, &o, c->args.format);
    code = desk_done(c, desk, status, text);
    if (code == EXIT_DONE && c->args.out)
        code = finish(c, hcb_allocation_write(plan, c->ctx, c->args.out, 0));
    hcb_allocation_free(plan);
    return code;
}

/* The frame of a command that reads. */
typedef hcb_status (*read_fn)(cli *c, hcb_desk *desk, int64_t at, hcb_text **text);

static int run_read(cli *c, bool inspect, read_fn read) {
    hcb_desk_stamp stamp;
    int code;
    hcb_desk *desk = desk_open(c, inspect, &stamp, &code);
    hcb_text *text = NULL;
    if (!desk)
        return code;
    hcb_status status = read(c, desk, stamp.at, &text);
    return desk_done(c, desk, status, text);
}

static hcb_status read_queue(cli *c, hcb_desk *desk, int64_t at, hcb_text **text) {
    return hcb_desk_queue(text, desk, c->ctx, at, c->args.format);
}

static int run_queue(cli *c) {
    return run_read(c, false, read_queue);
}

static hcb_status read_log(cli *c, hcb_desk *desk, int64_t at, hcb_text **text) {
    (void)at;
    const char *subject = c->args.n_operands ? c->args.operands[0] : NULL;
    return hcb_desk_log(text, desk, c->ctx, subject, c->args.last, c->args.format);
}

static int run_log(cli *c) {
    return run_read(c, true, read_log);
}

static int run_verify(cli *c) {
    hcb_desk_stamp stamp;
    int code;
    int32_t sound = 0;
    if (!is_text_or_json(c))
        return EXIT_USAGE;
    hcb_desk *desk = desk_open(c, true, &stamp, &code);
    hcb_text *text = NULL;
    if (!desk)
        return code;
    hcb_status status = hcb_desk_verify(&text, &sound, desk, c->ctx, c->args.format);
    code = desk_done(c, desk, status, text);
    return code == EXIT_DONE && !sound ? EXIT_NO : code;
}

static int save_figures(cli *c, hcb_desk *desk, int64_t at) {
    char path[4096];
    hcb_text *text = NULL;
    hcb_status status = hcb_desk_figures(&text, desk, c->ctx, at, c->args.for_public, HCB_FORMAT_JSON);
    int n = snprintf(path, sizeof path, "%s/desk.json", c->args.out);
    if (n < 0 || (size_t)n >= sizeof path) {
        complain("--out: the path is too long");
        hcb_text_free(text);
        return EXIT_USAGE;
    }
    if (mkdir(c->args.out, 0777) != 0 && errno != EEXIST) {
        complain("--out: the folder %s cannot be made: %s", c->args.out, strerror(errno));
        hcb_text_free(text);
        return EXIT_IO;
    }
    if (status == HCB_OK)
        status = hcb_text_save(c->ctx, text, path);
    hcb_text_free(text);
    return finish(c, status);
}

static int run_figures(cli *c) {
    hcb_desk_stamp stamp;
    int code;
    hcb_desk *desk = desk_open(c, true, &stamp, &code);
    if (!desk)
        return code;
    if (c->args.out && (code = save_figures(c, desk, stamp.at)) != EXIT_DONE) {
        hcb_desk_close(desk);
        return code;
    }
    hcb_text *text = NULL;
    hcb_status status = hcb_desk_figures(&text, desk, c->ctx, stamp.at, c->args.for_public, c->args.format);
    return desk_done(c, desk, status, text);
}

static const arg_option init_options[] = {DESK_WRITES};
static const arg_option plan_options[] = {OWN_TEXT("out", "DIR", out, "also the files of allocate, in this folder"),
                                          ROW(hcb_allocation_options, method, method),
                                          ROW(hcb_allocation_options, replan, replan),
                                          ROW(hcb_desk_plan_options, carry_out, carry_out),
                                          ROW(hcb_desk_plan_options, free_offers, free_offers),
                                          DESK_WRITES};
static const arg_option queue_options[] = {DESK_READS};
static const arg_option log_options[] = {OWN(last, .type = HCB_OPTION_INT64, .option = "last", .metavar = "N", .low = 1,
                                             .high = 1e9, .usual = "all", .sentence = "only the last N events"),
                                         DESK_READS};
static const arg_option figures_options[] = {
    OWN_TEXT("out", "DIR", out, "also desk.json, in this folder; report reads it"),
    OWN_FLAG("public", for_public, "for the public: numbers under 5 are not told"), DESK_READS};

DESK_COMMAND(command_desk_init, "desk init", "", 0, 0, "begin a ledger: the queue and the placements of the workspace",
             "From then on the ledger says who waits and who is served; packages.csv and\n"
             "placements.csv are not read again. See docs/desk.md.",
             init_options, run_init);
DESK_COMMAND(command_desk_plan, "desk plan", "", 0, 0, "allocate on today's state; offers follow the plan",
             "What is accepted stays. So do people with an open offer, unless --free-offers.\n"
             "Nobody is moved more often than the policy's moves: {per_person, days} says.",
             plan_options, run_plan);
DESK_COMMAND(command_desk_queue, "desk queue", "", 0, 0, "who waits, since when, and what is next to do", NULL,
             queue_options, run_queue);
DESK_COMMAND(command_desk_log, "desk log", "[PACKAGE|OFFER|PROVIDER]", 0, 1, "what was done, by whom and when", NULL,
             log_options, run_log);
DESK_COMMAND(command_desk_verify, "desk verify", "", 0, 0, "check the chain of events and rebuild the state from it",
             "Exit code 1: an event or a row does not fit, and is named.", queue_options, run_verify);
DESK_COMMAND(command_desk_figures, "desk figures", "", 0, 0, "waits, acceptance, hand-backs by day, zone and provider",
             NULL, figures_options, run_figures);
