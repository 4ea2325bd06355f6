/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/join.h"

typedef struct walk {
    hcb__mapping *m;
    int32_t *mark, *queue, *before; /* [n] */
    int64_t *far, *minutes;         /* [n]; of a part */
    bool *mated, *held, *done;      /* [n] areas that move with others; parts with a fixed area; settled areas */
    int32_t n_parts, largest;
} walk;

static bool make_room(walk *w, const hcb_allocator *mem) {
    size_t n = (size_t)w->m->n + 1;
    w->mark = hcb__calloc(mem, 3 * n, sizeof *w->mark);
    w->far = hcb__calloc(mem, 2 * n, sizeof *w->far);
    w->mated = hcb__calloc(mem, 3 * n, sizeof *w->mated);
    if (!w->mark || !w->far || !w->mated)
        return false;
    w->queue = w->mark + n;
    w->before = w->queue + n;
    w->minutes = w->far + n;
    w->held = w->mated + n;
    w->done = w->held + n;
    const int32_t *block = w->m->problem.block;
    for (int32_t u = 0; u < w->m->n; u++)
        if (block[u] != u)
            w->mated[u] = w->mated[block[u]] = true;
    return true;
}

static void find_parts(walk *w, int32_t zone) {
    const hcb__mapping *m = w->m;
    w->n_parts = hcb__graph_parts(m->graph, m->repaired, zone, w->mark, w->queue);
    w->largest = 0;
    for (int32_t i = 0; i < w->n_parts; i++) {
        w->minutes[i] = 0;
        w->held[i] = false;
    }
    for (int32_t u = 0; u < m->n; u++)
        if (m->repaired[u] == zone) {
            w->minutes[w->mark[u]] += m->problem.attribute[u];
            w->held[w->mark[u]] = w->held[w->mark[u]] || m->problem.fixed[u] >= 0;
        }
    for (int32_t i = 1; i < w->n_parts; i++)
        w->largest = w->minutes[i] > w->minutes[w->largest] ? i : w->largest;
}

/* The area nearest of those not settled, -1: none is reached. */
static int32_t nearest(const walk *w) {
    int32_t at = -1;
    for (int32_t u = 0; u < w->m->n; u++)
        if (!w->done[u] && w->far[u] < INT64_MAX && (at < 0 || w->far[u] < w->far[at]))
            at = u;
    return at;
}

/* From the largest part to the nearest that is held. */
static bool join_one(walk *w, int32_t zone) {
    hcb__mapping *m = w->m;
    const hcb__graph *g = m->graph;
    for (int32_t u = 0; u < m->n; u++) {
        w->far[u] = m->repaired[u] == zone && w->mark[u] == w->largest ? 0 : INT64_MAX;
        w->before[u] = -1;
        w->done[u] = false;
    }
    for (int32_t at = nearest(w); at >= 0; at = nearest(w)) {
        w->done[at] = true;
        if (m->repaired[at] == zone && w->mark[at] != w->largest && w->held[w->mark[at]]) {
            for (; at >= 0; at = w->before[at])
                m->repaired[at] = zone;
            return true;
        }
        for (int32_t e = g->start[at]; e < g->start[at + 1]; e++) {
            int32_t v = g->to[e];
            bool own = m->repaired[v] == zone;
            int64_t far = w->far[at] + (own ? 0 : m->problem.attribute[v] + 1);
            if ((own || (m->problem.fixed[v] < 0 && !w->mated[v])) && far < w->far[v]) {
                w->far[v] = far;
                w->before[v] = at;
            }
        }
    }
    return false;
}

bool hcb__map_join_held(hcb__mapping *m) {
    walk w = {.m = m};
    const hcb_allocator *mem = &m->arena.mem;
    bool ok = make_room(&w, mem);
    for (int32_t z = 0; ok && z < m->k; z++) {
        find_parts(&w, z);
        while (w.n_parts > m->problem.parts[z] && join_one(&w, z))
            find_parts(&w, z);
    }
    hcb__free(mem, w.mark);
    hcb__free(mem, w.far);
    hcb__free(mem, w.mated);
    return ok;
}
