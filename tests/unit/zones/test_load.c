/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "base/clock.h"
#include "open_data.h"
#include "zone_fixture.h"

static void test_load__two_zones_sorted_with_defaults(void **state) {
    zone_fixture f = zones_begin(state);
    assert_int_equal(zones_load(&f), HCB_OK);
    ASSERT_NO_PROBLEMS(&f);
    assert_int_equal(f.set->n_zones, 2);
    assert_string_equal(f.set->zones[0].id, "01");
    assert_string_equal(f.set->zones[0].name, "Zone 01");
    assert_int_equal(f.set->zones[0].zone_class, HCB__RURAL_FREE);
    assert_false(f.set->zones[0].prime);
    assert_true(f.set->zones[1].prime);
    assert_int_equal(f.set->zones[1].hours_min, -1);
    assert_int_equal(hcb__idmap_get(&f.set->zone_of_id, "02", 2), 1);
    assert_non_null(strstr(f.set->crs_operation, "British National Grid"));
    assert_true(f.set->crs_accuracy_m > 0);
    /* 0.1 degrees square at 52.55 N: about 6.78 km by 11.13 km. */
    ASSERT_NEAR(hcb__polygon_area(&f.set->zones[0].polygon) / 1e6, 6.779 * 11.126, 0.3);
    for (int32_t i = 0; i < f.set->zones[0].polygon.n_points; i++) {
        double cm = f.set->zones[0].polygon.points[i].x * 100;
        ASSERT_NEAR(cm, round(cm), 1e-6);
    }
    zones_end(&f);
}

static void load_zones(zone_fixture *f, const char *text) {
    test_folder_write(&f->folder, "zones.geojson", text);
    (void)!zones_load(f);
}

static void test_load__properties(void **state) {
    zone_fixture f = zones_begin(state);
    load_zones(&f, COLLECTION(FEATURE("7", "medium", ",\"prime\":false,\"hours_min\":1450.5,\"hours_max\":\"2000:20\"",
                                      WEST)));
    ASSERT_NO_PROBLEMS(&f);
    assert_false(f.set->zones[0].prime);
    assert_int_equal(f.set->zones[0].hours_min, 87030);
    assert_int_equal(f.set->zones[0].hours_max, 120020);
    load_zones(&f,
               COLLECTION("{\"type\":\"Feature\",\"id\":7,\"properties\":{\"class\":\"huge\",\"prime\":1,\"name\":3,"
                          "\"hours_min\":-5,\"hours_max\":\"12:61\"},\"geometry\":{\"type\":\"Polygon\","
                          "\"coordinates\":[" WEST "]}}"));
    ASSERT_ERROR(&f, "huge", "/features/0/properties/class");
    ASSERT_ERROR(&f, "prime", "/features/0/properties/prime");
    ASSERT_ERROR(&f, "name", "/features/0/properties/name");
    ASSERT_ERROR(&f, "hours_min", "/features/0/properties/hours_min");
    ASSERT_ERROR(&f, "hours_max", "/features/0/properties/hours_max");
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 5);
    assert_non_null(f.set);
    assert_string_equal(f.set->zones[0].id, "7");
    zones_end(&f);
}

