/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pricing/payment_visits.h"
#include "workbench.h"

enum {
    P = HCB__PAY_PLANNED,
    A = HCB__PAY_ACTUAL,
    UP = HCB__ROUND_UP,
    DOWN = HCB__ROUND_DOWN,
    NEAR = HCB__ROUND_NEAREST
};

/* Each boundary, worked by hand. */
static const struct {
    int32_t mode, direction;
    int64_t step, tolerance, minimum, planned, actual, paid;
} golden[] = {
    /* nearest five: 27.5 and 32.5 lie between whole minutes, so 27 | 28 and 32 | 33 */
    {A, NEAR, 5, 0, 0, 30, 27, 25},
    {A, NEAR, 5, 0, 0, 30, 28, 30},
    {A, NEAR, 5, 0, 0, 30, 30, 30},
    {A, NEAR, 5, 0, 0, 30, 32, 30},
    {A, NEAR, 5, 0, 0, 30, 33, 35},
    {A, NEAR, 5, 0, 0, 30, 2, 0},
    {A, NEAR, 5, 0, 0, 30, 3, 5},
    {A, NEAR, 5, 0, 0, 30, 1440, 1440},
    /* nearest ten: half a step goes up */
    {A, NEAR, 10, 0, 0, 30, 24, 20},
    {A, NEAR, 10, 0, 0, 30, 25, 30},
    {A, NEAR, 10, 0, 0, 30, 34, 30},
    {A, NEAR, 10, 0, 0, 30, 35, 40},
    /* nearest fifteen: 22.5 */
    {A, NEAR, 15, 0, 0, 30, 22, 15},
    {A, NEAR, 15, 0, 0, 30, 23, 30},
    {A, NEAR, 15, 0, 0, 30, 37, 30},
    {A, NEAR, 15, 0, 0, 30, 38, 45},
    /* up */
    {A, UP, 5, 0, 0, 30, 30, 30},
    {A, UP, 5, 0, 0, 30, 31, 35},
    {A, UP, 5, 0, 0, 30, 35, 35},
    {A, UP, 15, 0, 0, 30, 1, 15},
    {A, UP, 15, 0, 0, 30, 15, 15},
    {A, UP, 15, 0, 0, 30, 16, 30},
    /* down */
    {A, DOWN, 5, 0, 0, 30, 29, 25},
    {A, DOWN, 5, 0, 0, 30, 30, 30},
    {A, DOWN, 5, 0, 0, 30, 34, 30},
    {A, DOWN, 15, 0, 0, 30, 14, 0},
    {A, DOWN, 15, 0, 0, 30, 15, 15},
    /* to the minute */
    {A, NEAR, 1, 0, 0, 30, 29, 29},
    {A, UP, 1, 0, 0, 30, 29, 29},
    {A, DOWN, 1, 0, 0, 30, 31, 31},
    /* a tolerance of five: as planned from 25 to 35, the limits included */
    {A, NEAR, 5, 5, 0, 30, 24, 25},
    {A, NEAR, 1, 5, 0, 30, 24, 24},
    {A, NEAR, 1, 5, 0, 30, 25, 30},
    {A, NEAR, 1, 5, 0, 30, 35, 30},
    {A, NEAR, 1, 5, 0, 30, 36, 36},
    /* the step rounds the planned minutes as well */
    {A, NEAR, 5, 5, 0, 32, 30, 30},
    {A, UP, 5, 5, 0, 32, 30, 35},
    /* a minimum of fifteen, also where the step gives nothing; it need not be a multiple of the step */
    {A, NEAR, 5, 0, 15, 30, 1, 15},
    {A, NEAR, 5, 0, 15, 30, 12, 15},
    {A, NEAR, 5, 0, 15, 30, 17, 15},
    {A, NEAR, 5, 0, 15, 30, 18, 20},
    {A, DOWN, 10, 0, 12, 30, 19, 12},
    {A, DOWN, 10, 0, 12, 30, 20, 20},
    /* a missed visit is not paid: no minimum, no tolerance */
    {A, NEAR, 5, 0, 15, 30, 0, 0},
    {A, NEAR, 5, 30, 15, 30, 0, 0},
    {P, NEAR, 1, 0, 15, 30, 0, 0},
    /* a visit that was not planned */
    {A, NEAR, 5, 0, 0, 0, 22, 20},
    {P, NEAR, 5, 0, 15, 0, 22, 0},
    /* planned: what took place does not matter */
    {P, NEAR, 1, 0, 0, 30, 10, 30},
    {P, NEAR, 1, 0, 0, 30, 90, 30},
    {P, NEAR, 1, 0, 0, 33, -1, 33},
    {P, NEAR, 5, 0, 0, 33, -1, 35},
    {P, DOWN, 15, 0, 0, 44, -1, 30},
    {P, UP, 15, 0, 0, 46, -1, 60},
    {P, NEAR, 1, 0, 30, 20, 20, 30},
};

