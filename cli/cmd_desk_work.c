/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cmd_desk.h"

enum { MOST_NAMED = 64 };

/* What a command that writes does: a check of its operands, its call, and whether a new plan follows. */
typedef hcb_status (*write_fn)(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text);
typedef struct work {
    const cli_command *command;
    write_fn write;
    bool (*check)(cli *c); /* NULL: nothing to check; false after a message */
    bool inspect, renew;
} work;

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

static bool no_limit(const cli *c) {
    return (c->args.zone || c->args.part) && strcmp(c->args.operands[1], "none") == 0;
}

static bool check_capacity(cli *c) {
    c->args.minutes = -1;
    if (c->args.zone && c->args.part) {
        complain("desk capacity: --zone and --part exclude each other");
        return false;
    }
    return no_limit(c) || parse_hours("desk capacity", c->args.operands[1], 0, &c->args.minutes);
}

static hcb_status write_capacity(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return hcb_desk_capacity_of(text, desk, c->ctx, stamp, c->args.operands[0], c->args.zone, c->args.part,
                                c->args.minutes, c->args.format);
}

/* Without --to the rules say who is asked: a list without a name must not come to the same. */
static bool check_offer(cli *c) {
    static const char between[] = ",;";
    int n = 0;
    for (const char *at = c->args.to; at && *(at += strspn(at, between)); at += strcspn(at, between))
        n++;
    if (!c->args.to || (n >= 1 && n <= MOST_NAMED))
        return true;
    complain("--to: %d providers are named; 1 to %d, as P1,P2, were expected", n, MOST_NAMED);
    return false;
}

static hcb_status write_offer(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    const char *providers[MOST_NAMED];
    int32_t n = 0;
    char *names = strdup(c->args.to ? c->args.to : "");
    if (!names)
        return HCB_ENOMEM;
    for (char *name = strtok(names, ",;"); name && n < MOST_NAMED; name = strtok(NULL, ",;"))
        providers[n++] = name;
    hcb_status status = hcb_desk_offer(text, desk, c->ctx, stamp, c->args.operands[0], providers, n, c->args.format);
    free(names);
    return status;
}

/* Pounds as pence, digit by digit: as a floating-point number 1e-9 would be a bid of nothing. */
static bool parse_pence(const char *text, int64_t *pence) {
    enum { MOST_PENCE = 100000000, MOST_DIGITS = 12 };
    static const char digits[] = "0123456789";
    size_t whole = strspn(text, digits), decimals = text[whole] == '.' ? strspn(text + whole + 1, digits) : 0;
    bool good = whole + decimals > 0 && whole <= MOST_DIGITS && !text[whole + decimals + (decimals > 0)];
    if (good && decimals > 2) {
        complain("--price: %s has too many decimals", text);
        return false;
    }
    *pence = good ? strtoll(text, NULL, 10) * 100 : 0;
    for (size_t i = 0; good && i < decimals; i++)
        *pence += (text[whole + 1 + i] - '0') * (i == 0 ? 10 : 1);
    if (good && *pence <= MOST_PENCE)
        return true;
    complain("--price: \"%s\" is not pounds from 0.00 to %d.00", text, MOST_PENCE / 100);
    return false;
}

