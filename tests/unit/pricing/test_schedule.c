/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pricing/pricing.h"
#include "workbench.h"

/* Two zones without a map. */
typedef struct two_zones {
    hcb__zone zone[2];
    hcb__zone_set set;
} two_zones;

static void two_zones_init(two_zones *z, const hcb_allocator *mem) {
    *z = (two_zones){.zone = {{.id = "01"}, {.id = "02"}}};
    z->set.n_zones = 2;
    z->set.zones = z->zone;
    hcb__idmap_init(&z->set.zone_of_id, mem);
    assert_true(hcb__idmap_put(&z->set.zone_of_id, "01", 0));
    assert_true(hcb__idmap_put(&z->set.zone_of_id, "02", 1));
}

static int32_t day(const char *text) {
    int32_t days;
    assert_true(hcb__parse_date(text, strlen(text), &days));
    return days;
}

static hcb__schedule *load(workbench *bench, const char *text, const char *as_of) {
    two_zones z;
    two_zones_init(&z, hcb__default_allocator());
    hcb__schedule *schedule;
    const char *path = workbench_file(bench, "prices.csv", text, strlen(text));
    assert_int_equal(hcb__schedule_load(&schedule, bench->ctx, path, "prices.csv", NULL, 0, &z.set, day(as_of)),
                     HCB_OK);
    hcb__idmap_free(&z.set.zone_of_id);
    return schedule;
}

static const char several[] = "band,price_per_hour,effective_from,zone_id\n"
                              "urban,19.95,2020-04-01,\n"
                              "urban,18.75,2019-04-01,\n"
                              "urban,17,,\n"
                              "urban,21.50,2019-01-01,02\n"
                              "urban,30.00,2021-04-01,02\n"
                              "rural,22.95,2020-04-01,\n";

static void test_schedule__the_newest_in_force_stands(void **state) {
    static const struct {
        const char *as_of;
        int64_t urban_01, urban_02, rural_01;
    } cases[] = {
        {"2018-12-31", 1700, 1700, -1},   {"2019-01-01", 1700, 2150, -1},   {"2019-04-01", 1875, 2150, -1},
        {"2020-03-31", 1875, 2150, -1},   {"2020-04-01", 1995, 2150, 2295}, {"2021-03-31", 1995, 2150, 2295},
        {"2021-04-01", 1995, 3000, 2295},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hcb__schedule *s = load(*state, several, cases[i].as_of);
        assert_int_equal(hcb__schedule_price(s, 0, HCB__URBAN), cases[i].urban_01);
        assert_int_equal(hcb__schedule_price(s, 1, HCB__URBAN), cases[i].urban_02);
        assert_int_equal(hcb__schedule_price(s, 0, HCB__RURAL), cases[i].rural_01);
        assert_int_equal(hcb__schedule_price(s, 1, HCB__RURAL), cases[i].rural_01);
        assert_int_equal(hcb__schedule_price(s, 0, HCB__ISOLATED), -1);
        hcb__schedule_free(s);
    }
    workbench *bench = *state;
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);
}

static void test_schedule__lists_every_problem(void **state) {
    workbench *bench = *state;
    hcb__schedule *s = load(bench,
                            "band,price_per_hour,effective_from,zone_id\n"
                            "suburban,19.95,,\n"
                            "urban,19.955,,\n"
                            "urban,-1,,\n"
                            "urban,1e308,,\n"
                            "urban,NaN,,\n"
                            "urban,,,\n"
                            ",18,,\n"
                            "urban,18,2020-02-30,\n"
                            "urban,18,,99\n"
                            "urban,18,,\n"
                            "urban,18,,\n",
                            "2020-12-01");
    static const struct {
        long line, column;
        const char *words;
    } expected[] = {
        {2, 1, "\"suburban\" is not one of urban, fringe, rural, isolated"},
        {3, 7, "\"19.955\""},
        {4, 7, "\"-1\""},
        {5, 7, "\"1e308\""},
        {6, 7, "\"NaN\""},
        {7, 7, "no price"},
        {8, 1, "no band"},
        {9, 10, "\"2020-02-30\""},
        {10, 11, "\"99\" is not a zone"},
        {12, 1, "in line 11 already"},
    };
    size_t n = sizeof expected / sizeof *expected;
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), n);
    for (size_t i = 0; i < n; i++)
        expect_problem(bench, i, expected[i].line, expected[i].column, expected[i].words);
    hcb__schedule_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_schedule__the_newest_in_force_stands, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_schedule__lists_every_problem, workbench_open, workbench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
