/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One planning problem: validated, frozen, read from any thread. All lists are sorted by id bytes. */
#ifndef HCB_MODEL_MODEL_H
#define HCB_MODEL_MODEL_H

#include "base/context.h"
#include "base/hash.h"
#include "base/text.h"
#include "model/policy.h"
#include "pricing/pricing.h"
#include "travel/travel.h"
#include "zones/zones.h"

enum { HCB__BLOCKS = 4 }; /* morning, lunch, tea, bed */

typedef enum hcb__gender { HCB__ANY, HCB__FEMALE, HCB__MALE } hcb__gender;
extern const char *const hcb__gender_words[3];

typedef struct hcb__visit {
    uint8_t days;   /* bit 0: Monday */
    uint8_t carers; /* 1 or 2 */
    uint8_t block;  /* by the start of the window */
    bool time_critical;
    int16_t start, end; /* window, minutes from midnight */
    int32_t minutes;
} hcb__visit;

typedef struct hcb__package {
    const char *id;
    int32_t zone, band;
    hcb__point point;             /* whole centimetres */
    int32_t priority;             /* 1 .. 5 */
    int32_t received, start, end; /* days; HCB__NO_DATE */
    int32_t first_visit, n_visits;
    int64_t contact_minutes, carer_minutes; /* a week */
    int64_t visits_week;                    /* visits a week */
    int64_t carer_visits;                   /* visits x carers a week */
    int64_t block_minutes[HCB__BLOCKS];     /* carer minutes */
    int64_t block_carer_visits[HCB__BLOCKS];
    int32_t first_need, n_needs; /* model.needs: capability numbers, ascending by name */
    int32_t gender;
    bool gender_hard, language_hard, short_visit_agreed;
    int32_t shortest_visit, longest_visit; /* minutes */
    int32_t most_carers;                   /* at one visit */
    int32_t language;                      /* capability number of lang:xx; -1 */
    int32_t provider;                      /* placements: who serves it; packages: current_provider; -1 */
    int32_t pinned;                        /* provider or -1 */
    int32_t first_excluded, n_excluded;    /* model.excluded: provider numbers, ascending */
    bool placed;                           /* a placement in force */
} hcb__package;

typedef struct hcb__provider {
    const char *id, *name;
    hcb__point point;
    int64_t capacity;                    /* carer minutes a week */
    int64_t block_capacity[HCB__BLOCKS]; /* -1: no limit */
    int32_t quality;                     /* -1: not given */
    int32_t rating;
    int64_t max_travel_s;   /* -1 */
    int64_t max_new;        /* -1 */
    int32_t starts_from;    /* HCB__NO_DATE */
    int64_t viable_minutes; /* -1 */
    bool active;
    int32_t first_capability, n_capabilities; /* model.capabilities_of: numbers, ascending */
    int32_t first_coverage, n_coverage;       /* model.coverage: by zone */
} hcb__provider;

typedef struct hcb__coverage {
    int32_t provider, zone, tier;
    int64_t capacity;          /* -1 */
    int64_t price[HCB__BANDS]; /* own price, pence an hour; -1 */
} hcb__coverage;

typedef struct hcb__model {
    hcb__arena arena;
    const char *folder, *name;
    bool synthetic;
    int32_t as_of;
    hcb__zone_set *zones;
    hcb__schedule *prices;
    hcb__policy *policy;
    hcb__travel_settings travel;
    hcb__matrix *matrix;
    int32_t n_packages, n_placements; /* packages[0 .. n_packages) is the queue, then the placements in force */
    hcb__package *packages;           /* each part by id */
    int32_t n_providers, n_coverage, n_visits, n_capabilities;
    hcb__provider *providers;
    hcb__coverage *coverage; /* by provider, then zone */
    hcb__visit *visits;
    const char **capabilities; /* names by bytes */
    int32_t female, male;      /* numbers of carer:female and carer:male; -1: nobody has or needs it */
    int32_t double_handed;     /* number of double_handed; -1 */
    int32_t *needs, *capabilities_of, *excluded;
    hcb__idmap provider_of_id, package_of_id;
    int64_t n_left_out; /* packages and placements left out, each listed */
    char inputs_sha256[65];
} hcb__model;

enum hcb__override {
    HCB__OVERRIDE_PROVIDERS,
    HCB__OVERRIDE_COVERAGE,
    HCB__OVERRIDE_PACKAGES,
    HCB__OVERRIDE_PLACEMENTS,
    HCB__OVERRIDE_VISITS,
    HCB__OVERRIDES
};

