/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy in words, for the people who answer for it. */
#include "model/policy_file.h"

static void say_tolerance(const hcb__level *level, hcb__text *out) {
    if (level->tolerance_ppm) {
        hcb__text_puts(out, "; later levels may give up ");
        int decimals = 4;
        int64_t value = level->tolerance_ppm;
        for (; decimals > 0 && value % 10 == 0; decimals--)
            value /= 10;
        hcb__text_fixed(out, value, decimals);
        hcb__text_puts(out, "% of it");
    } else if (level->tolerance) {
        static const char *const unit[HCB__LEVELS] = {
            [HCB__WAITING] = " weighted minutes",         [HCB__TIER] = " ranked minutes", [HCB__MOVES] = " people",
            [HCB__QUALITY] = " quality points x minutes", [HCB__TRAVEL] = " seconds",      [HCB__FAIR] = " minutes",
            [HCB__BLEND] = " points x minutes",           [HCB__PREFERENCE] = " minutes"};
        hcb__text_puts(out, "; later levels may give up ");
        if (level->kind == HCB__COST) {
            hcb__text_puts(out, "GBP ");
            hcb__text_fixed(out, level->tolerance, 2);
        } else {
            hcb__text_int(out, level->tolerance);
            hcb__text_puts(out, unit[level->kind]);
        }
        hcb__text_puts(out, " of it");
    }
}

static void say_blend(const hcb__level *level, hcb__text *out) {
    if (level->small_pence >= 0) {
        hcb__text_puts(out, "Packages of up to GBP ");
        hcb__text_fixed(out, level->small_pence, 2);
        hcb__text_printf(out,
                         " a week: quality and price weighted %lld to %lld; above: ", (long long)level->small_quality,
                         (long long)level->small_cost);
    }
    hcb__text_printf(out, "%s and price together, weighted %lld to %lld",
                     level->small_pence >= 0 ? "quality" : "Quality", (long long)level->weight_quality,
                     (long long)level->weight_cost);
}

static void say_level(const hcb__policy *policy, const hcb__level *level, hcb__text *out) {
    switch (level->kind) {
    case HCB__WAITING:
        hcb__text_puts(out, "As little care as possible waits: minutes waiting, weighted ");
        for (int i = 0; i < 5; i++)
            hcb__text_printf(out, "%s%lld", i ? ", " : "", (long long)policy->priority_weights[i]);
        hcb__text_puts(out, " for the priorities 1 to 5");
        break;
    case HCB__TIER:
        hcb__text_puts(out, "Care goes to the highest tier that has room");
        break;
    case HCB__MOVES:
        hcb__text_puts(out, "As few people as possible change their provider");
        break;
    case HCB__QUALITY:
        hcb__text_puts(out, "Care goes to providers with high quality scores");
        break;
    case HCB__COST:
        hcb__text_puts(out, "The week costs as little as possible");
        if (policy->move_pence) {
            hcb__text_puts(out, "; everyone who changes provider counts as GBP ");
            hcb__text_fixed(out, policy->move_pence, 2);
            hcb__text_puts(out, " more");
        }
        break;
    case HCB__TRAVEL:
        hcb__text_puts(out, "Carers travel as little as possible");
        break;
    case HCB__FAIR:
        hcb__text_printf(out, "No provider is far from its fair share of the work, %s",
                         level->equal ? "the same for all" : "in proportion to its capacity");
        break;
    case HCB__PREFERENCE:
        hcb__text_puts(out, "Wishes for the gender and the language of carers that are no condition are met");
        break;
    default:
        say_blend(level, out);
    }
    say_tolerance(level, out);
    hcb__text_puts(out, ".\n");
}

static void say_ratings(uint32_t ratings, hcb__text *out) {
    bool first = true;
    for (int r = 0; r < HCB__RATINGS; r++)
        if (ratings & 1u << r) {
            hcb__text_printf(out, "%s%s", first ? "" : ", ", hcb__rating_words[r]);
            first = false;
        }
}

static void say_short_visit(const hcb__rule *rule, hcb__text *out) {
    static const char *const words[HCB__EXCUSES] = {
        [HCB__EXCUSE_AGREED] = "that was agreed for the person",
        [HCB__EXCUSE_LONGER_VISIT] = "another visit of the person is longer",
        [HCB__EXCUSE_KNOWN] = "the provider serves the person already",
    };
    hcb__text_printf(out, "%d minutes", rule->short_minutes);
    bool first = true;
    for (int e = 0; e < HCB__EXCUSES; e++)
        if (rule->short_excuses & 1u << e) {
            hcb__text_printf(out, "%s%s", first ? ", unless " : ", or ", words[e]);
            first = false;
        }
}

static void say_rule(const hcb__rule *rule, hcb__text *out) {
    static const char *const words[HCB__RULES] = {
        [HCB__RULE_ACTIVE] = "The provider takes work at all (active)",
        [HCB__RULE_ZONE] = "It covers the zone, in a tier of this framework, and has a price there",
        [HCB__RULE_STARTS] = "It can start by the day the care starts",
        [HCB__RULE_RATING] = "Its rating is one of: ",
        [HCB__RULE_CAPABILITY] = "It has every capability the person needs",
        [HCB__RULE_GENDER] = "It has carers of the gender asked for, where that is a condition",
        [HCB__RULE_LANGUAGE] = "It has carers who speak the language asked for, where that is a condition",
        [HCB__RULE_EXCLUDED] = "It is not excluded for the person",
        [HCB__RULE_TRAVEL] = "Travel to one visit is within the provider's own limit",
        [HCB__RULE_SHORT_VISIT] = "No visit is under ",
        [HCB__RULE_DOUBLE_HANDED] = "It offers double-handed care, where two carers come to a visit",
    };
    hcb__text_puts(out, words[rule->kind]);
    if (rule->kind == HCB__RULE_RATING)
        say_ratings(rule->ratings, out);
    if (rule->kind == HCB__RULE_TRAVEL && rule->max_seconds >= 0)
        hcb__text_printf(out, " and at most %lld minutes", (long long)(rule->max_seconds / 60));
    if (rule->kind == HCB__RULE_SHORT_VISIT)
        say_short_visit(rule, out);
    hcb__text_puts(out, ".\n");
}

