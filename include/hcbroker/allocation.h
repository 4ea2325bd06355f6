/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * Place the waiting packages of a workspace with providers by the rules of its policy.
 */
#ifndef HCB_ALLOCATION_H
#define HCB_ALLOCATION_H

#include "hcbroker/text.h"
#include "hcbroker/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hcb_allocation hcb_allocation;

enum { HCB_METHOD_OPTIMAL = 0, HCB_METHOD_SEQUENTIAL = 1 };
enum { HCB_REPLAN_FIXED = -1, HCB_REPLAN_FREE = -2 }; /**< Or the number of people who may change provider. */
enum { HCB_OUTCOME_OPTIMAL = 0, HCB_OUTCOME_FEASIBLE = 1, HCB_OUTCOME_INFEASIBLE = 2 };
enum { HCB_STOP_PROVED = 0, HCB_STOP_GAP = 1, HCB_STOP_WORK = 2, HCB_STOP_TIME = 3, HCB_STOP_CANCELLED = 4 };

/** How to allocate. Begin with HCB_ALLOCATION_OPTIONS_INIT. */
typedef struct hcb_allocation_options {
    uint32_t struct_size;
    int32_t method;      /**< HCB_METHOD_... */
    int64_t replan;      /**< HCB_REPLAN_FIXED, HCB_REPLAN_FREE, or at most so many moves (>= 0). */
    double time_limit_s; /**< Of the whole call; 0: none. Finite, >= 0. */
    int64_t work_limit;  /**< Deterministic work units; 0: without a time limit, one that ends a county in about ten
                              seconds; with one, none. */
    double gap;          /**< A level ends at this relative gap; 0 .. 1. */
    uint64_t seed;       /**< Of everything random; 1 by default. */
    int32_t threads;     /**< 0: one a core. The answer does not depend on it unless time stops the run. */
    int32_t reserved;
    double time_used_s;      /**< What the caller has used of time_limit_s, for reading say; finite, >= 0. */
    const char *policy_name; /**< The policy file as the caller named it, for summary.json; NULL: none. */
} hcb_allocation_options;

#define HCB_ALLOCATION_OPTIONS_INIT                                                                                    \
    { sizeof(hcb_allocation_options), 0, HCB_REPLAN_FIXED, 0, 0, 1e-4, 1, 0, 0, 0, 0 }

/** Figures of an allocation. */
typedef struct hcb_allocation_summary {
    uint32_t struct_size;
    int32_t outcome;          /**< HCB_OUTCOME_... */
    int32_t stop;             /**< HCB_STOP_... */
    int32_t method;           /**< HCB_METHOD_... */
    int64_t packages;         /**< Of the run: the queue and the movable placements. The figures below are of these. */
    int64_t placed;           /**< How many the plan places. */
    int64_t waiting;          /**< How many go on waiting. */
    int64_t placements_fixed; /**< Placements that the run leaves where they are. */
    int64_t carer_minutes_placed;  /**< A week. */
    int64_t carer_minutes_waiting; /**< A week. */
    int64_t weekly_cost_pence;     /**< Of what is placed. */
    int64_t travel_seconds;        /**< A week, of what is placed. */
    int64_t moved;                 /**< Movable placements that do not stay with their provider. */
    double seconds;                /**< What the call took. */
} hcb_allocation_summary;

/** One level of the objective. */
typedef struct hcb_allocation_level {
    uint32_t struct_size;
    int32_t has_bound; /**< 0 for the sequential method. */
    const char *name;  /**< Borrowed. */
    int64_t value;     /**< Of the plan. */
    int64_t best;      /**< What the level was frozen at; later levels may have used its tolerance. */
    int64_t frozen;    /**< best + tolerance. */
    int64_t bound;     /**< Proved; the level is optimal when it equals best. */
    double gap;        /**< (value - bound) / value; 0 when both are 0. */
    int32_t stop;      /**< HCB_STOP_...: what ended the work on the level. */
    int32_t reserved;
} hcb_allocation_level;

/** One package of the run. Strings are borrowed from the allocation. */
typedef struct hcb_allocation_item {
    uint32_t struct_size;
    int32_t rank;                     /**< Place in the package's ranking, from 1; 0 when it waits. */
    const char *package_id;           /**< Of the package. */
    const char *provider_id;          /**< NULL: it waits. */
    const char *previous_provider_id; /**< NULL: none. */
    const char *zone_id;              /**< Where the visits are. */
    const char *band;                 /**< "urban", "fringe", "rural" or "isolated". */
    const char *tier;                 /**< NULL when it waits. */
    int64_t carer_minutes;            /**< A week. */
    int64_t price_pence_per_hour;     /**< 0 when it waits. */
    int64_t weekly_cost_pence;        /**< 0 when it waits. */
    int64_t travel_seconds;           /**< A week; 0 when it waits. */
    int32_t quality;                  /**< -1 when it waits. */
    int32_t priority;                 /**< 1, the highest, to 5. */
    int32_t days_waiting;             /**< -1: not known. */
    int32_t reserved;
    const char *reason; /**< NULL when it is placed, else "rule", "capacity" or "trade". */
    const char *detail; /**< The rules, capacities or packages that stand in the way; NULL when it is placed. */
} hcb_allocation_item;

