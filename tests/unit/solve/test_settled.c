/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many items in their places, few of whom may leave: proved, and the same as when everything is tried. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "engine_check.h"
#include "solve/settled.h"

/* A small part that matters, and many items in bins of their own, two in each and no room for a third. */
enum {
    PLACED = 6,
    QUEUE = 3,
    SMALL = PLACED + QUEUE,
    SMALL_BINS = 3,
    FULL_BINS = 160,
    ITEMS = SMALL + 2 * FULL_BINS,
    BINS = SMALL_BINS + FULL_BINS,
    ROWS = BINS + SMALL_BINS + 1,
    MOVES_ROW = ROWS - 1,
    PAIRS = SMALL * SMALL_BINS + 2 * (ITEMS - SMALL),
    PLANS = 1 << (2 * SMALL) /* a bin or waiting for each of the small part */
};

typedef struct part {
    hcb__engine_problem p;
    hcb__engine_level level[2];
    int64_t pair_start[ITEMS + 1], use_start[PAIRS + 1], use_weight[3 * PAIRS], limit[ROWS], cost[PAIRS], wait[ITEMS];
    int32_t pair_bin[PAIRS], use_row[3 * PAIRS], row_bin[ROWS], start[ITEMS];
    int64_t weight[SMALL][2];
} part;

static void add_use(part *p, int64_t *uses, int32_t row, int64_t weight) {
    p->use_row[*uses] = row;
    p->use_weight[(*uses)++] = weight;
}

static void add_pair(part *p, int64_t *pairs, int64_t *uses, int32_t item, int32_t bin, int64_t cost) {
    p->use_start[*pairs] = *uses;
    p->pair_bin[*pairs] = bin;
    p->cost[(*pairs)++] = cost;
    add_use(p, uses, bin, item < SMALL ? p->weight[item][0] : 10);
    if (item < SMALL)
        add_use(p, uses, BINS + bin, p->weight[item][1]);
    if (p->start[item] == bin)
        add_use(p, uses, MOVES_ROW, -1);
}

static void make_part(part *p, uint64_t seed, int64_t moves) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 0);
    memset(p, 0, sizeof *p);
    for (int32_t r = 0; r < ROWS; r++)
        p->row_bin[r] = r < BINS ? r : r < MOVES_ROW ? r - BINS : -1;
    int64_t pairs = 0, uses = 0;
    for (int32_t i = 0; i < ITEMS; i++) {
        int32_t home = i < SMALL ? i % SMALL_BINS : SMALL_BINS + (i - SMALL) / 2;
        p->start[i] = i >= PLACED && i < SMALL ? HCB__WAITS : home;
        p->wait[i] = i < SMALL ? 20 + hcb__rng_below(&rng, 60) : 1;
        for (int32_t k = 0; i < SMALL && k < 2; k++)
            p->weight[i][k] = 3 + hcb__rng_below(&rng, 8);
        p->pair_start[i] = pairs;
        for (int32_t b = 0; i < SMALL && b < SMALL_BINS; b++)
            add_pair(p, &pairs, &uses, i, b, hcb__rng_below(&rng, 30));
        int32_t next = SMALL_BINS + (home - SMALL_BINS + 1) % FULL_BINS;
        for (int32_t k = 0; i >= SMALL && k < 2; k++)
            add_pair(p, &pairs, &uses, i, (k == 0) == (home < next) ? home : next, 0);
    }
    p->pair_start[ITEMS] = pairs;
    p->use_start[pairs] = uses;
    for (int32_t b = 0; b < BINS; b++)
        p->limit[b] = b < SMALL_BINS ? hcb__rng_below(&rng, 7) : 20;
    for (int32_t b = 0; b < SMALL_BINS; b++)
        p->limit[BINS + b] = hcb__rng_below(&rng, 9);
    for (int32_t i = 0; i < PLACED; i++) {
        p->limit[p->start[i]] += p->weight[i][0];
        p->limit[BINS + p->start[i]] += p->weight[i][1];
    }
    p->limit[MOVES_ROW] = moves - (ITEMS - QUEUE);
    p->level[0] = (hcb__engine_level){.name = "waiting", .wait_cost = p->wait};
    p->level[1] = (hcb__engine_level){.name = "cost", .pair_cost = p->cost};
    p->p = (hcb__engine_problem){.n_items = ITEMS,
                                 .n_bins = BINS,
                                 .n_rows = ROWS,
                                 .n_levels = 2,
                                 .pair_start = p->pair_start,
                                 .pair_bin = p->pair_bin,
                                 .use_start = p->use_start,
                                 .use_row = p->use_row,
                                 .use_weight = p->use_weight,
                                 .row_limit = p->limit,
                                 .row_bin = p->row_bin,
                                 .levels = p->level,
                                 .start = p->start};
}

