/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan from nothing: one zone after the other is cut off what is left, along a random spanning tree, where both it
 * and the rest keep their bounds. */
#include <string.h>

#include "design/search.h"

enum { CUTS = 200 }; /* trees tried for one zone */

/* What is left is zone k - 1, with the bounds of all zones that it will be. */
static bool cut_off(hcb__map_plan *m, hcb__recombiner *r, hcb__rng *rng, int64_t *low, int64_t *high) {
    const hcb__map_problem *p = m->p;
    int32_t rest = p->k - 1;
    for (int32_t z = 0; z < rest; z++) {
        bool done = false;
        for (int32_t a = 0; a < p->n_attributes; a++) {
            int64_t *least = &low[a * p->k + rest], *most = &high[a * p->k + rest];
            size_t of_new = (size_t)(p->n_attributes + a) * (size_t)p->k;
            *least = *most = 0;
            for (int32_t y = z + 1; y < p->k; y++) {
                int64_t l = y == rest ? low[of_new] : low[a * p->k + y];
                int64_t h = y == rest ? high[of_new] : high[a * p->k + y];
                *least = *least < -INT64_MAX / 4 || l < -INT64_MAX / 4 ? -INT64_MAX / 2 : *least + l;
                *most = *most > INT64_MAX / 4 || h > INT64_MAX / 4 ? INT64_MAX / 2 : *most + h;
            }
        }
        for (int tries = 0; tries < CUTS && !done; tries++)
            done = hcb__recombine(r, m, rng, z, rest);
        if (!done)
            return false;
        hcb__map_keep(m);
    }
    return true;
}

bool hcb__map_seed(int32_t *zone, bool *found, const hcb_allocator *mem, const hcb__map_problem *p, hcb__rng *rng,
                   int32_t tries) {
    size_t n = (size_t)p->graph->n, k = (size_t)p->k, bounds = ((size_t)p->n_attributes * 2 + 1) * k;
    int64_t *low = hcb__calloc(mem, 2 * bounds, sizeof *low), *high = low ? low + bounds : NULL;
    hcb__map_problem q = *p;
    hcb__map_plan *m = NULL;
    hcb__recombiner *r = NULL;
    *found = false;
    bool ok = low != NULL;
    if (ok) {
        size_t size = (size_t)p->n_attributes * k;
        memcpy(low, p->low, size * sizeof *low);
        memcpy(high, p->high, size * sizeof *high);
        /* The last zone's own bounds stand behind, one row an attribute. */
        for (size_t a = 0; a < (size_t)p->n_attributes; a++) {
            low[size + a * k] = p->low[a * k + k - 1];
            high[size + a * k] = p->high[a * k + k - 1];
        }
        q.low = low;
        q.high = high;
        q.n_levels = 0;
        for (size_t u = 0; u < n; u++)
            zone[u] = p->k - 1;
        ok = hcb__map_plan_create(&m, mem, &q, zone) && hcb__recombiner_create(&r, mem, &q);
    }
    for (int32_t t = 0; ok && t < tries && !*found; t++) {
        hcb__map_plan_set(m, zone);
        *found = p->k == 1 || cut_off(m, r, rng, low, high);
    }
    if (ok && *found)
        memcpy(zone, m->zone, n * sizeof *zone);
    hcb__recombiner_free(r);
    hcb__map_plan_free(m);
    hcb__free(mem, low);
    return ok;
}
