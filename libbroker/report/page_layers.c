/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polygons for the screen: corners on a grid of a few metres, as steps from one to the next. Neighbours share their
 * corners, so they still do on the grid, and no gap opens between them. */
#include <math.h>
#include <stdlib.h>

#include "geo/geos.h"
#include "io/file.h"
#include "report/page.h"
#include "zones/features.h"

/* Metres of the grid: finer than a pixel of a county on any screen; coarser where there are many corners. */
enum { FINE_M = 10, COARSE_M = 25, MANY_CORNERS = 150000 };

typedef struct hcb__grid_step {
    int64_t x, y;
} hcb__grid_step;

static hcb__grid_step to_grid(hcb__point p, int unit) {
    return (hcb__grid_step){llround(p.x / unit), llround(p.y / unit)};
}

static bool straight(hcb__grid_step a, hcb__grid_step b, hcb__grid_step c) {
    return (b.x - a.x) * (c.y - b.y) == (b.y - a.y) * (c.x - b.x) &&
           (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) >= 0;
}

/* Corners that differ, without those on a straight line; at least three, or the ring is not drawn. */
static size_t thin_ring(hcb__grid_step *out, const hcb__point *points, size_t n, int unit) {
    size_t count = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        hcb__grid_step p = to_grid(points[i], unit);
        if (count && out[count - 1].x == p.x && out[count - 1].y == p.y)
            continue;
        if (count > 1 && straight(out[count - 2], out[count - 1], p))
            count--;
        out[count++] = p;
    }
    while (count > 1 && out[count - 1].x == out[0].x && out[count - 1].y == out[0].y)
        count--;
    return count;
}

static void put_ring(hcb__json_writer *w, const hcb__grid_step *at, size_t n) {
    hcb__jw_array(w);
    for (size_t i = 0; i < n; i++) {
        hcb__jw_int(w, at[i].x - (i ? at[i - 1].x : 0));
        hcb__jw_int(w, at[i].y - (i ? at[i - 1].y : 0));
    }
    hcb__jw_end_array(w);
}

/* parts: a list of parts, each a list of rings. False when memory is out. */
static bool put_parts(hcb__json_writer *w, const hcb_allocator *mem, const hcb__polygon *p, int unit) {
    hcb__grid_step *corners = hcb__calloc(mem, (size_t)p->n_points + 1, sizeof *corners);
    if (!corners)
        return false;
    hcb__jw_key(w, "parts");
    hcb__jw_array(w);
    for (int32_t part = 0; part < p->n_parts; part++) {
        hcb__jw_array(w);
        for (int32_t r = p->part_start[part]; r < p->part_start[part + 1]; r++) {
            size_t n = thin_ring(corners, p->points + p->ring_start[r],
                                 (size_t)(p->ring_start[r + 1] - p->ring_start[r]), unit);
            if (n < 3 && r == p->part_start[part])
                break;
            if (n >= 3)
                put_ring(w, corners, n);
        }
        hcb__jw_end_array(w);
    }
    hcb__jw_end_array(w);
    hcb__free(mem, corners);
    return true;
}

static void begin_layer(hcb__json_writer *w, const char *name, int unit) {
    hcb__jw_key(w, name);
    hcb__jw_object(w);
    hcb__jw_key_int(w, "unit_m", unit);
    hcb__jw_key(w, "features");
    hcb__jw_array(w);
}

