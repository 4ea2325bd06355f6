/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine's border: what it refuses, that it repeats itself, that it stops, and that it survives lack of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/worker.h"
#include "random_problem.h"

static hcb_status solve_with(const hcb__engine_problem *p, const hcb__engine_options *options,
                             hcb__engine_answer **answer, char message[256]) {
    return hcb__engine_solve(answer, hcb__default_allocator(), p, options, NULL, message);
}

static void expect_refused(const hcb__engine_problem *p, hcb_status status, const char *names) {
    hcb__engine_options options = {.work_limit = 1000, .threads = 1};
    hcb__engine_answer *answer = NULL;
    char message[256];
    assert_int_equal(solve_with(p, &options, &answer, message), status);
    assert_null(answer);
    if (!strstr(message, names))
        fail_msg("'%s' does not name '%s'", message, names);
}

static void test_engine__refuses_what_breaks_the_rules(void **state) {
    (void)state;
    random_problem r;
    random_problem_make(&r, 2);
    hcb__engine_problem bad = r.p;
    bad.n_levels = 0;
    expect_refused(&bad, HCB_EINVAL, "no levels");
    bad = r.p;
    int32_t start[RP_ITEMS] = {99, 99, 99, 99, 99, 99, 99, 99};
    bad.start = start;
    expect_refused(&bad, HCB_EINVAL, "bin 99");
    int32_t saved = r.pair_bin[0];
    r.pair_bin[0] = 77;
    expect_refused(&r.p, HCB_EINVAL, "bin 77");
    r.pair_bin[0] = saved;
}

static void test_engine__refuses_sums_past_64_bits_by_name(void **state) {
    (void)state;
    random_problem r;
    random_problem_make(&r, 3);
    r.level[1].pair_cost = r.pair_cost[1];
    r.level[1].kind = HCB__LEVEL_SUM;
    r.pair_cost[1][0] = INT64_MAX / 2;
    expect_refused(&r.p, HCB_ELIMIT, "second");
    random_problem_make(&r, 3);
    assert_true(r.use_start[RP_PAIRS] > 0 || r.p.n_rows > 0);
    r.use_weight[0] = INT64_MAX / 2;
    expect_refused(&r.p, HCB_ELIMIT, "row");
}

/* 40 items, 6 bins, tight: more than the tree settles at once. */
typedef struct tight {
    hcb__engine_problem p;
    hcb__engine_level level;
    int64_t pair_start[41], use_start[241], use_weight[240], limit[6], cost[240], wait[40];
    int32_t pair_bin[240], use_row[240], row_bin[6];
} tight;

static void make_tight(tight *t) {
    hcb__rng rng;
    hcb__rng_seed(&rng, 11, 0);
    memset(t, 0, sizeof *t);
    int64_t total = 0;
    for (int32_t i = 0; i < 40; i++) {
        for (int32_t b = 0; b < 6; b++) {
            int32_t k = i * 6 + b;
            t->pair_bin[k] = b;
            t->use_row[k] = b;
            t->use_weight[k] = 100 + hcb__rng_below(&rng, 900);
            t->cost[k] = 1000 - t->use_weight[k] + hcb__rng_below(&rng, 20);
            t->use_start[k + 1] = k + 1;
            total += t->use_weight[k];
        }
        t->pair_start[i + 1] = (i + 1) * 6;
        t->wait[i] = 3000;
    }
    for (int32_t b = 0; b < 6; b++) {
        t->row_bin[b] = b;
        t->limit[b] = total / 6 / 6 * 8 / 10;
    }
    t->level = (hcb__engine_level){.name = "cost", .pair_cost = t->cost, .wait_cost = t->wait};
    t->p = (hcb__engine_problem){.n_items = 40,
                                 .n_bins = 6,
                                 .n_rows = 6,
                                 .n_levels = 1,
                                 .pair_start = t->pair_start,
                                 .pair_bin = t->pair_bin,
                                 .use_start = t->use_start,
                                 .use_row = t->use_row,
                                 .use_weight = t->use_weight,
                                 .row_limit = t->limit,
                                 .row_bin = t->row_bin,
                                 .levels = &t->level};
}

static void test_engine__gives_the_same_answer_for_any_number_of_threads(void **state) {
    (void)state;
    tight t;
    make_tight(&t);
    hcb__engine_answer *one = NULL, *two = NULL;
    char message[256];
    hcb__engine_options options = {.work_limit = 300000, .threads = 1, .seed = 5};
    assert_int_equal(solve_with(&t.p, &options, &one, message), HCB_OK);
    options.threads = 2;
    assert_int_equal(solve_with(&t.p, &options, &two, message), HCB_OK);
    assert_int_equal(one->work, two->work);
    assert_memory_equal(one->bin, two->bin, 40 * sizeof *one->bin);
    assert_int_equal(one->levels[0].bound, two->levels[0].bound);
    assert_int_equal(one->levels[0].certificate.n_nodes, two->levels[0].certificate.n_nodes);
    hcb__engine_answer_free(one);
    hcb__engine_answer_free(two);
}

