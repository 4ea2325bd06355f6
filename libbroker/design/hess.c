/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/enumerate.h"
#include "design/hess.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

/* Whether the zone of each centre is within its bounds and connected. */
static bool legal(hcb__hess_run *r, const int32_t *centre_of, int32_t *mark, int32_t *queue) {
    int32_t n_zones = 0;
    for (int32_t j = 0; j < r->n; j++) {
        if (centre_of[j] != j) {
            if (r->p->capacity && r->p->capacity[j] > 0)
                return false;
            continue;
        }
        int64_t weight = 0;
        for (int32_t i = 0; i < r->n; i++)
            weight += centre_of[i] == j ? r->p->weight[i] : 0;
        if (weight < r->low[j] || weight > r->high[j] || (r->p->capacity && r->p->capacity[j] <= 0))
            return false;
        if (r->p->contiguous && hcb__graph_parts(r->p->graph, centre_of, j, mark, queue) != 1)
            return false;
        n_zones++;
    }
    for (int32_t i = 0; i < r->n; i++)
        if (centre_of[centre_of[i]] != centre_of[i])
            return false;
    return n_zones == r->p->k;
}

static double sum_of(const hcb__hess_run *r, const int32_t *centre_of, int32_t centre, int32_t at) {
    double sum = 0;
    for (int32_t i = 0; i < r->n; i++)
        if (centre_of[i] == centre)
            sum += r->p->cost[(size_t)at * (size_t)r->n + (size_t)i];
    return sum;
}

void hcb__hess_offer(hcb__hess_run *r, const int32_t *centre_of) {
    size_t n = (size_t)r->n;
    int32_t *plan = r->offered, *better = plan + n;
    double value = 0;
    if (legal(r, centre_of, plan + 2 * n, plan + 3 * n)) {
        for (int32_t j = 0; j < r->n; j++) {
            if (centre_of[j] != j)
                continue;
            int32_t best = j;
            double least = sum_of(r, centre_of, j, j);
            for (int32_t c = 0; !r->p->capacity && c < r->n; c++) {
                double sum = centre_of[c] == j && c != j ? sum_of(r, centre_of, j, c) : INFINITY;
                if (sum < least) {
                    least = sum;
                    best = c;
                }
            }
            value += least;
            better[j] = best;
        }
        for (int32_t i = 0; i < r->n; i++)
            plan[i] = better[centre_of[i]];
        if (value < r->best_value) {
            r->best_value = value;
            memcpy(r->best, plan, (size_t)r->n * sizeof *plan);
            if (r->p->progress)
                r->p->progress("plan", value, r->bound, r->p->payload);
        }
    }
}

static bool prepare(hcb__hess_run *r) {
    size_t n = (size_t)r->n;
    r->barred = hcb__arena_alloc(&r->arena, n * n, 1);
    r->closed = hcb__arena_alloc(&r->arena, n, sizeof *r->closed);
    r->forced = hcb__arena_alloc(&r->arena, n, sizeof *r->forced);
    r->often = hcb__arena_alloc(&r->arena, n, sizeof *r->often);
    r->price = hcb__arena_alloc(&r->arena, n, sizeof *r->price);
    r->chosen = hcb__arena_alloc(&r->arena, (size_t)r->p->k, sizeof *r->chosen);
    r->best = hcb__calloc(r->mem, n + 1, sizeof *r->best);
    r->offered = hcb__arena_alloc(&r->arena, 4 * n, sizeof *r->offered);
    r->low = hcb__arena_alloc(&r->arena, n, sizeof *r->low);
    r->high = hcb__arena_alloc(&r->arena, n, sizeof *r->high);
    if (!r->barred || !r->closed || !r->forced || !r->often || !r->price || !r->chosen || !r->best || !r->offered ||
        !r->low || !r->high)
        return false;
    for (int32_t j = 0; j < r->n; j++) {
        r->low[j] = r->p->capacity ? 0 : r->p->low;
        r->high[j] = r->p->capacity ? r->p->capacity[j] : r->p->high;
    }
    /* A price to begin with: what a unit costs at a good centre. */
    for (int32_t i = 0; i < r->n; i++) {
        double least = INFINITY;
        for (int32_t j = 0; j < r->n; j++)
            if (j != i && r->p->cost[(size_t)j * n + (size_t)i] < least)
                least = r->p->cost[(size_t)j * n + (size_t)i];
        r->price[i] = least < INFINITY ? least : 0;
    }
    for (int32_t j = 0; r->p->capacity && j < r->n; j++)
        for (int32_t i = 0; i < r->n; i++)
            if (i != j && r->p->capacity[i] > 0)
                r->barred[(size_t)j * n + (size_t)i] = 1;
    return true;
}

static void count_left(hcb__hess_run *r) {
    r->out->centres_left = 0;
    r->out->pairs_left = 0;
    for (int32_t j = 0; j < r->n; j++) {
        if (r->closed[j] || (r->p->capacity && r->p->capacity[j] <= 0))
            continue;
        r->out->centres_left++;
        for (int32_t i = 0; i < r->n; i++)
            r->out->pairs_left += i == j || !r->barred[(size_t)j * (size_t)r->n + (size_t)i];
    }
}

static bool close_enough(const hcb__hess_run *r) {
    return r->best_value < INFINITY && r->best_value - r->bound <= r->p->gap * fabs(r->best_value);
}

/* Plans around the centres that the prices like: the programme with these alone, then with where its zones want their
 * centres, until that changes nothing. */
