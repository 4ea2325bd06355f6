/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of options against the headers: the layout that the ABI test keeps, the INIT macros, and every bound. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/option_table.h"
#include "base/options.h"
#include "hcbroker/hcbroker.h"
#include "workbench.h"

typedef union structure {
    char bytes[512];
    uint32_t size;
    int64_t align;
} structure;

/* All defaults, and a text where one is needed. */
static void fill(const char *name, structure *s) {
    const hcb__option_table *table = hcb__option_table_of(name);
    static const char *const text = "x";
    assert_int_equal(hcb_options_init(name, s, table->size), HCB_OK);
    for (size_t i = 0; i < table->n_rows; i++)
        if (table->rows[i].required)
            memcpy(s->bytes + table->rows[i].offset, &text, sizeof text);
}

static void put(structure *s, const hcb_option *o, double value) {
    char *at = s->bytes + o->offset;
    const int32_t i32 = (int32_t)value;
    if (o->type == HCB_OPTION_DOUBLE) {
        memcpy(at, &value, sizeof value);
    } else if (o->type == HCB_OPTION_INT64 || o->type == HCB_OPTION_UINT64) {
        const int64_t i64 = (int64_t)value;
        memcpy(at, &i64, sizeof i64);
    } else {
        memcpy(at, &i32, sizeof i32);
    }
}

static hcb_status take(hcb_context *ctx, const char *name, const structure *given) {
    structure taken;
    hcb_status status = hcb__begin(ctx);
    if (status == HCB_OK)
        status = hcb__options_take(ctx, &taken, name, given);
    return hcb__end(ctx, status);
}

static void accepts(hcb_context *ctx, const hcb_option *o, double value) {
    structure s;
    fill(o->structure, &s);
    put(&s, o, value);
    if (take(ctx, o->structure, &s) != HCB_OK)
        fail_msg("%s.%s = %g: %s", o->structure, o->name, value, hcb_context_error(ctx)->message);
}

static void refuses(hcb_context *ctx, const hcb_option *o, double value) {
    structure s;
    fill(o->structure, &s);
    put(&s, o, value);
    if (take(ctx, o->structure, &s) != HCB_EINVAL)
        fail_msg("%s.%s = %g is accepted", o->structure, o->name, value);
    const char *message = hcb_context_error(ctx)->message;
    size_t n = strlen(o->name);
    assert_true(strncmp(message, o->name, n) == 0 && strncmp(message + n, " is ", 4) == 0);
    assert_non_null(strstr(message, "; expected "));
}

static bool special(const hcb_option *o, double value) {
    bool found = value == o->initial;
    for (uint32_t w = 0; w < o->n_words; w++)
        found = found || value == (double)o->words[w].value;
    return found;
}

static void test_options__every_bound_is_the_last_value_accepted(void **state) {
    workbench *b = *state;
    int numbers = 0;
    for (int32_t i = 0; i < hcb_option_count(); i++) {
        const hcb_option *o = hcb_option_at(i);
        accepts(b->ctx, o, o->initial);
        for (uint32_t w = 0; w < o->n_words; w++)
            accepts(b->ctx, o, (double)o->words[w].value);
        if (o->type == HCB_OPTION_CHOICE) {
            refuses(b->ctx, o, 77);
            refuses(b->ctx, o, -77);
        }
        if (o->type == HCB_OPTION_FLAG)
            refuses(b->ctx, o, 2);
        if (o->type < HCB_OPTION_INT32 || o->type > HCB_OPTION_DOUBLE)
            continue;
        numbers++;
        assert_true(o->low < o->high);
        accepts(b->ctx, o, o->low);
        accepts(b->ctx, o, o->high);
        bool real = o->type == HCB_OPTION_DOUBLE;
        double below = real ? nextafter(o->low, -INFINITY) : o->low - 1;
        double above = real || o->high > 1e15 ? nextafter(o->high, INFINITY) : o->high + 1;
        if (o->type != HCB_OPTION_UINT64 && !special(o, below))
            refuses(b->ctx, o, below);
        if (o->high < INT32_MAX || o->type != HCB_OPTION_INT32)
            refuses(b->ctx, o, above);
        if (real) {
            refuses(b->ctx, o, NAN);
            refuses(b->ctx, o, INFINITY);
        }
    }
    assert_true(numbers > 30);
}

static void test_options__a_needed_text_is_asked_for(void **state) {
    workbench *b = *state;
    int needed = 0;
    for (int32_t i = 0; i < hcb_option_count(); i++) {
        const hcb_option *o = hcb_option_at(i);
        if (!o->required)
            continue;
        const char *const none = NULL;
        structure s;
        fill(o->structure, &s);
        memcpy(s.bytes + o->offset, &none, sizeof none);
        assert_int_equal(take(b->ctx, o->structure, &s), HCB_EINVAL);
        assert_non_null(strstr(hcb_context_error(b->ctx)->message, o->name));
        needed++;
    }
    assert_true(needed >= 8);
}

