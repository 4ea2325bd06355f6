/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/coverage_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/pieces.h"
#include "geo/width.h"
#include "zones/coverage_check_corners.h"

const char *const hcb__defect_words[HCB__DEFECT_KINDS] = {"invalid",   "duplicate", "overlap", "gap",      "sliver",
                                                          "unmatched", "outside",   "hole",    "multipart"};

bool hcb__defect_counts(hcb__defect_kind kind) {
    return kind < HCB__DEFECT_HOLE;
}

typedef struct work {
    hcb_context *ctx;
    const hcb__topology_unit *units;
    size_t n;
    const hcb__check_options *o;
    hcb__defects *out;
    hcb__geos *geos;
    hcb__pieces *pieces;
    hcb__piece_list found;
} work;

static hcb_status put(work *w, hcb__defect d) {
    return HCB__PUSH(&w->ctx->mem, &w->out->list, d) ? HCB_OK : hcb__nomem(w->ctx);
}

static double part_area(const hcb__polygon *p, int32_t part) {
    double area = 0;
    for (int32_t r = p->part_start[part]; r < p->part_start[part + 1]; r++)
        area += hcb__ring_area(p->points + p->ring_start[r], (size_t)(p->ring_start[r + 1] - p->ring_start[r]));
    return area;
}

/* One part as a polygon of its own, which shares the points. */
static hcb_status take_part(work *w, const hcb__polygon *p, int32_t part, hcb__polygon *out) {
    int32_t first = p->part_start[part], n = p->part_start[part + 1] - first;
    int32_t *part_start = hcb__arena_alloc(&w->out->arena, 2, sizeof *part_start);
    int32_t *ring_start = hcb__arena_alloc(&w->out->arena, (size_t)n + 1, sizeof *ring_start);
    if (!part_start || !ring_start)
        return hcb__nomem(w->ctx);
    int32_t base = p->ring_start[first];
    part_start[1] = n;
    for (int32_t r = 0; r <= n; r++)
        ring_start[r] = p->ring_start[first + r] - base;
    *out = (hcb__polygon){1, n, ring_start[n], part_start, ring_start, p->points + base, 0, 0, 0, 0};
    hcb__polygon_box(out);
    return HCB_OK;
}

static hcb_status find_invalid(work *w) {
    for (size_t u = 0; u < w->n; u++) {
        bool valid = true;
        const char *reason = "";
        hcb__defect d = {.kind = HCB__DEFECT_INVALID, .a = (int32_t)u, .b = -1};
        hcb_status status = hcb__geos_valid(w->geos, &w->units[u].polygon, &valid, &reason, &d.where);
        if (status == HCB_OK && !valid)
            status = put(w, d);
        if (status != HCB_OK)
            return status;
        if (hcb__cancelled(w->ctx))
            return hcb__fail(w->ctx, HCB_ECANCELLED, "cancelled");
    }
    return HCB_OK;
}

/* A piece as a defect when it is at least as wide as `least`. */
static hcb_status put_piece(work *w, hcb__defect_kind kind, const hcb__piece *piece, double least, double wide) {
    hcb__defect d = {.kind = kind, .a = piece->a, .b = piece->b, .polygon = piece->polygon};
    d.area_m2 = hcb__polygon_area(&piece->polygon);
    /* No shape of this area holds a wider circle than the circle of this area. */
    if (2 * sqrt(d.area_m2 / acos(-1)) < least)
        return HCB_OK;
    d.width_m = hcb__polygon_width(&piece->polygon, 0, &d.where);
    if (d.width_m < least)
        return HCB_OK;
    if (kind == HCB__DEFECT_GAP && d.width_m > wide)
        d.kind = HCB__DEFECT_HOLE;
    return put(w, d);
}

/* Two units with the same area and all of it in common. */
static bool same_outline(const work *w, const hcb__piece *piece) {
    double a = hcb__polygon_area(&w->units[piece->a].polygon), b = hcb__polygon_area(&w->units[piece->b].polygon);
    double shared = hcb__polygon_area(&piece->polygon);
    return fabs(a - b) <= 1e-9 * a && fabs(shared - a) <= 1e-9 * a;
}

static hcb_status find_overlaps(work *w) {
    hcb_status status = hcb__pieces_shared(w->pieces, &w->out->arena, &w->found);
    for (size_t i = 0; status == HCB_OK && i < w->found.count; i++)
        status = put_piece(w, same_outline(w, &w->found.at[i]) ? HCB__DEFECT_DUPLICATE : HCB__DEFECT_OVERLAP,
                           &w->found.at[i], w->o->least_m, 0);
    w->found.count = 0;
    return status;
}

static hcb_status find_gaps(work *w) {
    hcb_status status = hcb__pieces_enclosed(w->pieces, &w->out->arena, &w->found);
    for (size_t i = 0; status == HCB_OK && i < w->found.count; i++)
        status = put_piece(w, HCB__DEFECT_GAP, &w->found.at[i], w->o->least_m, w->o->gap_m);
    w->found.count = 0;
    return status;
}

