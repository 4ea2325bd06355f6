/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checker of certificates: a change of any single field is rejected, and no certificate, however it was changed and
 * sealed again, makes it confirm a bound that is not true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine_check.h"
#include "random_problem.h"

enum { PROBLEMS = 60 };

typedef struct subject {
    random_problem r;
    hcb__engine_answer *answer;
    engine_check check;
    int64_t truth; /* least value of the level */
    int32_t changes, cuts;
} subject;

static bool solve(subject *s, uint64_t seed) {
    random_problem_make(&s->r, seed);
    hcb__engine_options options = {0};
    options.work_limit = 200000;
    options.threads = 1;
    char message[256];
    assert_int_equal(hcb__engine_solve(&s->answer, hcb__default_allocator(), &s->r.p, &options, NULL, message), HCB_OK);
    return s->answer->has_plan;
}

static int32_t verdict(const subject *s) {
    int32_t out = -1;
    char reason[256];
    assert_int_equal(
        hcb__check_claim_holds(&out, hcb__default_allocator(), &s->check.problem, &s->check.claim, 0, NULL, reason),
        HCB_OK);
    return out;
}

/* After the change of a field: rejected as it is; and sealed again, confirmed only if the claim is still true. */
static void expect_rejected(subject *s, const int64_t *bound, const char *field) {
    if (verdict(s) == HCB__CHECK_CONFIRMED)
        fail_msg("a changed %s is confirmed", field);
    char seal[65];
    memcpy(seal, s->check.claim.seal, sizeof seal);
    hcb__check_seal(&s->check.problem, &s->check.claim, s->check.claim.seal);
    if (verdict(s) == HCB__CHECK_CONFIRMED && *bound > s->truth)
        fail_msg("a changed %s makes a false bound pass", field);
    memcpy(s->check.claim.seal, seal, sizeof seal);
    s->changes++;
}

static void change32(subject *s, int32_t *field, const char *name) {
    static const int32_t by[] = {1, -1, 7};
    for (int k = 0; k < 3; k++) {
        *field += by[k];
        expect_rejected(s, &s->check.claim.bound, name);
        *field -= by[k];
    }
}

static void change64(subject *s, int64_t *field, const char *name) {
    static const int64_t by[] = {1, -1, 1 << 20};
    for (int k = 0; k < 3; k++) {
        *field += by[k];
        expect_rejected(s, &s->check.claim.bound, name);
        *field -= by[k];
    }
}

static void change_nodes(subject *s) {
    for (int32_t n = 0; n < s->check.claim.n_nodes; n++) {
        hcb__check_node *node = &s->check.nodes[n];
        change32(s, &node->item, "item");
        change32(s, &node->bin, "bin");
        change32(s, &node->with, "with");
        change32(s, &node->without, "without");
        change32(s, &node->multipliers, "multipliers");
    }
}

/* The engine's arrays are const to the checker; here they are changed and put back. */
static void change_multipliers(subject *s) {
    for (int32_t m = 0; m < s->check.claim.n_multipliers; m++) {
        hcb__check_multipliers *l = &s->check.multipliers[m];
        for (int32_t k = 0; k < l->n_rows; k++) {
            change32(s, (int32_t *)&l->row[k], "row");
            change64(s, (int64_t *)&l->row_price[k], "row price");
        }
        for (int32_t k = 0; k < l->n_terms; k++) {
            change32(s, (int32_t *)&l->term[k], "term");
            change64(s, (int64_t *)&l->term_price[k], "term price");
        }
        for (int32_t i = 0; l->item_price && i < s->r.p.n_items; i++)
            change64(s, (int64_t *)&l->item_price[i], "item price");
        if (l->n_rows > 0) {
            l->n_rows--;
            expect_rejected(s, &s->check.claim.bound, "number of rows");
            l->n_rows++;
        }
    }
}

static void change_cuts(subject *s) {
    for (int32_t q = 0; q < s->check.claim.n_cuts; q++) {
        hcb__check_cut *cut = &s->check.cuts[q];
        change32(s, &cut->row, "row of a cut");
        change32(s, &cut->right, "right side of a cut");
        for (int32_t k = 0; k < cut->n; k++) {
            change32(s, (int32_t *)&cut->item[k], "item of a cut");
            change32(s, (int32_t *)&cut->bin[k], "bin of a cut");
            change32(s, (int32_t *)&cut->times[k], "times of a cut");
        }
        cut->n--;
        expect_rejected(s, &s->check.claim.bound, "number of a cut's choices");
        cut->n++;
        s->check.claim.n_cuts--;
        expect_rejected(s, &s->check.claim.bound, "number of cuts");
        s->check.claim.n_cuts++;
        s->cuts++;
    }
}

