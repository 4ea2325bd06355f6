/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polygons of a GeoJSON FeatureCollection. Every problem is collected with its JSON pointer. */
#ifndef HCB_ZONES_FEATURES_H
#define HCB_ZONES_FEATURES_H

#include "geo/geos.h"
#include "io/json.h"
#include "zones/britain.h"

typedef struct hcb__features {
    hcb_context *ctx;
    const char *shown;
    hcb__json_doc *doc;
    hcb__json *list;
    size_t count;
    hcb__degrees *degrees; /* borrowed; used when the file has plain degrees */
    hcb__crs *own;         /* of a `crs` member that names something else */
    char *crs_name;        /* "" when the file names none */
    bool plane;            /* opened by hcb__features_open_plane, and the CRS is projected: there is no `own` */
    double unit_m;         /* of a plane: metres in a unit */
} hcb__features;

/* Not HCB_OK: the file cannot be used at all; all but a file that cannot be read is among the diagnostics as well. */
HCB_NODISCARD hcb_status hcb__features_open(hcb__features *out, hcb_context *ctx, const char *path, const char *shown,
                                            hcb__degrees *degrees);
/* The same for callers that can use the coordinates of any plane as they are. */
HCB_NODISCARD hcb_status hcb__features_open_plane(hcb__features *out, hcb_context *ctx, const char *path,
                                                  const char *shown, hcb__degrees *degrees);
void hcb__features_close(hcb__features *features);
/* NULL when PROJ failed, which has been collected. */
hcb__crs *hcb__features_crs(hcb__features *features);

/* A JSON pointer under feature i, such as ("/properties/%s", name); the text lives in *pointer. */
typedef struct hcb__pointer {
    char text[160];
} hcb__pointer;
hcb__where hcb__features_where(const hcb__features *features, size_t i, hcb__pointer *pointer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A member of the feature's properties; absent when there are none. */
hcb__json *hcb__features_property(const hcb__features *features, size_t i, const char *name);

/* The id in the first of the properties that exists, else the feature's own "id". Whole numbers count as their digits.
 * False when there is none or it is not an id, which has been collected. */
typedef struct hcb__feature_id {
    char text[72];
    const char *from; /* name of the property; "id" for the feature's own */
} hcb__feature_id;
bool hcb__features_id(const hcb__features *features, size_t i, const char *const *names, size_t n, hcb__feature_id *id);

/* The feature's rings in the file's own coordinates and order, closed, four points or more; memory is `arena`'s.
 * `label` names the feature in messages. */
bool hcb__features_rings(const hcb__features *features, size_t i, const char *label, hcb__arena *arena,
                         hcb__polygon *out);

/* The feature's polygon in EPSG:27700, whole centimetres, rings turned as hcb__polygon wants them, valid. `scratch` is
 * released by the caller. */
bool hcb__features_polygon(hcb__features *features, size_t i, const char *label, hcb__geos *geos, hcb__arena *arena,
                           hcb__arena *scratch, hcb__polygon *out);

#endif
