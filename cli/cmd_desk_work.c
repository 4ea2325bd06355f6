/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_desk.h"

enum { MOST_NAMED = 64 };

/* The frame of a command that writes: time, ledger, call, what it printed. */
typedef hcb_status (*write_fn)(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text);

static int run_write(cli *c, write_fn write, bool inspect, bool renew) {
    hcb_desk_stamp stamp;
    int code;
    if (!desk_stamp(c, &stamp))
        return EXIT_USAGE;
    hcb_desk *desk = desk_open(c, inspect, &code);
    if (!desk)
        return code;
    hcb_text *text = NULL;
    hcb_status status = write(c, desk, &stamp, &text);
    code = finish(c, status);
    if (status == HCB_OK)
        code = print_text(text);
    if (status == HCB_OK && renew)
        desk_renew_plan(c, desk, &stamp);
    hcb_desk_close(desk);
    return code;
}

static hcb_status write_receive(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return hcb_desk_receive(text, desk, c->ctx, stamp, c->args.operands[0], c->args.visits, c->args.format);
}

static hcb_status write_change(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return hcb_desk_change(text, desk, c->ctx, stamp, c->args.operands[0], c->args.visits, c->args.format);
}

static hcb_status set(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text, int32_t what) {
    return hcb_desk_set(text, desk, c->ctx, stamp, what, c->args.operands, c->args.n_operands, c->args.reason,
                        c->args.format);
}

static hcb_status write_end(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return set(c, desk, stamp, text, HCB_DESK_END);
}

static hcb_status write_suspend(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return set(c, desk, stamp, text, HCB_DESK_SUSPEND);
}

static hcb_status write_resume(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return set(c, desk, stamp, text, HCB_DESK_RESUME);
}

static hcb_status write_capacity(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    int64_t minutes = (int64_t)floor(strtod(c->args.operands[1], NULL) * 60 + 0.5);
    return hcb_desk_capacity(text, desk, c->ctx, stamp, c->args.operands[0], minutes, c->args.format);
}

static hcb_status write_offer(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    static char names[4096];
    const char *providers[MOST_NAMED];
    int32_t n = 0;
    strncpy(names, c->args.to ? c->args.to : "", sizeof names - 1);
    for (char *name = strtok(names, ",;"); name && n < MOST_NAMED; name = strtok(NULL, ",;"))
        providers[n++] = name;
    return hcb_desk_offer(text, desk, c->ctx, stamp, c->args.operands[0], providers, n, c->args.format);
}

static hcb_status write_answer(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    int64_t price = c->args.bid < 0 ? -1 : (int64_t)floor(c->args.bid * 100 + 0.5);
    return hcb_desk_answer(text, desk, c->ctx, stamp, c->args.operands[0], strcmp(c->args.operands[1], "accept") == 0,
                           c->args.reason, price, c->args.format);
}

static hcb_status write_expire(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return hcb_desk_expire(text, desk, c->ctx, stamp, c->args.format);
}

static hcb_status write_withdraw(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return hcb_desk_withdraw(text, desk, c->ctx, stamp, c->args.operands[0], c->args.reason, c->args.format);
}

static hcb_status write_handback(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return hcb_desk_handback(text, desk, c->ctx, stamp, c->args.operands[0], c->args.operands + 1,
                             c->args.n_operands - 1, c->args.reason, c->args.format);
}

static hcb_status write_note(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return hcb_desk_note(text, desk, c->ctx, stamp, c->args.n_operands > 1 ? c->args.operands[1] : NULL,
                         c->args.operands[0], c->args.format);
}

static hcb_status write_adopt(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return hcb_desk_adopt(text, desk, c->ctx, stamp, c->args.format);
}

static int run_receive(cli *c) {
    return run_write(c, write_receive, false, false);
}

static int run_change(cli *c) {
    return run_write(c, write_change, false, false);
}

static int run_end(cli *c) {
    return run_write(c, write_end, false, false);
}

static int run_suspend(cli *c) {
    return run_write(c, write_suspend, false, false);
}

static int run_resume(cli *c) {
    return run_write(c, write_resume, false, false);
}

static int run_capacity(cli *c) {
    char *end;
    double hours = strtod(c->args.operands[1], &end);
    if (end == c->args.operands[1] || *end || !(hours >= 0 && hours <= 100000)) {
        complain("desk capacity: \"%s\" is not a number of hours a week", c->args.operands[1]);
        return EXIT_USAGE;
    }
    return run_write(c, write_capacity, false, false);
}

