/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a visit is: docs/zones.md, "Which zone, which band". */
#include <string.h>

#include "zones/load.h"

int32_t hcb__postcode_find(const hcb__zone_set *set, const char *code, size_t len) {
    char normal[9];
    if (!hcb__postcode_normal(code, len, normal))
        return -1;
    int32_t low = 0, high = set->n_postcodes;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (strcmp(set->postcodes[middle].code, normal) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->n_postcodes && strcmp(set->postcodes[low].code, normal) == 0 ? low : -1;
}

/* The area of the zone whose polygon holds the point (an area in no zone will do); -1: none. */
static int32_t area_around(const hcb__zone_set *set, int32_t zone, hcb__point point) {
    int32_t held[8];
    if (!set->area_index)
        return -1;
    size_t n = hcb__geo_index_locate_all(set->area_index, point, held, 8);
    for (size_t i = 0; i < n && i < 8; i++) {
        int32_t area = set->area_polygon[held[i]];
        if (set->areas[area].zone == zone || set->areas[area].zone < 0)
            return area;
    }
    return -1;
}

hcb__location hcb__locate(const hcb__zone_set *set, int32_t given_zone, int32_t given_band, int32_t postcode,
                          bool only_postcode, hcb__point point) {
    hcb__location at = {HCB__LOCATED_GIVEN, given_zone, -1, given_band};
    if (given_zone >= 0 && given_band >= 0)
        return at;
    if (only_postcode && postcode >= 0 && set->postcodes[postcode].area >= 0) {
        at.by = HCB__LOCATED_POSTCODE;
        at.area = set->postcodes[postcode].area;
        at.band = given_band >= 0 ? given_band : set->areas[at.area].band;
        if (at.zone < 0)
            at.zone = set->areas[at.area].zone;
    }
    if (at.zone < 0)
        at.zone = hcb__geo_index_locate(set->zone_index, point);
    if (at.zone < 0)
        return (hcb__location){HCB__LOCATED_NOT, -1, at.area, at.band};
    if (at.by == HCB__LOCATED_POSTCODE)
        return at;
    at.by = HCB__LOCATED_POLYGON;
    at.area = area_around(set, at.zone, point);
    if (at.area < 0) {
        int32_t nearest = hcb__point_index_nearest(set->area_points[at.zone], point, NULL);
        if (nearest >= 0) {
            at.by = HCB__LOCATED_NEAREST;
            at.area = set->area_list[at.zone][nearest];
        }
    }
    if (at.band < 0 && at.area >= 0)
        at.band = set->areas[at.area].band;
    return at;
}
