/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/adjacency.h"

#include <stdlib.h>
#include <string.h>

typedef struct pair {
    int32_t a, b; /* a < b */
    int64_t um;   /* -1: a corner */
} pair;
typedef HCB__VEC(pair) pair_list;

static bool put(const hcb_allocator *mem, pair_list *pairs, int32_t a, int32_t b, int64_t um) {
    pair p = {a < b ? a : b, a < b ? b : a, um};
    return HCB__PUSH(mem, pairs, p);
}

static bool collect_edges(const hcb_allocator *mem, pair_list *pairs, const hcb__topology *t) {
    for (int32_t e = 0; e < t->n_edges; e++) {
        int32_t from = t->edge[e].first, to = t->edge[e + 1].first;
        for (int32_t i = from; i < to; i++) {
            if (i > from && t->use[i - 1].unit == t->use[i].unit)
                continue;
            for (int32_t k = i + 1; k < to; k++)
                if (t->use[k].unit != t->use[k - 1].unit &&
                    !put(mem, pairs, t->use[i].unit, t->use[k].unit, t->edge[e].um))
                    return false;
        }
    }
    return true;
}

static bool collect_corners(const hcb_allocator *mem, pair_list *pairs, const hcb__topology *t) {
    for (int32_t v = 0; v < t->n_vertices; v++)
        for (int32_t i = t->vertex_unit_start[v]; i < t->vertex_unit_start[v + 1]; i++)
            for (int32_t k = i + 1; k < t->vertex_unit_start[v + 1]; k++)
                if (!put(mem, pairs, t->vertex_unit[i], t->vertex_unit[k], -1))
                    return false;
    return true;
}

