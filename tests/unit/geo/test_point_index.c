/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "base/rng.h"
#include "geo/index.h"

static int32_t scan(const hcb__point *points, size_t n, hcb__point p, double *distance) {
    int32_t best = -1;
    for (size_t i = 0; i < n; i++) {
        double d = hcb__distance(points[i], p);
        if (best < 0 || d < *distance) {
            best = (int32_t)i;
            *distance = d;
        }
    }
    return best;
}

static void compare(hcb_context *ctx, const hcb__point *points, size_t n, const hcb__point *queries, size_t n_queries) {
    hcb__point_index *index;
    assert_int_equal(hcb__point_index_create(&index, &ctx->mem, points, n), HCB_OK);
    for (size_t i = 0; i < n_queries; i++) {
        double want_m = 0, got_m = -1;
        int32_t want = scan(points, n, queries[i], &want_m);
        assert_int_equal(hcb__point_index_nearest(index, queries[i], &got_m), want);
        ASSERT_NEAR(got_m, want_m, 0);
    }
    hcb__point_index_free(index);
}

static void test_point_index__agrees_with_a_scan(void **state) {
    enum { POINTS = 700, QUERIES = 3000 };
    hcb__point points[POINTS], queries[QUERIES];
    hcb__rng rng;
    hcb__rng_seed(&rng, 5, 0);
    for (int i = 0; i < POINTS; i++)
        points[i] = (hcb__point){430000 + 60000 * hcb__rng_unit(&rng), 280000 + 60000 * hcb__rng_unit(&rng)};
    for (int i = 0; i < QUERIES; i++)
        queries[i] = (hcb__point){400000 + 120000 * hcb__rng_unit(&rng), 250000 + 120000 * hcb__rng_unit(&rng)};
    for (size_t n = 1; n <= POINTS; n = n < 10 ? n + 1 : n * 3)
        compare(*state, points, n, queries, QUERIES);
}

/* A lattice with every point twice: most queries are at the same distance from several. */
static void test_point_index__ties_give_the_smallest_number(void **state) {
    enum { SIDE = 12, POINTS = 2 * SIDE * SIDE, QUERIES = 4 * SIDE * SIDE };
    hcb__point points[POINTS], queries[QUERIES];
    for (int i = 0; i < POINTS; i++) {
        int at = (i * 37) % (SIDE * SIDE); /* 37 and 144 have no common factor */
        points[i] = (hcb__point){10.0 * (at % SIDE), 10.0 * (at / SIDE)};
    }
    for (int i = 0; i < QUERIES; i++)
        queries[i] = (hcb__point){5.0 * (i % (2 * SIDE)), 5.0 * (i / (2 * SIDE))};
    compare(*state, points, POINTS, queries, QUERIES);
}

static void test_point_index__empty_and_not_finite(void **state) {
    hcb_context *ctx = *state;
    hcb__point_index *index;
    assert_int_equal(hcb__point_index_create(&index, &ctx->mem, NULL, 0), HCB_OK);
    assert_int_equal(hcb__point_index_nearest(index, (hcb__point){0, 0}, NULL), -1);
    hcb__point_index_free(index);
    hcb__point one = {1, 1};
    assert_int_equal(hcb__point_index_create(&index, &ctx->mem, &one, 1), HCB_OK);
    assert_int_equal(hcb__point_index_nearest(index, (hcb__point){NAN, 0}, NULL), -1);
    assert_int_equal(hcb__point_index_nearest(index, (hcb__point){1e9, -1e9}, NULL), 0);
    hcb__point_index_free(index);
    hcb__point_index_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_point_index__agrees_with_a_scan),
        CONTEXT_TEST(test_point_index__ties_give_the_smallest_number),
        CONTEXT_TEST(test_point_index__empty_and_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
