/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Problems of a county's shape: most people are placed, a few wait, few may move; and bins with many items alike, whose
 * best sets are hard to bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/worker.h"
#include "engine_check.h"

enum { ITEMS = 1200, BINS = 26, ROWS_A_BIN = 4, ROWS = BINS * ROWS_A_BIN + 1, PAIRS = ITEMS * BINS };

typedef struct county {
    hcb__engine_problem p;
    hcb__engine_level level[3];
    int64_t pair_start[ITEMS + 1], use_start[PAIRS + 1], use_weight[PAIRS * ROWS], limit[ROWS];
    int64_t cost[2][PAIRS], wait[ITEMS];
    int32_t pair_bin[PAIRS], use_row[PAIRS * ROWS], row_bin[ROWS], start[ITEMS];
} county;

/* Items of few kinds; each bin has a limit on hours, on two times of the day and on the number of people. All but a few
 * are placed, in the first bin from one of their own on that has room; the last row allows `moves` to leave it. */
static void make_county(county *c, uint64_t seed, int64_t moves) {
    static const int64_t sizes[] = {105, 210, 210, 210, 315, 420, 420, 630};
    int64_t load[ROWS] = {0};
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 0);
    memset(c, 0, sizeof *c);
    int32_t uses = 0, n_pairs = 0;
    for (int32_t b = 0; b < BINS; b++)
        for (int32_t r = 0; r < ROWS_A_BIN; r++) {
            c->row_bin[b * ROWS_A_BIN + r] = b;
            c->limit[b * ROWS_A_BIN + r] = r == 0 ? 28000 : r < 3 ? 14200 : ITEMS;
        }
    c->row_bin[ROWS - 1] = -1;
    for (int32_t i = 0; i < ITEMS; i++) {
        int64_t first = sizes[hcb__rng_below(&rng, 8)], second = sizes[hcb__rng_below(&rng, 8)];
        int32_t home = -1, from = (int32_t)hcb__rng_below(&rng, BINS);
        for (int32_t k = 0; k < BINS && home < 0; k++) {
            int64_t *at = load + (from + k) % BINS * ROWS_A_BIN, *limit = c->limit + (from + k) % BINS * ROWS_A_BIN;
            if (at[0] + first + second <= limit[0] && at[1] + first <= limit[1] && at[2] + second <= limit[2]) {
                at[0] += first + second;
                at[1] += first;
                at[2] += second;
                home = (from + k) % BINS;
            }
        }
        c->start[i] = i % 30 == 29 ? HCB__WAITS : home;
        c->wait[i] = (1 + hcb__rng_below(&rng, 5)) * (first + second);
        c->pair_start[i] = n_pairs;
        for (int32_t b = 0; b < BINS; b++) {
            if (b != c->start[i] && hcb__rng_below(&rng, 3) != 0)
                continue;
            c->use_start[n_pairs] = uses;
            c->pair_bin[n_pairs] = b;
            c->cost[0][n_pairs] = (first + second) * hcb__rng_below(&rng, 3);
            c->cost[1][n_pairs] = (first + second) * (10 + 5 * hcb__rng_below(&rng, 4));
            int64_t weight[ROWS_A_BIN] = {first + second, first, second, 1};
            for (int32_t r = 0; r < ROWS_A_BIN; r++) {
                c->use_row[uses] = b * ROWS_A_BIN + r;
                c->use_weight[uses++] = weight[r];
            }
            if (b == c->start[i]) {
                c->use_row[uses] = ROWS - 1;
                c->use_weight[uses++] = -1;
                c->limit[ROWS - 1]--;
            }
            n_pairs++;
        }
        c->pair_start[i + 1] = n_pairs;
    }
    c->use_start[n_pairs] = uses;
    c->limit[ROWS - 1] += moves;
    c->level[0] = (hcb__engine_level){.name = "waiting", .wait_cost = c->wait};
    c->level[1] = (hcb__engine_level){.name = "tier", .pair_cost = c->cost[0]};
    c->level[2] = (hcb__engine_level){.name = "cost", .pair_cost = c->cost[1]};
    c->p = (hcb__engine_problem){.n_items = ITEMS,
                                 .n_bins = BINS,
                                 .n_rows = ROWS,
                                 .n_levels = 3,
                                 .pair_start = c->pair_start,
                                 .pair_bin = c->pair_bin,
                                 .use_start = c->use_start,
                                 .use_row = c->use_row,
                                 .use_weight = c->use_weight,
                                 .row_limit = c->limit,
                                 .row_bin = c->row_bin,
                                 .levels = c->level,
                                 .start = c->start};
}

