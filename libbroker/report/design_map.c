/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Areas united into the zones of a proposal; borders stay on the areas' edges. */
#include <math.h>
#include <string.h>

#include "geo/coverage.h"
#include "io/csv.h"
#include "report/design_report.h"
#include "report/zone_shapes.h"

static hcb_status unite(hcb__polygon *out, hcb_context *ctx, hcb__arena *arena, const hcb__design_figures *f,
                        const int32_t *zone, int32_t z) {
    const hcb__zone_set *set = f->model->zones;
    size_t n = 0;
    const hcb__grid_polygon **members = hcb__arena_alloc(arena, (size_t)f->mapping->n, sizeof *members);
    if (!members)
        return hcb__nomem(ctx);
    for (int32_t u = 0; u < f->mapping->n; u++) {
        if (zone[u] != z)
            continue;
        const hcb__polygon *p = &set->areas[u].polygon;
        hcb__grid_point *points = hcb__arena_alloc(arena, (size_t)p->n_points, sizeof *points);
        hcb__grid_polygon *g = hcb__arena_alloc(arena, 1, sizeof *g);
        if (!points || !g)
            return hcb__nomem(ctx);
        for (int32_t i = 0; i < p->n_points; i++)
            points[i] = (hcb__grid_point){llround(100 * p->points[i].x), llround(100 * p->points[i].y)};
        *g = (hcb__grid_polygon){p->n_parts, p->n_rings, p->n_points, p->part_start, p->ring_start, points};
        members[n++] = g;
    }
    hcb__grid_polygon all;
    hcb__grid_point bad;
    hcb_status status = hcb__coverage_union(&all, arena, members, n, &bad);
    if (status == HCB_EGEOMETRY)
        return hcb__fail(ctx, status, "areas of zone %s overlap near %lld, %lld", f->mapping->zones[z].id,
                         (long long)(bad.x / 100), (long long)(bad.y / 100));
    if (status != HCB_OK)
        return hcb__nomem(ctx);
    hcb__point *points = hcb__arena_alloc(arena, (size_t)all.n_points, sizeof *points);
    if (!points)
        return hcb__nomem(ctx);
    for (int32_t i = 0; i < all.n_points; i++)
        points[i] = (hcb__point){(double)all.points[i].x / 100, (double)all.points[i].y / 100};
    *out = (hcb__polygon){.n_parts = all.n_parts,
                          .n_rings = all.n_rings,
                          .n_points = all.n_points,
                          .part_start = all.part_start,
                          .ring_start = all.ring_start,
                          .points = points};
    return HCB_OK;
}

typedef struct properties {
    const hcb__design_figures *f;
    const int32_t *zone;
    int32_t *number; /* of the zones drawn: those with areas */
} properties;

static void put_properties(hcb__json_writer *w, const void *payload, int32_t drawn) {
    const properties *p = payload;
    int32_t z = p->number[drawn];
    const hcb__zone *zone = &p->f->mapping->zones[z];
    int64_t minutes = 0, areas = 0;
    for (int32_t u = 0; u < p->f->mapping->n; u++)
        if (p->zone[u] == z) {
            minutes += p->f->mapping->demand->unit[u].minutes;
            areas++;
        }
    hcb__jw_key_string(w, "zone_id", zone->id);
    hcb__jw_key_string(w, "name", zone->name);
    hcb__jw_key_string(w, "class", hcb__zone_class_words[zone->zone_class]);
    hcb__jw_key_bool(w, "prime", zone->prime);
    hcb__jw_key_int(w, "areas", areas);
    hcb__jw_key_int(w, "minutes", minutes);
}

hcb_status hcb__design_map(hcb__text *out, hcb_context *ctx, const hcb__design_figures *f, const int32_t *zone) {
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb__zone_set set = *f->model->zones;
    properties p = {f, zone, hcb__arena_alloc(&arena, (size_t)f->mapping->k, sizeof *p.number)};
    set.zones = hcb__arena_alloc(&arena, (size_t)f->mapping->k, sizeof *set.zones);
    set.n_zones = 0;
    hcb_status status = set.zones && p.number ? HCB_OK : hcb__nomem(ctx);
    for (int32_t z = 0; status == HCB_OK && z < f->mapping->k; z++) {
        int32_t u = 0;
        while (u < f->mapping->n && zone[u] != z)
            u++;
        if (u == f->mapping->n)
            continue;
        p.number[set.n_zones] = z;
        set.zones[set.n_zones] = f->mapping->zones[z];
        status = unite(&set.zones[set.n_zones++].polygon, ctx, &arena, f, zone, z);
    }
    if (status == HCB_OK)
        status = hcb__zones_draw(out, ctx, &set, put_properties, &p);
    hcb__arena_release(&arena);
    return status;
}

void hcb__design_plan_csv(hcb__text *out, const hcb__design_figures *f) {
    hcb__text_puts(out, "unit,zone,minutes,packages,people65\n");
    for (int32_t u = 0; u < f->mapping->n; u++) {
        hcb__csv_put(out, f->model->zones->areas[u].id, false);
        hcb__csv_put(out, f->mapping->zones[f->proposal->zone[u]].id, false);
        hcb__csv_put_int(out, f->mapping->demand->unit[u].minutes, false);
        hcb__csv_put_int(out, f->mapping->demand->unit[u].packages, false);
        hcb__text_fixed(out, f->mapping->problem.attribute[(size_t)HCB__SUM_PEOPLE * (size_t)f->mapping->n + (size_t)u],
                        1);
        hcb__text_putc(out, '\n');
    }
}

static int32_t phase_of(const hcb__design_figures *f, int32_t step) {
    int32_t phase = 0;
    while (phase + 1 < f->n_phases && f->phases[phase + 1].first_step <= step)
        phase++;
    return phase;
}

static void put_move(hcb__text *out, const hcb__design_figures *f, int32_t u, int32_t from, int32_t to, bool repair) {
    const hcb__zone *zones = f->mapping->zones;
    const hcb__demand_unit *d = &f->mapping->demand->unit[u];
    int32_t step = repair ? -1 : f->step_of[u];
    hcb__csv_put(out, f->model->zones->areas[u].id, false);
    hcb__csv_put(out, zones[from].id, false);
    hcb__csv_put(out, zones[to].id, false);
    hcb__csv_put_int(out, d->minutes, false);
    hcb__csv_put_int(out, d->packages, false);
    hcb__text_fixed(out, f->mapping->problem.attribute[(size_t)HCB__SUM_PEOPLE * (size_t)f->mapping->n + (size_t)u], 1);
    hcb__text_puts(out, repair ? ",repair," : ",change,");
    if (step >= 0) {
        hcb__csv_put_int(out, step + 1, false);
        hcb__csv_put_int(out, phase_of(f, step) + 1, false);
        if (f->phases[phase_of(f, step)].date != HCB__NO_DATE)
            hcb__text_date(out, f->phases[phase_of(f, step)].date);
    } else {
        hcb__text_puts(out, ",,");
    }
    hcb__text_putc(out, '\n');
}

void hcb__design_moves_csv(hcb__text *out, const hcb__design_figures *f) {
    hcb__text_puts(out, "unit,from,to,minutes,packages,people65,kind,step,phase,date\n");
    for (int32_t u = 0; u < f->mapping->n; u++) {
        if (f->mapping->repaired[u] != f->mapping->today[u])
            put_move(out, f, u, f->mapping->today[u], f->mapping->repaired[u], true);
        if (f->proposal->zone[u] != f->mapping->repaired[u])
            put_move(out, f, u, f->mapping->repaired[u], f->proposal->zone[u], false);
    }
}
