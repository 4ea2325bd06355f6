/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/mapping.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arith.h"
#include "design/join.h"

#define NO_LOW (-INT64_MAX / 4)
#define NO_HIGH (INT64_MAX / 4)

/* What rounding can take off a figure of a zone: seconds of road, or one unit of inertia; two figures are compared. */
enum { ROUNDING = 2 };

double hcb__map_road(const hcb__travel_settings *travel, double ground_m2, double visits) {
    hcb__tour_unit unit = {.area_m2 = ground_m2, .rural = false};
    hcb__tour_sum sum;
    unit.visits[0] = (int64_t)visits;
    if (visits < 1)
        return 0;
    hcb__tour_of_unit(&sum, &hcb__tour_defaults, travel, &unit, 1000);
    return (double)sum.road_ms[0] / 1000;
}

/* Daganzo's estimate with the zone as one ground: what the rounds of carers who serve all of it have on the road. */
static int64_t road_of(const int64_t *sums, int32_t zone, const void *payload) {
    const hcb__zone_travel *t = payload;
    hcb__tour_unit unit = {.area_m2 = (double)sums[HCB__SUM_GROUND], .rural = false};
    hcb__tour_sum sum;
    int64_t ms = 0;
    (void)zone;
    for (int b = 0; b < HCB__BLOCKS; b++)
        unit.visits[b] = sums[HCB__SUM_VISITS + b];
    hcb__tour_of_unit(&sum, &hcb__tour_defaults, t->travel, &unit, 1000);
    for (int b = 0; b < HCB__BLOCKS; b++)
        ms += sum.road_ms[b];
    return hcb__round_div(ms, 1000);
}

static int64_t road_a_visit(const int64_t *sums, int32_t zone, const void *payload) {
    int64_t visits = 0;
    for (int b = 0; b < HCB__BLOCKS; b++)
        visits += sums[HCB__SUM_VISITS + b];
    return visits > 0 ? road_of(sums, zone, payload) * 1000000 / visits : 0;
}

static int64_t inertia_of(const int64_t *sums, int32_t zone, const void *payload) {
    (void)zone;
    (void)payload;
    __extension__ typedef __int128 wide;
    int64_t m = sums[HCB__SUM_MINUTES];
    if (m <= 0)
        return 0;
    wide x = sums[HCB__SUM_X], y = sums[HCB__SUM_Y];
    return sums[HCB__SUM_SQUARE] - (int64_t)((x * x + y * y) / m);
}

static int64_t off_balance(const int64_t *sums, int32_t zone, const void *payload) {
    const int64_t *target = payload;
    int64_t off = sums[HCB__SUM_MINUTES] - target[zone];
    return off < 0 ? -off : off;
}

static int64_t people10(const hcb__area *area) {
    return area->people65 > 0 ? hcb__round_half_up(10 * area->people65) : 0;
}

static bool counts(const hcb__mapping *m, const bool *on, size_t r) {
    (void)m;
    return !on || on[r];
}

/* The graph without pairs that a barrier parts. */
static bool make_graph(hcb__mapping *m, const hcb__adjacency *adjacency, const bool *on) {
    size_t most = (size_t)adjacency->start[m->n], n_pairs = 0;
    int32_t(*pairs)[2] = hcb__arena_alloc(&m->arena, most, sizeof *pairs);
    if (!pairs)
        return false;
    for (int32_t u = 0; u < m->n; u++)
        for (int32_t e = adjacency->start[u]; e < adjacency->start[u + 1]; e++) {
            const hcb__neighbour *v = &adjacency->list[e];
            bool barred = !v->rook || v->unit < u;
            for (size_t r = 0; !barred && r < m->rules->rules.count; r++) {
                const hcb__map_rule *rule = &m->rules->rules.at[r];
                barred = rule->kind == HCB__RULE_BARRIER && counts(m, on, r) &&
                         ((rule->areas[0] == u && rule->areas[1] == v->unit) ||
                          (rule->areas[1] == u && rule->areas[0] == v->unit));
            }
            if (!barred) {
                pairs[n_pairs][0] = u;
                pairs[n_pairs++][1] = v->unit;
            }
        }
    if (!hcb__graph_create(&m->graph, &m->arena.mem, m->n, (const int32_t(*)[2])pairs, n_pairs))
        return false;
    m->shared_m = hcb__arena_alloc(&m->arena, (size_t)m->graph->n_edges, sizeof *m->shared_m);
    if (!m->shared_m)
        return false;
    for (int32_t u = 0; u < m->n; u++)
        for (int32_t e = m->graph->start[u]; e < m->graph->start[u + 1]; e++)
            for (int32_t i = adjacency->start[u]; i < adjacency->start[u + 1]; i++)
                if (adjacency->list[i].unit == m->graph->to[e])
                    m->shared_m[m->graph->edge[e]] = (adjacency->list[i].shared_um + 500000) / 1000000;
    return true;
}