static hcb_status write_answer(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp, hcb_text **text) {
    return hcb_desk_answer(text, desk, c->ctx, stamp, c->args.operands[0], strcmp(c->args.operands[1], "accept") == 0,
                           c->args.reason, c->args.bid_pence, c->args.format);
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

static bool check_answer(cli *c) {
    const char *word = c->args.operands[1];
    bool good = strcmp(word, "accept") == 0 || strcmp(word, "decline") == 0;
    if (!good)
        complain("desk answer: \"%s\" is neither accept nor decline", word);
    c->args.bid_pence = -1;
    return good && (!c->args.bid || parse_pence(c->args.bid, &c->args.bid_pence));
}

static const work works[] = {{&command_desk_receive, write_receive, NULL, false, false},
                             {&command_desk_change, write_change, NULL, false, false},
                             {&command_desk_end, write_end, NULL, false, false},
                             {&command_desk_suspend, write_suspend, NULL, false, false},
                             {&command_desk_resume, write_resume, NULL, false, false},
                             {&command_desk_capacity, write_capacity, check_capacity, false, false},
                             {&command_desk_offer, write_offer, check_offer, false, false},
                             {&command_desk_answer, write_answer, check_answer, false, true},
                             {&command_desk_expire, write_expire, NULL, false, false},
                             {&command_desk_withdraw, write_withdraw, NULL, false, false},
                             {&command_desk_handback, write_handback, NULL, false, false},
                             {&command_desk_note, write_note, NULL, false, false},
                             {&command_desk_adopt, write_adopt, NULL, true, false}};

/* Time, ledger, call, what it printed. */
static int run_work(cli *c) {
    const work *w = works;
    while (w->command != c->command)
        w++;
    hcb_desk_stamp stamp;
    int code = EXIT_USAGE;
    hcb_desk *desk = !w->check || w->check(c) ? desk_open(c, w->inspect, &stamp, &code) : NULL;
    if (!desk)
        return code;
    hcb_text *text = NULL;
    hcb_status status = w->write(c, desk, &stamp, &text);
    code = finish(c, status);
    if (status == HCB_OK)
        code = print_text(text);
    if (status == HCB_OK && w->renew)
        desk_renew_plan(c, desk, &stamp);
    hcb_desk_close(desk);
    return code;
}

#define REASON(help) OWN_TEXT("reason", "R", reason, help)
static const arg_option capacity_options[] = {
    OWN_TEXT("zone", "Z", zone, "in this zone, which the provider covers; HOURS may be none"),
    OWN_TEXT("part", "P", part, "in the morning, lunch, tea or bed; HOURS may be none"), DESK_WRITES};
static const arg_option file_options[] = {
    OWN_TEXT("visits", "FILE", visits, "the visits of these packages, as visits.csv"), DESK_WRITES};
static const arg_option plain_options[] = {DESK_WRITES};
static const arg_option reason_options[] = {REASON("why; stays in the ledger"), DESK_WRITES};
static const arg_option offer_options[] = {
    OWN_TEXT("to", "K,K,...", to, "these providers, instead of whom the rules say"), DESK_WRITES};
static const arg_option answer_options[] = {
    REASON("of a decline: a code of the policy (call_off: reasons)"),
    OWN_TEXT("price", "GBP", bid, "of a bid in a tender: pounds a week, as 187.50"),
    OWN_FLAG("no-plan", no_plan, "leave the plan as it is"), DESK_WRITES};

DESK_COMMAND(command_desk_receive, "desk receive", "FILE", 1, 1, "new packages: a file like packages.csv",
             "All of them are taken, or none; every problem is listed with its place. Columns that\n"
             "the program does not know are not kept.",
             file_options, run_work);
DESK_COMMAND(command_desk_change, "desk change", "FILE", 1, 1, "packages that have changed: their new rows", NULL,
             file_options, run_work);
DESK_COMMAND(command_desk_end, "desk end", "PACKAGE...", 1, MOST_OPERANDS, "the care of these people ends", NULL,
             reason_options, run_work);
DESK_COMMAND(command_desk_suspend, "desk suspend", "PACKAGE...", 1, MOST_OPERANDS,
             "care rests, in hospital for example; the provider's hours are kept", NULL, reason_options, run_work);
DESK_COMMAND(command_desk_resume, "desk resume", "PACKAGE...", 1, MOST_OPERANDS, "care that rested goes on", NULL,
             reason_options, run_work);
DESK_COMMAND(command_desk_capacity, "desk capacity", "PROVIDER HOURS", 2, 2,
             "the hours a week that a provider says it can do", "HOURS: 0 to 100000, as 14.5 or 14:30.",
             capacity_options, run_work);
DESK_COMMAND(command_desk_offer, "desk offer", "PACKAGE", 1, 1, "offer a package by the call-off rules of the policy",
             NULL, offer_options, run_work);
DESK_COMMAND(command_desk_answer, "desk answer", "OFFER accept|decline", 2, 2, "a provider's answer; then a new plan",
             "Accepting places the package, or is a bid in a tender. Declining does what the\n"
             "policy says: the next is asked, the provider is not asked again.",
             answer_options, run_work);
DESK_COMMAND(command_desk_expire, "desk expire", "", 0, 0,
             "offers and tenders whose time is over, care past its last day", NULL, plain_options, run_work);
DESK_COMMAND(command_desk_withdraw, "desk withdraw", "OFFER", 1, 1, "take an open offer back", NULL, reason_options,
             run_work);
DESK_COMMAND(command_desk_handback, "desk handback", "PROVIDER [PACKAGE...]", 1, MOST_OPERANDS,
             "a provider gives packages back; without any, all it serves", NULL, reason_options, run_work);
DESK_COMMAND(command_desk_note, "desk note", "TEXT [PACKAGE]", 1, 2, "a note; it never leaves the ledger for providers",
             NULL, plain_options, run_work);
DESK_COMMAND(command_desk_adopt, "desk adopt", "", 0, 0,
             "the workspace's providers, prices or map were changed on purpose", NULL, plain_options, run_work);
