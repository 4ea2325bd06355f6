/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verifier's reading of a policy. Spelling mistakes are the business of `check`; what cannot be understood is an
 * error here as well. */
#include <string.h>

#include "allocation/verify_data.h"

static const int64_t most_weight = 1000000, most_ppm = 100000000;

static bool ends_with(const char *text, size_t *len, const char *tail) {
    size_t n = strlen(tail);
    if (*len < n || memcmp(text + *len - n, tail, n) != 0)
        return false;
    *len -= n;
    while (*len && text[*len - 1] == ' ')
        --*len;
    return true;
}

/* 0, "0.5%", "60 min", "90 s", "5.00 GBP" or a whole number in the level's own unit. */
static bool parse_tolerance(const char *text, hcb__vf_level *level) {
    size_t len = strlen(text);
    if (ends_with(text, &len, "%"))
        return hcb__parse_fixed(text, len, 4, &level->ppm);
    if (ends_with(text, &len, "GBP"))
        return level->name == HCB__VF_COST && hcb__parse_fixed(text, len, 2, &level->tolerance);
    if (ends_with(text, &len, "min")) {
        if (!hcb__parse_int(text, len, &level->tolerance))
            return false;
        if (level->name == HCB__VF_TRAVEL_LEVEL)
            level->tolerance *= 60;
        return true;
    }
    if (ends_with(text, &len, "s"))
        return level->name == HCB__VF_TRAVEL_LEVEL && hcb__parse_int(text, len, &level->tolerance);
    return hcb__parse_int(text, len, &level->tolerance);
}

static void read_levels(hcb__vf *vf, hcb__yaml_doc *doc, const hcb__yaml_node *node, bool open_framework) {
    static const int32_t prime[] = {HCB__VF_WAITING, HCB__VF_TIER, HCB__VF_QUALITY, HCB__VF_COST, HCB__VF_TRAVEL_LEVEL};
    static const int32_t framework[] = {HCB__VF_WAITING, HCB__VF_BLEND, HCB__VF_TRAVEL_LEVEL};
    hcb__vf_policy *policy = &vf->policy;
    if (!node) {
        policy->n_levels = open_framework ? 3 : 5;
        for (int32_t i = 0; i < policy->n_levels; i++)
            policy->levels[i] = (hcb__vf_level){
                .name = open_framework ? framework[i] : prime[i], .weight_quality = 60, .weight_cost = 40, .up_to = -1};
        return;
    }
    for (size_t i = 0; i < node->count && policy->n_levels < HCB__VF_LEVELS; i++) {
        const hcb__yaml_node *weights = hcb__yaml_get(node->items[i], "weights");
        const char *tolerance = NULL;
        const hcb__yaml_node *up_to = hcb__yaml_get(node->items[i], "up_to"), *parts = hcb__yaml_get(up_to, "weights");
        const char *target = NULL;
        hcb__vf_level level = {.weight_quality = 60, .weight_cost = 40, .up_to = HCB__VF_NONE};
        hcb__where where = hcb__yaml_where(doc, node->items[i]);
        if (!hcb__yaml_word(doc, hcb__yaml_get(node->items[i], "name"), hcb__vf_levels, HCB__VF_LEVELS, &level.name))
            hcb__diag_error(vf->ctx, &where, "the level has no name that is known");
        (void)hcb__yaml_int(doc, hcb__yaml_get(weights, "quality"), 0, most_weight, &level.weight_quality);
        (void)hcb__yaml_int(doc, hcb__yaml_get(weights, "cost"), 0, most_weight, &level.weight_cost);
        (void)hcb__yaml_fixed(doc, hcb__yaml_get(up_to, "weekly_cost"), 2, 0, 1000000000, &level.up_to);
        (void)hcb__yaml_int(doc, hcb__yaml_get(parts, "quality"), 0, most_weight, &level.up_to_quality);
        (void)hcb__yaml_int(doc, hcb__yaml_get(parts, "cost"), 0, most_weight, &level.up_to_cost);
        if (hcb__yaml_string(doc, hcb__yaml_get(node->items[i], "target"), &target))
            level.equal = strcmp(target, "equal") == 0;
        if (hcb__yaml_string(doc, hcb__yaml_get(node->items[i], "tolerance"), &tolerance) &&
            (!parse_tolerance(tolerance, &level) || level.tolerance < 0 || level.ppm < 0 || level.ppm > most_ppm))
            hcb__diag_error(vf->ctx, &where, "\"%s\" is not a tolerance of the level %s", tolerance,
                            hcb__vf_levels[level.name]);
        policy->levels[policy->n_levels++] = level;
    }
}

