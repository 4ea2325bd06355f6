/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "travel/rounds.h"

#include "base/rng.h"
#include "geo_test.h"

enum { SMALL = 8 };

static void scatter(hcb__rng *rng, hcb__stop *stops, int32_t n, double side_m) {
    for (int32_t i = 0; i < n; i++) {
        stops[i].point = (hcb__point){side_m * hcb__rng_unit(rng), side_m * hcb__rng_unit(rng)};
        stops[i].rural = hcb__rng_below(rng, 3) == 0;
    }
}

static bool next_permutation(int32_t *p, int32_t n) {
    int32_t i = n - 2;
    while (i >= 0 && p[i] > p[i + 1])
        i--;
    if (i < 0)
        return false;
    int32_t j = n - 1;
    while (p[j] < p[i])
        j--;
    int32_t t = p[i];
    p[i] = p[j];
    p[j] = t;
    for (int32_t a = i + 1, b = n - 1; a < b; a++, b--) {
        t = p[a];
        p[a] = p[b];
        p[b] = t;
    }
    return true;
}

/* The least over all orders and all ways to cut them into ceil(n / most) rounds of 1 to `most` stops. */
static int64_t least_of_all(const hcb__stop *stops, int32_t n, int32_t most) {
    int32_t p[SMALL], rounds = (n + most - 1) / most;
    int64_t best = INT64_MAX;
    for (int32_t i = 0; i < n; i++)
        p[i] = i;
    do {
        int64_t leg[SMALL];
        for (int32_t i = 1; i < n; i++)
            leg[i] = hcb__leg_twice(&hcb__travel_defaults, &stops[p[i - 1]], &stops[p[i]]);
        for (unsigned cuts = 0; cuts < 1u << (n - 1); cuts++) {
            if (__builtin_popcount(cuts) != rounds - 1)
                continue;
            int64_t sum = 0;
            int32_t length = 1, longest = 1;
            for (int32_t i = 1; i < n; i++) {
                bool cut = cuts >> (i - 1) & 1;
                sum += cut ? 0 : leg[i];
                length = cut ? 1 : length + 1;
                longest = length > longest ? length : longest;
            }
            if (longest <= most && sum < best)
                best = sum;
        }
    } while (next_permutation(p, n));
    return best;
}

static void assert_a_plan(const hcb__stop *stops, int32_t n, int32_t most, int64_t twice, const int32_t *order,
                          const int32_t *starts) {
    int32_t rounds = (n + most - 1) / most;
    bool seen[HCB__MOST_STOPS] = {false};
    int64_t sum = 0;
    assert_int_equal(starts[0], 0);
    assert_int_equal(starts[rounds], n);
    for (int32_t r = 0; r < rounds; r++) {
        assert_true(starts[r + 1] > starts[r] && starts[r + 1] - starts[r] <= most);
        for (int32_t i = starts[r]; i < starts[r + 1]; i++) {
            assert_false(seen[order[i]]);
            seen[order[i]] = true;
            if (i > starts[r])
                sum += hcb__leg_twice(&hcb__travel_defaults, &stops[order[i - 1]], &stops[order[i]]);
        }
    }
    assert_int_equal(sum, twice);
}

static void test_rounds__near_the_best_of_all(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 1, 0);
    int64_t ours = 0, best = 0;
    int hits = 0, cases = 0;
    for (int round = 0; round < 60; round++) {
        int32_t n = 2 + (int32_t)hcb__rng_below(&rng, 6), most = 1 + (int32_t)hcb__rng_below(&rng, 5);
        hcb__stop stops[SMALL];
        int32_t order[SMALL], starts[SMALL + 1];
        int64_t twice;
        scatter(&rng, stops, n, 8000);
        assert_int_equal(hcb__rounds_plan(&twice, order, starts, &ctx->mem, &hcb__travel_defaults, stops, n, most),
                         HCB_OK);
        assert_a_plan(stops, n, most, twice, order, starts);
        int64_t least = least_of_all(stops, n, most);
        assert_true(twice >= least);
        ours += twice;
        best += least;
        hits += twice == least;
        cases++;
    }
    print_message("  %d of %d are the best, all together %.2f %% above\n", hits, cases,
                  100 * ((double)ours / (double)best - 1));
    assert_true((double)ours <= 1.02 * (double)best);
}

static void test_rounds__sound_at_any_size(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 2, 0);
    static hcb__stop stops[HCB__MOST_STOPS];
    static int32_t order[HCB__MOST_STOPS], starts[HCB__MOST_STOPS + 1];
    int64_t twice, again;
    for (int32_t n = 0; n < 200; n = n < 10 ? n + 1 : 2 * n)
        for (int32_t most = 1; most < 20; most += 3) {
            scatter(&rng, stops, n, 5000);
            assert_int_equal(hcb__rounds_plan(&twice, order, starts, &ctx->mem, &hcb__travel_defaults, stops, n, most),
                             HCB_OK);
            assert_a_plan(stops, n, most, twice, order, starts);
            assert_int_equal(hcb__rounds_plan(&again, order, starts, &ctx->mem, &hcb__travel_defaults, stops, n, most),
                             HCB_OK);
            assert_int_equal(twice, again);
        }
    assert_int_equal(hcb__rounds_plan(&twice, order, starts, &ctx->mem, &hcb__travel_defaults, stops, -1, 6),
                     HCB_EINVAL);
    assert_int_equal(hcb__rounds_plan(&twice, order, starts, &ctx->mem, &hcb__travel_defaults, stops, 6, 0),
                     HCB_EINVAL);
}

int main(void) {
    const struct CMUnitTest tests[] = {CONTEXT_TEST(test_rounds__near_the_best_of_all),
                                       CONTEXT_TEST(test_rounds__sound_at_any_size)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
