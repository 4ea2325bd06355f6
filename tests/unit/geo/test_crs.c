/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "geo/crs.h"
#include "open_data.h"

static hcb__crs *create(hcb_context *ctx, const char *source) {
    hcb__crs *crs;
    assert_int_equal(hcb__crs_create(&crs, ctx, source, NULL), HCB_OK);
    return crs;
}

/* Ordnance Survey, "A guide to coordinate systems in Great Britain": the point used in its worked examples,
 * ETRS89 52 39 28.8282 N, 1 42 57.8663 E, is easting 651409.903, northing 313177.270 by OSTN15. */
static void test_crs__published_point_within_stated_accuracy(void **state) {
    hcb__crs *crs = create(*state, "EPSG:4326");
    hcb__point p = {1 + 42 / 60.0 + 57.8663 / 3600, 52 + 39 / 60.0 + 28.8282 / 3600};
    size_t bad;
    assert_true(hcb__crs_forward(crs, &p, 1, &bad));
    double accuracy = hcb__crs_accuracy_m(crs);
    assert_true(accuracy > 0 && accuracy <= 5);
    ASSERT_NEAR(p.x, 651409.903, 2 * accuracy);
    ASSERT_NEAR(p.y, 313177.270, 2 * accuracy);
    hcb__crs_free(crs);
}

static void test_crs__names_the_operation_and_is_not_ballpark(void **state) {
    hcb__crs *crs = create(*state, "EPSG:4326");
    assert_non_null(strstr(hcb__crs_operation(crs), "OSGB36 to WGS 84"));
    assert_null(strstr(hcb__crs_operation(crs), "allpark"));
    print_message("%s, %.1f m, PROJ %s\n", hcb__crs_operation(crs), hcb__crs_accuracy_m(crs), hcb__crs_proj_version());
    assert_true(strlen(hcb__geos_version()) > 0);
    hcb__crs_free(crs);
}

static void test_crs__there_and_back(void **state) {
    hcb__crs *crs = create(*state, "EPSG:4326");
    for (int i = 0; i <= 20; i++)
        for (int j = 0; j <= 20; j++) {
            hcb__point start = {-8 + i * 0.5, 50 + j * 0.5}, p = start;
            size_t bad;
            assert_true(hcb__crs_forward(crs, &p, 1, &bad) && hcb__crs_inverse(crs, &p, 1, &bad));
            ASSERT_NEAR(p.x, start.x, 5e-8);
            ASSERT_NEAR(p.y, start.y, 5e-8);
        }
    hcb__crs_free(crs);
}

static void test_crs__old_geojson_names_are_longitude_first_too(void **state) {
    hcb__crs *a = create(*state, "EPSG:4326"), *b = create(*state, "urn:ogc:def:crs:OGC:1.3:CRS84");
    hcb__crs *c = create(*state, "urn:ogc:def:crs:EPSG::4326");
    hcb__point p = {-1.13480, 52.62782}, q = p, r = p;
    size_t bad;
    assert_true(hcb__crs_forward(a, &p, 1, &bad) && hcb__crs_forward(b, &q, 1, &bad) &&
                hcb__crs_forward(c, &r, 1, &bad));
    ASSERT_NEAR(q.x, p.x, 1e-6);
    ASSERT_NEAR(q.y, p.y, 1e-6);
    ASSERT_NEAR(r.x, p.x, 1e-6);
    ASSERT_NEAR(r.y, p.y, 1e-6);
    /* Leicester Royal Infirmary: its postcode's point is 458660, 303691. */
    ASSERT_NEAR(p.x, 458660, 5);
    ASSERT_NEAR(p.y, 303691, 5);
    hcb__crs_free(a);
    hcb__crs_free(b);
    hcb__crs_free(c);
}

static void test_crs__grid_to_grid_changes_nothing(void **state) {
    hcb__crs *crs = create(*state, "EPSG:27700");
    hcb__point p = {456638.12, 297401.34};
    size_t bad;
    assert_true(hcb__crs_forward(crs, &p, 1, &bad));
    ASSERT_NEAR(p.x, 456638.12, 1e-9);
    ASSERT_NEAR(p.y, 297401.34, 1e-9);
    hcb__crs_free(crs);
}

static void test_crs__another_target(void **state) {
    hcb__crs *crs;
    assert_int_equal(hcb__crs_create(&crs, *state, "EPSG:4326", "EPSG:32630"), HCB_OK);
    hcb__point p = {-3, 0}; /* on the central meridian of UTM zone 30, at the equator */
    size_t bad;
    assert_true(hcb__crs_forward(crs, &p, 1, &bad));
    ASSERT_NEAR(p.x, 500000, 1e-3);
    ASSERT_NEAR(p.y, 0, 1e-3);
    hcb__crs_free(crs);
}

static void test_crs__unknown_one_is_named(void **state) {
    hcb_context *ctx = *state;
    hcb__crs *crs;
    assert_int_equal(hcb__crs_create(&crs, ctx, "EPSG:123456", NULL), HCB_ECRS);
    assert_null(crs);
    assert_non_null(strstr(hcb_context_error(ctx)->message, "EPSG:123456"));
}

static void test_crs__bad_point_is_numbered(void **state) {
    hcb__crs *crs = create(*state, "EPSG:4326");
    hcb__point p[] = {{-1, 52}, {NAN, 52}, {-1, 53}};
    size_t bad = 9;
    assert_false(hcb__crs_forward(crs, p, 3, &bad));
    assert_int_equal(bad, 1);
    hcb__point good = {-1, 52};
    assert_true(hcb__crs_forward(crs, &good, 1, &bad));
    hcb__crs_free(crs);
}

/* The open data has both coordinates of 15,281 postcodes, degrees to five decimals (about 1 m). */
static void test_crs__agrees_with_the_postcodes(void **state) {
    char path[1024], line[512];
    REQUIRE_OPEN_DATA(path, "postcodes.csv");
    hcb__crs *crs = create(*state, "EPSG:4326");
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    int rows = 0;
    double worst = 0;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        double e, n;
        hcb__point p;
        if (sscanf(line, "%*[^,],%lf,%lf,%lf,%lf", &e, &n, &p.y, &p.x) != 4)
            continue;
        size_t bad;
        assert_true(hcb__crs_forward(crs, &p, 1, &bad));
        worst = fmax(worst, hcb__distance(p, (hcb__point){e, n}));
        rows++;
    }
    fclose(file);
    assert_int_equal(rows, 15281);
    print_message("worst of %d postcodes: %.2f m\n", rows, worst);
    assert_true(worst < 6);
    hcb__crs_free(crs);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_crs__published_point_within_stated_accuracy),
        CONTEXT_TEST(test_crs__names_the_operation_and_is_not_ballpark),
        CONTEXT_TEST(test_crs__there_and_back),
        CONTEXT_TEST(test_crs__old_geojson_names_are_longitude_first_too),
        CONTEXT_TEST(test_crs__grid_to_grid_changes_nothing),
        CONTEXT_TEST(test_crs__another_target),
        CONTEXT_TEST(test_crs__unknown_one_is_named),
        CONTEXT_TEST(test_crs__bad_point_is_numbered),
        CONTEXT_TEST(test_crs__agrees_with_the_postcodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
