/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenario files and design rules. First line: scenario.yaml or design.yaml. */
#include "fuzz_folder.h"

static void scenarios(hcb_context *ctx) {
    hcb_text *text = NULL;
    hcb_scenario_options o;
    hcb_scenario_options_init(&o);
    const char *ws = fuzz_path("ws"), *file = fuzz_path("scenario.yaml");
    o.workspace = ws;
    o.at_once = 1;
    o.allocation.threads = 1;
    o.allocation.work_limit = 1000;
    o.allocation.method = HCB_METHOD_SEQUENTIAL;
    fuzz_drop(hcb_scenario_list(&text, ctx, file, &o), ctx, &text);
    fuzz_drop(hcb_scenario_hash(&text, ctx, file, &o), ctx, &text);
    fuzz_drop(hcb_scenario_run(&text, ctx, file, &o), ctx, &text);
    fuzz_drop(hcb_compare(&text, ctx, ws, file, &o), ctx, &text);
    fuzz_drop(hcb_sweep(&text, ctx, file, &o), ctx, &text);
}

static void rules(hcb_context *ctx) {
    static hcb_context *own;
    static hcb_workspace *county;
    int32_t outcome;
    hcb_text *text = NULL;
    hcb_design_options o = HCB_DESIGN_OPTIONS_INIT;
    if (!county) {
        hcb_generate_options few = HCB_GENERATE_OPTIONS_INIT;
        few.scale = 0.01;
        few.scenario = HCB_SCENARIO_S1;
        const char *folder = fuzz_path("county");
        FUZZ_CHECK(hcb_context_create(&own, NULL) == HCB_OK && hcb_init(own, folder, NULL) == HCB_OK &&
                   hcb_generate(own, folder, &few, NULL) == HCB_OK &&
                   hcb_workspace_load(&county, own, folder, NULL) == HCB_OK);
    }
    o.rules = fuzz_path("design.yaml");
    o.work_limit = 200;
    o.threads = 1;
    o.time_limit_s = 2;
    fuzz_drop(hcb_zones_design(&text, &outcome, ctx, county, &o), ctx, &text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input in;
    counting memory;
    /* What asks for many people is slow, not wrong. */
    if (!fuzz_split(&in, data, size) || in.size > 4000)
        return 0;
    (void)fuzz_home();
    hcb_context *ctx = fuzz_begin(&memory);
    fuzz_write(".", &in);
    if (fuzz_is(&in, "scenario.yaml"))
        scenarios(ctx);
    else if (fuzz_is(&in, "design.yaml"))
        rules(ctx);
    fuzz_close(ctx, &memory);
    return 0;
}
