/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arith.h"
#include "travel/travel.h"

const char *const hcb__travel_model_words[2] = {"crow", "matrix"};
const char *const hcb__travel_origin_words[2] = {"office", "nearest_served"};
const char *const hcb__capacity_basis_words[2] = {"contact", "contact_and_travel"};

/* Slopes fitted to modelled drive times from 396 places of the county; the 2 minutes to park and walk are assumed. */
const hcb__travel_settings hcb__travel_defaults = {
    .model = HCB__CROW,
    .origin = HCB__NEAREST_SERVED,
    .capacity_basis = HCB__CONTACT,
    .nearest = 3,
    .base_ms = 2000,
    .near_slope = 1800,
    .far_slope = 900,
    .bend_m = 4000,
    .rural_extra_ms = 1000,
    .road_factor = 1300,
    .matrix = NULL,
};

int64_t hcb__crow_seconds(const hcb__travel_settings *settings, double distance_m, bool rural) {
    double d = distance_m / 1000, bend = (double)settings->bend_m / 1000;
    double near = d < bend ? d : bend, far = d > bend ? d - bend : 0;
    double minutes = ((double)settings->base_ms + (double)settings->near_slope * near +
                      (double)settings->far_slope * far + (rural ? (double)settings->rural_extra_ms : 0)) /
                     1000;
    return hcb__round_half_up(60 * minutes);
}
