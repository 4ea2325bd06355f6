/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.json: every total once more from the packages themselves. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "allocation/verify_want.h"
#include "base/arith.h"

static const char *const units[HCB__VF_LEVELS] = {"priority minutes", "rank minutes", "people",
                                                  "point minutes",    "pence a week", "seconds a week",
                                                  "point minutes",    "minutes",      "minutes"};
static const char *const stops[] = {"proved", "gap", "work", "time", "cancelled"};
enum { STOP_PROVED, STOP_GAP, STOP_WORK, STOP_TIME, STOPS = 5 };

/* Sums over some of the packages. */
typedef struct totals {
    int64_t packages, placed, waiting, minutes, minutes_waiting, cost, seconds, fixed, minutes_fixed;
    int64_t load; /* everything served, in the unit of capacity rows */
} totals;

static int64_t load_of(const hcb__vf *vf, const hcb__vf_package *p, const hcb__vf_service *s) {
    return vf->travel.with_travel ? 60 * p->carer_minutes + s->travel : p->carer_minutes;
}

static void add_item(const hcb__vf_run *run, const hcb__vf_item *item, totals *t) {
    t->packages++;
    if (item->chosen < 0) {
        t->waiting++;
        t->minutes_waiting += item->package->carer_minutes;
        return;
    }
    const hcb__vf_service *s = &run->choices.at[item->chosen].service;
    t->placed++;
    t->minutes += item->package->carer_minutes;
    t->cost += s->cost;
    t->seconds += s->travel;
    t->load += load_of(run->vf, item->package, s);
}

static void want_placed(hcb__vf_want *want, const totals *t) {
    hcb__vf_want_int(want, "placed", t->placed);
    hcb__vf_want_int(want, "carer_minutes_placed", t->minutes);
    hcb__vf_want_int(want, "weekly_cost_pence", t->cost);
    hcb__vf_want_int(want, "travel_minutes", hcb__round_div(t->seconds, 60));
}

static void want_fixed(hcb__vf_want *want, const totals *t) {
    hcb__vf_want_int(want, "placements_fixed", t->fixed);
    hcb__vf_want_int(want, "carer_minutes_fixed", t->minutes_fixed);
}

/* The list under `key` must have n records; *want then stands for the i-th. */
static bool want_list(hcb__vf_want *want, const hcb__json *summary, const char *key, size_t n) {
    char text[32];
    want->object = summary;
    want->record = "";
    snprintf(text, sizeof text, "a list of %zu", n);
    want->count++;
    if (hcb__json_kind_of(hcb__json_get(summary, key)) == HCB__JSON_ARRAY &&
        hcb__json_count(hcb__json_get(summary, key)) == n)
        return true;
    hcb__vf_want_fail(want, key, text);
    return false;
}

static void check_by_zone(const hcb__vf_run *run, hcb__vf_want *want, const hcb__json *summary, totals *sums) {
    const hcb__vf *vf = run->vf;
    for (size_t i = 0; i < run->items.count; i++)
        add_item(run, &run->items.at[i], &sums[run->items.at[i].package->zone]);
    for (size_t i = 0; run->replan == HCB__VF_REPLAN_FIXED && i < vf->placements.count; i++) {
        sums[vf->placements.at[i].zone].fixed++;
        sums[vf->placements.at[i].zone].minutes_fixed += vf->placements.at[i].carer_minutes;
    }
    if (!want_list(want, summary, "by_zone", vf->zones.count))
        return;
    for (size_t z = 0; z < vf->zones.count; z++) {
        want->object = hcb__json_at(hcb__json_get(summary, "by_zone"), z);
        want->record = vf->zones.at[z].id;
        hcb__vf_want_text(want, "zone_id", vf->zones.at[z].id);
        hcb__vf_want_text(want, "name", vf->zones.at[z].name);
        hcb__vf_want_int(want, "packages", sums[z].packages);
        hcb__vf_want_int(want, "waiting", sums[z].waiting);
        hcb__vf_want_int(want, "carer_minutes_waiting", sums[z].minutes_waiting);
        want_placed(want, &sums[z]);
        want_fixed(want, &sums[z]);
    }
}

