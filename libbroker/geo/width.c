/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/width.h"

#include <math.h>

enum { SAMPLES = 24, TURNS = 12, REFINEMENTS = 60 };

typedef struct border {
    const hcb__polygon *polygon;
    int32_t first_ring, end_ring;
} border;

static double dot(hcb__point a, hcb__point b) {
    return a.x * b.x + a.y * b.y;
}

static hcb__point minus(hcb__point a, hcb__point b) {
    return (hcb__point){a.x - b.x, a.y - b.y};
}

/* All circles that touch the border at p from the side of n grow into each other: the radius at which they reach q. */
static double reach_point(hcb__point p, hcb__point n, hcb__point q) {
    hcb__point to = minus(q, p);
    double ahead = dot(n, to);
    return ahead > 0 ? dot(to, to) / (2 * ahead) : HUGE_VAL;
}

static double reach_segment(hcb__point p, hcb__point n, hcb__point a, hcb__point b) {
    double r = fmin(reach_point(p, n, a), reach_point(p, n, b));
    hcb__point along = minus(b, a);
    double length = sqrt(dot(along, along));
    if (!(length > 0))
        return r;
    along = (hcb__point){along.x / length, along.y / length};
    hcb__point normal = {-along.y, along.x};
    double d = dot(normal, minus(p, a));
    if (d < 0) {
        normal = (hcb__point){-normal.x, -normal.y};
        d = -d;
    }
    double turn = 1 - dot(normal, n);
    if (!(d > 0) || !(turn > 1e-15))
        return r;
    double touching = d / turn;
    hcb__point centre = {p.x + touching * n.x, p.y + touching * n.y};
    double foot = dot(along, minus(centre, a));
    return foot >= 0 && foot <= length ? fmin(r, touching) : r;
}

/* The largest circle inside that touches the border at p, a point of segment `own` (the two at a corner: own and
 * next). */
static double largest_at(const border *in, hcb__point p, hcb__point n, int32_t own, int32_t next, double enough) {
    double r = HUGE_VAL;
    for (int32_t ring = in->first_ring; ring < in->end_ring; ring++)
        for (int32_t i = in->polygon->ring_start[ring]; i + 1 < in->polygon->ring_start[ring + 1]; i++) {
            if (i == own || i == next)
                continue;
            r = fmin(r, reach_segment(p, n, in->polygon->points[i], in->polygon->points[i + 1]));
            if (r <= enough)
                return r;
        }
    return r;
}

typedef struct best {
    double r;
    hcb__point centre;
} best;

static double to_segment(hcb__point p, hcb__point a, hcb__point b) {
    hcb__point along = minus(b, a), to = minus(p, a);
    double length2 = dot(along, along), t = length2 > 0 ? dot(along, to) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hcb__distance(p, (hcb__point){a.x + t * along.x, a.y + t * along.y});
}

/* The distance from a point inside to the border; 0 outside. A spike of no width can have its two sides swapped by
 * rounding, and then a circle that seems to touch it lies outside. */
static double room_at(const border *in, hcb__point p) {
    double least = HUGE_VAL;
    bool inside = false;
    for (int32_t ring = in->first_ring; ring < in->end_ring; ring++)
        for (int32_t i = in->polygon->ring_start[ring]; i + 1 < in->polygon->ring_start[ring + 1]; i++) {
            hcb__point a = in->polygon->points[i], b = in->polygon->points[i + 1];
            least = fmin(least, to_segment(p, a, b));
            if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y))
                inside = !inside;
        }
    return inside ? least : 0;
}

static void keep(const border *in, best *b, double r, hcb__point p, hcb__point n) {
    if (!(r > b->r && r < HUGE_VAL))
        return;
    hcb__point centre = {p.x + r * n.x, p.y + r * n.y};
    double room = fmin(r, room_at(in, centre));
    if (room > b->r)
        *b = (best){room, centre};
}

