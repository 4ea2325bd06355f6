/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/topology_read.h"

#include <stdlib.h>
#include <string.h>

#include "zones/features.h"

typedef struct entry {
    const char *id;
    int32_t feature;
    hcb__topology_unit unit;
    hcb__point *source;
} entry;

typedef struct work {
    hcb_context *ctx;
    const hcb__unit_file_options *options;
    hcb__unit_file *file;
    hcb__features features;
    hcb__degrees degrees;
    entry *entries;
} work;

static hcb_status understand_crs(work *w) {
    hcb__unit_file *f = w->file;
    bool plane = w->features.plane;
    f->degrees = !plane;
    f->grid = !plane || strstr(w->features.crs_name, "27700") != NULL;
    f->decimals = w->options->decimals >= 0 ? w->options->decimals : plane ? 2 : 7;
    f->unit_m = plane ? w->features.unit_m : 1;
    f->crs_name = hcb__arena_strndup(&f->arena, w->features.crs_name, strlen(w->features.crs_name));
    return f->crs_name ? HCB_OK : hcb__nomem(w->ctx);
}

/* Outer rings turn left, holes right. */
static void turn_rings(const hcb__polygon *p, hcb__point *points) {
    int32_t part = 0;
    for (int32_t r = 0; r < p->n_rings; r++) {
        while (r >= p->part_start[part + 1])
            part++;
        size_t from = (size_t)p->ring_start[r], n = (size_t)p->ring_start[r + 1] - from;
        if ((hcb__ring_area(points + from, n) > 0) != (r == p->part_start[part]))
            hcb__ring_reverse(points + from, n);
    }
}

static bool set_keys(work *w, size_t i, const char *id, const hcb__point *source, hcb__grid_point *keys, int32_t n) {
    hcb__pointer pointer;
    hcb__where where = hcb__features_where(&w->features, i, &pointer, "/geometry");
    for (int32_t k = 0; k < n; k++) {
        const char *problem = !w->file->grid     ? NULL
                              : w->file->degrees ? hcb__degrees_problem(source[k])
                                                 : hcb__grid_problem(source[k]);
        if (problem) {
            hcb__diag_error(w->ctx, &where, "%s: %s, %s %s", id, hcb__show_number(source[k].x).text,
                            hcb__show_number(source[k].y).text, problem);
            return false;
        }
        if (!hcb__topology_key(source[k].x, w->file->decimals, &keys[k].x) ||
            !hcb__topology_key(source[k].y, w->file->decimals, &keys[k].y)) {
            hcb__diag_error(w->ctx, &where, "%s: %s, %s is too large to be rounded to %d decimals", id,
                            hcb__show_number(source[k].x).text, hcb__show_number(source[k].y).text, w->file->decimals);
            return false;
        }
    }
    return true;
}

static bool to_metres(work *w, size_t i, const char *id, hcb__point *points, size_t n) {
    if (!w->file->degrees) {
        for (size_t k = 0; k < n; k++)
            points[k] = (hcb__point){points[k].x * w->features.unit_m, points[k].y * w->features.unit_m};
        return true;
    }
    size_t bad;
    hcb__crs *crs = hcb__features_crs(&w->features);
    if (crs && hcb__crs_forward(crs, points, n, &bad))
        return true;
    hcb__pointer pointer;
    hcb__where where = hcb__features_where(&w->features, i, &pointer, "/geometry");
    if (crs)
        hcb__diag_error(w->ctx, &where, "%s: position %zu cannot be transformed to EPSG:27700", id, bad);
    return false;
}

static void snap(const work *w, const hcb__grid_point *keys, hcb__point *points, size_t n) {
    double power = 1;
    for (int i = 0; i < w->file->decimals; i++)
        power *= 10;
    for (size_t k = 0; k < n; k++)
        points[k] = (hcb__point){(double)keys[k].x / power, (double)keys[k].y / power};
}

