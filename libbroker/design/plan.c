/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/plan.h"

#include <string.h>

static int64_t attribute(const hcb__map_problem *p, int32_t a, int32_t unit) {
    return p->attribute[(size_t)a * (size_t)p->graph->n + (size_t)unit];
}

static int64_t length_of(const hcb__map_level *level, int32_t edge) {
    return level->length ? level->length[edge] : 1;
}

/* The count of a place's units in a zone changes by `by`; gives how many pairs beyond the first came or went. */
static int64_t count_place(int32_t *counts, int32_t k, int32_t place, int32_t zone, int32_t by) {
    int32_t *of = counts + (size_t)place * (size_t)k, before = 0, after = 0;
    for (int32_t z = 0; z < k; z++)
        before += of[z] > 0;
    of[zone] += by;
    for (int32_t z = 0; z < k; z++)
        after += of[z] > 0;
    return (after > 1 ? after - 1 : 0) - (before > 1 ? before - 1 : 0);
}

/* The unit's part in sums and counts, in (by = 1) or out of (by = -1) its zone. */
static void count_unit(hcb__map_plan *m, int32_t u, int32_t by) {
    const hcb__map_problem *p = m->p;
    int32_t z = m->zone[u];
    m->n_open += by > 0 ? m->n_units[z] == 0 : -(m->n_units[z] == 1);
    m->n_units[z] += by;
    for (int32_t a = 0; a < p->n_attributes; a++)
        m->sums[z * p->n_attributes + a] += by * attribute(p, a, u);
    for (int32_t l = 0; l < p->n_levels; l++) {
        const hcb__map_level *level = &p->levels[l];
        if (level->kind == HCB__LEVEL_LINEAR)
            m->value[l] += by * level->cost[(size_t)u * (size_t)p->k + (size_t)z];
        else if (level->kind == HCB__LEVEL_SPLITS && level->place[u] >= 0)
            m->value[l] += count_place(m->places[l], p->k, level->place[u], z, by);
    }
}

static void figures_of(hcb__map_plan *m, int32_t z) {
    const hcb__map_problem *p = m->p;
    const int64_t *sums = m->sums + (size_t)z * (size_t)p->n_attributes;
    int64_t missing = 0;
    bool shut = m->n_units[z] == 0 && hcb__map_number_free(p); /* bounds are for zones that are there */
    for (int32_t a = 0; !shut && a < p->n_attributes; a++) {
        int64_t low = p->low[a * p->k + z], high = p->high[a * p->k + z];
        missing += sums[a] < low ? low - sums[a] : sums[a] > high ? sums[a] - high : 0;
    }
    m->missing += missing - m->short_of[z];
    m->short_of[z] = missing;
    for (int32_t l = 0; l < p->n_levels; l++) {
        const hcb__map_level *level = &p->levels[l];
        if (level->kind != HCB__LEVEL_ZONES && level->kind != HCB__LEVEL_WORST)
            continue;
        int64_t *figure = &m->figure[l * p->k + z], now = shut ? 0 : level->figure(sums, z, level->payload);
        m->value[l] += level->kind == HCB__LEVEL_ZONES ? now - *figure : 0;
        *figure = now;
    }
}

static void worst_figures(hcb__map_plan *m) {
    for (int32_t l = 0; l < m->p->n_levels; l++) {
        if (m->p->levels[l].kind != HCB__LEVEL_WORST)
            continue;
        const int64_t *figure = m->figure + (size_t)l * (size_t)m->p->k;
        int64_t worst = figure[0];
        for (int32_t z = 1; z < m->p->k; z++)
            worst = figure[z] > worst ? figure[z] : worst;
        m->value[l] = worst;
    }
}

void hcb__map_put(hcb__map_plan *m, int32_t u, int32_t to) {
    const hcb__graph *g = m->p->graph;
    int32_t from = m->zone[u];
    count_unit(m, u, -1);
    m->zone[u] = to;
    count_unit(m, u, 1);
    for (int32_t l = 0; l < m->p->n_levels; l++) {
        const hcb__map_level *level = &m->p->levels[l];
        for (int32_t e = g->start[u]; level->kind == HCB__LEVEL_CUT && e < g->start[u + 1]; e++) {
            int32_t z = m->zone[g->to[e]];
            m->value[l] += ((z != to) - (z != from)) * length_of(level, g->edge[e]);
        }
    }
    if (m->n_trail < m->trail_size) {
        m->trail[m->n_trail] = u;
        m->trail_zone[m->n_trail++] = from;
    }
}

void hcb__map_refresh(hcb__map_plan *m) {
    m->turn++;
    /* Units' stamps are free for zones here: k <= n. */
    for (int32_t i = 0; i < m->n_trail; i++)
        for (int side = 0; side < 2; side++) {
            int32_t z = side ? m->trail_zone[i] : m->zone[m->trail[i]];
            if (m->stamp[z] != m->turn) {
                m->stamp[z] = m->turn;
                figures_of(m, z);
            }
        }
    worst_figures(m);
}

