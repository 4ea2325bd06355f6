/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/textbuf.h"
#include "base/options.h"
#include "geo/crs.h"
#include "report/zone_map.h"
#include "scenario/folder.h"

hcb_status hcb__zones_of_workspace(hcb__zone_set **zones, hcb__model **model, hcb_context *ctx, const char *dir) {
    hcb__folder *folder = NULL;
    *zones = NULL;
    if (model)
        *model = NULL;
    hcb_status status = hcb__folder_open(&folder, ctx, dir);
    if (status != HCB_OK)
        return status;
    if (model && hcb__folder_served(folder)) {
        status = hcb__model_load(model, ctx, dir, &(hcb__model_options){0});
        if (status == HCB_OK)
            *zones = hcb__zone_set_retain((*model)->zones);
    } else {
        status = hcb__zone_set_load(zones, ctx, &folder->map);
        if (status == HCB_OK)
            status = hcb__diag_status(ctx);
    }
    hcb__folder_close(folder);
    if (status != HCB_OK) {
        hcb__zone_set_free(*zones);
        *zones = NULL;
    }
    return status;
}

hcb_status hcb_zone_map_load(hcb_zone_map **out, hcb_context *ctx, const char *folder) {
    if (!out || !ctx || !folder)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_zone_map *map = hcb__calloc(&ctx->mem, 1, sizeof *map);
    if (!map)
        return hcb__end(ctx, hcb__nomem(ctx));
    map->mem = ctx->mem;
    status = hcb__zones_of_workspace(&map->set, NULL, ctx, folder);
    if (status != HCB_OK) {
        hcb_zone_map_free(map);
        return hcb__end(ctx, status);
    }
    *out = map;
    return hcb__end(ctx, HCB_OK);
}

void hcb_zone_map_free(hcb_zone_map *map) {
    if (!map)
        return;
    hcb__zone_set_free(map->set);
    hcb_allocator mem = map->mem;
    hcb__free(&mem, map);
}

int32_t hcb_zone_map_zone_count(const hcb_zone_map *map) {
    return map ? map->set->n_zones : 0;
}

const char *hcb_zone_map_zone_id(const hcb_zone_map *map, int32_t i) {
    return map && i >= 0 && i < map->set->n_zones ? map->set->zones[i].id : NULL;
}

/* Two numbers with a comma; spaces around them are allowed. */
static bool two_numbers(const char *text, double *a, double *b) {
    const char *comma = strchr(text, ',');
    if (!comma)
        return false;
    const char *start[2] = {text, comma + 1}, *end[2] = {comma, text + strlen(text)};
    double *out[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        while (start[i] < end[i] && *start[i] == ' ')
            start[i]++;
        while (end[i] > start[i] && end[i][-1] == ' ')
            end[i]--;
        if (!hcb__parse_double(start[i], (size_t)(end[i] - start[i]), out[i]))
            return false;
    }
    return true;
}

static double whole_centimetres(double metres) {
    return floor(100 * metres + 0.5) / 100;
}

static hcb_status to_metres(hcb__point *p, hcb_context *ctx) {
    hcb__crs *crs = NULL;
    hcb_status status = hcb__crs_create(&crs, ctx, "EPSG:4326", NULL);
    if (status != HCB_OK)
        return status;
    size_t bad;
    if (!hcb__crs_forward(crs, p, 1, &bad))
        status = hcb__fail(ctx, HCB_ECRS, "the point cannot be transformed to EPSG:27700");
    hcb__crs_free(crs);
    return status;
}

static hcb_status read_place(hcb__point *point, int32_t *postcode, hcb_context *ctx, const hcb_zone_map *map,
                             const char *place) {
    double a, b;
    *postcode = -1;
    if (two_numbers(place, &a, &b)) {
        /* No part of Great Britain lies within 1 km of the grid's origin, so small numbers are degrees. */
        if (fabs(a) <= 90 && fabs(b) <= 180) {
            *point = (hcb__point){b, a};
            hcb_status status = to_metres(point, ctx);
            if (status != HCB_OK)
                return status;
        } else {
            *point = (hcb__point){a, b};
        }
        point->x = whole_centimetres(point->x);
        point->y = whole_centimetres(point->y);
        return HCB_OK;
    }
    if (strchr(place, ',') || strlen(place) < 5 || strlen(place) > 10)
        return hcb__fail(ctx, HCB_EINVAL, "\"%.80s\" is not latitude,longitude, easting,northing or a postcode", place);
    *postcode = hcb__postcode_find(map->set, place, strlen(place));
    if (*postcode < 0)
        return hcb__fail(ctx, HCB_ENOTFOUND, "postcode \"%s\" is not among the workspace's %d postcodes", place,
                         map->set->n_postcodes);
    *point = map->set->postcodes[*postcode].point;
    return HCB_OK;
}

hcb_status hcb_zone_map_locate(hcb_place *out, hcb_context *ctx, const hcb_zone_map *map, const char *place) {
    if (!out || !ctx || !map || !place)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_place found = {0};
    hcb__point point;
    int32_t postcode;
    status = read_place(&point, &postcode, ctx, map, place);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    const hcb__zone_set *set = map->set;
    hcb__location l = hcb__locate(set, -1, -1, postcode, postcode >= 0, point);
    found.by = l.by;
    found.easting = point.x;
    found.northing = point.y;
    if (l.zone >= 0) {
        found.zone_id = set->zones[l.zone].id;
        found.zone_name = set->zones[l.zone].name;
    }
    if (l.area >= 0) {
        found.area_id = set->areas[l.area].id;
        found.area_name = set->areas[l.area].name;
    }
    if (l.band >= 0)
        found.band = hcb__band_words[l.band];
    return hcb__end(ctx, hcb__result_give(out, &found, sizeof found));
}

hcb_status hcb_zone_map_locate_points(const hcb_zone_map *map, const double *xy, size_t n, int32_t *zone) {
    if (!map || (n && (!xy || !zone)))
        return HCB_EINVAL;
    for (size_t i = 0; i < 2 * n; i++)
        if (!isfinite(xy[i]))
            return HCB_EINVAL;
    for (size_t i = 0; i < n; i++) {
        hcb__point p = {xy[2 * i], xy[2 * i + 1]};
        zone[i] = hcb__geo_index_locate(map->set->zone_index, p);
    }
    return HCB_OK;
}
