/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The road of a zone with visits N_b in block b on ground A is the sum of A f(N_b / A), f concave: where the ratio lies
 * between two values the chord is below f, and A times a chord is linear in A and N_b, so a sum over units. The inertia
 * of a zone of weight W about its centre c is that about any p, less W |c - p|^2: where c lies in a cell about p with
 * half diagonal r, it is no less than the sum of w (|u - p|^2 - r^2) over units.
 *
 * Every zone so lies in one of many boxes, of ratios or of places, and in each of them units have costs. With prices on
 * "each unit once", on bounds of hours and on the limit of hours moved, a zone takes in a box all units that cost less
 * than their price; its least over all boxes is found by cutting up the box that says least, again and again. Whatever
 * the prices, and wherever the cutting stops, the sum is a bound; prices are raised by subgradient steps.
 */
#include "design/piece_bound.h"

#include <math.h>
#include <string.h>

enum { STEPS = 300, CUTS = 400, LAST_CUTS = 4000, MOST_UNITS = 800, IDLE = 8, DIMENSIONS = HCB__BLOCKS };

typedef struct box {
    double low[DIMENSIONS], high[DIMENSIONS];
    double least; /* no zone in the box is below */
} box;

typedef struct work {
    const hcb__mapping *m;
    hcb__arena arena;
    hcb__budget *budget;
    int32_t level, n, k, dimensions;
    double top[DIMENSIONS], bottom[DIMENSIONS]; /* of the box of all zones */
    double *w, *x, *y, *ground, *visits[HCB__BLOCKS];
    double *cost;                       /* [n] in a box */
    double *charge;                     /* [n] of the zone at hand: prices of moves and bounds, less the unit's own */
    double *price, *best_price, *scale; /* [n + 2k + 1]: units, low bounds, high bounds, moves */
    double *slope;
    box *boxes; /* [2 LAST_CUTS + 2] */
    bool *has_low, *has_high;
} work;

static double f_of(const work *o, double ratio) {
    static const double base = 1e9;
    return ratio > 0 ? ratio * hcb__map_road(&o->m->model->travel, base / ratio, base) / base : 0;
}

static void fill_costs(const work *o, const box *b, double *cost) {
    if (o->level == HCB__MAP_INERTIA) {
        double px = (b->low[0] + b->high[0]) / 2, py = (b->low[1] + b->high[1]) / 2;
        double rx = b->high[0] - px, ry = b->high[1] - py, r2 = rx * rx + ry * ry;
        for (int32_t u = 0; u < o->n; u++) {
            double dx = o->x[u] - px, dy = o->y[u] - py;
            cost[u] = o->w[u] * (dx * dx + dy * dy - r2);
        }
        return;
    }
    double of_ground = 0, of_visits[HCB__BLOCKS];
    for (int d = 0; d < HCB__BLOCKS; d++) {
        double f0 = f_of(o, b->low[d]), f1 = f_of(o, b->high[d]);
        of_visits[d] = b->high[d] > b->low[d] ? (f1 - f0) / (b->high[d] - b->low[d]) : 0;
        of_ground += f0 - of_visits[d] * b->low[d];
    }
    for (int32_t u = 0; u < o->n; u++) {
        cost[u] = of_ground * o->ground[u];
        for (int d = 0; d < HCB__BLOCKS; d++)
            cost[u] += of_visits[d] * o->visits[d][u];
    }
}

static bool takes(const work *o, int32_t u, int32_t zone) {
    return o->m->problem.fixed[u] == zone;
}

/* What a zone in the box has at least, with the charges at hand. */
static double least_in(work *o, const box *b, int32_t zone) {
    double sum = 0;
    fill_costs(o, b, o->cost);
    for (int32_t u = 0; u < o->n; u++) {
        double c = o->cost[u] + o->charge[u];
        sum += takes(o, u, zone) ? c : fmin(0, c);
    }
    return sum;
}

static void cut(const work *o, const box *b, box *one, box *other) {
    bool travel = o->level == HCB__MAP_TRAVEL;
    int wide = 0;
    double most = -1;
    for (int d = 0; d < o->dimensions; d++) {
        double width = travel ? sqrt(b->high[d]) - sqrt(b->low[d]) : b->high[d] - b->low[d];
        if (width > most) {
            most = width;
            wide = d;
        }
    }
    double root = (sqrt(b->low[wide]) + sqrt(b->high[wide])) / 2;
    double middle = travel ? root * root : (b->low[wide] + b->high[wide]) / 2;
    *one = *other = *b;
    one->high[wide] = middle;
    other->low[wide] = middle;
}

/* The least over all boxes, and the box that has it. */
static double least_of(work *o, int32_t zone, int32_t cuts, box *where) {
    int32_t count = 1;
    memcpy(o->boxes[0].low, o->bottom, sizeof o->bottom);
    memcpy(o->boxes[0].high, o->top, sizeof o->top);
    o->boxes[0].least = least_in(o, &o->boxes[0], zone);
    for (int32_t c = 0;; c++) {
        int32_t at = 0;
        for (int32_t i = 1; i < count; i++)
            at = o->boxes[i].least < o->boxes[at].least ? i : at;
        *where = o->boxes[at];
        if (c == cuts)
            return where->least;
        cut(o, where, &o->boxes[at], &o->boxes[count]);
        o->boxes[at].least = fmax(where->least, least_in(o, &o->boxes[at], zone));
        o->boxes[count].least = fmax(where->least, least_in(o, &o->boxes[count], zone));
        count++;
    }
}

