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
    if (set->area_index) {
        at.by = HCB__LOCATED_POLYGON;
        int32_t held = hcb__geo_index_locate(set->area_index, point);
        at.area = held >= 0 ? set->area_polygon[held] : -1;
    } else {
        int32_t nearest = hcb__point_index_nearest(set->area_points[at.zone], point, NULL);
        at.by = nearest >= 0 ? HCB__LOCATED_NEAREST : HCB__LOCATED_POLYGON;
        at.area = nearest >= 0 ? set->area_list[at.zone][nearest] : -1;
    }
    if (at.band < 0 && at.area >= 0)
        at.band = set->areas[at.area].band;
    return at;
}
