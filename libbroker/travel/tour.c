/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "travel/tour.h"

#include <math.h>

#include "base/arith.h"

/* Fitted by benchmarks/bench_tours (docs/travel.md). */
const hcb__tour_settings hcb__tour_defaults = {.round = 6, .leg = 735, .error = 300, .error_floor = 140};

/* Days of the week on which a block is worked. */
enum { DAYS = 7 };

void hcb__tour_of_unit(hcb__tour_sum *out, const hcb__tour_settings *tour, const hcb__travel_settings *travel,
                       const hcb__tour_unit *unit, int64_t sharers) {
    *out = (hcb__tour_sum){0};
    double least = (double)travel->base_ms + (unit->rural ? (double)travel->rural_extra_ms : 0); /* 1/1000 minute */
    double bend = (double)travel->bend_m / 1000;
    for (int b = 0; b < HCB__TOUR_BLOCKS; b++) {
        if (unit->visits[b] <= 0)
            continue;
        double a_day = (double)unit->visits[b] / (1000.0 * DAYS), alone = a_day * 1000 / (double)sharers;
        double km = (double)tour->leg / 1000 * sqrt(unit->area_m2 / alone) / 1000;
        double road = (double)travel->near_slope * fmin(km, bend) + (double)travel->far_slope * fmax(km - bend, 0);
        out->visits[b] = unit->visits[b];
        /* 1/1000 minute are 60 milliseconds. */
        out->fixed_ms[b] = hcb__round_half_up(60 * least * (double)unit->visits[b] / 1000);
        out->road_ms[b] = hcb__round_half_up(60 * road * (double)unit->visits[b] / 1000);
    }
}

void hcb__tour_add(hcb__tour_sum *sum, const hcb__tour_sum *part, int sign) {
    for (int b = 0; b < HCB__TOUR_BLOCKS; b++) {
        sum->visits[b] += sign * part->visits[b];
        sum->fixed_ms[b] += sign * part->fixed_ms[b];
        sum->road_ms[b] += sign * part->road_ms[b];
    }
}

/* Rounds a day of n visits. A day's number is not a multiple of the round's size: of the last round half is missing on
 * average. */
static double rounds_of(double n, int32_t most) {
    return fmin(n, n / most + (most - 1) / (2.0 * most));
}

void hcb__tour_estimate_of(hcb__tour_estimate *out, const hcb__tour_settings *tour, const hcb__tour_sum *sum,
                           int64_t sharers) {
    *out = (hcb__tour_estimate){0};
    double seconds = 0, error = 0, rounds = 0;
    for (int b = 0; b < HCB__TOUR_BLOCKS; b++) {
        double week = (double)sum->visits[b] / 1000, day = week / DAYS, own = day * 1000 / (double)sharers;
        out->visits += sum->visits[b];
        if (sum->visits[b] <= 0)
            continue;
        double begin = rounds_of(own, tour->round) / own; /* share of the visits that begin a round */
        double part = (1 - begin) * (double)(sum->fixed_ms[b] + sum->road_ms[b]) / 1000;
        seconds += part;
        rounds += week * begin;
        error += part * fmax((double)tour->error_floor, (double)tour->error / sqrt(fmax(day, 1))) / 1000;
    }
    out->seconds = hcb__round_half_up(seconds);
    out->error_seconds = hcb__round_half_up(error);
    out->rounds = hcb__round_half_up(1000 * rounds);
}
