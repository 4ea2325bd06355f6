/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "counting.h"
#include "hcbroker/verify.h"
#include "verify_case.h"

typedef struct fixture {
    test_folder workspace, plan;
    counting memory;
    hcb_context *ctx;
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
    return hcb_context_create(&f->ctx, &options) == HCB_OK ? 0 : -1;
}

static int close_fixture(void **state) {
    fixture *f = *state;
    hcb_context_free(f->ctx);
    long alive = f->memory.alive;
    test_folder_remove(f->workspace.path);
    test_folder_remove(f->plan.path);
    free(f);
    return alive ? -1 : 0;
}

static hcb_verify_report *verify(fixture *f) {
    hcb_verify_report *report;
    if (hcb_verify(&report, f->ctx, f->workspace.path, f->plan.path, NULL) != HCB_OK)
        fail_msg("%s", hcb_context_error(f->ctx)->message);
    return report;
}

static void test_verify__plan_worked_by_hand_is_right(void **state) {
    hcb_verify_report *report = verify(*state);
    for (size_t i = 0; i < hcb_verify_finding_count(report); i++)
        print_error("%s: %s\n", hcb_verify_finding_at(report, i)->file, hcb_verify_finding_at(report, i)->message);
    assert_int_equal(hcb_verify_ok(report), 1);
    assert_int_equal(hcb_verify_finding_dropped(report), 0);
    assert_true(hcb_verify_checked_count(report) >= 6);
    assert_null(hcb_verify_checked_at(report, hcb_verify_checked_count(report)));
    assert_null(hcb_verify_finding_at(report, 0));
    hcb_verify_report_free(report);
}

/* One change, and the words that one of the findings must hold. */
typedef struct change {
    const char *file, *from, *to, *expected;
} change;

static void expect_findings(fixture *f, const change *changes, size_t n) {
    for (size_t c = 0; c < n; c++) {
        case_write_plan(&f->plan, changes[c].file, changes[c].from, changes[c].to);
        hcb_verify_report *report = verify(f);
        bool found = false;
        for (size_t i = 0; i < hcb_verify_finding_count(report); i++) {
            const hcb_verify_finding *finding = hcb_verify_finding_at(report, i);
            found |= strcmp(finding->file, changes[c].file) == 0 && strstr(finding->message, changes[c].expected);
        }
        assert_int_equal(hcb_verify_ok(report), 0);
        if (!found) {
            for (size_t i = 0; i < hcb_verify_finding_count(report); i++)
                print_error("%s\n", hcb_verify_finding_at(report, i)->message);
            fail_msg("%s: %s -> %s: no finding says \"%s\"", changes[c].file, changes[c].from, changes[c].to,
                     changes[c].expected);
        }
        hcb_verify_report_free(report);
    }
}

static void test_verify__tables(void **state) {
    static const char a[] = "allocations.csv", w[] = "waiting.csv";
    static const change changes[] = {
        {a, "Q1,P2", "Q1,P1", "row hours/P1 is 630; at most 600"},
        {a, "Q1,P2", "Q1,P9", "\"P9\", which is no provider"},
        {a, "Q1,P2", "Q3,P2", "may not be placed with \"P2\": capability_missing:peg"},
        {a, "Q1,P2", "L1,P2", "\"L1\" is not a package of this run"},
        {a, ",2000,", ",1875,", "price_pence_per_hour of \"Q1\" is \"1875\"; must be \"2000\""},
        {a, ",7000,", ",6999,", "weekly_cost_pence of \"Q1\""},
        {a, ",90,", ",89,", "travel_minutes of \"Q1\""},
        {a, ",2,\r", ",1,\r", "rank of \"Q1\""},
        {a, ",2,\r", ",2,P1\r", "previous_provider of \"Q1\""},
        {a, "Q1,P2,supplementary,A,urban,210,2000,7000,90,50,2,\r\n", "Q1,P2\r\n", "line 2"},
        {w, "short by 690", "short by 691", "detail of \"Q2\""},
        {w, "P2: hours/P2 short by 690", "P1: hours/P1 short by 1500", "must be \"P2: hours/P2 short by 690\""},
        {w, ",3,,capacity", ",3,0,capacity", "days_waiting of \"Q2\""},
        {w, ",capacity,", ",trade,", "reason of \"Q2\""},
        {w, "peg 2", "peg 1", "detail of \"Q3\""},
        {w, "Q2,", "Q1,", "package \"Q1\" appears again"},
        {w, "Q2,A,rural", "Q4,A,rural", "\"Q4\" is not a package of this run"},
        {w, "Q2,", "Q3,", "package \"Q3\" appears again"},
        {w, "Q3,A,urban,420,3,1,rule,capability_missing:peg 2\r\n", "", "\"Q3\" is neither placed nor waiting"},
        {w, "detail\r", "details\r", "detail"}};
    expect_findings(*state, changes, sizeof changes / sizeof *changes);
}

