/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meeting in the middle beside all ways to place a few items. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "solve/meet.h"

enum { ITEMS = 8, BINS = 4, LABELS = 30000, PROBLEMS = 300 };

typedef struct few {
    double value[ITEMS * BINS], price[BINS];
    int32_t weight[ITEMS * BINS], bin[ITEMS], items, bins;
    int64_t room[BINS];
} few;

/* Weights of a few or of many units; some pairs are not allowed, some prices are next to nothing. */
static void draw(few *f, uint64_t seed) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 0);
    f->items = 3 + (int32_t)hcb__rng_below(&rng, ITEMS - 2);
    f->bins = 2 + (int32_t)hcb__rng_below(&rng, BINS - 1);
    uint32_t unit = seed % 3 == 0 ? 5000 : 20;
    double total = 0;
    for (int32_t k = 0; k < f->items * f->bins; k++) {
        f->weight[k] = 1 + (int32_t)hcb__rng_below(&rng, unit);
        f->value[k] = hcb__rng_below(&rng, 10) == 0 && k % f->bins > 0 ? INFINITY : 10 * hcb__rng_unit(&rng);
        total += f->weight[k];
    }
    for (int32_t b = 0; b < f->bins; b++) {
        f->room[b] = (int64_t)(total / f->bins / f->bins * (0.8 + 0.6 * hcb__rng_unit(&rng)));
        f->price[b] = hcb__rng_below(&rng, 8) == 0 ? 1e-6 : hcb__rng_unit(&rng) * 20 / unit;
    }
}

static double excess(const few *f, const int32_t *bin) {
    double sum = 0;
    int64_t room[BINS];
    memcpy(room, f->room, sizeof room);
    for (int32_t i = 0; i < f->items; i++) {
        double least = INFINITY;
        for (int32_t b = 0; b < f->bins; b++)
            least = fmin(least, f->value[i * f->bins + b]);
        sum += f->value[i * f->bins + bin[i]] - least;
        room[bin[i]] -= f->weight[i * f->bins + bin[i]];
    }
    for (int32_t b = 0; b < f->bins; b++)
        sum = room[b] < 0 ? INFINITY : sum + f->price[b] * (double)room[b];
    return sum;
}

static double least_of_all(const few *f) {
    int32_t at[ITEMS] = {0}, k = 0;
    double least = INFINITY;
    while (k < f->items) {
        least = fmin(least, excess(f, at));
        for (k = 0; k < f->items && ++at[k] == f->bins; k++)
            at[k] = 0;
    }
    return least;
}

static hcb__meet_task task_of(few *f, double below) {
    return (hcb__meet_task){.n_items = f->items,
                            .n_bins = f->bins,
                            .most_labels = LABELS,
                            .value = f->value,
                            .weight = f->weight,
                            .room = f->room,
                            .price = f->price,
                            .below = below,
                            .bin = f->bin};
}

static void test_meet__finds_the_best_plan_there_is(void **state) {
    (void)state;
    int32_t with_plan = 0, without = 0;
    hcb__arena arena;
    hcb__arena_init(&arena, hcb__default_allocator());
    hcb__meet *meet = hcb__meet_create(&arena, ITEMS, LABELS);
    assert_non_null(meet);
    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        few f;
        hcb__budget budget = {.work_limit = 0};
        draw(&f, seed);
        double least = least_of_all(&f);
        double below[] = {least + 1e-3, 2 * least + 1, 200, least - 1e-3};
        for (int32_t k = 0; k < 4; k++) {
            hcb__meet_task t = task_of(&f, isfinite(below[k]) ? below[k] : 100);
            bool found = hcb__meet_solve(meet, &t, &budget);
            assert_true(t.below <= 0 || t.all_listed);
            assert_int_equal(found, least < t.below);
            assert_true(!found || (fabs(t.excess - least) < 1e-4 && fabs(excess(&f, f.bin) - least) < 1e-4));
            assert_true(found || t.excess == t.below);
        }
        *(isfinite(least) ? &with_plan : &without) += 1;
    }
    assert_true(with_plan >= PROBLEMS / 2 && without >= PROBLEMS / 20);
    hcb__arena_release(&arena);
}

/* Forty items in four bins do not fit the lists: the answer is a plan within the rows all the same, and says so. */
static void test_meet__says_when_a_list_was_cut_short(void **state) {
    (void)state;
    enum { MANY = 40, SHORT = 500 };
    double value[MANY * BINS], price[BINS] = {1, 1, 1, 1};
    int32_t weight[MANY * BINS], bin[MANY];
    int64_t room[BINS] = {0}, load[BINS] = {0};
    hcb__rng rng;
    hcb__arena arena;
    hcb__budget budget = {.work_limit = 0};
    hcb__rng_seed(&rng, 1, 0);
    for (int32_t k = 0; k < MANY * BINS; k++) {
        weight[k] = 1 + (int32_t)hcb__rng_below(&rng, 10);
        value[k] = hcb__rng_unit(&rng);
        room[k % BINS] += weight[k];
    }
    for (int32_t b = 0; b < BINS; b++)
        room[b] = room[b] * 11 / (10 * BINS);
    hcb__arena_init(&arena, hcb__default_allocator());
    hcb__meet *meet = hcb__meet_create(&arena, MANY, SHORT);
    hcb__meet_task t = {.n_items = MANY,
                        .n_bins = BINS,
                        .most_labels = SHORT,
                        .value = value,
                        .weight = weight,
                        .room = room,
                        .price = price,
                        .below = 1000,
                        .bin = bin};
    assert_true(hcb__meet_solve(meet, &t, &budget));
    assert_false(t.all_listed);
    for (int32_t i = 0; i < MANY; i++)
        load[bin[i]] += weight[i * BINS + bin[i]];
    for (int32_t b = 0; b < BINS; b++)
        assert_true(load[b] <= room[b]);
    hcb__arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_meet__finds_the_best_plan_there_is),
                                       cmocka_unit_test(test_meet__says_when_a_list_was_cut_short)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
