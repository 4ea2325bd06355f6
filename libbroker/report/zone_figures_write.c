/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures per zone as a table, JSON or CSV. */
#include "base/arith.h"
#include "io/csv.h"
#include "io/json.h"
#include "report/table_text.h"
#include "report/zone_figures.h"

static void put_csv_double(hcb__text *out, double value, int decimals, bool last) {
    hcb__text cell;
    hcb__text_init(&cell, out->mem);
    if (value >= 0)
        hcb__text_double(&cell, value, decimals);
    hcb__csv_put(out, cell.at ? cell.at : "", last);
    hcb__text_free(&cell);
}

static void csv_service(hcb__text *out, const hcb__zone_figures *f, int32_t z) {
    const hcb__zone_service *s = &f->service[z];
    hcb__csv_put_int(out, s->sums.packages, false);
    hcb__csv_put_int(out, s->sums.waiting, false);
    hcb__csv_put_int(out, s->sums.minutes, false);
    for (int b = 0; b < HCB__BANDS; b++)
        hcb__csv_put_int(out, s->sums.band_minutes[b], false);
    if (s->costs.pence >= 0)
        hcb__csv_put_int(out, s->costs.pence, false);
    else
        hcb__csv_put(out, "", false);
    hcb__csv_put_int(out, s->costs.travel.seconds, false);
    hcb__csv_put_int(out, s->costs.travel.error_seconds, false);
    put_csv_double(out, (double)s->sharers / 1000, 3, false);
    hcb__text_fixed(out, s->costs.needed, 2);
    hcb__text_putc(out, ',');
    hcb__text_fixed(out, s->costs.carried, 2);
    hcb__text_putc(out, ',');
    for (int t = 0; t < HCB__TIERS; t++)
        hcb__csv_put_int(out, s->by_tier[t], false);
    hcb__csv_put_int(out, s->capacity, false);
    hcb__csv_put_int(out, s->viability.in_reach, false);
    hcb__csv_put_int(out, s->viability.viable, false);
    hcb__csv_put_int(out, s->viability.together, false);
    hcb__csv_put_int(out, s->viability.exposed, false);
    hcb__csv_put(out, s->viability.short_now ? "yes" : "no", true);
}

static void write_csv(hcb__text *out, const hcb__zone_figures *f) {
    const hcb__zone_set *set = f->set;
    const hcb__zone_stats *stats = f->stats;
    hcb__text_puts(out, "zone_id,name,class,prime,areas,parts,area_km2,perimeter_km,polsby_popper,households,people65,"
                        "share_urban,share_fringe,share_rural,share_isolated,schwartzberg,reock,convex_hull,inertia,"
                        "cut_edges");
    if (f->service)
        hcb__text_puts(out, ",packages,waiting,minutes,minutes_urban,minutes_fringe,minutes_rural,minutes_isolated,"
                            "price_pence,travel_seconds,travel_error_seconds,sharers,travel_needed,travel_carried,"
                            "prime_providers,supplementary_providers,framework_providers,capacity_minutes,"
                            "providers_in_reach,providers_viable,providers_together,providers_exposed,short_now");
    hcb__text_putc(out, '\n');
    for (int32_t z = 0; z < set->n_zones; z++) {
        const hcb__zone *zone = &set->zones[z];
        hcb__csv_put(out, zone->id, false);
        hcb__csv_put(out, zone->name, false);
        hcb__csv_put(out, hcb__zone_class_words[zone->zone_class], false);
        hcb__csv_put(out, zone->prime ? "true" : "false", false);
        hcb__csv_put_int(out, stats[z].n_areas, false);
        hcb__csv_put_int(out, stats[z].n_parts, false);
        put_csv_double(out, stats[z].area_km2, 3, false);
        put_csv_double(out, stats[z].perimeter_km, 3, false);
        put_csv_double(out, stats[z].polsby_popper, 6, false);
        put_csv_double(out, stats[z].households, 1, false);
        put_csv_double(out, stats[z].people65, 1, false);
        for (int b = 0; b < HCB__BANDS; b++)
            put_csv_double(out, stats[z].band_share[b], 4, false);
        put_csv_double(out, stats[z].shape.schwartzberg, 6, false);
        put_csv_double(out, stats[z].shape.reock, 6, false);
        put_csv_double(out, stats[z].shape.convex_hull, 6, false);
        put_csv_double(out, stats[z].shape.inertia, 6, false);
        put_csv_double(out, stats[z].cut_edges, 0, !f->service);
        if (f->service)
            csv_service(out, f, z);
    }
}

