/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A morning's queue: 60 items, 86 bins, five ordered levels, rows as a county has them; proved on all levels, soon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "engine_check.h"
#include "solve/backend.h"

enum {
    ITEMS = 60,
    BINS = 86,
    ZONES = 14,
    BLOCKS = 4,
    LEVELS = 5,
    PAIRS = ITEMS * BINS,
    ROWS_A_BIN = 1 + BLOCKS + 1 + 1
};

typedef struct queue {
    hcb__engine_problem p;
    hcb__engine_level level[LEVELS];
    int64_t pair_start[ITEMS + 1], use_start[PAIRS + 1], use_weight[PAIRS * 7], row_limit[BINS * ROWS_A_BIN];
    int32_t pair_bin[PAIRS], use_row[PAIRS * 7], row_bin[BINS * ROWS_A_BIN];
    int64_t cost[LEVELS][PAIRS], wait[ITEMS];
} queue;

static int64_t between(hcb__rng *rng, int64_t low, int64_t high) {
    return low + (int64_t)hcb__rng_below(rng, (uint32_t)(high - low + 1));
}

/* Rows of a bin: minutes, minutes in its home zone, minutes by block of the day, new packages. */
static void make_rows(queue *q, hcb__rng *rng, int64_t spare) {
    for (int32_t b = 0; b < BINS; b++)
        for (int32_t k = 0; k < ROWS_A_BIN; k++) {
            int32_t r = b * ROWS_A_BIN + k;
            q->row_bin[r] = b;
            q->row_limit[r] = k == ROWS_A_BIN - 1 ? between(rng, 1, 3) : between(rng, 0, spare) / (k >= 2 ? 2 : 1);
        }
}

static void make_queue(queue *q, uint64_t seed, int64_t spare) {
    static const char *const names[LEVELS] = {"waiting", "tier", "quality", "cost", "travel"};
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 3);
    memset(q, 0, sizeof *q);
    make_rows(q, &rng, spare);
    int64_t pairs = 0, uses = 0, quality[BINS];
    for (int32_t b = 0; b < BINS; b++)
        quality[b] = between(&rng, 40, 100);
    for (int32_t i = 0; i < ITEMS; i++) {
        int32_t zone = (int32_t)between(&rng, 0, ZONES - 1);
        int64_t part[BLOCKS], minutes = 0;
        for (int32_t k = 0; k < BLOCKS; k++)
            minutes += part[k] = between(&rng, 0, 1) * 30 * between(&rng, 3, 14);
        minutes += part[0] += 210;
        q->wait[i] = minutes * between(&rng, 1, 5);
        for (int32_t b = 0; b < BINS; b++) {
            if (hcb__rng_below(&rng, 4) != 0)
                continue;
            int32_t row = b * ROWS_A_BIN;
            int64_t tier = between(&rng, 0, 2);
            q->pair_bin[pairs] = b;
            q->use_row[uses] = row;
            q->use_weight[uses++] = minutes;
            if (b % ZONES == zone) {
                q->use_row[uses] = row + 1;
                q->use_weight[uses++] = minutes;
            }
            for (int32_t k = 0; k < BLOCKS; k++)
                if (part[k]) {
                    q->use_row[uses] = row + 2 + k;
                    q->use_weight[uses++] = part[k];
                }
            q->use_row[uses] = row + ROWS_A_BIN - 1;
            q->use_weight[uses++] = 1;
            q->cost[1][pairs] = minutes * tier;
            q->cost[2][pairs] = minutes * (100 - quality[b]);
            q->cost[3][pairs] = minutes * between(&rng, 1875, 2615) / 60;
            q->cost[4][pairs] = between(&rng, 200, 1500) * 21;
            q->use_start[++pairs] = uses;
        }
        q->pair_start[i + 1] = pairs;
    }
    for (int32_t j = 0; j < LEVELS; j++)
        q->level[j] =
            (hcb__engine_level){.name = names[j], .pair_cost = j ? q->cost[j] : NULL, .wait_cost = j ? NULL : q->wait};
    q->p = (hcb__engine_problem){.n_items = ITEMS,
                                 .n_bins = BINS,
                                 .n_rows = BINS * ROWS_A_BIN,
                                 .n_levels = LEVELS,
                                 .pair_start = q->pair_start,
                                 .pair_bin = q->pair_bin,
                                 .use_start = q->use_start,
                                 .use_row = q->use_row,
                                 .use_weight = q->use_weight,
                                 .row_limit = q->row_limit,
                                 .row_bin = q->row_bin,
                                 .levels = q->level};
}

static void expect_proved(uint64_t seed, int64_t spare, const hcb__backend *backend) {
    static queue q;
    make_queue(&q, seed, spare);
    hcb__engine_options options = {.work_limit = 40000000, .threads = 1, .seed = 1, .backend = backend};
    hcb__engine_answer *answer = NULL;
    char message[256], reason[256];
    assert_int_equal(hcb__engine_solve(&answer, hcb__default_allocator(), &q.p, &options, NULL, message), HCB_OK);
    for (int32_t j = 0; j < LEVELS; j++)
        print_message("%s %lld bound %lld nodes %d; ", q.level[j].name, (long long)answer->levels[j].value,
                      (long long)answer->levels[j].bound, (int)answer->levels[j].certificate.n_nodes);
    print_message("%lld work, %.3f s\n", (long long)answer->work, answer->seconds);
    for (int32_t j = 0; j < LEVELS; j++)
        assert_int_equal(answer->levels[j].stop, HCB__STOP_PROVED);
    if (!engine_check_all(&q.p, answer, reason))
        fail_msg("seed %d: %s", (int)seed, reason);
    hcb__engine_answer_free(answer);
}

static void test_queue__with_room_is_proved_on_all_levels(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++)
        expect_proved(seed, 6000, NULL);
}

static void test_queue__with_little_room_is_proved_on_all_levels(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++)
        expect_proved(seed, 1500, NULL);
}

static void test_queue__is_proved_with_every_back_end(void **state) {
    (void)state;
    for (const hcb__backend *const *backend = hcb__backends(); *backend; backend++) {
        print_message("%s: ", (*backend)->name);
        expect_proved(1, 1500, *backend);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_queue__with_room_is_proved_on_all_levels),
                                       cmocka_unit_test(test_queue__with_little_room_is_proved_on_all_levels),
                                       cmocka_unit_test(test_queue__is_proved_with_every_back_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
