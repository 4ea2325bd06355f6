/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a policy's further terms make of the workspace in tests/golden/base, by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "workbench.h"
#include "base.h"

static const char policy[] = "version: 1\n"
                             "model: open_framework\n"
                             "levels:\n"
                             "  - name: waiting\n"
                             "  - {name: fair, target: equal}\n"
                             "  - {name: blend, up_to: {weekly_cost: 12.34, weights: {quality: 1, cost: 2}}}\n"
                             "  - name: cost\n"
                             "  - {name: preference, tolerance: 60 min}\n"
                             "rules:\n"
                             "  - rule: zone\n"
                             "  - {rule: short_visit, minutes: 25, unless: [known, longer_visit]}\n"
                             "  - rule: double_handed\n"
                             "quality: {from: both, weights: {score: 2, rating: 1}, points: {good: 70}}\n"
                             "escalation: [{after_days: 3, to_priority: 3}, {after_days: 6, to_priority: 1}]\n"
                             "moves: {price: 7.05}\n"
                             "tiers_per_zone: {framework: 4}\n";

static hcb__model *with_terms(workbench *bench) {
    base_copy(bench);
    (void)workbench_file(bench, "policy.yaml", policy, sizeof policy - 1);
    return base_model(bench, bench->dir);
}

static void test_terms__stand_in_the_canonical_text(void **state) {
    static const char lines[] = "policy\tlevel\tpreference\t60\t0\t-\t-\n"
                                "policy\trule\tzone\t-\t-\n"
                                "policy\trule\tshort_visit\t-\t-\n"
                                "policy\trule\tdouble_handed\t-\t-\n"
                                "policy\tescalation\t3\t3\n"
                                "policy\tescalation\t6\t1\n"
                                "policy\tquality\t2\t1\t100\t70\t40\t0\t50\n"
                                "policy\tmove_price\t705\n"
                                "policy\tblend_up_to\t1234\t1\t2\n"
                                "policy\tfair\tequal\n"
                                "policy\tshort_visit\t25\tlonger_visit;known\n"
                                "zone\t01\t";
    workbench *bench = *state;
    hcb__model *m = with_terms(bench);
    hcb__text text;
    hcb__text_init(&text, &bench->memory.mem);
    hcb__model_canonical(m, &text);
    const char *at = strstr(text.at, "policy\tlevel\tpreference");
    assert_non_null(at);
    if (strncmp(at, lines, sizeof lines - 1) != 0)
        fail_msg("%s", at);
    hcb__text_free(&text);
    hcb__model_free(m);
}

static void test_terms__do_not_touch_the_text_of_a_policy_without_them(void **state) {
    static const char *const words[] = {"escalation",   "move_price",        "blend_up_to",
                                        "policy\tfair", "policy\tquality\t", "policy\tshort_visit"};
    workbench *bench = *state;
    hcb__model *m = base_model(bench, BASE_DIR);
    hcb__text text;
    hcb__text_init(&text, &bench->memory.mem);
    hcb__model_canonical(m, &text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_null(strstr(text.at, words[i]));
    hcb__text_free(&text);
    hcb__model_free(m);
}

/* as_of is 1 December. */
static void test_terms__priority_rises_with_the_days(void **state) {
    static const struct {
        const char *package;
        int32_t counts;
    } expected[] = {{"Q1", 1}, /* 1, 11 days */
                    {"Q2", 1}, /* 2, 6 days */
                    {"Q3", 3}, /* 3, 4 days */
                    {"Q4", 3}, /* 3 where nothing is given, 3 days */
                    {"Q5", 4}, /* 4, 2 days */
                    {"Q6", 5}, /* 5, 1 day */
                    {"L1", 3}};
    hcb__model *m = with_terms(*state);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(hcb__model_priority(m, base_package(m, expected[i].package)), expected[i].counts);
    hcb__model_free(m);
}

static void test_terms__quality_of_score_and_rating(void **state) {
    hcb__model *m = with_terms(*state);
    assert_int_equal(hcb__model_quality(m, base_provider(m, "P1")), 76); /* (2 x 80 + 70) / 3 = 76.7 */
    assert_int_equal(hcb__model_quality(m, base_provider(m, "P2")), 53); /* (2 x 60 + 40) / 3 = 53.3 */
    assert_int_equal(hcb__model_quality(m, base_provider(m, "P3")), 83); /* (2 x 75 + 100) / 3 = 83.3 */
    assert_int_equal(hcb__model_quality(m, base_provider(m, "P4")), 50); /* neither score nor rating */
    hcb__model_free(m);
}

/* Q5 asks for a male carer, Q3 for Gujarati, neither as a condition. */
static void test_terms__wishes_that_are_not_met(void **state) {
    static const struct {
        const char *package, *provider;
        int32_t unmet;
    } expected[] = {{"Q5", "P1", 1}, {"Q5", "P2", 0}, {"Q5", "P4", 0},
                    {"Q3", "P1", 1}, {"Q3", "P2", 0}, {"Q1", "P4", 0}, /* its wish for a female carer is a condition */
                    {"Q2", "P1", 0}};
    workbench *bench = *state;
    base_copy(bench);
    base_edit(bench, "packages.csv", ",gu,yes", ",gu,no");
    hcb__model *m = base_model(bench, bench->dir);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(
            hcb__preferences_unmet(m, base_package(m, expected[i].package), base_provider(m, expected[i].provider)),
            expected[i].unmet);
    hcb__model_free(m);
}

static void test_terms__only_active_providers_count_in_a_zone(void **state) {
    workbench *bench = *state;
    hcb__model *m;
    base_copy(bench);
    base_edit(bench, "policy.yaml", "version: 1\n", "version: 1\ntiers_per_zone: {supplementary: 1}\n");
    assert_int_equal(base_load(bench, bench->dir, false, &m), HCB_EDATA); /* P2 and P3 in zone 01 */
    base_edit(bench, "providers.csv", "lang:gu,30,,,yes", "lang:gu,30,,,no");
    assert_int_equal(base_load(bench, bench->dir, false, &m), HCB_OK);
    hcb__model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_terms__stand_in_the_canonical_text, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_terms__do_not_touch_the_text_of_a_policy_without_them, workbench_open,
                                        workbench_close),
        cmocka_unit_test_setup_teardown(test_terms__priority_rises_with_the_days, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_terms__quality_of_score_and_rating, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_terms__wishes_that_are_not_met, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_terms__only_active_providers_count_in_a_zone, workbench_open,
                                        workbench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