static void test_load__every_bad_feature_is_listed(void **state) {
    zone_fixture f = zones_begin(state);
    load_zones(
        &f,
        COLLECTION(
            FEATURE("a", "large", "", "[[-1.2,52.5],[-1.1,52.6],[-1.1,52.5],[-1.2,52.6],[-1.2,52.5]]") /* bow tie */
            "," FEATURE("b", "large", "", "[[-1.2,52.5],[-1.1,52.5],[-1.1,52.6],[-1.2,52.6]]")         /* open */
            "," FEATURE("c", "large", "", "[[-1.2,52.5],[-1.1,52.5],[-1.2,52.5]]")                     /* 3 points */
            "," FEATURE("d", "large", "", "[[-1.2,52.5],[-1.1,\"x\"],[-1.1,52.6],[null],[-1.2,52.5]]") /* no numbers */
            "," FEATURE("e", "large", "", "[[52.5,-1.2],[52.5,-1.1],[52.6,-1.1],[52.6,-1.2],[52.5,-1.2]]") "," FEATURE("f", "large", "", "[[450000,300000],[460000,300000],[460000,310000],[450000,300000]]") "," FEATURE(
                "g", "large", "",
                "[[-1.2,1e308],[-1.1,52.5],[-1.1,52.6],[-1.2,1e308]]") "," FEATURE("h", "large", "",
                                                                                   "[[12.2,52.5],[12.3,52.5],[12.3,52."
                                                                                   "6],[12.2,52.5]]") "," FEATURE("i",
                                                                                                                  "larg"
                                                                                                                  "e",
                                                                                                                  "",
                                                                                                                  "[[-"
                                                                                                                  "1.2,"
                                                                                                                  "52."
                                                                                                                  "5],["
                                                                                                                  "-1."
                                                                                                                  "2,"
                                                                                                                  "52."
                                                                                                                  "5],["
                                                                                                                  "-1."
                                                                                                                  "2,"
                                                                                                                  "52."
                                                                                                                  "5],["
                                                                                                                  "-1."
                                                                                                                  "2,"
                                                                                                                  "52."
                                                                                                                  "5]]") ",{\"type\":\"Feature\",\"properties\":{\"zone_id\":\"j\",\"class\":\"large\"},\"geometry\":null}"
                                                                                                                         ",{\"type\":\"Feature\",\"properties\":{\"zone_id\":\"k\",\"class\":\"large\"},\"geometry\":"
                                                                                                                         "{\"type\":\"Point\",\"coordinates\":[-1.2,52.5]}}"
                                                                                                                         ",{\"type\":\"Feature\",\"properties\":{\"class\":\"large\"},\"geometry\":null}"
                                                                                                                         "," FEATURE(
                                                                                                                             "a",
                                                                                                                             "large",
                                                                                                                             "",
                                                                                                                             EAST)));
    ASSERT_ERROR(&f, "Self-intersection", NULL);
    const hcb_diagnostic *d = find_problem(f.ctx, HCB_SEVERITY_ERROR, "Self-intersection", NULL);
    assert_non_null(strstr(d->message, "zone \"a\""));
    assert_int_equal(strncmp(d->pointer, "/features/0/geometry/coordinates/0/", 35), 0);
    /* The file's own coordinates of the crossing. */
    assert_non_null(strstr(d->message, "(-1.15"));
    ASSERT_ERROR(&f, "not closed", "/features/1/geometry/coordinates/0/3");
    ASSERT_ERROR(&f, "3 positions", "/features/2/geometry/coordinates/0");
    ASSERT_ERROR(&f, "two numbers", "/features/3/geometry/coordinates/0/1");
    ASSERT_ERROR(&f, "two numbers", "/features/3/geometry/coordinates/0/3");
    ASSERT_ERROR(&f, "latitude and longitude swapped", "/features/4/geometry/coordinates/0/0");
    ASSERT_ERROR(&f, "eastings and northings", "/features/5/geometry/coordinates/0/0");
    ASSERT_ERROR(&f, "1.000e+308", "/features/6/geometry/coordinates/0/0");
    ASSERT_ERROR(&f, "outside Great Britain", "/features/7/geometry/coordinates/0/0");
    ASSERT_ERROR(&f, "encloses nothing", "/features/8/geometry/coordinates/0/0");
    ASSERT_ERROR(&f, "Polygon or MultiPolygon", "/features/9/geometry");
    ASSERT_ERROR(&f, "Polygon or MultiPolygon", "/features/10/geometry");
    ASSERT_ERROR(&f, "zone_id", "/features/11/properties");
    ASSERT_ERROR(&f, "there twice", "/features/12/properties/zone_id");
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 14);
    assert_non_null(f.set);
    assert_int_equal(f.set->n_zones, 11);
    zones_end(&f);
}

static void test_load__multipolygon_pointers_name_part_ring_and_position(void **state) {
    zone_fixture f = zones_begin(state);
    load_zones(&f,
               COLLECTION("{\"type\":\"Feature\",\"properties\":{\"zone_id\":\"m\",\"class\":\"large\"},\"geometry\":"
                          "{\"type\":\"MultiPolygon\",\"coordinates\":[[" EAST "],[" WEST
                          ",[[-1.15,52.55],[-1.14,52.56],[-1.13,52.55],[-1.15,52.54]]]]}}"));
    ASSERT_ERROR(&f, "not closed", "/features/0/geometry/coordinates/1/1/3");
    zones_end(&f);
}

