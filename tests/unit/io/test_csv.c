/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "io/csv.h"
#include "workbench.h"

enum { ID, NAME, HOURS, EXTRA, N_COLUMNS };
static const hcb__csv_column columns[N_COLUMNS] = {{"id", true}, {"name", false}, {"hours", false}, {"extra", false}};

static hcb__csv *opened_bytes(workbench *bench, const char *bytes, size_t size) {
    hcb__csv *csv;
    const char *path = workbench_file(bench, "t.csv", bytes, size);
    assert_int_equal(hcb__csv_open(&csv, bench->ctx, path, "t.csv", columns, N_COLUMNS, NULL, 0), HCB_OK);
    return csv;
}

static hcb__csv *opened(workbench *bench, const char *text) {
    return opened_bytes(bench, text, strlen(text));
}

static hcb_status open_fails(workbench *bench, const char *bytes, size_t size) {
    hcb__csv *csv;
    const char *path = workbench_file(bench, "t.csv", bytes, size);
    hcb_status status = hcb__csv_open(&csv, bench->ctx, path, "t.csv", columns, N_COLUMNS, NULL, 0);
    assert_null(csv);
    return status;
}

static void expect_cell(const hcb__csv *csv, size_t column, const char *text, long line, long at) {
    size_t len;
    const char *s = hcb__csv_text(csv, column, &len);
    if (text) {
        assert_string_equal(s, text);
        assert_int_equal(len, strlen(text));
    } else {
        assert_null(s);
        assert_int_equal(len, 0);
    }
    hcb__where where = hcb__csv_where(csv, column);
    assert_int_equal(where.line, line);
    assert_int_equal(where.column, at);
    assert_string_equal(where.file, "t.csv");
}

static void test_csv__cells_know_their_place(void **state) {
    hcb__csv *csv = opened(*state, "name,id,hours\n"
                                   "Ann, a1 ,3\n"
                                   "\n"
                                   "\"two\nlines, \"\"quoted\"\"\",b2,\n"
                                   "   \t\n"
                                   "\xc3\xa9t\xc3\xa9,c3,4");
    assert_true(hcb__csv_has(csv, HOURS));
    assert_false(hcb__csv_has(csv, EXTRA));
    assert_true(hcb__csv_next(csv));
    expect_cell(csv, NAME, "Ann", 2, 1);
    expect_cell(csv, ID, "a1", 2, 6);
    expect_cell(csv, HOURS, "3", 2, 10);
    expect_cell(csv, EXTRA, NULL, 2, 1);
    assert_string_equal(hcb__csv_where(csv, EXTRA).pointer, "extra");
    assert_true(hcb__csv_next(csv));
    expect_cell(csv, NAME, "two\nlines, \"quoted\"", 4, 1);
    expect_cell(csv, ID, "b2", 5, 20);
    expect_cell(csv, HOURS, NULL, 5, 23);
    assert_int_equal(hcb__csv_where_row(csv).line, 4);
    assert_true(hcb__csv_next(csv));
    expect_cell(csv, NAME, "\xc3\xa9t\xc3\xa9", 7, 1);
    expect_cell(csv, ID, "c3", 7, 7);
    expect_cell(csv, HOURS, "4", 7, 10);
    assert_false(hcb__csv_next(csv));
    assert_false(hcb__csv_next(csv));
    assert_int_equal(hcb_context_diagnostic_count(((workbench *)*state)->ctx), 0);
    hcb__csv_close(csv);
}

static void test_csv__byte_order_mark_and_carriage_returns(void **state) {
    hcb__csv *csv = opened(*state, "\xef\xbb\xbf"
                                   "id,name\r\n"
                                   "\r\n"
                                   "a1,\" x \"\r\n"
                                   "\"b2\",y\r"
                                   "c3,z\r\n");
    assert_true(hcb__csv_next(csv));
    expect_cell(csv, ID, "a1", 3, 1);
    expect_cell(csv, NAME, "x", 3, 4);
    assert_true(hcb__csv_next(csv));
    expect_cell(csv, ID, "b2", 4, 1);
    assert_true(hcb__csv_next(csv));
    expect_cell(csv, ID, "c3", 5, 1);
    assert_false(hcb__csv_next(csv));
    hcb__csv_close(csv);
}

