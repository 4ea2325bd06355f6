/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/policy.h"
#include "workbench.h"

static hcb__policy *load(workbench *bench, const char *text) {
    hcb__policy *policy;
    const char *path = workbench_file(bench, "policy.yaml", text, strlen(text));
    assert_int_equal(hcb__policy_load(&policy, bench->ctx, path, "policy.yaml"), HCB_OK);
    assert_non_null(policy);
    return policy;
}

static void expect_levels(const hcb__policy *policy, const int32_t *kinds, int32_t n) {
    assert_int_equal(policy->n_levels, n);
    for (int32_t i = 0; i < n; i++)
        assert_int_equal(policy->levels[i].kind, kinds[i]);
}

static void test_policy__defaults_of_prime_supplementary(void **state) {
    workbench *bench = *state;
    hcb__policy *p = load(bench, "version: 1\nmodel: prime_supplementary\n");
    const int32_t levels[] = {HCB__WAITING, HCB__TIER, HCB__QUALITY, HCB__COST, HCB__TRAVEL};
    expect_levels(p, levels, 5);
    for (int32_t i = 0; i < 5; i++) {
        assert_int_equal(p->levels[i].tolerance, 0);
        assert_int_equal(p->levels[i].tolerance_ppm, 0);
        assert_int_equal(p->priority_weights[i], 5 - i);
    }
    assert_int_equal(p->n_tiers, 3);
    assert_int_equal(p->n_rules, HCB__RULE_DOUBLE_HANDED);
    for (int32_t i = 0; i < HCB__RULE_DOUBLE_HANDED; i++)
        assert_int_equal(p->rules[i].kind, i);
    assert_int_equal(p->rules[HCB__RULE_RATING].ratings,
                     1u << HCB__OUTSTANDING | 1u << HCB__GOOD | 1u << HCB__REQUIRES_IMPROVEMENT | 1u << HCB__NOT_RATED);
    assert_int_equal(p->rules[HCB__RULE_TRAVEL].max_seconds, -1);
    assert_int_equal(p->n_shares, 0);
    assert_int_equal(p->quality_blank, 50);
    assert_int_equal(p->moves_limit, -1);
    assert_false(p->may_wait_for_gain);
    assert_string_equal(p->name, "prime_supplementary");
    const int32_t blocks[] = {300, 660, 900, 1140};
    assert_memory_equal(p->block_start, blocks, sizeof blocks);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);

    hcb__policy_free(p);
}

static void test_policy__defaults_of_open_framework(void **state) {
    hcb__policy *p = load(*state, "version: 1\nmodel: open_framework\n");
    const int32_t levels[] = {HCB__WAITING, HCB__BLEND, HCB__TRAVEL};
    expect_levels(p, levels, 3);
    assert_int_equal(p->levels[1].weight_quality, 60);
    assert_int_equal(p->levels[1].weight_cost, 40);
    hcb__policy_free(p);
}

static const char full[] = "version: 1\n"
                           "model: prime_supplementary\n"
                           "name: A county\n"
                           "tiers: [framework, prime]\n"
                           "levels:\n"
                           "  - {name: waiting, tolerance: 60 min}\n"
                           "  - {name: moves, tolerance: 2}\n"
                           "  - {name: blend, weights: {quality: 3, cost: 1}, tolerance: \"0.5%\"}\n"
                           "  - {name: cost, tolerance: 5.00 GBP}\n"
                           "  - {name: travel, tolerance: 2 min}\n"
                           "  - {name: fair, tolerance: \"12.3456%\"}\n"
                           "priority_weights: [100, 50, 20, 10, 1]\n"
                           "may_wait_for_gain: true\n"
                           "rules:\n"
                           "  - rule: zone\n"
                           "  - {rule: travel, max_minutes: 45}\n"
                           "  - {rule: rating, allowed: [good, not_rated]}\n"
                           "shares:\n"
                           "  - {largest: 40%, zone: \"03\"}\n"
                           "  - {smallest: 12.5%, tier: prime}\n"
                           "quality: {blank: 0}\n"
                           "time_blocks: {morning: \"06:00\", tea: 16:30}\n"
                           "moves: {limit: 20}\n";

