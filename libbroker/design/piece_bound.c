/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With prices on "each unit once", on bounds of hours and on the limit of hours moved, every zone takes what is best
 * for it alone. Whatever the prices, the sum of the least that zones can have (piece_box.h) is a bound.
 *
 * Prices are raised by subgradient steps along what the zones would take. For the steps it is enough to look where the
 * best zones were before; now and then the least is found out, which is the bound and says where else to look.
 */
#include "design/piece_bound.h"

#include <math.h>
#include <string.h>

#include "design/piece_box.h"

enum { STEPS = 2000, PROOF_STEPS = 100, FIRST_PROOFS = 400, IDLE = 80, KNOWN = 16, CUTS = 400, LAST_CUTS = 4000 };

/* Steps are this part of the way to the known value at the end at least, are cut by this when nothing comes of them,
 * and zones' least is known to this part of the value. */
static const double SHORTEST = 0.1, SHORTER = 1.7, NEAR = 1e-6;

typedef struct work {
    const hcb__mapping *m;
    hcb__arena arena;
    hcb__budget *budget;
    hcb__pieces pieces;
    int32_t level, n, k;
    const double *w;                            /* [n] minutes */
    double *price, *best_price, *scale, *slope; /* [n + 2k + 1]: units, low bounds, high bounds, moves */
    double *known;                              /* [k][KNOWN][dimensions] where a zone may be best */
    int32_t *next;                              /* [k] the one of these to be forgotten */
    bool *has_low, *has_high;
} work;

static double *known_of(const work *o, int32_t zone, int32_t i) {
    return o->known + ((size_t)zone * KNOWN + (size_t)i) * HCB__PIECE_DIMENSIONS;
}

static size_t place_bytes(void) {
    return HCB__PIECE_DIMENSIONS * sizeof(double);
}

static int64_t shift_of(const work *o, int32_t u, int32_t z) {
    return o->m->problem.levels[HCB__MAP_MOVED_HOURS].cost[(size_t)u * (size_t)o->k + (size_t)z];
}

/* What prices are worth by themselves, and which way they should go before any zone has chosen. */
static double before_zones(work *o) {
    const hcb__map_problem *p = &o->m->problem;
    const double *low = o->price + o->n, *high = low + o->k, moving = o->price[o->n + 2 * o->k];
    double value = 0;
    bool capped = o->m->moved_cap < INT64_MAX;
    for (int32_t u = 0; u < o->n; u++) {
        value += o->price[u];
        o->slope[u] = 1;
    }
    o->slope[o->n + 2 * o->k] = capped ? -(double)o->m->moved_cap : 0;
    value -= capped ? moving * (double)o->m->moved_cap : 0;
    for (int32_t z = 0; z < o->k; z++) {
        value += (o->has_low[z] ? low[z] * (double)p->low[z] : 0) - (o->has_high[z] ? high[z] * (double)p->high[z] : 0);
        o->slope[o->n + z] = o->has_low[z] ? (double)p->low[z] : 0;
        o->slope[o->n + o->k + z] = o->has_high[z] ? -(double)p->high[z] : 0;
    }
    return value;
}

static void charge(work *o, int32_t z) {
    const double *low = o->price + o->n, *high = low + o->k, moving = o->price[o->n + 2 * o->k];
    for (int32_t u = 0; u < o->n; u++) {
        int32_t fixed = o->m->problem.fixed[u];
        double cost = moving * (double)shift_of(o, u, z) + (high[z] - low[z]) * o->w[u] - o->price[u];
        o->pieces.charge[u] = fixed >= 0 && fixed != z ? INFINITY : cost;
    }
}

/* A zone takes what is best at a place. */
static void take(work *o, int32_t z, const double *at, double *cost) {
    bool capped = o->m->moved_cap < INT64_MAX;
    hcb__piece_costs(&o->pieces, at, cost);
    for (int32_t u = 0; u < o->n; u++) {
        if (o->m->problem.fixed[u] != z && !(cost[u] + o->pieces.charge[u] < 0))
            continue;
        o->slope[u] -= 1;
        o->slope[o->n + z] -= o->has_low[z] ? o->w[u] : 0;
        o->slope[o->n + o->k + z] += o->has_high[z] ? o->w[u] : 0;
        o->slope[o->n + 2 * o->k] += capped ? (double)shift_of(o, u, z) : 0;
    }
}