static int by_pair(const void *va, const void *vb) {
    const pair *a = va, *b = vb;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static int by_unit(const void *va, const void *vb) {
    const hcb__neighbour *a = va, *b = vb;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

/* One record a pair: the shared lengths added up. */
static void merge(pair_list *pairs, hcb__neighbour *merged, int32_t *first, size_t *n) {
    if (pairs->count > 1)
        qsort(pairs->at, pairs->count, sizeof *pairs->at, by_pair);
    *n = 0;
    for (size_t i = 0, j; i < pairs->count; i = j) {
        hcb__neighbour one = {.unit = pairs->at[i].b};
        for (j = i; j < pairs->count && by_pair(&pairs->at[i], &pairs->at[j]) == 0; j++)
            if (pairs->at[j].um >= 0) {
                one.rook = true;
                one.shared_um += pairs->at[j].um;
            }
        first[*n] = pairs->at[i].a;
        merged[(*n)++] = one;
    }
}

hcb_status hcb__adjacency_link(hcb__adjacency *adj, const int32_t *first, const hcb__neighbour *second, size_t count) {
    adj->start = hcb__arena_alloc(&adj->arena, (size_t)adj->n_units + 2, sizeof *adj->start);
    adj->list = hcb__arena_alloc(&adj->arena, 2 * count, sizeof *adj->list);
    if (!adj->start || !adj->list)
        return HCB_ENOMEM;
    int32_t *at = adj->start + 1; /* one place ahead: after filling, start is right */
    for (size_t i = 0; i < count; i++) {
        at[first[i]]++;
        at[second[i].unit]++;
    }
    int32_t sum = 0;
    for (int32_t u = 0; u <= adj->n_units; u++) {
        int32_t here = adj->start[u + 1];
        adj->start[u + 1] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++) {
        hcb__neighbour back = second[i];
        back.unit = first[i];
        adj->list[at[first[i]]++] = second[i];
        adj->list[at[second[i].unit]++] = back;
    }
    for (int32_t u = 0; u < adj->n_units; u++)
        if (adj->start[u + 1] > adj->start[u])
            qsort(adj->list + adj->start[u], (size_t)(adj->start[u + 1] - adj->start[u]), sizeof *adj->list, by_unit);
    return HCB_OK;
}

static hcb_status build(hcb__adjacency *adj, const hcb_allocator *mem, const hcb__topology *t, pair_list *pairs) {
    if (!collect_edges(mem, pairs, t) || !collect_corners(mem, pairs, t))
        return HCB_ENOMEM;
    if (pairs->count >= INT32_MAX / 2)
        return HCB_ELIMIT;
    hcb__neighbour *merged = hcb__calloc(mem, pairs->count + 1, sizeof *merged);
    int32_t *first = hcb__calloc(mem, pairs->count + 1, sizeof *first);
    size_t n = 0;
    hcb_status status = HCB_ENOMEM;
    if (merged && first) {
        merge(pairs, merged, first, &n);
        status = hcb__adjacency_link(adj, first, merged, n);
    }
    hcb__free(mem, merged);
    hcb__free(mem, first);
    return status;
}

hcb_status hcb__adjacency_create(hcb__adjacency **out, const hcb_allocator *mem, const hcb__topology *topology) {
    *out = NULL;
    hcb__adjacency *adj = hcb__calloc(mem, 1, sizeof *adj);
    if (!adj)
        return HCB_ENOMEM;
    hcb__arena_init(&adj->arena, mem);
    adj->n_units = topology->n_units;
    pair_list pairs = {0};
    hcb_status status = build(adj, mem, topology, &pairs);
    HCB__VEC_FREE(mem, &pairs);
    if (status == HCB_OK)
        *out = adj;
    else
        hcb__adjacency_free(adj);
    return status;
}

void hcb__adjacency_free(hcb__adjacency *adj) {
    if (!adj)
        return;
    hcb_allocator mem = adj->arena.mem;
    hcb__arena_release(&adj->arena);
    hcb__free(&mem, adj);
}

static bool counts(const hcb__neighbour *n, bool queen) {
    return queen || n->rook || n->bridge;
}

int64_t hcb__adjacency_pairs(const hcb__adjacency *adj, bool queen) {
    int64_t pairs = 0;
    for (int32_t i = 0; i < adj->start[adj->n_units]; i++)
        pairs += counts(&adj->list[i], queen);
    return pairs / 2;
}

int32_t hcb__adjacency_components(const hcb__adjacency *adj, const hcb_allocator *mem, bool queen, int32_t *component) {
    int32_t *queue = hcb__malloc(mem, ((size_t)adj->n_units + 1) * sizeof *queue);
    if (!queue)
        return -1;
    int32_t n = 0;
    for (int32_t u = 0; u < adj->n_units; u++)
        component[u] = -1;
    for (int32_t u = 0; u < adj->n_units; u++) {
        if (component[u] >= 0)
            continue;
        int32_t head = 0, tail = 0;
        component[u] = n;
        queue[tail++] = u;
        while (head < tail) {
            int32_t v = queue[head++];
            for (int32_t i = adj->start[v]; i < adj->start[v + 1]; i++)
                if (counts(&adj->list[i], queen) && component[adj->list[i].unit] < 0) {
                    component[adj->list[i].unit] = n;
                    queue[tail++] = adj->list[i].unit;
                }
        }
        n++;
    }
    hcb__free(mem, queue);
    return n;
}

/* The best known way from the tree to a component. */
typedef struct way {
    double m2;
    int32_t from, to; /* units; from < 0: none yet */
} way;

static bool better(double m2, int32_t a, int32_t b, const way *than) {
    int32_t low = a < b ? a : b, high = a < b ? b : a;
    int32_t than_low = than->from < than->to ? than->from : than->to;
    int32_t than_high = than->from < than->to ? than->to : than->from;
    if (than->from < 0 || m2 != than->m2)
        return than->from < 0 || m2 < than->m2;
    return low != than_low ? low < than_low : high < than_high;
}

/* What the tree gains by unit a of it, which stands at vertex v: ways to all components outside it. */
static void look_from(const hcb__topology *t, const int32_t *component, const bool *in_tree, int32_t v, int32_t a,
                      way *ways) {
    for (int32_t k = 0; k < t->n_vertices; k++) {
        double dx = t->vertex[v].x - t->vertex[k].x, dy = t->vertex[v].y - t->vertex[k].y;
        for (int32_t i = t->vertex_unit_start[k]; i < t->vertex_unit_start[k + 1]; i++) {
            int32_t b = t->vertex_unit[i];
            if (!in_tree[component[b]] && better(dx * dx + dy * dy, a, b, &ways[component[b]]))
                ways[component[b]] = (way){dx * dx + dy * dy, a, b};
        }
    }
}

static void look_around(const hcb__topology *t, const int32_t *component, const bool *in_tree, int32_t joined,
                        way *ways) {
    for (int32_t v = 0; v < t->n_vertices; v++)
        for (int32_t i = t->vertex_unit_start[v]; i < t->vertex_unit_start[v + 1]; i++)
            if (component[t->vertex_unit[i]] == joined)
                look_from(t, component, in_tree, v, t->vertex_unit[i], ways);
}

/* Units that meet in a corner are on the list already. */
static void add_bridge(int32_t a, int32_t b, size_t pairs, int32_t *first, hcb__neighbour *second, size_t *count) {
    for (size_t i = 0; i < pairs; i++)
        if (first[i] == a && second[i].unit == b) {
            second[i].bridge = true;
            return;
        }
    first[*count] = a;
    second[(*count)++] = (hcb__neighbour){.unit = b, .bridge = true};
}

static int32_t span(const hcb__topology *t, const int32_t *component, int32_t n, bool *in_tree, way *ways,
                    int32_t *first, hcb__neighbour *second, size_t *count) {
    size_t pairs = *count;
    int32_t bridges = 0;
    for (int32_t c = 0; c < n; c++)
        ways[c] = (way){0, -1, -1};
    in_tree[0] = true;
    look_around(t, component, in_tree, 0, ways);
    for (int32_t joined = 1; joined < n; joined++) {
        int32_t best = -1;
        for (int32_t c = 0; c < n; c++)
            if (!in_tree[c] && ways[c].from >= 0 &&
                (best < 0 || better(ways[c].m2, ways[c].from, ways[c].to, &ways[best])))
                best = c;
        if (best < 0)
            break; /* units without a single point */
        way w = ways[best];
        add_bridge(w.from < w.to ? w.from : w.to, w.from < w.to ? w.to : w.from, pairs, first, second, count);
        bridges++;
        in_tree[best] = true;
        look_around(t, component, in_tree, best, ways);
    }
    return bridges;
}

hcb_status hcb__adjacency_bridge(hcb__adjacency *adj, const hcb_allocator *mem, const hcb__topology *t, bool queen,
                                 int32_t *n_bridges) {
    *n_bridges = 0;
    size_t n_units = (size_t)adj->n_units, n_pairs = (size_t)adj->start[adj->n_units] / 2;
    int32_t *component = hcb__calloc(mem, n_units + 1, sizeof *component);
    int32_t *first = hcb__calloc(mem, n_pairs + n_units + 1, sizeof *first);
    hcb__neighbour *second = hcb__calloc(mem, n_pairs + n_units + 1, sizeof *second);
    bool *in_tree = hcb__calloc(mem, n_units + 1, sizeof *in_tree);
    way *ways = hcb__calloc(mem, n_units + 1, sizeof *ways);
    hcb_status status = HCB_ENOMEM;
    int32_t n = -1;
    if (component && first && second && in_tree && ways)
        n = hcb__adjacency_components(adj, mem, queen, component);
    if (n >= 0) {
        size_t count = 0;
        for (int32_t u = 0; u < adj->n_units; u++)
            for (int32_t i = adj->start[u]; i < adj->start[u + 1]; i++)
                if (adj->list[i].unit > u) {
                    first[count] = u;
                    second[count++] = adj->list[i];
                }
        if (n > 1)
            *n_bridges = span(t, component, n, in_tree, ways, first, second, &count);
        status = *n_bridges ? hcb__adjacency_link(adj, first, second, count) : HCB_OK;
    }
    hcb__free(mem, component);
    hcb__free(mem, first);
    hcb__free(mem, second);
    hcb__free(mem, in_tree);
    hcb__free(mem, ways);
    return status;
}
