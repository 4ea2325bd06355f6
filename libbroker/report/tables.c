/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An allocation as tables a broker can read, in 80 columns. */
#include <string.h>

#include "base/arith.h"
#include "report/allocation_report.h"
#include "report/table_text.h"

static void put_line(hcb__text *out, const char *name, int64_t placed, int64_t waiting, const hcb__tally *t) {
    hcb__cell_left(out, name, 26);
    hcb__cell_int(out, placed, 8);
    if (waiting >= 0)
        hcb__cell_int(out, waiting, 9);
    else
        hcb__text_puts(out, "         ");
    hcb__cell_hours(out, t->minutes_placed, 10);
    hcb__cell_fixed(out, t->pence, 2, 13);
    hcb__cell_hours(out, hcb__whole_minutes(t->seconds), 10);
    hcb__text_putc(out, '\n');
}

static void put_heading(hcb__text *out, const char *first) {
    hcb__cell_left(out, first, 26);
    hcb__text_puts(out, "  placed  waiting   hours/wk    pounds/wk  travel h\n");
}

/* What the gap of who waits comes to in people: a share of minutes tells nobody that. */
static void put_gap_of_waiting(hcb__text *out, const hcb_allocation *allocation) {
    hcb_allocation_level level = {.struct_size = sizeof level};
    for (int32_t l = 0; l < hcb_allocation_level_count(allocation); l++)
        if (hcb_allocation_level_at(allocation, l, &level) == HCB_OK && strcmp(level.name, "waiting") == 0 &&
            level.has_bound && level.value > level.bound) {
            int64_t gap = level.value - level.bound;
            hcb__text_printf(out, "not proved who must wait: at best %lld fewer, %lld priority minutes less\n",
                             (long long)hcb__packages_of_gap(allocation, gap), (long long)gap);
        }
}

static void put_levels(hcb__text *out, const hcb_allocation *allocation) {
    hcb__text_puts(out, "\nlevel                  value         bound       gap  stop\n");
    for (int32_t l = 0; l < hcb_allocation_level_count(allocation); l++) {
        hcb_allocation_level level = {.struct_size = sizeof level};
        if (hcb_allocation_level_at(allocation, l, &level) != HCB_OK)
            continue;
        hcb__cell_left(out, level.name, 14);
        hcb__cell_int(out, level.value, 14);
        if (level.has_bound) {
            hcb__cell_int(out, level.bound, 14);
            hcb__cell_fixed(out, hcb__round_half_up(level.gap * 1e5), 3, 9);
            hcb__text_printf(out, "%%  %s", hcb__stop_words[level.stop]);
            if (level.best != level.value)
                hcb__text_printf(out, "; gave %lld", (long long)(level.value - level.best));
            hcb__text_putc(out, '\n');
        } else {
            hcb__text_puts(out, "             -         -  -\n");
        }
    }
    put_gap_of_waiting(out, allocation);
}

static void put_waiting(hcb__text *out, const hcb_allocation *allocation) {
    enum { SHOWN = 20 };
    int shown = 0;
    for (int32_t i = 0; i < allocation->problem->n_items; i++) {
        hcb_allocation_item item = {.struct_size = sizeof item};
        if (hcb_allocation_item_at(allocation, i, &item) != HCB_OK || item.provider_id)
            continue;
        if (shown == 0)
            hcb__text_puts(out, "\nwaiting\n");
        if (shown++ == SHOWN) {
            hcb__text_printf(out, "  … and %lld more, all in waiting.csv\n",
                             (long long)(allocation->summary.waiting - SHOWN));
            break;
        }
        hcb__text_printf(out, "  %s  zone %s, priority %d: %s%s%s\n", item.package_id, item.zone_id, item.priority,
                         item.reason, *item.detail ? ": " : "", item.detail);
    }
}

/* The sequential plan's levels, and by how much they are above those of the plan. */
static void put_baseline(hcb__text *out, const hcb_allocation *allocation) {
    const hcb__baseline *b = allocation->baseline;
    hcb__text_printf(out, "\ngoing down the list: %lld placed, %lld waiting\n", (long long)b->totals.placed,
                     (long long)b->totals.waiting);
    hcb__text_puts(out, "level                    value       over plan\n");
    for (int32_t l = 0; l < allocation->problem->engine.n_levels; l++) {
        hcb__cell_left(out, allocation->problem->engine.levels[l].name, 14);
        hcb__cell_int(out, b->values[l], 16);
        hcb__cell_int(out, b->values[l] - allocation->values[l], 16);
        hcb__text_putc(out, '\n');
    }
}

void hcb__write_tables(hcb__text *out, const hcb_allocation *allocation, const hcb__tallies *tallies) {
    const hcb__model *model = allocation->problem->model;
    const hcb_allocation_summary *s = &allocation->summary;
    hcb__tally all = {
        .minutes_placed = s->carer_minutes_placed, .pence = s->weekly_cost_pence, .seconds = s->travel_seconds};
    hcb__text_printf(out, "%s%s\n", model->name, model->synthetic ? " (synthetic people)" : "");
    hcb__text_printf(out, "%lld of %lld packages placed, %lld waiting; %lld placements stay as they are",
                     (long long)s->placed, (long long)s->packages, (long long)s->waiting,
                     (long long)s->placements_fixed);
    if (allocation->problem->replan != HCB__REPLAN_FIXED)
        hcb__text_printf(out, "; %lld people change provider", (long long)s->moved);
    hcb__text_printf(out, "\nmethod %s, plan %s (%s)\n\n", hcb__method_words[s->method], hcb__outcome_words[s->outcome],
                     allocation->answer ? hcb__stop_words[s->stop] : "no bound");
    put_heading(out, "tier");
    for (int32_t r = 0; r < model->policy->n_tiers; r++)
        put_line(out, hcb__tier_words[model->policy->tiers[r]], tallies->by_tier[r].placed, -1, &tallies->by_tier[r]);
    hcb__text_putc(out, '\n');
    put_heading(out, "zone");
    for (int32_t z = 0; z < model->zones->n_zones; z++) {
        const hcb__tally *t = &tallies->by_zone[z];
        if (t->packages == 0)
            continue;
        hcb__text name;
        hcb__text_init(&name, out->mem);
        hcb__text_printf(&name, "%s %s", model->zones->zones[z].id, model->zones->zones[z].name);
        put_line(out, name.at ? name.at : "", t->placed, t->waiting, t);
        hcb__text_free(&name);
    }
    put_line(out, "all", s->placed, s->waiting, &all);
    put_levels(out, allocation);
    if (allocation->baseline)
        put_baseline(out, allocation);
    put_waiting(out, allocation);
}
