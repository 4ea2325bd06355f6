/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A map from settlements alone: docs/zones.md, "The bundled map". */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "geo/geos.h"
#include "zones/load.h"
#include "zones/write.h"
#include "zones/zone_list.h"

enum { AREA_ID, NAME, LAT, LON, POPULATION, PEOPLE65, ZONE_ID, BAND, ZONE_SOURCE, POSITION_SOURCE, STANDING, COLUMNS };
static const hcb__csv_column columns[COLUMNS] = {
    {"area_id", true},   {"name", false},   {"lat", true},   {"lon", true},          {"population", false},
    {"people65", false}, {"zone_id", true}, {"band", false}, {"zone_source", false}, {"position_source", false},
    {"standing", false}};
/* People a household, with which households are derived from population. */
enum { PEOPLE_PER_10_HOUSEHOLDS = 23 };

typedef struct settlement {
    const char *area_id, *name, *lat, *lon, *zone_id; /* texts of the file; zone_id "": outside */
    const char *band, *people65;
    int64_t population; /* -1: not given */
    hcb__point point;
    int64_t line;
    hcb__grid_polygon cell; /* degrees times 10^7 */
} settlement;

typedef struct work {
    hcb_context *ctx;
    const char *file;
    hcb__arena arena;
    hcb__degrees degrees;
    HCB__VEC(settlement) rows; /* by area_id */
} work;

static const char *text_of(work *w, hcb__csv *csv, size_t column) {
    size_t len;
    const char *text = hcb__csv_text(csv, column, &len);
    return text ? hcb__arena_strndup(&w->arena, text, len) : "";
}

static hcb_status read_row(work *w, hcb__csv *csv, hcb__place_reader *places) {
    static const hcb__place_columns place_columns = {HCB__NO_PLACE_COLUMN, LAT, LON, HCB__NO_PLACE_COLUMN,
                                                     HCB__NO_PLACE_COLUMN};
    settlement s = {.population = -1};
    hcb__place place;
    hcb__where where = hcb__csv_where(csv, AREA_ID);
    const char *id;
    size_t len;
    int32_t band;
    s.line = where.line;
    hcb__cell has_id = hcb__csv_id(csv, AREA_ID, &id, &len);
    if (has_id == HCB__CELL_EMPTY)
        hcb__diag_error(w->ctx, &where, "an area_id was expected");
    bool placed = hcb__place_read(places, csv, &place_columns, &place);
    if (placed && !place.given)
        hcb__diag_error(w->ctx, &where, "lat and lon were expected");
    hcb__cell has_band = hcb__csv_word(csv, BAND, hcb__band_words, HCB__BANDS, &band);
    (void)hcb__csv_int(csv, POPULATION, 0, 100000000, &s.population);
    if (has_id != HCB__CELL_OK)
        return HCB_OK;
    s.point = place.point;
    s.area_id = hcb__arena_strndup(&w->arena, id, len);
    s.name = text_of(w, csv, NAME);
    s.lat = text_of(w, csv, LAT);
    s.lon = text_of(w, csv, LON);
    s.zone_id = text_of(w, csv, ZONE_ID);
    s.band = text_of(w, csv, BAND);
    s.people65 = text_of(w, csv, PEOPLE65);
    if (!s.area_id || !s.name || !s.lat || !s.lon || !s.zone_id || !s.band || !s.people65)
        return hcb__nomem(w->ctx);
    if (*s.zone_id && has_band == HCB__CELL_EMPTY) {
        where = hcb__csv_where(csv, BAND);
        hcb__diag_error(w->ctx, &where, "a settlement in a zone needs a band");
    }
    return HCB__PUSH(&w->ctx->mem, &w->rows, s) ? HCB_OK : hcb__nomem(w->ctx);
}

