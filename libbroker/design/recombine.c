/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "design/plan.h"

struct hcb__recombiner {
    hcb__arena arena;
    const hcb__map_problem *p;
    int32_t *units;      /* of both zones */
    int32_t *local;      /* [n] place in `units`, -1 for others */
    int32_t *start, *to; /* edges among them, by place */
    int32_t *parent, *order, *first_child, *next;
    uint8_t *in_tree;
    int64_t *sums;    /* [places][n_attributes] of the subtree */
    int32_t *held[2]; /* units of the subtree fixed in a, and elsewhere */
    int64_t *total;
    int32_t *cut_at, *cut_side;
};

bool hcb__recombiner_create(hcb__recombiner **out, const hcb_allocator *mem, const hcb__map_problem *p) {
    *out = NULL;
    hcb__recombiner *r = hcb__calloc(mem, 1, sizeof *r);
    if (!r)
        return false;
    size_t n = (size_t)p->graph->n;
    hcb__arena_init(&r->arena, mem);
    r->p = p;
    r->units = hcb__arena_alloc(&r->arena, n, sizeof *r->units);
    r->local = hcb__arena_alloc(&r->arena, n, sizeof *r->local);
    r->start = hcb__arena_alloc(&r->arena, n + 1, sizeof *r->start);
    r->to = hcb__arena_alloc(&r->arena, 2 * (size_t)p->graph->n_edges, sizeof *r->to);
    r->parent = hcb__arena_alloc(&r->arena, n, sizeof *r->parent);
    r->order = hcb__arena_alloc(&r->arena, n, sizeof *r->order);
    r->first_child = hcb__arena_alloc(&r->arena, n, sizeof *r->first_child);
    r->next = hcb__arena_alloc(&r->arena, n, sizeof *r->next);
    r->in_tree = hcb__arena_alloc(&r->arena, n, 1);
    r->sums = hcb__arena_alloc(&r->arena, n * (size_t)p->n_attributes, sizeof *r->sums);
    r->held[0] = hcb__arena_alloc(&r->arena, n, sizeof *r->held[0]);
    r->held[1] = hcb__arena_alloc(&r->arena, n, sizeof *r->held[1]);
    r->total = hcb__arena_alloc(&r->arena, (size_t)p->n_attributes, sizeof *r->total);
    r->cut_at = hcb__arena_alloc(&r->arena, 2 * n, sizeof *r->cut_at);
    r->cut_side = hcb__arena_alloc(&r->arena, 2 * n, sizeof *r->cut_side);
    if (!r->units || !r->local || !r->start || !r->to || !r->parent || !r->order || !r->first_child || !r->next ||
        !r->in_tree || !r->sums || !r->held[0] || !r->held[1] || !r->total || !r->cut_at || !r->cut_side) {
        hcb__recombiner_free(r);
        return false;
    }
    *out = r;
    return true;
}

void hcb__recombiner_free(hcb__recombiner *r) {
    if (!r)
        return;
    hcb_allocator mem = r->arena.mem;
    hcb__arena_release(&r->arena);
    hcb__free(&mem, r);
}

/* The graph of both zones; gives its number of units. */
static int32_t gather(hcb__recombiner *r, const hcb__map_plan *m, int32_t a, int32_t b) {
    const hcb__graph *g = r->p->graph;
    int32_t n = 0, e = 0;
    for (int32_t u = 0; u < g->n; u++) {
        bool in = m->zone[u] == a || m->zone[u] == b;
        r->local[u] = in ? n : -1;
        if (in)
            r->units[n++] = u;
    }
    for (int32_t i = 0; i < n; i++) {
        r->start[i] = e;
        for (int32_t j = g->start[r->units[i]]; j < g->start[r->units[i] + 1]; j++)
            if (r->local[g->to[j]] >= 0)
                r->to[e++] = r->local[g->to[j]];
    }
    r->start[n] = e;
    return n;
}

