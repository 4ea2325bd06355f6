/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * The independent check of a plan: everything in it is computed again from the workspace's files.
 */
#ifndef HCB_VERIFY_H
#define HCB_VERIFY_H

#include "hcbroker/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hcb_verify_report hcb_verify_report;

/** How a plan is checked. */
typedef struct hcb_verify_options {
    uint32_t struct_size; /**< sizeof(hcb_verify_options). */
    int32_t strict;       /**< 1: a record that had to be left out of the workspace is an error. */
    const char *policy;   /**< Another policy file; NULL: the one the plan names, else the workspace's. */
} hcb_verify_options;

/** One thing in the plan that is not as it must be. Strings live as long as the report. */
typedef struct hcb_verify_finding {
    const char *file;     /**< File of the plan folder, for example "allocations.csv". */
    const char *record;   /**< Package id, row name or JSON pointer; "" when the file as a whole is meant. */
    const char *field;    /**< Column or key; "" when there is none. */
    const char *found;    /**< What the plan says; "" when that makes no sense. */
    const char *expected; /**< What it must say. */
    const char *message;  /**< One sentence with all of the above. */
} hcb_verify_finding;

/** A kind of check that was made, and how often. */
typedef struct hcb_verify_check {
    const char *name; /**< For example "capacity rows hold". */
    int64_t count;    /**< How often it was made. */
} hcb_verify_check;

/**
 * Check the plan in a folder written by `allocate` against its workspace.
 *
 * Prices, travel, eligibility, capacities, levels, totals and the bounds of the certificate are computed again by code
 * that shares nothing with the code that made the plan.
 *
 * @param[out] out           New report, freed by the caller with hcb_verify_report_free(); NULL on failure.
 * @param ctx                Context.
 * @param workspace_folder   Folder with hcbroker.yaml.
 * @param plan_folder        Folder with allocations.csv, waiting.csv, summary.json and certificate.json.
 * @param options            NULL for defaults.
 * @return HCB_OK, whether the plan is right or wrong: ask hcb_verify_ok(). HCB_ENOTFOUND, HCB_EIO, HCB_EPARSE,
 * HCB_EDATA: the workspace cannot be read (see the diagnostics), or there is no such plan folder. HCB_EINVAL,
 * HCB_EVERSION, HCB_ENOMEM.
 */
HCB_API HCB_NODISCARD hcb_status hcb_verify(hcb_verify_report **out, hcb_context *ctx, const char *workspace_folder,
                                            const char *plan_folder, const hcb_verify_options *options);

/** 1 when nothing was found wrong. */
HCB_API int32_t hcb_verify_ok(const hcb_verify_report *report);

/** Findings that are kept: the first 1,000. */
HCB_API size_t hcb_verify_finding_count(const hcb_verify_report *report);

/** How many further findings were counted but not kept. */
HCB_API size_t hcb_verify_finding_dropped(const hcb_verify_report *report);

/** NULL when i is out of range. Borrowed. */
HCB_API const hcb_verify_finding *hcb_verify_finding_at(const hcb_verify_report *report, size_t i);

/** Kinds of checks that were made. */
HCB_API size_t hcb_verify_checked_count(const hcb_verify_report *report);

/** NULL when i is out of range. Borrowed. */
HCB_API const hcb_verify_check *hcb_verify_checked_at(const hcb_verify_report *report, size_t i);

/** NULL is fine. */
HCB_API void hcb_verify_report_free(hcb_verify_report *report);

#ifdef __cplusplus
}
#endif

#endif