static void find_today(hcb__mapping *m) {
    const hcb__zone_set *set = m->model->zones;
    for (int32_t u = 0; u < m->n; u++) {
        m->today[u] = set->areas[u].zone;
        if (m->today[u] < 0)
            m->today[u] = hcb__geo_index_locate(set->zone_index, set->areas[u].point);
    }
}

static void fill_attributes(hcb__mapping *m, int64_t *attribute) {
    const hcb__zone_set *set = m->model->zones;
    double x0 = 0, y0 = 0;
    for (int32_t u = 0; u < m->n; u++) {
        x0 += set->areas[u].point.x / m->n;
        y0 += set->areas[u].point.y / m->n;
    }
    for (int32_t u = 0; u < m->n; u++) {
        const hcb__demand_unit *d = &m->demand->unit[u];
        int64_t *at = attribute + u, n = m->n;
        int64_t x = llround((set->areas[u].point.x - x0) / 10), y = llround((set->areas[u].point.y - y0) / 10);
        at[HCB__SUM_MINUTES * n] = d->minutes;
        at[HCB__SUM_PEOPLE * n] = people10(&set->areas[u]);
        for (int b = 0; b < HCB__BLOCKS; b++)
            at[(HCB__SUM_VISITS + b) * n] = d->tour.visits[b] + d->tour.visits[HCB__TOUR_BLOCKS + b];
        at[HCB__SUM_GROUND * n] = llround(d->tour.area_m2);
        at[HCB__SUM_X * n] = d->minutes * x;
        at[HCB__SUM_Y * n] = d->minutes * y;
        at[HCB__SUM_SQUARE * n] = d->minutes * (x * x + y * y);
        m->total_minutes += d->minutes;
    }
}

static int64_t rural_minutes(const hcb__demand_unit *d) {
    return d->band_minutes[HCB__RURAL] + d->band_minutes[HCB__ISOLATED];
}

static void tighten(int64_t *low, int64_t *high, int64_t least, int64_t most) {
    if (least >= 0 && least > *low)
        *low = least;
    if (most >= 0 && most < *high)
        *high = most;
}

/* Bounds of all sums; the attributes of the rules on the mix. */
static void fill_bounds(hcb__mapping *m, const bool *on, int64_t *attribute, int64_t *low, int64_t *high) {
    for (int32_t i = 0; i < m->problem.n_attributes * m->k; i++) {
        low[i] = NO_LOW;
        high[i] = NO_HIGH;
    }
    int32_t mix = HCB__SUM_MIX;
    for (size_t r = 0; r < m->rules->rules.count; r++) {
        const hcb__map_rule *rule = &m->rules->rules.at[r];
        bool is_mix = rule->kind == HCB__RULE_MIX;
        for (int32_t u = 0; is_mix && u < m->n; u++) {
            const hcb__demand_unit *d = &m->demand->unit[u];
            attribute[(size_t)mix * (size_t)m->n + (size_t)u] =
                rule->low < 0 ? 0 : 100 * rural_minutes(d) - rule->low * d->minutes;
            attribute[(size_t)(mix + 1) * (size_t)m->n + (size_t)u] =
                rule->high < 0 ? 0 : rule->high * d->minutes - 100 * rural_minutes(d);
        }
        for (int32_t z = 0; counts(m, on, r) && z < m->k; z++) {
            if (!hcb__rule_covers(rule, m->zones, z))
                continue;
            if (rule->kind == HCB__RULE_HOURS)
                tighten(&low[HCB__SUM_MINUTES * m->k + z], &high[HCB__SUM_MINUTES * m->k + z], rule->low, rule->high);
            if (rule->kind == HCB__RULE_PEOPLE)
                tighten(&low[HCB__SUM_PEOPLE * m->k + z], &high[HCB__SUM_PEOPLE * m->k + z], rule->low, rule->high);
            if (is_mix)
                low[mix * m->k + z] = low[(mix + 1) * m->k + z] = 0;
        }
        mix += is_mix ? 2 : 0;
    }
    if (mix == m->problem.n_attributes)
        return;
    for (int32_t u = 0; u < m->n; u++)
        attribute[(size_t)mix * (size_t)m->n + (size_t)u] = 1;
    for (size_t r = 0; r < m->rules->rules.count; r++) {
        const hcb__map_rule *rule = &m->rules->rules.at[r];
        if (rule->kind != HCB__RULE_FROZEN || !counts(m, on, r))
            continue;
        high[mix * m->k + rule->zone] = 0;
        for (int32_t u = 0; u < m->n; u++)
            if (m->today[u] == rule->zone)
                attribute[(size_t)mix * (size_t)m->n + (size_t)u] = 0;
    }
}

