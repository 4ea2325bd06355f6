/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every figure of docs/worked-example.md, and that the page says it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "workbench.h"
#include "base.h"

static void test_worked_example__sums(void **state) {
    hcb__model *m = base_model(*state, BASE_DIR);
    const hcb__package *q = &m->packages[base_package(m, "Q1")];
    assert_int_equal(q->visits_week, 17);
    assert_int_equal(q->contact_minutes, 615);
    assert_int_equal(q->carer_minutes, 930);
    assert_int_equal(q->carer_visits, 24);
    const int64_t minutes[] = {630, 90, 0, 210}, visits[] = {14, 3, 0, 7};
    assert_memory_equal(q->block_minutes, minutes, sizeof minutes);
    assert_memory_equal(q->block_carer_visits, visits, sizeof visits);
    assert_string_equal(m->zones->zones[q->zone].id, "01");
    assert_int_equal(q->band, HCB__URBAN);
    hcb__model_free(m);
}

static void test_worked_example__price_and_travel(void **state) {
    hcb__model *m = base_model(*state, BASE_DIR);
    workbench *bench = *state;
    int32_t q = base_package(m, "Q1"), k = base_provider(m, "P1");
    int64_t pence;
    assert_int_equal(hcb__model_price(m, q, k), 1875);
    assert_true(hcb__weekly_pence(m->packages[q].carer_minutes, 1875, &pence));
    assert_int_equal(pence, 29063);
    hcb__travel_table *travel;
    assert_int_equal(hcb__travel_table_create(&travel, &bench->memory.mem, m), HCB_OK);
    bool fallback = true;
    assert_int_equal(hcb__travel_seconds(travel, q, k, &fallback), 271);
    assert_false(fallback);
    assert_int_equal(m->packages[q].carer_visits * 271, 6504);
    hcb__travel_table_free(travel);
    hcb__model_free(m);
}

static void test_worked_example__rules(void **state) {
    static const struct {
        const char *provider, *code;
        int32_t rule;
    } cases[] = {{"P1", "", HCB__RULES},
                 {"P2", "capability_missing:hoist", HCB__RULE_CAPABILITY},
                 {"P3", "", HCB__RULES},
                 {"P4", "capability_missing:hoist", HCB__RULE_CAPABILITY}};
    hcb__model *m = base_model(*state, BASE_DIR);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char code[96];
        assert_int_equal(hcb__eligible(m, base_package(m, "Q1"), base_provider(m, cases[i].provider), 271, code),
                         cases[i].rule);
        assert_string_equal(code, cases[i].code);
    }
    hcb__model_free(m);
}

static void test_worked_example__the_page_says_so(void **state) {
    (void)state;
    static const char *const said[] = {"7 x 45 = 315",
                                       "315 x 2 = 630",
                                       "| **a week** | | | | **17** | **615** | **930** |",
                                       "= 24",
                                       "morning 630 carer minutes, lunch 90, bed 210",
                                       "1,875 pence",
                                       "29,062.5 pence",
                                       "290.63 pounds a week",
                                       "= 1,400 m",
                                       "271.2",
                                       "**271 seconds**",
                                       "6,504 seconds",
                                       "capability_missing:hoist"};
    char text[16384] = "";
    FILE *file = fopen(HCB_SOURCE_DIR "/docs/worked-example.md", "rb");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (!strstr(text, said[i]))
            fail_msg("\"%s\" is not on the page", said[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_worked_example__sums, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_worked_example__price_and_travel, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_worked_example__rules, workbench_open, workbench_close),
        cmocka_unit_test(test_worked_example__the_page_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
