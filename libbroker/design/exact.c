/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/exact.h"

#include <string.h>

enum { CHECK_EVERY = 4096 };

typedef struct walk {
    const hcb__exact *x;
    const hcb__map_problem *p;
    hcb__arena arena;
    int32_t n, k, n_order;
    uint64_t *near;    /* [n] neighbours */
    uint64_t *allowed; /* [k] units that may be in the zone */
    uint64_t *block;   /* [n_order] units that are placed at once */
    int32_t *order;    /* [n_order] a unit of each block */
    uint64_t *mask;    /* [k] units placed in the zone */
    int64_t *sums;     /* [k][n_attributes] */
    int64_t *rest_up,
        *rest_down;      /* [n_order + 1][n_attributes] what is above 0, and below, of the units still to place */
    int64_t *rest_value; /* [n_levels][n_order + 1] what units still to place add at least */
    bool *bounded;       /* [n_attributes] */
    int64_t *value;      /* [n_levels] of what is placed: sums over units, cuts, places */
    int32_t **places;    /* [n_levels][place][k] */
    int32_t *zone, *best, *hint;
    int64_t best_value, nodes;
    int32_t n_open;
    bool found, stop;
} walk;

static int64_t attribute(const walk *w, int32_t a, int32_t u) {
    return w->p->attribute[(size_t)a * (size_t)w->n + (size_t)u];
}

static bool whole(const walk *w, uint64_t set, uint64_t within, int32_t parts) {
    for (; parts > 0 && set; parts--) {
        uint64_t reached = set & (~set + 1), fresh = reached;
        while (fresh) {
            uint64_t next = 0;
            for (; fresh; fresh &= fresh - 1)
                next |= w->near[__builtin_ctzll(fresh)];
            fresh = next & within & ~reached;
            reached |= fresh;
        }
        set &= ~reached;
    }
    return set == 0;
}

static void put_unit(walk *w, int32_t u, int32_t z, int sign) {
    const hcb__map_problem *p = w->p;
    uint64_t bit = (uint64_t)1 << u;
    if (sign < 0)
        w->mask[z] &= ~bit;
    for (int32_t a = 0; a < p->n_attributes; a++)
        w->sums[z * p->n_attributes + a] += sign * attribute(w, a, u);
    for (int32_t l = 0; l < p->n_levels; l++) {
        const hcb__map_level *level = &p->levels[l];
        if (level->kind == HCB__LEVEL_LINEAR) {
            w->value[l] += sign * level->cost[(size_t)u * (size_t)w->k + (size_t)z];
        } else if (level->kind == HCB__LEVEL_CUT) {
            const hcb__graph *g = p->graph;
            for (int32_t e = g->start[u]; e < g->start[u + 1]; e++)
                if (w->zone[g->to[e]] >= 0 && w->zone[g->to[e]] != z)
                    w->value[l] += sign * (level->length ? level->length[g->edge[e]] : 1);
        } else if (level->kind == HCB__LEVEL_SPLITS && level->place[u] >= 0) {
            int32_t *of = w->places[l] + (size_t)level->place[u] * (size_t)w->k, zones = 0;
            for (int32_t y = 0; y < w->k; y++)
                zones += y != z && of[y] > 0;
            of[z] += sign;
            w->value[l] += zones > 0 && of[z] == (sign > 0) ? sign : 0;
        }
    }
    if (sign > 0)
        w->mask[z] |= bit;
    w->zone[u] = sign > 0 ? z : -1;
}

static void put_block(walk *w, int32_t at, int32_t z, int sign) {
    w->n_open += sign > 0 ? w->mask[z] == 0 : 0;
    for (uint64_t left = w->block[at]; left; left &= left - 1)
        put_unit(w, __builtin_ctzll(left), z, sign);
    w->n_open -= sign < 0 ? w->mask[z] == 0 : 0;
}