static void test_csv__cell_texts_stay_until_the_end(void **state) {
    hcb__csv *csv = opened(*state, "id,name\na1,one\nb2,two\n");
    assert_true(hcb__csv_next(csv));
    const char *first = hcb__csv_text(csv, NAME, NULL);
    assert_true(hcb__csv_next(csv));
    assert_string_equal(first, "one");
    hcb__csv_close(csv);
}

/* Each file: a good row, the fault, then a row that must not be read. */
static void test_csv__first_syntax_error_ends_the_file(void **state) {
    workbench *bench = *state;
    static const struct {
        const char *rows;
        size_t size;
        long line, column;
        const char *words;
    } cases[] = {
#define CASE(text, line, column, words) {text, sizeof text - 1, line, column, words}
        CASE("a1,x\nb2,\"open\nc3,z\n", 3, 4, "never closed"),
        CASE("a1,x\nb2,\"y\" z\nc3,z\n", 3, 8, "after the closing quote"),
        CASE("a1,x\nb2,y \"z\"\nc3,z\n", 3, 6, "does not begin with one"),
        CASE("a1,x\nb2,y,z\nc3,z\n", 3, 6, "3 cells in this row; 2 expected"),
        CASE("a1,x\n  b2\nc3,z\n", 3, 3, "1 cell in this row; 2 expected"),
        CASE("a1,x\nb2,y\0y\nc3,z\n", 3, 5, "NUL"),
        CASE("a1,x\nb2,caf\xe9\nc3,z\n", 3, 7, "0xe9 is not UTF-8"),
        CASE("a1,x\nb2,\xed\xa0\x80\nc3,z\n", 3, 4, "0xed is not UTF-8"),
#undef CASE
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256] = "id,name\n";
        memcpy(text + 8, cases[i].rows, cases[i].size);
        assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
        hcb__csv *csv = opened_bytes(bench, text, 8 + cases[i].size);
        assert_true(hcb__csv_next(csv));
        assert_false(hcb__csv_next(csv));
        assert_false(hcb__csv_next(csv));
        assert_null(hcb__csv_text(csv, ID, NULL));
        assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 1);
        expect_problem(bench, 0, cases[i].line, cases[i].column, cases[i].words);
        hcb__csv_close(csv);
        assert_int_equal(hcb__end(bench->ctx, HCB_OK), HCB_OK);
    }
}

static void test_csv__cell_size_is_limited(void **state) {
    workbench *bench = *state;
    enum { LARGEST = 65536 };
    for (int over = 0; over < 2; over++) {
        size_t n = LARGEST - 1 + over; /* the line end counts */
        char *text = malloc(n + 16);
        memcpy(text, "id\n", 3);
        memset(text + 3, 'x', n);
        text[3 + n] = '\n';
        hcb__csv *csv = opened_bytes(bench, text, n + 4);
        free(text);
        assert_int_equal(hcb__csv_next(csv), !over);
        if (over)
            expect_problem(bench, 0, 2, 1, "more than 64 KiB");
        hcb__csv_close(csv);
    }
}

static void test_csv__unclosed_quote_in_a_large_file_is_found_early(void **state) {
    workbench *bench = *state;
    size_t n = 300000;
    char *text = malloc(n);
    memset(text, '\n', n);
    memcpy(text, "id\n \"a", 6);
    hcb__csv *csv = opened_bytes(bench, text, n);
    free(text);
    assert_false(hcb__csv_next(csv));
    expect_problem(bench, 0, 2, 2, "is its closing quote missing?");
    hcb__csv_close(csv);
}

static void test_csv__a_file_without_a_usable_header_fails(void **state) {
    workbench *bench = *state;
    hcb__csv *csv;
    assert_int_equal(open_fails(bench, "", 0), HCB_EPARSE);
    assert_int_equal(open_fails(bench, "\n\n  \n", 5), HCB_EPARSE);
    assert_int_equal(open_fails(bench, "id,\"name\n", 9), HCB_EPARSE);
    assert_int_equal(open_fails(bench, "id;name\na;b\n", 12), HCB_EPARSE);
    assert_int_equal(open_fails(bench, "\xff\xfei\0d\0", 6), HCB_EPARSE);
    expect_problem(bench, 0, 1, 1, "the file is empty");
    expect_problem(bench, 1, 1, 1, "the file is empty");
    expect_problem(bench, 2, 1, 4, "never closed");
    expect_problem(bench, 3, 1, 1, "not separated by commas");
    expect_problem(bench, 4, 1, 1, "UTF-16");
    assert_string_equal(hcb_context_error(bench->ctx)->file, "t.csv");
    assert_int_equal(
        hcb__csv_open(&csv, bench->ctx, workbench_path(bench, "none.csv"), "none.csv", columns, N_COLUMNS, NULL, 0),
        HCB_ENOTFOUND);
    assert_null(csv);
}

