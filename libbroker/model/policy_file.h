/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the policy reader share. */
#ifndef HCB_MODEL_POLICY_FILE_H
#define HCB_MODEL_POLICY_FILE_H

#include "io/yaml.h"
#include "model/policy.h"

enum { HCB__PRIME_SUPPLEMENTARY, HCB__OPEN_FRAMEWORK, HCB__POLICY_MODELS };
extern const char *const hcb__policy_models[HCB__POLICY_MODELS];

enum { HCB__BLEND_QUALITY = 60, HCB__BLEND_COST = 40, HCB__SHORT_VISIT = 30, HCB__MOVES_DAYS = 30 };

hcb__policy *hcb__policy_new(const hcb_allocator *mem);
void hcb__policy_set_defaults(hcb__policy *policy, int32_t model);
/* A rule with its own defaults. */
hcb__rule hcb__policy_rule(int32_t kind);

/* Two weights under their keys, 0 to 1000, one of them above 0; both must be there. Errors are collected. */
void hcb__policy_read_weights(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char *const keys[2], int64_t *first,
                              int64_t *second);

/* Collects an error at a node. */
void hcb__policy_error(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Whether a node (NULL: not there) is a list of 1 to `most` items; an error otherwise. */
bool hcb__policy_list(hcb__yaml_doc *doc, const hcb__yaml_node *node, size_t most);
/* Whether an item is a group of keys; unknown ones are errors. `*all_known` (may be NULL): whether there was none, so
 * that a mistyped key is not reported as a missing one too. */
bool hcb__policy_group(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char *const *keys, size_t n_keys,
                       bool *all_known);

/* Sections of the file; what cannot be read keeps its default. */
void hcb__policy_read_quality(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node);
void hcb__policy_read_escalation(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node);
void hcb__policy_read_tiers_per_zone(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node);
void hcb__policy_read_levels(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node);
void hcb__policy_read_rules(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node);
void hcb__policy_call_off_defaults(hcb__call_off *call_off);
HCB_NODISCARD hcb_status hcb__policy_read_call_off(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node);
void hcb__policy_call_off_words(const hcb__call_off *call_off, hcb__text *out);
/* After the shares and the numbers of providers: whether a promise can be kept at all. */
void hcb__policy_hold_shares(const hcb__policy *policy, hcb__yaml_doc *doc);
HCB_NODISCARD hcb_status hcb__policy_read_shares(hcb__policy *policy, hcb__yaml_doc *doc, const hcb__yaml_node *node);

#endif
