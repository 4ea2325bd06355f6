/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desk's commands share. */
#ifndef HCB_CMD_DESK_H
#define HCB_CMD_DESK_H

#include "cli.h"

/* The time of the call: --at, or the clock now, which then may be a little before the last event's. */
bool desk_stamp(const cli *c, hcb_desk_stamp *stamp);
/* The ledger, opened; NULL after a message, and *code is the exit code. */
hcb_desk *desk_open(cli *c, bool inspect, int *code);
hcb_desk_options desk_options_of(const cli *c, bool inspect);
/* Prints what a call gave, closes the desk, gives the exit code. */
int desk_done(cli *c, hcb_desk *desk, hcb_status status, hcb_text *text);
/* A new plan after an answer, unless --no-plan. Whatever comes of it, the answer stands. */
void desk_renew_plan(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp);

#define AT(member) offsetof(cli_args, member)
#define DESK_READS                                                                                                     \
    {"ledger", "FILE", ARG_TEXT, AT(ledger), 0, 0, NULL, "the ledger (default: desk.ledger in the workspace)"},        \
        {"wait", "S", ARG_NUMBER, AT(wait), 0, 600, NULL, "how long to wait for another writer (default: 5)"},         \
        {"policy", "FILE", ARG_TEXT, AT(policy), 0, 0, NULL, "the framework's rules instead of the workspace's"}, {    \
        "at", "TIME", ARG_TEXT, AT(at), 0, 0, NULL, "2020-12-01T09:30, in UTC (default: now)"                          \
    }
#define DESK_WRITES                                                                                                    \
    DESK_READS, {                                                                                                      \
        "user", "NAME", ARG_TEXT, AT(user), 0, 0, NULL, "who does it (default: $USER)"                                 \
    }
#define DESK_COMMAND(variable, name, operands, least, most, summary, details, options, run)                            \
    const cli_command variable = {name, operands, least, most, summary, details, options, COUNT(options), run}

#endif
