/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two scenarios side by side: comparison.json, packages.csv, and tables for people. */
#include <string.h>

#include "io/csv.h"
#include "report/scenario_report.h"
#include "report/table_text.h"

enum { LABEL = 38, CELL = 14 };

/* Rows of two tables with the same id, or of one alone (-1). */
typedef struct pair {
    int32_t row[2];
} pair;

typedef const char *(*id_of)(const hcb__outcome *o, int32_t row);

static const char *zone_id(const hcb__outcome *o, int32_t z) {
    return o->model->zones->zones[z].id;
}

static const char *zone_name(const hcb__outcome *o, int32_t z) {
    return o->model->zones->zones[z].name;
}

static const char *provider_id(const hcb__outcome *o, int32_t k) {
    return o->model->providers[k].id;
}

static const char *provider_name(const hcb__outcome *o, int32_t k) {
    return o->model->providers[k].name;
}

static const char *person_id(const hcb__outcome *o, int32_t i) {
    return o->people[i].id;
}

/* The next pair of two lists sorted by id; false at the end. */
static bool next_pair(pair *next, int32_t at[2], const int32_t n[2], const hcb__outcome *const side[2], id_of id) {
    if (at[0] >= n[0] && at[1] >= n[1])
        return false;
    int order = at[0] >= n[0] ? 1 : at[1] >= n[1] ? -1 : hcb__compare_ids(id(side[0], at[0]), id(side[1], at[1]));
    next->row[0] = order <= 0 ? at[0]++ : -1;
    next->row[1] = order >= 0 ? at[1]++ : -1;
    return true;
}

static const char *in_word(const pair *p) {
    return p->row[0] < 0 ? "b" : p->row[1] < 0 ? "a" : "both";
}

/* What a figure is where its zone or provider does not exist: nobody and nothing, but no ratio. */
static int64_t value_at(const hcb__figure_rows *rows, int32_t row, int32_t figure) {
    if (row >= 0)
        return hcb__figure_at(rows, row, figure);
    return rows->figures[figure].kind == HCB__RATIO ? HCB__NO_FIGURE : 0;
}

static void json_values(hcb__json_writer *w, int64_t a, int64_t b) {
    hcb__json_figure(w, "a", a);
    hcb__json_figure(w, "b", b);
    hcb__json_figure(w, "difference", hcb__figure_difference(a, b));
    if (a == HCB__HIDDEN || b == HCB__HIDDEN)
        hcb__jw_key_bool(w, "suppressed", true);
}

