/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "base/rng.h"
#include "geo/coverage.h"
#include "geo/geos.h"
#include "geo_shapes.h"
#include "open_data.h"

static hcb__grid_polygon on_grid(hcb__arena *arena, const hcb__polygon *p, double scale) {
    hcb__grid_point *points = hcb__arena_alloc(arena, (size_t)p->n_points, sizeof *points);
    for (int32_t i = 0; i < p->n_points; i++) {
        points[i].x = llround(p->points[i].x * scale);
        points[i].y = llround(p->points[i].y * scale);
    }
    return (hcb__grid_polygon){p->n_parts, p->n_rings, p->n_points, p->part_start, p->ring_start, points};
}

static hcb__polygon off_grid(hcb__arena *arena, const hcb__grid_polygon *p) {
    hcb__point *points = hcb__arena_alloc(arena, (size_t)p->n_points, sizeof *points);
    for (int32_t i = 0; i < p->n_points; i++)
        points[i] = (hcb__point){(double)p->points[i].x, (double)p->points[i].y};
    hcb__polygon q = {p->n_parts, p->n_rings, p->n_points, p->part_start, p->ring_start, points, 0, 0, 0, 0};
    hcb__polygon_box(&q);
    return q;
}

static double area2(const hcb__grid_polygon *p) {
    double sum = 0;
    for (int32_t r = 0; r < p->n_rings; r++)
        sum += grid_area2(p->points + p->ring_start[r], (size_t)(p->ring_start[r + 1] - p->ring_start[r]));
    return sum;
}

static void assert_valid(hcb_context *ctx, hcb__arena *arena, const hcb__grid_polygon *p) {
    hcb__geos *geos;
    assert_int_equal(hcb__geos_create(&geos, ctx), HCB_OK);
    hcb__polygon plain = off_grid(arena, p);
    bool valid = false;
    const char *reason = "";
    hcb__point where;
    assert_int_equal(hcb__geos_valid(geos, &plain, &valid, &reason, &where), HCB_OK);
    if (!valid)
        fail_msg("%s at %.0f %.0f", reason, where.x, where.y);
    hcb__geos_free(geos);
}

typedef struct case_result {
    hcb_status status;
    hcb__grid_polygon polygon;
    hcb__grid_point bad;
} case_result;

/* The union of boxes given as x0, y0, x1, y1. */
static case_result boxes(hcb__arena *arena, size_t n, const double (*box)[4]) {
    hcb__grid_polygon all[64];
    const hcb__grid_polygon *list[64];
    for (size_t i = 0; i < n; i++) {
        hcb__polygon p = shape_box(arena, box[i][0], box[i][1], box[i][2], box[i][3]);
        all[i] = on_grid(arena, &p, 1);
        list[i] = &all[i];
    }
    case_result r;
    r.status = hcb__coverage_union(&r.polygon, arena, list, n, &r.bad);
    return r;
}

static void test_coverage__two_boxes_become_one_ring(void **state) {
    hcb_context *ctx = *state;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    case_result r = boxes(&arena, 2, (double[][4]){{0, 0, 2, 1}, {2, 0, 3, 1}});
    assert_int_equal(r.status, HCB_OK);
    assert_int_equal(r.polygon.n_parts, 1);
    assert_int_equal(r.polygon.n_rings, 1);
    assert_int_equal(r.polygon.n_points, 7); /* the points at x = 2 stay */
    ASSERT_NEAR(area2(&r.polygon), 6, 0);
    assert_true(r.polygon.points[0].x == 0 && r.polygon.points[0].y == 0);
    hcb__arena_release(&arena);
}

static void test_coverage__ring_of_boxes_keeps_its_hole_and_an_island_in_it(void **state) {
    hcb_context *ctx = *state;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    /* 5 x 5 cells without a ring of cells around the middle one. */
    double cells[17][4];
    size_t n = 0;
    for (int x = 0; x < 5; x++)
        for (int y = 0; y < 5; y++)
            if (x == 0 || y == 0 || x == 4 || y == 4 || (x == 2 && y == 2)) {
                double c[4] = {x, y, x + 1, y + 1};
                memcpy(cells[n++], c, sizeof c);
            }
    assert_int_equal(n, 17);
    case_result r = boxes(&arena, n, (const double(*)[4])cells);
    assert_int_equal(r.status, HCB_OK);
    assert_int_equal(r.polygon.n_parts, 2);
    assert_int_equal(r.polygon.n_rings, 3);
    ASSERT_NEAR(area2(&r.polygon), 34, 0);
    assert_valid(ctx, &arena, &r.polygon);
    hcb__arena_release(&arena);
}

static void test_coverage__corner_touch_makes_two_parts(void **state) {
    hcb_context *ctx = *state;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    case_result r = boxes(&arena, 2, (double[][4]){{0, 0, 1, 1}, {1, 1, 2, 2}});
    assert_int_equal(r.status, HCB_OK);
    assert_int_equal(r.polygon.n_parts, 2);
    assert_valid(ctx, &arena, &r.polygon);
    hcb__arena_release(&arena);
}