static hcb_status start(hcb__hess_run *r, bool *open) {
    for (int turn = 0; turn < 8; turn++) {
        bool complete, moved = false;
        double before = r->best_value;
        memset(open, 0, (size_t)r->n * sizeof *open);
        for (int32_t c = 0; c < r->p->k; c++)
            open[r->chosen[c]] = true;
        hcb_status status =
            hcb__hess_programme(r, open, fmin(20, hcb__deadline_left(r->p->budget->deadline) / 8), &complete);
        if (status != HCB_OK || !(r->best_value < before))
            return status;
        int32_t c = 0;
        for (int32_t j = 0; j < r->n; j++)
            if (r->best[j] == j) {
                moved = moved || !open[j];
                r->chosen[c++] = j;
            }
        if (!moved)
            return HCB_OK;
    }
    return HCB_OK;
}

enum { MOST_GROWN = 3000000, MOST_OFFERED = 5000 };

typedef struct offers {
    hcb__hess_run *run;
    int32_t *centre_of;
    int64_t n;
} offers;

/* A plan of the enumeration: any unit of a zone will do as its centre, the best is found when it is offered. */
static bool offer_zones(const int32_t *zone, int64_t cuts, void *payload) {
    offers *o = payload;
    (void)cuts;
    for (int32_t i = 0; i < o->run->n; i++) {
        int32_t first = 0;
        while (zone[first] != zone[i])
            first++;
        o->centre_of[i] = first;
    }
    hcb__hess_offer(o->run, o->centre_of);
    return ++o->n < MOST_OFFERED;
}

/* Where no plan is known: the plans of a small map, one by one. *complete: these were all. */
static bool grow_plans(hcb__hess_run *r, bool *complete) {
    size_t k = (size_t)r->p->k;
    hcb__budget share = {.deadline = r->p->budget->deadline,
                         .work_limit = MOST_GROWN,
                         .worker = r->p->budget->worker,
                         .backend = r->p->budget->backend};
    offers o = {.run = r, .centre_of = hcb__arena_alloc(&r->arena, (size_t)r->n, sizeof *o.centre_of)};
    int64_t *low = hcb__arena_alloc(&r->arena, k, sizeof *low), *high = hcb__arena_alloc(&r->arena, k, sizeof *high);
    *complete = false;
    if (!o.centre_of || !low || !high)
        return false;
    for (size_t z = 0; z < k; z++) {
        low[z] = r->p->low;
        high[z] = r->p->high;
    }
    hcb__enumeration what = {.graph = r->p->graph,
                             .k = r->p->k,
                             .n_attributes = 1,
                             .attribute = r->p->weight,
                             .low = low,
                             .high = high,
                             .alike = true,
                             .most_cuts = -1,
                             .budget = &share,
                             .visit = offer_zones,
                             .payload = &o};
    hcb__enumerated all;
    if (!hcb__enumerate(&all, NULL, r->mem, &what))
        return false;
    *complete = all.complete;
    return true;
}

static bool root_bound(hcb__hess_run *r, int32_t steps) {
    double bound;
    if (!hcb__hess_dual(r, steps, &bound))
        return false;
    r->bound = fmax(r->bound, fmin(bound, r->best_value));
    count_left(r);
    if (r->p->progress)
        r->p->progress("bound", r->best_value, r->bound, r->p->payload);
    return true;
}

static hcb_status solve(hcb__hess_run *r) {
    bool *open = hcb__arena_alloc(&r->arena, (size_t)r->n, sizeof *open);
    hcb__budget *b = r->p->budget;
    if (!open || !hcb__hess_start(r) || (r->best_value < INFINITY && !root_bound(r, 3000)))
        return HCB_ENOMEM;
    if (close_enough(r) || hcb__budget_interrupted(b))
        return HCB_OK;
    hcb_status status = start(r, open);
    if (status == HCB_OK && !root_bound(r, 3000))
        status = HCB_ENOMEM;
    if (status != HCB_OK || close_enough(r) || hcb__budget_interrupted(b))
        return status;
    bool complete = false;
    if (!(r->best_value < INFINITY) && r->p->contiguous && !r->p->capacity) {
        if (!grow_plans(r, &complete) || (!complete && r->best_value < INFINITY && !root_bound(r, 3000)))
            return HCB_ENOMEM;
    }
    if (!complete)
        status = hcb__hess_branch(r, &complete);
    if (status == HCB_OK && complete) {
        r->out->proved = true;
        r->bound = r->best_value;
    }
    return status;
}

hcb_status hcb__hess_solve(hcb__hess_answer *out, const hcb_allocator *mem, const hcb__hess *problem) {
    memset(out, 0, sizeof *out);
    hcb__hess_run r = {.p = problem, .mem = mem, .n = problem->graph->n, .out = out};
    r.best_value = INFINITY;
    r.bound = -INFINITY;
    hcb__arena_init(&r.arena, mem);
    hcb_status status = prepare(&r) ? solve(&r) : HCB_ENOMEM;
    if (status == HCB_OK) {
        out->found = r.best_value < INFINITY;
        out->value = r.best_value;
        out->bound = r.bound;
        out->proved = out->proved || (out->found && r.bound >= r.best_value);
        out->centre = r.best;
    } else {
        hcb__free(mem, r.best);
    }
    HCB__VEC_FREE(mem, &r.cuts);
    HCB__VEC_FREE(mem, &r.members);
    hcb__arena_release(&r.arena);
    return status;
}
