/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workspaces for the tests of this folder. Include cmocka.h and workbench.h first. */
#ifndef HCB_TESTS_SCENARIO_FOLDERS_H
#define HCB_TESTS_SCENARIO_FOLDERS_H

#include "hcbroker/scenario.h"
#include "io/csv_table.h"
#include "workbench.h"

/* A map that is not Leicestershire's, in the bench's folder: six square zones A to F of 0.1 degree around 54 N 1.5 W,
 * each with five small areas as points (no polygons); F has no prime role. `columns` adds lines to hcbroker.yaml. */
void folders_small_map(workbench *bench, const char *more_yaml);

/* hcb_generate, which must succeed. */
hcb_generate_summary folders_generate(workbench *bench, const char *dir, int32_t scenario, int32_t queue, double scale,
                                      uint64_t seed);

/* A file of a folder as a table (free with hcb__csv_table_free), as bytes (free with free). */
hcb__csv_table *folders_table(workbench *bench, const char *dir, const char *name);
char *folders_bytes(const char *dir, const char *name);
const char *folders_cell(const hcb__csv_table *table, size_t row, const char *column);
/* Rows whose column has this text. */
size_t folders_count(const hcb__csv_table *table, const char *column, const char *text);
/* The first row whose column has this text; fails when there is none. */
size_t folders_row(const hcb__csv_table *table, const char *column, const char *text);

/* A folder within the bench's, and its removal with all its files. */
const char *folders_make(workbench *bench, const char *name);
void folders_remove(workbench *bench, const char *name);

#endif
