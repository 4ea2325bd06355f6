/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two maps as JSON, CSV and tables. */
#include "base/arith.h"
#include "io/csv.h"
#include "io/json.h"
#include "report/table_text.h"
#include "report/zone_compare.h"

/* One figure of both maps, value / 10^decimals; known: whether each map has it. */
typedef struct figure {
    const char *name, *unit;
    int decimals;
    bool known[2];
    int64_t value[2];
} figure;

enum { FIGURES = 6 };

static int64_t square_metres(int64_t mm2) {
    return hcb__round_div(mm2, 1000000);
}

/* Amounts of the zone in each map, and its price and travel by the people of that map. */
static void figures_of(figure out[FIGURES], const hcb__zone_comparison *c, int32_t zone) {
    const hcb__compared_zone *z = &c->zones[zone];
    out[0] = (figure){"units", "areas", 0, {true, true}, {z->amount[0].units, z->amount[1].units}};
    out[1] = (figure){"people65", "people", 1, {true, true}, {z->amount[0].people10, z->amount[1].people10}};
    out[2] = (figure){"minutes", "min/week", 0, {true, true}, {z->amount[0].minutes, z->amount[1].minutes}};
    out[3] = (figure){"area", "m2", 6, {true, true}, {z->amount[0].area_mm2, z->amount[1].area_mm2}};
    out[4] = (figure){"price", "pence/week", 0, {false, false}, {0, 0}};
    out[5] = (figure){"travel", "s/week", 0, {false, false}, {0, 0}};
    for (int s = 0; s < 2; s++) {
        const hcb__zone_costs *costs = c->side[s].costs;
        int32_t n = z->number[s];
        /* A zone that a map does not have costs nothing there. */
        out[4].known[s] = out[5].known[s] = costs != NULL;
        if (!costs || n < 0)
            continue;
        out[4].known[s] = costs[n].pence >= 0;
        out[4].value[s] = costs[n].pence >= 0 ? costs[n].pence : 0;
        out[5].value[s] = costs[n].travel.seconds;
    }
}

static void totals_of(figure out[FIGURES], const hcb__zone_comparison *c) {
    figures_of(out, c, 0); /* there is always one: those in no zone */
    for (int32_t z = 1; z < c->n_zones; z++) {
        figure one[FIGURES];
        figures_of(one, c, z);
        for (int f = 0; f < FIGURES; f++)
            for (int s = 0; s < 2; s++) {
                out[f].value[s] += one[f].value[s];
                out[f].known[s] = out[f].known[s] && one[f].known[s];
            }
    }
}

static void json_number(hcb__json_writer *w, const char *key, bool known, int64_t value, int decimals) {
    hcb__jw_key(w, key);
    if (known)
        hcb__jw_fixed(w, value, decimals);
    else
        hcb__jw_null(w);
}

