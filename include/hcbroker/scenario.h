/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * Workspaces: a new one from bundled data, synthetic people and providers in one, an accepted plan into one.
 *
 * Everything that is written appears together or not at all: files are written beside their final names, flushed and
 * then renamed.
 */
#ifndef HCB_SCENARIO_H
#define HCB_SCENARIO_H

#include <stdint.h>

#include "hcbroker/context.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Make a new workspace from a bundled one.
 *
 * The bundled one is looked for in $HCB_DATA_DIR, then in the installed data folder, then in the source tree.
 *
 * @param dir   Folder to make; it may exist when it is empty. Its parent must exist.
 * @param from  Name of the bundled workspace; NULL: "leicestershire".
 * @return HCB_OK; HCB_EINVAL: dir holds files already, or from is not a plain name; HCB_ENOTFOUND: no such bundled
 *         workspace; HCB_EIO; HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_init(hcb_context *ctx, const char *dir, const char *from);

/** The scenarios of docs/synthetic.md. */
enum { HCB_SCENARIO_NONE = -1, HCB_SCENARIO_S0 = 0, HCB_SCENARIO_S1 = 1, HCB_SCENARIO_S2 = 2 };

/** What to generate. Begin with HCB_GENERATE_OPTIONS_INIT; a field beyond struct_size has the value given there. */
typedef struct hcb_generate_options {
    uint32_t struct_size; /**< sizeof(hcb_generate_options). */
    int32_t scenario; /**< HCB_SCENARIO_S0 to _S2: everything is made anew. HCB_SCENARIO_NONE: only a queue is added to
                           a workspace that has providers; S1 in one that has none. */
    int32_t queue;    /**< Waiting packages to make, 0 to 1,000,000; -1: 60. */
    int32_t force;    /**< 1: also overwrite people who are not marked as synthetic. */
    double scale;     /**< Times the scenario's people, hours and providers; 0.000001 to 100. Default 1. */
    double spare;     /**< Times the providers' spare capacity; 0 to 100. Default 1. */
    uint64_t seed;    /**< Same workspace, options and seed: same bytes. Default 1. */
} hcb_generate_options;

#define HCB_GENERATE_OPTIONS_INIT                                                                                      \
    { (uint32_t)sizeof(hcb_generate_options), HCB_SCENARIO_NONE, -1, 0, 1.0, 1.0, 1 }

/** Writes HCB_GENERATE_OPTIONS_INIT into *options. NULL is fine. */
HCB_API void hcb_generate_options_init(hcb_generate_options *options);

/** What was generated. The caller sets struct_size; the fields it covers are filled. All of it is synthetic. */
typedef struct hcb_generate_summary {
    uint32_t struct_size;         /**< sizeof(hcb_generate_summary), set by the caller. */
    int32_t scenario;             /**< The scenario made; HCB_SCENARIO_NONE: a queue was added. */
    int32_t people;               /**< Placements made. */
    int32_t queue;                /**< Waiting packages made. */
    int32_t waiting;              /**< Waiting packages in the workspace now. */
    int32_t providers;            /**< Providers made. */
    int32_t coverage;             /**< Provider and zone pairs made. */
    int32_t visits;               /**< Rows of visits made, for placements and queue. */
    int64_t carer_minutes;        /**< A week, of the placements made. */
    int64_t contact_minutes;      /**< A week, of the placements made. */
    int64_t queue_carer_minutes;  /**< A week, of the queue made. */
    int64_t capacity_minutes;     /**< Carer minutes a week of the providers made; carer_minutes of it are in use. */
    int32_t people_by_band[4];    /**< Placements made: urban, fringe, rural, isolated. */
    int32_t double_handed;        /**< Placements made with two carers. */
    int32_t capabilities_granted; /**< Capabilities given to a provider because someone it serves needs them. */
    uint64_t seed;                /**< The seed used. */
} hcb_generate_summary;

/**
 * Make synthetic people and providers in a workspace, calibrated to published totals (docs/synthetic.md).
 *
 * Reads hcbroker.yaml, the map and the prices. With a scenario (or in a workspace without providers) writes the files
 * of providers, coverage, placements, visits and packages; otherwise adds a queue to those who still wait, its ids
 * going on from the highest. Writes `synthetic: true`, and the names of files it lacks, into hcbroker.yaml; the rest of
 * that file stays as it is.
 *
 * @param dir      The workspace.
 * @param options  NULL for HCB_GENERATE_OPTIONS_INIT.
 * @param out      NULL, or a struct with struct_size set; untouched on failure.
 * @return HCB_OK; HCB_EINVAL: an option is out of range, or people that are not marked as synthetic would be
 * overwritten (force); HCB_EVERSION; HCB_ENOTFOUND; HCB_EPARSE, HCB_EDATA: the workspace has errors, see the
 * diagnostics; HCB_EIO; HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_generate(hcb_context *ctx, const char *dir, const hcb_generate_options *options,
                                              hcb_generate_summary *out);

/** What was applied. The caller sets struct_size; the fields it covers are filled. */
typedef struct hcb_apply_summary {
    uint32_t struct_size;         /**< sizeof(hcb_apply_summary), set by the caller. */
    int32_t placed;               /**< Packages that left the queue and became placements. */
    int32_t moved;                /**< Placements that changed provider. */
    int32_t waiting;              /**< Packages still in the queue. */
    int32_t placements;           /**< Rows of the placements file now. */
    int32_t reserved;             /**< 0. */
    int64_t carer_minutes_placed; /**< A week, of the packages that left the queue. */
} hcb_apply_summary;

/**
 * Take an accepted plan into the workspace: placed packages become placements with all their columns, moved placements
 * get their new provider, the rest stays in the queue.
 *
 * @param workspace_dir  The workspace the plan was made for.
 * @param plan_dir       Output folder of an allocation.
 * @param out            NULL, or a struct with struct_size set; untouched on failure.
 * @return HCB_OK; HCB_EDATA: the plan was made for other data (its inputs_sha256 differs; so a plan is never applied
 *         twice), or a file has errors; HCB_ENOTFOUND, HCB_EPARSE, HCB_EIO, HCB_EVERSION, HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_apply(hcb_context *ctx, const char *workspace_dir, const char *plan_dir,
                                           hcb_apply_summary *out);

#ifdef __cplusplus
}
#endif

#endif
