/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of an output folder, and files of prices: whatever they hold, who reads them says what is wrong. First line: a
 * file of a plan, comparison.json and the like, price_years.yaml, actual.csv, policy.yaml, a file of the workspace, or
 * `id`. */
#include "fuzz_folder.h"

static hcb_context *own;
static hcb_workspace *workspace;

static void begin(void) {
    hcb_allocation *allocation = NULL;
    if (!fuzz_home())
        return;
    FUZZ_CHECK(hcb_context_create(&own, NULL) == HCB_OK);
    FUZZ_CHECK(hcb_workspace_load(&workspace, own, fuzz_path("ws"), NULL) == HCB_OK);
    FUZZ_CHECK(hcb_allocation_solve(&allocation, own, workspace, NULL) == HCB_OK);
    FUZZ_CHECK(hcb_allocation_write(allocation, own, fuzz_path("plan"), 0) == HCB_OK);
    hcb_allocation_free(allocation);
    fuzz_copy(fuzz_path("plan"), "kept");
    FUZZ_CHECK(mkdir(fuzz_path("out"), 0700) == 0);
}

static void of_plan(hcb_context *ctx, const fuzz_input *in) {
    hcb_text *text = NULL;
    hcb_verify_report *report = NULL;
    hcb_recommend_options recommend = HCB_RECOMMEND_OPTIONS_INIT;
    hcb_price_bands_options bands = HCB_PRICE_BANDS_OPTIONS_INIT;
    hcb_report_options page = HCB_REPORT_OPTIONS_INIT;
    hcb_explain_options explain = HCB_EXPLAIN_OPTIONS_INIT;
    const char *plan = fuzz_path("plan");
    fuzz_write("plan", in);
    hcb_status status = hcb_verify(&report, ctx, fuzz_path("ws"), plan, NULL);
    FUZZ_CHECK((status == HCB_OK) == (report != NULL));
    hcb_verify_report_free(report);
    page.plain = 1;
    fuzz_drop(hcb_report_page(&text, ctx, plan, &page), ctx, &text);
    recommend.plan = bands.plan = explain.plan = plan;
    explain.counterfactuals = 0;
    explain.plan_options.work_limit = 1000;
    fuzz_drop(hcb_recommend_packages(&text, ctx, workspace, "P1", 600, &recommend, HCB_FORMAT_TEXT), ctx, &text);
    fuzz_drop(hcb_explain(&text, ctx, workspace, "Q1", &explain, HCB_FORMAT_TEXT), ctx, &text);
    fuzz_drop(hcb_price_bands(&text, ctx, fuzz_path("ws"), &bands, HCB_FORMAT_TEXT), ctx, &text);
    /* An accepted plan changes its workspace. */
    (void)!hcb_apply(ctx, fuzz_path("ws"), plan, NULL);
    fuzz_copy(HCB_SOURCE_DIR "/tests/golden/base/.", "ws");
    fuzz_copy(fuzz_path("kept/."), "plan");
}

static void of_workspace(hcb_context *ctx, const fuzz_input *in) {
    hcb_workspace *read = NULL;
    hcb_text *text = NULL;
    hcb_generate_options few = HCB_GENERATE_OPTIONS_INIT;
    few.queue = 2;
    few.force = 1;
    fuzz_write("ws", in);
    hcb_status status = hcb_workspace_load(&read, ctx, fuzz_path("ws"), NULL);
    FUZZ_CHECK((status == HCB_OK) == (read != NULL));
    hcb_workspace_free(read);
    if (fuzz_is(in, "policy.yaml"))
        fuzz_drop(hcb_policy_check(&text, ctx, fuzz_path("ws/policy.yaml")), ctx, &text);
    (void)!hcb_generate(ctx, fuzz_path("ws"), &few, NULL);
    fuzz_copy(HCB_SOURCE_DIR "/tests/golden/base/.", "ws");
}

