/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hcbroker/status.h"
#include "workbench.h"

static void test_context__arguments_are_checked(void **state) {
    (void)state;
    hcb_context *ctx = (hcb_context *)&ctx;
    hcb_context_options options = {.struct_size = 4};
    assert_int_equal(hcb_context_create(NULL, NULL), HCB_EINVAL);
    assert_int_equal(hcb_context_create(&ctx, &options), HCB_EVERSION);
    assert_null(ctx);
    hcb_allocator half = {0};
    options.struct_size = sizeof options;
    options.allocator = &half;
    assert_int_equal(hcb_context_create(&ctx, &options), HCB_EINVAL);
    counting memory;
    counting_init(&memory);
    memory.fail_at = 1;
    options.allocator = &memory.mem;
    assert_int_equal(hcb_context_create(&ctx, &options), HCB_ENOMEM);
    assert_int_equal(hcb_context_create(&ctx, NULL), HCB_OK);
    assert_int_equal(hcb_context_error(ctx)->code, HCB_OK);
    assert_string_equal(hcb_context_error(ctx)->message, "");
    hcb_context_free(ctx);
    hcb_context_free(NULL);
    assert_null(hcb_context_error(NULL));
    assert_int_equal(hcb_context_diagnostic_count(NULL), 0);
    assert_null(hcb_context_diagnostic_at(NULL, 0));
    assert_int_equal(hcb_context_diagnostic_dropped(NULL), 0);
    assert_int_equal(hcb__begin(NULL), HCB_EINVAL);
}

static void test_context__calls_do_not_nest_and_records_do_not_outlive_them(void **state) {
    hcb_context *ctx = ((workbench *)*state)->ctx;
    assert_int_equal(hcb__begin(ctx), HCB_OK);
    assert_int_equal(hcb__begin(ctx), HCB_EBUSY);
    assert_int_equal(hcb__fail(ctx, HCB_EDATA, "carer \"%s\" has %d hours", "c17", -3), HCB_EDATA);
    assert_int_equal(hcb__fail(ctx, HCB_EIO, "later"), HCB_EIO);
    hcb__diag_error(ctx, NULL, "x");
    assert_int_equal(hcb__end(ctx, HCB_EDATA), HCB_EDATA);
    assert_int_equal(hcb_context_error(ctx)->code, HCB_EDATA);
    assert_string_equal(hcb_context_error(ctx)->message, "carer \"c17\" has -3 hours");
    assert_int_equal(hcb__begin(ctx), HCB_OK);
    assert_int_equal(hcb_context_error(ctx)->code, HCB_OK);
    assert_int_equal(hcb_context_diagnostic_count(ctx), 0);
    assert_int_equal(hcb__end(ctx, HCB_ESOLVER), HCB_ESOLVER);
    assert_string_equal(hcb_context_error(ctx)->message, hcb_status_text(HCB_ESOLVER));
}

static void test_context__a_message_is_one_line(void **state) {
    hcb_context *ctx = ((workbench *)*state)->ctx;
    hcb__where where = {"a.csv", 3, 4, "id"};
    assert_int_equal(hcb__fail_at(ctx, HCB_EDATA, &where, "a\nb\x1b[31m"), HCB_EDATA);
    const hcb_error *error = hcb_context_error(ctx);
    assert_string_equal(error->message, "a?b?[31m");
    assert_string_equal(error->file, "a.csv");
    assert_string_equal(error->pointer, "id");
    assert_int_equal(error->line, 3);
    assert_int_equal(error->column, 4);
}

static void test_context__a_hundred_errors_a_file_are_kept(void **state) {
    hcb_context *ctx = ((workbench *)*state)->ctx;
    assert_int_equal(hcb__diag_status(ctx), HCB_OK);
    for (int i = 1; i <= 250; i++) {
        char name[] = "a.csv";
        hcb__where a = {name, i, 1, "x"}, b = {"b.csv", i, 1, "x"};
        hcb__diag_error(ctx, &a, "error %d", i);
        name[0] = '?'; /* the text is copied */
        if (i <= 100)
            hcb__diag_error(ctx, &b, "error %d", i);
        hcb__diag_warning(ctx, &a, "warning %d", i);
    }
    assert_int_equal(hcb_context_diagnostic_count(ctx), 100 + 100 + 250);
    assert_int_equal(hcb_context_diagnostic_dropped(ctx), 150);
    assert_null(hcb_context_diagnostic_at(ctx, 450));
    assert_string_equal(hcb_context_diagnostic_at(ctx, 0)->file, "a.csv");
    assert_int_equal(hcb_context_diagnostic_at(ctx, 2)->severity, HCB_SEVERITY_WARNING);
    assert_int_equal(hcb__diag_status(ctx), HCB_EDATA);
    assert_string_equal(hcb_context_error(ctx)->message, "350 problems in the input; the first: error 1");
    assert_int_equal(hcb_context_error(ctx)->line, 1);
}

