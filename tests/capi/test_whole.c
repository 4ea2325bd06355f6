/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole path through the public interface, as a host program would go it: other locales, threads, cancellation,
 * memory that runs out, arguments that make no sense. */
#include <locale.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "counting.h"
#include "hcbroker/hcbroker.h"

static const char small[] = HCB_SOURCE_DIR "/tests/golden/base";

/* The printed result without the line of the seconds; malloc'ed. */
static char *result_of(hcb_context *ctx, const hcb_workspace *workspace, int32_t threads) {
    hcb_allocation_options options = HCB_ALLOCATION_OPTIONS_INIT;
    options.threads = threads;
    hcb_allocation *allocation = NULL;
    hcb_text *text = NULL;
    if (hcb_allocation_solve(&allocation, ctx, workspace, &options) != HCB_OK ||
        hcb_allocation_print(&text, allocation, ctx, HCB_FORMAT_JSON) != HCB_OK) {
        hcb_allocation_free(allocation);
        return NULL;
    }
    char *copy = strdup(hcb_text_data(text));
    char *seconds = copy ? strstr(copy, "\"seconds\":") : NULL;
    if (seconds) {
        char *end = strchr(seconds, '\n');
        memmove(seconds, end, strlen(end) + 1);
    }
    hcb_text_free(text);
    hcb_allocation_free(allocation);
    return copy;
}

static char *whole_path(int32_t threads) {
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    char *result = NULL;
    if (hcb_context_create(&ctx, NULL) == HCB_OK && hcb_workspace_load(&workspace, ctx, small, NULL) == HCB_OK)
        result = result_of(ctx, workspace, threads);
    hcb_workspace_free(workspace);
    hcb_context_free(ctx);
    return result;
}

static void test_whole_path__answers_in_the_plain_locale(void **state) {
    (void)state;
    char *result = whole_path(1);
    assert_non_null(result);
    assert_non_null(strstr(result, "\"levels\""));
    free(result);
}

static void test_whole_path__does_not_depend_on_the_locale(void **state) {
    (void)state;
    char *plain = whole_path(1);
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "de_DE")) {
        free(plain);
        print_message("no German locale here\n");
        skip();
    }
    char number[16];
    snprintf(number, sizeof number, "%.1f", 0.5);
    assert_string_equal(number, "0,5");
    char *german = whole_path(1);
    setlocale(LC_ALL, "C");
    assert_non_null(plain);
    assert_non_null(german);
    assert_string_equal(plain, german);
    free(plain);
    free(german);
}

typedef struct shared_job {
    const hcb_workspace *workspace;
    int32_t threads;
    char *result;
} shared_job;

static void *run_shared(void *arg) {
    shared_job *job = arg;
    hcb_context *ctx = NULL;
    if (hcb_context_create(&ctx, NULL) == HCB_OK)
        job->result = result_of(ctx, job->workspace, job->threads);
    hcb_context_free(ctx);
    return NULL;
}

static void test_frozen_workspace__is_shared_by_threads(void **state) {
    (void)state;
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    assert_int_equal(hcb_context_create(&ctx, NULL), HCB_OK);
    assert_int_equal(hcb_workspace_load(&workspace, ctx, small, NULL), HCB_OK);
    hcb_context_free(ctx); /* the workspace outlives its context */
    enum { JOBS = 4 };
    shared_job jobs[JOBS];
    pthread_t threads[JOBS];
    for (int i = 0; i < JOBS; i++) {
        jobs[i] = (shared_job){workspace, 1 + i % 2, NULL};
        assert_int_equal(pthread_create(&threads[i], NULL, run_shared, &jobs[i]), 0);
    }
    for (int i = 0; i < JOBS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < JOBS; i++) {
        assert_non_null(jobs[i].result);
        assert_string_equal(jobs[i].result, jobs[0].result);
    }
    for (int i = 0; i < JOBS; i++)
        free(jobs[i].result);
    hcb_workspace_free(workspace);
}