/* A frozen zone takes nothing in. */
static bool closed(const hcb__mapping *m, int32_t zone) {
    int32_t last = m->problem.n_attributes - 1;
    return m->problem.high[last * m->k + zone] == 0 && last >= HCB__SUM_MIX && m->frozen;
}

static void join(int32_t *block, int32_t n, int32_t a, int32_t b) {
    int32_t from = block[a] > block[b] ? block[a] : block[b], to = block[a] > block[b] ? block[b] : block[a];
    for (int32_t u = 0; u < n; u++)
        block[u] = block[u] == from ? to : block[u];
}

static void fill_marks(hcb__mapping *m, const bool *on, int32_t *fixed, int32_t *block, int32_t *parts) {
    for (int32_t u = 0; u < m->n; u++) {
        fixed[u] = -1;
        block[u] = u;
    }
    for (int32_t z = 0; z < m->k; z++)
        parts[z] = m->n;
    for (size_t r = 0; r < m->rules->rules.count; r++) {
        const hcb__map_rule *rule = &m->rules->rules.at[r];
        if (!counts(m, on, r)) {
            if (rule->kind == HCB__RULE_ZONES) { /* taken out: any number */
                m->problem.least_zones = 1;
                m->problem.most_zones = m->k;
            }
            continue;
        }
        for (int32_t z = 0; rule->kind == HCB__RULE_CONNECTED && z < m->k; z++)
            if (hcb__rule_covers(rule, m->zones, z))
                parts[z] = (int32_t)rule->high;
        for (int32_t i = 0; i < rule->n_areas; i++) {
            if (rule->kind == HCB__RULE_FIXED)
                fixed[rule->areas[i]] = rule->zone;
            if (rule->kind == HCB__RULE_TOGETHER)
                join(block, m->n, rule->areas[0], rule->areas[i]);
        }
        for (int32_t u = 0; rule->kind == HCB__RULE_FROZEN && u < m->n; u++)
            if (m->today[u] == rule->zone)
                fixed[u] = rule->zone;
        if (rule->kind == HCB__RULE_MOVED) {
            int64_t cap = rule->percent ? m->total_minutes * rule->high / 10000 : rule->high;
            m->moved_cap = cap < m->moved_cap ? cap : m->moved_cap;
        }
        if (rule->kind == HCB__RULE_ZONES) {
            m->problem.least_zones = (int32_t)rule->low;
            m->problem.most_zones = (int32_t)rule->high;
        }
    }
}

/* Areas go where rules hold them; parts of a zone that hold fixed areas are joined with its largest part where that can
 * be. Then zones in more parts than they may have: the smallest part (hours, then areas,
 * then id) goes to the zone that it shares the longest border with, until all is well. Parts that hold a fixed area
 * stay. */
