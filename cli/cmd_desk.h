/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desk's commands share. */
#ifndef HCB_CMD_DESK_H
#define HCB_CMD_DESK_H

#include "cli.h"

/* The time of the call: --at, or the clock now, which then may be a little before the last event's. */
bool desk_stamp(const cli *c, hcb_desk_stamp *stamp);
/* The ledger, opened, and the time of the call; NULL after a message, and *code is the exit code. */
hcb_desk *desk_open(cli *c, bool inspect, hcb_desk_stamp *stamp, int *code);
hcb_desk_options desk_options_of(const cli *c, bool inspect);
/* Prints what a call gave, closes the desk, gives the exit code. */
int desk_done(cli *c, hcb_desk *desk, hcb_status status, hcb_text *text);
/* A new plan after an answer, unless --no-plan. Whatever comes of it, the answer stands. */
void desk_renew_plan(cli *c, hcb_desk *desk, const hcb_desk_stamp *stamp);

#define DESK_READS                                                                                                     \
    ROW(hcb_desk_options, ledger, ledger), ROW(hcb_desk_options, wait_ms, wait_ms),                                    \
        ROW(hcb_desk_options, policy, policy), OWN_TEXT("at", "TIME", at, "2020-12-01T09:30, in UTC (default: now)")
#define DESK_WRITES DESK_READS, ROW(hcb_desk_stamp, user, user)
#define DESK_COMMAND(variable, name, operands, least, most, summary, details, options, run)                            \
    const cli_command variable = {name, operands, least, most, summary, details, options, COUNT(options), run}

#endif