/**
 * Allocate. Long: runs on a thread of the library's; progress and cancellation are served on the caller's thread.
 *
 * @param[out] out   New allocation, freed by the caller with hcb_allocation_free(); NULL on failure. It keeps what it
 *                   needs of the workspace.
 * @param workspace  Frozen; may be shared by threads.
 * @param options    NULL for HCB_ALLOCATION_OPTIONS_INIT.
 * @return HCB_OK: a plan that holds every rule and limit, also after a time limit or a cancellation (the summary's
 * `stop` tells). HCB_EINVAL, HCB_EVERSION; HCB_ELIMIT: numbers that could pass 64 bits, named; HCB_ENOMEM; HCB_ESOLVER.
 */
HCB_API HCB_NODISCARD hcb_status hcb_allocation_solve(hcb_allocation **out, hcb_context *ctx,
                                                      const hcb_workspace *workspace,
                                                      const hcb_allocation_options *options);

/** Free an allocation; NULL is fine. */
HCB_API void hcb_allocation_free(hcb_allocation *allocation);

/** Figures; set the struct's struct_size first. HCB_EINVAL, HCB_EVERSION. */
HCB_API HCB_NODISCARD hcb_status hcb_allocation_get_summary(const hcb_allocation *allocation,
                                                            hcb_allocation_summary *summary);

/** Levels of the objective; 0 for NULL. */
HCB_API int32_t hcb_allocation_level_count(const hcb_allocation *allocation);
/** The i-th level, the most important first; set level->struct_size first. HCB_EINVAL: no such level; HCB_EVERSION. */
HCB_API HCB_NODISCARD hcb_status hcb_allocation_level_at(const hcb_allocation *allocation, int32_t i,
                                                         hcb_allocation_level *level);

/** Packages of the run, by package id. */
HCB_API int32_t hcb_allocation_item_count(const hcb_allocation *allocation);
/** The i-th of them; set item->struct_size first. HCB_EINVAL: no such package; HCB_EVERSION. */
HCB_API HCB_NODISCARD hcb_status hcb_allocation_item_at(const hcb_allocation *allocation, int32_t i,
                                                        hcb_allocation_item *item);

/** Why a package waits. */
enum { HCB_REASON_NONE = 0, HCB_REASON_RULE = 1, HCB_REASON_CAPACITY = 2, HCB_REASON_TRADE = 3 };
enum { HCB_BAND_URBAN = 0, HCB_BAND_FRINGE = 1, HCB_BAND_RURAL = 2, HCB_BAND_ISOLATED = 3 };
enum { HCB_TIER_PRIME = 0, HCB_TIER_SUPPLEMENTARY = 1, HCB_TIER_FRAMEWORK = 2 };

/** All packages of the run at once: one array a column, in the order of hcb_allocation_item_at(). The arrays and the
 * texts are borrowed and live as long as the allocation. */
typedef struct hcb_allocation_arrays {
    uint32_t struct_size;
    int32_t n_items;                     /**< Packages of the run. */
    int32_t n_providers;                 /**< Of the workspace. */
    int32_t n_zones;                     /**< Of the workspace. */
    const char *const *package_id;       /**< [n_items], ascending. */
    const char *const *provider_id;      /**< [n_providers], ascending; what the indices below mean. */
    const char *const *zone_id;          /**< [n_zones], ascending. */
    const int32_t *provider;             /**< [n_items] index of the provider; -1: it waits. */
    const int32_t *previous_provider;    /**< [n_items] index; -1: none. */
    const int32_t *zone;                 /**< [n_items] index. */
    const int32_t *band;                 /**< [n_items] HCB_BAND_... */
    const int32_t *tier;                 /**< [n_items] HCB_TIER_...; -1: it waits. */
    const int32_t *rank;                 /**< [n_items] place in the package's ranking, from 1; 0: it waits. */
    const int32_t *quality;              /**< [n_items] 0 to 100; -1: it waits. */
    const int32_t *priority;             /**< [n_items] 1 to 5. */
    const int32_t *days_waiting;         /**< [n_items] -1: not known. */
    const int32_t *reason;               /**< [n_items] HCB_REASON_... */
    const int64_t *carer_minutes;        /**< [n_items] a week. */
    const int64_t *price_pence_per_hour; /**< [n_items] 0: it waits. */
    const int64_t *weekly_cost_pence;    /**< [n_items] 0: it waits. */
    const int64_t *travel_seconds;       /**< [n_items] a week; 0: it waits. */
    const char *const *detail;           /**< [n_items] why it waits; NULL: it is placed. */
} hcb_allocation_arrays;

/**
 * The whole plan as arrays, without a copy; set arrays->struct_size first.
 * @return HCB_OK, HCB_EINVAL, HCB_EVERSION.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_allocation_get_arrays(const hcb_allocation *allocation,
                                                           hcb_allocation_arrays *arrays);

/**
 * Write allocations.csv, waiting.csv, summary.json and certificate.json (docs/formats.md) into a folder, which is made
 * when it is not there (its parent must be). All four appear together or not at all.
 * @param spreadsheet  1: text cells that begin with = + - @ tab or CR get a leading '.
 * @return HCB_OK, HCB_EIO, HCB_ENOMEM, HCB_EINVAL.
 */
HCB_API HCB_NODISCARD hcb_status hcb_allocation_write(const hcb_allocation *allocation, hcb_context *ctx,
                                                      const char *folder, int32_t spreadsheet);

/** The result as tables for people (HCB_FORMAT_TEXT), as summary.json (HCB_FORMAT_JSON) or as allocations.csv. */
HCB_API HCB_NODISCARD hcb_status hcb_allocation_print(hcb_text **out, const hcb_allocation *allocation,
                                                      hcb_context *ctx, int32_t format);

#ifdef __cplusplus
}
#endif

#endif
