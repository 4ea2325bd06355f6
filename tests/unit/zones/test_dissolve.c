/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "base/text.h"
#include "geo/coverage.h"
#include "geo_shapes.h"
#include "open_data.h"
#include "workspace_files.h"
#include "zones/zones.h"

typedef struct fixture {
    hcb_context *ctx;
    test_folder folder;
    hcb__text out;
    char areas[512], geojson[512], zones[512];
} fixture;

static fixture begin(void **state) {
    fixture f = {.ctx = *state, .folder = test_folder_make()};
    hcb__text_init(&f.out, &f.ctx->mem);
    snprintf(f.areas, sizeof f.areas, "%s/areas.csv", f.folder.path);
    snprintf(f.geojson, sizeof f.geojson, "%s/areas.geojson", f.folder.path);
    snprintf(f.zones, sizeof f.zones, "%s/zones.csv", f.folder.path);
    return f;
}

static void end(fixture *f) {
    hcb__text_free(&f->out);
    test_folder_remove(f->folder.path);
}

static hcb_status run(fixture *f, bool zones) {
    hcb__dissolve_options options = {
        .areas_csv = f->areas, .areas_geojson = f->geojson, .zones_csv = zones ? f->zones : NULL};
    hcb__text_clear(&f->out);
    return hcb__zones_dissolve(&f->out, f->ctx, &options);
}

/* Three areas in a row; the middle one is drawn clockwise, the third belongs to nobody. */
static const char three[] =
    "{\"type\":\"FeatureCollection\",\"features\":["
    "{\"type\":\"Feature\",\"properties\":{\"area_id\":\"a\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
    "[[[-1.1,52.5],[-1.0,52.5],[-1.0,52.6],[-1.1,52.6],[-1.1,52.5]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"area_id\":\"b\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
    "[[[-1.0,52.5],[-1.0,52.6],[-0.9,52.6],[-0.9,52.5],[-1.0,52.5]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"area_id\":\"c\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
    "[[[-0.9,52.5],[-0.8,52.5],[-0.8,52.6],[-0.9,52.6],[-0.9,52.5]]]}}]}";

static void test_dissolve__hand_worked(void **state) {
    fixture f = begin(state);
    test_folder_write(&f.folder, "areas.csv", "zone_id,area_id\nz1,b\nz1,a\n,c\n");
    test_folder_write(&f.folder, "zones.csv", "zone_id,name,class,prime\nz1,The one,large,no\n");
    test_folder_write(&f.folder, "areas.geojson", three);
    hcb_status status = run(&f, true);
    print_diagnostics(f.ctx);
    assert_int_equal(status, HCB_OK);
    const char *want =
        "\"properties\": {\"zone_id\": \"z1\", \"name\": \"The one\", \"class\": \"large\", \"prime\": false}, "
        "\"geometry\": {\"type\": \"Polygon\", \"coordinates\": "
        "[[[-1.1000000,52.5000000],[-1.0000000,52.5000000],[-0.9000000,52.5000000],"
        "[-0.9000000,52.6000000],[-1.0000000,52.6000000],[-1.1000000,52.6000000],"
        "[-1.1000000,52.5000000]]]}";
    if (!strstr(f.out.at, want))
        fail_msg("got %s", f.out.at);
    end(&f);
}

static void test_dissolve__order_of_rows_and_features_does_not_matter(void **state) {
    fixture f = begin(state);
    test_folder_write(&f.folder, "areas.geojson", three);
    test_folder_write(&f.folder, "areas.csv", "area_id,zone_id\na,z\nb,z\nc,y\n");
    assert_int_equal(run(&f, false), HCB_OK);
    char *first = strdup(f.out.at);
    test_folder_write(&f.folder, "areas.csv", "area_id,zone_id\nc,y\nb,z\na,z\n");
    assert_int_equal(run(&f, false), HCB_OK);
    assert_string_equal(f.out.at, first);
    assert_true(strstr(first, "\"y\"") < strstr(first, "\"z\""));
    free(first);
    end(&f);
}

