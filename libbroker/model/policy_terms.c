/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a policy says of quality, of long waits and of the number of providers: read, and worked out. */
#include <string.h>

#include "model/policy_file.h"

/* A step to the lowest priority would change nothing. */
enum { LEAST_URGENT = 4 };
enum { MOST_WEIGHT = 1000, MOST_POINTS = 100, MOST_DAYS = 36500, MOST_IN_ZONE = 1000000 };

void hcb__policy_read_weights(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char *const keys[2], int64_t *first,
                              int64_t *second) {
    if (!hcb__policy_group(doc, node, keys, 2, NULL))
        return;
    int64_t weights[2] = {0, 0};
    bool good = true;
    for (int i = 0; i < 2; i++) {
        const hcb__yaml_node *value = hcb__yaml_get(node, keys[i]);
        if (!value)
            hcb__policy_error(doc, node, "the weight of %s is missing; expected {%s: 60, %s: 40}", keys[i], keys[0],
                              keys[1]);
        good &= hcb__yaml_int(doc, value, 0, MOST_WEIGHT, &weights[i]);
    }
    if (good && weights[0] + weights[1] == 0)
        hcb__policy_error(doc, node, "both weights are 0; one of them must count");
    *first = weights[0];
    *second = weights[1];
}

/* A rating without points of its own has these; a provider that was not rated counts as one without a score. */
static void read_points(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const int64_t usual[HCB__RATINGS] = {100, 75, 40, 0, 0};
    memcpy(policy->rating_points, usual, sizeof usual);
    policy->rating_points[HCB__NOT_RATED] = policy->quality_blank;
    if (!node || !hcb__policy_group(doc, node, hcb__rating_words, HCB__RATINGS, NULL))
        return;
    if (policy->weight_rating == 0)
        hcb__policy_error(doc, node, "points of ratings count only with from: rating or from: both");
    for (int32_t r = 0; r < HCB__RATINGS; r++)
        (void)hcb__yaml_int(doc, hcb__yaml_get(node, hcb__rating_words[r]), 0, MOST_POINTS, &policy->rating_points[r]);
}

void hcb__policy_read_quality(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const char *const keys[] = {"blank", "from", "weights", "points"};
    static const char *const sources[] = {"score", "rating", "both"}, *const parts[] = {"score", "rating"};
    enum { RATING = 1, BOTH = 2 };
    int32_t from = 0;
    if (!node || !hcb__policy_group(doc, node, keys, 4, NULL))
        return;
    const hcb__yaml_node *weights = hcb__yaml_get(node, "weights");
    (void)hcb__yaml_int(doc, hcb__yaml_get(node, "blank"), 0, MOST_POINTS, &policy->quality_blank);
    (void)hcb__yaml_word(doc, hcb__yaml_get(node, "from"), sources, 3, &from);
    policy->weight_score = from != RATING;
    policy->weight_rating = from != 0;
    if (weights && from != BOTH)
        hcb__policy_error(doc, weights, "weights of score and rating count only with from: both");
    else if (weights)
        hcb__policy_read_weights(doc, weights, parts, &policy->weight_score, &policy->weight_rating);
    read_points(policy, doc, hcb__yaml_get(node, "points"));
}

int64_t hcb__policy_quality(const hcb__policy *policy, int32_t score, int32_t rating) {
    int64_t own = score >= 0 ? score : policy->quality_blank;
    return (policy->weight_score * own + policy->weight_rating * policy->rating_points[rating]) /
           (policy->weight_score + policy->weight_rating);
}

void hcb__policy_read_escalation(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const char *const keys[] = {"after_days", "to_priority"};
    if (!node || !hcb__policy_list(doc, node, HCB__MAX_ESCALATIONS))
        return;
    for (size_t i = 0; i < node->count; i++) {
        const hcb__yaml_node *item = node->items[i];
        bool all_known;
        int64_t days = 0, priority = 0;
        if (!hcb__policy_group(doc, item, keys, 2, &all_known))
            continue;
        const hcb__yaml_node *after = hcb__yaml_get(item, keys[0]), *to = hcb__yaml_get(item, keys[1]);
        if (all_known && (!after || !to))
            hcb__policy_error(doc, item, "%s is missing; expected {after_days: 7, to_priority: 2}",
                              after ? keys[1] : keys[0]);
        bool good = hcb__yaml_int(doc, after, 1, MOST_DAYS, &days);
        good &= hcb__yaml_int(doc, to, 1, LEAST_URGENT, &priority);
        if (!good)
            continue;
        const hcb__escalation *last = policy->n_escalations ? &policy->escalations[policy->n_escalations - 1] : NULL;
        if (last && days <= last->after_days)
            hcb__policy_error(doc, after, "a later step comes after more days than the %lld before it",
                              (long long)last->after_days);
        else if (last && priority >= last->to_priority)
            hcb__policy_error(doc, to, "a later step is more urgent than priority %d before it", last->to_priority);
        else
            policy->escalations[policy->n_escalations++] = (hcb__escalation){days, (int32_t)priority};
    }
}

int32_t hcb__policy_priority(const hcb__policy *policy, int32_t priority, int64_t days) {
    for (int32_t i = 0; i < policy->n_escalations; i++)
        if (days >= policy->escalations[i].after_days && policy->escalations[i].to_priority < priority)
            priority = policy->escalations[i].to_priority;
    return priority;
}

void hcb__policy_read_tiers_per_zone(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!node || !hcb__policy_group(doc, node, hcb__tier_words, HCB__TIERS, NULL))
        return;
    for (int32_t t = 0; t < HCB__TIERS; t++) {
        const hcb__yaml_node *most = hcb__yaml_get(node, hcb__tier_words[t]);
        if (most && policy->tier_rank[t] < 0)
            hcb__policy_error(doc, most, "the tier %s is not among the policy's tiers", hcb__tier_words[t]);
        (void)hcb__yaml_int(doc, most, 1, MOST_IN_ZONE, &policy->tier_most[t]);
    }
}
