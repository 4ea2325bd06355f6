/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios when memory runs out, and calls that make no sense. What the figures are is tested from outside, in
 * tests/cli/scenarios.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "counting.h"
#include "hcbroker/compare.h"
#include "../allocation/verify_case.h"

typedef struct fixture {
    test_folder workspace;
    char file[128];
    counting memory;
    hcb_context *ctx;
} fixture;

static int open_fixture(void **state) {
    fixture *f = calloc(1, sizeof *f);
    f->workspace = test_folder_make();
    counting_init(&f->memory);
    hcb_context_options options = {.struct_size = sizeof options, .allocator = &f->memory.mem};
    case_write_workspace(&f->workspace);
    test_folder_write(&f->workspace, "what_if.yaml",
                      "version: 1\n"
                      "name: What if\n"
                      "base: .\n"
                      "budget: {first: 2021-22, growth: [1%, 2%, 3%, 4%]}\n"
                      "scenarios:\n"
                      "  - {name: as it is}\n"
                      "  - name: changed\n"
                      "    changes:\n"
                      "      demand: {people: +50%, hours: +10%, starts: +50%}\n"
                      "      capacity: +20%\n"
                      "      prices: +1%\n"
                      "      providers: {P1: {capacity: -10%}, P2: leaves}\n"
                      "      refusals: [supplementary]\n"
                      "      lots: yes\n"
                      "      tender: yes\n");
    snprintf(f->file, sizeof f->file, "%s/what_if.yaml", f->workspace.path);
    *state = f;
    return hcb_context_create(&f->ctx, &options) == HCB_OK ? 0 : -1;
}

static int close_fixture(void **state) {
    fixture *f = *state;
    hcb_context_free(f->ctx);
    long alive = f->memory.alive;
    test_folder_remove(f->workspace.path);
    free(f);
    return alive ? -1 : 0;
}

static hcb_scenario_options options_for(const fixture *f) {
    hcb_scenario_options o = HCB_SCENARIO_OPTIONS_INIT;
    o.workspace = f->workspace.path;
    o.at_once = 1;
    o.allocation.threads = 1;
    return o;
}

typedef hcb_status (*call)(hcb_text **out, fixture *f, const hcb_scenario_options *o);

static hcb_status call_run(hcb_text **out, fixture *f, const hcb_scenario_options *o) {
    char name[160];
    snprintf(name, sizeof name, "%s#changed", f->file);
    return hcb_scenario_run(out, f->ctx, name, o);
}

static hcb_status call_compare(hcb_text **out, fixture *f, const hcb_scenario_options *o) {
    char name[160];
    snprintf(name, sizeof name, "%s#changed", f->file);
    return hcb_compare(out, f->ctx, f->workspace.path, name, o);
}

static hcb_status call_sweep(hcb_text **out, fixture *f, const hcb_scenario_options *o) {
    return hcb_sweep(out, f->ctx, f->file, o);
}

static hcb_status call_list(hcb_text **out, fixture *f, const hcb_scenario_options *o) {
    return hcb_scenario_list(out, f->ctx, f->file, o);
}

static const call calls[] = {call_run, call_compare, call_sweep, call_list};
enum { CALLS = sizeof calls / sizeof *calls };

/* Each allocation fails in turn (further apart as they get many): an error, nothing lost, and the context goes on. */
static void test_scenario_run__out_of_memory(void **state) {
    fixture *f = *state;
    for (int c = 0; c < CALLS; c++) {
        hcb_scenario_options o = options_for(f);
        o.publish = c % 2;
        long alive = f->memory.alive, tries = 0;
        hcb_status status = HCB_ENOMEM;
        for (long n = 1; status != HCB_OK; n += 1 + n / 12, tries++) {
            hcb_text *text = NULL;
            f->memory.asked = 0;
            f->memory.fail_at = n;
            status = calls[c](&text, f, &o);
            f->memory.fail_at = 0;
            if (status != HCB_OK) {
                assert_int_equal(status, HCB_ENOMEM);
                assert_null(text);
            }
            hcb_text_free(text);
            assert_int_equal(hcb_scenario_list(&text, f->ctx, f->workspace.path, &o), HCB_OK);
            hcb_text_free(text);
            assert_int_equal(f->memory.alive, alive);
            assert_true(n < 1000000);
        }
        assert_true(tries > 10);
    }
}

