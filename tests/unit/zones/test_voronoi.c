/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map maker, and the bundled map of Leicestershire that it made. */
#include "geo_test.h"
#include "geo/crs.h"
#include "io/file.h"
#include "open_data.h"
#include "zone_fixture.h"
#include "zones/stats.h"

#define BUNDLED HCB_SOURCE_DIR "/zones/leicestershire/"
/* The operation the shipped files were made with; another one (a machine with the OSTN15 grid) moves them by about 2 m.
 */
static const char made_with[] = "Inverse of OSGB36 to WGS 84 (6) + British National Grid";

typedef struct fixture {
    hcb_context *ctx;
    test_folder folder;
    hcb__text areas, zones, csv;
    char settlements[256], zones_csv[256];
} fixture;

static fixture begin(void **state) {
    fixture f = {.ctx = *state, .folder = test_folder_make()};
    hcb__text_init(&f.areas, &f.ctx->mem);
    hcb__text_init(&f.zones, &f.ctx->mem);
    hcb__text_init(&f.csv, &f.ctx->mem);
    snprintf(f.settlements, sizeof f.settlements, "%s/settlements.csv", f.folder.path);
    snprintf(f.zones_csv, sizeof f.zones_csv, "%s/zones.csv", f.folder.path);
    return f;
}

static void end(fixture *f) {
    hcb__text_free(&f->areas);
    hcb__text_free(&f->zones);
    hcb__text_free(&f->csv);
    test_folder_remove(f->folder.path);
}

static bool same_operation(hcb_context *ctx) {
    hcb__crs *crs;
    assert_int_equal(hcb__crs_create(&crs, ctx, "EPSG:4326", NULL), HCB_OK);
    bool same = strcmp(hcb__crs_operation(crs), made_with) == 0;
    if (!same)
        print_message("[  SKIP    ] the map was made with %s, here is %s\n", made_with, hcb__crs_operation(crs));
    hcb__crs_free(crs);
    return same;
}

static void assert_file_is(hcb_context *ctx, const char *path, const hcb__text *text) {
    char *bytes;
    size_t size;
    assert_int_equal(hcb__file_read(&bytes, &size, ctx, path, path), HCB_OK);
    if (size != text->count || memcmp(bytes, text->at, size) != 0)
        fail_msg("%s is not what its settlements give: make it again (docs/zones.md)", path);
    hcb__free(&ctx->mem, bytes);
}

static void test_voronoi__shipped_files_are_what_the_settlements_give(void **state) {
    fixture f = begin(state);
    if (same_operation(f.ctx)) {
        hcb__voronoi_options options = {.settlements_csv = BUNDLED "settlements.csv", .zones_csv = BUNDLED "zones.csv"};
        assert_int_equal(hcb__zones_voronoi(&f.areas, &f.zones, f.ctx, &options), HCB_OK);
        assert_int_equal(hcb__zones_settlement_areas(&f.csv, f.ctx, options.settlements_csv), HCB_OK);
        assert_file_is(f.ctx, BUNDLED "areas.geojson", &f.areas);
        assert_file_is(f.ctx, BUNDLED "zones.geojson", &f.zones);
        assert_file_is(f.ctx, BUNDLED "areas.csv", &f.csv);
    }
    end(&f);
}

static hcb__zone_set *load_bundled(hcb_context *ctx) {
    hcb__zone_files files = {
        .folder = BUNDLED, .zones = "zones.geojson", .areas = "areas.csv", .areas_geojson = "areas.geojson"};
    hcb__zone_set *set;
    assert_int_equal(hcb__zone_set_load(&set, ctx, &files), HCB_OK);
    if (hcb_context_diagnostic_count(ctx)) {
        print_diagnostics(ctx);
        fail_msg("the bundled map has problems");
    }
    return set;
}

