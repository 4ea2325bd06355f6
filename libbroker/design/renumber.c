/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A map with another number of zones, to search on from. A merge joins the two neighbours, a split cuts the zone along
 * a random spanning tree, that miss bounds least afterwards. */
#include "design/plan.h"

#include <string.h>

enum { CUTS = 24 }; /* random cuts of each zone */

typedef struct renumbering {
    hcb__map_plan *plan, *loose; /* loose: without bounds, so that a cut may be anywhere */
    hcb__recombiner *recombiner;
    hcb__rng *rng;
    int32_t *best; /* [n] */
} renumbering;

/* Bounds and caps missed come first, then the size. */
static bool better(const hcb__map_plan *m, int64_t size, int64_t *missing, int64_t *least) {
    int64_t missed = m->missing;
    for (int32_t l = 0; l < m->p->n_levels; l++)
        missed += m->value[l] > m->p->levels[l].cap ? m->value[l] - m->p->levels[l].cap : 0;
    if (missed > *missing || (missed == *missing && size >= *least))
        return false;
    *missing = missed;
    *least = size;
    return true;
}

static int64_t minutes_of(const hcb__map_plan *m, int32_t zone) {
    return m->sums[(size_t)zone * (size_t)m->p->n_attributes];
}

static bool merge_two(renumbering *r) {
    hcb__map_plan *m = r->plan;
    const hcb__graph *g = m->p->graph;
    int64_t missing = INT64_MAX, least = INT64_MAX;
    bool found = false;
    for (int32_t a = 0; a < m->p->k; a++)
        for (int32_t b = 0; b < m->p->k; b++) {
            bool touch = false;
            for (int32_t u = 0; a != b && !touch && u < g->n; u++)
                for (int32_t e = g->start[u]; m->zone[u] == a && e < g->start[u + 1]; e++)
                    touch = touch || m->zone[g->to[e]] == b;
            int64_t size = minutes_of(m, a);
            if (touch && hcb__map_merge(m, a, b) && better(m, size, &missing, &least)) {
                memcpy(r->best, m->zone, (size_t)g->n * sizeof *r->best);
                found = true;
            }
            hcb__map_undo(m);
        }
    return found;
}

static bool split_one(renumbering *r) {
    hcb__map_plan *m = r->plan;
    int64_t missing = INT64_MAX, least = INT64_MAX;
    bool found = false;
    size_t n = (size_t)m->p->graph->n;
    int32_t empty = 0;
    while (empty < m->p->k && m->n_units[empty])
        empty++;
    for (int32_t a = 0; empty < m->p->k && a < m->p->k; a++)
        for (int cut = 0; m->n_units[a] > 1 && cut < CUTS; cut++) {
            hcb__map_plan_set(r->loose, m->zone);
            if (!hcb__recombine(r->recombiner, r->loose, r->rng, a, empty))
                continue;
            for (size_t u = 0; u < n; u++)
                if (r->loose->zone[u] != m->zone[u])
                    hcb__map_put(m, (int32_t)u, r->loose->zone[u]);
            hcb__map_refresh(m);
            int64_t one = minutes_of(m, a), other = minutes_of(m, empty);
            if (better(m, one > other ? one : other, &missing, &least)) {
                memcpy(r->best, m->zone, n * sizeof *r->best);
                found = true;
            }
            hcb__map_undo(m);
        }
    return found;
}

bool hcb__map_renumber(int32_t *zone, bool *found, const hcb_allocator *mem, const hcb__map_problem *p, int32_t want,
                       hcb__rng *rng) {
    size_t n = (size_t)p->graph->n, cells = (size_t)p->n_attributes * (size_t)p->k;
    hcb__map_problem any = *p, loose = *p;
    any.least_zones = loose.least_zones = 1;
    any.most_zones = loose.most_zones = p->k;
    int64_t *bounds = hcb__calloc(mem, 2 * cells + 1, sizeof *bounds);
    renumbering r = {.rng = rng, .best = hcb__calloc(mem, n + 1, sizeof *r.best)};
    bool ok = bounds && r.best;
    *found = false;
    for (size_t i = 0; ok && i < cells; i++) {
        bounds[i] = -INT64_MAX / 4;
        bounds[cells + i] = INT64_MAX / 4;
    }
    if (ok) {
        loose.low = bounds;
        loose.high = bounds + cells;
        loose.n_levels = 0;
        ok = hcb__map_plan_create(&r.plan, mem, &any, zone) && hcb__map_plan_create(&r.loose, mem, &loose, zone) &&
             hcb__recombiner_create(&r.recombiner, mem, &loose);
    }
    bool more = ok;
    while (more && r.plan->n_open != want) {
        more = r.plan->n_open > want ? merge_two(&r) : split_one(&r);
        if (more)
            hcb__map_plan_set(r.plan, r.best);
    }
    if (ok && r.plan->n_open == want) {
        memcpy(zone, r.plan->zone, n * sizeof *zone);
        *found = true;
    }
    hcb__recombiner_free(r.recombiner);
    hcb__map_plan_free(r.loose);
    hcb__map_plan_free(r.plan);
    hcb__free(mem, r.best);
    hcb__free(mem, bounds);
    return ok;
}
