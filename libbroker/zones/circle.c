/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/circle.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

static int by_place(const void *va, const void *vb) {
    const hcb__point *a = va, *b = vb;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return (a->y > b->y) - (a->y < b->y);
}

static double cross(hcb__point o, hcb__point a, hcb__point b) {
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

/* Andrew's monotone chain. */
size_t hcb__convex_hull(hcb__point *points, size_t n, hcb__point *hull) {
    qsort(points, n, sizeof *points, by_place);
    size_t unique = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || by_place(&points[i], &points[unique - 1]) != 0)
            points[unique++] = points[i];
    size_t k = 0;
    for (size_t i = 0; i < unique; i++) {
        while (k >= 2 && cross(hull[k - 2], hull[k - 1], points[i]) <= 0)
            k--;
        hull[k++] = points[i];
    }
    size_t lower = k + 1;
    for (size_t i = unique; i-- > 0;) {
        if (i + 1 == unique)
            continue;
        while (k >= lower && cross(hull[k - 2], hull[k - 1], points[i]) <= 0)
            k--;
        hull[k++] = points[i];
    }
    return k > 1 ? k - 1 : k;
}

double hcb__hull_area(const hcb__point *hull, size_t n) {
    double sum = 0;
    for (size_t i = 1; i + 1 < n; i++)
        sum += cross(hull[0], hull[i], hull[i + 1]);
    return sum / 2;
}

static bool holds(const hcb__circle *c, hcb__point p) {
    return hcb__distance(c->centre, p) <= c->radius * (1 + 1e-13);
}

static hcb__circle of_two(hcb__point a, hcb__point b) {
    hcb__point centre = {(a.x + b.x) / 2, (a.y + b.y) / 2};
    return (hcb__circle){centre, fmax(hcb__distance(centre, a), hcb__distance(centre, b))};
}

/* Three points on a line have no circle through them: the two farthest apart then decide. */
static hcb__circle of_three(hcb__point a, hcb__point b, hcb__point c) {
    double bx = b.x - a.x, by = b.y - a.y, cx = c.x - a.x, cy = c.y - a.y, d = 2 * (bx * cy - by * cx);
    if (d == 0) {
        hcb__circle ab = of_two(a, b), ac = of_two(a, c), bc = of_two(b, c);
        ab = ac.radius > ab.radius ? ac : ab;
        return bc.radius > ab.radius ? bc : ab;
    }
    double b2 = bx * bx + by * by, c2 = cx * cx + cy * cy;
    hcb__point centre = {a.x + (cy * b2 - by * c2) / d, a.y + (bx * c2 - cx * b2) / d};
    double r = fmax(hcb__distance(centre, a), hcb__distance(centre, b));
    return (hcb__circle){centre, fmax(r, hcb__distance(centre, c))};
}

static void shuffle(hcb__point *points, size_t n) {
    hcb__rng rng;
    hcb__rng_seed(&rng, 1, 0);
    for (size_t i = n; i > 1; i--) {
        size_t k = hcb__rng_below(&rng, (uint32_t)i);
        hcb__point p = points[i - 1];
        points[i - 1] = points[k];
        points[k] = p;
    }
}

hcb__circle hcb__smallest_circle(hcb__point *points, size_t n) {
    hcb__circle c = {{0, 0}, 0};
    if (n == 0)
        return c;
    qsort(points, n, sizeof *points, by_place);
    shuffle(points, n);
    c.centre = points[0];
    for (size_t i = 1; i < n; i++) {
        if (holds(&c, points[i]))
            continue;
        c = (hcb__circle){points[i], 0};
        for (size_t j = 0; j < i; j++) {
            if (holds(&c, points[j]))
                continue;
            c = of_two(points[i], points[j]);
            for (size_t k = 0; k < j; k++)
                if (!holds(&c, points[k]))
                    c = of_three(points[i], points[j], points[k]);
        }
    }
    return c;
}
