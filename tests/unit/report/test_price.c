/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three price commands as a caller has them, on a workspace small enough to work out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hcbroker/price.h"
#include "workbench.h"

static const struct {
    const char *name, *text;
} files[] = {
    {"hcbroker.yaml", "version: 1\nname: One zone\nas_of: 2020-12-01\nsynthetic: true\nzones: zones.geojson\n"
                      "prices: prices.csv\nproviders: providers.csv\ncoverage: coverage.csv\npackages: packages.csv\n"
                      "placements: placements.csv\npolicy: policy.yaml\ntravel: {model: crow, origin: office}\n"},
    {"zones.geojson", "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"properties\": "
                      "{\"zone_id\": \"01\", \"name\": \"West\", \"class\": \"large\", \"prime\": true}, \"geometry\": "
                      "{\"type\": \"Polygon\", \"coordinates\": [[[-1.3, 52.5], [-1.1, 52.5], [-1.1, 52.7], "
                      "[-1.3, 52.7], [-1.3, 52.5]]]}}]}\n"},
    {"prices.csv", "band,price_per_hour\nurban,18.75\nfringe,19.95\nrural,22.95\nisolated,26.15\n"},
    {"providers.csv", "provider_id,easting,northing,capacity_hours\nP1,450000,300000,100\nP2,450000,300000,100\n"},
    {"coverage.csv", "provider_id,zone_id,tier,price_urban\nP1,01,prime,\nP2,01,prime,20.00\n"},
    {"packages.csv", "package_id,easting,northing,weekly_hours,visits_per_week,carers,zone_id,band\n"
                     "Q1,452000,300000,7,14,2,01,urban\n"},
    {"placements.csv", "package_id,provider_id,easting,northing,weekly_hours,visits_per_week,zone_id,band\n"
                       "K1,P1,452000,300000,7,14,01,urban\nK2,P2,452000,300000,7,14,01,isolated\n"},
    {"policy.yaml", "version: 1\nmodel: prime_supplementary\npayment: {step: 15, direction: down}\n"},
    {"visits.csv", "visit_id,package_id,date,planned_minutes,actual_minutes\n"
                   "v1,K1,2020-12-01,30,44\nv2,K2,2020-12-01,30,46\n"},
    {"allocations.csv", "package_id,provider_id\nQ1,P1\n"},
    {"waiting.csv", "package_id\nK2\n"},
};

static void write_workspace(workbench *bench) {
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        workbench_file(bench, files[i].name, files[i].text, strlen(files[i].text));
}

static hcb_text *bands(workbench *bench, const char *plan, int32_t format) {
    hcb_price_bands_options o = HCB_PRICE_BANDS_OPTIONS_INIT;
    o.plan = plan;
    o.offers = 1;
    hcb_text *text = NULL;
    if (hcb_price_bands(&text, bench->ctx, bench->dir, &o, format) != HCB_OK) {
        hcb_text_free(text);
        fail_msg("%s", hcb_context_error(bench->ctx)->message);
    }
    return text;
}

static void expect_text(hcb_text *text, const char *expected) {
    if (strcmp(hcb_text_data(text), expected) != 0) {
        print_error("%s", hcb_text_data(text));
        hcb_text_free(text);
        fail();
    }
    hcb_text_free(text);
}

#define HEADER                                                                                                         \
    "provider_id,zone_id,packages,carer_minutes,travel_minutes,minutes_needed,minutes_paid,margin_pence,"              \
    "below_break_even,packages_below,packages_without_price\n"

/* Two kilometres are 2 + 1.8 x 2 = 5.6 minutes (336 s), 6.6 in the band isolated. 14 visits of 30 minutes: 78.4 minutes
 * of travel for 7 hours, 11.2 an hour (60 / 30 x 5.6). At 18.75: 7 x 337.5 - 78.4 x 38.125 = -626.5 pence.
 * At 26.15: 92.4 minutes, 7 x 1077.5 - 92.4 x 38.125 = 4019.75. */
static void test_price__bands_of_todays_placements(void **state) {
    workbench *bench = *state;
    write_workspace(bench);
    expect_text(bands(bench, NULL, HCB_FORMAT_CSV), HEADER "P1,01,1,420,78,11.20,8.85,-627,yes,1,0\n"
                                                           "P2,01,1,420,92,13.20,28.26,4019,no,0,0\n");
}

