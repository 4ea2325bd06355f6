/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coordinates by PROJ: WGS 84 longitude and latitude (degrees) to and from EPSG:27700 (metres). Network off, no
 * ballpark operations. */
#ifndef HCB_GEO_CRS_H
#define HCB_GEO_CRS_H

#include "base/context.h"
#include "geo/geo.h"

typedef struct hcb__crs hcb__crs;

/* `source`: "EPSG:4326" (given as longitude, latitude) or any CRS PROJ knows by name, as an old GeoJSON `crs` member
 * names it ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:3437"); target: EPSG:27700. For tests of other places `target` may
 * be another projected CRS; NULL means EPSG:27700. HCB_ECRS names the CRS that cannot be used. One thread at a time. */
HCB_NODISCARD hcb_status hcb__crs_create(hcb__crs **out, hcb_context *ctx, const char *source, const char *target);
void hcb__crs_free(hcb__crs *crs);
/* In place, n points (x = longitude, y = latitude when geographic). False at the first point that cannot be
 * transformed; *bad is its index. */
bool hcb__crs_forward(hcb__crs *crs, hcb__point *points, size_t n, size_t *bad);
bool hcb__crs_inverse(hcb__crs *crs, hcb__point *points, size_t n, size_t *bad);
/* The operation PROJ chose, for example "Inverse of OSGB36 to WGS 84 (6) + British National Grid"; borrowed. */
const char *hcb__crs_operation(const hcb__crs *crs);
/* Its accuracy in metres; negative: not known. */
double hcb__crs_accuracy_m(const hcb__crs *crs);
/* Whether points of the source are degrees (a geographic CRS). */
bool hcb__crs_in_degrees(const hcb__crs *crs);
const char *hcb__crs_proj_version(void);
const char *hcb__geos_version(void);

#endif