static void json_figures(hcb__json_writer *w, const hcb__figure_rows *const rows[2], const pair *p) {
    hcb__jw_array(w);
    for (int32_t f = 0; f < rows[0]->n_figures; f++) {
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "figure", rows[0]->figures[f].name);
        hcb__jw_key_string(w, "unit", rows[0]->figures[f].unit);
        json_values(w, value_at(rows[0], p->row[0], f), value_at(rows[1], p->row[1], f));
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void json_table(hcb__json_writer *w, const char *key, const char *id_key, const hcb__comparison *c, id_of id,
                       id_of name, const hcb__figure_rows *a, const hcb__figure_rows *b) {
    const hcb__figure_rows *const rows[2] = {a, b};
    const int32_t n[2] = {a->n_rows, b->n_rows};
    int32_t at[2] = {0, 0};
    hcb__jw_key(w, key);
    hcb__jw_array(w);
    for (pair p; next_pair(&p, at, n, c->side, id);) {
        int there = p.row[0] >= 0 ? 0 : 1;
        hcb__jw_object(w);
        hcb__jw_key_string(w, id_key, id(c->side[there], p.row[there]));
        hcb__jw_key_string(w, "name", name(c->side[there], p.row[there]));
        hcb__jw_key_string(w, "in", in_word(&p));
        hcb__jw_key(w, "figures");
        json_figures(w, rows, &p);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void json_side(hcb__json_writer *w, const char *key, const hcb__outcome *o, const hcb_allocator *mem) {
    hcb__jw_key(w, key);
    hcb__jw_object(w);
    hcb__jw_key_string(w, "name", o->scenario->name);
    hcb__json_changes(w, o->scenario, mem);
    hcb__jw_key_string(w, "workspace", o->model->name);
    hcb__jw_key_string(w, "hash", o->hash);
    hcb__jw_key_string(w, "inputs_sha256", o->model->inputs_sha256);
    hcb__jw_end_object(w);
}

/* How many people differ in what. */
typedef struct changes {
    int64_t both, only_a, only_b, provider, zone, band, placed_only_a, placed_only_b;
} changes;

static changes count_changes(const hcb__comparison *c) {
    const int32_t n[2] = {c->side[0]->n_people, c->side[1]->n_people};
    int32_t at[2] = {0, 0};
    changes sum = {0};
    for (pair p; next_pair(&p, at, n, c->side, person_id);) {
        if (p.row[0] < 0 || p.row[1] < 0) {
            sum.only_a += p.row[1] < 0;
            sum.only_b += p.row[0] < 0;
            continue;
        }
        const hcb__person_row *a = &c->side[0]->people[p.row[0]], *b = &c->side[1]->people[p.row[1]];
        sum.both++;
        sum.placed_only_a += a->provider >= 0 && b->provider < 0;
        sum.placed_only_b += a->provider < 0 && b->provider >= 0;
        sum.provider += a->provider >= 0 && b->provider >= 0 &&
                        strcmp(provider_id(c->side[0], a->provider), provider_id(c->side[1], b->provider)) != 0;
        sum.zone += strcmp(zone_id(c->side[0], a->zone), zone_id(c->side[1], b->zone)) != 0;
        sum.band += a->band != b->band;
    }
    return sum;
}

static int64_t people(const hcb__comparison *c, int64_t n) {
    return c->publish ? hcb__public_count(n) : n;
}

static void json_people(hcb__json_writer *w, const hcb__comparison *c) {
    const changes x = count_changes(c);
    hcb__jw_key(w, "packages");
    hcb__jw_object_flat(w);
    hcb__json_figure(w, "both", people(c, x.both));
    hcb__json_figure(w, "only_a", people(c, x.only_a));
    hcb__json_figure(w, "only_b", people(c, x.only_b));
    hcb__json_figure(w, "other_provider", people(c, x.provider));
    hcb__json_figure(w, "other_zone", people(c, x.zone));
    hcb__json_figure(w, "other_band", people(c, x.band));
    hcb__json_figure(w, "placed_only_in_a", people(c, x.placed_only_a));
    hcb__json_figure(w, "placed_only_in_b", people(c, x.placed_only_b));
    hcb__jw_end_object(w);
}

static int64_t budget_at(const hcb__comparison *c, int side, int32_t year) {
    const hcb__outcome *o = c->side[side];
    return year < o->scenario->budget.years ? hcb__shown_pence(o->budget[year].total, o, c->publish) : HCB__NO_FIGURE;
}

static int32_t budget_years(const hcb__comparison *c) {
    int32_t a = c->side[0]->scenario->budget.years, b = c->side[1]->scenario->budget.years;
    return a > b ? a : b;
}

static void year_name(char out[32], const hcb__comparison *c, int32_t year) {
    const hcb__budget_plan *a = &c->side[0]->scenario->budget, *b = &c->side[1]->scenario->budget;
    hcb__budget_year_name(out, a->years >= b->years ? a : b, year);
}

void hcb__comparison_json(hcb__text *out, const hcb__comparison *c, const hcb_allocator *mem) {
    const pair all = {{0, 0}};
    const hcb__figure_rows *const totals[2] = {&c->rows[0].totals, &c->rows[1].totals};
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "kind", "comparison");
    json_side(&w, "a", c->side[0], mem);
    json_side(&w, "b", c->side[1], mem);
    hcb__jw_key_bool(&w, "synthetic", c->side[0]->model->synthetic || c->side[1]->model->synthetic);
    hcb__jw_key_bool(&w, "public", c->publish);
    json_people(&w, c);
    hcb__jw_key(&w, "totals");
    json_figures(&w, totals, &all);
    json_table(&w, "by_zone", "zone_id", c, zone_id, zone_name, &c->rows[0].zones, &c->rows[1].zones);
    json_table(&w, "by_provider", "provider_id", c, provider_id, provider_name, &c->rows[0].providers,
               &c->rows[1].providers);
    hcb__jw_key(&w, "budget");
    hcb__jw_array(&w);
    for (int32_t y = 0; y < budget_years(c); y++) {
        char year[32];
        year_name(year, c, y);
        hcb__jw_object_flat(&w);
        hcb__jw_key_string(&w, "year", year);
        json_values(&w, budget_at(c, 0, y), budget_at(c, 1, y));
        hcb__jw_end_object(&w);
    }
    hcb__jw_end_array(&w);
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}

static void put_values(hcb__text *out, const hcb__figure *figure, int64_t a, int64_t b) {
    hcb__figure_cell(out, figure, a, CELL);
    hcb__figure_cell(out, figure, b, CELL);
    hcb__figure_cell(out, figure, hcb__figure_difference(a, b), CELL);
    hcb__text_putc(out, '\n');
}

static void put_totals(hcb__text *out, const hcb__comparison *c) {
    hcb__cell_left(out, "", LABEL);
    hcb__text_puts(out, "             a             b         b - a\n");
    for (int32_t f = 0; f < HCB__TOTALS; f++) {
        int64_t a = hcb__figure_at(&c->rows[0].totals, 0, f), b = hcb__figure_at(&c->rows[1].totals, 0, f);
        if (a == HCB__NO_FIGURE && b == HCB__NO_FIGURE)
            continue;
        hcb__cell_left(out, hcb__total_figures[f].label, LABEL);
        put_values(out, &hcb__total_figures[f], a, b);
    }
}

/* What changes in every zone, b - a. */
static void put_zones(hcb__text *out, const hcb__comparison *c) {
    static const struct {
        int32_t figure;
        int width;
    } columns[] = {{HCB__Z_SERVED, 8}, {HCB__Z_WAITING, 9},    {HCB__Z_MINUTES, 9},
                   {HCB__Z_COST, 11},  {HCB__Z_PROVIDERS, 11}, {HCB__Z_HHI, 7}};
    enum { NAME = 25 };
    const hcb__figure_rows *const rows[2] = {&c->rows[0].zones, &c->rows[1].zones};
    const int32_t n[2] = {rows[0]->n_rows, rows[1]->n_rows};
    int32_t at[2] = {0, 0};
    hcb__text_puts(out, "\nb - a in zone              served  waiting    hours  pounds/wk  providers    HHI\n");
    for (pair p; next_pair(&p, at, n, c->side, zone_id);) {
        int there = p.row[0] >= 0 ? 0 : 1;
        hcb__text name;
        hcb__text_init(&name, out->mem);
        hcb__text_printf(&name, "%s %s", zone_id(c->side[there], p.row[there]),
                         zone_name(c->side[there], p.row[there]));
        hcb__cell_left(out, name.at ? name.at : "", NAME);
        hcb__text_free(&name);
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
            int32_t f = columns[i].figure;
            int64_t a = value_at(rows[0], p.row[0], f), b = value_at(rows[1], p.row[1], f);
            hcb__figure_cell(out, &hcb__zone_figures[f], hcb__figure_difference(a, b), columns[i].width);
        }
        hcb__text_putc(out, '\n');
    }
}

static void put_budget(hcb__text *out, const hcb__comparison *c) {
    static const hcb__figure pounds = {"", "", "", HCB__SUM, -1, 0, 100};
    hcb__cell_left(out, "\nbudget, pounds a year", LABEL + 1);
    hcb__text_puts(out, "             a             b         b - a\n");
    for (int32_t y = 0; y < budget_years(c); y++) {
        char year[32];
        year_name(year, c, y);
        hcb__cell_left(out, year, LABEL);
        put_values(out, &pounds, budget_at(c, 0, y), budget_at(c, 1, y));
    }
}

static void put_count(hcb__wrap *wrap, const hcb__comparison *c, int64_t n) {
    int64_t shown = people(c, n);
    hcb__text t;
    hcb__text_init(&t, wrap->out->mem);
    if (shown == HCB__HIDDEN)
        hcb__text_puts(&t, "[c]");
    else
        hcb__text_int(&t, shown);
    hcb__wrap_word(wrap, t.at ? t.at : "");
    hcb__text_free(&t);
}

static void put_words(hcb__wrap *wrap, const char *const *words) {
    for (; *words; words++)
        hcb__wrap_word(wrap, *words);
}

/* "2150 people in both: 40 with another provider, ..." */
static void put_people(hcb__text *out, const hcb__comparison *c) {
    const changes x = count_changes(c);
    const struct {
        int64_t n;
        const char *words[8];
    } parts[] = {{x.both, {"people", "in", "both:", NULL}},
                 {x.provider, {"with", "another", "provider,", NULL}},
                 {x.zone, {"in", "another", "zone;", NULL}},
                 {x.placed_only_a, {"placed", "in", "a", "alone,", NULL}},
                 {x.placed_only_b, {"in", "b", "alone;", NULL}},
                 {x.only_a + x.only_b, {"people", "in", "one", "of", "the", "two", "only", NULL}}};
    hcb__wrap wrap = {.out = out};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        put_count(&wrap, c, parts[i].n);
        put_words(&wrap, parts[i].words);
    }
    hcb__wrap_end(&wrap);
    if (c->publish)
        hcb__text_puts(out, "[c]: hidden, fewer than 5 people are behind it; counts are to the nearest 5\n");
}

