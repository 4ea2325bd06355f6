/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/visits.h"

static const int32_t blocks[HCB__BLOCKS] = {300, 660, 900, 1140};

static int day_of(const hcb__visit *v) {
    for (int d = 0; d < 7; d++)
        if (v->days == 1 << d)
            return d;
    fail_msg("a made visit has one day, not %d", v->days);
    return -1;
}

static int slot_of(const hcb__visit *v) {
    static const int starts[] = {420, 690, 960, 1140};
    for (int s = 0; s < 4; s++)
        if (v->start == starts[s])
            return s;
    fail_msg("%d is not the start of a slot", v->start);
    return -1;
}

/* Ten hours and a half in ten visits, by hand: 630 = 10 x 63; Monday to Wednesday have two. */
static void test_visits__ten_by_hand(void **state) {
    (void)state;
    hcb__visit v[10];
    hcb__visits_make(v, 634, 10, 2);
    static const int day[] = {0, 0, 1, 1, 2, 2, 3, 4, 5, 6}, slot[] = {0, 3, 0, 3, 0, 3, 0, 0, 0, 0};
    static const int minutes[] = {64, 64, 64, 64, 63, 63, 63, 63, 63, 63};
    for (int i = 0; i < 10; i++) {
        assert_int_equal(day_of(&v[i]), day[i]);
        assert_int_equal(slot_of(&v[i]), slot[i]);
        assert_int_equal(v[i].minutes, minutes[i]);
        assert_int_equal(v[i].carers, 2);
        assert_int_equal(v[i].end, slot[i] == 0 ? 600 : 1320);
        assert_false(v[i].time_critical);
    }
}

/* The text of docs/formats.md as properties, for every number of visits up to 40. */
static void test_visits__one_to_forty(void **state) {
    (void)state;
    static const char *const slots_of_day[] = {"", "m", "mb", "mlb", "mltb", "mmltb", "mmltbb"};
    for (int32_t n = 1; n <= 40; n++) {
        const int64_t total = 40 * 17 + 5;
        hcb__visit v[40];
        hcb__visits_make(v, total, n, 1);
        int64_t sum = 0;
        char seen[7][8] = {""};
        for (int32_t i = 0; i < n; i++) {
            int day = day_of(&v[i]), slot = slot_of(&v[i]);
            sum += v[i].minutes;
            seen[day][strlen(seen[day])] = "mltb"[slot];
            assert_true(i == 0 || day >= day_of(&v[i - 1]));
            assert_int_equal(v[i].minutes, total / n + (i < total % n));
            assert_true(v[i].start < v[i].end && v[i].end <= 1440);
            assert_true(v[i].minutes <= v[i].end - v[i].start || v[i].end == 1440);
        }
        assert_int_equal(sum, total);
        for (int d = 0; d < 7; d++)
            assert_string_equal(seen[d], slots_of_day[n / 7 + (d < n % 7)]);
    }
}

static void test_visits__long_ones_widen_their_window(void **state) {
    (void)state;
    hcb__visit v[14];
    hcb__visits_make(v, 4200, 14, 1);
    assert_int_equal(v[0].end, 420 + 300);
    assert_int_equal(v[1].start, 1140);
    assert_int_equal(v[1].end, 1440); /* 19:00 and five hours is midnight */
    hcb__visits_make(v, 4214, 14, 1);
    assert_int_equal(v[1].end, 1440);
}

static void test_visits__number_from_minutes(void **state) {
    (void)state;
    assert_int_equal(hcb__visits_count(1), 1);
    assert_int_equal(hcb__visits_count(30), 1);
    assert_int_equal(hcb__visits_count(31), 2);
    assert_int_equal(hcb__visits_count(420), 14);
    assert_int_equal(hcb__visits_count(10080), 336);
}

static void test_visits__blocks_begin_at_their_border(void **state) {
    (void)state;
    static const struct {
        int16_t start;
        int block;
    } cases[] = {{0, 3}, {299, 3}, {300, 0}, {659, 0}, {660, 1}, {899, 1}, {900, 2}, {1139, 2}, {1140, 3}, {1439, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hcb__package p = {.n_visits = 1};
        hcb__visit v = {.days = 1, .carers = 1, .start = cases[i].start, .end = 1440, .minutes = 1};
        hcb__visits_sum(&p, &v, blocks);
        assert_int_equal(v.block, cases[i].block);
        for (int b = 0; b < HCB__BLOCKS; b++)
            assert_int_equal(p.block_minutes[b], b == cases[i].block);
    }
}

static void test_visits__shortest_and_longest(void **state) {
    (void)state;
    hcb__package p = {.n_visits = 3};
    hcb__visit v[] = {{.days = 1, .carers = 1, .start = 420, .end = 600, .minutes = 30},
                      {.days = 2, .carers = 2, .start = 420, .end = 600, .minutes = 45},
                      {.days = 4, .carers = 1, .start = 420, .end = 600, .minutes = 15}};
    hcb__visits_sum(&p, v, blocks);
    assert_int_equal(p.shortest_visit, 15);
    assert_int_equal(p.longest_visit, 45);
    assert_int_equal(p.most_carers, 2);
}

/* Order of the canonical text: days from Monday as text, then the numbers. */
static void test_visits__sorted_by_fields(void **state) {
    (void)state;
    hcb__visit v[] = {
        {.days = 1, .start = 500, .end = 600, .minutes = 30, .carers = 2},      /* 1000000 */
        {.days = 1 << 6, .start = 900, .end = 950, .minutes = 30, .carers = 1}, /* 0000001 */
        {.days = 1, .start = 500, .end = 600, .minutes = 30, .carers = 1},
        {.days = 127, .start = 100, .end = 200, .minutes = 30, .carers = 1},    /* 1111111 */
        {.days = 1 << 3, .start = 600, .end = 700, .minutes = 45, .carers = 1}, /* 0001000 */
    };
    hcb__visits_sort(v, 5);
    static const int days[] = {1 << 6, 1 << 3, 1, 1, 127}, carers[] = {1, 1, 1, 2, 1};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(v[i].days, days[i]);
        assert_int_equal(v[i].carers, carers[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_visits__ten_by_hand),
        cmocka_unit_test(test_visits__one_to_forty),
        cmocka_unit_test(test_visits__long_ones_widen_their_window),
        cmocka_unit_test(test_visits__number_from_minutes),
        cmocka_unit_test(test_visits__blocks_begin_at_their_border),
        cmocka_unit_test(test_visits__shortest_and_longest),
        cmocka_unit_test(test_visits__sorted_by_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