/* Tries every plan of the small part; the others can only stay, since their bins are full. */
static void try_all(const part *p, int64_t moves, int64_t best[2]) {
    best[0] = best[1] = INT64_MAX;
    for (int32_t plan = 0; plan < PLANS; plan++) {
        int64_t load[2 * SMALL_BINS] = {0}, moved = 0, waiting = 0, cost = 0;
        for (int32_t i = 0; i < SMALL; i++) {
            int32_t b = plan >> (2 * i) & 3;
            moved += i < PLACED && b != p->start[i];
            waiting += b == 3 ? p->wait[i] : 0;
            cost += b < 3 ? p->cost[p->pair_start[i] + b] : 0;
            for (int32_t k = 0; b < 3 && k < 2; k++)
                load[k * SMALL_BINS + b] += p->weight[i][k];
        }
        bool holds = moved <= moves && (waiting < best[0] || (waiting == best[0] && cost < best[1]));
        for (int32_t b = 0; b < SMALL_BINS && holds; b++)
            holds = load[b] <= p->limit[b] && load[SMALL_BINS + b] <= p->limit[BINS + b];
        if (holds) {
            best[0] = waiting;
            best[1] = cost;
        }
    }
}

static void test_settled__few_moves_are_proved_as_by_trying_all(void **state) {
    (void)state;
    part *p = calloc(1, sizeof *p);
    assert_non_null(p);
    int32_t differ = 0;
    for (uint64_t seed = 1; seed <= 12; seed++)
        for (int64_t moves = 1; moves <= 3; moves++) {
            int64_t best[2], without[2];
            char message[256];
            hcb__engine_answer *answer = NULL;
            hcb__engine_options options = {.work_limit = 8000000, .threads = 1, .seed = seed};
            make_part(p, seed, moves);
            try_all(p, moves, best);
            try_all(p, 0, without);
            differ += best[0] < without[0];
            assert_int_equal(hcb__engine_solve(&answer, hcb__default_allocator(), &p->p, &options, NULL, message),
                             HCB_OK);
            for (int32_t j = 0; j < 2; j++)
                if (answer->levels[j].value != best[j] || answer->levels[j].bound != best[j])
                    fail_msg("seed %d, %d moves, level %d: %lld, at least %lld; tried: %lld", (int)seed, (int)moves, j,
                             (long long)answer->levels[j].value, (long long)answer->levels[j].bound,
                             (long long)best[j]);
            if (!engine_check_all(&p->p, answer, message))
                fail_msg("seed %d, %d moves: %s", (int)seed, (int)moves, message);
            hcb__engine_answer_free(answer);
        }
    assert_true(differ > 20); /* else moves would not matter here */
    free(p);
}

