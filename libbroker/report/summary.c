/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.json. */
#include <stdlib.h>
#include <string.h>

#include "io/json.h"
#include "report/allocation_report.h"

const char *hcb__level_unit(const char *level) {
    static const char *const units[][2] = {
        {"waiting", "priority minutes"}, {"tier", "rank minutes"},   {"moves", "people"},
        {"quality", "point minutes"},    {"blend", "point minutes"}, {"cost", "pence a week"},
        {"travel", "seconds a week"},    {"fair", "minutes"},        {"preference", "minutes"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i][0], level) == 0)
            return units[i][1];
    return "";
}

static int compare_weights(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int64_t hcb__packages_of_gap(const hcb_allocation *allocation, int64_t gap) {
    const hcb__alloc_problem *problem = allocation->problem;
    const hcb__engine_level *level = &problem->engine.levels[0];
    int64_t *weights = hcb__calloc(&allocation->mem, (size_t)problem->n_items, sizeof *weights);
    if (!weights)
        return -1;
    size_t n = 0;
    for (int32_t i = 0; i < problem->n_items; i++)
        if (allocation->bin[i] == HCB__WAITS)
            weights[n++] = level->wait_cost[i];
    qsort(weights, n, sizeof *weights, compare_weights);
    int64_t count = 0;
    while (count < (int64_t)n && weights[count] <= gap)
        gap -= weights[count++];
    hcb__free(&allocation->mem, weights);
    return count;
}

static void put_levels(hcb__json_writer *w, const hcb_allocation *allocation) {
    hcb__jw_key(w, "levels");
    hcb__jw_array(w);
    for (int32_t l = 0; l < hcb_allocation_level_count(allocation); l++) {
        hcb_allocation_level level = {.struct_size = sizeof level};
        if (hcb_allocation_level_at(allocation, l, &level) != HCB_OK)
            continue;
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "name", level.name);
        hcb__jw_key_string(w, "unit", hcb__level_unit(level.name));
        hcb__jw_key_int(w, "value", level.value);
        hcb__jw_key_int(w, "best", level.best);
        hcb__jw_key_int(w, "frozen", level.frozen);
        hcb__jw_key(w, "bound");
        level.has_bound ? hcb__jw_int(w, level.bound) : hcb__jw_null(w);
        hcb__jw_key(w, "gap");
        level.has_bound ? hcb__jw_double(w, level.gap, 6) : hcb__jw_null(w);
        hcb__jw_key_string(w, "stop", level.has_bound ? hcb__stop_words[level.stop] : NULL);
        if (strcmp(level.name, "waiting") == 0) {
            int64_t gap = level.value - level.bound; /* in priority minutes */
            hcb__jw_key(w, "packages");
            level.has_bound ? hcb__jw_int(w, hcb__packages_of_gap(allocation, gap)) : hcb__jw_null(w);
            hcb__jw_key(w, "priority_minutes");
            level.has_bound ? hcb__jw_int(w, gap) : hcb__jw_null(w);
        }
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void put_baseline(hcb__json_writer *w, const hcb_allocation *allocation) {
    const hcb__baseline *b = allocation->baseline;
    hcb__jw_key(w, "baseline");
    hcb__jw_object(w);
    hcb__jw_key_string(w, "method", hcb__method_words[HCB_METHOD_SEQUENTIAL]);
    hcb__jw_key_int(w, "placed", b->totals.placed);
    hcb__jw_key_int(w, "waiting", b->totals.waiting);
    hcb__jw_key_int(w, "carer_minutes_placed", b->totals.minutes_placed);
    hcb__jw_key_int(w, "weekly_cost_pence", b->totals.pence);
    hcb__jw_key_int(w, "travel_minutes", hcb__whole_minutes(b->totals.seconds));
    hcb__jw_key(w, "levels");
    hcb__jw_array(w);
    for (int32_t l = 0; l < allocation->problem->engine.n_levels; l++) {
        const char *name = allocation->problem->engine.levels[l].name;
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "name", name);
        hcb__jw_key_string(w, "unit", hcb__level_unit(name));
        hcb__jw_key_int(w, "value", b->values[l]);
        hcb__jw_key_int(w, "over_plan", b->values[l] - allocation->values[l]);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

static void put_options(hcb__json_writer *w, const hcb_allocation *allocation) {
    const hcb_allocation_options *o = &allocation->options;
    hcb__text replan;
    hcb__text_init(&replan, &allocation->mem);
    hcb__replan_text(&replan, o->replan);
    hcb__jw_key(w, "options");
    hcb__jw_object_flat(w);
    hcb__jw_key(w, "gap");
    hcb__jw_double(w, o->gap, 9);
    hcb__jw_key_int(w, "work_limit", o->work_limit);
    hcb__jw_key(w, "time_limit");
    hcb__jw_double(w, o->time_limit_s, 3);
    hcb__jw_key_string(w, "replan", replan.at);
    hcb__jw_key_int(w, "seed", (int64_t)o->seed);
    if (allocation->policy_name)
        hcb__jw_key_string(w, "policy", allocation->policy_name);
    hcb__jw_end_object(w);
    hcb__jw_key_string(w, "replan", replan.at);
    hcb__text_free(&replan);
}

static void put_placed(hcb__json_writer *w, const hcb__tally *t) {
    hcb__jw_key_int(w, "placed", t->placed);
    hcb__jw_key_int(w, "carer_minutes_placed", t->minutes_placed);
}

static void put_price_and_travel(hcb__json_writer *w, const hcb__tally *t) {
    hcb__jw_key_int(w, "weekly_cost_pence", t->pence);
    hcb__jw_key_int(w, "travel_minutes", hcb__whole_minutes(t->seconds));
}

static void put_fixed(hcb__json_writer *w, const hcb__tally *t) {
    hcb__jw_key_int(w, "placements_fixed", t->fixed);
    hcb__jw_key_int(w, "carer_minutes_fixed", t->minutes_fixed);
}

static void put_zones(hcb__json_writer *w, const hcb__model *model, const hcb__tallies *tallies) {
    hcb__jw_key(w, "by_zone");
    hcb__jw_array(w);
    for (int32_t z = 0; z < model->zones->n_zones; z++) {
        const hcb__tally *t = &tallies->by_zone[z];
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "zone_id", model->zones->zones[z].id);
        hcb__jw_key_string(w, "name", model->zones->zones[z].name);
        hcb__jw_key_int(w, "packages", t->packages);
        hcb__jw_key_int(w, "waiting", t->waiting);
        put_placed(w, t);
        hcb__jw_key_int(w, "carer_minutes_waiting", t->minutes_waiting);
        put_price_and_travel(w, t);
        put_fixed(w, t);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void put_providers(hcb__json_writer *w, const hcb__model *model, const hcb__tallies *tallies) {
    hcb__jw_key(w, "by_provider");
    hcb__jw_array(w);
    for (int32_t k = 0; k < model->n_providers; k++) {
        const hcb__tally *t = &tallies->by_provider[k];
        int64_t unit = model->travel.capacity_basis == HCB__CONTACT_AND_TRAVEL ? 60 : 1;
        int64_t room = model->providers[k].capacity * unit - t->used;
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "provider_id", model->providers[k].id);
        put_placed(w, t);
        put_price_and_travel(w, t);
        put_fixed(w, t);
        hcb__jw_key_int(w, "capacity_minutes", model->providers[k].capacity);
        hcb__jw_key_int(w, "room_minutes", room > 0 ? room / unit : 0);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void put_tiers(hcb__json_writer *w, const hcb__model *model, const hcb__tallies *tallies) {
    hcb__jw_key(w, "by_tier");
    hcb__jw_array(w);
    for (int32_t r = 0; r < model->policy->n_tiers; r++) {
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "tier", hcb__tier_words[model->policy->tiers[r]]);
        put_placed(w, &tallies->by_tier[r]);
        put_price_and_travel(w, &tallies->by_tier[r]);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

void hcb__write_summary_json(hcb__text *out, const hcb_allocation *allocation, const hcb__tallies *tallies) {
    const hcb__model *model = allocation->problem->model;
    const hcb_allocation_summary *s = &allocation->summary;
    hcb__json_writer w;
    hcb__text date;
    hcb__text_init(&date, &allocation->mem);
    hcb__text_date(&date, model->as_of);
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "version", hcb_version());
    hcb__jw_key_string(&w, "name", model->name);
    hcb__jw_key_bool(&w, "synthetic", model->synthetic);
    hcb__jw_key_string(&w, "as_of", date.at);
    hcb__jw_key_int(&w, "packages", s->packages);
    hcb__jw_key_int(&w, "placed", s->placed);
    hcb__jw_key_int(&w, "waiting", s->waiting);
    hcb__jw_key_int(&w, "placements_fixed", s->placements_fixed);
    hcb__jw_key_int(&w, "carer_minutes_placed", s->carer_minutes_placed);
    hcb__jw_key_int(&w, "weekly_cost_pence", s->weekly_cost_pence);
    hcb__jw_key_int(&w, "travel_minutes", hcb__whole_minutes(s->travel_seconds));
    put_levels(&w, allocation);
    if (allocation->baseline)
        put_baseline(&w, allocation);
    hcb__jw_key_string(&w, "outcome", hcb__outcome_words[s->outcome]);
    hcb__jw_key_string(&w, "stop", allocation->answer ? hcb__stop_words[s->stop] : NULL);
    hcb__jw_key(&w, "seconds");
    hcb__jw_double(&w, s->seconds, 3);
    hcb__jw_key_string(&w, "method", hcb__method_words[s->method]);
    hcb__jw_key_string(&w, "policy", model->policy->model);
    put_options(&w, allocation);
    hcb__jw_key_int(&w, "seed", (int64_t)allocation->options.seed);
    hcb__jw_key_string(&w, "inputs_sha256", model->inputs_sha256);
    hcb__jw_key_int(&w, "matrix_fallback_carer_minutes", tallies->fallback_minutes);
    put_zones(&w, model, tallies);
    put_providers(&w, model, tallies);
    put_tiers(&w, model, tallies);
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
    if (date.failed)
        out->failed = true;
    hcb__text_free(&date);
}
