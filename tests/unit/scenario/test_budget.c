/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/run.h"

/* By hand: 700 pence a week are 36,500 a year. Growth of 2 % is 730; inflation of 3 % on 37,230 is 1,116.9, hence
 * 1,117; savings of 10.00 pounds leave 37,347. The next year begins there: 746.94 and 1,142.8, hence 747 and 1,143. */
static void test_budget__lines_by_hand(void **state) {
    (void)state;
    const hcb__budget_plan plan = {
        .years = 2, .growth = {200, 200}, .inflation = {300, 300}, .savings = {1000, 0}, .first = ""};
    hcb__budget_year years[2];
    assert_true(hcb__budget_project(years, &plan, 700));
    const hcb__budget_year first = {36500, 730, 1117, -1000, 37347}, second = {37347, 747, 1143, 0, 39237};
    assert_memory_equal(&years[0], &first, sizeof first);
    assert_memory_equal(&years[1], &second, sizeof second);
}

static void test_budget__each_year_is_the_sum_of_its_lines(void **state) {
    (void)state;
    const hcb__budget_plan plan = {.years = 4,
                                   .growth = {215, -40, 0, 999},
                                   .inflation = {0, 333, -77, 1},
                                   .savings = {12345, -999, 1, 7},
                                   .first = ""};
    for (int64_t week = 1; week < 100000000; week = week * 3 + 11) {
        hcb__budget_year y[4];
        assert_true(hcb__budget_project(y, &plan, week));
        for (int i = 0; i < 4; i++) {
            assert_int_equal(y[i].total, y[i].care + y[i].growth + y[i].inflation + y[i].savings);
            assert_int_equal(y[i].care, i ? y[i - 1].total : (2 * week * 365 + 7) / 14);
        }
    }
}

static void test_budget__says_when_it_passes_64_bits(void **state) {
    (void)state;
    const hcb__budget_plan plan = {.years = 1, .growth = {100000}, .first = ""};
    hcb__budget_year year;
    assert_false(hcb__budget_project(&year, &plan, INT64_MAX / 365 + 1));
    assert_false(hcb__budget_project(&year, &plan, INT64_MAX / 365));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_budget__lines_by_hand),
        cmocka_unit_test(test_budget__each_year_is_the_sum_of_its_lines),
        cmocka_unit_test(test_budget__says_when_it_passes_64_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
