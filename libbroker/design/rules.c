/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/rules.h"

#include <string.h>

#include "base/text.h"
#include "design/places.h"
#include "io/file.h"
#include "model/policy_file.h"

const char *const hcb__map_rule_words[HCB__MAP_RULES] = {
    "connected", "hours", "people", "mix", "together", "fixed", "frozen", "barrier", "moved", "viable", "zones"};
const char *const hcb__map_level_words[HCB__MAP_LEVELS] = {"moved_hours", "moved_packages", "moved_people", "travel",
                                                           "price",       "inertia",        "cut_edges",    "perimeter",
                                                           "balance",     "splits",         "worst_travel", "snap"};
const char *const hcb__map_level_units[HCB__MAP_LEVELS] = {"minutes a week",
                                                           "packages",
                                                           "tenths of people aged 65 and over",
                                                           "seconds a week",
                                                           "pence a week",
                                                           "minutes x 100 m^2",
                                                           "pairs of neighbours",
                                                           "metres",
                                                           "minutes a week",
                                                           "places beyond the first zone",
                                                           "thousandths of a second a visit",
                                                           "metres of border inside places"};

enum { MOST_RULES = 1000, MOST_AREAS = 100000, MOST_HOURS = 10000000, MOST_PARTS = 1000, MOST_PROVIDERS = 8 };
/* Without a file: a map that commissioners could sign, not one that is best on paper alone. */
enum { DEFAULT_MOVED = 1000, DEFAULT_SWING = 15 };
enum { MOST_ZONES = 500 };
enum { WHOLE_PERCENT = 10000, MOST_PHASES = 60, DEFAULT_PHASES = 4 };

typedef struct reader {
    hcb__map_rules *rules;
    const hcb__model *model;
    hcb__yaml_doc *doc;
    hcb_context *ctx;
    const char *path;
    hcb_status status; /* of the file to snap to */
} reader;

static bool add(hcb__map_rules *r, const hcb__map_rule *rule, const hcb__text *words) {
    hcb__map_rule kept = *rule;
    kept.text = words->failed || !words->at ? NULL : hcb__arena_strndup(&r->arena, words->at, words->count);
    return kept.text && HCB__PUSH(&r->mem, &r->rules, kept);
}

static void put_amount(hcb__text *t, const hcb__map_rule *rule, int64_t value) {
    if (rule->kind == HCB__RULE_HOURS || (rule->kind == HCB__RULE_MOVED && !rule->percent)) {
        hcb__text_fixed(t, (value + 3) / 6, 1);
    } else if (rule->kind == HCB__RULE_PEOPLE) {
        hcb__text_fixed(t, value, 1);
    } else if (rule->kind == HCB__RULE_MOVED) {
        hcb__text_fixed(t, value, 2);
        hcb__text_putc(t, '%');
    } else {
        hcb__text_int(t, value);
    }
}

static void put_words(hcb__text *t, const reader *r, const hcb__map_rule *rule) {
    const hcb__zone_set *set = r->model->zones;
    hcb__text_puts(t, hcb__map_rule_words[rule->kind]);
    if (rule->zone >= 0)
        hcb__text_printf(t, " of zone %s", set->zones[rule->zone].id);
    if (rule->zone_class >= 0 && rule->kind != HCB__RULE_ZONES)
        hcb__text_printf(t, " of class %s", hcb__zone_class_words[rule->zone_class]);
    for (int32_t i = 0; i < rule->n_areas && i < 4; i++)
        hcb__text_printf(t, "%s %s", i ? "," : ":", set->areas[rule->areas[i]].id);
    if (rule->n_areas > 4)
        hcb__text_printf(t, " and %d more", rule->n_areas - 4);
    const char *unit = rule->kind == HCB__RULE_MIX ? "% rural" : rule->kind == HCB__RULE_HOURS ? " hours a week" : "";
    if (rule->low >= 0) {
        hcb__text_puts(t, ", at least ");
        put_amount(t, rule, rule->low);
        hcb__text_puts(t, unit);
    }
    if (rule->high >= 0 && rule->kind != HCB__RULE_FROZEN) {
        hcb__text_puts(t, ", at most ");
        put_amount(t, rule, rule->high);
        hcb__text_puts(t, rule->kind == HCB__RULE_CONNECTED ? rule->high == 1 ? " part" : " parts" : unit);
    }
    if (rule->kind == HCB__RULE_ZONES)
        hcb__text_printf(t, ", new ones of class %s", hcb__zone_class_words[rule->zone_class]);
}

