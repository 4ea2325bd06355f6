/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "travel/tour.h"

#include "base/rng.h"
#include "geo_test.h"
#include "travel/rounds.h"

static hcb__tour_sum of(const hcb__tour_unit *unit, int64_t sharers) {
    hcb__tour_sum sum;
    hcb__tour_of_unit(&sum, &hcb__tour_defaults, &hcb__travel_defaults, unit, sharers);
    return sum;
}

static hcb__tour_estimate estimate(const hcb__tour_sum *sum) {
    hcb__tour_estimate e;
    hcb__tour_estimate_of(&e, &hcb__tour_defaults, sum, NULL);
    return e;
}

/* 24 mornings a day on 24 square kilometres: one visit a square kilometre, so legs of k km. */
static void test_tour__worked_by_hand(void **state) {
    (void)state;
    hcb__tour_unit unit = {.area_m2 = 24e6, .visits = {24 * 7000}, .rural = false};
    hcb__tour_sum sum = of(&unit, 1000);
    double leg = 1.8 * hcb__tour_defaults.leg / 1000.0; /* minutes of driving */
    assert_int_equal(sum.visits[0], 168000);
    assert_int_equal(sum.fixed_ms[0], 168 * 2 * 60000);
    ASSERT_NEAR((double)sum.road_ms[0], 168 * leg * 60000, 1);
    /* Rounds of six: 24 / 6 and 5/12 more, because days are not multiples of six. */
    hcb__tour_estimate e = estimate(&sum);
    double rounds = 24 / 6.0 + 5 / 12.0, legs = 7 * (24 - rounds);
    ASSERT_NEAR((double)e.rounds, 7000 * rounds, 1);
    ASSERT_NEAR((double)e.seconds, legs * (2 + leg) * 60, 1);
    assert_int_equal(e.visits, 168000);
    assert_true(e.error_seconds > 0 && e.error_seconds < e.seconds / 5);
    /* A minute more each where it is rural. */
    unit.rural = true;
    sum = of(&unit, 1000);
    assert_int_equal(sum.fixed_ms[0], 168 * 3 * 60000);
    /* Four providers: each has a visit every four square kilometres, legs are twice as long. */
    unit.rural = false;
    sum = of(&unit, 4000);
    ASSERT_NEAR((double)sum.road_ms[0], 2 * 168 * leg * 60000, 1);
    /* Beyond 4 km only half as much a kilometre. */
    hcb__tour_unit thin = {.area_m2 = 100e6, .visits = {7000}, .rural = false};
    sum = of(&thin, 1000);
    double km = 10 * hcb__tour_defaults.leg / 1000.0;
    ASSERT_NEAR((double)sum.road_ms[0], 7 * (1.8 * 4 + 0.9 * (km - 4)) * 60000, 1);
}

/* A village of 1 in 25 square kilometres, and another so far off that each is a part of the zone for itself. */
static void test_tour__the_way_from_village_to_village(void **state) {
    (void)state;
    hcb__tour_unit unit = {1e6, {3 * 7000}, false, 25e6, {0, 0}};
    hcb__tour_sum sum = of(&unit, 1000), other;
    double some = 1 - exp(-3), within = hcb__tour_defaults.leg / 1000.0 * sqrt(1 / 3.0);
    double more = hcb__tour_defaults.reach / 1000.0 * (5 - 1) / sqrt(some);
    assert_true(within + more < 4);
    ASSERT_NEAR((double)sum.road_ms[0], 21 * 1.8 * within * 60000, 1);
    ASSERT_NEAR((double)sum.far_ms[0], 7 * some * 1.8 * more * 60000, 1);
    /* Two of them 12 km apart: their people are as spread as on 6 x (6^2 + 1 / 6) square kilometres, on ground of 50.
     */
    unit.point.x = 12000;
    other = of(&unit, 1000);
    hcb__tour_add(&sum, &other, 1);
    double legs = (double)(sum.fixed_ms[0] + sum.road_ms[0]) + (double)sum.far_ms[0] * sqrt(6 * (36 + 1 / 6.0) / 50);
    hcb__tour_estimate e = estimate(&sum);
    ASSERT_NEAR((double)e.seconds, legs / 1000 * (1 - (1 + 5 / 12.0) / 6), 1);
    /* Three providers with four, one and one of the six visits: 4 / 6 + 5 / 12 rounds, and one each. */
    const int64_t work[] = {4, 1, 0, 1};
    hcb__tour_estimate_of(&e, &hcb__tour_defaults, &sum, &(hcb__tour_crews){work, 4});
    ASSERT_NEAR((double)e.rounds, 7000 * (4 / 6.0 + 5 / 12.0 + 2), 1);
}

static void test_tour__nothing_to_do_is_no_travel(void **state) {
    (void)state;
    hcb__tour_unit unit = {.area_m2 = 1e6, .visits = {0}, .rural = true};
    hcb__tour_sum sum = of(&unit, 1000);
    hcb__tour_estimate e = estimate(&sum);
    assert_int_equal(e.seconds, 0);
    assert_int_equal(e.rounds, 0);
    unit.visits[2] = 3500; /* half a visit a day: each is a round of its own */
    sum = of(&unit, 1000);
    e = estimate(&sum);
    assert_int_equal(e.seconds, 0);
    assert_int_equal(e.rounds, 3500);
}

