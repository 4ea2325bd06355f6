/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would have to move as well. */
#include <string.h>

#include "zones/session_inside.h"

enum { ROUNDS = 16 };

typedef struct repair {
    hcb__session *s;
    int32_t zone, n; /* units in s->extra: those asked for first */
    int32_t asked;
} repair;

static bool chosen(const repair *r, int32_t unit) {
    for (int32_t i = 0; i < r->n; i++)
        if (r->s->extra[i] == unit)
            return true;
    return false;
}

static void choose(repair *r, int32_t unit) {
    if (!chosen(r, unit))
        r->s->extra[r->n++] = unit;
}

/* Pieces of what was one part of zone z, all but the one with the most units (of equal ones the one with the smallest
 * unit). Units of extra[0 .. n) are in their new zone while this runs. */
static void add_pieces(repair *r, int32_t z, const int32_t *old) {
    hcb__session *s = r->s;
    int32_t *piece = s->label + s->n_units, n_pieces = hcb__session_parts(s, z, piece);
    for (int32_t p = 0; p < n_pieces; p++) {
        int32_t part = -1, size = 0;
        for (int32_t u = 0; u < s->n_units; u++)
            if (s->zone[u] == z && piece[u] == p) {
                part = old[u];
                size++;
            }
        bool largest = true;
        for (int32_t q = 0; q < n_pieces && largest; q++) {
            int32_t other = 0;
            bool same = false;
            for (int32_t u = 0; q != p && u < s->n_units; u++)
                if (s->zone[u] == z && piece[u] == q) {
                    same = old[u] == part;
                    other++;
                }
            largest = !(same && (other > size || (other == size && q < p)));
        }
        for (int32_t u = 0; !largest && u < s->n_units; u++)
            if (s->zone[u] == z && piece[u] == p)
                s->extra[r->n++] = u;
    }
}

/* A shortest chain of units from the zone to one of its new parts; false: there is none. */
static bool add_chain(repair *r) {
    hcb__session *s = r->s;
    int32_t *part = s->label, *from = s->label + s->n_units;
    hcb__session_parts(s, r->zone, part);
    int32_t head = 0, tail = 0;
    for (int32_t u = 0; u < s->n_units; u++)
        from[u] = -1;
    /* Start from the part of the zone that holds its own units; any other part is to be reached. */
    int32_t home = -1;
    for (int32_t u = 0; u < s->n_units && home < 0; u++)
        if (s->zone[u] == r->zone && !chosen(r, u))
            home = part[u];
    for (int32_t u = 0; u < s->n_units; u++)
        if (s->zone[u] == r->zone && part[u] == home) {
            from[u] = u;
            s->queue[tail++] = u;
        }
    while (head < tail) {
        int32_t v = s->queue[head++];
        for (int32_t i = s->adjacency->start[v]; i < s->adjacency->start[v + 1]; i++) {
            int32_t w = s->adjacency->list[i].unit;
            if (!(s->adjacency->list[i].rook || s->adjacency->list[i].bridge) || from[w] >= 0)
                continue;
            from[w] = v;
            if (s->zone[w] == r->zone && part[w] != home && chosen(r, w)) {
                for (int32_t c = v; s->zone[c] != r->zone; c = from[c])
                    choose(r, c);
                return true;
            }
            if (s->zone[w] != r->zone)
                s->queue[tail++] = w;
        }
    }
    return false;
}

static bool improve(repair *r, int32_t problems) {
    hcb__session *s = r->s;
    int32_t before = r->n;
    bool good = true;
    if (problems & HCB__MOVE_DETACHED) {
        hcb__session_shift(s, s->extra, (size_t)r->n, r->zone);
        good = add_chain(r);
        hcb__session_shift_back(s);
    } else {
        int32_t *old = s->label;
        for (int32_t z = 0; z < s->n_zones; z++)
            if (z != r->zone && s->is_changed[z])
                (void)hcb__session_parts(s, z, old); /* labels of other zones stay */
        hcb__session_shift(s, s->extra, (size_t)r->n, r->zone);
        for (int32_t z = 0; z < s->n_zones; z++)
            if (z != r->zone && s->is_changed[z])
                add_pieces(r, z, old);
        hcb__session_shift_back(s);
    }
    return good && r->n > before;
}

hcb_status hcb__session_repair(const int32_t **extra, int32_t *n_extra, hcb__session *s, const int32_t *units, size_t n,
                               int32_t zone) {
    repair r = {.s = s, .zone = zone};
    *extra = NULL;
    *n_extra = -1;
    hcb__move move;
    hcb_status status = hcb__session_try(&move, s, units, n, zone);
    if (status != HCB_OK)
        return status;
    for (int32_t i = 0; i < move.n_moved; i++)
        s->extra[r.n++] = s->moved[i];
    r.asked = r.n;
    for (int round = 0; round < ROUNDS; round++) {
        status = hcb__session_try(&move, s, s->extra, (size_t)r.n, zone);
        int32_t problems = move.problems & (HCB__MOVE_SPLITS | HCB__MOVE_DETACHED);
        if (status != HCB_OK || (move.problems & HCB__MOVE_EMPTIES))
            return status;
        if (!problems) {
            *extra = s->extra + r.asked;
            *n_extra = r.n - r.asked;
            return HCB_OK;
        }
        if (!improve(&r, problems))
            return HCB_OK;
    }
    return HCB_OK;
}
