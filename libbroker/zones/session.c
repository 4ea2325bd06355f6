/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "zones/circle.h"
#include "zones/session_inside.h"
#include "zones/topology_areas.h"

static int64_t tenths(double value) {
    return value > 0 ? (int64_t)llround(10 * value) : 0;
}

static bool joins(const hcb__neighbour *n) {
    return n->rook || n->bridge;
}

/* Parts of a zone as the units are now. */
static int32_t parts_of(hcb__session *s, int32_t zone) {
    int32_t parts = 0;
    s->stamp++;
    for (int32_t u = 0; u < s->n_units; u++) {
        if (s->zone[u] != zone || s->mark[u] == s->stamp)
            continue;
        int32_t head = 0, tail = 0;
        s->mark[u] = s->stamp;
        s->queue[tail++] = u;
        while (head < tail) {
            int32_t v = s->queue[head++];
            for (int32_t i = s->adjacency->start[v]; i < s->adjacency->start[v + 1]; i++) {
                int32_t w = s->adjacency->list[i].unit;
                if (joins(&s->adjacency->list[i]) && s->zone[w] == zone && s->mark[w] != s->stamp) {
                    s->mark[w] = s->stamp;
                    s->queue[tail++] = w;
                }
            }
        }
        parts++;
    }
    return parts;
}

static void note_change(hcb__session *s, int32_t zone) {
    if (zone >= 0 && !s->is_changed[zone]) {
        s->is_changed[zone] = true;
        s->after[zone] = s->totals[zone];
    }
}

static void put_unit(const hcb__session *s, hcb__zone_totals *t, int32_t unit, int32_t sign) {
    t->n_units += sign;
    t->minutes += sign * s->minutes[unit];
    t->people10 += sign * s->people10[unit];
    t->households10 += sign * s->households10[unit];
    t->perimeter_um += sign * s->topology->perimeter_um[unit];
    hcb__mass_add(&t->mass, &s->mass[unit], sign);
}

/* One unit from its zone to another: totals of both, of borders and of cut edges. Third zones keep theirs: a
 * neighbour in one of them was cut before and is cut after. */
static void shift_one(hcb__session *s, int32_t unit, int32_t to) {
    int32_t from = s->zone[unit];
    note_change(s, from);
    note_change(s, to);
    if (from >= 0)
        put_unit(s, &s->after[from], unit, -1);
    if (to >= 0)
        put_unit(s, &s->after[to], unit, 1);
    for (int32_t i = s->adjacency->start[unit]; i < s->adjacency->start[unit + 1]; i++) {
        const hcb__neighbour *n = &s->adjacency->list[i];
        if (!joins(n))
            continue;
        int32_t other = s->zone[n->unit];
        if (from >= 0) {
            s->after[from].perimeter_um += other == from ? 2 * n->shared_um : 0;
            s->after[from].cut_edges += other == from ? 1 : -1;
        }
        if (to >= 0) {
            s->after[to].perimeter_um -= other == to ? 2 * n->shared_um : 0;
            s->after[to].cut_edges += other == to ? -1 : 1;
        }
    }
    s->zone[unit] = to;
}

/* Lets the units be in `zone`, with all totals of `after` but n_parts; remembers where they were. */
static void shift(hcb__session *s, const int32_t *units, size_t n, int32_t zone) {
    s->n_moved = 0;
    for (int32_t z = 0; z < s->n_zones; z++)
        s->is_changed[z] = false;
    for (size_t i = 0; i < n; i++) {
        int32_t u = units[i];
        if (s->zone[u] == zone)
            continue;
        s->moved[s->n_moved] = u;
        s->was[s->n_moved++] = s->zone[u];
        shift_one(s, u, zone);
    }
}

static void shift_back(hcb__session *s) {
    for (int32_t i = 0; i < s->n_moved; i++)
        s->zone[s->moved[i]] = s->was[i];
}

/* Whether the neighbours of the unit in the zone hang together through each other: then the unit comes or goes without
 * changing the number of parts, and the zone need not be searched. */
