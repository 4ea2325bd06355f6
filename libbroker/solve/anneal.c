/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/anneal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solve/swift.h"

enum { LOGS = 4096, CANDIDATES = 12, STEPS = 256 };

typedef struct run {
    hcb__plan *plan;
    const hcb__core *core;
    hcb__rng rng;
    int32_t *order; /* [n_choices] choices of an item, best candidate first */
    int32_t *best;  /* [n_items] */
    int64_t best_value;
    bool best_is_now;  /* the plan at hand is the best and not yet copied */
    double logs[LOGS]; /* -log of evenly spaced probabilities */
    double temperature;
} run;

static double key(const hcb__core *core, const double *reduced, int32_t c) {
    return reduced ? reduced[c] : (double)core->cost[c];
}

static void sort_candidates(run *r, const double *reduced) {
    for (int32_t i = 0; i < r->core->n_items; i++) {
        int32_t lo = r->core->start[i], hi = r->core->start[i + 1];
        for (int32_t c = lo; c < hi; c++) {
            int32_t at = c;
            double k = key(r->core, reduced, c);
            for (; at > lo && key(r->core, reduced, r->order[at - 1]) > k; at--)
                r->order[at] = r->order[at - 1];
            r->order[at] = c;
        }
    }
}

static inline int32_t candidate(run *r, int32_t item) {
    int32_t lo = r->core->start[item], n = r->core->start[item + 1] - lo;
    if (n > CANDIDATES)
        n = CANDIDATES;
    uint32_t a = hcb__rng_below(&r->rng, (uint32_t)n), b = hcb__rng_below(&r->rng, (uint32_t)n);
    return r->order[lo + (int32_t)(a < b ? a : b)];
}

static inline int32_t random_in(run *r, int32_t bin) {
    uint32_t n = (uint32_t)r->plan->bin_count[bin];
    return n ? r->plan->bin_item[r->core->bin_cap_start[bin] + (int32_t)hcb__rng_below(&r->rng, n)] : -1;
}

/* Room for the first item by sending one of the bin's items away, and, when that bin is full too, one of its items. */
static bool push(run *r, int32_t item, int32_t c, int64_t most) {
    const hcb__core *core = r->core;
    hcb__plan *plan = r->plan;
    int32_t from = core->bin[plan->choice[item]];
    int32_t other = random_in(r, core->bin[c]);
    if (other < 0)
        return false;
    int32_t back = from >= 0 && hcb__rng_below(&r->rng, 2) ? hcb__core_find(core, other, from) : -1;
    int32_t d = back >= 0 ? back : candidate(r, other);
    if (d == plan->choice[other])
        return false;
    int32_t items[3] = {item, other}, choices[3] = {c, d};
    if (hcb__plan_try(plan, 2, items, choices, most))
        return true;
    int32_t bin = core->bin[d];
    if (bin < 0 || bin == from)
        return false;
    int32_t third = random_in(r, bin);
    if (third < 0 || third == item)
        return false;
    back = from >= 0 ? hcb__core_find(core, third, from) : -1;
    choices[2] = back >= 0 ? back : candidate(r, third);
    items[2] = third;
    return choices[2] != plan->choice[third] && hcb__plan_try(plan, 3, items, choices, most);
}

static void keep_best(run *r) {
    if (r->best_is_now)
        memcpy(r->best, r->plan->choice, (size_t)r->core->n_items * sizeof *r->best);
    r->best_is_now = false;
}

static void propose(run *r) {
    const hcb__core *core = r->core;
    hcb__plan *plan = r->plan;
    int32_t item = core->movable[hcb__rng_below(&r->rng, (uint32_t)core->n_movable)];
    int32_t c = candidate(r, item), now = plan->choice[item];
    if (c == now)
        return;
    int64_t most = (int64_t)(r->temperature * r->logs[hcb__rng_below(&r->rng, LOGS)]);
    int64_t before = hcb__plan_value(plan);
    /* A step that may worsen the plan must not be taken before the best is copied. */
    if (r->best_is_now && most > 0)
        keep_best(r);
    bool moved = hcb__plan_try(plan, 1, &item, &c, most);
    if (!moved && core->bin[c] >= 0)
        moved = push(r, item, c, most);
    if (moved && hcb__plan_value(plan) < r->best_value) {
        r->best_value = hcb__plan_value(plan);
        r->best_is_now = true;
    } else if (moved && hcb__plan_value(plan) != before) {
        r->best_is_now = false;
    }
}

