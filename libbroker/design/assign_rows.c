/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "design/assign.h"

static bool counts(const hcb__assign_run *r, int32_t l) {
    return l == r->what->level || hcb__assign_limit(r, l) < INT64_MAX;
}

static bool is_balance(const hcb__map_level *level) {
    return level->kind == HCB__LEVEL_ZONES && level->target;
}

bool hcb__assign_part_of_row(hcb__assign_run *r, int32_t column, double value) {
    if (column < 0 || value == 0)
        return true;
    if (r->slot[column] >= 0) {
        r->parts.at[r->slot[column]].value += value;
        return true;
    }
    r->slot[column] = (int32_t)r->parts.count;
    return HCB__PUSH(r->mem, &r->parts, ((hcb__assign_part){column, value}));
}

static int compare_parts(const void *a, const void *b) {
    int32_t x = ((const hcb__assign_part *)a)->column, y = ((const hcb__assign_part *)b)->column;
    return (x > y) - (x < y);
}

bool hcb__assign_row(hcb__assign_run *r, double low, double high) {
    size_t first = (size_t)r->row_start.at[r->row_low.count], n = r->parts.count - first;
    double most = 0;
    for (size_t e = first; e < r->parts.count; e++) {
        r->slot[r->parts.at[e].column] = -1;
        most = fmax(most, fabs(r->parts.at[e].value));
    }
    double scale = most > 0 ? ldexp(1, -ilogb(most)) : 1;
    for (size_t e = first; e < r->parts.count; e++)
        r->parts.at[e].value *= scale;
    if (n > 1)
        qsort(r->parts.at + first, n, sizeof *r->parts.at, compare_parts);
    return HCB__PUSH(r->mem, &r->row_low, low * scale) && HCB__PUSH(r->mem, &r->row_high, high * scale) &&
           HCB__PUSH(r->mem, &r->row_start, (int32_t)r->parts.count) &&
           HCB__PUSH(r->mem, &r->idle, r->for_good ? -1 : 0);
}

void hcb__assign_drop(hcb__assign_run *r, const bool *drop) {
    size_t to = 0, part = 0;
    for (size_t i = 0; i < r->row_low.count; i++) {
        size_t first = (size_t)r->row_start.at[i], n = (size_t)r->row_start.at[i + 1] - first;
        if (drop[i])
            continue;
        r->row_low.at[to] = r->row_low.at[i];
        r->row_high.at[to] = r->row_high.at[i];
        r->idle.at[to] = r->idle.at[i];
        r->row_start.at[to++] = (int32_t)part; /* behind what is read */
        memmove(r->parts.at + part, r->parts.at + first, n * sizeof *r->parts.at);
        part += n;
    }
    r->row_start.at[to] = (int32_t)part;
    r->n_sent -= (int32_t)(r->row_low.count - to);
    r->row_low.count = r->row_high.count = r->idle.count = to;
    r->row_start.count = to + 1;
    r->parts.count = part;
}

static int32_t new_column(hcb__assign_run *r, double cost, double upper, bool *ok) {
    *ok = *ok && HCB__PUSH(r->mem, &r->cost, cost) && HCB__PUSH(r->mem, &r->upper, upper);
    return r->n_columns++;
}

/* Units that move together are one block; it has the edges of all of them. */
static bool make_blocks(hcb__assign_run *r) {
    const hcb__graph *g = r->p->graph;
    r->of = hcb__arena_alloc(&r->arena, (size_t)r->n, sizeof *r->of);
    if (!r->of)
        return false;
    for (int32_t u = 0; u < r->n; u++)
        r->of[u] = -1;
    for (int32_t u = 0; u < r->n; u++) {
        if (r->of[u] >= 0)
            continue;
        for (int32_t v = u; v < r->n; v++)
            if (r->p->block[v] == r->p->block[u])
                r->of[v] = r->n_blocks;
        r->n_blocks++;
    }
    size_t n = (size_t)r->n_blocks;
    r->start = hcb__arena_alloc(&r->arena, n + 1, sizeof *r->start);
    r->to = hcb__arena_alloc(&r->arena, 2 * (size_t)g->n_edges, sizeof *r->to);
    if (!r->start || !r->to)
        return false;
    int32_t at = 0;
    for (int32_t b = 0; b < r->n_blocks; b++) {
        r->start[b] = at;
        for (int32_t u = 0; u < r->n; u++)
            for (int32_t e = g->start[u]; r->of[u] == b && e < g->start[u + 1]; e++)
                if (r->of[g->to[e]] != b)
                    r->to[at++] = r->of[g->to[e]];
    }
    r->start[r->n_blocks] = at;
    return true;
}

