/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GeoPackage and Shapefile by GDAL, as GeoJSON. GDAL is loaded when the first such file is opened, so that nothing else
 * waits for it; a build without it says so. */
#ifndef HCB_GEO_OGR_H
#define HCB_GEO_OGR_H

#include "base/context.h"
#include "base/text.h"

/* Whether the name is one that GDAL is asked for: *.gpkg, *.shp, in any case. */
bool hcb__ogr_wants(const char *path);

/* The features of the only layer, coordinates as they are, the CRS as an old `crs` member. HCB_ENOTFOUND, HCB_EPARSE,
 * HCB_ECRS: the file names no CRS; HCB_EIO: there is no GDAL. */
HCB_NODISCARD hcb_status hcb__ogr_read(hcb__text *geojson, hcb_context *ctx, const char *path, const char *shown);

/* A GeoPackage of a GeoJSON text, with one layer. */
HCB_NODISCARD hcb_status hcb__ogr_write(hcb_context *ctx, const char *path, const char *geojson, size_t size);

#endif
