/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/csv_table.h"
#include "workbench.h"

static hcb__csv_table *opened(workbench *bench, const char *text) {
    hcb__csv_table *table;
    const char *path = workbench_file(bench, "t.csv", text, strlen(text));
    assert_int_equal(hcb__csv_table_read(&table, bench->ctx, path, "t.csv"), HCB_OK);
    return table;
}

static void expect_text(workbench *bench, const hcb__csv_table *table, const char *expected) {
    hcb__text text;
    hcb__text_init(&text, &bench->memory.mem);
    hcb__csv_table_write(table, &text);
    assert_false(text.failed || table->failed);
    assert_string_equal(text.at, expected);
    hcb__text_free(&text);
}

static void test_csv_table__keeps_what_it_does_not_know(void **state) {
    hcb__csv_table *table =
        opened(*state, "\xef\xbb\xbfid,note,,x\r\nb,\"a, \"\"b\"\"\",1,\r\na,\"two\nlines\",,y\r\n");
    expect_text(*state, table, "id,note,,x\nb,\"a, \"\"b\"\"\",1,\na,\"two\nlines\",,y\n");
    assert_int_equal(hcb_context_diagnostic_count(((workbench *)*state)->ctx), 0);
    hcb__csv_table_free(table);
}

static void test_csv_table__sorts_by_bytes_and_keeps_the_order_of_equals(void **state) {
    hcb__csv_table *table = opened(*state, "n,id\n1,b\n2,B\n3,b\n4,a\n5,ab\n");
    hcb__csv_table_sort(table, 1);
    expect_text(*state, table, "n,id\n2,B\n4,a\n5,ab\n1,b\n3,b\n");
    hcb__csv_table_free(table);
}

static void test_csv_table__columns_under_other_names(void **state) {
    static const hcb__csv_rename renames[] = {{"ref", "package_id"}, {"who", "provider_id"}};
    hcb__csv_table *table = opened(*state, "ref,days\nq1,3\n");
    assert_int_equal(hcb__csv_table_column(table, "package_id", renames, 2), 0);
    assert_int_equal(hcb__csv_table_column(table, "provider_id", renames, 2), HCB__NO_COLUMN);
    assert_string_equal(hcb__csv_table_ours(table, 0, renames, 2), "package_id");
    assert_string_equal(hcb__csv_table_ours(table, 1, renames, 2), "days");
    size_t provider = hcb__csv_table_need(table, "provider_id", renames, 2);
    hcb__csv_table_set(table, 0, provider, "P1");
    size_t row = hcb__csv_table_add(table);
    hcb__csv_table_set(table, row, 0, "q2");
    expect_text(*state, table, "ref,days,who\nq1,3,P1\nq2,,\n");
    hcb__csv_table_free(table);
}

static void test_csv_table__drops_rows(void **state) {
    hcb__csv_table *table = opened(*state, "id,x\na,1\nb,2\nc,3\n");
    const bool keep[] = {true, false, true};
    hcb__csv_table_keep(table, keep);
    expect_text(*state, table, "id,x\na,1\nc,3\n");
    assert_string_equal(hcb__csv_table_get(table, 2, 0), "");
    assert_string_equal(hcb__csv_table_get(table, 0, 9), "");
    hcb__csv_table_free(table);
}

static void test_csv_table__syntax_errors_are_located(void **state) {
    workbench *bench = *state;
    static const char text[] = "id,x\na,1\nb\n";
    hcb__csv_table *table;
    const char *path = workbench_file(bench, "t.csv", text, sizeof text - 1);
    assert_int_equal(hcb__csv_table_read(&table, bench->ctx, path, "t.csv"), HCB_EPARSE);
    assert_null(table);
    expect_problem(bench, 0, 3, 1, "1 cell in this row");
}

static void test_csv_table__survives_every_failed_allocation(void **state) {
    workbench *bench = *state;
    static const char text[] = "id,x\nb,1\na,2\n";
    const char *path = workbench_file(bench, "t.csv", text, sizeof text - 1);
    for (long n = 1;; n++) {
        hcb__csv_table *table = NULL;
        hcb__text out;
        long alive = bench->memory.alive;
        bench->memory.asked = 0;
        bench->memory.fail_at = n;
        hcb__text_init(&out, &bench->memory.mem);
        hcb_status status = hcb__csv_table_read(&table, bench->ctx, path, "t.csv");
        if (status == HCB_OK) {
            hcb__csv_table_set(table, hcb__csv_table_add(table), hcb__csv_table_need(table, "y", NULL, 0), "3");
            hcb__csv_table_sort(table, 0);
            hcb__csv_table_write(table, &out);
        }
        bool done = status == HCB_OK && !table->failed && !out.failed;
        if (done)
            assert_string_equal(out.at, "id,x,y\n,,3\na,2,\nb,1,\n");
        bench->memory.fail_at = 0;
        hcb__csv_table_free(table);
        hcb__text_free(&out);
        assert_int_equal(hcb__begin(bench->ctx), HCB_OK); /* what the context keeps of the error goes */
        assert_int_equal(hcb__end(bench->ctx, HCB_OK), HCB_OK);
        assert_true(bench->memory.alive <= alive + 2); /* its lists of diagnostics stay */
        if (done)
            return;
        assert_true(n < 1000);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, workbench_open, workbench_close)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_csv_table__keeps_what_it_does_not_know), T(test_csv_table__sorts_by_bytes_and_keeps_the_order_of_equals),
        T(test_csv_table__columns_under_other_names),   T(test_csv_table__drops_rows),
        T(test_csv_table__syntax_errors_are_located),   T(test_csv_table__survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
