/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tour estimate against simulated rounds: fits its constants and prints its error (docs/travel.md).
 *
 * usage: bench_tours [SEED]
 * Squares of 2 to 20 km, 8 to 120 visits a block, rounds of 4 to 12, people spread evenly, in towns and in few towns.
 * Each row is the mean of six days whose numbers of visits differ by up to half a round. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "travel/rounds.h"
#include "travel/tour.h"

enum { GRID = 8, UNITS = GRID * GRID, MOST = 200, DAYS = 6, SPREADS = 3, COUNTS = 5, ROUNDS = 4, SIDES = 4, DRAWS = 3 };

static const int counts[COUNTS] = {8, 15, 30, 60, 120}, rounds[ROUNDS] = {4, 6, 8, 12};
static const double sides_m[SIDES] = {2000, 5000, 10000, 20000};
static const char *const spread_names[SPREADS] = {"even", "towns", "few towns"};

typedef struct sample {
    hcb__tour_unit unit[UNITS];
    int spread, count, round;
    double simulated; /* seconds a week */
} sample;

static double day(hcb__rng *rng, const sample *s, const double *weight, double sum, double side, int n) {
    hcb__stop stops[MOST];
    int32_t order[MOST], starts[MOST + 1];
    int64_t twice;
    for (int k = 0; k < n; k++) {
        double u = hcb__rng_unit(rng) * sum;
        int i = 0;
        while (i < UNITS - 1 && u >= weight[i])
            u -= weight[i++];
        stops[k].rural = s->unit[i].rural;
        stops[k].point.x = (i % GRID + hcb__rng_unit(rng)) * side / GRID;
        stops[k].point.y = ((double)(i / GRID) + hcb__rng_unit(rng)) * side / GRID;
    }
    if (hcb__rounds_plan(&twice, order, starts, hcb__default_allocator(), &hcb__travel_defaults, stops, n, s->round) !=
        HCB_OK)
        abort();
    return (double)twice / 2;
}

static void draw(sample *s, hcb__rng *rng, int spread, double side, int count, int round) {
    double weight[UNITS], sum = 0, total = 0;
    s->spread = spread;
    s->count = count;
    s->round = round;
    for (int i = 0; i < UNITS; i++)
        sum += weight[i] = exp(spread * hcb__rng_normal(rng));
    for (int i = 0; i < UNITS; i++)
        s->unit[i] = (hcb__tour_unit){side * side / UNITS, {llround(7000.0 * count * weight[i] / sum)}, side > 12000};
    for (int d = 0; d < DAYS; d++)
        total += day(rng, s, weight, sum, side, count - round / 2 + (int)hcb__rng_below(rng, (uint32_t)(round | 1)));
    s->simulated = 7 * total / DAYS;
}

/* Estimate over simulation, less one. */
static double error_of(const sample *s, hcb__tour_settings settings) {
    hcb__tour_sum sum = {0}, part;
    hcb__tour_estimate e;
    settings.round = s->round;
    for (int i = 0; i < UNITS; i++) {
        hcb__tour_of_unit(&part, &settings, &hcb__travel_defaults, &s->unit[i], 1000);
        hcb__tour_add(&sum, &part, 1);
    }
    hcb__tour_estimate_of(&e, &settings, &sum, 1000);
    return (double)e.seconds / s->simulated - 1;
}

/* Least squares of the error times the root of the visits: what a large zone is off by counts most. */
static double misfit(const sample *samples, int n, int leg, int spread) {
    hcb__tour_settings settings = hcb__tour_defaults;
    double sum = 0;
    int used = 0;
    settings.leg = leg;
    for (int i = 0; i < n; i++)
        if (spread < 0 || samples[i].spread == spread) {
            double e = error_of(&samples[i], settings);
            sum += e * e * samples[i].count;
            used++;
        }
    return sqrt(sum / used);
}

static void fit(const sample *samples, int n, int spread, const char *name) {
    int best = 0;
    double least = INFINITY;
    for (int leg = 500; leg <= 1000; leg += 5) {
        double m = misfit(samples, n, leg, spread);
        if (m < least) {
            least = m;
            best = leg;
        }
    }
    printf("fit %-10s leg %.3f  error %.3f / sqrt(visits)\n", name, best / 1000.0, least);
}

int main(int argc, char **argv) {
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 0);
    sample *samples = calloc(SPREADS * COUNTS * ROUNDS * SIDES * DRAWS, sizeof *samples);
    if (!samples)
        return 1;
    int n = 0;
    for (int spread = 0; spread < SPREADS; spread++)
        for (int c = 0; c < COUNTS; c++)
            for (int r = 0; r < ROUNDS; r++)
                for (int s = 0; s < SIDES; s++)
                    for (int k = 0; k < DRAWS; k++)
                        draw(&samples[n++], &rng, spread, sides_m[s], counts[c], rounds[r]);
    printf("seed %llu, %d samples\n", (unsigned long long)seed, n);
    fit(samples, n, -1, "all");
    for (int spread = 0; spread < SPREADS; spread++)
        fit(samples, n, spread, spread_names[spread]);
    printf("\nwith the library's constants (leg %.3f, error %.3f)\n%-10s %6s %7s %6s %6s\n",
           hcb__tour_defaults.leg / 1000.0, hcb__tour_defaults.error / 1000.0, "people", "visits", "mean%", "rms%",
           "most%");
    for (int spread = 0; spread < SPREADS; spread++)
        for (int c = 0; c < COUNTS; c++) {
            double mean = 0, square = 0, most = 0;
            int used = 0;
            for (int i = 0; i < n; i++)
                if (samples[i].spread == spread && samples[i].count == counts[c]) {
                    double e = error_of(&samples[i], hcb__tour_defaults);
                    mean += e;
                    square += e * e;
                    most = fmax(most, fabs(e));
                    used++;
                }
            printf("%-10s %6d %+7.1f %6.1f %6.1f\n", spread_names[spread], counts[c], 100 * mean / used,
                   100 * sqrt(square / used), 100 * most);
        }
    free(samples);
    return 0;
}
