/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/generate.h"

#include <math.h>

int32_t hcb__pick_share(hcb__rng *rng, const double *shares, int32_t n) {
    double u = hcb__rng_unit(rng);
    for (int32_t i = 0; i < n; i++) {
        if (u < shares[i])
            return i;
        u -= shares[i];
    }
    return n;
}

/* Ages within 65+ are not in a file of small areas: the county's mix stands for them. */
static double weight_of(const hcb__area *area, int32_t scenario) {
#define P(name) hcb__parameter(HCB__P_##name, scenario)
    double share_65 = 1 - P(SHARE_75) - P(SHARE_85);
    double per_head = P(RATIO_65) * share_65 + P(RATIO_75) * P(SHARE_75) + P(RATIO_85) * P(SHARE_85);
    double people65 = area->people65 > 0 ? area->people65 : 0;
    double residents = area->households > 0 ? area->households * P(RESIDENTS) : 0;
    return P(WEIGHT_65) * per_head * people65 + P(WEIGHT_ALL) * residents;
#undef P
}

static bool any_figures(const hcb__zone_set *set) {
    for (int32_t a = 0; a < set->n_areas; a++)
        if (set->areas[a].people65 > 0 || set->areas[a].households > 0)
            return true;
    return false;
}

static void sort_postcodes(hcb__ground *ground) {
    const hcb__zone_set *set = ground->set;
    for (int32_t p = 0; p < set->n_postcodes; p++)
        if (set->postcodes[p].area >= 0)
            ground->first_postcode[set->postcodes[p].area + 1]++;
    for (int32_t a = 0; a < set->n_areas; a++)
        ground->first_postcode[a + 1] += ground->first_postcode[a];
    for (int32_t p = set->n_postcodes; p-- > 0;) /* backwards, so that the starts end up where they belong */
        if (set->postcodes[p].area >= 0)
            ground->postcodes[--ground->first_postcode[set->postcodes[p].area + 1]] = p;
    for (int32_t a = 0; a < set->n_areas; a++)
        ground->first_postcode[a] = ground->first_postcode[a + 1];
    int32_t total = 0;
    for (int32_t p = 0; p < set->n_postcodes; p++)
        total += set->postcodes[p].area >= 0;
    ground->first_postcode[set->n_areas] = total;
}

hcb_status hcb__ground_make(hcb__ground *ground, hcb_context *ctx, hcb__arena *arena, const hcb__zone_set *set,
                            int32_t scenario) {
    size_t n = (size_t)set->n_areas;
    *ground = (hcb__ground){.set = set};
    ground->upto = hcb__arena_alloc(arena, n, sizeof *ground->upto);
    ground->zone = hcb__arena_alloc(arena, n, sizeof *ground->zone);
    ground->first_postcode = hcb__arena_alloc(arena, n + 1, sizeof *ground->first_postcode);
    ground->postcodes = hcb__arena_alloc(arena, (size_t)set->n_postcodes, sizeof *ground->postcodes);
    ground->zone_weight = hcb__arena_alloc(arena, (size_t)set->n_zones, sizeof *ground->zone_weight);
    if (!ground->upto || !ground->zone || !ground->first_postcode || !ground->postcodes || !ground->zone_weight)
        return hcb__nomem(ctx);
    sort_postcodes(ground);
    bool figures = any_figures(set);
    double sum = 0;
    for (int32_t a = 0; a < set->n_areas; a++) {
        const hcb__area *area = &set->areas[a];
        ground->zone[a] = area->zone >= 0 ? area->zone : hcb__locate(set, -1, -1, -1, false, area->point).zone;
        double weight = ground->zone[a] < 0 ? 0 : figures ? weight_of(area, scenario) : 1;
        if (weight > 0)
            ground->zone_weight[ground->zone[a]] += weight;
        sum += weight;
        ground->upto[a] = sum;
    }
    if (!(sum > 0))
        return hcb__fail(ctx, HCB_EDATA, "the map has no small areas where people could live (key \"areas\")");
    return HCB_OK;
}

int32_t hcb__ground_draw(const hcb__ground *ground, hcb__rng *rng) {
    int32_t low = 0, high = ground->set->n_areas - 1;
    double u = hcb__rng_unit(rng) * ground->upto[high];
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (ground->upto[middle] > u)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

hcb__point hcb__near(hcb__rng *rng, hcb__point centre, double sd) {
    double x = centre.x + sd * hcb__rng_normal(rng), y = centre.y + sd * hcb__rng_normal(rng);
    return (hcb__point){floor(x + 0.5), floor(y + 0.5)};
}