static void put_key_double(hcb__json_writer *w, const char *key, double value, int decimals) {
    hcb__jw_key(w, key);
    if (value < 0)
        hcb__jw_null(w);
    else
        hcb__jw_double(w, value, decimals);
}

static void json_service(hcb__json_writer *w, const hcb__zone_figures *f, int32_t z) {
    const hcb__zone_service *s = &f->service[z];
    hcb__jw_key_int(w, "packages", s->sums.packages);
    hcb__jw_key_int(w, "waiting", s->sums.waiting);
    hcb__jw_key_int(w, "minutes", s->sums.minutes);
    hcb__jw_key(w, "band_minutes");
    hcb__jw_object_flat(w);
    for (int b = 0; b < HCB__BANDS; b++)
        hcb__jw_key_int(w, hcb__band_words[b], s->sums.band_minutes[b]);
    hcb__jw_end_object(w);
    hcb__jw_key(w, "price_pence");
    if (s->costs.pence >= 0)
        hcb__jw_int(w, s->costs.pence);
    else
        hcb__jw_null(w);
    hcb__jw_key_int(w, "travel_seconds", s->costs.travel.seconds);
    hcb__jw_key_int(w, "travel_error_seconds", s->costs.travel.error_seconds);
    hcb__jw_key(w, "sharers");
    hcb__jw_fixed(w, s->sharers, 3);
    hcb__jw_key(w, "travel_needed");
    hcb__jw_fixed(w, s->costs.needed, 2);
    hcb__jw_key(w, "travel_carried");
    hcb__jw_fixed(w, s->costs.carried, 2);
    hcb__jw_key(w, "providers_by_tier");
    hcb__jw_object_flat(w);
    for (int t = 0; t < HCB__TIERS; t++)
        hcb__jw_key_int(w, hcb__tier_words[t], s->by_tier[t]);
    hcb__jw_end_object(w);
    hcb__jw_key_int(w, "capacity_minutes", s->capacity);
    hcb__jw_key_int(w, "providers_in_reach", s->viability.in_reach);
    hcb__jw_key_int(w, "providers_viable", s->viability.viable);
    hcb__jw_key_int(w, "providers_together", s->viability.together);
    hcb__jw_key_int(w, "providers_exposed", s->viability.exposed);
    hcb__jw_key_string(w, "worst_leaver", s->viability.worst >= 0 ? f->model->providers[s->viability.worst].id : NULL);
    hcb__jw_key_int(w, "short_minutes_then", s->viability.worst_short);
    hcb__jw_key_bool(w, "short_now", s->viability.short_now);
}

void hcb__zone_properties(hcb__json_writer *w, const hcb__zone_figures *f, int32_t z) {
    const hcb__zone *zone = &f->set->zones[z];
    const hcb__zone_stats *s = &f->stats[z];
    hcb__jw_key_string(w, "zone_id", zone->id);
    hcb__jw_key_string(w, "name", zone->name);
    hcb__jw_key_string(w, "class", hcb__zone_class_words[zone->zone_class]);
    hcb__jw_key_bool(w, "prime", zone->prime);
    hcb__jw_key_int(w, "areas", s->n_areas);
    hcb__jw_key_int(w, "parts", s->n_parts);
    put_key_double(w, "area_km2", s->area_km2, 3);
    put_key_double(w, "perimeter_km", s->perimeter_km, 3);
    put_key_double(w, "polsby_popper", s->polsby_popper, 6);
    put_key_double(w, "households", s->households, 1);
    put_key_double(w, "people65", s->people65, 1);
    hcb__jw_key(w, "band_share");
    hcb__jw_object_flat(w);
    for (int b = 0; b < HCB__BANDS; b++)
        put_key_double(w, hcb__band_words[b], s->band_share[b], 4);
    hcb__jw_end_object(w);
    put_key_double(w, "schwartzberg", s->shape.schwartzberg, 6);
    put_key_double(w, "reock", s->shape.reock, 6);
    put_key_double(w, "convex_hull", s->shape.convex_hull, 6);
    put_key_double(w, "inertia", s->shape.inertia, 6);
    put_key_double(w, "cut_edges", s->cut_edges, 0);
    if (f->service)
        json_service(w, f, z);
}