static void end_layer(hcb__json_writer *w) {
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

/* Zones of the workspace. */
static bool put_zones(hcb__json_writer *w, const hcb_allocator *mem, const hcb__zone_set *set) {
    bool good = true;
    begin_layer(w, "zones", FINE_M);
    for (int32_t z = 0; good && z < set->n_zones; z++) {
        const hcb__zone *zone = &set->zones[z];
        hcb__jw_object(w);
        hcb__jw_key_string(w, "id", zone->id);
        hcb__jw_key_string(w, "name", zone->name);
        hcb__jw_key_string(w, "class", hcb__zone_class_words[zone->zone_class]);
        hcb__jw_key_bool(w, "prime", zone->prime);
        good = put_parts(w, mem, &zone->polygon, FINE_M);
        hcb__jw_end_object(w);
    }
    end_layer(w);
    return good;
}

static bool put_areas(hcb__json_writer *w, const hcb_allocator *mem, const hcb__zone_set *set) {
    int64_t corners = 0;
    for (int32_t a = 0; a < set->n_areas; a++)
        corners += set->areas[a].polygon.n_points;
    int unit = corners > MANY_CORNERS ? COARSE_M : FINE_M;
    bool good = true;
    begin_layer(w, "areas", unit);
    for (int32_t a = 0; good && a < set->n_areas; a++) {
        const hcb__area *area = &set->areas[a];
        hcb__grid_step at = to_grid(area->point, unit);
        hcb__jw_object(w);
        hcb__jw_key_string(w, "id", area->id);
        if (*area->name)
            hcb__jw_key_string(w, "name", area->name);
        if (area->zone >= 0)
            hcb__jw_key_string(w, "zone", set->zones[area->zone].id);
        if (area->band >= 0)
            hcb__jw_key_string(w, "band", hcb__band_words[area->band]);
        if (area->people65 >= 0) {
            hcb__jw_key(w, "people65");
            hcb__jw_double(w, area->people65, 1);
        }
        hcb__jw_key_int(w, "x", at.x);
        hcb__jw_key_int(w, "y", at.y);
        good = put_parts(w, mem, &area->polygon, unit);
        hcb__jw_end_object(w);
    }
    end_layer(w);
    return good;
}

typedef struct drawing {
    hcb__json_writer *w;
    hcb__page_source *source;
    hcb__degrees degrees;
    hcb__geos *geos;
} drawing;

static void put_property(drawing *d, const hcb__features *features, size_t i, const char *name) {
    hcb__json *value = hcb__features_property(features, i, name);
    if (!value)
        return;
    hcb__jw_key(d->w, name);
    hcb__jw_copy(d->w, value);
}

static bool put_feature(drawing *d, hcb__features *features, size_t i) {
    static const char *const id_names[] = {"zone_id", "area_id", "code", "id"};
    hcb__feature_id id;
    hcb__polygon polygon = {0};
    hcb__arena scratch;
    hcb__arena_init(&scratch, &d->source->ctx->mem);
    bool good = hcb__features_id(features, i, id_names, sizeof id_names / sizeof *id_names, &id) &&
                hcb__features_polygon(features, i, id.text, d->geos, &scratch, &scratch, &polygon);
    if (good) {
        hcb__jw_object(d->w);
        hcb__jw_key_string(d->w, "id", id.text);
        put_property(d, features, i, "name");
        put_property(d, features, i, "class");
        put_property(d, features, i, "prime");
        good = put_parts(d->w, &d->source->ctx->mem, &polygon, FINE_M);
        hcb__jw_end_object(d->w);
    }
    hcb__arena_release(&scratch);
    return good;
}

/* A map of the folder, where there is one. */
static hcb_status put_file(drawing *d, const char *layer, const char *file, bool *there) {
    hcb_context *ctx = d->source->ctx;
    const char *path = hcb__path_join(&d->source->arena, d->source->folder, file);
    if (!path)
        return hcb__nomem(ctx);
    *there = hcb__file_exists(path);
    if (!*there)
        return HCB_OK;
    hcb__features features;
    hcb_status status = hcb__features_open(&features, ctx, path, file, &d->degrees);
    if (status != HCB_OK)
        return status;
    begin_layer(d->w, layer, FINE_M);
    for (size_t i = 0; i < features.count; i++)
        if (!put_feature(d, &features, i))
            break;
    end_layer(d->w);
    hcb__features_close(&features);
    return hcb__diag_status(ctx);
}

static hcb_status put_files(drawing *d, bool *zones) {
    static const char *const layers[][2] = {
        {"zones_before", "zones_before.geojson"}, {"zones_a", "zones_a.geojson"}, {"zones_b", "zones_b.geojson"}};
    hcb_status status = put_file(d, "zones", "zones.geojson", zones);
    for (size_t i = 0; i < sizeof layers / sizeof *layers && status == HCB_OK; i++) {
        bool there;
        status = put_file(d, layers[i][0], layers[i][1], &there);
    }
    return status;
}

hcb_status hcb__page_layers(hcb__json_writer *w, hcb__page_source *source) {
    hcb_context *ctx = source->ctx;
    drawing d = {.w = w, .source = source, .degrees = {.ctx = ctx}};
    bool zones = false;
    hcb_status status = hcb__geos_create(&d.geos, ctx);
    if (status != HCB_OK)
        return status;
    hcb__jw_key(w, "layers");
    hcb__jw_object(w);
    status = put_files(&d, &zones);
    hcb__degrees_free(&d.degrees);
    hcb__geos_free(d.geos);
    if (status == HCB_OK && source->model) {
        const hcb__zone_set *set = source->model->zones;
        if ((!zones && !put_zones(w, &ctx->mem, set)) || !put_areas(w, &ctx->mem, set))
            status = hcb__nomem(ctx);
    }
    hcb__jw_end_object(w);
    return status;
}