static hcb__point between(hcb__point a, hcb__point b, double t) {
    return (hcb__point){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
}

/* The inside is on the left of every ring. */
static bool left_normal(hcb__point a, hcb__point b, hcb__point *n) {
    double length = hcb__distance(a, b);
    *n = length > 0 ? (hcb__point){-(b.y - a.y) / length, (b.x - a.x) / length} : (hcb__point){0, 0};
    return length > 0;
}

static void try_segment(const border *in, int32_t i, best *b) {
    hcb__point from = in->polygon->points[i], to = in->polygon->points[i + 1], n;
    if (!left_normal(from, to, &n))
        return;
    double before = b->r, where = -1;
    for (int k = 0; k < SAMPLES; k++) {
        double t = (k + 0.5) / SAMPLES;
        hcb__point p = between(from, to, t);
        double so_far = b->r;
        keep(in, b, largest_at(in, p, n, i, i, b->r), p, n);
        where = b->r > so_far ? t : where;
    }
    if (b->r <= before)
        return;
    /* Better places near the best one: the radius rises and falls along the segment. */
    double low = fmax(0, where - 1.0 / SAMPLES), high = fmin(1, where + 1.0 / SAMPLES);
    for (int k = 0; k < REFINEMENTS; k++) {
        double t1 = low + (high - low) / 3, t2 = high - (high - low) / 3;
        hcb__point p1 = between(from, to, t1), p2 = between(from, to, t2);
        double r1 = largest_at(in, p1, n, i, i, 0), r2 = largest_at(in, p2, n, i, i, 0);
        keep(in, b, r1, p1, n);
        keep(in, b, r2, p2, n);
        if (r1 < r2)
            low = t1;
        else
            high = t2;
    }
}

typedef struct corner {
    hcb__point p, from, to; /* normals of the edges before and after */
    int32_t before, after;
} corner;

static double at_corner(const border *in, const corner *c, double t, double enough, best *b) {
    hcb__point n = between(c->from, c->to, t);
    double length = sqrt(dot(n, n));
    if (!(length > 1e-9))
        return 0;
    n = (hcb__point){n.x / length, n.y / length};
    double r = largest_at(in, c->p, n, c->before, c->after, enough);
    keep(in, b, r, c->p, n);
    return r;
}

/* A corner that points inwards may be what the circle touches: all normals between those of its edges. */
static void try_corner(const border *in, int32_t before, int32_t after, best *b) {
    hcb__point a = in->polygon->points[before], e = in->polygon->points[after + 1];
    corner c = {.p = in->polygon->points[after], .before = before, .after = after};
    double cross = (c.p.x - a.x) * (e.y - c.p.y) - (c.p.y - a.y) * (e.x - c.p.x);
    if (cross >= 0 || !left_normal(a, c.p, &c.from) || !left_normal(c.p, e, &c.to))
        return;
    double old = b->r, where = 0;
    for (int k = 0; k <= TURNS; k++) {
        double so_far = b->r;
        (void)at_corner(in, &c, (double)k / TURNS, b->r, b);
        where = b->r > so_far ? (double)k / TURNS : where;
    }
    if (b->r <= old)
        return;
    double low = fmax(0, where - 1.0 / TURNS), high = fmin(1, where + 1.0 / TURNS);
    for (int k = 0; k < REFINEMENTS; k++) {
        double t1 = low + (high - low) / 3, t2 = high - (high - low) / 3;
        if (at_corner(in, &c, t1, 0, b) < at_corner(in, &c, t2, 0, b))
            low = t1;
        else
            high = t2;
    }
}

double hcb__polygon_width(const hcb__polygon *polygon, int32_t part, hcb__point *centre) {
    border in = {polygon, polygon->part_start[part], polygon->part_start[part + 1]};
    best b = {0, polygon->points[polygon->ring_start[in.first_ring]]};
    for (int32_t ring = in.first_ring; ring < in.end_ring; ring++) {
        int32_t first = polygon->ring_start[ring], last = polygon->ring_start[ring + 1] - 1;
        for (int32_t i = first; i < last; i++) {
            try_segment(&in, i, &b);
            try_corner(&in, i == first ? last - 1 : i - 1, i, &b);
        }
    }
    *centre = b.centre;
    return 2 * b.r;
}

/* Every point inside is no farther than r from the border, so the area is no more than r times its length. */
bool hcb__polygon_maybe_narrow(const hcb__polygon *polygon, int32_t part, double limit_m) {
    double area = 0, length = 0;
    for (int32_t ring = polygon->part_start[part]; ring < polygon->part_start[part + 1]; ring++) {
        int32_t first = polygon->ring_start[ring], n = polygon->ring_start[ring + 1] - first;
        area += hcb__ring_area(polygon->points + first, (size_t)n);
        for (int32_t i = first; i + 1 < first + n; i++)
            length += hcb__distance(polygon->points[i], polygon->points[i + 1]);
    }
    return !(length > 0) || 2 * area / length <= limit_m;
}
