/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/pieces.h"

#include <stdlib.h>

#include "geo/geos_handle.h"

struct hcb__pieces {
    hcb__geos *geos;
    const hcb__polygon *const *polygons;
    GEOSGeometry **shapes;
    size_t n;
};

static GEOSGeometry *valid_shape(hcb__geos *geos, const hcb__polygon *polygon) {
    GEOSGeometry *shape = hcb__geos_from(geos, polygon);
    if (!shape || GEOSisValid_r(geos->handle, shape) == 1)
        return shape;
    GEOSGeometry *valid = GEOSMakeValid_r(geos->handle, shape);
    GEOSGeom_destroy_r(geos->handle, shape);
    return valid;
}

static hcb_status make_shapes(GEOSGeometry **shapes, hcb__geos *geos, const hcb__polygon *const *polygons, size_t n) {
    for (size_t i = 0; i < n; i++) {
        shapes[i] = valid_shape(geos, polygons[i]);
        if (!shapes[i])
            return hcb__geos_failed(geos, "handing a polygon to GEOS");
    }
    return HCB_OK;
}

static void destroy_shapes(hcb__geos *geos, GEOSGeometry **shapes, size_t n) {
    for (size_t i = 0; shapes && i < n; i++)
        if (shapes[i])
            GEOSGeom_destroy_r(geos->handle, shapes[i]);
    hcb__free(&geos->ctx->mem, shapes);
}

hcb_status hcb__pieces_create(hcb__pieces **out, hcb__geos *geos, const hcb__polygon *const *polygons, size_t n) {
    *out = NULL;
    hcb__pieces *p = hcb__calloc(&geos->ctx->mem, 1, sizeof *p);
    if (!p)
        return hcb__nomem(geos->ctx);
    *p = (hcb__pieces){geos, polygons, hcb__calloc(&geos->ctx->mem, n + 1, sizeof *p->shapes), n};
    hcb_status status = p->shapes ? make_shapes(p->shapes, geos, polygons, n) : hcb__nomem(geos->ctx);
    if (status == HCB_OK)
        *out = p;
    else
        hcb__pieces_free(p);
    return status;
}

void hcb__pieces_free(hcb__pieces *p) {
    if (!p)
        return;
    destroy_shapes(p->geos, p->shapes, p->n);
    hcb__free(&p->geos->ctx->mem, p);
}

/* The polygons in a geometry of any kind. */
static hcb_status collect(hcb__geos *geos, const GEOSGeometry *shape, int32_t a, int32_t b, hcb__arena *arena,
                          hcb__piece_list *out) {
    int n = GEOSGetNumGeometries_r(geos->handle, shape);
    for (int i = 0; i < n; i++) {
        const GEOSGeometry *one = GEOSGetGeometryN_r(geos->handle, shape, i);
        int type = one ? GEOSGeomTypeId_r(geos->handle, one) : -1;
        if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
            hcb_status status = collect(geos, one, a, b, arena, out);
            if (status != HCB_OK)
                return status;
        } else if (type == GEOS_POLYGON && GEOSisEmpty_r(geos->handle, one) == 0) {
            hcb__piece piece = {.a = a, .b = b};
            hcb_status status = hcb__geos_to(geos, one, arena, &piece.polygon);
            if (status == HCB_OK && !HCB__PUSH(&geos->ctx->mem, out, piece))
                status = hcb__nomem(geos->ctx);
            if (status != HCB_OK)
                return status;
        }
    }
    return HCB_OK;
}

typedef struct search {
    hcb__pieces *pieces;
    hcb__arena *arena;
    hcb__piece_list *out;
    int32_t current;
    const GEOSPreparedGeometry *prepared;
    hcb_status status;
} search;

static bool boxes_overlap(const hcb__polygon *a, const hcb__polygon *b) {
    return a->min_x < b->max_x && b->min_x < a->max_x && a->min_y < b->max_y && b->min_y < a->max_y;
}

static void candidate(void *item, void *user) {
    search *s = user;
    hcb__geos *geos = s->pieces->geos;
    int32_t other = (int32_t)((uintptr_t)item - 1);
    if (s->status != HCB_OK || other <= s->current ||
        !boxes_overlap(s->pieces->polygons[s->current], s->pieces->polygons[other]))
        return;
    if (hcb__cancelled(geos->ctx)) {
        s->status = hcb__fail(geos->ctx, HCB_ECANCELLED, "cancelled");
        return;
    }
    if (!s->prepared)
        s->prepared = GEOSPrepare_r(geos->handle, s->pieces->shapes[s->current]);
    if (s->prepared && GEOSPreparedIntersects_r(geos->handle, s->prepared, s->pieces->shapes[other]) == 0)
        return;
    GEOSGeometry *common = GEOSIntersection_r(geos->handle, s->pieces->shapes[s->current], s->pieces->shapes[other]);
    s->status = common ? collect(geos, common, s->current, other, s->arena, s->out)
                       : hcb__geos_failed(geos, "intersecting two polygons");
    if (common)
        GEOSGeom_destroy_r(geos->handle, common);
}

