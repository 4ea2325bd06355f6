/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "report/suppress.h"

enum { MOST_CELLS = 6, MOST_COUNT = 40 };

static void test_suppress__counts(void **state) {
    (void)state;
    static const int64_t told[][2] = {{0, 0}, {5, 5}, {7, 5}, {8, 10}, {12, 10}, {13, 15}, {2150, 2150}, {2148, 2150}};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        assert_int_equal(hcb__public_count(told[i][0]), told[i][1]);
    for (int64_t n = 1; n < 5; n++)
        assert_int_equal(hcb__public_count(n), HCB__HIDDEN);
    assert_int_equal(hcb__public_sum(-7, 5), -5);
    assert_int_equal(hcb__public_sum(-8, 5), -10);
}

/* Whoever subtracts two published counts, of one output or of two, learns a small number never. */
static void test_suppress__no_difference_is_small(void **state) {
    (void)state;
    for (int64_t a = 0; a < 300; a++)
        for (int64_t b = 0; b < 300; b++) {
            int64_t x = hcb__public_count(a), y = hcb__public_count(b);
            if (x == HCB__HIDDEN || y == HCB__HIDDEN)
                continue;
            int64_t apart = x > y ? x - y : y - x;
            assert_true(apart == 0 || apart >= HCB__FEWEST);
        }
}

enum { ANY = 1 << 20 };

/* Every count that what is published of a cell leaves possible, in *low .. *high: a hidden one may be small, or may
 * have been hidden with another. */
static void possible(int64_t people, bool hidden, int64_t *low, int64_t *high) {
    int64_t told = hcb__public_count(people);
    *low = hidden ? 1 : told == 0 ? 0 : told == HCB__FEWEST ? HCB__FEWEST : told - 2;
    *high = hidden ? ANY : told == 0 ? 0 : told + 2;
}

static int64_t draw_count(hcb__rng *rng) {
    return hcb__rng_below(rng, hcb__rng_below(rng, 2) ? 6 : MOST_COUNT);
}

/* An attacker who knows all published parts and the published total: for a small part each of 1 to 4 must remain
 * possible, whatever the other parts may be within their bounds. */
static void test_suppress__the_total_does_not_tell_a_part(void **state) {
    (void)state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 20201201, 1);
    int attacked = 0;
    for (int trial = 0; trial < 200000; trial++) {
        int64_t cell[MOST_CELLS], total = 0, t_low = 0, t_high = (int64_t)ANY * MOST_CELLS;
        bool hidden[MOST_CELLS];
        size_t n = 1 + hcb__rng_below(&rng, MOST_CELLS);
        for (size_t i = 0; i < n; i++)
            total += cell[i] = draw_count(&rng);
        if (hcb__suppress_rows(hidden, cell, n) && !hcb__small_count(total))
            possible(total, false, &t_low, &t_high);
        for (size_t i = 0; i < n; i++) {
            if (!hcb__small_count(cell[i]))
                continue;
            assert_true(hidden[i]);
            int64_t low = 0, high = 0;
            for (size_t j = 0; j < n; j++) {
                int64_t l = 0, h = 0;
                possible(cell[j], hidden[j], &l, &h);
                low += j == i ? 0 : l;
                high += j == i ? 0 : h;
            }
            attacked++;
            for (int64_t guess = 1; guess < HCB__FEWEST; guess++)
                if (low + guess > t_high || high + guess < t_low)
                    fail_msg("trial %d: part %zu of %zu cannot be %lld", trial, i, n, (long long)guess);
        }
    }
    assert_true(attacked > 10000);
}

/* No row is hidden without need: none where nobody is few, none of nobody; and the total goes only where everybody is
 * hidden already. */
static void test_suppress__hides_no_more_than_it_must(void **state) {
    (void)state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 20201201, 2);
    for (int trial = 0; trial < 100000; trial++) {
        int64_t people[MOST_CELLS];
        bool hidden[MOST_CELLS], small = false;
        size_t n = 1 + hcb__rng_below(&rng, MOST_CELLS), rows = 0, further = 0, nonzero = 0;
        for (size_t i = 0; i < n; i++)
            people[i] = draw_count(&rng);
        bool total_told = hcb__suppress_rows(hidden, people, n);
        for (size_t i = 0; i < n; i++) {
            small |= hcb__small_count(people[i]);
            if (people[i] == 0)
                assert_false(hidden[i]);
            nonzero += people[i] > 0;
            rows += hidden[i];
            further += hidden[i] && !hcb__small_count(people[i]);
        }
        assert_int_equal(rows > 0, small);
        assert_true(further <= 2);
        if (!total_told)
            assert_true(rows == nonzero);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suppress__counts),
        cmocka_unit_test(test_suppress__no_difference_is_small),
        cmocka_unit_test(test_suppress__the_total_does_not_tell_a_part),
        cmocka_unit_test(test_suppress__hides_no_more_than_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
