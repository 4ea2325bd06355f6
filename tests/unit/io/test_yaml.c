/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/yaml.h"
#include "workbench.h"

static hcb__yaml_doc *parsed(workbench *bench, const char *text) {
    hcb__yaml_doc *doc;
    hcb_status status = hcb__yaml_parse(&doc, bench->ctx, text, strlen(text), "t.yaml");
    if (status != HCB_OK)
        fail_msg("%s", hcb_context_error(bench->ctx)->message);
    return doc;
}

static void expect_place(const hcb__yaml_doc *doc, const hcb__yaml_node *node, long line, long column,
                         const char *path) {
    assert_non_null(node);
    hcb__where where = hcb__yaml_where(doc, node);
    assert_int_equal(where.line, line);
    assert_int_equal(where.column, column);
    assert_string_equal(where.pointer, path);
    assert_string_equal(where.file, "t.yaml");
}

static void test_yaml__nodes_know_their_place_and_path(void **state) {
    hcb__yaml_doc *doc = parsed(*state, "# a comment\n"
                                        "version: 1\n"
                                        "\"\xc3\xa9t\xc3\xa9\": {\xc3\xa0: x, b: [1, 'two']}\r\n"
                                        "levels:\n"
                                        "  - name: first\n"
                                        "    tolerance: 0.5\n"
                                        "  - name: \"second: yes\"\n");
    const hcb__yaml_node *root = doc->root, *levels = hcb__yaml_get(root, "levels");
    assert_int_equal(root->kind, HCB__YAML_MAPPING);
    assert_int_equal(root->count, 3);
    expect_place(doc, hcb__yaml_get(root, "version"), 2, 10, "version");
    const hcb__yaml_node *summer = hcb__yaml_get(root, "\xc3\xa9t\xc3\xa9");
    expect_place(doc, summer, 3, 10, "\xc3\xa9t\xc3\xa9");
    expect_place(doc, hcb__yaml_get(summer, "b"), 3, 21, "\xc3\xa9t\xc3\xa9.b");
    expect_place(doc, hcb__yaml_get(summer, "b")->items[1], 3, 25, "\xc3\xa9t\xc3\xa9.b[1]");
    assert_true(hcb__yaml_get(summer, "b")->items[1]->quoted);
    assert_int_equal(levels->kind, HCB__YAML_SEQUENCE);
    assert_int_equal(levels->count, 2);
    expect_place(doc, hcb__yaml_get(levels->items[0], "tolerance"), 6, 16, "levels[0].tolerance");
    expect_place(doc, levels->items[1]->keys[0], 7, 5, "levels[1].name");
    assert_string_equal(hcb__yaml_get(levels->items[1], "name")->text, "second: yes");
    assert_null(hcb__yaml_get(root, "none"));
    assert_null(hcb__yaml_get(levels, "none"));
    assert_null(hcb__yaml_get(NULL, "none"));
    hcb__yaml_close(doc);
}

static void test_yaml__what_is_refused_has_a_place(void **state) {
    static const struct {
        const char *text;
        long line, column;
        const char *words;
    } cases[] = {
        {"", 1, 1, "the file is empty"},
        {"# nothing\n", 2, 1, "the file is empty"},
        {"a: 1\nb: 2\na: 3\n", 3, 1, "the key \"a\" is given twice"},
        {"a: &x 1\n", 1, 4, "anchors"},
        {"a: &x [1]\nb: *x\n", 1, 4, "anchors"},
        {"a: *x\n", 1, 4, "aliases"},
        {"\xc3\xa9: !!int 1\n", 1, 5, "tags"},
        {"a: !mine {}\n", 1, 4, "tags"},
        {"[a, b]: 1\n", 1, 1, "a key must be a word"},
        {"a: 1\n---\nb: 2\n", 2, 1, "a second document"},
        {"a: [1, 2\nb: 3\n", 2, 2, "not well-formed YAML"},
        {"a:\n\t- 1\n", 2, 1, "not well-formed YAML"},
        {"a: 'open\n", 2, 1, "not well-formed YAML"},
        {"a: \"\\0\"\n", 1, 4, "a NUL character"},
        {"\"\": 1\n", 1, 1, "a key must have"},
        {"ok: 1\nbad: caf\xe9\n", 2, 9, "0xe9 is not UTF-8"},
        {"ok: 1\nbad: \x01\n", 2, 6, "control characters"},
    };
    workbench *bench = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hcb__yaml_doc *doc;
        assert_int_equal(hcb__yaml_parse(&doc, bench->ctx, cases[i].text, strlen(cases[i].text), "t.yaml"), HCB_EPARSE);
        assert_null(doc);
        assert_int_equal(hcb_context_diagnostic_count(bench->ctx), i + 1);
        expect_problem(bench, i, cases[i].line, cases[i].column, cases[i].words);
    }
}