static void test_csv__header_is_checked(void **state) {
    workbench *bench = *state;
    hcb__csv *csv = opened(bench, "nam,hours,hours,,colour\n1,2,3,4,5\n");
    assert_false(hcb__csv_next(csv)); /* no id */
    expect_problem(bench, 0, 1, 1, "column \"nam\" is not known and not read; did you mean \"name\"?");
    expect_problem(bench, 1, 1, 11, "column \"hours\" is given twice");
    expect_problem(bench, 2, 1, 17, "column 4 has no name");
    expect_problem(bench, 3, 1, 18, "column \"colour\" is not known and not read");
    expect_problem(bench, 4, 1, 0, "lacks the column \"id\"");
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 5);
    assert_int_equal(hcb_context_diagnostic_at(bench->ctx, 0)->severity, HCB_SEVERITY_WARNING);
    assert_int_equal(hcb_context_diagnostic_at(bench->ctx, 4)->severity, HCB_SEVERITY_ERROR);
    hcb__csv_close(csv);
}

static void test_csv__a_missing_column_may_be_a_mistyped_one(void **state) {
    workbench *bench = *state;
    hcb__csv *csv = opened(bench, "ID,name\na1,x\n");
    assert_false(hcb__csv_next(csv));
    expect_problem(bench, 0, 1, 1, "column \"ID\" is not known and not read; did you mean \"id\"?");
    expect_problem(bench, 1, 1, 0, "the header lacks the column \"id\"; is \"ID\" meant?");
    hcb__csv_close(csv);
}

static void test_csv__a_long_value_is_shown_in_part(void **state) {
    workbench *bench = *state;
    char text[300] = "id\n", want[100] = "\"";
    for (int i = 0; i < 40; i++)
        strcat(text, "\xe2\x82\xac"); /* 120 bytes */
    for (int i = 0; i < 20; i++)
        strcat(want, "\xe2\x82\xac");
    strcat(want, "...\" is not an id");
    hcb__csv *csv = opened(bench, text);
    const char *id;
    size_t len;
    assert_true(hcb__csv_next(csv));
    assert_int_equal(hcb__csv_id(csv, ID, &id, &len), HCB__CELL_BAD);
    expect_problem(bench, 0, 2, 1, want);
    hcb__csv_close(csv);
}

static void test_csv__columns_are_renamed(void **state) {
    workbench *bench = *state;
    const hcb__csv_rename renames[] = {{"ref", "id"}, {"h", "hours"}};
    const char *text = "h,id,ref\n7,old,new\n";
    hcb__csv *csv;
    assert_int_equal(hcb__csv_open(&csv, bench->ctx, workbench_file(bench, "t.csv", text, strlen(text)), "t.csv",
                                   columns, N_COLUMNS, renames, 2),
                     HCB_OK);
    assert_true(hcb__csv_next(csv));
    expect_cell(csv, ID, "new", 2, 7);
    expect_cell(csv, HOURS, "7", 2, 1);
    assert_string_equal(hcb__csv_where(csv, HOURS).pointer, "h");
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 1);
    expect_problem(bench, 0, 1, 3, "\"ref\" is read in its place");
    hcb__csv_close(csv);
    const hcb__csv_rename wrong[] = {{"missing", "name"}, {"h", "heights"}};
    assert_int_equal(
        hcb__csv_open(&csv, bench->ctx, workbench_path(bench, "t.csv"), "t.csv", columns, N_COLUMNS, wrong, 2), HCB_OK);
    expect_problem(bench, 1, 1, 1, "which is no column of this file");
    expect_problem(bench, 3, 1, 0, "lacks the column \"missing\"");
    hcb__csv_close(csv);
}