static void json_figures(hcb__json_writer *w, const figure figures[FIGURES]) {
    hcb__jw_array(w);
    for (int f = 0; f < FIGURES; f++) {
        const figure *g = &figures[f];
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "figure", g->name);
        hcb__jw_key_string(w, "unit", g->unit);
        json_number(w, "a", g->known[0], g->value[0], g->decimals);
        json_number(w, "b", g->known[1], g->value[1], g->decimals);
        json_number(w, "difference", g->known[0] && g->known[1], g->value[1] - g->value[0], g->decimals);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void json_amounts(hcb__json_writer *w, const hcb__amounts *a) {
    hcb__jw_key_int(w, "units", a->units);
    json_number(w, "people65", true, a->people10, 1);
    hcb__jw_key_int(w, "minutes", a->minutes);
    json_number(w, "area_m2", true, a->area_mm2, 6);
}

static const char *id_or_null(const hcb__zone_comparison *c, int32_t zone) {
    return zone < c->n_zones - 1 ? c->zones[zone].id : NULL;
}

static void json_side(hcb__json_writer *w, const char *key, const hcb__zone_comparison *c, int s) {
    hcb__jw_key(w, key);
    hcb__jw_object_flat(w);
    hcb__jw_key_string(w, "name", c->side[s].given);
    hcb__jw_key_int(w, "zones", c->side[s].n_zones);
    hcb__jw_key_int(w, "units", c->side[s].set->n_areas);
    if (c->side[s].model)
        hcb__jw_key_bool(w, "synthetic", c->side[s].model->synthetic);
    if (c->has_places) {
        hcb__jw_key_int(w, "places", c->splits[s].places);
        hcb__jw_key_int(w, "places_split", c->splits[s].split);
        hcb__jw_key_int(w, "places_in_three_or_more", c->splits[s].multi);
        hcb__jw_key_int(w, "pieces", c->splits[s].pieces);
    }
    hcb__jw_end_object(w);
}

void hcb__zone_comparison_json(hcb__text *out, const hcb__zone_comparison *c) {
    hcb__json_writer w;
    figure figures[FIGURES];
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "kind", "zones_comparison");
    json_side(&w, "a", c, 0);
    json_side(&w, "b", c, 1);
    hcb__jw_key_string(&w, "units_of", c->finer ? "b" : "a");
    hcb__jw_key_bool(&w, "same_units", c->same_units);
    hcb__jw_key(&w, "moved");
    hcb__jw_object_flat(&w);
    json_amounts(&w, &c->moved);
    hcb__jw_end_object(&w);
    hcb__jw_key(&w, "variation_of_information");
    hcb__jw_double(&w, c->variation, 9);
    hcb__jw_key_string(&w, "variation_weight", c->weight);
    totals_of(figures, c);
    hcb__jw_key(&w, "totals");
    json_figures(&w, figures);
    hcb__jw_key(&w, "by_zone");
    hcb__jw_array(&w);
    for (int32_t z = 0; z < c->n_zones; z++) {
        const hcb__compared_zone *zone = &c->zones[z];
        if (z == c->n_zones - 1 && zone->amount[0].units + zone->amount[1].units == 0)
            break;
        hcb__jw_object(&w);
        hcb__jw_key_string(&w, "zone_id", id_or_null(c, z));
        hcb__jw_key_string(&w, "name", zone->name);
        figures_of(figures, c, z);
        hcb__jw_key(&w, "figures");
        json_figures(&w, figures);
        hcb__jw_key(&w, "gained");
        hcb__jw_object_flat(&w);
        json_amounts(&w, &zone->gained);
        hcb__jw_end_object(&w);
        hcb__jw_key(&w, "lost");
        hcb__jw_object_flat(&w);
        json_amounts(&w, &zone->lost);
        hcb__jw_end_object(&w);
        hcb__jw_end_object(&w);
    }
    hcb__jw_end_array(&w);
    hcb__jw_key(&w, "flows");
    hcb__jw_array(&w);
    for (int32_t i = 0; i < c->n_flows; i++) {
        const hcb__zone_flow *flow = &c->flows[i];
        hcb__jw_object_flat(&w);
        hcb__jw_key_string(&w, "from", id_or_null(c, flow->from));
        hcb__jw_key_string(&w, "to", id_or_null(c, flow->to));
        json_amounts(&w, &flow->amount);
        hcb__jw_end_object(&w);
    }
    hcb__jw_end_array(&w);
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}

static void csv_fixed(hcb__text *out, bool known, int64_t value, int decimals, char end) {
    if (known)
        hcb__text_fixed(out, value, decimals);
    hcb__text_putc(out, end);
}

void hcb__zone_comparison_csv(hcb__text *out, const hcb__zone_comparison *c) {
    hcb__text_puts(out, "zone_id,name,figure,unit,a,b,difference\n");
    for (int32_t z = 0; z <= c->n_zones; z++) {
        figure figures[FIGURES];
        if (z < c->n_zones)
            figures_of(figures, c, z);
        else
            totals_of(figures, c);
        if (z == c->n_zones - 1 && c->zones[z].amount[0].units + c->zones[z].amount[1].units == 0)
            continue;
        for (int f = 0; f < FIGURES; f++) {
            const figure *g = &figures[f];
            hcb__csv_put(out, z < c->n_zones ? c->zones[z].id : "", false);
            hcb__csv_put(out, z < c->n_zones ? c->zones[z].name : "all", false);
            hcb__csv_put(out, g->name, false);
            hcb__csv_put(out, g->unit, false);
            csv_fixed(out, g->known[0], g->value[0], g->decimals, ',');
            csv_fixed(out, g->known[1], g->value[1], g->decimals, ',');
            csv_fixed(out, g->known[0] && g->known[1], g->value[1] - g->value[0], g->decimals, '\n');
        }
    }
}

