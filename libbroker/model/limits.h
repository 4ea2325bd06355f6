/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The largest values a workspace may hold: far beyond any county, and small enough that no sum passes 64 bits (a
 * billion packages would weigh less than 2^63 in any level). */
#ifndef HCB_MODEL_LIMITS_H
#define HCB_MODEL_LIMITS_H

enum {
    HCB__MOST_CAPACITY = 60000000, /* minutes a week: 1,000,000 hours */
    HCB__MOST_PRICE = 1000000,     /* pence an hour */
    HCB__MOST_TRAVEL_MIN = 1440,
    HCB__MOST_PROVIDERS = 1000000,
    HCB__MOST_PACKAGES = 10000000,
    HCB__MOST_VISIT_ROWS = 100000000
};

#endif