static bool keep(reader *r, const hcb__map_rule *rule) {
    hcb__text words;
    hcb__text_init(&words, &r->rules->mem);
    put_words(&words, r, rule);
    bool ok = add(r->rules, rule, &words);
    hcb__text_free(&words);
    return ok;
}

static bool find(reader *r, const hcb__yaml_node *node, const hcb__idmap *ids, const char *what, int32_t *out) {
    const char *id;
    if (!hcb__yaml_string(r->doc, node, &id))
        return false;
    *out = hcb__idmap_get(ids, id, strlen(id));
    if (*out < 0)
        hcb__policy_error(r->doc, node, "there is no %s \"%.80s\" in the workspace", what, id);
    return *out >= 0;
}

static bool read_areas(reader *r, const hcb__yaml_node *node, size_t least, hcb__map_rule *rule) {
    if (!node || !hcb__policy_list(r->doc, node, MOST_AREAS))
        return false;
    if (node->count < least) {
        hcb__policy_error(r->doc, node, "the list has %zu items; expected at least %zu", node->count, least);
        return false;
    }
    int32_t *areas = hcb__arena_alloc(&r->rules->arena, node->count, sizeof *areas);
    bool good = areas != NULL;
    for (size_t i = 0; areas && i < node->count; i++)
        good &= find(r, node->items[i], &r->model->zones->area_of_id, "area", &areas[i]);
    rule->areas = areas;
    rule->n_areas = good ? (int32_t)node->count : 0;
    return good;
}

/* "10%" in hundredths of a percent, or hours as minutes. */
static bool read_share(reader *r, const hcb__yaml_node *node, int64_t *out, bool *percent) {
    const char *text;
    if (!node || !hcb__yaml_string(r->doc, node, &text))
        return false;
    size_t len = strlen(text);
    *percent = len > 1 && text[len - 1] == '%';
    if (*percent ? hcb__parse_fixed(text, len - 1, 2, out) && *out >= 0 && *out <= WHOLE_PERCENT
                 : hcb__parse_hours(text, len, out))
        return true;
    hcb__policy_error(r->doc, node, "\"%.40s\" is neither hours (120.5) nor a percentage (10%%)", text);
    return false;
}

static bool read_hours(reader *r, const hcb__yaml_node *node, int64_t *out) {
    const char *text;
    if (!node)
        return true;
    if (!hcb__yaml_string(r->doc, node, &text))
        return false;
    if (hcb__parse_hours(text, strlen(text), out) && *out <= (int64_t)MOST_HOURS * 60)
        return true;
    hcb__policy_error(r->doc, node, "\"%.40s\" are no hours (120, 120.5 or 120:30, up to %d)", text, MOST_HOURS);
    return false;
}

static bool read_bounds(reader *r, const hcb__yaml_node *node, hcb__map_rule *rule) {
    const hcb__yaml_node *low = hcb__yaml_get(node, "min"), *high = hcb__yaml_get(node, "max");
    bool good;
    if (!low && !high) {
        hcb__policy_error(r->doc, node, "min, max or both were expected");
        return false;
    }
    if (rule->kind == HCB__RULE_HOURS) {
        good = read_hours(r, low, &rule->low);
        good &= read_hours(r, high, &rule->high);
    } else {
        bool mix = rule->kind == HCB__RULE_MIX;
        int decimals = mix ? 0 : 1;
        int64_t most = mix ? 100 : 1000000000;
        good = !low || hcb__yaml_fixed(r->doc, low, decimals, 0, most, &rule->low);
        good &= !high || hcb__yaml_fixed(r->doc, high, decimals, 0, most, &rule->high);
    }
    if (good && rule->low >= 0 && rule->high >= 0 && rule->low > rule->high) {
        hcb__policy_error(r->doc, high, "max is below min");
        good = false;
    }
    return good;
}