static void test_policy__every_key(void **state) {
    workbench *bench = *state;
    hcb__policy *p = load(bench, full);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);
    assert_string_equal(p->name, "A county");
    assert_int_equal(p->n_tiers, 2);
    assert_int_equal(p->tier_rank[HCB__FRAMEWORK], 0);
    assert_int_equal(p->tier_rank[HCB__PRIME], 1);
    assert_int_equal(p->tier_rank[HCB__SUPPLEMENTARY], -1);
    const int32_t levels[] = {HCB__WAITING, HCB__MOVES, HCB__BLEND, HCB__COST, HCB__TRAVEL, HCB__FAIR};
    expect_levels(p, levels, 6);
    assert_int_equal(p->levels[0].tolerance, 60);
    assert_int_equal(p->levels[1].tolerance, 2);
    assert_int_equal(p->levels[2].tolerance_ppm, 5000);
    assert_int_equal(p->levels[2].weight_quality, 3);
    assert_int_equal(p->levels[2].weight_cost, 1);
    assert_int_equal(p->levels[3].tolerance, 500);
    assert_int_equal(p->levels[4].tolerance, 120);
    assert_int_equal(p->levels[5].tolerance_ppm, 123456);
    assert_int_equal(p->priority_weights[0], 100);
    assert_true(p->may_wait_for_gain);
    assert_int_equal(p->n_rules, 3);
    assert_int_equal(p->rules[0].kind, HCB__RULE_ZONE);
    assert_int_equal(p->rules[1].max_seconds, 2700);
    assert_int_equal(p->rules[2].ratings, 1u << HCB__GOOD | 1u << HCB__NOT_RATED);
    assert_int_equal(p->n_shares, 2);
    assert_true(p->shares[0].largest);
    assert_string_equal(p->shares[0].zone_id, "03");
    assert_int_equal(p->shares[0].basis_points, 4000);
    assert_int_equal(p->shares[0].line, 19);
    assert_int_equal(p->shares[1].tier, HCB__PRIME);
    assert_null(p->shares[1].zone_id);
    assert_int_equal(p->shares[1].basis_points, 1250);
    assert_int_equal(p->quality_blank, 0);
    const int32_t blocks[] = {360, 660, 990, 1140};
    assert_memory_equal(p->block_start, blocks, sizeof blocks);
    assert_int_equal(p->moves_limit, 20);
    hcb__policy_free(p);
}

static const char terms[] = "version: 1\n"
                            "model: open_framework\n"
                            "levels:\n"
                            "  - name: waiting\n"
                            "  - {name: preference, tolerance: 30 min}\n"
                            "  - name: blend\n"
                            "    weights: {quality: 70, cost: 30}\n"
                            "    up_to: {weekly_cost: 500, weights: {quality: 0, cost: 1}}\n"
                            "  - name: cost\n"
                            "  - {name: fair, target: equal}\n"
                            "rules:\n"
                            "  - rule: zone\n"
                            "  - {rule: short_visit, minutes: 20, unless: [known, agreed]}\n"
                            "  - rule: double_handed\n"
                            "quality: {from: both, blank: 60, weights: {score: 3, rating: 1}, points: {good: 80}}\n"
                            "escalation: [{after_days: 7, to_priority: 3}, {after_days: 14, to_priority: 1}]\n"
                            "moves: {price: 25.50}\n"
                            "tiers_per_zone: {prime: 1, supplementary: 2}\n";

