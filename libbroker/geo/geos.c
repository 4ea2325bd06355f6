/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/geos_handle.h"

#include <stdio.h>
#include <string.h>

/* hcb__point is passed to GEOS as a pair of doubles. */
_Static_assert(sizeof(hcb__point) == 2 * sizeof(double), "hcb__point must be two doubles");

static void remember(const char *message, void *user) {
    hcb__geos *geos = user;
    snprintf(geos->message, sizeof geos->message, "%s", message);
}

hcb_status hcb__geos_create(hcb__geos **out, hcb_context *ctx) {
    *out = NULL;
    hcb__geos *geos = hcb__calloc(&ctx->mem, 1, sizeof *geos);
    if (!geos)
        return hcb__nomem(ctx);
    geos->ctx = ctx;
    geos->handle = GEOS_init_r();
    if (!geos->handle) {
        hcb__free(&ctx->mem, geos);
        return hcb__nomem(ctx);
    }
    GEOSContext_setErrorMessageHandler_r(geos->handle, remember, geos);
    *out = geos;
    return HCB_OK;
}

void hcb__geos_free(hcb__geos *geos) {
    if (!geos)
        return;
    GEOSFree_r(geos->handle, geos->reason);
    GEOS_finish_r(geos->handle);
    hcb__free(&geos->ctx->mem, geos);
}

hcb_status hcb__geos_failed(hcb__geos *geos, const char *doing) {
    /* GEOS gives a reason for all it refuses; without one it was our memory that ran out. */
    if (!geos->message[0] || strstr(geos->message, "bad_alloc"))
        return hcb__nomem(geos->ctx);
    return hcb__fail(geos->ctx, HCB_EGEOMETRY, "%s failed: %s", doing, geos->message);
}

static GEOSGeometry *ring_from(hcb__geos *geos, const hcb__polygon *polygon, int32_t ring) {
    int32_t from = polygon->ring_start[ring], n = polygon->ring_start[ring + 1] - from;
    GEOSCoordSequence *sequence =
        GEOSCoordSeq_copyFromBuffer_r(geos->handle, &polygon->points[from].x, (unsigned)n, 0, 0);
    return sequence ? GEOSGeom_createLinearRing_r(geos->handle, sequence) : NULL;
}

static void destroy_all(hcb__geos *geos, GEOSGeometry **shapes, int32_t n) {
    for (int32_t i = 0; i < n; i++)
        GEOSGeom_destroy_r(geos->handle, shapes[i]);
}

static GEOSGeometry *part_from(hcb__geos *geos, const hcb__polygon *polygon, int32_t part) {
    int32_t first = polygon->part_start[part], n = polygon->part_start[part + 1] - first;
    GEOSGeometry **rings = hcb__calloc(&geos->ctx->mem, (size_t)n, sizeof *rings), *shape = NULL;
    if (!rings)
        return NULL;
    int32_t made = 0;
    while (made < n && (rings[made] = ring_from(geos, polygon, first + made)))
        made++;
    if (made == n && n > 0)
        shape = GEOSGeom_createPolygon_r(geos->handle, rings[0], rings + 1, (unsigned)(n - 1));
    if (!shape)
        destroy_all(geos, rings, made);
    hcb__free(&geos->ctx->mem, rings);
    return shape;
}

GEOSGeometry *hcb__geos_from(hcb__geos *geos, const hcb__polygon *polygon) {
    if (polygon->n_parts == 1)
        return part_from(geos, polygon, 0);
    GEOSGeometry **parts = hcb__calloc(&geos->ctx->mem, (size_t)polygon->n_parts + 1, sizeof *parts), *shape = NULL;
    if (!parts)
        return NULL;
    int32_t made = 0;
    while (made < polygon->n_parts && (parts[made] = part_from(geos, polygon, made)))
        made++;
    if (made == polygon->n_parts)
        shape = GEOSGeom_createCollection_r(geos->handle, GEOS_MULTIPOLYGON, parts, (unsigned)made);
    if (!shape)
        destroy_all(geos, parts, made);
    hcb__free(&geos->ctx->mem, parts);
    return shape;
}

int32_t hcb__geos_point_count(hcb__geos *geos, const GEOSGeometry *line) {
    const GEOSCoordSequence *sequence = GEOSGeom_getCoordSeq_r(geos->handle, line);
    unsigned n;
    return sequence && GEOSCoordSeq_getSize_r(geos->handle, sequence, &n) && n <= INT32_MAX ? (int32_t)n : -1;
}

bool hcb__geos_points(hcb__geos *geos, const GEOSGeometry *line, hcb__point *out) {
    const GEOSCoordSequence *sequence = GEOSGeom_getCoordSeq_r(geos->handle, line);
    return sequence && GEOSCoordSeq_copyToBuffer_r(geos->handle, sequence, &out->x, 0, 0) == 1;
}