void hcb__map_undo(hcb__map_plan *m) {
    int32_t n = m->n_trail;
    m->trail_size = 0; /* taking back is not noted */
    for (int32_t i = n - 1; i >= 0; i--) {
        int32_t now = m->zone[m->trail[i]];
        hcb__map_put(m, m->trail[i], m->trail_zone[i]);
        m->trail_zone[i] = now;
    }
    m->trail_size = 2 * m->p->graph->n;
    hcb__map_refresh(m);
    m->n_trail = 0;
}

int32_t hcb__map_parts(hcb__map_plan *m, int32_t zone) {
    const hcb__graph *g = m->p->graph;
    int32_t parts = 0, seen = 0;
    m->turn++;
    for (int32_t s = 0; s < g->n && seen < m->n_units[zone]; s++) {
        if (m->zone[s] != zone || m->stamp[s] == m->turn)
            continue;
        int32_t head = 0, tail = 0;
        parts++;
        m->queue[tail++] = s;
        m->stamp[s] = m->turn;
        while (head < tail) {
            int32_t u = m->queue[head++];
            for (int32_t e = g->start[u]; e < g->start[u + 1]; e++)
                if (m->zone[g->to[e]] == zone && m->stamp[g->to[e]] != m->turn) {
                    m->stamp[g->to[e]] = m->turn;
                    m->queue[tail++] = g->to[e];
                }
        }
        seen += tail;
    }
    return parts;
}

/* Whether the neighbours of a unit that lie in a zone hang together there without it. The search stops when all were
 * met, which on a map is next door nearly always. */
static bool holds_without(hcb__map_plan *m, int32_t unit, int32_t zone) {
    const hcb__graph *g = m->p->graph;
    int32_t first = -1, wanted = 0, head = 0, tail = 0;
    for (int32_t e = g->start[unit]; e < g->start[unit + 1]; e++)
        if (m->zone[g->to[e]] == zone) {
            wanted++;
            first = g->to[e];
        }
    if (wanted <= 1)
        return wanted == 1;
    m->turn += 2; /* turn: met; turn - 1: a neighbour yet to be met */
    for (int32_t e = g->start[unit]; e < g->start[unit + 1]; e++)
        if (m->zone[g->to[e]] == zone)
            m->stamp[g->to[e]] = m->turn - 1;
    m->stamp[unit] = m->turn;
    m->queue[tail++] = first;
    m->stamp[first] = m->turn;
    wanted--;
    while (head < tail) {
        int32_t u = m->queue[head++];
        for (int32_t e = g->start[u]; e < g->start[u + 1]; e++) {
            int32_t v = g->to[e];
            if (m->zone[v] != zone || m->stamp[v] == m->turn)
                continue;
            if (m->stamp[v] == m->turn - 1 && --wanted == 0)
                return true;
            m->stamp[v] = m->turn;
            m->queue[tail++] = v;
        }
    }
    return false;
}

static bool touches(const hcb__map_plan *m, int32_t unit, int32_t zone) {
    const hcb__graph *g = m->p->graph;
    for (int32_t e = g->start[unit]; e < g->start[unit + 1]; e++)
        if (m->zone[g->to[e]] == zone)
            return true;
    return false;
}

bool hcb__map_move(hcb__map_plan *m, int32_t unit, int32_t to) {
    const hcb__map_problem *p = m->p;
    int32_t from = m->zone[unit], size = 0, u = unit;
    do {
        if (p->fixed[u] >= 0 && p->fixed[u] != to)
            return false;
        size++;
        u = m->next_mate[u];
    } while (u != unit);
    if (from == to || (m->n_units[from] <= size && m->n_open <= (hcb__map_number_free(p) ? p->least_zones : p->k)))
        return false;
    bool simple = size == 1 && p->parts[from] == 1;
    if (simple && (!touches(m, unit, to) || !holds_without(m, unit, from)))
        return false;
    int32_t kept = m->n_trail;
    do {
        hcb__map_put(m, u, to);
        u = m->next_mate[u];
    } while (u != unit);
    if (simple || (hcb__map_parts(m, from) <= p->parts[from] && hcb__map_parts(m, to) <= p->parts[to]))
        return true;
    while (m->n_trail > kept) {
        int32_t last = --m->n_trail, back = m->trail_zone[last], who = m->trail[last];
        hcb__map_put(m, who, back);
        m->n_trail = last;
    }
    return false;
}

bool hcb__map_merge(hcb__map_plan *m, int32_t a, int32_t b) {
    for (int32_t u = 0; u < m->p->graph->n; u++)
        if (m->zone[u] == a && m->p->fixed[u] >= 0 && m->p->fixed[u] != b)
            return false;
    for (int32_t u = 0; u < m->p->graph->n; u++)
        if (m->zone[u] == a)
            hcb__map_put(m, u, b);
    hcb__map_refresh(m);
    return true;
}

