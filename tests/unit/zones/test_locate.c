/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The given values; the postcode's area; the polygon and the area's polygon; where areas are points, the nearest. */
#include "geo_test.h"
#include "geo/crs.h"
#include "zone_fixture.h"

/* Zone 01 is the east, 02 the west. Area polygons cover the south half of the east only. */
static const char areas[] = "area_id,lat,lon,zone_id,band\n"
                            "e-south,52.52,-1.05,01,urban\n"
                            "e-north,52.58,-1.05,01,rural\n"
                            "w-1,52.55,-1.12,02,fringe\n"
                            "w-2,52.55,-1.12,02,isolated\n"
                            "w-3,52.55,-1.18,,urban\n";
static const char polygons[] = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
                               "{\"area_id\":\"e-south\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
                               "[[[-1.1,52.5],[-1.0,52.5],[-1.0,52.57],[-1.1,52.57],[-1.1,52.5]]]}}]}";
static const char postcodes[] = "postcode,lat,lon,area_id\nLE8 1AA,52.59,-1.05,w-1\nLE8 1AB,52.53,-1.05,\n"
                                "LE8 1AC,54.5,-1.05,\n";

static zone_fixture begin(void **state, bool with_polygons) {
    zone_fixture f = zones_begin(state);
    test_folder_write(&f.folder, "areas.csv", areas);
    test_folder_write(&f.folder, "areas.geojson", polygons);
    test_folder_write(&f.folder, "postcodes.csv", postcodes);
    f.files.areas = "areas.csv";
    f.files.areas_geojson = with_polygons ? "areas.geojson" : NULL;
    f.files.postcodes = "postcodes.csv";
    assert_int_equal(zones_load(&f), HCB_OK);
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 0);
    return f;
}

static hcb__point at(double lat, double lon) {
    hcb_context *ctx;
    hcb__crs *crs;
    hcb__point p = {lon, lat};
    size_t bad;
    assert_int_equal(hcb_context_create(&ctx, NULL), HCB_OK);
    assert_int_equal(hcb__crs_create(&crs, ctx, "EPSG:4326", NULL), HCB_OK);
    assert_true(hcb__crs_forward(crs, &p, 1, &bad));
    hcb__crs_free(crs);
    hcb_context_free(ctx);
    return p;
}

static int32_t area(const zone_fixture *f, const char *id) {
    return hcb__idmap_get(&f->set->area_of_id, id, strlen(id));
}

static void expect(hcb__location got, hcb__located_by by, int32_t zone, int32_t area_number, int32_t band) {
    assert_int_equal(got.by, by);
    assert_int_equal(got.zone, zone);
    assert_int_equal(got.area, area_number);
    assert_int_equal(got.band, band);
}

static void test_locate__given_values_win(void **state) {
    zone_fixture f = begin(state, true);
    expect(hcb__locate(f.set, 1, HCB__ISOLATED, -1, false, at(52.52, -1.05)), HCB__LOCATED_GIVEN, 1, -1, HCB__ISOLATED);
    /* Only the zone is given: the band is that of the place, though it lies in another zone. */
    expect(hcb__locate(f.set, 1, -1, -1, false, at(52.52, -1.05)), HCB__LOCATED_POLYGON, 1, area(&f, "e-south"),
           HCB__URBAN);
    /* Only the band is given. */
    expect(hcb__locate(f.set, -1, HCB__ISOLATED, -1, false, at(52.52, -1.05)), HCB__LOCATED_POLYGON, 0,
           area(&f, "e-south"), HCB__ISOLATED);
    zones_end(&f);
    f = begin(state, false);
    /* Where areas are points: the nearest one of the given zone. */
    expect(hcb__locate(f.set, 1, -1, -1, false, at(52.52, -1.05)), HCB__LOCATED_NEAREST, 1, area(&f, "w-1"),
           HCB__FRINGE);
    zones_end(&f);
}

