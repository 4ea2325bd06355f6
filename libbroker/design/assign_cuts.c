/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that no legal map breaks, made where the answer of the linear programme breaks them. */
#include <math.h>
#include <string.h>

#include "design/assign.h"

enum { CUTS_A_ZONE = 6 };
static const double SURELY = 1e-6, CLEARLY = 0.02;

static double x_at(const hcb__assign_run *r, int32_t u, int32_t z) {
    int32_t c = r->column[hcb__pair_at(r, r->of[u], z)];
    return c < 0 ? 0 : r->x[c];
}

/* --- Edges, places, zones. --- */

static double over_edge(const hcb__assign_run *r, int32_t a, int32_t b) {
    double sum = 0;
    for (int32_t z = 0; z < r->k; z++)
        sum += fmax(0, x_at(r, a, z) - x_at(r, b, z));
    return sum;
}

/* An edge is between zones as far as one end is in some of them and the other is not: the sum over any zones. The fewer
 * of those on which the ends differ, or the others, whose differences add up to the opposite. */
static bool edge_row(hcb__assign_run *r, int32_t a, int32_t b, int32_t edge) {
    int32_t up = 0;
    for (int32_t z = 0; z < r->k; z++)
        up += x_at(r, a, z) > x_at(r, b, z);
    bool flip = 2 * up > r->k, ok = hcb__assign_part_of_row(r, r->cut[edge], 1);
    for (int32_t z = 0; ok && z < r->k; z++)
        if ((x_at(r, a, z) > x_at(r, b, z)) != flip)
            ok = hcb__assign_part_of_row(r, r->column[hcb__pair_at(r, r->of[a], z)], flip ? 1 : -1) &&
                 hcb__assign_part_of_row(r, r->column[hcb__pair_at(r, r->of[b], z)], flip ? -1 : 1);
    return ok && hcb__assign_row(r, 0, INFINITY);
}

/* Rows that are likely to be needed near a map. */
bool hcb__assign_expect(hcb__assign_run *r, const int32_t *zone) {
    const hcb__graph *g = r->p->graph;
    bool ok = true;
    for (int32_t u = 0; u < r->n; u++)
        for (int32_t e = g->start[u]; ok && e < g->start[u + 1]; e++) {
            int32_t z = zone[u], edge = g->edge[e];
            if (r->cut[edge] >= 0)
                ok = hcb__assign_part_of_row(r, r->cut[edge], 1) &&
                     hcb__assign_part_of_row(r, r->column[hcb__pair_at(r, r->of[u], z)], -1) &&
                     hcb__assign_part_of_row(r, r->column[hcb__pair_at(r, r->of[g->to[e]], z)], 1) &&
                     hcb__assign_row(r, 0, INFINITY);
        }
    return ok;
}

static bool separate_edges(hcb__assign_run *r, bool whole) {
    const hcb__graph *g = r->p->graph;
    double most = 0;
    bool ok = true;
    for (int turn = 0; turn < 2; turn++)
        for (int32_t u = 0; ok && u < r->n; u++)
            for (int32_t e = g->start[u]; ok && e < g->start[u + 1]; e++) {
                int32_t edge = g->edge[e], v = g->to[e];
                if (v < u || r->cut[edge] < 0)
                    continue;
                double off = over_edge(r, u, v) - r->x[r->cut[edge]];
                if (turn == 0)
                    most = fmax(most, off);
                else if (off > (whole ? SURELY : fmax(CLEARLY, 0.2 * most)))
                    ok = edge_row(r, u, v, edge);
            }
    return ok;
}

static bool separate_places(hcb__assign_run *r, const hcb__map_level *level, const int32_t *split, bool whole) {
    bool ok = true;
    for (int32_t u = 0; ok && u < r->n; u++)
        for (int32_t z = 0; ok && level->place[u] >= 0 && z < r->k; z++) {
            int32_t c = split[level->place[u] * r->k + z];
            if (c >= 0 && x_at(r, u, z) - r->x[c] > (whole ? SURELY : CLEARLY))
                ok = hcb__assign_part_of_row(r, c, 1) &&
                     hcb__assign_part_of_row(r, r->column[hcb__pair_at(r, r->of[u], z)], -1) &&
                     hcb__assign_row(r, 0, INFINITY);
        }
    return ok;
}