#define GRID_RING "[[450000,300000],[460000,300000],[460000,310000],[450000,310000],[450000,300000]]"
#define WITH_CRS(name, ring)                                                                                           \
    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"" name                      \
    "\"}},\"features\":[" FEATURE("1", "large", "", ring) "]}"

static void test_load__old_crs_member_is_honoured(void **state) {
    zone_fixture f = zones_begin(state);
    load_zones(&f, WITH_CRS("urn:ogc:def:crs:EPSG::27700", GRID_RING));
    ASSERT_NO_PROBLEMS(&f);
    ASSERT_NEAR(hcb__polygon_area(&f.set->zones[0].polygon), 1e8, 1e-3);
    load_zones(&f, WITH_CRS("urn:ogc:def:crs:OGC:1.3:CRS84", WEST));
    ASSERT_NO_PROBLEMS(&f);
    double degrees = hcb__polygon_area(&f.set->zones[0].polygon);
    load_zones(&f, COLLECTION(FEATURE("1", "large", "", WEST)));
    ASSERT_NEAR(hcb__polygon_area(&f.set->zones[0].polygon), degrees, 0);
    zones_end(&f);
}

static void test_load__wrong_crs_is_refused_by_name(void **state) {
    zone_fixture f = zones_begin(state);
    load_zones(&f, WITH_CRS("EPSG:27700", WEST));
    ASSERT_ERROR(&f, "look like degrees", "/features/0/geometry/coordinates/0/0");
    ASSERT_ERROR(&f, "EPSG:27700", NULL);
    assert_non_null(f.set);
    test_folder_write(&f.folder, "zones.geojson", WITH_CRS("EPSG:999999", WEST));
    assert_int_equal(zones_load(&f), HCB_ECRS);
    assert_null(f.set);
    ASSERT_ERROR(&f, "EPSG:999999", "/crs/properties/name");
    zones_end(&f);
}

static void test_load__files_that_are_no_maps(void **state) {
    static const struct {
        const char *text, *message, *pointer;
    } cases[] = {{"", NULL, NULL},
                 {"{\"type\":\"FeatureCollection\",\"features\":[", NULL, NULL},
                 {"{\"type\":\"FeatureCollection\",\"features\":[{\"a\":NaN}]}", NULL, NULL},
                 {"[1,2]", "FeatureCollection", "/type"},
                 {"{\"type\":\"Topology\"}", "FeatureCollection", "/type"},
                 {"{\"type\":\"FeatureCollection\",\"features\":{}}", "list of features", "/features"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zone_fixture f = zones_begin(state);
        test_folder_write(&f.folder, "zones.geojson", cases[i].text);
        assert_int_equal(zones_load(&f), HCB_EPARSE);
        assert_null(f.set);
        ASSERT_ERROR(&f, cases[i].message, cases[i].pointer);
        zones_end(&f);
    }
    zone_fixture f = zones_begin(state);
    f.files.zones = "none.geojson";
    hcb_status status = zones_load(&f);
    assert_int_equal(status, HCB_ENOTFOUND);
    zones_end(&f);
}

static void test_load__no_zones_at_all(void **state) {
    zone_fixture f = zones_begin(state);
    load_zones(&f, COLLECTION(""));
    ASSERT_ERROR(&f, "no zones", "/features");
    zones_end(&f);
}

static void test_load__wide_overlap_is_an_error_narrow_a_warning(void **state) {
    zone_fixture f = zones_begin(state);
    /* 0.001 degrees of longitude are 68 m here, 0.0001 are 6.8 m. */
    load_zones(&f, COLLECTION(FEATURE("a", "large", "", WEST) "," FEATURE(
                       "b", "large", "", "[[-1.101,52.5],[-1.0,52.5],[-1.0,52.6],[-1.101,52.6],[-1.101,52.5]]")));
    ASSERT_ERROR(&f, "\"a\" and \"b\" overlap by", NULL);
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 1);
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_WARNING), 0);
    zones_end(&f);
}

