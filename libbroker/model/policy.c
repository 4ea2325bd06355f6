/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a policy and what stands where the file says nothing. */
#include "model/policy.h"

#include <string.h>

#include "model/policy_file.h"

const char *const hcb__tier_words[HCB__TIERS] = {"prime", "supplementary", "framework"};
const char *const hcb__rating_words[HCB__RATINGS] = {"outstanding", "good", "requires_improvement", "inadequate",
                                                     "not_rated"};
const char *const hcb__rule_words[HCB__RULES] = {"active",     "zone",        "starts",       "rating",
                                                 "capability", "gender",      "language",     "excluded",
                                                 "travel",     "short_visit", "double_handed"};
const char *const hcb__excuse_words[HCB__EXCUSES] = {"agreed", "longer_visit", "known"};
const char *const hcb__level_words[HCB__LEVELS] = {"waiting", "tier", "moves", "quality",   "cost",
                                                   "travel",  "fair", "blend", "preference"};
const char *const hcb__policy_models[HCB__POLICY_MODELS] = {"prime_supplementary", "open_framework"};

static void add_level(hcb__policy *policy, int32_t kind, int64_t weight_quality, int64_t weight_cost) {
    policy->levels[policy->n_levels++] =
        (hcb__level){.kind = kind, .weight_quality = weight_quality, .weight_cost = weight_cost, .small_pence = -1};
}

static void default_levels(hcb__policy *policy, int32_t model) {
    static const int32_t prime[] = {HCB__WAITING, HCB__TIER, HCB__QUALITY, HCB__COST, HCB__TRAVEL};
    policy->n_levels = 0;
    if (model == HCB__OPEN_FRAMEWORK) {
        add_level(policy, HCB__WAITING, 0, 0);
        add_level(policy, HCB__BLEND, HCB__BLEND_QUALITY, HCB__BLEND_COST);
        add_level(policy, HCB__TRAVEL, 0, 0);
        return;
    }
    for (size_t i = 0; i < sizeof prime / sizeof *prime; i++)
        add_level(policy, prime[i], 0, 0);
}

hcb__rule hcb__policy_rule(int32_t kind) {
    hcb__rule rule = {.kind = kind, .max_seconds = -1, .short_excuses = 1u << HCB__EXCUSE_AGREED};
    rule.short_minutes = HCB__SHORT_VISIT;
    if (kind == HCB__RULE_RATING)
        rule.ratings = (1u << HCB__RATINGS) - 1u - (1u << HCB__INADEQUATE);
    return rule;
}

void hcb__policy_set_defaults(hcb__policy *policy, int32_t model) {
    static const int32_t starts[4] = {5 * 60, 11 * 60, 15 * 60, 19 * 60};
    policy->model = policy->name = hcb__policy_models[model];
    for (int32_t t = 0; t < HCB__TIERS; t++)
        policy->tiers[t] = policy->tier_rank[t] = t;
    policy->n_tiers = HCB__TIERS;
    default_levels(policy, model);
    for (int32_t kind = 0; kind < HCB__RULE_DOUBLE_HANDED; kind++)
        policy->rules[kind] = hcb__policy_rule(kind);
    policy->n_rules = HCB__RULE_DOUBLE_HANDED;
    for (int32_t i = 0; i < 5; i++)
        policy->priority_weights[i] = 5 - i;
    policy->quality_blank = 50;
    policy->weight_score = 1;
    for (int32_t t = 0; t < HCB__TIERS; t++)
        policy->tier_most[t] = -1;
    memcpy(policy->block_start, starts, sizeof starts);
    policy->moves_limit = -1;
    policy->moves_person = -1;
    policy->moves_days = HCB__MOVES_DAYS;
    hcb__policy_call_off_defaults(&policy->call_off);
    policy->payment = hcb__payment_default;
}

hcb__policy *hcb__policy_new(const hcb_allocator *mem) {
    hcb__policy *policy = hcb__calloc(mem, 1, sizeof *policy);
    if (policy)
        hcb__arena_init(&policy->arena, mem);
    return policy;
}

void hcb__policy_free(hcb__policy *policy) {
    if (!policy)
        return;
    hcb_allocator mem = policy->arena.mem;
    hcb__arena_release(&policy->arena);
    hcb__free(&mem, policy);
}
