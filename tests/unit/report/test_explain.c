/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workspace of verify_case.h, every reason worked by hand. Q2 needs 1680 minutes: P1 has 600 - 420 for it, P2 1200,
 * if Q1 (5 x 210 in `waiting`, against 3 x 1680) waits instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "counting.h"
#include "hcbroker/explain.h"
#include "../allocation/verify_case.h"

typedef struct fixture {
    test_folder workspace, plan;
    counting memory;
    hcb_context *ctx;
    hcb_workspace *read;
} fixture;

static int open_fixture(void **state) {
    fixture *f = calloc(1, sizeof *f);
    f->workspace = test_folder_make();
    f->plan = test_folder_make();
    counting_init(&f->memory);
    hcb_context_options options = {.struct_size = sizeof options, .allocator = &f->memory.mem};
    case_write_workspace(&f->workspace);
    case_write_plan(&f->plan, NULL, NULL, NULL);
    *state = f;
    if (hcb_context_create(&f->ctx, &options) != HCB_OK)
        return -1;
    return hcb_workspace_load(&f->read, f->ctx, f->workspace.path, NULL) == HCB_OK ? 0 : -1;
}

static int close_fixture(void **state) {
    fixture *f = *state;
    hcb_workspace_free(f->read);
    hcb_context_free(f->ctx);
    long alive = f->memory.alive;
    test_folder_remove(f->workspace.path);
    test_folder_remove(f->plan.path);
    free(f);
    return alive ? -1 : 0;
}

/* Says `package` [and `provider`], with the plan and without: both begin with `expected`. */
static void expect(fixture *f, const char *package, const char *provider, const char *expected) {
    for (int with_plan = 0; with_plan < 2; with_plan++) {
        hcb_explain_options o = HCB_EXPLAIN_OPTIONS_INIT;
        o.provider_id = provider;
        o.plan = with_plan ? f->plan.path : NULL;
        hcb_text *text = NULL;
        if (hcb_explain(&text, f->ctx, f->read, package, &o, HCB_FORMAT_TEXT) != HCB_OK)
            fail_msg("%s", hcb_context_error(f->ctx)->message);
        if (strncmp(hcb_text_data(text), expected, strlen(expected)) != 0)
            fail_msg("said:\n%s\nexpected:\n%s", hcb_text_data(text), expected);
        hcb_text_free(text);
    }
}

static void test_explain__capacity_names_the_least_raises(void **state) {
    expect(*state, "Q2", NULL,
           "Q2 (zone A, priority 3, 28:00 carer hours a week) waits: capacity.\n"
           "2 of 2 providers may take it, and all are full: no plan places it, whoever else waits.\n"
           "Raising one limit would place it: P2: 8:00 more hours a week; or P1: 25:00 more hours a week. No other "
           "single limit would.\n");
}

static void test_explain__rule_counts_the_first_that_fails(void **state) {
    expect(*state, "Q3", NULL,
           "Q3 (zone A, priority 3, 7:00 carer hours a week) waits: rule.\n"
           "No provider passes the rules; of 2, by the first that fails: capability_missing:peg 2.\n");
}

static void test_explain__placed_says_why_not_above(void **state) {
    expect(*state, "Q1", NULL,
           "Q1 (zone A, priority 1, 3:30 carer hours a week) goes to P2.\n"
           "It is number 2 of 2 in its ranking: supplementary, 70.00 pounds a week.\n"
           "P1 (rank 1, prime, 65.63 pounds a week): full, it lacks P1: 0:30 more hours a week; no plan puts the "
           "package there, whoever else waits.\n");
    expect(*state, "L1", NULL,
           "L1 (zone A, priority 3, 7:00 carer hours a week) is served by P1, and the run moves nobody.\n");
}

static void test_explain__provider_asked_about(void **state) {
    expect(*state, "Q3", "P2",
           "Q3 (zone A, priority 3, 7:00 carer hours a week) waits: rule.\n"
           "No provider passes the rules; of 2, by the first that fails: capability_missing:peg 2.\n"
           "P2 may not take it: capability_missing:peg.\n");
    expect(*state, "Q1", "P2",
           "Q1 (zone A, priority 1, 3:30 carer hours a week) goes to P2.\n"
           "It is number 2 of 2 in its ranking: supplementary, 70.00 pounds a week.\n"
           "P2 may take it, and does.\n");
}

