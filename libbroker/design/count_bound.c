/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/count_bound.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_UNITS = 600 }; /* the least cut takes time with their third power */

static int32_t least_zones(const hcb__mapping *m) {
    return hcb__map_number_free(&m->problem) ? m->problem.least_zones : m->k;
}

static void raise_to(int64_t *bound, int64_t value) {
    if (value > *bound)
        *bound = value;
}

/* The least cut of the graph (Stoer and Wagner): again and again the unit most tightly held to those already taken; the
 * last one's own edges are a cut, and it is joined with the one before. */
static int64_t least_cut(int64_t *weight, int32_t n, int64_t *held, bool *taken, bool *gone) {
    int64_t least = INT64_MAX;
    for (int32_t left = n; left > 1; left--) {
        int32_t last = -1, before = -1;
        memset(taken, 0, (size_t)n * sizeof *taken);
        memset(held, 0, (size_t)n * sizeof *held);
        for (int32_t i = 0; i < left; i++) {
            int32_t at = -1;
            for (int32_t u = 0; u < n; u++)
                if (!gone[u] && !taken[u] && (at < 0 || held[u] > held[at]))
                    at = u;
            taken[at] = true;
            before = last;
            last = at;
            for (int32_t u = 0; u < n; u++)
                held[u] += taken[u] ? 0 : weight[(size_t)at * (size_t)n + (size_t)u];
        }
        least = held[last] < least ? held[last] : least;
        for (int32_t u = 0; u < n; u++) {
            int64_t both = weight[(size_t)last * (size_t)n + (size_t)u];
            weight[(size_t)before * (size_t)n + (size_t)u] += both;
            weight[(size_t)u * (size_t)n + (size_t)before] += both;
        }
        gone[last] = true;
    }
    return least;
}

/* The borders of k zones are each at least the least cut of the map, and each piece of border is of two of them. On a
 * connected map no fewer than k - 1 edges hold the zones together. */
static bool border(int64_t *bound, const hcb_allocator *mem, const hcb__mapping *m, int32_t level) {
    const hcb__graph *g = m->graph;
    int64_t *length = m->problem.levels[level].length ? m->shared_m : NULL, k = least_zones(m), shortest = INT64_MAX;
    size_t n = (size_t)m->n;
    if (k < 2 || n > MOST_UNITS)
        return true;
    int64_t *weight = hcb__calloc(mem, n * n + n, sizeof *weight);
    bool *marks = hcb__calloc(mem, 2 * n, sizeof *marks);
    bool ok = weight && marks;
    for (int32_t u = 0; ok && u < g->n; u++)
        for (int32_t e = g->start[u]; e < g->start[u + 1]; e++) {
            int64_t of = length ? length[g->edge[e]] : 1;
            weight[(size_t)u * n + (size_t)g->to[e]] = of;
            shortest = of < shortest ? of : shortest;
        }
    if (ok) {
        int64_t least = least_cut(weight, m->n, weight + n * n, marks, marks + n);
        raise_to(bound, (k * least + 1) / 2);
        if (least > 0)
            raise_to(bound, (k - 1) * shortest);
    }
    hcb__free(mem, weight);
    hcb__free(mem, marks);
    return ok;
}