static void test_dissolve__area_without_polygon_and_unknown_zone_are_listed(void **state) {
    fixture f = begin(state);
    test_folder_write(&f.folder, "areas.geojson", three);
    test_folder_write(&f.folder, "areas.csv", "area_id,zone_id\na,z\nd,z\ne,z\n");
    assert_int_equal(run(&f, false), HCB_EDATA);
    int errors = 0;
    for (size_t i = 0; i < hcb_context_diagnostic_count(f.ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(f.ctx, i);
        if (d->severity == HCB_SEVERITY_ERROR) {
            errors++;
            assert_int_equal(d->line, 2 + errors);
            assert_non_null(strstr(d->message, errors == 1 ? "\"d\"" : "\"e\""));
        }
    }
    assert_int_equal(errors, 2);
    end(&f);
}

static void test_dissolve__overlapping_areas_are_refused(void **state) {
    fixture f = begin(state);
    test_folder_write(&f.folder, "areas.csv", "area_id,zone_id\na,z\nb,z\n");
    test_folder_write(&f.folder, "areas.geojson",
                      "{\"type\":\"FeatureCollection\",\"features\":["
                      "{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
                      "[[[-1.1,52.5],[-1.0,52.5],[-1.0,52.6],[-1.1,52.5]]]}},"
                      "{\"type\":\"Feature\",\"id\":\"b\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
                      "[[[-1.1,52.5],[-1.0,52.5],[-1.0,52.7],[-1.1,52.5]]]}}]}");
    assert_int_equal(run(&f, false), HCB_EDATA);
    assert_non_null(strstr(hcb_context_error(f.ctx)->message, "overlap"));
    end(&f);
}

static double area2_of(const hcb__polygon *p) {
    double sum = 0;
    for (int32_t r = 0; r < p->n_rings; r++)
        sum += 2 * hcb__ring_area(p->points + p->ring_start[r], (size_t)(p->ring_start[r + 1] - p->ring_start[r]));
    return sum;
}

typedef struct line {
    hcb__point a, b;
} line;

static int by_line(const void *va, const void *vb) {
    return memcmp(va, vb, sizeof(line));
}

/* Edges of the union of all areas. */
static size_t county_edges(hcb__arena *arena, const hcb__polygon *areas, size_t n) {
    hcb__grid_polygon *grid = hcb__arena_alloc(arena, n, sizeof *grid), county;
    const hcb__grid_polygon **list = hcb__arena_alloc(arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++) {
        const hcb__polygon *p = &areas[i];
        hcb__grid_point *points = hcb__arena_alloc(arena, (size_t)p->n_points, sizeof *points);
        for (int32_t k = 0; k < p->n_points; k++)
            points[k] = (hcb__grid_point){llround(p->points[k].x * 1e7), llround(p->points[k].y * 1e7)};
        grid[i] = (hcb__grid_polygon){p->n_parts, p->n_rings, p->n_points, p->part_start, p->ring_start, points};
        list[i] = &grid[i];
    }
    hcb__grid_point bad;
    assert_int_equal(hcb__coverage_union(&county, arena, list, n, &bad), HCB_OK);
    return (size_t)(county.n_points - county.n_rings);
}

/* 2,085 Output Areas into the 14 inferred zones: nothing lost, nothing twice, borders the same in both neighbours. */
static void test_dissolve__real_zones_are_a_coverage(void **state) {
    fixture f = begin(state);
    char csv[1024], geojson[1024];
    REQUIRE_OPEN_DATA(csv, "oa2011.csv");
    REQUIRE_OPEN_DATA(geojson, "oa2011.geojson");
    hcb__csv_rename renames[] = {{"oa11", "area_id"}, {"zone_inferred", "zone_id"}};
    hcb__dissolve_options options = {.areas_csv = csv, .areas_geojson = geojson, .renames = renames, .n_renames = 2};
    assert_int_equal(hcb__zones_dissolve(&f.out, f.ctx, &options), HCB_OK);
    test_folder_write_bytes(&f.folder, "zones.geojson", f.out.at, f.out.count);
    snprintf(f.zones, sizeof f.zones, "%s/zones.geojson", f.folder.path);
    hcb__arena arena;
    hcb__arena_init(&arena, &f.ctx->mem);
    size_t n_zones, n_areas, n_lines = 0;
    hcb__polygon *zones = shapes_read(&arena, f.zones, 1, 1, &n_zones);
    hcb__polygon *areas = shapes_read(&arena, geojson, 1, 1, &n_areas);
    assert_int_equal(n_zones, 14);
    double zone_area = 0, area_area = 0;
    int32_t points = 0;
    for (size_t i = 0; i < n_areas; i++)
        area_area += area2_of(&areas[i]);
    for (size_t z = 0; z < n_zones; z++) {
        zone_area += area2_of(&zones[z]);
        points += zones[z].n_points;
        const hcb__point *ring = zones[z].points;
        assert_true(hcb__ring_area(ring, (size_t)zones[z].ring_start[1]) > 0);
    }
    ASSERT_NEAR(zone_area, area_area, area_area * 1e-12);
    line *lines = hcb__arena_alloc(&arena, (size_t)points, sizeof *lines);
    for (size_t z = 0; z < n_zones; z++)
        for (int32_t r = 0; r < zones[z].n_rings; r++)
            for (int32_t i = zones[z].ring_start[r]; i + 1 < zones[z].ring_start[r + 1]; i++) {
                line edge = {zones[z].points[i], zones[z].points[i + 1]};
                lines[n_lines++] = edge;
            }
    qsort(lines, n_lines, sizeof *lines, by_line);
    size_t shared = 0;
    for (size_t i = 0; i < n_lines; i++) {
        line back = {lines[i].b, lines[i].a};
        assert_true(i == 0 || by_line(&lines[i - 1], &lines[i]) != 0);
        shared += bsearch(&back, lines, n_lines, sizeof *lines, by_line) != NULL;
    }
    /* What is not shared is the border of the county. */
    size_t county = county_edges(&arena, areas, n_areas);
    print_message("%zu edges, %zu of them in two zones; the county has %zu\n", n_lines, shared, county);
    assert_int_equal(n_lines - shared, county);
    hcb__arena_release(&arena);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_dissolve__hand_worked),
        CONTEXT_TEST(test_dissolve__order_of_rows_and_features_does_not_matter),
        CONTEXT_TEST(test_dissolve__area_without_polygon_and_unknown_zone_are_listed),
        CONTEXT_TEST(test_dissolve__overlapping_areas_are_refused),
        CONTEXT_TEST(test_dissolve__real_zones_are_a_coverage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
