/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arith.h"

static void test_arith__sums_and_products_are_checked(void **state) {
    (void)state;
    int64_t out = 7;
    assert_true(hcb__add(INT64_MAX - 1, 1, &out) && out == INT64_MAX);
    assert_false(hcb__add(INT64_MAX, 1, &out));
    assert_false(hcb__add(INT64_MIN, -1, &out));
    assert_true(out == INT64_MAX);
    assert_true(hcb__mul(-3, 5, &out) && out == -15);
    assert_false(hcb__mul(INT64_MIN, -1, &out));
    assert_false(hcb__mul(INT64_C(4000000000), INT64_C(4000000000), &out));
    assert_true(out == -15);
}

static void test_arith__division_rounds_down_or_half_up(void **state) {
    (void)state;
    static const struct {
        int64_t a, b, down, near;
    } cases[] = {{7, 2, 3, 4},    {-7, 2, -4, -3}, {6, 3, 2, 2},    {-6, 3, -2, -2},  {5, 10, 0, 1},
                 {-5, 10, -1, 0}, {4, 10, 0, 0},   {-4, 10, -1, 0}, {-6, 10, -1, -1}, {0, 7, 0, 0},
                 {1, 3, 0, 0},    {2, 3, 0, 1},    {-1, 3, -1, 0},  {-2, 3, -1, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(hcb__floor_div(cases[i].a, cases[i].b), cases[i].down);
        assert_int_equal(hcb__round_div(cases[i].a, cases[i].b), cases[i].near);
    }
}

static void test_arith__doubles_round_half_up(void **state) {
    (void)state;
    assert_int_equal(hcb__round_half_up(2.5), 3);
    assert_int_equal(hcb__round_half_up(-2.5), -2);
    assert_int_equal(hcb__round_half_up(-2.51), -3);
    assert_int_equal(hcb__round_half_up(0.49999999999999994), 0);                        /* adding 0.5 to it gives 1 */
    assert_int_equal(hcb__round_half_up(4503599627370497.0), INT64_C(4503599627370497)); /* 2^52 + 1 */
    assert_int_equal(hcb__round_half_up(-0.5), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arith__sums_and_products_are_checked),
        cmocka_unit_test(test_arith__division_rounds_down_or_half_up),
        cmocka_unit_test(test_arith__doubles_round_half_up),
    };
    return cmocka_run_group_tests_name("base.arith", tests, NULL, NULL);
}
