/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The defects of a map as a table, JSON or CSV, and drawn as GeoJSON. */
#include <math.h>
#include <string.h>

#include "base/options.h"
#include "base/textbuf.h"
#include "hcbroker/zones.h"
#include "io/csv.h"
#include "io/json.h"
#include "report/table_text.h"
#include "report/zone_decimals.h"
#include "zones/britain.h"
#include "zones/coverage_check.h"
#include "zones/write.h"

typedef struct work {
    hcb_context *ctx;
    const hcb_check_options *o;
    hcb__unit_file *file, *outline;
    hcb__defects *defects;
    hcb__degrees degrees;
} work;

static const char *unit_id(const work *w, int32_t unit) {
    return unit >= 0 ? w->file->id[unit] : "";
}

static size_t count_of(const work *w, bool defects) {
    size_t n = 0;
    for (int k = 0; k < HCB__DEFECT_KINDS; k++)
        n += hcb__defect_counts((hcb__defect_kind)k) == defects ? w->defects->count[k] : 0;
    return n;
}

static void put_double(hcb__text *out, double value, int decimals, bool last) {
    hcb__text_double(out, value, decimals);
    hcb__text_putc(out, last ? '\n' : ',');
}

static void write_csv(const work *w, hcb__text *out) {
    hcb__text_puts(out, "kind,a,b,easting,northing,width_m,area_m2\n");
    for (size_t i = 0; i < w->defects->list.count; i++) {
        const hcb__defect *d = &w->defects->list.at[i];
        hcb__csv_put(out, hcb__defect_words[d->kind], false);
        hcb__csv_put(out, unit_id(w, d->a), false);
        hcb__csv_put(out, unit_id(w, d->b), false);
        put_double(out, d->where.x, 2, false);
        put_double(out, d->where.y, 2, false);
        put_double(out, d->width_m, 3, false);
        put_double(out, d->area_m2, 2, true);
    }
}

static void put_key(hcb__json_writer *j, const char *key, double value, int decimals) {
    hcb__jw_key(j, key);
    hcb__jw_double(j, value, decimals);
}

static void write_properties(const work *w, hcb__json_writer *j, const hcb__defect *d) {
    hcb__jw_key_string(j, "kind", hcb__defect_words[d->kind]);
    hcb__jw_key_bool(j, "defect", hcb__defect_counts(d->kind));
    hcb__jw_key_string(j, "a", d->a >= 0 ? unit_id(w, d->a) : NULL);
    hcb__jw_key_string(j, "b", d->b >= 0 ? unit_id(w, d->b) : NULL);
    put_key(j, "easting", d->where.x, 2);
    put_key(j, "northing", d->where.y, 2);
    put_key(j, "width_m", d->width_m, 3);
    put_key(j, "area_m2", d->area_m2, 2);
}

static void write_json(const work *w, hcb__text *out) {
    hcb__json_writer j;
    hcb__jw_init(&j, out, false);
    hcb__jw_object(&j);
    hcb__jw_key_int(&j, "units", w->file->n);
    hcb__jw_key_int(&j, "decimals", w->file->decimals);
    hcb__jw_key_int(&j, "defects", (int64_t)count_of(w, true));
    hcb__jw_key_int(&j, "notes", (int64_t)count_of(w, false));
    hcb__jw_key(&j, "list");
    hcb__jw_array(&j);
    for (size_t i = 0; i < w->defects->list.count; i++) {
        hcb__jw_object_flat(&j);
        write_properties(w, &j, &w->defects->list.at[i]);
        hcb__jw_end_object(&j);
    }
    hcb__jw_end_array(&j);
    hcb__jw_end_object(&j);
    hcb__text_putc(out, '\n');
}

