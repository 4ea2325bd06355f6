/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a move does, as a table, JSON or CSV; and the plan. */
#include <math.h>

#include "base/arith.h"
#include "base/textbuf.h"
#include "io/csv.h"
#include "io/json.h"
#include "report/table_text.h"
#include "report/zone_move.h"

typedef struct side {
    hcb__zone_totals totals;
    hcb__shape shape;
    int64_t balance; /* minutes over the mean of the zones of its class, x 1000 */
    hcb_zone_costs costs;
} side;

typedef struct change {
    int32_t zone;
    side before, after;
} change;

typedef struct work {
    hcb_context *ctx;
    hcb_zone_session *s;
    const int32_t *units;
    size_t n;
    int32_t zone;
    hcb_zone_move move;
    hcb_zone_repair repair;
    change *changes;
    int32_t n_changes;
} work;

static const char *const problem_words[] = {"splits", "detached", "empties", "above_hours", "below_hours", "unviable"};
static const char *const problem_sentences[] = {"a zone that loses units falls into more parts",
                                                "the units do not touch the zone that gains them",
                                                "a zone is left without units",
                                                "the zone that gains has more than its hours_max",
                                                "a zone that loses has less than its hours_min",
                                                "a zone is left with fewer than two viable providers"};
static const char *const proof_words[] = {"found", "fewest", "smallest"};
enum { PROBLEMS = sizeof problem_words / sizeof *problem_words };

/* Hours against those of the zones of the same class, which also change. */
static void weigh(work *w) {
    const hcb__zone_totals *now = hcb__session_totals(w->s->session);
    const hcb__zone *zones = w->s->set->zones;
    int64_t sums[2][HCB__ZONE_CLASSES] = {{0}}, counts[HCB__ZONE_CLASSES] = {0};
    for (int32_t z = 0; z < w->s->set->n_zones; z++) {
        counts[zones[z].zone_class]++;
        for (int then = 0; then < 2; then++)
            sums[then][zones[z].zone_class] += now[z].minutes;
    }
    for (int32_t k = 0; k < w->n_changes; k++)
        sums[1][zones[w->changes[k].zone].zone_class] +=
            w->changes[k].after.totals.minutes - w->changes[k].before.totals.minutes;
    for (int32_t k = 0; k < w->n_changes; k++)
        for (int then = 0; then < 2; then++) {
            side *s = then ? &w->changes[k].after : &w->changes[k].before;
            int32_t c = zones[w->changes[k].zone].zone_class;
            s->balance = sums[then][c] ? hcb__round_div(1000 * s->totals.minutes * counts[c], sums[then][c]) : 0;
        }
}

static hcb_status gather(work *w) {
    w->move.struct_size = sizeof w->move;
    hcb_status status = hcb_zone_session_try(&w->move, w->s, w->units, w->n, w->zone);
    if (status != HCB_OK)
        return hcb__fail(w->ctx, status, "units or zone are not of this map");
    if (w->move.problems)
        status = hcb__zone_session_repair(&w->repair, w->ctx, w->s, w->units, w->n, w->zone, &w->s->report_repairs);
    if (status != HCB_OK)
        return status;
    hcb__move move;
    status = hcb__session_try(&move, w->s->session, w->units, w->n, w->zone);
    w->changes = hcb__calloc(&w->ctx->mem, (size_t)move.n_changed + 1, sizeof *w->changes);
    if (status != HCB_OK || !w->changes)
        return hcb__nomem(w->ctx);
    w->n_changes = move.n_changed;
    for (int32_t k = 0; k < w->n_changes; k++) {
        change *c = &w->changes[k];
        c->zone = move.changed[k];
        c->before.totals = hcb__session_totals(w->s->session)[c->zone];
        c->after.totals = move.after[k];
    }
    weigh(w);
    for (int32_t k = 0; status == HCB_OK && k < w->n_changes; k++) {
        change *c = &w->changes[k];
        c->before.costs.struct_size = c->after.costs.struct_size = sizeof c->before.costs;
        if (w->s->ledger)
            status = hcb_zone_session_costs(&c->before.costs, &c->after.costs, w->s, w->units, w->n, w->zone, c->zone);
        if (status != HCB_OK)
            break;
        status = hcb__session_shape(&c->before.shape, w->s->session, c->zone);
        if (status == HCB_OK)
            status = hcb__session_try_shape(&c->after.shape, w->s->session, w->units, w->n, w->zone, c->zone);
    }
    return status;
}

static int64_t tenths_of_hours(int64_t minutes) {
    return (minutes + 3) / 6;
}

static void put_csv_double(hcb__text *out, double value, int decimals, bool last) {
    hcb__text_double(out, value, decimals);
    hcb__text_putc(out, last ? '\n' : ',');
}