static void test_yaml__deep_nesting_is_refused(void **state) {
    workbench *bench = *state;
    char text[80];
    memset(text, '[', 40);
    memset(text + 40, ']', 40);
    hcb__yaml_doc *doc;
    assert_int_equal(hcb__yaml_parse(&doc, bench->ctx, text, 80, "t.yaml"), HCB_EPARSE);
    expect_problem(bench, 0, 1, 34, "more than 32 levels");
    assert_int_equal(hcb__yaml_parse(&doc, bench->ctx, text + 10, 60, "t.yaml"), HCB_OK);
    hcb__yaml_close(doc);
}

static void test_yaml__a_long_path_is_cut_between_characters(void **state) {
    workbench *bench = *state;
    char text[1000] = "";
    for (int level = 0; level < 3; level++) {
        strcat(text, level ? "{x" : "x"); /* so that a character lies across the limit of 512 bytes */
        for (int i = 0; i < 100; i++)
            strcat(text, "\xc3\xa9");
        strcat(text, ": ");
    }
    strcat(text, "1}}");
    hcb__yaml_doc *doc = parsed(bench, text);
    const hcb__yaml_node *deepest = doc->root->items[0]->items[0]->items[0];
    assert_string_equal(deepest->text, "1");
    assert_int_equal(strlen(deepest->path), 511);
    assert_true(hcb__valid_utf8(deepest->path, 511));
    hcb__yaml_close(doc);
}

static void test_yaml__values_are_read(void **state) {
    workbench *bench = *state;
    hcb__yaml_doc *doc = parsed(bench, "s: some text\nq: '5'\nb: yes\nf: false\ni: -5\nx: 1.25\nd: -2.5e1\n"
                                       "date: 2020-12-01\nw: rook\nn: ~\nm: null\n");
    static const char *const words[] = {"queen", "rook"};
    const hcb__yaml_node *r = doc->root;
    const char *text = "unset";
    bool flag = false;
    int64_t whole = 0, fixed = 0;
    double real = 0;
    int32_t days = 0, word = 0;
    assert_true(hcb__yaml_string(doc, hcb__yaml_get(r, "s"), &text));
    assert_string_equal(text, "some text");
    assert_true(hcb__yaml_string(doc, hcb__yaml_get(r, "q"), &text));
    assert_string_equal(text, "5");
    assert_true(hcb__yaml_bool(doc, hcb__yaml_get(r, "b"), &flag) && flag);
    assert_true(hcb__yaml_bool(doc, hcb__yaml_get(r, "f"), &flag) && !flag);
    assert_true(hcb__yaml_int(doc, hcb__yaml_get(r, "i"), -5, 5, &whole) && whole == -5);
    assert_true(hcb__yaml_fixed(doc, hcb__yaml_get(r, "x"), 3, 0, 2000, &fixed) && fixed == 1250);
    assert_true(hcb__yaml_double(doc, hcb__yaml_get(r, "d"), -100, 0, &real) && real == -25);
    assert_true(hcb__yaml_date(doc, hcb__yaml_get(r, "date"), &days) && days == 18597);
    assert_true(hcb__yaml_word(doc, hcb__yaml_get(r, "w"), words, 2, &word) && word == 1);
    whole = 77;
    assert_false(hcb__yaml_int(doc, NULL, 0, 1, &whole));
    assert_false(hcb__yaml_int(doc, hcb__yaml_get(r, "n"), 0, 1, &whole));
    assert_false(hcb__yaml_int(doc, hcb__yaml_get(r, "m"), 0, 1, &whole));
    assert_int_equal(whole, 77);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);
    hcb__yaml_close(doc);
}

