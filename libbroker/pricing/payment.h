/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many minutes of a visit are paid (docs/prices.md, "Payment rules"). */
#ifndef HCB_PRICING_PAYMENT_H
#define HCB_PRICING_PAYMENT_H

#include "io/yaml.h"

typedef enum hcb__payment_mode { HCB__PAY_PLANNED, HCB__PAY_ACTUAL, HCB__PAYMENT_MODES } hcb__payment_mode;
typedef enum hcb__payment_direction {
    HCB__ROUND_UP,
    HCB__ROUND_DOWN,
    HCB__ROUND_NEAREST,
    HCB__PAYMENT_DIRECTIONS
} hcb__payment_direction;
extern const char *const hcb__payment_mode_words[HCB__PAYMENT_MODES];
extern const char *const hcb__payment_direction_words[HCB__PAYMENT_DIRECTIONS];

enum { HCB__MOST_VISIT_MINUTES = 24 * 60, HCB__MOST_CARERS = 2 };

typedef struct hcb__payment_rule {
    int32_t mode, direction;
    int64_t step;      /* minutes, 1 to 1440 */
    int64_t tolerance; /* minutes */
    int64_t minimum;   /* minutes */
    bool per_carer;    /* false: once for the carer minutes of the visit together */
    bool pay_missed;   /* a visit that did not take place is paid as planned */
} hcb__payment_rule;

/* Actual minutes to the nearest five. */
extern const hcb__payment_rule hcb__payment_default;
/* What was planned, to the minute; missed visits as in `rule`. */
hcb__payment_rule hcb__payment_full_schedule(const hcb__payment_rule *rule);

/* Minutes paid for `planned` and `actual` ones of one worker; actual -1: not recorded, which the mode `planned` allows.
 */
int64_t hcb__payable_minutes(const hcb__payment_rule *rule, int64_t planned, int64_t actual);
/* Carer minutes paid for a visit of 1 or 2 carers; actual[c] as above. */
int64_t hcb__payable_visit(const hcb__payment_rule *rule, int64_t planned, int32_t carers,
                           const int64_t actual[HCB__MOST_CARERS]);

/* `payment:` of a policy file; what is not there, or is wrong (then collected), stays. NULL is fine. */
void hcb__payment_read(hcb__payment_rule *rule, hcb__yaml_doc *doc, const hcb__yaml_node *node);
/* The rule as a sentence. */
void hcb__payment_words(const hcb__payment_rule *rule, hcb__text *out);

#endif
