/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Areas united into zones, in the degrees of the source, so that borders keep the very points they have there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/value.h"
#include "zones/features.h"
#include "zones/load.h"
#include "zones/write.h"
#include "zones/zone_list.h"

enum { AREA_ID, ZONE_ID };
static const hcb__csv_column columns[] = {{"area_id", true},     {"zone_id", true},  {"postcode", false},
                                          {"lat", false},        {"lon", false},     {"easting", false},
                                          {"northing", false},   {"name", false},    {"band", false},
                                          {"households", false}, {"people65", false}};

typedef struct member {
    const char *area_id, *zone_id; /* zone_id "": in no zone */
    int64_t line;
    bool found;
    hcb__grid_polygon polygon;
} member;

typedef struct work {
    hcb_context *ctx;
    const hcb__dissolve_options *options;
    hcb__arena arena;
    hcb__degrees degrees;
    HCB__VEC(member) members;
    hcb__idmap of_id;
    hcb__zone_list zones;
} work;

static hcb_status read_members(work *w) {
    hcb__csv *csv;
    hcb_status status = hcb__csv_open(&csv, w->ctx, w->options->areas_csv, w->options->areas_csv, columns,
                                      sizeof columns / sizeof *columns, w->options->renames, w->options->n_renames);
    if (status != HCB_OK)
        return status;
    while (status == HCB_OK && hcb__csv_next(csv)) {
        const char *id, *zone;
        size_t len, zone_len;
        member m = {.zone_id = ""};
        hcb__where where = hcb__csv_where(csv, AREA_ID);
        m.line = where.line;
        hcb__cell has_zone = hcb__csv_id(csv, ZONE_ID, &zone, &zone_len);
        if (has_zone == HCB__CELL_OK && !(m.zone_id = hcb__arena_strndup(&w->arena, zone, zone_len)))
            status = hcb__nomem(w->ctx);
        hcb__cell has_id = hcb__csv_id(csv, AREA_ID, &id, &len);
        if (has_id == HCB__CELL_EMPTY)
            hcb__diag_error(w->ctx, &where, "an area_id was expected");
        if (has_id != HCB__CELL_OK || status != HCB_OK)
            continue;
        if (hcb__idmap_get(&w->of_id, id, len) >= 0) {
            hcb__diag_error(w->ctx, &where, "the area %s is there already", hcb__show(id, len).text);
            continue;
        }
        m.area_id = hcb__arena_strndup(&w->arena, id, len);
        if (!m.area_id || !hcb__idmap_put(&w->of_id, m.area_id, (int32_t)w->members.count) ||
            !HCB__PUSH(&w->ctx->mem, &w->members, m))
            status = hcb__nomem(w->ctx);
    }
    hcb__csv_close(csv);
    return status;
}

/* Whatever the file's coordinates are, as degrees. */
static bool to_degrees(work *w, hcb__features *f, size_t i, const char *label, hcb__polygon *rings) {
    hcb__point *points = (hcb__point *)rings->points;
    size_t n = (size_t)rings->n_points, bad = 0;
    hcb__pointer pointer;
    hcb__where where = hcb__features_where(f, i, &pointer, "/geometry");
    hcb__crs *degrees = f->own ? hcb__degrees_crs(&w->degrees) : NULL;
    if (f->own &&
        (!degrees || !hcb__crs_forward(f->own, points, n, &bad) || !hcb__crs_inverse(degrees, points, n, &bad))) {
        if (degrees)
            hcb__diag_error(w->ctx, &where, "area \"%s\": position %zu cannot be turned into degrees", label, bad);
        return false;
    }
    for (size_t k = 0; k < n; k++)
        if (!(fabs(points[k].x) <= 180 && fabs(points[k].y) <= 90)) {
            hcb__diag_error(w->ctx, &where, "area \"%s\": %s, %s are not degrees", label,
                            hcb__show_number(points[k].x).text, hcb__show_number(points[k].y).text);
            return false;
        }
    return true;
}

