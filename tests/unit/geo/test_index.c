/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Oracle: GEOS's prepared predicates. */
#include "geo_test.h"
#include "base/clock.h"
#include "base/rng.h"
#include "geo/geos_handle.h"
#include "geo/index.h"
#include "geo_shapes.h"
#include "open_data.h"

static hcb__geo_index *create(hcb_context *ctx, const hcb__polygon *polygons, size_t n) {
    const hcb__polygon **list = calloc(n + 1, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = &polygons[i];
    hcb__geo_index *index;
    assert_int_equal(hcb__geo_index_create(&index, &ctx->mem, list, n), HCB_OK);
    free(list);
    return index;
}

static void test_index__border_hole_and_smallest_number(void **state) {
    hcb_context *ctx = *state;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb__polygon p[] = {shape_box(&arena, 110, 100, 120, 110), shape_frame(&arena, 100, 100, 110, 110, 3),
                        shape_box(&arena, 102, 102, 108, 108)};
    hcb__geo_index *index = create(ctx, p, 3);
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){115, 105}), 0);
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){110, 105}), 0);      /* on the border of 0 and 1 */
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){109.9992, 105}), 0); /* within 1 mm of 0 */
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){109.998, 105}), 1);
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){105, 105}), 2); /* in the hole of 1 */
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){103, 105}), 1); /* on the hole's border */
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){100, 100}), 1); /* corner */
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){99.9995, 99.9995}), 1);
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){99.998, 100}), -1);
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){500, 500}), -1);
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){NAN, 105}), -1);
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){INFINITY, -INFINITY}), -1);
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){102.5, 105}), 1); /* 1 and 2 hold it */
    hcb__geo_index_free(index);
    hcb__arena_release(&arena);
}

static void test_index__nothing_to_find_in(void **state) {
    hcb_context *ctx = *state;
    hcb__geo_index *index = create(ctx, NULL, 0);
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){1, 1}), -1);
    hcb__geo_index_free(index);
    hcb__polygon empty = {0};
    index = create(ctx, &empty, 1);
    assert_int_equal(hcb__geo_index_locate(index, (hcb__point){0, 0}), -1);
    hcb__geo_index_free(index);
    hcb__geo_index_free(NULL);
}

typedef struct oracle {
    hcb__geos *geos;
    GEOSGeometry **shapes;
    const GEOSPreparedGeometry **prepared;
    GEOSSTRtree *tree;
    const GEOSGeometry *point;
    bool *found;
    size_t n;
} oracle;

static void ask(void *item, void *user) {
    oracle *o = user;
    size_t k = (size_t)(uintptr_t)item - 1;
    o->found[k] = GEOSPreparedCovers_r(o->geos->handle, o->prepared[k], o->point) == 1;
}

static void compare(hcb_context *ctx, const hcb__polygon *polygons, size_t n, size_t n_points, uint64_t seed) {
    hcb__geo_index *index = create(ctx, polygons, n);
    oracle o = {.n = n};
    assert_int_equal(hcb__geos_create(&o.geos, ctx), HCB_OK);
    o.shapes = calloc(n, sizeof *o.shapes);
    o.prepared = calloc(n, sizeof *o.prepared);
    o.found = calloc(n, sizeof *o.found);
    o.tree = GEOSSTRtree_create_r(o.geos->handle, 10);
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (size_t k = 0; k < n; k++) {
        o.shapes[k] = hcb__geos_from(o.geos, &polygons[k]);
        o.prepared[k] = GEOSPrepare_r(o.geos->handle, o.shapes[k]);
        GEOSSTRtree_insert_r(o.geos->handle, o.tree, o.shapes[k], (void *)(uintptr_t)(k + 1));
        x0 = fmin(x0, polygons[k].min_x);
        y0 = fmin(y0, polygons[k].min_y);
        x1 = fmax(x1, polygons[k].max_x);
        y1 = fmax(y1, polygons[k].max_y);
    }
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 0);
    size_t near_border = 0, inside = 0;
    for (size_t i = 0; i < n_points; i++) {
        hcb__point p = {x0 + (x1 - x0) * (hcb__rng_unit(&rng) * 1.02 - 0.01),
                        y0 + (y1 - y0) * (hcb__rng_unit(&rng) * 1.02 - 0.01)};
        if (i % 4 == 0) { /* on a corner, or on the middle of an edge */
            const hcb__polygon *q = &polygons[hcb__rng_below(&rng, (uint32_t)n)];
            int32_t at = (int32_t)hcb__rng_below(&rng, (uint32_t)q->ring_start[1] - 1);
            p = q->points[at];
            if (i % 8 == 0) {
                p.x = (p.x + q->points[at + 1].x) / 2;
                p.y = (p.y + q->points[at + 1].y) / 2;
            }
        }
        memset(o.found, 0, n * sizeof *o.found);
        GEOSGeometry *point = hcb__geos_point(o.geos, p);
        o.point = point;
        GEOSSTRtree_query_r(o.geos->handle, o.tree, point, ask, &o);
        int32_t got = hcb__geo_index_locate(index, p);
        inside += got >= 0;
        for (size_t k = 0; k < n; k++)
            if (o.found[k] && (got < 0 || (size_t)got > k))
                fail_msg("polygon %zu holds %.4f %.4f by GEOS, by the index %d is the first", k, p.x, p.y, got);
        if (got >= 0 && !o.found[got]) {
            /* Ours counts the border within 1 mm as inside; theirs does not. */
            double distance;
            assert_int_equal(GEOSDistance_r(o.geos->handle, o.shapes[got], point, &distance), 1);
            assert_true(distance <= 0.0011);
            near_border++;
        }
        GEOSGeom_destroy_r(o.geos->handle, point);
    }
    print_message("%zu polygons, %zu points: %zu inside, %zu within 1 mm of a border\n", n, n_points, inside,
                  near_border);
    for (size_t k = 0; k < n; k++) {
        GEOSPreparedGeom_destroy_r(o.geos->handle, o.prepared[k]);
        GEOSGeom_destroy_r(o.geos->handle, o.shapes[k]);
    }
    GEOSSTRtree_destroy_r(o.geos->handle, o.tree);
    free(o.shapes);
    free(o.prepared);
    free(o.found);
    hcb__geos_free(o.geos);
    hcb__geo_index_free(index);
}

