/* SPDX-License-Identifier: GPL-3.0-or-later */
/* policy.yaml: the sections one after another, every problem with its place. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/policy_file.h"

enum {
    MOST_MOVE_DAYS = 3650,
    MOST_PRIORITY_WEIGHT = 1000000,
    MOST_MOVES = 1000000,
    MOST_MOVE_PENCE = 100000000,
    PRIORITIES = 5
};

void hcb__policy_error(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char *format, ...) {
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    hcb__where where = hcb__yaml_where(doc, node);
    hcb__diag_error(doc->ctx, &where, "%s", message);
}

bool hcb__policy_list(hcb__yaml_doc *doc, const hcb__yaml_node *node, size_t most) {
    if (node->kind == HCB__YAML_SEQUENCE && node->count > 0 && node->count <= most)
        return true;
    if (node->kind != HCB__YAML_SEQUENCE)
        hcb__policy_error(doc, node, "a list was expected");
    else
        hcb__policy_error(doc, node, "the list has %zu items; expected 1 to %zu", node->count, most);
    return false;
}

bool hcb__policy_group(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char *const *keys, size_t n_keys,
                       bool *all_known) {
    if (node->kind != HCB__YAML_MAPPING) {
        hcb__policy_error(doc, node, "a group of keys (key: value) was expected");
        return false;
    }
    bool known = hcb__yaml_known_keys(doc, node, keys, n_keys);
    if (all_known)
        *all_known = known;
    return true;
}

static void read_tiers(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!node || !hcb__policy_list(doc, node, HCB__TIERS))
        return;
    policy->n_tiers = 0;
    for (int32_t t = 0; t < HCB__TIERS; t++)
        policy->tier_rank[t] = -1;
    for (size_t i = 0; i < node->count; i++) {
        int32_t tier;
        if (!hcb__yaml_word(doc, node->items[i], hcb__tier_words, HCB__TIERS, &tier))
            continue;
        if (policy->tier_rank[tier] >= 0) {
            hcb__policy_error(doc, node->items[i], "the tier %s is listed twice", hcb__tier_words[tier]);
            continue;
        }
        policy->tier_rank[tier] = policy->n_tiers;
        policy->tiers[policy->n_tiers++] = tier;
    }
}

static void read_priority_weights(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!node)
        return;
    if (node->kind != HCB__YAML_SEQUENCE || node->count != PRIORITIES) {
        hcb__policy_error(doc, node, "a list of 5 weights was expected, for the priorities 1 to 5");
        return;
    }
    bool good = true;
    for (size_t i = 0; i < PRIORITIES; i++)
        good &= hcb__yaml_int(doc, node->items[i], 1, MOST_PRIORITY_WEIGHT, &policy->priority_weights[i]);
    for (size_t i = 1; good && i < PRIORITIES; i++)
        if (policy->priority_weights[i] > policy->priority_weights[i - 1]) {
            hcb__where where = hcb__yaml_where(doc, node->items[i]);
            hcb__diag_warning(doc->ctx, &where, "priority %zu weighs more than priority %zu, which is the more urgent",
                              i + 1, i);
        }
}

static void read_moves(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const char *const keys[] = {"limit", "price", "per_person", "days"};
    if (!node || !hcb__policy_group(doc, node, keys, 4, NULL))
        return;
    const hcb__yaml_node *days = hcb__yaml_get(node, "days");
    (void)hcb__yaml_int(doc, hcb__yaml_get(node, "per_person"), 0, MOST_MOVES, &policy->moves_person);
    (void)hcb__yaml_int(doc, days, 1, MOST_MOVE_DAYS, &policy->moves_days);
    if (days && !hcb__yaml_get(node, "per_person"))
        hcb__policy_error(doc, days, "days count only together with per_person");
    (void)hcb__yaml_int(doc, hcb__yaml_get(node, "limit"), 0, MOST_MOVES, &policy->moves_limit);
    (void)hcb__yaml_fixed(doc, hcb__yaml_get(node, "price"), 2, 0, MOST_MOVE_PENCE, &policy->move_pence);
}

/* What no aim looks at has no effect; the file would promise what does not happen. */
static void hold_against_levels(const hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *price) {
    for (int32_t l = 0; l < policy->n_levels; l++)
        if (policy->levels[l].kind == HCB__COST)
            return;
    if (policy->move_pence > 0)
        hcb__policy_error(doc, price, "a price of moves counts in the level cost, which is not among the levels");
}

