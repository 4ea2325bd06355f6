/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans to begin with. Units flow to k centres at least cost within the bounds (what a power diagram does, as a linear
 * programme), each zone moves its centre to where it costs least, and so on until nothing changes; from several seeds
 * that are far from each other. The prices of the best flow start the bound. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/rng.h"
#include "design/hess.h"
#include "solve/backend.h"

enum { SEEDS = 12, TURNS = 25 };

typedef struct flow {
    hcb__hess_run *run;
    int32_t n, k;
    int32_t *centre;    /* [k] */
    int32_t *centre_of; /* [n] */
    double *dual, *x, *row_low, *row_high, *cost, *lower, *upper, *value;
    int32_t *start, *row;
    double worth;
} flow;

static double cost_at(const flow *f, int32_t i, int32_t j) {
    return f->run->p->cost[(size_t)j * (size_t)f->n + (size_t)i];
}

/* Units to the centres at hand; false when the programme gave no answer. */
static bool assign(flow *f) {
    const hcb__hess_run *r = f->run;
    int32_t m = 0, at = 0;
    for (int32_t i = 0; i < f->n; i++)
        f->row_low[i] = f->row_high[i] = 1;
    for (int32_t c = 0; c < f->k; c++) {
        f->row_low[f->n + c] = (double)r->low[f->centre[c]];
        f->row_high[f->n + c] = (double)r->high[f->centre[c]];
    }
    for (int32_t i = 0; i < f->n; i++)
        for (int32_t c = 0; c < f->k; c++, m++) {
            double w = (double)r->p->weight[i];
            f->cost[m] = cost_at(f, i, f->centre[c]);
            f->lower[m] = i == f->centre[c];
            bool other = false; /* centres serve themselves */
            for (int32_t o = 0; o < f->k; o++)
                other = other || (o != c && f->centre[o] == i);
            f->upper[m] = !other;
            f->start[m] = at;
            f->row[at] = i;
            f->value[at++] = 1;
            if (w > 0) {
                f->row[at] = f->n + c;
                f->value[at++] = w;
            }
        }
    f->start[m] = at;
    hcb__model model = {0};
    hcb__columns columns = {m, f->cost, f->lower, f->upper, f->start, f->row, f->value};
    int32_t outcome = HCB__LP_STOPPED;
    hcb_status status =
        hcb__model_open(&model, hcb__backend_of(r->p->budget), r->mem, f->n + f->k, f->row_low, f->row_high);
    if (status == HCB_OK)
        status = hcb__model_add(&model, &columns);
    if (status == HCB_OK)
        status = hcb__model_solve(&model, r->p->budget, &outcome, f->dual, f->x);
    hcb__model_close(&model);
    if (status != HCB_OK || outcome != HCB__LP_OPTIMAL)
        return false;
    f->worth = 0;
    for (int32_t i = 0; i < f->n; i++) {
        int32_t most = 0;
        for (int32_t c = 0; c < f->k; c++) {
            f->worth += f->x[i * f->k + c] * f->cost[i * f->k + c];
            if (f->x[i * f->k + c] > f->x[i * f->k + most] + 1e-9)
                most = c;
        }
        f->centre_of[i] = f->centre[most];
    }
    return true;
}

/* Whether a centre moved. */
static bool recentre(flow *f) {
    bool moved = false;
    for (int32_t c = 0; c < f->k && !f->run->p->capacity; c++) {
        int32_t best = f->centre[c];
        double least = INFINITY;
        for (int32_t j = 0; j < f->n; j++) {
            double sum = 0;
            for (int32_t i = 0; f->centre_of[j] == f->centre[c] && i < f->n; i++)
                if (f->centre_of[i] == f->centre[c])
                    sum += cost_at(f, i, j);
            if (f->centre_of[j] == f->centre[c] && sum < least - 1e-9) {
                least = sum;
                best = j;
            }
        }
        for (int32_t i = 0; best != f->centre[c] && i < f->n; i++)
            if (f->centre_of[i] == f->centre[c])
                f->centre_of[i] = -2 - best;
        for (int32_t i = 0; i < f->n; i++)
            if (f->centre_of[i] < -1)
                f->centre_of[i] = -2 - f->centre_of[i];
        moved = moved || best != f->centre[c];
        f->centre[c] = best;
    }
    return moved;
}

