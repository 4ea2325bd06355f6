/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GeoJSON of polygons in degrees times 10^7: RFC 7946, seven decimals, one feature a line. */
#ifndef HCB_ZONES_WRITE_H
#define HCB_ZONES_WRITE_H

#include "geo/coverage.h"
#include "io/json.h"

/* Degrees to whole numbers of 10^-7 degrees. */
int64_t hcb__degree_grid(double degrees);

/* The old member for what is not in degrees. */
void hcb__write_crs(hcb__json_writer *w, const char *name);
void hcb__write_collection(hcb__json_writer *w, hcb__text *out);
/* Begins a feature; the properties follow as keys and values. */
void hcb__write_feature(hcb__json_writer *w);
/* Ends it with its geometry. Rings must be turned already: outer ones counter-clockwise. */
void hcb__write_geometry(hcb__json_writer *w, const hcb__grid_polygon *polygon);
void hcb__write_end(hcb__json_writer *w, hcb__text *out);

#endif
