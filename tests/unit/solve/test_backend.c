/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The LP/MIP back ends: a hand-worked LP and MIP, and what they must survive. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "solve/backend.h"

/* min -3a - 2b, a + b <= 4, a + 3b <= 7, a <= 3: a = 3, b = 1, value -11; duals -2, 0 (a's limit prices the rest). */
static void open_small(hcb__model *m, const hcb__backend *backend) {
    static const double lower[] = {-INFINITY, -INFINITY}, upper[] = {4, 7};
    static const double cost[] = {-3, -2}, zero[] = {0, 0}, most[] = {3, INFINITY}, value[] = {1, 1, 1, 3};
    static const int32_t start[] = {0, 2, 4}, row[] = {0, 1, 0, 1};
    hcb__columns c = {2, cost, zero, most, start, row, value};
    assert_int_equal(hcb__model_open(m, backend, hcb__default_allocator(), 2, lower, upper), HCB_OK);
    assert_int_equal(hcb__model_add(m, &c), HCB_OK);
}

static void test_backend__solves_a_small_lp_and_goes_on(void **state) {
    (void)state;
    for (int32_t k = 0; hcb__backends()[k]; k++) {
        hcb__model m = {0};
        hcb__budget budget = {{0}, 0, 0, NULL};
        double dual[2], x[3];
        int32_t outcome;
        open_small(&m, hcb__backends()[k]);
        assert_int_equal(hcb__model_solve(&m, &budget, &outcome, dual, x), HCB_OK);
        assert_int_equal(outcome, HCB__LP_OPTIMAL);
        assert_true(fabs(x[0] - 3) < 1e-7 && fabs(x[1] - 1) < 1e-7);
        assert_true(fabs(dual[0] + 2) < 1e-7 && fabs(dual[1]) < 1e-7);
        /* A column of cost -5 that uses one unit of row 0 takes all that is left after it: x = (0, 0, 4). */
        static const double cost[] = {-5}, zero[] = {0}, most[] = {INFINITY}, value[] = {1};
        static const int32_t start[] = {0, 1}, row[] = {0};
        hcb__columns c = {1, cost, zero, most, start, row, value};
        assert_int_equal(hcb__model_add(&m, &c), HCB_OK);
        assert_int_equal(hcb__model_solve(&m, &budget, &outcome, dual, x), HCB_OK);
        assert_true(fabs(x[2] - 4) < 1e-7);
        assert_int_equal(hcb__model_set_upper(&m, 2, 0), HCB_OK);
        assert_int_equal(hcb__model_solve(&m, &budget, &outcome, dual, x), HCB_OK);
        assert_true(fabs(x[2]) < 1e-9 && fabs(x[0] - 3) < 1e-7);
        /* 2 <= 2a - b, b <= 1/2, with the third column barred: a = 3, b = 1/2, value -10. */
        static const double at_least[] = {2, -INFINITY}, at_most[] = {INFINITY, 0.5}, of_row[] = {2, -1, 1};
        static const int32_t row_start[] = {0, 2, 3}, column[] = {0, 1, 1}, wrong[] = {1, 0, 1};
        hcb__rows rows = {2, at_least, at_most, row_start, column, of_row};
        double more[4];
        int64_t before = hcb__model_pivots(&m);
        assert_int_equal(hcb__model_add_rows(&m, &rows), HCB_OK);
        assert_int_equal(hcb__model_solve(&m, &budget, &outcome, more, x), HCB_OK);
        assert_int_equal(outcome, HCB__LP_OPTIMAL);
        assert_true(fabs(x[0] - 3) < 1e-7 && fabs(x[1] - 0.5) < 1e-7 && fabs(more[3] + 2) < 1e-7);
        if (hcb__backends()[k] == &hcb__backend_glpk) /* CLP's presolve may leave no step to take */
            assert_true(before > 0 && hcb__model_pivots(&m) > before);
        /* Rows with room may go; "b <= 1/2", which holds the answer, may stay: without it b = 4. */
        bool drop[] = {true, true, false, true};
        assert_int_equal(hcb__model_drop_rows(&m, drop), HCB_OK);
        assert_true(drop[0] && drop[1] && !drop[2] && m.n_rows == (drop[3] ? 1 : 2));
        assert_int_equal(hcb__model_solve(&m, &budget, &outcome, more, x), HCB_OK);
        assert_true(fabs(x[0] - 3) < 1e-7 && fabs(x[1] - (drop[3] ? 4 : 0.5)) < 1e-7);
        rows.column = wrong;
        assert_int_equal(hcb__model_add_rows(&m, &rows), HCB_ESOLVER);
        hcb__model_close(&m);
    }
}

