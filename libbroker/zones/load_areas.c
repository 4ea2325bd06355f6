/* SPDX-License-Identifier: GPL-3.0-or-later */
/* areas.csv and, when there is one, areas.geojson. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/value.h"
#include "zones/load.h"

enum { AREA_ID, POSTCODE, LAT, LON, EASTING, NORTHING, NAME, ZONE_ID, BAND, HOUSEHOLDS, PEOPLE65, COLUMNS };
static const hcb__csv_column columns[COLUMNS] = {{"area_id", true},     {"postcode", false}, {"lat", false},
                                                 {"lon", false},        {"easting", false},  {"northing", false},
                                                 {"name", false},       {"zone_id", false},  {"band", true},
                                                 {"households", false}, {"people65", false}};
static const double COUNT_HIGHEST = 1e9;

typedef struct area_row {
    hcb__area area;
    bool placed;
    int64_t line;
} area_row;

typedef struct collector {
    hcb__loader *loader;
    hcb__place_reader *places;
    hcb__csv *csv;
    HCB__VEC(area_row) rows;
} collector;

void hcb__tally_add(hcb__tally *tally, const char *id) {
    if (tally->count++ == 0)
        snprintf(tally->first, sizeof tally->first, "%s", id);
}

static const char *text_of(collector *c, size_t column) {
    size_t len;
    const char *text = hcb__csv_text(c->csv, column, &len);
    return text ? hcb__arena_strndup(&c->loader->set->arena, text, len) : "";
}

static void read_zone(collector *c, hcb__area *area) {
    const char *id;
    size_t len;
    area->zone = -1;
    if (hcb__csv_id(c->csv, ZONE_ID, &id, &len) != HCB__CELL_OK)
        return;
    area->zone = hcb__idmap_get(&c->loader->set->zone_of_id, id, len);
    if (area->zone < 0) {
        hcb__where where = hcb__csv_where(c->csv, ZONE_ID);
        hcb__diag_error(c->loader->ctx, &where, "there is no zone %s in %s", hcb__show(id, len).text,
                        c->loader->files->zones);
    }
}

static void read_band(collector *c, hcb__area *area) {
    if (hcb__csv_word(c->csv, BAND, hcb__band_words, HCB__BANDS, &area->band) == HCB__CELL_EMPTY) {
        hcb__where where = hcb__csv_where(c->csv, BAND);
        hcb__diag_error(c->loader->ctx, &where, "a band was expected: urban, fringe, rural or isolated");
    }
}

static hcb_status read_row(collector *c) {
    area_row row = {.area = {.households = -1, .people65 = -1}};
    const char *id;
    size_t len;
    static const hcb__place_columns place_columns = {POSTCODE, LAT, LON, EASTING, NORTHING};
    hcb__where where = hcb__csv_where(c->csv, AREA_ID);
    row.line = where.line;
    hcb__cell has_id = hcb__csv_id(c->csv, AREA_ID, &id, &len);
    if (has_id == HCB__CELL_EMPTY)
        hcb__diag_error(c->loader->ctx, &where, "an area_id was expected");
    hcb__place place;
    bool good = hcb__place_read(c->places, c->csv, &place_columns, &place);
    bool needs_place = !c->loader->files->areas_geojson;
    if (good && !place.given && needs_place) {
        where = hcb__csv_where_row(c->csv);
        hcb__diag_error(c->loader->ctx, &where,
                        "a position was expected: lat and lon, easting and northing, or postcode");
    }
    row.placed = good && place.given;
    row.area.point = place.point;
    read_zone(c, &row.area);
    read_band(c, &row.area);
    (void)hcb__csv_double(c->csv, HOUSEHOLDS, 0, COUNT_HIGHEST, &row.area.households);
    (void)hcb__csv_double(c->csv, PEOPLE65, 0, COUNT_HIGHEST, &row.area.people65);
    if (has_id != HCB__CELL_OK)
        return HCB_OK;
    row.area.id = hcb__arena_strndup(&c->loader->set->arena, id, len);
    row.area.name = text_of(c, NAME);
    if (!row.area.id || !row.area.name || !HCB__PUSH(&c->loader->ctx->mem, &c->rows, row))
        return hcb__nomem(c->loader->ctx);
    return HCB_OK;
}

static int by_id(const void *va, const void *vb) {
    const area_row *a = va, *b = vb;
    int order = hcb__compare_ids(a->area.id, b->area.id);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static hcb_status keep(collector *c) {
    hcb__zone_set *set = c->loader->set;
    hcb_context *ctx = c->loader->ctx;
    const char *file = c->loader->files->areas;
    size_t n = c->rows.count;
    if (n > INT32_MAX)
        return hcb__fail(ctx, HCB_ELIMIT, "%s has more areas than can be handled", file);
    if (n)
        qsort(c->rows.at, n, sizeof *c->rows.at, by_id);
    set->areas = hcb__arena_alloc(&set->arena, n, sizeof *set->areas);
    c->loader->placed = hcb__arena_alloc(&c->loader->names, n, sizeof *c->loader->placed);
    if (!set->areas || !c->loader->placed)
        return hcb__nomem(ctx);
    for (size_t i = 0; i < n; i++) {
        const area_row *row = &c->rows.at[i];
        if (i && strcmp(row->area.id, row[-1].area.id) == 0) {
            hcb__where where = {file, row->line, 0, "area_id"};
            hcb__diag_error(ctx, &where, "the area \"%s\" is there already, in line %lld", row->area.id,
                            (long long)row[-1].line);
            continue;
        }
        set->areas[set->n_areas] = row->area;
        c->loader->placed[set->n_areas] = row->placed;
        if (!hcb__idmap_put(&set->area_of_id, row->area.id, set->n_areas))
            return hcb__nomem(ctx);
        set->n_areas++;
    }
    return HCB_OK;
}

hcb_status hcb__load_areas(hcb__loader *loader) {
    hcb_context *ctx = loader->ctx;
    const hcb__zone_files *files = loader->files;
    collector c = {.loader = loader};
    const char *path = hcb__path_join(&loader->names, files->folder, files->areas);
    if (!path)
        return hcb__nomem(ctx);
    hcb_status status =
        hcb__csv_open(&c.csv, ctx, path, files->areas, columns, COLUMNS, files->area_renames, files->n_area_renames);
    if (status != HCB_OK)
        return status;
    status = hcb__place_reader_share(&c.places, ctx, loader->set, &loader->degrees);
    while (status == HCB_OK && hcb__csv_next(c.csv))
        status = read_row(&c);
    hcb__csv_close(c.csv);
    hcb__place_reader_free(c.places);
    if (status == HCB_OK)
        status = keep(&c);
    HCB__VEC_FREE(&ctx->mem, &c.rows);
    return status;
}

/* One feature of areas.geojson. */
static void read_polygon(hcb__loader *loader, hcb__features *features, size_t i, hcb__arena *scratch,
                         int32_t *feature_of, hcb__tally *unknown) {
    static const char *const names[] = {"area_id", "code", "id"};
    hcb__zone_set *set = loader->set;
    hcb__feature_id id;
    if (!hcb__features_id(features, i, names, 3, &id))
        return;
    int32_t a = hcb__idmap_get(&set->area_of_id, id.text, strlen(id.text));
    if (a < 0) {
        hcb__tally_add(unknown, id.text);
        return;
    }
    if (feature_of[a]) {
        hcb__pointer pointer;
        hcb__where where = hcb__features_where(features, i, &pointer, "/properties/%s", id.from);
        hcb__diag_error(loader->ctx, &where, "the area \"%s\" has a polygon already, feature %d", id.text,
                        feature_of[a] - 1);
        return;
    }
    feature_of[a] = (int32_t)i + 1;
    char label[96];
    snprintf(label, sizeof label, "area \"%s\"", id.text);
    (void)hcb__features_polygon(features, i, label, loader->geos, &set->arena, scratch, &set->areas[a].polygon);
}