static void write_table(const work *w, hcb__text *out) {
    if (w->defects->list.count)
        hcb__text_puts(out, "kind       unit             other unit    easting northing  width m           m2\n");
    for (size_t i = 0; i < w->defects->list.count; i++) {
        const hcb__defect *d = &w->defects->list.at[i];
        hcb__cell_left(out, hcb__defect_words[d->kind], 11);
        hcb__cell_left(out, unit_id(w, d->a), 17);
        hcb__cell_left(out, unit_id(w, d->b), 13);
        hcb__cell_fixed(out, llround(d->where.x), 0, 8);
        hcb__cell_fixed(out, llround(d->where.y), 0, 9);
        hcb__cell_fixed(out, llround(1000 * d->width_m), 3, 9);
        hcb__cell_fixed(out, llround(10 * d->area_m2), 1, 13);
        hcb__text_putc(out, '\n');
    }
    hcb__text_printf(out, "%d units, coordinates to %d decimals: %zu defects, %zu notes\n", w->file->n,
                     w->file->decimals, count_of(w, true), count_of(w, false));
}

/* Metres back to what the GeoJSON of defects is written in: degrees, or the file's own plane. */
static hcb_status to_file(work *w, hcb__point *points, size_t n) {
    if (!w->file->grid) {
        for (size_t i = 0; i < n; i++)
            points[i] = (hcb__point){points[i].x / w->file->unit_m, points[i].y / w->file->unit_m};
        return HCB_OK;
    }
    size_t bad;
    hcb__crs *crs = hcb__degrees_crs(&w->degrees);
    if (crs && hcb__crs_inverse(crs, points, n, &bad))
        return HCB_OK;
    return hcb__fail(w->ctx, HCB_ECRS, "a defect cannot be turned into degrees");
}

static void put_position(const work *w, hcb__json_writer *j, hcb__point p) {
    hcb__jw_array_flat(j);
    hcb__jw_double(j, p.x, w->file->grid ? 9 : 4);
    hcb__jw_double(j, p.y, w->file->grid ? 9 : 4);
    hcb__jw_end_array(j);
}

static void put_rings(const work *w, hcb__json_writer *j, const hcb__polygon *p, const hcb__point *points) {
    hcb__jw_key_string(j, "type", "Polygon");
    hcb__jw_key(j, "coordinates");
    hcb__jw_array_flat(j);
    for (int32_t r = 0; r < p->n_rings; r++) {
        hcb__jw_array_flat(j);
        for (int32_t i = p->ring_start[r]; i < p->ring_start[r + 1]; i++)
            put_position(w, j, points[i]);
        hcb__jw_end_array(j);
    }
    hcb__jw_end_array(j);
}

static hcb_status draw_defect(work *w, hcb__json_writer *j, const hcb__defect *d) {
    size_t n = d->polygon.n_parts ? (size_t)d->polygon.n_points : 1;
    hcb__point *points = hcb__calloc(&w->ctx->mem, n, sizeof *points);
    if (!points)
        return hcb__nomem(w->ctx);
    memcpy(points, d->polygon.n_parts ? d->polygon.points : &d->where, n * sizeof *points);
    hcb_status status = to_file(w, points, n);
    if (status == HCB_OK) {
        hcb__jw_object_flat(j);
        hcb__jw_key_string(j, "type", "Feature");
        hcb__jw_key(j, "properties");
        hcb__jw_object_flat(j);
        write_properties(w, j, d);
        hcb__jw_end_object(j);
        hcb__jw_key(j, "geometry");
        hcb__jw_object_flat(j);
        if (d->polygon.n_parts) {
            put_rings(w, j, &d->polygon, points);
        } else {
            hcb__jw_key_string(j, "type", "Point");
            hcb__jw_key(j, "coordinates");
            put_position(w, j, points[0]);
        }
        hcb__jw_end_object(j);
        hcb__jw_end_object(j);
    }
    hcb__free(&w->ctx->mem, points);
    return status;
}

static hcb_status draw(work *w, hcb__text *out) {
    hcb__json_writer j;
    hcb__jw_init(&j, out, false);
    hcb__jw_object(&j);
    hcb__jw_key_string(&j, "type", "FeatureCollection");
    if (!w->file->grid)
        hcb__write_crs(&j, w->file->crs_name);
    hcb__jw_key(&j, "features");
    hcb__jw_array(&j);
    hcb_status status = HCB_OK;
    for (size_t i = 0; status == HCB_OK && i < w->defects->list.count; i++)
        status = draw_defect(w, &j, &w->defects->list.at[i]);
    hcb__jw_end_array(&j);
    hcb__jw_end_object(&j);
    hcb__text_putc(out, '\n');
    return status;
}