static bool neighbours_hang_together(const hcb__session *s, int32_t unit, int32_t zone, int32_t *count) {
    int32_t near[64], n = 0, seen = 0, reached = 1;
    bool in[64] = {false};
    for (int32_t i = s->adjacency->start[unit]; i < s->adjacency->start[unit + 1]; i++)
        if (joins(&s->adjacency->list[i]) && s->zone[s->adjacency->list[i].unit] == zone) {
            if (n == 64)
                return false;
            near[n++] = s->adjacency->list[i].unit;
        }
    *count = n;
    if (n == 0)
        return true;
    int32_t order[64] = {0};
    in[0] = true;
    while (seen < reached) {
        int32_t v = near[order[seen++]];
        for (int32_t i = s->adjacency->start[v]; i < s->adjacency->start[v + 1]; i++)
            for (int32_t k = 0; k < n; k++)
                if (!in[k] && joins(&s->adjacency->list[i]) && near[k] == s->adjacency->list[i].unit) {
                    in[k] = true;
                    order[reached++] = k;
                }
    }
    return reached == n;
}

static void count_parts(hcb__session *s, int32_t zone) {
    int32_t near = 0, unit = s->moved[0];
    if (s->n_moved == 1 && neighbours_hang_together(s, unit, zone, &near)) {
        bool gains = s->zone[unit] == zone;
        s->after[zone].n_parts = s->totals[zone].n_parts + (near > 0 ? 0 : gains ? 1 : -1);
        return;
    }
    s->after[zone].n_parts = parts_of(s, zone);
}

static int32_t problems_of(const hcb__session *s, int32_t z, bool gains) {
    const hcb__zone_totals *before = &s->totals[z], *after = &s->after[z];
    const hcb__zone *zone = &s->set->zones[z];
    int32_t problems = 0;
    if (after->n_units == 0)
        problems |= HCB__MOVE_EMPTIES;
    /* A zone that had no units becomes one part. */
    if (after->n_parts > before->n_parts && after->n_parts > 1)
        problems |= gains ? HCB__MOVE_DETACHED : HCB__MOVE_SPLITS;
    if (gains && zone->hours_max >= 0 && after->minutes > zone->hours_max && after->minutes > before->minutes)
        problems |= HCB__MOVE_ABOVE_HOURS;
    if (!gains && zone->hours_min >= 0 && after->minutes < zone->hours_min && after->minutes < before->minutes)
        problems |= HCB__MOVE_BELOW_HOURS;
    return problems;
}

static bool good_units(const hcb__session *s, const int32_t *units, size_t n, int32_t zone) {
    if (zone < 0 || zone >= s->n_zones)
        return false;
    for (size_t i = 0; i < n; i++)
        if (units[i] < 0 || units[i] >= s->n_units)
            return false;
    return true;
}

hcb_status hcb__session_try(hcb__move *out, hcb__session *s, const int32_t *units, size_t n, int32_t zone) {
    *out = (hcb__move){0};
    if (!good_units(s, units, n, zone))
        return HCB_EINVAL;
    shift(s, units, n, zone);
    for (int32_t z = 0; z < s->n_zones; z++)
        if (s->is_changed[z]) {
            count_parts(s, z);
            out->problems |= problems_of(s, z, z == zone);
            s->after[out->n_changed] = s->after[z]; /* z is never smaller */
            s->changed[out->n_changed++] = z;
        }
    for (int32_t i = 0; i < s->n_moved; i++) {
        out->minutes_moved += s->minutes[s->moved[i]];
        out->people10_moved += s->people10[s->moved[i]];
    }
    out->n_moved = s->n_moved;
    out->changed = s->changed;
    out->after = s->after;
    shift_back(s);
    return HCB_OK;
}

hcb_status hcb__session_apply(hcb__session *s, const int32_t *units, size_t n, int32_t zone) {
    if (!good_units(s, units, n, zone))
        return HCB_EINVAL;
    shift(s, units, n, zone);
    for (int32_t z = 0; z < s->n_zones; z++)
        if (s->is_changed[z]) {
            count_parts(s, z);
            s->totals[z] = s->after[z];
        }
    return HCB_OK;
}

