/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/search.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

enum { ROUNDS = 4, SAMPLE = 400, TELL_EVERY = 1024, RECOMBINE_EVERY = 2000, TRIES = 4 };

typedef struct chain {
    const hcb__map_search *s;
    hcb__map_plan *plan;
    hcb__recombiner *recombiner;
    int32_t number;
    int32_t *best;                 /* [n] */
    int64_t best_value, best_next; /* of the level, and of the levels behind it */
    hcb__budget budget;
    int64_t told; /* of its work */
} chain;

static int64_t worth(const hcb__map_plan *m, int32_t level) {
    return level == HCB__MISSING ? m->missing : m->value[level];
}

/* Levels behind the one at hand decide between equals. */
static int64_t behind(const hcb__map_plan *m, int32_t level) {
    int64_t sum = 0;
    for (int32_t l = level + 1; l < m->p->n_levels; l++)
        sum += m->value[l] / 16;
    return sum;
}

static bool allowed(const hcb__map_search *s, const hcb__map_plan *m, int64_t missing_before) {
    if (m->missing > (s->level == HCB__MISSING ? missing_before : 0) && s->level != HCB__MISSING)
        return false;
    for (int32_t l = 0; l < m->p->n_levels; l++)
        if (m->value[l] > s->limit[l] || m->value[l] > m->p->levels[l].cap)
            return false;
    return true;
}

/* One flip, mostly; or two: the second moves a unit of the zone that gained, near the first, to where it touches. */
static bool propose(hcb__map_plan *m, hcb__rng *rng) {
    const hcb__graph *g = m->p->graph;
    int32_t u = (int32_t)hcb__rng_below(rng, (uint32_t)g->n), degree = g->start[u + 1] - g->start[u];
    if (degree == 0)
        return false;
    int32_t v = g->to[g->start[u] + (int32_t)hcb__rng_below(rng, (uint32_t)degree)], to = m->zone[v];
    if (to == m->zone[u] || !hcb__map_move(m, u, to))
        return false;
    if (hcb__rng_below(rng, 2) == 0)
        return true;
    for (int walk = 0; walk < TRIES; walk++) {
        int32_t e = g->start[v] + (int32_t)hcb__rng_below(rng, (uint32_t)(g->start[v + 1] - g->start[v]));
        int32_t w = g->to[e];
        if (m->zone[w] != to) {
            if (v != u && m->zone[v] == to && hcb__map_move(m, v, m->zone[w]))
                return true;
            continue;
        }
        v = w;
    }
    /* Anywhere in the zone: what is far away helps as well to keep its sums. */
    for (int tries = 0; tries < 8 * TRIES; tries++) {
        int32_t w = (int32_t)hcb__rng_below(rng, (uint32_t)g->n);
        if (m->zone[w] != to || w == u)
            continue;
        for (int32_t e = g->start[w]; e < g->start[w + 1]; e++)
            if (m->zone[g->to[e]] != to)
                return hcb__map_move(m, w, m->zone[g->to[e]]) || true;
    }
    return true;
}

static bool propose_recombination(hcb__map_plan *m, hcb__recombiner *r, hcb__rng *rng) {
    const hcb__graph *g = m->p->graph;
    int32_t u = (int32_t)hcb__rng_below(rng, (uint32_t)g->n);
    for (int32_t e = g->start[u]; e < g->start[u + 1]; e++) {
        int32_t a = m->zone[u], b = m->zone[g->to[e]];
        if (a != b)
            return m->p->parts[a] == 1 && m->p->parts[b] == 1 && hcb__recombine(r, m, rng, a, b);
    }
    return false;
}

/* Where the number of zones is free: one zone cut in two, or two made one. */
static bool propose_number(hcb__map_plan *m, hcb__recombiner *r, hcb__rng *rng) {
    const hcb__graph *g = m->p->graph;
    int32_t u = (int32_t)hcb__rng_below(rng, (uint32_t)g->n), a = m->zone[u], empty = -1;
    if (hcb__rng_below(rng, 2) == 0) {
        for (int32_t z = 0; z < m->p->k && empty < 0; z++)
            empty = m->n_units[z] == 0 ? z : -1;
        return empty >= 0 && m->n_open < m->p->most_zones && m->p->parts[a] == 1 && m->p->parts[empty] == 1 &&
               hcb__recombine(r, m, rng, a, empty);
    }
    for (int32_t e = g->start[u]; m->n_open > m->p->least_zones && e < g->start[u + 1]; e++) {
        int32_t b = m->zone[g->to[e]];
        if (a != b)
            return hcb__map_merge(m, a, b) && hcb__map_parts(m, b) <= m->p->parts[b];
    }
    return false;
}

static void remember(chain *c, const hcb__map_plan *m) {
    int64_t value = worth(m, c->s->level), next = behind(m, c->s->level);
    if (value > c->best_value || (value == c->best_value && next >= c->best_next))
        return;
    if (c->s->accept && !c->s->accept(m->zone, c->number, c->s->payload))
        return;
    c->best_value = value;
    c->best_next = next;
    memcpy(c->best, m->zone, (size_t)m->p->graph->n * sizeof *c->best);
}

static void tell(chain *c) {
    if (c->s->tell)
        c->s->tell(c->best_value, c->budget.work - c->told, c->s->payload);
    c->told = c->budget.work;
}

static bool over(chain *c) {
    return hcb__budget_interrupted(&c->budget) || c->best_value <= c->s->target;
}

