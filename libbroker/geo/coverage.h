/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coverages: polygons whose shared borders are the same points in both. Exact, in whole-number coordinates
 * (centimetres, or degrees times 10^7), so that nothing can open a gap or leave a sliver. */
#ifndef HCB_GEO_COVERAGE_H
#define HCB_GEO_COVERAGE_H

#include "geo/geo.h"

typedef struct hcb__grid_point {
    int64_t x, y; /* |x|, |y| < 2^40 */
} hcb__grid_point;

/* As hcb__polygon, on whole numbers. */
typedef struct hcb__grid_polygon {
    int32_t n_parts, n_rings, n_points;
    const int32_t *part_start;
    const int32_t *ring_start;
    const hcb__grid_point *points;
} hcb__grid_polygon;

/* The union of n polygons of a coverage: an edge used by two of them in opposite directions vanishes, the others are
 * linked to rings. Points on straight borders stay, so neighbours still match. Rings start at their smallest point and
 * parts are in the order of it: the result does not depend on the order of the input. Memory is `arena`'s.
 * HCB_EGEOMETRY: polygons overlap (an edge used twice in one direction), or edges do not close; *bad is a point of it.
 */
HCB_NODISCARD hcb_status hcb__coverage_union(hcb__grid_polygon *out, hcb__arena *arena,
                                             const hcb__grid_polygon *const *polygons, size_t n, hcb__grid_point *bad);

#endif
