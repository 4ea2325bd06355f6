/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `rules:` and `shares:` of a policy. */
#include <string.h>

#include "model/policy_file.h"

enum { LONGEST_TRAVEL_MIN = 1440, LONGEST_VISIT_MIN = 1440, WHOLE_BP = 10000 };

static void read_ratings(hcb__rule *rule, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!hcb__policy_list(doc, node, HCB__RATINGS))
        return;
    rule->ratings = 0;
    for (size_t i = 0; i < node->count; i++) {
        int32_t rating;
        if (!hcb__yaml_word(doc, node->items[i], hcb__rating_words, HCB__RATINGS, &rating))
            continue;
        if (rule->ratings & 1u << rating)
            hcb__policy_error(doc, node->items[i], "the rating %s is listed twice", hcb__rating_words[rating]);
        rule->ratings |= 1u << rating;
    }
}

static void read_excuses(hcb__rule *rule, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!node)
        return;
    rule->short_excuses = 0;
    if (node->kind == HCB__YAML_SEQUENCE && node->count == 0)
        return;
    if (!hcb__policy_list(doc, node, HCB__EXCUSES))
        return;
    for (size_t i = 0; i < node->count; i++) {
        int32_t excuse;
        if (!hcb__yaml_word(doc, node->items[i], hcb__excuse_words, HCB__EXCUSES, &excuse))
            continue;
        if (rule->short_excuses & 1u << excuse)
            hcb__policy_error(doc, node->items[i], "%s is listed twice", hcb__excuse_words[excuse]);
        rule->short_excuses |= 1u << excuse;
    }
}

/* Whether a key of a rule is to be read: it is there, and belongs to this rule; an error where it does not. */
static bool belongs(const hcb__rule *rule, int32_t kind, hcb__yaml_doc *doc, const hcb__yaml_node *node,
                    const char *key) {
    if (node && rule->kind != kind)
        hcb__policy_error(doc, node, "%s belongs to the rule %s, not to %s", key, hcb__rule_words[kind],
                          hcb__rule_words[rule->kind]);
    return node && rule->kind == kind;
}

static bool read_rule(hcb__rule *rule, hcb__yaml_doc *doc, const hcb__yaml_node *item) {
    static const char *const keys[] = {"rule", "allowed", "max_minutes", "minutes", "unless"};
    bool all_known;
    if (!hcb__policy_group(doc, item, keys, 5, &all_known))
        return false;
    const hcb__yaml_node *name = hcb__yaml_get(item, "rule"), *allowed = hcb__yaml_get(item, "allowed"),
                         *longest = hcb__yaml_get(item, "max_minutes"), *shortest = hcb__yaml_get(item, "minutes"),
                         *excuses = hcb__yaml_get(item, "unless");
    int32_t kind;
    if (!name && all_known)
        hcb__policy_error(doc, item, "the name of the rule is missing; expected rule: NAME");
    if (!hcb__yaml_word(doc, name, hcb__rule_words, HCB__RULES, &kind))
        return false;
    *rule = hcb__policy_rule(kind);
    if (belongs(rule, HCB__RULE_RATING, doc, allowed, "allowed"))
        read_ratings(rule, doc, allowed);
    int64_t minutes;
    if (belongs(rule, HCB__RULE_TRAVEL, doc, longest, "max_minutes") &&
        hcb__yaml_int(doc, longest, 0, LONGEST_TRAVEL_MIN, &minutes))
        rule->max_seconds = minutes * 60;
    if (belongs(rule, HCB__RULE_SHORT_VISIT, doc, shortest, "minutes") &&
        hcb__yaml_int(doc, shortest, 1, LONGEST_VISIT_MIN, &minutes))
        rule->short_minutes = (int32_t)minutes;
    if (belongs(rule, HCB__RULE_SHORT_VISIT, doc, excuses, "unless"))
        read_excuses(rule, doc, excuses);
    return true;
}

void hcb__policy_read_rules(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!node || !hcb__policy_list(doc, node, HCB__MAX_RULES))
        return;
    uint32_t seen = 0;
    bool readable = true;
    policy->n_rules = 0;
    for (size_t i = 0; i < node->count; i++) {
        hcb__rule rule;
        if (!read_rule(&rule, doc, node->items[i])) {
            readable = false;
            continue;
        }
        if (seen & 1u << rule.kind) {
            hcb__policy_error(doc, node->items[i], "the rule %s is listed twice", hcb__rule_words[rule.kind]);
            continue;
        }
        seen |= 1u << rule.kind;
        policy->rules[policy->n_rules++] = rule;
    }
    if (readable && !(seen & 1u << HCB__RULE_ZONE))
        hcb__policy_error(doc, node, "the rule zone is missing; without coverage a provider has no tier and no price");
}

static bool read_percent(hcb__yaml_doc *doc, const hcb__yaml_node *node, int64_t *basis_points) {
    if (node->kind == HCB__YAML_SCALAR && node->len > 1 && node->text[node->len - 1] == '%' &&
        hcb__parse_fixed(node->text, node->len - 1, 2, basis_points) && *basis_points > 0 && *basis_points <= WHOLE_BP)
        return true;
    hcb__policy_error(doc, node, "\"%s\" is not a share above 0%% and up to 100%%; expected for example 40%%",
                      node->text);
    return false;
}