static void test_load__narrow_overlap_is_one_warning(void **state) {
    zone_fixture f = zones_begin(state);
    load_zones(&f, COLLECTION(FEATURE("b", "large", "", WEST) "," FEATURE(
                       "a", "large", "", "[[-1.1001,52.5],[-1.0,52.5],[-1.0,52.6],[-1.1001,52.6],[-1.1001,52.5]]")));
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 0);
    ASSERT_WARNING(&f, "1 pair of zones overlaps", NULL);
    /* In the overlap the smaller id counts. */
    hcb__place_reader *reader;
    assert_int_equal(hcb__place_reader_create(&reader, f.ctx, f.set), HCB_OK);
    hcb__place_reader_free(reader);
    hcb__point corner = f.set->zones[0].polygon.points[0], p = {corner.x + 3, corner.y + 1000};
    assert_int_equal(hcb__locate(f.set, -1, -1, -1, false, p).zone, 0);
    f.files.overlap_error_m = 5;
    assert_int_equal(zones_load(&f), HCB_OK);
    ASSERT_ERROR(&f, "overlap by 6.8", NULL);
    zones_end(&f);
}

#define AREAS_HEADER "area_id,lat,lon,zone_id,band,name,households,people65\n"

static void load_areas(zone_fixture *f, const char *csv) {
    test_folder_write(&f->folder, "areas.csv", csv);
    f->files.areas = "areas.csv";
    (void)!zones_load(f);
}

static void test_load__areas(void **state) {
    zone_fixture f = zones_begin(state);
    load_areas(&f, AREAS_HEADER "b,52.55,-1.15,,fringe,\"B, big\",10.5,3\n"
                                "a,52.55,-1.05,01,isolated,,,\n"
                                "far,55,-2,,rural,,,\n");
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 0);
    ASSERT_WARNING(&f, "1 areas are in no zone, the first is \"far\"", NULL);
    assert_int_equal(f.set->n_areas, 3);
    const hcb__area *a = &f.set->areas[0], *b = &f.set->areas[1];
    assert_string_equal(a->id, "a");
    assert_string_equal(a->name, "");
    assert_int_equal(a->zone, 0);
    assert_int_equal(a->band, HCB__ISOLATED);
    ASSERT_NEAR(a->households, -1, 0);
    assert_string_equal(b->name, "B, big");
    assert_int_equal(b->zone, 1); /* by its point */
    assert_int_equal(b->band, HCB__FRINGE);
    ASSERT_NEAR(b->households, 10.5, 0);
    ASSERT_NEAR(b->people65, 3, 0);
    assert_int_equal(f.set->areas[2].zone, -1);
    assert_int_equal(f.set->n_area_polygons, 0);
    assert_null(f.set->area_index);
    zones_end(&f);
}

static void test_load__every_bad_area_is_listed_with_its_cell(void **state) {
    zone_fixture f = zones_begin(state);
    load_areas(&f, AREAS_HEADER "a,52.55,-1.15,77,fringe,,,\n"
                                "b,52.55,-1.15,02,green,,,\n"
                                "c,52.55,-1.15,02,,,,\n"
                                "d,,,02,rural,,,\n"
                                "e,-1.15,52.55,02,rural,,,\n"
                                "f,52.55,-1.15,02,rural,,-3,1e308\n"
                                "a,52.55,-1.15,02,fringe,,,\n"
                                ",52.55,-1.15,02,fringe,,,\n"
                                "g,nan,-1.15,02,fringe,,,\n"
                                "h,52.55,,02,fringe,,,\n");
    static const struct {
        int line;
        const char *text;
    } want[] = {{2, "no zone \"77\""}, {3, "green"}, {4, "band"},     {5, "position"},
                {6, "swapped"},        {7, "-3"},    {7, "1e308"},    {8, "there already, in line 2"},
                {9, "area_id"},        {10, "nan"},  {11, "one half"}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        bool found = false;
        for (size_t k = 0; k < hcb_context_diagnostic_count(f.ctx); k++) {
            const hcb_diagnostic *d = hcb_context_diagnostic_at(f.ctx, k);
            found |= d->line == want[i].line && strstr(d->message, want[i].text) && strcmp(d->file, "areas.csv") == 0;
        }
        if (!found) {
            print_diagnostics(f.ctx);
            fail_msg("line %d: no \"%s\"", want[i].line, want[i].text);
        }
    }
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), sizeof want / sizeof *want);
    zones_end(&f);
}

