/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "geo_shapes.h"

static void test_polygon__area_takes_holes_off(void **state) {
    hcb_context *ctx = *state;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb__polygon p = shape_frame(&arena, 450000, 300000, 450100, 300060, 10);
    ASSERT_NEAR(hcb__polygon_area(&p), 100 * 60 - 80 * 40, 1e-9);
    ASSERT_NEAR(hcb__polygon_perimeter(&p), 2 * (100 + 60) + 2 * (80 + 40), 1e-9);
    hcb__arena_release(&arena);
}

static void test_polygon__area_keeps_centimetres_far_from_the_origin(void **state) {
    hcb_context *ctx = *state;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb__polygon p = shape_box(&arena, 651409.90, 1213177.27, 651409.91, 1213177.28);
    ASSERT_NEAR(hcb__polygon_area(&p), 1e-4, 1e-9);
    hcb__arena_release(&arena);
}

static void test_polygon__ring_area_has_the_sign_of_its_turn(void **state) {
    (void)state;
    hcb__point ring[] = {{0, 0}, {4, 0}, {0, 3}, {0, 0}};
    ASSERT_NEAR(hcb__ring_area(ring, 4), 6, 0);
    hcb__ring_reverse(ring, 4);
    ASSERT_NEAR(hcb__ring_area(ring, 4), -6, 0);
    assert_true(ring[1].x == 0 && ring[1].y == 3);
    ASSERT_NEAR(hcb__ring_area(ring, 2), 0, 0);
}

static void test_polygon__centimetres_are_rounded_half_up(void **state) {
    (void)state;
    hcb__point p = hcb__to_centimetres((hcb__point){456638.125, -0.125});
    ASSERT_NEAR(p.x, 456638.13, 1e-9);
    ASSERT_NEAR(p.y, -0.12, 1e-9);
}

static void test_polygon__distance(void **state) {
    (void)state;
    ASSERT_NEAR(hcb__distance((hcb__point){1, 2}, (hcb__point){4, 6}), 5, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_polygon__area_takes_holes_off),
        CONTEXT_TEST(test_polygon__area_keeps_centimetres_far_from_the_origin),
        cmocka_unit_test(test_polygon__ring_area_has_the_sign_of_its_turn),
        cmocka_unit_test(test_polygon__centimetres_are_rounded_half_up),
        cmocka_unit_test(test_polygon__distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