/* The level of every map that this one can become is not below. */
static int64_t bound_of(const walk *w, int32_t l, int32_t at) {
    const hcb__map_problem *p = w->p;
    const hcb__map_level *level = &p->levels[l];
    int64_t rest = w->rest_value[(size_t)l * (size_t)(w->n_order + 1) + (size_t)at], sum = 0;
    if (level->kind == HCB__LEVEL_WORST)
        return level->mean_total > 0 ? bound_of(w, level->mean_of, at) * level->mean_scale / level->mean_total : 0;
    if (level->kind != HCB__LEVEL_ZONES)
        return w->value[l] + rest;
    if (level->target) { /* sum of |minutes - target|: what is over stays so, what is short has the rest to share */
        int64_t lacking = 0, more = w->rest_up[(size_t)at * (size_t)p->n_attributes];
        for (int32_t z = 0; z < w->k; z++) {
            int64_t off = w->sums[(size_t)z * (size_t)p->n_attributes] - level->target[z];
            sum += w->mask[z] && off > 0 ? off : 0;
            lacking += (w->mask[z] || !hcb__map_number_free(p)) && off < 0 ? -off : 0;
        }
        return sum + (lacking > more ? lacking - more : 0);
    }
    for (int32_t z = 0; level->grows && z < w->k; z++)
        if (w->mask[z]) {
            int64_t now = level->figure(w->sums + (size_t)z * (size_t)p->n_attributes, z, level->floor);
            sum += now > level->slack ? now - level->slack : 0;
        }
    return sum + rest;
}

/* Whether what is placed can become a legal map, better than the best. */
static bool hopeful(const walk *w, int32_t at) {
    const hcb__map_problem *p = w->p;
    bool number = hcb__map_number_free(p);
    int32_t left = w->n_order - at, least = number ? p->least_zones : w->k, most = number ? p->most_zones : w->k;
    if (w->n_open > most || w->n_open + left < least)
        return false;
    uint64_t free_units = 0;
    for (int32_t i = at; i < w->n_order; i++)
        free_units |= w->block[i];
    for (int32_t z = 0; z < w->k; z++)
        if (w->mask[z] && !whole(w, w->mask[z], (w->mask[z] | free_units) & w->allowed[z], p->parts[z]))
            return false;
    for (int32_t a = 0; a < p->n_attributes; a++) {
        if (!w->bounded[a])
            continue;
        int64_t up = w->rest_up[at * p->n_attributes + a], down = w->rest_down[at * p->n_attributes + a], lacking = 0;
        for (int32_t z = 0; z < w->k; z++) {
            int64_t sum = w->sums[z * p->n_attributes + a], low = p->low[a * w->k + z], high = p->high[a * w->k + z];
            if (!w->mask[z] && number)
                continue;
            if (sum + down > high || sum + up < low)
                return false;
            lacking += low > sum ? low - sum : 0;
        }
        if (lacking > up)
            return false;
    }
    for (int32_t l = 0; l < p->n_levels; l++) {
        int64_t most_of = w->x->limit[l] < p->levels[l].cap ? w->x->limit[l] : p->levels[l].cap;
        if (l == w->x->level && w->best_value < INT64_MAX && w->best_value - 1 < most_of)
            most_of = w->best_value - 1;
        if (most_of < INT64_MAX && bound_of(w, l, at) > most_of)
            return false;
    }
    return true;
}

/* All units are placed, connected and within bounds of sums. */
static void take(walk *w) {
    const hcb__map_problem *p = w->p;
    int64_t mine = 0;
    for (int32_t l = 0; l < p->n_levels; l++) {
        const hcb__map_level *level = &p->levels[l];
        int64_t value = w->value[l];
        for (int32_t z = 0; z < w->k; z++) {
            bool counts = w->mask[z] && (level->kind == HCB__LEVEL_ZONES || level->kind == HCB__LEVEL_WORST);
            int64_t figure =
                counts ? level->figure(w->sums + (size_t)z * (size_t)p->n_attributes, z, level->payload) : 0;
            value = level->kind == HCB__LEVEL_WORST ? (figure > value ? figure : value) : value + figure;
        }
        if (value > w->x->limit[l] || value > level->cap)
            return;
        mine = l == w->x->level ? value : mine;
    }
    if (mine >= w->best_value || (w->x->accept && !w->x->accept(w->zone, 0, w->x->payload)))
        return;
    w->best_value = mine;
    w->found = true;
    w->stop = w->stop || w->x->level < 0;
    memcpy(w->best, w->zone, (size_t)w->n * sizeof *w->best);
}

