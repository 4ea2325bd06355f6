/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recommendation in a county of 3,000 packages and 120 providers, with a plan too; plans that are refused.
 * What it says is held against an enumeration in tests/cli/brute_recommend.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "allocation/recommend.h"
#include "workbench.h"

enum { PACKAGES = 3000, PROVIDERS = 120 };

static const struct {
    const char *name, *text;
} files[] = {
    {"hcbroker.yaml", "version: 1\nname: Large\nas_of: 2020-12-01\nzones: zones.geojson\nprices: prices.csv\n"
                      "providers: providers.csv\ncoverage: coverage.csv\npackages: packages.csv\n"
                      "policy: policy.yaml\n"},
    {"zones.geojson", "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"properties\": "
                      "{\"zone_id\": \"01\", \"name\": \"West\", \"class\": \"large\", \"prime\": true}, \"geometry\": "
                      "{\"type\": \"Polygon\", \"coordinates\": [[[-1.5, 52.4], [-0.5, 52.4], [-0.5, 53.0], "
                      "[-1.5, 53.0], [-1.5, 52.4]]]}}]}\n"},
    {"prices.csv", "band,price_per_hour\nurban,18.75\n"},
    {"policy.yaml", "version: 1\nmodel: open_framework\n"},
};

static void write_text(workbench *bench, const char *name, hcb__text *text) {
    assert_false(text->failed);
    workbench_file(bench, name, text->at, text->count);
    hcb__text_clear(text);
}

static void write_county(workbench *bench) {
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        workbench_file(bench, files[i].name, files[i].text, strlen(files[i].text));
    hcb__text text;
    hcb__text_init(&text, &bench->ctx->mem);
    hcb__text_puts(&text, "provider_id,easting,northing,capacity_hours,quality\n");
    for (int k = 0; k < PROVIDERS; k++)
        hcb__text_printf(&text, "P%03d,%d,%d,200,%d\n", k, 440000 + k % 12 * 4000, 300000 + k / 12 * 3000,
                         k * 37 % 101);
    write_text(bench, "providers.csv", &text);
    hcb__text_puts(&text, "provider_id,zone_id,tier,price_urban\n");
    for (int k = 0; k < PROVIDERS; k++)
        hcb__text_printf(&text, "P%03d,01,framework,%d.50\n", k, 17 + k % 5);
    write_text(bench, "coverage.csv", &text);
    hcb__text_puts(&text, "package_id,easting,northing,zone_id,band,weekly_hours,visits_per_week,received\n");
    for (int q = 0; q < PACKAGES; q++)
        hcb__text_printf(&text, "Q%04d,%d,%d,01,urban,7,14,2020-11-20\n", q, 440000 + q % 60 * 800,
                         300000 + q / 60 * 600);
    write_text(bench, "packages.csv", &text);
    hcb__text_free(&text);
}

/* A plan that gives every package to a provider in turn. */
static void write_plan(workbench *bench, const char *sha) {
    hcb__text text;
    hcb__text_init(&text, &bench->ctx->mem);
    hcb__text_printf(&text, "{\"inputs_sha256\": \"%s\", \"replan\": \"fixed\"}\n", sha);
    write_text(bench, "summary.json", &text);
    hcb__text_puts(&text, "package_id,provider_id\n");
    for (int q = 0; q < PACKAGES; q++)
        hcb__text_printf(&text, "Q%04d,P%03d\n", q, q % PROVIDERS);
    write_text(bench, "allocations.csv", &text);
    hcb__text_free(&text);
}

static hcb__model *load(workbench *bench) {
    hcb__model *model = NULL;
    const hcb__model_options options = {.strict = true};
    assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
    if (hcb__end(bench->ctx, hcb__model_load(&model, bench->ctx, bench->dir, &options)) != HCB_OK)
        fail_msg("%s", hcb_context_error(bench->ctx)->message);
    return model;
}

static hcb_status ask(workbench *bench, hcb__recommendation **out, const hcb__model *model, const char *plan) {
    assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
    return hcb__end(bench->ctx, hcb__recommend_providers(out, bench->ctx, model, "Q1234", plan));
}

static void expect_everybody_ranked(workbench *bench, const hcb__model *model, const char *plan) {
    hcb__recommendation *r = NULL;
    assert_int_equal(ask(bench, &r, model, plan), HCB_OK);
    assert_int_equal(r->n_candidates, PROVIDERS);
    /* 25 packages of 7 hours each, less the package itself at the provider that has it */
    int32_t own = 1234 % PROVIDERS;
    for (int32_t c = 0; c < r->n_candidates; c++) {
        bool has = plan && r->candidates[c].choice->provider == own;
        assert_int_equal(r->candidates[c].choice->rank, c + 1);
        assert_int_equal(r->candidates[c].room, 60 * (plan ? has ? 200 - 24 * 7 : 200 - 25 * 7 : 200));
    }
    assert_int_equal(r->best, 0);
    assert_int_equal(r->provider, plan ? own : HCB__WAITS);
    hcb__recommendation_free(r);
}

static void test_recommend__ranks_a_county_with_and_without_a_plan(void **state) {
    workbench *bench = *state;
    write_county(bench);
    hcb__model *model = load(bench);
    write_plan(bench, model->inputs_sha256);
    expect_everybody_ranked(bench, model, NULL);
    expect_everybody_ranked(bench, model, bench->dir);
    hcb__model_free(model);
}

static void test_recommend__refuses_a_plan_of_other_data(void **state) {
    workbench *bench = *state;
    write_county(bench);
    hcb__model *model = load(bench);
    hcb__recommendation *r = NULL;
    write_plan(bench, "0000000000000000");
    assert_int_equal(ask(bench, &r, model, bench->dir), HCB_EDATA);
    assert_null(r);
    assert_non_null(strstr(hcb_context_error(bench->ctx)->message, "other data"));
    write_plan(bench, model->inputs_sha256);
    workbench_file(bench, "allocations.csv", "package_id,provider_id\nQ0000,P999\n", 34);
    assert_int_equal(ask(bench, &r, model, bench->dir), HCB_EDATA);
    assert_non_null(strstr(hcb_context_error(bench->ctx)->message, "P999"));
    assert_null(r);
    hcb__model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_recommend__ranks_a_county_with_and_without_a_plan, workbench_open,
                                        workbench_close),
        cmocka_unit_test_setup_teardown(test_recommend__refuses_a_plan_of_other_data, workbench_open, workbench_close)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
