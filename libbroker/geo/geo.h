/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain geometry in EPSG:27700 metres: polygons as flat arrays that any thread may read. */
#ifndef HCB_GEO_GEO_H
#define HCB_GEO_GEO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/context.h"
#include "base/mem.h"

typedef struct hcb__point {
    double x, y; /* easting, northing in metres */
} hcb__point;

/* Rings of all parts, one after another. Each ring is closed (first point repeated last). In a part the first ring is
 * the outer one, counter-clockwise; the others are holes, clockwise. */
typedef struct hcb__polygon {
    int32_t n_parts, n_rings, n_points;
    const int32_t *part_start; /* [n_parts + 1], rings */
    const int32_t *ring_start; /* [n_rings + 1], points */
    const hcb__point *points;
    double min_x, min_y, max_x, max_y;
} hcb__polygon;

double hcb__polygon_area(const hcb__polygon *polygon);      /* square metres, holes taken off */
double hcb__polygon_perimeter(const hcb__polygon *polygon); /* metres, holes' edges included */
double hcb__distance(hcb__point a, hcb__point b);           /* metres, planar */

/* Signed area of one closed ring of n points (first repeated last): positive when counter-clockwise. */
double hcb__ring_area(const hcb__point *points, size_t n);
void hcb__ring_reverse(hcb__point *points, size_t n);
/* Fills min_x ... max_y from the points. */
void hcb__polygon_box(hcb__polygon *polygon);
/* The same place in whole centimetres, rounded half up. Finite, |x|, |y| < 1e13. */
hcb__point hcb__to_centimetres(hcb__point p);

#endif