static void place(walk *w, int32_t at) {
    if (++w->nodes % CHECK_EVERY == 0) {
        w->x->budget->work += CHECK_EVERY / 64;
        w->stop = w->stop || hcb__budget_interrupted(w->x->budget) || w->nodes >= w->x->most_nodes;
    }
    if (w->stop)
        return;
    if (at == w->n_order) {
        take(w);
        return;
    }
    bool opened = false; /* of zones that are alike, one */
    int32_t first = w->hint[w->order[at]];
    for (int32_t turn = -1; turn < w->k && !w->stop; turn++) {
        int32_t z = turn < 0 ? first : turn;
        if ((turn >= 0 && z == first) || z < 0 || (w->block[at] & ~w->allowed[z]))
            continue;
        if (z >= w->x->first_new && !w->mask[z]) {
            if (opened)
                continue;
            opened = true;
        }
        put_block(w, at, z, 1);
        if (hopeful(w, at + 1))
            place(w, at + 1);
        put_block(w, at, z, -1);
    }
}

static uint64_t block_of(const walk *w, int32_t u) {
    uint64_t block = 0;
    for (int32_t v = 0; v < w->n; v++)
        block |= (uint64_t)(w->p->block[v] == w->p->block[u]) << v;
    return block;
}

/* Blocks in the order of a breadth-first search, so that what is placed hangs together. */
static void find_order(walk *w) {
    const hcb__graph *g = w->p->graph;
    uint64_t seen = 0;
    int32_t tail = 0;
    for (int32_t head = 0;; head++) {
        for (int32_t u = 0; head == tail && u < w->n; u++)
            if (!(seen >> u & 1)) {
                w->order[tail++] = u;
                seen |= block_of(w, u);
            }
        if (head == tail)
            break;
        w->block[head] = block_of(w, w->order[head]);
        for (uint64_t left = w->block[head]; left; left &= left - 1) {
            int32_t u = __builtin_ctzll(left);
            for (int32_t e = g->start[u]; e < g->start[u + 1]; e++)
                if (!(seen >> g->to[e] & 1)) {
                    w->order[tail++] = g->to[e];
                    seen |= block_of(w, g->to[e]);
                }
        }
    }
    w->n_order = tail;
}

static int64_t least_cost(const walk *w, const hcb__map_level *level, int32_t u) {
    int64_t least = INT64_MAX;
    for (int32_t z = 0; z < w->k; z++)
        if (w->allowed[z] >> u & 1 && level->cost[(size_t)u * (size_t)w->k + (size_t)z] < least)
            least = level->cost[(size_t)u * (size_t)w->k + (size_t)z];
    return least < INT64_MAX ? least : 0;
}

static int64_t alone(const walk *w, const hcb__map_level *level, int32_t u, int64_t *sums) {
    for (int32_t a = 0; a < w->p->n_attributes; a++)
        sums[a] = attribute(w, a, u);
    int64_t figure = level->figure(sums, 0, level->floor);
    return figure > level->slack ? figure - level->slack : 0;
}

/* What is still to come at each depth. */
static void add_up_rest(walk *w, int64_t *sums) {
    const hcb__map_problem *p = w->p;
    size_t width = (size_t)p->n_attributes, depth = (size_t)w->n_order + 1;
    for (int32_t at = w->n_order - 1; at >= 0; at--) {
        int64_t *up = w->rest_up + (size_t)at * width, *down = w->rest_down + (size_t)at * width;
        memcpy(up, up + width, width * sizeof *up);
        memcpy(down, down + width, width * sizeof *down);
        for (int32_t l = 0; l < p->n_levels; l++)
            w->rest_value[(size_t)l * depth + (size_t)at] = w->rest_value[(size_t)l * depth + (size_t)at + 1];
        for (uint64_t left = w->block[at]; left; left &= left - 1) {
            int32_t u = __builtin_ctzll(left);
            for (int32_t a = 0; a < p->n_attributes; a++) {
                int64_t v = attribute(w, a, u);
                up[a] += v > 0 ? v : 0;
                down[a] += v < 0 ? v : 0;
            }
            for (int32_t l = 0; l < p->n_levels; l++) {
                const hcb__map_level *level = &p->levels[l];
                if (level->kind == HCB__LEVEL_LINEAR)
                    w->rest_value[(size_t)l * depth + (size_t)at] += least_cost(w, level, u);
                else if (level->kind == HCB__LEVEL_ZONES && level->grows)
                    w->rest_value[(size_t)l * depth + (size_t)at] += alone(w, level, u, sums);
            }
        }
    }
}

