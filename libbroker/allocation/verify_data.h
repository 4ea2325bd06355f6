/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workspace as the verifier reads it for itself. Nothing here is shared with the code that makes plans: both follow
 * docs/formats.md, and a difference between them is found by comparing their results. */
#ifndef HCB_ALLOCATION_VERIFY_DATA_H
#define HCB_ALLOCATION_VERIFY_DATA_H

#include "base/context.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "geo/crs.h"
#include "geo/geo.h"
#include "io/csv.h"
#include "io/yaml.h"

enum { HCB__VF_BANDS = 4, HCB__VF_BLOCKS = 4, HCB__VF_RATINGS = 5, HCB__VF_CLASSES = 5, HCB__VF_TIERS = 3 };
enum { HCB__VF_RULES = 11, HCB__VF_LEVELS = 9, HCB__VF_STEPS = 4, HCB__VF_EXCUSES = 3 };
enum { HCB__VF_NONE = -1 }; /* "not given" of every number that cannot be negative */

/* Words of the files, in the order of their numbers. */
extern const char *const hcb__vf_bands[HCB__VF_BANDS];
extern const char *const hcb__vf_blocks[HCB__VF_BLOCKS];
extern const char *const hcb__vf_ratings[HCB__VF_RATINGS];
extern const char *const hcb__vf_classes[HCB__VF_CLASSES];
extern const char *const hcb__vf_tiers[HCB__VF_TIERS];
extern const char *const hcb__vf_genders[3];
extern const char *const hcb__vf_rules[HCB__VF_RULES];
extern const char *const hcb__vf_levels[HCB__VF_LEVELS];
extern const char *const hcb__vf_excuses[HCB__VF_EXCUSES];

enum { HCB__VF_CLASS_NONE = -1, HCB__VF_TIER_PRIME = 0, HCB__VF_NOT_RATED = 4 };
enum {
    HCB__VF_ACTIVE,
    HCB__VF_ZONE,
    HCB__VF_STARTS,
    HCB__VF_RATING,
    HCB__VF_CAPABILITY,
    HCB__VF_GENDER,
    HCB__VF_LANGUAGE,
    HCB__VF_EXCLUDED,
    HCB__VF_TRAVEL,
    HCB__VF_SHORT_VISIT,
    HCB__VF_DOUBLE_HANDED
};
enum { HCB__VF_AGREED, HCB__VF_LONGER_VISIT, HCB__VF_KNOWN };
enum {
    HCB__VF_WAITING,
    HCB__VF_TIER,
    HCB__VF_MOVES,
    HCB__VF_QUALITY,
    HCB__VF_COST,
    HCB__VF_TRAVEL_LEVEL,
    HCB__VF_BLEND,
    HCB__VF_FAIR,
    HCB__VF_PREFERENCE
};

/* Rings of all parts; which of them are holes follows from counting crossings. */
typedef struct hcb__vf_shape {
    size_t n_rings;
    size_t *ring_start; /* [n_rings + 1] */
    hcb__point *at;
    double min_x, min_y, max_x, max_y;
} hcb__vf_shape;

typedef struct hcb__vf_zone {
    const char *id, *name;
    int32_t class_no;
    bool prime;
    hcb__vf_shape shape;
    int64_t price[HCB__VF_BANDS];
} hcb__vf_zone;

typedef struct hcb__vf_area {
    const char *id;
    int32_t zone, band;
    hcb__point at;
    hcb__vf_shape shape;
} hcb__vf_area;

typedef struct hcb__vf_postcode {
    hcb__point at;
    const char *area_id; /* NULL: none */
} hcb__vf_postcode;

typedef struct hcb__vf_provider {
    const char *id;
    hcb__point at;
    int64_t capacity, block[HCB__VF_BLOCKS];
    int64_t quality, max_travel_s, max_new;
    int32_t rating, starts_from;
    bool active;
    size_t n_caps, n_served;
    const char **caps; /* sorted, each once */
    int32_t *covers;   /* [zones]: index of the coverage or HCB__VF_NONE */
    int32_t *served;   /* placements in force */
    int32_t place;     /* in the matrix */
} hcb__vf_provider;

typedef struct hcb__vf_coverage {
    int32_t provider, zone, tier;
    int64_t capacity, price[HCB__VF_BANDS];
} hcb__vf_coverage;

typedef struct hcb__vf_visit {
    int32_t package;
    char days[8]; /* seven of '0' and '1' */
    int32_t start, end, minutes, carers;
    bool critical;
} hcb__vf_visit;

typedef struct hcb__vf_package {
    const char *id;
    hcb__point at;
    int32_t zone, band;
    int32_t priority, received, start, end;
    int32_t gender, provider, pinned;
    bool gender_hard, language_hard, short_agreed;
    const char *language;
    size_t n_needs, n_excluded, n_visits;
    const char **needs;                       /* sorted, each once */
    const char **excluded;                    /* ids, sorted, each once */
    hcb__vf_visit *visits;                    /* sorted as in the canonical form */
    int64_t weekly_minutes, per_week, carers; /* as given */
    int64_t carer_minutes, carer_visits;
    int64_t block_minutes[HCB__VF_BLOCKS], block_visits[HCB__VF_BLOCKS]; /* carer minutes, carer visits */
    int32_t shortest, longest, most_carers;                              /* of the visits */
    int32_t place;                                                       /* in the matrix */
} hcb__vf_package;

typedef struct hcb__vf_level {
    int32_t name;
    int64_t tolerance, ppm, weight_quality, weight_cost;
    int64_t up_to, up_to_quality, up_to_cost; /* pence a week; HCB__VF_NONE */
    bool equal;
} hcb__vf_level;