static const char area_polygons[] =
    "{\"type\":\"FeatureCollection\",\"features\":["
    "{\"type\":\"Feature\",\"properties\":{\"code\":\"a\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
    "[[[-1.1,52.5],[-1.0,52.5],[-1.0,52.55],[-1.1,52.55],[-1.1,52.5]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"area_id\":\"b\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
    "[[[-1.1,52.55],[-1.0,52.55],[-1.0,52.6],[-1.1,52.6],[-1.1,52.55]]]}},"
    "{\"type\":\"Feature\",\"id\":\"x\",\"properties\":null,\"geometry\":null}]}";

static void test_load__area_polygons_are_matched_by_id(void **state) {
    zone_fixture f = zones_begin(state);
    test_folder_write(&f.folder, "areas.geojson", area_polygons);
    f.files.areas_geojson = "areas.geojson";
    load_areas(&f, AREAS_HEADER "c,52.55,-1.15,02,rural,,,\n"
                                "b,52.58,-1.05,01,fringe,,,\n"
                                "a,,,01,isolated,,,\n");
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 0);
    ASSERT_WARNING(&f, "1 polygons of areas that are not in the file of areas, the first is \"x\"", NULL);
    ASSERT_WARNING(&f, "1 areas have no polygon, the first is \"c\"", NULL);
    assert_int_equal(f.set->n_area_polygons, 2);
    assert_int_equal(f.set->area_polygon[0], 0);
    assert_int_equal(f.set->area_polygon[1], 1);
    /* a has no position of its own: a point inside its polygon */
    assert_int_equal(hcb__geo_index_locate(f.set->area_index, f.set->areas[0].point), 0);
    zones_end(&f);
}

static void test_load__area_without_position_and_polygon(void **state) {
    zone_fixture f = zones_begin(state);
    test_folder_write(&f.folder, "areas.geojson", area_polygons);
    f.files.areas_geojson = "areas.geojson";
    load_areas(&f, AREAS_HEADER "a,,,01,isolated,,,\nlost,,,01,rural,,,\n");
    ASSERT_ERROR(&f, "\"lost\" has neither", NULL);
    zones_end(&f);
}

static void load_postcodes(zone_fixture *f, const char *csv) {
    test_folder_write(&f->folder, "postcodes.csv", csv);
    f->files.postcodes = "postcodes.csv";
    (void)!zones_load(f);
}

static void test_load__postcodes_with_a_header(void **state) {
    zone_fixture f = zones_begin(state);
    test_folder_write(&f.folder, "areas.csv", AREAS_HEADER "a1,52.55,-1.15,02,rural,,,\n");
    f.files.areas = "areas.csv";
    load_postcodes(&f, "postcode,easting,northing,area_id\nLE8 4ad,456638,297401.239,a1\nle84AA,456000,297000,\n"
                       "LE8 4AB,456001,297001,zz\n");
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 0);
    ASSERT_WARNING(&f, "the first is \"zz\"", NULL);
    assert_int_equal(f.set->n_postcodes, 3);
    assert_string_equal(f.set->postcodes[2].code, "LE84AD");
    assert_int_equal(f.set->postcodes[2].area, 0);
    ASSERT_NEAR(f.set->postcodes[2].point.y, 297401.24, 1e-9);
    assert_int_equal(f.set->postcodes[0].area, -1);
    assert_int_equal(hcb__postcode_find(f.set, "le8 4ad", 7), 2);
    assert_int_equal(hcb__postcode_find(f.set, " L E84 ab", 9), 1);
    assert_int_equal(hcb__postcode_find(f.set, "LE8 4AC", 7), -1);
    assert_int_equal(hcb__postcode_find(f.set, "no", 2), -1);
    zones_end(&f);
}

