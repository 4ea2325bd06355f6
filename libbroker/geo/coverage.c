/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/coverage.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

typedef struct edge {
    hcb__grid_point a, b;
    bool used;
} edge;

typedef HCB__VEC(hcb__grid_point) point_list;
typedef HCB__VEC(int32_t) int_list;

typedef struct ring {
    int32_t start, count; /* in `points` */
    wide area2;
    int32_t outer; /* of a hole: its outer ring */
} ring;
typedef HCB__VEC(ring) ring_list;

typedef struct work {
    const hcb_allocator *mem;
    edge *edges; /* by start point; those of vertex v are first[v] ... first[v + 1] - 1 */
    size_t n_edges;
    int_list first;
    int32_t *vertex;  /* of the end of each edge */
    int32_t *on_path; /* place of a vertex on the path, -1: not on it */
    int_list path;    /* edges */
    point_list points;
    ring_list rings;
} work;

static int compare_points(hcb__grid_point a, hcb__grid_point b) {
    if (a.x != b.x)
        return a.x < b.x ? -1 : 1;
    return (a.y > b.y) - (a.y < b.y);
}

static wide cross(hcb__grid_point o, hcb__grid_point a, hcb__grid_point b) {
    return (wide)(a.x - o.x) * (b.y - o.y) - (wide)(a.y - o.y) * (b.x - o.x);
}

static wide ring_area2(const hcb__grid_point *points, size_t n) {
    wide sum = 0;
    for (size_t i = 1; i + 1 < n; i++)
        sum += cross(points[0], points[i], points[i + 1]);
    return sum;
}

static int by_line(const void *va, const void *vb) {
    const edge *a = va, *b = vb;
    bool fa = compare_points(a->a, a->b) < 0, fb = compare_points(b->a, b->b) < 0;
    int order = compare_points(fa ? a->a : a->b, fb ? b->a : b->b);
    if (!order)
        order = compare_points(fa ? a->b : a->a, fb ? b->b : b->a);
    return order ? order : fa - fb;
}

static int by_start(const void *va, const void *vb) {
    const edge *a = va, *b = vb;
    int order = compare_points(a->a, b->a);
    return order ? order : compare_points(a->b, b->b);
}

static bool gather(work *w, const hcb__grid_polygon *const *polygons, size_t n) {
    size_t count = 0;
    for (size_t k = 0; k < n; k++)
        count += (size_t)polygons[k]->n_points;
    w->edges = hcb__calloc(w->mem, count + 1, sizeof *w->edges);
    if (!w->edges)
        return false;
    for (size_t k = 0; k < n; k++) {
        const hcb__grid_polygon *p = polygons[k];
        for (int32_t r = 0; r < p->n_rings; r++)
            for (int32_t i = p->ring_start[r]; i + 1 < p->ring_start[r + 1]; i++) {
                edge e = {p->points[i], p->points[i + 1], false};
                if (compare_points(e.a, e.b) != 0)
                    w->edges[w->n_edges++] = e;
            }
    }
    return true;
}

/* Takes away edges that are there in both directions. False: one is left twice. */
static bool cancel(work *w, hcb__grid_point *bad) {
    qsort(w->edges, w->n_edges, sizeof *w->edges, by_line);
    size_t kept = 0;
    for (size_t i = 0; i < w->n_edges;) {
        size_t j = i;
        int balance = 0;
        edge forward = w->edges[i];
        if (compare_points(forward.a, forward.b) > 0) {
            forward.a = w->edges[i].b;
            forward.b = w->edges[i].a;
        }
        for (; j < w->n_edges; j++) {
            bool same = compare_points(w->edges[j].a, forward.a) == 0 && compare_points(w->edges[j].b, forward.b) == 0;
            bool back = compare_points(w->edges[j].a, forward.b) == 0 && compare_points(w->edges[j].b, forward.a) == 0;
            if (!same && !back)
                break;
            balance += same ? 1 : -1;
        }
        if (balance > 1 || balance < -1) {
            *bad = forward.a;
            return false;
        }
        edge back = {forward.b, forward.a, false};
        if (balance)
            w->edges[kept++] = balance > 0 ? forward : back;
        i = j;
    }
    w->n_edges = kept;
    return true;
}