static void csv_side(const work *w, hcb__text *out, int32_t zone, const char *when, const side *s) {
    hcb__csv_put(out, w->s->set->zones[zone].id, false);
    hcb__csv_put(out, when, false);
    hcb__csv_put_int(out, s->totals.n_units, false);
    hcb__csv_put_int(out, s->totals.n_parts, false);
    hcb__csv_put_int(out, s->totals.cut_edges, false);
    hcb__csv_put_int(out, s->totals.minutes, false);
    put_csv_double(out, (double)s->totals.people10 / 10, 1, false);
    put_csv_double(out, (double)s->totals.households10 / 10, 1, false);
    put_csv_double(out, (double)s->totals.mass.area_mm2 / 1e12, 4, false);
    put_csv_double(out, (double)s->totals.perimeter_um / 1e9, 4, false);
    put_csv_double(out, s->shape.polsby_popper, 6, false);
    put_csv_double(out, s->shape.reock, 6, false);
    put_csv_double(out, s->shape.convex_hull, 6, false);
    put_csv_double(out, s->shape.inertia, 6, false);
    hcb__text_fixed(out, s->balance, 3);
    if (w->s->ledger) {
        const int64_t values[] = {s->costs.pence,    s->costs.travel_seconds, s->costs.travel_error_seconds,
                                  s->costs.together, s->costs.viable,         s->costs.exposed};
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            hcb__text_putc(out, ',');
            if (values[i] >= 0)
                hcb__text_int(out, values[i]);
        }
    }
    hcb__text_putc(out, '\n');
}

static void write_csv(const work *w, hcb__text *out) {
    hcb__text_puts(out, "zone_id,when,units,parts,cut_edges,minutes,people65,households,area_km2,perimeter_km,"
                        "polsby_popper,reock,convex_hull,inertia,balance");
    if (w->s->ledger)
        hcb__text_puts(out, ",price_pence,travel_seconds,travel_error_seconds,providers_together,providers_viable,"
                            "providers_exposed");
    hcb__text_putc(out, '\n');
    for (int32_t k = 0; k < w->n_changes; k++) {
        csv_side(w, out, w->changes[k].zone, "before", &w->changes[k].before);
        csv_side(w, out, w->changes[k].zone, "after", &w->changes[k].after);
    }
}

static void put_key(hcb__json_writer *j, const char *key, double value, int decimals) {
    hcb__jw_key(j, key);
    hcb__jw_double(j, value, decimals);
}

static void json_costs(hcb__json_writer *j, const hcb_zone_costs *c) {
    hcb__jw_key(j, "price_pence");
    if (c->pence >= 0)
        hcb__jw_int(j, c->pence);
    else
        hcb__jw_null(j);
    hcb__jw_key_int(j, "travel_seconds", c->travel_seconds);
    hcb__jw_key_int(j, "travel_error_seconds", c->travel_error_seconds);
    hcb__jw_key(j, "travel_needed");
    hcb__jw_fixed(j, c->needed, 2);
    hcb__jw_key(j, "travel_carried");
    hcb__jw_fixed(j, c->carried, 2);
    hcb__jw_key_int(j, "providers_together", c->together);
    hcb__jw_key_int(j, "providers_viable", c->viable);
    hcb__jw_key_int(j, "providers_exposed", c->exposed);
}

static void json_side(const work *w, hcb__json_writer *j, const char *key, const side *s) {
    hcb__jw_key(j, key);
    hcb__jw_object_flat(j);
    hcb__jw_key_int(j, "units", s->totals.n_units);
    hcb__jw_key_int(j, "parts", s->totals.n_parts);
    hcb__jw_key_int(j, "cut_edges", s->totals.cut_edges);
    hcb__jw_key_int(j, "minutes", s->totals.minutes);
    put_key(j, "people65", (double)s->totals.people10 / 10, 1);
    put_key(j, "households", (double)s->totals.households10 / 10, 1);
    put_key(j, "area_km2", (double)s->totals.mass.area_mm2 / 1e12, 4);
    put_key(j, "perimeter_km", (double)s->totals.perimeter_um / 1e9, 4);
    put_key(j, "polsby_popper", s->shape.polsby_popper, 6);
    put_key(j, "reock", s->shape.reock, 6);
    put_key(j, "convex_hull", s->shape.convex_hull, 6);
    put_key(j, "inertia", s->shape.inertia, 6);
    hcb__jw_key(j, "balance");
    hcb__jw_fixed(j, s->balance, 3);
    if (w->s->ledger)
        json_costs(j, &s->costs);
    hcb__jw_end_object(j);
}