/* The keys that each kind takes. */
static const char *const keys_of[HCB__MAP_RULES][6] = {{"rule", "zone", "class", "parts"},
                                                       {"rule", "zone", "class", "min", "max"},
                                                       {"rule", "zone", "class", "min", "max"},
                                                       {"rule", "zone", "class", "min", "max"},
                                                       {"rule", "areas"},
                                                       {"rule", "areas", "zone"},
                                                       {"rule", "zone"},
                                                       {"rule", "between"},
                                                       {"rule", "hours"},
                                                       {"rule", "providers"},
                                                       {"rule", "min", "max", "class"}};

/* How many zones there may be; without a minimum or a maximum today's number. */
static bool read_number(reader *r, const hcb__yaml_node *node, hcb__map_rule *rule) {
    const hcb__yaml_node *low = hcb__yaml_get(node, "min"), *high = hcb__yaml_get(node, "max");
    int64_t most = r->model->zones->n_areas < MOST_ZONES ? r->model->zones->n_areas : MOST_ZONES;
    bool good = true;
    if (!low && !high) {
        hcb__policy_error(r->doc, node, "min, max or both were expected");
        return false;
    }
    for (size_t i = 0; i < r->rules->rules.count; i++)
        if (r->rules->rules.at[i].kind == HCB__RULE_ZONES) {
            hcb__policy_error(r->doc, node, "the number of zones is given twice");
            return false;
        }
    rule->low = rule->high = r->model->zones->n_zones;
    good = !low || hcb__yaml_int(r->doc, low, 1, most, &rule->low);
    good &= !high || hcb__yaml_int(r->doc, high, 1, most, &rule->high);
    if (good && rule->low > rule->high) {
        hcb__policy_error(r->doc, high ? high : low, "at most %lld zones is below at least %lld", (long long)rule->high,
                          (long long)rule->low);
        good = false;
    }
    if (rule->zone_class < 0)
        rule->zone_class = HCB__MEDIUM;
    return good;
}

static bool read_kind(reader *r, const hcb__yaml_node *node, hcb__map_rule *rule) {
    const hcb__yaml_node *zone = hcb__yaml_get(node, "zone");
    switch (rule->kind) {
    case HCB__RULE_HOURS:
    case HCB__RULE_PEOPLE:
    case HCB__RULE_MIX:
        return read_bounds(r, node, rule);
    case HCB__RULE_CONNECTED:
        rule->high = 1;
        return !hcb__yaml_get(node, "parts") ||
               hcb__yaml_int(r->doc, hcb__yaml_get(node, "parts"), 1, MOST_PARTS, &rule->high);
    case HCB__RULE_TOGETHER:
        if (hcb__yaml_get(node, "areas"))
            return read_areas(r, hcb__yaml_get(node, "areas"), 2, rule);
        break;
    case HCB__RULE_BARRIER:
        if (hcb__yaml_get(node, "between"))
            return read_areas(r, hcb__yaml_get(node, "between"), 2, rule);
        break;
    case HCB__RULE_FIXED:
        if (zone && hcb__yaml_get(node, "areas"))
            return read_areas(r, hcb__yaml_get(node, "areas"), 1, rule);
        break;
    case HCB__RULE_FROZEN:
        if (zone)
            return true;
        break;
    case HCB__RULE_ZONES:
        return read_number(r, node, rule);
    case HCB__RULE_MOVED:
        if (hcb__yaml_get(node, "hours"))
            return read_share(r, hcb__yaml_get(node, "hours"), &rule->high, &rule->percent);
        break;
    default:
        rule->low = 2;
        return !hcb__yaml_get(node, "providers") ||
               hcb__yaml_int(r->doc, hcb__yaml_get(node, "providers"), 1, MOST_PROVIDERS, &rule->low);
    }
    hcb__policy_error(r->doc, node, "the rule %s lacks what it is about (docs/zone-design.md)",
                      hcb__map_rule_words[rule->kind]);
    return false;
}

