/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Voronoi pieces as a coverage. Cutting each cell by the outline would compute shared points twice, with different last
 * digits. So all lines (cell borders and outline) are noded together on a grid of one centimetre, the faces between
 * them are collected, and each face goes to the seed that is nearest to a point inside it. */
#include <math.h>

#include "geo/geos_handle.h"
#include "geo/index.h"

static const double GRID_M = 0.01;
enum { QUADRANT_SEGMENTS = 16 };

static GEOSGeometry *multi_point(hcb__geos *geos, const hcb__point *points, size_t n) {
    GEOSGeometry **each = hcb__calloc(&geos->ctx->mem, n + 1, sizeof *each), *all = NULL;
    if (!each)
        return NULL;
    size_t made = 0;
    while (made < n && (each[made] = hcb__geos_point(geos, points[made])))
        made++;
    if (made == n)
        all = GEOSGeom_createCollection_r(geos->handle, GEOS_MULTIPOINT, each, (unsigned)n);
    for (size_t i = 0; !all && i < made; i++)
        GEOSGeom_destroy_r(geos->handle, each[i]);
    hcb__free(&geos->ctx->mem, each);
    return all;
}

/* Takes over `shape`. */
static GEOSGeometry *grown(hcb__geos *geos, GEOSGeometry *shape, double by) {
    GEOSGeometry *result = shape ? GEOSBuffer_r(geos->handle, shape, by, QUADRANT_SEGMENTS) : NULL;
    if (shape)
        GEOSGeom_destroy_r(geos->handle, shape);
    return result;
}

/* Leaves only the outer rings, which are moved to the front. */
static void drop_holes(hcb__polygon *polygon) {
    int32_t *part_start = (int32_t *)polygon->part_start, *ring_start = (int32_t *)polygon->ring_start;
    hcb__point *points = (hcb__point *)polygon->points;
    int32_t n_points = 0;
    for (int32_t i = 0; i < polygon->n_parts; i++) {
        int32_t from = ring_start[part_start[i]], to = ring_start[part_start[i] + 1];
        part_start[i] = i;
        ring_start[i] = n_points;
        for (int32_t j = from; j < to; j++)
            points[n_points++] = points[j];
    }
    part_start[polygon->n_parts] = polygon->n_rings = polygon->n_parts;
    ring_start[polygon->n_rings] = polygon->n_points = n_points;
}

hcb_status hcb__geos_surroundings(hcb__geos *geos, const hcb__point *points, size_t n, double reach_m, double closing_m,
                                  hcb__arena *arena, hcb__polygon *out) {
    GEOSGeometry *shape = grown(geos, grown(geos, multi_point(geos, points, n), reach_m + closing_m), -closing_m);
    if (!shape)
        return hcb__geos_failed(geos, "making the outline");
    hcb_status status = hcb__geos_to(geos, shape, arena, out);
    GEOSGeom_destroy_r(geos->handle, shape);
    if (status == HCB_OK)
        drop_holes(out);
    return status;
}

/* Cell borders and outline, noded on the grid. */
static GEOSGeometry *noded_lines(hcb__geos *geos, const hcb__point *seeds, size_t n, const GEOSGeometry *outline) {
    GEOSContextHandle_t handle = geos->handle;
    GEOSGeometry *points = multi_point(geos, seeds, n), *box = GEOSEnvelope_r(handle, outline);
    /* GEOS grows the box itself; cells reach beyond the outline in any case. */
    GEOSGeometry *lines[2] = {points && box ? GEOSVoronoiDiagram_r(handle, points, box, 0, 1) : NULL,
                              GEOSBoundary_r(handle, outline)};
    GEOSGeometry *both = NULL, *noded = NULL;
    if (lines[0] && lines[1])
        both = GEOSGeom_createCollection_r(handle, GEOS_GEOMETRYCOLLECTION, lines, 2);
    for (int i = 0; !both && i < 2; i++)
        if (lines[i])
            GEOSGeom_destroy_r(handle, lines[i]);
    if (both) {
        noded = GEOSUnaryUnionPrec_r(handle, both, GRID_M);
        GEOSGeom_destroy_r(handle, both);
    }
    if (points)
        GEOSGeom_destroy_r(handle, points);
    if (box)
        GEOSGeom_destroy_r(handle, box);
    return noded;
}

