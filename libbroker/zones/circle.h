/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The convex hull and the smallest circle of points. */
#ifndef HCB_ZONES_CIRCLE_H
#define HCB_ZONES_CIRCLE_H

#include "geo/geo.h"

/* Sorts the points, puts the corners of their convex hull into `hull` (room for n + 1), counter-clockwise from the
 * smallest point (by x, then y), without points on its edges, and gives their number. */
size_t hcb__convex_hull(hcb__point *points, size_t n, hcb__point *hull);

/* The area of a convex polygon whose corners are given counter-clockwise, the first not repeated. */
double hcb__hull_area(const hcb__point *hull, size_t n);

typedef struct hcb__circle {
    hcb__point centre;
    double radius;
} hcb__circle;

/* The smallest circle that holds all points (Welzl's incremental way). Exact but for rounding, the same whatever the
 * order of the points as far as rounding allows; n = 0 gives a radius of 0. Changes the order of the points. */
hcb__circle hcb__smallest_circle(hcb__point *points, size_t n);

#endif
