/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/clock.h"
#include "io/json.h"
#include "workbench.h"

static hcb__json_doc *parsed(workbench *bench, const char *text) {
    hcb__json_doc *doc;
    assert_int_equal(hcb__json_parse(&doc, bench->ctx, text, strlen(text), "t.json"), HCB_OK);
    return doc;
}

static void test_json__values_have_their_kinds(void **state) {
    hcb__json_doc *doc =
        parsed(*state, "\xef\xbb\xbf{\"z\": null, \"b\": true, \"i\": -7, \"r\": 2.5, \"s\": \"\xc3\xa9\\u20ac\", "
                       "\"a\": [1, 3.0, \"x\"], \"o\": {}}");
    hcb__json *root = hcb__json_root(doc);
    static const hcb__json_kind kinds[] = {HCB__JSON_NULL,   HCB__JSON_BOOL,  HCB__JSON_INT,   HCB__JSON_REAL,
                                           HCB__JSON_STRING, HCB__JSON_ARRAY, HCB__JSON_OBJECT};
    static const char *const keys[] = {"z", "b", "i", "r", "s", "a", "o"};
    assert_int_equal(hcb__json_count(root), 7);
    void *cursor = NULL;
    for (size_t i = 0; i < 7; i++) {
        const char *key;
        assert_int_equal(hcb__json_kind_of(hcb__json_get(root, keys[i])), kinds[i]);
        assert_ptr_equal(hcb__json_next(root, &cursor, &key), hcb__json_get(root, keys[i]));
        assert_string_equal(key, keys[i]);
    }
    const char *key;
    assert_null(hcb__json_next(root, &cursor, &key));
    bool flag = false;
    int64_t whole = 0;
    double real = 0;
    size_t len;
    assert_true(hcb__json_bool(hcb__json_get(root, "b"), &flag) && flag);
    assert_true(hcb__json_int(hcb__json_get(root, "i"), &whole) && whole == -7);
    assert_false(hcb__json_int(hcb__json_get(root, "r"), &whole));
    assert_true(hcb__json_number(hcb__json_get(root, "r"), &real) && real == 2.5);
    assert_true(hcb__json_number(hcb__json_get(root, "i"), &real) && real == -7);
    assert_string_equal(hcb__json_string(hcb__json_get(root, "s"), &len), "\xc3\xa9\xe2\x82\xac");
    assert_int_equal(len, 5);
    hcb__json *array = hcb__json_get(root, "a");
    assert_int_equal(hcb__json_count(array), 3);
    assert_true(hcb__json_int(hcb__json_at(array, 1), &whole) && whole == 3);
    assert_null(hcb__json_at(array, 3));
    assert_string_equal(hcb__json_file(doc), "t.json");
    hcb__json_close(doc);
}

static void test_json__readers_accept_what_is_not_there(void **state) {
    (void)state;
    int64_t whole = 9;
    double real = 9;
    bool flag = false;
    size_t len = 9;
    void *cursor = NULL;
    const char *key;
    assert_int_equal(hcb__json_kind_of(NULL), HCB__JSON_ABSENT);
    assert_null(hcb__json_get(NULL, "x"));
    assert_null(hcb__json_at(NULL, 0));
    assert_null(hcb__json_next(NULL, &cursor, &key));
    assert_null(hcb__json_string(NULL, &len));
    assert_int_equal(len, 0);
    assert_int_equal(hcb__json_count(NULL), 0);
    assert_false(hcb__json_int(NULL, &whole) || hcb__json_number(NULL, &real) || hcb__json_bool(NULL, &flag));
    assert_true(whole == 9 && real == 9);
    hcb__json_close(NULL);
}

static void test_json__syntax_errors_have_a_place(void **state) {
    static const struct {
        const char *text;
        long line, column;
        const char *words;
    } cases[] = {
        {"{\"a\": 1,\n \"b\" 2}", 2, 6, "':' expected"},
        {"{\"a\": 1,\n \"b\": tru}", 2, 7, "invalid token"},
        {"{\"\xc3\xa9\": nope}", 1, 8, "invalid token"},
        {"{\"a\": 1,\n \"a\": 2}", 2, 2, "duplicate object key"},
        {"[1, 2", 1, 6, "expected near end of file"},
        {"", 1, 1, "expected near end of file"},
        {"[1] x", 1, 5, "end of file expected"},
        {"[\"\\u0000\"]", 1, 2, "\\u0000 is not allowed"},
        {"[123456789012345678901234567890]", 1, 2, "too big integer"},
        {"[1e999]", 1, 2, "real number overflow"},
        {"[NaN]", 1, 2, "invalid token"},
        {"[01]", 1, 2, "invalid token"},
    };
    workbench *bench = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hcb__json_doc *doc;
        assert_int_equal(hcb__json_parse(&doc, bench->ctx, cases[i].text, strlen(cases[i].text), "t.json"), HCB_EPARSE);
        assert_null(doc);
        expect_problem(bench, i, cases[i].line, cases[i].column, cases[i].words);
    }
    hcb__json_doc *doc;
    assert_int_equal(hcb__json_parse(&doc, bench->ctx, "[\"\xff\"]", 5, "t.json"), HCB_EPARSE);
    assert_int_equal(hcb__json_parse(&doc, bench->ctx, "[1]\0", 4, "t.json"), HCB_EPARSE);
}

static void test_json__deep_nesting_is_refused(void **state) {
    workbench *bench = *state;
    enum { N = 200000 };
    char *text = malloc(N);
    memset(text, '[', N);
    hcb__json_doc *doc;
    assert_int_equal(hcb__json_parse(&doc, bench->ctx, text, N, "t.json"), HCB_EPARSE);
    expect_problem(bench, 0, 1, 2049, "maximum parsing depth");
    free(text);
}

