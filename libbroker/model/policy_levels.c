/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `levels:` of a policy, with tolerances in people's units. */
#include <string.h>

#include "model/policy_file.h"

/* Beyond any sum of a county; keeps v + tolerance inside 64 bits. */
#define MOST_TOLERANCE INT64_C(1000000000000000)

enum { MOST_SMALL_PENCE = 100000000 };

typedef struct unit {
    const char *word;
    int32_t level;
    int decimals;   /* of the number before the word */
    int64_t factor; /* number x 10^decimals to the level's own unit */
} unit;

static const unit units[] = {
    {"min", HCB__WAITING, 0, 1}, {"min", HCB__TIER, 0, 1}, {"min", HCB__FAIR, 0, 1}, {"min", HCB__PREFERENCE, 0, 1},
    {"min", HCB__TRAVEL, 0, 60}, {"s", HCB__TRAVEL, 0, 1}, {"GBP", HCB__COST, 2, 1},
};
enum { UNITS = sizeof units / sizeof *units };

static const char *expected(int32_t kind) {
    switch (kind) {
    case HCB__WAITING:
    case HCB__TIER:
    case HCB__FAIR:
    case HCB__PREFERENCE:
        return "0, \"0.5%\", \"60 min\" or a whole number";
    case HCB__TRAVEL:
        return "0, \"0.5%\", \"90 s\", \"60 min\" or a whole number of seconds";
    case HCB__COST:
        return "0, \"0.5%\", \"5.00 GBP\" or a whole number of pence";
    default:
        return "0, \"0.5%\" or a whole number";
    }
}

static bool percentage(const char *s, size_t len, hcb__level *level) {
    int64_t ppm; /* a millionth is a ten-thousandth of a per cent */
    if (!hcb__parse_fixed(s, len, 4, &ppm) || ppm < 0 || ppm > 1000000)
        return false;
    level->tolerance_ppm = ppm;
    return true;
}

static bool amount(const char *s, size_t len, hcb__level *level) {
    const char *space = memchr(s, ' ', len);
    size_t digits = space ? (size_t)(space - s) : len;
    int decimals = 0;
    int64_t factor = 1, value;
    if (space) {
        const unit *u = units;
        size_t word = len - digits - 1;
        while (u < units + UNITS &&
               (u->level != level->kind || strlen(u->word) != word || memcmp(u->word, space + 1, word) != 0))
            u++;
        if (u == units + UNITS)
            return false;
        decimals = u->decimals;
        factor = u->factor;
    }
    if (!hcb__parse_fixed(s, digits, decimals, &value) || value < 0 || value > MOST_TOLERANCE / factor)
        return false;
    level->tolerance = value * factor;
    return true;
}

static void read_tolerance(hcb__level *level, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!node)
        return;
    size_t n = node->len;
    if (node->kind == HCB__YAML_SCALAR && n > 0 &&
        (node->text[n - 1] == '%' ? percentage(node->text, n - 1, level) : amount(node->text, n, level)))
        return;
    hcb__policy_error(doc, node, "\"%s\" is not a tolerance of the level %s; expected %s", node->text,
                      hcb__level_words[level->kind], expected(level->kind));
}

/* `key` belongs to one level; an error where it stands elsewhere. Whether it is to be read. */
static bool belongs(const hcb__level *level, int32_t kind, hcb__yaml_doc *doc, const hcb__yaml_node *node,
                    const char *key) {
    if (node && level->kind != kind)
        hcb__policy_error(doc, node, "%s belongs to the level %s, not to %s", key, hcb__level_words[kind],
                          hcb__level_words[level->kind]);
    return node && level->kind == kind;
}

static const char *const parts[2] = {"quality", "cost"};

