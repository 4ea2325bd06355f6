/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts of small random problems, at random fractional plans: each holds for every plan that keeps its row, the
 * checker's table says of a cut, changed or not, what trying all plans says, and the core has it as a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "allocation/certificate_cut.h"
#include "base/rng.h"
#include "random_problem.h"
#include "solve/covers.h"

enum { PROBLEMS = 800, POINTS = 4 };

typedef struct subject {
    random_problem r;
    hcb__check_level levels[RP_LEVELS];
    hcb__check_problem problem;
    int64_t frozen[RP_LEVELS];
    uint8_t allowed[RP_PAIRS + RP_ITEMS];
    int32_t cuts, changes, refused;
} subject;

static void set_up(subject *s, uint64_t seed, hcb__rng *rng) {
    random_problem_make(&s->r, seed);
    const hcb__engine_problem *p = &s->r.p;
    for (int32_t j = 0; j < RP_LEVELS; j++) {
        const hcb__engine_level *l = &p->levels[j];
        s->levels[j] = (hcb__check_level){l->kind, l->first_term, l->n_terms, l->pair_cost, l->wait_cost, l->constant};
        s->frozen[j] = l->constant + (int64_t)hcb__rng_below(rng, 100);
    }
    s->problem = (hcb__check_problem){
        p->n_items,  p->n_bins,        p->n_rows,         p->n_levels,      p->n_terms,        p->pair_start,
        p->pair_bin, p->use_start,     p->use_row,        p->use_weight,    p->row_limit,      p->row_bin,
        s->levels,   p->term_constant, p->term_use_start, p->term_use_term, p->term_use_weight};
    int64_t n_pairs = p->pair_start[p->n_items];
    memset(s->allowed, 1, sizeof s->allowed);
    for (int32_t i = 0; i < p->n_items; i++)
        s->allowed[n_pairs + i] = s->r.wait_cost[0][i] != HCB__MUST_PLACE;
}

/* The most that the cut's times come to over all plans that keep its row, and nothing else; -1: there is none. */
static int64_t most_of(const subject *s, const hcb__check_cut *cut, int32_t item, int64_t load, int64_t times) {
    const hcb__engine_problem *p = &s->r.p;
    int32_t j = cut->row - p->n_rows;
    if (item == p->n_items)
        return load <= (j < 0 ? p->row_limit[cut->row] : s->frozen[j] - p->levels[j].constant) ? times : -1;
    int64_t most = -1;
    for (int64_t c = p->pair_start[item]; c <= p->pair_start[item + 1]; c++) {
        bool waits = c == p->pair_start[item + 1];
        int64_t w = 0, more = 0;
        if (waits && s->r.wait_cost[0][item] == HCB__MUST_PLACE)
            continue;
        if (j >= 0)
            w = waits ? p->levels[j].wait_cost[item] : p->levels[j].pair_cost ? p->levels[j].pair_cost[c] : 0;
        for (int64_t u = waits ? 0 : p->use_start[c]; j < 0 && !waits && u < p->use_start[c + 1]; u++)
            w += p->use_row[u] == cut->row ? p->use_weight[u] : 0;
        for (int32_t k = 0; k < cut->n; k++)
            if (cut->item[k] == item && cut->bin[k] == (waits ? HCB__CHECK_WAITS : p->pair_bin[c]))
                more += cut->times[k];
        int64_t v = most_of(s, cut, item + 1, load + w, times + more);
        most = v > most ? v : most;
    }
    return most;
}

static bool checker_says(const subject *s, const hcb__check_cut *cut) {
    int64_t choice[RP_PAIRS + RP_ITEMS], work = 1000000;
    bool failed = false;
    assert_true(hcb__check_cut_form(&s->problem, RP_LEVELS - 1, cut, choice));
    bool holds =
        hcb__check_cut_holds(hcb__default_allocator(), &s->problem, s->frozen, cut, choice, s->allowed, &work, &failed);
    assert_false(failed);
    assert_true(work < 1000000);
    return holds;
}

static void expect_truth(subject *s, const hcb__check_cut *cut) {
    bool truth = most_of(s, cut, 0, 0, 0) <= cut->right;
    assert_int_equal(checker_says(s, cut), truth);
    s->changes++;
    s->refused += !truth;
}