static bool read_rule(reader *r, const hcb__yaml_node *node) {
    hcb__map_rule rule = {.zone = -1, .zone_class = -1, .low = -1, .high = -1, .line = node->line};
    static const char *const all_keys[] = {"rule",  "zone",    "class", "min",       "max",
                                           "areas", "between", "hours", "providers", "parts"};
    if (!hcb__policy_group(r->doc, node, all_keys, sizeof all_keys / sizeof *all_keys, NULL))
        return true;
    if (!hcb__yaml_get(node, "rule")) {
        hcb__policy_error(r->doc, node, "rule: was expected, with the kind of the rule");
        return true;
    }
    if (!hcb__yaml_word(r->doc, hcb__yaml_get(node, "rule"), hcb__map_rule_words, HCB__MAP_RULES, &rule.kind))
        return true;
    size_t n_keys = 0;
    while (n_keys < 6 && keys_of[rule.kind][n_keys])
        n_keys++;
    bool good = hcb__yaml_known_keys(r->doc, node, keys_of[rule.kind], n_keys);
    if (hcb__yaml_get(node, "zone"))
        good &= find(r, hcb__yaml_get(node, "zone"), &r->model->zones->zone_of_id, "zone", &rule.zone);
    if (hcb__yaml_get(node, "class"))
        good &= hcb__yaml_word(r->doc, hcb__yaml_get(node, "class"), hcb__zone_class_words, HCB__ZONE_CLASSES,
                               &rule.zone_class);
    good &= read_kind(r, node, &rule);
    if (!good)
        return true; /* the problem is collected */
    if (rule.kind != HCB__RULE_BARRIER)
        return keep(r, &rule);
    /* Pairs. */
    if (rule.n_areas != 2) {
        hcb__policy_error(r->doc, hcb__yaml_get(node, "between"), "two areas were expected");
        return true;
    }
    return keep(r, &rule);
}

static void read_levels(reader *r, const hcb__yaml_node *node) {
    if (!node || !hcb__policy_list(r->doc, node, HCB__MAP_LEVELS))
        return;
    r->rules->n_aims = 0;
    for (size_t i = 0; i < node->count; i++) {
        static const char *const keys[] = {"name", "tolerance"};
        hcb__map_aim aim = {0};
        if (!hcb__policy_group(r->doc, node->items[i], keys, 2, NULL))
            continue;
        if (!hcb__yaml_get(node->items[i], "name")) {
            hcb__policy_error(r->doc, node->items[i], "name: was expected");
            continue;
        }
        if (!hcb__yaml_word(r->doc, hcb__yaml_get(node->items[i], "name"), hcb__map_level_words, HCB__MAP_LEVELS,
                            &aim.level))
            continue;
        const hcb__yaml_node *tolerance = hcb__yaml_get(node->items[i], "tolerance");
        const char *text;
        if (tolerance && hcb__yaml_string(r->doc, tolerance, &text)) {
            size_t len = strlen(text);
            aim.percent = len > 1 && text[len - 1] == '%';
            if (!(aim.percent ? hcb__parse_fixed(text, len - 1, 2, &aim.tolerance)
                              : hcb__parse_int(text, len, &aim.tolerance)) ||
                aim.tolerance < 0 || aim.tolerance > INT64_MAX / 1000000)
                hcb__policy_error(r->doc, tolerance, "\"%.40s\" is neither a whole number nor a percentage (0.5%%)",
                                  text);
        }
        for (int32_t a = 0; a < r->rules->n_aims; a++)
            if (r->rules->aims[a].level == aim.level)
                hcb__policy_error(r->doc, node->items[i], "the level %s is listed twice",
                                  hcb__map_level_words[aim.level]);
        if (r->rules->n_aims < HCB__MAP_LEVELS)
            r->rules->aims[r->rules->n_aims++] = aim;
    }
}

