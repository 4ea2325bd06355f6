/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "geo/geos_handle.h"

typedef struct search {
    hcb__geos *geos;
    const hcb__polygon *const *polygons;
    GEOSGeometry **shapes;
    size_t n;
    double narrow_m, wide_m;
    hcb__arena *arena;
    HCB__VEC(hcb__overlap) found;
    hcb_status status;
    int32_t current;
} search;

static bool boxes_meet(const hcb__polygon *a, const hcb__polygon *b) {
    return a->min_x <= b->max_x && b->min_x <= a->max_x && a->min_y <= b->max_y && b->min_y <= a->max_y;
}

/* The diameter of the largest circle in the piece. */
static hcb_status inscribed(hcb__geos *geos, const GEOSGeometry *piece, double tolerance, double *diameter,
                            hcb__point *centre) {
    GEOSGeometry *radius = GEOSMaximumInscribedCircle_r(geos->handle, piece, tolerance);
    hcb__point ends[2];
    bool good = radius && hcb__geos_point_count(geos, radius) == 2 && hcb__geos_points(geos, radius, ends);
    if (radius)
        GEOSGeom_destroy_r(geos->handle, radius);
    if (!good)
        return hcb__geos_failed(geos, "measuring an overlap");
    *diameter = 2 * hcb__distance(ends[0], ends[1]);
    *centre = ends[0];
    return HCB_OK;
}

static hcb_status measure_piece(search *s, const GEOSGeometry *piece, hcb__overlap *o) {
    double area, perimeter;
    if (!GEOSArea_r(s->geos->handle, piece, &area) || !GEOSLength_r(s->geos->handle, piece, &perimeter))
        return hcb__geos_failed(s->geos, "measuring an overlap");
    if (!(area > 0 && perimeter > 0))
        return HCB_OK;
    o->area_m2 += area;
    double width = 2 * area / perimeter;
    hcb__point where = {0, 0};
    /* No shape of this area holds a circle wider than the circle of this area. */
    bool measured = 2 * sqrt(area / acos(-1)) > s->wide_m;
    if (measured) {
        hcb_status status = inscribed(s->geos, piece, fmax(s->wide_m / 20, 0.1), &width, &where);
        if (status != HCB_OK)
            return status;
    } else {
        const GEOSGeometry *ring = GEOSGetExteriorRing_r(s->geos->handle, piece);
        GEOSGeometry *first = ring ? GEOSGeomGetStartPoint_r(s->geos->handle, ring) : NULL;
        bool good = first && hcb__geos_read_point(s->geos, first, &where);
        if (first)
            GEOSGeom_destroy_r(s->geos->handle, first);
        if (!good)
            return hcb__geos_failed(s->geos, "measuring an overlap");
    }
    if (width > o->width_m) {
        o->width_m = width;
        o->measured = measured;
        o->where = where;
    }
    return HCB_OK;
}

static hcb_status measure_pair(search *s, int32_t a, int32_t b) {
    hcb__geos *geos = s->geos;
    GEOSGeometry *common = GEOSIntersection_r(geos->handle, s->shapes[a], s->shapes[b]);
    if (!common)
        return hcb__geos_failed(geos, "intersecting two polygons");
    hcb__overlap o = {.a = a, .b = b};
    hcb_status status = HCB_OK;
    int n = GEOSGetNumGeometries_r(geos->handle, common);
    for (int i = 0; i < n && status == HCB_OK; i++) {
        const GEOSGeometry *piece = GEOSGetGeometryN_r(geos->handle, common, i);
        if (GEOSGeomTypeId_r(geos->handle, piece) == GEOS_POLYGON)
            status = measure_piece(s, piece, &o);
    }
    GEOSGeom_destroy_r(geos->handle, common);
    if (status == HCB_OK && o.width_m > s->narrow_m && !HCB__PUSH(&geos->ctx->mem, &s->found, o))
        status = hcb__nomem(geos->ctx);
    return status;
}

/* The tree's callback: `item` is one past the number of a polygon whose box meets that of the current one. */
static void candidate(void *item, void *user) {
    search *s = user;
    int32_t other = (int32_t)((uintptr_t)item - 1);
    if (s->status != HCB_OK || other <= s->current || !boxes_meet(s->polygons[s->current], s->polygons[other]))
        return;
    s->status = hcb__cancelled(s->geos->ctx) ? hcb__fail(s->geos->ctx, HCB_ECANCELLED, "cancelled")
                                             : measure_pair(s, s->current, other);
}

static int by_pair(const void *va, const void *vb) {
    const hcb__overlap *a = va, *b = vb;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static hcb_status search_tree(search *s, GEOSSTRtree *tree) {
    GEOSContextHandle_t handle = s->geos->handle;
    for (size_t i = 0; i < s->n; i++) {
        s->shapes[i] = hcb__geos_from(s->geos, s->polygons[i]);
        if (!s->shapes[i])
            return hcb__geos_failed(s->geos, "handing a polygon to GEOS");
        GEOSSTRtree_insert_r(handle, tree, s->shapes[i], (void *)(uintptr_t)(i + 1));
    }
    for (size_t i = 0; i < s->n && s->status == HCB_OK; i++) {
        s->current = (int32_t)i;
        GEOSSTRtree_query_r(handle, tree, s->shapes[i], candidate, s);
    }
    return s->status;
}

hcb_status hcb__geos_overlaps(hcb__geos *geos, const hcb__polygon *const *polygons, size_t n, double narrow_m,
                              double wide_m, hcb__arena *arena, hcb__overlap **out, size_t *count) {
    *out = NULL;
    *count = 0;
    search s = {.geos = geos, .polygons = polygons, .n = n, .narrow_m = narrow_m, .wide_m = wide_m, .arena = arena};
    s.shapes = hcb__calloc(&geos->ctx->mem, n + 1, sizeof *s.shapes);
    GEOSSTRtree *tree = s.shapes ? GEOSSTRtree_create_r(geos->handle, 10) : NULL;
    hcb_status status = tree ? search_tree(&s, tree) : hcb__nomem(geos->ctx);
    if (status == HCB_OK && s.found.count) {
        qsort(s.found.at, s.found.count, sizeof *s.found.at, by_pair);
        *out = hcb__arena_alloc(arena, s.found.count, sizeof **out);
        if (*out) {
            for (size_t i = 0; i < s.found.count; i++)
                (*out)[i] = s.found.at[i];
            *count = s.found.count;
        } else {
            status = hcb__nomem(geos->ctx);
        }
    }
    if (tree)
        GEOSSTRtree_destroy_r(geos->handle, tree);
    for (size_t i = 0; s.shapes && i < n; i++)
        if (s.shapes[i])
            GEOSGeom_destroy_r(geos->handle, s.shapes[i]);
    hcb__free(&geos->ctx->mem, s.shapes);
    HCB__VEC_FREE(&geos->ctx->mem, &s.found);
    return status;
}
