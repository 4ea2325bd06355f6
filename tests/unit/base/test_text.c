/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/rng.h"
#include "base/text.h"
#include "counting.h"

static hcb__text text;

static int begin(void **state) {
    (void)state;
    hcb__text_init(&text, hcb__default_allocator());
    return 0;
}

static int end(void **state) {
    (void)state;
    hcb__text_free(&text);
    return 0;
}

#define expect_text(call, want)                                                                                        \
    do {                                                                                                               \
        hcb__text_clear(&text);                                                                                        \
        call;                                                                                                          \
        assert_string_equal(text.at, want);                                                                            \
        assert_int_equal(text.count, strlen(want));                                                                    \
    } while (0)

static void test_text__numbers_are_written(void **state) {
    (void)state;
    expect_text(hcb__text_int(&text, 0), "0");
    expect_text(hcb__text_int(&text, INT64_MIN), "-9223372036854775808");
    expect_text(hcb__text_int(&text, INT64_MAX), "9223372036854775807");
    expect_text(hcb__text_fixed(&text, 1875, 2), "18.75");
    expect_text(hcb__text_fixed(&text, -5, 2), "-0.05");
    expect_text(hcb__text_fixed(&text, 5, 3), "0.005");
    expect_text(hcb__text_fixed(&text, 100, 2), "1.00");
    expect_text(hcb__text_fixed(&text, INT64_MIN, 2), "-92233720368547758.08");
    expect_text(hcb__text_double(&text, 52.6778, 7), "52.6778000");
    expect_text(hcb__text_double(&text, -1.56154, 3), "-1.562");
    expect_text(hcb__text_double(&text, -0.0004, 3), "0.000");
    expect_text(hcb__text_double(&text, 0.5, 0), "1");
    expect_text(hcb__text_double(&text, NAN, 2), "null");
    expect_text(hcb__text_double(&text, -INFINITY, 2), "null");
    expect_text(hcb__text_printf(&text, "%s-%03d", "x", 7), "x-007");
}

static void test_text__grows_and_keeps_what_it_had(void **state) {
    (void)state;
    for (int i = 0; i < 10000; i++)
        hcb__text_putc(&text, (char)('a' + i % 26));
    hcb__text_add(&text, "\0z", 2);
    assert_int_equal(text.count, 10002);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(text.at[i], 'a' + i % 26);
    assert_memory_equal(text.at + 10000, "\0z\0", 3);
}

static void test_text__remembers_that_memory_was_out(void **state) {
    (void)state;
    counting memory;
    counting_init(&memory);
    memory.fail_at = 2;
    hcb__text small;
    hcb__text_init(&small, &memory.mem);
    hcb__text_puts(&small, "ab");
    assert_false(small.failed);
    for (int i = 0; i < 100; i++)
        hcb__text_puts(&small, "0123456789");
    assert_true(small.failed);
    hcb__text_printf(&small, "%d", 5);
    hcb__text_fixed(&small, 12, 1);
    assert_true(small.failed);
    hcb__text_free(&small);
    assert_int_equal(memory.alive, 0);
}

#define PARSES(function, s, ...) function(s, sizeof s - 1, __VA_ARGS__)

static void test_text__whole_numbers_are_parsed(void **state) {
    (void)state;
    int64_t v = 99;
    assert_true(PARSES(hcb__parse_int, "0", &v) && v == 0);
    assert_true(PARSES(hcb__parse_int, "-12", &v) && v == -12);
    assert_true(PARSES(hcb__parse_int, "+007", &v) && v == 7);
    assert_true(PARSES(hcb__parse_int, "9223372036854775807", &v) && v == INT64_MAX);
    v = 99;
    assert_false(PARSES(hcb__parse_int, "9223372036854775808", &v));
    assert_false(PARSES(hcb__parse_int, "", &v));
    assert_false(PARSES(hcb__parse_int, "-", &v));
    assert_false(PARSES(hcb__parse_int, " 1", &v));
    assert_false(PARSES(hcb__parse_int, "1 ", &v));
    assert_false(PARSES(hcb__parse_int, "1.0", &v));
    assert_false(PARSES(hcb__parse_int, "0x1", &v));
    assert_false(PARSES(hcb__parse_int, "1e3", &v));
    assert_int_equal(v, 99);
}

static void test_text__fixed_numbers_are_parsed(void **state) {
    (void)state;
    int64_t v = 99;
    assert_true(PARSES(hcb__parse_fixed, "18.75", 2, &v) && v == 1875);
    assert_true(PARSES(hcb__parse_fixed, "18.7", 2, &v) && v == 1870);
    assert_true(PARSES(hcb__parse_fixed, "18", 2, &v) && v == 1800);
    assert_true(PARSES(hcb__parse_fixed, "-0.05", 2, &v) && v == -5);
    assert_true(PARSES(hcb__parse_fixed, ".5", 1, &v) && v == 5);
    v = 99;
    assert_false(PARSES(hcb__parse_fixed, "18.755", 2, &v));
    assert_false(PARSES(hcb__parse_fixed, "18.", 2, &v));
    assert_false(PARSES(hcb__parse_fixed, ".", 2, &v));
    assert_false(PARSES(hcb__parse_fixed, "1.2.3", 2, &v));
    assert_false(PARSES(hcb__parse_fixed, "1,5", 2, &v));
    assert_false(PARSES(hcb__parse_fixed, "92233720368547758.08", 2, &v));
    assert_int_equal(v, 99);
}

