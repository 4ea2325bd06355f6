/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One scenario's figures as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/allocation_report.h"
#include "report/scenario_report.h"
#include "report/zone_shapes.h"

/* What the zones of a map are drawn with. */
typedef struct map {
    const hcb__outcome *outcome;
    const hcb__figure_rows *zones;
} map;

static void say_string(void *payload, const char *phrase) {
    hcb__jw_string(payload, phrase);
}

void hcb__json_changes(hcb__json_writer *w, const hcb__scenario *scenario, const hcb_allocator *mem) {
    hcb__jw_key(w, "changes");
    hcb__jw_array_flat(w);
    hcb__changes_say(scenario, mem, say_string, w);
    hcb__jw_end_array(w);
}

void hcb__budget_year_name(char out[32], const hcb__budget_plan *plan, int32_t year) {
    int64_t first;
    if (hcb__parse_int(plan->first, strlen(plan->first) >= 4 ? 4 : 0, &first))
        snprintf(out, 32, "%lld-%02lld", (long long)(first + year), (long long)((first + year + 1) % 100));
    else
        snprintf(out, 32, "year %d", (int)year + 1);
}

static void write_head(hcb__json_writer *w, const hcb__outcome *o, const hcb_allocator *mem, bool publish) {
    const hcb__scenario *s = o->scenario;
    hcb__jw_key_string(w, "kind", "scenario");
    hcb__jw_key_string(w, "name", s->name);
    hcb__jw_key_string(w, "group", s->group);
    hcb__json_changes(w, s, mem);
    hcb__jw_key_string(w, "status", hcb__outcome_whole(o) ? "done" : "cancelled");
    hcb__jw_key_string(w, "outcome", hcb__outcome_words[o->outcome]);
    hcb__jw_key_string(w, "stop", hcb__stop_words[o->stop]);
    hcb__jw_key_string(w, "method", hcb__method_words[o->options.method]);
    hcb__jw_key(w, "replan");
    if (o->options.replan >= 0)
        hcb__jw_int(w, o->options.replan);
    else
        hcb__jw_string(w, o->options.replan == HCB_REPLAN_FREE ? "free" : "fixed");
    hcb__jw_key_int(w, "seed", (int64_t)o->options.seed);
    hcb__jw_key_string(w, "hash", o->hash);
    hcb__jw_key_string(w, "inputs_sha256", o->model->inputs_sha256);
    hcb__jw_key_bool(w, "synthetic", o->model->synthetic);
    hcb__jw_key_bool(w, "public", publish);
}

typedef void (*name_row)(hcb__json_writer *w, const hcb__outcome *o, int32_t row);

static void name_zone(hcb__json_writer *w, const hcb__outcome *o, int32_t z) {
    const hcb__zone *zone = &o->model->zones->zones[z];
    hcb__jw_key_string(w, "zone_id", zone->id);
    hcb__jw_key_string(w, "name", zone->name);
    hcb__jw_key_string(w, "class", hcb__zone_class_words[zone->zone_class]);
}

static void name_provider(hcb__json_writer *w, const hcb__outcome *o, int32_t k) {
    hcb__jw_key_string(w, "provider_id", o->model->providers[k].id);
    hcb__jw_key_string(w, "name", o->model->providers[k].name);
}

static void write_rows(hcb__json_writer *w, const char *key, const hcb__outcome *o, const hcb__figure_rows *rows,
                       name_row name) {
    hcb__jw_key(w, key);
    hcb__jw_array(w);
    for (int32_t i = 0; i < rows->n_rows; i++) {
        hcb__jw_object_flat(w);
        name(w, o, i);
        hcb__json_row(w, rows, i);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void write_budget(hcb__json_writer *w, const hcb__outcome *o, bool publish) {
    const hcb__budget_plan *plan = &o->scenario->budget;
    hcb__jw_key(w, "budget");
    hcb__jw_array(w);
    for (int32_t y = 0; y < plan->years; y++) {
        const hcb__budget_year *b = &o->budget[y];
        const struct {
            const char *key;
            int64_t pence;
        } lines[] = {{"care", b->care},
                     {"growth", b->growth},
                     {"inflation", b->inflation},
                     {"savings", b->savings},
                     {"total", b->total}};
        char year[32];
        hcb__budget_year_name(year, plan, y);
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "year", year);
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
            hcb__json_figure(w, lines[i].key, hcb__shown_pence(lines[i].pence, o, publish));
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void name_zone_alone(hcb__json_writer *w, const void *payload, int32_t z) {
    const map *m = payload;
    name_zone(w, m->outcome, z);
    hcb__json_row(w, m->zones, z);
}

hcb_status hcb__scenario_geojson(hcb__text *out, hcb_context *ctx, const hcb__outcome *o,
                                 const hcb__figure_rows *zones) {
    const map m = {o, zones};
    hcb_status status = hcb__zones_draw(out, ctx, o->model->zones, name_zone_alone, &m);
    return status == HCB_OK && out->failed ? hcb__nomem(ctx) : status;
}

hcb_status hcb__scenario_json(hcb__text *out, hcb_context *ctx, const hcb__outcome *o, bool publish) {
    hcb__outcome_rows rows;
    hcb_status status = hcb__outcome_rows_make(&rows, ctx, o, publish);
    if (status == HCB_OK) {
        hcb__json_writer w;
        hcb__jw_init(&w, out, false);
        hcb__jw_object(&w);
        write_head(&w, o, &ctx->mem, publish);
        hcb__jw_key(&w, "values");
        hcb__jw_object(&w);
        hcb__json_row(&w, &rows.totals, 0);
        hcb__jw_end_object(&w);
        write_rows(&w, "by_zone", o, &rows.zones, name_zone);
        write_rows(&w, "by_provider", o, &rows.providers, name_provider);
        write_budget(&w, o, publish);
        hcb__jw_end_object(&w);
        hcb__text_putc(out, '\n');
        status = out->failed ? hcb__nomem(ctx) : HCB_OK;
    }
    hcb__outcome_rows_free(&rows, ctx);
    return status;
}