static void test_payment__golden_table_of_boundary_minutes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        hcb__payment_rule rule = {
            golden[i].mode, golden[i].direction, golden[i].step, golden[i].tolerance, golden[i].minimum, true, false};
        int64_t paid = hcb__payable_minutes(&rule, golden[i].planned, golden[i].actual);
        if (paid != golden[i].paid)
            fail_msg("case %zu: planned %d, actual %d: %d paid, expected %d", i, (int)golden[i].planned,
                     (int)golden[i].actual, (int)paid, (int)golden[i].paid);
    }
}

/* Against the definition: the multiple of the step that is nearest, the larger of two. */
static void test_payment__nearest_by_trying_every_multiple(void **state) {
    (void)state;
    for (int64_t step = 1; step <= 60; step++)
        for (int64_t actual = 1; actual <= 200; actual++) {
            int64_t best = 0;
            for (int64_t m = 0; m <= actual + step; m += step) {
                int64_t off = m > actual ? m - actual : actual - m;
                int64_t now = best > actual ? best - actual : actual - best;
                if (off <= now)
                    best = m;
            }
            hcb__payment_rule rule = {A, NEAR, step, 0, 0, true, false};
            assert_int_equal(hcb__payable_minutes(&rule, 30, actual), best);
        }
}

static void test_payment__missed_visits_paid_as_planned(void **state) {
    (void)state;
    hcb__payment_rule rule = {A, NEAR, 5, 0, 0, true, true};
    assert_int_equal(hcb__payable_minutes(&rule, 30, 0), 30);
    assert_int_equal(hcb__payable_minutes(&rule, 33, 0), 35);
    rule.mode = P;
    assert_int_equal(hcb__payable_minutes(&rule, 30, 0), 30);
}

static void test_payment__two_carers(void **state) {
    (void)state;
    hcb__payment_rule each = {A, NEAR, 5, 0, 0, true, false}, together = {A, NEAR, 5, 0, 0, false, false};
    /* 32 and 32: 30 twice; 64 together is 65 */
    assert_int_equal(hcb__payable_visit(&each, 30, 2, (int64_t[]){32, 32}), 60);
    assert_int_equal(hcb__payable_visit(&together, 30, 2, (int64_t[]){32, 32}), 65);
    /* 33 and 28: 35 and 30; 61 together is 60 */
    assert_int_equal(hcb__payable_visit(&each, 30, 2, (int64_t[]){33, 28}), 65);
    assert_int_equal(hcb__payable_visit(&together, 30, 2, (int64_t[]){33, 28}), 60);
    /* the second did not come */
    assert_int_equal(hcb__payable_visit(&each, 30, 2, (int64_t[]){30, 0}), 30);
    each.minimum = together.minimum = 15;
    assert_int_equal(hcb__payable_visit(&each, 30, 2, (int64_t[]){6, 6}), 30);
    assert_int_equal(hcb__payable_visit(&together, 30, 2, (int64_t[]){6, 6}), 15);
    each.mode = together.mode = P;
    assert_int_equal(hcb__payable_visit(&each, 33, 2, (int64_t[]){-1, -1}), 70);
    assert_int_equal(hcb__payable_visit(&together, 33, 2, (int64_t[]){-1, -1}), 65);
    assert_int_equal(hcb__payable_visit(&each, 30, 1, (int64_t[]){30, 30}), 30);
}

