/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The zones of a map as GeoJSON in degrees. */
#ifndef HCB_REPORT_ZONE_SHAPES_H
#define HCB_REPORT_ZONE_SHAPES_H

#include "io/json.h"
#include "zones/zones.h"

/* Writes the properties of a zone into the open object. */
typedef void (*hcb__zone_properties_fn)(hcb__json_writer *w, const void *payload, int32_t zone);

/* One feature a zone with a polygon; neighbours that share points still do. HCB_ECRS, HCB_ENOMEM. */
HCB_NODISCARD hcb_status hcb__zones_draw(hcb__text *out, hcb_context *ctx, const hcb__zone_set *set,
                                         hcb__zone_properties_fn properties, const void *payload);

#endif
