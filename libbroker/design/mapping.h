/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workspace and the rules for its zones as a problem of units, sums and levels. */
#ifndef HCB_DESIGN_MAPPING_H
#define HCB_DESIGN_MAPPING_H

#include "design/plan.h"
#include "design/rules.h"
#include "zones/adjacency.h"

/* Sums of a zone, in this order; those that rules bound, and those that figures need. */
enum {
    HCB__SUM_MINUTES,
    HCB__SUM_PEOPLE,
    HCB__SUM_VISITS,                                 /* one a time block */
    HCB__SUM_GROUND = HCB__SUM_VISITS + HCB__BLOCKS, /* square metres on which people live */
    HCB__SUM_X,                                      /* minutes x tens of metres */
    HCB__SUM_Y,
    HCB__SUM_SQUARE,
    HCB__SUM_MIX /* two for each rule on the mix: what it is above the least and below the most; with frozen zones one
                    more: areas that are of none, of which a frozen zone has none */
};

/* The ground and the visits of a zone as travel. */
typedef struct hcb__zone_travel {
    const hcb__travel_settings *travel;
} hcb__zone_travel;

typedef struct hcb__mapping {
    hcb__arena arena;
    const hcb__model *model;
    const hcb__map_rules *rules;
    const hcb__demand *demand;
    int32_t n, k;     /* k: today's zones, then room for new ones */
    int32_t n_today;  /* zones of the workspace */
    hcb__zone *zones; /* [k] */
    int64_t total_minutes;
    hcb__graph *graph;              /* barriers taken out */
    int64_t *shared_m;              /* [n_edges] length of the common border, metres */
    int32_t *today;                 /* [n] as the workspace has it */
    int32_t *repaired;              /* [n] with its zones in the parts that they may have */
    int32_t *repairs, *repair_from; /* units that this moved, and whence */
    int32_t n_repairs;
    bool frozen;       /* there are rules for frozen zones, whether they are on or not */
    int64_t *target;   /* [k] minutes for the balance */
    int64_t moved_cap; /* minutes; INT64_MAX: no limit */
    /* The model's travel with its far roads no slower than near ones: concave, as bounds need it, and nowhere longer.
     */
    hcb__travel_settings concave;
    hcb__zone_travel travel, least_travel; /* the model's, and that */
    hcb__map_problem problem;              /* levels by hcb__map_level_words */
} hcb__mapping;

HCB_NODISCARD hcb_status hcb__mapping_create(hcb__mapping **out, hcb_context *ctx, const hcb__model *model,
                                             const hcb__demand *demand, const hcb__adjacency *adjacency,
                                             const hcb__map_rules *rules, const bool *on);
void hcb__mapping_free(hcb__mapping *mapping);

/* Whether a provider may work in a zone. A new one has no rows yet: it is open to all who cover any zone. */
bool hcb__mapping_covers(const hcb__mapping *mapping, int32_t provider, int32_t zone);
/* What active providers that cover a zone could do in all, minutes a week. */
int64_t hcb__mapping_capacity(const hcb__mapping *mapping, int32_t zone);

/* Seconds of road a week in one block: the rounds of a zone with these visits (x 1000) spread over this ground. */
double hcb__map_road(const hcb__travel_settings *travel, double ground_m2, double visits);

#endif
