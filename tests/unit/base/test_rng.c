/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/rng.h"

static void test_rng__xoshiro_reference_values(void **state) {
    (void)state;
    /* First outputs of the authors' xoshiro256starstar.c from the state 1, 2, 3, 4. */
    static const uint64_t want[] = {UINT64_C(11520),
                                    UINT64_C(0),
                                    UINT64_C(1509978240),
                                    UINT64_C(1215971899390074240),
                                    UINT64_C(1216172134540287360),
                                    UINT64_C(607988272756665600),
                                    UINT64_C(16172922978634559625),
                                    UINT64_C(8476171486693032832),
                                    UINT64_C(10595114339597558777),
                                    UINT64_C(2904607092377533576)};
    hcb__rng rng = {{1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_true(hcb__rng_u64(&rng) == want[i]);
}

static void test_rng__splitmix_reference_values(void **state) {
    (void)state;
    /* Published outputs of splitmix64 from 1234567. This stream number is the one whose seeding arrives there. */
    static const uint64_t want[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                    UINT64_C(9817491932198370423), UINT64_C(4593380528125082431)};
    hcb__rng rng;
    hcb__rng_seed(&rng, 1234567, UINT64_C(0x9eac65c55238c97a));
    for (size_t i = 0; i < 4; i++)
        assert_true(rng.s[i] == want[i]);
}

static void test_rng__same_seed_same_stream(void **state) {
    (void)state;
    hcb__rng a, b, c, d;
    hcb__rng_seed(&a, 1, 0);
    hcb__rng_seed(&b, 1, 0);
    hcb__rng_seed(&c, 1, 1);
    hcb__rng_seed(&d, 2, 0);
    int equal_c = 0, equal_d = 0;
    for (int i = 0; i < 1000; i++) {
        uint64_t x = hcb__rng_u64(&a);
        assert_true(x == hcb__rng_u64(&b));
        equal_c += x == hcb__rng_u64(&c);
        equal_d += x == hcb__rng_u64(&d);
    }
    assert_int_equal(equal_c + equal_d, 0);
}

static void test_rng__below_is_even(void **state) {
    (void)state;
    enum { SIDES = 6, THROWS = 60000 };
    hcb__rng rng;
    hcb__rng_seed(&rng, 7, 0);
    int seen[SIDES] = {0};
    for (int i = 0; i < THROWS; i++) {
        uint32_t x = hcb__rng_below(&rng, SIDES);
        assert_true(x < SIDES);
        seen[x]++;
    }
    double chi2 = 0;
    for (int i = 0; i < SIDES; i++)
        chi2 += pow(seen[i] - THROWS / SIDES, 2) / (THROWS / SIDES);
    assert_true(chi2 < 20.5); /* 0.1 % point of chi squared with 5 degrees of freedom */
    assert_int_equal(hcb__rng_below(&rng, 1), 0);
}

/* Means and variances within five standard errors of the distributions' own. */
static void test_rng__moments(void **state) {
    (void)state;
    enum { N = 200000 };
    hcb__rng rng;
    hcb__rng_seed(&rng, 11, 0);
    double sum = 0, squares = 0, units = 0;
    for (int i = 0; i < N; i++) {
        double x = hcb__rng_normal(&rng), u = hcb__rng_unit(&rng);
        assert_true(u >= 0 && u < 1);
        sum += x;
        squares += x * x;
        units += u;
    }
    assert_true(fabs(sum / N) < 5 / sqrt(N));
    assert_true(fabs(squares / N - 1) < 5 * sqrt(2.0 / N));
    assert_true(fabs(units / N - 0.5) < 5 * sqrt(1.0 / 12 / N));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rng__xoshiro_reference_values),
        cmocka_unit_test(test_rng__splitmix_reference_values),
        cmocka_unit_test(test_rng__same_seed_same_stream),
        cmocka_unit_test(test_rng__below_is_even),
        cmocka_unit_test(test_rng__moments),
    };
    return cmocka_run_group_tests_name("base.rng", tests, NULL, NULL);
}
