/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How work is called off: who is asked, how long they have, and what a refusal does. No plan depends on it. */
#include <string.h>

#include "model/policy_file.h"

enum { MOST_PENCE = 100000000, MOST_PROVIDERS = 10000, MOST_HOURS = 8760, MOST_WEIGHT = 1000, USUAL_HOURS = 24 };

const char *const hcb__call_off_words[HCB__CALL_OFF_METHODS] = {"sequential", "parallel", "tender"};
static const char *const order_words[2] = {"plan", "ranking"};

void hcb__policy_call_off_defaults(hcb__call_off *c) {
    static const char *const reasons[] = {"capacity", "travel", "area",     "skills",
                                          "times",    "price",  "staffing", "other"};
    *c = (hcb__call_off){.decline_next = true, .decline_exclude = true, .decline_count = true};
    c->routes[c->n_routes++] = (hcb__call_off_route){.method = HCB__CALL_OFF_SEQUENTIAL, .up_to_pence = -1};
    for (int i = 0; i < 5; i++)
        c->answer_hours[i] = USUAL_HOURS;
    c->n_reasons = (int32_t)(sizeof reasons / sizeof *reasons);
    memcpy(c->reasons, reasons, sizeof reasons);
}

static void read_route(hcb__call_off *c, hcb__yaml_doc *doc, const hcb__yaml_node *item) {
    static const char *const keys[] = {"method", "up_to", "providers", "weights"}, *const parts[] = {"quality", "cost"};
    bool all_known;
    if (!hcb__policy_group(doc, item, keys, 4, &all_known))
        return;
    hcb__call_off_route r = {.up_to_pence = -1, .weight_quality = HCB__BLEND_QUALITY, .weight_cost = HCB__BLEND_COST};
    const hcb__yaml_node *method = hcb__yaml_get(item, "method"), *providers = hcb__yaml_get(item, "providers"),
                         *weights = hcb__yaml_get(item, "weights");
    if (!method && all_known)
        hcb__policy_error(doc, item, "the key method is missing; expected sequential, parallel or tender");
    (void)hcb__yaml_word(doc, method, hcb__call_off_words, HCB__CALL_OFF_METHODS, &r.method);
    (void)hcb__yaml_fixed(doc, hcb__yaml_get(item, "up_to"), 2, 1, MOST_PENCE, &r.up_to_pence);
    (void)hcb__yaml_int(doc, providers, 1, MOST_PROVIDERS, &r.providers);
    if (providers && r.method == HCB__CALL_OFF_SEQUENTIAL)
        hcb__policy_error(doc, providers, "sequential offers go to one provider at a time");
    if (weights && r.method != HCB__CALL_OFF_TENDER)
        hcb__policy_error(doc, weights, "weights count only with method: tender");
    else if (weights)
        hcb__policy_read_weights(doc, weights, parts, &r.weight_quality, &r.weight_cost);
    if (c->n_routes && c->routes[c->n_routes - 1].up_to_pence < 0)
        hcb__policy_error(doc, item, "the route before it has no up_to, so nothing comes here");
    else if (c->n_routes && r.up_to_pence >= 0 && r.up_to_pence <= c->routes[c->n_routes - 1].up_to_pence)
        hcb__policy_error(doc, item, "up_to must be above that of the route before it");
    c->routes[c->n_routes++] = r;
}

static void read_routes(hcb__call_off *c, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!node || !hcb__policy_list(doc, node, HCB__MAX_ROUTES))
        return;
    c->n_routes = 0;
    for (size_t i = 0; i < node->count; i++)
        read_route(c, doc, node->items[i]);
    if (c->n_routes && c->routes[c->n_routes - 1].up_to_pence >= 0)
        hcb__policy_error(doc, node, "the last route must have no up_to, so that every package has a route");
}

static void read_hours(hcb__call_off *c, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    if (!node)
        return;
    if (node->kind != HCB__YAML_SEQUENCE || node->count != 5) {
        hcb__policy_error(doc, node, "a list of 5 numbers of hours was expected, for the priorities 1 to 5");
        return;
    }
    for (size_t i = 0; i < 5; i++)
        (void)hcb__yaml_int(doc, node->items[i], 1, MOST_HOURS, &c->answer_hours[i]);
}

static void read_decline(hcb__call_off *c, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const char *const keys[] = {"next", "exclude", "count"};
    if (!node || !hcb__policy_group(doc, node, keys, 3, NULL))
        return;
    (void)hcb__yaml_bool(doc, hcb__yaml_get(node, "next"), &c->decline_next);
    (void)hcb__yaml_bool(doc, hcb__yaml_get(node, "exclude"), &c->decline_exclude);
    (void)hcb__yaml_bool(doc, hcb__yaml_get(node, "count"), &c->decline_count);
}

