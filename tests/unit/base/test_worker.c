/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/worker.h"

static void pause_ms(long ms) {
    struct timespec t = {0, ms * 1000000};
    nanosleep(&t, NULL);
}

typedef struct record {
    pthread_t caller, worker;
    int calls;
    int stop_after; /* calls of the progress function; 0: never */
    bool on_caller, level_right;
    int64_t value;
    double stopped_at, asked_at;
} record;

static int32_t note_progress(const hcb_progress *progress, void *payload) {
    record *r = payload;
    r->calls++;
    r->on_caller = pthread_equal(pthread_self(), r->caller) && (r->calls == 1 || r->on_caller);
    r->level_right =
        progress->struct_size == sizeof *progress && strcmp(progress->level, "cost") == 0 && progress->elapsed_s > 0;
    r->value = progress->value;
    return r->stop_after && r->calls >= r->stop_after;
}

/* Works until it is told to stop, for five seconds at most. */
static void work_until_stopped(hcb__worker *worker, void *payload) {
    record *r = payload;
    r->worker = pthread_self();
    hcb_progress progress = {.struct_size = sizeof progress, .level = "cost", .value = 42, .has_value = 1};
    hcb__worker_publish(worker, &progress);
    double began = hcb__now();
    while (!hcb__worker_stopping(worker) && hcb__now() - began < 5)
        pause_ms(1);
    r->stopped_at = hcb__now();
}

static void short_work(hcb__worker *worker, void *payload) {
    (void)worker;
    ((record *)payload)->value = 7;
}

static hcb_context *context_with(record *r, hcb_cancel *cancel) {
    hcb_context *ctx;
    hcb_context_options options = {
        .struct_size = sizeof options, .progress = note_progress, .progress_payload = r, .cancel = cancel};
    assert_int_equal(hcb_context_create(&ctx, &options), HCB_OK);
    return ctx;
}

static void test_worker__short_work_ends_at_once(void **state) {
    (void)state;
    record r = {.caller = pthread_self()};
    hcb_context *ctx = context_with(&r, NULL);
    bool stopped = true;
    double began = hcb__now();
    for (int i = 0; i < 50; i++)
        assert_int_equal(hcb__worker_run(ctx, short_work, &r, &stopped), HCB_OK);
    assert_true(hcb__now() - began < 4); /* a tick each would be 5 */
    assert_false(stopped);
    assert_int_equal(r.value, 7);
    hcb_context_free(ctx);
}

static void test_worker__progress_comes_on_the_callers_thread_and_may_stop(void **state) {
    (void)state;
    record r = {.caller = pthread_self(), .stop_after = 3};
    hcb_context *ctx = context_with(&r, NULL);
    bool stopped = false;
    double began = hcb__now();
    assert_int_equal(hcb__worker_run(ctx, work_until_stopped, &r, &stopped), HCB_OK);
    assert_true(stopped);
    assert_int_equal(r.calls, 3);
    assert_true(r.on_caller && r.level_right);
    assert_int_equal(r.value, 42);
    assert_false(pthread_equal(r.caller, r.worker));
    assert_true(hcb__now() - began > 0.2); /* at most ten calls a second */
    hcb_context_free(ctx);
}

typedef struct canceller {
    hcb_cancel *cancel;
    record *r;
} canceller;

static void *cancel_soon(void *payload) {
    canceller *c = payload;
    pause_ms(120);
    c->r->asked_at = hcb__now();
    hcb_cancel_request(c->cancel);
    return NULL;
}

static void test_worker__cancelling_ends_the_work_before_its_time(void **state) {
    (void)state;
    record r = {.caller = pthread_self()};
    canceller c = {NULL, &r};
    assert_int_equal(hcb_cancel_create(&c.cancel), HCB_OK);
    hcb_context *ctx = context_with(&r, c.cancel);
    pthread_t other;
    assert_int_equal(pthread_create(&other, NULL, cancel_soon, &c), 0);
    bool stopped = false;
    hcb_status status = hcb__worker_run(ctx, work_until_stopped, &r, &stopped);
    double returned = hcb__now();
    pthread_join(other, NULL);
    assert_int_equal(status, HCB_OK);
    assert_true(stopped);
    assert_true(r.stopped_at >= r.asked_at);
    assert_true(returned - r.asked_at < 4); /* the work alone would take 5 */
    hcb_context_free(ctx);
    hcb_cancel_free(c.cancel);
}

static void test_worker__an_earlier_request_counts(void **state) {
    (void)state;
    record r = {.caller = pthread_self()};
    hcb_cancel *cancel;
    assert_int_equal(hcb_cancel_create(&cancel), HCB_OK);
    hcb_context *ctx = context_with(&r, cancel);
    hcb_cancel_request(cancel);
    bool stopped = false;
    double began = hcb__now();
    assert_int_equal(hcb__worker_run(ctx, work_until_stopped, &r, &stopped), HCB_OK);
    assert_true(stopped && hcb__now() - began < 4);
    hcb_context_free(ctx);
    hcb_cancel_free(cancel);
}

static void test_worker__code_without_a_worker_goes_on(void **state) {
    (void)state;
    hcb_progress progress = {.struct_size = sizeof progress};
    hcb__worker_publish(NULL, &progress);
    assert_false(hcb__worker_stopping(NULL));
}

static void test_clock__deadlines(void **state) {
    (void)state;
    hcb__deadline none = hcb__deadline_in(0), soon = hcb__deadline_in(0.02);
    assert_true(hcb__deadline_left(none) > 1e9);
    assert_false(hcb__deadline_passed(none));
    assert_false(hcb__deadline_passed(soon));
    assert_true(hcb__deadline_left(soon) > 0 && hcb__deadline_left(soon) <= 0.02);
    pause_ms(30);
    assert_true(hcb__deadline_passed(soon));
    assert_true(hcb__deadline_left(soon) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worker__short_work_ends_at_once),
        cmocka_unit_test(test_worker__progress_comes_on_the_callers_thread_and_may_stop),
        cmocka_unit_test(test_worker__cancelling_ends_the_work_before_its_time),
        cmocka_unit_test(test_worker__an_earlier_request_counts),
        cmocka_unit_test(test_worker__code_without_a_worker_goes_on),
        cmocka_unit_test(test_clock__deadlines),
    };
    return cmocka_run_group_tests_name("base.worker", tests, NULL, NULL);
}