static void test_verify__summary(void **state) {
    static const char s[] = "summary.json";
    static const change changes[] = {
        {s, "\"placed\":1", "\"placed\":2", "placed is 2; must be 1"},
        {s, "\"name\":\"By hand\"", "\"name\":\"By foot\"", "name is By foot; must be By hand"},
        {s, "\"value\":18900", "\"value\":18899", "quality value is 18899; must be 18900"},
        {s, "\"best\":210", "\"best\":209", "tier best is 209"},
        {s, "\"frozen\":20125", "\"frozen\":20126", "cost frozen"},
        {s, "\"bound\":9240", "\"bound\":9241", "travel bound is 9241; must be a whole number not above"},
        {s, "\"bound\":9240", "\"bound\":9200", "travel gap is 0; must be 0.004329"},
        {s, "\"stop\":\"proved\"", "\"stop\":\"time\"", "waiting stop is time; must be proved"},
        {s, "\"outcome\":\"optimal\"", "\"outcome\":\"feasible\"", "outcome is feasible; must be optimal"},
        {s, "\"synthetic\":false", "\"synthetic\":true", "synthetic is true; must be false"},
        {s, "\"room_minutes\":990", "\"room_minutes\":991", "P2 room_minutes"},
        {s, "\"seconds\":0.5", "\"seconds\":-1", "seconds"},
        {s, "\"packages\":0", "\"packages\":1", "waiting packages is 1; must be 0"},
        {s, "\"packages\":3,\"placed\":1,\"waiting\":2,\"carer", "\"packages\":4,\"placed\":1,\"waiting\":2,\"carer",
         "A packages is 4; must be 3"},
        {s, "{\"tier\":\"prime\"", "{\"tier\":\"supplementary\"", "prime tier is supplementary; must be prime"},
        {s, "\"levels\":[", "\"levels\":[{},", "levels is a list or an object; must be a list of 5"},
        {s, "\"as_of\"", "as_of", "line 1"}};
    expect_findings(*state, changes, sizeof changes / sizeof *changes);
}

static void test_verify__certificate(void **state) {
    static const char c[] = "certificate.json";
    static const change changes[] = {
        {c, "\"Q1\":\"P2\"", "\"Q1\":\"P1\"", "plan Q1 is P1; must be P2"},
        {c, "\"Q2\":null,", "", "plan Q2 is absent"},
        {c, "\"Q2\":null,", "\"Q2\":null,\"Q9\":null,", "plan names 4 packages; must be 3"},
        {c, "\"format\":1", "\"format\":2", "format is 2"},
        {c, "\"bound\":210", "\"bound\":211", "the bound of tier is not proved"},
        {c, "\"bound\":6300", "\"bound\":6301", "the bound of waiting is not proved"},
        {c, "\"level/waiting\":10", "\"level/waiting\":9", "the bound of quality is not proved"},
        {c, "\"level/waiting\":10", "\"level/travel\":10", "the bound of quality is not proved"},
        {c, "\"level/waiting\":10", "\"hours/P9\":10", "names something that does not exist"},
        {c, "{\"leaf\":0}", "{\"leaf\":1}", "the bound of tier is not proved"},
        {c, "{\"leaf\":0}", "{\"package\":\"Q1\",\"provider\":\"P2\",\"with\":0,\"without\":0}", "tier is not proved"},
        {c, "\"denominator\":1", "\"denominator\":6", "the bound of tier is not proved"}};
    fixture *f = *state;
    expect_findings(f, changes, sizeof changes / sizeof *changes);
    /* A proof that is changed but still good is accepted when it is sealed again, and refused under its old seal. */
    case_write_plan(&f->plan, c, "\"level/waiting\":1}", "\"level/waiting\":2}");
    hcb_verify_report *report = verify(f);
    assert_int_equal(hcb_verify_ok(report), 1);
    hcb_verify_report_free(report);
    char path[128], text[16384];
    snprintf(path, sizeof path, "%s/certificate.json", f->plan.path);
    FILE *file = fopen(path, "r");
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = '\0';
    case_replace(text, "\"level/waiting\":2}", "\"level/waiting\":3}");
    test_folder_write(&f->plan, "certificate.json", text);
    report = verify(f);
    assert_int_equal(hcb_verify_finding_count(report), 1);
    assert_string_equal(hcb_verify_finding_at(report, 0)->field, "seal");
    hcb_verify_report_free(report);
}