void hcb__zone_comparison_units(hcb__text *out, const hcb__zone_comparison *c) {
    const hcb__zone_set *set = c->side[c->finer].set;
    hcb__text_puts(out, "unit,from,to\n");
    for (int32_t a = 0; a < set->n_areas; a++) {
        hcb__csv_put(out, set->areas[a].id, false);
        hcb__csv_put(out, c->zones[c->of[0][a]].id, false);
        hcb__csv_put(out, c->zones[c->of[1][a]].id, true);
    }
}

/* Hours with a sign, rounded the same both ways. */
static void put_change(hcb__text *out, const figure *g, int64_t unit, int width) {
    int64_t change = g->value[1] - g->value[0];
    if (!g->known[0] || !g->known[1]) {
        hcb__cell_left(out, "", width - 1);
        hcb__text_putc(out, '-');
        return;
    }
    hcb__cell_int(out, change < 0 ? -hcb__round_div(-change, unit) : hcb__round_div(change, unit), width);
}

static void table_row(hcb__text *out, const char *id, const char *name, const figure *f) {
    hcb__cell_left(out, id, 6);
    hcb__cell_left(out, name, 16);
    hcb__cell_int(out, f[0].value[0], 6);
    hcb__cell_int(out, f[0].value[1], 6);
    hcb__cell_int(out, hcb__round_div(f[2].value[0], 60), 7);
    hcb__cell_int(out, hcb__round_div(f[2].value[1], 60), 7);
    put_change(out, &f[2], 60, 7);
    put_change(out, &f[1], 10, 8);
    put_change(out, &f[4], 100, 9);
    put_change(out, &f[5], 3600, 7);
    hcb__text_putc(out, '\n');
}

static void put_amounts(hcb__text *out, const hcb__amounts *a) {
    hcb__cell_int(out, a->units, 8);
    hcb__cell_fixed(out, a->people10, 1, 11);
    hcb__cell_hours(out, a->minutes, 11);
    hcb__cell_fixed(out, hcb__round_div(square_metres(a->area_mm2), 10000), 2, 10);
    hcb__text_putc(out, '\n');
}

void hcb__zone_comparison_text(hcb__text *out, const hcb__zone_comparison *c) {
    figure figures[FIGURES];
    for (int s = 0; s < 2; s++)
        hcb__text_printf(out, "%c  %.50s: %d zones, %d areas\n", s ? 'B' : 'A', c->side[s].given, c->side[s].n_zones,
                         c->side[s].set->n_areas);
    hcb__text_printf(out, "counted: the areas of %c%s\n", c->finer ? 'B' : 'A',
                     c->same_units ? ", which both have" : "");
    hcb__text_puts(out, "variation of information ");
    hcb__text_double(out, c->variation, 4);
    hcb__text_printf(out, " (by %s)\n", c->weight);
    if (c->has_places)
        for (int s = 0; s < 2; s++)
            hcb__text_printf(out, "%c splits %d of %d places\n", s ? 'B' : 'A', c->splits[s].split,
                             c->splits[s].places);
    hcb__text_puts(out, "\nzone                   areas        hours a week         people   pounds travel\n"
                        "                        A     B      A      B  change  change   change   h ch.\n");
    for (int32_t z = 0; z < c->n_zones; z++) {
        if (z == c->n_zones - 1 && c->zones[z].amount[0].units + c->zones[z].amount[1].units == 0)
            break;
        figures_of(figures, c, z);
        table_row(out, c->zones[z].id, c->zones[z].name, figures);
    }
    totals_of(figures, c);
    table_row(out, "all", "", figures);
    hcb__text_puts(out, "\nwho moves\nfrom    to         areas  people 65+ hours/week       km2\n");
    for (int32_t i = 0; i < c->n_flows; i++) {
        const hcb__zone_flow *flow = &c->flows[i];
        if (flow->from == flow->to)
            continue;
        hcb__cell_left(out, flow->from < c->n_zones - 1 ? c->zones[flow->from].id : "none", 8);
        hcb__cell_left(out, flow->to < c->n_zones - 1 ? c->zones[flow->to].id : "none", 8);
        put_amounts(out, &flow->amount);
    }
    hcb__cell_left(out, "all", 16);
    put_amounts(out, &c->moved);
}