static void check_cut(subject *s, const hcb__cut *from) {
    int32_t times[RP_PAIRS + RP_ITEMS];
    hcb__check_cut cut = {from->row, from->right, from->n, from->item, from->bin, times};
    memcpy(times, from->times, (size_t)from->n * sizeof *times);
    assert_true(most_of(s, &cut, 0, 0, 0) <= cut.right);
    assert_true(checker_says(s, &cut));
    s->cuts++;
    for (int32_t k = 0; k < cut.n; k++) {
        times[k]++;
        expect_truth(s, &cut);
        times[k]--;
    }
    if (cut.right > 0) {
        cut.right--;
        expect_truth(s, &cut);
        cut.right++;
    }
    for (int32_t row = 0; row < s->r.p.n_rows; row++) {
        cut.row = row;
        expect_truth(s, &cut);
    }
}

/* Every whole plan loads a cut's row of the core with the times of its choices. */
static void check_core(const hcb__core *core, const hcb__cuts *cuts, hcb__rng *rng) {
    hcb__core *with = NULL;
    assert_true(hcb__core_with_cuts(&with, hcb__default_allocator(), core, cuts->at, (int32_t)cuts->count));
    assert_int_equal(with->n_rows, core->n_rows + (int32_t)cuts->count);
    for (size_t k = 0; k < cuts->count; k++) {
        int64_t load = 0, want = 0;
        for (int32_t i = 0; i < core->n_items; i++) {
            if (core->start[i] == core->start[i + 1])
                continue;
            int32_t c = core->start[i] + (int32_t)hcb__rng_below(rng, (uint32_t)(core->start[i + 1] - core->start[i]));
            for (int32_t u = with->use_start[c]; u < with->use_start[c + 1]; u++)
                load += with->use_row[u] == core->n_rows + (int32_t)k ? with->use_weight[u] : 0;
            for (int32_t q = 0; q < cuts->at[k].n; q++)
                if (cuts->at[k].item[q] == i && cuts->at[k].bin[q] == core->bin[c])
                    want += cuts->at[k].times[q];
        }
        assert_int_equal(load, want);
        assert_int_equal(with->limit[core->n_rows + (int32_t)k], cuts->at[k].right);
    }
    hcb__core_free(with);
}

/* A random fractional plan: of each item one or two choices. */
static void random_share(const hcb__core *core, hcb__rng *rng, double *share) {
    memset(share, 0, (size_t)core->n_choices * sizeof *share);
    for (int32_t i = 0; i < core->n_items; i++) {
        uint32_t n = (uint32_t)(core->start[i + 1] - core->start[i]);
        if (n == 0)
            continue;
        double part = hcb__rng_below(rng, 2) ? 0.5 : 1;
        share[core->start[i] + (int32_t)hcb__rng_below(rng, n)] += part;
        share[core->start[i] + (int32_t)hcb__rng_below(rng, n)] += 1 - part;
    }
}

static void test_covers__hold_for_every_plan_and_the_checker_agrees(void **state) {
    (void)state;
    static subject s;
    hcb__rng rng;
    hcb__rng_seed(&rng, 1, 3);
    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        set_up(&s, seed, &rng);
        if (s.r.p.n_items > 6)
            continue;
        hcb__core *core = NULL;
        assert_true(hcb__core_build(&core, hcb__default_allocator(), &s.r.p, RP_LEVELS - 1, NULL, s.frozen));
        for (int32_t point = 0; point < POINTS && core->first_goal == core->n_rows; point++) {
            double share[RP_PAIRS + RP_ITEMS];
            hcb__cuts cuts = {0};
            hcb__arena arena;
            hcb__arena_init(&arena, hcb__default_allocator());
            random_share(core, &rng, share);
            assert_true(hcb__covers_find(&cuts, &arena, hcb__default_allocator(), core, share));
            for (size_t k = 0; k < cuts.count; k++)
                check_cut(&s, &cuts.at[k]);
            check_core(core, &cuts, &rng);
            HCB__VEC_FREE(hcb__default_allocator(), &cuts);
            hcb__arena_release(&arena);
        }
        hcb__core_free(core);
    }
    print_message("%d cuts; %d changed ones, %d of them do not hold\n", (int)s.cuts, (int)s.changes, (int)s.refused);
    assert_true(s.cuts > 300 && s.refused > 500 && s.refused < s.changes);
}