static hcb__paid_visits *load(workbench *bench, const char *text, bool actual_needed) {
    hcb__paid_visits *visits = NULL;
    const char *path = workbench_file(bench, "visits.csv", text, strlen(text));
    assert_int_equal(hcb__paid_visits_load(&visits, bench->ctx, path, "visits.csv", actual_needed), HCB_OK);
    return visits;
}

/* Three visits of 35 minutes at 18.75 are 10.9375 each and 32.8125 together: 32.81 paid once, and 10.94 + 10.94 + 10.93
 * as the running sums 10.94, 21.88, 32.81 grow. */
static void test_payment__visits_add_up_to_the_invoice(void **state) {
    workbench *bench = *state;
    hcb__paid_visits *v = load(bench,
                               "visit_id,package_id,date,planned_minutes,actual_minutes,carers,price_per_hour\n"
                               "v4,B,2020-12-01,30,34,2,19.95\n"
                               "v3,A,2020-12-02,30,33,1,18.75\n"
                               "v1,A,2020-12-01,30,33,1,18.75\n"
                               "v2,A,2020-12-01,30,36,,18.75\n"
                               "v5,B,2020-12-02,30,0,2,19.95\n",
                               true);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);
    assert_int_equal(hcb__paid_visits_settle(v, bench->ctx, &hcb__payment_default), HCB_OK);
    assert_int_equal(v->n_visits, 5);
    assert_int_equal(v->n_packages, 2);
    assert_true(v->priced);
    static const struct {
        const char *id;
        int64_t minutes, pence, schedule_minutes, schedule_pence;
    } expected[] = {
        {"v1", 35, 1094, 30, 938}, {"v2", 35, 1094, 30, 937},  /* 9.375 each: 9.38, 18.75, 28.13 */
        {"v3", 35, 1093, 30, 938}, {"v4", 70, 2328, 60, 1995}, /* 23.275 */
        {"v5", 0, 0, 0, 0},
    };
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(v->visits[i].id, expected[i].id);
        assert_int_equal(v->visits[i].minutes, expected[i].minutes);
        assert_int_equal(v->visits[i].pence, expected[i].pence);
        assert_int_equal(v->visits[i].schedule_minutes, expected[i].schedule_minutes);
        assert_int_equal(v->visits[i].schedule_pence, expected[i].schedule_pence);
    }
    assert_int_equal(v->packages[0].pence, 3281);
    assert_int_equal(v->packages[0].schedule_pence, 2813);
    assert_int_equal(v->packages[1].pence, 2328);
    assert_int_equal(v->packages[1].missed, 1);
    assert_int_equal(v->all.minutes, 175);
    assert_int_equal(v->all.pence, 5609);
    assert_int_equal(v->all.schedule_minutes, 150);
    assert_int_equal(v->all.schedule_pence, 4808);
    assert_int_equal(v->all.planned, 210);
    assert_int_equal(v->all.actual, 170);
    hcb__paid_visits_free(v);
}

