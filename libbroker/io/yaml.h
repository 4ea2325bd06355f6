/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workspace and policy files by libyaml: a tree of nodes with line and column. Repeated keys, anchors, aliases and tags
 * are refused with their place; nesting is limited to 32 levels, keys to 256 bytes. */
#ifndef HCB_IO_YAML_H
#define HCB_IO_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/context.h"
#include "base/text.h"

typedef enum hcb__yaml_kind { HCB__YAML_SCALAR, HCB__YAML_SEQUENCE, HCB__YAML_MAPPING } hcb__yaml_kind;

typedef struct hcb__yaml_node hcb__yaml_node;
struct hcb__yaml_node {
    hcb__yaml_kind kind;
    int64_t line, column; /* 1-based */
    const char *text;     /* of a scalar, ends in '\0'; "" otherwise */
    size_t len;
    bool quoted;           /* a scalar in quotes is text, never null, a number or a boolean */
    size_t count;          /* items of a sequence, pairs of a mapping */
    hcb__yaml_node **keys; /* of a mapping: scalars */
    hcb__yaml_node **items;
    const char *path; /* for messages: "travel.nearest", "levels[2].name" */
};

typedef struct hcb__yaml_doc {
    hcb__arena arena;
    hcb_context *ctx;
    const char *shown;
    hcb__yaml_node *root;
} hcb__yaml_doc;

/* A syntax error is collected as a diagnostic with its place and gives HCB_EPARSE. An empty file: HCB_EPARSE. */
HCB_NODISCARD hcb_status hcb__yaml_load(hcb__yaml_doc **out, hcb_context *ctx, const char *path, const char *shown);
HCB_NODISCARD hcb_status hcb__yaml_parse(hcb__yaml_doc **out, hcb_context *ctx, const char *bytes, size_t size,
                                         const char *shown);
void hcb__yaml_close(hcb__yaml_doc *doc);

/* The value under a key of a mapping; NULL when it is not there. */
const hcb__yaml_node *hcb__yaml_get(const hcb__yaml_node *mapping, const char *key);
/* Whether it is there and neither `null` nor `~`. */
bool hcb__yaml_given(const hcb__yaml_node *node);
hcb__where hcb__yaml_where(const hcb__yaml_doc *doc, const hcb__yaml_node *node);

/* Readers that collect an error (value, what was expected) and give false when the node is not of the kind or range.
 * A NULL node gives false without an error and leaves *out alone, so that defaults stand; so does `null` or `~`. */
bool hcb__yaml_string(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char **out);
bool hcb__yaml_bool(hcb__yaml_doc *doc, const hcb__yaml_node *node, bool *out); /* true, false, yes, no */
bool hcb__yaml_int(hcb__yaml_doc *doc, const hcb__yaml_node *node, int64_t low, int64_t high, int64_t *out);
bool hcb__yaml_fixed(hcb__yaml_doc *doc, const hcb__yaml_node *node, int decimals, int64_t low, int64_t high,
                     int64_t *out);
bool hcb__yaml_double(hcb__yaml_doc *doc, const hcb__yaml_node *node, double low, double high, double *out);
bool hcb__yaml_date(hcb__yaml_doc *doc, const hcb__yaml_node *node, int32_t *days);
bool hcb__yaml_word(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char *const *words, size_t n_words,
                    int32_t *out);
/* Collects an error for every key of the mapping that is not among `keys` (names the nearest known key), and when the
 * node is not a mapping. */
bool hcb__yaml_known_keys(hcb__yaml_doc *doc, const hcb__yaml_node *mapping, const char *const *keys, size_t n_keys);

#endif