static void check_by_provider(const hcb__vf_run *run, hcb__vf_want *want, const hcb__json *summary, totals *sums) {
    const hcb__vf *vf = run->vf;
    for (size_t i = 0; i < run->items.count; i++)
        if (run->items.at[i].chosen >= 0)
            add_item(run, &run->items.at[i], &sums[run->choices.at[run->items.at[i].chosen].service.provider]);
    for (size_t i = 0; run->replan == HCB__VF_REPLAN_FIXED && i < vf->placements.count; i++) {
        totals *t = &sums[vf->placements.at[i].provider];
        t->fixed++;
        t->minutes_fixed += vf->placements.at[i].carer_minutes;
        t->load += load_of(vf, &vf->placements.at[i], &run->today[i]);
    }
    if (!want_list(want, summary, "by_provider", vf->providers.count))
        return;
    for (size_t k = 0; k < vf->providers.count; k++) {
        int64_t unit = vf->travel.with_travel ? 60 : 1;
        int64_t room = hcb__floor_div(unit * vf->providers.at[k].capacity - sums[k].load, unit);
        want->object = hcb__json_at(hcb__json_get(summary, "by_provider"), k);
        want->record = vf->providers.at[k].id;
        hcb__vf_want_text(want, "provider_id", vf->providers.at[k].id);
        want_placed(want, &sums[k]);
        want_fixed(want, &sums[k]);
        hcb__vf_want_int(want, "capacity_minutes", vf->providers.at[k].capacity);
        hcb__vf_want_int(want, "room_minutes", room < 0 ? 0 : room);
    }
}

static void check_by_tier(const hcb__vf_run *run, hcb__vf_want *want, const hcb__json *summary) {
    const hcb__vf_policy *policy = &run->vf->policy;
    totals sums[HCB__VF_TIERS] = {{0}};
    for (size_t i = 0; i < run->items.count; i++)
        if (run->items.at[i].chosen >= 0)
            add_item(run, &run->items.at[i], &sums[run->choices.at[run->items.at[i].chosen].service.rank]);
    if (!want_list(want, summary, "by_tier", (size_t)policy->n_tiers))
        return;
    for (int32_t r = 0; r < policy->n_tiers; r++) {
        want->object = hcb__json_at(hcb__json_get(summary, "by_tier"), (size_t)r);
        want->record = hcb__vf_tiers[policy->tiers[r]];
        hcb__vf_want_text(want, "tier", hcb__vf_tiers[policy->tiers[r]]);
        want_placed(want, &sums[r]);
    }
}