/* The plan adds a package of two carers to P1, which is twice K1's loss, and K2 waits. */
static void test_price__bands_of_a_plan(void **state) {
    workbench *bench = *state;
    write_workspace(bench);
    expect_text(bands(bench, bench->dir, HCB_FORMAT_CSV), HEADER "P1,01,2,1260,235,11.20,8.85,-1880,yes,2,0\n");
    const char bad[] = "package_id,provider_id\nQ1,P9\nQ9,P1\n";
    workbench_file(bench, "allocations.csv", bad, strlen(bad));
    hcb_price_bands_options o = HCB_PRICE_BANDS_OPTIONS_INIT;
    o.plan = bench->dir;
    hcb_text *text = NULL;
    assert_int_equal(hcb_price_bands(&text, bench->ctx, bench->dir, &o, HCB_FORMAT_TEXT), HCB_EDATA);
    assert_null(text);
    expect_problem(bench, 0, 2, 4, "\"P9\" is not a provider");
    expect_problem(bench, 1, 3, 1, "\"Q9\" is not a package");
}

static void test_price__bands_before_there_are_providers(void **state) {
    workbench *bench = *state;
    write_workspace(bench);
    unlink(workbench_path(bench, "providers.csv"));
    hcb_text *text = NULL;
    assert_int_equal(hcb_price_bands(&text, bench->ctx, bench->dir, NULL, HCB_FORMAT_CSV), HCB_OK);
    expect_text(text, "band,price_pence_per_hour,over_urban_pence,minutes_over_urban,minutes_paid,zones\n"
                      "urban,1875,0,0.00,8.85,01\n"
                      "fringe,1995,120,3.15,12.00,01\n"
                      "rural,2295,420,11.02,19.87,01\n"
                      "isolated,2615,740,19.41,28.26,01\n");
}

static void test_price__options_out_of_range_are_named(void **state) {
    workbench *bench = *state;
    hcb_price_bands_options o = HCB_PRICE_BANDS_OPTIONS_INIT;
    hcb_text *text = NULL;
    o.wage_pence = 0;
    assert_int_equal(hcb_price_bands(&text, bench->ctx, bench->dir, &o, HCB_FORMAT_CSV), HCB_EINVAL);
    assert_non_null(strstr(hcb_context_error(bench->ctx)->message, "wage_pence is 0"));
    hcb_price_visits_options v = HCB_PRICE_VISITS_OPTIONS_INIT;
    v.step = 0;
    assert_int_equal(hcb_price_visits(&text, bench->ctx, "none.csv", &v, HCB_FORMAT_CSV), HCB_EINVAL);
    assert_non_null(strstr(hcb_context_error(bench->ctx)->message, "step is 0"));
    v.struct_size--;
    assert_int_equal(hcb_price_visits(&text, bench->ctx, "none.csv", &v, HCB_FORMAT_CSV), HCB_EVERSION);
}

/* The workspace's rule: 44 minutes pay 30, 46 pay 45; at 18.75 and 26.15 that is 9.375 and 19.6125. */
static void test_price__visits_by_the_rule_and_prices_of_a_workspace(void **state) {
    workbench *bench = *state;
    write_workspace(bench);
    hcb_price_visits_options o = HCB_PRICE_VISITS_OPTIONS_INIT;
    o.folder = bench->dir;
    hcb_text *text = NULL;
    const char *path = workbench_path(bench, "visits.csv");
    assert_int_equal(hcb_price_visits(&text, bench->ctx, path, &o, HCB_FORMAT_CSV), HCB_OK);
    const char header[] = "visit_id,package_id,provider_id,date,carers,planned_minutes,actual_minutes,"
                          "actual_minutes_2,payable_minutes,price_pence_per_hour,payable_pence,schedule_minutes,"
                          "schedule_pence\n";
    char expected[1024];
    snprintf(expected, sizeof expected, "%s%s", header,
             "v1,K1,,2020-12-01,1,30,44,,30,1875,938,30,938\nv2,K2,,2020-12-01,1,30,46,,45,2615,1961,30,1308\n");
    expect_text(text, expected);
    /* an option wins over the policy, a price over the workspace's */
    o.step = 5;
    o.direction = HCB_ROUND_NEAREST;
    o.price_pence = 1200;
    assert_int_equal(hcb_price_visits(&text, bench->ctx, path, &o, HCB_FORMAT_CSV), HCB_OK);
    snprintf(expected, sizeof expected, "%s%s", header,
             "v1,K1,,2020-12-01,1,30,44,,45,1200,900,30,600\nv2,K2,,2020-12-01,1,30,46,,45,1200,900,30,600\n");
    expect_text(text, expected);
    /* without a workspace: the nearest five, no prices */
    assert_int_equal(hcb_price_visits(&text, bench->ctx, path, NULL, HCB_FORMAT_CSV), HCB_OK);
    snprintf(expected, sizeof expected, "%s%s", header,
             "v1,K1,,2020-12-01,1,30,44,,45,,,30,\nv2,K2,,2020-12-01,1,30,46,,45,,,30,\n");
    expect_text(text, expected);
}

