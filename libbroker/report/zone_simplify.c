/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A map with fewer corners whose neighbours still match. */
#include <math.h>
#include <string.h>

#include "base/options.h"
#include "base/textbuf.h"
#include "hcbroker/zones.h"
#include "report/zone_decimals.h"
#include "zones/features.h"
#include "zones/simplify.h"
#include "zones/topology_read.h"
#include "zones/write.h"

typedef struct work {
    hcb_context *ctx;
    hcb__unit_file *file;
    hcb__topology *topology;
    bool *keep;
    size_t *base; /* first point of each unit */
    hcb__features features;
    hcb__degrees degrees;
} work;

static void put_value(hcb__json_writer *w, hcb__json *value) {
    int64_t whole;
    double number;
    bool flag;
    const char *key;
    void *cursor = NULL;
    switch (hcb__json_kind_of(value)) {
    case HCB__JSON_INT:
        hcb__jw_int(w, hcb__json_int(value, &whole) ? whole : 0);
        break;
    case HCB__JSON_REAL:
        hcb__jw_double(w, hcb__json_number(value, &number) ? number : 0, 9);
        break;
    case HCB__JSON_BOOL:
        hcb__jw_bool(w, hcb__json_bool(value, &flag) && flag);
        break;
    case HCB__JSON_STRING:
        hcb__jw_string(w, hcb__json_string(value, NULL));
        break;
    case HCB__JSON_ARRAY:
        hcb__jw_array_flat(w);
        for (size_t i = 0; i < hcb__json_count(value); i++)
            put_value(w, hcb__json_at(value, i));
        hcb__jw_end_array(w);
        break;
    case HCB__JSON_OBJECT:
        hcb__jw_object_flat(w);
        for (hcb__json *one = hcb__json_next(value, &cursor, &key); one; one = hcb__json_next(value, &cursor, &key)) {
            hcb__jw_key(w, key);
            put_value(w, one);
        }
        hcb__jw_end_object(w);
        break;
    default:
        hcb__jw_null(w);
    }
}

/* The rounded coordinates: neighbours get the same digits. */
static void put_ring(const work *w, hcb__json_writer *j, int32_t unit, int32_t ring) {
    const hcb__topology_unit *u = &w->file->unit[unit];
    int32_t first = -1, last = -1, end = u->polygon.ring_start[ring + 1] - 1;
    hcb__jw_array_flat(j);
    for (int32_t i = u->polygon.ring_start[ring]; i <= end; i++) {
        int32_t v = w->topology->point[w->base[unit] + (size_t)i];
        /* The closing point stands for the first that stays. */
        if (i == end)
            i = first < 0 ? i : first, v = -1;
        else if (!w->keep[v] || v == last)
            continue;
        else if (first < 0)
            first = i;
        hcb__jw_array_flat(j);
        hcb__jw_fixed(j, u->keys[i].x, w->file->decimals);
        hcb__jw_fixed(j, u->keys[i].y, w->file->decimals);
        hcb__jw_end_array(j);
        if (v < 0)
            break;
        last = v;
    }
    hcb__jw_end_array(j);
}

static void put_part(const work *w, hcb__json_writer *j, int32_t unit, int32_t part) {
    const hcb__polygon *p = &w->file->unit[unit].polygon;
    hcb__jw_array_flat(j);
    for (int32_t r = p->part_start[part]; r < p->part_start[part + 1]; r++)
        put_ring(w, j, unit, r);
    hcb__jw_end_array(j);
}