static void test_allocation__keeps_what_it_needs(void **state) {
    (void)state;
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    hcb_allocation *allocation = NULL;
    assert_int_equal(hcb_context_create(&ctx, NULL), HCB_OK);
    assert_int_equal(hcb_workspace_load(&workspace, ctx, small, NULL), HCB_OK);
    assert_int_equal(hcb_allocation_solve(&allocation, ctx, workspace, NULL), HCB_OK);
    hcb_workspace_free(workspace);
    int32_t placed = 0;
    hcb_allocation_summary summary = {.struct_size = sizeof summary};
    assert_int_equal(hcb_allocation_get_summary(allocation, &summary), HCB_OK);
    for (int32_t i = 0; i < hcb_allocation_item_count(allocation); i++) {
        hcb_allocation_item item = {.struct_size = sizeof item};
        assert_int_equal(hcb_allocation_item_at(allocation, i, &item), HCB_OK);
        assert_true(item.provider_id ? item.rank >= 1 && !item.reason : item.reason != NULL && item.detail != NULL);
        placed += item.provider_id != NULL;
    }
    assert_int_equal(placed, summary.placed);
    assert_int_equal(summary.placed + summary.waiting, summary.packages);
    hcb_allocation_free(allocation);
    hcb_context_free(ctx);
}

static void test_arrays__say_what_the_items_say(void **state) {
    (void)state;
    static const char *const bands[] = {"urban", "fringe", "rural", "isolated"};
    static const char *const tiers[] = {"prime", "supplementary", "framework"};
    static const char *const reasons[] = {NULL, "rule", "capacity", "trade"};
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    hcb_allocation *allocation = NULL;
    assert_int_equal(hcb_context_create(&ctx, NULL), HCB_OK);
    assert_int_equal(hcb_workspace_load(&workspace, ctx, small, NULL), HCB_OK);
    for (int32_t method = HCB_METHOD_OPTIMAL; method <= HCB_METHOD_SEQUENTIAL; method++) {
        hcb_allocation_options options = HCB_ALLOCATION_OPTIONS_INIT;
        options.method = method;
        options.replan = method == HCB_METHOD_OPTIMAL ? HCB_REPLAN_FREE : HCB_REPLAN_FIXED;
        assert_int_equal(hcb_allocation_solve(&allocation, ctx, workspace, &options), HCB_OK);
        hcb_allocation_arrays a = {.struct_size = sizeof a};
        assert_int_equal(hcb_allocation_get_arrays(allocation, &a), HCB_OK);
        assert_int_equal(a.n_items, hcb_allocation_item_count(allocation));
        assert_int_equal(a.n_providers, 4);
        assert_int_equal(a.n_zones, 3);
        for (int32_t i = 0; i < a.n_items; i++) {
            hcb_allocation_item item = {.struct_size = sizeof item};
            assert_int_equal(hcb_allocation_item_at(allocation, i, &item), HCB_OK);
            assert_string_equal(a.package_id[i], item.package_id);
            assert_string_equal(a.zone_id[a.zone[i]], item.zone_id);
            assert_string_equal(bands[a.band[i]], item.band);
            assert_int_equal(a.previous_provider[i] >= 0, item.previous_provider_id != NULL);
            if (item.previous_provider_id)
                assert_string_equal(a.provider_id[a.previous_provider[i]], item.previous_provider_id);
            if (item.provider_id) {
                assert_string_equal(a.provider_id[a.provider[i]], item.provider_id);
                assert_string_equal(tiers[a.tier[i]], item.tier);
                assert_int_equal(a.reason[i], HCB_REASON_NONE);
                assert_null(a.detail[i]);
            } else {
                assert_int_equal(a.provider[i], -1);
                assert_int_equal(a.tier[i], -1);
                assert_string_equal(reasons[a.reason[i]], item.reason);
                assert_string_equal(a.detail[i], item.detail);
            }
            assert_int_equal(a.rank[i], item.rank);
            assert_int_equal(a.quality[i], item.quality);
            assert_int_equal(a.priority[i], item.priority);
            assert_int_equal(a.days_waiting[i], item.days_waiting);
            assert_int_equal(a.carer_minutes[i], item.carer_minutes);
            assert_int_equal(a.price_pence_per_hour[i], item.price_pence_per_hour);
            assert_int_equal(a.weekly_cost_pence[i], item.weekly_cost_pence);
            assert_int_equal(a.travel_seconds[i], item.travel_seconds);
        }
        hcb_allocation_free(allocation);
    }
    hcb_workspace_free(workspace);
    hcb_context_free(ctx);
}