static hcb__shape shape_now(hcb__session *s, int32_t zone, const hcb__zone_totals *totals) {
    size_t n = 0;
    for (int32_t u = 0; u < s->n_units; u++)
        if (s->zone[u] == zone)
            for (int32_t k = s->hull_start[u]; k < s->hull_start[u + 1]; k++)
                s->points[n++] = s->hull[k];
    size_t corners = hcb__convex_hull(s->points, n, s->corners);
    return hcb__shape_of(&totals->mass, (double)totals->perimeter_um / 1e6, s->corners, corners);
}

hcb_status hcb__session_shape(hcb__shape *out, hcb__session *s, int32_t zone) {
    *out = (hcb__shape){0};
    if (zone < 0 || zone >= s->n_zones)
        return HCB_EINVAL;
    *out = shape_now(s, zone, &s->totals[zone]);
    return HCB_OK;
}

hcb_status hcb__session_try_shape(hcb__shape *out, hcb__session *s, const int32_t *units, size_t n, int32_t to,
                                  int32_t zone) {
    *out = (hcb__shape){0};
    if (!good_units(s, units, n, to) || zone < 0 || zone >= s->n_zones)
        return HCB_EINVAL;
    shift(s, units, n, to);
    *out = shape_now(s, zone, s->is_changed[zone] ? &s->after[zone] : &s->totals[zone]);
    shift_back(s);
    return HCB_OK;
}

const int32_t *hcb__session_zones(const hcb__session *s) {
    return s->zone;
}

const hcb__zone_totals *hcb__session_totals(const hcb__session *s) {
    return s->totals;
}

hcb_status hcb__session_recompute(hcb__zone_totals **out, const hcb__session *s) {
    *out = hcb__calloc(&s->mem, (size_t)s->n_zones + 1, sizeof **out);
    if (!*out)
        return HCB_ENOMEM;
    for (int32_t u = 0; u < s->n_units; u++) {
        int32_t z = s->zone[u];
        if (z < 0)
            continue;
        put_unit(s, &(*out)[z], u, 1);
        for (int32_t i = s->adjacency->start[u]; i < s->adjacency->start[u + 1]; i++) {
            const hcb__neighbour *n = &s->adjacency->list[i];
            if (joins(n) && s->zone[n->unit] == z)
                (*out)[z].perimeter_um -= n->shared_um; /* once from each side */
            else if (joins(n))
                (*out)[z].cut_edges++;
        }
    }
    for (int32_t z = 0; z < s->n_zones; z++)
        (*out)[z].n_parts = parts_of((hcb__session *)s, z); /* touches the work room only */
    return HCB_OK;
}

static hcb_status make_room(hcb__session *s) {
    size_t n = (size_t)s->n_units, z = (size_t)s->n_zones, points = 0;
    for (int32_t u = 0; u < s->n_units; u++)
        points += (size_t)s->set->areas[u].polygon.n_points;
    hcb__arena *a = &s->arena;
    s->zone = hcb__arena_alloc(a, n, sizeof *s->zone);
    s->totals = hcb__arena_alloc(a, z, sizeof *s->totals);
    s->after = hcb__arena_alloc(a, z, sizeof *s->after);
    s->minutes = hcb__arena_alloc(a, n, sizeof *s->minutes);
    s->people10 = hcb__arena_alloc(a, n, sizeof *s->people10);
    s->households10 = hcb__arena_alloc(a, n, sizeof *s->households10);
    s->mass = hcb__arena_alloc(a, n, sizeof *s->mass);
    s->hull_start = hcb__arena_alloc(a, n + 1, sizeof *s->hull_start);
    s->hull = hcb__arena_alloc(a, points + 1, sizeof *s->hull);
    s->points = hcb__arena_alloc(a, points + 1, sizeof *s->points);
    s->corners = hcb__arena_alloc(a, points + 1, sizeof *s->corners);
    s->changed = hcb__arena_alloc(a, z, sizeof *s->changed);
    s->is_changed = hcb__arena_alloc(a, z, sizeof *s->is_changed);
    s->moved = hcb__arena_alloc(a, n, sizeof *s->moved);
    s->was = hcb__arena_alloc(a, n, sizeof *s->was);
    s->queue = hcb__arena_alloc(a, n, sizeof *s->queue);
    s->mark = hcb__arena_alloc(a, n, sizeof *s->mark);
    s->label = hcb__arena_alloc(a, 2 * n, sizeof *s->label);
    s->extra = hcb__arena_alloc(a, 2 * n, sizeof *s->extra);
    return s->zone && s->totals && s->after && s->minutes && s->people10 && s->households10 && s->mass &&
                   s->hull_start && s->hull && s->points && s->corners && s->changed && s->is_changed && s->moved &&
                   s->was && s->queue && s->mark && s->label && s->extra
               ? HCB_OK
               : HCB_ENOMEM;
}

