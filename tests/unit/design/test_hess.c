/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/hess.h"

#include "design/enumerate.h"
#include "design_maps.h"
#include "solve/backend.h"

typedef struct instance {
    hcb__graph *g;
    int32_t n, k;
    int64_t weight[25], low, high;
    double cost[25 * 25];
    double least; /* by looking at every plan */
} instance;

/* The cost of the plan with the best centre in each zone. */
static bool look(const int32_t *zone, int64_t cuts, void *payload) {
    instance *t = payload;
    double sum = 0;
    (void)cuts;
    for (int32_t z = 0; z < t->k; z++) {
        double best = INFINITY;
        for (int32_t j = 0; j < t->n; j++) {
            double at = 0;
            for (int32_t i = 0; zone[j] == z && i < t->n; i++)
                at += zone[i] == z ? t->cost[j * t->n + i] : 0;
            best = zone[j] == z && at < best ? at : best;
        }
        sum += best;
    }
    t->least = sum < t->least ? sum : t->least;
    return true;
}

static void every_plan(instance *t, const hcb_allocator *mem) {
    int64_t low[8], high[8];
    for (int32_t z = 0; z < t->k; z++) {
        low[z] = t->low;
        high[z] = t->high;
    }
    hcb__enumeration what = {.graph = t->g,
                             .k = t->k,
                             .n_attributes = 1,
                             .attribute = t->weight,
                             .low = low,
                             .high = high,
                             .alike = true,
                             .most_cuts = -1,
                             .visit = look,
                             .payload = t};
    hcb__enumerated out;
    t->least = INFINITY;
    assert_true(hcb__enumerate(&out, NULL, mem, &what));
    assert_true(out.complete);
}

static void check_with(instance *t, const hcb_allocator *mem, const hcb__backend *backend) {
    hcb__budget budget = {.backend = backend};
    hcb__hess p = {.graph = t->g,
                   .k = t->k,
                   .weight = t->weight,
                   .low = t->low,
                   .high = t->high,
                   .cost = t->cost,
                   .contiguous = true,
                   .seed = 1,
                   .budget = &budget};
    hcb__hess_answer a;
    assert_int_equal(hcb__hess_solve(&a, mem, &p), HCB_OK);
    assert_true(a.proved);
    assert_int_equal(a.found, t->least < INFINITY);
    if (a.found) {
        assert_true(a.value == t->least); /* whole numbers */
        assert_true(a.bound == t->least);
        double cost = 0;
        for (int32_t i = 0; i < t->n; i++) {
            assert_int_equal(a.centre[a.centre[i]], a.centre[i]);
            cost += t->cost[a.centre[i] * t->n + i];
        }
        assert_true(cost == a.value);
    }
    hcb__free(mem, a.centre);
}

/* Back ends that are not used first take a few: they are slow. */
static void check(instance *t, const hcb_allocator *mem, bool by_all) {
    every_plan(t, mem);
    check_with(t, mem, NULL);
    for (const hcb__backend *const *other = hcb__backends() + 1; *other && by_all; other++)
        check_with(t, mem, *other);
}

static void test_hess__agrees_with_every_plan_of_grids(void **state) {
    hcb_context *ctx = *state;
    for (int32_t side = 4; side <= 5; side++) {
        instance t = {.g = grid_graph(&ctx->mem, side, side), .n = side * side, .k = side, .low = side, .high = side};
        for (int32_t i = 0; i < t.n; i++)
            t.weight[i] = 1;
        for (int32_t j = 0; j < t.n; j++)
            for (int32_t i = 0; i < t.n; i++) {
                double x = i % side - j % side, y = i / side - j / side, d = floor(100 * sqrt(x * x + y * y));
                t.cost[j * t.n + i] = d * d;
            }
        check(&t, &ctx->mem, side == 4);
        if (side == 5)
            assert_true(t.least == 239524); /* published */
        hcb__graph_free(t.g);
    }
}

/* Costs that no map has, so that connectedness binds; and bounds that nothing meets now and then. */
static void test_hess__agrees_with_every_plan_of_strange_costs(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 3, 0);
    int without = 0;
    for (int round = 0; round < 15; round++) {
        instance t = {.g = grid_graph(&ctx->mem, 4, 4), .n = 16, .k = 2 + round % 3};
        int64_t total = 0;
        for (int32_t i = 0; i < 16; i++)
            total += t.weight[i] = (int64_t)hcb__rng_below(&rng, 30);
        int64_t slack = 1 + round % 4;
        t.low = (100 - slack) * total / 100 / t.k;
        t.high = (100 + slack) * total / 100 / t.k;
        for (int32_t i = 0; i < 256; i++) {
            int32_t a = i / 16, b = i % 16, steps = abs(a / 4 - b / 4) + abs(a % 4 - b % 4);
            t.cost[i] = a == b ? 0 : 100 * steps + (double)hcb__rng_below(&rng, 150);
        }
        check(&t, &ctx->mem, round % 5 == 0);
        without += t.least == INFINITY;
        hcb__graph_free(t.g);
    }
    assert_true(without > 0 && without < 15);
}

int main(void) {
    const struct CMUnitTest tests[] = {CONTEXT_TEST(test_hess__agrees_with_every_plan_of_grids),
                                       CONTEXT_TEST(test_hess__agrees_with_every_plan_of_strange_costs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