static void test_coverage__hole_that_touches_the_border_at_a_point_stays_a_hole(void **state) {
    hcb_context *ctx = *state;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    /* 3 x 3 cells without the middle one and without a corner: both empty cells meet at one point. */
    double cells[9][4];
    size_t n = 0;
    for (int x = 0; x < 3; x++)
        for (int y = 0; y < 3; y++)
            if (!(x == 1 && y == 1) && !(x == 2 && y == 2)) {
                double c[4] = {x, y, x + 1, y + 1};
                memcpy(cells[n++], c, sizeof c);
            }
    case_result r = boxes(&arena, n, (const double(*)[4])cells);
    assert_int_equal(r.status, HCB_OK);
    assert_int_equal(r.polygon.n_parts, 1);
    assert_int_equal(r.polygon.n_rings, 2);
    ASSERT_NEAR(area2(&r.polygon), 14, 0);
    assert_valid(ctx, &arena, &r.polygon);
    hcb__arena_release(&arena);
}

static void test_coverage__overlap_is_refused_with_its_place(void **state) {
    hcb_context *ctx = *state;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    case_result r = boxes(&arena, 2, (double[][4]){{5, 5, 6, 6}, {5, 5, 6, 6}});
    assert_int_equal(r.status, HCB_EGEOMETRY);
    assert_true(r.bad.x >= 5 && r.bad.x <= 6 && r.bad.y >= 5 && r.bad.y <= 6);
    hcb__arena_release(&arena);
}

/* Every choice of cells of a small board: the union is valid and has the cells' area. */
static void test_coverage__all_unions_on_a_board_are_valid(void **state) {
    hcb_context *ctx = *state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 11, 0);
    for (int round = 0; round < 3000; round++) {
        hcb__arena arena;
        hcb__arena_init(&arena, &ctx->mem);
        double cells[64][4];
        size_t n = 0;
        uint64_t choice = hcb__rng_u64(&rng);
        int side = 3 + round % 6; /* up to 8 x 8 */
        for (int i = 0; i < side * side; i++)
            if (choice >> i & 1) {
                double c[4] = {i % side, i / side, i % side + 1, i / side + 1};
                memcpy(cells[n++], c, sizeof c);
            }
        case_result r = boxes(&arena, n, (const double(*)[4])cells);
        assert_int_equal(r.status, HCB_OK);
        ASSERT_NEAR(area2(&r.polygon), 2.0 * (double)n, 0);
        if (n)
            assert_valid(ctx, &arena, &r.polygon);
        hcb__arena_release(&arena);
    }
}

static void test_coverage__output_areas_unite_without_slivers(void **state) {
    hcb_context *ctx = *state;
    char path[1024];
    REQUIRE_OPEN_DATA(path, "oa2011.geojson");
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    size_t n;
    hcb__polygon *polygons = shapes_read(&arena, path, 1, 1, &n);
    hcb__grid_polygon *grid = hcb__arena_alloc(&arena, n, sizeof *grid);
    const hcb__grid_polygon **list = hcb__arena_alloc(&arena, n, sizeof *list);
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        grid[i] = on_grid(&arena, &polygons[i], 1e7);
        list[n - 1 - i] = &grid[i];
        sum += area2(&grid[i]);
    }
    hcb__grid_polygon all, again;
    hcb__grid_point bad;
    assert_int_equal(hcb__coverage_union(&all, &arena, list, n, &bad), HCB_OK);
    ASSERT_NEAR(area2(&all), sum, sum * 1e-14);
    print_message("%zu areas become %d part(s), %d ring(s), %d points\n", n, all.n_parts, all.n_rings, all.n_points);
    assert_valid(ctx, &arena, &all);
    for (size_t i = 0; i < n; i++)
        list[i] = &grid[i];
    assert_int_equal(hcb__coverage_union(&again, &arena, list, n, &bad), HCB_OK);
    assert_int_equal(again.n_points, all.n_points);
    assert_memory_equal(again.points, all.points, (size_t)all.n_points * sizeof *all.points);
    hcb__arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_coverage__two_boxes_become_one_ring),
        CONTEXT_TEST(test_coverage__ring_of_boxes_keeps_its_hole_and_an_island_in_it),
        CONTEXT_TEST(test_coverage__corner_touch_makes_two_parts),
        CONTEXT_TEST(test_coverage__hole_that_touches_the_border_at_a_point_stays_a_hole),
        CONTEXT_TEST(test_coverage__overlap_is_refused_with_its_place),
        CONTEXT_TEST(test_coverage__all_unions_on_a_board_are_valid),
        CONTEXT_TEST(test_coverage__output_areas_unite_without_slivers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