static bool repair(hcb__mapping *m) {
    const hcb__map_problem *p = &m->problem;
    int32_t *mark = hcb__arena_alloc(&m->arena, (size_t)m->n, sizeof *mark),
            *queue = hcb__arena_alloc(&m->arena, (size_t)m->n, sizeof *queue);
    int64_t *border = hcb__arena_alloc(&m->arena, (size_t)m->k, sizeof *border);
    m->repairs = hcb__arena_alloc(&m->arena, (size_t)m->n, sizeof *m->repairs);
    m->repair_from = hcb__arena_alloc(&m->arena, (size_t)m->n, sizeof *m->repair_from);
    if (!mark || !queue || !border || !m->repairs || !m->repair_from)
        return false;
    memcpy(m->repaired, m->today, (size_t)m->n * sizeof *m->today);
    for (int32_t u = 0; u < m->n; u++) /* a fixed area is where the rule wants it */
        if (p->fixed[u] >= 0)
            m->repaired[u] = p->fixed[u];
    /* Areas that belong together are where most of their hours are. */
    for (int32_t b = 0; b < m->n; b++) {
        memset(border, 0, (size_t)m->k * sizeof *border);
        int32_t to = -1, size = 0;
        for (int32_t u = b; u < m->n; u++)
            if (p->block[u] == b) {
                border[m->repaired[u]] += p->attribute[u] + 1;
                to = p->fixed[u] >= 0 ? p->fixed[u] : to;
                size++;
            }
        for (int32_t z = 0, free = to<0; size> 1 && free && z < m->k; z++)
            to = !closed(m, z) && (to < 0 || border[z] > border[to]) ? z : to;
        for (int32_t u = b; size > 1 && to >= 0 && u < m->n; u++)
            if (p->block[u] == b)
                m->repaired[u] = to;
    }
    if (!hcb__map_join_held(m))
        return false;
    bool changed = true;
    for (int32_t turn = 0; changed && turn < m->n; turn++) {
        changed = false;
        for (int32_t z = 0; z < m->k && !changed; z++) {
            int32_t n_parts = hcb__graph_parts(m->graph, m->repaired, z, mark, queue), least = -1;
            int64_t least_minutes = INT64_MAX, least_units = 0;
            for (int32_t part = 0; n_parts > p->parts[z] && part < n_parts; part++) {
                int64_t minutes = 0, units = 0;
                bool held = false, touches = false;
                for (int32_t u = 0; u < m->n; u++) {
                    if (mark[u] != part)
                        continue;
                    minutes += p->attribute[u];
                    units++;
                    held = held || p->fixed[u] >= 0;
                    for (int32_t e = m->graph->start[u]; e < m->graph->start[u + 1]; e++)
                        touches =
                            touches || (m->repaired[m->graph->to[e]] != z && !closed(m, m->repaired[m->graph->to[e]]));
                }
                if (!held && touches &&
                    (minutes < least_minutes || (minutes == least_minutes && units < least_units))) {
                    least = part;
                    least_minutes = minutes;
                    least_units = units;
                }
            }
            if (least < 0)
                continue;
            memset(border, 0, (size_t)m->k * sizeof *border);
            for (int32_t u = 0; u < m->n; u++)
                for (int32_t e = m->graph->start[u]; mark[u] == least && e < m->graph->start[u + 1]; e++)
                    if (m->repaired[m->graph->to[e]] != z && !closed(m, m->repaired[m->graph->to[e]]))
                        border[m->repaired[m->graph->to[e]]] += m->shared_m[m->graph->edge[e]] + 1;
            int32_t to = 0;
            for (int32_t y = 1; y < m->k; y++)
                to = border[y] > border[to] ? y : to;
            for (int32_t u = 0; u < m->n; u++)
                if (mark[u] == least)
                    m->repaired[u] = to;
            changed = true;
        }
    }
    for (int32_t u = 0; u < m->n; u++)
        if (m->repaired[u] != m->today[u]) {
            m->repairs[m->n_repairs] = u;
            m->repair_from[m->n_repairs++] = m->today[u];
        }
    return true;
}

/* A new zone has the mean of today's prices. */
static int64_t price_of(const hcb__mapping *m, int32_t zone, int32_t band) {
    if (zone < m->n_today)
        return hcb__schedule_price(m->model->prices, zone, band);
    int64_t sum = 0, count = 0;
    for (int32_t z = 0; z < m->n_today; z++) {
        int64_t price = hcb__schedule_price(m->model->prices, z, band);
        sum += price < 0 ? 0 : price;
        count += price >= 0;
    }
    return count ? hcb__round_div(sum, count) : -1;
}

