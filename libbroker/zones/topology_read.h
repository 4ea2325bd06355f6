/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units of a GeoJSON file as the topology wants them. */
#ifndef HCB_ZONES_TOPOLOGY_READ_H
#define HCB_ZONES_TOPOLOGY_READ_H

#include "base/context.h"
#include "base/hash.h"
#include "zones/topology.h"

#define HCB__TOPOLOGY_DECIMALS_MAX 12

typedef struct hcb__unit_file_options {
    const char *path;
    const char *id_property; /* NULL: area_id, zone_id, code or id, the first that exists */
    int decimals;            /* of the file's own coordinates; -1: a centimetre or so, 7 for degrees, 2 in a plane */
    bool snap;               /* metres are those of the rounded coordinates */
} hcb__unit_file_options;

typedef struct hcb__unit_file {
    hcb__arena arena;
    hcb__idmap of_id;
    int32_t n;
    const char **id;          /* by id bytes */
    int32_t *feature;         /* number of the feature in the file */
    hcb__topology_unit *unit; /* rings turned as hcb__polygon wants them; points in metres, not rounded */
    hcb__point **source;      /* the same points as the file has them, not rounded */
    int decimals;             /* as used */
    bool degrees;             /* the file's coordinates are degrees; metres are then EPSG:27700 */
    bool grid;                /* metres are EPSG:27700 */
    const char *crs_name;     /* as the file has it; "" when it names none */
    double unit_m;            /* of a plane: metres in a unit of the file */
} hcb__unit_file;

/* Degrees become EPSG:27700; a projected CRS stays what it is, times its unit in metres: all figures are then those of
 * its own plane. Polygons need not be valid. Problems are collected (HCB_EDATA). */
HCB_NODISCARD hcb_status hcb__unit_file_read(hcb__unit_file **out, hcb_context *ctx,
                                             const hcb__unit_file_options *options);
void hcb__unit_file_free(hcb__unit_file *file);

#endif
