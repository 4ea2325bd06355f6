/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "geo/geos.h"
#include "geo_shapes.h"

typedef struct fixture {
    hcb_context *ctx;
    hcb__arena arena;
    hcb__geos *geos;
} fixture;

static fixture begin(void **state) {
    fixture f = {.ctx = *state};
    hcb__arena_init(&f.arena, &f.ctx->mem);
    assert_int_equal(hcb__geos_create(&f.geos, f.ctx), HCB_OK);
    return f;
}

static void end(fixture *f) {
    hcb__geos_free(f->geos);
    hcb__arena_release(&f->arena);
}

static void test_geos__bow_tie_is_located(void **state) {
    fixture f = begin(state);
    const double xy[] = {0, 0, 10, 10, 10, 0, 0, 10, 0, 0};
    hcb__polygon p = shape_make(&f.arena, 1, (int32_t[]){1}, (int32_t[]){5}, xy);
    bool valid = true;
    const char *reason = "";
    hcb__point where;
    assert_int_equal(hcb__geos_valid(f.geos, &p, &valid, &reason, &where), HCB_OK);
    assert_false(valid);
    assert_string_equal(reason, "Self-intersection");
    ASSERT_NEAR(where.x, 5, 1e-9);
    ASSERT_NEAR(where.y, 5, 1e-9);
    end(&f);
}

static void test_geos__valid_shapes(void **state) {
    fixture f = begin(state);
    hcb__polygon p[] = {shape_box(&f.arena, 0, 0, 1, 1), shape_frame(&f.arena, 0, 0, 9, 9, 2)};
    for (int i = 0; i < 2; i++) {
        bool valid = false;
        const char *reason;
        hcb__point where;
        assert_int_equal(hcb__geos_valid(f.geos, &p[i], &valid, &reason, &where), HCB_OK);
        assert_true(valid);
        hcb__point inner;
        assert_int_equal(hcb__geos_inner_point(f.geos, &p[i], &inner), HCB_OK);
        assert_true(inner.x > 0 && inner.x < 9 && inner.y > 0 && inner.y < 9);
        if (i == 1)
            assert_false(inner.x > 2 && inner.x < 7 && inner.y > 2 && inner.y < 7);
    }
    end(&f);
}

static void test_geos__parts_inside_each_other_are_not_valid(void **state) {
    fixture f = begin(state);
    const double xy[] = {0, 0, 9, 0, 9, 9, 0, 9, 0, 0, 2, 2, 4, 2, 4, 4, 2, 4, 2, 2};
    hcb__polygon p = shape_make(&f.arena, 2, (int32_t[]){1, 1}, (int32_t[]){5, 5}, xy);
    bool valid = true;
    const char *reason;
    hcb__point where;
    assert_int_equal(hcb__geos_valid(f.geos, &p, &valid, &reason, &where), HCB_OK);
    assert_false(valid);
    end(&f);
}

static void overlaps(fixture *f, const hcb__polygon *p, size_t n, hcb__overlap **out, size_t *count) {
    const hcb__polygon *list[8];
    for (size_t i = 0; i < n; i++)
        list[i] = &p[i];
    assert_int_equal(hcb__geos_overlaps(f->geos, list, n, 0.02, 20, &f->arena, out, count), HCB_OK);
}

static void test_geos__neighbours_do_not_overlap(void **state) {
    fixture f = begin(state);
    hcb__polygon p[] = {shape_box(&f.arena, 0, 0, 100, 100), shape_box(&f.arena, 100, 0, 200, 100),
                        shape_box(&f.arena, 200, 100, 300, 200), shape_frame(&f.arena, 1000, 0, 1100, 100, 30),
                        shape_box(&f.arena, 1030, 30, 1070, 70)};
    hcb__overlap *found;
    size_t count;
    overlaps(&f, p, 5, &found, &count);
    assert_int_equal(count, 0);
    end(&f);
}

static void test_geos__widths_of_overlaps(void **state) {
    fixture f = begin(state);
    /* 1 meets 0 in a strip 5 m by 1000 m, and 2 in a square of 60 m; 3 meets 2 by 1 cm. */
    hcb__polygon p[] = {shape_box(&f.arena, 0, 0, 1000, 1000), shape_box(&f.arena, 995, 0, 2000, 1000),
                        shape_box(&f.arena, 1940, 940, 3000, 2000), shape_box(&f.arena, 2999.99, 940, 4000, 2000)};
    hcb__overlap *found;
    size_t count;
    overlaps(&f, p, 4, &found, &count);
    assert_int_equal(count, 2);
    assert_true(found[0].a == 0 && found[0].b == 1 && found[1].a == 1 && found[1].b == 2);
    ASSERT_NEAR(found[0].area_m2, 5000, 1e-6);
    ASSERT_NEAR(found[0].width_m, 5, 0.6);
    assert_true(found[1].measured);
    ASSERT_NEAR(found[1].area_m2, 3600, 1e-6);
    ASSERT_NEAR(found[1].width_m, 60, 2);
    ASSERT_NEAR(found[1].where.x, 1970, 3);
    end(&f);
}