/* About the bound at the prices, and which way they should go: the best of the places known counts as the best. */
static double estimate(work *o, double *cost) {
    double value = before_zones(o);
    for (int32_t z = 0; z < o->k; z++) {
        double least = INFINITY, best[HCB__PIECE_DIMENSIONS] = {0};
        int32_t from = 0;
        charge(o, z);
        for (int32_t i = 0; i < KNOWN; i++) {
            double at[HCB__PIECE_DIMENSIONS];
            memcpy(at, known_of(o, z, i), sizeof at);
            double now = hcb__piece_descend(&o->pieces, z, at);
            if (now < least) {
                least = now;
                from = i;
                memcpy(best, at, sizeof at);
            }
        }
        if (from > 0) /* the best of the step before stays known */
            memcpy(known_of(o, z, from), known_of(o, z, 0), place_bytes());
        memcpy(known_of(o, z, 0), best, sizeof best);
        value += least;
        take(o, z, best, cost);
    }
    return value;
}

/* The bound at the prices; where each zone has its least is kept. */
static double prove(work *o, int32_t cuts, double near) {
    double value = before_zones(o);
    for (int32_t z = 0; z < o->k; z++) {
        int32_t slot = 1 + o->next[z]++ % (KNOWN - 1);
        charge(o, z);
        value += hcb__piece_least(&o->pieces, z, cuts, near, known_of(o, z, slot));
    }
    o->budget->work += cuts;
    return value;
}

/* A unit is worth at first what it costs where it is; zones may be best where one of the map is. */
static void first_prices(work *o, const int32_t *zone, double *cost) {
    for (int32_t z = 0; z < o->k; z++) {
        double sums[HCB__PIECE_SUMS] = {0};
        for (int32_t u = 0; u < o->n; u++)
            for (int i = 0; zone[u] == z && i < HCB__PIECE_SUMS; i++)
                sums[i] += o->pieces.part[i][u];
        hcb__piece_place(&o->pieces, sums, known_of(o, z, 0));
        hcb__piece_costs(&o->pieces, known_of(o, z, 0), cost);
        for (int32_t u = 0; u < o->n; u++)
            if (zone[u] == z)
                o->price[u] = cost[u];
    }
    for (int32_t z = 0; z < o->k; z++)
        for (int32_t i = 1; i < KNOWN; i++)
            memcpy(known_of(o, z, i), known_of(o, (z + i) % o->k, 0), place_bytes());
}

static bool proof_is_due(int32_t step) {
    int32_t every = step < FIRST_PROOFS ? PROOF_STEPS / 4 : PROOF_STEPS;
    return step % every == every - 1;
}

static void set_scale(work *o, double known) {
    double mean = known / o->n, weight = 0;
    for (int32_t u = 0; u < o->n; u++) {
        o->scale[u] = fabs(o->price[u]) + mean / 4;
        weight += o->w[u] / o->n;
    }
    for (int32_t i = o->n; i <= o->n + 2 * o->k; i++)
        o->scale[i] = 0.3 * mean / fmax(weight, 1);
}

/* Prices a step further, so long that they would make `gap` more if the way went on as it begins. */
static bool step_on(work *o, double gap) {
    double norm = 0;
    for (int32_t i = 0; i <= o->n + 2 * o->k; i++)
        norm += o->scale[i] * o->slope[i] * o->scale[i] * o->slope[i];
    if (norm <= 0)
        return false;
    for (int32_t i = 0; i <= o->n + 2 * o->k; i++) {
        o->price[i] += gap / norm * o->scale[i] * o->scale[i] * o->slope[i];
        o->price[i] = i < o->n ? o->price[i] : fmax(0, o->price[i]);
    }
    return true;
}