static hcb__engine_answer *solve_on(const county *c, int64_t work, int32_t threads) {
    hcb__engine_options options = {.work_limit = work, .threads = threads, .seed = 3, .gap = 1e-4};
    hcb__engine_answer *answer = NULL;
    char message[256];
    assert_int_equal(hcb__engine_solve(&answer, hcb__default_allocator(), &c->p, &options, NULL, message), HCB_OK);
    return answer;
}

static hcb__engine_answer *solve(const county *c, int64_t work) {
    return solve_on(c, work, 2);
}

/* However little work is allowed, who may move must not make the plan worse than when nobody does. */
static void test_county__a_few_moves_are_never_worse_than_none(void **state) {
    (void)state;
    county *c = calloc(1, sizeof *c);
    assert_non_null(c);
    for (uint64_t seed = 1; seed <= 2; seed++) {
        make_county(c, seed, 0);
        hcb__engine_answer *none = solve(c, 50000);
        for (int64_t moves = 1; moves <= 20; moves *= 20) {
            make_county(c, seed, moves);
            hcb__engine_answer *some = solve(c, 500000);
            for (int32_t j = 0; j < 3; j++) {
                if (some->levels[j].value > none->levels[j].value)
                    fail_msg("seed %d, %d moves: level %d is worth %lld, without moves %lld", (int)seed, (int)moves, j,
                             (long long)some->levels[j].value, (long long)none->levels[j].value);
                if (some->levels[j].value < none->levels[j].value)
                    break;
            }
            hcb__engine_answer_free(some);
        }
        hcb__engine_answer_free(none);
    }
    free(c);
}

/* All may move, so that annealing and regions take turns; the row that counts moves joins all bins. */
static void test_county__is_the_same_on_any_number_of_threads(void **state) {
    (void)state;
    county *c = calloc(1, sizeof *c);
    assert_non_null(c);
    make_county(c, 4, ITEMS);
    hcb__engine_answer *one = solve_on(c, 2000000, 1), *two = solve_on(c, 2000000, 2);
    assert_int_equal(one->work, two->work);
    assert_memory_equal(one->bin, two->bin, ITEMS * sizeof *one->bin);
    for (int32_t j = 0; j < 3; j++) {
        assert_int_equal(one->levels[j].value, two->levels[j].value);
        assert_int_equal(one->levels[j].bound, two->levels[j].bound);
    }
    hcb__engine_answer_free(one);
    hcb__engine_answer_free(two);
    free(c);
}

/* Bins with dozens of items alike: the engine's bounds are those that the checker, with a search of its own, confirms.
 */
static void test_county__bounds_are_confirmed(void **state) {
    (void)state;
    county *c = calloc(1, sizeof *c);
    assert_non_null(c);
    for (uint64_t seed = 1; seed <= 2; seed++) {
        char reason[256];
        make_county(c, seed, 30);
        hcb__engine_answer *answer = solve(c, 800000);
        if (!engine_check_all(&c->p, answer, reason))
            fail_msg("seed %d: %s", (int)seed, reason);
        hcb__engine_answer_free(answer);
    }
    free(c);
}

/* Nobody may move, so that nothing but the queue is left to decide: it is proved. */
static void test_county__no_moves_leave_the_queue_alone(void **state) {
    (void)state;
    county *c = calloc(1, sizeof *c);
    assert_non_null(c);
    make_county(c, 1, 0);
    hcb__engine_answer *answer = solve(c, 4000000);
    char reason[256];
    for (int32_t i = 0; i < ITEMS; i++)
        if (c->start[i] != HCB__WAITS)
            assert_int_equal(answer->bin[i], c->start[i]);
    assert_int_equal(answer->levels[0].bound, answer->levels[0].value);
    if (!engine_check_all(&c->p, answer, reason))
        fail_msg("%s", reason);
    hcb__engine_answer_free(answer);
    free(c);
}

