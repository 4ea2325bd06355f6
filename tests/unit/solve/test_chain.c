/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ejection chains: a ring that only a chain of all its items improves, and small problems beside all their plans. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "solve/chain.h"

enum { MOST_ITEMS = 10, MOST_PAIRS = 64 };

typedef struct dense {
    hcb__engine_problem p;
    hcb__engine_level level;
    int64_t pair_start[MOST_ITEMS + 1], use_start[MOST_PAIRS + 1], weight[MOST_PAIRS], cost[MOST_PAIRS];
    int64_t wait[MOST_ITEMS], limit[MOST_ITEMS];
    int32_t bin[MOST_PAIRS], row[MOST_PAIRS], row_bin[MOST_ITEMS];
} dense;

/* Every item may go to every bin, none waits; a row a bin. Costs and weights are the caller's. */
static void fill(dense *d, int32_t items, int32_t bins) {
    memset(d, 0, sizeof *d);
    for (int32_t k = 0; k <= items * bins; k++) {
        d->use_start[k] = k;
        if (k < items * bins)
            d->bin[k] = d->row[k] = k % bins;
    }
    for (int32_t i = 0; i <= items; i++)
        d->pair_start[i] = i * bins;
    for (int32_t i = 0; i < items; i++)
        d->wait[i] = HCB__MUST_PLACE;
    for (int32_t b = 0; b < bins; b++)
        d->row_bin[b] = b;
    d->level = (hcb__engine_level){.pair_cost = d->cost, .wait_cost = d->wait};
    d->p = (hcb__engine_problem){.n_items = items,
                                 .n_bins = bins,
                                 .n_rows = bins,
                                 .n_levels = 1,
                                 .pair_start = d->pair_start,
                                 .pair_bin = d->bin,
                                 .use_start = d->use_start,
                                 .use_row = d->row,
                                 .use_weight = d->weight,
                                 .row_limit = d->limit,
                                 .row_bin = d->row_bin,
                                 .levels = &d->level};
}

/* The value reached from `start` (choices), which must stay a plan that holds. */
static int64_t reached(const dense *d, const int32_t *start, int64_t target, uint64_t seed, int32_t *end) {
    const hcb_allocator *mem = hcb__default_allocator();
    double reduced[MOST_PAIRS], price[MOST_ITEMS];
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
    memcpy(end, plan.choice, (size_t)core->n_items * sizeof *end);
    assert_true(hcb__plan_set(&plan, end));
    int64_t value = hcb__plan_value(&plan);
    hcb__plan_free(&plan, mem);
    hcb__core_free(core);
    return value;
}

/* Each of eight bins holds one item, and each item would rather be in the next one. */
static void test_chain__turns_a_ring_of_eight(void **state) {
    (void)state;
    enum { N = 8 };
    dense d;
    int32_t start[N], end[N];
    fill(&d, N, N);
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

/* All plans of ten items in three bins: the least value, and the plan of the largest. */
static bool try_all(const dense *d, int64_t *least, int32_t *worst) {
    int32_t at[MOST_ITEMS] = {0}, n = d->p.n_items, bins = d->p.n_bins, k = 0;
    int64_t most = INT64_MIN;
    *least = INT64_MAX;
    while (k < n) {
        int64_t load[MOST_ITEMS] = {0}, value = 0;
        bool holds = true;
        for (int32_t i = 0; i < n; i++) {
            load[at[i]] += d->weight[i * bins + at[i]];
            value += d->cost[i * bins + at[i]];
        }
        for (int32_t b = 0; b < bins; b++)
            holds = holds && load[b] <= d->limit[b];
        if (holds && value > most) {
            most = value;
            for (int32_t i = 0; i < n; i++)
                worst[i] = i * bins + at[i];
        }
        *least = holds && value < *least ? value : *least;
        for (k = 0; k < n && ++at[k] == bins; k++)
            at[k] = 0;
    }
    return most > INT64_MIN;
}

static void test_chain__finds_the_best_of_small_problems(void **state) {
    (void)state;
    int32_t with_plan = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        hcb__rng rng;
        dense d;
        int64_t least, sum[3] = {0};
        int32_t start[MOST_ITEMS], end[MOST_ITEMS], again[MOST_ITEMS];
        hcb__rng_seed(&rng, seed, 0);
        fill(&d, 10, 3);
        for (int32_t k = 0; k < 30; k++) {
            d.weight[k] = 1 + hcb__rng_below(&rng, 100);
            d.cost[k] = 111 - d.weight[k] + hcb__rng_below(&rng, 21) - 10;
            sum[k % 3] += d.weight[k];
        }
        for (int32_t b = 0; b < 3; b++)
            d.limit[b] = sum[b] * 8 / 30;
        if (!try_all(&d, &least, start))
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
    dense d;
    hcb__core *core = NULL;
    fill(&d, 3, 2);
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