static bool prepare(walk *w, const int32_t *zone) {
    const hcb__map_problem *p = w->p;
    size_t n = (size_t)w->n, k = (size_t)w->k, width = (size_t)p->n_attributes, levels = (size_t)p->n_levels;
    w->near = hcb__arena_alloc(&w->arena, n, sizeof *w->near);
    w->allowed = hcb__arena_alloc(&w->arena, k, sizeof *w->allowed);
    w->block = hcb__arena_alloc(&w->arena, n, sizeof *w->block);
    w->order = hcb__arena_alloc(&w->arena, n, sizeof *w->order);
    w->mask = hcb__arena_alloc(&w->arena, k, sizeof *w->mask);
    w->sums = hcb__arena_alloc(&w->arena, (k + 1) * width, sizeof *w->sums);
    w->rest_up = hcb__arena_alloc(&w->arena, (n + 1) * width, sizeof *w->rest_up);
    w->rest_down = hcb__arena_alloc(&w->arena, (n + 1) * width, sizeof *w->rest_down);
    w->rest_value = hcb__arena_alloc(&w->arena, levels * (n + 1), sizeof *w->rest_value);
    w->bounded = hcb__arena_alloc(&w->arena, width, sizeof *w->bounded);
    w->value = hcb__arena_alloc(&w->arena, levels, sizeof *w->value);
    w->places = hcb__arena_alloc(&w->arena, levels, sizeof *w->places);
    w->zone = hcb__arena_alloc(&w->arena, n, sizeof *w->zone);
    w->best = hcb__arena_alloc(&w->arena, n, sizeof *w->best);
    w->hint = hcb__arena_alloc(&w->arena, n, sizeof *w->hint);
    if (!w->near || !w->allowed || !w->block || !w->order || !w->mask || !w->sums || !w->rest_up || !w->rest_down ||
        !w->rest_value || !w->bounded || !w->value || !w->places || !w->zone || !w->best || !w->hint)
        return false;
    for (size_t l = 0; l < levels; l++)
        if (p->levels[l].kind == HCB__LEVEL_SPLITS &&
            !(w->places[l] = hcb__arena_alloc(&w->arena, (size_t)p->levels[l].n_places * k, sizeof **w->places)))
            return false;
    for (int32_t u = 0; u < w->n; u++) {
        w->zone[u] = -1;
        w->hint[u] = zone[u];
        for (int32_t e = p->graph->start[u]; e < p->graph->start[u + 1]; e++)
            w->near[u] |= (uint64_t)1 << p->graph->to[e];
        for (int32_t z = 0; z < w->k; z++)
            w->allowed[z] |= (uint64_t)(p->fixed[u] < 0 || p->fixed[u] == z) << u;
    }
    for (int32_t a = 0; a < p->n_attributes; a++)
        for (int32_t z = 0; z < w->k; z++)
            w->bounded[a] =
                w->bounded[a] || p->low[a * w->k + z] > -INT64_MAX / 4 || p->high[a * w->k + z] < INT64_MAX / 4;
    find_order(w);
    add_up_rest(w, w->sums + k * width);
    return true;
}

bool hcb__map_exact(hcb__exact_answer *out, int32_t *zone, int64_t known, const hcb_allocator *mem,
                    const hcb__exact *what) {
    walk w = {.x = what, .p = what->problem, .n = what->problem->graph->n, .k = what->problem->k};
    *out = (hcb__exact_answer){false, false, known};
    if (w.n > HCB__MOST_EXACT)
        return true;
    hcb__arena_init(&w.arena, mem);
    w.best_value = known;
    bool ok = prepare(&w, zone);
    if (ok) {
        if (hopeful(&w, 0))
            place(&w, 0);
        *out = (hcb__exact_answer){w.found, !w.stop, w.best_value};
        if (w.found)
            memcpy(zone, w.best, (size_t)w.n * sizeof *zone);
    }
    hcb__arena_release(&w.arena);
    return ok;
}