bool hcb__assign_begin(hcb__assign_run *r) {
    if (!make_blocks(r))
        return false;
    size_t n = (size_t)r->n, blocks = (size_t)r->n_blocks, pairs = blocks * (size_t)r->k;
    r->barred = hcb__arena_alloc(&r->arena, pairs, sizeof *r->barred);
    r->column = hcb__arena_alloc(&r->arena, pairs, sizeof *r->column);
    r->sums = hcb__arena_alloc(&r->arena, pairs, sizeof *r->sums);
    r->distance = hcb__arena_alloc(&r->arena, blocks, sizeof *r->distance);
    r->block_weight = hcb__arena_alloc(&r->arena, blocks, sizeof *r->block_weight);
    r->done = hcb__arena_alloc(&r->arena, blocks, sizeof *r->done);
    r->label = hcb__arena_alloc(&r->arena, n, sizeof *r->label);
    r->queue = hcb__arena_alloc(&r->arena, n, sizeof *r->queue);
    r->root = hcb__arena_alloc(&r->arena, n, sizeof *r->root);
    r->weight = hcb__arena_alloc(&r->arena, n, sizeof *r->weight);
    if (!r->barred || !r->column || !r->sums || !r->distance || !r->block_weight || !r->done || !r->label ||
        !r->queue || !r->root || !r->weight)
        return false;
    for (int32_t u = 0; u < r->n; u++)
        for (int32_t z = 0; z < r->k; z++)
            if (r->p->fixed[u] >= 0 && r->p->fixed[u] != z)
                r->barred[hcb__pair_at(r, r->of[u], z)] = 1;
    for (int32_t u = 0; u < r->n; u++)
        r->block_weight[r->of[u]] += 1 + fmax(0, (double)r->p->attribute[u]);
    return true;
}

/* --- Columns. --- */

static bool pair_columns(hcb__assign_run *r) {
    const hcb__map_level *level = &r->p->levels[r->what->level];
    bool ok = true, linear = level->kind == HCB__LEVEL_LINEAR;
    for (int32_t b = 0; b < r->n_blocks; b++)
        for (int32_t z = 0; z < r->k; z++)
            r->column[hcb__pair_at(r, b, z)] = r->barred[hcb__pair_at(r, b, z)] ? -1 : new_column(r, 0, 1, &ok);
    for (int32_t u = 0; ok && linear && u < r->n; u++)
        for (int32_t z = 0; z < r->k; z++) {
            int32_t c = r->column[hcb__pair_at(r, r->of[u], z)];
            if (c >= 0)
                r->cost.at[c] += (double)level->cost[(size_t)u * (size_t)r->k + (size_t)z];
        }
    return ok;
}

static bool edge_columns(hcb__assign_run *r) {
    const hcb__graph *g = r->p->graph;
    const hcb__map_level *level = &r->p->levels[r->what->level];
    bool used = false, ok = true;
    for (int32_t l = 0; l < r->p->n_levels; l++)
        used = used || (r->p->levels[l].kind == HCB__LEVEL_CUT && counts(r, l));
    r->cut = hcb__arena_alloc(&r->arena, (size_t)g->n_edges, sizeof *r->cut);
    if (!r->cut)
        return false;
    for (int32_t e = 0; e < g->n_edges; e++)
        r->cut[e] = -1;
    for (int32_t u = 0; used && ok && u < r->n; u++)
        for (int32_t e = g->start[u]; e < g->start[u + 1]; e++)
            if (g->to[e] > u && r->of[g->to[e]] != r->of[u]) {
                int32_t edge = g->edge[e];
                double cost = level->kind != HCB__LEVEL_CUT ? 0 : level->length ? (double)level->length[edge] : 1;
                r->cut[edge] = new_column(r, cost, 1, &ok);
            }
    return ok;
}