/* A usual worsening, to set the temperature by. */
static double usual(chain *c, hcb__map_plan *m, hcb__rng *rng) {
    double sum = 0;
    int32_t count = 0;
    for (int i = 0; i < SAMPLE; i++) {
        int64_t before = worth(m, c->s->level);
        if (propose(m, rng)) {
            hcb__map_refresh(m);
            int64_t more = worth(m, c->s->level) - before;
            if (more > 0) {
                sum += (double)more;
                count++;
            }
        }
        hcb__map_undo(m);
    }
    return count ? sum / count : 1;
}

static void anneal(chain *c, hcb__rng *rng, int64_t steps, double hot, double cold) {
    hcb__map_plan *m = c->plan;
    for (int64_t step = 0; step < steps; step++) {
        if ((step & 255) == 0) {
            c->budget.work += 256;
            if (c->budget.work - c->told >= TELL_EVERY)
                tell(c);
            if (over(c))
                return;
        }
        double heat = hot * pow(cold / hot, (double)step / (double)steps);
        int64_t before = worth(m, c->s->level), missing = m->missing;
        bool done;
        if (step % RECOMBINE_EVERY == RECOMBINE_EVERY - 1) {
            bool number = hcb__map_number_free(m->p) && hcb__rng_below(rng, 2) == 0;
            done = number ? propose_number(m, c->recombiner, rng) : propose_recombination(m, c->recombiner, rng);
        } else {
            done = propose(m, rng);
            if (done)
                hcb__map_refresh(m);
        }
        int64_t more = worth(m, c->s->level) - before;
        if (!done || !allowed(c->s, m, missing) || (more > 0 && hcb__rng_unit(rng) >= exp(-(double)more / heat))) {
            hcb__map_undo(m);
            continue;
        }
        hcb__map_keep(m);
        remember(c, m);
    }
}

/* Allocates nothing: the host's allocator need not bear two threads at once. */
static void *run(void *arg) {
    chain *c = arg;
    hcb__rng rng;
    hcb__rng_seed(&rng, c->s->seed, (uint64_t)c->number + 1);
    c->best_value = worth(c->plan, c->s->level);
    c->best_next = behind(c->plan, c->s->level);
    memcpy(c->best, c->plan->zone, (size_t)c->plan->p->graph->n * sizeof *c->best);
    double hot = usual(c, c->plan, &rng);
    for (int round = 0; round < ROUNDS && !over(c); round++) {
        anneal(c, &rng, c->s->steps / ROUNDS, hot / (1 << round), hot / 200);
        hcb__map_plan_set(c->plan, c->best);
        tell(c);
    }
    return NULL;
}

/* Chains of a turn run side by side; a chain's work does not depend on its neighbours. */
static void run_all(chain *chains, const hcb__map_search *s) {
    pthread_t thread[HCB__MAP_CHAINS];
    bool started[HCB__MAP_CHAINS] = {false};
    int32_t width = s->threads < 1 ? 1 : s->threads > HCB__MAP_CHAINS ? HCB__MAP_CHAINS : s->threads;
    int32_t turns = (HCB__MAP_CHAINS + width - 1) / width;
    for (int32_t turn = 0; turn < turns; turn++) {
        int32_t first = turn * width, end = first + width < HCB__MAP_CHAINS ? first + width : HCB__MAP_CHAINS;
        for (int32_t i = first; i < end; i++) {
            if (s->budget->deadline.at > 0) /* turns share the time that is left */
                chains[i].budget.deadline =
                    hcb__deadline_in(fmax(0.001, hcb__deadline_left(s->budget->deadline) / (turns - turn)));
            started[i] = i + 1 < end && pthread_create(&thread[i], NULL, run, &chains[i]) == 0;
            if (!started[i])
                run(&chains[i]);
        }
        for (int32_t i = first; i < end; i++)
            if (started[i])
                pthread_join(thread[i], NULL);
    }
}

bool hcb__map_improve(int32_t *zone, const hcb_allocator *mem, const hcb__map_search *s) {
    chain chains[HCB__MAP_CHAINS];
    size_t n = (size_t)s->problem->graph->n;
    memset(chains, 0, sizeof chains);
    int32_t *best = hcb__calloc(mem, HCB__MAP_CHAINS * n + 1, sizeof *best);
    bool ok = best != NULL;
    for (int32_t i = 0; ok && i < HCB__MAP_CHAINS; i++) {
        chain *c = &chains[i];
        c->s = s;
        c->number = i;
        c->best = best + (size_t)i * n;
        c->budget = *s->budget;
        c->budget.work = 0;
        ok = hcb__map_plan_create(&c->plan, mem, s->problem, zone) &&
             hcb__recombiner_create(&c->recombiner, mem, s->problem);
    }
    if (ok) {
        run_all(chains, s);
        const chain *winner = &chains[0];
        for (int32_t i = 0; i < HCB__MAP_CHAINS; i++) {
            const chain *c = &chains[i];
            s->budget->work += c->budget.work;
            if (c->best_value < winner->best_value ||
                (c->best_value == winner->best_value && c->best_next < winner->best_next))
                winner = c;
        }
        memcpy(zone, winner->best, n * sizeof *zone);
    }
    for (int32_t i = 0; i < HCB__MAP_CHAINS; i++) {
        hcb__recombiner_free(chains[i].recombiner);
        hcb__map_plan_free(chains[i].plan);
    }
    hcb__free(mem, best);
    return ok;
}