/* What the certificate proves is no less than the truth, and no more is confirmed. */
static void test_settled__a_claim_above_the_truth_is_refused(void **state) {
    (void)state;
    part *p = calloc(1, sizeof *p);
    assert_non_null(p);
    make_part(p, 3, 2);
    hcb__engine_options options = {.work_limit = 8000000, .threads = 1, .seed = 1};
    hcb__engine_answer *answer = NULL;
    char message[256];
    assert_int_equal(hcb__engine_solve(&answer, hcb__default_allocator(), &p->p, &options, NULL, message), HCB_OK);
    for (int32_t j = 0; j < 2; j++) {
        engine_check check;
        int32_t verdict;
        assert_true(engine_check_init(&check, &p->p, answer, j));
        check.claim.bound++;
        hcb__check_seal(&check.problem, &check.claim, check.claim.seal);
        assert_int_equal(
            hcb__check_claim_holds(&verdict, hcb__default_allocator(), &check.problem, &check.claim, 0, NULL, message),
            HCB_OK);
        assert_int_equal(verdict, HCB__CHECK_REFUTED);
        engine_check_free(&check);
    }
    hcb__engine_answer_free(answer);
    free(p);
}

static void test_settled__finds_the_row_and_counts_who_may_leave(void **state) {
    (void)state;
    part *p = calloc(1, sizeof *p);
    uint8_t *all = malloc(PAIRS + ITEMS);
    assert_non_null(p);
    assert_non_null(all);
    memset(all, 1, PAIRS + ITEMS);
    hcb__allowed allowed = {all, PAIRS};
    hcb__core *core = NULL;
    hcb__settled settled;
    make_part(p, 1, 7);
    assert_true(hcb__core_build(&core, hcb__default_allocator(), &p->p, 0, &allowed, NULL));
    hcb__settled_find(&settled, core);
    assert_int_equal(settled.row, MOVES_ROW);
    assert_int_equal(settled.most, 7);
    assert_int_equal(settled.to_place, 7 + QUEUE);
    assert_int_equal(settled.unit, 1);
    hcb__core_free(core);
    /* A row in which all choices weigh the same keeps nobody in place. */
    for (int64_t u = 0; u < p->use_start[PAIRS]; u++)
        if (p->use_row[u] == MOVES_ROW)
            p->use_weight[u] = 0;
    assert_true(hcb__core_build(&core, hcb__default_allocator(), &p->p, 0, &allowed, NULL));
    hcb__settled_find(&settled, core);
    assert_int_equal(settled.to_place, INT32_MAX);
    hcb__core_free(core);
    free(all);
    free(p);
}

/* An allocator that fails at its n-th call. */
typedef struct scarce {
    int64_t left, held;
} scarce;

static void *scarce_realloc(void *block, size_t size, void *user) {
    scarce *s = user;
    void *got = s->left-- > 0 ? realloc(block, size) : NULL;
    s->held += got && !block;
    return got;
}

static void *scarce_malloc(size_t size, void *user) {
    return scarce_realloc(NULL, size, user);
}

static void scarce_free(void *block, void *user) {
    ((scarce *)user)->held -= block != NULL;
    free(block);
}

static void test_settled__memory_may_be_out_anywhere(void **state) {
    (void)state;
    part *p = calloc(1, sizeof *p);
    assert_non_null(p);
    make_part(p, 2, 2);
    hcb_status status = HCB_ENOMEM;
    for (int64_t calls = 1; status != HCB_OK; calls += 1 + calls / 40) {
        scarce s = {calls, 0};
        hcb_allocator mem = {scarce_malloc, scarce_realloc, scarce_free, &s};
        hcb__engine_options options = {.work_limit = 300000, .threads = 1, .seed = 1};
        hcb__engine_answer *answer = NULL;
        char message[256];
        status = hcb__engine_solve(&answer, &mem, &p->p, &options, NULL, message);
        assert_true(status == HCB_OK || status == HCB_ENOMEM);
        hcb__engine_answer_free(answer);
        assert_int_equal(s.held, 0);
    }
    free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settled__few_moves_are_proved_as_by_trying_all),
        cmocka_unit_test(test_settled__a_claim_above_the_truth_is_refused),
        cmocka_unit_test(test_settled__finds_the_row_and_counts_who_may_leave),
        cmocka_unit_test(test_settled__memory_may_be_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
