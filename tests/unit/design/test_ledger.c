/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/ledger.h"

#include "base/rng.h"
#include "geo_test.h"

enum { UNITS = 2085, ZONES = 14, PROVIDERS = 40, MOVES = 100000 };

/* A county without files: units on a line, providers here and there. */
typedef struct county {
    hcb__zone_set set;
    hcb__schedule prices;
    hcb__policy policy;
    hcb__model model;
    hcb__demand demand;
    hcb__zone zones[ZONES];
    hcb__area areas[UNITS];
    hcb__provider providers[PROVIDERS];
    hcb__coverage coverage[PROVIDERS * ZONES];
    int64_t pence[ZONES * HCB__BANDS];
    hcb__demand_unit units[UNITS];
    bool in_reach[PROVIDERS * UNITS];
    int32_t zone[UNITS];
} county;

static county *make(hcb__rng *rng) {
    county *c = calloc(1, sizeof *c);
    assert_non_null(c);
    c->set = (hcb__zone_set){.n_zones = ZONES, .n_areas = UNITS, .zones = c->zones, .areas = c->areas};
    c->prices = (hcb__schedule){.n_zones = ZONES, .pence = c->pence};
    for (int i = 0; i < ZONES * HCB__BANDS; i++)
        c->pence[i] = 1800 + (i % HCB__BANDS) * 200;
    c->policy.tier_rank[HCB__FRAMEWORK] = -1;
    c->model = (hcb__model){.zones = &c->set,
                            .prices = &c->prices,
                            .policy = &c->policy,
                            .travel = hcb__travel_defaults,
                            .n_providers = PROVIDERS,
                            .providers = c->providers,
                            .coverage = c->coverage};
    for (int32_t k = 0; k < PROVIDERS; k++) {
        c->providers[k] = (hcb__provider){.active = hcb__rng_below(rng, 8) > 0,
                                          .capacity = 20000 + hcb__rng_below(rng, 90000),
                                          .viable_minutes = 9000};
        for (int32_t z = 0; z < ZONES; z++)
            if (hcb__rng_below(rng, 3) == 0)
                c->coverage[c->model.n_coverage++] =
                    (hcb__coverage){k, z, (int32_t)hcb__rng_below(rng, HCB__TIERS), -1, {-1, -1, -1, -1}};
    }
    c->demand = (hcb__demand){.n_units = UNITS, .unit = c->units, .in_reach = c->in_reach};
    for (int32_t u = 0; u < UNITS; u++) {
        hcb__demand_unit *unit = &c->units[u];
        c->zone[u] = (int32_t)hcb__rng_below(rng, ZONES + 1) - 1;
        unit->packages = (int32_t)hcb__rng_below(rng, 4);
        unit->tour =
            (hcb__tour_unit){.area_m2 = 1e4 + 1e6 * hcb__rng_unit(rng), .visits = {0}, .rural = hcb__rng_below(rng, 2)};
        for (int b = 0; unit->packages && b < HCB__BANDS; b++) {
            unit->band_minutes[b] = hcb__rng_below(rng, 300);
            unit->minutes += unit->band_minutes[b];
            unit->tour.visits[b] = 1000 * hcb__rng_below(rng, 8);
        }
        for (int32_t k = 0; k < PROVIDERS; k++)
            c->in_reach[k * UNITS + u] = hcb__rng_below(rng, 2);
    }
    return c;
}

static void assert_same(hcb__ledger *a, hcb__ledger *b) {
    assert_memory_equal(a->zone, b->zone, ZONES * sizeof *a->zone);
    assert_memory_equal(a->within, b->within, (size_t)PROVIDERS * ZONES * sizeof *a->within);
    for (int32_t z = 0; z < ZONES; z++) {
        hcb__zone_costs x, y;
        memset(&x, 0, sizeof x);
        memset(&y, 0, sizeof y);
        hcb__ledger_costs(&x, a, z);
        hcb__ledger_costs(&y, b, z);
        assert_int_equal(x.pence, y.pence);
        assert_int_equal(x.travel.seconds, y.travel.seconds);
        assert_int_equal(x.travel.error_seconds, y.travel.error_seconds);
        assert_int_equal(x.needed, y.needed);
        assert_int_equal(x.carried, y.carried);
    }
}

static void test_ledger__many_random_moves_equal_adding_up_anew(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 1, 0);
    county *c = make(&rng);
    hcb__ledger *ledger, *anew;
    assert_int_equal(hcb__ledger_create(&ledger, &ctx->mem, &c->model, &c->demand, c->zone), HCB_OK);
    int64_t total = 0;
    for (int32_t z = 0; z < ZONES; z++)
        total += ledger->zone[z].minutes;
    for (int move = 1; move <= MOVES; move++) {
        int32_t u = (int32_t)hcb__rng_below(&rng, UNITS), to = (int32_t)hcb__rng_below(&rng, ZONES);
        hcb__ledger_shift(ledger, u, c->zone[u], to);
        if (c->zone[u] < 0)
            total += c->units[u].minutes;
        c->zone[u] = to;
        if (move % 1000)
            continue;
        assert_int_equal(hcb__ledger_create(&anew, &ctx->mem, &c->model, &c->demand, c->zone), HCB_OK);
        assert_same(ledger, anew);
        hcb__viability_zone x[ZONES], y[ZONES];
        hcb__ledger_viability(x, ledger, 2);
        hcb__ledger_viability(y, anew, 2);
        for (int32_t z = 0; z < ZONES; z++) {
            assert_int_equal(x[z].together, y[z].together);
            assert_int_equal(x[z].exposed, y[z].exposed);
            assert_int_equal(x[z].worst_short, y[z].worst_short);
        }
        hcb__ledger_free(anew);
        int64_t sum = 0;
        for (int32_t z = 0; z < ZONES; z++)
            sum += ledger->zone[z].minutes;
        assert_int_equal(sum, total); /* nothing is lost on the way */
    }
    hcb__ledger_free(ledger);
    free(c);
}

static void test_ledger__costs_worked_by_hand(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 2, 0);
    county *c = make(&rng);
    for (int32_t u = 0; u < UNITS; u++)
        c->zone[u] = -1;
    hcb__ledger *ledger;
    assert_int_equal(hcb__ledger_create(&ledger, &ctx->mem, &c->model, &c->demand, c->zone), HCB_OK);
    /* 90 minutes at 18.00 and 31 at 20.00 an hour: 27.00 + 10.333... */
    c->units[7] = (hcb__demand_unit){.packages = 1, .minutes = 121, .band_minutes = {90, 31}};
    c->units[7].tour = (hcb__tour_unit){.area_m2 = 1e6, .visits = {7000}, .rural = false};
    hcb__ledger_shift(ledger, 7, -1, 3);
    hcb__zone_costs costs;
    hcb__ledger_costs(&costs, ledger, 3);
    assert_int_equal(costs.pence, 3733);
    assert_int_equal(costs.needed, (costs.travel.seconds * 100 + 60) / 121);
    /* A mean of 18.5124 less 3.60 of overhead and 11.625 of pay, at 22.875 an hour: 8.62 minutes. */
    assert_int_equal(costs.carried, 862);
    c->pence[3 * HCB__BANDS + HCB__FRINGE] = -1;
    hcb__ledger_costs(&costs, ledger, 3);
    assert_int_equal(costs.pence, -1);
    hcb__ledger_free(ledger);
    free(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {CONTEXT_TEST(test_ledger__costs_worked_by_hand),
                                       CONTEXT_TEST(test_ledger__many_random_moves_equal_adding_up_anew)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