static void json_repair(const work *w, hcb__json_writer *j) {
    hcb__jw_key(j, "repair");
    if (w->repair.units < 0) {
        hcb__jw_null(j);
    } else {
        hcb__jw_array(j);
        for (int32_t i = 0; i < w->repair.units; i++) {
            hcb__jw_object_flat(j);
            hcb__jw_key_string(j, "area_id", w->s->set->areas[w->s->repair[i]].id);
            hcb__jw_key_string(j, "zone_id", w->s->set->zones[w->s->repair_to[i]].id);
            hcb__jw_end_object(j);
        }
        hcb__jw_end_array(j);
    }
    hcb__jw_key(j, "repair_proof");
    if (w->move.problems && w->repair.units >= 0)
        hcb__jw_string(j, proof_words[w->repair.proof]);
    else
        hcb__jw_null(j);
    hcb__jw_key_int(j, "repair_minutes", w->repair.minutes);
    hcb__jw_key(j, "no_repair_up_to");
    if (w->move.problems && w->repair.none_up_to >= 0)
        hcb__jw_int(j, w->repair.none_up_to);
    else
        hcb__jw_null(j);
}

static void write_json(const work *w, hcb__text *out) {
    hcb__json_writer j;
    hcb__jw_init(&j, out, false);
    hcb__jw_object(&j);
    hcb__jw_key_string(&j, "to", w->s->set->zones[w->zone].id);
    hcb__jw_key_bool(&j, "legal", w->move.problems == 0);
    hcb__jw_key(&j, "problems");
    hcb__jw_array_flat(&j);
    for (int p = 0; p < PROBLEMS; p++)
        if (w->move.problems >> p & 1)
            hcb__jw_string(&j, problem_words[p]);
    hcb__jw_end_array(&j);
    hcb__jw_key_int(&j, "units_moved", w->move.units_moved);
    hcb__jw_key_int(&j, "minutes_moved", w->move.minutes_moved);
    put_key(&j, "people65_moved", (double)w->move.people_moved / 10, 1);
    json_repair(w, &j);
    hcb__jw_key(&j, "zones");
    hcb__jw_array(&j);
    for (int32_t k = 0; k < w->n_changes; k++) {
        hcb__jw_object(&j);
        hcb__jw_key_string(&j, "zone_id", w->s->set->zones[w->changes[k].zone].id);
        json_side(w, &j, "before", &w->changes[k].before);
        json_side(w, &j, "after", &w->changes[k].after);
        hcb__jw_end_object(&j);
    }
    hcb__jw_end_array(&j);
    hcb__jw_end_object(&j);
    hcb__text_putc(out, '\n');
}

static void table_side(hcb__text *out, const char *zone, const char *when, const side *s) {
    hcb__cell_left(out, zone, 8);
    hcb__cell_left(out, when, 7);
    hcb__cell_int(out, s->totals.n_units, 6);
    hcb__cell_int(out, s->totals.n_parts, 6);
    hcb__cell_hours(out, s->totals.minutes, 9);
    hcb__cell_fixed(out, s->totals.people10, 1, 9);
    hcb__cell_fixed(out, llround((double)s->totals.mass.area_mm2 / 1e11), 1, 7);
    hcb__cell_fixed(out, llround(1000 * s->shape.polsby_popper), 3, 7);
    hcb__cell_fixed(out, llround(1000 * s->shape.reock), 3, 7);
    hcb__cell_fixed(out, llround(1000 * s->shape.convex_hull), 3, 6);
    hcb__cell_int(out, s->totals.cut_edges, 6);
    hcb__text_putc(out, '\n');
}

static void table_costs(const work *w, hcb__text *out) {
    hcb__text_puts(out, "\nzone            pounds/wk  travel h   +-  min an hour  viable leave balance\n"
                        "                                          need  carry         short\n");
    for (int32_t k = 0; k < w->n_changes; k++)
        for (int then = 0; then < 2; then++) {
            const side *s = then ? &w->changes[k].after : &w->changes[k].before;
            hcb__cell_left(out, then ? "" : w->s->set->zones[w->changes[k].zone].id, 8);
            hcb__cell_left(out, then ? "after" : "before", 7);
            if (s->costs.pence >= 0)
                hcb__cell_fixed(out, s->costs.pence, 2, 10);
            else
                hcb__text_puts(out, "         -");
            hcb__cell_fixed(out, hcb__round_div(s->costs.travel_seconds, 360), 1, 10);
            hcb__cell_fixed(out, hcb__round_div(s->costs.travel_error_seconds, 360), 1, 6);
            hcb__cell_fixed(out, s->costs.needed, 2, 6);
            hcb__cell_fixed(out, s->costs.carried, 2, 7);
            hcb__cell_int(out, s->costs.viable, 7);
            hcb__text_putc(out, s->costs.together < HCB__ENOUGH_PROVIDERS ? '!' : ' ');
            hcb__cell_int(out, s->costs.exposed, 5);
            hcb__cell_fixed(out, s->balance, 3, 8);
            hcb__text_putc(out, '\n');
        }
}

