/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The road of a zone with visits N_b in block b on ground A is the sum of A f(N_b / A), f concave (roads are taken to
 * be no slower far than near, which makes them no longer): where the ratio lies between two values the chord is below
 * f, and A times a chord is linear in A and N_b, so a sum over units. The inertia of a zone of weight W about its
 * centre c is that about any p, less W |c - p|^2: where c lies in a cell about p with half diagonal r, it is no less
 * than the sum of w (|u - p|^2 - r^2) over units.
 *
 * In a box a zone takes all units that cost less than they are worth. The box that says least is cut where its best
 * zone lies, across the dimension in which it says most too little of that zone, until it says enough.
 */
#include "design/piece_box.h"

#include <math.h>
#include <string.h>

enum { DESCENTS = 10, LANES = 4 };

static double f_of(const hcb__pieces *p, double ratio) {
    static const double base = 1e9;
    return ratio > 0 ? ratio * hcb__map_road(&p->m->concave, base / ratio, base) / base : 0;
}

static double slope_of(const hcb__pieces *p, const hcb__piece_box *b, int d) {
    double width = b->high[d] - b->low[d];
    return width > 0 ? (f_of(p, b->high[d]) - f_of(p, b->low[d])) / width : 0;
}

/* What each part of a unit costs in a box. */
static void rates_of(const hcb__pieces *p, const hcb__piece_box *b, double *rate) {
    memset(rate, 0, HCB__PIECE_SUMS * sizeof *rate);
    for (int d = 0; d < p->dimensions; d++) {
        double middle = (b->low[d] + b->high[d]) / 2, half = b->high[d] - middle;
        if (p->level == HCB__MAP_TRAVEL) {
            rate[1 + d] = slope_of(p, b, d);
            rate[0] += f_of(p, b->low[d]) - rate[1 + d] * b->low[d];
        } else {
            rate[1 + d] = -2 * middle;
            rate[0] += middle * middle - half * half;
        }
    }
    if (p->level == HCB__MAP_INERTIA)
        rate[1 + p->dimensions] = 1;
}

static double cost_of(const hcb__pieces *p, const double *rate, int32_t u) {
    return rate[0] * p->part[0][u] + rate[1] * p->part[1][u] + rate[2] * p->part[2][u] + rate[3] * p->part[3][u] +
           rate[4] * p->part[4][u];
}

static bool holds(const hcb__pieces *p, int32_t u, int32_t zone) {
    return p->m->problem.fixed[u] == zone;
}