void hcb__comparison_text(hcb__text *out, const hcb__comparison *c) {
    bool synthetic = c->side[0]->model->synthetic || c->side[1]->model->synthetic;
    for (int side = 0; side < 2; side++)
        hcb__text_printf(out, "%c: %s\n", 'a' + side, c->side[side]->scenario->name);
    if (synthetic)
        hcb__text_puts(out, "synthetic people and providers\n");
    put_people(out, c);
    hcb__text_putc(out, '\n');
    put_totals(out, c);
    put_zones(out, c);
    put_budget(out, c);
}

static void csv_figure(hcb__text *out, int64_t value, bool last) {
    if (value == HCB__NO_FIGURE || value == HCB__HIDDEN)
        hcb__csv_put(out, "", last);
    else
        hcb__csv_put_int(out, value, last);
}

void hcb__comparison_csv(hcb__text *out, const hcb__comparison *c) {
    hcb__text_puts(out, "figure,unit,a,b,difference\n");
    for (int32_t f = 0; f < HCB__TOTALS; f++) {
        int64_t a = hcb__figure_at(&c->rows[0].totals, 0, f), b = hcb__figure_at(&c->rows[1].totals, 0, f);
        hcb__csv_put(out, hcb__total_figures[f].name, false);
        hcb__csv_put(out, hcb__total_figures[f].unit, false);
        csv_figure(out, a, false);
        csv_figure(out, b, false);
        csv_figure(out, hcb__figure_difference(a, b), true);
    }
}

