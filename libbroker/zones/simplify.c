/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/simplify.h"

#include <math.h>

typedef struct entry {
    double area; /* that goes with the corner */
    int32_t vertex, stamp;
} entry;

typedef struct work {
    hcb_allocator mem;
    hcb__arena arena;
    const hcb__topology *t;
    bool *keep;
    int32_t *start, *next; /* neighbours of each vertex along borders, as they are now */
    int32_t *stamp;        /* of each vertex: entries with another one are of the past */
    HCB__VEC(entry) heap;
    /* All vertices by cells of a grid. */
    double x, y, size;
    int32_t wide, high;
    int32_t *cell_start, *cell;
} work;

static int32_t degree(const work *w, int32_t v) {
    return w->start[v + 1] - w->start[v];
}

static hcb_status link_vertices(work *w) {
    const hcb__topology *t = w->t;
    w->start = hcb__arena_alloc(&w->arena, (size_t)t->n_vertices + 2, sizeof *w->start);
    w->next = hcb__arena_alloc(&w->arena, 2 * (size_t)t->n_edges, sizeof *w->next);
    w->stamp = hcb__arena_alloc(&w->arena, (size_t)t->n_vertices, sizeof *w->stamp);
    if (!w->start || !w->next || !w->stamp)
        return HCB_ENOMEM;
    for (int32_t e = 0; e < t->n_edges; e++) {
        w->start[t->edge[e].a + 2]++;
        w->start[t->edge[e].b + 2]++;
    }
    for (int32_t v = 0; v < t->n_vertices; v++)
        w->start[v + 2] += w->start[v + 1];
    for (int32_t e = 0; e < t->n_edges; e++) {
        w->next[w->start[t->edge[e].a + 1]++] = t->edge[e].b;
        w->next[w->start[t->edge[e].b + 1]++] = t->edge[e].a;
    }
    return HCB_OK;
}

/* Cells that hold about two vertices each. */
static hcb_status make_grid(work *w) {
    const hcb__topology *t = w->t;
    double max_x = -INFINITY, max_y = -INFINITY;
    w->x = w->y = INFINITY;
    for (int32_t v = 0; v < t->n_vertices; v++) {
        w->x = fmin(w->x, t->vertex[v].x);
        w->y = fmin(w->y, t->vertex[v].y);
        max_x = fmax(max_x, t->vertex[v].x);
        max_y = fmax(max_y, t->vertex[v].y);
    }
    double width = fmax(max_x - w->x, 1e-9), height = fmax(max_y - w->y, 1e-9);
    w->size = fmax(sqrt(2 * width * height / (t->n_vertices + 1)), fmax(width, height) / 20000);
    w->wide = (int32_t)(width / w->size) + 1;
    w->high = (int32_t)(height / w->size) + 1;
    size_t cells = (size_t)w->wide * (size_t)w->high;
    w->cell_start = hcb__arena_alloc(&w->arena, cells + 2, sizeof *w->cell_start);
    w->cell = hcb__arena_alloc(&w->arena, (size_t)t->n_vertices, sizeof *w->cell);
    return w->cell_start && w->cell ? HCB_OK : HCB_ENOMEM;
}

static int32_t column(const work *w, double x) {
    double c = (x - w->x) / w->size;
    return c <= 0 ? 0 : c >= w->wide - 1 ? w->wide - 1 : (int32_t)c;
}

static int32_t row(const work *w, double y) {
    double r = (y - w->y) / w->size;
    return r <= 0 ? 0 : r >= w->high - 1 ? w->high - 1 : (int32_t)r;
}

static size_t cell_of(const work *w, hcb__point p) {
    return (size_t)row(w, p.y) * (size_t)w->wide + (size_t)column(w, p.x);
}

static void fill_grid(work *w) {
    const hcb__topology *t = w->t;
    size_t cells = (size_t)w->wide * (size_t)w->high;
    for (int32_t v = 0; v < t->n_vertices; v++)
        w->cell_start[cell_of(w, t->vertex[v]) + 2]++;
    for (size_t c = 0; c < cells; c++)
        w->cell_start[c + 2] += w->cell_start[c + 1];
    for (int32_t v = 0; v < t->n_vertices; v++)
        w->cell[w->cell_start[cell_of(w, t->vertex[v]) + 1]++] = v;
}