/* Units that come and go leave the sums that adding up anew gives. */
static void test_tour__joining_and_leaving_is_exact(void **state) {
    (void)state;
    enum { UNITS = 50, ZONES = 4 };
    hcb__rng rng;
    hcb__rng_seed(&rng, 3, 0);
    hcb__tour_sum part[UNITS], zone[ZONES] = {0};
    int32_t where[UNITS];
    for (int32_t u = 0; u < UNITS; u++) {
        hcb__tour_unit unit = {
            .area_m2 = 1e4 + 1e7 * hcb__rng_unit(&rng), .visits = {0}, .rural = hcb__rng_below(&rng, 2)};
        for (int b = 0; b < HCB__TOUR_STREAMS; b++)
            unit.visits[b] = hcb__rng_below(&rng, 40000);
        part[u] = of(&unit, 3000);
        where[u] = (int32_t)hcb__rng_below(&rng, ZONES);
        hcb__tour_add(&zone[where[u]], &part[u], 1);
    }
    for (int move = 0; move < 10000; move++) {
        int32_t u = (int32_t)hcb__rng_below(&rng, UNITS), to = (int32_t)hcb__rng_below(&rng, ZONES);
        hcb__tour_add(&zone[where[u]], &part[u], -1);
        hcb__tour_add(&zone[to], &part[u], 1);
        where[u] = to;
    }
    hcb__tour_sum anew[ZONES] = {0};
    for (int32_t u = UNITS; u-- > 0;)
        hcb__tour_add(&anew[where[u]], &part[u], 1);
    assert_memory_equal(zone, anew, sizeof zone);
}

static void test_tour__a_denser_zone_travels_less_a_visit(void **state) {
    (void)state;
    int64_t before = INT64_MAX;
    for (int64_t visits = 7000 * 8; visits < 7000 * 2000; visits *= 2) {
        hcb__tour_unit unit = {.area_m2 = 30e6, .visits = {visits}, .rural = false};
        hcb__tour_sum sum = of(&unit, 1000);
        int64_t road = sum.road_ms[0] / (visits / 1000);
        assert_true(road < before);
        before = road;
    }
}

/* Rounds of people that were not drawn when the constants were fitted: squares from a town to a rural zone. */
static void test_tour__within_its_error_of_simulated_rounds(void **state) {
    hcb_context *ctx = *state;
    enum { MOST = 150, DRAWS = 12 };
    static const double sides[] = {1500, 3000, 7000, 15000};
    static const int32_t counts[] = {15, 40, 110};
    hcb__rng rng;
    hcb__rng_seed(&rng, 20261122, 0);
    int outside = 0, cases = 0;
    double worst = 0;
    for (size_t s = 0; s < 4; s++)
        for (size_t c = 0; c < 3; c++) {
            int64_t sum = 0;
            for (int draw = 0; draw < DRAWS; draw++) {
                hcb__stop stops[MOST];
                int32_t order[MOST], starts[MOST + 1];
                int32_t n = counts[c] - 3 + (int32_t)hcb__rng_below(&rng, 7);
                for (int32_t i = 0; i < n; i++)
                    stops[i] = (hcb__stop){{sides[s] * hcb__rng_unit(&rng), sides[s] * hcb__rng_unit(&rng)}, false};
                int64_t twice;
                assert_int_equal(hcb__rounds_plan(&twice, order, starts, &ctx->mem, &hcb__travel_defaults, stops, n,
                                                  hcb__tour_defaults.round),
                                 HCB_OK);
                sum += twice;
            }
            double simulated = 7 * (double)sum / (2 * DRAWS);
            hcb__tour_unit unit = {.area_m2 = sides[s] * sides[s], .visits = {7000 * counts[c]}, .rural = false};
            hcb__tour_sum part = of(&unit, 1000);
            hcb__tour_estimate e = estimate(&part);
            double off = ((double)e.seconds - simulated) / (double)e.error_seconds;
            print_message("  %5.1f km, %3d visits: %6.0f s simulated, %6.0f estimated, %+.1f errors\n", sides[s] / 1000,
                          counts[c], simulated / 7, (double)e.seconds / 7, off);
            outside += fabs(off) > 1;
            worst = fmax(worst, fabs(off));
            cases++;
        }
    assert_true(outside <= cases / 3 && worst < 2.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tour__worked_by_hand),
        cmocka_unit_test(test_tour__the_way_from_village_to_village),
        cmocka_unit_test(test_tour__nothing_to_do_is_no_travel),
        cmocka_unit_test(test_tour__joining_and_leaving_is_exact),
        cmocka_unit_test(test_tour__a_denser_zone_travels_less_a_visit),
        CONTEXT_TEST(test_tour__within_its_error_of_simulated_rounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
