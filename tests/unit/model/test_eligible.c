/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One way to fail each rule, in the small workspace with one thing changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "workbench.h"
#include "base.h"

typedef struct change {
    const char *file, *from, *to; /* NULL: nothing is changed */
    const char *package, *provider;
    int64_t seconds;
    const char *code;
    int32_t rule;
} change;

static const change changes[] = {
    {NULL, NULL, NULL, "Q1", "P1", 271, "", HCB__RULES},
    /* active */
    {"providers.csv", "hoist;carer:female,,,,yes", "hoist;carer:female,,,,no", "Q1", "P1", 0, "inactive",
     HCB__RULE_ACTIVE},
    /* zone: no coverage, a tier that takes no part, no price */
    {NULL, NULL, NULL, "Q4", "P1", 0, "zone_not_covered", HCB__RULE_ZONE},
    {"policy.yaml", "[prime, supplementary, framework]", "[prime, supplementary]", "Q4", "P4", 0, "zone_not_covered",
     HCB__RULE_ZONE},
    {NULL, NULL, NULL, "Q4", "P4", 0, "", HCB__RULES},
    {"prices.csv", "rural,22.95,2020-04-01,\n", "", "Q4", "P4", 0, "", HCB__RULES}, /* the price of 2019 */
    /* starts: by the start of the care, by the day of the run without one */
    {"providers.csv", "2020-06-01", "2020-12-07", "Q4", "P3", 0, "", HCB__RULES},
    {"providers.csv", "2020-06-01", "2020-12-08", "Q4", "P3", 0, "start_too_late", HCB__RULE_STARTS},
    {"providers.csv", "2020-06-01", "2020-12-01", "L5", "P3", 0, "start_too_late", HCB__RULE_STARTS},
    {"providers.csv", "lang:gu,30,,,yes", "lang:gu,30,,2020-12-01,yes", "Q3", "P2", 0, "", HCB__RULES},
    {"providers.csv", "lang:gu,30,,,yes", "lang:gu,30,,2020-12-02,yes", "Q3", "P2", 0, "start_too_late",
     HCB__RULE_STARTS},
    /* rating: the default refuses inadequate only */
    {"providers.csv", "good", "inadequate", "Q1", "P1", 0, "rating_not_allowed", HCB__RULE_RATING},
    {"policy.yaml", "[outstanding, good, requires_improvement, not_rated]", "[outstanding]", "Q1", "P1", 0,
     "rating_not_allowed", HCB__RULE_RATING},
    /* capability: the first missing by bytes */
    {NULL, NULL, NULL, "Q1", "P2", 0, "capability_missing:hoist", HCB__RULE_CAPABILITY},
    {"packages.csv", ",hoist,", ",hoist;peg;Peg;dementia,", "Q1", "P2", 0, "capability_missing:Peg",
     HCB__RULE_CAPABILITY},
    {"packages.csv", ",hoist,", ",hoist;peg;dementia,", "Q1", "P3", 0, "capability_missing:peg", HCB__RULE_CAPABILITY},
    /* gender: a condition unless said otherwise */
    {"providers.csv", "hoist;carer:female,,,,yes", "hoist;carer:male,,,,yes", "Q1", "P1", 0, "preference_hard:gender",
     HCB__RULE_GENDER},
    {"packages.csv", "hoist,female,yes", "hoist,male,", "Q1", "P1", 0, "preference_hard:gender", HCB__RULE_GENDER},
    {"packages.csv", "hoist,female,yes", "hoist,male,no", "Q1", "P1", 0, "", HCB__RULES},
    {"packages.csv", "hoist,female,yes", "hoist,any,yes", "Q1", "P1", 0, "", HCB__RULES},
    /* language: a wish unless said otherwise */
    {NULL, NULL, NULL, "Q3", "P1", 0, "preference_hard:language", HCB__RULE_LANGUAGE},
    {NULL, NULL, NULL, "Q3", "P2", 0, "", HCB__RULES},
    {"packages.csv", ",gu,yes", ",gu,", "Q3", "P1", 0, "", HCB__RULES},
    {"packages.csv", ",gu,yes", ",pl,yes", "Q3", "P2", 0, "preference_hard:language", HCB__RULE_LANGUAGE},
    /* excluded */
    {NULL, NULL, NULL, "Q5", "P1", 0, "excluded", HCB__RULE_EXCLUDED},
    {NULL, NULL, NULL, "Q5", "P2", 0, "", HCB__RULES},
    /* travel: the policy's 45 minutes, the provider's 30 */
    {NULL, NULL, NULL, "Q1", "P1", 2700, "", HCB__RULES},
    {NULL, NULL, NULL, "Q1", "P1", 2701, "travel_too_far", HCB__RULE_TRAVEL},
    {NULL, NULL, NULL, "Q3", "P2", 1800, "", HCB__RULES},
    {NULL, NULL, NULL, "Q3", "P2", 1801, "travel_too_far", HCB__RULE_TRAVEL},
    {"policy.yaml", "    max_minutes: 45\n", "", "Q1", "P1", 99999, "", HCB__RULES},
    {"policy.yaml", "  - rule: travel\n    max_minutes: 45\n", "", "Q3", "P2", 99999, "", HCB__RULES},
    /* short visits */
    {"packages.csv", "3:30,14,,yes", "3:30,14,,no", "Q3", "P2", 0, "short_visit_not_agreed", HCB__RULE_SHORT_VISIT},
    {"packages.csv", "3:30,14,,yes", "7,14,,no", "Q3", "P2", 0, "", HCB__RULES},
    {"visits.csv", "11:30,13:30,30", "11:30,13:30,29", "Q1", "P1", 0, "short_visit_not_agreed", HCB__RULE_SHORT_VISIT},
    {"policy.yaml", "rule: short_visit", "rule: short_visit\n    minutes: 31", "Q1", "P1", 0, "short_visit_not_agreed",
     HCB__RULE_SHORT_VISIT},
    {"policy.yaml", "rule: short_visit", "rule: short_visit\n    minutes: 31\n    unless: [longer_visit]", "Q1", "P1",
     0, "", HCB__RULES}, /* another of its visits has 45 minutes */
    {"policy.yaml", "rule: short_visit", "rule: short_visit\n    minutes: 46\n    unless: [longer_visit]", "Q1", "P1",
     0, "short_visit_not_agreed", HCB__RULE_SHORT_VISIT},
    {"policy.yaml", "rule: short_visit", "rule: short_visit\n    unless: []", "Q3", "P2", 0, "short_visit_not_agreed",
     HCB__RULE_SHORT_VISIT},
    {"policy.yaml", "rule: short_visit", "rule: short_visit\n    minutes: 46\n    unless: [known]", "L1", "P1", 0, "",
     HCB__RULES},
    /* two carers */
    {"policy.yaml", "rule: short_visit", "rule: double_handed", "Q1", "P1", 0, "double_handed_not_offered",
     HCB__RULE_DOUBLE_HANDED},
    {"policy.yaml", "rule: short_visit", "rule: double_handed", "Q3", "P2", 0, "", HCB__RULES},
    /* a pin comes before every rule */
    {NULL, NULL, NULL, "Q6", "P3", 0, "", HCB__RULES},
    {NULL, NULL, NULL, "Q6", "P1", 0, "pinned_elsewhere", -1},
    /* the order is the policy's */
    {"policy.yaml", "rules:\n  - rule: active\n  - rule: zone", "rules:\n  - rule: active", "Q4", "P1", 0, NULL, 0},
    {"policy.yaml", "  - rule: capability\n  - rule: gender", "  - rule: gender\n  - rule: capability", "Q1", "P4", 0,
     "preference_hard:gender", HCB__RULE_GENDER},
};

static void test_eligible__each_rule(void **state) {
    workbench *bench = *state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const change *c = &changes[i];
        hcb__model *m;
        base_copy(bench);
        if (c->file)
            base_edit(bench, c->file, c->from, c->to);
        if (strcmp(c->package, "Q6") != 0) /* whose pin to P3 would be refused when the change concerns P3 */
            base_edit(bench, "packages.csv", ",,,P3,03,", ",,,,03,");
        hcb_status status = base_load(bench, bench->dir, false, &m);
        if (!c->code) { /* a policy without the rule zone is refused */
            assert_int_equal(status, HCB_EDATA);
            continue;
        }
        if (status != HCB_OK)
            fail_msg("case %zu: %s", i, hcb_context_error(bench->ctx)->message);
        char code[96] = "?";
        int32_t rule = hcb__eligible(m, base_package(m, c->package), base_provider(m, c->provider), c->seconds, code);
        if (rule != c->rule || strcmp(code, c->code) != 0)
            fail_msg("case %zu, %s at %s: %d %s, expected %d %s", i, c->package, c->provider, rule, code, c->rule,
                     c->code);
        hcb__model_free(m);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_eligible__each_rule, workbench_open, workbench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
