/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan as a whole: every row holds, and nobody is passed over. */
#include <stdio.h>
#include <string.h>

#include "allocation/verify_run.h"

static const char file[] = "allocations.csv";

static void check_limits(hcb__vf_run *run, hcb_verify_report *report) {
    int64_t checked = 0;
    for (size_t r = 0; r < run->rows.count; r++) {
        const hcb__vf_row *row = &run->rows.at[r];
        if (!row->used)
            continue;
        checked++;
        char found[32], limit[32];
        snprintf(found, sizeof found, "%lld", (long long)(row->value + row->fixed));
        snprintf(limit, sizeof limit, "%lld", (long long)(row->limit + row->fixed));
        if (row->value > row->limit)
            hcb__vf_find(report, file, row->name, "", found, limit, "row %s is %s; at most %s", row->name, found,
                         limit);
    }
    hcb__vf_checked(report, "capacity, arrival, share and move rows hold", checked);
}

/* First refusal follows where `tier` comes right after `waiting` and neither may be given up for what comes later. */
static bool refusal_first(const hcb__vf_policy *policy) {
    const hcb__vf_level *levels = policy->levels;
    return policy->n_levels >= 2 && levels[0].name == HCB__VF_WAITING && levels[1].name == HCB__VF_TIER &&
           !levels[0].tolerance && !levels[0].ppm && !levels[1].tolerance && !levels[1].ppm;
}

static void check_first_refusal(hcb__vf_run *run, hcb_verify_report *report) {
    int64_t checked = 0;
    for (size_t i = 0; i < run->items.count; i++) {
        const hcb__vf_item *item = &run->items.at[i];
        const hcb__vf_choice *now = item->chosen >= 0 ? &run->choices.at[item->chosen] : NULL;
        for (size_t c = item->choice_start; c < item->choice_end; c++) {
            const hcb__vf_choice *to = &run->choices.at[c];
            bool better =
                now ? to->service.rank < now->service.rank && item->package->carer_minutes > 0 : item->wait_cost > 0;
            if (!better)
                continue;
            checked++;
            if (!hcb__vf_step_holds(run, item, to))
                continue;
            /* A choice is of one of the providers. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
            const char *id = item->package->id, *provider = run->vf->providers.at[to->service.provider].id;
            hcb__vf_find(report, now ? file : "waiting.csv", id, "provider_id",
                         now ? run->vf->providers.at[now->service.provider].id : "", provider,
                         "\"%s\" %s, although \"%s\" (%s) may take it and has room", id,
                         now ? "is placed in a lower tier" : "waits", provider, hcb__vf_tiers[to->service.tier]);
            break;
        }
    }
    hcb__vf_checked(report, "first refusal: no better single move is open", checked);
}

bool hcb__vf_check_plan(hcb__vf_run *run, hcb_verify_report *report, bool sequential) {
    check_limits(run, report);
    if (!sequential && refusal_first(&run->vf->policy))
        check_first_refusal(run, report);
    return hcb__vf_levels_evaluate(run);
}