static void test_checker__rejects_every_single_change(void **state) {
    (void)state;
    static subject s;
    int32_t changes = 0, cuts = 0;
    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        memset(&s, 0, sizeof s);
        if (!solve(&s, seed)) {
            hcb__engine_answer_free(s.answer);
            continue;
        }
        int64_t frozen[RP_LEVELS];
        for (int32_t j = 0; j < RP_LEVELS; j++) {
            assert_true(engine_check_init(&s.check, &s.r.p, s.answer, j));
            assert_true(random_problem_best(&s.r, j, frozen, &s.truth));
            frozen[j] = s.answer->levels[j].frozen;
            assert_int_equal(verdict(&s), HCB__CHECK_CONFIRMED);
            change_nodes(&s);
            change_multipliers(&s);
            change_cuts(&s);
            change64(&s, &s.check.claim.bound, "bound");
            change64(&s, &s.check.claim.denominator, "denominator");
            s.check.claim.seal[5] ^= 1;
            expect_rejected(&s, &s.check.claim.bound, "seal");
            s.check.claim.seal[5] ^= 1;
            s.check.claim.bound = s.truth + 1;
            hcb__check_seal(&s.check.problem, &s.check.claim, s.check.claim.seal);
            assert_int_not_equal(verdict(&s), HCB__CHECK_CONFIRMED);
            engine_check_free(&s.check);
        }
        changes += s.changes;
        cuts += s.cuts;
        hcb__engine_answer_free(s.answer);
    }
    print_message("%d changes rejected, %d cuts among what was changed\n", (int)changes, (int)cuts);
    assert_true(changes > 5000 && cuts > 0);
}

static void test_checker__gives_up_at_the_work_limit(void **state) {
    (void)state;
    static subject s;
    memset(&s, 0, sizeof s);
    uint64_t seed = 1;
    while (!solve(&s, seed++))
        hcb__engine_answer_free(s.answer);
    assert_true(engine_check_init(&s.check, &s.r.p, s.answer, 0));
    int32_t out = -1;
    char reason[256];
    assert_int_equal(
        hcb__check_claim_holds(&out, hcb__default_allocator(), &s.check.problem, &s.check.claim, 1, NULL, reason),
        HCB_OK);
    assert_int_equal(out, HCB__CHECK_UNCONFIRMED);
    engine_check_free(&s.check);
    hcb__engine_answer_free(s.answer);
}