static void by_id(hcb_context *ctx, const fuzz_input *in) {
    hcb_text *text = NULL;
    hcb_allocation *allocation = NULL;
    int64_t steps[8] = {0};
    const char *id = fuzz_text(in);
    hcb_replan_options replan;
    hcb_replan_options_init(&replan);
    replan.n_steps = in->size < 8 ? (int32_t)in->size : 8;
    for (int32_t i = 0; i < replan.n_steps; i++)
        steps[i] = (signed char)in->bytes[i];
    replan.steps = steps;
    replan.allocation.work_limit = 1000;
    replan.allocation.threads = 1;
    fuzz_drop(hcb_replan_curve(&text, ctx, workspace, &replan, HCB_FORMAT_CSV), ctx, &text);
    fuzz_drop(hcb_recommend_packages(&text, ctx, workspace, id, 600, NULL, HCB_FORMAT_CSV), ctx, &text);
    fuzz_drop(hcb_explain(&text, ctx, workspace, id, NULL, HCB_FORMAT_JSON), ctx, &text);
    fuzz_drop(hcb_price_build_up(&text, ctx, NULL, NULL, id, HCB_FORMAT_CSV), ctx, &text);
    (void)!hcb_init(ctx, fuzz_path("none/none"), id);
    hcb_allocation_options o = HCB_ALLOCATION_OPTIONS_INIT;
    o.policy_name = id;
    o.method = HCB_METHOD_SEQUENTIAL;
    FUZZ_CHECK(hcb_allocation_solve(&allocation, ctx, workspace, &o) == HCB_OK);
    FUZZ_CHECK(hcb_allocation_add_baseline(allocation, ctx) == HCB_OK);
    FUZZ_CHECK(hcb_allocation_write(allocation, ctx, fuzz_path("written"), 1) == HCB_OK);
    fuzz_drop(hcb_allocation_print(&text, allocation, ctx, HCB_FORMAT_JSON), ctx, &text);
    hcb_allocation_free(allocation);
}

static bool is_one(const fuzz_input *in, const char *const *names, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (fuzz_is(in, names[i]))
            return true;
    return false;
}

#define ONE_OF(in, names) is_one(in, names, sizeof(names) / sizeof *(names))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const plan[] = {"summary.json", "allocations.csv", "waiting.csv", "certificate.json"};
    static const char *const results[] = {"comparison.json",       "sweep.json", "zones.json", "design.json",
                                          "zones_comparison.json", "desk.json"};
    static const char *const base[] = {"hcbroker.yaml", "policy.yaml", "providers.csv",
                                       "packages.csv",  "prices.csv",  "coverage.csv"};
    fuzz_input in;
    counting memory;
    hcb_text *text = NULL;
    hcb_report_options plain = HCB_REPORT_OPTIONS_INIT;
    plain.plain = 1;
    if (!fuzz_split(&in, data, size))
        return 0;
    begin();
    hcb_context *ctx = fuzz_begin(&memory);
    if (ONE_OF(&in, plan)) {
        of_plan(ctx, &in);
    } else if (ONE_OF(&in, results)) {
        fuzz_write("out", &in);
        fuzz_drop(hcb_report_page(&text, ctx, fuzz_path("out"), &plain), ctx, &text);
        char name[64];
        snprintf(name, sizeof name, "out/%s", in.name);
        remove(fuzz_path(name));
    } else if (ONE_OF(&in, base)) {
        of_workspace(ctx, &in);
    } else if (fuzz_is(&in, "price_years.yaml")) {
        fuzz_write(".", &in);
        fuzz_drop(hcb_price_build_up(&text, ctx, NULL, fuzz_path(in.name), NULL, HCB_FORMAT_JSON), ctx, &text);
    } else if (fuzz_is(&in, "actual.csv")) {
        hcb_price_visits_options visits = HCB_PRICE_VISITS_OPTIONS_INIT;
        visits.folder = fuzz_path("ws");
        fuzz_write(".", &in);
        fuzz_drop(hcb_price_visits(&text, ctx, fuzz_path(in.name), &visits, HCB_FORMAT_JSON), ctx, &text);
    } else if (fuzz_is(&in, "id")) {
        by_id(ctx, &in);
    }
    fuzz_close(ctx, &memory);
    return 0;
}
