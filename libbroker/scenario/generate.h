/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Synthetic people and providers in memory. Every part has random numbers of its own, so that the length of the queue
 * or the spare hours do not change who is served by whom. */
#ifndef HCB_SCENARIO_GENERATE_H
#define HCB_SCENARIO_GENERATE_H

#include "base/rng.h"
#include "hcbroker/scenario.h"
#include "model/policy.h"
#include "pricing/pricing.h"
#include "scenario/folder.h"
#include "scenario/parameters.h"
#include "travel/travel.h"

/* Streams of one seed. The people of a queue use STREAM_QUEUE and their first number, so that two mornings with the
 * same seed bring different people. */
enum { HCB__STREAM_PEOPLE = 1, HCB__STREAM_PROVIDERS, HCB__STREAM_PLACING, HCB__STREAM_QUEUE };

/* By name, so that a list of them is in the order of bytes. */
typedef enum hcb__ability {
    HCB__CARER_FEMALE,
    HCB__CARER_MALE,
    HCB__DEMENTIA,
    HCB__END_OF_LIFE,
    HCB__HOIST,
    HCB__LANG_GU,
    HCB__LANG_PA,
    HCB__LANG_PL,
    HCB__LEARNING_DISABILITY,
    HCB__PEG_FEEDING,
    HCB__ABILITIES
} hcb__ability;
extern const char *const hcb__ability_words[HCB__ABILITIES];

/* The index of one of n weights, drawn; what is left of 1 belongs to index n. */
int32_t hcb__pick_share(hcb__rng *rng, const double *shares, int32_t n);
static inline bool hcb__chance(hcb__rng *rng, double p) {
    return hcb__rng_unit(rng) < p;
}
/* Whole number from low to high, both included. */
static inline int32_t hcb__between(hcb__rng *rng, int32_t low, int32_t high) {
    return low + (int32_t)hcb__rng_below(rng, (uint32_t)(high - low + 1));
}

/* Where people live: small areas with their weights and postcodes. */
typedef struct hcb__ground {
    const hcb__zone_set *set;
    double *upto;            /* [n_areas] sums of the weights */
    int32_t *zone;           /* [n_areas] -1: nobody lives there */
    int32_t *first_postcode; /* [n_areas + 1] into postcodes */
    int32_t *postcodes;
    double *zone_weight; /* [n_zones] */
} hcb__ground;
HCB_NODISCARD hcb_status hcb__ground_make(hcb__ground *ground, hcb_context *ctx, hcb__arena *arena,
                                          const hcb__zone_set *set, int32_t scenario);
/* A small area, by weight. */
int32_t hcb__ground_draw(const hcb__ground *ground, hcb__rng *rng);
/* Whole metres, normal around the centre. */
hcb__point hcb__near(hcb__rng *rng, hcb__point centre, double sd);

enum { HCB__SLOTS = 4 };

typedef struct hcb__call {
    uint8_t days; /* bit 0: Monday */
    uint8_t slot; /* morning, lunch, tea, bed: also the time block of its window */
    bool critical;
    int16_t start, end, minutes;
} hcb__call;

typedef struct hcb__person {
    hcb__point point; /* whole metres */
    int32_t zone, band;
    int32_t n_calls, carers;
    hcb__call calls[HCB__SLOTS];
    int32_t visits;                                                   /* a week */
    int64_t contact_minutes, carer_minutes, slot_minutes[HCB__SLOTS]; /* a week; slots: carer minutes */
    uint32_t needs;                                                   /* bits: abilities that are required */
    int32_t gender;                                                   /* hcb__gender's number */
    int32_t language;                                                 /* ability or -1 */
    bool gender_hard, language_hard, short_visit;
    int32_t priority, received, start, end; /* HCB__NO_DATE */
    int32_t provider;                       /* placements: who serves; queue: a number that chooses who has
                                               declined; -1: nobody */
} hcb__person;

/* What a provider must have: needs and hard preferences. */
uint32_t hcb__person_requires(const hcb__person *person);

/* People served today, their hours near the scenario's. */
HCB_NODISCARD hcb_status hcb__people_served(hcb__person *people, int32_t n, hcb_context *ctx, const hcb__ground *ground,
                                            int32_t scenario, double hours, int32_t as_of, uint64_t seed);
/* People who wait; `first` is the number of the first. */
HCB_NODISCARD hcb_status hcb__people_waiting(hcb__person *people, int32_t n, hcb_context *ctx,
                                             const hcb__ground *ground, int32_t scenario, int32_t as_of, uint64_t seed,
                                             int64_t first);

typedef struct hcb__cover {
    int32_t provider, zone, tier;
    double capacity_share;     /* of the spare hours, over what is served there; < 0: no capacity of its own */
    int64_t capacity;          /* carer minutes; -1 */
    int64_t price[HCB__BANDS]; /* pence an hour; -1 */
    int64_t load;              /* carer minutes served in the zone */
} hcb__cover;

typedef struct hcb__supplier {
    hcb__point office; /* whole metres */
    double size;       /* carer minutes it is meant to serve */
    double spare;      /* share of what it serves */
    uint32_t abilities;
    int32_t rating, quality, max_travel_min, max_new, starts_from;
    double block_share[HCB__SLOTS];                                           /* < 0: no capacity by time block */
    int64_t load, capacity, slot_load[HCB__SLOTS], slot_capacity[HCB__SLOTS]; /* capacity by slot -1: none */
    HCB__VEC(int32_t) people;
} hcb__supplier;

typedef struct hcb__supply {
    hcb__arena *arena;
    int32_t n, n_cover, n_zones;
    hcb__supplier *at;
    hcb__cover *cover;    /* by provider, then zone */
    int32_t *first_cover; /* [n + 1] */
    int32_t *zone_first;  /* [n_zones + 1] into zone_cover */
    int32_t *zone_cover;  /* cover numbers by zone, then provider */
    int32_t granted;      /* abilities given because someone served needs them */
} hcb__supply;

/* `prices` may be NULL: then nobody has a price of its own. `hours` a week is what they serve together. */
HCB_NODISCARD hcb_status hcb__supply_make(hcb__supply *supply, hcb_context *ctx, hcb__arena *arena,
                                          const hcb__ground *ground, const hcb__schedule *prices, int32_t scenario,
                                          int32_t n, double hours, int32_t as_of, uint64_t seed);
/* Gives every person a provider, and the providers their capacities. */
HCB_NODISCARD hcb_status hcb__supply_place(hcb__supply *supply, hcb_context *ctx, hcb__person *people, int32_t n,
                                           int32_t scenario, double spare, uint64_t seed);
void hcb__supply_free(hcb__supply *supply, const hcb_allocator *mem);

/* The files' rows, added to tables. */
void hcb__write_providers(hcb__csv_table *table, const hcb__workspace_file *file, const hcb__supply *supply,
                          int32_t scenario);
void hcb__write_coverage(hcb__csv_table *table, const hcb__workspace_file *file, const hcb__supply *supply,
                         const hcb__zone_set *set);
void hcb__write_placements(hcb__csv_table *table, const hcb__workspace_file *file, const hcb__person *people, int32_t n,
                           int32_t n_suppliers);
/* `declined`: of each person the provider that is excluded, or NULL. */
void hcb__write_packages(hcb__csv_table *table, const hcb__workspace_file *file, const hcb__person *people, int32_t n,
                         int64_t first, const char *const *declined);
/* Of placements (letter K) or packages (Q), numbered from `first`. */
void hcb__write_visits(hcb__csv_table *table, const hcb__workspace_file *file, const hcb__person *people, int32_t n,
                       char letter, int64_t first);

#endif