static void test_payment__lists_every_problem(void **state) {
    workbench *bench = *state;
    hcb__paid_visits *v =
        load(bench,
             "visit_id,package_id,date,planned_minutes,actual_minutes,actual_minutes_2,carers,price_per_hour\n"
             "v1,A,2020-12-01,30,30,,1,18.75\n"
             "v1,A,2020-12-01,30,30,,1,18.75\n"
             "v2,A,2020-13-01,30,30,,1,18.75\n"
             "v3,A,2020-12-01,30.5,30,,1,18.75\n"
             "v4,A,2020-12-01,30,-3,,1,18.75\n"
             "v5,A,2020-12-01,30,1441,,1,18.75\n"
             "v6,A,2020-12-01,30,,,1,18.75\n"
             "v7,A,2020-12-01,30,30,30,1,18.75\n"
             "v8,A,2020-12-01,30,30,,3,18.75\n"
             "v9,A,2020-12-01,30,30,,1,18.755\n"
             ",A,2020-12-01,30,30,,1,18.75\n"
             "v11,A,,,30,,1,18.75\n",
             true);
    static const struct {
        long line, column;
        const char *words;
    } expected[] = {
        {4, 6, "\"2020-13-01\""},  {5, 17, "\"30.5\""},        {6, 20, "\"-3\""},        {7, 20, "\"1441\""},
        {8, 20, "no actual"},      {9, 23, "second carer"},    {10, 24, "\"3\""},        {11, 26, "\"18.755\""},
        {12, 1, "expected an id"}, {13, 7, "expected a date"}, {13, 8, "whole minutes"}, {3, 1, "in line 2 already"},
    };
    size_t n = sizeof expected / sizeof *expected;
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), n);
    for (size_t i = 0; i < n; i++)
        expect_problem(bench, i, expected[i].line, expected[i].column, expected[i].words);
    hcb__paid_visits_free(v);
}

static void test_payment__planned_minutes_need_no_actual_ones(void **state) {
    workbench *bench = *state;
    hcb__paid_visits *v = load(bench, "visit_id,package_id,date,planned_minutes\nv1,A,2020-12-01,33\n", false);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);
    hcb__payment_rule rule = {P, NEAR, 5, 0, 0, true, false};
    assert_int_equal(hcb__paid_visits_settle(v, bench->ctx, &rule), HCB_OK);
    assert_int_equal(v->all.minutes, 35);
    assert_int_equal(v->all.schedule_minutes, 33);
    assert_false(v->priced);
    hcb__paid_visits_free(v);
}

static void test_payment__rule_from_yaml(void **state) {
    workbench *bench = *state;
    const char *text = "mode: planned\nstep: 15\ndirection: up\ntolerance: 3\nminimum: 15\nper_carer: no\n"
                       "pay_missed: yes\n";
    hcb__yaml_doc *doc;
    assert_int_equal(hcb__yaml_parse(&doc, bench->ctx, text, strlen(text), "policy.yaml"), HCB_OK);
    hcb__payment_rule rule = hcb__payment_default;
    hcb__payment_read(&rule, doc, doc->root);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);
    assert_int_equal(rule.mode, P);
    assert_int_equal(rule.direction, UP);
    assert_int_equal(rule.step, 15);
    assert_int_equal(rule.tolerance, 3);
    assert_int_equal(rule.minimum, 15);
    assert_false(rule.per_carer);
    assert_true(rule.pay_missed);
    hcb__yaml_close(doc);
    text = "mode: both\nstep: 0\ndirection: sideways\ntolerance: -1\nminimum: 1441\nper_carer: 3\nrounding: 5\n";
    assert_int_equal(hcb__yaml_parse(&doc, bench->ctx, text, strlen(text), "policy.yaml"), HCB_OK);
    hcb__payment_read(&rule, doc, doc->root);
    hcb__yaml_close(doc);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_payment__golden_table_of_boundary_minutes),
        cmocka_unit_test(test_payment__nearest_by_trying_every_multiple),
        cmocka_unit_test(test_payment__missed_visits_paid_as_planned),
        cmocka_unit_test(test_payment__two_carers),
        cmocka_unit_test_setup_teardown(test_payment__visits_add_up_to_the_invoice, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_payment__lists_every_problem, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_payment__planned_minutes_need_no_actual_ones, workbench_open,
                                        workbench_close),
        cmocka_unit_test_setup_teardown(test_payment__rule_from_yaml, workbench_open, workbench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
