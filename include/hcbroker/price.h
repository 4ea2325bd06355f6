/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * Prices: what an hour of care costs, how much travel a band's price can carry, how many minutes of a visit are paid.
 * Every rule is in docs/prices.md.
 */
#ifndef HCB_PRICE_H
#define HCB_PRICE_H

#include <stdint.h>

#include "hcbroker/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The cost of a contact hour, line by line, for each year of a file (docs/formats.md, "price_years.yaml").
 *
 * @param[out] out  The table, JSON or CSV, freed by the caller with hcb_text_free(); NULL on failure.
 * @param folder    A workspace: its price_years.yaml is read when `path` is NULL. Where it has none, or folder is NULL,
 *                  the file of the bundled workspace "leicestershire" is.
 * @param path      The file; NULL: see folder.
 * @param year      One year of it ("2014", "2020-21", "2020/21", or the beginning of only one); NULL: all.
 * @param format    HCB_FORMAT_...
 * @return HCB_OK; HCB_EPARSE, HCB_EDATA: the file has errors, see the diagnostics; HCB_ENOTFOUND: no such file;
 *         HCB_EINVAL: an argument, or no such year; HCB_EIO, HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_price_build_up(hcb_text **out, hcb_context *ctx, const char *folder,
                                                    const char *path, const char *year, int32_t format);

/** What travel costs. Begin with HCB_PRICE_BANDS_OPTIONS_INIT. */
typedef struct hcb_price_bands_options {
    uint32_t struct_size; /**< sizeof(hcb_price_bands_options). */
    int32_t offers;       /**< 1: CSV has a row for each provider and zone; 0 (default): for each band. */
    int64_t wage_pence;   /**< An hour; 1 to 100,000. Default 930. */
    int64_t on_cost;      /**< Hundredths of a percent of the wage; 0 to 100,000. Default 2500. */
    int64_t per_mile;     /**< Hundredths of a penny; 0 to 100,000. Default 4500. */
    int64_t speed;        /**< Tenths of a mile an hour; 1 to 1,000. Default 250. */
    int64_t overhead;     /**< Hundredths of a percent of the urban price; 0 to 10,000. Default 2000. */
    const char *plan;     /**< An output folder of `allocate`; NULL: today's placements alone. */
} hcb_price_bands_options;

#define HCB_PRICE_BANDS_OPTIONS_INIT                                                                                   \
    { (uint32_t)sizeof(hcb_price_bands_options), 0, 930, 2500, 4500, 250, 2000, 0 }

/**
 * The minutes of paid travel in a contact hour that each band's price can carry, and, when the workspace has providers,
 * those that each provider needs in each zone, from its placements (and from a plan), with the offers below break-even.
 *
 * @param[out] out  Freed by the caller with hcb_text_free(); NULL on failure.
 * @param folder    The workspace.
 * @param options   NULL for HCB_PRICE_BANDS_OPTIONS_INIT.
 * @return HCB_OK; errors as hcb_workspace_load(); HCB_EDATA: the plan is not of this workspace; HCB_ELIMIT: a sum
 * passes 64 bits; HCB_EINVAL: an option is out of range, named.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_price_bands(hcb_text **out, hcb_context *ctx, const char *folder,
                                                 const hcb_price_bands_options *options, int32_t format);

enum { HCB_PAY_PLANNED = 0, HCB_PAY_ACTUAL = 1 };
enum { HCB_ROUND_UP = 0, HCB_ROUND_DOWN = 1, HCB_ROUND_NEAREST = 2 };

/** A payment rule; -1 in a field: the workspace's policy says (`payment:`), else the default. */
typedef struct hcb_price_visits_options {
    uint32_t struct_size; /**< sizeof(hcb_price_visits_options). */
    int32_t mode;         /**< HCB_PAY_...; default HCB_PAY_ACTUAL. */
    int32_t direction;    /**< HCB_ROUND_...; default HCB_ROUND_NEAREST (half a step goes up). */
    int32_t per_carer;    /**< 1: for each carer of a visit; 0: for their minutes together. Default 1. */
    int32_t pay_missed;   /**< 1: a visit with 0 actual minutes is paid as planned. Default 0. */
    int32_t spreadsheet;  /**< 1: text cells of CSV that begin with = + - @ tab or CR get a leading '. */
    int64_t step;         /**< Minutes, 1 to 1440; default 5. */
    int64_t tolerance;    /**< Minutes, 0 to 1440: as close to the plan as this, the planned ones count. Default 0. */
    int64_t minimum;      /**< Minutes, 0 to 1440, of a visit that took place. Default 0. */
    int64_t price_pence; /**< An hour, 0 to 1,000,000, of visits without a price; -1: the package's in the workspace. */
    const char *folder;  /**< A workspace; NULL or one without hcbroker.yaml: none. */
    const char *policy;  /**< A policy file instead of the workspace's; NULL. */
} hcb_price_visits_options;

#define HCB_PRICE_VISITS_OPTIONS_INIT                                                                                  \
    { (uint32_t)sizeof(hcb_price_visits_options), -1, -1, -1, -1, 0, -1, -1, -1, -1, 0, 0 }

/**
 * The payable minutes, and pence where prices are known, of a file of visits (docs/formats.md, "Visits as they took
 * place"), beside what full-schedule payment comes to. The visits add up to the packages, the packages to the invoice.
 *
 * @param[out] out  Freed by the caller with hcb_text_free(); NULL on failure. CSV: one row for each visit.
 * @return HCB_OK; HCB_EPARSE, HCB_EDATA: the file has errors, see the diagnostics; HCB_ENOTFOUND, HCB_EIO, HCB_EINVAL:
 * an option is out of range, named; HCB_ELIMIT, HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_price_visits(hcb_text **out, hcb_context *ctx, const char *path,
                                                  const hcb_price_visits_options *options, int32_t format);

#ifdef __cplusplus
}
#endif

#endif