static int64_t divisor(int64_t a, int64_t b) {
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* What is over adds up to what is short but for what the targets miss of the whole; fixed areas make zones too large;
 * every sum is a multiple of what divides all areas; and hours that may not move leave a zone as it is. */
static void balance(int64_t *bound, const hcb__mapping *m) {
    int64_t all = 0, over = 0, steps = 0, now = 0, common = 0;
    for (int32_t u = 0; u < m->n; u++)
        common = divisor(m->problem.attribute[u], common);
    for (int32_t z = 0; z < m->k; z++) {
        int64_t held = 0, has = 0;
        for (int32_t u = 0; u < m->n; u++) {
            held += m->problem.fixed[u] == z ? m->problem.attribute[u] : 0;
            has += m->repaired[u] == z ? m->problem.attribute[u] : 0;
        }
        all += m->target[z];
        over += held > m->target[z] ? held - m->target[z] : 0;
        now += has > m->target[z] ? has - m->target[z] : m->target[z] - has;
        int64_t past = common ? m->target[z] % common : 0;
        steps += past < common - past ? past : common - past;
    }
    if (hcb__map_number_free(&m->problem)) {
        raise_to(bound, over);
        return;
    }
    raise_to(bound, llabs(m->total_minutes - all));
    raise_to(bound, 2 * over - (m->total_minutes - all));
    raise_to(bound, steps);
    if (m->moved_cap < m->total_minutes)
        raise_to(bound, now - 2 * m->moved_cap);
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* A place leaves a zone when all of it does: as many of the smallest pieces as may move, but each place's largest. And
 * a place whose areas are fixed in several zones, or that is too large for one, is split. */
static bool splits(int64_t *bound, const hcb_allocator *mem, const hcb__mapping *m) {
    const hcb__map_level *level = &m->problem.levels[HCB__MAP_SPLITS];
    size_t k = (size_t)m->k, places = (size_t)level->n_places;
    int64_t *piece = hcb__calloc(mem, places * k + 1, sizeof *piece),
            *minutes = hcb__calloc(mem, k + 1, sizeof *minutes);
    bool *held = hcb__calloc(mem, k + 1, sizeof *held), *here = hcb__calloc(mem, k + 1, sizeof *here);
    bool ok = piece && minutes && held && here;
    int64_t n_pieces = 0, must = 0, largest = 0;
    for (int32_t z = 0; ok && z < m->k; z++)
        largest = m->problem.high[z] > largest ? m->problem.high[z] : largest;
    for (int32_t at = 0; ok && at < level->n_places; at++) {
        int64_t zones = 0, whole = 0, biggest = -1;
        memset(minutes, 0, k * sizeof *minutes);
        memset(held, 0, k * sizeof *held);
        memset(here, 0, k * sizeof *here);
        for (int32_t u = 0; u < m->n; u++) {
            if (level->place[u] != at)
                continue;
            minutes[m->repaired[u]] += m->problem.attribute[u];
            here[m->repaired[u]] = true;
            whole += m->problem.attribute[u];
            if (m->problem.fixed[u] >= 0)
                held[m->problem.fixed[u]] = true;
        }
        for (int32_t z = 0; z < m->k; z++) {
            zones += held[z];
            biggest = here[z] && (biggest < 0 || minutes[z] > minutes[biggest]) ? z : biggest;
        }
        for (int32_t z = 0; z < m->k; z++)
            if (here[z] && z != biggest)
                piece[n_pieces++] = minutes[z];
        int64_t needed = largest > 0 ? (whole + largest - 1) / largest : 1;
        needed = zones > needed ? zones : needed;
        must += needed > 1 ? needed - 1 : 0;
    }
    if (ok) {
        if (n_pieces)
            qsort(piece, (size_t)n_pieces, sizeof *piece, compare);
        int64_t room = m->moved_cap, left = n_pieces;
        for (int64_t i = 0; i < n_pieces && piece[i] <= room; i++, left--)
            room -= piece[i];
        raise_to(bound, left);
        raise_to(bound, must);
    }
    hcb__free(mem, piece);
    hcb__free(mem, minutes);
    hcb__free(mem, held);
    hcb__free(mem, here);
    return ok;
}

bool hcb__count_bound(int64_t *bound, const hcb_allocator *mem, const hcb__mapping *m, int32_t level) {
    if (level == HCB__MAP_CUT_EDGES || level == HCB__MAP_PERIMETER)
        return border(bound, mem, m, level);
    if (level == HCB__MAP_BALANCE)
        balance(bound, m);
    return level != HCB__MAP_SPLITS || splits(bound, mem, m);
}