/* Numbers the points where edges start. False: memory is out, or an edge ends where none starts. */
static bool number_vertices(work *w, hcb__grid_point *bad, hcb_status *status) {
    *status = HCB_ENOMEM;
    qsort(w->edges, w->n_edges, sizeof *w->edges, by_start);
    for (size_t i = 0; i < w->n_edges; i++)
        if ((i == 0 || compare_points(w->edges[i - 1].a, w->edges[i].a) != 0) &&
            !HCB__PUSH(w->mem, &w->first, (int32_t)i))
            return false;
    if (!HCB__PUSH(w->mem, &w->first, (int32_t)w->n_edges))
        return false;
    size_t n_vertices = w->first.count - 1;
    w->vertex = hcb__calloc(w->mem, w->n_edges + 1, sizeof *w->vertex);
    w->on_path = hcb__calloc(w->mem, n_vertices + 1, sizeof *w->on_path);
    if (!w->vertex || !w->on_path)
        return false;
    memset(w->on_path, 0xff, (n_vertices + 1) * sizeof *w->on_path);
    for (size_t i = 0; i < w->n_edges; i++) {
        size_t low = 0, high = n_vertices;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (compare_points(w->edges[w->first.at[middle]].a, w->edges[i].b) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == n_vertices || compare_points(w->edges[w->first.at[low]].a, w->edges[i].b) != 0) {
            *bad = w->edges[i].b;
            *status = HCB_EGEOMETRY;
            return false;
        }
        w->vertex[i] = (int32_t)low;
    }
    return true;
}

/* Clockwise turn from the direction back (o to `back`) to o -> c: 0 less than half, 1 half, 2 more. */
static int turn_class(hcb__grid_point o, hcb__grid_point back, hcb__grid_point c) {
    wide x = cross(o, back, c);
    return x < 0 ? 0 : x == 0 ? 1 : 2;
}

/* Of the unused edges that leave `vertex`: the first one clockwise from where we came, which bounds the same piece of
 * the inside. -1: none. */
static int32_t next_edge(const work *w, int32_t vertex, const edge *from) {
    int32_t best = -1;
    for (int32_t i = w->first.at[vertex]; i < w->first.at[vertex + 1]; i++) {
        if (w->edges[i].used)
            continue;
        if (best < 0 || !from) {
            best = best < 0 ? i : best;
            continue;
        }
        hcb__grid_point o = from->b;
        int a = turn_class(o, from->a, w->edges[i].b), b = turn_class(o, from->a, w->edges[best].b);
        if (a < b || (a == b && cross(o, w->edges[best].b, w->edges[i].b) > 0))
            best = i;
    }
    return best;
}

/* The edges of the path from place `start` on are a ring: move them to the rings, smallest point first. */
static bool emit(work *w, size_t start) {
    size_t n = w->path.count - start, smallest = 0;
    for (size_t i = 1; i < n; i++)
        if (compare_points(w->edges[w->path.at[start + i]].a, w->edges[w->path.at[start + smallest]].a) < 0)
            smallest = i;
    ring r = {(int32_t)w->points.count, (int32_t)n + 1, 0, -1};
    if (!HCB__RESERVE(w->mem, &w->points, w->points.count + n + 1))
        return false;
    for (size_t i = 0; i <= n; i++)
        w->points.at[w->points.count++] = w->edges[w->path.at[start + (smallest + i) % n]].a;
    r.area2 = ring_area2(w->points.at + r.start, n + 1);
    for (size_t i = start; i < w->path.count; i++)
        w->on_path[w->vertex[w->path.at[i]]] = -1;
    w->path.count = start;
    return HCB__PUSH(w->mem, &w->rings, r);
}

static bool trace(work *w) {
    size_t n_vertices = w->first.count - 1;
    for (size_t v = 0; v < n_vertices; v++)
        for (int32_t e = next_edge(w, (int32_t)v, NULL); e >= 0; e = next_edge(w, (int32_t)v, NULL)) {
            int32_t at = (int32_t)v;
            while (e >= 0) {
                w->on_path[at] = (int32_t)w->path.count;
                w->edges[e].used = true;
                if (!HCB__PUSH(w->mem, &w->path, e))
                    return false;
                at = w->vertex[e];
                if (w->on_path[at] >= 0 && !emit(w, (size_t)w->on_path[at]))
                    return false;
                e = w->path.count ? next_edge(w, at, &w->edges[w->path.at[w->path.count - 1]]) : -1;
            }
        }
    return true;
}