static void test_policy__terms(void **state) {
    workbench *bench = *state;
    hcb__policy *p = load(bench, terms);
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 0);
    const int32_t levels[] = {HCB__WAITING, HCB__PREFERENCE, HCB__BLEND, HCB__COST, HCB__FAIR};
    expect_levels(p, levels, 5);
    assert_int_equal(p->levels[1].tolerance, 30);
    assert_int_equal(p->levels[2].weight_quality, 70);
    assert_int_equal(p->levels[2].small_pence, 50000);
    assert_int_equal(p->levels[2].small_quality, 0);
    assert_int_equal(p->levels[2].small_cost, 1);
    assert_true(p->levels[4].equal);
    assert_int_equal(p->rules[1].short_minutes, 20);
    assert_int_equal(p->rules[1].short_excuses, 1u << HCB__EXCUSE_AGREED | 1u << HCB__EXCUSE_KNOWN);
    assert_int_equal(p->rules[2].kind, HCB__RULE_DOUBLE_HANDED);
    assert_int_equal(p->move_pence, 2550);
    assert_int_equal(p->tier_most[HCB__PRIME], 1);
    assert_int_equal(p->tier_most[HCB__SUPPLEMENTARY], 2);
    assert_int_equal(p->tier_most[HCB__FRAMEWORK], -1);
    /* (3 x 91 + 80) / 4 = 88.25; (3 x 60 + 60) / 4 = 60, not rated counting as blank; (3 x 0 + 100) / 4 = 25 */
    assert_int_equal(hcb__policy_quality(p, 91, HCB__GOOD), 88);
    assert_int_equal(hcb__policy_quality(p, -1, HCB__NOT_RATED), 60);
    assert_int_equal(hcb__policy_quality(p, 0, HCB__OUTSTANDING), 25);
    static const struct {
        int32_t own, days, counts;
    } waits[] = {{5, 6, 5}, {5, 7, 3}, {3, 13, 3}, {2, 13, 2}, {5, 14, 1}, {1, 900, 1}, {4, -3, 4}};
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        assert_int_equal(hcb__policy_priority(p, waits[i].own, waits[i].days), waits[i].counts);
    hcb__policy_free(p);
}

static void test_policy__quality_is_the_score_or_the_rating(void **state) {
    workbench *bench = *state;
    hcb__policy *p = load(bench, "version: 1\nmodel: open_framework\nquality: {blank: 40}\n");
    assert_int_equal(hcb__policy_quality(p, 91, HCB__INADEQUATE), 91);
    assert_int_equal(hcb__policy_quality(p, -1, HCB__GOOD), 40);
    hcb__policy_free(p);
    p = load(bench, "version: 1\nmodel: open_framework\nquality: {from: rating, blank: 45}\n");
    static const int64_t points[HCB__RATINGS] = {100, 75, 40, 0, 45};
    for (int32_t r = 0; r < HCB__RATINGS; r++)
        assert_int_equal(hcb__policy_quality(p, 91, r), points[r]);
    hcb__policy_free(p);
}

static void expect_words(workbench *bench, const char *policy, const char *const *said, size_t n) {
    hcb__policy *p = load(bench, policy);
    hcb__text text;
    hcb__text_init(&text, &bench->memory.mem);
    hcb__policy_explain(p, &text);
    for (size_t i = 0; i < n; i++)
        if (!strstr(text.at, said[i]))
            fail_msg("\"%s\" is not in:\n%s", said[i], text.at);
    hcb__text_free(&text);
    hcb__policy_free(p);
}

static void test_policy__terms_in_words(void **state) {
    static const char *const said[] = {
        "2. Wishes for the gender and the language of carers that are no condition are met; later levels may give up "
        "30 "
        "minutes of it.",
        "3. Packages of up to GBP 500.00 a week: quality and price weighted 0 to 1; above: quality and price together, "
        "weighted 70 to 30.",
        "4. The week costs as little as possible; everyone who changes provider counts as GBP 25.50 more.",
        "5. No provider is far from its fair share of the work, the same for all.",
        "2. No visit is under 20 minutes, unless that was agreed for the person, or the provider serves the person "
        "already.",
        "3. It offers double-handed care, where two carers come to a visit.",
        "A zone has at most 1 active provider of the tier prime.",
        "A zone has at most 2 active providers of the tier supplementary.",
        "Quality is made of the score and the rating's points, weighted 3 to 1.",
        "Points of the ratings: outstanding 100, good 80, requires_improvement 40, inadequate 0, not_rated 60.",
        "A provider without a quality score counts as 60 of 100.",
        "Who has waited 7 days or more counts as priority 3 at least.",
        "Who has waited 14 days or more counts as priority 1 at least.",
    };
    expect_words(*state, terms, said, sizeof said / sizeof *said);
}

