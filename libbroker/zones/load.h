/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of zones/ share while a zone set is being loaded. */
#ifndef HCB_ZONES_LOAD_H
#define HCB_ZONES_LOAD_H

#include "geo/geos.h"
#include "zones/britain.h"
#include "zones/features.h"
#include "zones/zones.h"

/* A postcode as read, before areas are known. */
typedef struct hcb__postcode_row {
    hcb__postcode postcode;
    const char *area_id; /* NULL: none */
    const char *file;
    int64_t line;
} hcb__postcode_row;

typedef struct hcb__loader {
    hcb_context *ctx;
    const hcb__zone_files *files;
    hcb__zone_set *set;
    hcb__geos *geos;
    hcb__degrees degrees;
    hcb__arena names;        /* paths and texts needed while loading */
    hcb__postcode_row *rows; /* by code; n = set->n_postcodes; in `names` */
    bool *placed;            /* [set->n_areas] whether an area has a position; in `names` */
} hcb__loader;

/* Each reads one file into the set. HCB_OK also when problems were collected; else the file was of no use. */
HCB_NODISCARD hcb_status hcb__load_zones(hcb__loader *loader);
HCB_NODISCARD hcb_status hcb__load_postcodes(hcb__loader *loader);
HCB_NODISCARD hcb_status hcb__load_areas(hcb__loader *loader);
HCB_NODISCARD hcb_status hcb__load_area_polygons(hcb__loader *loader);
HCB_NODISCARD hcb_status hcb__load_plan(hcb__loader *loader);

/* A place reader that shares the loader's transformation. */
HCB_NODISCARD hcb_status hcb__place_reader_share(hcb__place_reader **out, hcb_context *ctx, const hcb__zone_set *set,
                                                 hcb__degrees *degrees);

/* Upper case, no spaces; false when it cannot be a postcode. */
bool hcb__postcode_normal(const char *text, size_t len, char out[9]);

/* Text of the first n errors in one go would drown the others: counts, and remembers the first. */
typedef struct hcb__tally {
    size_t count;
    char first[80];
} hcb__tally;
void hcb__tally_add(hcb__tally *tally, const char *id);

#endif
