/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/graph.h"

#include <stdlib.h>

static int compare_pairs(const void *a, const void *b) {
    const int32_t *x = a, *y = b;
    if (x[0] != y[0])
        return x[0] < y[0] ? -1 : 1;
    return (x[1] > y[1]) - (x[1] < y[1]);
}

/* Pairs in order, smaller end first, each once; gives their number. */
static size_t tidy(int32_t (*to)[2], const int32_t (*pairs)[2], size_t n_pairs) {
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < n_pairs; i++)
        if (pairs[i][0] != pairs[i][1]) {
            bool swap = pairs[i][0] > pairs[i][1];
            to[count][0] = pairs[i][swap];
            to[count++][1] = pairs[i][!swap];
        }
    if (count)
        qsort(to, count, sizeof *to, compare_pairs);
    for (size_t i = 0; i < count; i++)
        if (!kept || compare_pairs(to[kept - 1], to[i]) != 0) {
            to[kept][0] = to[i][0];
            to[kept++][1] = to[i][1];
        }
    return kept;
}

static void fill(hcb__graph *g, const int32_t (*edges)[2]) {
    for (int32_t e = 0; e < g->n_edges; e++)
        for (int side = 0; side < 2; side++)
            g->start[edges[e][side] + 1]++;
    for (int32_t u = 0; u < g->n; u++)
        g->start[u + 1] += g->start[u];
    /* Larger neighbours come in order of the edges, smaller ones too, and all smaller ones first when the two passes
     * are made one after the other. */
    for (int side = 1; side >= 0; side--)
        for (int32_t e = 0; e < g->n_edges; e++) {
            int32_t at = g->start[edges[e][side]]++;
            g->to[at] = edges[e][!side];
            g->edge[at] = e;
        }
    for (int32_t u = g->n; u > 0; u--)
        g->start[u] = g->start[u - 1];
    g->start[0] = 0;
}

bool hcb__graph_create(hcb__graph **out, const hcb_allocator *mem, int32_t n, const int32_t (*pairs)[2],
                       size_t n_pairs) {
    *out = NULL;
    int32_t(*edges)[2] = hcb__calloc(mem, n_pairs + 1, sizeof *edges);
    hcb__graph *g = hcb__calloc(mem, 1, sizeof *g);
    bool ok = edges && g;
    if (g)
        g->mem = *mem;
    if (ok) {
        g->n = n;
        g->n_edges = (int32_t)tidy(edges, pairs, n_pairs);
        g->start = hcb__calloc(mem, (size_t)n + 2, sizeof *g->start);
        g->to = hcb__calloc(mem, 2 * (size_t)g->n_edges + 1, sizeof *g->to);
        g->edge = hcb__calloc(mem, 2 * (size_t)g->n_edges + 1, sizeof *g->edge);
        ok = g->start && g->to && g->edge;
    }
    if (ok) {
        fill(g, (const int32_t(*)[2])edges);
        *out = g;
    } else {
        hcb__graph_free(g);
    }
    hcb__free(mem, edges);
    return ok;
}

void hcb__graph_free(hcb__graph *g) {
    if (!g)
        return;
    hcb_allocator mem = g->mem;
    hcb__free(&mem, g->start);
    hcb__free(&mem, g->to);
    hcb__free(&mem, g->edge);
    hcb__free(&mem, g);
}

int32_t hcb__graph_parts(const hcb__graph *g, const int32_t *label_of, int32_t label, int32_t *mark, int32_t *queue) {
    int32_t parts = 0;
    for (int32_t u = 0; u < g->n; u++)
        mark[u] = -1;
    for (int32_t s = 0; s < g->n; s++) {
        if (label_of[s] != label || mark[s] >= 0)
            continue;
        int32_t head = 0, tail = 0;
        queue[tail++] = s;
        mark[s] = parts;
        while (head < tail) {
            int32_t u = queue[head++];
            for (int32_t e = g->start[u]; e < g->start[u + 1]; e++) {
                int32_t v = g->to[e];
                if (label_of[v] == label && mark[v] < 0) {
                    mark[v] = parts;
                    queue[tail++] = v;
                }
            }
        }
        parts++;
    }
    return parts;
}

int64_t hcb__graph_cut(const hcb__graph *g, const int32_t *label_of) {
    int64_t cut = 0;
    for (int32_t u = 0; u < g->n; u++)
        for (int32_t e = g->start[u]; e < g->start[u + 1]; e++)
            cut += g->to[e] > u && label_of[g->to[e]] != label_of[u];
    return cut;
}

void hcb__graph_hops(const hcb__graph *g, int32_t from, int32_t *hops, int32_t *queue) {
    for (int32_t u = 0; u < g->n; u++)
        hops[u] = -1;
    int32_t head = 0, tail = 0;
    queue[tail++] = from;
    hops[from] = 0;
    while (head < tail) {
        int32_t u = queue[head++];
        for (int32_t e = g->start[u]; e < g->start[u + 1]; e++)
            if (hops[g->to[e]] < 0) {
                hops[g->to[e]] = hops[u] + 1;
                queue[tail++] = g->to[e];
            }
    }
}