static hcb_status read_outline(work *w, hcb__arena *arena, hcb__check_options *check) {
    if (!w->o->outline)
        return HCB_OK;
    hcb__unit_file_options read = {w->o->outline, NULL, hcb__decimals_asked(w->o->decimals), true};
    hcb_status status = hcb__unit_file_read(&w->outline, w->ctx, &read);
    if (status != HCB_OK)
        return status;
    if (w->outline->grid != w->file->grid || (!w->file->grid && strcmp(w->outline->crs_name, w->file->crs_name) != 0))
        return hcb__fail(w->ctx, HCB_ECRS, "%s and %s have coordinates of different planes", w->o->geojson,
                         w->o->outline);
    const hcb__polygon **list = hcb__arena_alloc(arena, (size_t)w->outline->n, sizeof *list);
    if (!list)
        return hcb__nomem(w->ctx);
    for (int32_t i = 0; i < w->outline->n; i++)
        list[i] = &w->outline->unit[i].polygon;
    check->outline = list;
    check->n_outline = (size_t)w->outline->n;
    return HCB_OK;
}

static hcb_status find(work *w) {
    hcb__unit_file_options read = {w->o->geojson, w->o->id_property, hcb__decimals_asked(w->o->decimals), true};
    hcb_status status = hcb__unit_file_read(&w->file, w->ctx, &read);
    if (status != HCB_OK)
        return status;
    hcb__check_options check = {.least_m = w->o->least_m > 0 ? w->o->least_m : 0.05,
                                .gap_m = w->o->gap_m > 0 ? w->o->gap_m : 20,
                                .near_m = w->o->near_m > 0 ? w->o->near_m : 0.05};
    hcb__arena arena;
    hcb__arena_init(&arena, &w->ctx->mem);
    status = read_outline(w, &arena, &check);
    if (status == HCB_OK)
        status = hcb__coverage_check(&w->defects, w->ctx, w->file->unit, (size_t)w->file->n, &check);
    hcb__arena_release(&arena);
    return status;
}

static hcb_status write_answer(work *w, hcb_text **out, hcb_text **drawing) {
    hcb_status status = hcb__text_handle(out, w->ctx);
    if (status != HCB_OK)
        return status;
    if (w->o->format == HCB_FORMAT_CSV)
        write_csv(w, hcb__text_of(*out));
    else if (w->o->format == HCB_FORMAT_JSON)
        write_json(w, hcb__text_of(*out));
    else
        write_table(w, hcb__text_of(*out));
    status = hcb__text_finish(out, w->ctx);
    if (status == HCB_OK && drawing)
        status = hcb__text_handle(drawing, w->ctx);
    if (status == HCB_OK && drawing)
        status = draw(w, hcb__text_of(*drawing));
    return status == HCB_OK && drawing ? hcb__text_finish(drawing, w->ctx) : status;
}

hcb_status hcb_zones_check(hcb_text **out, hcb_text **drawing, int64_t *n_defects, hcb_context *ctx,
                           const hcb_check_options *options) {
    if (!out || !n_defects || !ctx || !options)
        return HCB_EINVAL;
    *out = NULL;
    *n_defects = 0;
    if (drawing)
        *drawing = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_check_options taken;
    const hcb_check_options *const wanted = &taken;
    status = hcb__options_take(ctx, &taken, "hcb_check_options", options);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    work w = {.ctx = ctx, .o = wanted, .degrees = {.ctx = ctx}};
    status = find(&w);
    if (status == HCB_OK)
        status = write_answer(&w, out, drawing);
    if (status == HCB_OK) {
        *n_defects = (int64_t)count_of(&w, true);
    } else {
        hcb_text_free(*out);
        *out = NULL;
        if (drawing) {
            hcb_text_free(*drawing);
            *drawing = NULL;
        }
    }
    hcb__defects_free(w.defects, &ctx->mem);
    hcb__unit_file_free(w.file);
    hcb__unit_file_free(w.outline);
    hcb__degrees_free(&w.degrees);
    return hcb__end(ctx, status);
}
