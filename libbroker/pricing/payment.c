/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pricing/payment.h"

const char *const hcb__payment_mode_words[HCB__PAYMENT_MODES] = {"planned", "actual"};
const char *const hcb__payment_direction_words[HCB__PAYMENT_DIRECTIONS] = {"up", "down", "nearest"};

const hcb__payment_rule hcb__payment_default = {
    .mode = HCB__PAY_ACTUAL, .direction = HCB__ROUND_NEAREST, .step = 5, .per_carer = true};

hcb__payment_rule hcb__payment_full_schedule(const hcb__payment_rule *rule) {
    return (hcb__payment_rule){.mode = HCB__PAY_PLANNED,
                               .direction = HCB__ROUND_NEAREST,
                               .step = 1,
                               .per_carer = true,
                               .pay_missed = rule->pay_missed};
}

static int64_t to_step(const hcb__payment_rule *rule, int64_t minutes) {
    int64_t step = rule->step, under = minutes - minutes % step, rest = minutes - under;
    switch (rule->direction) {
    case HCB__ROUND_UP:
        return rest ? under + step : under;
    case HCB__ROUND_DOWN:
        return under;
    default:
        return 2 * rest >= step ? under + step : under;
    }
}

int64_t hcb__payable_minutes(const hcb__payment_rule *rule, int64_t planned, int64_t actual) {
    int64_t base = planned;
    if (actual == 0) {
        if (!rule->pay_missed)
            return 0;
    } else if (actual > 0 && rule->mode == HCB__PAY_ACTUAL) {
        int64_t off = actual > planned ? actual - planned : planned - actual;
        base = off <= rule->tolerance ? planned : actual;
    }
    if (base == 0)
        return 0;
    int64_t paid = to_step(rule, base);
    return paid < rule->minimum ? rule->minimum : paid;
}

int64_t hcb__payable_visit(const hcb__payment_rule *rule, int64_t planned, int32_t carers,
                           const int64_t actual[HCB__MOST_CARERS]) {
    int64_t sum = 0;
    if (rule->per_carer) {
        for (int32_t c = 0; c < carers; c++)
            sum += hcb__payable_minutes(rule, planned, actual[c]);
        return sum;
    }
    bool recorded = true;
    for (int32_t c = 0; c < carers; c++) {
        recorded = recorded && actual[c] >= 0;
        sum += actual[c];
    }
    return hcb__payable_minutes(rule, planned * carers, recorded ? sum : -1);
}

void hcb__payment_read(hcb__payment_rule *rule, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    static const char *const keys[] = {"mode", "step", "direction", "tolerance", "minimum", "per_carer", "pay_missed"};
    if (!node)
        return;
    (void)hcb__yaml_known_keys(doc, node, keys, sizeof keys / sizeof *keys);
    (void)hcb__yaml_word(doc, hcb__yaml_get(node, "mode"), hcb__payment_mode_words, HCB__PAYMENT_MODES, &rule->mode);
    (void)hcb__yaml_word(doc, hcb__yaml_get(node, "direction"), hcb__payment_direction_words, HCB__PAYMENT_DIRECTIONS,
                         &rule->direction);
    (void)hcb__yaml_int(doc, hcb__yaml_get(node, "step"), 1, HCB__MOST_VISIT_MINUTES, &rule->step);
    (void)hcb__yaml_int(doc, hcb__yaml_get(node, "tolerance"), 0, HCB__MOST_VISIT_MINUTES, &rule->tolerance);
    (void)hcb__yaml_int(doc, hcb__yaml_get(node, "minimum"), 0, HCB__MOST_VISIT_MINUTES, &rule->minimum);
    (void)hcb__yaml_bool(doc, hcb__yaml_get(node, "per_carer"), &rule->per_carer);
    (void)hcb__yaml_bool(doc, hcb__yaml_get(node, "pay_missed"), &rule->pay_missed);
}

void hcb__payment_words(const hcb__payment_rule *rule, hcb__text *out) {
    hcb__text_printf(out, "%s minutes", hcb__payment_mode_words[rule->mode]);
    if (rule->step == 1) {
        hcb__text_puts(out, " as they are");
    } else if (rule->direction == HCB__ROUND_NEAREST) {
        hcb__text_printf(out, " to the nearest %lld (half a step up)", (long long)rule->step);
    } else {
        hcb__text_printf(out, " rounded %s to a multiple of %lld", hcb__payment_direction_words[rule->direction],
                         (long long)rule->step);
    }
    if (rule->mode == HCB__PAY_ACTUAL && rule->tolerance)
        hcb__text_printf(out, "; within %lld of the plan the planned minutes count", (long long)rule->tolerance);
    if (rule->minimum)
        hcb__text_printf(out, "; at least %lld", (long long)rule->minimum);
    hcb__text_puts(out, rule->per_carer ? "; for each carer" : "; once for the carers of a visit together");
    hcb__text_puts(out, rule->pay_missed ? "; missed visits are paid as planned" : "; missed visits are not paid");
}