static double raise(work *o, double known, double *cost) {
    size_t bytes = (size_t)(o->n + 2 * o->k + 1) * sizeof *o->price;
    double top = -INFINITY, proved = -INFINITY, length = 1, near = NEAR * known / o->k;
    int32_t idle = 0;
    set_scale(o, known);
    memcpy(o->best_price, o->price, bytes);
    for (int32_t step = 0; step < STEPS && length > 1e-4 && proved < known; step++) {
        if (hcb__budget_interrupted(o->budget))
            break;
        if (proof_is_due(step)) {
            memcpy(o->price, o->best_price, bytes);
            proved = fmax(proved, prove(o, CUTS, near));
            /* The prices are worth less than was thought: what was learnt from steps since is doubtful too. */
            double now = estimate(o, cost), lost = (top - now) / fmax(known - now, 1);
            length = fmax(length, fmax(fmin(lost, 1), SHORTEST * (1 - (double)step / STEPS)));
            top = now;
            idle = 0;
        }
        double value = estimate(o, cost);
        o->budget->work += KNOWN;
        if (value > top) {
            top = value;
            idle = 0;
            memcpy(o->best_price, o->price, bytes);
        } else if (++idle >= IDLE) {
            length /= SHORTER;
            idle = 0;
            memcpy(o->price, o->best_price, bytes);
            value = estimate(o, cost);
        }
        if (!step_on(o, length * fmax(known - value, known / 1000)))
            break;
    }
    memcpy(o->price, o->best_price, bytes);
    return fmax(proved, prove(o, hcb__budget_interrupted(o->budget) ? 0 : LAST_CUTS, near));
}

static void find_bounds(work *o) {
    const hcb__map_problem *p = &o->m->problem;
    bool all_open = !hcb__map_number_free(p) || p->least_zones == p->k;
    for (int32_t z = 0; z < o->k; z++) {
        bool stays = all_open;
        for (int32_t u = 0; u < o->n; u++)
            stays = stays || p->fixed[u] == z;
        o->has_low[z] = stays && p->low[z] > -INT64_MAX / 4;
        o->has_high[z] = p->high[z] < INT64_MAX / 4;
    }
}

static bool prepare(work *o, double **cost) {
    size_t n = (size_t)o->n, k = (size_t)o->k, prices = n + 2 * k + 1;
    double *w = hcb__arena_alloc(&o->arena, n, sizeof *w);
    *cost = hcb__arena_alloc(&o->arena, n, sizeof **cost);
    o->price = hcb__arena_alloc(&o->arena, prices, sizeof *o->price);
    o->best_price = hcb__arena_alloc(&o->arena, prices, sizeof *o->best_price);
    o->scale = hcb__arena_alloc(&o->arena, prices, sizeof *o->scale);
    o->slope = hcb__arena_alloc(&o->arena, prices, sizeof *o->slope);
    o->known = hcb__arena_alloc(&o->arena, k * KNOWN, place_bytes());
    o->next = hcb__arena_alloc(&o->arena, k, sizeof *o->next);
    o->has_low = hcb__arena_alloc(&o->arena, k, sizeof *o->has_low);
    o->has_high = hcb__arena_alloc(&o->arena, k, sizeof *o->has_high);
    if (!w || !*cost || !o->price || !o->best_price || !o->scale || !o->slope || !o->known || !o->next || !o->has_low ||
        !o->has_high || !hcb__pieces_prepare(&o->pieces, &o->arena, o->m, o->level, LAST_CUTS))
        return false;
    for (size_t u = 0; u < n; u++)
        w[u] = (double)o->m->problem.attribute[HCB__SUM_MINUTES * n + u];
    o->w = w;
    find_bounds(o);
    return true;
}

bool hcb__piece_bound(int64_t *bound, const hcb_allocator *mem, const hcb__mapping *m, int32_t level,
                      const int32_t *zone, int64_t known, hcb__budget *budget) {
    work o = {.m = m, .budget = budget, .level = level, .n = m->n, .k = m->k};
    if ((level != HCB__MAP_TRAVEL && level != HCB__MAP_INERTIA) || known <= *bound)
        return true;
    double *cost;
    hcb__arena_init(&o.arena, mem);
    bool ok = prepare(&o, &cost);
    if (ok) {
        first_prices(&o, zone, cost);
        double top = raise(&o, (double)known, cost);
        /* What rounding takes off: of sums here, of seconds of zones. */
        top -= 1e-6 * fabs(top) + (level == HCB__MAP_TRAVEL ? o.k : 0);
        if (top > (double)*bound)
            *bound = (int64_t)ceil(top);
    }
    hcb__arena_release(&o.arena);
    return ok;
}
