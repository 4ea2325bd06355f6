/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pricing/buildup.h"
#include "workbench.h"

static hcb__price_years *load(workbench *bench, const char *text) {
    hcb__price_years *years = NULL;
    const char *path = workbench_file(bench, "price_years.yaml", text, strlen(text));
    assert_int_equal(hcb__price_years_load(&years, bench->ctx, path, "price_years.yaml"), HCB_OK);
    return years;
}

static void expect_lines(const hcb__price_year *year, const int64_t *pence, size_t n) {
    assert_int_equal(year->n_lines, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(year->lines[i].pence, pence[i]);
}

/* The two published build-ups, from the file that ships. */
static void test_buildup__published_ones_to_the_penny(void **state) {
    workbench *bench = *state;
    hcb__price_years *years = NULL;
    assert_int_equal(hcb__price_years_load(&years, bench->ctx, HCB_SOURCE_DIR "/zones/leicestershire/price_years.yaml",
                                           "price_years.yaml"),
                     HCB_OK);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);
    const hcb__price_year *y = hcb__price_years_find(years, "2014");
    assert_non_null(y);
    expect_lines(y, (const int64_t[]){631, 120, 71, 8, 81, 13, 140, 410, 46}, 9);
    assert_int_equal(y->total, 1520);
    assert_int_equal(y->published, 1519);
    assert_int_equal(y->travel_minutes, 1141); /* 1.20 / 6.31 x 60 = 11.41 */
    y = hcb__price_years_find(years, "2020/21");
    assert_non_null(y);
    expect_lines(y, (const int64_t[]){872, 170, 114, 197, 136, 520, 60}, 7);
    assert_int_equal(y->total, 2069);
    assert_int_equal(y->published, 2069);
    assert_int_equal(y->travel_minutes, 1170); /* 1.70 / 8.72 x 60 = 11.697 */
    /* 9.30 + 1.8135 + 25 % of 11.11 (2.7775) + 4.88 x 0.45 (2.196) = 16.09, which is 80 %: 4.0225 */
    y = hcb__price_years_find(years, "living-wage-2020-21");
    assert_non_null(y);
    expect_lines(y, (const int64_t[]){930, 181, 278, 220, 402}, 5);
    assert_int_equal(y->total, 2011);
    hcb__price_years_free(years);
}

/* NI of 9.5 % and a pension of 1 % of gross pay give the published 0.71 and 0.08 of 2014. */
static void test_buildup__percentages_of_each_base(void **state) {
    hcb__price_years *years = load(*state, "version: 1\n"
                                           "years:\n"
                                           "  - year: 2014\n"
                                           "    lines:\n"
                                           "      - {item: surplus, percent: 3, of: price}\n"
                                           "      - {item: employer_ni, percent: 9.5, of: pay}\n"
                                           "      - {item: pension, percent: 1, of: pay}\n"
                                           "      - {item: wage, amount: 6.31}\n"
                                           "      - {item: travel_time, percent: 19.017, of: wage}\n"
                                           "      - {item: mileage, miles: 4, per_mile: 0.3505}\n"
                                           "      - {item: running, percent: 40, of: cost}\n"
                                           "      - {item: [holiday, training, sickness], amount: 0.94}\n");
    const hcb__price_year *y = &years->at[0];
    /* cost: 6.31 + 1.20 + 0.71 + 0.08 + 1.40 + 0.94 = 10.64; running 4.256; 3 % of (10.64 + 4.26) / 0.97 = 0.4608 */
    expect_lines(y, (const int64_t[]){46, 71, 8, 631, 120, 140, 426, 94}, 8);
    assert_int_equal(y->total, 1536);
    hcb__price_years_free(years);
}

static void test_buildup__finds_a_year(void **state) {
    hcb__price_years *years = load(*state, "years:\n"
                                           "  - {year: 2020-21, lines: [{item: wage, amount: 8.72}]}\n"
                                           "  - {year: 2021-22, lines: [{item: wage, amount: 8.91}]}\n"
                                           "  - {year: '2021', lines: [{item: wage, amount: 1}]}\n");
    assert_ptr_equal(hcb__price_years_find(years, "2020"), &years->at[0]);
    assert_ptr_equal(hcb__price_years_find(years, "2020/21"), &years->at[0]);
    assert_ptr_equal(hcb__price_years_find(years, "2021"), &years->at[2]);
    assert_ptr_equal(hcb__price_years_find(years, "2021-22"), &years->at[1]);
    assert_null(hcb__price_years_find(years, "20"));
    assert_null(hcb__price_years_find(years, "2022"));
    assert_null(hcb__price_years_find(years, "2020-21-22"));
    hcb__price_years_free(years);
}