static int by_pair(const void *va, const void *vb) {
    const hcb__piece *a = va, *b = vb;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

hcb_status hcb__pieces_shared(hcb__pieces *p, hcb__arena *arena, hcb__piece_list *out) {
    GEOSContextHandle_t handle = p->geos->handle;
    GEOSSTRtree *tree = GEOSSTRtree_create_r(handle, 10);
    if (!tree)
        return hcb__nomem(p->geos->ctx);
    search s = {.pieces = p, .arena = arena, .out = out, .status = HCB_OK};
    for (size_t i = 0; i < p->n; i++)
        GEOSSTRtree_insert_r(handle, tree, p->shapes[i], (void *)(uintptr_t)(i + 1));
    for (size_t i = 0; i < p->n && s.status == HCB_OK; i++) {
        s.current = (int32_t)i;
        s.prepared = NULL;
        GEOSSTRtree_query_r(handle, tree, p->shapes[i], candidate, &s);
        if (s.prepared)
            GEOSPreparedGeom_destroy_r(handle, s.prepared);
    }
    GEOSSTRtree_destroy_r(handle, tree);
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, by_pair);
    return s.status;
}

/* Takes the shapes over, whatever happens. */
static GEOSGeometry *unite(hcb__geos *geos, GEOSGeometry **shapes, size_t n) {
    GEOSGeometry *all = GEOSGeom_createCollection_r(geos->handle, GEOS_GEOMETRYCOLLECTION, shapes, (unsigned)n);
    if (!all) {
        for (size_t i = 0; i < n; i++)
            GEOSGeom_destroy_r(geos->handle, shapes[i]);
        return NULL;
    }
    GEOSGeometry *united = GEOSUnaryUnion_r(geos->handle, all);
    GEOSGeom_destroy_r(geos->handle, all);
    return united;
}

static GEOSGeometry *unite_copies(hcb__geos *geos, GEOSGeometry *const *shapes, size_t n) {
    GEOSGeometry **copies = hcb__calloc(&geos->ctx->mem, n + 1, sizeof *copies), *united = NULL;
    size_t made = 0;
    while (copies && made < n && (copies[made] = GEOSGeom_clone_r(geos->handle, shapes[made])))
        made++;
    if (copies && made == n)
        united = unite(geos, copies, n);
    else
        for (size_t i = 0; i < made; i++)
            GEOSGeom_destroy_r(geos->handle, copies[i]);
    hcb__free(&geos->ctx->mem, copies);
    return united;
}

/* The same without holes. */
static GEOSGeometry *filled(hcb__geos *geos, const GEOSGeometry *united) {
    int n = GEOSGetNumGeometries_r(geos->handle, united);
    GEOSGeometry **parts = hcb__calloc(&geos->ctx->mem, (size_t)(n < 0 ? 0 : n) + 1, sizeof *parts), *all = NULL;
    size_t made = 0;
    for (int i = 0; parts && i < n; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos->handle, united, i);
        const GEOSGeometry *ring = part && GEOSGeomTypeId_r(geos->handle, part) == GEOS_POLYGON
                                       ? GEOSGetExteriorRing_r(geos->handle, part)
                                       : NULL;
        GEOSGeometry *copy = ring ? GEOSGeom_clone_r(geos->handle, ring) : NULL;
        if (copy && (parts[made] = GEOSGeom_createPolygon_r(geos->handle, copy, NULL, 0)))
            made++;
    }
    if (parts)
        all = unite(geos, parts, made);
    hcb__free(&geos->ctx->mem, parts);
    return all;
}

hcb_status hcb__pieces_enclosed(hcb__pieces *p, hcb__arena *arena, hcb__piece_list *out) {
    hcb__geos *geos = p->geos;
    GEOSGeometry *united = unite_copies(geos, p->shapes, p->n);
    GEOSGeometry *whole = united ? filled(geos, united) : NULL;
    GEOSGeometry *empty = whole ? GEOSDifference_r(geos->handle, whole, united) : NULL;
    hcb_status status =
        empty ? collect(geos, empty, -1, -1, arena, out) : hcb__geos_failed(geos, "uniting the polygons of the map");
    if (empty)
        GEOSGeom_destroy_r(geos->handle, empty);
    if (whole)
        GEOSGeom_destroy_r(geos->handle, whole);
    if (united)
        GEOSGeom_destroy_r(geos->handle, united);
    return status;
}

hcb_status hcb__pieces_outside(hcb__pieces *p, const hcb__polygon *const *outline, size_t n, hcb__arena *arena,
                               hcb__piece_list *out) {
    hcb__geos *geos = p->geos;
    GEOSGeometry **shapes = hcb__calloc(&geos->ctx->mem, n + 1, sizeof *shapes), *united = NULL;
    hcb_status status = shapes ? make_shapes(shapes, geos, outline, n) : hcb__nomem(geos->ctx);
    if (status == HCB_OK && !(united = unite_copies(geos, shapes, n)))
        status = hcb__geos_failed(geos, "uniting the polygons of the outline");
    for (size_t i = 0; status == HCB_OK && i < p->n; i++) {
        if (hcb__cancelled(geos->ctx))
            status = hcb__fail(geos->ctx, HCB_ECANCELLED, "cancelled");
        GEOSGeometry *beyond = status == HCB_OK ? GEOSDifference_r(geos->handle, p->shapes[i], united) : NULL;
        if (beyond)
            status = collect(geos, beyond, (int32_t)i, -1, arena, out);
        else if (status == HCB_OK)
            status = hcb__geos_failed(geos, "comparing a polygon with the outline");
        if (beyond)
            GEOSGeom_destroy_r(geos->handle, beyond);
    }
    if (united)
        GEOSGeom_destroy_r(geos->handle, united);
    destroy_shapes(geos, shapes, n);
    return status;
}