/* Each seed is the farthest of a few drawn by lot. */
static void draw(flow *f, hcb__rng *rng) {
    for (int32_t c = 0; c < f->k; c++) {
        double far = -1;
        for (int tries = 0; tries < 6; tries++) {
            int32_t j = (int32_t)hcb__rng_below(rng, (uint32_t)f->n);
            double near = INFINITY;
            for (int32_t o = 0; o < c; o++)
                near = fmin(near, f->centre[o] == j ? -2 : cost_at(f, j, f->centre[o]) + cost_at(f, f->centre[o], j));
            if (near > far) {
                far = near;
                f->centre[c] = j;
            }
        }
        for (int32_t o = 0; far < 0 && o < c; o++) /* all drawn were centres: the next unit that is none */
            if (f->centre[o] == f->centre[c]) {
                f->centre[c] = (f->centre[c] + 1) % f->n;
                o = -1;
            }
    }
}

static bool prepare(flow *f, hcb__arena *arena) {
    size_t n = (size_t)f->n, k = (size_t)f->k, m = n * k;
    f->centre = hcb__arena_alloc(arena, k, sizeof *f->centre);
    f->centre_of = hcb__arena_alloc(arena, n, sizeof *f->centre_of);
    f->dual = hcb__arena_alloc(arena, n + k, sizeof *f->dual);
    f->x = hcb__arena_alloc(arena, m, sizeof *f->x);
    f->row_low = hcb__arena_alloc(arena, n + k, sizeof *f->row_low);
    f->row_high = hcb__arena_alloc(arena, n + k, sizeof *f->row_high);
    f->cost = hcb__arena_alloc(arena, m, sizeof *f->cost);
    f->lower = hcb__arena_alloc(arena, m, sizeof *f->lower);
    f->upper = hcb__arena_alloc(arena, m, sizeof *f->upper);
    f->value = hcb__arena_alloc(arena, 2 * m, sizeof *f->value);
    f->start = hcb__arena_alloc(arena, m + 1, sizeof *f->start);
    f->row = hcb__arena_alloc(arena, 2 * m, sizeof *f->row);
    return f->centre && f->centre_of && f->dual && f->x && f->row_low && f->row_high && f->cost && f->lower &&
           f->upper && f->value && f->start && f->row;
}

/* From one set of seeds to where centres stay. */
static bool settle(flow *f) {
    for (int turn = 0; turn < TURNS; turn++) {
        if (hcb__budget_interrupted(f->run->p->budget) || !assign(f))
            return false;
        hcb__hess_offer(f->run, f->centre_of);
        if (!recentre(f))
            break;
    }
    return true;
}

bool hcb__hess_start(hcb__hess_run *r) {
    hcb__arena arena;
    hcb__arena_init(&arena, r->mem);
    flow f = {.run = r, .n = r->n, .k = r->p->k};
    hcb__rng rng;
    hcb__rng_seed(&rng, r->p->seed, 0);
    double best = INFINITY;
    bool ok = prepare(&f, &arena);
    hcb__deadline until = hcb__deadline_in(fmin(30, hcb__deadline_left(r->p->budget->deadline) / 6));
    for (int seed = 0; ok && seed < SEEDS && !hcb__deadline_passed(until); seed++) {
        if (r->p->capacity) {
            for (int32_t j = 0, c = 0; j < r->n; j++)
                if (r->p->capacity[j] > 0)
                    f.centre[c++] = j;
            seed = SEEDS;
        } else {
            draw(&f, &rng);
        }
        if (settle(&f) && f.worth < best) {
            best = f.worth;
            memcpy(r->chosen, f.centre, (size_t)f.k * sizeof *r->chosen);
            for (int32_t i = 0; i < r->n; i++)
                r->price[i] = f.dual[i];
        }
    }
    if (ok && best < INFINITY && !(r->best_value < INFINITY))
        ok = hcb__hess_mend(r, f.centre, f.centre_of);
    hcb__arena_release(&arena);
    return ok;
}
