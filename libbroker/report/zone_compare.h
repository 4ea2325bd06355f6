/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `zones compare` found, for its writers. */
#ifndef HCB_REPORT_ZONE_COMPARE_H
#define HCB_REPORT_ZONE_COMPARE_H

#include "design/ledger.h"
#include "hcbroker/zones.h"
#include "zones/metrics.h"

/* What moves with the units; whole numbers, so that nothing is lost on the way. */
typedef struct hcb__amounts {
    int64_t units, people10, minutes, area_mm2; /* people10: tenths of people aged 65 and over */
} hcb__amounts;

/* A map: zones, and the zone of each unit of its own. */
typedef struct hcb__compared {
    const char *given; /* as it was asked for */
    hcb__zone_set *set;
    hcb__model *model; /* NULL: without people */
    hcb__demand *demand;
    int32_t n_zones;
    const char **ids, **names; /* by id bytes */
    int32_t *zone;             /* [set->n_areas]; -1: none */
    bool from_plan;            /* a CSV file over the units of the workspace */
    hcb__zone_costs *costs;    /* [n_zones] NULL: not known */
} hcb__compared;

/* A zone of either map; all amounts in the units of the finer one. */
typedef struct hcb__compared_zone {
    const char *id, *name;
    int32_t number[2]; /* in each map; -1: not there */
    hcb__amounts amount[2], gained, lost;
} hcb__compared_zone;

typedef struct hcb__zone_flow {
    int32_t from, to; /* zones of `zones`; the last is "none" */
    hcb__amounts amount;
} hcb__zone_flow;

typedef struct hcb__zone_comparison {
    hcb__compared side[2];
    int finer; /* whose units are counted */
    bool same_units;
    int32_t n_zones; /* of either map, and one for none at the end */
    hcb__compared_zone *zones;
    int32_t *of[2];        /* [units of the finer map] number in `zones` */
    hcb__zone_flow *flows; /* by from, to; those that stay too */
    int32_t n_flows;
    hcb__amounts all, moved;
    double variation; /* of information, by carer minutes, else people, else units */
    const char *weight;
    bool has_places;
    hcb__splits splits[2];
} hcb__zone_comparison;

void hcb__zone_comparison_json(hcb__text *out, const hcb__zone_comparison *c);
void hcb__zone_comparison_csv(hcb__text *out, const hcb__zone_comparison *c);
void hcb__zone_comparison_text(hcb__text *out, const hcb__zone_comparison *c);
/* units.csv: unit, from, to. */
void hcb__zone_comparison_units(hcb__text *out, const hcb__zone_comparison *c);

#endif
