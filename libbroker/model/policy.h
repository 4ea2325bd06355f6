/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of a framework as data (model.md section 4, docs/formats.md "policy.yaml"). */
#ifndef HCB_MODEL_POLICY_H
#define HCB_MODEL_POLICY_H

#include "base/context.h"
#include "base/text.h"
#include "pricing/payment.h"

typedef enum hcb__tier { HCB__PRIME, HCB__SUPPLEMENTARY, HCB__FRAMEWORK, HCB__TIERS } hcb__tier;
extern const char *const hcb__tier_words[HCB__TIERS];

typedef enum hcb__rating {
    HCB__OUTSTANDING,
    HCB__GOOD,
    HCB__REQUIRES_IMPROVEMENT,
    HCB__INADEQUATE,
    HCB__NOT_RATED,
    HCB__RATINGS
} hcb__rating;
extern const char *const hcb__rating_words[HCB__RATINGS];

typedef enum hcb__rule_kind {
    HCB__RULE_ACTIVE,        /* inactive */
    HCB__RULE_ZONE,          /* zone_not_covered */
    HCB__RULE_STARTS,        /* start_too_late */
    HCB__RULE_RATING,        /* rating_not_allowed */
    HCB__RULE_CAPABILITY,    /* capability_missing:X */
    HCB__RULE_GENDER,        /* preference_hard:gender */
    HCB__RULE_LANGUAGE,      /* preference_hard:language */
    HCB__RULE_EXCLUDED,      /* excluded */
    HCB__RULE_TRAVEL,        /* travel_too_far */
    HCB__RULE_SHORT_VISIT,   /* short_visit_not_agreed */
    HCB__RULE_DOUBLE_HANDED, /* double_handed_not_offered; not among the default rules */
    HCB__RULES
} hcb__rule_kind;
extern const char *const hcb__rule_words[HCB__RULES]; /* names in policy.yaml: active, zone, starts, rating, ... */

/* What excuses a visit that the rule short_visit would not allow; one is enough. */
typedef enum hcb__excuse {
    HCB__EXCUSE_AGREED,       /* short_visit_agreed of the package */
    HCB__EXCUSE_LONGER_VISIT, /* part of a wider package: another of its visits is not short */
    HCB__EXCUSE_KNOWN,        /* the provider serves the person already */
    HCB__EXCUSES
} hcb__excuse;
extern const char *const hcb__excuse_words[HCB__EXCUSES];

typedef struct hcb__rule {
    int32_t kind;
    uint32_t ratings;       /* RATING: bit set of those allowed */
    int64_t max_seconds;    /* TRAVEL: one visit; -1: the provider's own limit alone */
    int32_t short_minutes;  /* SHORT_VISIT: a visit of fewer minutes is short */
    uint32_t short_excuses; /* SHORT_VISIT: bit set of hcb__excuse */
} hcb__rule;

typedef enum hcb__level_kind {
    HCB__WAITING,
    HCB__TIER,
    HCB__MOVES,
    HCB__QUALITY,
    HCB__COST,
    HCB__TRAVEL,
    HCB__FAIR,
    HCB__BLEND,
    HCB__PREFERENCE,
    HCB__LEVELS
} hcb__level_kind;
extern const char *const hcb__level_words[HCB__LEVELS];

typedef struct hcb__level {
    int32_t kind;
    int64_t tolerance;                   /* in the level's unit (minutes, pence, seconds, ...) */
    int64_t tolerance_ppm;               /* a percentage in millionths; one of the two is 0 */
    int64_t weight_quality, weight_cost; /* BLEND */
    int64_t small_pence;                 /* BLEND: packages of up to so much a week have weights of their own; -1 */
    int64_t small_quality, small_cost;   /* BLEND: those */
    bool equal;                          /* FAIR: the same target for every provider, whatever its capacity */
} hcb__level;

/* From so many days of waiting on a package counts as one of this priority at least. */
typedef struct hcb__escalation {
    int64_t after_days;
    int32_t to_priority;
} hcb__escalation;

enum { HCB__MAX_LEVELS = 16, HCB__MAX_RULES = 32, HCB__MAX_SHARES = 64, HCB__MAX_ESCALATIONS = 4 };

