/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan out of one that is nearly legal: what hangs together with its centre stays, the rest joins the neighbour where
 * it costs least; then the search of zone maps puts the weights right and lowers the cost, centres fixed. */
#include <math.h>

#include "design/hess.h"
#include "design/search.h"

enum { STEPS_A_UNIT = 1000, THREADS = 2 };

typedef struct mend {
    const hcb__hess_run *run;
    hcb__arena arena;
    int32_t n, k;
    int32_t *centre; /* [k] */
    int32_t *zone, *fixed, *block, *parts, *mark, *queue;
    int64_t *low, *high, *cost;
} mend;

static bool make_room(mend *m) {
    size_t n = (size_t)m->n, k = (size_t)m->k;
    m->centre = hcb__arena_alloc(&m->arena, k, sizeof *m->centre);
    m->zone = hcb__arena_alloc(&m->arena, n, sizeof *m->zone);
    m->fixed = hcb__arena_alloc(&m->arena, n, sizeof *m->fixed);
    m->block = hcb__arena_alloc(&m->arena, n, sizeof *m->block);
    m->mark = hcb__arena_alloc(&m->arena, n, sizeof *m->mark);
    m->queue = hcb__arena_alloc(&m->arena, n, sizeof *m->queue);
    m->parts = hcb__arena_alloc(&m->arena, k, sizeof *m->parts);
    m->low = hcb__arena_alloc(&m->arena, k, sizeof *m->low);
    m->high = hcb__arena_alloc(&m->arena, k, sizeof *m->high);
    m->cost = hcb__arena_alloc(&m->arena, n * k, sizeof *m->cost);
    return m->centre && m->zone && m->fixed && m->block && m->mark && m->queue && m->parts && m->low && m->high &&
           m->cost;
}

/* Costs as whole numbers that cannot overflow when they are added up. */
static void fill(mend *m, const int32_t *centre_of) {
    const hcb__hess_run *r = m->run;
    double most = 1;
    for (int32_t i = 0; i < m->n; i++) {
        m->fixed[i] = m->zone[i] = -1;
        m->block[i] = i;
    }
    for (int32_t z = 0; z < m->k; z++) {
        int32_t j = m->centre[z];
        m->low[z] = r->low[j];
        m->high[z] = r->high[j];
        m->parts[z] = r->p->contiguous ? 1 : m->n;
        m->fixed[j] = z;
        for (int32_t i = 0; i < m->n; i++) {
            most = fmax(most, r->p->cost[(size_t)j * (size_t)m->n + (size_t)i]);
            if (centre_of[i] == j || i == j)
                m->zone[i] = z;
        }
    }
    double scale = fmin(r->p->real_cost ? 1000 : 1, 1e15 / most / m->n);
    for (int32_t i = 0; i < m->n; i++)
        for (int32_t z = 0; z < m->k; z++)
            m->cost[i * m->k + z] = llround(scale * r->p->cost[(size_t)m->centre[z] * (size_t)m->n + (size_t)i]);
}

/* Units that their zone's centre does not reach inside the zone join a zone that they touch. False: some touch none. */
static bool hang_together(mend *m) {
    const hcb__graph *g = m->run->p->graph;
    int32_t left = 0;
    for (int32_t z = 0; z < m->k; z++) {
        hcb__graph_parts(g, m->zone, z, m->mark, m->queue);
        for (int32_t i = 0; i < m->n; i++)
            if (m->zone[i] == z && m->mark[i] != m->mark[m->centre[z]])
                m->zone[i] = -1 - z; /* not z itself, or marks would change under our feet */
    }
    for (int32_t i = 0; i < m->n; i++) {
        m->zone[i] = m->zone[i] < 0 ? -1 : m->zone[i];
        left += m->zone[i] < 0;
    }
    while (left > 0) {
        int32_t unit = -1, to = -1;
        for (int32_t i = 0; i < m->n; i++)
            for (int32_t e = g->start[i]; m->zone[i] < 0 && e < g->start[i + 1]; e++) {
                int32_t z = m->zone[g->to[e]];
                if (z >= 0 && (unit < 0 || m->cost[i * m->k + z] < m->cost[unit * m->k + to])) {
                    unit = i;
                    to = z;
                }
            }
        if (unit < 0)
            return false;
        m->zone[unit] = to;
        left--;
    }
    return true;
}

bool hcb__hess_mend(hcb__hess_run *run, const int32_t *centres, const int32_t *centre_of) {
    mend m = {.run = run, .n = run->n, .k = run->p->k};
    hcb__arena_init(&m.arena, run->mem);
    bool ok = make_room(&m);
    for (int32_t z = 0; ok && z < m.k; z++)
        m.centre[z] = centres[z];
    if (ok)
        fill(&m, centre_of);
    if (ok && hang_together(&m)) {
        int64_t limit = INT64_MAX;
        hcb__map_level level = {.name = "cost", .kind = HCB__LEVEL_LINEAR, .cost = m.cost, .cap = INT64_MAX};
        hcb__map_problem problem = {.graph = run->p->graph,
                                    .k = m.k,
                                    .n_attributes = 1,
                                    .n_levels = 1,
                                    .attribute = run->p->weight,
                                    .low = m.low,
                                    .high = m.high,
                                    .fixed = m.fixed,
                                    .block = m.block,
                                    .parts = m.parts,
                                    .levels = &level};
        hcb__budget share = *run->p->budget;
        share.work = 0;
        if (share.deadline.at > 0)
            share.deadline = hcb__deadline_in(hcb__deadline_left(share.deadline) / 4);
        hcb__map_search search = {.problem = &problem,
                                  .level = HCB__MISSING,
                                  .limit = &limit,
                                  .steps = (int64_t)STEPS_A_UNIT * m.n,
                                  .seed = run->p->seed,
                                  .threads = THREADS,
                                  .target = 0,
                                  .budget = &share};
        ok = hcb__map_improve(m.zone, run->mem, &search);
        search.level = 0;
        search.target = INT64_MIN;
        ok = ok && hcb__map_improve(m.zone, run->mem, &search);
        for (int32_t i = 0; ok && i < m.n; i++)
            m.mark[i] = m.centre[m.zone[i]];
        if (ok)
            hcb__hess_offer(run, m.mark);
    }
    hcb__arena_release(&m.arena);
    return ok;
}