/* The bound at the prices, and which way they should go. */
static double evaluate(work *o, int32_t cuts) {
    const hcb__map_problem *p = &o->m->problem;
    const int64_t *moved = p->levels[HCB__MAP_MOVED_HOURS].cost;
    const double *low = o->price + o->n, *high = low + o->k, moving = o->price[o->n + 2 * o->k];
    double *slope = o->slope, value = 0;
    bool capped = o->m->moved_cap < INT64_MAX;
    for (int32_t u = 0; u < o->n; u++) {
        value += o->price[u];
        slope[u] = 1;
    }
    slope[o->n + 2 * o->k] = capped ? -(double)o->m->moved_cap : 0;
    value -= capped ? moving * (double)o->m->moved_cap : 0;
    for (int32_t z = 0; z < o->k; z++) {
        box at;
        value += (o->has_low[z] ? low[z] * (double)p->low[z] : 0) - (o->has_high[z] ? high[z] * (double)p->high[z] : 0);
        slope[o->n + z] = o->has_low[z] ? (double)p->low[z] : 0;
        slope[o->n + o->k + z] = o->has_high[z] ? -(double)p->high[z] : 0;
        for (int32_t u = 0; u < o->n; u++) {
            double shift = (double)moved[(size_t)u * (size_t)o->k + (size_t)z];
            bool elsewhere = p->fixed[u] >= 0 && p->fixed[u] != z;
            o->charge[u] = elsewhere ? INFINITY : moving * shift + (high[z] - low[z]) * o->w[u] - o->price[u];
        }
        value += least_of(o, z, cuts, &at);
        fill_costs(o, &at, o->cost);
        for (int32_t u = 0; u < o->n; u++) {
            if (!takes(o, u, z) && !(o->cost[u] + o->charge[u] < 0))
                continue;
            slope[u] -= 1;
            slope[o->n + z] -= o->has_low[z] ? o->w[u] : 0;
            slope[o->n + o->k + z] += o->has_high[z] ? o->w[u] : 0;
            slope[o->n + 2 * o->k] += capped ? (double)moved[(size_t)u * (size_t)o->k + (size_t)z] : 0;
        }
    }
    return value;
}

/* A unit is worth at first what it costs where it is: about its zone's centre, or at its zone's ratios. */
static void first_prices(work *o, const int32_t *zone) {
    for (int32_t z = 0; z < o->k; z++) {
        double weight = 0, x = 0, y = 0, ground = 0, visits[HCB__BLOCKS] = {0};
        for (int32_t u = 0; u < o->n; u++) {
            if (zone[u] != z)
                continue;
            weight += o->w[u];
            x += o->w[u] * o->x[u];
            y += o->w[u] * o->y[u];
            ground += o->ground[u];
            for (int d = 0; d < HCB__BLOCKS; d++)
                visits[d] += o->visits[d][u];
        }
        box b = {0};
        for (int d = 0; d < o->dimensions; d++) {
            double at = o->level == HCB__MAP_TRAVEL ? ground > 0 ? visits[d] / ground : 0
                        : weight <= 0               ? 0
                        : d                         ? y / weight
                                                    : x / weight;
            double width = o->level == HCB__MAP_TRAVEL ? 1e-3 * at : 1e-3;
            b.low[d] = at - width;
            b.high[d] = at + width;
        }
        fill_costs(o, &b, o->cost);
        for (int32_t u = 0; u < o->n; u++)
            if (zone[u] == z)
                o->price[u] = o->cost[u];
    }
}

/* Few boxes while prices are far off, more as they settle; less on large maps. */
static int32_t cuts_at(const work *o, int32_t step) {
    int32_t cuts = 3 * step < STEPS ? CUTS / 10 : 3 * step < 2 * STEPS ? CUTS / 3 : CUTS;
    return o->n > MOST_UNITS ? (int32_t)((int64_t)cuts * MOST_UNITS / o->n) : cuts;
}