typedef struct hcb__share {
    bool largest;         /* true: the largest share one provider may hold; false: the smallest for a tier */
    int32_t tier;         /* smallest: the tier it is promised to */
    const char *zone_id;  /* NULL: every zone (smallest for prime: every zone with a prime role) */
    int64_t basis_points; /* hundredths of a per cent */
    int64_t line, column; /* in the policy file, for messages */
} hcb__share;

typedef enum hcb__call_off_method {
    HCB__CALL_OFF_SEQUENTIAL, /* one provider after another */
    HCB__CALL_OFF_PARALLEL,   /* several at once; the first who accepts */
    HCB__CALL_OFF_TENDER,     /* several at once; the best of those who accept */
    HCB__CALL_OFF_METHODS
} hcb__call_off_method;
extern const char *const hcb__call_off_words[HCB__CALL_OFF_METHODS];
enum { HCB__CALL_OFF_BY_PLAN, HCB__CALL_OFF_BY_RANKING };

typedef struct hcb__call_off_route {
    int32_t method;
    int64_t up_to_pence;                 /* packages that cost so much a week at their cheapest provider; -1: any */
    int64_t providers;                   /* how many are asked at once; 0: all */
    int64_t weight_quality, weight_cost; /* TENDER */
} hcb__call_off_route;

enum { HCB__MAX_ROUTES = 8, HCB__MAX_REASONS = 32 };

/* How packages are offered (`call_off:`). */
typedef struct hcb__call_off {
    bool given; /* the file has the section */
    bool decline_next, decline_exclude, decline_count;
    int32_t order;
    int32_t n_routes, n_reasons;
    hcb__call_off_route routes[HCB__MAX_ROUTES];
    int64_t answer_hours[5]; /* by priority */
    const char *reasons[HCB__MAX_REASONS];
} hcb__call_off;

typedef struct hcb__policy {
    hcb__arena arena;
    const char *model, *name;
    int32_t n_tiers, tiers[HCB__TIERS]; /* in order of rank */
    int32_t tier_rank[HCB__TIERS];      /* -1: not in this framework */
    int32_t n_levels, n_rules, n_shares;
    hcb__level levels[HCB__MAX_LEVELS];
    hcb__rule rules[HCB__MAX_RULES];
    hcb__share shares[HCB__MAX_SHARES];
    int64_t priority_weights[5];
    int32_t n_escalations;
    hcb__escalation escalations[HCB__MAX_ESCALATIONS]; /* days ascend, priorities descend */
    bool may_wait_for_gain;
    int64_t quality_blank;               /* score of a provider without one */
    int64_t weight_score, weight_rating; /* of which quality is made; 1 and 0: the score alone */
    int64_t rating_points[HCB__RATINGS]; /* 0 .. 100 */
    int64_t tier_most[HCB__TIERS];       /* providers of a tier in one zone; -1: any number */
    int64_t tier_line[HCB__TIERS];       /* in the policy file */
    int32_t block_start[4];              /* minutes from midnight: morning, lunch, tea, bed */
    int64_t moves_limit;                 /* -1: none; the command line may set it */
    int64_t move_pence;                  /* what the level cost counts for everyone who changes provider */
    int64_t moves_person, moves_days; /* one person changes provider so often in so many days at most; -1: no bound */
    hcb__call_off call_off;
    bool has_payment; /* the file has `payment:`; it changes no plan */
    hcb__payment_rule payment;
} hcb__policy;

/* Reads policy.yaml; every problem collected with its place. *out NULL only when the file cannot be used at all. */
HCB_NODISCARD hcb_status hcb__policy_load(hcb__policy **out, hcb_context *ctx, const char *path, const char *shown);
void hcb__policy_free(hcb__policy *policy);

/* The quality that counts of a provider, 0 .. 100; `score` -1: not given. */
int64_t hcb__policy_quality(const hcb__policy *policy, int32_t score, int32_t rating);
/* The priority that counts after so many days of waiting. */
int32_t hcb__policy_priority(const hcb__policy *policy, int32_t priority, int64_t days);

/* The file in words, for people (check --policy F --explain). */
void hcb__policy_explain(const hcb__policy *policy, hcb__text *out);

#endif