/* Each shortage that a leaver would leave, once: the zones, who is full there, by how much. */
static void write_shortages(hcb__json_writer *w, const hcb__zone_figures *f) {
    hcb__jw_key(w, "shortages");
    hcb__jw_array(w);
    for (size_t i = 0; i < f->shortages.count; i++) {
        const hcb__shortage *s = &f->shortages.at[i];
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "without", s->without >= 0 ? f->model->providers[s->without].id : NULL);
        hcb__jw_key_int(w, "short_minutes", s->undone);
        hcb__jw_key_int(w, "demand_minutes", s->demand);
        hcb__jw_key_int(w, "room_minutes", s->room);
        hcb__jw_key(w, "zones");
        hcb__jw_array_flat(w);
        for (int32_t k = 0; k < s->n_zones; k++)
            hcb__jw_string(w, f->set->zones[s->zones[k]].id);
        hcb__jw_end_array(w);
        hcb__jw_key(w, "full");
        hcb__jw_array_flat(w);
        for (int32_t k = 0; k < s->n_full; k++)
            hcb__jw_string(w, f->model->providers[s->full[k]].id);
        hcb__jw_end_array(w);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void write_json(hcb__text *out, const hcb__zone_figures *f) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "kind", "zones");
    if (f->service) {
        hcb__jw_key_string(&w, "name", f->model->name);
        hcb__jw_key_bool(&w, "synthetic", f->model->synthetic);
        hcb__jw_key_int(&w, "packages_elsewhere", f->elsewhere);
    }
    hcb__jw_key(&w, "zones");
    hcb__jw_array(&w);
    for (int32_t z = 0; z < f->set->n_zones; z++) {
        hcb__jw_object_flat(&w);
        hcb__zone_properties(&w, f, z);
        hcb__jw_end_object(&w);
    }
    hcb__jw_end_array(&w);
    if (f->service)
        write_shortages(&w, f);
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}

static void put_right(hcb__text *out, double value, int decimals, int width) {
    hcb__text cell;
    hcb__text_init(&cell, out->mem);
    if (value >= 0)
        hcb__text_double(&cell, value, decimals);
    else
        hcb__text_putc(&cell, '-');
    for (int pad = width - (int)cell.count; pad > 0; pad--)
        hcb__text_putc(out, ' ');
    hcb__text_add(out, cell.at ? cell.at : "", cell.count);
    hcb__text_free(&cell);
}

/* The id whole, then what of the name has room. */
static void put_name(hcb__text *out, const hcb__zone *zone, int width) {
    hcb__text name;
    hcb__text_init(&name, out->mem);
    hcb__text_printf(&name, "%-3s %s", zone->id, zone->name);
    hcb__cell_left(out, name.at ? name.at : "", 4 + width);
    out->failed |= name.failed;
    hcb__text_free(&name);
}

static void write_table(hcb__text *out, const hcb__zone_figures *f) {
    const hcb__zone_set *set = f->set;
    const hcb__zone_stats *stats = f->stats;
    hcb__text_puts(out, "zone              areas parts     km2  Polsby-  people  urban fringe rural isol.\n"
                        "                                        Popper     65+      %      %     %     %\n");
    for (int32_t z = 0; z < set->n_zones; z++) {
        const hcb__zone_stats *s = &stats[z];
        put_name(out, &set->zones[z], 14);
        put_right(out, s->n_areas, 0, 5);
        put_right(out, s->n_parts, 0, 6);
        put_right(out, s->area_km2, 1, 8);
        put_right(out, s->polsby_popper, 3, 9);
        put_right(out, s->people65, 0, 8);
        put_right(out, 100 * s->band_share[HCB__URBAN], 0, 7);
        put_right(out, 100 * s->band_share[HCB__FRINGE], 0, 7);
        put_right(out, 100 * s->band_share[HCB__RURAL], 0, 6);
        put_right(out, 100 * s->band_share[HCB__ISOLATED], 0, 6);
        hcb__text_putc(out, '\n');
    }
}

static void write_shapes(hcb__text *out, const hcb__zone_figures *f) {
    const hcb__zone_set *set = f->set;
    const hcb__zone_stats *stats = f->stats;
    hcb__text_puts(out, "\nzone                         Polsby-  Schwartz-  Reock  convex  inertia    cut\n"
                        "                              Popper       berg           hull           edges\n");
    for (int32_t z = 0; z < set->n_zones; z++) {
        const hcb__zone_stats *s = &stats[z];
        put_name(out, &set->zones[z], 24);
        put_right(out, s->polsby_popper, 3, 8);
        put_right(out, s->shape.schwartzberg, 3, 11);
        put_right(out, s->shape.reock, 3, 7);
        put_right(out, s->shape.convex_hull, 3, 8);
        put_right(out, s->shape.inertia, 3, 9);
        put_right(out, s->cut_edges, 0, 7);
        hcb__text_putc(out, '\n');
    }
}

