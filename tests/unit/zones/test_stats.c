/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "zone_fixture.h"
#include "zones/stats.h"

#define GRID_ZONE(id, ring)                                                                                            \
    "{\"type\":\"Feature\",\"properties\":{\"zone_id\":\"" id "\",\"class\":\"large\"},\"geometry\":{\"type\":"        \
    "\"Polygon\",\"coordinates\":[" ring "]}}"
#define SQUARE(x0, x1) "[[" x0 ",300000],[" x1 ",300000],[" x1 ",310000],[" x0 ",310000],[" x0 ",300000]]"

static zone_fixture begin(void **state, const char *areas) {
    zone_fixture f = zones_begin(state);
    test_folder_write(
        &f.folder, "zones.geojson",
        "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:27700\"}},"
        "\"features\":[" GRID_ZONE("a", SQUARE("450000", "460000")) "," GRID_ZONE("b",
                                                                                  SQUARE("460000", "500000")) "]}");
    test_folder_write(&f.folder, "areas.csv", areas);
    f.files.areas = "areas.csv";
    assert_int_equal(zones_load(&f), HCB_OK);
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 0);
    return f;
}

static void test_stats__hand_worked(void **state) {
    zone_fixture f = begin(state, "area_id,easting,northing,zone_id,band,households,people65\n"
                                  "1,455000,305000,,urban,100,30\n"
                                  "2,456000,305000,a,rural,50.5,10\n"
                                  "3,457000,305000,a,rural,,\n");
    hcb__zone_stats *s;
    assert_int_equal(hcb__zones_stats(&s, f.ctx, f.set), HCB_OK);
    assert_int_equal(s[0].n_areas, 3);
    assert_int_equal(s[0].n_parts, 1);
    ASSERT_NEAR(s[0].area_km2, 100, 1e-9);
    ASSERT_NEAR(s[0].perimeter_km, 40, 1e-9);
    ASSERT_NEAR(s[0].polsby_popper, acos(-1) / 4, 1e-12); /* any square */
    ASSERT_NEAR(s[0].shape.reock, 2 / acos(-1), 1e-12);
    ASSERT_NEAR(s[0].shape.inertia, 3 / acos(-1), 1e-9);
    assert_int_equal(s[0].cut_edges, -1); /* areas are points */
    ASSERT_NEAR(s[0].households, 150.5, 1e-9);
    ASSERT_NEAR(s[0].people65, 40, 1e-9);
    assert_int_equal(s[0].areas_in_band[HCB__RURAL], 2);
    ASSERT_NEAR(s[0].band_share[HCB__URBAN], 0.75, 1e-12);
    ASSERT_NEAR(s[0].band_share[HCB__RURAL], 0.25, 1e-12);
    ASSERT_NEAR(s[0].band_share[HCB__FRINGE], 0, 0);
    assert_int_equal(s[1].n_areas, 0);
    ASSERT_NEAR(s[1].people65, -1, 0);
    ASSERT_NEAR(s[1].area_km2, 400, 1e-9);
    ASSERT_NEAR(s[1].polsby_popper, 4 * acos(-1) * 4 / 100, 1e-12); /* 4 by 1 */
    ASSERT_NEAR(s[1].band_share[HCB__URBAN], 0, 0);
    hcb__free(&f.ctx->mem, s);
    zones_end(&f);
}

static void test_stats__shares_fall_back_to_households_then_areas(void **state) {
    zone_fixture f = begin(state, "area_id,easting,northing,band,households\n"
                                  "1,455000,305000,urban,100\n2,456000,305000,isolated,300\n"
                                  "3,470000,305000,urban,\n4,480000,305000,fringe,\n");
    hcb__zone_stats *s;
    assert_int_equal(hcb__zones_stats(&s, f.ctx, f.set), HCB_OK);
    ASSERT_NEAR(s[0].band_share[HCB__ISOLATED], 0.75, 1e-12);
    ASSERT_NEAR(s[1].band_share[HCB__FRINGE], 0.5, 1e-12);
    hcb__free(&f.ctx->mem, s);
    zones_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_stats__hand_worked),
        CONTEXT_TEST(test_stats__shares_fall_back_to_households_then_areas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