static void test_explain__plan_that_is_not_the_best(void **state) {
    fixture *f = *state;
    case_write_plan(&f->plan, "allocations.csv", "\r\nQ1,P2,supplementary,A,urban,210,2000,7000,90,50,2,\r\n", "\r\n");
    hcb_explain_options o = HCB_EXPLAIN_OPTIONS_INIT;
    o.plan = f->plan.path;
    hcb_text *text = NULL;
    assert_int_equal(hcb_explain(&text, f->ctx, f->read, "Q1", &o, HCB_FORMAT_JSON), HCB_OK);
    assert_non_null(strstr(hcb_text_data(text), "\"reason\": \"plan\""));
    assert_non_null(strstr(hcb_text_data(text), "\"plan_is_best\": false"));
    hcb_text_free(text);
}

static void test_explain__refuses_what_it_cannot_answer(void **state) {
    fixture *f = *state;
    hcb_explain_options o = HCB_EXPLAIN_OPTIONS_INIT;
    hcb_text *text = NULL;
    assert_int_equal(hcb_explain(&text, f->ctx, f->read, "Q9", &o, HCB_FORMAT_TEXT), HCB_EINVAL);
    assert_string_equal(hcb_context_error(f->ctx)->message,
                        "package \"Q9\" is neither waiting nor placed in this workspace");
    o.provider_id = "P9";
    assert_int_equal(hcb_explain(&text, f->ctx, f->read, "Q1", &o, HCB_FORMAT_TEXT), HCB_EINVAL);
    o.provider_id = NULL;
    assert_int_equal(hcb_explain(&text, f->ctx, f->read, "Q1", &o, HCB_FORMAT_CSV), HCB_EINVAL);
    o.plan = "/nowhere";
    assert_int_not_equal(hcb_explain(&text, f->ctx, f->read, "Q1", &o, HCB_FORMAT_TEXT), HCB_OK);
    o.struct_size = 4;
    assert_int_equal(hcb_explain(&text, f->ctx, f->read, "Q1", &o, HCB_FORMAT_TEXT), HCB_EVERSION);
    assert_null(text);
}

static void test_explain__nothing_is_guessed_without_work(void **state) {
    fixture *f = *state;
    hcb_explain_options o = HCB_EXPLAIN_OPTIONS_INIT;
    o.plan = f->plan.path;
    o.plan_options.work_limit = 1;
    hcb_text *text = NULL;
    assert_int_equal(hcb_explain(&text, f->ctx, f->read, "Q2", &o, HCB_FORMAT_JSON), HCB_OK);
    assert_non_null(strstr(hcb_text_data(text), "\"reason\": \"not_proved\""));
    assert_non_null(strstr(hcb_text_data(text), "\"smallest_sets\": []"));
    hcb_text_free(text);
}

static void test_explain__every_failing_allocation_is_survived(void **state) {
    fixture *f = *state;
    hcb_status status = HCB_ENOMEM;
    long alive = f->memory.alive;
    for (long n = 1; status == HCB_ENOMEM; n += 1 + n / 40) {
        hcb_text *text = NULL;
        f->memory.asked = 0;
        f->memory.fail_at = n;
        status = hcb_explain(&text, f->ctx, f->read, "Q2", NULL, HCB_FORMAT_JSON);
        f->memory.fail_at = 0;
        assert_true(status == HCB_OK || (status == HCB_ENOMEM && !text));
        hcb_text_free(text);
    }
    assert_int_equal(status, HCB_OK);
    assert_true(f->memory.alive <= alive + 4); /* the record of the last call */
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        TEST(test_explain__capacity_names_the_least_raises), TEST(test_explain__rule_counts_the_first_that_fails),
        TEST(test_explain__placed_says_why_not_above),       TEST(test_explain__provider_asked_about),
        TEST(test_explain__plan_that_is_not_the_best),       TEST(test_explain__refuses_what_it_cannot_answer),
        TEST(test_explain__nothing_is_guessed_without_work), TEST(test_explain__every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