static void test_voronoi__bundled_map_is_whole(void **state) {
    hcb_context *ctx = *state;
    hcb__zone_set *set = load_bundled(ctx);
    assert_int_equal(set->n_zones, 14);
    assert_int_equal(set->n_areas, 183);
    assert_int_equal(set->n_area_polygons, 183);
    double zones_km2 = 0, cells_km2 = 0;
    for (int32_t z = 0; z < 14; z++) {
        zones_km2 += hcb__polygon_area(&set->zones[z].polygon) / 1e6;
        assert_int_equal(set->zones[z].prime, strcmp(set->zones[z].id, "14") != 0);
    }
    for (int32_t a = 0; a < 183; a++) {
        const hcb__area *area = &set->areas[a];
        cells_km2 += hcb__polygon_area(&area->polygon) / 1e6;
        hcb__location at = hcb__locate(set, -1, -1, -1, false, area->point);
        if (at.zone != area->zone || at.area != a || at.by != HCB__LOCATED_POLYGON)
            fail_msg("%s is not in its own cell and zone", area->id);
    }
    ASSERT_NEAR(zones_km2, cells_km2, 1e-6);
    /* The county has 2,083.84 square kilometres; the outline is only the settlements' surroundings. */
    assert_true(zones_km2 > 1900 && zones_km2 < 2350);
    hcb__zone_set_free(set);
}

static void test_voronoi__leicester_is_a_hole(void **state) {
    hcb_context *ctx = *state;
    hcb__zone_set *set = load_bundled(ctx);
    hcb__crs *crs;
    assert_int_equal(hcb__crs_create(&crs, ctx, "EPSG:4326", NULL), HCB_OK);
    hcb__csv *csv;
    static const hcb__csv_column columns[] = {{"lat", true}, {"lon", true}, {"zone_id", true}};
    assert_int_equal(hcb__csv_open(&csv, ctx, BUNDLED "settlements.csv", "s", columns, 3, NULL, 0), HCB_OK);
    int outside = 0;
    while (hcb__csv_next(csv)) {
        hcb__point p;
        size_t bad;
        if (hcb__csv_text(csv, 2, NULL))
            continue;
        assert_int_equal(hcb__csv_double(csv, 0, -90, 90, &p.y), HCB__CELL_OK);
        assert_int_equal(hcb__csv_double(csv, 1, -180, 180, &p.x), HCB__CELL_OK);
        assert_true(hcb__crs_forward(crs, &p, 1, &bad));
        assert_int_equal(hcb__geo_index_locate(set->zone_index, p), -1);
        outside++;
    }
    assert_true(outside > 20);
    hcb__csv_close(csv);
    hcb__crs_free(crs);
    hcb__zone_set_free(set);
}

/* Against the zone that the open data infers for the Output Area of each postcode. */
static void test_voronoi__agreement_with_the_inferred_zones(void **state) {
    hcb_context *ctx = *state;
    char codes[1024], oas[1024], line[512];
    REQUIRE_OPEN_DATA(codes, "postcodes.csv");
    REQUIRE_OPEN_DATA(oas, "oa2011.csv");
    hcb__zone_set *set = load_bundled(ctx);
    hcb__arena arena;
    hcb__idmap zone_of;
    hcb__arena_init(&arena, &ctx->mem);
    hcb__idmap_init(&zone_of, &ctx->mem);
    FILE *file = fopen(oas, "r");
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        char *last = strrchr(line, ',');
        *last = '\0';
        int zone = atoi(strrchr(line, ',') + 1);
        assert_true(hcb__idmap_put(&zone_of, hcb__arena_strndup(&arena, line, 9), zone - 1));
    }
    fclose(file);
    file = fopen(codes, "r");
    assert_non_null(fgets(line, sizeof line, file));
    int n = 0, same = 0, nowhere = 0;
    while (fgets(line, sizeof line, file)) {
        hcb__point p;
        assert_int_equal(sscanf(line, "%*[^,],%lf,%lf", &p.x, &p.y), 2);
        const char *oa = strrchr(line, ',') + 1;
        int32_t zone = hcb__locate(set, -1, -1, -1, false, p).zone;
        n++;
        nowhere += zone < 0;
        same += zone >= 0 && zone == hcb__idmap_get(&zone_of, oa, 9);
    }
    fclose(file);
    print_message("%d of %d postcodes (%.1f%%) are in the zone inferred for their area, %d (%.1f%%) in none\n", same, n,
                  100.0 * same / n, nowhere, 100.0 * nowhere / n);
    assert_int_equal(n, 15281);
    assert_true(same > 0.95 * n && nowhere < 0.03 * n);
    hcb__idmap_free(&zone_of);
    hcb__arena_release(&arena);
    hcb__zone_set_free(set);
}