static void table_repair(const work *w, hcb__text *out) {
    static const char *const proofs[] = {"there may be fewer", "no fewer would do",
                                         "no fewer would do, and no less care"};
    static const char *const words[] = {"It", "would", "be", "legal", "if", "these", "moved", "as", "well:"};
    hcb__wrap wrap = {.out = out};
    if (w->repair.units < 0) {
        hcb__text_printf(out, "No repair was found; %s%d further area%s.\n",
                         w->repair.none_up_to > 0 ? "there is none with up to " : "the search ended before ",
                         w->repair.none_up_to > 0 ? w->repair.none_up_to : 1, w->repair.none_up_to > 1 ? "s" : "");
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        hcb__wrap_word(&wrap, words[i]);
    for (int32_t i = 0; i < w->repair.units; i++) {
        if (i)
            hcb__wrap_word(&wrap, "and");
        hcb__wrap_word(&wrap, w->s->set->areas[w->s->repair[i]].id);
        hcb__wrap_word(&wrap, "to");
        hcb__wrap_word(&wrap, w->s->set->zones[w->s->repair_to[i]].id);
    }
    hcb__wrap_end(&wrap);
    hcb__text_printf(out, "(%s)\n", proofs[w->repair.proof]);
}

static void write_table(const work *w, hcb__text *out) {
    const hcb__zone *zone = &w->s->set->zones[w->zone];
    hcb__text_printf(out, "%d unit%s to zone %s %s: ", w->move.units_moved, w->move.units_moved == 1 ? "" : "s",
                     zone->id, zone->name);
    hcb__text_fixed(out, tenths_of_hours(w->move.minutes_moved), 1);
    hcb__text_puts(out, " hours a week, ");
    hcb__text_fixed(out, w->move.people_moved, 1);
    hcb__text_puts(out, " people aged 65 and over\n");
    for (int p = 0; p < PROBLEMS; p++)
        if (w->move.problems >> p & 1)
            hcb__text_printf(out, "not legal: %s\n", problem_sentences[p]);
    if (w->move.problems)
        table_repair(w, out);
    if (w->n_changes)
        hcb__text_puts(out, "\nzone            units parts    hours  people65    km2 Polsby  Reock  hull   cut\n");
    for (int32_t k = 0; k < w->n_changes; k++) {
        table_side(out, w->s->set->zones[w->changes[k].zone].id, "before", &w->changes[k].before);
        table_side(out, "", "after", &w->changes[k].after);
    }
    if (w->s->ledger && w->n_changes)
        table_costs(w, out);
}

static hcb_status report(work *w, hcb_text **out, int32_t format) {
    hcb_status status = gather(w);
    if (status == HCB_OK)
        status = hcb__text_handle(out, w->ctx);
    if (status != HCB_OK)
        return status;
    if (format == HCB_FORMAT_CSV)
        write_csv(w, hcb__text_of(*out));
    else if (format == HCB_FORMAT_JSON)
        write_json(w, hcb__text_of(*out));
    else
        write_table(w, hcb__text_of(*out));
    return hcb__text_finish(out, w->ctx);
}

hcb_status hcb_zone_session_report(hcb_text **out, hcb_context *ctx, hcb_zone_session *s, const int32_t *units,
                                   size_t n, int32_t zone, int32_t format) {
    if (!out || !ctx || !s || (n && !units) || format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    work w = {.ctx = ctx, .s = s, .units = units, .n = n, .zone = zone};
    status = report(&w, out, format);
    hcb__free(&ctx->mem, w.changes);
    return hcb__end(ctx, status);
}

hcb_status hcb_zone_session_plan(hcb_text **out, hcb_context *ctx, const hcb_zone_session *s) {
    if (!out || !ctx || !s)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status == HCB_OK)
        status = hcb__text_handle(out, ctx);
    else
        return status;
    if (status == HCB_OK) {
        hcb__text *text = hcb__text_of(*out);
        hcb__text_puts(text, "area_id,zone_id\n");
        for (int32_t a = 0; a < s->set->n_areas; a++) {
            int32_t zone = hcb__session_zones(s->session)[a];
            hcb__csv_put(text, s->set->areas[a].id, false);
            hcb__csv_put(text, zone >= 0 ? s->set->zones[zone].id : "", true);
        }
        status = hcb__text_finish(out, ctx);
    }
    return hcb__end(ctx, status);
}