/* Places of one block are never split. */
static bool place_columns(hcb__assign_run *r, int32_t l) {
    const hcb__map_level *level = &r->p->levels[l];
    size_t size = (size_t)level->n_places * (size_t)r->k;
    bool ok = true;
    int32_t *of = r->splits[l] = hcb__arena_alloc(&r->arena, size, sizeof *of);
    if (!of)
        return false;
    for (size_t i = 0; i < size; i++)
        of[i] = -1;
    for (int32_t p = 0; p < level->n_places; p++) {
        int32_t first = -1;
        bool more = false;
        for (int32_t u = 0; u < r->n; u++)
            if (level->place[u] == p) {
                more = more || (first >= 0 && r->of[u] != first);
                first = r->of[u];
            }
        for (int32_t z = 0; more && z < r->k; z++)
            of[p * r->k + z] = new_column(r, l == r->what->level, 1, &ok);
        r->constant -= more && l == r->what->level ? 1 : 0;
    }
    return ok;
}

/* --- Rows. --- */

static double attribute(const hcb__assign_run *r, int32_t a, int32_t u) {
    return (double)r->p->attribute[(size_t)a * (size_t)r->n + (size_t)u];
}

static bool put_sum(hcb__assign_run *r, int32_t a, int32_t z) {
    bool ok = true;
    for (int32_t u = 0; ok && u < r->n; u++)
        ok = hcb__assign_part_of_row(r, r->column[hcb__pair_at(r, r->of[u], z)], attribute(r, a, u));
    return ok;
}

/* Where the number of zones is free, bounds are for zones that have units. */
static bool bound_rows(hcb__assign_run *r, int32_t a, int32_t z) {
    int64_t low = r->p->low[a * r->k + z], high = r->p->high[a * r->k + z];
    bool has_low = low > -INT64_MAX / 4, has_high = high < INT64_MAX / 4;
    if (!has_low && !has_high)
        return true;
    if (r->open < 0)
        return put_sum(r, a, z) &&
               hcb__assign_row(r, has_low ? (double)low : -INFINITY, has_high ? (double)high : INFINITY);
    return (!has_low || (put_sum(r, a, z) && hcb__assign_part_of_row(r, r->open + z, -(double)low) &&
                         hcb__assign_row(r, 0, INFINITY))) &&
           (!has_high || (put_sum(r, a, z) && hcb__assign_part_of_row(r, r->open + z, -(double)high) &&
                          hcb__assign_row(r, -INFINITY, 0)));
}

static bool zone_rows(hcb__assign_run *r) {
    bool ok = true;
    for (int32_t z = 0; ok && z < r->k; z++) {
        for (int32_t a = 0; ok && a < r->p->n_attributes; a++)
            ok = bound_rows(r, a, z);
        for (int32_t b = 0; ok && b < r->n_blocks; b++)
            ok = hcb__assign_part_of_row(r, r->column[hcb__pair_at(r, b, z)], 1);
        ok = ok && (r->open < 0 || hcb__assign_part_of_row(r, r->open + z, -1)) &&
             hcb__assign_row(r, r->open < 0 ? 1 : 0, INFINITY);
        if (r->open >= 0 && z > r->what->first_new)
            ok = ok && hcb__assign_part_of_row(r, r->open + z - 1, 1) && hcb__assign_part_of_row(r, r->open + z, -1) &&
                 hcb__assign_row(r, 0, INFINITY);
    }
    for (int32_t z = 0; ok && r->open >= 0 && z < r->k; z++)
        ok = hcb__assign_part_of_row(r, r->open + z, 1);
    return ok && (r->open < 0 || hcb__assign_row(r, r->p->least_zones, r->p->most_zones));
}

/* Minutes over and short of each zone's target, and the rows that say so; their sum into `columns`. */
static bool balance_rows(hcb__assign_run *r, const hcb__map_level *level, int32_t first) {
    bool ok = true;
    for (int32_t z = 0; ok && z < r->k; z++) {
        double target = (double)level->target[z];
        ok = put_sum(r, 0, z) && hcb__assign_part_of_row(r, first + 2 * z, -1) &&
             hcb__assign_part_of_row(r, first + 2 * z + 1, 1) &&
             (r->open < 0 || hcb__assign_part_of_row(r, r->open + z, -target)) &&
             hcb__assign_row(r, r->open < 0 ? target : 0, r->open < 0 ? target : 0);
    }
    return ok;
}

