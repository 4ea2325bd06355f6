/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regions: all of a problem of two bins beside all its plans; and small problems with every kind of row, where a plan
 * may only become better and must hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "counting.h"
#include "dense_problem.h"
#include "random_problem.h"
#include "solve/backend.h"
#include "solve/regions.h"

enum { ITEMS = 14, BINS = 2, DENSE_PROBLEMS = 20, RANDOM_PROBLEMS = 400, WORK = 2000 };

/* The value after all shares of a round, one after the other; the plan must hold after each. */
static int64_t reached(const hcb__engine_problem *p, const int32_t *start, uint64_t seed, int32_t bins, uint64_t shares,
                       const hcb__backend *backend, int64_t *before, int32_t *end) {
    const hcb_allocator *mem = hcb__default_allocator();
    hcb__core *core = NULL;
    hcb__plan plan;
    hcb__lp_answer lp;
    hcb__budget budget = {.work_limit = 0, .backend = backend};
    assert_true(hcb__core_build(&core, mem, p, 0, NULL, NULL));
    assert_true(hcb__plan_init(&plan, mem, core));
    assert_true(hcb__plan_set(&plan, start));
    *before = hcb__plan_value(&plan);
    assert_true(hcb__lp_solve(&lp, mem, core, &budget));
    for (uint64_t share = 0; share < shares; share++) {
        hcb__region_options o = {
            .lp = &lp, .target = INT64_MIN, .bins = bins, .seed = seed, .share = share, .shares = shares, .work = WORK};
        int64_t value = hcb__plan_value(&plan);
        assert_true(hcb__regions(&plan, mem, &o, &budget));
        assert_true(hcb__plan_value(&plan) <= value);
        assert_true(hcb__plan_set(&plan, plan.choice));
    }
    hcb__lp_free(&lp, mem);
    return dense_end(&plan, core, mem, end);
}

/* Two bins are one region: nothing is left to gain. */
static void test_regions__finds_the_best_of_two_bins(void **state) {
    (void)state;
    for (int32_t k = 0; hcb__backends()[k]; k++) {
        int32_t with_plan = 0;
        for (uint64_t seed = 1; seed <= DENSE_PROBLEMS; seed++) {
            hcb__rng rng;
            dense_problem d;
            int64_t least, before;
            int32_t start[ITEMS], end[ITEMS], again[ITEMS];
            hcb__rng_seed(&rng, seed, 0);
            dense_fill_type_d(&d, ITEMS, BINS, &rng);
            if (!dense_try_all(&d, &least, start))
                continue;
            with_plan++;
            assert_int_equal(reached(&d.p, start, seed, 2, 1, hcb__backends()[k], &before, end), least);
            assert_int_equal(reached(&d.p, start, seed, 2, 1, hcb__backends()[k], &before, again), least);
            assert_memory_equal(end, again, sizeof end);
        }
        assert_true(with_plan >= DENSE_PROBLEMS / 2);
    }
}

/* A plan by chance; false when a few tries find none, as when an item has no choice. */
static bool draw_plan(const hcb__engine_problem *p, hcb__rng *rng, int32_t *choice) {
    const hcb_allocator *mem = hcb__default_allocator();
    hcb__core *core = NULL;
    hcb__plan plan;
    bool holds = false, some = true;
    assert_true(hcb__core_build(&core, mem, p, 0, NULL, NULL));
    assert_true(hcb__plan_init(&plan, mem, core));
    for (int32_t i = 0; i < core->n_items; i++)
        some = some && core->start[i] < core->start[i + 1];
    for (int32_t k = 0; k < 200 && some && !holds; k++) {
        for (int32_t i = 0; i < core->n_items; i++)
            choice[i] = core->start[i] + (int32_t)hcb__rng_below(rng, (uint32_t)(core->start[i + 1] - core->start[i]));
        holds = hcb__plan_set(&plan, choice);
    }
    hcb__plan_free(&plan, mem);
    hcb__core_free(core);
    return holds;
}

static void test_regions__keeps_every_row(void **state) {
    (void)state;
    int32_t with_plan = 0, better = 0;
    for (uint64_t seed = 1; seed <= RANDOM_PROBLEMS; seed++) {
        hcb__rng rng;
        random_problem r;
        int64_t best, before;
        int32_t start[RP_ITEMS], end[RP_ITEMS];
        random_problem_make(&r, seed);
        hcb__rng_seed(&rng, seed, 1);
        if (r.level[0].kind != HCB__LEVEL_SUM || !draw_plan(&r.p, &rng, start))
            continue;
        with_plan++;
        assert_true(random_problem_best(&r, 0, NULL, &best));
        int64_t value = reached(&r.p, start, seed, 2 + (int32_t)(seed / 2 % 2), 1 + seed % 2, NULL, &before, end);
        assert_in_range(value - best, 0, before - best);
        better += value < before;
    }
    assert_true(with_plan >= RANDOM_PROBLEMS / 4);
    assert_true(better >= 20);
}

/* Each request for memory refused in turn, and all after it. */
static void test_regions__leaves_a_plan_without_memory(void **state) {
    (void)state;
    const hcb_allocator *mem = hcb__default_allocator();
    hcb__rng rng;
    dense_problem d;
    int64_t least, end = 0;
    int32_t start[ITEMS];
    hcb__core *core = NULL;
    hcb__lp_answer lp;
    hcb__plan plan;
    hcb__budget budget = {.work_limit = 0};
    counting c;
    bool ok = false;
    hcb__rng_seed(&rng, 1, 0);
    dense_fill_type_d(&d, ITEMS, BINS, &rng);
    assert_true(dense_try_all(&d, &least, start));
    assert_true(hcb__core_build(&core, mem, &d.p, 0, NULL, NULL));
    assert_true(hcb__plan_init(&plan, mem, core));
    assert_true(hcb__lp_solve(&lp, mem, core, &budget));
    hcb__region_options o = {.lp = &lp, .target = INT64_MIN, .bins = 2, .seed = 1, .shares = 1, .work = 1};
    long fail_at = 1;
    for (; !ok; fail_at++) {
        assert_true(hcb__plan_set(&plan, start));
        int64_t before = hcb__plan_value(&plan);
        counting_init(&c);
        c.fail_at = fail_at;
        ok = hcb__regions(&plan, &c.mem, &o, &budget);
        end = hcb__plan_value(&plan);
        assert_int_equal(c.alive, 0);
        assert_true(end <= before && hcb__plan_set(&plan, plan.choice));
        ok = ok && c.asked < fail_at;
    }
    assert_int_equal(end, least);
    assert_true(fail_at > 7);
    hcb__lp_free(&lp, mem);
    hcb__plan_free(&plan, mem);
    hcb__core_free(core);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_regions__finds_the_best_of_two_bins),
                                       cmocka_unit_test(test_regions__keeps_every_row),
                                       cmocka_unit_test(test_regions__leaves_a_plan_without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
