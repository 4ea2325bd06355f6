/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures per zone of a zone set. */
#ifndef HCB_ZONES_STATS_H
#define HCB_ZONES_STATS_H

#include "zones/metrics.h"
#include "zones/zones.h"

typedef struct hcb__zone_stats {
    int32_t n_areas, n_parts;
    double area_km2, perimeter_km;
    double polsby_popper; /* 4 pi area / perimeter^2, holes' edges included; 0 for a zone without a polygon */
    hcb__shape shape;     /* the other figures of shape, of the zone's polygon */
    int32_t cut_edges;    /* pairs of neighbouring areas, one in the zone and one not; -1: an area is but a point */
    double households, people65; /* sums over the areas that give them; -1: none does */
    /* By band, of the areas in the zone. */
    int32_t areas_in_band[HCB__BANDS];
    double people65_in_band[HCB__BANDS], households_in_band[HCB__BANDS]; /* sums over what is given */
    /* Shares that add up to 1: of people aged 65 and over; where no area gives them, of households; else of areas. All
     * 0 for a zone without areas. */
    double band_share[HCB__BANDS];
} hcb__zone_stats;

/* One record a zone, in the order of set->zones; freed by the caller with hcb__free. */
HCB_NODISCARD hcb_status hcb__zones_stats(hcb__zone_stats **out, hcb_context *ctx, const hcb__zone_set *set);

#endif