static void test_csv__without_header(void **state) {
    workbench *bench = *state;
    hcb__csv *csv;
    const char *text = "\"LE1 1AA\",10,x,y\n\"LE1 1AB\",20,x,y\n";
    const char *path = workbench_file(bench, "t.csv", text, strlen(text));
    assert_int_equal(hcb__csv_open_headerless(&csv, bench->ctx, path, "t.csv", columns, 2), HCB_OK);
    assert_true(hcb__csv_has(csv, NAME));
    assert_true(hcb__csv_next(csv));
    expect_cell(csv, ID, "LE1 1AA", 1, 1);
    expect_cell(csv, NAME, "10", 1, 11);
    assert_true(hcb__csv_next(csv));
    expect_cell(csv, ID, "LE1 1AB", 2, 1);
    assert_false(hcb__csv_next(csv));
    hcb__csv_close(csv);
    path = workbench_file(bench, "t.csv", "", 0);
    assert_int_equal(hcb__csv_open_headerless(&csv, bench->ctx, path, "t.csv", columns, 2), HCB_OK);
    assert_false(hcb__csv_next(csv));
    hcb__csv_close(csv);
    const hcb__csv_column both[] = {{"id", true}, {"name", true}};
    path = workbench_file(bench, "t.csv", "x\n", 2);
    assert_int_equal(hcb__csv_open_headerless(&csv, bench->ctx, path, "t.csv", both, 2), HCB_EPARSE);
    expect_problem(bench, 0, 1, 1, "1 cell in this row; the 2th");
}

static void test_csv__typed_cells(void **state) {
    static const hcb__csv_column types[] = {{"id", true},    {"int", true},  {"fixed", true}, {"double", true},
                                            {"hours", true}, {"date", true}, {"time", true},  {"bool", true},
                                            {"word", true},  {"money", true}};
    enum { T_ID, T_INT, T_FIXED, T_DOUBLE, T_HOURS, T_DATE, T_TIME, T_BOOL, T_WORD, T_MONEY, T_COUNT };
    static const char *const words[] = {"large", "medium"};
    workbench *bench = *state;
    const char *text = "id,int,fixed,double,hours,date,time,bool,word,money\n"
                       "a1,-3,1.25,-1.5e2,14.33,2020-12-01,24:00,Yes,medium,18.75\n"
                       ",,,,,,,,,\n"
                       "a\x01,abc,1.234,inf,12:61,2020-02-30,7:30,maybe,medum,18.755\n"
                       "b2,101,11,1001,14.372,x,24:01,2,small,1000.01\n";
    hcb__csv *csv;
    assert_int_equal(hcb__csv_open(&csv, bench->ctx, workbench_file(bench, "t.csv", text, strlen(text)), "t.csv", types,
                                   T_COUNT, NULL, 0),
                     HCB_OK);
    for (int row = 0; hcb__csv_next(csv); row++) {
        const char *id = "unset";
        size_t len = 0;
        int64_t whole = 7, fixed = 7, hours = 7, money = 7;
        double real = 7;
        int32_t date = 7, time = 7, word = 7;
        bool flag = false;
        hcb__cell want = row == 0 ? HCB__CELL_OK : row == 1 ? HCB__CELL_EMPTY : HCB__CELL_BAD;
        assert_int_equal(hcb__csv_id(csv, T_ID, &id, &len), row == 3 ? HCB__CELL_OK : want);
        assert_int_equal(hcb__csv_int(csv, T_INT, -5, 100, &whole), want);
        assert_int_equal(hcb__csv_fixed(csv, T_FIXED, 2, 0, 1000, &fixed), want);
        assert_int_equal(hcb__csv_double(csv, T_DOUBLE, -1000, 1000.5, &real), want);
        assert_int_equal(hcb__csv_hours(csv, T_HOURS, 6000, &hours), want);
        assert_int_equal(hcb__csv_date(csv, T_DATE, &date), want);
        assert_int_equal(hcb__csv_time(csv, T_TIME, true, &time), want);
        assert_int_equal(hcb__csv_bool(csv, T_BOOL, &flag), want);
        assert_int_equal(hcb__csv_word(csv, T_WORD, words, 2, &word), want);
        assert_int_equal(hcb__csv_money(csv, T_MONEY, 100000, &money), want);
        if (row == 0) {
            assert_string_equal(id, "a1");
            assert_int_equal(len, 2);
            assert_int_equal(whole, -3);
            assert_int_equal(fixed, 125);
            assert_true(real == -150);
            assert_int_equal(hours, 14 * 60 + 20);
            assert_int_equal(date, 18597); /* date -d 2020-12-01 +%s, divided by 86400 */
            assert_int_equal(time, 1440);
            assert_true(flag);
            assert_int_equal(word, 1);
            assert_int_equal(money, 1875);
        } else {
            assert_int_equal(whole + fixed + hours + money + date + time + word, 49);
            assert_true(real == 7 && !flag);
        }
    }
    static const char *const problems[] = {
        "\"a?\" is not an id: 1 to 64 bytes of text without control characters",
        "\"abc\" is not a whole number from -5 to 100",
        "\"1.234\" is not a number from 0 to 10 with at most 2 decimals",
        "\"inf\" is not a number from -1000 to 1000.5",
        "\"12:61\" is not a number of hours from 0:00 to 100:00 (14.5 or 14:30)",
        "\"2020-02-30\" is not a date (year-month-day, as 2020-12-01)",
        "\"7:30\" is not a time of day from 00:00 to 24:00 (two digits each)",
        "\"maybe\" is not yes or no",
        "\"medum\" is not one of large, medium; did you mean \"medium\"?",
        "\"18.755\" is not an amount in pounds from 0 to 1000 with at most two decimals",
        "\"101\" is not a whole number from -5 to 100",
        "\"11\" is not a number from 0 to 10 with at most 2 decimals",
        "\"1001\" is not a number from -1000 to 1000.5",
        "\"14.372\" hours is not a whole number of minutes: write 14:22",
        "\"x\" is not a date",
        "\"24:01\" is not a time of day",
        "\"2\" is not yes or no",
        "\"small\" is not one of large, medium",
        "\"1000.01\" is not an amount in pounds",
    };
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(bench->ctx, i);
        assert_non_null(d);
        if (strncmp(d->message, problems[i], strlen(problems[i])) != 0)
            fail_msg("expected %s\n     got %s", problems[i], d->message);
    }
    const hcb_diagnostic *second = hcb_context_diagnostic_at(bench->ctx, 1);
    assert_string_equal(second->pointer, "int");
    assert_int_equal(second->line, 4);
    assert_int_equal(second->column, 4);
    hcb__csv_close(csv);
}

