/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/britain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

hcb__number hcb__show_number(double value) {
    hcb__number n;
    if (!(fabs(value) < 1e11)) {
        snprintf(n.text, sizeof n.text, "%.3e", value);
        char *point = strchr(n.text, ','); /* some locales write it so */
        if (point)
            *point = '.';
        return n;
    }
    int64_t scaled = (int64_t)llround(fabs(value) * 1e7);
    snprintf(n.text, sizeof n.text, "%s%lld.%07lld", value < 0 && scaled ? "-" : "", (long long)(scaled / 10000000),
             (long long)(scaled % 10000000));
    char *end = n.text + strlen(n.text);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        *--end = '\0';
    return n;
}

/* The area of use of EPSG:27700. */
static bool in_britain(double lon, double lat) {
    return lon >= -9.01 && lon <= 2.01 && lat >= 49.75 && lat <= 61.01;
}

static bool on_grid(double x, double y) {
    return x >= 0 && x <= 700000 && y >= 0 && y <= 1300000;
}

const char *hcb__degrees_problem(hcb__point p) {
    if (in_britain(p.x, p.y))
        return NULL;
    if (in_britain(p.y, p.x))
        return "have latitude and longitude swapped";
    if (fabs(p.x) <= 180 && fabs(p.y) <= 90)
        return "are outside Great Britain (longitude -9 to 2, latitude 49.75 to 61)";
    if (on_grid(p.x, p.y))
        return "are not degrees; they look like eastings and northings in metres (EPSG:27700)";
    return "are not degrees (longitude -180 to 180, latitude -90 to 90)";
}

const char *hcb__grid_problem(hcb__point p) {
    if (fabs(p.x) <= 180 && fabs(p.y) <= 90)
        return in_britain(p.x, p.y) || in_britain(p.y, p.x)
                   ? "are not metres; they look like degrees of longitude and latitude"
                   : "are not a position on the National Grid";
    if (on_grid(p.x, p.y))
        return NULL;
    return "are outside the National Grid (easting 0 to 700000, northing 0 to 1300000 metres)";
}

hcb__crs *hcb__degrees_crs(hcb__degrees *degrees) {
    if (!degrees->crs && hcb__crs_create(&degrees->crs, degrees->ctx, "EPSG:4326", NULL) != HCB_OK)
        hcb__diag_error(degrees->ctx, NULL, "degrees cannot be turned into metres: %s",
                        hcb_context_error(degrees->ctx)->message);
    return degrees->crs;
}

void hcb__degrees_free(hcb__degrees *degrees) {
    hcb__crs_free(degrees->crs);
    degrees->crs = NULL;
}