static int ascending(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* As many of the waiting packages, lightest first, as fit into so many priority minutes. */
static int64_t packages_within(const hcb__vf_run *run, int64_t minutes) {
    size_t n = 0;
    int64_t *weights = hcb__vf_new(run->vf, run->items.count, sizeof *weights), fit = 0;
    for (size_t i = 0; weights && i < run->items.count; i++)
        if (run->items.at[i].chosen < 0)
            weights[n++] = run->items.at[i].wait_cost;
    if (n)
        qsort(weights, n, sizeof *weights, ascending);
    for (size_t i = 0; i < n && weights[i] <= minutes; i++) {
        minutes -= weights[i];
        fit++;
    }
    return fit;
}

/* best <= value <= frozen, and frozen = best + tolerance. */
static bool check_frozen(const hcb__vf_run *run, hcb__vf_want *want, int32_t l, int64_t *best) {
    const hcb__vf_level *level = &run->vf->policy.levels[l];
    int64_t value = run->levels[l].value, frozen;
    hcb__vf_want_int(want, "value", value);
    if (!level->tolerance && !level->ppm) {
        hcb__vf_want_int(want, "best", value);
        hcb__vf_want_int(want, "frozen", value);
        *best = value;
        return true;
    }
    if (!hcb__json_int(hcb__json_get(want->object, "best"), best) || *best > value || *best < 0) {
        hcb__vf_want_fail(want, "best", "a whole number not above the value");
        return false;
    }
    frozen = hcb__vf_frozen(level, *best);
    hcb__vf_want_int(want, "frozen", frozen);
    if (value > frozen)
        hcb__vf_want_fail(want, "value", "at most the frozen value");
    return true;
}

static int32_t stop_of(const hcb__json *object) {
    return hcb__vf_word(stops, STOPS, hcb__json_string(hcb__json_get(object, "stop"), NULL));
}

static void check_stop(hcb__vf_want *want, int64_t best, int64_t bound, const hcb__json *options) {
    double gap = 0, limit = 0;
    int32_t stop = stop_of(want->object);
    (void)hcb__json_number(hcb__json_get(options, "gap"), &gap);
    double open = (double)best - (double)bound;
    want->count++;
    if (best == bound) {
        hcb__vf_want_text(want, "stop", "proved");
    } else if (open <= gap * (double)(best < 0 ? -best : best)) {
        hcb__vf_want_text(want, "stop", "gap");
    } else if (stop < STOP_WORK) {
        hcb__vf_want_fail(want, "stop", "work, time or cancelled, because the gap is open");
    } else if (stop == STOP_TIME && !(hcb__json_number(hcb__json_get(options, "time_limit"), &limit) && limit > 0)) {
        hcb__vf_want_fail(want, "stop", "another word, because no time limit was asked for");
    }
}

/* The run's stop and outcome follow from the levels'. */
static void check_outcome(const hcb__vf_run *run, hcb__vf_want *want, const hcb__json *summary, bool all_proved) {
    const hcb__json *levels = hcb__json_get(summary, "levels");
    int32_t worst = STOP_PROVED;
    for (int32_t l = 0; l < run->vf->policy.n_levels; l++) {
        int32_t stop = stop_of(hcb__json_at(levels, (size_t)l));
        worst = stop > worst ? stop : worst;
    }
    want->object = summary;
    want->record = "";
    hcb__vf_want_text(want, "stop", stops[worst]);
    hcb__vf_want_text(want, "outcome", all_proved ? "optimal" : "feasible");
}

static void check_levels(const hcb__vf_run *run, hcb__vf_want *want, const hcb__json *summary, bool sequential) {
    const hcb__vf_policy *policy = &run->vf->policy;
    const hcb__json *levels = hcb__json_get(summary, "levels"), *options = hcb__json_get(summary, "options");
    bool all_proved = true;
    if (!want_list(want, summary, "levels", (size_t)policy->n_levels))
        return;
    for (int32_t l = 0; l < policy->n_levels; l++) {
        int32_t name = policy->levels[l].name;
        int64_t best, bound, value = run->levels[l].value;
        want->object = hcb__json_at(levels, (size_t)l);
        want->record = hcb__vf_levels[name];
        hcb__vf_want_text(want, "name", hcb__vf_levels[name]);
        hcb__vf_want_text(want, "unit", units[name]);
        if (!check_frozen(run, want, l, &best))
            continue;
        if (sequential) {
            static const char *const nulls[] = {"bound", "gap", "stop", "priority_minutes", "packages"};
            for (int i = 0; i < (name == HCB__VF_WAITING ? 5 : 3); i++)
                hcb__vf_want_text(want, nulls[i], NULL);
            continue;
        }
        if (!hcb__json_int(hcb__json_get(want->object, "bound"), &bound) || bound > best) {
            hcb__vf_want_fail(want, "bound", "a whole number not above the best value");
            all_proved = false;
            continue;
        }
        all_proved &= bound == best;
        hcb__vf_want_number(want, "gap", value ? ((double)value - (double)bound) / (double)value : 0, 6);
        check_stop(want, best, bound, options);
        if (name == HCB__VF_WAITING) {
            hcb__vf_want_int(want, "priority_minutes", value - bound);
            hcb__vf_want_int(want, "packages", packages_within(run, value - bound));
        }
    }
    if (!sequential)
        check_outcome(run, want, summary, all_proved);
}

static void check_options(const hcb__vf_run *run, hcb__vf_want *want, const hcb__json *summary) {
    int64_t seed, number;
    double real;
    want->object = summary;
    want->record = "";
    hcb__vf_want_replan(want, run->replan);
    if (!hcb__json_number(hcb__json_get(summary, "seconds"), &real) || real < 0)
        hcb__vf_want_fail(want, "seconds", "a number that is not negative");
    if (!hcb__json_int(hcb__json_get(summary, "seed"), &seed))
        hcb__vf_want_fail(want, "seed", "a whole number");
    want->object = hcb__json_get(summary, "options");
    want->record = "options";
    hcb__vf_want_int(want, "seed", seed);
    hcb__vf_want_replan(want, run->replan);
    if (!hcb__json_number(hcb__json_get(want->object, "gap"), &real) || real < 0)
        hcb__vf_want_fail(want, "gap", "a number that is not negative");
    const hcb__json *limit = hcb__json_get(want->object, "time_limit");
    if (hcb__json_kind_of(limit) != HCB__JSON_NULL && (!hcb__json_number(limit, &real) || real < 0))
        hcb__vf_want_fail(want, "time_limit", "null or a number that is not negative");
    limit = hcb__json_get(want->object, "work_limit");
    if (hcb__json_kind_of(limit) != HCB__JSON_NULL && (!hcb__json_int(limit, &number) || number < 0))
        hcb__vf_want_fail(want, "work_limit", "null or a whole number that is not negative");
}

bool hcb__vf_check_summary(hcb__vf_run *run, hcb_verify_report *report, const hcb__json *summary) {
    hcb__vf *vf = run->vf;
    hcb__vf_want want = {.report = report, .file = "summary.json", .record = "", .object = summary};
    totals all = {0}, *by_zone = hcb__vf_new(vf, vf->zones.count, sizeof *by_zone);
    totals *by_provider = hcb__vf_new(vf, vf->providers.count, sizeof *by_provider);
    hcb__text date;
    hcb__text_init(&date, &vf->ctx->mem);
    hcb__text_date(&date, vf->as_of);
    if (!by_zone || !by_provider || date.failed) {
        hcb__text_free(&date);
        return false;
    }
    int64_t from_holes = 0;
    for (size_t i = 0; i < run->items.count; i++) {
        const hcb__vf_item *item = &run->items.at[i];
        add_item(run, item, &all);
        if (item->chosen >= 0 && run->choices.at[item->chosen].service.from_hole)
            from_holes += item->package->carer_minutes;
    }
    const char *method = hcb__json_string(hcb__json_get(summary, "method"), NULL);
    bool sequential = method && strcmp(method, "sequential") == 0;
    if (!sequential)
        hcb__vf_want_text(&want, "method", "optimal");
    hcb__vf_want_int(&want, "packages", all.packages);
    hcb__vf_want_int(&want, "waiting", all.waiting);
    want_placed(&want, &all);
    hcb__vf_want_int(&want, "placements_fixed",
                     run->replan == HCB__VF_REPLAN_FIXED ? (int64_t)vf->placements.count : 0);
    hcb__vf_want_int(&want, "matrix_fallback_carer_minutes", from_holes);
    hcb__vf_want_text(&want, "policy", vf->policy.model);
    hcb__vf_want_text(&want, "inputs_sha256", vf->sha256);
    hcb__vf_want_bool(&want, "synthetic", vf->synthetic);
    hcb__vf_want_text(&want, "name", vf->name);
    hcb__vf_want_text(&want, "as_of", date.at);
    hcb__vf_want_text(&want, "version", hcb_version());
    if (sequential) {
        hcb__vf_want_text(&want, "stop", NULL);
        hcb__vf_want_text(&want, "outcome", "feasible");
    }
    hcb__text_free(&date);
    check_options(run, &want, summary);
    check_levels(run, &want, summary, sequential);
    check_by_zone(run, &want, summary, by_zone);
    check_by_provider(run, &want, summary, by_provider);
    check_by_tier(run, &want, summary);
    hcb__vf_checked(report, "figures of the summary computed again", want.count);
    return !vf->nomem;
}
