/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/coverage_check_corners.h"

#include <math.h>
#include <string.h>

/* Edges by the cells of a square grid that their boxes touch. */
typedef struct grid {
    double x, y, step;
    int32_t columns, rows;
    int32_t *start; /* [columns * rows + 1] */
    int32_t *edge;
} grid;

typedef struct work {
    const hcb_allocator *mem;
    const hcb__topology *t;
    double near_m;
    grid g;
    hcb__corner_list *out;
    double *least; /* by unit: distance of the corner being looked at; HUGE_VAL: not near */
    int32_t *near_units;
    int32_t n_near;
} work;

static int32_t column_of(const grid *g, double x) {
    double c = floor((x - g->x) / g->step);
    return c < 0 ? 0 : c >= g->columns ? g->columns - 1 : (int32_t)c;
}

static int32_t row_of(const grid *g, double y) {
    double r = floor((y - g->y) / g->step);
    return r < 0 ? 0 : r >= g->rows ? g->rows - 1 : (int32_t)r;
}

/* Counts (edge NULL) or fills the cells of edge e. */
static void visit_cells(const work *w, int32_t e, int32_t *at, int32_t *edge) {
    hcb__point a = w->t->vertex[w->t->edge[e].a], b = w->t->vertex[w->t->edge[e].b];
    int32_t c0 = column_of(&w->g, fmin(a.x, b.x) - w->near_m), c1 = column_of(&w->g, fmax(a.x, b.x) + w->near_m);
    int32_t r0 = row_of(&w->g, fmin(a.y, b.y) - w->near_m), r1 = row_of(&w->g, fmax(a.y, b.y) + w->near_m);
    for (int32_t r = r0; r <= r1; r++)
        for (int32_t c = c0; c <= c1; c++) {
            size_t cell = (size_t)r * (size_t)w->g.columns + (size_t)c;
            if (edge)
                edge[at[cell]] = e;
            at[cell]++;
        }
}

static bool build_grid(work *w) {
    grid *g = &w->g;
    double max_x = -HUGE_VAL, max_y = -HUGE_VAL;
    g->x = g->y = HUGE_VAL;
    for (int32_t v = 0; v < w->t->n_vertices; v++) {
        g->x = fmin(g->x, w->t->vertex[v].x);
        g->y = fmin(g->y, w->t->vertex[v].y);
        max_x = fmax(max_x, w->t->vertex[v].x);
        max_y = fmax(max_y, w->t->vertex[v].y);
    }
    double side = fmax(max_x - g->x, max_y - g->y);
    double across = fmin(2000, fmax(1, sqrt((double)w->t->n_edges)));
    g->step = fmax(fmax(side / across, w->near_m), 1e-3);
    g->columns = (int32_t)((max_x - g->x) / g->step) + 1;
    g->rows = (int32_t)((max_y - g->y) / g->step) + 1;
    size_t cells = (size_t)g->columns * (size_t)g->rows;
    g->start = hcb__calloc(w->mem, cells + 2, sizeof *g->start);
    if (!g->start)
        return false;
    for (int32_t e = 0; e < w->t->n_edges; e++)
        visit_cells(w, e, g->start + 1, NULL);
    int64_t sum = 0;
    for (size_t c = 0; c <= cells; c++) {
        int32_t here = g->start[c + 1];
        g->start[c + 1] = (int32_t)sum;
        sum += here;
        if (sum > INT32_MAX)
            return false;
    }
    g->edge = hcb__calloc(w->mem, (size_t)sum + 1, sizeof *g->edge);
    if (!g->edge)
        return false;
    for (int32_t e = 0; e < w->t->n_edges; e++)
        visit_cells(w, e, g->start + 1, g->edge);
    return true;
}

static bool stands_at(const hcb__topology *t, int32_t vertex, int32_t unit) {
    for (int32_t i = t->vertex_unit_start[vertex]; i < t->vertex_unit_start[vertex + 1]; i++)
        if (t->vertex_unit[i] == unit)
            return true;
    return false;
}

static double to_edge(hcb__point p, hcb__point a, hcb__point b) {
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hcb__distance(p, (hcb__point){a.x + t * dx, a.y + t * dy});
}

static void look_at_edge(work *w, int32_t v, int32_t e) {
    const hcb__topology *t = w->t;
    if (t->edge[e].a == v || t->edge[e].b == v)
        return;
    double d = to_edge(t->vertex[v], t->vertex[t->edge[e].a], t->vertex[t->edge[e].b]);
    if (!(d <= w->near_m))
        return;
    for (int32_t i = t->edge[e].first; i < t->edge[e + 1].first; i++) {
        int32_t unit = t->use[i].unit;
        if (stands_at(t, v, unit))
            continue;
        if (w->least[unit] == HUGE_VAL)
            w->near_units[w->n_near++] = unit;
        w->least[unit] = fmin(w->least[unit], d);
    }
}

static bool look_at_vertex(work *w, int32_t v) {
    hcb__point p = w->t->vertex[v];
    size_t cell = (size_t)row_of(&w->g, p.y) * (size_t)w->g.columns + (size_t)column_of(&w->g, p.x);
    w->n_near = 0;
    for (int32_t i = w->g.start[cell]; i < w->g.start[cell + 1]; i++)
        look_at_edge(w, v, w->g.edge[i]);
    bool good = true;
    for (int32_t k = 0; k < w->n_near; k++) {
        int32_t on = w->near_units[k];
        hcb__corner c = {w->t->vertex_unit[w->t->vertex_unit_start[v]], on, p, w->least[on]};
        good = good && HCB__PUSH(w->mem, w->out, c);
        w->least[on] = HUGE_VAL;
    }
    return good;
}

hcb_status hcb__corners_unmatched(hcb__corner_list *out, const hcb_allocator *mem, const hcb__topology_unit *units,
                                  size_t n, double near_m) {
    hcb__topology *t;
    hcb_status status = hcb__topology_create(&t, mem, units, n);
    if (status != HCB_OK)
        return status;
    work w = {.mem = mem, .t = t, .near_m = near_m, .out = out};
    w.least = hcb__calloc(mem, n + 1, sizeof *w.least);
    w.near_units = hcb__calloc(mem, n + 1, sizeof *w.near_units);
    bool good = w.least && w.near_units;
    for (size_t u = 0; good && u < n; u++)
        w.least[u] = HUGE_VAL;
    good = good && (t->n_edges == 0 || build_grid(&w));
    for (int32_t v = 0; good && t->n_edges && v < t->n_vertices; v++)
        good = look_at_vertex(&w, v);
    hcb__free(mem, w.g.start);
    hcb__free(mem, w.g.edge);
    hcb__free(mem, w.least);
    hcb__free(mem, w.near_units);
    hcb__topology_free(t);
    return good ? HCB_OK : HCB_ENOMEM;
}