/* Packages of up to so much a week are judged by weights of their own. */
static void read_up_to(hcb__level *level, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const char *const keys[] = {"weekly_cost", "weights"};
    bool all_known;
    if (!hcb__policy_group(doc, node, keys, 2, &all_known))
        return;
    const hcb__yaml_node *cost = hcb__yaml_get(node, keys[0]), *weights = hcb__yaml_get(node, keys[1]);
    if (all_known && (!cost || !weights))
        hcb__policy_error(doc, node, "%s is missing; expected {weekly_cost: 500.00, weights: {quality: 0, cost: 100}}",
                          cost ? keys[1] : keys[0]);
    if (!cost || !weights)
        return;
    (void)hcb__yaml_fixed(doc, cost, 2, 0, MOST_SMALL_PENCE, &level->small_pence);
    hcb__policy_read_weights(doc, weights, parts, &level->small_quality, &level->small_cost);
}

static void read_extras(hcb__level *level, hcb__yaml_doc *doc, const hcb__yaml_node *item) {
    static const char *const targets[] = {"capacity", "equal"};
    const hcb__yaml_node *weights = hcb__yaml_get(item, "weights"), *up_to = hcb__yaml_get(item, "up_to"),
                         *target = hcb__yaml_get(item, "target");
    level->small_pence = -1;
    if (level->kind == HCB__BLEND) {
        level->weight_quality = HCB__BLEND_QUALITY;
        level->weight_cost = HCB__BLEND_COST;
    }
    if (belongs(level, HCB__BLEND, doc, weights, "weights"))
        hcb__policy_read_weights(doc, weights, parts, &level->weight_quality, &level->weight_cost);
    if (belongs(level, HCB__BLEND, doc, up_to, "up_to"))
        read_up_to(level, doc, up_to);
    int32_t word = 0;
    if (belongs(level, HCB__FAIR, doc, target, "target") && hcb__yaml_word(doc, target, targets, 2, &word))
        level->equal = word == 1;
}

static bool read_level(hcb__level *level, hcb__yaml_doc *doc, const hcb__yaml_node *item) {
    static const char *const keys[] = {"name", "tolerance", "weights", "up_to", "target"};
    bool all_known;
    if (!hcb__policy_group(doc, item, keys, 5, &all_known))
        return false;
    const hcb__yaml_node *name = hcb__yaml_get(item, "name");
    *level = (hcb__level){0};
    if (!name && all_known)
        hcb__policy_error(doc, item, "the name of the level is missing");
    if (!hcb__yaml_word(doc, name, hcb__level_words, HCB__LEVELS, &level->kind))
        return false;
    read_tolerance(level, doc, hcb__yaml_get(item, "tolerance"));
    read_extras(level, doc, item);
    return true;
}

static bool repeated(const hcb__policy *policy, int32_t kind) {
    for (int32_t i = 0; i < policy->n_levels; i++)
        if (policy->levels[i].kind == kind)
            return true;
    return false;
}

void hcb__policy_read_levels(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!node || !hcb__policy_list(doc, node, HCB__MAX_LEVELS))
        return;
    policy->n_levels = 0;
    bool readable = true;
    for (size_t i = 0; i < node->count; i++) {
        hcb__level level;
        if (!read_level(&level, doc, node->items[i])) {
            readable = false;
            continue;
        }
        const hcb__yaml_node *tolerance = hcb__yaml_get(node->items[i], "tolerance");
        if (repeated(policy, level.kind))
            hcb__policy_error(doc, node->items[i], "the level %s is listed twice", hcb__level_words[level.kind]);
        else
            policy->levels[policy->n_levels++] = level;
        if (level.kind == HCB__WAITING && i > 0)
            hcb__policy_error(doc, node->items[i], "the level waiting must be the first");
        if (level.kind == HCB__WAITING && (level.tolerance || level.tolerance_ppm) && !policy->may_wait_for_gain)
            hcb__policy_error(doc, tolerance,
                              "the level waiting may have a tolerance only with may_wait_for_gain: true, because "
                              "people would wait for a gain elsewhere");
    }
    if (readable && !repeated(policy, HCB__WAITING))
        hcb__policy_error(doc, node, "the level waiting is missing; it must be the first");
}