static void test_locate__postcode_alone_goes_by_its_area(void **state) {
    zone_fixture f = begin(state, false);
    int32_t a = hcb__postcode_find(f.set, "LE8 1AA", 7), b = hcb__postcode_find(f.set, "LE8 1AB", 7);
    /* Its point is in the east, but its area says west. */
    expect(hcb__locate(f.set, -1, -1, a, true, f.set->postcodes[a].point), HCB__LOCATED_POSTCODE, 1, area(&f, "w-1"),
           HCB__FRINGE);
    /* With coordinates of its own the polygon decides. */
    expect(hcb__locate(f.set, -1, -1, a, false, at(52.59, -1.05)), HCB__LOCATED_NEAREST, 0, area(&f, "e-north"),
           HCB__RURAL);
    /* A postcode without an area: by its point. */
    expect(hcb__locate(f.set, -1, -1, b, true, f.set->postcodes[b].point), HCB__LOCATED_NEAREST, 0, area(&f, "e-south"),
           HCB__URBAN);
    /* The package's own zone with the postcode's band. */
    expect(hcb__locate(f.set, 0, -1, a, true, f.set->postcodes[a].point), HCB__LOCATED_POSTCODE, 0, area(&f, "w-1"),
           HCB__FRINGE);
    zones_end(&f);
}

static void test_locate__areas_with_polygons_are_not_guessed_at(void **state) {
    zone_fixture f = begin(state, true);
    expect(hcb__locate(f.set, -1, -1, -1, false, at(52.569, -1.05)), HCB__LOCATED_POLYGON, 0, area(&f, "e-south"),
           HCB__URBAN);
    expect(hcb__locate(f.set, -1, -1, -1, false, at(52.571, -1.05)), HCB__LOCATED_POLYGON, 0, -1, -1);
    zones_end(&f);
}

static void test_locate__nearest_point_with_ties_to_the_smallest_id(void **state) {
    zone_fixture f = begin(state, false);
    expect(hcb__locate(f.set, -1, -1, -1, false, at(52.571, -1.05)), HCB__LOCATED_NEAREST, 0, area(&f, "e-north"),
           HCB__RURAL);
    /* w-1 and w-2 are at the same place. */
    expect(hcb__locate(f.set, -1, -1, -1, false, at(52.55, -1.13)), HCB__LOCATED_NEAREST, 1, area(&f, "w-1"),
           HCB__FRINGE);
    /* w-3 has no zone_id: it takes part in the zone that holds its point. */
    expect(hcb__locate(f.set, -1, -1, -1, false, at(52.55, -1.19)), HCB__LOCATED_NEAREST, 1, area(&f, "w-3"),
           HCB__URBAN);
    zones_end(&f);
}

static void test_locate__border_is_the_smallest_id_and_outside_is_nothing(void **state) {
    zone_fixture f = begin(state, false);
    const hcb__polygon *east = &f.set->zones[0].polygon, *west = &f.set->zones[1].polygon;
    int32_t shared = 0;
    for (int32_t i = 0; i < east->n_points; i++)
        for (int32_t k = 0; k < west->n_points; k++)
            if (hcb__distance(east->points[i], west->points[k]) == 0) {
                assert_int_equal(hcb__locate(f.set, -1, -1, -1, false, east->points[i]).zone, 0);
                shared++;
            }
    assert_true(shared >= 2);
    expect(hcb__locate(f.set, -1, -1, -1, false, at(54.5, -1.05)), HCB__LOCATED_NOT, -1, -1, -1);
    int32_t c = hcb__postcode_find(f.set, "LE8 1AC", 7);
    expect(hcb__locate(f.set, -1, -1, c, true, f.set->postcodes[c].point), HCB__LOCATED_NOT, -1, -1, -1);
    zones_end(&f);
}

static void test_locate__without_areas_the_band_is_not_known(void **state) {
    zone_fixture f = zones_begin(state);
    assert_int_equal(zones_load(&f), HCB_OK);
    expect(hcb__locate(f.set, -1, -1, -1, false, at(52.55, -1.05)), HCB__LOCATED_POLYGON, 0, -1, -1);
    zones_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_locate__given_values_win),
        CONTEXT_TEST(test_locate__postcode_alone_goes_by_its_area),
        CONTEXT_TEST(test_locate__areas_with_polygons_are_not_guessed_at),
        CONTEXT_TEST(test_locate__nearest_point_with_ties_to_the_smallest_id),
        CONTEXT_TEST(test_locate__border_is_the_smallest_id_and_outside_is_nothing),
        CONTEXT_TEST(test_locate__without_areas_the_band_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
