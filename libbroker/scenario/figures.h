/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of a scenario: names, units, and how each is made public. */
#ifndef HCB_SCENARIO_FIGURES_H
#define HCB_SCENARIO_FIGURES_H

#include <stdint.h>

typedef enum hcb__figure_kind {
    HCB__COUNT,      /* of people: small ones are suppressed */
    HCB__COUNT_OPEN, /* of providers and zones: nobody's privacy */
    HCB__SUM,        /* of hours, money, travel: rounded, and hidden where few people make it up */
    HCB__RATIO       /* hidden where the people it is about are few */
} hcb__figure_kind;

#define HCB__NO_FIGURE INT64_MIN /* nothing to divide by */

/* `of`: the count that a ratio or a sum is made from, among the figures of the same table. */
typedef struct hcb__figure {
    const char *name, *unit, *label; /* label: for tables, at most 38 characters */
    hcb__figure_kind kind;
    int32_t of;
    int32_t decimals; /* as tables show it, after division by `shown_as` */
    int64_t shown_as;
} hcb__figure;

enum {
    HCB__T_PEOPLE,
    HCB__T_SERVED,
    HCB__T_WAITING,
    HCB__T_OFFERED,
    HCB__T_MOVED,
    HCB__T_MINUTES,
    HCB__T_MINUTES_WAITING,
    HCB__T_WAIT_DAYS,
    HCB__T_COST,
    HCB__T_PRICE,
    HCB__T_TRAVEL,
    HCB__T_TRAVEL_HOUR,
    HCB__T_PROVIDERS,
    HCB__T_MONITORED,
    HCB__T_PAIRS,
    HCB__T_UNVIABLE,
    HCB__T_USED,
    HCB__T_HHI,
    HCB__T_HHI_ZONES,
    HCB__T_LARGEST,
    HCB__T_DOMINATED,
    HCB__T_PRIME,
    HCB__T_QUALITY,
    HCB__T_LOSS,
    HCB__T_HARD,
    HCB__T_HARD_WAITING,
    HCB__T_HARD_LEFT,
    HCB__T_OTHER_LEFT,
    HCB__T_RURAL_WAITING,
    HCB__T_BRIEF_WAITING,
    HCB__T_DOUBLE_WAITING,
    HCB__TOTALS
};

enum {
    HCB__Z_SERVED,
    HCB__Z_WAITING,
    HCB__Z_MINUTES,
    HCB__Z_MINUTES_WAITING,
    HCB__Z_COST,
    HCB__Z_PRICE,
    HCB__Z_TRAVEL,
    HCB__Z_PROVIDERS,
    HCB__Z_HHI,
    HCB__Z_HARD_WAITING,
    HCB__Z_AREA,
    HCB__ZONE_FIGURES
};

enum {
    HCB__P_SERVED,
    HCB__P_MINUTES,
    HCB__P_COST,
    HCB__P_TRAVEL,
    HCB__P_CAPACITY,
    HCB__P_USED,
    HCB__P_ZONES,
    HCB__PROVIDER_FIGURES
};

extern const hcb__figure hcb__total_figures[HCB__TOTALS];
extern const hcb__figure hcb__zone_figures[HCB__ZONE_FIGURES];
extern const hcb__figure hcb__provider_figures[HCB__PROVIDER_FIGURES];

#endif