static void fill_costs(hcb__mapping *m, int64_t *cost[HCB__MAP_LEVELS]) {
    const hcb__model *model = m->model;
    for (int32_t u = 0; u < m->n; u++)
        for (int32_t z = 0; z < m->k; z++) {
            const hcb__demand_unit *d = &m->demand->unit[u];
            size_t at = (size_t)u * (size_t)m->k + (size_t)z;
            bool moved = z != m->repaired[u];
            int64_t pence = 0;
            for (int b = 0; b < HCB__BANDS; b++) {
                int64_t price = price_of(m, z, b);
                pence += d->band_minutes[b] * (price < 0 ? 0 : price);
            }
            cost[HCB__MAP_MOVED_HOURS][at] = moved ? d->minutes : 0;
            cost[HCB__MAP_MOVED_PACKAGES][at] = moved ? d->packages : 0;
            cost[HCB__MAP_MOVED_PEOPLE][at] = moved ? people10(&model->zones->areas[u]) : 0;
            cost[HCB__MAP_PRICE][at] = hcb__round_div(pence, 60);
        }
}

/* The middle of a zone's bounds on hours, where it has both; else what it has today, a new one the mean of them. */
static void fill_targets(hcb__mapping *m) {
    for (int32_t z = 0; z < m->k; z++) {
        int64_t low = m->problem.low[HCB__SUM_MINUTES * m->k + z], high = m->problem.high[HCB__SUM_MINUTES * m->k + z];
        m->target[z] = 0;
        for (int32_t u = 0; u < m->n; u++)
            m->target[z] += m->today[u] == z ? m->demand->unit[u].minutes : 0;
        if (low > NO_LOW && high < NO_HIGH)
            m->target[z] = (low + high) / 2;
        else if (z >= m->n_today)
            m->target[z] = m->total_minutes / m->n_today;
    }
}

static bool fill_levels(hcb__mapping *m, hcb__map_level *levels) {
    int64_t *cost[HCB__MAP_LEVELS] = {NULL};
    static const int32_t linear[] = {HCB__MAP_MOVED_HOURS, HCB__MAP_MOVED_PACKAGES, HCB__MAP_MOVED_PEOPLE,
                                     HCB__MAP_PRICE};
    for (size_t i = 0; i < sizeof linear / sizeof *linear; i++) {
        cost[linear[i]] = hcb__arena_alloc(&m->arena, (size_t)m->n * (size_t)m->k, sizeof **cost);
        if (!cost[linear[i]])
            return false;
        levels[linear[i]] = (hcb__map_level){.kind = HCB__LEVEL_LINEAR, .cost = cost[linear[i]]};
    }
    fill_costs(m, cost);
    m->travel.travel = &m->model->travel;
    m->concave = m->model->travel;
    if (m->concave.far_slope > m->concave.near_slope)
        m->concave.far_slope = m->concave.near_slope;
    m->least_travel.travel = &m->concave;
    int64_t visits = 0;
    for (int32_t u = 0; u < m->n; u++)
        for (int b = 0; b < HCB__TOUR_STREAMS; b++)
            visits += m->demand->unit[u].tour.visits[b];
    levels[HCB__MAP_TRAVEL] = (hcb__map_level){.kind = HCB__LEVEL_ZONES,
                                               .figure = road_of,
                                               .payload = &m->travel,
                                               .grows = true,
                                               .floor = &m->least_travel,
                                               .slack = ROUNDING};
    levels[HCB__MAP_WORST_TRAVEL] = (hcb__map_level){.kind = HCB__LEVEL_WORST,
                                                     .figure = road_a_visit,
                                                     .payload = &m->travel,
                                                     .mean_of = HCB__MAP_TRAVEL,
                                                     .mean_scale = 1000000,
                                                     .mean_total = visits};
    levels[HCB__MAP_INERTIA] =
        (hcb__map_level){.kind = HCB__LEVEL_ZONES, .figure = inertia_of, .grows = true, .slack = ROUNDING};
    levels[HCB__MAP_CUT_EDGES] = (hcb__map_level){.kind = HCB__LEVEL_CUT};
    levels[HCB__MAP_PERIMETER] = (hcb__map_level){.kind = HCB__LEVEL_CUT, .length = m->shared_m};
    levels[HCB__MAP_BALANCE] =
        (hcb__map_level){.kind = HCB__LEVEL_ZONES, .figure = off_balance, .payload = m->target, .target = m->target};
    int32_t *place = hcb__arena_alloc(&m->arena, (size_t)m->n, sizeof *place);
    if (!place)
        return false;
    /* A place is one of the file to snap to, or else a name that several areas share. */
    int32_t n_places = m->rules->place ? m->rules->n_places : 0;
    if (m->rules->place)
        memcpy(place, m->rules->place, (size_t)m->n * sizeof *place);
    for (int32_t u = 0; !m->rules->place && u < m->n; u++) {
        const char *name = m->model->zones->areas[u].name;
        place[u] = -1;
        for (int32_t v = 0; v < u && *name && place[u] < 0; v++)
            if (strcmp(name, m->model->zones->areas[v].name) == 0)
                place[u] = place[v] >= 0 ? place[v] : (place[v] = n_places++);
    }
    levels[HCB__MAP_SPLITS] = (hcb__map_level){.kind = HCB__LEVEL_SPLITS, .place = place, .n_places = n_places};
    int64_t *inside = hcb__arena_alloc(&m->arena, (size_t)m->graph->n_edges, sizeof *inside);
    if (!inside)
        return false;
    for (int32_t u = 0; m->rules->place && u < m->n; u++)
        for (int32_t e = m->graph->start[u]; e < m->graph->start[u + 1]; e++)
            if (place[u] >= 0 && place[u] == place[m->graph->to[e]])
                inside[m->graph->edge[e]] = m->shared_m[m->graph->edge[e]];
    levels[HCB__MAP_SNAP] = (hcb__map_level){.kind = HCB__LEVEL_CUT, .length = inside};
    for (int32_t l = 0; l < HCB__MAP_LEVELS; l++) {
        levels[l].name = hcb__map_level_words[l];
        levels[l].cap = INT64_MAX;
    }
    levels[HCB__MAP_MOVED_HOURS].cap = m->moved_cap;
    return true;
}