static int by_id(const void *va, const void *vb) {
    const settlement *a = va, *b = vb;
    int order = hcb__compare_ids(a->area_id, b->area_id);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static hcb_status read_settlements(work *w) {
    hcb__csv *csv;
    hcb__place_reader *places = NULL;
    hcb_status status = hcb__csv_open(&csv, w->ctx, w->file, w->file, columns, COLUMNS, NULL, 0);
    if (status != HCB_OK)
        return status;
    status = hcb__place_reader_share(&places, w->ctx, NULL, &w->degrees);
    while (status == HCB_OK && hcb__csv_next(csv))
        status = read_row(w, csv, places);
    hcb__place_reader_free(places);
    hcb__csv_close(csv);
    if (w->rows.count)
        qsort(w->rows.at, w->rows.count, sizeof *w->rows.at, by_id);
    for (size_t i = 0; i < w->rows.count; i++) {
        const settlement *s = &w->rows.at[i];
        hcb__where where = {w->file, s->line, 0, "area_id"};
        if (i && strcmp(s->area_id, s[-1].area_id) == 0)
            hcb__diag_error(w->ctx, &where, "the area \"%s\" is there already, in line %lld", s->area_id,
                            (long long)s[-1].line);
        for (size_t k = 0; k < i; k++)
            if (hcb__distance(s->point, w->rows.at[k].point) < 1)
                hcb__diag_error(w->ctx, &where, "\"%s\" and \"%s\" are at the same place", s->area_id,
                                w->rows.at[k].area_id);
    }
    return status == HCB_OK ? hcb__diag_status(w->ctx) : status;
}

/* Centimetres to degrees times 10^7: the same point always becomes the same point, so that pieces still fit. */
static hcb_status piece_to_degrees(work *w, hcb__crs *crs, hcb__grid_polygon *piece) {
    hcb__grid_point *points = hcb__arena_alloc(&w->arena, (size_t)piece->n_points, sizeof *points);
    if (!points)
        return hcb__nomem(w->ctx);
    for (int32_t i = 0; i < piece->n_points; i++) {
        hcb__point p = {(double)piece->points[i].x / 100, (double)piece->points[i].y / 100};
        size_t bad;
        if (!hcb__crs_inverse(crs, &p, 1, &bad))
            return hcb__fail(w->ctx, HCB_ECRS, "a point of the map cannot be turned into degrees");
        points[i] = (hcb__grid_point){hcb__degree_grid(p.x), hcb__degree_grid(p.y)};
    }
    piece->points = points;
    return HCB_OK;
}

/* The cells of all settlements. */
static hcb_status make_cells(work *w, hcb__geos *geos, const hcb__voronoi_options *options) {
    size_t n = w->rows.count, count = 0;
    hcb__point *points = hcb__arena_alloc(&w->arena, n, sizeof *points);
    const hcb__grid_polygon **list = NULL;
    hcb__voronoi_piece *pieces = NULL;
    hcb__polygon outline;
    hcb__crs *crs = hcb__degrees_crs(&w->degrees);
    if (!crs)
        return HCB_ECRS;
    if (!points)
        return hcb__nomem(w->ctx);
    for (size_t i = 0; i < n; i++)
        points[i] = w->rows.at[i].point;
    hcb_status status = hcb__geos_surroundings(
        geos, points, n, options->surroundings_m > 0 ? options->surroundings_m : HCB__SURROUNDINGS_M,
        options->closing_m > 0 ? options->closing_m : HCB__CLOSING_M, &w->arena, &outline);
    if (status == HCB_OK)
        status = hcb__geos_voronoi(geos, points, n, &outline, &w->arena, &pieces, &count);
    for (size_t i = 0; status == HCB_OK && i < count; i++)
        status = piece_to_degrees(w, crs, &pieces[i].polygon);
    if (status == HCB_OK && !(list = hcb__arena_alloc(&w->arena, count, sizeof *list)))
        status = hcb__nomem(w->ctx);
    for (size_t s = 0; status == HCB_OK && s < n; s++) {
        size_t mine = 0;
        hcb__grid_point bad;
        for (size_t i = 0; i < count; i++)
            if (pieces[i].seed == (int32_t)s)
                list[mine++] = &pieces[i].polygon;
        status = hcb__coverage_union(&w->rows.at[s].cell, &w->arena, list, mine, &bad);
        if (status != HCB_OK)
            status = hcb__fail(w->ctx, status, "the cell of \"%s\" cannot be made", w->rows.at[s].area_id);
    }
    return status;
}

static void write_cells(const work *w, hcb__text *out) {
    hcb__json_writer jw;
    hcb__write_collection(&jw, out);
    for (size_t i = 0; i < w->rows.count; i++) {
        const settlement *s = &w->rows.at[i];
        if (!*s->zone_id)
            continue;
        hcb__write_feature(&jw);
        hcb__jw_key_string(&jw, "area_id", s->area_id);
        hcb__jw_key_string(&jw, "name", s->name);
        hcb__jw_key_string(&jw, "zone_id", s->zone_id);
        hcb__jw_key_string(&jw, "band", s->band);
        hcb__write_geometry(&jw, &s->cell);
    }
    hcb__write_end(&jw, out);
}

static hcb_status write_zones(work *w, const hcb__zone_list *zones, hcb__text *out) {
    const hcb__grid_polygon **list = hcb__arena_alloc(&w->arena, w->rows.count, sizeof *list);
    if (!list)
        return hcb__nomem(w->ctx);
    hcb__json_writer jw;
    hcb__write_collection(&jw, out);
    for (int32_t z = 0; z < zones->n; z++) {
        size_t n = 0;
        for (size_t i = 0; i < w->rows.count; i++)
            if (strcmp(w->rows.at[i].zone_id, zones->at[z].zone_id) == 0)
                list[n++] = &w->rows.at[i].cell;
        hcb__grid_polygon united;
        hcb__grid_point bad;
        hcb_status status = hcb__coverage_union(&united, &w->arena, list, n, &bad);
        if (status != HCB_OK)
            return hcb__fail(w->ctx, status, "the cells of zone \"%s\" cannot be united", zones->at[z].zone_id);
        if (n == 0)
            continue;
        hcb__write_feature(&jw);
        hcb__write_zone_properties(&jw, &zones->at[z]);
        hcb__write_geometry(&jw, &united);
    }
    hcb__write_end(&jw, out);
    return HCB_OK;
}

static hcb_status check_zones(work *w, const hcb__zone_list *zones) {
    for (size_t i = 0; i < w->rows.count; i++) {
        const settlement *s = &w->rows.at[i];
        hcb__where where = {w->file, s->line, 0, "zone_id"};
        if (*s->zone_id && hcb__idmap_get(&zones->of_id, s->zone_id, strlen(s->zone_id)) < 0)
            hcb__diag_error(w->ctx, &where, "there is no zone \"%s\" in the file of zones", s->zone_id);
    }
    return hcb__diag_status(w->ctx);
}

static work begin(hcb_context *ctx, const char *file) {
    work w = {.ctx = ctx, .file = file, .degrees = {.ctx = ctx}};
    hcb__arena_init(&w.arena, &ctx->mem);
    return w;
}

static void end(work *w) {
    HCB__VEC_FREE(&w->ctx->mem, &w->rows);
    hcb__degrees_free(&w->degrees);
    hcb__arena_release(&w->arena);
}

hcb_status hcb__zones_voronoi(hcb__text *areas_geojson, hcb__text *zones_geojson, hcb_context *ctx,
                              const hcb__voronoi_options *options) {
    work w = begin(ctx, options->settlements_csv);
    hcb__zone_list zones = {0};
    hcb__geos *geos = NULL;
    hcb_status status = hcb__zone_list_read(&zones, ctx, &w.arena, options->zones_csv);
    if (status == HCB_OK)
        status = read_settlements(&w);
    if (status == HCB_OK)
        status = check_zones(&w, &zones);
    if (status == HCB_OK)
        status = hcb__geos_create(&geos, ctx);
    if (status == HCB_OK)
        status = make_cells(&w, geos, options);
    if (status == HCB_OK) {
        write_cells(&w, areas_geojson);
        status = write_zones(&w, &zones, zones_geojson);
    }
    if (status == HCB_OK && (areas_geojson->failed || zones_geojson->failed))
        status = hcb__nomem(ctx);
    hcb__geos_free(geos);
    hcb__zone_list_free(&zones);
    end(&w);
    return status;
}

hcb_status hcb__zones_settlement_areas(hcb__text *areas_csv, hcb_context *ctx, const char *settlements_csv) {
    work w = begin(ctx, settlements_csv);
    hcb_status status = read_settlements(&w);
    if (status == HCB_OK) {
        hcb__text_puts(areas_csv, "area_id,name,lat,lon,zone_id,band,households,people65\n");
        for (size_t i = 0; i < w.rows.count; i++) {
            const settlement *s = &w.rows.at[i];
            if (!*s->zone_id)
                continue;
            hcb__csv_put(areas_csv, s->area_id, false);
            hcb__csv_put(areas_csv, s->name, false);
            hcb__csv_put(areas_csv, s->lat, false);
            hcb__csv_put(areas_csv, s->lon, false);
            hcb__csv_put(areas_csv, s->zone_id, false);
            hcb__csv_put(areas_csv, s->band, false);
            if (s->population >= 0)
                hcb__text_fixed(areas_csv, hcb__round_div(s->population * 100, PEOPLE_PER_10_HOUSEHOLDS), 1);
            hcb__text_putc(areas_csv, ',');
            hcb__csv_put(areas_csv, s->people65, true);
        }
        if (areas_csv->failed)
            status = hcb__nomem(ctx);
    }
    end(&w);
    return status;
}