static void test_json__files_are_loaded(void **state) {
    workbench *bench = *state;
    hcb__json_doc *doc;
    assert_int_equal(hcb__json_load(&doc, bench->ctx, workbench_file(bench, "t", "[1]", 3), "t"), HCB_OK);
    assert_int_equal(hcb__json_count(hcb__json_root(doc)), 1);
    hcb__json_close(doc);
    assert_int_equal(hcb__json_load(&doc, bench->ctx, workbench_path(bench, "none"), "none"), HCB_ENOTFOUND);
    assert_null(doc);
}

static void write_sample(hcb__json_writer *w) {
    hcb__jw_object(w);
    hcb__jw_key_string(w, "text", "a\"b\\\n\x01\xc3\xa9");
    hcb__jw_key_string(w, "none", NULL);
    hcb__jw_key_int(w, "int", INT64_MIN);
    hcb__jw_key_bool(w, "yes", true);
    hcb__jw_key(w, "pounds");
    hcb__jw_fixed(w, -5, 2);
    hcb__jw_key(w, "list");
    hcb__jw_array(w);
    hcb__jw_array_flat(w);
    hcb__jw_double(w, -1.25, 3);
    hcb__jw_double(w, NAN, 3);
    hcb__jw_object(w);
    hcb__jw_key(w, "k");
    hcb__jw_null(w);
    hcb__jw_end_object(w);
    hcb__jw_end_array(w);
    hcb__jw_object(w);
    hcb__jw_end_object(w);
    hcb__jw_end_array(w);
    hcb__jw_key(w, "empty");
    hcb__jw_array(w);
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

static void test_json_writer__bytes_are_these(void **state) {
    workbench *bench = *state;
    hcb__text out;
    hcb__json_writer w;
    hcb__text_init(&out, &bench->memory.mem);
    hcb__jw_init(&w, &out, false);
    write_sample(&w);
    assert_string_equal(out.at, "{\n"
                                "  \"text\": \"a\\\"b\\\\\\n\\u0001\xc3\xa9\",\n"
                                "  \"none\": null,\n"
                                "  \"int\": -9223372036854775808,\n"
                                "  \"yes\": true,\n"
                                "  \"pounds\": -0.05,\n"
                                "  \"list\": [\n"
                                "    [-1.250, null, {\"k\": null}],\n"
                                "    {}\n"
                                "  ],\n"
                                "  \"empty\": []\n"
                                "}");
    hcb__json_doc *doc = parsed(bench, out.at);
    assert_string_equal(hcb__json_string(hcb__json_get(hcb__json_root(doc), "text"), NULL), "a\"b\\\n\x01\xc3\xa9");
    hcb__json_close(doc);
    hcb__text_clear(&out);
    hcb__jw_init(&w, &out, true);
    write_sample(&w);
    assert_string_equal(out.at, "{\"text\":\"a\\\"b\\\\\\n\\u0001\xc3\xa9\",\"none\":null,\"int\":-9223372036854775808,"
                                "\"yes\":true,\"pounds\":-0.05,\"list\":[[-1.250,null,{\"k\":null}],{}],\"empty\":[]}");
    hcb__text_free(&out);
}

static void test_json_writer__replaces_what_is_not_text(void **state) {
    workbench *bench = *state;
    hcb__text out;
    hcb__json_writer w;
    hcb__text_init(&out, &bench->memory.mem);
    hcb__jw_init(&w, &out, true);
    hcb__jw_string(&w, "a\xff"
                       "b\xc3");
    assert_string_equal(out.at, "\"a\xef\xbf\xbd"
                                "b\xef\xbf\xbd\"");
    hcb__text_free(&out);
}

static void test_json_writer__depth_is_limited(void **state) {
    workbench *bench = *state;
    hcb__text out;
    hcb__json_writer w;
    hcb__text_init(&out, &bench->memory.mem);
    hcb__jw_init(&w, &out, true);
    for (int i = 0; i < 63; i++)
        hcb__jw_array(&w);
    assert_false(out.failed);
    hcb__jw_array(&w);
    assert_true(out.failed);
    hcb__text_free(&out);
}

static void test_json__county_areas_are_read_quickly(void **state) {
    workbench *bench = *state;
    const char *path = open_data("oa2011.geojson");
    if (access(path, R_OK) != 0) {
        print_message("%s is not there\n", path);
        skip();
    }
    double best = 1e9;
    for (int run = 0; run < 3; run++) {
        double began = hcb__now();
        hcb__json_doc *doc;
        assert_int_equal(hcb__json_load(&doc, bench->ctx, path, "oa2011.geojson"), HCB_OK);
        double took = hcb__now() - began;
        assert_true(hcb__json_count(hcb__json_get(hcb__json_root(doc), "features")) > 2000);
        hcb__json_close(doc);
        best = took < best ? took : best;
    }
    print_message("oa2011.geojson in %.1f ms\n", best * 1e3);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, workbench_open, workbench_close)
    const struct CMUnitTest tests[] = {
        TEST(test_json__values_have_their_kinds),
        TEST(test_json__readers_accept_what_is_not_there),
        TEST(test_json__syntax_errors_have_a_place),
        TEST(test_json__deep_nesting_is_refused),
        TEST(test_json__files_are_loaded),
        TEST(test_json_writer__bytes_are_these),
        TEST(test_json_writer__replaces_what_is_not_text),
        TEST(test_json_writer__depth_is_limited),
        TEST(test_json__county_areas_are_read_quickly),
    };
    return cmocka_run_group_tests_name("io.json", tests, NULL, NULL);
}
