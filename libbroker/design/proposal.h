/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A better map: repaired, improved level by level, bounded, and the way there. */
#ifndef HCB_DESIGN_PROPOSAL_H
#define HCB_DESIGN_PROPOSAL_H

#include "base/worker.h"
#include "design/ensemble.h"
#include "design/ledger.h"
#include "design/mapping.h"
#include "design/migrate.h"
#include "design/search.h"

typedef struct hcb__proposal_options {
    uint64_t seed;
    int32_t threads;
    double time_limit_s; /* 0: none */
    int64_t work_limit;  /* search steps of all chains; 0: by the size of the map */
    int64_t ensemble;    /* maps; 0: none */
    bool hopeless;       /* it is known that no map keeps the rules: figures alone */
} hcb__proposal_options;

enum { HCB__CURVE_POINTS = 8 };

typedef struct hcb__curve_point {
    int64_t limit;           /* minutes that might move */
    int64_t minutes, people; /* that do; tenths of people */
    int64_t value;           /* of the first level */
} hcb__curve_point;

/* What a bound comes from. */
enum {
    HCB__BY_SIGN, /* no figure is below 0 */
    HCB__BY_PRICES,
    HCB__BY_COUNTS,
    HCB__BY_PIECES,
    HCB__BY_PROGRAMME,
    HCB__BY_ENUMERATION,
    HCB__BOUND_METHODS
};
extern const char *const hcb__bound_words[HCB__BOUND_METHODS];

typedef struct hcb__number_tried {
    int32_t zones;
    bool legal;
    int64_t value; /* of the first level */
} hcb__number_tried;

typedef struct hcb__proposal {
    hcb__arena arena;
    const hcb__mapping *mapping;
    bool legal;   /* `zone` keeps every rule */
    bool stopped; /* by time or by the user, not by its work */
    int32_t *zone;
    int32_t n_zones;                 /* today's and the new ones that are used: zones from here on are empty */
    int64_t before[HCB__MAP_LEVELS]; /* of the repaired map */
    int64_t today[HCB__MAP_LEVELS];  /* of the map as it is; hours moved from it: 0 */
    int64_t value[HCB__MAP_LEVELS];  /* of the proposal */
    int64_t best[HCB__MAP_LEVELS], bound[HCB__MAP_LEVELS]; /* of the aims: when they were frozen */
    int32_t bound_by[HCB__MAP_LEVELS];
    hcb__curve_point curve[HCB__CURVE_POINTS];
    int32_t n_curve;
    hcb__number_tried *numbers; /* where the number of zones is free: the best found with each */
    int32_t n_numbers;
    int64_t rounds_before, rounds;   /* seconds a week: the estimate by small areas (travel/tour.h), a second opinion */
    int64_t missing;                 /* of the repaired map: by how much bounds are missed */
    int32_t *unsnapped;              /* [n] the map before it was snapped to places */
    int64_t inside_unsnapped;        /* its metres of border inside places */
    int64_t *sums, *sums_before;     /* [k][n_attributes] */
    int32_t *viable, *viable_before; /* [k] providers; NULL when there is no such rule */
    hcb__migration *migration;
    hcb__map_ensemble *ensemble;
    int64_t work;
} hcb__proposal;

/* Long; on the caller's thread (a worker's, mostly). The mapping must outlive it. */
HCB_NODISCARD hcb_status hcb__propose(hcb__proposal **out, const hcb_allocator *mem, const hcb__mapping *mapping,
                                      const hcb__proposal_options *options, hcb__worker *worker);
void hcb__proposal_free(hcb__proposal *proposal);

#endif