static hcb_status make(fixture *f) {
    hcb__voronoi_options options = {f->settlements, f->zones_csv, 2000, 500};
    hcb__text_clear(&f->areas);
    hcb__text_clear(&f->zones);
    if (hcb__begin(f->ctx) != HCB_OK)
        return HCB_EBUSY;
    return hcb__end(f->ctx, hcb__zones_voronoi(&f->areas, &f->zones, f->ctx, &options));
}

static void test_voronoi__order_of_rows_does_not_matter(void **state) {
    fixture f = begin(state);
    test_folder_write(&f.folder, "zones.csv", "zone_id,class\nz,large\n");
    test_folder_write(&f.folder, "settlements.csv",
                      "area_id,lat,lon,zone_id,band\na,52.60,-1.20,z,rural\n"
                      "b,52.61,-1.18,z,urban\nc,52.59,-1.17,,\n");
    assert_int_equal(make(&f), HCB_OK);
    char *first = strdup(f.areas.at);
    test_folder_write(&f.folder, "settlements.csv",
                      "area_id,lat,lon,zone_id,band\nc,52.59,-1.17,,\n"
                      "b,52.61,-1.18,z,urban\na,52.60,-1.20,z,rural\n");
    assert_int_equal(make(&f), HCB_OK);
    assert_string_equal(f.areas.at, first);
    free(first);
    end(&f);
}

static void test_voronoi__bad_settlements_are_listed(void **state) {
    fixture f = begin(state);
    test_folder_write(&f.folder, "zones.csv", "zone_id,class\nz,large\nz,large\ny,big\n");
    test_folder_write(&f.folder, "settlements.csv",
                      "area_id,lat,lon,zone_id,band\na,52.60,-1.20,z,rural\na,52.61,-1.20,z,rural\n"
                      "b,52.60,-1.20,,\nc,-1.2,52.6,z,rural\nd,52.62,-1.2,z,\n");
    assert_int_equal(make(&f), HCB_EDATA);
    ASSERT_ERROR(&f, "there twice", "zone_id");
    ASSERT_ERROR(&f, "big", "class");
    ASSERT_ERROR(&f, "there already", "area_id");
    ASSERT_ERROR(&f, "at the same place", "area_id");
    ASSERT_ERROR(&f, "swapped", "lat");
    ASSERT_ERROR(&f, "needs a band", "band");
    test_folder_write(&f.folder, "zones.csv", "zone_id,class\ny,large\n");
    test_folder_write(&f.folder, "settlements.csv", "area_id,lat,lon,zone_id,band\na,52.60,-1.20,z,rural\n");
    assert_int_equal(make(&f), HCB_EDATA);
    ASSERT_ERROR(&f, "no zone \"z\"", "zone_id");
    end(&f);
}

static void test_voronoi__households_are_population_by_2_3(void **state) {
    fixture f = begin(state);
    test_folder_write(
        &f.folder, "settlements.csv",
        "area_id,name,lat,lon,population,people65,zone_id,band\n"
        "b,\"B, town\",52.600,-1.2,23000,4000,z,urban\nc,C,52.61,-1.17,,,,\na,A,52.62,-1.21,1,0,z,rural\n");
    assert_int_equal(hcb__zones_settlement_areas(&f.csv, f.ctx, f.settlements), HCB_OK);
    assert_string_equal(f.csv.at, "area_id,name,lat,lon,zone_id,band,households,people65\n"
                                  "a,A,52.62,-1.21,z,rural,0.4,0\n"
                                  "b,\"B, town\",52.600,-1.2,z,urban,10000.0,4000\n");
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_voronoi__shipped_files_are_what_the_settlements_give),
        CONTEXT_TEST(test_voronoi__bundled_map_is_whole),
        CONTEXT_TEST(test_voronoi__leicester_is_a_hole),
        CONTEXT_TEST(test_voronoi__agreement_with_the_inferred_zones),
        CONTEXT_TEST(test_voronoi__order_of_rows_does_not_matter),
        CONTEXT_TEST(test_voronoi__bad_settlements_are_listed),
        CONTEXT_TEST(test_voronoi__households_are_population_by_2_3),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
