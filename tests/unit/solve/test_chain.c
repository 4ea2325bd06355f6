/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ejection chains: a ring that only a chain of all its items improves, and small problems beside all their plans. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "dense_problem.h"
#include "solve/chain.h"

/* The value reached from `start` (choices), which must stay a plan that holds. */
static int64_t reached(const dense_problem *d, const int32_t *start, int64_t target, uint64_t seed, int32_t *end) {
    const hcb_allocator *mem = hcb__default_allocator();
    double reduced[DENSE_PAIRS], price[DENSE_ITEMS];
    hcb__core *core = NULL;
    hcb__plan plan;
    hcb__budget budget = {.work_limit = 40000};
    assert_true(hcb__core_build(&core, mem, &d->p, 0, NULL, NULL));
    assert_true(hcb__suits_chains(core));
    assert_true(hcb__plan_init(&plan, mem, core));
    assert_true(hcb__plan_set(&plan, start));
    for (int32_t b = 0; b < d->p.n_bins; b++)
        price[b] = 1;
    for (int32_t i = 0; i < core->n_items; i++) {
        double least = INFINITY;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            least = fmin(least, (double)(d->cost[c] + d->weight[c]));
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            reduced[c] = (double)(d->cost[c] + d->weight[c]) - least;
    }
    hcb__chain_options o = {.hot = 10,
                            .cold = 0.1,
                            .up = 1.1,
                            .down = 0.98,
                            .work = 40000,
                            .target = target,
                            .seed = seed,
                            .row_price = price,
                            .reduced = reduced};
    assert_true(hcb__chains(&plan, mem, &o, &budget));
    return dense_end(&plan, core, mem, end);
}

/* Each of eight bins holds one item, and each item would rather be in the next one. */
static void test_chain__turns_a_ring_of_eight(void **state) {
    (void)state;
    enum { N = 8 };
    dense_problem d;
    int32_t start[N], end[N];
    dense_fill(&d, N, N);
    for (int32_t k = 0; k < N * N; k++) {
        int32_t item = k / N, bin = k % N;
        d.weight[k] = 1;
        d.cost[k] = bin == item ? 2 : bin == (item + 1) % N ? 1 : 1000;
    }
    for (int32_t i = 0; i < N; i++) {
        d.limit[i] = 1;
        start[i] = i * N + i;
    }
    assert_int_equal(reached(&d, start, N, 1, end), N);
    for (int32_t i = 0; i < N; i++)
        assert_int_equal(end[i], i * N + (i + 1) % N);
}

static void test_chain__finds_the_best_of_small_problems(void **state) {
    (void)state;
    enum { ITEMS = 10 };
    int32_t with_plan = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        hcb__rng rng;
        dense_problem d;
        int64_t least;
        int32_t start[ITEMS], end[ITEMS], again[ITEMS];
        hcb__rng_seed(&rng, seed, 0);
        dense_fill_type_d(&d, ITEMS, 3, &rng);
        if (!dense_try_all(&d, &least, start))
            continue;
        with_plan++;
        assert_int_equal(reached(&d, start, least, seed, end), least);
        assert_int_equal(reached(&d, start, least, seed, again), least);
        assert_memory_equal(end, again, sizeof end);
    }
    assert_true(with_plan >= 15);
}

static void test_chain__is_not_for_those_who_may_wait(void **state) {
    (void)state;
    dense_problem d;
    hcb__core *core = NULL;
    dense_fill(&d, 3, 2);
    for (int32_t k = 0; k < 6; k++)
        d.weight[k] = 1;
    d.limit[0] = d.limit[1] = 2;
    d.wait[1] = 7;
    assert_true(hcb__core_build(&core, hcb__default_allocator(), &d.p, 0, NULL, NULL));
    assert_false(hcb__suits_chains(core));
    hcb__core_free(core);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_chain__turns_a_ring_of_eight),
                                       cmocka_unit_test(test_chain__finds_the_best_of_small_problems),
                                       cmocka_unit_test(test_chain__is_not_for_those_who_may_wait)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