static void test_price__build_up_says_where_the_source_differs(void **state) {
    workbench *bench = *state;
    hcb_text *text = NULL;
    assert_int_equal(hcb_price_build_up(&text, bench->ctx, NULL, NULL, "2014", HCB_FORMAT_CSV), HCB_OK);
    const char *total = strstr(hcb_text_data(text), "2014,total,1520,the source prints 15.19");
    hcb_text_free(text);
    assert_non_null(total);
    assert_int_equal(hcb_price_build_up(&text, bench->ctx, NULL, NULL, "2020/21", HCB_FORMAT_CSV), HCB_OK);
    total = strstr(hcb_text_data(text), "2020-21,total,2069,\n");
    hcb_text_free(text);
    assert_non_null(total);
    assert_int_equal(hcb_price_build_up(&text, bench->ctx, NULL, NULL, "1999", HCB_FORMAT_CSV), HCB_EINVAL);
    assert_null(text);
}

typedef hcb_status (*call)(hcb_text **text, workbench *bench, const char *path);

static hcb_status call_build_up(hcb_text **text, workbench *bench, const char *path) {
    (void)path;
    return hcb_price_build_up(text, bench->ctx, NULL, NULL, NULL, HCB_FORMAT_JSON);
}

static hcb_status call_bands(hcb_text **text, workbench *bench, const char *path) {
    (void)path;
    return hcb_price_bands(text, bench->ctx, bench->dir, NULL, HCB_FORMAT_TEXT);
}

static hcb_status call_visits(hcb_text **text, workbench *bench, const char *path) {
    hcb_price_visits_options o = HCB_PRICE_VISITS_OPTIONS_INIT;
    o.folder = bench->dir;
    return hcb_price_visits(text, bench->ctx, path, &o, HCB_FORMAT_TEXT);
}

static void test_price__out_of_memory_is_a_status(void **state) {
    static const call calls[] = {call_build_up, call_bands, call_visits};
    workbench *bench = *state;
    write_workspace(bench);
    char path[512];
    snprintf(path, sizeof path, "%s", workbench_path(bench, "visits.csv"));
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        hcb_status status = HCB_ENOMEM;
        for (long n = 1; status != HCB_OK; n++) {
            hcb_text *text = NULL;
            bench->memory.asked = 0;
            bench->memory.fail_at = n;
            status = calls[i](&text, bench, path);
            bench->memory.fail_at = 0;
            bool given = text;
            hcb_text_free(text);
            if (status != HCB_OK && status != HCB_ENOMEM)
                fail_msg("call %zu, allocation %ld: %s", i, n, hcb_context_error(bench->ctx)->message);
            assert_int_equal(given, status == HCB_OK);
            assert_true(n < 20000);
        }
    }
}

#define PRICE_TEST(f) cmocka_unit_test_setup_teardown(f, workbench_open, workbench_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        PRICE_TEST(test_price__bands_of_todays_placements),
        PRICE_TEST(test_price__bands_of_a_plan),
        PRICE_TEST(test_price__bands_before_there_are_providers),
        PRICE_TEST(test_price__options_out_of_range_are_named),
        PRICE_TEST(test_price__visits_by_the_rule_and_prices_of_a_workspace),
        PRICE_TEST(test_price__build_up_says_where_the_source_differs),
        PRICE_TEST(test_price__out_of_memory_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
