/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The place columns, by way of a file with one row a case. */
#include "geo_test.h"
#include "io/csv.h"
#include "zone_fixture.h"

enum { POSTCODE, LAT, LON, EASTING, NORTHING };
static const hcb__csv_column columns[] = {
    {"postcode", false}, {"lat", false}, {"lon", false}, {"easting", false}, {"northing", false}};
static const hcb__place_columns place_columns = {POSTCODE, LAT, LON, EASTING, NORTHING};

typedef struct result {
    bool good;
    hcb__place place;
    char error[300], warning[300], pointer[32];
} result;

static result read_one(zone_fixture *f, const hcb__zone_set *set, const char *row) {
    char path[256], text[512];
    snprintf(path, sizeof path, "%s/places.csv", f->folder.path);
    snprintf(text, sizeof text, "postcode,lat,lon,easting,northing\n%s\n", row);
    test_folder_write(&f->folder, "places.csv", text);
    hcb__csv *csv;
    hcb__place_reader *reader;
    result r = {0};
    assert_int_equal(hcb__begin(f->ctx), HCB_OK);
    assert_int_equal(hcb__csv_open(&csv, f->ctx, path, "places.csv", columns, 5, NULL, 0), HCB_OK);
    assert_int_equal(hcb__place_reader_create(&reader, f->ctx, set), HCB_OK);
    assert_true(hcb__csv_next(csv));
    r.good = hcb__place_read(reader, csv, &place_columns, &r.place);
    hcb__place_reader_free(reader);
    hcb__csv_close(csv);
    for (size_t i = 0; i < hcb_context_diagnostic_count(f->ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(f->ctx, i);
        bool error = d->severity == HCB_SEVERITY_ERROR;
        snprintf(error ? r.error : r.warning, sizeof r.error, "%s", d->message);
        snprintf(r.pointer, sizeof r.pointer, "%s", d->pointer);
        assert_int_equal(d->line, 2);
    }
    assert_int_equal(r.good, r.error[0] == '\0');
    (void)!hcb__end(f->ctx, HCB_OK);
    return r;
}

static zone_fixture begin(void **state) {
    zone_fixture f = zones_begin(state);
    test_folder_write(&f.folder, "postcodes.csv", "postcode,easting,northing\nLE1 5WW,458660,303691\n");
    f.files.postcodes = "postcodes.csv";
    assert_int_equal(zones_load(&f), HCB_OK);
    return f;
}

static void test_place__one_of_three_ways(void **state) {
    zone_fixture f = begin(state);
    result r = read_one(&f, f.set, ",52.62782,-1.13480,,");
    assert_true(r.good && r.place.given && !r.place.only_postcode && r.place.postcode == -1);
    ASSERT_NEAR(r.place.point.x, 458660, 4);
    ASSERT_NEAR(r.place.point.y, 303691, 4);
    ASSERT_NEAR(r.place.point.x * 100, round(r.place.point.x * 100), 1e-6);
    r = read_one(&f, f.set, ",,,458660.126,303691");
    assert_true(r.good && r.place.given);
    ASSERT_NEAR(r.place.point.x, 458660.13, 1e-9);
    r = read_one(&f, f.set, "le15ww,,,,");
    assert_true(r.good && r.place.given && r.place.only_postcode && r.place.postcode == 0);
    ASSERT_NEAR(r.place.point.y, 303691, 0);
    r = read_one(&f, f.set, ",,,,");
    assert_true(r.good && !r.place.given);
    zones_end(&f);
}

static void test_place__grid_wins_over_degrees_and_points_over_postcodes(void **state) {
    zone_fixture f = begin(state);
    result r = read_one(&f, f.set, "LE1 5WW,52.6290,-1.13480,458660,303691");
    assert_true(r.good && !r.place.only_postcode && r.place.postcode == 0);
    ASSERT_NEAR(r.place.point.y, 303691, 0);
    assert_string_equal(r.warning, "");
    r = read_one(&f, f.set, ",52.6310,-1.13480,458660,303691");
    assert_false(r.good);
    assert_non_null(strstr(r.error, "at most 250 m"));
    r = read_one(&f, f.set, "LE1 5WW,,,458660,305800");
    assert_true(r.good);
    assert_non_null(strstr(r.warning, "2.1 km"));
    assert_string_equal(r.pointer, "postcode");
    ASSERT_NEAR(r.place.point.y, 305800, 0);
    r = read_one(&f, f.set, "LE1 5WW,,,458660,305600");
    assert_string_equal(r.warning, "");
    zones_end(&f);
}

static void test_place__what_cannot_be_a_place(void **state) {
    static const struct {
        const char *row, *message, *pointer;
    } cases[] = {
        {",-1.1348,52.62782,,", "swapped", "lat"},
        {",303691,458660,,", "look like eastings", "lat"},
        {",,,-1.1348,52.62782", "look like degrees", "easting"},
        {",,,52.62782,-1.1348", "look like degrees", "easting"},
        {",,,0,0", "not a position", "easting"},
        {",,,458660,-303691", "outside the National Grid", "easting"},
        {",48.85,2.35,,", "outside Great Britain", "lat"},
        {",152.6,-1.1,,", "not degrees", "lat"},
        {",52.6,,,", "lat and lon go together", "lon"},
        {",,,458660,", "easting and northing go together", "northing"},
        {",nan,-1.1,,", "nan", "lat"},
        {",1e308,-1.1,,", "1e308", "lat"},
        {",52.6N,-1.1,,", "52.6N", "lat"},
        {"Leicester,,,,", "\"Leicester\" is not a postcode", "postcode"},
        {"LE1 5WX,,,,", "not in the file of postcodes", "postcode"},
        {"X1 5WW 7,52.6,-1.1,,", "is not a postcode", "postcode"},
    };
    zone_fixture f = begin(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        result r = read_one(&f, f.set, cases[i].row);
        if (r.good || !strstr(r.error, cases[i].message) || strcmp(r.pointer, cases[i].pointer) != 0)
            fail_msg("%s: \"%s\" at %s", cases[i].row, r.error, r.pointer);
    }
    zones_end(&f);
}

static void test_place__without_a_file_of_postcodes(void **state) {
    zone_fixture f = begin(state);
    result r = read_one(&f, NULL, "LE1 5WW,,,,");
    assert_non_null(strstr(r.error, "no file of postcodes"));
    r = read_one(&f, NULL, "LE1 5WW,52.6,-1.1,,");
    assert_true(r.good && r.place.given && r.place.postcode == -1);
    zones_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_place__one_of_three_ways),
        CONTEXT_TEST(test_place__grid_wins_over_degrees_and_points_over_postcodes),
        CONTEXT_TEST(test_place__what_cannot_be_a_place),
        CONTEXT_TEST(test_place__without_a_file_of_postcodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