static void test_load__bad_postcodes_are_listed(void **state) {
    zone_fixture f = zones_begin(state);
    load_postcodes(&f, "postcode,easting,northing\nLE8 4AD,456638,297401\nLE8 4AD,456638,297401\nXYZ,456638,297401\n"
                       "LE8 4AA,52.5,-1.1\n,456638,297401\nLE8 4AB,,\n");
    ASSERT_ERROR(&f, "there already, in line 2", "postcode");
    ASSERT_ERROR(&f, "\"XYZ\" is not a postcode", "postcode");
    ASSERT_ERROR(&f, "look like degrees", "easting");
    ASSERT_ERROR(&f, "a postcode was expected", "postcode");
    ASSERT_WARNING(&f, "1 postcode without a position", NULL);
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 4);
    zones_end(&f);
}

static void test_load__code_point_open_file_and_folder(void **state) {
    zone_fixture f = zones_begin(state);
    load_postcodes(&f, "\"LE8 4AD\",10,456638,297401,\"E92000001\",\"E19000001\"\r\n"
                       "\"LE1 1AA\",90,0,0,\"E92000001\",\"\"\r\n\"LE84AB\",10,456001,297001,\"E92000001\",\"\"\r\n");
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 0);
    ASSERT_WARNING(&f, "1 postcode without a position", NULL);
    assert_int_equal(f.set->n_postcodes, 2);
    char path[512];
    snprintf(path, sizeof path, "%s/codes", f.folder.path);
    assert_int_equal(mkdir(path, 0700), 0);
    test_folder_write(&f.folder, "codes/le.csv", "\"LE8 4AD\",10,456638,297401\n");
    test_folder_write(&f.folder, "codes/dn.csv", "\"DN1 1AA\",10,457638,403401\n");
    test_folder_write(&f.folder, "codes/notes.txt", "not a list\n");
    f.files.postcodes = "codes";
    assert_int_equal(zones_load(&f), HCB_OK);
    assert_int_equal(f.set->n_postcodes, 2);
    assert_string_equal(f.set->postcodes[0].code, "DN11AA");
    zones_end(&f);
}

static void test_load__onspd_is_recognised_without_warnings(void **state) {
    zone_fixture f = zones_begin(state);
    test_folder_write(&f.folder, "areas.csv", "area_id,lat,lon,band\nE00129967,52.55,-1.05,rural\n");
    f.files.areas = "areas.csv";
    load_postcodes(&f,
                   "\"pcd\",\"pcd2\",\"pcds\",\"dointr\",\"doterm\",\"oseast1m\",\"osnrth1m\",\"oa11\",\"oa21\"\n"
                   "\"LE8 4AD\",\"LE8  4AD\",\"LE8 4AD\",\"198001\",\"\",\"456638\",\"0297401\",\"X\",\"E00129967\"\n");
    ASSERT_NO_PROBLEMS(&f);
    assert_int_equal(f.set->n_postcodes, 1);
    ASSERT_NEAR(f.set->postcodes[0].point.y, 297401, 0);
    assert_int_equal(f.set->postcodes[0].area, 0);
    hcb__csv_rename older[] = {{"oa11", "area_id"}};
    f.files.postcode_renames = older;
    f.files.n_postcode_renames = 1;
    assert_int_equal(zones_load(&f), HCB_OK);
    assert_int_equal(f.set->postcodes[0].area, -1);
    ASSERT_WARNING(&f, "the first is \"X\"", NULL);
    zones_end(&f);
}