static hcb_status keep_polygon(work *w, member *m, const hcb__polygon *rings) {
    hcb__grid_point *points = hcb__arena_alloc(&w->arena, (size_t)rings->n_points, sizeof *points);
    if (!points)
        return hcb__nomem(w->ctx);
    int32_t part = 0;
    for (int32_t r = 0; r < rings->n_rings; r++) {
        while (r >= rings->part_start[part + 1])
            part++;
        int32_t from = rings->ring_start[r], n = rings->ring_start[r + 1] - from;
        bool forwards = (hcb__ring_area(rings->points + from, (size_t)n) > 0) == (r == rings->part_start[part]);
        for (int32_t k = 0; k < n; k++) {
            hcb__point p = rings->points[forwards ? from + k : from + n - 1 - k];
            points[from + k] = (hcb__grid_point){hcb__degree_grid(p.x), hcb__degree_grid(p.y)};
        }
    }
    m->polygon = (hcb__grid_polygon){rings->n_parts,    rings->n_rings,    rings->n_points,
                                     rings->part_start, rings->ring_start, points};
    return HCB_OK;
}

static hcb_status read_polygons(work *w) {
    static const char *const names[] = {"area_id", "code", "id"};
    hcb__features f;
    const char *file = w->options->areas_geojson;
    hcb_status status = hcb__features_open(&f, w->ctx, file, file, &w->degrees);
    hcb__tally unknown = {0};
    for (size_t i = 0; status == HCB_OK && i < f.count; i++) {
        hcb__feature_id id;
        hcb__polygon rings;
        if (hcb__cancelled(w->ctx))
            status = hcb__fail(w->ctx, HCB_ECANCELLED, "cancelled");
        if (status != HCB_OK || !hcb__features_id(&f, i, names, 3, &id))
            continue;
        int32_t k = hcb__idmap_get(&w->of_id, id.text, strlen(id.text));
        if (k < 0) {
            hcb__tally_add(&unknown, id.text);
            continue;
        }
        member *m = &w->members.at[k];
        if (m->found) {
            hcb__pointer pointer;
            hcb__where where = hcb__features_where(&f, i, &pointer, "/properties/%s", id.from);
            hcb__diag_error(w->ctx, &where, "the area \"%s\" has a polygon already", id.text);
        } else if (hcb__features_rings(&f, i, m->area_id, &w->arena, &rings) &&
                   to_degrees(w, &f, i, m->area_id, &rings)) {
            status = keep_polygon(w, m, &rings);
        }
        m->found = true;
    }
    hcb__where where = {file, 0, 0, NULL};
    if (unknown.count)
        hcb__diag_warning(w->ctx, &where,
                          "%zu polygons of areas that are not in the file of areas, the first is \"%s\"", unknown.count,
                          unknown.first);
    hcb__features_close(&f);
    return status;
}

static void find_gaps(work *w) {
    for (size_t i = 0; i < w->members.count; i++) {
        const member *m = &w->members.at[i];
        if (m->found || !*m->zone_id)
            continue;
        hcb__where where = {w->options->areas_csv, m->line, 0, "area_id"};
        hcb__diag_error(w->ctx, &where, "the area \"%s\" has no polygon in %s", m->area_id, w->options->areas_geojson);
    }
}

static int by_zone(const void *va, const void *vb) {
    const member *a = *(const member *const *)va, *b = *(const member *const *)vb;
    int order = hcb__compare_ids(a->zone_id, b->zone_id);
    return order ? order : hcb__compare_ids(a->area_id, b->area_id);
}

/* What zones.csv says of the zone; without that file a plain zone. NULL: an error was collected. */
static const hcb__dissolve_zone *zone_named(work *w, const member *m, hcb__dissolve_zone *plain) {
    if (!w->options->zones_csv) {
        *plain = (hcb__dissolve_zone){m->zone_id, "", HCB__MEDIUM, true};
        return plain;
    }
    int32_t z = hcb__idmap_get(&w->zones.of_id, m->zone_id, strlen(m->zone_id));
    if (z >= 0)
        return &w->zones.at[z];
    hcb__where where = {w->options->areas_csv, m->line, 0, "zone_id"};
    hcb__diag_error(w->ctx, &where, "there is no zone \"%s\" in %s", m->zone_id, w->options->zones_csv);
    return NULL;
}

