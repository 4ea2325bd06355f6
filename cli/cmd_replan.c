/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { MOST_STEPS = 64 };

static bool parse_steps(const char *text, int64_t steps[MOST_STEPS], int32_t *n) {
    *n = 0;
    for (const char *at = text; at;) {
        char *end = NULL;
        errno = 0;
        bool free_end = strcmp(at, "free") == 0;
        long long value = free_end ? HCB_REPLAN_FREE : strtoll(at, &end, 10);
        if (*n == MOST_STEPS || (!free_end && (errno || end == at || value < 0 || (*end && *end != ',')))) {
            complain("--steps: \"%s\" is not up to %d numbers like 0,1,2,5 or 0,10,free", text, MOST_STEPS);
            return false;
        }
        steps[(*n)++] = value;
        at = !free_end && *end ? end + 1 : NULL;
    }
    return true;
}

static int run_replan(cli *c) {
    const cli_args *a = &c->args;
    int64_t steps[MOST_STEPS];
    hcb_replan_options o;
    hcb_replan_options_init(&o);
    if (a->steps && !parse_steps(a->steps, steps, &o.n_steps))
        return EXIT_USAGE;
    hcb_workspace_options w = {sizeof w, a->strict, a->policy};
    hcb_workspace *workspace = NULL;
    hcb_status status = hcb_workspace_load(&workspace, c->ctx, a->dir, &w);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    o.steps = steps;
    o.most = a->most;
    o.allocation.time_limit_s = a->time_limit;
    o.allocation.time_used_s = steady_seconds() - c->began;
    o.allocation.work_limit = a->work_limit;
    o.allocation.gap = a->gap;
    o.allocation.seed = (uint64_t)a->seed;
    o.allocation.threads = (int32_t)a->threads;
    hcb_text *text = NULL;
    status = hcb_replan_curve(&text, c->ctx, workspace, &o, a->format);
    int code = finish(c, status);
    if (status == HCB_OK)
        code = ended(c, print_text(text));
    hcb_workspace_free(workspace);
    return code;
}

static const arg_option replan_options[] = {ROW(hcb_replan_options, most, most), ROW(hcb_replan_options, steps, steps),
                                            ROW(hcb_workspace_options, policy, policy),
                                            ROW(hcb_workspace_options, strict, strict)};

const cli_command command_replan = {
    "replan",
    "",
    0,
    0,
    "what it is worth to let 0, 1, 2, 5 ... people change provider",
    "One run of allocate --replan N for each step, each begun from the plan before, so that the\n"
    "levels never get worse from one step to the next. Nothing is written: allocate --replan N\n"
    "makes the plan that is wanted. When a provider leaves, set it inactive in providers.csv\n"
    "first; see docs/recommend.md.",
    replan_options,
    COUNT(replan_options),
    run_replan};