static void test_text__doubles_are_parsed(void **state) {
    (void)state;
    double v = 99;
    assert_true(PARSES(hcb__parse_double, "52.6778", &v) && v == 52.6778);
    assert_true(PARSES(hcb__parse_double, "-1.56154", &v) && v == -1.56154);
    assert_true(PARSES(hcb__parse_double, "1e-3", &v) && v == 1e-3);
    assert_true(PARSES(hcb__parse_double, "+.5E+2", &v) && v == 50);
    assert_true(PARSES(hcb__parse_double, "0.1000000000000000055511151231257827", &v) && v == 0.1);
    assert_true(PARSES(hcb__parse_double, "123456789012345678901234567890", &v) &&
                v == 123456789012345678901234567890.0);
    assert_true(PARSES(hcb__parse_double, "0.000000000000000000000000001", &v) && v == 1e-27);
    v = 99;
    static const char *const bad[] = {"",    ".",   "-",  "nan", "inf",   "infinity", "0x10",  "1e",
                                      "1e+", "1,5", " 1", "1 ",  "1e999", "--1",      "1e1.5", "1d5"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(hcb__parse_double(bad[i], strlen(bad[i]), &v));
    assert_true(v == 99);
}

/* The short way through must agree with the C library to the last bit. */
static void test_text__doubles_agree_with_the_c_library(void **state) {
    (void)state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 5, 0);
    for (int i = 0; i < 20000; i++) {
        char s[64];
        int decimals = (int)hcb__rng_below(&rng, 20);
        snprintf(s, sizeof s, "%.*f", decimals, (hcb__rng_unit(&rng) - 0.5) * pow(10, (int)hcb__rng_below(&rng, 12)));
        double ours;
        assert_true(hcb__parse_double(s, strlen(s), &ours));
        if (ours != strtod(s, NULL))
            fail_msg("%s", s);
    }
}

static void test_text__nothing_follows_the_locale(void **state) {
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "de_DE.utf8")) {
        print_message("the locale de_DE.UTF-8 is not installed\n");
        skip();
    }
    char probe[16];
    double v = 0, w = 0;
    snprintf(probe, sizeof probe, "%.1f", 0.5);
    bool one = PARSES(hcb__parse_double, "0.1000000000000000055511151231257827", &v);
    bool two = PARSES(hcb__parse_double, "2.5e-1", &w);
    bool comma = PARSES(hcb__parse_double, "2,5e-1", &w);
    hcb__text_double(&text, 1234.5, 2);
    setlocale(LC_ALL, "C");
    assert_string_equal(probe, "0,5");
    assert_true(one && v == 0.1);
    assert_true(two && w == 0.25);
    assert_false(comma);
    assert_string_equal(text.at, "1234.50");
}

static void test_text__every_day_of_four_centuries(void **state) {
    (void)state;
    /* Against the calendar of the C library. */
    for (int32_t day = -60000; day < 90000; day++) {
        time_t t = (time_t)day * 86400;
        struct tm tm;
        char want[32];
        assert_non_null(gmtime_r(&t, &tm));
        strftime(want, sizeof want, "%Y-%m-%d", &tm);
        hcb__text_clear(&text);
        hcb__text_date(&text, day);
        assert_string_equal(text.at, want);
        int32_t back;
        assert_true(hcb__parse_date(text.at, text.count, &back));
        assert_int_equal(back, day);
    }
}

static void test_text__dates_that_do_not_exist(void **state) {
    (void)state;
    static const char *const bad[] = {"2021-02-29",  "2100-02-29", "2020-02-30", "2020-13-01", "2020-00-10",
                                      "2020-01-00",  "2020-1-01",  "20-01-01",   "2020/01/01", "01-12-2020",
                                      "2020-12-01 ", "",           "0000-01-01"};
    int32_t days = 99;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(hcb__parse_date(bad[i], strlen(bad[i]), &days));
    assert_int_equal(days, 99);
    assert_true(PARSES(hcb__parse_date, "2000-02-29", &days) && days == 11016);
    assert_true(PARSES(hcb__parse_date, "1970-01-01", &days) && days == 0);
}

