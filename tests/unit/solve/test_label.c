/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Best sets of a bin: the engine's labels and the checker's, each against all subsets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "allocation/certificate_set.h"
#include "base/rng.h"
#include "solve/label.h"

enum { ITEMS = 12, ROWS = 4, CASES = 400 };

typedef struct bin {
    int32_t n, rows;
    int64_t gain[ITEMS], weight[ITEMS][ROWS], limit[ROWS], best;
} bin;

static void make_bin(bin *b, uint64_t seed) {
    hcb__rng rng;
    memset(b, 0, sizeof *b);
    hcb__rng_seed(&rng, seed, 7);
    b->n = 4 + (int32_t)hcb__rng_below(&rng, ITEMS - 3);
    b->rows = 1 + (int32_t)hcb__rng_below(&rng, ROWS);
    int64_t unit = seed % 3 == 0 ? 1 : seed % 3 == 1 ? 1000 : 7000001;
    for (int32_t i = 0; i < b->n; i++) {
        b->gain[i] = unit * (1 + (int64_t)hcb__rng_below(&rng, 60));
        for (int32_t r = 0; r < b->rows; r++)
            /* The first row weighs all, the others a few or by number. */
            b->weight[i][r] = r == 0   ? unit * (1 + (int64_t)hcb__rng_below(&rng, 40))
                              : r == 1 ? 1
                                       : (int64_t)hcb__rng_below(&rng, 2) * b->weight[i][0];
    }
    for (int32_t r = 0; r < b->rows; r++) {
        int64_t sum = 0;
        for (int32_t i = 0; i < b->n; i++)
            sum += b->weight[i][r];
        b->limit[r] = sum * (2 + (int64_t)hcb__rng_below(&rng, 7)) / 10;
    }
    for (int32_t set = 0; set < 1 << b->n; set++) {
        int64_t gain = 0, load[ROWS] = {0};
        bool holds = true;
        for (int32_t i = 0; i < b->n; i++)
            for (int32_t r = 0; (set >> i & 1) && r < b->rows; r++)
                load[r] += b->weight[i][r];
        for (int32_t i = 0; i < b->n; i++)
            gain += (set >> i & 1) ? b->gain[i] : 0;
        for (int32_t r = 0; r < b->rows; r++)
            holds = holds && load[r] <= b->limit[r];
        b->best = holds && gain > b->best ? gain : b->best;
    }
}

/* What the engine's labels prove; the set found must hold the rows and gain what it is said to. */
static int64_t by_engine(const bin *b, int64_t most_labels, int64_t *found) {
    hcb__label_room room = {.mem = *hcb__default_allocator()};
    hcb__label_item items[ITEMS];
    int32_t set[ITEMS], n = 0;
    int64_t sum = 0, gain = 0, load[ROWS] = {0};
    for (int32_t i = 0; i < b->n; i++) {
        items[i] = (hcb__label_item){b->gain[i], b->weight[i], i};
        sum += b->gain[i];
    }
    *found = 0;
    int64_t most = hcb__label_best(&room, items, b->n, b->rows, b->limit, most_labels, sum, found, set, &n);
    for (int32_t k = 0; k < n; k++) {
        gain += b->gain[set[k]];
        for (int32_t r = 0; r < b->rows; r++)
            load[r] += b->weight[set[k]][r];
    }
    assert_int_equal(gain, *found);
    for (int32_t r = 0; r < b->rows; r++)
        assert_true(load[r] <= b->limit[r]);
    hcb__label_free(&room);
    return most;
}

static int64_t by_checker(const bin *b, int64_t most_labels, int32_t shift) {
    hcb__check_set set = {.mem = *hcb__default_allocator(), .n = b->n, .rows = b->rows};
    int64_t work = INT64_MAX / 2;
    for (int32_t i = 0; i < b->n; i++) {
        assert_true(HCB__PUSH(&set.mem, &set.gain, (__int128)b->gain[i] << shift));
        for (int32_t r = 0; r < b->rows; r++)
            assert_true(HCB__PUSH(&set.mem, &set.weight, b->weight[i][r]));
    }
    for (int32_t r = 0; r < b->rows; r++)
        assert_true(HCB__PUSH(&set.mem, &set.limit, b->limit[r]));
    __int128 most = hcb__check_set_best(&set, most_labels, &work);
    assert_false(set.failed);
    hcb__check_set_free(&set);
    /* Rounded up: a gain is never made smaller. */
    return (int64_t)((most + ((__int128)1 << shift) - 1) >> shift);
}

static void test_label__agrees_with_all_subsets(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        bin b;
        int64_t found;
        make_bin(&b, seed);
        assert_int_equal(by_engine(&b, 1000000, &found), b.best);
        assert_int_equal(found, b.best);
        assert_int_equal(by_checker(&b, 1000000, 0), b.best);
    }
}

static void test_label__cut_short_is_never_too_small(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        bin b;
        int64_t found;
        make_bin(&b, seed);
        for (int64_t most_labels = 0; most_labels < 12; most_labels += 3) {
            assert_true(by_engine(&b, most_labels, &found) >= b.best);
            assert_true(found <= b.best);
            assert_true(by_checker(&b, most_labels, 0) >= b.best);
        }
    }
}

/* Gains near 2^63 are searched in coarser units, rounded up. */
static void test_label__large_gains_are_rounded_up(void **state) {
    (void)state;
    for (uint64_t seed = 3; seed <= 60; seed += 3) {
        bin b;
        make_bin(&b, seed);
        int64_t most = by_checker(&b, 1000000, 56);
        assert_true(most >= b.best && most <= b.best + 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_label__agrees_with_all_subsets),
                                       cmocka_unit_test(test_label__cut_short_is_never_too_small),
                                       cmocka_unit_test(test_label__large_gains_are_rounded_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
