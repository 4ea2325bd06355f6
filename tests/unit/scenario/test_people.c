/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was generated, read back as a workspace: everybody is where they should be, served by somebody who may serve
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "folders.h"
#include "model/model.h"
#include "open_data.h"

static hcb__model *load(workbench *bench) {
    hcb__model *model = NULL;
    assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
    hcb_status status = hcb__model_load(&model, bench->ctx, bench->dir, NULL);
    assert_int_equal(hcb__end(bench->ctx, status), status);
    if (status != HCB_OK)
        fail_msg("%s: %s", hcb_context_error(bench->ctx)->file, hcb_context_error(bench->ctx)->message);
    return model;
}

static void expect_everyone_eligible(workbench *bench, const hcb__model *model) {
    hcb__travel_table *travel = NULL;
    assert_int_equal(hcb__travel_table_create(&travel, &bench->memory.mem, model), HCB_OK);
    for (int32_t q = model->n_packages; q < model->n_packages + model->n_placements; q++) {
        const hcb__package *p = &model->packages[q];
        char code[96] = "";
        int64_t seconds = hcb__travel_seconds(travel, q, p->provider, NULL);
        if (hcb__eligible(model, q, p->provider, seconds, code) != HCB__RULES)
            fail_msg("%s at %s: %s", p->id, model->providers[p->provider].id, code);
    }
    hcb__travel_table_free(travel);
}

/* Sums of what is served, made here from the placements alone. */
static void expect_it_fits(const hcb__model *model) {
    int64_t total = 0, spare = 0;
    int full = 0;
    for (int32_t k = 0; k < model->n_providers; k++) {
        const hcb__provider *provider = &model->providers[k];
        int64_t load = 0, block[HCB__BLOCKS] = {0};
        for (int32_t q = model->n_packages; q < model->n_packages + model->n_placements; q++)
            for (int b = 0; model->packages[q].provider == k && b < HCB__BLOCKS; b++) {
                block[b] += model->packages[q].block_minutes[b];
                load += model->packages[q].block_minutes[b];
            }
        assert_true(load <= provider->capacity);
        assert_true(!load || provider->capacity <= load + load * 12 / 100);
        for (int b = 0; b < HCB__BLOCKS; b++)
            assert_true(provider->block_capacity[b] < 0 || block[b] <= provider->block_capacity[b]);
        for (int32_t i = 0; i < provider->n_coverage; i++) {
            const hcb__coverage *cover = &model->coverage[provider->first_coverage + i];
            int64_t here = 0;
            for (int32_t q = model->n_packages; q < model->n_packages + model->n_placements; q++)
                if (model->packages[q].provider == k && model->packages[q].zone == cover->zone)
                    here += model->packages[q].carer_minutes;
            assert_true(cover->capacity < 0 || here <= cover->capacity);
        }
        total += load;
        spare += provider->capacity - load;
        full += provider->capacity == load;
    }
    assert_true(full < model->n_providers / 3);
    assert_in_range(spare, total * 3 / 100, total * 8 / 100);
}

static void expect_whole(workbench *bench, int32_t scenario, uint64_t seed) {
    hcb_generate_summary s = folders_generate(bench, bench->dir, scenario, 60, 1, seed);
    hcb__model *model = load(bench);
    assert_int_equal(model->n_left_out, 0);
    assert_true(model->synthetic);
    assert_int_equal(model->n_packages, 60);
    assert_int_equal(model->n_placements, s.people);
    int64_t sum = 0, bands[HCB__BANDS] = {0};
    for (int32_t q = 60; q < 60 + s.people; q++) {
        sum += model->packages[q].carer_minutes;
        bands[model->packages[q].band]++;
    }
    assert_int_equal(sum, s.carer_minutes);
    for (int band = 0; band < HCB__BANDS; band++)
        assert_int_equal(bands[band], s.people_by_band[band]);
    expect_everyone_eligible(bench, model);
    expect_it_fits(model);
    hcb__model_free(model);
}