static void anneal(run *r, const hcb__anneal_options *o, hcb__budget *budget) {
    int64_t block = o->proposals / STEPS + 1;
    double hot = o->hot > 0 ? o->hot : 0, cold = o->cold > 0 && o->cold < hot ? o->cold : hot;
    for (int32_t step = 0; step < STEPS; step++) {
        r->temperature = hot > 0 ? hot * pow(cold / hot, (double)step / (STEPS - 1)) : 0;
        for (int64_t done = 0; done < block; done += 1024) {
            int32_t n = block - done < 1024 ? (int32_t)(block - done) : 1024;
            for (int32_t k = 0; k < n; k++)
                propose(r);
            budget->work += n / 8 + 1;
            if (r->best_value <= o->target || hcb__budget_over(budget))
                return;
        }
    }
}

bool hcb__anneal(hcb__plan *plan, const hcb_allocator *mem, const hcb__anneal_options *o, hcb__budget *budget) {
    const hcb__core *core = plan->core;
    if (core->n_movable == 0 || o->proposals <= 0)
        return true;
    if (core->first_goal == core->n_rows) {
        hcb__anneal_options sum = *o;
        sum.target -= core->constant;
        return hcb__swift(plan, mem, &sum, budget);
    }
    run *r = hcb__calloc(mem, 1, sizeof *r);
    int32_t *order = hcb__calloc(mem, (size_t)core->n_choices, sizeof *order);
    int32_t *best = hcb__calloc(mem, (size_t)core->n_items, sizeof *best);
    if (r && order && best) {
        r->plan = plan;
        r->core = core;
        r->order = order;
        r->best = best;
        hcb__rng_seed(&r->rng, o->seed, o->stream);
        for (int32_t k = 0; k < LOGS; k++)
            r->logs[k] = -log((k + 0.5) / LOGS);
        sort_candidates(r, o->reduced);
        memcpy(best, plan->choice, (size_t)core->n_items * sizeof *best);
        r->best_value = hcb__plan_value(plan);
        anneal(r, o, budget);
        if (!r->best_is_now)
            hcb__plan_set(plan, best);
    }
    bool ok = r && order && best;
    hcb__free(mem, r);
    hcb__free(mem, order);
    hcb__free(mem, best);
    return ok;
}

/* Where the prices tell an item's choices not apart: what its costs differ by. */
static double mean_spread(const hcb__core *core) {
    double sum = 0;
    int32_t n = 0;
    for (int32_t m = 0; m < core->n_movable; m++) {
        int32_t i = core->movable[m];
        int64_t least = core->cost[core->start[i]], most = least;
        for (int32_t c = core->start[i] + 1; c < core->start[i + 1]; c++) {
            least = core->cost[c] < least ? core->cost[c] : least;
            most = core->cost[c] > most ? core->cost[c] : most;
        }
        sum += (double)most - (double)least;
        n += most > least;
    }
    return n ? sum / n : 0;
}

double hcb__anneal_scale(const hcb__core *core, const double *reduced) {
    double sum = 0;
    int32_t n = 0;
    for (int32_t m = 0; m < core->n_movable; m++) {
        int32_t i = core->movable[m];
        double first = INFINITY, second = INFINITY;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            double k = key(core, reduced, c);
            if (k < first) {
                second = first;
                first = k;
            } else if (k < second) {
                second = k;
            }
        }
        if (second > first) {
            sum += second - first;
            n++;
        }
    }
    return n ? sum / n : mean_spread(core);
}
