/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * A page to look at: one self-contained HTML file made of the output folder of another command (docs/report.md).
 */
#ifndef HCB_REPORT_H
#define HCB_REPORT_H

#include "hcbroker/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Begin with HCB_REPORT_OPTIONS_INIT. */
typedef struct hcb_report_options {
    uint32_t struct_size;  /**< sizeof(hcb_report_options). */
    int32_t public_page;   /**< 1: for everybody: no rows about single people, counts under 5 not shown. */
    int32_t plain;         /**< 1: tables alone, without map, charts and scripts. */
    int32_t explain;       /**< How many of those who wait are explained with proof, the most urgent first; 0: none. */
    const char *workspace; /**< Folder of the workspace, for its map, prices and providers; NULL: none. */
} hcb_report_options;

#define HCB_REPORT_OPTIONS_INIT                                                                                        \
    { (uint32_t)sizeof(hcb_report_options), 0, 0, 0, 0 }

/** 1 when this build can draw maps and charts; 0: it was built without Node, and every page has tables alone. */
HCB_API int32_t hcb_report_has_page(void);

/**
 * Make the page.
 *
 * @param[out] out  HTML, freed by the caller with hcb_text_free(); NULL on failure.
 * @param folder    The output folder of a command: the first of summary.json, comparison.json, sweep.json, design.json,
 *                  zones.json, zones_comparison.json and desk.json that is there says which.
 * @param options   NULL for HCB_REPORT_OPTIONS_INIT.
 * @return HCB_OK; HCB_ENOTFOUND: there is no result in the folder; HCB_EPARSE, HCB_EDATA: a file of it has errors (see
 *         the diagnostics), or the plan was made from other data than the workspace's; HCB_EINVAL: there is nothing to
 *         explain in this result, without its workspace, or for everybody; errors of hcb_workspace_load();
 *         HCB_EIO, HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_report_page(hcb_text **out, hcb_context *ctx, const char *folder,
                                                 const hcb_report_options *options);

#ifdef __cplusplus
}
#endif

#endif
