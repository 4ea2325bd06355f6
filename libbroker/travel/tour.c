/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "travel/tour.h"

#include <math.h>

#include "base/arith.h"

/* Fitted by benchmarks/bench_tours (docs/travel.md). */
const hcb__tour_settings hcb__tour_defaults = {.round = 6, .leg = 735, .reach = 515, .error = 300, .error_floor = 80};

/* Days of the week on which a block is worked. */
enum { DAYS = 7 };

static double road_of(const hcb__travel_settings *travel, double km) {
    double bend = (double)travel->bend_m / 1000;
    return (double)travel->near_slope * fmin(km, bend) + (double)travel->far_slope * fmax(km - bend, 0);
}

/* Of the own visits of a day in a unit at least one comes from another unit, where there are any: with probability
 * 1 - e^-n. So many such units lie on 1 / (1 - e^-n) cells each. */
static double far_of(const hcb__tour_settings *tour, const hcb__travel_settings *travel, const hcb__tour_unit *unit,
                     double alone, double km, double *share) {
    double some = -expm1(-alone);
    double cell = fmax(unit->cell_m2, unit->area_m2);
    double more = (double)tour->reach / 1000 * (sqrt(cell / some) - sqrt(unit->area_m2 / some)) / 1000;
    *share = some / alone;
    return road_of(travel, km + more) - road_of(travel, km);
}

static void place_unit(hcb__tour_sum *out, const hcb__tour_unit *unit) {
    int64_t x = llround(unit->point.x), y = llround(unit->point.y), week = 0;
    for (int b = 0; b < HCB__TOUR_STREAMS; b++)
        week += unit->visits[b] / 1000;
    if (week <= 0)
        return;
    out->ground_m2 = llround(fmax(unit->cell_m2, unit->area_m2));
    out->weight = week;
    out->x = week * x;
    out->y = week * y;
    /* And the spread within the unit. Ground beyond any country is asked about by bounds alone, which use no square. */
    if (!hcb__mul(week, x * x + y * y + llround(unit->area_m2 / 6), &out->square))
        out->square = INT64_MAX;
}

void hcb__tour_of_unit(hcb__tour_sum *out, const hcb__tour_settings *tour, const hcb__travel_settings *travel,
                       const hcb__tour_unit *unit, int64_t sharers) {
    *out = (hcb__tour_sum){0};
    double least = (double)travel->base_ms + (unit->rural ? (double)travel->rural_extra_ms : 0); /* 1/1000 minute */
    place_unit(out, unit);
    for (int b = 0; b < HCB__TOUR_STREAMS; b++) {
        if (unit->visits[b] <= 0)
            continue;
        double a_day = (double)unit->visits[b] / (1000.0 * DAYS), alone = a_day * 1000 / (double)sharers, share;
        double km = (double)tour->leg / 1000 * sqrt(unit->area_m2 / alone) / 1000;
        double far = far_of(tour, travel, unit, alone, km, &share);
        out->visits[b] = unit->visits[b];
        /* 1/1000 minute are 60 milliseconds. */
        out->fixed_ms[b] = hcb__round_half_up(60 * least * (double)unit->visits[b] / 1000);
        out->road_ms[b] = hcb__round_half_up(60 * road_of(travel, km) * (double)unit->visits[b] / 1000);
        out->far_ms[b] = hcb__round_half_up(60 * far * share * (double)unit->visits[b] / 1000);
    }
}

void hcb__tour_add(hcb__tour_sum *sum, const hcb__tour_sum *part, int sign) {
    for (int b = 0; b < HCB__TOUR_STREAMS; b++) {
        sum->visits[b] += sign * part->visits[b];
        sum->fixed_ms[b] += sign * part->fixed_ms[b];
        sum->road_ms[b] += sign * part->road_ms[b];
        sum->far_ms[b] += sign * part->far_ms[b];
    }
    sum->ground_m2 += sign * part->ground_m2;
    sum->weight += sign * part->weight;
    sum->x += sign * part->x;
    sum->y += sign * part->y;
    sum->square += sign * part->square;
}

/* Rounds a day of n visits. A day's number is not a multiple of the round's size: of the last round half is missing on
 * average. Where there are visits there is a round. */
static double rounds_of(double n, int32_t most) {
    return fmin(n, fmax(1, n / most + (most - 1) / (2.0 * most)));
}

static double rounds_of_all(double n, int32_t most, const hcb__tour_crews *crews) {
    double work = 0, rounds = 0;
    for (int32_t k = 0; crews && k < crews->n; k++)
        work += (double)crews->work[k];
    if (!crews || work <= 0)
        return rounds_of(n, most);
    for (int32_t k = 0; k < crews->n; k++)
        rounds += rounds_of(n * (double)crews->work[k] / work, most);
    return rounds;
}

/* How much farther apart areas lie than their ground says: people spread evenly over a square of area a have a variance
 * of a / 6 in all. Several parts with others in between lie far apart; one town with empty fields around does not. */
static double scatter_of(const hcb__tour_sum *sum) {
    if (sum->weight <= 0 || sum->ground_m2 <= 0)
        return 1;
    double w = (double)sum->weight, x = (double)sum->x / w, y = (double)sum->y / w;
    double spread = 6 * ((double)sum->square / w - x * x - y * y);
    return sqrt(fmax(spread, 0) / (double)sum->ground_m2);
}

void hcb__tour_estimate_of(hcb__tour_estimate *out, const hcb__tour_settings *tour, const hcb__tour_sum *sum,
                           const hcb__tour_crews *crews) {
    *out = (hcb__tour_estimate){0};
    double seconds = 0, error = 0, rounds = 0, scatter = scatter_of(sum);
    for (int b = 0; b < HCB__TOUR_STREAMS; b++) {
        double week = (double)sum->visits[b] / 1000, day = week / DAYS;
        out->visits += sum->visits[b];
        if (sum->visits[b] <= 0)
            continue;
        double begin = rounds_of_all(day, tour->round, crews) / day; /* share of the visits that begin a round */
        double legs = (double)(sum->fixed_ms[b] + sum->road_ms[b]) + scatter * (double)sum->far_ms[b];
        double part = (1 - begin) * legs / 1000;
        seconds += part;
        rounds += week * begin;
        error += part * fmax((double)tour->error_floor, (double)tour->error / sqrt(fmax(day, 1))) / 1000;
    }
    out->seconds = hcb__round_half_up(seconds);
    out->error_seconds = hcb__round_half_up(error);
    out->rounds = hcb__round_half_up(1000 * rounds);
}