/* One thing of both sides; an empty cell where the person is not there, or has none. */
static void put_texts(hcb__text *out, const char *a, const char *b) {
    hcb__csv_put(out, a ? a : "", false);
    hcb__csv_put(out, b ? b : "", false);
}

static void put_numbers(hcb__text *out, const hcb__person_row *const row[2], const int64_t number[2]) {
    for (int side = 0; side < 2; side++)
        csv_figure(out, row[side] ? number[side] : HCB__NO_FIGURE, false);
}

void hcb__comparison_packages_csv(hcb__text *out, const hcb__comparison *c) {
    hcb__text_puts(out,
                   "package_id,in,zone_a,zone_b,band_a,band_b,provider_a,provider_b,carer_minutes_a,carer_minutes_b,"
                   "weekly_cost_pence_a,weekly_cost_pence_b,travel_seconds_a,travel_seconds_b,changed\n");
    const int32_t n[2] = {c->side[0]->n_people, c->side[1]->n_people};
    int32_t at[2] = {0, 0};
    for (pair p; next_pair(&p, at, n, c->side, person_id);) {
        const hcb__person_row *row[2] = {NULL, NULL};
        const char *zone[2] = {NULL, NULL}, *band[2] = {NULL, NULL}, *provider[2] = {NULL, NULL};
        int64_t minutes[2] = {0, 0}, pence[2] = {0, 0}, seconds[2] = {0, 0};
        for (int side = 0; side < 2; side++) {
            if (p.row[side] < 0)
                continue;
            const hcb__outcome *o = c->side[side];
            row[side] = &o->people[p.row[side]];
            zone[side] = zone_id(o, row[side]->zone);
            band[side] = hcb__band_words[row[side]->band];
            provider[side] = row[side]->provider >= 0 ? provider_id(o, row[side]->provider) : "";
            minutes[side] = row[side]->carer_minutes;
            pence[side] = row[side]->pence;
            seconds[side] = row[side]->seconds;
        }
        bool same = row[0] && row[1] && strcmp(zone[0], zone[1]) == 0 && band[0] == band[1] &&
                    strcmp(provider[0], provider[1]) == 0 && minutes[0] == minutes[1] && pence[0] == pence[1] &&
                    seconds[0] == seconds[1];
        hcb__csv_put(out, (row[0] ? row[0] : row[1])->id, false);
        hcb__csv_put(out, in_word(&p), false);
        put_texts(out, zone[0], zone[1]);
        put_texts(out, band[0], band[1]);
        put_texts(out, provider[0], provider[1]);
        put_numbers(out, row, minutes);
        put_numbers(out, row, pence);
        put_numbers(out, row, seconds);
        hcb__csv_put(out, same ? "no" : "yes", true);
    }
}