static void read_rules(hcb__vf *vf, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    hcb__vf_policy *policy = &vf->policy;
    hcb__vf_rule plain = {
        .allowed = {true, true, true, false, true}, .max_seconds = HCB__VF_NONE, .minutes = 30, .unless = {true}};
    size_t n = node ? node->count : HCB__VF_DOUBLE_HANDED;
    for (size_t i = 0; i < n && policy->n_rules < HCB__VF_RULES; i++) {
        hcb__vf_rule rule = plain;
        rule.name = (int32_t)i;
        if (node) {
            const hcb__yaml_node *allowed = hcb__yaml_get(node->items[i], "allowed");
            hcb__where where = hcb__yaml_where(doc, node->items[i]);
            int64_t thousandths;
            if (!hcb__yaml_word(doc, hcb__yaml_get(node->items[i], "rule"), hcb__vf_rules, HCB__VF_RULES, &rule.name))
                hcb__diag_error(vf->ctx, &where, "the rule has no name that is known");
            if (allowed)
                memset(rule.allowed, 0, sizeof rule.allowed);
            for (size_t a = 0; allowed && a < allowed->count && allowed->kind == HCB__YAML_SEQUENCE; a++) {
                int32_t rating;
                if (hcb__yaml_word(doc, allowed->items[a], hcb__vf_ratings, HCB__VF_RATINGS, &rating))
                    rule.allowed[rating] = true;
            }
            if (hcb__yaml_fixed(doc, hcb__yaml_get(node->items[i], "max_minutes"), 3, 0, 1000000000, &thousandths))
                rule.max_seconds = thousandths * 60 / 1000;
            (void)hcb__yaml_int(doc, hcb__yaml_get(node->items[i], "minutes"), 0, 1440, &rule.minutes);
            const hcb__yaml_node *unless = hcb__yaml_get(node->items[i], "unless");
            if (unless)
                memset(rule.unless, 0, sizeof rule.unless);
            for (size_t u = 0; unless && u < unless->count && unless->kind == HCB__YAML_SEQUENCE; u++) {
                int32_t excuse;
                if (hcb__yaml_word(doc, unless->items[u], hcb__vf_excuses, HCB__VF_EXCUSES, &excuse))
                    rule.unless[excuse] = true;
            }
        }
        policy->rules[policy->n_rules++] = rule;
    }
}

/* "40%" as hundredths of a percent. */
static bool read_share(hcb__yaml_doc *doc, const hcb__yaml_node *node, int64_t *bp) {
    const char *text;
    if (!hcb__yaml_string(doc, node, &text))
        return false;
    size_t len = strlen(text);
    return ends_with(text, &len, "%") && hcb__parse_fixed(text, len, 2, bp) && *bp >= 0 && *bp <= 10000;
}

static void read_shares(hcb__vf *vf, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    for (size_t i = 0; node && i < node->count; i++) {
        const hcb__yaml_node *item = node->items[i], *zone = hcb__yaml_get(item, "zone");
        hcb__vf_share share = {
            .largest = hcb__yaml_get(item, "largest") != NULL, .tier = HCB__VF_NONE, .zone = HCB__VF_NONE};
        hcb__where where = hcb__yaml_where(doc, item);
        const char *id = NULL;
        bool ok = read_share(doc, hcb__yaml_get(item, share.largest ? "largest" : "smallest"), &share.bp);
        if (!share.largest)
            ok &= hcb__yaml_word(doc, hcb__yaml_get(item, "tier"), hcb__vf_tiers, HCB__VF_TIERS, &share.tier);
        if (hcb__yaml_string(doc, zone, &id))
            share.zone = hcb__idmap_get(&vf->zone_ids, id, strlen(id));
        if (!ok || (zone && share.zone < 0))
            hcb__diag_error(vf->ctx, &where, "the share cannot be read");
        else
            vf->nomem |= !HCB__PUSH(&vf->ctx->mem, &vf->policy.shares, share);
    }
}

