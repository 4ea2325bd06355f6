/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A repair that is found at once, and need not be the smallest. */
#include "zones/session_repair_inside.h"

enum { ROUNDS = 64, MOST_TRIMMED = 64 };

static int32_t first_of_further(const repair *r) {
    return r->n_asked;
}

/* Where a part goes that leaves its zone: to the zone of the move, or to the one it touches most. */
static int32_t host_of(const repair *r, int32_t p, int32_t asked) {
    const hcb__session *s = r->s;
    int32_t zone = r->part[p].zone, best = -1, most = 0;
    if (zone != asked)
        return asked;
    for (int32_t y = 0; y < s->n_zones; y++) {
        int32_t touches = 0;
        for (int32_t v = 0; y != zone && v < s->n_units; v++)
            for (int32_t i = s->adjacency->start[v];
                 s->zone[v] == zone && r->label[v] == p && i < s->adjacency->start[v + 1]; i++)
                touches += s->zone[s->adjacency->list[i].unit] == y;
        if (touches > most) {
            most = touches;
            best = y;
        }
    }
    return best;
}

static bool join(repair *r, int32_t zone, int32_t asked, bool follow) {
    hcb__session *s = r->s;
    (void)hcb__repair_loose_parts(r, zone, 0);
    int32_t p = r->order[0], host = r->part[p].pinned ? -1 : host_of(r, p, asked);
    int32_t way = hcb__repair_way(r, p, s->n_units);
    if (host >= 0 && (follow || way < 0 || r->part[p].size <= way)) {
        for (int32_t u = 0; u < s->n_units; u++)
            if (s->zone[u] == zone && r->label[u] == p)
                hcb__repair_push(r, u, host);
        return true;
    }
    for (int32_t v = way > 0 ? r->way_end : -1; v >= 0;) {
        int32_t next = r->before[v];
        hcb__repair_push(r, v, zone);
        v = next;
    }
    return way > 0;
}

/* One unit more on the way to the hours that a zone should have: the least that mends it, or the most. */
static bool hand_on(repair *r, const trouble *t) {
    repair_step best = {-1, -1};
    bool mends = false;
    int64_t minutes = 0;
    size_t first = r->steps.count;
    hcb__repair_list(r, t, 1);
    for (size_t i = first; i < r->steps.count && !r->stopped; i++) {
        repair_step step = r->steps.at[i];
        int64_t m = r->s->minutes[step.unit];
        hcb__repair_push(r, step.unit, step.to);
        trouble then = hcb__repair_look(r, 1);
        hcb__repair_pop(r);
        bool good = then.kind == FINE, on = then.kind == t->kind && then.zone == t->zone;
        if (good ? !mends || m < minutes : on && !mends && m > minutes) {
            best = step;
            minutes = m;
            mends = good;
        }
    }
    r->steps.count = first;
    if (best.unit >= 0)
        hcb__repair_push(r, best.unit, best.to);
    return best.unit >= 0;
}

static bool legal(repair *r) {
    return hcb__repair_look(r, 0).kind == FINE && hcb__repair_rule_holds(r);
}

/* Leaves out what is not needed. */
static void trim(repair *r) {
    int32_t first = first_of_further(r), n = r->n - first;
    if (n > MOST_TRIMMED)
        return;
    repair_step step[MOST_TRIMMED];
    bool out[MOST_TRIMMED] = {false};
    for (int32_t i = 0; i < n; i++)
        step[i] = (repair_step){r->unit[first + i], r->to[first + i]};
    for (int32_t skip = 0; skip <= n; skip++) {
        while (r->n > first)
            hcb__repair_pop(r);
        for (int32_t i = 0; i < n; i++)
            if (!out[i] && i != skip)
                hcb__repair_push(r, step[i].unit, step[i].to);
        if (skip < n)
            out[skip] = legal(r);
    }
}

void hcb__repair_dive(repair *r, bool follow) {
    int32_t asked = r->to[0];
    for (int round = 0; round < ROUNDS && !r->stopped; round++) {
        trouble t = hcb__repair_look(r, 1);
        if (t.kind == FINE) {
            if (hcb__repair_rule_holds(r)) {
                trim(r);
                hcb__repair_keep(r);
            }
            break;
        }
        bool on = t.kind == IN_PARTS ? join(r, t.zone, asked, follow) : t.kind != GONE && hand_on(r, &t);
        if (!on)
            break;
    }
    while (r->n > first_of_further(r))
        hcb__repair_pop(r);
}
