/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "One centre a unit" is priced into the objective. What is left falls apart by centre: each candidate fills its zone
 * with the units that pay best for their weight (a fractional knapsack between the bounds), and the k best candidates
 * are taken. The value is a bound for every choice of prices; subgradient steps raise it. */
#include <math.h>
#include <string.h>

#include "design/hess.h"

typedef struct item {
    double ratio, reduced, weight;
    int32_t unit;
} item;

typedef struct dual {
    hcb__hess_run *run;
    int32_t n, k, m; /* m: candidates */
    item *items;
    double *worth;    /* [n] of each candidate's zone */
    double *critical; /* [n] price of weight at which it stops */
    int32_t *order;
    double *taken; /* [n * n] the fraction of each unit in each candidate's zone, of this evaluation */
    double *slope; /* [n] */
} dual;

/* Room for rounding: bounds are lowered by so much before anything is concluded. */
static double safe(double value) {
    return value - 1e-9 * (fabs(value) + 1);
}

static bool before(const item *x, const item *y) {
    return x->ratio < y->ratio || (x->ratio <= y->ratio && x->unit < y->unit);
}

/* A heap with the least item first: only as many are put in order as a zone takes. */
static void sift(item *heap, int32_t n, int32_t at) {
    item moved = heap[at];
    for (int32_t child = 2 * at + 1; child < n; child = 2 * at + 1) {
        if (child + 1 < n && before(&heap[child + 1], &heap[child]))
            child++;
        if (!before(&heap[child], &moved))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
}

/* The least value of a zone with centre j; INFINITY when it cannot reach its bounds. */
static double fill(dual *d, int32_t j) {
    const hcb__hess_run *r = d->run;
    const double *cost = r->p->cost + (size_t)j * (size_t)d->n;
    const uint8_t *barred = r->barred + (size_t)j * (size_t)d->n;
    double *taken = d->taken + (size_t)j * (size_t)d->n;
    memset(taken, 0, (size_t)d->n * sizeof *taken);
    int32_t m = 0;
    double worth = cost[j] - r->price[j], weight = (double)r->p->weight[j];
    double low = (double)r->low[j], high = (double)r->high[j];
    taken[j] = 1;
    for (int32_t i = 0; i < d->n; i++) {
        if (i == j || barred[i])
            continue;
        double w = (double)r->p->weight[i], reduced = cost[i] - r->price[i];
        if (w == 0) { /* takes no room */
            if (reduced < 0) {
                worth += reduced;
                taken[i] = 1;
            }
            continue;
        }
        d->items[m++] = (item){reduced / w, reduced, w, i};
    }
    if (weight > high)
        return INFINITY;
    for (int32_t i = m / 2 - 1; i >= 0; i--)
        sift(d->items, m, i);
    d->critical[j] = 0;
    while (m > 0 && (d->items[0].reduced < 0 || weight < low)) {
        item next = d->items[0];
        double room = (next.reduced < 0 ? high : low) - weight;
        if (room <= 0)
            break;
        double share = room >= next.weight ? 1 : room / next.weight;
        taken[next.unit] = share;
        worth += share * next.reduced;
        weight += share * next.weight;
        if (room <= next.weight) {
            d->critical[j] = next.ratio;
            if (next.reduced < 0 || share < 1)
                break;
        }
        d->items[0] = d->items[--m];
        sift(d->items, m, 0);
    }
    return weight + 1e-6 < low ? INFINITY : worth;
}

static bool is_centre(const hcb__hess_run *r, int32_t j) {
    return !r->p->capacity || r->p->capacity[j] > 0;
}

static bool goes_before(const dual *d, int32_t a, int32_t b) {
    const bool *forced = d->run->forced;
    if (forced[a] != forced[b])
        return forced[a];
    double of_a = d->worth[a], of_b = d->worth[b];
    return of_a < of_b || (of_a <= of_b && a < b);
}

/* The bound at run->price; chosen candidates first in `order`. */
static double evaluate(dual *d) {
    hcb__hess_run *r = d->run;
    int32_t m = 0;
    for (int32_t j = 0; j < d->n; j++) {
        d->worth[j] = r->closed[j] || !is_centre(r, j) ? INFINITY : fill(d, j);
        if (d->worth[j] < INFINITY)
            d->order[m++] = j;
    }
    int32_t n_forced = 0;
    for (int32_t j = 0; j < d->n; j++) {
        n_forced += r->forced[j];
        if (r->forced[j] && d->worth[j] == INFINITY)
            return INFINITY;
    }
    if (m < d->k || n_forced > d->k)
        return INFINITY;
    d->m = m;
    /* Forced ones and then the least to the front, in order; ties by number, so that the run repeats itself. */
    for (int32_t c = 0; c < d->k; c++) {
        int32_t least = c;
        for (int32_t i = c + 1; i < m; i++)
            if (goes_before(d, d->order[i], d->order[least]))
                least = i;
        int32_t keep = d->order[c];
        d->order[c] = d->order[least];
        d->order[least] = keep;
    }
    double value = 0;
    for (int32_t i = 0; i < d->n; i++) {
        value += r->price[i];
        d->slope[i] = 1;
    }
    for (int32_t c = 0; c < d->k; c++) {
        int32_t j = d->order[c];
        value += d->worth[j];
        const double *taken = d->taken + (size_t)j * (size_t)d->n;
        for (int32_t i = 0; i < d->n; i++)
            d->slope[i] -= taken[i];
    }
    for (int32_t i = 0; i < m; i++)
        r->often[d->order[i]] += 0.05 * ((i < d->k ? 1 : 0) - r->often[d->order[i]]);
    for (int32_t c = 0; c < d->k; c++)
        r->chosen[c] = d->order[c];
    return value;
}

/* A plan is better when it costs no more than this. */
static double best_beaten_by(const hcb__hess_run *r) {
    return r->p->real_cost ? r->best_value : r->best_value - 1;
}

/* What no better plan has, at the prices of the last evaluation. */
static void conclude(dual *d, double value) {
    hcb__hess_run *r = d->run;
    if (!(r->best_value < INFINITY))
        return;
    double beat = best_beaten_by(r);
    /* The dearest of those chosen gives way to a candidate that comes in, the cheapest of the others replaces one that
     * goes. */
    double gives_way = r->forced[d->order[d->k - 1]] ? -INFINITY : d->worth[d->order[d->k - 1]], replaces = INFINITY;
    for (int32_t i = d->k; i < d->m; i++)
        replaces = fmin(replaces, d->worth[d->order[i]]);
    for (int32_t at = 0; at < d->m; at++) {
        int32_t j = d->order[at];
        double with = at < d->k ? value : value - gives_way + d->worth[j];
        if (safe(with) > beat) {
            r->closed[j] = true;
            continue;
        }
        if (at < d->k && !r->forced[j] && safe(value - d->worth[j] + replaces) > beat)
            hcb__hess_force(r, j);
        const double *cost = r->p->cost + (size_t)j * (size_t)d->n;
        uint8_t *barred = r->barred + (size_t)j * (size_t)d->n;
        for (int32_t i = 0; i < d->n; i++) {
            double more = cost[i] - r->price[i] - d->critical[j] * (double)r->p->weight[i];
            if (i != j && !barred[i] && more > 0 && safe(with + more) > beat)
                barred[i] = 1;
        }
    }
}

void hcb__hess_force(hcb__hess_run *r, int32_t centre) {
    r->forced[centre] = true;
    for (int32_t j = 0; j < r->n; j++)
        if (j != centre)
            r->barred[(size_t)j * (size_t)r->n + (size_t)centre] = 1;
}

static bool prepare(dual *d, hcb__arena *arena) {
    size_t n = (size_t)d->n;
    d->items = hcb__arena_alloc(arena, n, sizeof *d->items);
    d->worth = hcb__arena_alloc(arena, n, sizeof *d->worth);
    d->critical = hcb__arena_alloc(arena, n, sizeof *d->critical);
    d->order = hcb__arena_alloc(arena, n, sizeof *d->order);
    d->taken = hcb__arena_alloc(arena, n * n, sizeof *d->taken);
    d->slope = hcb__arena_alloc(arena, n, sizeof *d->slope);
    return d->items && d->worth && d->critical && d->order && d->taken && d->slope;
}

bool hcb__hess_dual(hcb__hess_run *r, int32_t steps, double *bound) {
    hcb__arena arena;
    hcb__arena_init(&arena, r->mem);
    dual d = {.run = r, .n = r->n, .k = r->p->k};
    double *best = hcb__arena_alloc(&arena, (size_t)r->n, sizeof *best);
    double *way = hcb__arena_alloc(&arena, (size_t)r->n, sizeof *way); /* of the last step */
    if (!best || !way || !prepare(&d, &arena)) {
        hcb__arena_release(&arena);
        return false;
    }
    memcpy(best, r->price, (size_t)r->n * sizeof *best);
    double scale = 1, top = -INFINITY;
    for (int32_t step = 0, idle = 0; step < steps && scale > 1e-4 && !hcb__budget_interrupted(r->p->budget); step++) {
        double value = evaluate(&d);
        if (value == INFINITY) { /* too few candidates are left: nothing beats the best plan */
            top = INFINITY;
            break;
        }
        conclude(&d, value);
        if (safe(value) > best_beaten_by(r)) {
            top = value;
            memcpy(best, r->price, (size_t)r->n * sizeof *best);
            break;
        }
        idle = value > top + 1e-6 * fabs(top) || top == -INFINITY ? 0 : idle + 1;
        if (value > top) {
            top = value;
            memcpy(best, r->price, (size_t)r->n * sizeof *best);
        }
        if (idle >= 30) {
            idle = 0;
            scale /= 1.5;
        }
        /* A step that turns back on the last one is bent away from it (Camerini, Fratta and Maffioli). */
        double along = 0, norm = 0;
        for (int32_t i = 0; i < r->n; i++) {
            along += d.slope[i] * way[i];
            norm += way[i] * way[i];
        }
        double bend = along < 0 ? -1.5 * along / norm : 0;
        norm = 0;
        for (int32_t i = 0; i < r->n; i++) {
            way[i] = d.slope[i] + bend * way[i];
            norm += way[i] * way[i];
        }
        if (norm < 1e-12)
            break;
        double goal = r->best_value < INFINITY ? r->best_value : top + 0.05 * fabs(top) + 1;
        double length = scale * (goal - value > 0 ? goal - value : 1) / norm;
        for (int32_t i = 0; i < r->n; i++)
            r->price[i] += length * way[i];
    }
    memcpy(r->price, best, (size_t)r->n * sizeof *best);
    if (top < INFINITY) {
        double value = evaluate(&d);
        if (value < INFINITY)
            conclude(&d, value);
    }
    *bound = top == INFINITY ? INFINITY : safe(top);
    if (*bound < INFINITY && !r->p->real_cost)
        *bound = ceil(*bound);
    hcb__arena_release(&arena);
    return true;
}