static size_t n_errors(workbench *bench) {
    size_t n = 0;
    for (size_t i = 0; i < hcb_context_diagnostic_count(bench->ctx); i++)
        n += hcb_context_diagnostic_at(bench->ctx, i)->severity == HCB_SEVERITY_ERROR;
    return n;
}

static void test_buildup__lists_every_problem(void **state) {
    workbench *bench = *state;
    hcb__price_years *years = load(bench, "version: 1\n"
                                          "years:\n"
                                          "  - year: a\n"
                                          "    lines:\n"
                                          "      - {item: wage, amount: 8.725}\n"
                                          "      - {item: wages, amount: 1}\n"
                                          "      - {item: pension, amount: 1, percent: 2}\n"
                                          "      - {item: holiday}\n"
                                          "      - {amount: 2}\n"
                                          "      - {item: mileage, miles: 4}\n"
                                          "      - {item: surplus, percent: 3}\n"
                                          "      - {item: surplus, percent: 101, of: price}\n"
                                          "      - {item: surplus, percent: 3, of: turnover}\n"
                                          "      - {item: [wage, travel_time], amount: 3}\n"
                                          "      - {item: travel_time, percent: 3, of: pay}\n"
                                          "      - {item: [pension, pension], amount: 3}\n"
                                          "      - {item: running, amount: -1}\n"
                                          "      - running\n"
                                          "      - {item: running, amount: 1, vat: 2}\n");
    static const struct {
        long line, column;
        const char *words;
    } expected[] = {
        {5, 30, "8.725"},
        {6, 16, "\"wages\""},
        {7, 45, "not two"},
        {8, 9, "none of amount"},
        {9, 9, "item is missing"},
        {10, 32, "per_mile"},
        {11, 34, "belong together"},
        {12, 34, "101"},
        {13, 41, "\"turnover\""},
        {14, 9, "the wage is a line of its own"},
        {15, 9, "travel_time is a line of its own"},
        {16, 26, "twice"},
        {17, 33, "-1"},
        {18, 9, ""},
        {19, 36, "vat"},
    };
    size_t n = sizeof expected / sizeof *expected;
    for (size_t i = 0; i < n; i++)
        expect_problem(bench, i, expected[i].line, expected[i].column, expected[i].words);
    assert_int_equal(n_errors(bench), n);
    hcb__price_years_free(years);
}

static void test_buildup__a_year_as_a_whole(void **state) {
    workbench *bench = *state;
    hcb__price_years *years = load(bench, "years:\n"
                                          "  - {year: a, lines: [{item: pension, amount: 1}]}\n"
                                          "  - {year: a, lines: [{item: wage, amount: 1},\n"
                                          "      {item: surplus, percent: 60, of: price},\n"
                                          "      {item: running, percent: 40, of: price}]}\n"
                                          "  - {lines: [{item: wage, amount: 1}]}\n"
                                          "  - {year: b, lines: []}\n"
                                          "  - {year: c, lines: [{item: wage, amount: 1}, {item: wage, amount: 2}]}\n");
    static const char *const words[] = {"no line for the wage", "in the file already", "come to 100 or more",
                                        "year is missing",      "1 to 32 lines",       "wage has a line already"};
    size_t n = 0;
    for (size_t i = 0; i < hcb_context_diagnostic_count(bench->ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(bench->ctx, i);
        if (d->severity != HCB_SEVERITY_ERROR)
            continue;
        assert_true(n < sizeof words / sizeof *words);
        if (!strstr(d->message, words[n]))
            fail_msg("expected \"%s\", got \"%s\"", words[n], d->message);
        n++;
    }
    assert_int_equal(n, sizeof words / sizeof *words);
    hcb__price_years_free(years);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_buildup__published_ones_to_the_penny, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_buildup__percentages_of_each_base, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_buildup__finds_a_year, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_buildup__lists_every_problem, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_buildup__a_year_as_a_whole, workbench_open, workbench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