static bool separate_open(hcb__assign_run *r, bool whole) {
    bool ok = true;
    for (int32_t b = 0; ok && b < r->n_blocks; b++)
        for (int32_t z = 0; ok && z < r->k; z++) {
            int32_t c = r->column[hcb__pair_at(r, b, z)];
            if (c >= 0 && r->x[c] - r->x[r->open + z] > (whole ? SURELY : CLEARLY))
                ok = hcb__assign_part_of_row(r, r->open + z, 1) && hcb__assign_part_of_row(r, c, -1) &&
                     hcb__assign_row(r, 0, INFINITY);
        }
    return ok;
}

/* --- Zones in parts. --- */

enum { OUT = -2, BETWEEN = -1 };

typedef struct search {
    hcb__assign_run *r;
    int32_t z, n_parts;
    int32_t *part, *first, *group, *mark; /* [n] */
    double *held;                         /* [n] of a part: x of all its units */
} search;

static int32_t find(int32_t *root, int32_t i) {
    while (root[i] != i)
        i = root[i] = root[root[i]];
    return i;
}

/* Parts of the units of which the zone has more than `least`; the largest first. */
static void find_parts(search *s, double least) {
    hcb__assign_run *r = s->r;
    for (int32_t u = 0; u < r->n; u++) {
        bool barred = r->barred[hcb__pair_at(r, r->of[u], s->z)];
        r->label[u] = barred ? OUT : x_at(r, u, s->z) > least ? 0 : BETWEEN;
    }
    s->n_parts = hcb__graph_parts(r->p->graph, r->label, 0, s->part, r->queue);
    memset(s->held, 0, (size_t)r->n * sizeof *s->held);
    for (int32_t u = 0; u < r->n; u++)
        if (s->part[u] >= 0)
            s->held[s->part[u]] += x_at(r, u, s->z);
    for (int32_t i = 0; i < s->n_parts; i++) /* few: in order by insertion */
        s->first[i] = i;
    for (int32_t i = 1; i < s->n_parts; i++)
        for (int32_t j = i; j > 0 && s->held[s->first[j]] > s->held[s->first[j - 1]]; j--) {
            int32_t swap = s->first[j];
            s->first[j] = s->first[j - 1];
            s->first[j - 1] = swap;
        }
}

/* A unit between joins what it touches unless that would join two of the parts at hand: what is left parts them. In the
 * order of a walk from one of them, so that what is left lies close to the others. Into group: BETWEEN, or something
 * else. */
static void part_by(search *s, int32_t from, const bool *chosen) {
    hcb__assign_run *r = s->r;
    const hcb__graph *g = r->p->graph;
    int32_t tail = 0;
    for (int32_t u = 0; u < r->n; u++) {
        r->root[u] = u;
        s->mark[u] = 0;
        s->group[u] = r->label[u] == 0 ? u : BETWEEN;
        if (s->part[u] == from) {
            s->mark[u] = 1;
            r->queue[tail++] = u;
        }
    }
    for (int32_t head = 0, next = 0;; head++) {
        for (; head == tail && next < r->n; next++) /* what it does not reach comes last */
            if (!s->mark[next] && r->label[next] != OUT) {
                s->mark[next] = 1;
                r->queue[tail++] = next;
            }
        if (head == tail)
            break;
        for (int32_t e = g->start[r->queue[head]]; e < g->start[r->queue[head] + 1]; e++)
            if (!s->mark[g->to[e]] && r->label[g->to[e]] != OUT) {
                s->mark[g->to[e]] = 1;
                r->queue[tail++] = g->to[e];
            }
    }
    /* group: of a root, the part at hand that it holds, -3: none */
    for (int32_t u = 0; u < r->n; u++)
        for (int32_t e = g->start[u]; s->part[u] >= 0 && e < g->start[u + 1]; e++)
            if (s->part[g->to[e]] == s->part[u])
                r->root[find(r->root, u)] = find(r->root, g->to[e]);
    for (int32_t u = 0; u < r->n; u++)
        if (s->part[u] >= 0)
            s->group[find(r->root, u)] = chosen[s->part[u]] ? s->part[u] : -3;
    for (int32_t head = 0; head < tail; head++) {
        int32_t u = r->queue[head], holds = -3;
        bool joins = r->label[u] == BETWEEN;
        for (int32_t e = g->start[u]; joins && e < g->start[u + 1]; e++) {
            int32_t v = g->to[e];
            if (r->label[v] == OUT || s->group[find(r->root, v)] == BETWEEN)
                continue;
            int32_t of = s->group[find(r->root, v)];
            joins = of < 0 || holds < 0 || of == holds;
            holds = of >= 0 ? of : holds;
        }
        if (!joins)
            continue;
        s->group[u] = holds;
        for (int32_t e = g->start[u]; e < g->start[u + 1]; e++) {
            int32_t v = find(r->root, g->to[e]), own = find(r->root, u);
            if (r->label[g->to[e]] != OUT && s->group[v] != BETWEEN && v != own) {
                r->root[v] = own;
                s->group[own] = holds;
            }
        }
    }
}

