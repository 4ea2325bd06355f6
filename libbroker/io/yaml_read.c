/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nodes with a meaning. */
#include "io/yaml.h"

#include <string.h>

#include "io/hint.h"
#include "io/value.h"

const hcb__yaml_node *hcb__yaml_get(const hcb__yaml_node *mapping, const char *key) {
    if (!mapping || mapping->kind != HCB__YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < mapping->count; i++)
        if (strcmp(mapping->keys[i]->text, key) == 0)
            return mapping->items[i];
    return NULL;
}

hcb__where hcb__yaml_where(const hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    return (hcb__where){doc->shown, node ? node->line : 0, node ? node->column : 0, node ? node->path : NULL};
}

bool hcb__yaml_given(const hcb__yaml_node *node) {
    return node && (node->kind != HCB__YAML_SCALAR || node->quoted ||
                    (strcmp(node->text, "null") != 0 && strcmp(node->text, "~") != 0));
}

static bool complain(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char *message) {
    hcb__where where = hcb__yaml_where(doc, node);
    hcb__diag_error(doc->ctx, &where, "%s", message);
    return false;
}

/* A scalar that says something; `plain`: and is not in quotes. */
static bool usable(hcb__yaml_doc *doc, const hcb__yaml_node *node, bool plain, const char *expected) {
    if (!hcb__yaml_given(node))
        return false;
    hcb__why why;
    if (node->kind != HCB__YAML_SCALAR)
        hcb__say(&why, "a %s was given; %s was expected", node->kind == HCB__YAML_SEQUENCE ? "list" : "group of keys",
                 expected);
    else if (node->len == 0 && !node->quoted)
        hcb__say(&why, "no value; %s was expected", expected);
    else if (plain && node->quoted)
        hcb__say(&why, "%s is in quotes, hence text; %s was expected", hcb__show(node->text, node->len).text, expected);
    else
        return true;
    return complain(doc, node, why.text);
}

bool hcb__yaml_string(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char **out) {
    if (!usable(doc, node, false, "text"))
        return false;
    *out = node->text;
    return true;
}

bool hcb__yaml_bool(hcb__yaml_doc *doc, const hcb__yaml_node *node, bool *out) {
    static const char *const words[] = {"false", "true", "no", "yes"};
    if (!usable(doc, node, true, "true or false"))
        return false;
    for (size_t i = 0; i < 4; i++)
        if (strcmp(node->text, words[i]) == 0) {
            *out = i % 2;
            return true;
        }
    hcb__why why;
    hcb__say(&why, "%s is not true or false", hcb__show(node->text, node->len).text);
    return complain(doc, node, why.text);
}

bool hcb__yaml_int(hcb__yaml_doc *doc, const hcb__yaml_node *node, int64_t low, int64_t high, int64_t *out) {
    hcb__why why;
    if (!usable(doc, node, true, "a whole number"))
        return false;
    return hcb__value_int(node->text, node->len, low, high, out, &why) || complain(doc, node, why.text);
}

bool hcb__yaml_fixed(hcb__yaml_doc *doc, const hcb__yaml_node *node, int decimals, int64_t low, int64_t high,
                     int64_t *out) {
    hcb__why why;
    if (!usable(doc, node, true, "a number"))
        return false;
    return hcb__value_fixed(node->text, node->len, decimals, low, high, out, &why) || complain(doc, node, why.text);
}

bool hcb__yaml_double(hcb__yaml_doc *doc, const hcb__yaml_node *node, double low, double high, double *out) {
    hcb__why why;
    if (!usable(doc, node, true, "a number"))
        return false;
    return hcb__value_double(node->text, node->len, low, high, out, &why) || complain(doc, node, why.text);
}

bool hcb__yaml_date(hcb__yaml_doc *doc, const hcb__yaml_node *node, int32_t *days) {
    hcb__why why;
    if (!usable(doc, node, false, "a date"))
        return false;
    return hcb__value_date(node->text, node->len, days, &why) || complain(doc, node, why.text);
}

bool hcb__yaml_word(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char *const *words, size_t n_words,
                    int32_t *out) {
    hcb__why why;
    if (!usable(doc, node, false, "a word"))
        return false;
    return hcb__value_word(node->text, node->len, words, n_words, out, &why) || complain(doc, node, why.text);
}

static bool known(hcb__yaml_doc *doc, const hcb__yaml_node *key, const char *const *keys, size_t n_keys) {
    hcb__hint hint = hcb__hint_for(key->text, key->len);
    for (size_t i = 0; i < n_keys; i++) {
        if (strcmp(keys[i], key->text) == 0)
            return true;
        hcb__hint_try(&hint, keys[i]);
    }
    hcb__why why;
    if (hint.best)
        hcb__say(&why, "the key %s is not known; did you mean \"%s\"?", hcb__show(key->text, key->len).text, hint.best);
    else
        hcb__say(&why, "the key %s is not known", hcb__show(key->text, key->len).text);
    return complain(doc, key, why.text);
}

bool hcb__yaml_known_keys(hcb__yaml_doc *doc, const hcb__yaml_node *mapping, const char *const *keys, size_t n_keys) {
    if (!hcb__yaml_given(mapping))
        return false;
    if (mapping->kind != HCB__YAML_MAPPING)
        return complain(doc, mapping, "a group of keys (key: value) was expected");
    bool all = true;
    for (size_t i = 0; i < mapping->count; i++)
        all = known(doc, mapping->keys[i], keys, n_keys) && all;
    return all;
}