static void write_demand(hcb__text *out, const hcb__zone_figures *f) {
    hcb__zone_service all = {0};
    bool priced = true;
    hcb__text_puts(out, "\nwork a week       people wait   hours   urban  fringe   rural isolated    pounds\n");
    for (int32_t z = 0; z <= f->set->n_zones; z++) {
        const hcb__zone_service *s = z < f->set->n_zones ? &f->service[z] : &all;
        if (z < f->set->n_zones)
            put_name(out, &f->set->zones[z], 14);
        else
            hcb__cell_left(out, "all", 18);
        hcb__cell_int(out, s->sums.packages, 6);
        hcb__cell_int(out, s->sums.waiting, 5);
        hcb__cell_fixed(out, hcb__round_div(s->sums.minutes, 60), 0, 8);
        for (int b = 0; b < HCB__BANDS; b++)
            hcb__cell_fixed(out, hcb__round_div(s->sums.band_minutes[b], 60), 0, b == HCB__ISOLATED ? 9 : 8);
        if (s->costs.pence >= 0)
            hcb__cell_fixed(out, hcb__round_div(s->costs.pence, 100), 0, 10);
        else
            hcb__text_puts(out, "         -");
        hcb__text_putc(out, '\n');
        if (z == f->set->n_zones)
            break;
        priced = priced && s->costs.pence >= 0;
        all.sums.packages += s->sums.packages;
        all.sums.waiting += s->sums.waiting;
        all.sums.minutes += s->sums.minutes;
        for (int b = 0; b < HCB__BANDS; b++)
            all.sums.band_minutes[b] += s->sums.band_minutes[b];
        all.costs.pence = priced ? all.costs.pence + s->costs.pence : -1;
    }
}

static void write_supply(hcb__text *out, const hcb__zone_figures *f) {
    hcb__text_puts(out, "\ntravel, supply  travel  +-  min an hour providers   hours  in   viable leave\n"
                        "                 h/week   h  need carry  p/s/f    capacity reach       short\n");
    for (int32_t z = 0; z < f->set->n_zones; z++) {
        const hcb__zone_service *s = &f->service[z];
        put_name(out, &f->set->zones[z], 12);
        hcb__cell_fixed(out, hcb__round_div(s->costs.travel.seconds, 3600), 0, 7);
        hcb__cell_fixed(out, hcb__round_div(s->costs.travel.error_seconds, 3600), 0, 4);
        hcb__cell_fixed(out, hcb__round_div(s->costs.needed, 10), 1, 6);
        hcb__cell_fixed(out, hcb__round_div(s->costs.carried, 10), 1, 6);
        hcb__text_printf(out, " %2d/%2d/%2d", s->by_tier[HCB__PRIME], s->by_tier[HCB__SUPPLEMENTARY],
                         s->by_tier[HCB__FRAMEWORK]);
        hcb__cell_fixed(out, hcb__round_div(s->capacity, 60), 0, 9);
        hcb__cell_int(out, s->viability.in_reach, 6);
        hcb__cell_int(out, s->viability.viable, 6);
        hcb__text_putc(out, s->viability.together < HCB__ENOUGH_PROVIDERS ? '!' : ' ');
        hcb__cell_int(out, s->viability.exposed, 6);
        hcb__text_puts(out, s->viability.short_now ? " now\n" : "\n");
    }
    hcb__text_puts(out, "\nneed, carry: minutes of paid travel in a contact hour, estimated, and as priced\n"
                        "viable: providers that can have the hours they need; !: not two of them at once\n"
                        "leave short: without how many providers hours stay undone (why: zones.json);\n"
                        "now: some may stay undone today\n");
    if (f->elsewhere)
        hcb__text_printf(out, "%d package%s in no small area and not counted\n", f->elsewhere,
                         f->elsewhere == 1 ? " is" : "s are");
}

void hcb__zone_figures_write(hcb__text *out, const hcb__zone_figures *figures, int32_t format) {
    if (format == HCB_FORMAT_JSON) {
        write_json(out, figures);
    } else if (format == HCB_FORMAT_CSV) {
        write_csv(out, figures);
    } else {
        write_table(out, figures);
        write_shapes(out, figures);
        if (figures->service) {
            write_demand(out, figures);
            write_supply(out, figures);
        }
    }
}