static double twice_area(hcb__point a, hcb__point b, hcb__point c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* Within the triangle or on its border, to a square millimetre: the drawing in degrees differs by less. */
static bool inside(hcb__point p, const hcb__point corner[3]) {
    const double near = 1e-6;
    bool left = true, right = true;
    for (int i = 0; i < 3; i++) {
        double side = twice_area(corner[i], corner[(i + 1) % 3], p);
        left = left && side >= -near;
        right = right && side <= near;
    }
    return left || right;
}

static bool is_empty(const work *w, int32_t v, int32_t a, int32_t b) {
    const hcb__point *at = w->t->vertex, corner[3] = {at[a], at[v], at[b]};
    double min_x = fmin(fmin(corner[0].x, corner[1].x), corner[2].x),
           max_x = fmax(fmax(corner[0].x, corner[1].x), corner[2].x);
    double min_y = fmin(fmin(corner[0].y, corner[1].y), corner[2].y),
           max_y = fmax(fmax(corner[0].y, corner[1].y), corner[2].y);
    for (int32_t r = row(w, min_y); r <= row(w, max_y); r++)
        for (int32_t c = column(w, min_x); c <= column(w, max_x); c++) {
            size_t cell = (size_t)r * (size_t)w->wide + (size_t)c;
            for (int32_t i = w->cell_start[cell]; i < w->cell_start[cell + 1]; i++) {
                int32_t other = w->cell[i];
                if (w->keep[other] && other != v && other != a && other != b && at[other].x >= min_x &&
                    at[other].x <= max_x && at[other].y >= min_y && at[other].y <= max_y && inside(at[other], corner))
                    return false;
            }
        }
    return true;
}

static bool comes_before(const entry *a, const entry *b) {
    return a->area < b->area || (a->area == b->area && a->vertex < b->vertex);
}

static bool push(work *w, int32_t v, double least) {
    if (degree(w, v) != 2)
        return true;
    const hcb__point *at = w->t->vertex;
    double area = fabs(twice_area(at[w->next[w->start[v]]], at[v], at[w->next[w->start[v] + 1]])) / 2;
    entry e = {fmax(area, least), v, ++w->stamp[v]};
    if (!HCB__PUSH(&w->mem, &w->heap, e))
        return false;
    size_t i = w->heap.count - 1;
    for (; i > 0 && comes_before(&e, &w->heap.at[(i - 1) / 2]); i = (i - 1) / 2)
        w->heap.at[i] = w->heap.at[(i - 1) / 2];
    w->heap.at[i] = e;
    return true;
}

static entry pop(work *w) {
    entry top = w->heap.at[0], last = w->heap.at[--w->heap.count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= w->heap.count)
            break;
        if (child + 1 < w->heap.count && comes_before(&w->heap.at[child + 1], &w->heap.at[child]))
            child++;
        if (!comes_before(&w->heap.at[child], &last))
            break;
        w->heap.at[i] = w->heap.at[child];
        i = child;
    }
    if (w->heap.count)
        w->heap.at[i] = last;
    return top;
}

static bool are_joined(const work *w, int32_t a, int32_t b) {
    for (int32_t i = w->start[a]; i < w->start[a + 1]; i++)
        if (w->next[i] == b)
            return true;
    return false;
}

static void join(const work *w, int32_t at, int32_t was, int32_t now) {
    for (int32_t i = w->start[at]; i < w->start[at + 1]; i++)
        if (w->next[i] == was) {
            w->next[i] = now;
            return;
        }
}

static hcb_status drop(work *w, double limit) {
    for (int32_t v = 0; v < w->t->n_vertices; v++)
        if (!push(w, v, 0))
            return HCB_ENOMEM;
    while (w->heap.count) {
        entry e = pop(w);
        if (e.area > limit)
            break;
        if (e.stamp != w->stamp[e.vertex])
            continue;
        int32_t a = w->next[w->start[e.vertex]], b = w->next[w->start[e.vertex] + 1];
        if (a == b || are_joined(w, a, b) || !is_empty(w, e.vertex, a, b))
            continue;
        w->keep[e.vertex] = false;
        join(w, a, e.vertex, b);
        join(w, b, e.vertex, a);
        if (!push(w, a, e.area) || !push(w, b, e.area))
            return HCB_ENOMEM;
    }
    return HCB_OK;
}

hcb_status hcb__simplify(bool *keep, const hcb_allocator *mem, const hcb__topology *topology, double tolerance_m) {
    work w = {.mem = *mem, .t = topology, .keep = keep};
    hcb__arena_init(&w.arena, mem);
    for (int32_t v = 0; v < topology->n_vertices; v++)
        keep[v] = true;
    hcb_status status = link_vertices(&w);
    if (status == HCB_OK)
        status = make_grid(&w);
    if (status == HCB_OK) {
        fill_grid(&w);
        status = drop(&w, tolerance_m * tolerance_m);
    }
    HCB__VEC_FREE(mem, &w.heap);
    hcb__arena_release(&w.arena);
    return status;
}
