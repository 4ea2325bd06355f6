/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One unit (with its block) at a time where that is legal, the most urgent first; else two at once, which keep each
 * other's zones within their bounds; else all that are left between two zones; at worst all that are left. */
#include "design/migrate.h"

#include <string.h>

typedef struct walk {
    hcb__map_plan *plan;
    const hcb__way *way;
    const int32_t *to;
    hcb__migration *out;
    int32_t n;
    int64_t missing;     /* the map as it stands misses bounds by so much */
    int32_t least, most; /* zones on the way */
} walk;

static bool legal(const walk *w) {
    hcb__map_plan *m = w->plan;
    hcb__map_refresh(m);
    bool ok = m->missing <= w->missing && m->n_open >= w->least && m->n_open <= w->most;
    for (int32_t z = 0; ok && z < m->p->k; z++)
        ok = hcb__map_parts(m, z) <= m->p->parts[z];
    for (int32_t l = 0; ok && l < m->p->n_levels; l++)
        ok = m->value[l] <= m->p->levels[l].cap;
    return ok && (!w->way->accept || w->way->accept(m->zone, w->way->payload));
}

/* The trail becomes a step. */
static void keep_step(walk *w) {
    hcb__migration *o = w->out;
    for (int32_t i = 0; i < w->plan->n_trail; i++)
        o->unit[o->n_units++] = w->plan->trail[i];
    hcb__map_refresh(w->plan);
    w->missing = w->plan->missing;
    o->missing[o->n_steps] = w->missing;
    o->first[++o->n_steps] = o->n_units;
    hcb__map_keep(w->plan);
}

static void put_block(walk *w, int32_t u) {
    int32_t v = u;
    do {
        if (w->plan->zone[v] != w->to[v])
            hcb__map_put(w->plan, v, w->to[v]);
        v = w->plan->next_mate[v];
    } while (v != u);
}

static bool differs(const walk *w, int32_t u) {
    return w->plan->zone[u] != w->to[u];
}

/* The most urgent unit that may go alone; false: none may. */
static bool single(walk *w, int32_t *order) {
    for (int32_t i = 0; i < w->n && !hcb__worker_stopping(w->way->worker); i++) {
        if (!differs(w, order[i]))
            continue;
        put_block(w, order[i]);
        if (legal(w)) {
            keep_step(w);
            return true;
        }
        hcb__map_undo(w->plan);
    }
    return false;
}

static bool pair(walk *w, int32_t *order) {
    for (int32_t i = 0; i < w->n; i++)
        for (int32_t j = i + 1; differs(w, order[i]) && j < w->n && !hcb__worker_stopping(w->way->worker); j++) {
            if (!differs(w, order[j]))
                continue;
            put_block(w, order[i]);
            put_block(w, order[j]);
            if (legal(w)) {
                keep_step(w);
                return true;
            }
            hcb__map_undo(w->plan);
        }
    return false;
}

/* All units from a to b; a zone that closes or is new: all that leave it or come. */
static bool batch(walk *w) {
    for (int32_t a = -1; a < w->plan->p->k; a++)
        for (int32_t b = -1; b < w->plan->p->k; b++) {
            for (int32_t u = 0; a != b && u < w->n; u++)
                if (differs(w, u) && (a < 0 || w->plan->zone[u] == a) && (b < 0 || w->to[u] == b))
                    put_block(w, u);
            if (w->plan->n_trail && legal(w)) {
                keep_step(w);
                return true;
            }
            hcb__map_undo(w->plan);
        }
    return false;
}

static void sort_by_urgency(int32_t *order, int32_t n, const int64_t *urgency) {
    for (int32_t i = 1; i < n; i++)
        for (int32_t j = i; j > 0 && urgency[order[j]] > urgency[order[j - 1]]; j--) {
            int32_t keep = order[j];
            order[j] = order[j - 1];
            order[j - 1] = keep;
        }
}

bool hcb__migrate(hcb__migration **out, const hcb_allocator *mem, const hcb__way *way) {
    const hcb__map_problem *p = way->problem;
    const int32_t *from = way->from, *to = way->to;
    size_t n = (size_t)p->graph->n;
    hcb__migration *o = hcb__calloc(mem, 1, sizeof *o);
    int32_t *order = hcb__calloc(mem, n + 1, sizeof *order);
    walk w = {.way = way, .to = to, .out = o, .n = 0};
    bool ok = o && order;
    *out = NULL;
    if (o)
        o->mem = *mem;
    if (ok) {
        o->unit = hcb__calloc(mem, n + 1, sizeof *o->unit);
        o->first = hcb__calloc(mem, n + 2, sizeof *o->first);
        o->missing = hcb__calloc(mem, n + 1, sizeof *o->missing);
        ok = o->unit && o->first && o->missing && hcb__map_plan_create(&w.plan, mem, p, from);
    }
    for (int32_t u = 0; ok && u < p->graph->n; u++)
        if (from[u] != to[u])
            order[w.n++] = u;
    if (ok) {
        sort_by_urgency(order, w.n, way->urgency);
        w.missing = w.plan->missing;
        w.least = hcb__map_number_free(p) && p->least_zones < w.plan->n_open ? p->least_zones : w.plan->n_open;
        w.most = hcb__map_number_free(p) && p->most_zones > w.plan->n_open ? p->most_zones : w.plan->n_open;
        /* The batches and the last step look at every unit; order and numbers are then the same. */
        int32_t moving = w.n;
        bool more = true;
        while (more) {
            w.n = moving;
            more = single(&w, order) || pair(&w, order);
            w.n = p->graph->n;
            more = more || (!hcb__worker_stopping(way->worker) && batch(&w));
        }
        for (int32_t u = 0; u < p->graph->n; u++)
            if (differs(&w, u))
                put_block(&w, u);
        if (w.plan->n_trail)
            keep_step(&w);
        *out = o;
    } else {
        hcb__migration_free(o);
    }
    hcb__map_plan_free(w.plan);
    hcb__free(mem, order);
    return ok;
}

void hcb__migration_free(hcb__migration *o) {
    if (!o)
        return;
    hcb_allocator mem = o->mem;
    hcb__free(&mem, o->unit);
    hcb__free(&mem, o->first);
    hcb__free(&mem, o->missing);
    hcb__free(&mem, o);
}