/* Today's zones, then the new ones with ids that are free: N1, N2, ... */
static bool name_zones(hcb__mapping *m) {
    const hcb__zone_set *set = m->model->zones;
    int32_t number = 0, zone_class = HCB__MEDIUM;
    m->zones = hcb__arena_alloc(&m->arena, (size_t)m->k, sizeof *m->zones);
    if (!m->zones)
        return false;
    memcpy(m->zones, set->zones, (size_t)m->n_today * sizeof *m->zones);
    for (size_t r = 0; r < m->rules->rules.count; r++)
        if (m->rules->rules.at[r].kind == HCB__RULE_ZONES)
            zone_class = m->rules->rules.at[r].zone_class;
    for (int32_t z = m->n_today; z < m->k; z++) {
        char name[32], id[16];
        do
            snprintf(id, sizeof id, "N%d", (int)++number);
        while (hcb__idmap_get(&set->zone_of_id, id, strlen(id)) >= 0);
        snprintf(name, sizeof name, "New zone %d", (int)number);
        m->zones[z] = (hcb__zone){.id = hcb__arena_strndup(&m->arena, id, strlen(id)),
                                  .name = hcb__arena_strndup(&m->arena, name, strlen(name)),
                                  .zone_class = (hcb__zone_class)zone_class,
                                  .hours_min = -1,
                                  .hours_max = -1};
        if (!m->zones[z].id || !m->zones[z].name)
            return false;
    }
    return true;
}

bool hcb__mapping_covers(const hcb__mapping *m, int32_t provider, int32_t zone) {
    if (zone < m->n_today)
        return hcb__model_coverage(m->model, provider, zone) != NULL;
    for (int32_t z = 0; z < m->n_today; z++)
        if (hcb__model_coverage(m->model, provider, z))
            return true;
    return false;
}

int64_t hcb__mapping_capacity(const hcb__mapping *m, int32_t zone) {
    int64_t capacity = 0;
    for (int32_t k = 0; k < m->model->n_providers; k++) {
        const hcb__coverage *c = zone < m->n_today ? hcb__model_coverage(m->model, k, zone) : NULL;
        int64_t own = m->model->providers[k].capacity;
        if (m->model->providers[k].active && hcb__mapping_covers(m, k, zone))
            capacity += c && c->capacity >= 0 && c->capacity < own ? c->capacity : own;
    }
    return capacity;
}

