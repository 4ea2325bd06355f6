/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * What if: scenarios on a workspace, two of them side by side, many at once.
 *
 * A scenario is named by one text: the folder of a workspace (as it is); a scenario file; `FILE#NAME`, one of the
 * scenarios of a file that lists several; or the plain name of a bundled file ("provider-models"). docs/scenarios.md
 * has the files. A scenario starts from the workspace its file names as `base`, else from options.workspace; nothing is
 * written into it. Runs are paired: the same seed draws the same people in all of them.
 */
#ifndef HCB_COMPARE_H
#define HCB_COMPARE_H

#include "hcbroker/allocation.h"
#include "hcbroker/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How scenarios are run. Begin with HCB_SCENARIO_OPTIONS_INIT. */
typedef struct hcb_scenario_options {
    uint32_t struct_size;
    int32_t format;        /**< HCB_FORMAT_... of the text that is given back. */
    int32_t publish;       /**< 1: for others: counts under 5 are suppressed, nothing about one person is written. */
    int32_t at_once;       /**< Scenarios run at the same time by hcb_sweep(); 0: one a core. The answer is the same. */
    const char *workspace; /**< For files without `base`; NULL: ".". */
    const char *out;       /**< Folder for the results, made when it is not there; NULL: nothing is written. */
    hcb_allocation_options allocation; /**< Where the scenario file says nothing else. */
} hcb_scenario_options;

#define HCB_SCENARIO_OPTIONS_INIT                                                                                      \
    { sizeof(hcb_scenario_options), 0, 0, 0, 0, 0, HCB_ALLOCATION_OPTIONS_INIT }

/** Writes HCB_SCENARIO_OPTIONS_INIT into *options. NULL is fine. */
HCB_API void hcb_scenario_options_init(hcb_scenario_options *options);

/**
 * Run one scenario: its figures as JSON ({"kind": "scenario"}, docs/formats.md), whatever options.format. With
 * options.out also as DIR/scenario.json. This is what a sweep runs for each of its scenarios.
 * @param[out] json  Freed by the caller; NULL on failure.
 * @return HCB_OK, also when it was stopped: "status" is then "cancelled". HCB_EINVAL; HCB_EVERSION; HCB_ENOTFOUND;
 * HCB_EPARSE, HCB_EDATA: every problem is among the diagnostics with its place; HCB_EIO; HCB_ENOMEM; HCB_ESOLVER.
 */
HCB_API HCB_NODISCARD hcb_status hcb_scenario_run(hcb_text **json, hcb_context *ctx, const char *scenario,
                                                  const hcb_scenario_options *options);

/**
 * The scenarios of a file, without running them: {"kind": "scenarios", "scenarios": [{"name", "scenario", "group",
 * "changes"}]}, where "scenario" is what hcb_scenario_run() takes. Errors as there.
 */
HCB_API HCB_NODISCARD hcb_status hcb_scenario_list(hcb_text **json, hcb_context *ctx, const char *file,
                                                   const hcb_scenario_options *options);

/**
 * The "hash" that hcb_scenario_run() would write, without running: 64 hexadecimal digits that change with the data, the
 * scenario, the options and the version of the library. Equal hashes, equal figures.
 * @param[out] out  Freed by the caller; NULL on failure.
 * @return As hcb_scenario_run().
 */
HCB_API HCB_NODISCARD hcb_status hcb_scenario_hash(hcb_text **out, hcb_context *ctx, const char *scenario,
                                                   const hcb_scenario_options *options);

/**
 * Two scenarios side by side, both run here: totals, zones, providers, packages, budget; differences are b - a.
 * With options.out writes comparison.json, packages.csv, zones_a.geojson and zones_b.geojson.
 * @return As hcb_scenario_run(). HCB_ECANCELLED when it was stopped: half a comparison says nothing.
 */
HCB_API HCB_NODISCARD hcb_status hcb_compare(hcb_text **out, hcb_context *ctx, const char *a, const char *b,
                                             const hcb_scenario_options *options);

/**
 * All scenarios of a file. With options.out writes sweep.json and sweep.csv, and each scenario's own figures under
 * DIR/scenarios as soon as they are there: a sweep that was stopped and is called again takes those over and runs only
 * what is missing.
 * @return As hcb_scenario_run(); HCB_OK also when it was stopped after some scenarios (their "status" tells).
 */
HCB_API HCB_NODISCARD hcb_status hcb_sweep(hcb_text **out, hcb_context *ctx, const char *file,
                                           const hcb_scenario_options *options);

#ifdef __cplusplus
}
#endif

#endif
