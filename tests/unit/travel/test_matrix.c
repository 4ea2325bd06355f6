/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "travel/travel.h"
#include "workbench.h"

static hcb__matrix *load(workbench *bench, const char *name, const char *text) {
    hcb__matrix *m;
    const char *path = workbench_file(bench, name, text, strlen(text));
    assert_int_equal(hcb__matrix_load(&m, bench->ctx, path, name), HCB_OK);
    assert_non_null(m);
    return m;
}

static int64_t seconds(const hcb__matrix *m, const char *from, const char *to) {
    return hcb__matrix_at(m, hcb__matrix_number(m, from), hcb__matrix_number(m, to));
}

static void test_matrix__csv_cells(void **state) {
    hcb__matrix *m = load(*state, "m.csv",
                          "destination,origin,seconds\n"
                          "K1,P1,100\nK2,P1,200.5\nK1,P2,\nK2,P2,7.49\n");
    assert_int_equal(seconds(m, "P1", "K1"), 100);
    assert_int_equal(seconds(m, "P1", "K2"), 201);
    assert_int_equal(seconds(m, "P2", "K2"), 7);
    assert_int_equal(seconds(m, "P2", "K1"), -1);
    assert_int_equal(seconds(m, "K1", "P1"), -1);
    assert_int_equal(seconds(m, "P9", "K1"), -1);
    workbench *bench = *state;
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 1);
    expect_problem(bench, 0, 0, 0, "1 of 4 cells have no time");
    hcb__matrix_free(m);
}

static void test_matrix__json_is_the_same_table(void **state) {
    hcb__matrix *m = load(*state, "m.json",
                          "{\"code\":\"Ok\",\"origins\":[\"P1\",\"P2\"],\"destinations\":[\"K1\",\"K2\"],"
                          "\"durations\":[[100,200.5],[null,7.49]]}");
    assert_int_equal(seconds(m, "P1", "K1"), 100);
    assert_int_equal(seconds(m, "P1", "K2"), 201);
    assert_int_equal(seconds(m, "P2", "K2"), 7);
    assert_int_equal(seconds(m, "P2", "K1"), -1);
    hcb__matrix_free(m);
}

static void test_matrix__oddities_are_counted_with_the_first_place(void **state) {
    workbench *bench = *state;
    hcb__matrix *m = load(bench, "m.csv",
                          "origin,destination,seconds\n"
                          "B,A,50\nA,B,60\nA,C,0\nC,A,5\nB,C,0\nC,B,0\nA,A,0\nB,B,0\nC,C,0\n");
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 2);
    expect_problem(bench, 0, 3, 1, "2 pairs take another time there than back; the first: \"A\" and \"B\"");
    expect_problem(bench, 1, 4, 1, "3 cells between different places are 0; the first: \"A\" to \"C\"");
    hcb__matrix_free(m);
}

static void test_matrix__wrong_cells_are_all_listed(void **state) {
    workbench *bench = *state;
    hcb__matrix *m = load(bench, "m.csv",
                          "origin,destination,seconds\n"
                          "P1,K1,-1\nP1,K2,nan\n,K1,5\nP1,K3,5\nP1,K3,6\n");
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 4);
    expect_problem(bench, 0, 2, 7, "\"-1\"");
    expect_problem(bench, 1, 3, 7, "\"nan\"");
    expect_problem(bench, 2, 4, 1, "no id");
    expect_problem(bench, 3, 6, 1, "the time from \"P1\" to \"K3\" is given twice");
    hcb__matrix_free(m);
}

static void test_matrix__wrong_json_is_located_by_pointer(void **state) {
    workbench *bench = *state;
    hcb__matrix *m = load(bench, "m.json",
                          "{\"origins\":[\"P1\",7],\"destinations\":[\"K1\",\"K2\"],"
                          "\"durations\":[[100,\"x\"],[1]]}");
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 3);
    assert_string_equal(hcb_context_diagnostic_at(bench->ctx, 0)->pointer, "/origins/1");
    assert_string_equal(hcb_context_diagnostic_at(bench->ctx, 1)->pointer, "/durations/0/1");
    assert_string_equal(hcb_context_diagnostic_at(bench->ctx, 2)->pointer, "/durations/1");
    hcb__matrix_free(m);
}

static void test_matrix__out_of_memory_is_a_status(void **state) {
    workbench *bench = *state;
    char path[512];
    const char *text = "origin,destination,seconds\nA,B,1\nB,A,2\nA,C,3\n";
    snprintf(path, sizeof path, "%s", workbench_file(bench, "m.csv", text, strlen(text)));
    for (long n = 1;; n++) {
        bench->memory.asked = 0;
        bench->memory.fail_at = n;
        hcb__matrix *m;
        hcb_status status = hcb__matrix_load(&m, bench->ctx, path, "m.csv");
        bench->memory.fail_at = 0;
        hcb__matrix_free(m);
        if (status == HCB_OK)
            break;
        assert_int_equal(status, HCB_ENOMEM);
        assert_true(n < 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_matrix__csv_cells, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_matrix__json_is_the_same_table, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_matrix__oddities_are_counted_with_the_first_place, workbench_open,
                                        workbench_close),
        cmocka_unit_test_setup_teardown(test_matrix__wrong_cells_are_all_listed, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_matrix__wrong_json_is_located_by_pointer, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_matrix__out_of_memory_is_a_status, workbench_open, workbench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
