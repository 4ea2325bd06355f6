/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures per zone as a table, JSON or CSV. */
#include "base/textbuf.h"
#include "io/csv.h"
#include "io/json.h"
#include "report/zone_map.h"
#include "zones/stats.h"

static void put_csv_double(hcb__text *out, double value, int decimals, bool last) {
    hcb__text cell;
    hcb__text_init(&cell, out->mem);
    if (value >= 0)
        hcb__text_double(&cell, value, decimals);
    hcb__csv_put(out, cell.at ? cell.at : "", last);
    hcb__text_free(&cell);
}

static void write_csv(hcb__text *out, const hcb__zone_set *set, const hcb__zone_stats *stats) {
    hcb__text_puts(out, "zone_id,name,class,prime,areas,parts,area_km2,perimeter_km,polsby_popper,households,people65,"
                        "share_urban,share_fringe,share_rural,share_isolated,schwartzberg,reock,convex_hull,inertia,"
                        "cut_edges\n");
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
        put_csv_double(out, stats[z].cut_edges, 0, true);
    }
}

static void put_key_double(hcb__json_writer *w, const char *key, double value, int decimals) {
    hcb__jw_key(w, key);
    if (value < 0)
        hcb__jw_null(w);
    else
        hcb__jw_double(w, value, decimals);
}

static void write_json(hcb__text *out, const hcb__zone_set *set, const hcb__zone_stats *stats) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key(&w, "zones");
    hcb__jw_array(&w);
    for (int32_t z = 0; z < set->n_zones; z++) {
        const hcb__zone *zone = &set->zones[z];
        hcb__jw_object_flat(&w);
        hcb__jw_key_string(&w, "zone_id", zone->id);
        hcb__jw_key_string(&w, "name", zone->name);
        hcb__jw_key_string(&w, "class", hcb__zone_class_words[zone->zone_class]);
        hcb__jw_key_bool(&w, "prime", zone->prime);
        hcb__jw_key_int(&w, "areas", stats[z].n_areas);
        hcb__jw_key_int(&w, "parts", stats[z].n_parts);
        put_key_double(&w, "area_km2", stats[z].area_km2, 3);
        put_key_double(&w, "perimeter_km", stats[z].perimeter_km, 3);
        put_key_double(&w, "polsby_popper", stats[z].polsby_popper, 6);
        put_key_double(&w, "households", stats[z].households, 1);
        put_key_double(&w, "people65", stats[z].people65, 1);
        hcb__jw_key(&w, "band_share");
        hcb__jw_object_flat(&w);
        for (int b = 0; b < HCB__BANDS; b++)
            put_key_double(&w, hcb__band_words[b], stats[z].band_share[b], 4);
        hcb__jw_end_object(&w);
        put_key_double(&w, "schwartzberg", stats[z].shape.schwartzberg, 6);
        put_key_double(&w, "reock", stats[z].shape.reock, 6);
        put_key_double(&w, "convex_hull", stats[z].shape.convex_hull, 6);
        put_key_double(&w, "inertia", stats[z].shape.inertia, 6);
        put_key_double(&w, "cut_edges", stats[z].cut_edges, 0);
        hcb__jw_end_object(&w);
    }
    hcb__jw_end_array(&w);
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

static void write_table(hcb__text *out, const hcb__zone_set *set, const hcb__zone_stats *stats) {
    hcb__text_puts(out, "zone                        areas parts     km2  Polsby-  people  urban fringe rural isol.\n"
                        "                                                  Popper     65+      %      %     %     %\n");
    for (int32_t z = 0; z < set->n_zones; z++) {
        const hcb__zone_stats *s = &stats[z];
        hcb__text_printf(out, "%-4.4s%-24.24s", set->zones[z].id, set->zones[z].name);
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

static void write_shapes(hcb__text *out, const hcb__zone_set *set, const hcb__zone_stats *stats) {
    hcb__text_puts(out, "\nzone                         Polsby-  Schwartz-  Reock  convex  inertia    cut\n"
                        "                              Popper       berg           hull           edges\n");
    for (int32_t z = 0; z < set->n_zones; z++) {
        const hcb__zone_stats *s = &stats[z];
        hcb__text_printf(out, "%-4.4s%-24.24s", set->zones[z].id, set->zones[z].name);
        put_right(out, s->polsby_popper, 3, 8);
        put_right(out, s->shape.schwartzberg, 3, 11);
        put_right(out, s->shape.reock, 3, 7);
        put_right(out, s->shape.convex_hull, 3, 8);
        put_right(out, s->shape.inertia, 3, 9);
        put_right(out, s->cut_edges, 0, 7);
        hcb__text_putc(out, '\n');
    }
}

hcb_status hcb_zone_map_stats(hcb_text **out, hcb_context *ctx, const hcb_zone_map *map, int32_t format) {
    if (!out || !ctx || !map || format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb__zone_stats *stats = NULL;
    status = hcb__zones_stats(&stats, ctx, map->set);
    if (status == HCB_OK)
        status = hcb__text_handle(out, ctx);
    if (status == HCB_OK) {
        hcb__text *text = hcb__text_of(*out);
        if (format == HCB_FORMAT_JSON)
            write_json(text, map->set, stats);
        else if (format == HCB_FORMAT_CSV)
            write_csv(text, map->set, stats);
        else
            write_table(text, map->set, stats);
        if (format == HCB_FORMAT_TEXT)
            write_shapes(text, map->set, stats);
        status = hcb__text_finish(out, ctx);
    }
    hcb__free(&ctx->mem, stats);
    return hcb__end(ctx, status);
}