static hcb_status read_unit(work *w, size_t i) {
    static const char *const names[] = {"area_id", "zone_id", "code", "id"};
    hcb__feature_id id;
    const char *const *asked = w->options->id_property ? &w->options->id_property : names;
    if (!hcb__features_id(&w->features, i, asked, w->options->id_property ? 1 : 4, &id))
        return HCB_OK;
    hcb__unit_file *f = w->file;
    hcb__pointer pointer;
    hcb__where where = hcb__features_where(&w->features, i, &pointer, "/properties/%s", id.from);
    entry *e = &w->entries[f->n];
    if (hcb__idmap_get(&f->of_id, id.text, strlen(id.text)) >= 0) {
        hcb__diag_error(w->ctx, &where, "the unit \"%s\" is there already", id.text);
        return HCB_OK;
    }
    if (!hcb__features_rings(&w->features, i, id.text, &f->arena, &e->unit.polygon))
        return HCB_OK;
    size_t n = (size_t)e->unit.polygon.n_points;
    hcb__point *points = (hcb__point *)e->unit.polygon.points;
    hcb__grid_point *keys = hcb__arena_alloc(&f->arena, n, sizeof *keys);
    e->source = hcb__arena_alloc(&f->arena, n, sizeof *e->source);
    e->id = hcb__arena_strndup(&f->arena, id.text, strlen(id.text));
    if (!keys || !e->source || !e->id || !hcb__idmap_put(&f->of_id, e->id, f->n))
        return hcb__nomem(w->ctx);
    turn_rings(&e->unit.polygon, points);
    memcpy(e->source, points, n * sizeof *points);
    e->unit.keys = keys;
    e->feature = (int32_t)i;
    bool good = set_keys(w, i, id.text, e->source, keys, (int32_t)n);
    if (good && w->options->snap)
        snap(w, keys, points, n);
    if (good && to_metres(w, i, id.text, points, n)) {
        hcb__polygon_box(&e->unit.polygon);
        f->n++;
    }
    return HCB_OK;
}

static int by_id(const void *va, const void *vb) {
    return hcb__compare_ids(((const entry *)va)->id, ((const entry *)vb)->id);
}

static hcb_status order(work *w) {
    hcb__unit_file *f = w->file;
    size_t n = (size_t)f->n;
    qsort(w->entries, n, sizeof *w->entries, by_id);
    f->id = hcb__arena_alloc(&f->arena, n, sizeof *f->id);
    f->feature = hcb__arena_alloc(&f->arena, n, sizeof *f->feature);
    f->unit = hcb__arena_alloc(&f->arena, n, sizeof *f->unit);
    f->source = hcb__arena_alloc(&f->arena, n, sizeof *f->source);
    if (!f->id || !f->feature || !f->unit || !f->source)
        return hcb__nomem(w->ctx);
    hcb__idmap_free(&f->of_id);
    hcb__idmap_init(&f->of_id, &f->arena.mem);
    for (int32_t k = 0; k < f->n; k++) {
        f->id[k] = w->entries[k].id;
        f->feature[k] = w->entries[k].feature;
        f->unit[k] = w->entries[k].unit;
        f->source[k] = w->entries[k].source;
        if (!hcb__idmap_put(&f->of_id, f->id[k], k))
            return hcb__nomem(w->ctx);
    }
    return HCB_OK;
}

static hcb_status read_all(work *w) {
    hcb_status before = w->ctx->error.code, status = understand_crs(w);
    w->entries = hcb__calloc(&w->ctx->mem, w->features.count + 1, sizeof *w->entries);
    if (!w->entries && status == HCB_OK)
        status = hcb__nomem(w->ctx);
    for (size_t i = 0; status == HCB_OK && i < w->features.count; i++) {
        if (hcb__cancelled(w->ctx))
            status = hcb__fail(w->ctx, HCB_ECANCELLED, "cancelled");
        else
            status = read_unit(w, i);
    }
    /* Memory that ran out while reading one feature left a record and no diagnostic. */
    if (status == HCB_OK && w->ctx->error.code != before)
        status = w->ctx->error.code;
    if (status == HCB_OK)
        status = hcb__diag_status(w->ctx);
    return status == HCB_OK ? order(w) : status;
}

hcb_status hcb__unit_file_read(hcb__unit_file **out, hcb_context *ctx, const hcb__unit_file_options *options) {
    *out = NULL;
    hcb__unit_file *f = hcb__calloc(&ctx->mem, 1, sizeof *f);
    if (!f)
        return hcb__nomem(ctx);
    hcb__arena_init(&f->arena, &ctx->mem);
    hcb__idmap_init(&f->of_id, &f->arena.mem);
    work w = {.ctx = ctx, .options = options, .file = f, .degrees = {.ctx = ctx}};
    hcb_status status = hcb__features_open_plane(&w.features, ctx, options->path, options->path, &w.degrees);
    if (status == HCB_OK) {
        status = read_all(&w);
        hcb__features_close(&w.features);
    }
    hcb__free(&ctx->mem, w.entries);
    hcb__degrees_free(&w.degrees);
    if (status == HCB_OK)
        *out = f;
    else
        hcb__unit_file_free(f);
    return status;
}

void hcb__unit_file_free(hcb__unit_file *f) {
    if (!f)
        return;
    hcb_allocator mem = f->arena.mem;
    hcb__idmap_free(&f->of_id);
    hcb__arena_release(&f->arena);
    hcb__free(&mem, f);
}
