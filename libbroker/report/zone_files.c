/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zones made of small areas, given back as GeoJSON. */
#include <string.h>
#include <strings.h>

#include "base/options.h"
#include "base/textbuf.h"
#include "geo/ogr.h"
#include "hcbroker/zones.h"
#include "zones/zones.h"

hcb_status hcb_zones_dissolve(hcb_text **geojson, hcb_context *ctx, const hcb_dissolve_options *options) {
    if (!geojson || !ctx || !options)
        return HCB_EINVAL;
    *geojson = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_dissolve_options taken;
    const hcb_dissolve_options *const wanted = &taken;
    status = hcb__options_take(ctx, &taken, "hcb_dissolve_options", options);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    hcb__csv_rename renames[2];
    size_t n = 0;
    if (wanted->area_column)
        renames[n++] = (hcb__csv_rename){wanted->area_column, "area_id"};
    if (wanted->zone_column)
        renames[n++] = (hcb__csv_rename){wanted->zone_column, "zone_id"};
    hcb__dissolve_options o = {wanted->areas_csv, wanted->areas_geojson, wanted->zones_csv, renames, n};
    status = hcb__text_handle(geojson, ctx);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    status = hcb__zones_dissolve(hcb__text_of(*geojson), ctx, &o);
    if (status == HCB_OK) {
        status = hcb__text_finish(geojson, ctx);
    } else {
        hcb_text_free(*geojson);
        *geojson = NULL;
    }
    return hcb__end(ctx, status);
}

hcb_status hcb_map_save(hcb_context *ctx, const hcb_text *geojson, const char *path) {
    if (!ctx || !geojson || !path || !*path)
        return HCB_EINVAL;
    if (!hcb__ogr_wants(path))
        return hcb_text_save(ctx, geojson, path);
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    const hcb__text *text = hcb__text_of((hcb_text *)geojson);
    size_t n = strlen(path);
    status = strcasecmp(path + n - 4, ".shp") == 0
                 ? hcb__fail(ctx, HCB_EINVAL, "%s: Shapefiles are read, not written; write .gpkg or .geojson", path)
                 : hcb__ogr_write(ctx, path, text->at ? text->at : "", text->count);
    return hcb__end(ctx, status);
}

hcb_status hcb_zones_voronoi(hcb_text **areas_geojson, hcb_text **zones_geojson, hcb_context *ctx,
                             const hcb_voronoi_options *options) {
    if (!areas_geojson || !zones_geojson || !ctx || !options)
        return HCB_EINVAL;
    *areas_geojson = *zones_geojson = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_voronoi_options taken;
    const hcb_voronoi_options *const wanted = &taken;
    status = hcb__options_take(ctx, &taken, "hcb_voronoi_options", options);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    hcb__voronoi_options o = {wanted->settlements_csv, wanted->zones_csv, wanted->surroundings_m, wanted->closing_m};
    status = hcb__text_handle(areas_geojson, ctx);
    if (status == HCB_OK)
        status = hcb__text_handle(zones_geojson, ctx);
    if (status == HCB_OK)
        status = hcb__zones_voronoi(hcb__text_of(*areas_geojson), hcb__text_of(*zones_geojson), ctx, &o);
    if (status == HCB_OK)
        status = hcb__text_finish(areas_geojson, ctx);
    if (status == HCB_OK)
        status = hcb__text_finish(zones_geojson, ctx);
    if (status != HCB_OK) {
        hcb_text_free(*areas_geojson);
        hcb_text_free(*zones_geojson);
        *areas_geojson = *zones_geojson = NULL;
    }
    return hcb__end(ctx, status);
}