typedef struct hcb__csv_bytes {
    const char *at;
    size_t size;
} hcb__csv_bytes;

/* What is read in place of files of the workspace: tables that lie elsewhere, as CSV text. */
typedef struct hcb__model_override {
    const char
        *shown[HCB__OVERRIDES]; /* names in messages, in the order of hcb__override; NULL: the workspace's own file */
    hcb__csv_bytes text[HCB__OVERRIDES];
    bool renamed[HCB__OVERRIDES]; /* columns may have the names that the workspace renames */
    int32_t as_of;                /* HCB__NO_DATE: the workspace's own */
} hcb__model_override;
struct hcb__loader; /* model/load.h */
/* Changes what was read before it is sorted and frozen; problems are collected. */
typedef hcb_status (*hcb__edit_fn)(struct hcb__loader *l, void *payload);

typedef struct hcb__model_options {
    const char *policy;       /* a policy file instead of the workspace's; NULL */
    bool strict;              /* a record that would be left out is an error */
    const char *const *files; /* [HCB__FILES] of model/workspace.h: paths instead of the workspace's, NULL where its own
                                 stands; or NULL */
    const char *plan;         /* a file with zones for the small areas, instead of those of `areas`; or NULL */
    hcb__zone_set *zones;     /* the workspace's map, read before; the model shares it. NULL: it is read */
    hcb__edit_fn edit;        /* or NULL; called when everything could be read */
    void *payload;
} hcb__model_options;

/* Reads and freezes a workspace. Collects every problem of every file it can reach; HCB_EDATA when there was one.
 * A workspace without packages.csv has an empty queue. *out NULL on failure; hcb__model_free(NULL) is fine. */
HCB_NODISCARD hcb_status hcb__model_load(hcb__model **out, hcb_context *ctx, const char *folder,
                                         const hcb__model_options *options);
/* The same with tables in place of files; `override` NULL: none. */
HCB_NODISCARD hcb_status hcb__model_load_over(hcb__model **out, hcb_context *ctx, const char *folder,
                                              const hcb__model_options *options, const hcb__model_override *override);
void hcb__model_free(hcb__model *model);

/* The coverage row of a provider in a zone, or NULL. */
const hcb__coverage *hcb__model_coverage(const hcb__model *model, int32_t provider, int32_t zone);
/* Pence an hour of a package at a provider that covers its zone: own price, else zone price, else band price; -1: none,
 * or the provider does not cover the zone. */
int64_t hcb__model_price(const hcb__model *model, int32_t package, int32_t provider);

/* Travel seconds of one visit of a package at a provider. */
typedef struct hcb__travel_table hcb__travel_table;
/* Prepared once for a model: what each provider serves today. Frozen. */
HCB_NODISCARD hcb_status hcb__travel_table_create(hcb__travel_table **out, const hcb_allocator *mem,
                                                  const hcb__model *model);
void hcb__travel_table_free(hcb__travel_table *table);
/* *fallback (may be NULL): whether a hole of the matrix was filled with the crow model. */
int64_t hcb__travel_seconds(const hcb__travel_table *table, int32_t package, int32_t provider, bool *fallback);

/* Whether a provider may take a package: HCB__RULES when every rule of the policy holds, else the kind of the first
 * that fails, its code in `code` ("capability_missing:hoist"); a pin elsewhere is -1 with the code "pinned_elsewhere"
 * and comes first. `seconds` is the travel of one visit. `code` is "" when all hold. */
int32_t hcb__eligible(const hcb__model *model, int32_t package, int32_t provider, int64_t seconds, char code[96]);

/* How many soft preferences of the package (gender, language) the provider cannot meet. */
int32_t hcb__preferences_unmet(const hcb__model *model, int32_t package, int32_t provider);
/* The quality of a provider that counts, 0 .. 100. */
int64_t hcb__model_quality(const hcb__model *model, int32_t provider);
/* The priority of a package that counts: that of the queue rises with the days of waiting, where the policy says so. */
int32_t hcb__model_priority(const hcb__model *model, int32_t package);

/* The canonical text whose SHA-256 is inputs_sha256 (docs/formats.md, "Canonical form"). */
void hcb__model_canonical(const hcb__model *model, hcb__text *out);
/* Makes inputs_sha256 anew. False when memory is out. */
bool hcb__model_fingerprint(hcb__model *model, const hcb_allocator *mem);

#endif