static hcb_status find_outside(work *w) {
    if (!w->o->outline)
        return HCB_OK;
    hcb_status status = hcb__pieces_outside(w->pieces, w->o->outline, w->o->n_outline, &w->out->arena, &w->found);
    for (size_t i = 0; status == HCB_OK && i < w->found.count; i++)
        status = put_piece(w, HCB__DEFECT_OUTSIDE, &w->found.at[i], w->o->least_m, 0);
    w->found.count = 0;
    return status;
}

/* Narrow parts, and parts beyond the largest. */
static hcb_status find_parts(work *w) {
    for (size_t u = 0; u < w->n; u++) {
        const hcb__polygon *p = &w->units[u].polygon;
        int32_t largest = 0;
        for (int32_t part = 1; part < p->n_parts; part++)
            largest = part_area(p, part) > part_area(p, largest) ? part : largest;
        for (int32_t part = 0; part < p->n_parts; part++) {
            bool narrow = hcb__polygon_maybe_narrow(p, part, w->o->gap_m);
            if (!narrow && part == largest)
                continue;
            hcb__defect d = {.kind = HCB__DEFECT_SLIVER, .a = (int32_t)u, .b = -1, .area_m2 = part_area(p, part)};
            d.width_m = hcb__polygon_width(p, part, &d.where);
            hcb_status status = take_part(w, p, part, &d.polygon);
            if (status == HCB_OK && d.width_m <= w->o->gap_m)
                status = put(w, d);
            d.kind = HCB__DEFECT_MULTIPART;
            if (status == HCB_OK && part != largest)
                status = put(w, d);
            if (status != HCB_OK)
                return status;
        }
    }
    return HCB_OK;
}

static hcb_status find_corners(work *w) {
    hcb__corner_list corners = {0};
    hcb_status status = hcb__corners_unmatched(&corners, &w->ctx->mem, w->units, w->n, w->o->near_m);
    if (status != HCB_OK)
        status = hcb__nomem(w->ctx);
    for (size_t i = 0; status == HCB_OK && i < corners.count; i++)
        status = put(w, (hcb__defect){.kind = HCB__DEFECT_UNMATCHED,
                                      .a = corners.at[i].of,
                                      .b = corners.at[i].on,
                                      .where = corners.at[i].where,
                                      .width_m = corners.at[i].distance_m});
    HCB__VEC_FREE(&w->ctx->mem, &corners);
    return status;
}

static int by_place(const void *va, const void *vb) {
    const hcb__defect *a = va, *b = vb;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    if (a->b != b->b)
        return a->b < b->b ? -1 : 1;
    if (a->where.x != b->where.x)
        return a->where.x < b->where.x ? -1 : 1;
    return (a->where.y > b->where.y) - (a->where.y < b->where.y);
}

static hcb_status check(work *w) {
    const hcb__polygon **polygons = hcb__arena_alloc(&w->out->arena, w->n, sizeof *polygons);
    if (!polygons)
        return hcb__nomem(w->ctx);
    for (size_t u = 0; u < w->n; u++)
        polygons[u] = &w->units[u].polygon;
    hcb_status status = hcb__geos_create(&w->geos, w->ctx);
    if (status == HCB_OK)
        status = find_invalid(w);
    if (status == HCB_OK)
        status = hcb__pieces_create(&w->pieces, w->geos, polygons, w->n);
    if (status == HCB_OK)
        status = find_overlaps(w);
    if (status == HCB_OK)
        status = find_gaps(w);
    if (status == HCB_OK)
        status = find_outside(w);
    if (status == HCB_OK)
        status = find_parts(w);
    if (status == HCB_OK)
        status = find_corners(w);
    if (status != HCB_OK)
        return status;
    if (w->out->list.count)
        qsort(w->out->list.at, w->out->list.count, sizeof *w->out->list.at, by_place);
    for (size_t i = 0; i < w->out->list.count; i++)
        w->out->count[w->out->list.at[i].kind]++;
    return HCB_OK;
}

hcb_status hcb__coverage_check(hcb__defects **out, hcb_context *ctx, const hcb__topology_unit *units, size_t n,
                               const hcb__check_options *options) {
    *out = NULL;
    hcb__defects *defects = hcb__calloc(&ctx->mem, 1, sizeof *defects);
    if (!defects)
        return hcb__nomem(ctx);
    hcb__arena_init(&defects->arena, &ctx->mem);
    work w = {.ctx = ctx, .units = units, .n = n, .o = options, .out = defects};
    hcb_status status = check(&w);
    HCB__VEC_FREE(&ctx->mem, &w.found);
    hcb__pieces_free(w.pieces);
    hcb__geos_free(w.geos);
    if (status == HCB_OK)
        *out = defects;
    else
        hcb__defects_free(defects, &ctx->mem);
    return status;
}

void hcb__defects_free(hcb__defects *defects, const hcb_allocator *mem) {
    if (!defects)
        return;
    HCB__VEC_FREE(mem, &defects->list);
    hcb__arena_release(&defects->arena);
    hcb__free(mem, defects);
}