static void test_csv__lists(void **state) {
    hcb__csv *csv = opened(*state, "id,name,hours\na1,\" x ; ;y z;;w\",;\n");
    assert_true(hcb__csv_next(csv));
    size_t cursor = 0, len;
    const char *item, *want[] = {"x", "y z", "w"};
    for (int i = 0; i < 3; i++) {
        assert_true(hcb__csv_list(csv, NAME, &cursor, &item, &len));
        assert_int_equal(len, strlen(want[i]));
        assert_memory_equal(item, want[i], len);
    }
    assert_false(hcb__csv_list(csv, NAME, &cursor, &item, &len));
    cursor = 0;
    assert_false(hcb__csv_list(csv, HOURS, &cursor, &item, &len));
    assert_false(hcb__csv_list(csv, EXTRA, &cursor, &item, &len));
    hcb__csv_close(csv);
}

static void test_csv__writer_quotes_what_it_must(void **state) {
    workbench *bench = *state;
    hcb__text out;
    hcb__text_init(&out, &bench->memory.mem);
    hcb__csv_put(&out, "plain", false);
    hcb__csv_put(&out, "a,b", false);
    hcb__csv_put(&out, "say \"no\"", false);
    hcb__csv_put(&out, "two\nlines", true);
    hcb__csv_put_int(&out, -12, false);
    hcb__csv_put_text(&out, "=1+1", false, true);
    hcb__csv_put_text(&out, "@x,\"y\"", false, true);
    hcb__csv_put_text(&out, "=1+1", false, false);
    hcb__csv_put(&out, "", true);
    assert_string_equal(out.at, "plain,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\"\n"
                                "-12,'=1+1,\"'@x,\"\"y\"\"\",=1+1,\n");
    hcb__text_free(&out);
}

static void test_csv__what_is_written_reads_back(void **state) {
    workbench *bench = *state;
    static const char *const cells[] = {"a", "with \"quotes\"", "comma, here", "line\r\nend", "\"", "\xe2\x82\xac 5"};
    hcb__text out;
    hcb__text_init(&out, &bench->memory.mem);
    hcb__text_puts(&out, "id,name\n");
    for (size_t i = 0; i < 6; i++) {
        hcb__csv_put_int(&out, (int64_t)i, false);
        hcb__csv_put(&out, cells[i], true);
    }
    hcb__csv *csv = opened(bench, out.at);
    hcb__text_free(&out);
    for (size_t i = 0; i < 6; i++) {
        assert_true(hcb__csv_next(csv));
        assert_string_equal(hcb__csv_text(csv, NAME, NULL), cells[i]);
    }
    assert_false(hcb__csv_next(csv));
    hcb__csv_close(csv);
}

