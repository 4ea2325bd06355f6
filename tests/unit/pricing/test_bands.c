/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pricing/bands.h"

/* 9.30 an hour with 25 % on top, 45p a mile at 25 miles an hour: 9.30 x 1.25 / 60 + 0.45 x 25 / 60 = 0.38125 pounds a
 * minute, 22.875 an hour. */
static const hcb__travel_pay council = {.wage = 930, .on_cost = 2500, .per_mile = 4500, .speed = 250};

static void test_bands__a_minute_of_travel_by_hand(void **state) {
    (void)state;
    assert_int_equal(hcb__pay_of_hour(&council), 11625000);
    assert_int_equal(hcb__travel_of_hour(&council), 22875000);
}

/* Steps over urban of 1.20, 4.20 and 7.40: 3.148, 11.016 and 19.410 minutes (about +3, +11 and +19). */
static void test_bands__steps_of_2020_21(void **state) {
    (void)state;
    assert_int_equal(hcb__minutes_paid_by(&council, 1995 - 1875, 100), 315);
    assert_int_equal(hcb__minutes_paid_by(&council, 2295 - 1875, 100), 1102);
    assert_int_equal(hcb__minutes_paid_by(&council, 2615 - 1875, 100), 1941);
    assert_int_equal(hcb__minutes_paid_by(&council, 120, 10), 31); /* not 3.15 rounded again */
    assert_int_equal(hcb__minutes_paid_by(&council, 0, 100), 0);
    assert_int_equal(hcb__minutes_paid_by(&council, -120, 100), -315);
}

/* At 20 and 30 miles an hour the steps are worth 3.5 and 2.9, 12 and 10, 21 and 18 (the published range). */
static void test_bands__steps_at_other_speeds(void **state) {
    (void)state;
    hcb__travel_pay slow = council, fast = council;
    slow.speed = 200;
    fast.speed = 300;
    assert_int_equal(hcb__minutes_paid_by(&slow, 120, 100), 349); /* 12000 / (1162.5 + 900) x 60 / 100 */
    assert_int_equal(hcb__minutes_paid_by(&fast, 120, 100), 287); /* 1162.5 + 1350 */
    assert_int_equal(hcb__minutes_paid_by(&slow, 420, 100), 1222);
    assert_int_equal(hcb__minutes_paid_by(&fast, 420, 100), 1003);
    assert_int_equal(hcb__minutes_paid_by(&slow, 740, 100), 2153);
    assert_int_equal(hcb__minutes_paid_by(&fast, 740, 100), 1767);
}

/* 18.75 less an overhead of 3.75 and 11.625 of pay leaves 3.375, for 8.852 minutes of travel. */
static void test_bands__minutes_carried(void **state) {
    (void)state;
    assert_int_equal(hcb__minutes_carried(&council, 1875, 375, 100), 885);
    assert_int_equal(hcb__minutes_carried(&council, 2615, 375, 100), 2826);
    assert_int_equal(hcb__minutes_carried(&council, 1500, 375, 100), -98); /* 11.25 does not pay for the hour: -0.984 */
}

/* 60 minutes at 18.75 leave 337.5 pence for travel at 38.125 a minute: break-even at 531.147 seconds. */
static void test_bands__margin_changes_sign_at_break_even(void **state) {
    (void)state;
    int64_t margin;
    assert_true(hcb__margin(&council, 1875, 375, 60, 0, &margin));
    assert_int_equal(margin, 3375 * (int64_t)hcb__margin_unit / 10);
    assert_true(hcb__margin(&council, 1875, 375, 60, 531, &margin));
    assert_true(margin > 0);
    assert_true(hcb__margin(&council, 1875, 375, 60, 532, &margin));
    assert_true(margin < 0);
    /* 8 minutes for 60 leave 337.5 - 305 = 32.5 pence */
    assert_true(hcb__margin(&council, 1875, 375, 60, 480, &margin));
    assert_int_equal(margin, 325 * (int64_t)hcb__margin_unit / 10);
    assert_false(hcb__margin(&council, 1875, 375, INT64_MAX / 1000, 0, &margin));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bands__a_minute_of_travel_by_hand),
        cmocka_unit_test(test_bands__steps_of_2020_21),
        cmocka_unit_test(test_bands__steps_at_other_speeds),
        cmocka_unit_test(test_bands__minutes_carried),
        cmocka_unit_test(test_bands__margin_changes_sign_at_break_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