static void read_time_blocks(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const char *const keys[] = {"morning", "lunch", "tea", "bed"};
    if (!node || !hcb__policy_group(doc, node, keys, 4, NULL))
        return;
    bool good = true;
    for (int i = 0; i < 4; i++) {
        const hcb__yaml_node *value = hcb__yaml_get(node, keys[i]);
        const char *text;
        if (!hcb__yaml_string(doc, value, &text))
            continue;
        if (!hcb__parse_time(text, value->len, false, &policy->block_start[i])) {
            hcb__policy_error(doc, value, "\"%s\" is not a time such as \"05:00\"", text);
            good = false;
        }
    }
    for (int i = 1; good && i < 4; i++)
        if (policy->block_start[i] <= policy->block_start[i - 1]) {
            hcb__policy_error(doc, node, "the time block %s must start after %s", keys[i], keys[i - 1]);
            good = false;
        }
}

static hcb_status read_name(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    const char *name;
    if (!hcb__yaml_string(doc, node, &name))
        return HCB_OK;
    policy->name = hcb__arena_strndup(&policy->arena, name, node->len);
    return policy->name ? HCB_OK : hcb__nomem(doc->ctx);
}

static hcb_status read_sections(hcb__policy *policy, hcb__yaml_doc *doc) {
    static const char *const keys[] = {
        "version", "model",      "name",           "tiers",   "levels",      "priority_weights",
        "rules",   "shares",     "quality",        "moves",   "time_blocks", "may_wait_for_gain",
        "payment", "escalation", "tiers_per_zone", "call_off"};
    const hcb__yaml_node *root = doc->root, *model_node = hcb__yaml_get(root, "model");
    int32_t model = HCB__PRIME_SUPPLEMENTARY;
    int64_t version;
    bool all_known;
    if (!hcb__policy_group(doc, root, keys, sizeof keys / sizeof *keys, &all_known)) {
        hcb__policy_set_defaults(policy, model);
        return HCB_OK;
    }
    const hcb__yaml_node *version_node = hcb__yaml_get(root, "version");
    if (version_node && hcb__yaml_int(doc, version_node, 0, INT32_MAX, &version) && version != 1)
        hcb__policy_error(doc, version_node, "version %s is not known to this program; expected 1", version_node->text);
    if (!model_node && all_known)
        hcb__policy_error(doc, root, "the key model is missing; expected %s or %s", hcb__policy_models[0],
                          hcb__policy_models[1]);
    (void)hcb__yaml_word(doc, model_node, hcb__policy_models, HCB__POLICY_MODELS, &model);
    hcb__policy_set_defaults(policy, model);
    hcb_status status = read_name(policy, doc, hcb__yaml_get(root, "name"));
    if (status != HCB_OK)
        return status;
    (void)hcb__yaml_bool(doc, hcb__yaml_get(root, "may_wait_for_gain"), &policy->may_wait_for_gain);
    read_tiers(policy, doc, hcb__yaml_get(root, "tiers"));
    hcb__policy_read_levels(policy, doc, hcb__yaml_get(root, "levels"));
    read_priority_weights(policy, doc, hcb__yaml_get(root, "priority_weights"));
    hcb__policy_read_rules(policy, doc, hcb__yaml_get(root, "rules"));
    status = hcb__policy_read_shares(policy, doc, hcb__yaml_get(root, "shares"));
    hcb__policy_read_quality(policy, doc, hcb__yaml_get(root, "quality"));
    hcb__policy_read_escalation(policy, doc, hcb__yaml_get(root, "escalation"));
    hcb__policy_read_tiers_per_zone(policy, doc, hcb__yaml_get(root, "tiers_per_zone"));
    hcb__policy_hold_shares(policy, doc);
    read_time_blocks(policy, doc, hcb__yaml_get(root, "time_blocks"));
    read_moves(policy, doc, hcb__yaml_get(root, "moves"));
    hold_against_levels(policy, doc, hcb__yaml_get(hcb__yaml_get(root, "moves"), "price"));
    if (status == HCB_OK)
        status = hcb__policy_read_call_off(policy, doc, hcb__yaml_get(root, "call_off"));
    policy->has_payment = hcb__yaml_get(root, "payment") != NULL;
    hcb__payment_read(&policy->payment, doc, hcb__yaml_get(root, "payment"));
    return status;
}

hcb_status hcb__policy_load(hcb__policy **out, hcb_context *ctx, const char *path, const char *shown) {
    *out = NULL;
    hcb__yaml_doc *doc = NULL;
    hcb_status status = hcb__yaml_load(&doc, ctx, path, shown);
    if (status != HCB_OK)
        return status;
    hcb__policy *policy = hcb__policy_new(&ctx->mem);
    status = policy ? read_sections(policy, doc) : hcb__nomem(ctx);
    hcb__yaml_close(doc);
    if (status == HCB_OK)
        *out = policy;
    else
        hcb__policy_free(policy);
    return status;
}
