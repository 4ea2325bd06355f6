/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/enumerate.h"

#include "design_maps.h"

static hcb__enumerated count(const hcb__enumeration *what, const hcb_allocator *mem, int32_t *best) {
    hcb__enumerated out;
    assert_true(hcb__enumerate(&out, best, mem, what));
    assert_true(out.complete);
    return out;
}

/* Ways to cut an n x n grid into n connected parts of n cells: OEIS A172477. */
static void test_enumerate__published_grid_counts(void **state) {
    static const int64_t published[] = {0, 1, 2, 10, 117, 4006};
    hcb_context *ctx = *state;
    for (int32_t n = 2; n <= 5; n++) {
        hcb__graph *g = grid_graph(&ctx->mem, n, n);
        int64_t ones[25], low[5], high[5];
        for (int32_t i = 0; i < n * n; i++)
            ones[i] = 1;
        for (int32_t z = 0; z < n; z++)
            low[z] = high[z] = n;
        hcb__enumeration what = {.graph = g,
                                 .k = n,
                                 .n_attributes = 1,
                                 .attribute = ones,
                                 .low = low,
                                 .high = high,
                                 .alike = true,
                                 .most_cuts = -1};
        assert_int_equal(count(&what, &ctx->mem, NULL).plans, published[n]);
        /* Zones with names: each plan once for each way of naming them. */
        what.alike = false;
        if (n < 5) {
            int64_t names = n == 2 ? 2 : n == 3 ? 6 : 24;
            assert_int_equal(count(&what, &ctx->mem, NULL).plans, names * published[n]);
        }
        hcb__graph_free(g);
    }
}

typedef struct rules {
    int64_t weight[32], mix[32], attribute[64]; /* mix may be negative */
    int64_t low[8], high[8];
    int32_t fixed[32];
} rules;

static void draw(rules *r, hcb__rng *rng, int32_t n, int32_t k) {
    int64_t total = 0;
    for (int32_t i = 0; i < n; i++) {
        r->weight[i] = (int64_t)hcb__rng_below(rng, 9) + 1;
        r->mix[i] = (int64_t)hcb__rng_below(rng, 7) - 3;
        total += r->weight[i];
        r->fixed[i] = i == 7 || i == n - 3 ? (int32_t)hcb__rng_below(rng, (uint32_t)k) : -1;
    }
    memcpy(r->attribute, r->weight, (size_t)n * sizeof *r->weight);
    memcpy(r->attribute + n, r->mix, (size_t)n * sizeof *r->mix);
    for (int32_t z = 0; z < k; z++) { /* unequal targets */
        int64_t want = total * (z + 1) * 2 / (k * (k + 1));
        r->low[z] = want - total / 9;
        r->high[z] = want + total / 9;
        r->low[k + z] = -(int64_t)hcb__rng_below(rng, 8);
        r->high[k + z] = INT64_MAX / 4;
    }
}

static bool legal(const rules *r, uint32_t set, int32_t z, int32_t k, int32_t n, int32_t width) {
    int64_t weight = bits_sum(set, r->weight), mix = bits_sum(set, r->mix);
    if (weight < r->low[z] || weight > r->high[z] || mix < r->low[k + z])
        return false;
    for (int32_t i = 0; i < n; i++)
        if (r->fixed[i] >= 0 && (r->fixed[i] == z) != (set >> i & 1))
            return false;
    return bits_connected(set, width);
}

