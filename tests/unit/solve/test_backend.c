/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The LP/MIP back ends: a hand-worked LP and MIP, and what they must survive. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/rng.h"
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
        hcb__budget budget = {.work_limit = 0};
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
        if (strcmp(hcb__backends()[k]->name, "CBC") != 0) /* CLP's presolve may leave no step to take */
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

/* An LP of ours beside the one in the back end. */
enum { MOST_ROWS = 60, MOST_COLUMNS = 120 };

typedef struct mirror {
    hcb__model model;
    hcb__rng rng;
    int32_t n_columns;
    double lower[MOST_ROWS], upper[MOST_ROWS], at[MOST_ROWS][MOST_COLUMNS];
    double cost[MOST_COLUMNS], most[MOST_COLUMNS];
} mirror;

static double some(mirror *t, int32_t least, int32_t most) {
    return least + (double)hcb__rng_below(&t->rng, (uint32_t)(most - least + 1));
}

/* Columns of nine tenths zeros; each may be 0, at which all rows hold. */
static void grow_columns(mirror *t, int32_t n) {
    for (int32_t k = 0; k < n && t->n_columns < MOST_COLUMNS; k++) {
        int32_t c = t->n_columns++, start[2] = {0, 0}, row[MOST_ROWS];
        double value[MOST_ROWS], zero = 0;
        t->cost[c] = some(t, -40, 10);
        t->most[c] = some(t, 0, 20);
        for (int32_t r = 0; r < t->model.n_rows; r++) {
            t->at[r][c] = hcb__rng_below(&t->rng, 10) == 0 ? some(t, -5, 30) : 0;
            if (t->at[r][c] != 0) {
                row[start[1]] = r;
                value[start[1]++] = t->at[r][c];
            }
        }
        hcb__columns columns = {1, &t->cost[c], &zero, &t->most[c], start, row, value};
        assert_int_equal(hcb__model_add(&t->model, &columns), HCB_OK);
    }
}

static void grow_rows(mirror *t, int32_t n) {
    for (int32_t k = 0; k < n && t->model.n_rows < MOST_ROWS; k++) {
        int32_t r = t->model.n_rows, start[2] = {0, 0}, column[MOST_COLUMNS];
        double value[MOST_COLUMNS];
        t->lower[r] = hcb__rng_below(&t->rng, 3) == 0 ? some(t, -50, 0) : -INFINITY;
        t->upper[r] = some(t, 0, 80);
        for (int32_t c = 0; c < t->n_columns; c++) {
            t->at[r][c] = hcb__rng_below(&t->rng, 4) == 0 ? some(t, -10, 20) : 0;
            if (t->at[r][c] != 0) {
                column[start[1]] = c;
                value[start[1]++] = t->at[r][c];
            }
        }
        hcb__rows rows = {1, &t->lower[r], &t->upper[r], start, column, value};
        assert_int_equal(hcb__model_add_rows(&t->model, &rows), HCB_OK);
    }
}

static void drop_some_rows(mirror *t) {
    bool drop[MOST_ROWS];
    int32_t before = t->model.n_rows, n = 0;
    for (int32_t r = 0; r < before; r++)
        drop[r] = r > 0 && hcb__rng_below(&t->rng, 2) == 0;
    assert_int_equal(hcb__model_drop_rows(&t->model, drop), HCB_OK);
    for (int32_t r = 0; r < before; r++) {
        t->lower[n] = t->lower[r];
        t->upper[n] = t->upper[r];
        memmove(t->at[n], t->at[r], sizeof t->at[n]);
        n += !drop[r];
    }
    assert_int_equal(n, t->model.n_rows);
}