/* One unit of each part at hand: no more of them in the zone than it may have parts and units that part them. */
static bool cut_row(search *s, const bool *chosen, bool whole, int32_t *added) {
    hcb__assign_run *r = s->r;
    int32_t parts = r->p->parts[s->z];
    double left = -parts;
    bool ok = true;
    for (int32_t i = 0; i < s->n_parts; i++)
        if (chosen[i])
            s->mark[i] = -1;
    for (int32_t u = 0; u < r->n; u++)
        if (s->part[u] >= 0 && chosen[s->part[u]]) {
            int32_t *best = &s->mark[s->part[u]];
            *best = *best < 0 || x_at(r, u, s->z) > x_at(r, *best, s->z) ? u : *best;
        }
    for (int32_t i = 0; i < s->n_parts; i++)
        left += chosen[i] ? x_at(r, s->mark[i], s->z) : 0;
    for (int32_t u = 0; u < r->n; u++)
        left -= r->label[u] == BETWEEN && s->group[u] == BETWEEN ? x_at(r, u, s->z) : 0;
    if (left <= (whole ? SURELY : CLEARLY))
        return true;
    for (int32_t u = 0; ok && u < r->n; u++) {
        int32_t c = r->column[hcb__pair_at(r, r->of[u], s->z)];
        if (r->label[u] == BETWEEN && s->group[u] == BETWEEN && (c < 0 || r->slot[c] < 0))
            ok = hcb__assign_part_of_row(r, c, -1); /* once for a block */
    }
    for (int32_t i = 0; ok && i < s->n_parts; i++)
        if (chosen[i])
            ok = hcb__assign_part_of_row(r, r->column[hcb__pair_at(r, r->of[s->mark[i]], s->z)], 1);
    (*added)++;
    return ok && hcb__assign_row(r, -INFINITY, parts);
}

static bool separate_parts(search *s, bool *chosen, double least, bool whole) {
    hcb__assign_run *r = s->r;
    int32_t parts = r->p->parts[s->z], added = 0;
    find_parts(s, least);
    bool ok = true;
    for (int32_t i = parts; ok && i < s->n_parts && added < CUTS_A_ZONE; i++) {
        memset(chosen, 0, (size_t)s->n_parts * sizeof *chosen);
        for (int32_t j = 0; j < parts; j++)
            chosen[s->first[j]] = true;
        chosen[s->first[i]] = true;
        part_by(s, s->first[0], chosen);
        ok = cut_row(s, chosen, whole, &added);
        if (ok) {
            part_by(s, s->first[i], chosen);
            ok = cut_row(s, chosen, whole, &added);
        }
    }
    return ok;
}

static bool separate_zones(hcb__assign_run *r, bool whole) {
    size_t n = (size_t)r->n;
    int32_t *room = hcb__calloc(r->mem, 4 * n + 1, sizeof *room);
    bool *chosen = hcb__calloc(r->mem, n + 1, sizeof *chosen), ok = room && chosen;
    for (int32_t z = 0; ok && z < r->k; z++) {
        search s = {r, z, 0, room, room + n, room + 2 * n, room + 3 * n, r->weight};
        if (r->p->parts[z] >= r->n)
            continue;
        static const double least[] = {0.5, 0.25, 0.1, SURELY};
        for (size_t i = 0; ok && i < (whole ? 1 : sizeof least / sizeof *least); i++)
            ok = separate_parts(&s, chosen, least[i], whole);
    }
    hcb__free(r->mem, room);
    hcb__free(r->mem, chosen);
    return ok;
}

bool hcb__assign_separate(hcb__assign_run *r, bool whole, int32_t *added) {
    size_t before = r->row_low.count;
    bool ok = separate_edges(r, whole) && (r->open < 0 || separate_open(r, whole)) && separate_zones(r, whole);
    for (int32_t l = 0; ok && l < r->p->n_levels; l++)
        if (r->splits[l])
            ok = separate_places(r, &r->p->levels[l], r->splits[l], whole);
    *added = (int32_t)(r->row_low.count - before);
    return ok;
}