static void test_context__warnings_are_limited_and_are_not_errors(void **state) {
    hcb_context *ctx = ((workbench *)*state)->ctx;
    for (int i = 0; i < 1500; i++)
        hcb__diag_warning(ctx, NULL, "w");
    assert_int_equal(hcb_context_diagnostic_count(ctx), 1000);
    assert_int_equal(hcb_context_diagnostic_dropped(ctx), 0);
    assert_int_equal(hcb__diag_status(ctx), HCB_OK);
}

static void test_context__a_lack_of_memory_is_never_silence(void **state) {
    workbench *bench = *state;
    bench->memory.fail_at = 1;
    hcb__diag_error(bench->ctx, NULL, "lost");
    bench->memory.fail_at = 0;
    assert_int_equal(hcb_context_diagnostic_dropped(bench->ctx), 1);
    assert_int_equal(hcb__diag_status(bench->ctx), HCB_ENOMEM);
    assert_string_equal(hcb_context_error(bench->ctx)->message, "out of memory");
}

static void keep_line(int32_t level, const char *component, const char *message, void *payload) {
    snprintf(payload, 100, "%d %s %s", level, component, message);
}

static void test_context__log_and_cancellation(void **state) {
    (void)state;
    char line[100] = "";
    hcb_cancel *cancel;
    hcb_context *ctx;
    assert_int_equal(hcb_cancel_create(NULL), HCB_EINVAL);
    assert_int_equal(hcb_cancel_create(&cancel), HCB_OK);
    hcb_context_options options = {
        .struct_size = sizeof options, .log = keep_line, .log_payload = line, .cancel = cancel};
    assert_int_equal(hcb_context_create(&ctx, &options), HCB_OK);
    hcb__log(ctx, HCB_LOG_INFO, "io", "read %d\n", 5);
    assert_string_equal(line, "2 io read 5?");
    assert_false(hcb__cancelled(ctx));
    hcb_cancel_request(cancel);
    assert_true(hcb__cancelled(ctx));
    hcb_cancel_reset(cancel);
    assert_false(hcb__cancelled(ctx));
    hcb_context_free(ctx);
    hcb_cancel_free(cancel);
    hcb_cancel_free(NULL);
    hcb_cancel_request(NULL);
    hcb_cancel_reset(NULL);
}

static void test_status__every_code_has_a_name_and_a_sentence(void **state) {
    (void)state;
    for (hcb_status s = HCB_OK; s > HCB_STATUS_END; s--) {
        assert_string_not_equal(hcb_status_name(s), "HCB_UNKNOWN");
        assert_string_not_equal(hcb_status_text(s), hcb_status_text(1));
        for (hcb_status t = HCB_OK; t > s; t--)
            assert_string_not_equal(hcb_status_name(s), hcb_status_name(t));
    }
    assert_string_equal(hcb_status_name(HCB_STATUS_END), "HCB_UNKNOWN");
    assert_string_equal(hcb_status_name(HCB_EDATA), "HCB_EDATA");
    assert_int_equal(HCB_EINTERNAL, -15);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, workbench_open, workbench_close)
    const struct CMUnitTest tests[] = {
        TEST(test_context__arguments_are_checked),
        TEST(test_context__calls_do_not_nest_and_records_do_not_outlive_them),
        TEST(test_context__a_message_is_one_line),
        TEST(test_context__a_hundred_errors_a_file_are_kept),
        TEST(test_context__warnings_are_limited_and_are_not_errors),
        TEST(test_context__a_lack_of_memory_is_never_silence),
        TEST(test_context__log_and_cancellation),
        TEST(test_status__every_code_has_a_name_and_a_sentence),
    };
    return cmocka_run_group_tests_name("base.context", tests, NULL, NULL);
}