static void put_unit(work *w, hcb__json_writer *j, int32_t unit) {
    const hcb__polygon *p = &w->file->unit[unit].polygon;
    hcb__json *feature = hcb__json_at(w->features.list, (size_t)w->file->feature[unit]);
    hcb__jw_object_flat(j);
    hcb__jw_key_string(j, "type", "Feature");
    if (hcb__json_get(feature, "id")) {
        hcb__jw_key(j, "id");
        put_value(j, hcb__json_get(feature, "id"));
    }
    hcb__jw_key(j, "properties");
    put_value(j, hcb__json_get(feature, "properties"));
    hcb__jw_key(j, "geometry");
    hcb__jw_object_flat(j);
    hcb__jw_key_string(j, "type", p->n_parts == 1 ? "Polygon" : "MultiPolygon");
    hcb__jw_key(j, "coordinates");
    j->compact = true; /* no spaces between the numbers */
    if (p->n_parts > 1)
        hcb__jw_array_flat(j);
    for (int32_t part = 0; part < p->n_parts; part++)
        put_part(w, j, unit, part);
    if (p->n_parts > 1)
        hcb__jw_end_array(j);
    j->compact = false;
    hcb__jw_end_object(j);
    hcb__jw_end_object(j);
}

static void write(work *w, hcb__text *out) {
    hcb__json_writer j;
    hcb__jw_init(&j, out, false);
    hcb__jw_object(&j);
    hcb__jw_key_string(&j, "type", "FeatureCollection");
    if (!w->file->degrees)
        hcb__write_crs(&j, w->file->crs_name);
    hcb__jw_key(&j, "features");
    hcb__jw_array(&j);
    for (int32_t u = 0; u < w->file->n; u++)
        put_unit(w, &j, u);
    hcb__jw_end_array(&j);
    hcb__jw_end_object(&j);
    hcb__text_putc(out, '\n');
}

static hcb_status simplify(work *w, const hcb_simplify_options *o) {
    hcb__unit_file_options read = {o->geojson, o->id_property, hcb__decimals_asked(o->decimals), true};
    hcb_status status = hcb__unit_file_read(&w->file, w->ctx, &read);
    if (status != HCB_OK)
        return status;
    status = hcb__topology_create(&w->topology, &w->ctx->mem, w->file->unit, (size_t)w->file->n);
    if (status != HCB_OK)
        return hcb__fail(w->ctx, status, "%s cannot be made into shared edges", o->geojson);
    w->keep = hcb__calloc(&w->ctx->mem, (size_t)w->topology->n_vertices + 1, sizeof *w->keep);
    w->base = hcb__calloc(&w->ctx->mem, (size_t)w->file->n + 1, sizeof *w->base);
    if (!w->keep || !w->base || hcb__simplify(w->keep, &w->ctx->mem, w->topology, o->tolerance_m) != HCB_OK)
        return hcb__nomem(w->ctx);
    for (int32_t u = 0; u < w->file->n; u++)
        w->base[u + 1] = w->base[u] + (size_t)w->file->unit[u].polygon.n_points;
    return hcb__features_open_plane(&w->features, w->ctx, o->geojson, o->geojson, &w->degrees);
}

static int64_t kept(const work *w) {
    int64_t n = 0;
    for (int32_t v = 0; v < w->topology->n_vertices; v++)
        n += w->keep[v];
    return n;
}

hcb_status hcb_zones_simplify(hcb_text **geojson, int64_t *corners_before, int64_t *corners_after, hcb_context *ctx,
                              const hcb_simplify_options *options) {
    if (!geojson || !corners_before || !corners_after || !ctx || !options)
        return HCB_EINVAL;
    *geojson = NULL;
    *corners_before = *corners_after = 0;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_simplify_options o;
    status = hcb__options_take(ctx, &o, "hcb_simplify_options", options);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    work w = {.ctx = ctx, .degrees = {.ctx = ctx}};
    status = simplify(&w, &o);
    if (status == HCB_OK)
        status = hcb__text_handle(geojson, ctx);
    if (status == HCB_OK) {
        *corners_before = w.topology->n_vertices;
        *corners_after = kept(&w);
        write(&w, hcb__text_of(*geojson));
        status = hcb__text_finish(geojson, ctx);
    }
    if (w.features.doc)
        hcb__features_close(&w.features);
    hcb__degrees_free(&w.degrees);
    hcb__free(&ctx->mem, w.keep);
    hcb__free(&ctx->mem, w.base);
    hcb__topology_free(w.topology);
    hcb__unit_file_free(w.file);
    return hcb__end(ctx, status);
}