static void warn(hcb__loader *loader, const char *file, const hcb__tally *tally, const char *what) {
    hcb__where where = {file, 0, 0, NULL};
    if (tally->count)
        hcb__diag_warning(loader->ctx, &where, "%zu %s, the first is \"%s\"", tally->count, what, tally->first);
}

/* An area without a position of its own lies at a point inside its polygon. */
static hcb_status place_areas(hcb__loader *loader, const int32_t *feature_of) {
    hcb__zone_set *set = loader->set;
    for (int32_t a = 0; a < set->n_areas; a++) {
        hcb__area *area = &set->areas[a];
        if (loader->placed[a])
            continue;
        if (area->polygon.n_parts) {
            hcb_status status = hcb__geos_inner_point(loader->geos, &area->polygon, &area->point);
            if (status != HCB_OK)
                return status;
            area->point = hcb__to_centimetres(area->point);
            loader->placed[a] = true;
        } else if (!feature_of[a]) {
            hcb__where where = {loader->files->areas, 0, 0, NULL};
            hcb__diag_error(loader->ctx, &where, "area \"%s\" has neither a position nor a polygon", area->id);
        }
    }
    return HCB_OK;
}

hcb_status hcb__load_area_polygons(hcb__loader *loader) {
    hcb_context *ctx = loader->ctx;
    hcb__zone_set *set = loader->set;
    const hcb__zone_files *files = loader->files;
    hcb__features features;
    const char *path = hcb__path_join(&loader->names, files->folder, files->areas_geojson);
    int32_t *feature_of = hcb__arena_alloc(&loader->names, (size_t)set->n_areas, sizeof *feature_of);
    if (!path || !feature_of)
        return hcb__nomem(ctx);
    hcb_status status = hcb__features_open(&features, ctx, path, files->areas_geojson, &loader->degrees);
    if (status != HCB_OK)
        return status;
    hcb__arena scratch;
    hcb__arena_init(&scratch, &ctx->mem);
    hcb__tally unknown = {0}, without = {0};
    for (size_t i = 0; i < features.count && status == HCB_OK; i++) {
        if (hcb__cancelled(ctx))
            status = hcb__fail(ctx, HCB_ECANCELLED, "cancelled");
        else
            read_polygon(loader, &features, i, &scratch, feature_of, &unknown);
    }
    hcb__arena_release(&scratch);
    hcb__features_close(&features);
    for (int32_t a = 0; a < set->n_areas; a++)
        if (!feature_of[a])
            hcb__tally_add(&without, set->areas[a].id);
    warn(loader, files->areas_geojson, &unknown, "polygons of areas that are not in the file of areas");
    if (without.count < (size_t)set->n_areas)
        warn(loader, files->areas_geojson, &without, "areas have no polygon");
    return status == HCB_OK ? place_areas(loader, feature_of) : status;
}