/* x keeps every row, and the duals prove that nothing is below it: whoever made them, both are right. */
static void expect_best(mirror *t) {
    hcb__budget budget = {.work_limit = 0};
    double dual[MOST_ROWS], x[MOST_COLUMNS], reduced[MOST_COLUMNS], value = 0, bound = 0;
    int32_t outcome;
    assert_int_equal(hcb__model_solve(&t->model, &budget, &outcome, dual, x), HCB_OK);
    assert_int_equal(outcome, HCB__LP_OPTIMAL);
    memcpy(reduced, t->cost, sizeof reduced);
    for (int32_t r = 0; r < t->model.n_rows; r++) {
        double load = 0, y = fabs(dual[r]) < 1e-9 ? 0 : dual[r];
        for (int32_t c = 0; c < t->n_columns; c++) {
            load += t->at[r][c] * x[c];
            reduced[c] -= y * t->at[r][c];
        }
        assert_true(load >= t->lower[r] - 1e-6 && load <= t->upper[r] + 1e-6);
        bound += y > 0 ? y * t->lower[r] : y < 0 ? y * t->upper[r] : 0;
    }
    for (int32_t c = 0; c < t->n_columns; c++) {
        assert_true(x[c] >= -1e-7 && x[c] <= t->most[c] + 1e-7);
        value += t->cost[c] * x[c];
        bound += reduced[c] < 0 ? reduced[c] * t->most[c] : 0;
    }
    if (fabs(value - bound) > 1e-5 * (1 + fabs(value)))
        fail_msg("%s: value %.9g, the duals prove %.9g", t->model.backend->name, value, bound);
}

static void test_backend__is_right_while_a_model_grows_and_shrinks(void **state) {
    (void)state;
    static mirror t;
    for (int32_t k = 0; hcb__backends()[k]; k++)
        for (uint64_t seed = 1; seed <= 10; seed++) {
            memset(&t, 0, sizeof t);
            hcb__rng_seed(&t.rng, seed, 0);
            for (int32_t r = 0; r < 12; r++) {
                t.lower[r] = -INFINITY;
                t.upper[r] = some(&t, 20, 100);
            }
            assert_int_equal(
                hcb__model_open(&t.model, hcb__backends()[k], hcb__default_allocator(), 12, t.lower, t.upper), HCB_OK);
            for (int32_t turn = 0; turn < 20; turn++) {
                grow_columns(&t, 1 + (int32_t)hcb__rng_below(&t.rng, 8));
                expect_best(&t);
                int32_t c = (int32_t)hcb__rng_below(&t.rng, (uint32_t)t.n_columns);
                t.most[c] = some(&t, 0, 20);
                assert_int_equal(hcb__model_set_upper(&t.model, c, t.most[c]), HCB_OK);
                grow_rows(&t, (int32_t)hcb__rng_below(&t.rng, 6));
                expect_best(&t);
                if (turn % 4 == 3) {
                    drop_some_rows(&t);
                    expect_best(&t);
                }
            }
            hcb__model_close(&t.model);
        }
}

/* One column, 2 <= x <= most, of cost -1; or without an upper bound. */
static int32_t outcome_of_one(const hcb__backend *backend, double at_least, double most, const hcb__budget *budget) {
    static const double cost = -1, zero = 0, one = 1, none = INFINITY;
    static const int32_t start[] = {0, 1}, row = 0;
    hcb__columns c = {1, &cost, &zero, &most, start, &row, &one};
    hcb__model m = {0};
    double dual, x;
    int32_t outcome;
    assert_int_equal(hcb__model_open(&m, backend, hcb__default_allocator(), 1, &at_least, &none), HCB_OK);
    assert_int_equal(hcb__model_add(&m, &c), HCB_OK);
    assert_int_equal(hcb__model_solve(&m, budget, &outcome, &dual, &x), HCB_OK);
    hcb__model_close(&m);
    return outcome;
}

