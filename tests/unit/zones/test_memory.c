/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every allocation fails once: the call says so, gives everything back and leaves no half-made result. */
#include "geo_test.h"
#include "zone_fixture.h"
#include "zones/stats.h"

static long allocations_left, blocks;

static bool exhausted(void) {
    return allocations_left-- <= 0;
}

static void *failing_malloc(size_t size, void *user) {
    (void)user;
    void *p = exhausted() ? NULL : malloc(size);
    blocks += p != NULL;
    return p;
}

static void *failing_realloc(void *ptr, size_t size, void *user) {
    (void)user;
    if (exhausted())
        return NULL;
    void *p = realloc(ptr, size);
    blocks += !ptr && p;
    return p;
}

static void failing_free(void *ptr, void *user) {
    (void)user;
    blocks -= ptr != NULL;
    free(ptr);
}

typedef hcb_status (*scenario_fn)(hcb_context *ctx, const test_folder *folder);

/* Runs the scenario with 0, 1, 2, ... allocations granted, until it succeeds. */
static void starve(scenario_fn scenario) {
    static const hcb_allocator allocator = {failing_malloc, failing_realloc, failing_free, NULL};
    test_folder folder = test_folder_make();
    test_folder_write(&folder, "zones.geojson", TWO_ZONES);
    test_folder_write(&folder, "areas.csv",
                      "area_id,lat,lon,zone_id,band\na,52.55,-1.05,01,rural\nb,52.55,-1.15,,urban\n");
    test_folder_write(&folder, "areas.geojson",
                      "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":"
                      "{\"type\":\"Polygon\",\"coordinates\":[" EAST
                      "]}},{\"type\":\"Feature\",\"id\":\"b\",\"geometry\":"
                      "{\"type\":\"Polygon\",\"coordinates\":[" WEST "]}}]}");
    test_folder_write(&folder, "postcodes.csv", "postcode,easting,northing,area_id\nLE8 4AD,456638,297401,a\n");
    test_folder_write(&folder, "seeds.csv",
                      "area_id,lat,lon,zone_id,band\na,52.60,-1.20,z,rural\nb,52.61,-1.18,z,urban\n"
                      "c,52.59,-1.17,,\n");
    test_folder_write(&folder, "list.csv", "zone_id,class\nz,large\n");
    hcb_status status = HCB_ENOMEM;
    long n = 0;
    for (; status != HCB_OK && n < 100000; n++) {
        hcb_context_options options = {.struct_size = sizeof options, .allocator = &allocator};
        hcb_context *ctx;
        blocks = 0;
        allocations_left = 1000000;
        assert_int_equal(hcb_context_create(&ctx, &options), HCB_OK);
        allocations_left = n;
        status = scenario(ctx, &folder);
        allocations_left = 1000000;
        if (status != HCB_OK && status != HCB_ENOMEM)
            fail_msg("allocation %ld: %s, %s", n, hcb_status_name(status), hcb_context_error(ctx)->message);
        hcb_context_free(ctx);
        if (blocks != 0)
            fail_msg("allocation %ld: %ld blocks were not given back", n, blocks);
    }
    print_message("%ld allocations\n", n - 1);
    assert_int_equal(status, HCB_OK);
    assert_true(n > 10);
    test_folder_remove(folder.path);
}

static hcb_status load(hcb_context *ctx, const test_folder *folder) {
    hcb__zone_files files = {.folder = folder->path,
                             .zones = "zones.geojson",
                             .areas = "areas.csv",
                             .areas_geojson = "areas.geojson",
                             .postcodes = "postcodes.csv"};
    hcb__zone_set *set;
    hcb_status status = hcb__zone_set_load(&set, ctx, &files);
    assert_true((status == HCB_OK) == (set != NULL));
    if (status != HCB_OK)
        return status;
    hcb__zone_stats *stats;
    status = hcb__zones_stats(&stats, ctx, set);
    if (status == HCB_OK)
        hcb__free(&ctx->mem, stats);
    hcb__zone_set_free(set);
    return status;
}

static hcb_status dissolve(hcb_context *ctx, const test_folder *folder) {
    char areas[128], geojson[128];
    snprintf(areas, sizeof areas, "%s/areas.csv", folder->path);
    snprintf(geojson, sizeof geojson, "%s/areas.geojson", folder->path);
    hcb__text out;
    hcb__text_init(&out, &ctx->mem);
    hcb__dissolve_options options = {.areas_csv = areas, .areas_geojson = geojson};
    hcb_status status = hcb__zones_dissolve(&out, ctx, &options);
    hcb__text_free(&out);
    return status;
}

static hcb_status voronoi(hcb_context *ctx, const test_folder *folder) {
    char seeds[128], list[128];
    snprintf(seeds, sizeof seeds, "%s/seeds.csv", folder->path);
    snprintf(list, sizeof list, "%s/list.csv", folder->path);
    hcb__text areas, zones, csv;
    hcb__text_init(&areas, &ctx->mem);
    hcb__text_init(&zones, &ctx->mem);
    hcb__text_init(&csv, &ctx->mem);
    hcb__voronoi_options options = {seeds, list, 2000, 500};
    hcb_status status = hcb__zones_voronoi(&areas, &zones, ctx, &options);
    if (status == HCB_OK)
        status = hcb__zones_settlement_areas(&csv, ctx, seeds);
    hcb__text_free(&areas);
    hcb__text_free(&zones);
    hcb__text_free(&csv);
    return status;
}

static void test_memory__load(void **state) {
    (void)state;
    starve(load);
}

static void test_memory__dissolve(void **state) {
    (void)state;
    starve(dissolve);
}

static void test_memory__voronoi(void **state) {
    (void)state;
    starve(voronoi);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory__load),
        cmocka_unit_test(test_memory__dissolve),
        cmocka_unit_test(test_memory__voronoi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