static void test_text__times_of_day(void **state) {
    (void)state;
    int32_t m = 99;
    assert_true(PARSES(hcb__parse_time, "07:30", false, &m) && m == 450);
    assert_true(PARSES(hcb__parse_time, "00:00", false, &m) && m == 0);
    assert_true(PARSES(hcb__parse_time, "23:59", false, &m) && m == 1439);
    assert_true(PARSES(hcb__parse_time, "24:00", true, &m) && m == 1440);
    m = 99;
    assert_false(PARSES(hcb__parse_time, "24:00", false, &m));
    assert_false(PARSES(hcb__parse_time, "24:01", true, &m));
    assert_false(PARSES(hcb__parse_time, "12:60", false, &m));
    assert_false(PARSES(hcb__parse_time, "7:30", false, &m));
    assert_false(PARSES(hcb__parse_time, "07:3", false, &m));
    assert_false(PARSES(hcb__parse_time, "07.30", false, &m));
    assert_int_equal(m, 99);
}

static void test_text__hours(void **state) {
    (void)state;
    int64_t m = 99;
    assert_true(PARSES(hcb__parse_hours, "14.5", &m) && m == 870);
    assert_true(PARSES(hcb__parse_hours, "14:20", &m) && m == 860);
    assert_true(PARSES(hcb__parse_hours, "14.33", &m) && m == 860);
    assert_true(PARSES(hcb__parse_hours, "14.67", &m) && m == 880);
    assert_true(PARSES(hcb__parse_hours, "0", &m) && m == 0);
    assert_true(PARSES(hcb__parse_hours, "168", &m) && m == 10080);
    assert_true(PARSES(hcb__parse_hours, "100:00", &m) && m == 6000);
    /* Just within and just beyond 0.005 h of a whole minute. */
    assert_true(PARSES(hcb__parse_hours, "1.005", &m) && m == 60);
    m = 99;
    assert_false(PARSES(hcb__parse_hours, "1.006", &m));
    assert_false(PARSES(hcb__parse_hours, "14.372", &m));
    assert_false(PARSES(hcb__parse_hours, "12:61", &m));
    assert_false(PARSES(hcb__parse_hours, "12:5", &m));
    assert_false(PARSES(hcb__parse_hours, ":30", &m));
    assert_false(PARSES(hcb__parse_hours, "-1", &m));
    assert_false(PARSES(hcb__parse_hours, "-1:30", &m));
    assert_false(PARSES(hcb__parse_hours, "", &m));
    assert_false(PARSES(hcb__parse_hours, "1h", &m));
    assert_false(PARSES(hcb__parse_hours, "9223372036854775807:00", &m));
    assert_int_equal(m, 99);
    /* Every minute, written as hours to two decimals, is that minute again. */
    for (int64_t minute = 0; minute < 10080; minute++) {
        hcb__text_clear(&text);
        hcb__text_fixed(&text, (minute * 100 + 30) / 60, 2);
        assert_true(hcb__parse_hours(text.at, text.count, &m));
        assert_int_equal(m, minute);
    }
    m = 99;
    assert_false(PARSES(hcb__parse_hours, "0.01", &m)); /* 36 seconds */
    assert_int_equal(m, 99);
}

static void test_text__utf8(void **state) {
    (void)state;
    /* Unicode standard, table 3-7: the well-formed byte sequences, their edges and their neighbours. */
    static const char *const good[] = {"",
                                       "a",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc2",
                                      "\xc2\x41",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xe2\x82",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "\xf0\x90\x80"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(hcb__valid_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(hcb__valid_utf8(bad[i], strlen(bad[i])));
}

static void test_text__ids(void **state) {
    (void)state;
    char longest[66];
    memset(longest, 'x', sizeof longest);
    assert_true(hcb__valid_id("01", 2));
    assert_true(hcb__valid_id("caf\xc3\xa9 1", 7));
    assert_true(hcb__valid_id(longest, 64));
    assert_false(hcb__valid_id(longest, 65));
    assert_false(hcb__valid_id("", 0));
    assert_false(hcb__valid_id("a\tb", 3));
    assert_false(hcb__valid_id("a\0b", 3));
    assert_false(hcb__valid_id("\x7f", 1));
    assert_false(hcb__valid_id("\xc2\x85", 2)); /* next line, a control character */
    assert_false(hcb__valid_id("\xff", 1));
    assert_true(hcb__compare_ids("01", "14") < 0);
    assert_true(hcb__compare_ids("1", "01") > 0);
    assert_true(hcb__compare_ids("a", "aa") < 0);
    assert_true(hcb__compare_ids("z", "\xc3\xa9") < 0);
    assert_true(hcb__compare_ids("x", "x") == 0);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(test_text__numbers_are_written),
        TEST(test_text__grows_and_keeps_what_it_had),
        TEST(test_text__remembers_that_memory_was_out),
        TEST(test_text__whole_numbers_are_parsed),
        TEST(test_text__fixed_numbers_are_parsed),
        TEST(test_text__doubles_are_parsed),
        TEST(test_text__doubles_agree_with_the_c_library),
        TEST(test_text__nothing_follows_the_locale),
        TEST(test_text__every_day_of_four_centuries),
        TEST(test_text__dates_that_do_not_exist),
        TEST(test_text__times_of_day),
        TEST(test_text__hours),
        TEST(test_text__utf8),
        TEST(test_text__ids),
    };
    return cmocka_run_group_tests_name("base.text", tests, NULL, NULL);
}