/* Wards or parishes to snap to: a file beside the rules. Snapping is the last level where the levels do not name it. */
static bool read_snap(reader *r, const hcb__yaml_node *node) {
    hcb__map_rules *rules = r->rules;
    bool named = false;
    for (int32_t a = 0; a < rules->n_aims; a++)
        named = named || rules->aims[a].level == HCB__MAP_SNAP;
    const char *name, *slash = strrchr(r->path, '/');
    if (!node) {
        if (named)
            hcb__policy_error(r->doc, r->doc->root, "the level snap needs the key snap: FILE.csv");
        return true;
    }
    if (!hcb__yaml_string(r->doc, node, &name))
        return true;
    char *folder =
        slash ? hcb__arena_strndup(&rules->arena, r->path, (size_t)(slash - r->path) + (slash == r->path)) : NULL;
    char *path = slash && folder && *name != '/' ? hcb__path_join(&rules->arena, folder, name)
                                                 : hcb__arena_strndup(&rules->arena, name, strlen(name));
    rules->place = hcb__arena_alloc(&rules->arena, (size_t)r->model->zones->n_areas, sizeof *rules->place);
    if ((slash && !folder) || !path || !rules->place)
        return false;
    if (!named && rules->n_aims < HCB__MAP_LEVELS)
        rules->aims[rules->n_aims++] = (hcb__map_aim){HCB__MAP_SNAP, 0, false};
    r->status = hcb__places_read(rules->place, &rules->n_places, r->ctx, r->model->zones, path, "the workspace");
    return true;
}

static void read_transition(reader *r, const hcb__yaml_node *node) {
    static const char *const keys[] = {"phases", "start", "end"};
    int64_t phases = DEFAULT_PHASES;
    if (!node || !hcb__policy_group(r->doc, node, keys, 3, NULL))
        return;
    if (hcb__yaml_int(r->doc, hcb__yaml_get(node, "phases"), 1, MOST_PHASES, &phases))
        r->rules->phases = (int32_t)phases;
    hcb__yaml_date(r->doc, hcb__yaml_get(node, "start"), &r->rules->start);
    hcb__yaml_date(r->doc, hcb__yaml_get(node, "end"), &r->rules->end);
    if (r->rules->end != HCB__NO_DATE && r->rules->start != HCB__NO_DATE && r->rules->end < r->rules->start)
        hcb__policy_error(r->doc, hcb__yaml_get(node, "end"), "the end is before the start");
}

static bool read_file(reader *r) {
    static const char *const keys[] = {"version", "rules", "levels", "transition", "snap"};
    const hcb__yaml_node *root = r->doc->root, *rules = hcb__yaml_get(root, "rules");
    int64_t version = 1;
    bool ok = true;
    if (!hcb__policy_group(r->doc, root, keys, 5, NULL))
        return true;
    hcb__yaml_int(r->doc, hcb__yaml_get(root, "version"), 1, 1, &version);
    if (rules && hcb__policy_list(r->doc, rules, MOST_RULES))
        for (size_t i = 0; ok && i < rules->count; i++)
            ok = read_rule(r, rules->items[i]);
    read_levels(r, hcb__yaml_get(root, "levels"));
    read_transition(r, hcb__yaml_get(root, "transition"));
    return ok && read_snap(r, hcb__yaml_get(root, "snap"));
}

