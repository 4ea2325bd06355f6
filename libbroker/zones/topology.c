/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/topology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct raw_use {
    int32_t a, b, unit; /* a < b by key */
    bool forward;
} raw_use;

typedef struct stand {
    int32_t vertex, unit;
} stand;

typedef struct work {
    const hcb_allocator *mem;
    hcb__topology *t;
    const hcb__topology_unit *units;
    size_t n_units, n_points;
    hcb__grid_point *key; /* of each vertex */
    int32_t *slot;        /* hash table: vertex + 1; 0: free */
    size_t mask;
    int32_t *at; /* vertex of every point of every unit, one after another */
    raw_use *uses;
    size_t n_uses;
    stand *stands;
    size_t n_stands;
} work;

bool hcb__topology_key(double x, int decimals, int64_t *key) {
    double power = 1;
    for (int i = 0; i < decimals; i++)
        power *= 10;
    double low = floor(x * power);
    if (!(fabs(low) < 0x1p52))
        return false;
    /* fma rounds once, so the sign of the distance from the middle is right even where x * power was rounded. */
    double beyond = fma(x, power, -(low + 0.5));
    *key = (int64_t)low + (beyond > 0 || (beyond == 0 && fmod(low, 2) != 0));
    return true;
}

static uint64_t hash_of(hcb__grid_point p) {
    uint64_t h = (uint64_t)p.x * 0x9E3779B97F4A7C15u ^ ((uint64_t)p.y + 0x7F4A7C15u) * 0xC2B2AE3D27D4EB4Fu;
    h ^= h >> 29;
    h *= 0xBF58476D1CE4E5B9u;
    return h ^ h >> 32;
}

static int compare_keys(hcb__grid_point a, hcb__grid_point b) {
    if (a.x != b.x)
        return a.x < b.x ? -1 : 1;
    return (a.y > b.y) - (a.y < b.y);
}

static bool comes_first(hcb__point a, hcb__point b) {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}

static int32_t vertex_of(work *w, hcb__grid_point key, hcb__point where) {
    size_t s = (size_t)hash_of(key) & w->mask;
    for (; w->slot[s]; s = (s + 1) & w->mask) {
        int32_t v = w->slot[s] - 1;
        if (w->key[v].x == key.x && w->key[v].y == key.y) {
            if (comes_first(where, w->t->vertex[v]))
                w->t->vertex[v] = where;
            return v;
        }
    }
    int32_t v = w->t->n_vertices++;
    w->slot[s] = v + 1;
    w->key[v] = key;
    w->t->vertex[v] = where;
    return v;
}

static hcb_status make_room(work *w) {
    for (size_t u = 0; u < w->n_units; u++)
        w->n_points += (size_t)w->units[u].polygon.n_points;
    if (w->n_points >= INT32_MAX / 2 || w->n_units >= INT32_MAX)
        return HCB_ELIMIT;
    size_t cap = 16;
    while (cap < 2 * w->n_points)
        cap *= 2;
    w->mask = cap - 1;
    w->slot = hcb__calloc(w->mem, cap, sizeof *w->slot);
    w->key = hcb__calloc(w->mem, w->n_points + 1, sizeof *w->key);
    w->at = w->t->point = hcb__arena_alloc(&w->t->arena, w->n_points + 1, sizeof *w->at);
    w->uses = hcb__calloc(w->mem, w->n_points + 1, sizeof *w->uses);
    w->stands = hcb__calloc(w->mem, w->n_points + 1, sizeof *w->stands);
    w->t->vertex = hcb__arena_alloc(&w->t->arena, w->n_points + 1, sizeof *w->t->vertex);
    w->t->area_mm2 = hcb__arena_alloc(&w->t->arena, w->n_units, sizeof *w->t->area_mm2);
    w->t->perimeter_um = hcb__arena_alloc(&w->t->arena, w->n_units, sizeof *w->t->perimeter_um);
    return w->slot && w->key && w->at && w->uses && w->stands && w->t->vertex && w->t->area_mm2 && w->t->perimeter_um
               ? HCB_OK
               : HCB_ENOMEM;
}

static void number_vertices(work *w) {
    size_t at = 0;
    for (size_t u = 0; u < w->n_units; u++)
        for (int32_t i = 0; i < w->units[u].polygon.n_points; i++)
            w->at[at++] = vertex_of(w, w->units[u].keys[i], w->units[u].polygon.points[i]);
}

static void collect_uses(work *w) {
    size_t base = 0;
    for (size_t u = 0; u < w->n_units; u++) {
        const hcb__polygon *p = &w->units[u].polygon;
        for (int32_t r = 0; r < p->n_rings; r++)
            for (int32_t i = p->ring_start[r]; i + 1 < p->ring_start[r + 1]; i++) {
                int32_t a = w->at[base + (size_t)i], b = w->at[base + (size_t)i + 1];
                w->stands[w->n_stands++] = (stand){a, (int32_t)u};
                if (a == b)
                    continue;
                bool forward = compare_keys(w->key[a], w->key[b]) < 0;
                w->uses[w->n_uses++] = (raw_use){forward ? a : b, forward ? b : a, (int32_t)u, forward};
            }
        base += (size_t)p->n_points;
    }
}

