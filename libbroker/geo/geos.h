/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What GEOS does for us. One object has one GEOS handle and is used by one thread at a time; what goes in and comes out
 * are plain polygons, so frozen data never holds a GEOS object. Long loops look at the context's cancel token between
 * geometries (HCB_ECANCELLED). */
#ifndef HCB_GEO_GEOS_H
#define HCB_GEO_GEOS_H

#include "base/context.h"
#include "geo/coverage.h"
#include "geo/geo.h"

typedef struct hcb__geos hcb__geos;

HCB_NODISCARD hcb_status hcb__geos_create(hcb__geos **out, hcb_context *ctx);
void hcb__geos_free(hcb__geos *geos);

/* Whether the polygon is valid; if not, *reason (GEOS's word for it, such as "Self-intersection"; lives until the next
 * call) and where. Rings must be closed and have four points or more. */
HCB_NODISCARD hcb_status hcb__geos_valid(hcb__geos *geos, const hcb__polygon *polygon, bool *valid, const char **reason,
                                         hcb__point *where);

/* A point inside the polygon, away from its border. */
HCB_NODISCARD hcb_status hcb__geos_inner_point(hcb__geos *geos, const hcb__polygon *polygon, hcb__point *out);

typedef struct hcb__overlap {
    int32_t a, b; /* a < b */
    double area_m2;
    /* Of the widest piece. When `measured`, the diameter of the largest circle inside it (to a twentieth of wide_m, at
     * least 0.1 m); else 2 * area / perimeter, right for strips and at most a half for round pieces: those are too
     * small to be as wide as wide_m in any shape. */
    double width_m;
    bool measured;
    hcb__point where; /* a point of the widest piece */
} hcb__overlap;

/* All pairs whose insides share area wider than narrow_m, ascending by (a, b); memory is `arena`'s. */
HCB_NODISCARD hcb_status hcb__geos_overlaps(hcb__geos *geos, const hcb__polygon *const *polygons, size_t n,
                                            double narrow_m, double wide_m, hcb__arena *arena, hcb__overlap **out,
                                            size_t *count);

/* The land around places: all that is within reach_m of one of the points, then closed (grown and shrunk by closing_m)
 * so that bays and gaps narrower than twice closing_m are filled; holes are filled too. */
HCB_NODISCARD hcb_status hcb__geos_surroundings(hcb__geos *geos, const hcb__point *points, size_t n, double reach_m,
                                                double closing_m, hcb__arena *arena, hcb__polygon *out);

/* One piece of a Voronoi diagram cut by an outline: coordinates are whole centimetres and shared borders have the same
 * points, so pieces make a coverage. */
typedef struct hcb__voronoi_piece {
    int32_t seed; /* the nearest one */
    hcb__grid_polygon polygon;
} hcb__voronoi_piece;

/* The pieces inside the outline, in no particular order. Seeds must differ by a metre or more. */
HCB_NODISCARD hcb_status hcb__geos_voronoi(hcb__geos *geos, const hcb__point *seeds, size_t n,
                                           const hcb__polygon *outline, hcb__arena *arena, hcb__voronoi_piece **out,
                                           size_t *count);

#endif