/* What tests/abi/layout.txt has for a structure that callers fill in, the table has too, at the same place. */
static void test_options__every_field_has_its_row(void **state) {
    (void)state;
    FILE *file = fopen(HCB_SOURCE_DIR "/tests/abi/layout.txt", "r");
    char line[256], name[64], field[64];
    int offset, size, rows = 0, structures = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        bool of_field = sscanf(line, "%63[a-z_0-9].%63s %d %d", name, field, &offset, &size) == 4;
        if (!of_field && sscanf(line, "%63s %d", name, &size) == 2) {
            size_t n = strlen(name);
            bool options = (n > 8 && strcmp(name + n - 8, "_options") == 0) || strcmp(name, "hcb_desk_stamp") == 0;
            const hcb__option_table *table = hcb__option_table_of(name);
            if (options != (table != NULL))
                fail_msg("%s: %s", name, table ? "has a table, and is none of options" : "has no table");
            if (table)
                assert_int_equal(size, table->size);
            structures += options;
        }
        if (!of_field || !hcb__option_table_of(name) || strcmp(field, "struct_size") == 0 ||
            strcmp(field, "reserved") == 0)
            continue;
        const hcb_option *o = hcb_option_find(name, field);
        if (!o)
            fail_msg("%s.%s has no row", name, field);
        static const int sizes[] = {4, 4, 4, 8, 8, 8, 8, 8};
        assert_int_equal(o->offset, offset);
        assert_int_equal(size,
                         o->type == HCB_OPTION_OPTIONS ? (int)hcb__option_table_of(o->inner)->size : sizes[o->type]);
        assert_true(strlen(o->sentence) > 5);
        rows++;
    }
    fclose(file);
    assert_int_equal(rows, hcb_option_count());
    assert_int_equal(structures, hcb__n_option_tables);
}

#define SAME(type, macro)                                                                                              \
    do {                                                                                                               \
        const type init = macro;                                                                                       \
        type filled;                                                                                                   \
        assert_int_equal(hcb_options_init(#type, &filled, sizeof filled), HCB_OK);                                     \
        assert_memory_equal(&init, &filled, sizeof init);                                                              \
    } while (0)

static void test_options__the_macros_are_the_defaults_of_the_table(void **state) {
    (void)state;
    SAME(hcb_allocation_options, HCB_ALLOCATION_OPTIONS_INIT);
    SAME(hcb_scenario_options, HCB_SCENARIO_OPTIONS_INIT);
    SAME(hcb_design_options, HCB_DESIGN_OPTIONS_INIT);
    SAME(hcb_desk_options, HCB_DESK_OPTIONS_INIT);
    SAME(hcb_explain_options, HCB_EXPLAIN_OPTIONS_INIT);
    SAME(hcb_generate_options, HCB_GENERATE_OPTIONS_INIT);
    SAME(hcb_price_bands_options, HCB_PRICE_BANDS_OPTIONS_INIT);
    SAME(hcb_price_visits_options, HCB_PRICE_VISITS_OPTIONS_INIT);
    SAME(hcb_recommend_options, HCB_RECOMMEND_OPTIONS_INIT);
    SAME(hcb_report_options, HCB_REPORT_OPTIONS_INIT);
}

static void test_options__sizes_of_other_versions(void **state) {
    workbench *b = *state;
    structure s;
    memset(&s, 0x55, sizeof s);
    /* A shorter structure: what lies behind it stays as it is. */
    assert_int_equal(hcb_options_init("hcb_recommend_options", &s, 8), HCB_OK);
    assert_int_equal(s.size, 8);
    assert_int_equal(s.bytes[8], 0x55);
    /* A longer one's tail is 0, and is taken back. */
    assert_int_equal(hcb_options_init("hcb_recommend_options", &s, 40), HCB_OK);
    assert_int_equal(s.bytes[39], 0);
    assert_int_equal(s.bytes[40], 0x55);
    assert_int_equal(take(b->ctx, "hcb_recommend_options", &s), HCB_OK);
    s.bytes[39] = 1;
    assert_int_equal(take(b->ctx, "hcb_recommend_options", &s), HCB_EVERSION);
    assert_int_equal(hcb_options_init("hcb_recommend_options", &s, 6), HCB_EVERSION);
    assert_int_equal(hcb_options_init("hcb_recommend_options", &s, 0), HCB_EVERSION);
    assert_int_equal(hcb_options_init("hcb_place", &s, 64), HCB_EINVAL);
    assert_int_equal(hcb_options_init(NULL, &s, 64), HCB_EINVAL);
    assert_int_equal(hcb_options_init("hcb_recommend_options", NULL, 16), HCB_EINVAL);
    assert_null(hcb_option_at(-1));
    assert_null(hcb_option_at(hcb_option_count()));
    assert_null(hcb_option_find("hcb_recommend_options", "bottom"));
    assert_null(hcb_option_find(NULL, NULL));
}

static void test_options__bounds_of_options_within(void **state) {
    workbench *b = *state;
    hcb_scenario_options o = HCB_SCENARIO_OPTIONS_INIT;
    structure s;
    o.allocation.threads = 65;
    memcpy(&s, &o, sizeof o);
    assert_int_equal(take(b->ctx, "hcb_scenario_options", &s), HCB_EINVAL);
    assert_string_equal(hcb_context_error(b->ctx)->message, "threads is 65; expected 0 to 64");
    o.allocation.threads = 0;
    o.allocation.method = 2;
    memcpy(&s, &o, sizeof o);
    assert_int_equal(take(b->ctx, "hcb_scenario_options", &s), HCB_EINVAL);
    assert_string_equal(hcb_context_error(b->ctx)->message, "method is 2; expected 0 (optimal), 1 (sequential)");
    memset(&o.allocation, 0, sizeof o.allocation);
    memcpy(&s, &o, sizeof o);
    assert_int_equal(take(b->ctx, "hcb_scenario_options", &s), HCB_OK);
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, workbench_open, workbench_close)
    const struct CMUnitTest tests[] = {
        TEST(test_options__every_bound_is_the_last_value_accepted),
        TEST(test_options__a_needed_text_is_asked_for),
        TEST(test_options__every_field_has_its_row),
        TEST(test_options__the_macros_are_the_defaults_of_the_table),
        TEST(test_options__sizes_of_other_versions),
        TEST(test_options__bounds_of_options_within),
    };
    return cmocka_run_group_tests_name("base.options", tests, NULL, NULL);
}
