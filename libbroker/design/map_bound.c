/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every level that is a sum over units is a plain assignment once bounds on hours and the limit on hours moved are
 * priced into it: each unit takes its cheapest zone, for any prices a bound, raised by subgradient steps.
 *
 * Travel is not such a sum: the road of a zone with n visits on ground a is n h(a / n), h concave and rising (roads are
 * taken to be no slower far than near, which makes them no longer), so two pieces of ground put together have at least
 * the road that they have apart. A zone is then no less than what stays of today's zone, plus each unit that comes, by
 * itself. What stays has between the thinnest and the densest that the limit on hours moved lets today's zone become;
 * over that range the chord lies below, and a chord is linear in a and n, so a sum over units.
 */
#include "design/map_bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 1500 };

typedef struct piece {
    double ratio, weight, value;
} piece;

static int compare_pieces(const void *a, const void *b) {
    double x = ((const piece *)a)->ratio, y = ((const piece *)b)->ratio;
    return (x < y) - (x > y);
}

/* The most `value` that units of a zone have within `minutes`. */
static double most_within(const hcb__mapping *m, piece *pieces, int32_t zone, const int64_t *value, double minutes) {
    int32_t n = 0;
    double sum = 0;
    for (int32_t u = 0; u < m->n; u++) {
        if (m->repaired[u] != zone)
            continue;
        double w = (double)m->problem.attribute[u], v = (double)value[u];
        if (w <= 0)
            sum += v;
        else
            pieces[n++] = (piece){v / w, w, v};
    }
    if (n)
        qsort(pieces, (size_t)n, sizeof *pieces, compare_pieces);
    for (int32_t i = 0; i < n && minutes > 0; i++) {
        double share = fmin(1, minutes / pieces[i].weight);
        sum += share * pieces[i].value;
        minutes -= pieces[i].weight;
    }
    return sum;
}

static const int64_t *attribute(const hcb__mapping *m, int32_t a) {
    return m->problem.attribute + (size_t)a * (size_t)m->n;
}

/* What each unit of a zone costs when it stays, into stay[n]; false when the chord says less than the units apart. */
static bool stay_costs(const hcb__mapping *m, piece *pieces, int32_t z, const double *alone, double *stay) {
    const int64_t *ground = attribute(m, HCB__SUM_GROUND);
    const hcb__travel_settings *travel = &m->concave;
    double area = 0, minutes = 0, whole = 0, apart = 0;
    for (int32_t u = 0; u < m->n; u++)
        if (m->repaired[u] == z) {
            minutes += (double)m->problem.attribute[u];
            area += (double)ground[u];
            stay[u] = 0;
        }
    double go = fmin((double)m->moved_cap, minutes);
    double narrowest = fmax(1, area - most_within(m, pieces, z, ground, go));
    for (int b = 0; b < HCB__BLOCKS; b++) {
        const int64_t *visits = attribute(m, HCB__SUM_VISITS + b);
        double most = 0;
        for (int32_t u = 0; u < m->n; u++)
            most += m->repaired[u] == z ? (double)visits[u] : 0;
        double least = most - most_within(m, pieces, z, visits, go);
        if (most < 1)
            continue;
        double t0 = narrowest / most, t1 = area / fmax(1, least), base = 1e6;
        double h0 = hcb__map_road(travel, t0 * base, base) / base, h1 = hcb__map_road(travel, t1 * base, base) / base;
        /* Where all visits may go there is no such range, and ground without any has no road: h0 a visit. */
        double slope = least >= 1 && t1 > t0 ? (h1 - h0) / (t1 - t0) : 0;
        for (int32_t u = 0; u < m->n; u++)
            if (m->repaired[u] == z)
                stay[u] += (h0 - slope * t0) * (double)visits[u] + slope * (double)ground[u];
    }
    for (int32_t u = 0; u < m->n; u++)
        if (m->repaired[u] == z) {
            whole += stay[u];
            apart += alone[u];
        }
    return whole > apart;
}

/* Costs whose sum is never more than the road of all zones, seconds. */
static bool road_costs(const hcb__mapping *m, const hcb_allocator *mem, double *cost) {
    piece *pieces = hcb__calloc(mem, (size_t)m->n + 1, sizeof *pieces);
    double *alone = hcb__calloc(mem, 2 * (size_t)m->n + 1, sizeof *alone);
    bool ok = pieces && alone;
    for (int32_t u = 0; ok && u < m->n; u++)
        for (int b = 0; b < HCB__BLOCKS; b++)
            alone[u] += hcb__map_road(&m->concave, fmax(1, (double)attribute(m, HCB__SUM_GROUND)[u]),
                                      (double)attribute(m, HCB__SUM_VISITS + b)[u]);
    for (int32_t z = 0; ok && z < m->k; z++) {
        double *stay = alone + m->n;
        bool chord = stay_costs(m, pieces, z, alone, stay);
        for (int32_t u = 0; u < m->n; u++)
            cost[(size_t)u * (size_t)m->k + (size_t)z] = m->repaired[u] == z && chord ? stay[u] : alone[u];
    }
    hcb__free(mem, pieces);
    hcb__free(mem, alone);
    return ok;
}

