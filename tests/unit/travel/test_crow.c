/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "travel/travel.h"

/* Minutes by hand, x 60: 2 + 1.8 d up to 4 km, then 9.2 + 0.9 (d - 4). */
static void test_crow__the_default_line(void **state) {
    (void)state;
    static const struct {
        double metres;
        bool rural;
        int64_t seconds;
    } cases[] = {
        {0, false, 120},      {1000, false, 228}, /* 3.8 min */
        {4000, false, 552},                       /* 9.2 min */
        {5000, false, 606},                       /* 10.1 min */
        {20000, false, 1416},                     /* 9.2 + 14.4 = 23.6 min */
        {1000, true, 288},    {0, true, 180},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(hcb__crow_seconds(&hcb__travel_defaults, cases[i].metres, cases[i].rural), cases[i].seconds);
}

static void test_crow__half_a_second_rounds_up(void **state) {
    (void)state;
    hcb__travel_settings s = hcb__travel_defaults;
    /* One minute a km and no base: 125 m are 7.5 seconds, exactly representable. */
    s.base_ms = 0;
    s.near_slope = 1000;
    assert_int_equal(hcb__crow_seconds(&s, 125, false), 8);
    assert_int_equal(hcb__crow_seconds(&s, 124, false), 7);
}

static void test_crow__never_falls_with_distance(void **state) {
    (void)state;
    int64_t last = 0;
    for (int metres = 0; metres < 60000; metres += 7) {
        int64_t seconds = hcb__crow_seconds(&hcb__travel_defaults, metres, false);
        assert_true(seconds >= last);
        assert_int_equal(hcb__crow_seconds(&hcb__travel_defaults, metres, true), seconds + 60);
        last = seconds;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crow__the_default_line),
        cmocka_unit_test(test_crow__half_a_second_rounds_up),
        cmocka_unit_test(test_crow__never_falls_with_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
