/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "base/rng.h"
#include "geo_shapes.h"
#include "zones/topology.h"

/* Boxes on whole metres; keys are centimetres. */
typedef struct map {
    hcb__arena arena;
    hcb__topology_unit units[64];
    size_t n;
} map;

static void add_polygon(map *m, hcb__polygon p) {
    hcb__grid_point *keys = hcb__arena_alloc(&m->arena, (size_t)p.n_points, sizeof *keys);
    for (int32_t i = 0; i < p.n_points; i++) {
        assert_true(hcb__topology_key(p.points[i].x, 2, &keys[i].x));
        assert_true(hcb__topology_key(p.points[i].y, 2, &keys[i].y));
    }
    m->units[m->n++] = (hcb__topology_unit){p, keys};
}

static map map_make(hcb_context *ctx) {
    map m = {.n = 0};
    hcb__arena_init(&m.arena, &ctx->mem);
    return m;
}

static hcb__topology *topology_of(hcb_context *ctx, const map *m) {
    hcb__topology *t;
    assert_int_equal(hcb__topology_create(&t, &ctx->mem, m->units, m->n), HCB_OK);
    return t;
}

static void test_topology__keys_are_rounded_exactly(void **state) {
    (void)state;
    static const struct {
        double x;
        int decimals;
        int64_t key;
    } cases[] = {{1.5, 0, 2},
                 {2.5, 0, 2},
                 {-1.5, 0, -2},
                 {-0.4, 0, 0},
                 /* 0.285 is stored as 0.284999..., 1.005 as 1.00499..., 0.145 as 0.14499...; x * 100 rounds up. */
                 {0.285, 2, 28},
                 {1.005, 2, 100},
                 {0.145, 2, 14},
                 {0.375, 2, 38},
                 {-1.16184, 4, -11618},
                 {52.57345, 4, 525735},
                 {52.123456, 6, 52123456}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t key;
        assert_true(hcb__topology_key(cases[i].x, cases[i].decimals, &key));
        /* The C library rounds decimal texts exactly as well. */
        char text[64];
        snprintf(text, sizeof text, "%.*f", cases[i].decimals, cases[i].x);
        double power = pow(10, cases[i].decimals);
        assert_int_equal(key, llround(strtod(text, NULL) * power));
        assert_int_equal(key, cases[i].key);
    }
    int64_t key;
    assert_false(hcb__topology_key(1e16, 0, &key));
    assert_false(hcb__topology_key(NAN, 0, &key));
    assert_false(hcb__topology_key(INFINITY, 2, &key));
    hcb__rng rng;
    hcb__rng_seed(&rng, 7, 0);
    for (int i = 0; i < 20000; i++) {
        int decimals = (int)hcb__rng_below(&rng, 6);
        double x = (double)((int)hcb__rng_below(&rng, 2000000) - 1000000) / 2e4; /* many are at the middle */
        char text[64];
        snprintf(text, sizeof text, "%.*f", decimals, x);
        assert_true(hcb__topology_key(x, decimals, &key));
        assert_int_equal(key, llround(strtod(text, NULL) * pow(10, decimals)));
    }
}

static void test_topology__two_boxes_share_an_edge(void **state) {
    map m = map_make(*state);
    add_polygon(&m, shape_box(&m.arena, 0, 0, 3, 4));
    add_polygon(&m, shape_box(&m.arena, 3, 0, 5, 4));
    hcb__topology *t = topology_of(*state, &m);
    assert_int_equal(t->n_vertices, 6);
    assert_int_equal(t->n_edges, 7);
    assert_int_equal(t->area_mm2[0], 12000000);
    assert_int_equal(t->area_mm2[1], 8000000);
    assert_int_equal(t->perimeter_um[0], 14000000);
    assert_int_equal(t->perimeter_um[1], 12000000);
    int shared = 0;
    for (int32_t e = 0; e < t->n_edges; e++) {
        int32_t uses = t->edge[e + 1].first - t->edge[e].first;
        assert_in_range(uses, 1, 2);
        if (uses == 2) {
            shared++;
            assert_int_equal(t->edge[e].um, 4000000);
            assert_int_not_equal(t->use[t->edge[e].first].forward, t->use[t->edge[e].first + 1].forward);
        }
    }
    assert_int_equal(shared, 1);
    int at_two = 0;
    for (int32_t v = 0; v < t->n_vertices; v++)
        at_two += t->vertex_unit_start[v + 1] - t->vertex_unit_start[v] == 2;
    assert_int_equal(at_two, 2);
    hcb__topology_free(t);
    hcb__arena_release(&m.arena);
}

static void test_topology__a_hole_counts_as_border(void **state) {
    map m = map_make(*state);
    add_polygon(&m, shape_frame(&m.arena, 0, 0, 10, 10, 2));
    add_polygon(&m, shape_box(&m.arena, 2, 2, 8, 8));
    hcb__topology *t = topology_of(*state, &m);
    assert_int_equal(t->area_mm2[0], 64000000);
    assert_int_equal(t->perimeter_um[0], 64000000);
    assert_int_equal(t->perimeter_um[1], 24000000);
    assert_int_equal(t->n_edges, 8);
    hcb__topology_free(t);
    hcb__arena_release(&m.arena);
}

/* Noise in the last digits does not part neighbours, and what both have is drawn alike. */
static void test_topology__noise_below_the_rounding_is_nothing(void **state) {
    map m = map_make(*state);
    const double a[] = {0, 0, 3, 0, 3, 4, 0, 4, 0, 0}, b[] = {3.001, 0.0004, 5, 0, 5, 4, 2.9996, 4.002, 3.001, 0.0004};
    add_polygon(&m, shape_make(&m.arena, 1, (int32_t[]){1}, (int32_t[]){5}, a));
    add_polygon(&m, shape_make(&m.arena, 1, (int32_t[]){1}, (int32_t[]){5}, b));
    hcb__topology *t = topology_of(*state, &m);
    assert_int_equal(t->n_vertices, 6);
    assert_int_equal(t->n_edges, 7);
    hcb__topology_free(t);
    hcb__arena_release(&m.arena);
}

/* Order of units, start and direction of rings leave every figure as it is. */
static void test_topology__does_not_depend_on_the_order(void **state) {
    map m = map_make(*state), w = map_make(*state);
    const double a[] = {0, 0, 3.37, 0.11, 3, 4, 0.2, 4.4, 0, 0}, b[] = {3, 4, 0.2, 4.4, 0, 0, 3.37, 0.11, 3, 4};
    add_polygon(&m, shape_make(&m.arena, 1, (int32_t[]){1}, (int32_t[]){5}, a));
    add_polygon(&m, shape_box(&m.arena, 10, 0, 13, 4));
    add_polygon(&w, shape_box(&w.arena, 10, 0, 13, 4));
    add_polygon(&w, shape_make(&w.arena, 1, (int32_t[]){1}, (int32_t[]){5}, b));
    hcb__topology *t = topology_of(*state, &m), *s = topology_of(*state, &w);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(t->area_mm2[i], s->area_mm2[1 - i]);
        assert_int_equal(t->perimeter_um[i], s->perimeter_um[1 - i]);
    }
    hcb__topology_free(t);
    hcb__topology_free(s);
    hcb__arena_release(&m.arena);
    hcb__arena_release(&w.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_topology__keys_are_rounded_exactly),
        CONTEXT_TEST(test_topology__two_boxes_share_an_edge),
        CONTEXT_TEST(test_topology__a_hole_counts_as_border),
        CONTEXT_TEST(test_topology__noise_below_the_rounding_is_nothing),
        CONTEXT_TEST(test_topology__does_not_depend_on_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
