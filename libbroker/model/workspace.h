/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hcbroker.yaml, read here and nowhere else but by `verify`: which files a workspace has, and how they are read. */
#ifndef HCB_MODEL_WORKSPACE_H
#define HCB_MODEL_WORKSPACE_H

#include "base/context.h"
#include "io/csv.h"
#include "travel/travel.h"
#include "zones/zones.h"

typedef enum hcb__file_kind {
    HCB__FILE_ZONES,
    HCB__FILE_AREAS,
    HCB__FILE_AREAS_GEOJSON,
    HCB__FILE_POSTCODES,
    HCB__FILE_POLICY,
    HCB__FILE_PRICES,
    HCB__FILE_PROVIDERS,
    HCB__FILE_COVERAGE,
    HCB__FILE_PACKAGES,
    HCB__FILE_PLACEMENTS,
    HCB__FILE_VISITS,
    HCB__FILE_MATRIX,
    HCB__FILES
} hcb__file_kind;

/* Their keys in hcbroker.yaml. */
extern const char *const hcb__file_keys[HCB__FILES];
/* The key of a travel matrix in memory that is JSON. */
#define HCB__MATRIX_JSON "matrix.json"
/* The file's name, as messages show it. */
extern const char hcb__workspace_name[];
/* What stands for the folder where there is none. */
extern const char hcb__no_folder[];

typedef struct hcb__workspace_file {
    const char *name; /* as the workspace gives it; NULL: there is none */
    const char *path;
    bool missing;              /* named but not there: an error was collected if the use asks for the file */
    bool in_memory, own_names; /* own_names: the columns of what is in memory have ours, whatever is renamed */
    hcb__csv_rename *renames;
    size_t n_renames;
} hcb__workspace_file;

typedef struct hcb__workspace {
    hcb__arena arena;
    const char *folder, *path, *name;
    char *bytes; /* of hcbroker.yaml */
    size_t size;
    int32_t as_of;
    bool synthetic;
    double overlap_error_m;
    hcb__travel_settings travel;
    hcb__workspace_file files[HCB__FILES];
} hcb__workspace;

/* Which files a caller cannot do without; every value is checked for each of them. */
typedef enum hcb__workspace_use {
    HCB__FOR_PLANS, /* whatever the workspace names, and all that a plan needs */
    HCB__FOR_MAPS   /* the map; people, providers and prices may be yet to be made */
} hcb__workspace_use;

/* Problems are collected; `folder` NULL: everything is in the context's memory. *out is NULL when the file cannot be
 * used at all. */
HCB_NODISCARD hcb_status hcb__workspace_load(hcb__workspace **out, hcb_context *ctx, const char *folder,
                                             hcb__workspace_use use);
/* The files of the map that are there; valid as long as the workspace. */
hcb__zone_files hcb__workspace_map(const hcb__workspace *workspace);
void hcb__workspace_free(hcb__workspace *workspace);

#endif
