/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Price, travel and eligibility of a package at a provider. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "allocation/verify_run.h"
#include "base/arith.h"

/* HCB__VF_NONE when it is not listed. */
static int32_t tier_rank(const hcb__vf_policy *policy, int32_t tier) {
    for (int32_t i = 0; i < policy->n_tiers; i++)
        if (policy->tiers[i] == tier)
            return i;
    return HCB__VF_NONE;
}

int64_t hcb__vf_weekly_cost(int64_t carer_minutes, int64_t price) {
    return hcb__round_div(carer_minutes * price, 60);
}

static int64_t crow_seconds(const hcb__vf *vf, const hcb__vf_package *p, double metres) {
    const hcb__vf_travel *t = &vf->travel;
    double d = metres / 1000, bend = (double)t->bend_m / 1000;
    double extra = p->band >= 2 ? (double)t->extra : 0; /* rural, isolated */
    double minutes =
        ((double)t->base + (double)t->near_slope * fmin(d, bend) + (double)t->far_slope * fmax(d - bend, 0) + extra) /
        1000;
    return (int64_t)floor(60 * minutes + 0.5);
}

/* Puts value among the least `cap` of an ascending array. */
static size_t keep_least(double *least, size_t n, size_t cap, double value) {
    size_t at = n;
    while (at && least[at - 1] > value)
        at--;
    if (at == cap)
        return n;
    if (n < cap)
        n++;
    memmove(least + at + 1, least + at, (n - at - 1) * sizeof *least);
    least[at] = value;
    return n;
}

/* Seconds from a place to the package by the matrix; twice the seconds, plus 1 when they come from a hole, so that
 * those of the matrix stand first among equals. */
static double matrix_key(const hcb__vf *vf, int32_t origin, hcb__point at, const hcb__vf_package *p) {
    const int32_t *row = vf->travel.seconds[origin];
    if (row && row[p->place] >= 0)
        return 2.0 * row[p->place];
    return 2.0 * (double)crow_seconds(vf, p, hcb__distance(at, p->at)) + 1;
}

static int64_t travel_seconds(const hcb__vf_run *run, const hcb__vf_package *p, int32_t provider, bool *from_hole) {
    const hcb__vf *vf = run->vf;
    const hcb__vf_provider *k = &vf->providers.at[provider];
    bool matrix = vf->travel.matrix;
    size_t cap = (size_t)vf->travel.nearest, n = 0;
    if (vf->travel.office)
        cap = 1;
    n = keep_least(run->scratch, n, cap, matrix ? matrix_key(vf, k->place, k->at, p) : hcb__distance(k->at, p->at));
    for (size_t i = 0; !vf->travel.office && i < k->n_served; i++) {
        const hcb__vf_package *other = &vf->placements.at[k->served[i]];
        if (other != p)
            n = keep_least(run->scratch, n, cap,
                           matrix ? matrix_key(vf, other->place, other->at, p) : hcb__distance(other->at, p->at));
    }
    *from_hole = false;
    if (!matrix) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += run->scratch[i];
        return crow_seconds(vf, p, sum / (double)n);
    }
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t key = (int64_t)run->scratch[i];
        *from_hole |= key & 1;
        sum += key / 2;
    }
    return n ? hcb__round_div(sum, (int64_t)n) : HCB__VF_NONE;
}

hcb__vf_service hcb__vf_serve(const hcb__vf_run *run, const hcb__vf_package *p, int32_t provider) {
    const hcb__vf *vf = run->vf;
    const hcb__vf_provider *k = &vf->providers.at[provider];
    hcb__vf_service s = {.provider = provider, .tier = HCB__VF_NONE, .price = HCB__VF_NONE};
    if (k->covers[p->zone] >= 0) {
        const hcb__vf_coverage *c = &vf->coverage.at[k->covers[p->zone]];
        s.tier = c->tier;
        s.price = c->price[p->band] >= 0 ? c->price[p->band] : vf->zones.at[p->zone].price[p->band];
    }
    s.rank = s.tier >= 0 ? tier_rank(&vf->policy, s.tier) : HCB__VF_NONE;
    if (s.rank < 0)
        s.rank = vf->policy.n_tiers - 1;
    s.cost = s.price > 0 ? hcb__vf_weekly_cost(p->carer_minutes, s.price) : 0;
    s.seconds = travel_seconds(run, p, provider, &s.from_hole);
    s.travel = p->carer_visits * s.seconds;
    int64_t score = k->quality >= 0 ? k->quality : vf->policy.quality_blank, weights = vf->policy.score_weight;
    s.quality = (weights * score + vf->policy.rating_weight * vf->policy.points[k->rating]) /
                (weights + vf->policy.rating_weight);
    return s;
}