/* The whole open data: 14 zones dissolved from 2,085 Output Areas, their polygons, 15,281 postcodes. */
static void test_load__real_county(void **state) {
    zone_fixture f = zones_begin(state);
    char csv[1024], geojson[1024], postcodes[1024];
    REQUIRE_OPEN_DATA(csv, "oa2011.csv");
    REQUIRE_OPEN_DATA(geojson, "oa2011.geojson");
    REQUIRE_OPEN_DATA(postcodes, "postcodes.csv");
    hcb__csv_rename renames[] = {{"oa11", "area_id"}, {"zone_inferred", "zone_id"}, {"band_inferred", "band"}};
    hcb__csv_rename code_renames[] = {{"oa11", "area_id"}};
    hcb__text zones;
    hcb__text_init(&zones, &f.ctx->mem);
    hcb__dissolve_options options = {.areas_csv = csv, .areas_geojson = geojson, .renames = renames, .n_renames = 2};
    double start = hcb__now();
    assert_int_equal(hcb__zones_dissolve(&zones, f.ctx, &options), HCB_OK);
    double dissolved = hcb__now();
    test_folder_write_bytes(&f.folder, "zones.geojson", zones.at, zones.count);
    hcb__text_free(&zones);
    f.files.areas = csv;
    f.files.areas_geojson = geojson;
    f.files.postcodes = postcodes;
    f.files.area_renames = renames;
    f.files.n_area_renames = 3;
    f.files.postcode_renames = code_renames;
    f.files.n_postcode_renames = 1;
    double before = hcb__now();
    hcb_status status = zones_load(&f);
    double seconds = hcb__now() - before;
    if (status != HCB_OK || count_problems(f.ctx, HCB_SEVERITY_ERROR))
        print_diagnostics(f.ctx);
    assert_int_equal(status, HCB_OK);
    assert_int_equal(count_problems(f.ctx, HCB_SEVERITY_ERROR), 0);
    assert_null(find_problem(f.ctx, HCB_SEVERITY_WARNING, "overlap", NULL));
    assert_int_equal(f.set->n_zones, 14);
    assert_int_equal(f.set->n_areas, 2085);
    assert_int_equal(f.set->n_area_polygons, 2085);
    assert_int_equal(f.set->n_postcodes, 15281);
    double km2 = 0;
    for (int32_t z = 0; z < 14; z++)
        km2 += hcb__polygon_area(&f.set->zones[z].polygon) / 1e6;
    /* Published 2,083 to 2,084 square kilometres; grid metres are not quite metres on the ground. */
    ASSERT_NEAR(km2, 2083.84, 3);
    /* Every postcode lies in its Output Area by its own point, or next to it (areas are generalised to about 20 m). */
    int32_t same = 0, same_zone = 0;
    for (int32_t i = 0; i < f.set->n_postcodes; i++) {
        const hcb__postcode *p = &f.set->postcodes[i];
        hcb__location at = hcb__locate(f.set, -1, -1, -1, false, p->point);
        same += at.area == p->area;
        same_zone += p->area >= 0 && at.zone == f.set->areas[p->area].zone;
        hcb__location by_code = hcb__locate(f.set, -1, -1, i, true, p->point);
        assert_int_equal(by_code.by, HCB__LOCATED_POSTCODE);
        assert_int_equal(by_code.area, p->area);
    }
    print_message("dissolved in %.0f ms, loaded in %.0f ms; %d of 15281 postcodes in their area, %d in its zone\n",
                  (dissolved - start) * 1e3, seconds * 1e3, same, same_zone);
    assert_true(same > 15000 && same_zone > 15200);
    zones_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_load__two_zones_sorted_with_defaults),
        CONTEXT_TEST(test_load__properties),
        CONTEXT_TEST(test_load__every_bad_feature_is_listed),
        CONTEXT_TEST(test_load__multipolygon_pointers_name_part_ring_and_position),
        CONTEXT_TEST(test_load__old_crs_member_is_honoured),
        CONTEXT_TEST(test_load__wrong_crs_is_refused_by_name),
        CONTEXT_TEST(test_load__files_that_are_no_maps),
        CONTEXT_TEST(test_load__no_zones_at_all),
        CONTEXT_TEST(test_load__wide_overlap_is_an_error_narrow_a_warning),
        CONTEXT_TEST(test_load__narrow_overlap_is_one_warning),
        CONTEXT_TEST(test_load__areas),
        CONTEXT_TEST(test_load__every_bad_area_is_listed_with_its_cell),
        CONTEXT_TEST(test_load__area_polygons_are_matched_by_id),
        CONTEXT_TEST(test_load__area_without_position_and_polygon),
        CONTEXT_TEST(test_load__postcodes_with_a_header),
        CONTEXT_TEST(test_load__bad_postcodes_are_listed),
        CONTEXT_TEST(test_load__code_point_open_file_and_folder),
        CONTEXT_TEST(test_load__onspd_is_recognised_without_warnings),
        CONTEXT_TEST(test_load__real_county),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
