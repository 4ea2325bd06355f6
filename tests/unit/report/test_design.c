/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What hcb_zones_design refuses; what it proposes is checked by tests/cli/zoning_design.py. */
#include "hcbroker/design.h"

#include "geo_test.h"

static void test_design__refuses_what_it_cannot_do(void **state) {
    hcb_context *ctx = *state;
    hcb_workspace *workspace;
    hcb_text *text = (hcb_text *)ctx;
    int32_t outcome;
    assert_int_equal(hcb_workspace_load(&workspace, ctx, HCB_SOURCE_DIR "/tests/golden/base", NULL), HCB_OK);
    hcb_design_options o = HCB_DESIGN_OPTIONS_INIT;
    assert_int_equal(hcb_zones_design(NULL, &outcome, ctx, workspace, &o), HCB_EINVAL);
    assert_int_equal(hcb_zones_design(&text, NULL, ctx, workspace, &o), HCB_EINVAL);
    o.ensemble = -1;
    assert_int_equal(hcb_zones_design(&text, &outcome, ctx, workspace, &o), HCB_EINVAL);
    assert_null(text);
    o.ensemble = 0;
    o.time_limit_s = NAN;
    assert_int_equal(hcb_zones_design(&text, &outcome, ctx, workspace, &o), HCB_EINVAL);
    o.time_limit_s = 0;
    /* Its areas are points. */
    assert_int_equal(hcb_zones_design(&text, &outcome, ctx, workspace, &o), HCB_EGEOMETRY);
    assert_non_null(strstr(hcb_context_error(ctx)->message, "polygon"));
    hcb_workspace_free(workspace);
}

int main(void) {
    const struct CMUnitTest tests[] = {CONTEXT_TEST(test_design__refuses_what_it_cannot_do)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