/* From the plan and the prices of an answer, a little work gives a plan no worse, and a bound that is confirmed. */
static void test_county__goes_on_from_an_answer(void **state) {
    (void)state;
    county *c = calloc(1, sizeof *c);
    assert_non_null(c);
    make_county(c, 5, 30);
    hcb__engine_answer *before = solve(c, 600000), *after = NULL;
    const double *prices[3];
    char message[256];
    for (int32_t j = 0; j < 3; j++)
        prices[j] = before->levels[j].row_price;
    hcb__engine_options options = {.work_limit = 20000, .threads = 1, .seed = 3, .gap = 1e-4, .row_price = prices};
    c->p.start = before->bin;
    assert_int_equal(hcb__engine_solve(&after, hcb__default_allocator(), &c->p, &options, NULL, message), HCB_OK);
    for (int32_t j = 0; j < 3 && after->levels[j].value >= before->levels[j].value; j++)
        assert_int_equal(after->levels[j].value, before->levels[j].value);
    if (!engine_check_all(&c->p, after, message))
        fail_msg("%s", message);
    /* The prices carry most of the bound over: without them so little work proves hardly anything. */
    assert_true(2 * after->levels[0].bound >= before->levels[0].bound);
    hcb__engine_answer_free(after);
    hcb__engine_answer_free(before);
    free(c);
}

/* Memory whose n-th request is also the wish to stop. */
typedef struct stopping {
    hcb__worker worker;
    int64_t calls, stop_at;
} stopping;

static void *stopping_malloc(size_t size, void *user) {
    stopping *s = user;
    if (++s->calls == s->stop_at)
        atomic_store(&s->worker.stop, 1);
    return malloc(size);
}

static void *stopping_realloc(void *ptr, size_t size, void *user) {
    stopping *s = user;
    if (++s->calls == s->stop_at)
        atomic_store(&s->worker.stop, 1);
    return realloc(ptr, size);
}

static void stopping_free(void *ptr, void *user) {
    (void)user;
    free(ptr);
}

static void assert_rows_hold(const county *c, const int32_t *bin) {
    int64_t load[ROWS] = {0};
    for (int32_t i = 0; i < ITEMS; i++)
        for (int64_t k = c->pair_start[i]; k < c->pair_start[i + 1]; k++)
            for (int64_t u = c->use_start[k]; c->pair_bin[k] == bin[i] && u < c->use_start[k + 1]; u++)
                load[c->use_row[u]] += c->use_weight[u];
    for (int32_t r = 0; r < ROWS; r++)
        assert_true(load[r] <= c->limit[r]);
}

/* Wherever the wish to stop comes, in the middle of setting up an LP too: the plan holds and each bound is proved. */
static void test_county__stops_anywhere_with_a_plan_and_a_proof(void **state) {
    (void)state;
    county *c = calloc(1, sizeof *c);
    assert_non_null(c);
    make_county(c, 7, 30);
    bool finished = false;
    int32_t cancelled = 0;
    for (int64_t n = 1; !finished; n += n / 4 + 1) {
        stopping s = {.stop_at = n};
        hcb_allocator mem = {stopping_malloc, stopping_realloc, stopping_free, &s};
        hcb__engine_options options = {.work_limit = 60000, .threads = 1, .seed = 3};
        hcb__engine_answer *answer = NULL;
        char message[256];
        assert_int_equal(pthread_mutex_init(&s.worker.lock, NULL), 0);
        assert_int_equal(hcb__engine_solve(&answer, &mem, &c->p, &options, &s.worker, message), HCB_OK);
        finished = s.calls < n;
        cancelled += answer->stop == HCB__STOP_CANCELLED;
        assert_true(answer->has_plan);
        assert_rows_hold(c, answer->bin);
        if (!engine_check_all(&c->p, answer, message))
            fail_msg("stopped at request %d: %s", (int)n, message);
        hcb__engine_answer_free(answer);
        pthread_mutex_destroy(&s.worker.lock);
    }
    assert_true(cancelled > 10);
    free(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_county__a_few_moves_are_never_worse_than_none),
        cmocka_unit_test(test_county__is_the_same_on_any_number_of_threads),
        cmocka_unit_test(test_county__bounds_are_confirmed),
        cmocka_unit_test(test_county__goes_on_from_an_answer),
        cmocka_unit_test(test_county__no_moves_leave_the_queue_alone),
        cmocka_unit_test(test_county__stops_anywhere_with_a_plan_and_a_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