static void real(void **state, const char *name, size_t n_points) {
    hcb_context *ctx = *state;
    char path[1024];
    REQUIRE_OPEN_DATA(path, name);
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    size_t n;
    hcb__polygon *polygons = shapes_read(&arena, path, 67800, 111200, &n);
    compare(ctx, polygons, n, n_points, 7);
    hcb__arena_release(&arena);
}

static void test_index__agrees_with_geos_on_output_areas(void **state) {
    real(state, "oa2011.geojson", 60000);
}

static void test_index__agrees_with_geos_on_zones(void **state) {
    real(state, "zones_inferred.geojson", 60000);
}

static void test_index__agrees_with_geos_on_a_county_with_a_hole(void **state) {
    real(state, "county_outline.geojson", 30000);
}

/* Spiky rings around random centres, overlapping each other. */
static void test_index__agrees_with_geos_on_random_stars(void **state) {
    hcb_context *ctx = *state;
    enum { STARS = 40, SPIKES = 200 };
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb__rng rng;
    hcb__rng_seed(&rng, 3, 0);
    hcb__polygon stars[STARS];
    for (int s = 0; s < STARS; s++) {
        double xy[2 * (SPIKES + 1)], cx = 4000 * hcb__rng_unit(&rng), cy = 1000 * hcb__rng_unit(&rng);
        int32_t n = 3 + (int32_t)hcb__rng_below(&rng, SPIKES - 3);
        for (int32_t i = 0; i < n; i++) {
            double r = 1 + 500 * hcb__rng_unit(&rng) * hcb__rng_unit(&rng), angle = 2 * acos(-1) * i / n;
            xy[2 * i] = cx + r * cos(angle);
            xy[2 * i + 1] = cy + r * sin(angle);
        }
        xy[2 * n] = xy[0];
        xy[2 * n + 1] = xy[1];
        stars[s] = shape_make(&arena, 1, (int32_t[]){1}, (int32_t[]){n + 1}, xy);
    }
    compare(ctx, stars, STARS, 40000, 9);
    hcb__arena_release(&arena);
}

static void test_index__speed(void **state) {
    hcb_context *ctx = *state;
    char path[1024];
    REQUIRE_OPEN_DATA(path, "oa2011.geojson");
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    size_t n;
    hcb__polygon *polygons = shapes_read(&arena, path, 67800, 111200, &n);
    double start = hcb__now();
    hcb__geo_index *index = create(ctx, polygons, n);
    double made = hcb__now();
    hcb__rng rng;
    hcb__rng_seed(&rng, 1, 0);
    enum { POINTS = 1000000 };
    long inside = 0;
    for (int i = 0; i < POINTS; i++) {
        hcb__point p = {67800 * (-1.6 + hcb__rng_unit(&rng)), 111200 * (52.4 + 0.6 * hcb__rng_unit(&rng))};
        inside += hcb__geo_index_locate(index, p) >= 0;
    }
    double seconds = hcb__now() - made;
    print_message("made in %.1f ms; %.2f million points a second (%ld inside)\n", (made - start) * 1e3,
                  POINTS / seconds / 1e6, inside);
    assert_true(inside > POINTS / 3);
    hcb__geo_index_free(index);
    hcb__arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_index__border_hole_and_smallest_number),
        CONTEXT_TEST(test_index__nothing_to_find_in),
        CONTEXT_TEST(test_index__agrees_with_geos_on_output_areas),
        CONTEXT_TEST(test_index__agrees_with_geos_on_zones),
        CONTEXT_TEST(test_index__agrees_with_geos_on_a_county_with_a_hole),
        CONTEXT_TEST(test_index__agrees_with_geos_on_random_stars),
        CONTEXT_TEST(test_index__speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