static bool has(const char *const *sorted, size_t n, const char *item) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(sorted[i], item) == 0)
            return true;
    return false;
}

static bool has_gender(const hcb__vf_provider *k, const hcb__vf_package *p) {
    return p->gender <= 0 || has(k->caps, k->n_caps, p->gender == 1 ? "carer:female" : "carer:male");
}

static bool speaks(const hcb__vf_provider *k, const char *language) {
    for (size_t i = 0; i < k->n_caps; i++)
        if (strncmp(k->caps[i], "lang:", 5) == 0 && strcmp(k->caps[i] + 5, language) == 0)
            return true;
    return false;
}

int64_t hcb__vf_unmet(const hcb__vf *vf, const hcb__vf_package *p, int32_t provider) {
    const hcb__vf_provider *k = &vf->providers.at[provider];
    int64_t unmet = 0;
    if (!p->gender_hard && !has_gender(k, p))
        unmet++;
    if (p->language && !p->language_hard && !speaks(k, p->language))
        unmet++;
    return unmet;
}

/* Whether one of the rule's exceptions stands for a package with a short visit. */
static bool excused(const hcb__vf_rule *rule, const hcb__vf_package *p, int32_t provider) {
    return (rule->unless[HCB__VF_AGREED] && p->short_agreed) ||
           (rule->unless[HCB__VF_LONGER_VISIT] && p->longest >= rule->minutes) ||
           (rule->unless[HCB__VF_KNOWN] && p->provider == provider);
}

hcb__vf_refusal hcb__vf_refuses(const hcb__vf_run *run, const hcb__vf_package *p, const hcb__vf_service *s) {
    static const hcb__vf_refusal none = {NULL, NULL};
    const hcb__vf *vf = run->vf;
    const hcb__vf_provider *k = &vf->providers.at[s->provider];
    if (p->pinned >= 0 && p->pinned != s->provider)
        return (hcb__vf_refusal){"pinned_elsewhere", NULL};
    for (int32_t i = 0; i < vf->policy.n_rules; i++) {
        const hcb__vf_rule *rule = &vf->policy.rules[i];
        const char *code = NULL, *detail = NULL;
        switch (rule->name) {
        case HCB__VF_ACTIVE:
            code = k->active ? NULL : "inactive";
            break;
        case HCB__VF_ZONE:
            code = s->tier < 0 || tier_rank(&vf->policy, s->tier) < 0 || s->price < 0 ? "zone_not_covered" : NULL;
            break;
        case HCB__VF_STARTS: {
            int32_t from = p->start != HCB__NO_DATE ? p->start : vf->as_of;
            code = k->starts_from != HCB__NO_DATE && k->starts_from > from ? "start_too_late" : NULL;
            break;
        }
        case HCB__VF_RATING:
            code = rule->allowed[k->rating] ? NULL : "rating_not_allowed";
            break;
        case HCB__VF_CAPABILITY:
            for (size_t n = 0; n < p->n_needs && !code; n++)
                if (!has(k->caps, k->n_caps, p->needs[n])) {
                    code = "capability_missing:";
                    detail = p->needs[n];
                }
            break;
        case HCB__VF_GENDER:
            code = p->gender_hard && !has_gender(k, p) ? "preference_hard:gender" : NULL;
            break;
        case HCB__VF_LANGUAGE:
            code = p->language && p->language_hard && !speaks(k, p->language) ? "preference_hard:language" : NULL;
            break;
        case HCB__VF_EXCLUDED:
            code = has(p->excluded, p->n_excluded, k->id) ? "excluded" : NULL;
            break;
        case HCB__VF_TRAVEL:
            if ((rule->max_seconds >= 0 && s->seconds > rule->max_seconds) ||
                (k->max_travel_s >= 0 && s->seconds > k->max_travel_s))
                code = "travel_too_far";
            break;
        case HCB__VF_SHORT_VISIT:
            code = p->shortest < rule->minutes && !excused(rule, p, s->provider) ? "short_visit_not_agreed" : NULL;
            break;
        default:
            code = p->most_carers > 1 && !has(k->caps, k->n_caps, "double_handed") ? "double_handed_not_offered" : NULL;
        }
        if (code)
            return (hcb__vf_refusal){code, detail};
    }
    return none;
}