static void test_policy__words_for_people(void **state) {
    static const char *const said[] = {
        "A county (model prime_supplementary)",
        "framework, prime.",
        ("1. As little care as possible waits: minutes waiting, weighted 100, 50, 20, 10, 1 for the priorities 1 to 5; "
         "later levels may give up 60 weighted minutes of it."),
        "3. Quality and price together, weighted 3 to 1; later levels may give up 0.5% of it.",
        "later levels may give up GBP 5.00 of it.",
        "at most 45 minutes.",
        "one of: good, not_rated.",
        "- In zone 03 one provider holds at most 40% of the hours placed.",
        "- In every zone with a prime role at least 12.50% of the hours placed go to the tier prime.",
        "06:00 (morning), 11:00 (lunch), 16:30 (tea) and 19:00 (bed)",
        "At most 20 people change their provider",
    };
    expect_words(*state, full, said, sizeof said / sizeof *said);
}

typedef struct problem {
    const char *text; /* after "version: 1\nmodel: prime_supplementary\n" */
    long line;
    const char *path, *words;
} problem;

static const problem problems[] = {
    {"levls: []", 3, "levls", "did you mean \"levels\"?"},
    {"tiers: [prime, primer]", 3, "tiers[1]", "\"primer\" is not one of prime, supplementary, framework"},
    {"tiers: [prime, prime]", 3, "tiers[1]", "listed twice"},
    {"tiers: prime", 3, "tiers", "a list was expected"},
    {"levels: [{name: tier}, {name: waiting}]", 3, "levels[1]", "waiting must be the first"},
    {"levels: [{name: tier}]", 3, "levels", "waiting is missing"},
    {"levels: [{name: waiting}, {name: qualty}]", 3, "levels[1].name", "did you mean \"quality\"?"},
    {"levels: [{name: waiting}, {name: cost}, {name: cost}]", 3, "levels[2]", "listed twice"},
    {"levels: [{name: waiting, tolerance: 1%}]", 3, "levels[0].tolerance", "may_wait_for_gain: true"},
    {"levels: [{name: waiting}, {name: cost, tolerance: 5 min}]", 3, "levels[1].tolerance", "\"5.00 GBP\""},
    {"levels: [{name: waiting}, {name: cost, tolerance: 101%}]", 3, "levels[1].tolerance", "\"101%\""},
    {"levels: [{name: waiting}, {name: cost, tolerance: -5}]", 3, "levels[1].tolerance", "\"-5\""},
    {"levels: [{name: waiting}, {name: cost, tolerance: 1e9}]", 3, "levels[1].tolerance", "\"1e9\""},
    {"levels: [{name: waiting}, {name: cost, tolerance: 99999999999999999999}]", 3, "levels[1].tolerance", "\"99999"},
    {"levels: [{name: waiting}, {name: cost, weights: {quality: 1, cost: 1}}]", 3, "levels[1].weights", "blend"},
    {"levels: [{name: waiting}, {name: blend, weights: {quality: 1}}]", 3, "levels[1].weights", "cost is missing"},
    {"levels: [{name: waiting}, {name: blend, weights: {quality: 0, cost: 0}}]", 3, "levels[1].weights", "both"},
    {"levels: [{nam: waiting}]", 3, "levels[0].nam", "did you mean \"name\"?"},
    {"levels: [waiting]", 3, "levels[0]", "group of keys"},
    {"priority_weights: [5, 4, 3]", 3, "priority_weights", "5 weights"},
    {"priority_weights: [5, 4, 3, 2, 0]", 3, "priority_weights[4]", "\"0\" is not a whole number from 1 to 1000000"},
    {"priority_weights: [9000000000000000000, 4, 3, 2, 1]", 3, "priority_weights[0]", "from 1 to 1000000"},
    {"rules: [{rule: active}]", 3, "rules", "the rule zone is missing"},
    {"rules: [{rule: zone}, {rule: zone}]", 3, "rules[1]", "listed twice"},
    {"rules: [{rule: zone}, {rule: raiting}]", 3, "rules[1].rule", "did you mean \"rating\"?"},
    {"rules: [{rule: zone, max_minutes: 5}]", 3, "rules[0].max_minutes", "belongs to the rule travel"},
    {"rules: [{rule: zone}, {rule: travel, max_minutes: 1441}]", 3, "rules[1].max_minutes", "from 0 to 1440"},
    {"rules: [{rule: zone}, {rule: rating, allowed: []}]", 3, "rules[1].allowed", "0 items"},
    {"rules: [{rule: zone}, {rule: rating, allowed: [great]}]", 3, "rules[1].allowed[0]", "\"great\""},
    {"shares: [{largest: 40}]", 3, "shares[0].largest", "\"40\" is not a share"},
    {"shares: [{largest: 0%}]", 3, "shares[0].largest", "\"0%\""},
    {"shares: [{largest: 40%, smallest: 10%}]", 3, "shares[0]", "either largest or smallest"},
    {"shares: [{smallest: 10%}]", 3, "shares[0]", "the tier is missing"},
    {"shares: [{largest: 10%, tier: prime}]", 3, "shares[0].tier", "belongs to smallest"},
    {"shares: [{largest: 10%}, {largest: 20%}]", 3, "shares[1]", "given twice"},
    {"shares: [{smallest: 60%, tier: prime}, {smallest: 60%, tier: framework}]", 3, "shares[1]", "120.00%"},
    {"tiers: [prime]\nshares: [{smallest: 10%, tier: framework}]", 4, "shares[0].tier", "not among the policy's tiers"},
    {"quality: {blank: 101}", 3, "quality.blank", "from 0 to 100"},
    {"time_blocks: {lunch: \"04:00\"}", 3, "time_blocks", "lunch must start after morning"},
    {"time_blocks: {lunch: \"11:61\"}", 3, "time_blocks.lunch", "\"11:61\""},
    {"moves: {limit: -1}", 3, "moves.limit", "\"-1\""},
    {"levels: [{name: waiting}, {name: cost, up_to: {weekly_cost: 1}}]", 3, "levels[1].up_to", "level blend"},
    {"levels: [{name: waiting}, {name: blend, up_to: {weekly_cost: 1}}]", 3, "levels[1].up_to", "weights is missing"},
    {"levels: [{name: waiting}, {name: blend, up_to: {weekly_cost: 1, weights: {quality: 0, cost: 0}}}]", 3,
     "levels[1].up_to.weights", "both"},
    {"levels: [{name: waiting}, {name: blend, up_to: {weekly_cost: 1000000.01, weights: {quality: 0, cost: 1}}}]", 3,
     "levels[1].up_to.weekly_cost", "1000000.01"},
    {"levels: [{name: waiting}, {name: cost, target: equal}]", 3, "levels[1].target", "belongs to the level fair"},
    {"levels: [{name: waiting}, {name: fair, target: even}]", 3, "levels[1].target", "\"even\""},
    {"levels: [{name: waiting}, {name: blend, weights: {quality: 1001, cost: 0}}]", 3, "levels[1].weights.quality",
     "from 0 to 1000"},
    {"rules: [{rule: zone, minutes: 5}]", 3, "rules[0].minutes", "belongs to the rule short_visit"},
    {"rules: [{rule: zone}, {rule: short_visit, minutes: 0}]", 3, "rules[1].minutes", "from 1 to 1440"},
    {"rules: [{rule: zone}, {rule: short_visit, unless: [agreed, agreed]}]", 3, "rules[1].unless[1]", "twice"},
    {"rules: [{rule: zone}, {rule: short_visit, unless: [aged]}]", 3, "rules[1].unless[0]",
     "\"aged\" is not one of agreed"},
    {"rules: [{rule: zone}, {rule: gender, unless: [agreed]}]", 3, "rules[1].unless",
     "belongs to the rule short_visit"},
    {"quality: {from: stars}", 3, "quality.from", "\"stars\" is not one of score, rating, both"},
    {"quality: {weights: {score: 1, rating: 1}}", 3, "quality.weights", "from: both"},
    {"quality: {from: both, weights: {score: 0, rating: 0}}", 3, "quality.weights", "both weights are 0"},
    {"quality: {points: {good: 80}}", 3, "quality.points", "from: rating"},
    {"quality: {from: rating, points: {fair: 80}}", 3, "quality.points.fair", "not known"},
    {"quality: {from: rating, points: {good: 101}}", 3, "quality.points.good", "from 0 to 100"},
    {"escalation: {after_days: 7}", 3, "escalation", "a list was expected"},
    {"escalation: [{after_days: 7}]", 3, "escalation[0]", "to_priority is missing"},
    {"escalation: [{after_days: 0, to_priority: 1}]", 3, "escalation[0].after_days", "from 1 to 36500"},
    {"escalation: [{after_days: 7, to_priority: 5}]", 3, "escalation[0].to_priority", "from 1 to 4"},
    {"escalation: [{after_days: 7, to_priority: 2}, {after_days: 7, to_priority: 1}]", 3, "escalation[1].after_days",
     "more days than the 7"},
    {"escalation: [{after_days: 7, to_priority: 2}, {after_days: 9, to_priority: 2}]", 3, "escalation[1].to_priority",
     "more urgent than priority 2"},
    {"moves: {price: -1}", 3, "moves.price", "\"-1\""},
    {"levels: [{name: waiting}]\nmoves: {price: 1}", 4, "moves.price", "level cost"},
    {"tiers_per_zone: {prime: 0}", 3, "tiers_per_zone.prime", "from 1 to 1000000"},
    {"tiers_per_zone: {lead: 1}", 3, "tiers_per_zone.lead", "not known"},
    {"tiers: [prime]\ntiers_per_zone: {framework: 1}", 4, "tiers_per_zone.framework", "not among the policy's tiers"},
    {"shares: [{largest: 30%}, {smallest: 70%, tier: prime}]\ntiers_per_zone: {prime: 2}", 3, "shares",
     "70.00% are promised to the tier prime, whose providers (2 in a zone) may hold 30.00% each"},
    {"may_wait_for_gain: perhaps", 3, "may_wait_for_gain", "\"perhaps\" is not true or false"},
};