/* What a zone in the box has at least. Lanes, so that sums need not wait for each other. */
static double least_in(const hcb__pieces *p, const hcb__piece_box *b, int32_t zone) {
    double rate[HCB__PIECE_SUMS], lane[LANES] = {0};
    int32_t u = 0;
    rates_of(p, b, rate);
    for (; u + LANES <= p->n; u += LANES)
        for (int32_t i = 0; i < LANES; i++) {
            double c = p->charge[u + i] + cost_of(p, rate, u + i);
            lane[i] += c < 0 ? c : 0;
        }
    for (; u < p->n; u++) {
        double c = p->charge[u] + cost_of(p, rate, u);
        lane[0] += c < 0 ? c : 0;
    }
    for (int32_t i = 0; i < p->n_held; i++) {
        double c = p->charge[p->held[i]] + cost_of(p, rate, p->held[i]);
        lane[1] += holds(p, p->held[i], zone) && c > 0 ? c : 0;
    }
    return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

/* The same, and the sums of the zone that has it. */
static double best_in(const hcb__pieces *p, const hcb__piece_box *b, int32_t zone, double *sums) {
    double rate[HCB__PIECE_SUMS], least = 0;
    rates_of(p, b, rate);
    memset(sums, 0, HCB__PIECE_SUMS * sizeof *sums);
    for (int32_t u = 0; u < p->n; u++) {
        double c = p->charge[u] + cost_of(p, rate, u);
        if (!(c < 0) && !holds(p, u, zone))
            continue;
        least += c;
        for (int i = 0; i < HCB__PIECE_SUMS; i++)
            sums[i] += p->part[i][u];
    }
    return least;
}

void hcb__piece_place(const hcb__pieces *p, const double *sums, double *at) {
    for (int d = 0; d < p->dimensions; d++)
        at[d] = sums[0] > 0 ? sums[1 + d] / sums[0] : 0;
}

/* So narrow that costs in it are nearly those at the place. */
static hcb__piece_box box_at(const hcb__pieces *p, const double *at) {
    hcb__piece_box b = {.least = 0};
    for (int d = 0; d < p->dimensions; d++) {
        bool travel = p->level == HCB__MAP_TRAVEL;
        double width = travel ? 1e-3 * at[d] + 1e-6 * p->top[d] : 1e-3;
        b.low[d] = travel ? fmax(0, at[d] - width) : at[d] - width;
        b.high[d] = at[d] + width;
    }
    return b;
}

void hcb__piece_costs(const hcb__pieces *p, const double *at, double *cost) {
    double rate[HCB__PIECE_SUMS];
    hcb__piece_box b = box_at(p, at);
    rates_of(p, &b, rate);
    for (int32_t u = 0; u < p->n; u++)
        cost[u] = cost_of(p, rate, u);
}

double hcb__piece_descend(const hcb__pieces *p, int32_t zone, double *at) {
    double least = INFINITY, sums[HCB__PIECE_SUMS];
    for (int turn = 0; turn < DESCENTS; turn++) {
        hcb__piece_box b = box_at(p, at);
        double now = best_in(p, &b, zone, sums);
        if (turn > 0 && now >= least - 1e-9 * fabs(least))
            break;
        least = now;
        hcb__piece_place(p, sums, at);
    }
    return least;
}

/* By how much the figure of a zone is above what it is in the box: the dimension with most of it, and all. */
static int error_of(const hcb__pieces *p, const hcb__piece_box *b, double size, const double *at, double *all) {
    double most = -INFINITY;
    int wide = 0;
    *all = 0;
    for (int d = 0; d < p->dimensions; d++) {
        double middle = (b->low[d] + b->high[d]) / 2, half = b->high[d] - middle, error;
        if (p->level == HCB__MAP_TRAVEL)
            error = f_of(p, at[d]) - f_of(p, b->low[d]) - slope_of(p, b, d) * (at[d] - b->low[d]);
        else
            error = half * half - (at[d] - middle) * (at[d] - middle);
        *all += size * error;
        if (error > most) {
            most = error;
            wide = d;
        }
    }
    return wide;
}

double hcb__piece_least(hcb__pieces *p, int32_t zone, int32_t cuts, double near, double *at) {
    hcb__piece_box *boxes = p->boxes;
    int32_t count = 1;
    double found = INFINITY;
    memcpy(boxes[0].low, p->bottom, sizeof p->bottom);
    memcpy(boxes[0].high, p->top, sizeof p->top);
    boxes[0].least = least_in(p, &boxes[0], zone);
    for (int32_t c = 0;; c++) {
        double sums[HCB__PIECE_SUMS], place[HCB__PIECE_DIMENSIONS] = {0}, error;
        int32_t first = 0;
        for (int32_t i = 1; i < count; i++)
            first = boxes[i].least < boxes[first].least ? i : first;
        hcb__piece_box *b = &boxes[first], *other = &boxes[count];
        double here = best_in(p, b, zone, sums);
        hcb__piece_place(p, sums, place);
        int d = error_of(p, b, sums[0], place, &error);
        if (here + error < found) {
            found = here + error;
            memcpy(at, place, (size_t)p->dimensions * sizeof *at);
        }
        bool inside = place[d] > b->low[d] && place[d] < b->high[d];
        if (c >= cuts || c >= p->most_cuts || b->least >= found - near || !inside)
            return b->least;
        *other = *b;
        b->high[d] = other->low[d] = place[d];
        other->least = fmax(b->least, least_in(p, other, zone));
        b->least = fmax(b->least, least_in(p, b, zone));
        count++;
    }
}

static void measure(hcb__pieces *p) {
    const int64_t *attribute = p->m->problem.attribute;
    size_t n = (size_t)p->n;
    bool travel = p->level == HCB__MAP_TRAVEL, none = true;
    for (size_t u = 0; u < n; u++) {
        if (travel) {
            p->part[0][u] = fmax(1, (double)attribute[HCB__SUM_GROUND * n + u]);
            for (int d = 0; d < HCB__BLOCKS; d++)
                p->part[1 + d][u] = (double)attribute[(size_t)(HCB__SUM_VISITS + d) * n + u];
        } else {
            p->part[0][u] = (double)attribute[HCB__SUM_MINUTES * n + u];
            p->part[1][u] = (double)attribute[HCB__SUM_X * n + u];
            p->part[2][u] = (double)attribute[HCB__SUM_Y * n + u];
            p->part[3][u] = (double)attribute[HCB__SUM_SQUARE * n + u];
        }
        for (int d = 0; d < p->dimensions && p->part[0][u] > 0; d++) {
            double at = p->part[1 + d][u] / p->part[0][u];
            p->top[d] = none ? at : fmax(p->top[d], at);
            p->bottom[d] = travel ? 0 : none ? at : fmin(p->bottom[d], at);
        }
        none = none && p->part[0][u] <= 0;
        if (p->m->problem.fixed[u] >= 0)
            p->held[p->n_held++] = (int32_t)u;
    }
}

bool hcb__pieces_prepare(hcb__pieces *p, hcb__arena *arena, const hcb__mapping *m, int32_t level, int32_t most_cuts) {
    size_t n = (size_t)m->n;
    *p = (hcb__pieces){.m = m, .level = level, .n = m->n, .most_cuts = most_cuts};
    p->dimensions = level == HCB__MAP_TRAVEL ? HCB__BLOCKS : 2;
    for (int i = 0; i < HCB__PIECE_SUMS; i++)
        if (!(p->part[i] = hcb__arena_alloc(arena, n, sizeof **p->part)))
            return false;
    p->charge = hcb__arena_alloc(arena, n, sizeof *p->charge);
    p->held = hcb__arena_alloc(arena, n, sizeof *p->held);
    p->boxes = hcb__arena_alloc(arena, (size_t)most_cuts + 2, sizeof *p->boxes);
    if (!p->charge || !p->held || !p->boxes)
        return false;
    measure(p);
    return true;
}
