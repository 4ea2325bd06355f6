/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `zones stats` found, for its writers. */
#ifndef HCB_REPORT_ZONE_FIGURES_H
#define HCB_REPORT_ZONE_FIGURES_H

#include "design/ledger.h"
#include "hcbroker/text.h"
#include "io/json.h"
#include "zones/stats.h"

typedef struct hcb__zone_service {
    hcb__ledger_zone sums;
    hcb__zone_costs costs;
    int64_t sharers;  /* x 1000 */
    int64_t capacity; /* carer minutes of the active providers that cover the zone, each in each of its zones */
    int32_t by_tier[HCB__TIERS];
    hcb__viability_zone viability;
} hcb__zone_service;

/* What stays undone without a provider, and the zones and providers that prove it. */
typedef struct hcb__shortage {
    int32_t without; /* -1: with all */
    int64_t undone, demand, room;
    int32_t n_zones, n_full;
    const int32_t *zones, *full;
} hcb__shortage;

typedef struct hcb__zone_figures {
    const hcb__zone_set *set;
    const hcb__zone_stats *stats;
    const hcb__model *model;          /* NULL: a map without people */
    const hcb__zone_service *service; /* NULL: the same */
    int32_t elsewhere;                /* packages in no area */
    HCB__VEC(hcb__shortage) shortages;
} hcb__zone_figures;

void hcb__zone_figures_write(hcb__text *out, const hcb__zone_figures *figures, int32_t format);
/* The figures of a zone as keys of an open object. */
void hcb__zone_properties(hcb__json_writer *w, const hcb__zone_figures *figures, int32_t zone);

#endif
