/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs that another pair of their item makes needless: by hand, and against every plan of small random problems. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "allocation/certificate_dominance.h"
#include "engine_check.h"
#include "random_problem.h"

enum { PROBLEMS = 1000 };

/* Two items and three bins of one row each; rows 0 and 1 take both items, row 2 does not. */
static void expect_dominated(int64_t side_weight, const bool want[6]) {
    static const int64_t pair_start[] = {0, 3, 6}, use_start[] = {0, 1, 2, 3, 4, 5, 7};
    static const int32_t pair_bin[] = {0, 1, 2, 0, 1, 2}, use_row[] = {0, 1, 2, 0, 1, 2, 3}, row_bin[] = {0, 1, 2, -1};
    static const int64_t limit[] = {9, 9, 9, -1}, first[] = {2, 2, 3, 5, 4, 5}, second[] = {1, 3, 0, 6, 7, 7};
    const int64_t weight[] = {4, 4, 5, 5, 5, 5, side_weight};
    const hcb__check_level level[] = {{.pair_cost = first}, {.pair_cost = second}};
    const hcb__check_problem p = {.n_items = 2,
                                  .n_bins = 3,
                                  .n_rows = 4,
                                  .n_levels = 2,
                                  .pair_start = pair_start,
                                  .pair_bin = pair_bin,
                                  .use_start = use_start,
                                  .use_row = use_row,
                                  .use_weight = weight,
                                  .row_limit = limit,
                                  .row_bin = row_bin,
                                  .levels = level};
    const uint8_t allowed[] = {1, 1, 1, 1, 1, 1};
    bool dominated[6];
    assert_true(hcb__check_dominated(dominated, hcb__default_allocator(), &p, allowed));
    assert_memory_equal(dominated, want, sizeof dominated);
}

static void test_dominance__needs_every_level_and_no_load_that_could_bind(void **state) {
    (void)state;
    /* The first item's pair 0 beats pair 1 at the second level; pair 2 is dearer at the first and cheaper at the
     * second. The second item's pair 4 is liked best: pair 3 is cheaper at the second level, pair 5 dearer at the first
     * and no cheaper at the second, */
    expect_dominated(1, (const bool[]){false, true, false, false, false, true});
    /* but is needed where it takes load off a row that is over its limit without it. */
    expect_dominated(-1, (const bool[]){false, true, false, false, false, false});
}

static void test_dominance__leaves_a_best_plan(void **state) {
    (void)state;
    static random_problem r;
    static const uint8_t allowed[RP_PAIRS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                              1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    int32_t dropped = 0;
    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        random_problem_make(&r, seed);
        /* Wide limits, so that some rows cannot bind. */
        for (int32_t row = 0; row < r.p.n_rows; row++)
            r.row_limit[row] *= 1 + (int64_t)((seed + (uint64_t)row) % 3);
        int64_t frozen[RP_LEVELS], best;
        bool dominated[RP_PAIRS], plan = true;
        for (int32_t j = 0; j < r.p.n_levels && plan; j++)
            plan = random_problem_best(&r, j, frozen, &frozen[j]);
        hcb__check_level level[RP_LEVELS];
        hcb__check_problem p;
        engine_check_problem(&p, level, &r.p);
        assert_true(hcb__check_dominated(dominated, hcb__default_allocator(), &p, allowed));
        for (int64_t k = 0; k < r.p.pair_start[r.p.n_items]; k++)
            for (int32_t j = 0; dominated[k] && j < RP_LEVELS; j++) {
                dropped++;
                r.pair_cost[j][k] = 1000000;
            }
        for (int32_t j = 0; j < r.p.n_levels && plan; j++) {
            assert_true(random_problem_best(&r, j, frozen, &best));
            assert_int_equal(best, frozen[j]);
        }
    }
    assert_true(dropped > PROBLEMS / 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dominance__needs_every_level_and_no_load_that_could_bind),
        cmocka_unit_test(test_dominance__leaves_a_best_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