/* What the map itself asks for. */
static bool own_rules(reader *r) {
    const hcb__zone_set *set = r->model->zones;
    bool ok = true;
    for (int32_t z = 0; ok && z < set->n_zones; z++)
        if (set->zones[z].hours_min >= 0 || set->zones[z].hours_max >= 0) {
            hcb__map_rule rule = {.kind = HCB__RULE_HOURS,
                                  .zone = z,
                                  .zone_class = -1,
                                  .low = set->zones[z].hours_min,
                                  .high = set->zones[z].hours_max};
            ok = keep(r, &rule);
        }
    return ok;
}

/* Zones are in one part unless a rule says otherwise. */
static bool connect(reader *r) {
    hcb__map_rule rule = {.kind = HCB__RULE_CONNECTED, .zone = -1, .zone_class = -1, .low = -1, .high = 1};
    return keep(r, &rule);
}

hcb_status hcb__map_rules_read(hcb__map_rules **out, hcb_context *ctx, const hcb__model *model, const char *path) {
    *out = NULL;
    hcb__map_rules *rules = hcb__calloc(&ctx->mem, 1, sizeof *rules);
    if (!rules)
        return hcb__nomem(ctx);
    rules->mem = ctx->mem;
    hcb__arena_init(&rules->arena, &ctx->mem);
    rules->phases = DEFAULT_PHASES;
    rules->start = rules->end = HCB__NO_DATE;
    rules->aims[0] = (hcb__map_aim){HCB__MAP_TRAVEL, 0, false};
    rules->aims[1] = (hcb__map_aim){HCB__MAP_MOVED_HOURS, 0, false};
    rules->n_aims = 2;
    reader r = {.rules = rules, .model = model, .ctx = ctx, .path = path};
    hcb_status status = connect(&r) && own_rules(&r) ? HCB_OK : hcb__nomem(ctx);
    if (status == HCB_OK && path)
        status = hcb__yaml_load(&r.doc, ctx, path, path);
    if (status == HCB_OK && r.doc) {
        if (!read_file(&r))
            status = hcb__nomem(ctx);
        else
            status = r.status;
        hcb__yaml_close(r.doc);
    }
    if (status == HCB_OK)
        status = hcb__diag_status(ctx);
    if (status == HCB_OK)
        *out = rules;
    else
        hcb__map_rules_free(rules);
    return status;
}

hcb_status hcb__map_rules_default(hcb__map_rules *rules, hcb_context *ctx, const hcb__model *model,
                                  const hcb__demand *demand) {
    const hcb__zone_set *set = model->zones;
    reader r = {.rules = rules, .model = model};
    hcb__map_rule moved = {
        .kind = HCB__RULE_MOVED, .zone = -1, .zone_class = -1, .low = -1, .high = DEFAULT_MOVED, .percent = true};
    int64_t *minutes = hcb__calloc(&ctx->mem, (size_t)set->n_zones, sizeof *minutes);
    bool ok = minutes && keep(&r, &moved);
    for (int32_t a = 0; ok && a < set->n_areas; a++)
        if (set->areas[a].zone >= 0)
            minutes[set->areas[a].zone] += demand->unit[a].minutes;
    for (int32_t z = 0; ok && z < set->n_zones; z++) {
        hcb__map_rule hours = {.kind = HCB__RULE_HOURS,
                               .zone = z,
                               .zone_class = -1,
                               .low = minutes[z] * (100 - DEFAULT_SWING) / 100,
                               .high = minutes[z] * (100 + DEFAULT_SWING) / 100};
        ok = set->zones[z].hours_min >= 0 || set->zones[z].hours_max >= 0 || keep(&r, &hours);
    }
    hcb__free(&ctx->mem, minutes);
    return ok ? HCB_OK : hcb__nomem(ctx);
}

void hcb__map_rules_free(hcb__map_rules *rules) {
    if (!rules)
        return;
    hcb_allocator mem = rules->mem;
    HCB__VEC_FREE(&mem, &rules->rules);
    hcb__arena_release(&rules->arena);
    hcb__free(&mem, rules);
}