typedef struct hcb__vf_rule {
    int32_t name;
    bool allowed[HCB__VF_RATINGS];
    int64_t max_seconds, minutes;
    bool unless[HCB__VF_EXCUSES];
} hcb__vf_rule;

typedef struct hcb__vf_share {
    bool largest;
    int32_t tier, zone; /* HCB__VF_NONE: none, every zone */
    int64_t bp;
} hcb__vf_share;

typedef struct hcb__vf_policy {
    const char *model;
    int32_t tiers[HCB__VF_TIERS];
    int32_t n_tiers;
    hcb__vf_level levels[HCB__VF_LEVELS];
    int32_t n_levels;
    hcb__vf_rule rules[HCB__VF_RULES];
    int32_t n_rules;
    int64_t weights[5];
    HCB__VEC(hcb__vf_share) shares;
    int64_t quality_blank, moves_limit, move_price;
    int64_t score_weight, rating_weight, points[HCB__VF_RATINGS];
    int64_t after_days[HCB__VF_STEPS], to_priority[HCB__VF_STEPS];
    int32_t n_steps;
    int32_t blocks[HCB__VF_BLOCKS];
} hcb__vf_policy;

typedef struct hcb__vf_travel {
    bool matrix, office, with_travel;
    int64_t nearest, base, near_slope, far_slope, bend_m, extra;
    int32_t *
        *seconds; /* [places]: per origin a row of seconds, HCB__VF_NONE for a hole; NULL: no cell of that origin */
} hcb__vf_travel;

typedef struct hcb__vf {
    hcb_context *ctx;
    hcb__arena arena;
    bool nomem;
    const char *folder, *name;
    bool synthetic;
    int32_t as_of;
    hcb__yaml_doc *yaml; /* hcbroker.yaml, kept for its column names */
    hcb__vf_travel travel;
    hcb__vf_policy policy;
    HCB__VEC(hcb__vf_zone) zones;
    HCB__VEC(hcb__vf_area) areas;
    HCB__VEC(hcb__vf_postcode) postcodes;
    HCB__VEC(hcb__vf_provider) providers;
    HCB__VEC(hcb__vf_coverage) coverage;
    HCB__VEC(hcb__vf_package) queue;
    HCB__VEC(hcb__vf_package) placements;
    HCB__VEC(hcb__vf_visit) visits;
    hcb__idmap zone_ids, area_ids, postcode_ids, provider_ids, package_ids, place_ids;
    const char **place_names; /* sorted, each once */
    size_t n_places;
    bool area_shapes;
    hcb__crs *degrees; /* longitude and latitude to the grid */
    char sha256[65];
} hcb__vf;

/* Reads everything. `policy_path` NULL: the workspace's. Problems are collected as diagnostics. */
HCB_NODISCARD hcb_status hcb__vf_read(hcb__vf *vf, hcb_context *ctx, const char *folder, const char *policy_path,
                                      bool strict);
void hcb__vf_free(hcb__vf *vf);

/* Memory of the arena; on failure `nomem` is set and NULL given. */
void *hcb__vf_new(hcb__vf *vf, size_t count, size_t size);
const char *hcb__vf_keep(hcb__vf *vf, const char *text, size_t len);

/* Parts of the reading. False: stop (memory is out, or a file cannot be used at all). */
bool hcb__vf_read_policy(hcb__vf *vf, const char *path, const char *shown);
bool hcb__vf_read_zones(hcb__vf *vf, const char *path, const char *shown);
bool hcb__vf_read_areas(hcb__vf *vf, const char *path, const char *shown, const char *geojson);
bool hcb__vf_read_postcodes(hcb__vf *vf, const char *path, const char *shown);
bool hcb__vf_read_packages(hcb__vf *vf, const char *path, const char *shown, bool placements);
bool hcb__vf_read_visits(hcb__vf *vf, const char *path, const char *shown);
bool hcb__vf_read_matrix(hcb__vf *vf, const char *path, const char *shown);
/* Visits made from totals, sums, places and back references, once all files are read. */
bool hcb__vf_finish(hcb__vf *vf);
bool hcb__vf_make_visits(hcb__vf *vf, hcb__vf_package *p);
/* SHA-256 of the canonical form into vf->sha256. */
bool hcb__vf_hash(hcb__vf *vf);

/* Opens a CSV with the workspace's column names for it. */
HCB_NODISCARD hcb_status hcb__vf_open(hcb__csv **csv, hcb__vf *vf, const char *path, const char *shown,
                                      const char *kind, const hcb__csv_column *columns, size_t n);
/* The position in five columns that start at `first`: postcode, lat, lon, easting, northing. Collects an error and
 * gives false when there is none. *postcode: index when nothing but a postcode is given. */
bool hcb__vf_place(hcb__vf *vf, hcb__csv *csv, size_t first, hcb__point *at, int32_t *postcode);
/* Zone and band by the map; `area` (HCB__VF_NONE: none) is the postcode's. */
void hcb__vf_locate(const hcb__vf *vf, hcb__point at, int32_t area, int32_t *zone, int32_t *band);
bool hcb__vf_shape_holds(const hcb__vf_shape *shape, hcb__point p);
/* The items of a `;` cell, sorted by bytes, each once. */
const char **hcb__vf_set(hcb__vf *vf, hcb__csv *csv, size_t column, size_t *count);
size_t hcb__vf_sort_set(const char **items, size_t n);
/* Index of the word, or HCB__VF_NONE. */
int32_t hcb__vf_word(const char *const *words, int32_t n, const char *word);

#endif