static void compare(void **state, int32_t width, int32_t height, int32_t k, int rounds) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 17, (uint64_t)(width * 10 + k));
    int32_t n = width * height;
    uint32_t all = (uint32_t)((1ull << n) - 1);
    hcb__graph *g = grid_graph(&ctx->mem, width, height);
    int64_t seen = 0;
    for (int round = 0; round < rounds; round++) {
        rules r;
        draw(&r, &rng, n, k);
        int64_t plans = 0;
        for (uint32_t a = 1; a < all; a++) {
            if (!legal(&r, a, 0, k, n, width))
                continue;
            uint32_t rest = all & ~a;
            if (k == 2) {
                plans += legal(&r, rest, 1, k, n, width);
                continue;
            }
            for (uint32_t b = (rest - 1) & rest; b; b = (b - 1) & rest)
                plans += legal(&r, b, 1, k, n, width) && legal(&r, rest & ~b, 2, k, n, width);
        }
        hcb__enumeration what = {.graph = g,
                                 .k = k,
                                 .n_attributes = 2,
                                 .attribute = r.attribute,
                                 .low = r.low,
                                 .high = r.high,
                                 .fixed = r.fixed,
                                 .most_cuts = -1};
        assert_int_equal(count(&what, &ctx->mem, NULL).plans, plans);
        seen += plans;
    }
    assert_true(seen > 0);
    hcb__graph_free(g);
}

static void test_enumerate__brute_force_four_by_four(void **state) {
    compare(state, 4, 4, 2, 20);
    compare(state, 4, 4, 3, 6);
}

static void test_enumerate__brute_force_five_by_five(void **state) {
    compare(state, 5, 5, 2, 1);
}

static bool keep_least(const int32_t *zone, int64_t cuts, void *payload) {
    int64_t *least = payload;
    (void)zone;
    *least = *least < 0 || cuts < *least ? cuts : *least;
    return true;
}

static void test_enumerate__fewest_cuts_are_those_of_all_plans(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 5, 0);
    hcb__graph *g = grid_graph(&ctx->mem, 5, 4);
    for (int32_t k = 2; k <= 5; k++)
        for (int round = 0; round < 4; round++) {
            int64_t weight[20], low[5], high[5], total = 0, least = -1;
            int32_t best[20];
            for (int32_t i = 0; i < 20; i++)
                total += weight[i] = (int64_t)hcb__rng_below(&rng, 20) + 1;
            for (int32_t z = 0; z < k; z++) {
                low[z] = total * 85 / 100 / k;
                high[z] = total * 115 / 100 / k;
            }
            hcb__enumeration what = {.graph = g,
                                     .k = k,
                                     .n_attributes = 1,
                                     .attribute = weight,
                                     .low = low,
                                     .high = high,
                                     .alike = true,
                                     .most_cuts = -1,
                                     .visit = keep_least,
                                     .payload = &least};
            count(&what, &ctx->mem, NULL);
            what.visit = NULL;
            what.fewest_cuts = true;
            hcb__enumerated fewest = count(&what, &ctx->mem, best);
            assert_int_equal(fewest.least_cuts, least);
            if (least >= 0)
                assert_int_equal(hcb__graph_cut(g, best), least);
        }
    hcb__graph_free(g);
}

static void test_enumerate__a_budget_ends_it_incomplete(void **state) {
    hcb_context *ctx = *state;
    hcb__graph *g = grid_graph(&ctx->mem, 5, 5);
    hcb__budget budget = {.work_limit = 100};
    int64_t ones[25], low[5] = {5, 5, 5, 5, 5};
    for (int32_t i = 0; i < 25; i++)
        ones[i] = 1;
    hcb__enumeration what = {.graph = g,
                             .k = 5,
                             .n_attributes = 1,
                             .attribute = ones,
                             .low = low,
                             .high = low,
                             .alike = true,
                             .most_cuts = -1,
                             .budget = &budget};
    hcb__enumerated out;
    assert_true(hcb__enumerate(&out, NULL, &ctx->mem, &what));
    assert_false(out.complete);
    assert_true(budget.work <= 101);
    hcb__graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {CONTEXT_TEST(test_enumerate__published_grid_counts),
                                       CONTEXT_TEST(test_enumerate__brute_force_four_by_four),
                                       CONTEXT_TEST(test_enumerate__brute_force_five_by_five),
                                       CONTEXT_TEST(test_enumerate__fewest_cuts_are_those_of_all_plans),
                                       CONTEXT_TEST(test_enumerate__a_budget_ends_it_incomplete)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