/* Everything from nothing but the zones. */
static void count_all(hcb__map_plan *m) {
    const hcb__map_problem *p = m->p;
    memset(m->n_units, 0, (size_t)p->k * sizeof *m->n_units);
    m->n_open = 0;
    memset(m->sums, 0, (size_t)p->k * (size_t)p->n_attributes * sizeof *m->sums);
    memset(m->value, 0, (size_t)p->n_levels * sizeof *m->value);
    memset(m->figure, 0, (size_t)p->n_levels * (size_t)p->k * sizeof *m->figure);
    memset(m->short_of, 0, (size_t)p->k * sizeof *m->short_of);
    m->missing = 0;
    for (int32_t l = 0; l < p->n_levels; l++)
        if (m->places[l])
            memset(m->places[l], 0, (size_t)p->levels[l].n_places * (size_t)p->k * sizeof *m->places[l]);
    for (int32_t u = 0; u < p->graph->n; u++)
        count_unit(m, u, 1);
    for (int32_t l = 0; l < p->n_levels; l++)
        for (int32_t u = 0; p->levels[l].kind == HCB__LEVEL_CUT && u < p->graph->n; u++)
            for (int32_t e = p->graph->start[u]; e < p->graph->start[u + 1]; e++)
                if (p->graph->to[e] > u && m->zone[p->graph->to[e]] != m->zone[u])
                    m->value[l] += length_of(&p->levels[l], p->graph->edge[e]);
    for (int32_t z = 0; z < p->k; z++)
        figures_of(m, z);
    worst_figures(m);
    m->n_trail = 0;
}

void hcb__map_plan_set(hcb__map_plan *m, const int32_t *zone) {
    memcpy(m->zone, zone, (size_t)m->p->graph->n * sizeof *zone);
    count_all(m);
}

/* Rings of mates. */
static bool link_blocks(hcb__map_plan *m, const hcb_allocator *mem) {
    int32_t n = m->p->graph->n;
    int32_t *last = hcb__calloc(mem, (size_t)n + 1, sizeof *last);
    if (!last)
        return false;
    for (int32_t b = 0; b < n; b++)
        last[b] = -1;
    for (int32_t u = 0; u < n; u++) {
        int32_t b = m->p->block[u];
        m->next_mate[u] = u;
        if (last[b] >= 0) {
            m->next_mate[u] = m->next_mate[last[b]];
            m->next_mate[last[b]] = u;
        }
        last[b] = u;
    }
    hcb__free(mem, last);
    return true;
}

bool hcb__map_plan_create(hcb__map_plan **out, const hcb_allocator *mem, const hcb__map_problem *p,
                          const int32_t *zone) {
    *out = NULL;
    hcb__map_plan *m = hcb__calloc(mem, 1, sizeof *m);
    if (!m)
        return false;
    size_t n = (size_t)p->graph->n, k = (size_t)p->k, levels = (size_t)p->n_levels;
    m->p = p;
    hcb__arena_init(&m->arena, mem);
    m->zone = hcb__arena_alloc(&m->arena, n, sizeof *m->zone);
    m->n_units = hcb__arena_alloc(&m->arena, k, sizeof *m->n_units);
    m->sums = hcb__arena_alloc(&m->arena, k * (size_t)p->n_attributes, sizeof *m->sums);
    m->value = hcb__arena_alloc(&m->arena, levels, sizeof *m->value);
    m->figure = hcb__arena_alloc(&m->arena, levels * k, sizeof *m->figure);
    m->short_of = hcb__arena_alloc(&m->arena, k, sizeof *m->short_of);
    m->places = hcb__arena_alloc(&m->arena, levels, sizeof *m->places);
    m->next_mate = hcb__arena_alloc(&m->arena, n, sizeof *m->next_mate);
    m->stamp = hcb__arena_alloc(&m->arena, n + k, sizeof *m->stamp);
    m->queue = hcb__arena_alloc(&m->arena, n, sizeof *m->queue);
    m->trail_size = 2 * p->graph->n;
    m->trail = hcb__arena_alloc(&m->arena, 2 * n, sizeof *m->trail);
    m->trail_zone = hcb__arena_alloc(&m->arena, 2 * n, sizeof *m->trail_zone);
    bool ok = m->zone && m->n_units && m->sums && m->value && m->figure && m->short_of && m->places && m->next_mate &&
              m->stamp && m->queue && m->trail && m->trail_zone;
    for (size_t l = 0; ok && l < levels; l++)
        if (p->levels[l].kind == HCB__LEVEL_SPLITS) {
            m->places[l] = hcb__arena_alloc(&m->arena, (size_t)p->levels[l].n_places * k, sizeof *m->places[l]);
            ok = m->places[l] != NULL;
        }
    if (!ok || !link_blocks(m, mem)) {
        hcb__map_plan_free(m);
        return false;
    }
    hcb__map_plan_set(m, zone);
    *out = m;
    return true;
}

void hcb__map_plan_free(hcb__map_plan *m) {
    if (!m)
        return;
    hcb_allocator mem = m->arena.mem;
    hcb__arena_release(&m->arena);
    hcb__free(&mem, m);
}
