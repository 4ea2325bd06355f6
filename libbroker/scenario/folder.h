/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workspace whose files are made or changed, and additions to hcbroker.yaml that leave the rest of its bytes alone.
 */
#ifndef HCB_SCENARIO_FOLDER_H
#define HCB_SCENARIO_FOLDER_H

#include "base/context.h"
#include "io/csv_table.h"
#include "model/workspace.h"

/* The files that are made. */
typedef enum hcb__made {
    HCB__MADE_PROVIDERS,
    HCB__MADE_COVERAGE,
    HCB__MADE_PLACEMENTS,
    HCB__MADE_VISITS,
    HCB__MADE_PACKAGES,
    HCB__MADE
} hcb__made;

typedef struct hcb__folder {
    hcb__workspace *ws;
    const char *file[HCB__MADE]; /* relative; the default where the workspace names none */
    hcb__zone_files map;
} hcb__folder;

/* Problems are collected; *out NULL on failure. */
HCB_NODISCARD hcb_status hcb__folder_open(hcb__folder **out, hcb_context *ctx, const char *dir);
void hcb__folder_close(hcb__folder *folder);

/* What the workspace says of a file: its name, or that it has none, and its columns' names. */
const hcb__workspace_file *hcb__folder_file(const hcb__folder *folder, hcb__made file);
char *hcb__folder_path(hcb__folder *folder, hcb__made file);
/* Whether there is a file of providers: without one the workspace is a map, with or without prices. */
bool hcb__folder_served(hcb__folder *folder);
/* The table of a file; an empty table without columns when the file is not there. Named or not: what lies where a
 * command would write. */
HCB_NODISCARD hcb_status hcb__folder_read(hcb__csv_table **out, hcb_context *ctx, hcb__folder *folder, hcb__made file);
/* The same of what the workspace has: a file that it does not name is not there, whatever lies in the folder. */
HCB_NODISCARD hcb_status hcb__folder_table(hcb__csv_table **out, hcb_context *ctx, hcb__folder *folder, hcb__made file);

/* hcbroker.yaml with `synthetic: true` (when asked for) and the names of the given files (bit set), into *out.
 * HCB_EDATA when that cannot be done by adding lines and changing the one word. */
HCB_NODISCARD hcb_status hcb__folder_yaml(hcb__text *out, hcb_context *ctx, const hcb__folder *folder, bool synthetic,
                                          uint32_t files);

/* The folder of a bundled workspace, in $HCB_DATA_DIR, the installed data or the source tree. HCB_EINVAL: not a plain
 * name; HCB_ENOTFOUND. */
HCB_NODISCARD hcb_status hcb__bundled_folder(const char **out, hcb_context *ctx, hcb__arena *arena, const char *name);
/* The same for a file of scenarios: scenarios/NAME.yaml. */
HCB_NODISCARD hcb_status hcb__bundled_scenario(const char **out, hcb_context *ctx, hcb__arena *arena, const char *name);

#endif
