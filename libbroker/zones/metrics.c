/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "zones/circle.h"

static const double pi = 3.14159265358979323846;

/* Integrals over the polygon about its own first point, then moved to the origin: small numbers stay exact. */
hcb__mass hcb__mass_of(const hcb__polygon *p, hcb__point origin) {
    hcb__mass mass = {0};
    if (p->n_points == 0)
        return mass;
    hcb__point o = p->points[0];
    double area = 0, mx = 0, my = 0, square = 0;
    for (int32_t r = 0; r < p->n_rings; r++)
        for (int32_t i = p->ring_start[r]; i + 1 < p->ring_start[r + 1]; i++) {
            double ax = p->points[i].x - o.x, ay = p->points[i].y - o.y;
            double bx = p->points[i + 1].x - o.x, by = p->points[i + 1].y - o.y, cross = ax * by - ay * bx;
            area += cross / 2;
            mx += (ax + bx) * cross / 6;
            my += (ay + by) * cross / 6;
            square += (ax * ax + ax * bx + bx * bx + ay * ay + ay * by + by * by) * cross / 12;
        }
    double dx = o.x - origin.x, dy = o.y - origin.y;
    mass.area_mm2 = (int64_t)llround(1e6 * area);
    mass.x = (hcb__wide)rint(1e9 * (mx + area * dx));
    mass.y = (hcb__wide)rint(1e9 * (my + area * dy));
    mass.square = (hcb__wide)rint(1e9 * (square + 2 * (dx * mx + dy * my) + area * (dx * dx + dy * dy)));
    return mass;
}

void hcb__mass_add(hcb__mass *sum, const hcb__mass *part, int sign) {
    sum->area_mm2 += sign * part->area_mm2;
    sum->x += sign * part->x;
    sum->y += sign * part->y;
    sum->square += sign * part->square;
}

/* The integral of the squared distance from the centre of gravity, m^4. */
static double mass_inertia(const hcb__mass *m) {
    if (m->area_mm2 <= 0)
        return 0;
    double area = (double)m->area_mm2 / 1e6, x = (double)m->x / 1e9, y = (double)m->y / 1e9;
    return (double)m->square / 1e9 - (x * x + y * y) / area;
}

hcb__shape hcb__shape_of(const hcb__mass *mass, double perimeter_m, hcb__point *hull, size_t n_hull) {
    hcb__shape s = {0};
    double area = (double)mass->area_mm2 / 1e6, inertia = mass_inertia(mass);
    double hull_area = hcb__hull_area(hull, n_hull);
    if (!(area > 0) || !(perimeter_m > 0) || !(hull_area > 0))
        return s;
    s.polsby_popper = 4 * pi * area / (perimeter_m * perimeter_m);
    s.schwartzberg = sqrt(s.polsby_popper);
    s.convex_hull = area / hull_area;
    s.inertia = inertia > 0 ? area * area / (2 * pi * inertia) : 0;
    double r = hcb__smallest_circle(hull, n_hull).radius;
    s.reock = area / (pi * r * r);
    return s;
}

hcb_status hcb__shape_of_polygon(hcb__shape *out, const hcb_allocator *mem, const hcb__polygon *polygon) {
    *out = (hcb__shape){0};
    size_t n = (size_t)polygon->n_points;
    if (n == 0)
        return HCB_OK;
    hcb__point *points = hcb__calloc(mem, 2 * n + 1, sizeof *points), *hull = points ? points + n : NULL;
    if (!points)
        return HCB_ENOMEM;
    for (size_t i = 0; i < n; i++)
        points[i] = polygon->points[i];
    size_t corners = hcb__convex_hull(points, n, hull);
    hcb__mass mass = hcb__mass_of(polygon, polygon->points[0]);
    *out = hcb__shape_of(&mass, hcb__polygon_perimeter(polygon), hull, corners);
    hcb__free(mem, points);
    return HCB_OK;
}

/* A cell of a table of two groupings. */
typedef struct cell {
    int32_t a, b;
    int64_t weight;
} cell;

static int by_cell(const void *va, const void *vb) {
    const cell *a = va, *b = vb;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

/* The cells that have units, by (a, b); NULL when memory is out. */
static cell *tabulate(const hcb_allocator *mem, const int32_t *a, const int32_t *b, const int64_t *weight, size_t n,
                      size_t *count) {
    cell *cells = hcb__calloc(mem, n + 1, sizeof *cells);
    *count = 0;
    if (!cells)
        return NULL;
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        if (a[i] >= 0 && b[i] >= 0)
            cells[used++] = (cell){a[i], b[i], weight ? weight[i] : 1};
    qsort(cells, used, sizeof *cells, by_cell);
    for (size_t i = 0; i < used; i++) {
        if (*count && by_cell(&cells[*count - 1], &cells[i]) == 0)
            cells[*count - 1].weight += cells[i].weight;
        else
            cells[(*count)++] = cells[i];
    }
    return cells;
}

hcb_status hcb__splits_of(hcb__splits *out, const hcb_allocator *mem, const int32_t *place, const int32_t *zone,
                          size_t n) {
    *out = (hcb__splits){0};
    size_t count;
    cell *cells = tabulate(mem, place, zone, NULL, n, &count);
    if (!cells)
        return HCB_ENOMEM;
    for (size_t i = 0, j; i < count; i = j) {
        for (j = i; j < count && cells[j].a == cells[i].a;)
            j++;
        out->places++;
        out->split += j - i > 1;
        out->multi += j - i > 2;
        out->pieces += (int32_t)(j - i - 1);
    }
    hcb__free(mem, cells);
    return HCB_OK;
}

/* Sum of w ln w over the groups of one side. */
static double entropy_sum(const cell *cells, size_t count, bool by_a, int64_t *sums, size_t n_groups) {
    double sum = 0;
    for (size_t g = 0; g < n_groups; g++)
        sums[g] = 0;
    for (size_t i = 0; i < count; i++)
        sums[by_a ? cells[i].a : cells[i].b] += cells[i].weight;
    for (size_t g = 0; g < n_groups; g++)
        if (sums[g] > 0)
            sum += (double)sums[g] * log((double)sums[g]);
    return sum;
}

hcb_status hcb__variation_of_information(double *out, const hcb_allocator *mem, const int32_t *a, const int32_t *b,
                                         const int64_t *weight, size_t n) {
    *out = 0;
    size_t count, n_groups = 1;
    cell *cells = tabulate(mem, a, b, weight, n, &count);
    if (!cells)
        return HCB_ENOMEM;
    int64_t total = 0;
    double joint = 0;
    for (size_t i = 0; i < count; i++) {
        total += cells[i].weight;
        if (cells[i].weight > 0)
            joint += (double)cells[i].weight * log((double)cells[i].weight);
        n_groups = (size_t)cells[i].a >= n_groups ? (size_t)cells[i].a + 1 : n_groups;
        n_groups = (size_t)cells[i].b >= n_groups ? (size_t)cells[i].b + 1 : n_groups;
    }
    int64_t *sums = hcb__calloc(mem, n_groups, sizeof *sums);
    if (sums && total > 0) {
        /* H(a|b) + H(b|a) = 2 H(a,b) - H(a) - H(b), with H = ln W - (sum of w ln w) / W; ln W cancels. */
        double of_a = entropy_sum(cells, count, true, sums, n_groups);
        double of_b = entropy_sum(cells, count, false, sums, n_groups);
        *out = fmax(0, (of_a + of_b - 2 * joint) / (double)total);
    }
    hcb_status status = sums ? HCB_OK : HCB_ENOMEM;
    hcb__free(mem, sums);
    hcb__free(mem, cells);
    return status;
}
