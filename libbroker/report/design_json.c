/* SPDX-License-Identifier: GPL-3.0-or-later */
/* design.json. */
#include <math.h>
#include <stdio.h>

#include "io/json.h"
#include "report/design_report.h"

static const char *const outcomes[] = {"proposed", "clash", "unknown"};

static void put_rules(hcb__json_writer *w, const hcb__design_figures *f) {
    hcb__jw_key(w, "rules");
    hcb__jw_array(w);
    for (size_t r = 0; r < f->rules->rules.count; r++) {
        const hcb__map_rule *rule = &f->rules->rules.at[r];
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "rule", hcb__map_rule_words[rule->kind]);
        hcb__jw_key_string(w, "text", rule->text);
        if (rule->line)
            hcb__jw_key_int(w, "line", rule->line);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static double gap_of(int64_t value, int64_t bound) {
    return value == bound ? 0 : (double)(value - bound) / (double)value;
}

static void put_levels(hcb__json_writer *w, const hcb__design_figures *f) {
    const hcb__proposal *p = f->proposal;
    hcb__jw_key(w, "levels");
    hcb__jw_array(w);
    for (int32_t a = 0; a < f->rules->n_aims; a++) {
        int32_t l = f->rules->aims[a].level;
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "name", hcb__map_level_words[l]);
        hcb__jw_key_string(w, "unit", hcb__map_level_units[l]);
        hcb__jw_key_int(w, "before", p->before[l]);
        hcb__jw_key_int(w, "value", p->value[l]);
        hcb__jw_key_int(w, "best", p->best[l]);
        hcb__jw_key_int(w, "bound", p->bound[l]);
        hcb__jw_key_string(w, "bound_by", hcb__bound_words[p->bound_by[l]]);
        hcb__jw_key(w, "gap");
        hcb__jw_double(w, gap_of(p->best[l], p->bound[l]), 6);
        hcb__jw_key_bool(w, "proved", p->best[l] <= p->bound[l]);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_key(w, "figures");
    hcb__jw_array(w);
    for (int32_t l = 0; l < HCB__MAP_LEVELS; l++) {
        if (l == HCB__MAP_SNAP && !f->rules->place)
            continue;
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "name", hcb__map_level_words[l]);
        hcb__jw_key_string(w, "unit", hcb__map_level_units[l]);
        hcb__jw_key_int(w, "today", p->today[l]);
        hcb__jw_key_int(w, "before", p->before[l]);
        hcb__jw_key_int(w, "value", p->value[l]);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void put_side(hcb__json_writer *w, const hcb__design_figures *f, int32_t z, const int64_t *sums,
                     const int32_t *zone, const int32_t *viable) {
    const hcb__map_problem *p = &f->mapping->problem;
    const int64_t *of = sums + (size_t)z * (size_t)p->n_attributes;
    int64_t units = 0, packages = 0;
    for (int32_t u = 0; u < f->mapping->n; u++)
        if (zone[u] == z) {
            units++;
            packages += f->mapping->demand->unit[u].packages;
        }
    hcb__jw_object_flat(w);
    hcb__jw_key_int(w, "areas", units);
    hcb__jw_key_int(w, "minutes", of[HCB__SUM_MINUTES]);
    hcb__jw_key_int(w, "packages", packages);
    hcb__jw_key(w, "people65");
    hcb__jw_fixed(w, of[HCB__SUM_PEOPLE], 1);
    hcb__jw_key_int(w, "road_seconds", p->levels[HCB__MAP_TRAVEL].figure(of, z, p->levels[HCB__MAP_TRAVEL].payload));
    hcb__jw_key(w, "visits_by_block");
    hcb__jw_array_flat(w);
    for (int b = 0; b < HCB__BLOCKS; b++)
        hcb__jw_fixed(w, of[HCB__SUM_VISITS + b], 3);
    hcb__jw_end_array(w);
    hcb__jw_key_int(w, "ground_m2", of[HCB__SUM_GROUND]);
    if (viable)
        hcb__jw_key_int(w, "viable_providers", viable[z]);
    hcb__jw_end_object(w);
}

static void put_bound(hcb__json_writer *w, const char *key, int64_t value) {
    hcb__jw_key(w, key);
    if (value <= -INT64_MAX / 4 || value >= INT64_MAX / 4)
        hcb__jw_null(w);
    else
        hcb__jw_int(w, value);
}

static void put_zones(hcb__json_writer *w, const hcb__design_figures *f) {
    const hcb__zone *zones = f->mapping->zones;
    hcb__jw_key(w, "zones");
    hcb__jw_array(w);
    for (int32_t z = 0; z < f->proposal->n_zones; z++) {
        hcb__jw_object(w);
        hcb__jw_key_string(w, "zone_id", zones[z].id);
        hcb__jw_key_string(w, "name", zones[z].name);
        hcb__jw_key_string(w, "class", hcb__zone_class_words[zones[z].zone_class]);
        put_bound(w, "minutes_min", f->mapping->problem.low[z]);
        put_bound(w, "minutes_max", f->mapping->problem.high[z]);
        hcb__jw_key(w, "before");
        put_side(w, f, z, f->proposal->sums_before, f->mapping->repaired, f->proposal->viable_before);
        hcb__jw_key(w, "after");
        put_side(w, f, z, f->proposal->sums, f->proposal->zone, f->proposal->viable);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void put_repairs(hcb__json_writer *w, const hcb__design_figures *f) {
    hcb__jw_key(w, "repairs");
    hcb__jw_array(w);
    for (int32_t i = 0; i < f->mapping->n_repairs; i++) {
        int32_t u = f->mapping->repairs[i];
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "unit", f->model->zones->areas[u].id);
        hcb__jw_key_string(w, "from", f->mapping->zones[f->mapping->repair_from[i]].id);
        hcb__jw_key_string(w, "to", f->mapping->zones[f->mapping->repaired[u]].id);
        hcb__jw_key_int(w, "minutes", f->mapping->demand->unit[u].minutes);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

/* What each number of zones gives. */
static void put_numbers(hcb__json_writer *w, const hcb__design_figures *f) {
    if (!f->proposal->n_numbers)
        return;
    hcb__jw_key(w, "numbers");
    hcb__jw_array(w);
    for (int32_t i = 0; i < f->proposal->n_numbers; i++) {
        const hcb__number_tried *t = &f->proposal->numbers[i];
        hcb__jw_object_flat(w);
        hcb__jw_key_int(w, "zones", t->zones);
        hcb__jw_key_bool(w, "map_found", t->legal);
        hcb__jw_key(w, "value");
        if (t->legal)
            hcb__jw_int(w, t->value);
        else
            hcb__jw_null(w);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

/* Rows of moves.csv; an area that is repaired and then changes has two. */
static void put_counts(hcb__json_writer *w, const hcb__design_figures *f) {
    const hcb__mapping *m = f->mapping;
    int64_t changes = 0, areas = 0;
    for (int32_t u = 0; u < m->n; u++) {
        changes += f->proposal->zone[u] != m->repaired[u];
        areas += f->proposal->zone[u] != m->today[u];
    }
    hcb__jw_key(w, "moves");
    hcb__jw_object_flat(w);
    hcb__jw_key_int(w, "repairs", m->n_repairs);
    hcb__jw_key_int(w, "changes", changes);
    hcb__jw_key_int(w, "areas_in_another_zone", areas);
    hcb__jw_end_object(w);
}

static void put_curve(hcb__json_writer *w, const hcb__design_figures *f) {
    hcb__jw_key(w, "curve");
    hcb__jw_array(w);
    for (int32_t i = 0; i < f->proposal->n_curve; i++) {
        const hcb__curve_point *c = &f->proposal->curve[i];
        hcb__jw_object_flat(w);
        hcb__jw_key_int(w, "minutes_allowed", c->limit);
        hcb__jw_key_int(w, "minutes_moved", c->minutes);
        hcb__jw_key(w, "hours_moved");
        hcb__jw_fixed(w, (c->minutes + 3) / 6, 1);
        hcb__jw_key(w, "people_moved");
        hcb__jw_fixed(w, c->people, 1);
        hcb__jw_key_int(w, "value", c->value);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void put_ensemble(hcb__json_writer *w, const hcb__design_figures *f) {
    const hcb__map_ensemble *e = f->proposal->ensemble;
    if (!e)
        return;
    double rhat = 1, ess = INFINITY;
    for (int32_t l = 0; l < e->n_levels; l++) {
        rhat = fmax(rhat, e->rhat[l]);
        ess = fmin(ess, e->ess[l]);
    }
    hcb__jw_key(w, "ensemble");
    hcb__jw_object(w);
    hcb__jw_key_int(w, "maps", e->maps);
    hcb__jw_key_int(w, "distinct", e->distinct);
    hcb__jw_key(w, "rhat");
    hcb__jw_double(w, rhat, 4);
    hcb__jw_key(w, "ess");
    hcb__jw_double(w, ess, 1);
    hcb__jw_key(w, "figures");
    hcb__jw_array(w);
    for (int32_t l = 0; l < e->n_levels; l++) {
        if (l == HCB__MAP_SNAP && !f->rules->place)
            continue;
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "name", hcb__map_level_words[l]);
        hcb__jw_key_int(w, "today", f->proposal->before[l]);
        hcb__jw_key_int(w, "proposal", f->proposal->value[l]);
        for (int side = 0; side < 2; side++) {
            int64_t below = 0, value = side ? f->proposal->value[l] : f->proposal->before[l];
            for (int64_t i = 0; i < e->maps; i++)
                below += e->values[l * e->maps + i] < value;
            hcb__jw_key(w, side ? "share_below_proposal" : "share_below_today");
            hcb__jw_double(w, (double)below / (double)e->maps, 6);
        }
        hcb__jw_key(w, "rhat");
        hcb__jw_double(w, e->rhat[l], 4);
        hcb__jw_key(w, "ess");
        hcb__jw_double(w, e->ess[l], 1);
        hcb__jw_key(w, "quantiles");
        hcb__jw_array_flat(w);
        for (int32_t q = 0; q < HCB__QUANTILES; q++)
            hcb__jw_int(w, e->quantile[l * HCB__QUANTILES + q]);
        hcb__jw_end_array(w);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

static void put_phases(hcb__json_writer *w, const hcb__design_figures *f) {
    hcb__jw_key(w, "phases");
    hcb__jw_array(w);
    for (int32_t i = 0; i < f->n_phases; i++) {
        const hcb__phase *p = &f->phases[i];
        hcb__text date;
        hcb__jw_object(w);
        hcb__jw_key_int(w, "phase", i + 1);
        hcb__jw_key(w, "date");
        hcb__text_init(&date, w->out->mem);
        if (p->date != HCB__NO_DATE)
            hcb__text_date(&date, p->date);
        hcb__jw_string(w, date.at);
        hcb__text_free(&date);
        hcb__jw_key_int(w, "steps", p->n_steps);
        hcb__jw_key_int(w, "areas", p->n_units);
        hcb__jw_key_int(w, "minutes", p->minutes);
        hcb__jw_key_int(w, "packages", p->packages);
        hcb__jw_key(w, "people65");
        hcb__jw_fixed(w, p->people, 1);
        hcb__jw_key_int(w, "packages_of_providers_not_there", p->other_provider);
        hcb__jw_key_int(w, "bounds_missed_after", p->missing);
        /* What each zone asks for when the phase is done, and what providers that cover it could do in all. */
        hcb__jw_key(w, "zones");
        hcb__jw_array(w);
        for (int32_t z = 0; z < f->mapping->k; z++) {
            int64_t minutes = 0;
            bool touched = false;
            for (int32_t u = 0; u < f->mapping->n; u++) {
                int32_t step = f->step_of[u];
                bool done = step >= 0 && step < p->first_step + p->n_steps;
                int32_t now = done ? f->proposal->zone[u] : f->mapping->repaired[u];
                minutes += now == z ? f->mapping->demand->unit[u].minutes : 0;
                touched = touched || (done && step >= p->first_step &&
                                      (f->proposal->zone[u] == z || f->mapping->repaired[u] == z));
            }
            if (!touched)
                continue;
            hcb__jw_object_flat(w);
            hcb__jw_key_string(w, "zone_id", f->mapping->zones[z].id);
            hcb__jw_key_int(w, "minutes_after", minutes);
            hcb__jw_key_int(w, "capacity_minutes", hcb__mapping_capacity(f->mapping, z));
            hcb__jw_end_object(w);
        }
        hcb__jw_end_array(w);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void put_reason(hcb__json_writer *w, const char *text, const char *pointer) {
    hcb__jw_object_flat(w);
    hcb__jw_key_string(w, "text", text);
    hcb__jw_key_string(w, "figure", pointer);
    hcb__jw_end_object(w);
}

static void put_level_reason(hcb__json_writer *w, const hcb__design_figures *f, int32_t aim) {
    int32_t l = f->rules->aims[aim].level;
    const hcb__proposal *p = f->proposal;
    char text[256], pointer[64];
    snprintf(text, sizeof text, "%s goes from %lld to %lld %s.", hcb__map_level_words[l], (long long)p->before[l],
             (long long)p->value[l], hcb__map_level_units[l]);
    snprintf(pointer, sizeof pointer, "/levels/%d/value", aim);
    put_reason(w, text, pointer);
    if (p->bound[l] > 0) {
        snprintf(text, sizeof text, "No map within these rules has less %s than %lld %s.", hcb__map_level_words[l],
                 (long long)p->bound[l], hcb__map_level_units[l]);
        snprintf(pointer, sizeof pointer, "/levels/%d/bound", aim);
        put_reason(w, text, pointer);
    }
}

/* Places that are in more zones than one. */
static int64_t split_places(const hcb__design_figures *f, const int32_t *zone) {
    int64_t split = 0;
    for (int32_t p = 0; p < f->rules->n_places; p++) {
        int32_t first = -1;
        for (int32_t u = 0; u < f->mapping->n; u++) {
            if (f->rules->place[u] != p)
                continue;
            if (first >= 0 && zone[u] != first) {
                split++;
                break;
            }
            first = zone[u];
        }
    }
    return split;
}

static void put_snap(hcb__json_writer *w, const hcb__design_figures *f) {
    if (!f->rules->place)
        return;
    hcb__jw_key(w, "snap");
    hcb__jw_object_flat(w);
    hcb__jw_key_int(w, "places", f->rules->n_places);
    hcb__jw_key_int(w, "split_before", split_places(f, f->mapping->repaired));
    hcb__jw_key_int(w, "split_unsnapped", split_places(f, f->proposal->unsnapped));
    hcb__jw_key_int(w, "split", split_places(f, f->proposal->zone));
    hcb__jw_key_int(w, "border_inside_unsnapped_m", f->proposal->inside_unsnapped);
    hcb__jw_key_int(w, "border_inside_m", f->proposal->value[HCB__MAP_SNAP]);
    hcb__jw_end_object(w);
}

static void put_rationale(hcb__json_writer *w, const hcb__design_figures *f) {
    const hcb__proposal *p = f->proposal;
    char text[256], pointer[64];
    hcb__jw_key(w, "rationale");
    hcb__jw_array(w);
    for (int32_t i = 0; i < f->mapping->n_repairs; i++) {
        snprintf(text, sizeof text, "Area %.64s leaves zone %.64s first, which today is in parts.",
                 f->model->zones->areas[f->mapping->repairs[i]].id, f->mapping->zones[f->mapping->repair_from[i]].id);
        snprintf(pointer, sizeof pointer, "/repairs/%d/unit", i);
        put_reason(w, text, pointer);
    }
    for (int32_t a = 0; a < f->rules->n_aims; a++)
        put_level_reason(w, f, a);
    snprintf(text, sizeof text, "%lld minutes of care a week change zone.", (long long)p->value[HCB__MAP_MOVED_HOURS]);
    snprintf(pointer, sizeof pointer, "/figures/%d/value", HCB__MAP_MOVED_HOURS);
    put_reason(w, text, pointer);
    if (f->rules->place) {
        snprintf(text, sizeof text, "Snapped to places, %lld metres of border run inside one, instead of %lld.",
                 (long long)p->value[HCB__MAP_SNAP], (long long)p->inside_unsnapped);
        put_reason(w, text, "/snap/border_inside_m");
    }
    for (int32_t z = 0; z < f->mapping->k; z++) {
        size_t of_zone = (size_t)z * (size_t)f->mapping->problem.n_attributes;
        int64_t before = p->sums_before[of_zone], after = p->sums[of_zone];
        if (before == after)
            continue;
        snprintf(text, sizeof text, "Zone %.64s has %lld minutes of care a week instead of %lld.",
                 f->mapping->zones[z].id, (long long)after, (long long)before);
        snprintf(pointer, sizeof pointer, "/zones/%d/after/minutes", z);
        put_reason(w, text, pointer);
    }
    for (int32_t i = 0; i < f->n_phases; i++)
        if (f->phases[i].missing > 0) {
            snprintf(
                text, sizeof text,
                "After phase %d the map still misses bounds, as today's does, by %lld in all; no step makes it worse.",
                i + 1, (long long)f->phases[i].missing);
            snprintf(pointer, sizeof pointer, "/phases/%d/bounds_missed_after", i);
            put_reason(w, text, pointer);
        }
    for (int32_t z = 0; z < f->mapping->k; z++) {
        int64_t before = 0, after = 0;
        for (int32_t u = 0; u < f->mapping->n; u++) {
            before += f->mapping->repaired[u] == z;
            after += p->zone[u] == z;
        }
        if ((before == 0) == (after == 0))
            continue;
        snprintf(text, sizeof text,
                 after ? "Zone %.64s is new: %lld areas." : "Zone %.64s closes: %lld areas are left.",
                 f->mapping->zones[z].id, (long long)after);
        snprintf(pointer, sizeof pointer, "/zones/%d/after/areas", z);
        put_reason(w, text, pointer);
    }
    hcb__jw_end_array(w);
}

static void put_clash(hcb__json_writer *w, const hcb__design_figures *f) {
    hcb__jw_key(w, "clash");
    hcb__jw_object(w);
    hcb__jw_key_bool(w, "proved", f->clash->proved);
    hcb__jw_key_string(w, "why", f->clash->why);
    hcb__jw_key(w, "rules");
    hcb__jw_array(w);
    for (size_t r = 0; r < f->rules->rules.count; r++)
        if (f->clash->in[r]) {
            hcb__jw_object_flat(w);
            hcb__jw_key_string(w, "text", f->rules->rules.at[r].text);
            hcb__jw_key_int(w, "line", f->rules->rules.at[r].line);
            hcb__jw_key_bool(w, "map_found_without_it", f->clash->drops_help[r]);
            hcb__jw_end_object(w);
        }
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

void hcb__design_json(hcb__text *out, const hcb__design_figures *f) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "kind", "design");
    hcb__jw_key_string(&w, "outcome", outcomes[f->outcome]);
    hcb__jw_key_string(&w, "workspace", f->model->name);
    hcb__jw_key_bool(&w, "synthetic", f->model->synthetic);
    hcb__jw_key_string(&w, "inputs_sha256", f->model->inputs_sha256);
    hcb__jw_key_int(&w, "areas", f->mapping->n);
    hcb__jw_key_int(&w, "minutes", f->mapping->total_minutes);
    hcb__jw_key(&w, "minutes_allowed");
    if (f->mapping->moved_cap == INT64_MAX)
        hcb__jw_null(&w);
    else
        hcb__jw_int(&w, f->mapping->moved_cap);
    hcb__jw_key_int(&w, "bounds_missed_today", f->proposal->missing);
    hcb__jw_key_int(&w, "rounds_seconds_before", f->proposal->rounds_before);
    hcb__jw_key_int(&w, "rounds_seconds", f->proposal->rounds);
    hcb__jw_key_bool(&w, "stopped", f->proposal->stopped);
    hcb__jw_key_int(&w, "work", f->proposal->work);
    put_rules(&w, f);
    if (f->outcome == HCB_DESIGN_PROPOSED) {
        put_levels(&w, f);
        put_zones(&w, f);
        put_repairs(&w, f);
        put_counts(&w, f);
        put_snap(&w, f);
        put_numbers(&w, f);
        put_curve(&w, f);
        put_ensemble(&w, f);
        put_phases(&w, f);
        put_rationale(&w, f);
    } else {
        put_clash(&w, f);
    }
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}