static hcb_status to_grid(hcb__geos *geos, const hcb__polygon *from, hcb__arena *arena, hcb__grid_polygon *to) {
    hcb__grid_point *points = hcb__arena_alloc(arena, (size_t)from->n_points, sizeof *points);
    if (!points)
        return hcb__nomem(geos->ctx);
    for (int32_t i = 0; i < from->n_points; i++) {
        points[i].x = llround(from->points[i].x / GRID_M);
        points[i].y = llround(from->points[i].y / GRID_M);
    }
    to->n_parts = from->n_parts;
    to->n_rings = from->n_rings;
    to->n_points = from->n_points;
    to->part_start = from->part_start;
    to->ring_start = from->ring_start;
    to->points = points;
    return HCB_OK;
}

typedef struct faces {
    hcb__geos *geos;
    const hcb__point_index *seeds;
    const GEOSPreparedGeometry *outline;
    hcb__arena *arena;
    hcb__voronoi_piece *pieces;
    size_t count;
} faces;

static hcb_status keep_face(faces *f, const GEOSGeometry *face) {
    GEOSContextHandle_t handle = f->geos->handle;
    GEOSGeometry *inner = GEOSPointOnSurface_r(handle, face);
    hcb__point p;
    char inside = inner ? GEOSPreparedContains_r(handle, f->outline, inner) : 2;
    bool good = inner && inside != 2 && hcb__geos_read_point(f->geos, inner, &p);
    if (inner)
        GEOSGeom_destroy_r(handle, inner);
    if (!good)
        return hcb__geos_failed(f->geos, "placing a Voronoi cell");
    if (!inside)
        return HCB_OK;
    hcb__polygon plain;
    hcb_status status = hcb__geos_to(f->geos, face, f->arena, &plain);
    hcb__voronoi_piece *piece = &f->pieces[f->count];
    if (status == HCB_OK)
        status = to_grid(f->geos, &plain, f->arena, &piece->polygon);
    if (status == HCB_OK) {
        piece->seed = hcb__point_index_nearest(f->seeds, p, NULL);
        f->count++;
    }
    return status;
}

static hcb_status keep_faces(faces *f, const GEOSGeometry *all) {
    int n = GEOSGetNumGeometries_r(f->geos->handle, all);
    f->pieces = hcb__arena_alloc(f->arena, (size_t)(n > 0 ? n : 0), sizeof *f->pieces);
    if (!f->pieces)
        return hcb__nomem(f->geos->ctx);
    for (int i = 0; i < n; i++) {
        hcb_status status = keep_face(f, GEOSGetGeometryN_r(f->geos->handle, all, i));
        if (status != HCB_OK)
            return status;
    }
    return HCB_OK;
}

hcb_status hcb__geos_voronoi(hcb__geos *geos, const hcb__point *seeds, size_t n, const hcb__polygon *outline,
                             hcb__arena *arena, hcb__voronoi_piece **out, size_t *count) {
    GEOSContextHandle_t handle = geos->handle;
    faces f = {.geos = geos, .arena = arena};
    hcb__point_index *index = NULL;
    GEOSGeometry *outline_shape = NULL, *lines = NULL, *all = NULL;
    const GEOSPreparedGeometry *prepared = NULL;
    hcb_status status = hcb__point_index_create(&index, &geos->ctx->mem, seeds, n);
    if (status != HCB_OK) {
        status = hcb__nomem(geos->ctx);
    } else if (!(outline_shape = hcb__geos_from(geos, outline)) ||
               !(lines = noded_lines(geos, seeds, n, outline_shape)) ||
               !(all = GEOSPolygonize_r(handle, (const GEOSGeometry *const *)&lines, 1)) ||
               !(prepared = GEOSPrepare_r(handle, outline_shape))) {
        status = hcb__geos_failed(geos, "making Voronoi cells");
    } else {
        f.seeds = index;
        f.outline = prepared;
        status = keep_faces(&f, all);
    }
    if (prepared)
        GEOSPreparedGeom_destroy_r(handle, prepared);
    GEOSGeometry *shapes[] = {outline_shape, lines, all};
    for (int i = 0; i < 3; i++)
        if (shapes[i])
            GEOSGeom_destroy_r(handle, shapes[i]);
    hcb__point_index_free(index);
    *out = f.pieces;
    *count = f.count;
    return status;
}