static void test_yaml__wrong_values_are_explained(void **state) {
    workbench *bench = *state;
    hcb__yaml_doc *doc = parsed(bench, "i: 5.5\nq: '5'\ne:\nl: [1]\nm: {a: 1}\nb: on\nw: rok\nd: 1.12.2020\nx: .inf\n");
    static const char *const words[] = {"queen", "rook"};
    const hcb__yaml_node *r = doc->root;
    int64_t whole = 77;
    const char *text = "unset";
    bool flag = true;
    double real = 77;
    int32_t small = 77;
    assert_false(hcb__yaml_int(doc, hcb__yaml_get(r, "i"), 0, 9, &whole));
    assert_false(hcb__yaml_int(doc, hcb__yaml_get(r, "q"), 0, 9, &whole));
    assert_false(hcb__yaml_int(doc, hcb__yaml_get(r, "e"), 0, 9, &whole));
    assert_false(hcb__yaml_string(doc, hcb__yaml_get(r, "l"), &text));
    assert_false(hcb__yaml_string(doc, hcb__yaml_get(r, "m"), &text));
    assert_false(hcb__yaml_bool(doc, hcb__yaml_get(r, "b"), &flag));
    assert_false(hcb__yaml_word(doc, hcb__yaml_get(r, "w"), words, 2, &small));
    assert_false(hcb__yaml_date(doc, hcb__yaml_get(r, "d"), &small));
    assert_false(hcb__yaml_double(doc, hcb__yaml_get(r, "x"), 0, 1e300, &real));
    assert_true(whole == 77 && small == 77 && real == 77 && flag);
    assert_string_equal(text, "unset");
    expect_problem(bench, 0, 1, 4, "\"5.5\" is not a whole number from 0 to 9");
    expect_problem(bench, 1, 2, 4, "\"5\" is in quotes, hence text; a whole number was expected");
    expect_problem(bench, 2, 3, 3, "no value; a whole number was expected");
    expect_problem(bench, 3, 4, 4, "a list was given; text was expected");
    expect_problem(bench, 4, 5, 4, "a group of keys was given; text was expected");
    expect_problem(bench, 5, 6, 4, "\"on\" is not true or false");
    expect_problem(bench, 6, 7, 4, "\"rok\" is not one of queen, rook; did you mean \"rook\"?");
    expect_problem(bench, 7, 8, 4, "\"1.12.2020\" is not a date");
    expect_problem(bench, 8, 9, 4, "\".inf\" is not a number of at least 0");
    assert_string_equal(hcb_context_diagnostic_at(bench->ctx, 0)->pointer, "i");
    hcb__yaml_close(doc);
}

static void test_yaml__unknown_keys_are_listed_with_the_nearest(void **state) {
    workbench *bench = *state;
    hcb__yaml_doc *doc = parsed(bench, "travel: {modl: crow, origin: x, capacity-basis: y, colour: red}\nlist: [1]\n");
    static const char *const keys[] = {"model", "origin", "capacity_basis"};
    assert_false(hcb__yaml_known_keys(doc, hcb__yaml_get(doc->root, "travel"), keys, 3));
    expect_problem(bench, 0, 1, 10, "the key \"modl\" is not known; did you mean \"model\"?");
    expect_problem(bench, 1, 1, 33, "the key \"capacity-basis\" is not known; did you mean \"capacity_basis\"?");
    expect_problem(bench, 2, 1, 52, "the key \"colour\" is not known");
    assert_string_equal(hcb_context_diagnostic_at(bench->ctx, 0)->pointer, "travel.modl");
    assert_false(hcb__yaml_known_keys(doc, hcb__yaml_get(doc->root, "list"), keys, 3));
    expect_problem(bench, 3, 2, 7, "a group of keys (key: value) was expected");
    static const char *const top[] = {"list", "travel"};
    assert_true(hcb__yaml_known_keys(doc, doc->root, top, 2));
    assert_false(hcb__yaml_known_keys(doc, NULL, top, 2));
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 4);
    hcb__yaml_close(doc);
}

static void test_yaml__files_are_loaded(void **state) {
    workbench *bench = *state;
    hcb__yaml_doc *doc;
    assert_int_equal(hcb__yaml_load(&doc, bench->ctx,
                                    workbench_file(bench, "t",
                                                   "\xef\xbb\xbf"
                                                   "a: 1",
                                                   7),
                                    "t"),
                     HCB_OK);
    assert_int_equal(hcb__yaml_get(doc->root, "a")->column, 4);
    hcb__yaml_close(doc);
    assert_int_equal(hcb__yaml_load(&doc, bench->ctx, workbench_path(bench, "none"), "none"), HCB_ENOTFOUND);
    assert_null(doc);
    hcb__yaml_close(NULL);
}

static void test_yaml__every_failed_allocation_is_reported(void **state) {
    workbench *bench = *state;
    const char *text = "a: [1, {b: c}, d]\ne: {f: g}\n";
    long before = bench->memory.alive;
    for (long n = 1;; n++) {
        bench->memory.asked = 0;
        bench->memory.fail_at = n;
        hcb__yaml_doc *doc;
        hcb_status status = hcb__yaml_parse(&doc, bench->ctx, text, strlen(text), "t.yaml");
        if (status == HCB_OK) {
            assert_true(n > 10);
            hcb__yaml_close(doc);
            break;
        }
        assert_int_equal(status, HCB_ENOMEM);
        assert_null(doc);
        assert_int_equal(bench->memory.alive, before);
    }
    bench->memory.fail_at = 0;
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, workbench_open, workbench_close)
    const struct CMUnitTest tests[] = {
        TEST(test_yaml__nodes_know_their_place_and_path),
        TEST(test_yaml__what_is_refused_has_a_place),
        TEST(test_yaml__deep_nesting_is_refused),
        TEST(test_yaml__a_long_path_is_cut_between_characters),
        TEST(test_yaml__values_are_read),
        TEST(test_yaml__wrong_values_are_explained),
        TEST(test_yaml__unknown_keys_are_listed_with_the_nearest),
        TEST(test_yaml__files_are_loaded),
        TEST(test_yaml__every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("io.yaml", tests, NULL, NULL);
}