static void say_share(const hcb__share *share, hcb__text *out) {
    hcb__text_puts(out, "- ");
    if (share->zone_id)
        hcb__text_printf(out, "In zone %s ", share->zone_id);
    else
        hcb__text_puts(out, !share->largest && share->tier == HCB__PRIME ? "In every zone with a prime role "
                                                                         : "In every zone ");
    hcb__text_puts(out, share->largest ? "one provider holds at most " : "at least ");
    hcb__text_fixed(out, share->basis_points % 100 ? share->basis_points : share->basis_points / 100,
                    share->basis_points % 100 ? 2 : 0);
    hcb__text_puts(out, "% of the hours placed");
    if (!share->largest)
        hcb__text_printf(out, " go to the tier %s", hcb__tier_words[share->tier]);
    hcb__text_puts(out, ".\n");
}

static void say_quality(const hcb__policy *policy, hcb__text *out) {
    hcb__text_puts(out, "\n");
    if (policy->weight_rating && policy->weight_score)
        hcb__text_printf(out, "Quality is made of the score and the rating's points, weighted %lld to %lld.\n",
                         (long long)policy->weight_score, (long long)policy->weight_rating);
    if (policy->weight_rating) {
        hcb__text_printf(out,
                         "%s: ", policy->weight_score ? "Points of the ratings" : "Quality is the rating's points");
        for (int r = 0; r < HCB__RATINGS; r++)
            hcb__text_printf(out, "%s%s %lld", r ? ", " : "", hcb__rating_words[r],
                             (long long)policy->rating_points[r]);
        hcb__text_puts(out, ".\n");
    }
    if (policy->weight_score)
        hcb__text_printf(out, "A provider without a quality score counts as %lld of 100.\n",
                         (long long)policy->quality_blank);
}

static void say_escalation(const hcb__policy *policy, hcb__text *out) {
    for (int32_t i = 0; i < policy->n_escalations; i++)
        hcb__text_printf(out, "Who has waited %lld days or more counts as priority %d at least.\n",
                         (long long)policy->escalations[i].after_days, policy->escalations[i].to_priority);
}

static void say_tiers_per_zone(const hcb__policy *policy, hcb__text *out) {
    for (int32_t i = 0; i < policy->n_tiers; i++) {
        int64_t most = policy->tier_most[policy->tiers[i]];
        if (most >= 0)
            hcb__text_printf(out, "A zone has at most %lld active provider%s of the tier %s.\n", (long long)most,
                             most == 1 ? "" : "s", hcb__tier_words[policy->tiers[i]]);
    }
}

void hcb__policy_explain(const hcb__policy *policy, hcb__text *out) {
    hcb__text_printf(out, "%s (model %s)\n\nTiers, the highest first: ", policy->name, policy->model);
    for (int32_t i = 0; i < policy->n_tiers; i++)
        hcb__text_printf(out, "%s%s", i ? ", " : "", hcb__tier_words[policy->tiers[i]]);
    hcb__text_puts(out, ".\n\nWhat is sought, in this order; a later aim never worsens an earlier one beyond what is "
                        "said there:\n");
    for (int32_t i = 0; i < policy->n_levels; i++) {
        hcb__text_printf(out, "%d. ", i + 1);
        say_level(policy, &policy->levels[i], out);
    }
    hcb__text_puts(out, "\nA provider may take a person when, asked in this order:\n");
    for (int32_t i = 0; i < policy->n_rules; i++) {
        hcb__text_printf(out, "%d. ", i + 1);
        say_rule(&policy->rules[i], out);
    }
    if (policy->n_shares)
        hcb__text_puts(out, "\nShares:\n");
    for (int32_t i = 0; i < policy->n_shares; i++)
        say_share(&policy->shares[i], out);
    say_tiers_per_zone(policy, out);
    say_quality(policy, out);
    say_escalation(policy, out);
    hcb__text_printf(out,
                     "The parts of the day start at %02d:%02d (morning), %02d:%02d (lunch), %02d:%02d (tea) and "
                     "%02d:%02d (bed).\n",
                     policy->block_start[0] / 60, policy->block_start[0] % 60, policy->block_start[1] / 60,
                     policy->block_start[1] % 60, policy->block_start[2] / 60, policy->block_start[2] % 60,
                     policy->block_start[3] / 60, policy->block_start[3] % 60);
    if (policy->moves_limit >= 0)
        hcb__text_printf(out, "At most %lld people change their provider when placements may be moved.\n",
                         (long long)policy->moves_limit);
    if (policy->moves_person >= 0)
        hcb__text_printf(out, "Nobody changes provider more than %lld time%s in %lld days.\n",
                         (long long)policy->moves_person, policy->moves_person == 1 ? "" : "s",
                         (long long)policy->moves_days);
    hcb__text_puts(out, policy->may_wait_for_gain
                            ? "People may wait a little for a gain elsewhere, as far as the first aim says.\n"
                            : "Nobody waits for a gain elsewhere.\n");
    if (policy->call_off.given)
        hcb__policy_call_off_words(&policy->call_off, out);
    if (policy->has_payment) {
        hcb__text_puts(out, "Paid are ");
        hcb__payment_words(&policy->payment, out);
        hcb__text_puts(out, ".\n");
    }
}