static hcb_status write_zone(work *w, hcb__json_writer *out, const member *const *members, size_t n) {
    const hcb__grid_polygon **polygons = hcb__arena_alloc(&w->arena, n, sizeof *polygons);
    if (!polygons)
        return hcb__nomem(w->ctx);
    for (size_t i = 0; i < n; i++)
        polygons[i] = &members[i]->polygon;
    hcb__dissolve_zone plain;
    const hcb__dissolve_zone *zone = zone_named(w, members[0], &plain);
    hcb__grid_polygon united;
    hcb__grid_point bad;
    hcb_status status = hcb__coverage_union(&united, &w->arena, polygons, n, &bad);
    if (status == HCB_EGEOMETRY) {
        hcb__where where = {w->options->areas_geojson, 0, 0, NULL};
        hcb__diag_error(w->ctx, &where, "areas of zone \"%s\" overlap at %s, %s", members[0]->zone_id,
                        hcb__show_number((double)bad.x / 1e7).text, hcb__show_number((double)bad.y / 1e7).text);
        return HCB_OK;
    }
    if (status != HCB_OK)
        return hcb__nomem(w->ctx);
    if (!zone)
        return HCB_OK;
    hcb__write_feature(out);
    hcb__write_zone_properties(out, zone);
    hcb__write_geometry(out, &united);
    return HCB_OK;
}

static hcb_status write_zones(work *w, hcb__text *geojson) {
    const member **order = hcb__arena_alloc(&w->arena, w->members.count, sizeof *order);
    if (!order)
        return hcb__nomem(w->ctx);
    size_t n = 0;
    for (size_t i = 0; i < w->members.count; i++)
        if (*w->members.at[i].zone_id)
            order[n++] = &w->members.at[i];
    qsort(order, n, sizeof *order, by_zone);
    hcb__json_writer out;
    hcb__write_collection(&out, geojson);
    hcb_status status = HCB_OK;
    for (size_t i = 0, j; status == HCB_OK && i < n; i = j) {
        for (j = i + 1; j < n && strcmp(order[j]->zone_id, order[i]->zone_id) == 0;)
            j++;
        status = write_zone(w, &out, order + i, j - i);
    }
    hcb__write_end(&out, geojson);
    return status == HCB_OK && geojson->failed ? hcb__nomem(w->ctx) : status;
}

static hcb_status dissolve(work *w, hcb__text *geojson) {
    hcb_status status = HCB_OK;
    if (w->options->zones_csv) {
        status = hcb__zone_list_read(&w->zones, w->ctx, &w->arena, w->options->zones_csv);
    } else {
        hcb__diag_warning(w->ctx, NULL, "no file of zones was given: every zone is of class medium with a prime role");
    }
    if (status == HCB_OK)
        status = read_members(w);
    hcb_status before = w->ctx->error.code;
    if (status == HCB_OK)
        status = read_polygons(w);
    /* Memory that ran out while reading one feature left a record and no diagnostic. */
    if (status == HCB_OK && w->ctx->error.code != before)
        status = w->ctx->error.code;
    if (status != HCB_OK)
        return status;
    find_gaps(w);
    status = hcb__diag_status(w->ctx);
    if (status == HCB_OK)
        status = write_zones(w, geojson);
    return status == HCB_OK ? hcb__diag_status(w->ctx) : status;
}

hcb_status hcb__zones_dissolve(hcb__text *geojson, hcb_context *ctx, const hcb__dissolve_options *options) {
    work w = {.ctx = ctx, .options = options, .degrees = {.ctx = ctx}};
    hcb__arena_init(&w.arena, &ctx->mem);
    hcb__idmap_init(&w.of_id, &ctx->mem);
    hcb_status status = dissolve(&w, geojson);
    hcb__zone_list_free(&w.zones);
    hcb__idmap_free(&w.of_id);
    HCB__VEC_FREE(&ctx->mem, &w.members);
    hcb__degrees_free(&w.degrees);
    hcb__arena_release(&w.arena);
    return status;
}
