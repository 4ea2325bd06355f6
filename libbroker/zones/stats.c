/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/stats.h"

#include <math.h>

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
