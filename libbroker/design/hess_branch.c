/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Branch and bound on centres. At each node the dual starts from its parent's prices, and what it rules out is marked
 * for the nodes below; most are gone after a few steps. With the centres settled, or few pairs left, the programme
 * decides. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "design/hess.h"

enum { NODE_STEPS = 80 };
static const double LEAF_SECONDS = 5;

typedef struct search {
    hcb__hess_run *run;
    bool complete;
} search;

typedef struct marks {
    uint8_t *barred;
    bool *closed, *forced;
    double *price, *often;
} marks;

static bool save(marks *m, hcb__arena *arena, const hcb__hess_run *r) {
    size_t n = (size_t)r->n;
    m->barred = hcb__arena_alloc(arena, n * n, 1);
    m->closed = hcb__arena_alloc(arena, n, sizeof *m->closed);
    m->forced = hcb__arena_alloc(arena, n, sizeof *m->forced);
    m->price = hcb__arena_alloc(arena, n, sizeof *m->price);
    m->often = hcb__arena_alloc(arena, n, sizeof *m->often);
    if (!m->barred || !m->closed || !m->forced || !m->price || !m->often)
        return false;
    memcpy(m->barred, r->barred, n * n);
    memcpy(m->closed, r->closed, n * sizeof *m->closed);
    memcpy(m->forced, r->forced, n * sizeof *m->forced);
    memcpy(m->price, r->price, n * sizeof *m->price);
    memcpy(m->often, r->often, n * sizeof *m->often);
    return true;
}

static void restore(const marks *m, hcb__hess_run *r) {
    size_t n = (size_t)r->n;
    memcpy(r->barred, m->barred, n * n);
    memcpy(r->closed, m->closed, n * sizeof *m->closed);
    memcpy(r->forced, m->forced, n * sizeof *m->forced);
    memcpy(r->price, m->price, n * sizeof *m->price);
    memcpy(r->often, m->often, n * sizeof *m->often);
}

/* Candidates and pairs that are left; the centre to branch on, -1: all are settled. */
static int32_t look(const hcb__hess_run *r, int64_t *pairs) {
    int32_t candidates = 0, best = -1;
    double most = -1;
    *pairs = 0;
    for (int32_t j = 0; j < r->n; j++) {
        if (r->closed[j] || (r->p->capacity && r->p->capacity[j] <= 0))
            continue;
        candidates++;
        for (int32_t i = 0; i < r->n; i++)
            *pairs += !r->barred[(size_t)j * (size_t)r->n + (size_t)i];
        double doubt = r->often[j] * (1 - r->often[j]);
        if (!r->forced[j] && doubt > most) {
            most = doubt;
            best = j;
        }
    }
    return candidates == r->p->k ? -1 : best;
}

static hcb_status node(search *s, int depth);

static hcb_status descend(search *s, int depth, int32_t centre) {
    hcb__hess_run *r = s->run;
    hcb__arena arena;
    marks m;
    hcb__arena_init(&arena, r->mem);
    hcb_status status = HCB_OK;
    for (int open = 1; open >= 0 && status == HCB_OK; open--) {
        status = save(&m, &arena, r) ? HCB_OK : HCB_ENOMEM;
        if (status != HCB_OK)
            break;
        if (open)
            hcb__hess_force(r, centre);
        else
            r->closed[centre] = true;
        status = node(s, depth + 1);
        restore(&m, r);
        hcb__arena_release(&arena);
        hcb__arena_init(&arena, r->mem);
    }
    hcb__arena_release(&arena);
    return status;
}

static hcb_status node(search *s, int depth) {
    hcb__hess_run *r = s->run;
    if (hcb__budget_over(r->p->budget)) {
        s->complete = false;
        return HCB_OK;
    }
    r->out->nodes++;
    double bound;
    if (!hcb__hess_dual(r, depth ? NODE_STEPS : 0, &bound))
        return HCB_ENOMEM;
    if (bound > r->best_value - (r->p->real_cost ? 0 : 1))
        return HCB_OK;
    int64_t pairs;
    int32_t centre = look(r, &pairs);
    /* Without a plan to beat the bound rules nothing out: first find one, or that there is none. */
    bool blind = r->best_value == INFINITY;
    if (centre < 0 || pairs <= 3 * (int64_t)r->n || blind) {
        bool complete;
        double left = hcb__deadline_left(r->p->budget->deadline);
        double seconds = centre < 0 ? left : blind ? left / 2 : fmin(left, LEAF_SECONDS);
        hcb_status status = hcb__hess_programme(r, NULL, seconds, &complete);
        if (status != HCB_OK || complete)
            return status;
        if (centre < 0) {
            s->complete = false;
            return HCB_OK;
        }
    }
    return descend(s, depth, centre);
}

hcb_status hcb__hess_branch(hcb__hess_run *run, bool *complete) {
    search s = {run, true};
    hcb_status status = node(&s, 0);
    *complete = status == HCB_OK && s.complete;
    return status;
}