static void test_verify__first_refusal(void **state) {
    fixture *f = *state;
    /* With twelve hours the prime has room for Q1, and the plan passes it over. */
    char providers[512];
    strcpy(providers, case_providers);
    case_replace(providers, ",10,80,", ",12,80,");
    test_folder_write(&f->workspace, "providers.csv", providers);
    hcb_verify_report *report = verify(f);
    bool found = false;
    for (size_t i = 0; i < hcb_verify_finding_count(report); i++)
        found |= strstr(hcb_verify_finding_at(report, i)->message,
                        "\"Q1\" is placed in a lower tier, although \"P1\" (prime) may take it and has room") != NULL;
    assert_true(found);
    hcb_verify_report_free(report);
}

static void test_verify__files_that_are_missing(void **state) {
    static const char *const names[] = {"allocations.csv", "waiting.csv", "summary.json", "certificate.json"};
    fixture *f = *state;
    for (int i = 0; i < 4; i++) {
        char path[128];
        case_write_plan(&f->plan, NULL, NULL, NULL);
        snprintf(path, sizeof path, "%s/%s", f->plan.path, names[i]);
        remove(path);
        hcb_verify_report *report = verify(f);
        assert_int_equal(hcb_verify_ok(report), 0);
        assert_int_equal(hcb_context_error(f->ctx)->code, HCB_OK);
        hcb_verify_report_free(report);
    }
}

static void test_verify__workspace_that_cannot_be_read(void **state) {
    fixture *f = *state;
    hcb_verify_report *report = (hcb_verify_report *)f;
    assert_int_equal(hcb_verify(&report, f->ctx, f->workspace.path, "/nowhere", NULL), HCB_ENOTFOUND);
    assert_null(report);
    assert_int_equal(hcb_verify(&report, f->ctx, "/nowhere", f->plan.path, NULL), HCB_ENOTFOUND);
    assert_null(report);
    hcb_verify_options options = {sizeof options, 0, "no_such_policy.yaml"};
    assert_int_equal(hcb_verify(&report, f->ctx, f->workspace.path, f->plan.path, &options), HCB_ENOTFOUND);
    options.struct_size = 3;
    assert_int_equal(hcb_verify(&report, f->ctx, f->workspace.path, f->plan.path, &options), HCB_EVERSION);
    assert_int_equal(hcb_verify(NULL, f->ctx, f->workspace.path, f->plan.path, NULL), HCB_EINVAL);
    assert_int_equal(hcb_verify(&report, f->ctx, NULL, f->plan.path, NULL), HCB_EINVAL);
    test_folder_write(&f->workspace, "coverage.csv", "provider_id,zone_id,tier\nP1,A,prime\nP7,A,prime\n");
    assert_int_equal(hcb_verify(&report, f->ctx, f->workspace.path, f->plan.path, NULL), HCB_EDATA);
    assert_non_null(strstr(hcb_context_error(f->ctx)->message, "\"P7\" is not known"));
}

static void test_verify__every_allocation_may_fail(void **state) {
    fixture *f = *state;
    hcb_verify_report *report;
    hcb_status status;
    long n = 0;
    do {
        f->memory.fail_at = f->memory.asked + ++n;
        status = hcb_verify(&report, f->ctx, f->workspace.path, f->plan.path, NULL);
        if (status != HCB_OK)
            assert_null(report);
        /* Lower folders may have words of their own for what went wrong, but never an answer. */
        assert_true(status == HCB_OK || status < 0);
    } while (status != HCB_OK && n < 100000);
    f->memory.fail_at = 0;
    assert_int_equal(hcb_verify_ok(report), 1);
    hcb_verify_report_free(report);
}

#define T(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
int main(void) {
    const struct CMUnitTest tests[] = {T(test_verify__plan_worked_by_hand_is_right),
                                       T(test_verify__tables),
                                       T(test_verify__summary),
                                       T(test_verify__certificate),
                                       T(test_verify__first_refusal),
                                       T(test_verify__files_that_are_missing),
                                       T(test_verify__workspace_that_cannot_be_read),
                                       T(test_verify__every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
