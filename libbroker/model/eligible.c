/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of the policy, one function each. */
#include <stdio.h>

#include "model/model.h"

typedef struct question {
    const hcb__model *model;
    const hcb__package *package;
    const hcb__provider *provider;
    int32_t package_number, provider_number;
    int64_t seconds;
} question;

static bool among(const int32_t *list, int32_t n, int32_t number) {
    int32_t low = 0, high = n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (list[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && list[low] == number;
}

static bool has(const question *q, int32_t capability) {
    return capability >= 0 &&
           among(q->model->capabilities_of + q->provider->first_capability, q->provider->n_capabilities, capability);
}

static bool covers(const question *q) {
    const hcb__coverage *c = hcb__model_coverage(q->model, q->provider_number, q->package->zone);
    return c && q->model->policy->tier_rank[c->tier] >= 0 &&
           hcb__model_price(q->model, q->package_number, q->provider_number) >= 0;
}

static bool starts_in_time(const question *q) {
    int32_t from = q->provider->starts_from;
    int32_t start = q->package->start == HCB__NO_DATE ? q->model->as_of : q->package->start;
    return from == HCB__NO_DATE || from <= start;
}

/* The first need that the provider lacks; -1: none. Needs ascend by name. */
static int32_t missing_need(const question *q) {
    for (int32_t i = 0; i < q->package->n_needs; i++) {
        int32_t need = q->model->needs[q->package->first_need + i];
        if (!has(q, need))
            return need;
    }
    return -1;
}

static bool gender_suits(const question *q) {
    const hcb__package *p = q->package;
    return p->gender == HCB__ANY || has(q, p->gender == HCB__FEMALE ? q->model->female : q->model->male);
}

static bool language_suits(const question *q) {
    return q->package->language < 0 || has(q, q->package->language);
}

static bool short_visit_allowed(const question *q, const hcb__rule *rule) {
    const hcb__package *p = q->package;
    uint32_t excuses = 0;
    if (p->shortest_visit >= rule->short_minutes)
        return true;
    if (p->short_visit_agreed)
        excuses |= 1u << HCB__EXCUSE_AGREED;
    if (p->longest_visit >= rule->short_minutes)
        excuses |= 1u << HCB__EXCUSE_LONGER_VISIT;
    if (p->provider == q->provider_number)
        excuses |= 1u << HCB__EXCUSE_KNOWN;
    return excuses & rule->short_excuses;
}

static bool near_enough(const question *q, const hcb__rule *rule) {
    return (rule->max_seconds < 0 || q->seconds <= rule->max_seconds) &&
           (q->provider->max_travel_s < 0 || q->seconds <= q->provider->max_travel_s);
}

static bool holds(const question *q, const hcb__rule *rule) {
    const hcb__package *p = q->package;
    switch (rule->kind) {
    case HCB__RULE_ACTIVE:
        return q->provider->active;
    case HCB__RULE_ZONE:
        return covers(q);
    case HCB__RULE_STARTS:
        return starts_in_time(q);
    case HCB__RULE_RATING:
        return rule->ratings >> q->provider->rating & 1u;
    case HCB__RULE_CAPABILITY:
        return missing_need(q) < 0;
    case HCB__RULE_GENDER:
        return !p->gender_hard || gender_suits(q);
    case HCB__RULE_LANGUAGE:
        return !p->language_hard || language_suits(q);
    case HCB__RULE_EXCLUDED:
        return !among(q->model->excluded + p->first_excluded, p->n_excluded, q->provider_number);
    case HCB__RULE_TRAVEL:
        return near_enough(q, rule);
    case HCB__RULE_SHORT_VISIT:
        return short_visit_allowed(q, rule);
    default:
        return p->most_carers < 2 || has(q, q->model->double_handed);
    }
}

static const char *const codes[HCB__RULES] = {
    [HCB__RULE_ACTIVE] = "inactive",
    [HCB__RULE_ZONE] = "zone_not_covered",
    [HCB__RULE_STARTS] = "start_too_late",
    [HCB__RULE_RATING] = "rating_not_allowed",
    [HCB__RULE_CAPABILITY] = "capability_missing",
    [HCB__RULE_GENDER] = "preference_hard:gender",
    [HCB__RULE_LANGUAGE] = "preference_hard:language",
    [HCB__RULE_EXCLUDED] = "excluded",
    [HCB__RULE_TRAVEL] = "travel_too_far",
    [HCB__RULE_SHORT_VISIT] = "short_visit_not_agreed",
    [HCB__RULE_DOUBLE_HANDED] = "double_handed_not_offered",
};

int32_t hcb__eligible(const hcb__model *model, int32_t package, int32_t provider, int64_t seconds, char code[96]) {
    const question q = {model, &model->packages[package], &model->providers[provider], package, provider, seconds};
    if (q.package->pinned >= 0 && q.package->pinned != provider) {
        snprintf(code, 96, "pinned_elsewhere");
        return -1;
    }
    for (int32_t i = 0; i < model->policy->n_rules; i++) {
        const hcb__rule *rule = &model->policy->rules[i];
        if (holds(&q, rule))
            continue;
        if (rule->kind == HCB__RULE_CAPABILITY)
            snprintf(code, 96, "%s:%s", codes[rule->kind], model->capabilities[missing_need(&q)]);
        else
            snprintf(code, 96, "%s", codes[rule->kind]);
        return rule->kind;
    }
    code[0] = '\0';
    return HCB__RULES;
}

int32_t hcb__preferences_unmet(const hcb__model *model, int32_t package, int32_t provider) {
    const hcb__package *p = &model->packages[package];
    const question q = {model, p, &model->providers[provider], package, provider, 0};
    return (!p->gender_hard && !gender_suits(&q)) + (!p->language_hard && !language_suits(&q));
}