static void test_cancel__before_the_solve_still_gives_a_plan(void **state) {
    (void)state;
    hcb_cancel *cancel = NULL;
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    hcb_allocation *allocation = NULL;
    assert_int_equal(hcb_cancel_create(&cancel), HCB_OK);
    hcb_context_options options = {.struct_size = sizeof options, .cancel = cancel};
    assert_int_equal(hcb_context_create(&ctx, &options), HCB_OK);
    assert_int_equal(hcb_workspace_load(&workspace, ctx, small, NULL), HCB_OK);
    hcb_cancel_request(cancel);
    assert_int_equal(hcb_allocation_solve(&allocation, ctx, workspace, NULL), HCB_OK);
    hcb_allocation_summary summary = {.struct_size = sizeof summary};
    assert_int_equal(hcb_allocation_get_summary(allocation, &summary), HCB_OK);
    assert_int_equal(summary.placed + summary.waiting, summary.packages);
    hcb_allocation_free(allocation);
    hcb_workspace_free(workspace);
    hcb_context_free(ctx);
    hcb_cancel_free(cancel);
}

/* Every allocation of ours fails once: the call says so, nothing leaks, the context works on. */
static void test_memory__that_runs_out_is_an_error_and_nothing_leaks(void **state) {
    (void)state;
    counting memory;
    counting_init(&memory);
    hcb_context_options options = {.struct_size = sizeof options, .allocator = &memory.mem};
    hcb_context *ctx = NULL;
    assert_int_equal(hcb_context_create(&ctx, &options), HCB_OK);
    bool finished = false;
    /* The first hundred one by one, then ever wider steps: the later ones are alike. */
    for (long n = 1; !finished; n += 1 + n / 50) {
        hcb_workspace *workspace = NULL;
        hcb_allocation *allocation = NULL;
        hcb_text *text = NULL;
        memory.fail_at = memory.asked + n;
        hcb_status status = hcb_workspace_load(&workspace, ctx, small, NULL);
        if (status == HCB_OK)
            status = hcb_allocation_solve(&allocation, ctx, workspace, NULL);
        if (status == HCB_OK)
            status = hcb_allocation_print(&text, allocation, ctx, HCB_FORMAT_TEXT);
        finished = memory.asked < memory.fail_at;
        memory.fail_at = 0;
        if (!finished && status != HCB_ENOMEM && status != HCB_OK)
            print_error("allocation %ld: %s: %s\n", n, hcb_status_name(status), hcb_context_error(ctx)->message);
        assert_true(status == HCB_ENOMEM || status == HCB_OK);
        hcb_text_free(text);
        hcb_allocation_free(allocation);
        hcb_workspace_free(workspace);
    }
    hcb_context_free(ctx);
    assert_int_equal(memory.alive, 0);
}

static void test_arguments__that_make_no_sense_are_refused(void **state) {
    (void)state;
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    hcb_allocation *allocation = NULL;
    assert_int_equal(hcb_context_create(NULL, NULL), HCB_EINVAL);
    hcb_context_options other = {.struct_size = 1};
    assert_int_equal(hcb_context_create(&ctx, &other), HCB_EVERSION);
    assert_int_equal(hcb_context_create(&ctx, NULL), HCB_OK);
    assert_int_equal(hcb_workspace_load(NULL, ctx, small, NULL), HCB_EINVAL);
    assert_int_equal(hcb_workspace_load(&workspace, NULL, small, NULL), HCB_EINVAL);
    assert_int_equal(hcb_workspace_load(&workspace, ctx, NULL, NULL), HCB_EINVAL);
    assert_int_equal(hcb_workspace_load(&workspace, ctx, "/nowhere", NULL), HCB_ENOTFOUND);
    assert_null(workspace);
    assert_true(strlen(hcb_context_error(ctx)->message) > 0);
    assert_int_equal(hcb_workspace_load(&workspace, ctx, small, NULL), HCB_OK);
    assert_int_equal(hcb_context_error(ctx)->code, HCB_OK);
    hcb_allocation_options options = HCB_ALLOCATION_OPTIONS_INIT;
    options.gap = -1;
    assert_int_equal(hcb_allocation_solve(&allocation, ctx, workspace, &options), HCB_EINVAL);
    options.gap = 0.0 / (double)(options.gap == 0); /* not a number */
    assert_int_equal(hcb_allocation_solve(&allocation, ctx, workspace, &options), HCB_EINVAL);
    options = (hcb_allocation_options)HCB_ALLOCATION_OPTIONS_INIT;
    options.replan = -3;
    assert_int_equal(hcb_allocation_solve(&allocation, ctx, workspace, &options), HCB_EINVAL);
    options = (hcb_allocation_options)HCB_ALLOCATION_OPTIONS_INIT;
    options.struct_size--;
    assert_int_equal(hcb_allocation_solve(&allocation, ctx, workspace, &options), HCB_EVERSION);
    assert_int_equal(hcb_allocation_solve(&allocation, ctx, NULL, NULL), HCB_EINVAL);
    assert_null(allocation);
    hcb_workspace_free(workspace);
    hcb_workspace_free(NULL);
    hcb_allocation_free(NULL);
    hcb_context_free(ctx);
    hcb_context_free(NULL);
}