static hcb_status fill(hcb__mapping *m, hcb_context *ctx, const hcb__adjacency *adjacency, const bool *on) {
    size_t n = (size_t)m->n, k = (size_t)m->k;
    hcb__map_problem *p = &m->problem;
    m->today = hcb__arena_alloc(&m->arena, n, sizeof *m->today);
    m->repaired = hcb__arena_alloc(&m->arena, n, sizeof *m->repaired);
    m->target = hcb__arena_alloc(&m->arena, k, sizeof *m->target);
    if (!m->today || !m->repaired || !m->target || !name_zones(m))
        return hcb__nomem(ctx);
    find_today(m);
    for (int32_t u = 0; u < m->n; u++)
        if (m->today[u] < 0)
            return hcb__fail(ctx, HCB_EDATA, "area %s lies in no zone: a new map begins with today's",
                             m->model->zones->areas[u].id);
    p->k = m->k;
    p->n_attributes = HCB__SUM_MIX;
    for (size_t r = 0; r < m->rules->rules.count; r++) {
        p->n_attributes += m->rules->rules.at[r].kind == HCB__RULE_MIX ? 2 : 0;
        m->frozen = m->frozen || m->rules->rules.at[r].kind == HCB__RULE_FROZEN;
    }
    p->n_attributes += m->frozen;
    size_t sums = (size_t)p->n_attributes;
    int64_t *attribute = hcb__arena_alloc(&m->arena, sums * n, sizeof *attribute);
    int64_t *low = hcb__arena_alloc(&m->arena, sums * k, sizeof *low);
    int64_t *high = hcb__arena_alloc(&m->arena, sums * k, sizeof *high);
    int32_t *fixed = hcb__arena_alloc(&m->arena, n, sizeof *fixed);
    int32_t *block = hcb__arena_alloc(&m->arena, n, sizeof *block);
    int32_t *parts = hcb__arena_alloc(&m->arena, k, sizeof *parts);
    hcb__map_level *levels = hcb__arena_alloc(&m->arena, HCB__MAP_LEVELS, sizeof *levels);
    if (!attribute || !low || !high || !fixed || !block || !parts || !levels || !make_graph(m, adjacency, on))
        return hcb__nomem(ctx);
    p->graph = m->graph;
    p->attribute = attribute;
    p->low = low;
    p->high = high;
    p->fixed = fixed;
    p->block = block;
    p->parts = parts;
    p->levels = levels;
    p->n_levels = HCB__MAP_LEVELS;
    fill_attributes(m, attribute);
    fill_bounds(m, on, attribute, low, high);
    fill_marks(m, on, fixed, block, parts);
    fill_targets(m);
    return repair(m) && fill_levels(m, levels) ? HCB_OK : hcb__nomem(ctx);
}

hcb_status hcb__mapping_create(hcb__mapping **out, hcb_context *ctx, const hcb__model *model, const hcb__demand *demand,
                               const hcb__adjacency *adjacency, const hcb__map_rules *rules, const bool *on) {
    *out = NULL;
    hcb__mapping *m = hcb__calloc(&ctx->mem, 1, sizeof *m);
    if (!m)
        return hcb__nomem(ctx);
    hcb__arena_init(&m->arena, &ctx->mem);
    m->model = model;
    m->demand = demand;
    m->rules = rules;
    m->n = model->zones->n_areas;
    m->n_today = m->k = model->zones->n_zones;
    for (size_t r = 0; r < rules->rules.count; r++)
        if (rules->rules.at[r].kind == HCB__RULE_ZONES && rules->rules.at[r].high > m->k)
            m->k = (int32_t)rules->rules.at[r].high;
    m->moved_cap = INT64_MAX;
    hcb_status status = fill(m, ctx, adjacency, on);
    if (status == HCB_OK)
        *out = m;
    else
        hcb__mapping_free(m);
    return status;
}

void hcb__mapping_free(hcb__mapping *m) {
    if (!m)
        return;
    hcb_allocator mem = m->arena.mem;
    hcb__graph_free(m->graph);
    hcb__arena_release(&m->arena);
    hcb__free(&mem, m);
}