static int by_edge(const void *va, const void *vb) {
    const raw_use *a = va, *b = vb;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    if (a->b != b->b)
        return a->b < b->b ? -1 : 1;
    if (a->unit != b->unit)
        return a->unit < b->unit ? -1 : 1;
    return (int)b->forward - (int)a->forward;
}

static int by_vertex(const void *va, const void *vb) {
    const stand *a = va, *b = vb;
    if (a->vertex != b->vertex)
        return a->vertex < b->vertex ? -1 : 1;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

static int64_t length_um(hcb__point a, hcb__point b) {
    return (int64_t)llround(1e6 * hcb__distance(a, b));
}

static hcb_status link_edges(work *w) {
    hcb__topology *t = w->t;
    qsort(w->uses, w->n_uses, sizeof *w->uses, by_edge);
    t->edge = hcb__arena_alloc(&t->arena, w->n_uses + 1, sizeof *t->edge);
    t->use = hcb__arena_alloc(&t->arena, w->n_uses + 1, sizeof *t->use);
    if (!t->edge || !t->use)
        return HCB_ENOMEM;
    int32_t n_uses = 0;
    for (size_t i = 0; i < w->n_uses; i++) {
        const raw_use *u = &w->uses[i], *before = i ? &w->uses[i - 1] : NULL;
        bool same_edge = before && before->a == u->a && before->b == u->b;
        if (!same_edge)
            t->edge[t->n_edges++] =
                (hcb__topology_edge){u->a, u->b, length_um(t->vertex[u->a], t->vertex[u->b]), n_uses};
        if (same_edge && before->unit == u->unit && before->forward == u->forward)
            continue;
        t->use[n_uses++] = (hcb__topology_use){u->unit, u->forward};
        t->perimeter_um[u->unit] += t->edge[t->n_edges - 1].um;
    }
    t->edge[t->n_edges].first = n_uses;
    return HCB_OK;
}

static hcb_status link_vertices(work *w) {
    hcb__topology *t = w->t;
    qsort(w->stands, w->n_stands, sizeof *w->stands, by_vertex);
    t->vertex_unit_start = hcb__arena_alloc(&t->arena, (size_t)t->n_vertices + 1, sizeof *t->vertex_unit_start);
    t->vertex_unit = hcb__arena_alloc(&t->arena, w->n_stands, sizeof *t->vertex_unit);
    if (!t->vertex_unit_start || !t->vertex_unit)
        return HCB_ENOMEM;
    int32_t n = 0, vertex = 0;
    for (size_t i = 0; i < w->n_stands; i++) {
        const stand *s = &w->stands[i];
        for (; vertex <= s->vertex; vertex++)
            t->vertex_unit_start[vertex] = n;
        if (i == 0 || w->stands[i - 1].vertex != s->vertex || w->stands[i - 1].unit != s->unit)
            t->vertex_unit[n++] = s->unit;
    }
    for (; vertex <= t->n_vertices; vertex++)
        t->vertex_unit_start[vertex] = n;
    return HCB_OK;
}

/* Areas are of the vertices, not of the points as given: what two units share is drawn alike for both. */
static void measure_areas(work *w) {
    size_t base = 0;
    for (size_t u = 0; u < w->n_units; u++) {
        const hcb__polygon *p = &w->units[u].polygon;
        double sum = 0;
        for (int32_t r = 0; r < p->n_rings; r++) {
            hcb__point o = w->t->vertex[w->at[base + (size_t)p->ring_start[r]]];
            for (int32_t i = p->ring_start[r]; i + 1 < p->ring_start[r + 1]; i++) {
                hcb__point a = w->t->vertex[w->at[base + (size_t)i]], b = w->t->vertex[w->at[base + (size_t)i + 1]];
                sum += (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
            }
        }
        w->t->area_mm2[u] = (int64_t)llround(5e5 * sum);
        base += (size_t)p->n_points;
    }
}

static hcb_status build(work *w) {
    hcb_status status = make_room(w);
    if (status != HCB_OK)
        return status;
    number_vertices(w);
    collect_uses(w);
    status = link_edges(w);
    if (status == HCB_OK)
        status = link_vertices(w);
    if (status == HCB_OK)
        measure_areas(w);
    return status;
}

hcb_status hcb__topology_create(hcb__topology **out, const hcb_allocator *mem, const hcb__topology_unit *units,
                                size_t n) {
    *out = NULL;
    hcb__topology *t = hcb__calloc(mem, 1, sizeof *t);
    if (!t)
        return HCB_ENOMEM;
    hcb__arena_init(&t->arena, mem);
    t->n_units = (int32_t)n;
    work w = {.mem = mem, .t = t, .units = units, .n_units = n};
    hcb_status status = build(&w);
    hcb__free(mem, w.slot);
    hcb__free(mem, w.key);
    hcb__free(mem, w.uses);
    hcb__free(mem, w.stands);
    if (status == HCB_OK)
        *out = t;
    else
        hcb__topology_free(t);
    return status;
}

void hcb__topology_free(hcb__topology *t) {
    if (!t)
        return;
    hcb_allocator mem = t->arena.mem;
    hcb__arena_release(&t->arena);
    hcb__free(&mem, t);
}
