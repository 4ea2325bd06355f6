/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Costs, weights and terms up to what the engine takes: values and bounds against trying everything, and claims that
 * the checker confirms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "engine_check.h"
#include "random_problem.h"

enum { PROBLEMS = 80 };

static void expect_truth(const random_problem *r, uint64_t seed) {
    hcb__engine_options options = {.work_limit = 200000, .threads = 1};
    hcb__engine_answer *answer = NULL;
    char message[256], reason[256];
    hcb_status status = hcb__engine_solve(&answer, hcb__default_allocator(), &r->p, &options, NULL, message);
    if (status != HCB_OK)
        fail_msg("seed %d: %s", (int)seed, message);
    int64_t frozen[RP_LEVELS], best;
    bool exists = random_problem_best(r, 0, NULL, &best);
    if (exists != answer->has_plan)
        fail_msg("seed %d: plan %d, exists %d", (int)seed, answer->has_plan, exists);
    for (int32_t j = 0; exists && j < RP_LEVELS; j++) {
        const hcb__engine_level_answer *level = &answer->levels[j];
        assert_true(random_problem_best(r, j, frozen, &best));
        if (level->bound > best || level->best < best)
            fail_msg("seed %d level %d: bound %lld best %lld, truth %lld", (int)seed, (int)j, (long long)level->bound,
                     (long long)level->best, (long long)best);
        frozen[j] = level->frozen;
    }
    if (exists && !engine_check_all(&r->p, answer, reason))
        fail_msg("seed %d: %s", (int)seed, reason);
    hcb__engine_answer_free(answer);
}

static void test_large_numbers__keep_bounds_true(void **state) {
    (void)state;
    static const int32_t bits[][3] = {{30, 0, 0},   {50, 0, 0},   {0, 50, 0},   {0, 0, 30},  {0, 0, 50},
                                      {40, 40, 40}, {44, 44, 44}, {46, 46, 46}, {50, 50, 50}};
    for (size_t b = 0; b < sizeof bits / sizeof *bits; b++)
        for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
            random_problem r;
            random_problem_make(&r, seed);
            random_problem_enlarge(&r, seed, bits[b][0], bits[b][1], bits[b][2]);
            expect_truth(&r, seed + 1000 * b);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_large_numbers__keep_bounds_true)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
