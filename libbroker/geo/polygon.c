/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/geo.h"

#include <math.h>

#include "base/arith.h"

double hcb__distance(hcb__point a, hcb__point b) {
    double dx = a.x - b.x, dy = a.y - b.y;
    return sqrt(dx * dx + dy * dy);
}

double hcb__ring_area(const hcb__point *points, size_t n) {
    if (n < 3)
        return 0;
    /* Relative to the first point: products of whole eastings and northings would lose the last digits. */
    double sum = 0;
    hcb__point o = points[0];
    for (size_t i = 1; i + 1 < n; i++)
        sum += (points[i].x - o.x) * (points[i + 1].y - o.y) - (points[i + 1].x - o.x) * (points[i].y - o.y);
    return sum / 2;
}

double hcb__polygon_area(const hcb__polygon *polygon) {
    double sum = 0;
    for (int32_t r = 0; r < polygon->n_rings; r++)
        sum += hcb__ring_area(polygon->points + polygon->ring_start[r],
                              (size_t)(polygon->ring_start[r + 1] - polygon->ring_start[r]));
    return sum;
}

double hcb__polygon_perimeter(const hcb__polygon *polygon) {
    double sum = 0;
    for (int32_t r = 0; r < polygon->n_rings; r++)
        for (int32_t i = polygon->ring_start[r]; i + 1 < polygon->ring_start[r + 1]; i++)
            sum += hcb__distance(polygon->points[i], polygon->points[i + 1]);
    return sum;
}

hcb__point hcb__to_centimetres(hcb__point p) {
    hcb__point r = {(double)hcb__round_half_up(p.x * 100) / 100, (double)hcb__round_half_up(p.y * 100) / 100};
    return r;
}

void hcb__polygon_box(hcb__polygon *polygon) {
    polygon->min_x = polygon->min_y = INFINITY;
    polygon->max_x = polygon->max_y = -INFINITY;
    for (int32_t i = 0; i < polygon->n_points; i++) {
        hcb__point p = polygon->points[i];
        polygon->min_x = fmin(polygon->min_x, p.x);
        polygon->min_y = fmin(polygon->min_y, p.y);
        polygon->max_x = fmax(polygon->max_x, p.x);
        polygon->max_y = fmax(polygon->max_y, p.y);
    }
}

void hcb__ring_reverse(hcb__point *points, size_t n) {
    for (size_t i = 0, j = n; i + 1 < j; i++) {
        j--;
        hcb__point t = points[i];
        points[i] = points[j];
        points[j] = t;
    }
}
