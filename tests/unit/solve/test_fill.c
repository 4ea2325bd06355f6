/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling bins one after another beside the best of all plans, found by a table over sets of items; and the smoothed
 * prices it goes by. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "dense_problem.h"
#include "solve/fill.h"
#include "solve/soft.h"

enum { ITEMS = 11, BINS = 9, SETS = 1 << ITEMS, PROBLEMS = 20 };

typedef struct table {
    int64_t best[BINS + 1][SETS]; /* of the first bins, holding exactly these items */
    int32_t taken[BINS + 1][SETS];
} table;

static const int64_t NEVER = INT64_MAX / 2;

/* Best of all plans, or with sign -1 the dearest; false when there is none. */
static bool best_of_all(table *t, const dense_problem *d, int64_t sign, int64_t *value, int32_t *choice) {
    for (int32_t s = 0; s < SETS; s++)
        t->best[0][s] = s ? NEVER : 0;
    for (int32_t b = 0; b < BINS; b++)
        for (int32_t s = 0; s < SETS; s++) {
            t->best[b + 1][s] = NEVER;
            for (int32_t part = s;; part = (part - 1) & s) {
                int64_t weight = 0, cost = t->best[b][s ^ part];
                for (int32_t i = 0; cost < NEVER && i < ITEMS; i++)
                    if (part >> i & 1) {
                        weight += d->weight[i * BINS + b];
                        cost += sign * d->cost[i * BINS + b];
                    }
                if (weight <= d->limit[b] && cost < t->best[b + 1][s]) {
                    t->best[b + 1][s] = cost;
                    t->taken[b + 1][s] = part;
                }
                if (part == 0)
                    break;
            }
        }
    for (int32_t b = BINS, s = SETS - 1; b > 0; s ^= t->taken[b--][s])
        for (int32_t i = 0; i < ITEMS; i++)
            if (t->taken[b][s] >> i & 1)
                choice[i] = i * BINS + b - 1;
    *value = sign * t->best[BINS][SETS - 1];
    return t->best[BINS][SETS - 1] < NEVER;
}

/* Few items a bin need more room than type D has. */
static void draw(dense_problem *d, uint64_t seed) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 0);
    dense_fill_type_d(d, ITEMS, BINS, &rng);
    for (int32_t b = 0; b < BINS; b++)
        d->limit[b] = d->limit[b] * 8 / 5;
}

/* Unit prices, and what each choice then costs above its item's least. */
static void reduce(const hcb__core *core, double *price, double *reduced) {
    for (int32_t r = 0; r < core->n_rows; r++)
        price[r] = 1;
    for (int32_t i = 0; i < core->n_items; i++) {
        double least = INFINITY;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            reduced[c] = (double)(core->cost[c] + core->use_weight[core->use_start[c]]);
            least = fmin(least, reduced[c]);
        }
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            reduced[c] -= least;
    }
}

/* The value reached from the start, whose rows must hold. */
static int64_t reached(const dense_problem *d, const int32_t *start, uint64_t seed, int64_t work, int32_t *end) {
    const hcb_allocator *mem = hcb__default_allocator();
    double price[DENSE_ITEMS], reduced[DENSE_PAIRS];
    hcb__core *core = NULL;
    hcb__plan plan;
    hcb__budget budget = {.work_limit = work};
    assert_true(hcb__core_build(&core, mem, &d->p, 0, NULL, NULL));
    assert_true(hcb__suits_filling(core));
    assert_true(hcb__plan_init(&plan, mem, core));
    assert_true(hcb__plan_set(&plan, start));
    reduce(core, price, reduced);
    hcb__fill_options o = {.temperature = 0.5,
                           .reach = 100,
                           .noise = 0.2,
                           .width = 16,
                           .target = INT64_MIN,
                           .seed = seed,
                           .row_price = price,
                           .reduced = reduced};
    assert_true(hcb__fill(&plan, mem, &o, &budget));
    return dense_end(&plan, core, mem, end);
}

