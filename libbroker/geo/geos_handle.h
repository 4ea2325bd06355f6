/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of hcb__geos, for the files of geo/ that call GEOS. */
#ifndef HCB_GEO_GEOS_HANDLE_H
#define HCB_GEO_GEOS_HANDLE_H

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include "geo/geos.h"

struct hcb__geos {
    hcb_context *ctx;
    GEOSContextHandle_t handle;
    char message[256]; /* what GEOS said last */
    char *reason;      /* of hcb__geos_valid */
};

/* HCB_EGEOMETRY (or HCB_ENOMEM) with GEOS's own words; `doing` says what was being done. */
HCB_NODISCARD hcb_status hcb__geos_failed(hcb__geos *geos, const char *doing);

/* A GEOS geometry of a plain polygon (Polygon or MultiPolygon); NULL on failure. The caller destroys it. */
GEOSGeometry *hcb__geos_from(hcb__geos *geos, const hcb__polygon *polygon);

/* The points of a LineString or LinearRing into `out` (room for the count GEOS gives); false on failure. */
bool hcb__geos_points(hcb__geos *geos, const GEOSGeometry *line, hcb__point *out);
int32_t hcb__geos_point_count(hcb__geos *geos, const GEOSGeometry *line);

/* A plain copy of a Polygon or MultiPolygon in the arena, rings turned as hcb__polygon wants them. */
HCB_NODISCARD hcb_status hcb__geos_to(hcb__geos *geos, const GEOSGeometry *shape, hcb__arena *arena, hcb__polygon *out);

GEOSGeometry *hcb__geos_point(hcb__geos *geos, hcb__point p);
bool hcb__geos_read_point(hcb__geos *geos, const GEOSGeometry *point, hcb__point *out);

#endif