static void test_csv__every_failed_allocation_is_reported(void **state) {
    workbench *bench = *state;
    const char *text = "id,name,hours\na1,x,1\n";
    const char *path = workbench_file(bench, "t.csv", text, strlen(text));
    long before = bench->memory.alive;
    for (long n = 1;; n++) {
        bench->memory.asked = 0;
        bench->memory.fail_at = n;
        hcb__csv *csv;
        hcb_status status = hcb__csv_open(&csv, bench->ctx, path, "t.csv", columns, N_COLUMNS, NULL, 0);
        if (status == HCB_OK) {
            assert_true(n > 3);
            assert_true(hcb__csv_next(csv));
            hcb__csv_close(csv);
            break;
        }
        assert_int_equal(status, HCB_ENOMEM);
        assert_null(csv);
        assert_int_equal(bench->memory.alive, before);
    }
    bench->memory.fail_at = 0;
}

static void test_csv__county_postcodes_are_read_quickly(void **state) {
    workbench *bench = *state;
    const char *path = open_data("postcodes.csv");
    if (access(path, R_OK) != 0) {
        print_message("%s is not there\n", path);
        skip();
    }
    enum { POSTCODE, EASTING, NORTHING, LAT, LON, LAD, OA, COUNT };
    static const hcb__csv_column names[COUNT] = {{"postcode", true}, {"easting", true}, {"northing", true},
                                                 {"lat", true},      {"lon", true},     {"lad", true},
                                                 {"oa11", true}};
    double best = 1e9;
    for (int run = 0; run < 3; run++) {
        double began = hcb__now();
        hcb__csv *csv;
        assert_int_equal(hcb__csv_open(&csv, bench->ctx, path, "postcodes.csv", names, COUNT, NULL, 0), HCB_OK);
        int64_t easting, northing, rows = 0, bad = 0;
        double lat, lon;
        const char *id;
        size_t len;
        for (; hcb__csv_next(csv); rows++)
            bad += hcb__csv_text(csv, POSTCODE, &len) == NULL ||
                   hcb__csv_int(csv, EASTING, 0, 700000, &easting) != HCB__CELL_OK ||
                   hcb__csv_int(csv, NORTHING, 0, 1300000, &northing) != HCB__CELL_OK ||
                   hcb__csv_double(csv, LAT, -90, 90, &lat) != HCB__CELL_OK ||
                   hcb__csv_double(csv, LON, -180, 180, &lon) != HCB__CELL_OK ||
                   hcb__csv_id(csv, LAD, &id, &len) != HCB__CELL_OK || hcb__csv_id(csv, OA, &id, &len) != HCB__CELL_OK;
        assert_int_equal(bad, 0);
        assert_int_equal(rows, 15281);
        hcb__csv_close(csv);
        double took = hcb__now() - began;
        best = took < best ? took : best;
    }
    print_message("15281 postcodes in %.1f ms\n", best * 1e3);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, workbench_open, workbench_close)
    const struct CMUnitTest tests[] = {
        TEST(test_csv__cells_know_their_place),
        TEST(test_csv__byte_order_mark_and_carriage_returns),
        TEST(test_csv__cell_texts_stay_until_the_end),
        TEST(test_csv__first_syntax_error_ends_the_file),
        TEST(test_csv__cell_size_is_limited),
        TEST(test_csv__unclosed_quote_in_a_large_file_is_found_early),
        TEST(test_csv__a_file_without_a_usable_header_fails),
        TEST(test_csv__header_is_checked),
        TEST(test_csv__a_missing_column_may_be_a_mistyped_one),
        TEST(test_csv__a_long_value_is_shown_in_part),
        TEST(test_csv__columns_are_renamed),
        TEST(test_csv__without_header),
        TEST(test_csv__typed_cells),
        TEST(test_csv__lists),
        TEST(test_csv__writer_quotes_what_it_must),
        TEST(test_csv__what_is_written_reads_back),
        TEST(test_csv__every_failed_allocation_is_reported),
        TEST(test_csv__county_postcodes_are_read_quickly),
    };
    return cmocka_run_group_tests_name("io.csv", tests, NULL, NULL);
}