static void test_policy__problems_are_located(void **state) {
    workbench *bench = *state;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        const problem *p = &problems[i];
        char text[512];
        snprintf(text, sizeof text, "version: 1\nmodel: prime_supplementary\n%s\n", p->text);
        assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
        hcb__policy *policy = load(bench, text);
        const hcb_diagnostic *d = hcb_context_diagnostic_at(bench->ctx, 0);
        if (!d || hcb_context_diagnostic_count(bench->ctx) != 1 || d->severity != HCB_SEVERITY_ERROR ||
            d->line != p->line || strcmp(d->pointer, p->path) != 0 || !strstr(d->message, p->words))
            fail_msg("%s: %zu problems, the first at %ld %s: %s", p->text, hcb_context_diagnostic_count(bench->ctx),
                     d ? (long)d->line : 0, d ? d->pointer : "", d ? d->message : "");
        hcb__policy_free(policy);
        (void)hcb__end(bench->ctx, HCB_OK);
    }
}

static void test_policy__all_problems_of_a_file_are_listed(void **state) {
    workbench *bench = *state;
    hcb__policy *policy = load(bench, "version: 2\n"
                                      "modell: x\n"
                                      "tiers: [first]\n"
                                      "levels: [{name: best}]\n"
                                      "rules: [{rule: nice}]\n"
                                      "quality: 7\n");
    assert_int_equal(hcb_context_diagnostic_count(bench->ctx), 6);
    hcb__policy_free(policy);
}