static void test_people__a_map_of_points(void **state) {
    workbench *bench = *state;
    folders_small_map(bench, "");
    for (int32_t scenario = 0; scenario < 3; scenario++)
        for (uint64_t seed = 1; seed <= 3; seed++)
            expect_whole(bench, scenario, seed);
}

static void test_people__the_bundled_map(void **state) {
    workbench *bench = *state;
    assert_int_equal(hcb_init(bench->ctx, bench->dir, NULL), HCB_OK);
    for (int32_t scenario = 0; scenario < 3; scenario++)
        for (uint64_t seed = 1; seed <= 3; seed++)
            expect_whole(bench, scenario, seed);
}

static void link_open_data(workbench *bench, const char *name, const char *as) {
    char path[1024];
    open_data_path(path, sizeof path, name);
    assert_int_equal(symlink(path, workbench_path(bench, as)), 0);
}

static void test_people__the_open_data(void **state) {
    workbench *bench = *state;
    char path[1024];
    REQUIRE_OPEN_DATA(path, "oa2011.geojson");
    REQUIRE_OPEN_DATA(path, "postcodes.csv");
    REQUIRE_OPEN_DATA(path, "oa2011.csv");
    link_open_data(bench, "oa2011.csv", "areas.csv");
    link_open_data(bench, "oa2011.geojson", "areas.geojson");
    link_open_data(bench, "postcodes.csv", "postcodes.csv");
    hcb__csv_rename renames[] = {{"oa11", "area_id"}, {"zone_inferred", "zone_id"}, {"band_inferred", "band"}};
    char areas[512], polygons[512];
    snprintf(areas, sizeof areas, "%s", workbench_path(bench, "areas.csv"));
    snprintf(polygons, sizeof polygons, "%s", workbench_path(bench, "areas.geojson"));
    hcb__dissolve_options dissolve = {
        .areas_csv = areas, .areas_geojson = polygons, .renames = renames, .n_renames = 3};
    hcb__text zones;
    hcb__text_init(&zones, &bench->memory.mem);
    assert_int_equal(hcb__begin(bench->ctx), HCB_OK);
    hcb_status status = hcb__zones_dissolve(&zones, bench->ctx, &dissolve);
    if (hcb__end(bench->ctx, status) != HCB_OK)
        fail_msg("%s", hcb_context_error(bench->ctx)->message);
    workbench_file(bench, "zones.geojson", zones.at, zones.count);
    hcb__text_free(&zones);
    static const char prices[] = "band,price_per_hour\nurban,18.75\nfringe,19.95\nrural,22.95\nisolated,26.15\n";
    static const char policy[] = "version: 1\nmodel: prime_supplementary\n";
    static const char yaml[] =
        "version: 1\nas_of: 2020-12-01\nzones: zones.geojson\nareas: areas.csv\npostcodes: postcodes.csv\n"
        "prices: prices.csv\npolicy: policy.yaml\ncolumns:\n  areas: {oa11: area_id, zone_inferred: zone_id, "
        "band_inferred: band, pop65p_est: people65}\n  postcodes: {oa11: area_id}\n";
    workbench_file(bench, "prices.csv", prices, sizeof prices - 1);
    workbench_file(bench, "policy.yaml", policy, sizeof policy - 1);
    workbench_file(bench, "hcbroker.yaml", yaml, sizeof yaml - 1);
    expect_whole(bench, HCB_SCENARIO_S1, 1);

    /* Bands as the weights give them for the county's Output Areas: 66.9, 21.1, 7.2, 4.7 %; here of 20,900 people. */
    static const double expected[] = {66.9, 21.1, 7.2, 4.7};
    hcb_generate_summary s = folders_generate(bench, bench->dir, HCB_SCENARIO_S1, 0, 10, 2);
    for (int band = 0; band < HCB__BANDS; band++) {
        double share = 100.0 * s.people_by_band[band] / s.people;
        if (share < expected[band] - 1 || share > expected[band] + 1)
            fail_msg("band %d: %.2f %%, expected about %.1f", band, share, expected[band]);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, workbench_open, workbench_close)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_people__a_map_of_points),
        T(test_people__the_bundled_map),
        T(test_people__the_open_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