static void test_scenario_run__calls_that_make_no_sense(void **state) {
    fixture *f = *state;
    hcb_scenario_options o = options_for(f);
    hcb_text *text = NULL;
    assert_int_equal(hcb_scenario_run(NULL, f->ctx, f->file, &o), HCB_EINVAL);
    assert_int_equal(hcb_scenario_run(&text, f->ctx, NULL, &o), HCB_EINVAL);
    assert_int_equal(hcb_scenario_run(&text, f->ctx, f->file, &o), HCB_EINVAL); /* which of the two? */
    assert_int_equal(hcb_compare(&text, f->ctx, f->file, NULL, &o), HCB_EINVAL);
    assert_int_equal(hcb_sweep(&text, f->ctx, NULL, &o), HCB_EINVAL);
    assert_int_equal(hcb_sweep(&text, f->ctx, "/nowhere/at.all", &o), HCB_ENOTFOUND);
    assert_int_equal(hcb_scenario_list(&text, f->ctx, "no-bundled-file", &o), HCB_ENOTFOUND);
    o.at_once = 65;
    assert_int_equal(hcb_sweep(&text, f->ctx, f->file, &o), HCB_EINVAL);
    o.at_once = 0;
    o.format = 9;
    assert_int_equal(hcb_sweep(&text, f->ctx, f->file, &o), HCB_EINVAL);
    o.format = 0;
    struct {
        hcb_scenario_options options;
        uint64_t more;
    } newer = {options_for(f), 1};
    newer.options.struct_size = sizeof newer;
    assert_int_equal(hcb_sweep(&text, f->ctx, f->file, &newer.options), HCB_EVERSION);
    assert_null(text);
}

static void hash_of(const fixture *f, const char *scenario, const hcb_scenario_options *o, char out[65]) {
    hcb_text *text = NULL;
    assert_int_equal(hcb_scenario_hash(&text, f->ctx, scenario, o), HCB_OK);
    assert_int_equal(hcb_text_size(text), 64);
    assert_int_equal(strspn(hcb_text_data(text), "0123456789abcdef"), 64);
    memcpy(out, hcb_text_data(text), 65);
    hcb_text_free(text);
}

/* The hash is the one of the run; it changes with what changes the figures, and with nothing else. */
static void test_scenario_hash__says_what_a_run_depends_on(void **state) {
    fixture *f = *state;
    hcb_scenario_options o = options_for(f);
    hcb_text *text = NULL;
    char as_it_is[160], changed[160], one[65], other[65], quoted[80];
    snprintf(as_it_is, sizeof as_it_is, "%s#as it is", f->file);
    snprintf(changed, sizeof changed, "%s#changed", f->file);
    hash_of(f, as_it_is, &o, one);
    assert_int_equal(hcb_scenario_run(&text, f->ctx, as_it_is, &o), HCB_OK);
    snprintf(quoted, sizeof quoted, "\"%s\"", one);
    assert_non_null(strstr(hcb_text_data(text), quoted));
    hcb_text_free(text);
    o.at_once = 3;
    o.allocation.threads = 2;
    hash_of(f, as_it_is, &o, other);
    assert_string_equal(one, other);
    hash_of(f, changed, &o, other);
    assert_string_not_equal(one, other);
    o.allocation.seed = 2;
    hash_of(f, as_it_is, &o, other);
    assert_string_not_equal(one, other);
    o.allocation.seed = 1;
    o.allocation.work_limit = 77777;
    hash_of(f, as_it_is, &o, other);
    assert_string_not_equal(one, other);
    text = NULL;
    assert_int_equal(hcb_scenario_hash(NULL, f->ctx, as_it_is, &o), HCB_EINVAL);
    assert_int_equal(hcb_scenario_hash(&text, f->ctx, "nowhere.yaml", &o), HCB_ENOTFOUND);
    assert_null(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_scenario_run__out_of_memory, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_scenario_run__calls_that_make_no_sense, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(test_scenario_hash__says_what_a_run_depends_on, open_fixture, close_fixture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