static void test_backend__finds_whole_numbers(void **state) {
    (void)state;
    for (int32_t k = 0; hcb__backends()[k]; k++) {
        /* max 5a + 4b, 6a + 4b <= 24 - 1: LP a = 23/6; whole: best is a = 3, b = 1 (19) or a = 1, b = 4 (21). */
        static const double lower[] = {-INFINITY}, upper[] = {23}, cost[] = {-5, -4}, zero[] = {0, 0}, most[] = {9, 9};
        static const double value[] = {6, 4};
        static const int32_t start[] = {0, 1, 2}, row[] = {0, 0};
        hcb__columns c = {2, cost, zero, most, start, row, value};
        hcb__model m = {0};
        hcb__budget budget = {{0}, 0, 0, NULL};
        double dual[1], x[2];
        int32_t outcome;
        bool found;
        assert_int_equal(hcb__model_open(&m, hcb__backends()[k], hcb__default_allocator(), 1, lower, upper), HCB_OK);
        assert_int_equal(hcb__model_add(&m, &c), HCB_OK);
        assert_int_equal(hcb__model_solve(&m, &budget, &outcome, dual, x), HCB_OK);
        assert_int_equal(hcb__model_solve_integer(&m, &budget, 1000, 0, &found, x), HCB_OK);
        assert_true(found);
        assert_true(fabs(5 * x[0] + 4 * x[1] - 21) < 1e-6);
        hcb__model_close(&m);
    }
}

static void expect_add_refused(hcb__model *m, double cost, double upper, double value, int32_t row) {
    int32_t start[] = {0, 1};
    double lower = 0;
    hcb__columns c = {1, &cost, &lower, &upper, start, &row, &value};
    assert_int_equal(hcb__model_add(m, &c), HCB_ESOLVER);
}

static void test_backend__refuses_bad_numbers_before_the_solver_sees_them(void **state) {
    (void)state;
    hcb__model m = {0};
    open_small(&m, hcb__backends()[0]);
    expect_add_refused(&m, NAN, 1, 1, 0);
    expect_add_refused(&m, 1e300, 1, 1, 0);
    expect_add_refused(&m, 0, -1, 1, 0);
    expect_add_refused(&m, 0, 1, INFINITY, 0);
    expect_add_refused(&m, 0, 1, 1, 2);
    expect_add_refused(&m, 0, 1, 1, -1);
    static const int32_t start[] = {0, 2}, twice[] = {1, 1};
    static const double one[] = {1, 1};
    hcb__columns c = {1, one, one, one, start, twice, one};
    assert_int_equal(hcb__model_add(&m, &c), HCB_ESOLVER);
    assert_int_equal(hcb__model_set_upper(&m, 5, 1), HCB_ESOLVER);
    hcb__model_close(&m);
}

/* Past the guard: GLPK would end the process; its error hook brings us back, and a new model works. */
static void test_backend__survives_glpk_aborting(void **state) {
    (void)state;
    static const double lower[] = {-INFINITY, -INFINITY}, upper[] = {4, 6}, one[] = {1, 1};
    static const int32_t start[] = {0, 2}, twice[] = {1, 1}, outside[] = {0, 77};
    for (int32_t turn = 0; turn < 2; turn++) {
        hcb__model m = {0};
        hcb__budget budget = {{0}, 0, 0, NULL};
        double dual[2], x[2];
        int32_t outcome;
        m.unchecked = true;
        assert_int_equal(hcb__model_open(&m, &hcb__backend_glpk, hcb__default_allocator(), 2, lower, upper), HCB_OK);
        hcb__columns c = {1, one, one, one, start, turn ? outside : twice, one};
        assert_int_equal(hcb__model_add(&m, &c), HCB_ESOLVER);
        assert_int_equal(hcb__model_solve(&m, &budget, &outcome, dual, x), HCB_ESOLVER);
        hcb__model_close(&m);
    }
    test_backend__solves_a_small_lp_and_goes_on(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_backend__solves_a_small_lp_and_goes_on),
                                       cmocka_unit_test(test_backend__finds_whole_numbers),
                                       cmocka_unit_test(test_backend__refuses_bad_numbers_before_the_solver_sees_them),
                                       cmocka_unit_test(test_backend__survives_glpk_aborting)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