/* A disc hanging on a long thread: area / perimeter would call it narrow. */
static void test_geos__wide_piece_on_a_thread_is_wide(void **state) {
    fixture f = begin(state);
    const double xy[] = {0, 0, 5000, 0, 5000, -40, 5080, -40, 5080, 40, 5000, 40, 5000, 0.1, 0, 0.1, 0, 0};
    hcb__polygon p[] = {shape_make(&f.arena, 1, (int32_t[]){1}, (int32_t[]){9}, xy),
                        shape_box(&f.arena, -10, -100, 6000, 100)};
    hcb__overlap *found;
    size_t count;
    overlaps(&f, p, 2, &found, &count);
    assert_int_equal(count, 1);
    assert_true(found[0].measured);
    ASSERT_NEAR(found[0].width_m, 80, 2);
    end(&f);
}

static void test_geos__surroundings(void **state) {
    fixture f = begin(state);
    hcb__point points[] = {{0, 0}, {7000, 0}};
    hcb__polygon outline;
    assert_int_equal(hcb__geos_surroundings(f.geos, points, 1, 1000, 500, &f.arena, &outline), HCB_OK);
    ASSERT_NEAR(hcb__polygon_area(&outline), acos(-1) * 1e6, 2e4);
    /* Discs of 3 km leave a gap of 1 km, which the closing bridges. */
    assert_int_equal(hcb__geos_surroundings(f.geos, points, 2, 3000, 10, &f.arena, &outline), HCB_OK);
    assert_int_equal(outline.n_parts, 2);
    assert_int_equal(hcb__geos_surroundings(f.geos, points, 2, 3000, 2000, &f.arena, &outline), HCB_OK);
    assert_int_equal(outline.n_parts, 1);
    end(&f);
}

static void test_geos__surroundings_have_no_holes(void **state) {
    fixture f = begin(state);
    hcb__point points[12];
    for (int i = 0; i < 12; i++)
        points[i] = (hcb__point){5000 * cos(i * acos(-1) / 6), 5000 * sin(i * acos(-1) / 6)};
    hcb__polygon outline;
    assert_int_equal(hcb__geos_surroundings(f.geos, points, 12, 2000, 100, &f.arena, &outline), HCB_OK);
    assert_int_equal(outline.n_parts, 1);
    assert_int_equal(outline.n_rings, 1);
    assert_true(hcb__polygon_area(&outline) > acos(-1) * 25e6);
    end(&f);
}

static void test_geos__voronoi_of_four_seeds_makes_quarters(void **state) {
    fixture f = begin(state);
    hcb__point seeds[] = {{25, 25}, {75, 25}, {25, 75}, {75, 75}};
    hcb__polygon outline = shape_box(&f.arena, 0, 0, 100, 100);
    hcb__voronoi_piece *pieces;
    size_t count;
    assert_int_equal(hcb__geos_voronoi(f.geos, seeds, 4, &outline, &f.arena, &pieces, &count), HCB_OK);
    assert_int_equal(count, 4);
    bool seen[4] = {false};
    const hcb__grid_polygon *list[4];
    for (size_t i = 0; i < 4; i++) {
        const hcb__grid_polygon *p = &pieces[i].polygon;
        ASSERT_NEAR(grid_area2(p->points, (size_t)p->n_points) / 2 / 1e4, 2500, 1);
        seen[pieces[i].seed] = true;
        list[i] = p;
    }
    assert_true(seen[0] && seen[1] && seen[2] && seen[3]);
    hcb__grid_polygon all;
    hcb__grid_point bad;
    assert_int_equal(hcb__coverage_union(&all, &f.arena, list, 4, &bad), HCB_OK);
    assert_int_equal(all.n_rings, 1);
    ASSERT_NEAR(grid_area2(all.points, (size_t)all.n_points) / 2 / 1e4, 10000, 0);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_geos__bow_tie_is_located),
        CONTEXT_TEST(test_geos__valid_shapes),
        CONTEXT_TEST(test_geos__parts_inside_each_other_are_not_valid),
        CONTEXT_TEST(test_geos__neighbours_do_not_overlap),
        CONTEXT_TEST(test_geos__widths_of_overlaps),
        CONTEXT_TEST(test_geos__wide_piece_on_a_thread_is_wide),
        CONTEXT_TEST(test_geos__surroundings),
        CONTEXT_TEST(test_geos__surroundings_have_no_holes),
        CONTEXT_TEST(test_geos__voronoi_of_four_seeds_makes_quarters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
