/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tour estimate against simulated rounds: fits its constants and prints its error (docs/travel.md).
 *
 * usage: bench_tours [SEED | WORKSPACE...]
 * Of a workspace: every zone, and the rounds of each provider, block and day among the placements of today.
 * Squares of 2 to 20 km, 8 to 120 visits a block, rounds of 4 to 12, people spread evenly, in towns and in few towns.
 * Each row is the mean of six days whose numbers of visits differ by up to half a round. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/context.h"
#include "base/rng.h"
#include "design/ledger.h"
#include "model/visits.h"
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
        s->unit[i] = (hcb__tour_unit){.area_m2 = side * side / UNITS,
                                      .visits = {llround(7000.0 * count * weight[i] / sum)},
                                      .rural = side > 12000};
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
    hcb__tour_estimate_of(&e, &settings, &sum, NULL);
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

/* Seconds a week of the rounds of one provider in one zone; the second carers of visits have rounds of their own. */
static double simulate(const hcb__model *model, const hcb__demand *demand, int32_t zone, int32_t provider) {
    static hcb__stop stops[HCB__MOST_STOPS];
    static int32_t order[HCB__MOST_STOPS], starts[HCB__MOST_STOPS + 1];
    double sum = 0;
    for (int stream = 0; stream < HCB__TOUR_STREAMS; stream++)
        for (int day_of_week = 0; day_of_week < 7; day_of_week++) {
            int32_t n = 0;
            for (int32_t i = model->n_packages; i < model->n_packages + model->n_placements; i++) {
                const hcb__package *p = &model->packages[i];
                int32_t unit = demand->unit_of[i];
                if (p->provider != provider || unit < 0 || model->zones->areas[unit].zone != zone)
                    continue;
                for (int32_t v = p->first_visit; v < p->first_visit + p->n_visits; v++)
                    for (int c = stream / HCB__TOUR_BLOCKS;
                         c < (stream < HCB__TOUR_BLOCKS ? 1 : model->visits[v].carers); c++)
                        if (model->visits[v].block == stream % HCB__TOUR_BLOCKS && n < HCB__MOST_STOPS &&
                            (model->visits[v].days >> day_of_week & 1))
                            stops[n++] = (hcb__stop){p->point, p->band == HCB__RURAL || p->band == HCB__ISOLATED};
            }
            int64_t twice;
            if (hcb__rounds_plan(&twice, order, starts, hcb__default_allocator(), &model->travel, stops, n,
                                 hcb__tour_defaults.round) != HCB_OK)
                abort();
            sum += (double)twice / 2;
        }
    return sum;
}

/* Adds the errors and squared errors of the workspace's zones and their number. */
static int of_workspace(hcb_context *ctx, const char *folder, double *square, double *bias, int *inside, int *zones) {
    hcb__model *model;
    hcb__demand *demand;
    hcb__ledger *ledger;
    if (hcb__begin(ctx) != HCB_OK ||
        hcb__model_load(&model, ctx, folder, &(hcb__model_options){.policy = NULL}) != HCB_OK) {
        fprintf(stderr, "bench_tours: %s: %s\n", folder, hcb_context_error(ctx)->message);
        return 1;
    }
    int32_t *zone = calloc((size_t)model->zones->n_areas + 1, sizeof *zone);
    for (int32_t a = 0; zone && a < model->zones->n_areas; a++)
        zone[a] = model->zones->areas[a].zone;
    if (!zone || hcb__demand_create(&demand, &ctx->mem, model) != HCB_OK)
        return 1;
    /* Only who is served today: the simulation knows no rounds of the others. */
    for (int32_t i = 0; i < model->n_packages; i++)
        if (demand->unit_of[i] >= 0)
            for (int32_t v = model->packages[i].first_visit;
                 v < model->packages[i].first_visit + model->packages[i].n_visits; v++)
                for (int c = 0; c < model->visits[v].carers; c++)
                    demand->unit[demand->unit_of[i]].tour.visits[model->visits[v].block + (c ? HCB__TOUR_BLOCKS : 0)] -=
                        1000 * (int64_t)hcb__visit_days(&model->visits[v]);
    if (hcb__ledger_create(&ledger, &ctx->mem, model, demand, zone) != HCB_OK)
        return 1;
    double all = 0, all_estimated = 0;
    printf("%s\nzone  sharers  simulated h  estimated h  off %%  error %%\n", folder);
    for (int32_t z = 0; z < model->zones->n_zones; z++) {
        double simulated = 0;
        for (int32_t k = 0; k < model->n_providers; k++)
            simulated += simulate(model, demand, z, k);
        hcb__zone_costs costs;
        hcb__ledger_costs(&costs, ledger, z);
        if (simulated <= 0)
            continue;
        double off = (double)costs.travel.seconds / simulated - 1;
        *bias += off;
        *inside += fabs((double)costs.travel.seconds - simulated) <= (double)costs.travel.error_seconds;
        printf("%-4s %8.1f %12.1f %12.1f %+6.1f %8.1f\n", model->zones->zones[z].id, (double)ledger->sharers[z] / 1000,
               simulated / 3600, (double)costs.travel.seconds / 3600, 100 * off,
               100 * (double)costs.travel.error_seconds / (double)costs.travel.seconds);
        *square += off * off;
        ++*zones;
        all += simulated;
        all_estimated += (double)costs.travel.seconds;
    }
    printf("all %+.1f %%\n", 100 * (all_estimated / all - 1));
    hcb__ledger_free(ledger);
    hcb__demand_free(demand);
    hcb__model_free(model);
    free(zone);
    (void)hcb__end(ctx, HCB_OK);
    return 0;
}

static int of_workspaces(char **folders, int n) {
    hcb_context *ctx;
    double square = 0, bias = 0;
    int zones = 0, inside = 0, code = 0;
    if (hcb_context_create(&ctx, NULL) != HCB_OK)
        return 1;
    for (int i = 0; i < n && code == 0; i++)
        code = of_workspace(ctx, folders[i], &square, &bias, &inside, &zones);
    if (code == 0 && zones)
        printf("%d zones, mean %+.1f %%, rms %.1f %%, %d within one error\n", zones, 100 * bias / zones,
               100 * sqrt(square / zones), inside);
    hcb_context_free(ctx);
    return code;
}

int main(int argc, char **argv) {
    if (argc > 1 && strspn(argv[1], "0123456789") != strlen(argv[1]))
        return of_workspaces(argv + 1, argc - 1);
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
