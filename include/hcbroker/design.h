/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * Propose better zones: connected, within bounds by class, with less travel, few hours moved, a bound, and the way
 * there.
 */
#ifndef HCB_DESIGN_H
#define HCB_DESIGN_H

#include "hcbroker/text.h"
#include "hcbroker/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What came of a design. */
enum {
    HCB_DESIGN_PROPOSED = 0, /**< A map that keeps every rule. */
    HCB_DESIGN_CLASH = 1,    /**< No map keeps the rules; a smallest set of them that clash is named, proved. */
    HCB_DESIGN_UNKNOWN = 2   /**< None was found, and no proof that there is none. */
};

/** How a map is redesigned. */
typedef struct hcb_design_options {
    uint32_t struct_size;
    int32_t format;      /**< HCB_FORMAT_... of the text. */
    const char *rules;   /**< design.yaml (docs/zone-design.md); NULL: connected zones and the map's own hours. */
    const char *out;     /**< Folder for design.json, plan.csv, moves.csv and the maps; NULL: nothing is written. */
    double time_limit_s; /**< Of the search; 0: none. Finite, >= 0. */
    int64_t work_limit;  /**< Search steps; 0: by the number of areas. */
    int64_t ensemble;    /**< So many legal maps to compare with, 0 to 10,000,000. */
    uint64_t seed;       /**< Of everything random. */
    int32_t threads;     /**< 0: two. The answer does not depend on it unless time stops the run. */
    int32_t reserved;
} hcb_design_options;

#define HCB_DESIGN_OPTIONS_INIT                                                                                        \
    { (uint32_t)sizeof(hcb_design_options), 0, 0, 0, 0, 0, 0, 1, 0, 0 }

/**
 * Propose zones. Long: runs on a thread of the library's; progress and cancellation are served on the caller's thread.
 * The areas of the workspace need polygons (areas.geojson), and each a zone.
 * @param[out] out      What came of it, for people or programs.
 * @param[out] outcome  HCB_DESIGN_...
 * @return HCB_OK; HCB_EDATA, HCB_EPARSE: every problem of the rules is among the diagnostics; HCB_EGEOMETRY,
 *         HCB_EINVAL, HCB_EVERSION, HCB_EIO, HCB_ENOMEM, HCB_ESOLVER.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zones_design(hcb_text **out, int32_t *outcome, hcb_context *ctx,
                                                  const hcb_workspace *workspace, const hcb_design_options *options);

#ifdef __cplusplus
}
#endif

#endif
