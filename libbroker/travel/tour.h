/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long carers travel between visits, from how densely the visits lie (docs/travel.md): the mean leg of a round in
 * an area with n visits is k x sqrt(area / n) (Beardwood, Halton and Hammersley 1959; Daganzo 1984), taken small area
 * by small area, and for one visit of a round in each area the way from the next one. A zone is a sum of whole numbers
 * over its areas, so one may join or leave it at no cost and leaves nothing behind. */
#ifndef HCB_TRAVEL_TOUR_H
#define HCB_TRAVEL_TOUR_H

#include "travel/travel.h"

/* Morning, lunch, tea, bed, of first carers and then of second ones: a round lies in one of them, on one day. Two
 * carers who visit somebody together are in two rounds. */
enum { HCB__TOUR_BLOCKS = 4, HCB__TOUR_STREAMS = 2 * HCB__TOUR_BLOCKS };

/* Calibrated against simulated rounds (benchmarks/bench_tours). */
typedef struct hcb__tour_settings {
    int32_t round; /* most visits of one round; at least 1 */
    int32_t leg;   /* k, in thousandths */
    int32_t reach; /* the same for the way from one small area to the next */
    int32_t error; /* one standard error, as a share of the estimate, is error / sqrt(visits a day), thousandths */
    int32_t error_floor; /* ... and never less than this, which is how far zones of a county are off, thousandths */
} hcb__tour_settings;

extern const hcb__tour_settings hcb__tour_defaults;

/* What a small area asks of the carers who serve it. */
typedef struct hcb__tour_unit {
    double area_m2;                    /* the ground on which its visits lie; > 0 */
    int64_t visits[HCB__TOUR_STREAMS]; /* carer visits a week, x 1000 */
    bool rural;                        /* rural or isolated */
    double cell_m2;                    /* all of its ground; 0: no more than that */
    hcb__point point;
} hcb__tour_unit;

/* A unit or a sum of units. Milliseconds a week as if every visit had a leg before it. */
typedef struct hcb__tour_sum {
    int64_t visits[HCB__TOUR_STREAMS];   /* a week, x 1000 */
    int64_t fixed_ms[HCB__TOUR_STREAMS]; /* what a leg costs however short it is */
    int64_t road_ms[HCB__TOUR_STREAMS];  /* within the areas */
    int64_t far_ms[HCB__TOUR_STREAMS];   /* more than that for legs from area to area, were the zone in one piece */
    int64_t ground_m2;                   /* of all areas with visits */
    int64_t weight, x, y, square;        /* visits a week, and where: sums of place (m) and of its square */
} hcb__tour_sum;

/* `sharers` x 1000: how many providers share the visits; each goes its own rounds among all of them, so its visits are
 * so many times thinner. 1000 for one provider; at least 1. */
void hcb__tour_of_unit(hcb__tour_sum *out, const hcb__tour_settings *tour, const hcb__travel_settings *travel,
                       const hcb__tour_unit *unit, int64_t sharers);
void hcb__tour_add(hcb__tour_sum *sum, const hcb__tour_sum *part, int sign);

typedef struct hcb__tour_estimate {
    int64_t seconds;       /* of travel between visits, a week, of all sharers */
    int64_t error_seconds; /* one standard error of it against simulated rounds of the same visits */
    int64_t rounds;        /* a week, x 1000 */
    int64_t visits;        /* a week, x 1000 */
} hcb__tour_estimate;

/* Who goes the rounds: of each of n providers the work it has, in any unit. NULL, 0 or no work: one provider. */
typedef struct hcb__tour_crews {
    const int64_t *work;
    int32_t n;
} hcb__tour_crews;

/* The same for every order of adding up. */
void hcb__tour_estimate_of(hcb__tour_estimate *out, const hcb__tour_settings *tour, const hcb__tour_sum *sum,
                           const hcb__tour_crews *crews);

#endif