/* Three items of 4, 5 and 6 in a row of 9, by hand: any two of 4 + 6 or 5 + 6 pass it, 4 + 5 does not. */
static void test_covers__a_cover_by_hand(void **state) {
    (void)state;
    static const int64_t pair_start[] = {0, 1, 2, 3}, use_start[] = {0, 1, 2, 3}, weight[] = {4, 5, 6}, limit[] = {9};
    static const int32_t pair_bin[] = {0, 0, 0}, use_row[] = {0, 0, 0}, row_bin[] = {-1};
    static const int64_t wait[] = {1, 1, 1};
    hcb__check_level level = {.wait_cost = wait};
    hcb__check_problem p = {.n_items = 3,
                            .n_bins = 1,
                            .n_rows = 1,
                            .n_levels = 1,
                            .pair_start = pair_start,
                            .pair_bin = pair_bin,
                            .use_start = use_start,
                            .use_row = use_row,
                            .use_weight = weight,
                            .row_limit = limit,
                            .row_bin = row_bin,
                            .levels = &level};
    static const struct {
        int32_t item[3], bin[3], times[3], n, right;
        bool form, holds;
    } cases[] = {{{0, 2}, {0, 0}, {1, 1}, 2, 1, true, true},
                 {{0, 1}, {0, 0}, {1, 1}, 2, 1, true, false},
                 {{0, 1, 2}, {0, 0, 0}, {1, 1, 1}, 3, 2, true, true},
                 {{0, 1, 2}, {0, 0, 0}, {1, 1, 2}, 3, 2, true, true},
                 {{0, 1, 2}, {0, 0, 0}, {1, 1, 3}, 3, 2, true, false},
                 {{0, 2}, {0, 0}, {1, 1}, 2, 0, true, false},
                 {{2, 0}, {0, 0}, {1, 1}, 2, 1, false, false},
                 {{0, 0}, {0, 0}, {1, 1}, 2, 1, false, false},
                 {{0, 2}, {0, 1}, {1, 1}, 2, 1, false, false},
                 {{0, 2}, {0, 0}, {1, 0}, 2, 1, false, false},
                 {{0, 3}, {0, 0}, {1, 1}, 2, 1, false, false},
                 {{0, 2}, {0, 0}, {1, 1}, 0, 1, false, false},
                 {{0, 2}, {0, 0}, {1, 1}, 2, -1, false, false},
                 {{0, 2}, {0, HCB__CHECK_WAITS}, {1, 1}, 2, 1, true, false}};
    uint8_t allowed[6] = {1, 1, 1, 1, 1, 1};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        hcb__check_cut cut = {0, cases[k].right, cases[k].n, cases[k].item, cases[k].bin, cases[k].times};
        int64_t choice[3], work = 1000;
        bool failed = false;
        assert_int_equal(hcb__check_cut_form(&p, 0, &cut, choice), cases[k].form);
        if (cases[k].form)
            assert_int_equal(
                hcb__check_cut_holds(hcb__default_allocator(), &p, NULL, &cut, choice, allowed, &work, &failed),
                cases[k].holds);
    }
    /* Without the choice of 4 the pair 4 and 5 cannot be. */
    allowed[0] = 0;
    hcb__check_cut cut = {0, 1, 2, (const int32_t[]){0, 1}, (const int32_t[]){0, 0}, (const int32_t[]){1, 1}};
    int64_t choice[2], work = 1000;
    bool failed = false;
    assert_true(hcb__check_cut_form(&p, 0, &cut, choice));
    assert_true(hcb__check_cut_holds(hcb__default_allocator(), &p, NULL, &cut, choice, allowed, &work, &failed));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_covers__a_cover_by_hand),
                                       cmocka_unit_test(test_covers__hold_for_every_plan_and_the_checker_agrees)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