static bool named(const hcb__call_off *c, const char *code) {
    for (int32_t i = 0; i < c->n_reasons; i++)
        if (strcmp(c->reasons[i], code) == 0)
            return true;
    return false;
}

/* Codes go into files for the public, so they are ids from a list and never free text. */
static hcb_status read_reasons(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    hcb__call_off *c = &policy->call_off;
    if (!node || !hcb__policy_list(doc, node, HCB__MAX_REASONS))
        return HCB_OK;
    c->n_reasons = 0;
    for (size_t i = 0; i < node->count; i++) {
        const char *code;
        if (!hcb__yaml_string(doc, node->items[i], &code))
            continue;
        if (!hcb__valid_id(code, node->items[i]->len)) {
            hcb__policy_error(doc, node->items[i], "a code of 1 to 64 bytes was expected");
            continue;
        }
        if (named(c, code)) {
            hcb__policy_error(doc, node->items[i], "the reason %s is listed twice", code);
            continue;
        }
        char *kept = hcb__arena_strndup(&policy->arena, code, node->items[i]->len);
        if (!kept)
            return hcb__nomem(doc->ctx);
        c->reasons[c->n_reasons++] = kept;
    }
    return HCB_OK;
}

hcb_status hcb__policy_read_call_off(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const char *const keys[] = {"order", "routes", "answer_within_hours", "decline", "reasons"};
    hcb__call_off *c = &policy->call_off;
    if (!node || !hcb__policy_group(doc, node, keys, 5, NULL))
        return HCB_OK;
    c->given = true;
    (void)hcb__yaml_word(doc, hcb__yaml_get(node, "order"), order_words, 2, &c->order);
    read_routes(c, doc, hcb__yaml_get(node, "routes"));
    read_hours(c, doc, hcb__yaml_get(node, "answer_within_hours"));
    read_decline(c, doc, hcb__yaml_get(node, "decline"));
    return read_reasons(policy, doc, hcb__yaml_get(node, "reasons"));
}

static void say_route(const hcb__call_off_route *r, hcb__text *out) {
    if (r->up_to_pence >= 0) {
        hcb__text_puts(out, "- Up to GBP ");
        hcb__text_fixed(out, r->up_to_pence, 2);
        hcb__text_puts(out, " a week ");
    } else {
        hcb__text_puts(out, "- Everything else ");
    }
    if (r->method == HCB__CALL_OFF_SEQUENTIAL) {
        hcb__text_puts(out, "goes to one provider after another.\n");
        return;
    }
    hcb__text_puts(out, "goes to ");
    if (r->providers)
        hcb__text_printf(out, "the first %lld", (long long)r->providers);
    else
        hcb__text_puts(out, "all providers that may take it");
    hcb__text_puts(out, " at the same time; ");
    if (r->method == HCB__CALL_OFF_PARALLEL)
        hcb__text_puts(out, "the first who accepts has it.\n");
    else
        hcb__text_printf(out, "of their offers the best has it, quality %lld and price %lld.\n",
                         (long long)r->weight_quality, (long long)r->weight_cost);
}

void hcb__policy_call_off_words(const hcb__call_off *c, hcb__text *out) {
    hcb__text_printf(out, "Work is called off in the order of the %s:\n",
                     c->order == HCB__CALL_OFF_BY_PLAN ? "plan, then of the ranking" : "ranking");
    for (int32_t i = 0; i < c->n_routes; i++)
        say_route(&c->routes[i], out);
    hcb__text_puts(out, "An answer is due within");
    for (int i = 0; i < 5; i++)
        hcb__text_printf(out, "%s%lld", i ? ", " : " ", (long long)c->answer_hours[i]);
    hcb__text_puts(out, " hours for the priorities 1 to 5.\nWho declines is ");
    hcb__text_printf(out, "%s for that person%s; %s.\nReasons for declining:",
                     c->decline_exclude ? "not asked again" : "still eligible",
                     c->decline_count ? " and has it counted" : "",
                     c->decline_next ? "the next in order is asked at once" : "the desk decides who is asked next");
    for (int32_t i = 0; i < c->n_reasons; i++)
        hcb__text_printf(out, "%s%s", i ? ", " : " ", c->reasons[i]);
    hcb__text_puts(out, ".\n");
}