static void test_backend__tells_what_has_no_answer(void **state) {
    (void)state;
    hcb__budget budget = {.work_limit = 0};
    for (int32_t k = 0; hcb__backends()[k]; k++) {
        assert_int_equal(outcome_of_one(hcb__backends()[k], 2, 3, &budget), HCB__LP_OPTIMAL);
        assert_int_equal(outcome_of_one(hcb__backends()[k], 2, 1, &budget), HCB__LP_INFEASIBLE);
        assert_int_equal(outcome_of_one(hcb__backends()[k], 2, INFINITY, &budget), HCB__LP_UNBOUNDED);
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
        hcb__budget budget = {.work_limit = 0};
        double dual[1], x[2];
        int32_t outcome;
        bool found, complete;
        assert_int_equal(hcb__model_open(&m, hcb__backends()[k], hcb__default_allocator(), 1, lower, upper), HCB_OK);
        assert_int_equal(hcb__model_add(&m, &c), HCB_OK);
        assert_int_equal(hcb__model_solve(&m, &budget, &outcome, dual, x), HCB_OK);
        assert_int_equal(
            hcb__model_solve_integer(&m, &budget, &(hcb__integer_options){.most_nodes = 1000}, &found, &complete, x),
            HCB_OK);
        assert_true(found && complete);
        assert_true(fabs(5 * x[0] + 4 * x[1] - 21) < 1e-6);
        /* Too few steps for the best: then what it began with is the least it gives. */
        hcb__integer_options few = {.most_nodes = 1000, .most_pivots = 1, .start = (const double[]){2, 2}};
        assert_int_equal(hcb__model_solve_integer(&m, &budget, &few, &found, &complete, x), HCB_OK);
        assert_true(found);
        assert_true(6 * x[0] + 4 * x[1] < 23 + 1e-6 && 5 * x[0] + 4 * x[1] > 18 - 1e-6);
        hcb__model_close(&m);
    }
}

/* Nothing reaches the host's standard output or error, whatever happens. */
static void test_backend__prints_nothing(void **state) {
    FILE *printed = tmpfile();
    int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
    assert_non_null(printed);
    fflush(NULL);
    bool caught = dup2(fileno(printed), STDOUT_FILENO) >= 0 && dup2(fileno(printed), STDERR_FILENO) >= 0;
    test_backend__solves_a_small_lp_and_goes_on(state);
    test_backend__tells_what_has_no_answer(state);
    test_backend__finds_whole_numbers(state);
    fflush(NULL);
    off_t size = lseek(fileno(printed), 0, SEEK_END);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(out);
    close(err);
    fclose(printed);
    assert_true(caught);
    assert_int_equal(size, 0);
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

/* Past the guard, to a back end that refuses such columns itself: GLPK would end the process, but its error hook brings
 * us back; a new model then works. CLP has no such check. */
static void test_backend__survives_bad_columns(void **state) {
    hcb__budget budget = {.work_limit = 0};
    static const double lower[] = {-INFINITY, -INFINITY}, upper[] = {4, 6}, one[] = {1, 1};
    static const int32_t start[] = {0, 2}, twice[] = {1, 1}, outside[] = {0, 77};
    for (int32_t k = 0; hcb__backends()[k]; k++)
        for (int32_t turn = 0; turn < 2 && strcmp(hcb__backends()[k]->name, "CBC") != 0; turn++) {
            hcb__model m = {.unchecked = true};
            assert_int_equal(hcb__model_open(&m, hcb__backends()[k], hcb__default_allocator(), 2, lower, upper),
                             HCB_OK);
            hcb__columns c = {1, one, one, one, start, turn ? outside : twice, one};
            assert_int_equal(hcb__model_add(&m, &c), HCB_ESOLVER);
            double dual[2], x[2];
            int32_t outcome;
            hcb_status status = hcb__model_solve(&m, &budget, &outcome, dual, x); /* what it says is of no use */
            assert_true(status == HCB_OK || status == HCB_ESOLVER);
            hcb__model_close(&m);
        }
    test_backend__solves_a_small_lp_and_goes_on(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_backend__solves_a_small_lp_and_goes_on),
                                       cmocka_unit_test(test_backend__is_right_while_a_model_grows_and_shrinks),
                                       cmocka_unit_test(test_backend__tells_what_has_no_answer),
                                       cmocka_unit_test(test_backend__finds_whole_numbers),
                                       cmocka_unit_test(test_backend__prints_nothing),
                                       cmocka_unit_test(test_backend__refuses_bad_numbers_before_the_solver_sees_them),
                                       cmocka_unit_test(test_backend__survives_bad_columns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