static void measure_units(hcb__session *s, const int64_t *minutes) {
    hcb__point origin = {0, 0};
    int32_t at = 0;
    for (int32_t u = 0; u < s->n_units; u++) {
        const hcb__area *area = &s->set->areas[u];
        if (origin.x == 0 && area->polygon.n_points)
            origin = area->polygon.points[0];
        s->zone[u] = area->zone;
        s->minutes[u] = minutes ? minutes[u] : 0;
        s->people10[u] = tenths(area->people65);
        s->households10[u] = tenths(area->households);
        s->mass[u] = hcb__mass_of(&area->polygon, origin);
        size_t n = (size_t)area->polygon.n_points;
        if (n)
            memcpy(s->points, area->polygon.points, n * sizeof *s->points);
        size_t corners = hcb__convex_hull(s->points, n, s->corners);
        s->hull_start[u] = at;
        for (size_t k = 0; k < corners; k++)
            s->hull[at++] = s->corners[k];
    }
    s->hull_start[s->n_units] = at;
}

/* Borders are added up by pairs: an edge of three would count twice. */
static hcb_status refuse_overlaps(const hcb__session *s, hcb_context *ctx) {
    const hcb__topology *t = s->topology;
    for (int32_t e = 0; e < t->n_edges; e++)
        if (t->edge[e + 1].first - t->edge[e].first > 2)
            return hcb__fail(
                ctx, HCB_EGEOMETRY, "areas %s, %s and %s share one edge at easting %.0f, northing %.0f: they overlap",
                s->set->areas[t->use[t->edge[e].first].unit].id, s->set->areas[t->use[t->edge[e].first + 1].unit].id,
                s->set->areas[t->use[t->edge[e].first + 2].unit].id, t->vertex[t->edge[e].a].x,
                t->vertex[t->edge[e].a].y);
    return HCB_OK;
}

static hcb_status build(hcb__session *s, hcb_context *ctx, const int64_t *minutes) {
    if (make_room(s) != HCB_OK || hcb__topology_of_areas(&s->topology, &s->mem, s->set) != HCB_OK ||
        hcb__adjacency_create(&s->adjacency, &s->mem, s->topology) != HCB_OK)
        return hcb__nomem(ctx);
    hcb_status status = refuse_overlaps(s, ctx);
    if (status != HCB_OK)
        return status;
    measure_units(s, minutes);
    hcb__zone_totals *totals;
    if (hcb__session_recompute(&totals, s) != HCB_OK)
        return hcb__nomem(ctx);
    memcpy(s->totals, totals, (size_t)s->n_zones * sizeof *totals);
    hcb__free(&s->mem, totals);
    return HCB_OK;
}

hcb_status hcb__session_create(hcb__session **out, hcb_context *ctx, const hcb__zone_set *set, const int64_t *minutes) {
    *out = NULL;
    hcb__session *s = hcb__calloc(&ctx->mem, 1, sizeof *s);
    if (!s)
        return hcb__nomem(ctx);
    s->mem = ctx->mem;
    s->set = set;
    s->n_units = set->n_areas;
    s->n_zones = set->n_zones;
    hcb__arena_init(&s->arena, &s->mem);
    hcb_status status = build(s, ctx, minutes);
    if (status == HCB_OK)
        *out = s;
    else
        hcb__session_free(s);
    return status;
}

void hcb__session_free(hcb__session *s) {
    if (!s)
        return;
    hcb__adjacency_free(s->adjacency);
    hcb__topology_free(s->topology);
    hcb_allocator mem = s->mem;
    hcb__arena_release(&s->arena);
    hcb__free(&mem, s);
}