/* Whether the ring holds the middle of the edge a-b, which is not on it. */
static bool ring_holds_middle(const hcb__grid_point *points, int32_t n, hcb__grid_point a, hcb__grid_point b) {
    hcb__grid_point p = {a.x + b.x, a.y + b.y};
    bool inside = false;
    for (int32_t i = 0; i + 1 < n; i++) {
        hcb__grid_point c = {2 * points[i].x, 2 * points[i].y}, d = {2 * points[i + 1].x, 2 * points[i + 1].y};
        if ((c.y > p.y) == (d.y > p.y))
            continue;
        if ((cross(c, d, p) > 0) == (d.y > c.y))
            inside = !inside;
    }
    return inside;
}

/* Gives every hole the smallest outer ring around it. */
static bool find_outers(work *w, hcb__grid_point *bad) {
    for (size_t h = 0; h < w->rings.count; h++) {
        ring *hole = &w->rings.at[h];
        if (hole->area2 > 0)
            continue;
        const hcb__grid_point *p = &w->points.at[hole->start];
        for (size_t o = 0; o < w->rings.count; o++) {
            const ring *outer = &w->rings.at[o];
            if (outer->area2 > 0 && (hole->outer < 0 || outer->area2 < w->rings.at[hole->outer].area2) &&
                ring_holds_middle(&w->points.at[outer->start], outer->count, p[0], p[1]))
                hole->outer = (int32_t)o;
        }
        if (hole->outer < 0) {
            *bad = p[0];
            return false;
        }
    }
    return true;
}

typedef struct sorted_ring {
    int32_t ring;
    hcb__grid_point outer_first, first;
    bool hole;
} sorted_ring;

static int by_part(const void *va, const void *vb) {
    const sorted_ring *a = va, *b = vb;
    int order = compare_points(a->outer_first, b->outer_first);
    if (!order)
        order = a->hole - b->hole;
    return order ? order : compare_points(a->first, b->first);
}

static hcb_status write_out(const work *w, hcb__grid_polygon *out, hcb__arena *arena) {
    size_t n = w->rings.count;
    sorted_ring *order = hcb__calloc(w->mem, n + 1, sizeof *order);
    int32_t *part_start = hcb__arena_alloc(arena, n + 1, sizeof *part_start);
    int32_t *ring_start = hcb__arena_alloc(arena, n + 1, sizeof *ring_start);
    hcb__grid_point *points = hcb__arena_alloc(arena, w->points.count, sizeof *points);
    if (!order || !part_start || !ring_start || !points) {
        hcb__free(w->mem, order);
        return HCB_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        const ring *r = &w->rings.at[i], *outer = r->outer >= 0 ? &w->rings.at[r->outer] : r;
        sorted_ring s = {(int32_t)i, w->points.at[outer->start], w->points.at[r->start], r->outer >= 0};
        order[i] = s;
    }
    qsort(order, n, sizeof *order, by_part);
    for (size_t i = 0; i < n; i++) {
        const ring *r = &w->rings.at[order[i].ring];
        if (!order[i].hole)
            part_start[out->n_parts++] = (int32_t)i;
        ring_start[i] = out->n_points;
        memcpy(points + out->n_points, w->points.at + r->start, (size_t)r->count * sizeof *points);
        out->n_points += r->count;
    }
    out->n_rings = (int32_t)n;
    part_start[out->n_parts] = out->n_rings;
    ring_start[n] = out->n_points;
    out->part_start = part_start;
    out->ring_start = ring_start;
    out->points = points;
    hcb__free(w->mem, order);
    return HCB_OK;
}

hcb_status hcb__coverage_union(hcb__grid_polygon *out, hcb__arena *arena, const hcb__grid_polygon *const *polygons,
                               size_t n, hcb__grid_point *bad) {
    memset(out, 0, sizeof *out);
    work w = {.mem = &arena->mem};
    hcb_status status = HCB_ENOMEM;
    if (gather(&w, polygons, n)) {
        if (!cancel(&w, bad))
            status = HCB_EGEOMETRY;
        else if (number_vertices(&w, bad, &status))
            status = !trace(&w) ? HCB_ENOMEM : !find_outers(&w, bad) ? HCB_EGEOMETRY : write_out(&w, out, arena);
    }
    hcb__free(w.mem, w.edges);
    hcb__free(w.mem, w.vertex);
    hcb__free(w.mem, w.on_path);
    HCB__VEC_FREE(w.mem, &w.first);
    HCB__VEC_FREE(w.mem, &w.path);
    HCB__VEC_FREE(w.mem, &w.points);
    HCB__VEC_FREE(w.mem, &w.rings);
    return status;
}