static hcb_status read_zone(hcb__share *share, hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node,
                            bool *good) {
    const char *id;
    if (!hcb__yaml_string(doc, node, &id))
        return HCB_OK;
    if (!hcb__valid_id(id, node->len)) {
        hcb__policy_error(doc, node, "a zone_id was expected: 1 to 64 bytes of text");
        *good = false;
        return HCB_OK;
    }
    share->zone_id = hcb__arena_strndup(&policy->arena, id, node->len);
    share->line = node->line;
    share->column = node->column;
    return share->zone_id ? HCB_OK : hcb__nomem(doc->ctx);
}

static hcb_status read_share(hcb__share *share, bool *good, hcb__policy *policy, hcb__yaml_doc *doc,
                             const hcb__yaml_node *item) {
    static const char *const keys[] = {"largest", "smallest", "zone", "tier"};
    bool all_known;
    *good = hcb__policy_group(doc, item, keys, 4, &all_known);
    if (!*good)
        return HCB_OK;
    const hcb__yaml_node *largest = hcb__yaml_get(item, "largest"), *smallest = hcb__yaml_get(item, "smallest"),
                         *tier = hcb__yaml_get(item, "tier");
    *share = (hcb__share){.largest = largest != NULL, .tier = -1, .line = item->line, .column = item->column};
    if (!largest == !smallest) {
        if (all_known)
            hcb__policy_error(doc, item, "a share has either largest or smallest, for example largest: 40%%");
        *good = false;
        return HCB_OK;
    }
    *good = read_percent(doc, largest ? largest : smallest, &share->basis_points);
    if (largest && tier) {
        hcb__policy_error(doc, tier, "tier belongs to smallest; largest is for one provider");
        *good = false;
    } else if (smallest && !tier) {
        if (all_known)
            hcb__policy_error(doc, item, "the tier is missing to which the smallest share is promised");
        *good = false;
    } else if (smallest && !hcb__yaml_word(doc, tier, hcb__tier_words, HCB__TIERS, &share->tier)) {
        *good = false;
    } else if (smallest && policy->tier_rank[share->tier] < 0) {
        hcb__policy_error(doc, tier, "the tier %s is not among the policy's tiers", hcb__tier_words[share->tier]);
        *good = false;
    }
    return read_zone(share, policy, doc, hcb__yaml_get(item, "zone"), good);
}

static bool same_zone(const hcb__share *a, const hcb__share *b) {
    return !a->zone_id == !b->zone_id && (!a->zone_id || strcmp(a->zone_id, b->zone_id) == 0);
}

static bool repeated(const hcb__policy *policy, const hcb__share *share) {
    for (int32_t i = 0; i < policy->n_shares; i++) {
        const hcb__share *s = &policy->shares[i];
        if (s->largest == share->largest && s->tier == share->tier && same_zone(s, share))
            return true;
    }
    return false;
}

hcb_status hcb__policy_read_shares(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!node || (node->kind == HCB__YAML_SEQUENCE && node->count == 0) ||
        !hcb__policy_list(doc, node, HCB__MAX_SHARES))
        return HCB_OK;
    int64_t promised = 0;
    for (size_t i = 0; i < node->count; i++) {
        hcb__share share;
        bool good;
        hcb_status status = read_share(&share, &good, policy, doc, node->items[i]);
        if (status != HCB_OK)
            return status;
        if (!good)
            continue;
        if (repeated(policy, &share)) {
            hcb__policy_error(doc, node->items[i], "this share is given twice");
            continue;
        }
        policy->shares[policy->n_shares++] = share;
        if (share.largest || share.zone_id)
            continue;
        promised += share.basis_points;
        if (promised > WHOLE_BP && promised - share.basis_points <= WHOLE_BP)
            hcb__policy_error(doc, node->items[i],
                              "the smallest shares promised in every zone add up to %lld.%02lld%%, more than 100%%",
                              (long long)(promised / 100), (long long)(promised % 100));
    }
    return HCB_OK;
}

/* Shares of two kinds meet where one of them is for every zone, or both are for the same; a promise to primes in every
 * zone passes over those without a prime role. */
static bool meet(const hcb__share *promise, const hcb__share *largest) {
    return !largest->zone_id || same_zone(promise, largest);
}

void hcb__policy_hold_shares(const hcb__policy *policy, hcb__yaml_doc *doc) {
    for (int32_t i = 0; i < policy->n_shares; i++)
        for (int32_t j = 0; j < policy->n_shares; j++) {
            const hcb__share *promise = &policy->shares[i], *largest = &policy->shares[j];
            if (promise->largest || !largest->largest || !meet(promise, largest))
                continue;
            int64_t most = policy->tier_most[promise->tier];
            if (most < 0 || promise->basis_points <= most * largest->basis_points)
                continue;
            hcb__where where = {doc->shown, promise->line, promise->column, "shares"};
            hcb__diag_error(doc->ctx, &where,
                            "%lld.%02lld%% are promised to the tier %s, whose providers (%lld in a zone) may hold "
                            "%lld.%02lld%% each",
                            (long long)(promise->basis_points / 100), (long long)(promise->basis_points % 100),
                            hcb__tier_words[promise->tier], (long long)most, (long long)(largest->basis_points / 100),
                            (long long)(largest->basis_points % 100));
        }
}
