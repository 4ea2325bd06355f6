/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a level that no row joins. Two counties of two items and one bin each, and a side row that may join them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "solve/components.h"

static void expect_parts(int64_t side_limit, int64_t second_limit, const int32_t want[4], int32_t parts) {
    static const int64_t pair_start[] = {0, 1, 2, 3, 4}, use_start[] = {0, 2, 4, 6, 8};
    static const int32_t pair_bin[] = {0, 0, 1, 1}, use_row[] = {0, 2, 0, 2, 1, 2, 1, 2};
    static const int64_t weight[] = {5, 1, 6, 1, 7, 1, 8, 1}, wait[] = {9, 9, 9, 9};
    static const int32_t row_bin[] = {0, 1, -1};
    const int64_t limit[] = {10, second_limit, side_limit};
    const hcb__engine_level level = {.wait_cost = wait};
    const hcb__engine_problem p = {.n_items = 4,
                                   .n_bins = 2,
                                   .n_rows = 3,
                                   .n_levels = 1,
                                   .pair_start = pair_start,
                                   .pair_bin = pair_bin,
                                   .use_start = use_start,
                                   .use_row = use_row,
                                   .use_weight = weight,
                                   .row_limit = limit,
                                   .row_bin = row_bin,
                                   .levels = &level};
    hcb__core *core = NULL;
    int32_t of_item[4];
    assert_true(hcb__core_build(&core, hcb__default_allocator(), &p, 0, NULL, NULL));
    assert_int_equal(hcb__components(core, hcb__default_allocator(), of_item), parts);
    assert_memory_equal(of_item, want, sizeof of_item);
    hcb__core_free(core);
}

static void test_components__a_row_joins_only_where_it_can_bind(void **state) {
    (void)state;
    expect_parts(4, 14, (const int32_t[]){0, 0, 1, 1}, 2); /* four at most in the side row: it holds anyway */
    expect_parts(3, 14, (const int32_t[]){0, 0, 0, 0}, 1);
    expect_parts(4, 15, (const int32_t[]){0, 0, 1, 2}, 3); /* 7 + 8 fit the second bin together */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_components__a_row_joins_only_where_it_can_bind)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
