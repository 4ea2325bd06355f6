/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the people of each small area ask for: the queue and the placements in force, by the area their place is in
 * (not by a zone_id of their own). */
#ifndef HCB_DESIGN_DEMAND_H
#define HCB_DESIGN_DEMAND_H

#include "model/model.h"
#include "travel/tour.h"

_Static_assert((int)HCB__TOUR_BLOCKS == (int)HCB__BLOCKS, "rounds lie in the time blocks of the model");

typedef struct hcb__demand_unit {
    int32_t packages, waiting;        /* people; waiting: of them in the queue */
    int64_t minutes;                  /* carer minutes a week */
    int64_t contact;                  /* contact minutes a week */
    int64_t band_minutes[HCB__BANDS]; /* carer minutes, by the band of the package */
    hcb__tour_unit tour;
} hcb__demand_unit;

typedef struct hcb__demand {
    hcb__arena arena;
    int32_t n_units;
    hcb__demand_unit *unit; /* as the areas of the map */
    int32_t *unit_of;       /* of each package, the queue first; -1: in no area */
    int32_t elsewhere;      /* packages in no area */
    bool *in_reach;         /* [n_providers x n_units]: active, and no farther from its position than it accepts */
} hcb__demand;

HCB_NODISCARD hcb_status hcb__demand_create(hcb__demand **out, const hcb_allocator *mem, const hcb__model *model);
void hcb__demand_free(hcb__demand *demand);

/* How many providers share the work of each zone, x 1000: one over the share of neighbours, no more than 4 km apart,
 * who have the same provider. 1000 in zones without such pairs. `zone` of each unit, `pairs` [n_zones] is work room. */
void hcb__sharers(int64_t *sharers, const hcb__demand *demand, const hcb__model *model, const int32_t *zone,
                  int64_t (*pairs)[2]);

#endif
