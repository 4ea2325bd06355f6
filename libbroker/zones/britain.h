/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether coordinates can be what they are said to be, and sentences for those that cannot. */
#ifndef HCB_ZONES_BRITAIN_H
#define HCB_ZONES_BRITAIN_H

#include "geo/crs.h"
#include "geo/geo.h"

/* A number for messages: up to seven decimals, no locale. */
typedef struct hcb__number {
    char text[40];
} hcb__number;
hcb__number hcb__show_number(double value);

/* A pair of coordinates of a file, x (longitude or easting) first. NULL when they can be what they are said to be; else
 * what is wrong, to follow "52.6, -1.1 ". */
const char *hcb__degrees_problem(hcb__point lon_lat);
const char *hcb__grid_problem(hcb__point easting_northing);

/* PROJ's operation from degrees, made when the first point asks for it and shared by all files of a workspace. */
typedef struct hcb__degrees {
    hcb_context *ctx;
    hcb__crs *crs;
} hcb__degrees;

/* NULL: failed; the context has the record and a diagnostic. */
hcb__crs *hcb__degrees_crs(hcb__degrees *degrees);
void hcb__degrees_free(hcb__degrees *degrees);

#endif