/* Ring r of a polygon: 0 is the outer one. */
static const GEOSGeometry *ring_of(hcb__geos *geos, const GEOSGeometry *part, int32_t r) {
    return r == 0 ? GEOSGetExteriorRing_r(geos->handle, part) : GEOSGetInteriorRingN_r(geos->handle, part, r - 1);
}

/* Counts parts, rings and points; false on failure. */
static bool measure(hcb__geos *geos, const GEOSGeometry *shape, hcb__polygon *out) {
    out->n_parts = GEOSGetNumGeometries_r(geos->handle, shape);
    for (int32_t i = 0; i < out->n_parts; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos->handle, shape, i);
        if (!part || GEOSGeomTypeId_r(geos->handle, part) != GEOS_POLYGON)
            return false;
        int32_t n_rings = GEOSGetNumInteriorRings_r(geos->handle, part) + 1;
        out->n_rings += n_rings;
        for (int32_t r = 0; r < n_rings; r++) {
            const GEOSGeometry *ring = ring_of(geos, part, r);
            int32_t n = ring ? hcb__geos_point_count(geos, ring) : -1;
            if (n < 0)
                return false;
            out->n_points += n;
        }
    }
    return out->n_parts >= 0;
}

hcb_status hcb__geos_to(hcb__geos *geos, const GEOSGeometry *shape, hcb__arena *arena, hcb__polygon *out) {
    memset(out, 0, sizeof *out);
    if (!measure(geos, shape, out))
        return hcb__geos_failed(geos, "reading a polygon back from GEOS");
    int32_t *part_start = hcb__arena_alloc(arena, (size_t)out->n_parts + 1, sizeof *part_start);
    int32_t *ring_start = hcb__arena_alloc(arena, (size_t)out->n_rings + 1, sizeof *ring_start);
    hcb__point *points = hcb__arena_alloc(arena, (size_t)out->n_points, sizeof *points);
    if (!part_start || !ring_start || !points)
        return hcb__nomem(geos->ctx);
    int32_t ring = 0, point = 0;
    for (int32_t i = 0; i < out->n_parts; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos->handle, shape, i);
        int32_t n_rings = GEOSGetNumInteriorRings_r(geos->handle, part) + 1;
        part_start[i] = ring;
        for (int32_t r = 0; r < n_rings; r++) {
            const GEOSGeometry *from = ring_of(geos, part, r);
            int32_t n = hcb__geos_point_count(geos, from);
            ring_start[ring++] = point;
            if (!hcb__geos_points(geos, from, points + point))
                return hcb__geos_failed(geos, "reading a ring back from GEOS");
            if ((hcb__ring_area(points + point, (size_t)n) > 0) != (r == 0))
                hcb__ring_reverse(points + point, (size_t)n);
            point += n;
        }
    }
    part_start[out->n_parts] = ring;
    ring_start[ring] = point;
    out->part_start = part_start;
    out->ring_start = ring_start;
    out->points = points;
    hcb__polygon_box(out);
    return HCB_OK;
}

GEOSGeometry *hcb__geos_point(hcb__geos *geos, hcb__point p) {
    return GEOSGeom_createPointFromXY_r(geos->handle, p.x, p.y);
}

bool hcb__geos_read_point(hcb__geos *geos, const GEOSGeometry *point, hcb__point *out) {
    return GEOSGeomGetX_r(geos->handle, point, &out->x) == 1 && GEOSGeomGetY_r(geos->handle, point, &out->y) == 1;
}

hcb_status hcb__geos_valid(hcb__geos *geos, const hcb__polygon *polygon, bool *valid, const char **reason,
                           hcb__point *where) {
    GEOSGeometry *shape = hcb__geos_from(geos, polygon), *place = NULL;
    if (!shape)
        return hcb__geos_failed(geos, "handing a polygon to GEOS");
    GEOSFree_r(geos->handle, geos->reason);
    geos->reason = NULL;
    char answer = GEOSisValidDetail_r(geos->handle, shape, 0, &geos->reason, &place);
    GEOSGeom_destroy_r(geos->handle, shape);
    if (answer == 2)
        return hcb__geos_failed(geos, "testing a polygon");
    *valid = answer == 1;
    if (!*valid) {
        *reason = geos->reason ? geos->reason : "not valid";
        where->x = where->y = 0;
        if (place && !hcb__geos_read_point(geos, place, where) && polygon->n_points)
            *where = polygon->points[0];
    }
    if (place)
        GEOSGeom_destroy_r(geos->handle, place);
    return HCB_OK;
}

hcb_status hcb__geos_inner_point(hcb__geos *geos, const hcb__polygon *polygon, hcb__point *out) {
    GEOSGeometry *shape = hcb__geos_from(geos, polygon);
    GEOSGeometry *point = shape ? GEOSPointOnSurface_r(geos->handle, shape) : NULL;
    bool good = point && hcb__geos_read_point(geos, point, out);
    if (point)
        GEOSGeom_destroy_r(geos->handle, point);
    if (shape)
        GEOSGeom_destroy_r(geos->handle, shape);
    return good ? HCB_OK : hcb__geos_failed(geos, "finding a point inside a polygon");
}
