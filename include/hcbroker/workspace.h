/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * A workspace: a folder with hcbroker.yaml and the files it names, read, validated and frozen.
 */
#ifndef HCB_WORKSPACE_H
#define HCB_WORKSPACE_H

#include "hcbroker/context.h"
#include "hcbroker/text.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hcb_workspace hcb_workspace;

/** How a workspace is read. */
typedef struct hcb_workspace_options {
    uint32_t struct_size;
    int32_t strict;     /**< 1: a record that would be left out is an error. Default 0. */
    const char *policy; /**< A policy file instead of the workspace's own; NULL: the workspace's. */
} hcb_workspace_options;

/** Figures of a workspace. Strings are borrowed from it. */
typedef struct hcb_workspace_info {
    uint32_t struct_size;
    int32_t synthetic;            /**< 1: the people are generated. */
    const char *name;             /**< As hcbroker.yaml gives it; else the name of the folder. */
    const char *inputs_sha256;    /**< 64 hexadecimal digits: the hash of the canonical form (docs/formats.md). */
    const char *policy;           /**< The policy's model. */
    int64_t packages;             /**< In the queue. */
    int64_t placements;           /**< In force. */
    int64_t left_out;             /**< Packages and placements left out, each among the diagnostics. */
    int64_t providers;            /**< Active or not. */
    int64_t coverage_rows;        /**< Pairs of provider and zone. */
    int64_t zones;                /**< Of the map. */
    int64_t areas;                /**< Small areas. */
    int64_t postcodes;            /**< Known by their position. */
    int64_t visits;               /**< Rows of visits, of packages and placements. */
    int64_t queue_carer_minutes;  /**< A week, of the queue. */
    int64_t placed_carer_minutes; /**< A week, of the placements in force. */
    int64_t capacity_minutes;     /**< A week, of all providers. */
    const char *crs_operation;    /**< How degrees became metres; "" when nothing was transformed. */
    double crs_accuracy_m;        /**< Negative: not known. */
} hcb_workspace_info;

/**
 * Read and freeze a workspace.
 * @param[out] out  The workspace, freed by the caller with hcb_workspace_free(); NULL on failure.
 * @param folder    The folder that holds hcbroker.yaml.
 * @param options   NULL for defaults.
 * @return HCB_OK (warnings and records left out are among the diagnostics); HCB_EDATA, HCB_EPARSE, HCB_EGEOMETRY,
 * HCB_ECRS (every problem of every file is among the diagnostics); HCB_ENOTFOUND, HCB_EIO, HCB_EVERSION, HCB_EINVAL,
 *         HCB_ENOMEM.
 */
HCB_API HCB_NODISCARD hcb_status hcb_workspace_load(hcb_workspace **out, hcb_context *ctx, const char *folder,
                                                    const hcb_workspace_options *options);

/** Free a workspace; NULL is fine. What was made from it stays usable. */
HCB_API void hcb_workspace_free(hcb_workspace *workspace);

/** Figures; set info->struct_size first. HCB_EINVAL, HCB_EVERSION. */
HCB_API HCB_NODISCARD hcb_status hcb_workspace_get_info(const hcb_workspace *workspace, hcb_workspace_info *info);

/** The canonical text whose SHA-256 is inputs_sha256. */
HCB_API HCB_NODISCARD hcb_status hcb_workspace_canonical(hcb_text **out, hcb_context *ctx,
                                                         const hcb_workspace *workspace);

/** Check a policy file alone; *out (may be NULL) receives it in words. */
HCB_API HCB_NODISCARD hcb_status hcb_policy_check(hcb_text **out, hcb_context *ctx, const char *path);

/** Versions of the libraries in use, the LP/MIP back ends, and the coordinate operation with its accuracy. */
HCB_API HCB_NODISCARD hcb_status hcb_build_info(hcb_text **out, hcb_context *ctx);

#ifdef __cplusplus
}
#endif

#endif