typedef struct prices {
    double moved;       /* of an hour moved */
    double *low, *high; /* [k] of the bounds on hours */
} prices;

/* A zone that may be closed keeps no lower bound. */
static bool has_low(const hcb__mapping *m, int32_t zone) {
    const hcb__map_problem *p = &m->problem;
    bool stays = !hcb__map_number_free(p) || p->least_zones == p->k;
    for (int32_t u = 0; !stays && u < m->n; u++)
        stays = p->fixed[u] == zone;
    return stays && p->low[zone] > -INT64_MAX / 4;
}

static bool has_high(const hcb__mapping *m, int32_t zone) {
    return m->problem.high[zone] < INT64_MAX / 4;
}

/* The bound at the prices; what the choices break: [2k] bounds, then the limit. */
static double evaluate(const hcb__mapping *m, const double *cost, const prices *at, double *slope) {
    const hcb__map_problem *p = &m->problem;
    const int64_t *moved = p->levels[HCB__MAP_MOVED_HOURS].cost;
    bool capped = m->moved_cap < INT64_MAX;
    double value = capped ? -at->moved * (double)m->moved_cap : 0, *of_moved = slope + 2 * (size_t)m->k;
    *of_moved = capped ? -(double)m->moved_cap : 0;
    for (int32_t z = 0; z < m->k; z++) {
        bool low = has_low(m, z), high = has_high(m, z);
        value += (low ? at->low[z] * (double)p->low[z] : 0) - (high ? at->high[z] * (double)p->high[z] : 0);
        slope[z] = low ? (double)p->low[z] : -1;
        slope[m->k + z] = high ? -(double)p->high[z] : -1;
    }
    for (int32_t u = 0; u < m->n; u++) {
        double least = INFINITY, w = (double)p->attribute[u];
        int32_t best = 0;
        for (int32_t z = 0; z < m->k; z++) {
            size_t i = (size_t)u * (size_t)m->k + (size_t)z;
            if (p->fixed[u] >= 0 && p->fixed[u] != z)
                continue;
            double c = cost[i] + at->moved * (double)moved[i] + w * (at->high[z] - at->low[z]);
            if (c < least) {
                least = c;
                best = z;
            }
        }
        value += least;
        slope[best] -= w;
        slope[m->k + best] += w;
        *of_moved += (double)moved[(size_t)u * (size_t)m->k + (size_t)best];
    }
    return value;
}

static double raise(const hcb__mapping *m, const hcb_allocator *mem, const double *cost, double goal) {
    size_t k = (size_t)m->k;
    double *room = hcb__calloc(mem, 4 * k + 1, sizeof *room);
    if (!room)
        return -INFINITY;
    prices at = {0, room, room + k};
    double *slope = room + 2 * k, top = -INFINITY, scale = 1;
    for (int step = 0, idle = 0; step < STEPS && scale > 1e-4; step++) {
        double value = evaluate(m, cost, &at, slope), norm = 0;
        idle = value > top ? 0 : idle + 1;
        top = fmax(top, value);
        if (idle > 20) {
            scale /= 1.5;
            idle = 0;
        }
        for (size_t i = 0; i <= 2 * k; i++)
            norm += slope[i] * slope[i];
        if (norm < 1e-9)
            break;
        double length = scale * fmax(goal - value, 1e-6 * fabs(goal)) / norm;
        for (size_t i = 0; i < k; i++) {
            at.low[i] = has_low(m, (int32_t)i) ? fmax(0, at.low[i] + length * slope[i]) : 0;
            at.high[i] = has_high(m, (int32_t)i) ? fmax(0, at.high[i] + length * slope[k + i]) : 0;
        }
        at.moved = m->moved_cap < INT64_MAX ? fmax(0, at.moved + length * slope[2 * k]) : 0;
    }
    hcb__free(mem, room);
    return top;
}

bool hcb__map_bound(int64_t *bound, const hcb_allocator *mem, const hcb__mapping *m, int32_t level, int64_t known) {
    const hcb__map_level *of = &m->problem.levels[level];
    *bound = 0;
    if (level != HCB__MAP_TRAVEL && of->kind != HCB__LEVEL_LINEAR)
        return true; /* no figure is negative */
    size_t size = (size_t)m->n * (size_t)m->k;
    double *cost = hcb__calloc(mem, size + 1, sizeof *cost);
    bool ok = cost != NULL;
    for (size_t i = 0; ok && of->kind == HCB__LEVEL_LINEAR && i < size; i++)
        cost[i] = (double)of->cost[i];
    if (ok && level == HCB__MAP_TRAVEL)
        ok = road_costs(m, mem, cost);
    if (ok) {
        double top = raise(m, mem, cost, (double)known);
        /* Roads are rounded, to milliseconds and zone by zone to seconds. */
        top = top - 1e-9 * fabs(top) - (level == HCB__MAP_TRAVEL ? m->k + (double)m->n * HCB__BLOCKS / 1000 : 0);
        *bound = top > 0 ? (int64_t)ceil(top) : 0;
    }
    hcb__free(mem, cost);
    return ok;
}
