/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pricing/pricing.h"

static int64_t pence(int64_t minutes, int64_t price) {
    int64_t out = -1;
    assert_true(hcb__weekly_pence(minutes, price, &out));
    return out;
}

static void test_weekly__by_hand(void **state) {
    (void)state;
    assert_int_equal(pence(60, 1875), 1875);
    assert_int_equal(pence(630, 1995), 20948); /* 10.5 h at 19.95 are 209.475 */
    assert_int_equal(pence(0, 1875), 0);
    assert_int_equal(pence(60, 0), 0);
    assert_int_equal(pence(1, 30), 1); /* half a penny */
    assert_int_equal(pence(1, 29), 0);
    assert_int_equal(pence(1, 90), 2);
}

/* Against counting: the smallest n with 60 n + 30 > product. */
static void test_weekly__is_the_nearest_penny_half_up(void **state) {
    (void)state;
    for (int64_t product = 0; product < 2000; product++) {
        int64_t n = 0;
        while (60 * n + 30 <= product)
            n++;
        assert_int_equal(pence(product, 1), n);
    }
}

static void test_weekly__says_when_it_does_not_fit(void **state) {
    (void)state;
    int64_t out = 7;
    assert_false(hcb__weekly_pence(INT64_MAX / 2, 3, &out));
    assert_false(hcb__weekly_pence(INT64_MAX, 1, &out));
    assert_int_equal(out, 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weekly__by_hand),
        cmocka_unit_test(test_weekly__is_the_nearest_penny_half_up),
        cmocka_unit_test(test_weekly__says_when_it_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