typedef struct said {
    pthread_t caller;
    bool elsewhere;
    hcb_context *ctx;
    hcb_status again; /* what a call from inside the callback gives */
    char lines[4000];
} said;

static void note_line(int32_t level, const char *component, const char *message, void *payload) {
    said *s = payload;
    s->elsewhere = s->elsewhere || !pthread_equal(pthread_self(), s->caller);
    size_t used = strlen(s->lines);
    snprintf(s->lines + used, sizeof s->lines - used, "%d %s %s\n", level, component, message);
    if (s->ctx) {
        hcb_workspace *none = NULL;
        s->again = hcb_workspace_load(&none, s->ctx, small, NULL);
    }
}

static void test_log__tells_what_was_read_made_and_found(void **state) {
    (void)state;
    said s = {.caller = pthread_self()};
    hcb_context_options options = {.struct_size = sizeof options, .log = note_line, .log_payload = &s};
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    hcb_allocation *allocation = NULL;
    assert_int_equal(hcb_context_create(&ctx, &options), HCB_OK);
    s.ctx = ctx;
    assert_int_equal(hcb_workspace_load(&workspace, ctx, small, NULL), HCB_OK);
    assert_int_equal(s.again, HCB_EBUSY);
    assert_int_equal(hcb_allocation_solve(&allocation, ctx, workspace, NULL), HCB_OK);
    assert_non_null(strstr(s.lines, "2 model "));
    assert_non_null(strstr(s.lines, " providers, "));
    assert_non_null(strstr(s.lines, "2 allocation "));
    assert_true(s.lines[0] == '2' && !strstr(s.lines, "\n0 "));
    hcb_allocation_free(allocation);
    hcb_workspace_free(workspace);
    s.lines[0] = '\0';
    assert_int_not_equal(hcb_workspace_load(&workspace, ctx, HCB_SOURCE_DIR "/tests", NULL), HCB_OK);
    assert_non_null(strstr(s.lines, "0 call HCB_"));
    assert_non_null(strstr(s.lines, hcb_context_error(ctx)->message));
    assert_false(s.elsewhere);
    hcb_context_free(ctx);
}

static void test_statuses__have_a_name_and_a_sentence(void **state) {
    (void)state;
    for (hcb_status s = HCB_OK; s > HCB_STATUS_END; s--) {
        assert_string_not_equal(hcb_status_name(s), "HCB_UNKNOWN");
        assert_true(strlen(hcb_status_text(s)) > 3);
    }
    assert_string_equal(hcb_status_name(HCB_STATUS_END), "HCB_UNKNOWN");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_path__answers_in_the_plain_locale),
        cmocka_unit_test(test_whole_path__does_not_depend_on_the_locale),
        cmocka_unit_test(test_frozen_workspace__is_shared_by_threads),
        cmocka_unit_test(test_allocation__keeps_what_it_needs),
        cmocka_unit_test(test_arrays__say_what_the_items_say),
        cmocka_unit_test(test_cancel__before_the_solve_still_gives_a_plan),
        cmocka_unit_test(test_memory__that_runs_out_is_an_error_and_nothing_leaks),
        cmocka_unit_test(test_arguments__that_make_no_sense_are_refused),
        cmocka_unit_test(test_log__tells_what_was_read_made_and_found),
        cmocka_unit_test(test_statuses__have_a_name_and_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