/* One item a bin is what filling suits least: near the best always, the best of all now and then. */
static void test_fill__comes_near_the_best_of_small_problems(void **state) {
    (void)state;
    static table t;
    int32_t with_plan = 0, best = 0;
    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        dense_problem d;
        int64_t least, most, value;
        int32_t start[ITEMS], end[ITEMS], again[ITEMS];
        draw(&d, seed);
        if (!best_of_all(&t, &d, -1, &most, start))
            continue;
        assert_true(best_of_all(&t, &d, 1, &least, end));
        with_plan++;
        value = reached(&d, start, seed, 0, end);
        assert_in_range(value, least, most);
        assert_int_equal(reached(&d, start, seed, 0, again), value);
        assert_memory_equal(end, again, sizeof end);
        assert_true((double)(value - least) < 0.08 * (double)(most - least));
        best += value == least;
    }
    assert_true(with_plan >= PROBLEMS / 2);
    assert_true(best >= with_plan / 3);
}

static void test_fill__ends_with_the_start_when_the_budget_is_over(void **state) {
    (void)state;
    static table t;
    dense_problem d;
    int64_t most;
    int32_t start[ITEMS], end[ITEMS];
    draw(&d, 1);
    assert_true(best_of_all(&t, &d, -1, &most, start));
    assert_int_equal(reached(&d, start, 1, 1, end), most);
    assert_memory_equal(start, end, sizeof end);
}

static void test_fill__is_for_one_row_a_bin(void **state) {
    (void)state;
    const hcb_allocator *mem = hcb__default_allocator();
    hcb__rng rng;
    dense_problem d;
    for (int32_t kind = 0; kind < 4; kind++) {
        hcb__core *core = NULL;
        hcb__rng_seed(&rng, 1, 0);
        dense_fill_type_d(&d, ITEMS, kind == 3 ? 4 : BINS, &rng);
        if (kind == 1)
            d.wait[3] = 7;
        if (kind == 2)
            d.row_bin[2] = -1;
        assert_true(hcb__core_build(&core, mem, &d.p, 0, NULL, NULL));
        assert_int_equal(hcb__suits_filling(core), kind == 0);
        hcb__core_free(core);
    }
}

/* The smoothed dual is concave: from any prices the same value is reached. The plain value bounds every plan. */
static void test_soft__ends_where_the_dual_is_greatest(void **state) {
    (void)state;
    static table t;
    const hcb_allocator *mem = hcb__default_allocator();
    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        hcb__rng rng;
        dense_problem d;
        hcb__core *core = NULL;
        hcb__arena arena;
        hcb__soft soft = {.temperature = 1};
        hcb__budget budget = {.work_limit = 0};
        double score[3], cost[DENSE_PAIRS], weight[DENSE_PAIRS], none[DENSE_PAIRS] = {0}, room[DENSE_ITEMS];
        int32_t choice[ITEMS], open[BINS], place[BINS];
        int64_t least;
        hcb__rng_seed(&rng, seed, 1);
        draw(&d, seed);
        bool has_plan = best_of_all(&t, &d, 1, &least, choice);
        assert_true(hcb__core_build(&core, mem, &d.p, 0, NULL, NULL));
        for (int32_t c = 0; c < ITEMS * BINS; c++) {
            cost[c] = (double)d.cost[c];
            weight[c] = (double)d.weight[c];
        }
        for (int32_t b = 0; b < BINS; b++) {
            open[b] = place[b] = b;
            room[b] = (double)d.limit[b];
        }
        memset(choice, -1, sizeof choice);
        hcb__filling f = {
            .core = core, .bin = d.bin, .cost = cost, .weight = weight, .price = none, .room = room, .most = BINS};
        hcb__arena_init(&arena, mem);
        assert_true(hcb__soft_init(&soft, &arena, &f));
        for (int32_t k = 0; k < 3; k++) {
            double price[BINS];
            for (int32_t b = 0; b < BINS; b++)
                price[b] = k == 0 ? 1 : k == 1 ? 1e-3 : 3 * hcb__rng_unit(&rng);
            hcb__filled s = {.choice = choice, .open = open, .place = place, .price = price, .n_open = BINS};
            hcb__soft_solve(&soft, &f, &s, &budget);
            score[k] = s.score;
            assert_true(!has_plan || s.value <= (double)least + 1e-6);
        }
        assert_true(fabs(score[1] - score[0]) < 0.1 && fabs(score[2] - score[0]) < 0.1);
        hcb__arena_release(&arena);
        hcb__core_free(core);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fill__comes_near_the_best_of_small_problems),
                                       cmocka_unit_test(test_fill__ends_with_the_start_when_the_budget_is_over),
                                       cmocka_unit_test(test_fill__is_for_one_row_a_bin),
                                       cmocka_unit_test(test_soft__ends_where_the_dual_is_greatest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