/* Parts of a work limit are rounded down, and 0 is no limit: a part of one unit must not become that. */
static void test_engine__a_work_limit_of_one_unit_is_a_limit(void **state) {
    (void)state;
    tight t;
    make_tight(&t);
    int64_t work[2] = {0};
    for (int32_t k = 0; k < 2; k++) {
        hcb__engine_options options = {.work_limit = k ? 20 : 1, .threads = 1};
        hcb__engine_answer *answer = NULL;
        char message[256];
        assert_int_equal(solve_with(&t.p, &options, &answer, message), HCB_OK);
        work[k] = answer->work;
        hcb__engine_answer_free(answer);
    }
    assert_true(work[0] <= work[1]);
}

static void test_engine__keeps_the_deadline_and_the_wish_to_stop(void **state) {
    (void)state;
    tight t;
    make_tight(&t);
    t.p.n_items = 40;
    hcb__engine_options options = {.time_limit_s = 0.3, .threads = 1};
    hcb__engine_answer *answer = NULL;
    char message[256];
    double began = hcb__now();
    assert_int_equal(solve_with(&t.p, &options, &answer, message), HCB_OK);
    assert_true(hcb__now() - began < 3); /* shared machines: generous */
    assert_true(answer->has_plan);
    hcb__engine_answer_free(answer);
    hcb__worker worker;
    memset(&worker, 0, sizeof worker);
    assert_int_equal(pthread_mutex_init(&worker.lock, NULL), 0);
    atomic_init(&worker.stop, 1);
    options.time_limit_s = 100;
    began = hcb__now();
    assert_int_equal(hcb__engine_solve(&answer, hcb__default_allocator(), &t.p, &options, &worker, message), HCB_OK);
    assert_true(hcb__now() - began < 3);
    assert_int_equal(answer->stop, HCB__STOP_CANCELLED);
    hcb__engine_answer_free(answer);
    pthread_mutex_destroy(&worker.lock);
}

static void test_engine__no_single_step_is_left(void **state) {
    (void)state;
    tight t;
    make_tight(&t);
    hcb__engine_options options = {.work_limit = 500, .threads = 1};
    hcb__engine_answer *answer = NULL;
    char message[256];
    assert_int_equal(solve_with(&t.p, &options, &answer, message), HCB_OK);
    int64_t load[6] = {0};
    for (int32_t i = 0; i < 40; i++)
        if (answer->bin[i] >= 0)
            load[answer->bin[i]] += t.use_weight[i * 6 + answer->bin[i]];
    for (int32_t i = 0; i < 40; i++) {
        int64_t now = answer->bin[i] >= 0 ? t.cost[i * 6 + answer->bin[i]] : t.wait[i];
        for (int32_t b = 0; b < 6; b++)
            if (b != answer->bin[i] && load[b] + t.use_weight[i * 6 + b] <= t.limit[b])
                assert_true(t.cost[i * 6 + b] >= now);
    }
    hcb__engine_answer_free(answer);
}

/* An allocator that fails at its n-th call. */
typedef struct scarce {
    int64_t calls, fail_at, live;
} scarce;

static void *scarce_malloc(size_t size, void *user) {
    scarce *s = user;
    if (++s->calls == s->fail_at)
        return NULL;
    s->live++;
    return malloc(size);
}

static void *scarce_realloc(void *ptr, size_t size, void *user) {
    scarce *s = user;
    if (++s->calls == s->fail_at)
        return NULL;
    s->live += !ptr;
    return realloc(ptr, size);
}

static void scarce_free(void *ptr, void *user) {
    scarce *s = user;
    s->live--;
    free(ptr);
}

static void test_engine__survives_every_failed_allocation(void **state) {
    (void)state;
    random_problem r;
    random_problem_make(&r, 10);
    bool finished = false;
    for (int64_t n = 1; !finished; n++) {
        scarce s = {0, n, 0};
        hcb_allocator mem = {scarce_malloc, scarce_realloc, scarce_free, &s};
        hcb__engine_options options = {.work_limit = 20000, .threads = 1};
        hcb__engine_answer *answer = NULL;
        char message[256];
        hcb_status status = hcb__engine_solve(&answer, &mem, &r.p, &options, NULL, message);
        finished = s.calls < n;
        if (status == HCB_OK)
            hcb__engine_answer_free(answer);
        else
            assert_int_equal(status, HCB_ENOMEM);
        assert_int_equal(s.live, 0);
        assert_true(n < 100000);
        if (n > 400)
            n += n / 8; /* the later ones are of a kind */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_engine__refuses_what_breaks_the_rules),
                                       cmocka_unit_test(test_engine__refuses_sums_past_64_bits_by_name),
                                       cmocka_unit_test(test_engine__gives_the_same_answer_for_any_number_of_threads),
                                       cmocka_unit_test(test_engine__a_work_limit_of_one_unit_is_a_limit),
                                       cmocka_unit_test(test_engine__keeps_the_deadline_and_the_wish_to_stop),
                                       cmocka_unit_test(test_engine__no_single_step_is_left),
                                       cmocka_unit_test(test_engine__survives_every_failed_allocation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