/* What quality is made of, after `blank` is known. */
static void read_quality(hcb__vf_policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const int64_t usual[] = {100, 75, 40, 0};
    const hcb__yaml_node *weights = hcb__yaml_get(node, "weights"), *points = hcb__yaml_get(node, "points");
    const char *from = "score";
    (void)hcb__yaml_string(doc, hcb__yaml_get(node, "from"), &from);
    policy->score_weight = strcmp(from, "rating") == 0 ? 0 : 1;
    policy->rating_weight = strcmp(from, "score") == 0 ? 0 : 1;
    (void)hcb__yaml_int(doc, hcb__yaml_get(weights, "score"), 0, most_weight, &policy->score_weight);
    (void)hcb__yaml_int(doc, hcb__yaml_get(weights, "rating"), 0, most_weight, &policy->rating_weight);
    for (int32_t r = 0; r < HCB__VF_RATINGS; r++) {
        policy->points[r] = r == HCB__VF_NOT_RATED ? policy->quality_blank : usual[r];
        (void)hcb__yaml_int(doc, hcb__yaml_get(points, hcb__vf_ratings[r]), 0, 100, &policy->points[r]);
    }
}

static void read_steps(hcb__vf_policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    for (size_t i = 0; node && i < node->count && policy->n_steps < HCB__VF_STEPS; i++) {
        int32_t n = policy->n_steps;
        if (hcb__yaml_int(doc, hcb__yaml_get(node->items[i], "after_days"), 1, 1000000, &policy->after_days[n]) &&
            hcb__yaml_int(doc, hcb__yaml_get(node->items[i], "to_priority"), 1, 5, &policy->to_priority[n]))
            policy->n_steps++;
    }
}

bool hcb__vf_read_policy(hcb__vf *vf, const char *path, const char *shown) {
    static const char *const models[] = {"prime_supplementary", "open_framework"};
    hcb__yaml_doc *doc;
    if (hcb__yaml_load(&doc, vf->ctx, path, shown) != HCB_OK)
        return false;
    const hcb__yaml_node *root = doc->root, *node;
    hcb__vf_policy *policy = &vf->policy;
    int32_t model = 0;
    (void)hcb__yaml_word(doc, hcb__yaml_get(root, "model"), models, 2, &model);
    policy->model = models[model];
    node = hcb__yaml_get(root, "tiers");
    for (size_t i = 0; i < (node ? node->count : HCB__VF_TIERS) && i < HCB__VF_TIERS; i++) {
        int32_t tier = (int32_t)i;
        if (!node || hcb__yaml_word(doc, node->items[i], hcb__vf_tiers, HCB__VF_TIERS, &tier))
            policy->tiers[policy->n_tiers++] = tier;
    }
    read_levels(vf, doc, hcb__yaml_get(root, "levels"), model == 1);
    read_rules(vf, doc, hcb__yaml_get(root, "rules"));
    read_shares(vf, doc, hcb__yaml_get(root, "shares"));
    node = hcb__yaml_get(root, "priority_weights");
    for (size_t i = 0; i < 5; i++) {
        policy->weights[i] = 5 - (int64_t)i;
        if (node && i < node->count)
            (void)hcb__yaml_int(doc, node->items[i], 0, most_weight, &policy->weights[i]);
    }
    policy->quality_blank = 50;
    policy->moves_limit = HCB__VF_NONE;
    (void)hcb__yaml_int(doc, hcb__yaml_get(hcb__yaml_get(root, "quality"), "blank"), 0, 100, &policy->quality_blank);
    (void)hcb__yaml_int(doc, hcb__yaml_get(hcb__yaml_get(root, "moves"), "limit"), 0, 1000000000, &policy->moves_limit);
    (void)hcb__yaml_fixed(doc, hcb__yaml_get(hcb__yaml_get(root, "moves"), "price"), 2, 0, 1000000000,
                          &policy->move_price);
    read_quality(policy, doc, hcb__yaml_get(root, "quality"));
    read_steps(policy, doc, hcb__yaml_get(root, "escalation"));
    static const int32_t starts[HCB__VF_BLOCKS] = {300, 660, 900, 1140};
    for (int b = 0; b < HCB__VF_BLOCKS; b++) {
        const char *text;
        policy->blocks[b] = starts[b];
        if (hcb__yaml_string(doc, hcb__yaml_get(hcb__yaml_get(root, "time_blocks"), hcb__vf_blocks[b]), &text))
            (void)hcb__parse_time(text, strlen(text), false, &policy->blocks[b]);
    }
    hcb__yaml_close(doc);
    return !vf->nomem;
}