/* Wilson: from each unit outside the tree a random walk until it meets the tree, its loops forgotten, is its branch. */
static bool grow_tree(hcb__recombiner *r, hcb__rng *rng, int32_t n) {
    int64_t steps = 0, most = 200 * (int64_t)n + 100000; /* zones that touch nowhere are never met */
    memset(r->in_tree, 0, (size_t)n);
    int32_t root = (int32_t)hcb__rng_below(rng, (uint32_t)n);
    r->in_tree[root] = 1;
    r->parent[root] = -1;
    for (int32_t s = 0; s < n; s++) {
        int32_t u = s;
        while (!r->in_tree[u]) {
            int32_t degree = r->start[u + 1] - r->start[u];
            if (degree == 0 || ++steps > most)
                return false;
            r->parent[u] = r->to[r->start[u] + (int32_t)hcb__rng_below(rng, (uint32_t)degree)];
            u = r->parent[u];
        }
        for (u = s; !r->in_tree[u]; u = r->parent[u])
            r->in_tree[u] = 1;
    }
    /* Parents before children. */
    for (int32_t i = 0; i < n; i++)
        r->first_child[i] = -1;
    for (int32_t i = 0; i < n; i++)
        if (r->parent[i] >= 0) {
            r->next[i] = r->first_child[r->parent[i]];
            r->first_child[r->parent[i]] = i;
        }
    int32_t head = 0, tail = 0;
    r->order[tail++] = root;
    while (head < tail)
        for (int32_t c = r->first_child[r->order[head++]]; c >= 0; c = r->next[c])
            r->order[tail++] = c;
    return tail == n;
}

static void add_up(hcb__recombiner *r, int32_t n, int32_t a) {
    const hcb__map_problem *p = r->p;
    size_t attributes = (size_t)p->n_attributes;
    for (int32_t i = 0; i < n; i++) {
        int32_t u = r->units[i];
        for (size_t x = 0; x < attributes; x++)
            r->sums[(size_t)i * attributes + x] = p->attribute[x * (size_t)p->graph->n + (size_t)u];
        r->held[0][i] = p->fixed[u] == a;
        r->held[1][i] = p->fixed[u] >= 0 && p->fixed[u] != a;
    }
    for (int32_t at = n - 1; at > 0; at--) {
        int32_t i = r->order[at], up = r->parent[i];
        for (size_t x = 0; x < attributes; x++)
            r->sums[(size_t)up * attributes + x] += r->sums[(size_t)i * attributes + x];
        r->held[0][up] += r->held[0][i];
        r->held[1][up] += r->held[1][i];
    }
    memcpy(r->total, r->sums + (size_t)r->order[0] * attributes, attributes * sizeof *r->total);
}

/* Whether the subtree at i may be zone `inside`, the rest zone `outside`. */
static bool fits(const hcb__recombiner *r, int32_t i, int32_t inside, int32_t outside, int side) {
    const hcb__map_problem *p = r->p;
    int32_t root = r->order[0];
    if (r->held[!side][i] || r->held[side][i] != r->held[side][root])
        return false;
    for (int32_t x = 0; x < p->n_attributes; x++) {
        int64_t in = r->sums[i * p->n_attributes + x], out = r->total[x] - in;
        if (in < p->low[x * p->k + inside] || in > p->high[x * p->k + inside] || out < p->low[x * p->k + outside] ||
            out > p->high[x * p->k + outside])
            return false;
    }
    return true;
}

bool hcb__recombine(hcb__recombiner *r, hcb__map_plan *m, hcb__rng *rng, int32_t a, int32_t b) {
    int32_t n = gather(r, m, a, b), n_cuts = 0;
    if (n < 2 || !grow_tree(r, rng, n))
        return false;
    add_up(r, n, a);
    for (int32_t at = 1; at < n; at++)
        for (int side = 0; side < 2; side++)
            if (fits(r, r->order[at], side ? b : a, side ? a : b, side)) {
                r->cut_at[n_cuts] = at;
                r->cut_side[n_cuts++] = side;
            }
    if (n_cuts == 0)
        return false;
    int32_t pick = (int32_t)hcb__rng_below(rng, (uint32_t)n_cuts), side = r->cut_side[pick];
    int32_t inside = side ? b : a, outside = side ? a : b;
    /* in_tree: 1 outside the subtree, 2 inside; children come behind their parents. */
    r->in_tree[r->order[r->cut_at[pick]]] = 2;
    for (int32_t at = r->cut_at[pick] + 1; at < n; at++)
        if (r->in_tree[r->parent[r->order[at]]] == 2)
            r->in_tree[r->order[at]] = 2;
    for (int32_t i = 0; i < n; i++) {
        int32_t u = r->units[i], to = r->in_tree[i] == 2 ? inside : outside;
        if (m->zone[u] != to)
            hcb__map_put(m, u, to);
    }
    for (int32_t i = 0; i < m->n_trail; i++) {
        int32_t u = m->trail[i];
        if (m->zone[m->next_mate[u]] != m->zone[u]) { /* a block was cut */
            hcb__map_refresh(m);
            hcb__map_undo(m);
            return false;
        }
    }
    hcb__map_refresh(m);
    return true;
}