static int run_offer(cli *c) {
    return run_write(c, write_offer, false, false);
}

static int run_answer(cli *c) {
    const char *word = c->args.operands[1];
    if (strcmp(word, "accept") != 0 && strcmp(word, "decline") != 0) {
        complain("desk answer: \"%s\" is neither accept nor decline", word);
        return EXIT_USAGE;
    }
    return run_write(c, write_answer, false, true);
}

static int run_expire(cli *c) {
    return run_write(c, write_expire, false, false);
}

static int run_withdraw(cli *c) {
    return run_write(c, write_withdraw, false, false);
}

static int run_handback(cli *c) {
    return run_write(c, write_handback, false, false);
}

static int run_note(cli *c) {
    return run_write(c, write_note, false, false);
}

static int run_adopt(cli *c) {
    return run_write(c, write_adopt, true, false);
}

#define REASON(help) OWN_TEXT("reason", "R", reason, help)
static const arg_option file_options[] = {
    OWN_TEXT("visits", "FILE", visits, "the visits of these packages, as visits.csv"), DESK_WRITES};
static const arg_option plain_options[] = {DESK_WRITES};
static const arg_option reason_options[] = {REASON("why; stays in the ledger"), DESK_WRITES};
static const arg_option offer_options[] = {
    OWN_TEXT("to", "K,K,...", to, "these providers, instead of whom the rules say"), DESK_WRITES};
static const arg_option answer_options[] = {
    REASON("of a decline: a code of the policy (call_off: reasons)"),
    OWN_NUMBER("price", "GBP", bid, 0, 1e6, -1, "of a bid in a tender: pounds a week"),
    OWN_FLAG("no-plan", no_plan, "leave the plan as it is"), DESK_WRITES};

DESK_COMMAND(command_desk_receive, "desk receive", "FILE", 1, 1, "new packages: a file like packages.csv",
             "All of them are taken, or none; every problem is listed with its place. Columns that\n"
             "the program does not know are not kept.",
             file_options, run_receive);
DESK_COMMAND(command_desk_change, "desk change", "FILE", 1, 1, "packages that have changed: their new rows", NULL,
             file_options, run_change);
DESK_COMMAND(command_desk_end, "desk end", "PACKAGE...", 1, MOST_OPERANDS, "the care of these people ends", NULL,
             reason_options, run_end);
DESK_COMMAND(command_desk_suspend, "desk suspend", "PACKAGE...", 1, MOST_OPERANDS,
             "care rests, in hospital for example; the provider's hours are kept", NULL, reason_options, run_suspend);
DESK_COMMAND(command_desk_resume, "desk resume", "PACKAGE...", 1, MOST_OPERANDS, "care that rested goes on", NULL,
             reason_options, run_resume);
DESK_COMMAND(command_desk_capacity, "desk capacity", "PROVIDER HOURS", 2, 2,
             "the hours a week that a provider says it can do in all", NULL, plain_options, run_capacity);
DESK_COMMAND(command_desk_offer, "desk offer", "PACKAGE", 1, 1, "offer a package by the call-off rules of the policy",
             NULL, offer_options, run_offer);
DESK_COMMAND(command_desk_answer, "desk answer", "OFFER accept|decline", 2, 2, "a provider's answer; then a new plan",
             "Accepting places the package, or is a bid in a tender. Declining does what the\n"
             "policy says: the next is asked, the provider is not asked again.",
             answer_options, run_answer);
DESK_COMMAND(command_desk_expire, "desk expire", "", 0, 0,
             "offers and tenders whose time is over, care past its last day", NULL, plain_options, run_expire);
DESK_COMMAND(command_desk_withdraw, "desk withdraw", "OFFER", 1, 1, "take an open offer back", NULL, reason_options,
             run_withdraw);
DESK_COMMAND(command_desk_handback, "desk handback", "PROVIDER [PACKAGE...]", 1, MOST_OPERANDS,
             "a provider gives packages back; without any, all it serves", NULL, reason_options, run_handback);
DESK_COMMAND(command_desk_note, "desk note", "TEXT [PACKAGE]", 1, 2, "a note; it never leaves the ledger for providers",
             NULL, plain_options, run_note);
DESK_COMMAND(command_desk_adopt, "desk adopt", "", 0, 0,
             "the workspace's providers, prices or map were changed on purpose", NULL, plain_options, run_adopt);
