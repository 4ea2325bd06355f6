/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/stats.h"

#include <math.h>

#include "zones/topology_areas.h"

static void add(double *sum, double value) {
    if (value >= 0)
        *sum = (*sum < 0 ? 0 : *sum) + value;
}

static void shares(hcb__zone_stats *s) {
    double in_band[HCB__BANDS], total = 0;
    for (int b = 0; b < HCB__BANDS; b++) {
        in_band[b] = s->people65 > 0     ? s->people65_in_band[b]
                     : s->households > 0 ? s->households_in_band[b]
                                         : s->areas_in_band[b];
        total += in_band[b];
    }
    for (int b = 0; total > 0 && b < HCB__BANDS; b++)
        s->band_share[b] = in_band[b] / total;
}

/* Areas in no zone count as being in another one. */
static hcb_status count_cut_edges(hcb__zone_stats *stats, const hcb_allocator *mem, const hcb__zone_set *set) {
    bool points = set->n_areas == 0;
    for (int32_t a = 0; a < set->n_areas; a++)
        points = points || (set->areas[a].zone >= 0 && set->areas[a].polygon.n_parts == 0);
    for (int32_t z = 0; z < set->n_zones; z++)
        stats[z].cut_edges = points ? -1 : 0;
    if (points)
        return HCB_OK;
    hcb__topology *topology = NULL;
    hcb__adjacency *adj = NULL;
    hcb_status status = hcb__topology_of_areas(&topology, mem, set);
    if (status == HCB_OK)
        status = hcb__adjacency_create(&adj, mem, topology);
    for (int32_t a = 0; status == HCB_OK && a < set->n_areas; a++)
        for (int32_t i = adj->start[a]; i < adj->start[a + 1]; i++)
            if (adj->list[i].rook && set->areas[a].zone >= 0 &&
                set->areas[adj->list[i].unit].zone != set->areas[a].zone)
                stats[set->areas[a].zone].cut_edges++;
    hcb__adjacency_free(adj);
    hcb__topology_free(topology);
    return status;
}

hcb_status hcb__zones_stats(hcb__zone_stats **out, hcb_context *ctx, const hcb__zone_set *set) {
    *out = hcb__calloc(&ctx->mem, (size_t)set->n_zones, sizeof **out);
    if (!*out)
        return hcb__nomem(ctx);
    for (int32_t z = 0; z < set->n_zones; z++) {
        hcb__zone_stats *s = &(*out)[z];
        const hcb__polygon *polygon = &set->zones[z].polygon;
        double area = hcb__polygon_area(polygon), perimeter = hcb__polygon_perimeter(polygon);
        s->n_parts = polygon->n_parts;
        s->area_km2 = area / 1e6;
        s->perimeter_km = perimeter / 1e3;
        s->polsby_popper = perimeter > 0 ? 4 * acos(-1) * area / (perimeter * perimeter) : 0;
        s->households = s->people65 = -1;
        if (hcb__shape_of_polygon(&s->shape, &ctx->mem, polygon) != HCB_OK) {
            hcb__free(&ctx->mem, *out);
            *out = NULL;
            return hcb__nomem(ctx);
        }
    }
    hcb_status status = count_cut_edges(*out, &ctx->mem, set);
    if (status != HCB_OK) {
        hcb__free(&ctx->mem, *out);
        *out = NULL;
        return hcb__nomem(ctx);
    }
    for (int32_t a = 0; a < set->n_areas; a++) {
        const hcb__area *area = &set->areas[a];
        if (area->zone < 0)
            continue;
        hcb__zone_stats *s = &(*out)[area->zone];
        s->n_areas++;
        s->areas_in_band[area->band]++;
        add(&s->households, area->households);
        add(&s->people65, area->people65);
        add(&s->households_in_band[area->band], area->households);
        add(&s->people65_in_band[area->band], area->people65);
    }
    for (int32_t z = 0; z < set->n_zones; z++)
        shares(&(*out)[z]);
    return HCB_OK;
}
