/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page in memory: every allocation that fails leaves nothing behind; text stays text in both forms. What is in a
 * page of a real plan is tests/cli/report.py, how it works in a browser tests/page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hcbroker/report.h"
#include "workbench.h"

static const char zones[] =
    "{\"kind\": \"zones\", \"name\": \"A & <b>\", \"packages\": 72, \"share\": 0.25, \"zones\": [\n"
    " {\"zone_id\": \"</script>\", \"packages\": 2, \"minutes\": 200, \"by_band\": {\"urban\": 1}},\n"
    " {\"zone_id\": \"B\", \"packages\": 40, \"minutes\": 4000, \"by_band\": {\"urban\": 9}},\n"
    " {\"zone_id\": \"C\", \"packages\": 30, \"minutes\": 3000, \"by_band\": {\"urban\": 8}}]}\n";
static const char map[] =
    "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"properties\": {\"zone_id\": \"B\"},\n"
    "\"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[-1.2, 52.6], [-1.1, 52.6], [-1.1, 52.7], [-1.2, 52.7], "
    "[-1.2, 52.6]]]}}]}\n";
static const char units[] = "unit,from,to\n\"=1,\"\"<i>\",B,C\n";

static int open_folder(void **state) {
    if (workbench_open(state) != 0)
        return -1;
    workbench *bench = *state;
    workbench_file(bench, "zones.json", zones, sizeof zones - 1);
    workbench_file(bench, "zones.geojson", map, sizeof map - 1);
    workbench_file(bench, "units.csv", units, sizeof units - 1);
    return 0;
}

static hcb_text *make(workbench *bench, int32_t plain, int32_t for_public) {
    hcb_report_options o = HCB_REPORT_OPTIONS_INIT;
    hcb_text *page = NULL;
    o.plain = plain;
    o.public_page = for_public;
    assert_int_equal(hcb_report_page(&page, bench->ctx, bench->dir, &o), HCB_OK);
    assert_non_null(page);
    return page;
}

static void test_page__text_is_escaped(void **state) {
    workbench *bench = *state;
    hcb_text *plain = make(bench, 1, 0);
    assert_non_null(strstr(hcb_text_data(plain), "<h1>A &amp; &lt;b&gt;</h1>"));
    assert_non_null(strstr(hcb_text_data(plain), "<td>&lt;/script&gt;</td>"));
    assert_non_null(strstr(hcb_text_data(plain), "<td>=1,&quot;&lt;i&gt;</td>"));
    assert_null(strstr(hcb_text_data(plain), "script>"));
    hcb_text_free(plain);
    if (!hcb_report_has_page())
        return;
    hcb_text *page = make(bench, 0, 0);
    assert_non_null(strstr(hcb_text_data(page), "<title>A &amp; &lt;b&gt;</title>"));
    assert_non_null(strstr(hcb_text_data(page), "\"zone_id\":\"\\u003c/script>\""));
    assert_non_null(strstr(hcb_text_data(page), "=1,\\\"\\u003ci>"));
    hcb_text_free(page);
}

/* 2 of 72: hidden, and 30 with it, or the total would tell. */
static void test_page__small_numbers_are_not_told(void **state) {
    workbench *bench = *state;
    hcb_text *page = make(bench, 1, 1);
    const char *data = hcb_text_data(page);
    assert_non_null(strstr(data, "<td>&lt;/script&gt;</td><td></td><td></td>"));
    assert_non_null(strstr(data, "<td>B</td><td>40</td><td>3000</td>"));
    assert_non_null(strstr(data, "<td>C</td><td></td><td></td>"));
    assert_non_null(strstr(data, "<th scope=\"row\">packages</th><td>70</td>"));
    hcb_text_free(page);
}

static void test_page__every_failed_allocation_is_reported(void **state) {
    workbench *bench = *state;
    for (int form = 0; form < 4; form++) {
        hcb_report_options o = HCB_REPORT_OPTIONS_INIT;
        o.plain = form & 1;
        o.public_page = form >> 1;
        hcb_status status = HCB_ENOMEM;
        for (long n = 1; status != HCB_OK; n++) {
            hcb_text *page = NULL;
            assert_true(n < 5000);
            bench->memory.asked = 0;
            bench->memory.fail_at = n;
            status = hcb_report_page(&page, bench->ctx, bench->dir, &o);
            bench->memory.fail_at = 0;
            assert_true(status == HCB_OK || status == HCB_ENOMEM);
            assert_true((status == HCB_OK) == (page != NULL));
            hcb_text_free(page);
        }
    }
}

static void test_page__what_is_wrong_is_named(void **state) {
    workbench *bench = *state;
    hcb_text *page = NULL;
    assert_int_equal(hcb_report_page(NULL, bench->ctx, bench->dir, NULL), HCB_EINVAL);
    hcb_report_options o = HCB_REPORT_OPTIONS_INIT;
    o.struct_size = 3;
    assert_int_equal(hcb_report_page(&page, bench->ctx, bench->dir, &o), HCB_EVERSION);
    workbench_file(bench, "zones.json", "[1]", 3);
    assert_int_equal(hcb_report_page(&page, bench->ctx, bench->dir, NULL), HCB_EDATA);
    workbench_file(bench, "zones.json", "{\"a\": }", 7);
    assert_int_equal(hcb_report_page(&page, bench->ctx, bench->dir, NULL), HCB_EPARSE);
    expect_problem(bench, 0, 1, 7, "");
    assert_null(page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_page__text_is_escaped, open_folder, workbench_close),
        cmocka_unit_test_setup_teardown(test_page__small_numbers_are_not_told, open_folder, workbench_close),
        cmocka_unit_test_setup_teardown(test_page__every_failed_allocation_is_reported, open_folder, workbench_close),
        cmocka_unit_test_setup_teardown(test_page__what_is_wrong_is_named, open_folder, workbench_close)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