static bool limit_row(hcb__assign_run *r, int32_t l, int32_t first_off) {
    const hcb__map_level *level = &r->p->levels[l];
    const hcb__graph *g = r->p->graph;
    double limit = (double)hcb__assign_limit(r, l);
    bool ok = true;
    if (level->kind == HCB__LEVEL_LINEAR)
        for (int32_t u = 0; u < r->n; u++)
            for (int32_t z = 0; ok && z < r->k; z++)
                ok = hcb__assign_part_of_row(r, r->column[hcb__pair_at(r, r->of[u], z)],
                                             (double)level->cost[(size_t)u * (size_t)r->k + (size_t)z]);
    else if (level->kind == HCB__LEVEL_CUT)
        for (int32_t e = 0; ok && e < g->n_edges; e++)
            ok = hcb__assign_part_of_row(r, r->cut[e], level->length ? (double)level->length[e] : 1);
    else if (level->kind == HCB__LEVEL_SPLITS)
        for (int32_t i = 0; ok && i < level->n_places * r->k; i++) {
            ok = hcb__assign_part_of_row(r, r->splits[l][i], 1);
            limit += i % r->k == 0 && r->splits[l][i] >= 0; /* the first zone of each place is none too many */
        }
    else if (is_balance(level))
        for (int32_t i = 0; ok && i < 2 * r->k; i++)
            ok = hcb__assign_part_of_row(r, first_off + i, 1);
    else
        return true; /* not a sum: a map that breaks it is refused by itself */
    return ok && hcb__assign_row(r, -INFINITY, limit);
}

bool hcb__assign_build(hcb__assign_run *r) {
    const hcb__map_problem *p = r->p;
    bool ok = pair_columns(r), number = hcb__map_number_free(p);
    r->first_other = r->n_columns;
    ok = ok && edge_columns(r);
    double all = 0;
    for (int32_t u = 0; u < r->n; u++)
        all += attribute(r, 0, u);
    r->open = number ? r->n_columns : -1;
    for (int32_t z = 0; number && z < r->k; z++)
        new_column(r, 0, 1, &ok);
    int32_t *off = hcb__arena_alloc(&r->arena, (size_t)p->n_levels, sizeof *off);
    r->splits = hcb__arena_alloc(&r->arena, (size_t)p->n_levels, sizeof *r->splits);
    if (!ok || !off || !r->splits)
        return false;
    for (int32_t l = 0; ok && l < p->n_levels; l++) {
        if (counts(r, l) && p->levels[l].kind == HCB__LEVEL_SPLITS)
            ok = place_columns(r, l);
        off[l] = r->n_columns;
        for (int32_t z = 0; is_balance(&p->levels[l]) && counts(r, l) && z < r->k; z++) {
            double target = (double)p->levels[l].target[z];
            new_column(r, l == r->what->level, fmax(0, all - (number ? 0 : target)), &ok);
            new_column(r, l == r->what->level, fmax(0, target), &ok);
        }
    }
    r->x = hcb__arena_alloc(&r->arena, (size_t)r->n_columns, sizeof *r->x);
    r->slot = hcb__arena_alloc(&r->arena, (size_t)r->n_columns, sizeof *r->slot);
    if (!ok || !r->x || !r->slot || !HCB__PUSH(r->mem, &r->row_start, 0))
        return false;
    for (int32_t c = 0; c < r->n_columns; c++)
        r->slot[c] = -1;
    r->for_good = true;
    for (int32_t b = 0; ok && b < r->n_blocks; b++) {
        for (int32_t z = 0; ok && z < r->k; z++)
            ok = hcb__assign_part_of_row(r, r->column[hcb__pair_at(r, b, z)], 1);
        ok = ok && hcb__assign_row(r, 1, 1);
    }
    ok = ok && zone_rows(r);
    for (int32_t l = 0; ok && l < p->n_levels; l++)
        ok = (!counts(r, l) || !is_balance(&p->levels[l]) || balance_rows(r, &p->levels[l], off[l])) &&
             (hcb__assign_limit(r, l) == INT64_MAX || limit_row(r, l, off[l]));
    r->for_good = false;
    return ok;
}