static double raise(work *o, double known) {
    int32_t size = o->n + 2 * o->k + 1, idle = 0;
    double top = -INFINITY, length = 1, mean = known / o->n, weight = 0;
    for (int32_t u = 0; u < o->n; u++) {
        o->scale[u] = fabs(o->price[u]) + mean / 4;
        weight += o->w[u] / o->n;
    }
    for (int32_t i = o->n; i < size; i++)
        o->scale[i] = 0.3 * mean / fmax(weight, 1);
    memcpy(o->best_price, o->price, (size_t)size * sizeof *o->price);
    for (int32_t step = 0; step < STEPS && length > 1e-3; step++) {
        if (hcb__budget_interrupted(o->budget))
            break;
        double value = evaluate(o, cuts_at(o, step)), norm = 0;
        o->budget->work += cuts_at(o, step);
        if (value > top) {
            top = value;
            idle = 0;
            memcpy(o->best_price, o->price, (size_t)size * sizeof *o->price);
        } else if (++idle >= IDLE) {
            length /= 1.6;
            idle = 0;
        }
        for (int32_t i = 0; i < size; i++)
            norm += o->scale[i] * o->slope[i] * o->scale[i] * o->slope[i];
        if (norm <= 0 || value >= known)
            break;
        double by = length * (known - value) / norm;
        for (int32_t i = 0; i < size; i++) {
            o->price[i] += by * o->scale[i] * o->scale[i] * o->slope[i];
            if (i >= o->n)
                o->price[i] = fmax(0, o->price[i]);
        }
    }
    memcpy(o->price, o->best_price, (size_t)size * sizeof *o->price);
    return evaluate(o, LAST_CUTS);
}

static void measure(work *o) {
    const hcb__map_problem *p = &o->m->problem;
    size_t n = (size_t)o->n;
    bool none = true;
    for (size_t u = 0; u < n; u++) {
        o->w[u] = (double)p->attribute[HCB__SUM_MINUTES * n + u];
        o->ground[u] = fmax(1, (double)p->attribute[HCB__SUM_GROUND * n + u]);
        if (o->w[u] > 0) {
            o->x[u] = (double)p->attribute[HCB__SUM_X * n + u] / o->w[u];
            o->y[u] = (double)p->attribute[HCB__SUM_Y * n + u] / o->w[u];
        }
        double at[2] = {o->x[u], o->y[u]};
        for (int d = 0; d < 2 && o->level == HCB__MAP_INERTIA && o->w[u] > 0; d++) {
            o->bottom[d] = none ? at[d] : fmin(o->bottom[d], at[d]);
            o->top[d] = none ? at[d] : fmax(o->top[d], at[d]);
        }
        none = none && o->w[u] <= 0;
        for (int d = 0; d < HCB__BLOCKS; d++) {
            o->visits[d][u] = (double)p->attribute[(size_t)(HCB__SUM_VISITS + d) * n + u];
            if (o->level == HCB__MAP_TRAVEL)
                o->top[d] = fmax(o->top[d], o->visits[d][u] / o->ground[u]);
        }
    }
    bool all_open = !hcb__map_number_free(p) || p->least_zones == p->k;
    for (int32_t z = 0; z < o->k; z++) {
        bool stays = all_open;
        for (int32_t u = 0; u < o->n; u++)
            stays = stays || p->fixed[u] == z;
        o->has_low[z] = stays && p->low[z] > -INT64_MAX / 4;
        o->has_high[z] = p->high[z] < INT64_MAX / 4;
    }
}

static bool prepare(work *o) {
    size_t n = (size_t)o->n, k = (size_t)o->k, prices = n + 2 * k + 1;
    double **vectors[] = {&o->w,         &o->x,         &o->y,         &o->ground, &o->visits[0],
                          &o->visits[1], &o->visits[2], &o->visits[3], &o->cost,   &o->charge};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        if (!(*vectors[i] = hcb__arena_alloc(&o->arena, n, sizeof **vectors[i])))
            return false;
    o->price = hcb__arena_alloc(&o->arena, prices, sizeof *o->price);
    o->best_price = hcb__arena_alloc(&o->arena, prices, sizeof *o->best_price);
    o->scale = hcb__arena_alloc(&o->arena, prices, sizeof *o->scale);
    o->slope = hcb__arena_alloc(&o->arena, prices, sizeof *o->slope);
    o->boxes = hcb__arena_alloc(&o->arena, 2 * LAST_CUTS + 2, sizeof *o->boxes);
    o->has_low = hcb__arena_alloc(&o->arena, k, sizeof *o->has_low);
    o->has_high = hcb__arena_alloc(&o->arena, k, sizeof *o->has_high);
    return o->price && o->best_price && o->scale && o->slope && o->boxes && o->has_low && o->has_high;
}

bool hcb__piece_bound(int64_t *bound, const hcb_allocator *mem, const hcb__mapping *m, int32_t level,
                      const int32_t *zone, int64_t known, hcb__budget *budget) {
    work o = {.m = m, .budget = budget, .level = level, .n = m->n, .k = m->k};
    if ((level != HCB__MAP_TRAVEL && level != HCB__MAP_INERTIA) || known <= *bound)
        return true;
    o.dimensions = level == HCB__MAP_TRAVEL ? HCB__BLOCKS : 2;
    hcb__arena_init(&o.arena, mem);
    bool ok = prepare(&o);
    if (ok) {
        measure(&o);
        first_prices(&o, zone);
        double top = raise(&o, (double)known);
        /* What rounding takes off: of sums here, of seconds of zones. */
        top -= 1e-6 * fabs(top) + (level == HCB__MAP_TRAVEL ? o.k : 0);
        if (top > (double)*bound)
            *bound = (int64_t)ceil(top);
    }
    hcb__arena_release(&o.arena);
    return ok;
}