static void test_policy__out_of_memory_is_a_status(void **state) {
    workbench *bench = *state;
    char path[512];
    snprintf(path, sizeof path, "%s", workbench_file(bench, "policy.yaml", full, strlen(full)));
    for (long n = 1;; n++) {
        assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
        bench->memory.asked = 0;
        bench->memory.fail_at = n;
        hcb__policy *policy;
        hcb_status status = hcb__policy_load(&policy, bench->ctx, path, "policy.yaml");
        bench->memory.fail_at = 0;
        hcb__policy_free(policy);
        (void)hcb__end(bench->ctx, status);
        if (status == HCB_OK)
            break;
        assert_int_equal(status, HCB_ENOMEM);
        assert_true(n < 2000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_policy__defaults_of_prime_supplementary, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_policy__defaults_of_open_framework, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_policy__every_key, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_policy__terms, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_policy__quality_is_the_score_or_the_rating, workbench_open,
                                        workbench_close),
        cmocka_unit_test_setup_teardown(test_policy__terms_in_words, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_policy__words_for_people, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_policy__problems_are_located, workbench_open, workbench_close),
        cmocka_unit_test_setup_teardown(test_policy__all_problems_of_a_file_are_listed, workbench_open,
                                        workbench_close),
        cmocka_unit_test_setup_teardown(test_policy__out_of_memory_is_a_status, workbench_open, workbench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
