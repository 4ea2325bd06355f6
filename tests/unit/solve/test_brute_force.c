/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 2,000 small random problems: values against trying everything, bounds, certificates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine_check.h"
#include "random_problem.h"
#include "solve/backend.h"

enum { PROBLEMS = 2000 };

static hcb__engine_answer *solve(const random_problem *r, const hcb__backend *backend) {
    hcb__engine_options options = {0};
    options.work_limit = 200000;
    options.seed = 1;
    options.threads = 1;
    options.backend = backend;
    hcb__engine_answer *answer = NULL;
    char message[256];
    hcb_status status = hcb__engine_solve(&answer, hcb__default_allocator(), &r->p, &options, NULL, message);
    if (status != HCB_OK)
        fail_msg("%s: %s", hcb_status_name(status), message);
    return answer;
}

/* Loads and values of the answer from the problem's own numbers. */
static void check_plan(const random_problem *r, const hcb__engine_answer *answer, uint64_t seed) {
    int64_t load[RP_ROWS] = {0}, term[RP_TERMS], value[RP_LEVELS] = {0};
    memcpy(term, r->term_constant, sizeof term);
    for (int32_t i = 0; i < r->p.n_items; i++) {
        if (answer->bin[i] == HCB__WAITS) {
            assert_true(r->wait_cost[0][i] != HCB__MUST_PLACE);
            for (int32_t j = 0; j < RP_LEVELS; j++)
                value[j] += r->wait_cost[j][i];
            continue;
        }
        int64_t k = r->pair_start[i];
        while (k < r->pair_start[i + 1] && r->pair_bin[k] != answer->bin[i])
            k++;
        assert_true(k < r->pair_start[i + 1]);
        for (int64_t u = r->use_start[k]; u < r->use_start[k + 1]; u++)
            load[r->use_row[u]] += r->use_weight[u];
        for (int64_t u = r->term_use_start[k]; u < r->term_use_start[k + 1]; u++)
            term[r->term_use_term[u]] += r->term_use_weight[u];
        for (int32_t j = 0; j < RP_LEVELS; j++)
            value[j] += r->level[j].pair_cost ? r->pair_cost[j][k] : 0;
    }
    for (int32_t row = 0; row < r->p.n_rows; row++)
        assert_true(load[row] <= r->row_limit[row]);
    for (int32_t j = 0; j < RP_LEVELS; j++) {
        if (r->level[j].kind == HCB__LEVEL_MAX) {
            value[j] = term[0];
            for (int32_t t = 1; t < r->level[j].n_terms; t++)
                value[j] = term[t] > value[j] ? term[t] : value[j];
        }
        if (value[j] + r->level[j].constant != answer->levels[j].value)
            fail_msg("seed %d level %d: value", (int)seed, (int)j);
        assert_true(answer->levels[j].value <= answer->levels[j].frozen);
    }
}

static void agree(const hcb__backend *backend) {
    int32_t proved = 0, levels = 0;
    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        random_problem r;
        random_problem_make(&r, seed);
        hcb__engine_answer *answer = solve(&r, backend);
        int64_t frozen[RP_LEVELS], best;
        bool exists = random_problem_best(&r, 0, NULL, &best);
        if (exists != answer->has_plan || (!exists && !answer->infeasible))
            fail_msg("seed %d: plan %d, exists %d, infeasible %d", (int)seed, answer->has_plan, exists,
                     answer->infeasible);
        for (int32_t j = 0; exists && j < RP_LEVELS; j++) {
            const hcb__engine_level_answer *level = &answer->levels[j];
            assert_true(random_problem_best(&r, j, frozen, &best));
            if (level->bound > best || level->best < best)
                fail_msg("seed %d level %d: bound %d best %d, truth %d", (int)seed, (int)j, (int)level->bound,
                         (int)level->best, (int)best);
            if (level->stop == HCB__STOP_PROVED)
                assert_true(level->bound == best && level->best == best);
            levels++;
            proved += level->stop == HCB__STOP_PROVED;
            frozen[j] = level->frozen;
        }
        if (exists) {
            check_plan(&r, answer, seed);
            char reason[256];
            if (!engine_check_all(&r.p, answer, reason))
                fail_msg("seed %d: %s", (int)seed, reason);
        }
        hcb__engine_answer_free(answer);
    }
    print_message("%s: %d of %d levels proved\n", backend->name, (int)proved, (int)levels);
    assert_int_equal(proved, levels);
}

static void test_engine__agrees_with_trying_everything(void **state) {
    (void)state;
    for (const hcb__backend *const *backend = hcb__backends(); *backend; backend++)
        agree(*backend);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_engine__agrees_with_trying_everything)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