/* One bin of a county: fifty items, many of them alike, within five limits. What a set gains, then its weights. */
static const int64_t alike_limit[5] = {28380, 11505, 5595, 2100, 9120};
static const int64_t alike[50][6] = {{246185153, 60, 60, 0, 0, 0},           {246185153, 60, 60, 0, 0, 0},
                                     {247067978, 90, 90, 0, 0, 0},           {247067978, 90, 90, 0, 0, 0},
                                     {248833630, 150, 150, 0, 0, 0},         {249716455, 180, 180, 0, 0, 0},
                                     {250592425, 210, 210, 0, 0, 0},         {250592425, 210, 210, 0, 0, 0},
                                     {250592425, 210, 210, 0, 0, 0},         {250592425, 210, 210, 0, 0, 0},
                                     {250592425, 210, 210, 0, 0, 0},         {250592425, 210, 210, 0, 0, 0},
                                     {306096949, 420, 210, 0, 0, 210},       {277566983, 420, 210, 0, 0, 210},
                                     {255620073, 420, 210, 0, 0, 210},       {255610557, 420, 210, 0, 0, 210},
                                     {255610557, 420, 210, 0, 0, 210},       {255610557, 420, 210, 0, 0, 210},
                                     {256772204, 420, 420, 0, 0, 0},         {256772204, 420, 420, 0, 0, 0},
                                     {256772204, 420, 420, 0, 0, 0},         {1203343013, 525, 210, 210, 0, 105},
                                     {284655634, 525, 105, 0, 0, 420},       {789295945, 630, 315, 105, 0, 210},
                                     {1205852079, 630, 210, 210, 0, 210},    {1205852079, 630, 210, 210, 0, 210},
                                     {1205852079, 630, 210, 210, 0, 210},    {2156096345, 840, 210, 420, 0, 210},
                                     {2159186235, 945, 315, 420, 0, 210},    {1208361145, 735, 210, 210, 0, 315},
                                     {1208361145, 735, 210, 210, 0, 315},    {2162276124, 1050, 420, 420, 0, 210},
                                     {258416250, 525, 210, 0, 0, 315},       {258238274, 525, 210, 0, 0, 315},
                                     {258119623, 525, 210, 0, 0, 315},       {258700447, 525, 315, 0, 0, 210},
                                     {258700447, 525, 315, 0, 0, 210},       {2450233408, 735, 210, 210, 105, 210},
                                     {4411847152, 1260, 315, 315, 210, 420}, {259281270, 525, 420, 0, 0, 105},
                                     {4279288927, 1050, 315, 315, 210, 210}, {3127574787, 1890, 420, 630, 0, 840},
                                     {3749867834, 840, 210, 210, 210, 210},  {4650011934, 1260, 315, 420, 210, 315},
                                     {4872954381, 945, 210, 210, 315, 210},  {4842812386, 945, 210, 210, 315, 210},
                                     {7115537142, 2100, 420, 420, 420, 840}, {267338941, 630, 210, 0, 0, 420},
                                     {5108210657, 1050, 210, 315, 315, 210}, {3960454082, 2310, 840, 420, 630, 420}};

/* The most that a set gains was found by an integer programme of another solver (SciPy's, HiGHS inside). */
static const int64_t ALIKE_BEST = 62169461716;

static void test_certificate__a_bin_of_items_alike_is_searched_to_the_end(void **state) {
    (void)state;
    enum { N = 50 };
    int64_t pair_start[N + 1], use_start[N + 1], use_weight[5 * N], cost[N] = {0}, wait[N], price[N], total = 0;
    int32_t pair_bin[N] = {0}, use_row[5 * N], row_bin[5] = {0}, uses = 0;
    for (int32_t i = 0; i < N; i++) {
        pair_start[i] = i;
        use_start[i] = uses;
        wait[i] = price[i] = alike[i][0];
        total += price[i];
        for (int32_t r = 0; r < 5; r++)
            if (alike[i][r + 1]) {
                use_row[uses] = r;
                use_weight[uses++] = alike[i][r + 1];
            }
    }
    pair_start[N] = N;
    use_start[N] = uses;
    hcb__check_level level = {.kind = HCB__CHECK_SUM, .pair_cost = cost, .wait_cost = wait};
    hcb__check_problem p = {.n_items = N,
                            .n_bins = 1,
                            .n_rows = 5,
                            .n_levels = 1,
                            .pair_start = pair_start,
                            .pair_bin = pair_bin,
                            .use_start = use_start,
                            .use_row = use_row,
                            .use_weight = use_weight,
                            .row_limit = alike_limit,
                            .row_bin = row_bin,
                            .levels = &level};
    hcb__check_node leaf = {HCB__CHECK_LEAF, 0, -1, -1, 0};
    hcb__check_multipliers prices = {.item_price = price};
    int64_t frozen = 0;
    hcb__check_claim claim = {
        .frozen = &frozen, .denominator = 1, .n_nodes = 1, .n_multipliers = 1, .nodes = &leaf, .multipliers = &prices};
    for (int64_t more = 0; more < 2; more++) {
        int32_t out = -1;
        char reason[256];
        claim.bound = total - ALIKE_BEST + more;
        hcb__check_seal(&p, &claim, claim.seal);
        assert_int_equal(hcb__check_claim_holds(&out, hcb__default_allocator(), &p, &claim, 0, NULL, reason), HCB_OK);
        assert_int_equal(out, more ? HCB__CHECK_REFUTED : HCB__CHECK_CONFIRMED);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_certificate__a_bin_of_items_alike_is_searched_to_the_end),
                                       cmocka_unit_test(test_checker__rejects_every_single_change),
                                       cmocka_unit_test(test_checker__gives_up_at_the_work_limit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
