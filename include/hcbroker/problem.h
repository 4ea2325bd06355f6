/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * A workspace built in memory, without any file: columns in, a frozen workspace out.
 *
 * A problem has one source for each of the files of a workspace (docs/formats.md), under the key that hcbroker.yaml
 * has for it: `zones`, `areas`, `areas_geojson`, `postcodes`, `policy`, `prices`, `providers`, `coverage`, `packages`,
 * `placements`, `visits`, `matrix`; and `workspace` for hcbroker.yaml itself. A source is a table of columns or the
 * bytes the file would have. Column names, units, checks and messages are those of the files; a message names the
 * source ("packages") and the row, from 1. The same content gives the same inputs_sha256, from files or from memory.
 *
 *     const char *ids[] = {"p1", "p2"};
 *     const double hours[] = {14.5, 7};
 *     const hcb_column columns[] = {HCB_COLUMN("package_id", HCB_COLUMN_TEXT, ids),
 *                                   HCB_COLUMN("weekly_hours", HCB_COLUMN_DOUBLE, hours)};
 *     status = hcb_problem_set_table(problem, ctx, "packages", columns, 2, 2);
 */
#ifndef HCB_PROBLEM_H
#define HCB_PROBLEM_H

#include "hcbroker/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hcb_problem hcb_problem;

/** What `data` of a column points to. */
enum {
    HCB_COLUMN_TEXT = 0,   /**< const char *[rows], each ends in '\0'; NULL: not given. */
    HCB_COLUMN_BYTES = 1,  /**< The texts behind each other, UTF-8; text i is bytes offsets[i] to offsets[i + 1]. */
    HCB_COLUMN_INT64 = 2,  /**< int64_t[rows]. */
    HCB_COLUMN_INT32 = 3,  /**< int32_t[rows]. */
    HCB_COLUMN_DOUBLE = 4, /**< double[rows]; not a number: not given. */
    HCB_COLUMN_BOOL = 5,   /**< uint8_t[rows]; 0 is no, anything else yes. */
    HCB_COLUMN_DATE = 6    /**< int32_t[rows]; days since 1970-01-01. INT32_MIN: not given. */
};

/** One column of a table. Empty text is "not given", as an empty cell of a file is. */
typedef struct hcb_column {
    uint32_t struct_size;   /**< sizeof(hcb_column), the same in all columns of a table. */
    int32_t type;           /**< HCB_COLUMN_... */
    const char *name;       /**< As in the header of the file. */
    const void *data;       /**< [rows]; see the types. NULL only when there are no rows. */
    const int64_t *offsets; /**< HCB_COLUMN_BYTES: [rows + 1], ascending from 0 or more. Else NULL. */
    const uint8_t *valid;   /**< [rows]; 0: the value is not given. NULL: all are. */
} hcb_column;

/** A column without offsets and gaps, for initialisers. */
#define HCB_COLUMN(name, type, data)                                                                                   \
    { (uint32_t)sizeof(hcb_column), type, name, data, 0, 0 }

/**
 * An empty problem.
 * @param[out] out  Freed by the caller with hcb_problem_free(); NULL on failure.
 * @return HCB_OK, HCB_EINVAL, HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_problem_create(hcb_problem **out, hcb_context *ctx);

/** Free a problem; NULL is fine. Workspaces built from it stay usable. */
HCB_API void hcb_problem_free(hcb_problem *problem);

/**
 * Take what has no source here from the files of a workspace folder, so that, say, only the queue comes from memory.
 * @param folder  Copied; NULL: no folder any more.
 * @return HCB_OK, HCB_EINVAL, HCB_ENOMEM. Whether the folder exists is found when the problem is built.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_problem_set_folder(hcb_problem *problem, hcb_context *ctx, const char *folder);

/**
 * A table as a source: areas, postcodes, prices, providers, coverage, packages, placements, visits, matrix, or zones.
 * The columns of `zones` are the properties of the file (zone_id, name, class, prime, hours_min, hours_max) and
 * `geometry`: text, a GeoJSON Polygon or MultiPolygon in degrees. An earlier source of the same key is replaced.
 *
 * @param columns  [n_columns]. The array is copied; names and data are borrowed until the problem is freed or the
 *                 source replaced, and are only read.
 * @return HCB_OK; HCB_EINVAL: a NULL argument, an unknown key or type, a column without name or data; HCB_EVERSION;
 *         HCB_ENOMEM. What the cells hold is checked when the problem is built.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_problem_set_table(hcb_problem *problem, hcb_context *ctx, const char *key,
                                                       const hcb_column *columns, size_t n_columns, size_t n_rows);

/**
 * The bytes of a file as a source: `workspace` and `policy` are YAML, `zones` and `areas_geojson` GeoJSON, `matrix`
 * CSV or (under the key `matrix.json`) JSON, all others CSV. An earlier source of the same key is replaced.
 *
 * @param bytes  [size], copied.
 * @return HCB_OK, HCB_EINVAL, HCB_ENOMEM.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_problem_set_text(hcb_problem *problem, hcb_context *ctx, const char *key,
                                                      const char *bytes, size_t size);

/**
 * Validate and freeze. The problem is not changed and may be built again after a source was replaced.
 * @param[out] out  The workspace, freed by the caller with hcb_workspace_free(); NULL on failure. It borrows nothing.
 * @param options   NULL for defaults.
 * @return As hcb_workspace_load().
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_problem_build(hcb_workspace **out, hcb_context *ctx, const hcb_problem *problem,
                                                   const hcb_workspace_options *options);

#ifdef __cplusplus
}
#endif

#endif
