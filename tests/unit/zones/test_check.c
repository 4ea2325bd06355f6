/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "base/rng.h"
#include "geo/width.h"
#include "geo_shapes.h"
#include "open_data.h"
#include "zones/coverage_check.h"

typedef struct fixture {
    hcb_context *ctx;
    hcb__arena arena;
    hcb__topology_unit units[128];
    size_t n;
    hcb__check_options options;
    hcb__defects *found;
    /* How what is drawn is laid on the plane. */
    double turn, dx, dy;
} fixture;

static fixture begin(void **state) {
    fixture f = {.ctx = *state, .options = {.least_m = 0.01, .gap_m = 1, .near_m = 0.01}, .dx = 450000, .dy = 300000};
    hcb__arena_init(&f.arena, &f.ctx->mem);
    return f;
}

static void end(fixture *f) {
    hcb__defects_free(f->found, &f->ctx->mem);
    hcb__arena_release(&f->arena);
}

static void add(fixture *f, hcb__polygon p) {
    hcb__point *points = (hcb__point *)p.points;
    hcb__grid_point *keys = hcb__arena_alloc(&f->arena, (size_t)p.n_points, sizeof *keys);
    for (int32_t i = 0; i < p.n_points; i++) {
        double x = points[i].x, y = points[i].y;
        points[i].x = f->dx + x * cos(f->turn) - y * sin(f->turn);
        points[i].y = f->dy + x * sin(f->turn) + y * cos(f->turn);
        assert_true(hcb__topology_key(points[i].x, 6, &keys[i].x));
        assert_true(hcb__topology_key(points[i].y, 6, &keys[i].y));
    }
    int32_t part = 0;
    for (int32_t r = 0; r < p.n_rings; r++) {
        while (r >= p.part_start[part + 1])
            part++;
        size_t n = (size_t)(p.ring_start[r + 1] - p.ring_start[r]);
        if ((hcb__ring_area(points + p.ring_start[r], n) > 0) != (r == p.part_start[part])) {
            hcb__ring_reverse(points + p.ring_start[r], n);
            for (size_t i = 0; i < n; i++) {
                assert_true(
                    hcb__topology_key(points[(size_t)p.ring_start[r] + i].x, 6, &keys[(size_t)p.ring_start[r] + i].x));
                assert_true(
                    hcb__topology_key(points[(size_t)p.ring_start[r] + i].y, 6, &keys[(size_t)p.ring_start[r] + i].y));
            }
        }
    }
    hcb__polygon_box(&p);
    f->units[f->n++] = (hcb__topology_unit){p, keys};
}

/* "x y, x y, ..." */
static hcb__polygon ring(fixture *f, const char *text) {
    double xy[128];
    int32_t n = 0;
    for (const char *at = text; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL, n++)
        assert_int_equal(sscanf(at, "%lf %lf", &xy[2 * n], &xy[2 * n + 1]), 2);
    return shape_make(&f->arena, 1, (int32_t[]){1}, (int32_t[]){n}, xy);
}

static void draw(fixture *f, const char *text) {
    add(f, ring(f, text));
}

static void check(fixture *f) {
    hcb__defects_free(f->found, &f->ctx->mem);
    assert_int_equal(hcb__begin(f->ctx), HCB_OK);
    hcb_status status = hcb__coverage_check(&f->found, f->ctx, f->units, f->n, &f->options);
    if (hcb__end(f->ctx, status) != HCB_OK)
        fail_msg("%s", hcb_context_error(f->ctx)->message);
}

static size_t total(const fixture *f, bool counting) {
    size_t n = 0;
    for (int k = 0; k < HCB__DEFECT_KINDS; k++)
        if (hcb__defect_counts((hcb__defect_kind)k) == counting)
            n += f->found->count[k];
    return n;
}

static const hcb__defect *first(const fixture *f, hcb__defect_kind kind) {
    for (size_t i = 0; i < f->found->list.count; i++)
        if (f->found->list.at[i].kind == kind)
            return &f->found->list.at[i];
    fail_msg("no %s", hcb__defect_words[kind]);
    return NULL;
}

#define ASSERT_PLACE(f, d, px, py)                                                                                     \
    do {                                                                                                               \
        ASSERT_NEAR((d)->where.x, (f).dx + (px), 1e-6);                                                                \
        ASSERT_NEAR((d)->where.y, (f).dy + (py), 1e-6);                                                                \
    } while (0)

static void test_check__a_clean_map_has_no_defects(void **state) {
    fixture f = begin(state);
    draw(&f, "0 0,10 0,10 10,0 10,0 0");
    draw(&f, "10 0,20 0,20 10,10 10,10 0");
    draw(&f, "0 10,10 10,20 10,20 20,0 20,0 10");
    check(&f);
    assert_int_equal(f.found->list.count, 0);
    end(&f);
}

/* libgeos/geos#1251: the answer flips when the gap width grows. The gap is a triangle whose incircle has the diameter
 * 4 / (2 + sqrt 5) = 0.944. */
static void test_check__a_gap_stays_a_gap_when_wider_ones_are_allowed(void **state) {
    fixture f = begin(state);
    draw(&f, "0 10,10 10,10 7,10 3,10 0,0 0,0 10");
    draw(&f, "10 10,20 10,20 0,10 0,10 3,11 5,10 7,10 10");
    static const double widths[] = {0.02, 0.5, 0.94, 0.95, 1, 2, 5, 50, 1000};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        f.options.gap_m = widths[i];
        check(&f);
        bool wide = widths[i] > 0.945;
        assert_int_equal(f.found->count[HCB__DEFECT_GAP], wide);
        assert_int_equal(f.found->count[HCB__DEFECT_HOLE], !wide);
        const hcb__defect *d = first(&f, wide ? HCB__DEFECT_GAP : HCB__DEFECT_HOLE);
        ASSERT_NEAR(d->width_m, 4 / (2 + sqrt(5)), 1e-6);
        ASSERT_NEAR(d->area_m2, 2, 1e-6);
        ASSERT_NEAR(d->where.x, f.dx + 10 + d->width_m / 2, 1e-4);
        ASSERT_NEAR(d->where.y, f.dy + 5, 1e-4);
    }
    end(&f);
}

/* locationtech/jts#1122, a billion times larger: a gap of about 0.3 m between chains of more than a million metres,
 * which goes unseen there when the tolerance is large. */
static void test_check__a_narrow_gap_is_seen_at_every_tolerance(void **state) {
    fixture f = begin(state);
    static const double a[][2] = {{1.4021184536698854, 1.655211920135038},  {1.4021184539862759, 1.6552119201560487},
                                  {1.4021299999999997, 1.6559219999999968}, {1.4021410000000003, 1.6566259999999957},
                                  {1.4021410000000003, 1.658296},           {1.406, 1.654},
                                  {1.4021184536698854, 1.655211920135038}};
    static const double b[][2] = {{1.406, 1.654},
                                  {1.4, 1.65},
                                  {1.4021410000000003, 1.658296},
                                  {1.4021410000000003, 1.6566259999999957},
                                  {1.4021365939839114, 1.6563440149706494},
                                  {1.4021299996998664, 1.6559220002002917},
                                  {1.4021184536698854, 1.655211920135038},
                                  {1.406, 1.654}};
    double xy[16];
    for (int i = 0; i < 7; i++) {
        xy[2 * i] = (a[i][0] - 1.402) * 1e9;
        xy[2 * i + 1] = (a[i][1] - 1.656) * 1e9;
    }
    add(&f, shape_make(&f.arena, 1, (int32_t[]){1}, (int32_t[]){7}, xy));
    for (int i = 0; i < 8; i++) {
        xy[2 * i] = (b[i][0] - 1.402) * 1e9;
        xy[2 * i + 1] = (b[i][1] - 1.656) * 1e9;
    }
    add(&f, shape_make(&f.arena, 1, (int32_t[]){1}, (int32_t[]){8}, xy));
    static const double widths[] = {0.5, 1, 10, 1e3, 1e5, 1e6};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        f.options.gap_m = widths[i];
        check(&f);
        assert_true(f.found->count[HCB__DEFECT_GAP] >= 1);
        const hcb__defect *d = first(&f, HCB__DEFECT_GAP);
        assert_true(d->width_m > 0.1 && d->width_m < 0.5);
    }
    end(&f);
}

/* libgeos/geos#1001: the corner (1, 1) of the first is missing in the second. */
static void test_check__an_unmatched_corner_is_named(void **state) {
    fixture f = begin(state);
    f.options.gap_m = 0.1;
    draw(&f, "0 0,0 1,1 1,1 0,0 0");
    draw(&f, "0 1,0 2,2 2,2 1,0 1");
    check(&f);
    assert_int_equal(f.found->list.count, 1);
    const hcb__defect *d = first(&f, HCB__DEFECT_UNMATCHED);
    assert_int_equal(d->a, 0);
    assert_int_equal(d->b, 1);
    ASSERT_PLACE(f, d, 1, 1);
    end(&f);
}

/* libgeos/geos#889: the union of these two comes out invalid there. */
static void test_check__unnoded_triangles(void **state) {
    fixture f = begin(state);
    f.options.gap_m = 0.1;
    draw(&f, "0 0,0 1,1 0,0 0");
    draw(&f, "0 0,2 0,0 -2,0 0");
    check(&f);
    assert_int_equal(f.found->list.count, 1);
    ASSERT_PLACE(f, first(&f, HCB__DEFECT_UNMATCHED), 1, 0);
    end(&f);
}

/* locationtech/jts#1134: a gap that touches the border of the map in one point. A rhombus of diagonals 2 and 6. */
static void test_check__a_gap_may_touch_the_border_of_the_map(void **state) {
    fixture f = begin(state);
    f.options.gap_m = 2;
    draw(&f, "0 0,5 0,4 3,5 6,5 10,0 10,0 0");
    draw(&f, "5 0,10 0,10 10,5 10,5 6,6 3,5 0");
    check(&f);
    assert_int_equal(f.found->list.count, 1);
    const hcb__defect *d = first(&f, HCB__DEFECT_GAP);
    ASSERT_NEAR(d->area_m2, 6, 1e-6);
    ASSERT_NEAR(d->width_m, 6 / sqrt(10), 1e-6);
    ASSERT_PLACE(f, d, 5, 3);
    end(&f);
}

static void test_check__overlaps_and_slivers_have_their_width(void **state) {
    fixture f = begin(state);
    draw(&f, "0 0,100 0,100 10,0 10,0 0");
    draw(&f, "0 9.7,100 9.7,100 20,0 20,0 9.7");  /* 0.3 m over the first */
    draw(&f, "0 20,100 20,100 20.2,0 20.2,0 20"); /* a strip of 0.2 m */
    draw(&f, "0 20.2,100 20.2,100 30,0 30,0 20.2");
    f.options.gap_m = 0.25;
    check(&f);
    const hcb__defect *o = first(&f, HCB__DEFECT_OVERLAP), *s = first(&f, HCB__DEFECT_SLIVER);
    assert_int_equal(f.found->count[HCB__DEFECT_OVERLAP], 1);
    assert_int_equal(o->a, 0);
    assert_int_equal(o->b, 1);
    ASSERT_NEAR(o->width_m, 0.3, 1e-6);
    ASSERT_NEAR(o->area_m2, 30, 1e-5);
    assert_int_equal(f.found->count[HCB__DEFECT_SLIVER], 1);
    assert_int_equal(s->a, 2);
    ASSERT_NEAR(s->width_m, 0.2, 1e-6);
    ASSERT_NEAR(s->area_m2, 20, 1e-5);
    f.options.least_m = 0.31; /* overlaps now count from that width on */
    check(&f);
    assert_int_equal(f.found->count[HCB__DEFECT_OVERLAP], 0);
    end(&f);
}

static void test_check__invalid_duplicate_multipart_outside(void **state) {
    fixture f = begin(state);
    draw(&f, "0 0,2 2,2 0,0 2,0 0"); /* crosses itself at (1, 1) */
    draw(&f, "10 0,14 0,14 4,10 4,10 0");
    draw(&f, "10 0,10 4,14 4,14 0,10 0");
    const double two[] = {20, 0, 24, 0, 24, 4, 20, 4, 20, 0, 30, 0, 32, 0, 32, 2, 30, 2, 30, 0};
    add(&f, shape_make(&f.arena, 2, (int32_t[]){1, 1}, (int32_t[]){5, 5}, two));
    hcb__polygon outline = ring(&f, "-5 -5,31 -5,31 9,-5 9,-5 -5");
    const hcb__polygon *list[] = {&outline};
    hcb__point *points = (hcb__point *)outline.points;
    for (int32_t i = 0; i < outline.n_points; i++)
        points[i] = (hcb__point){points[i].x + f.dx, points[i].y + f.dy};
    hcb__polygon_box(&outline);
    f.options.outline = list;
    f.options.n_outline = 1;
    check(&f);
    ASSERT_PLACE(f, first(&f, HCB__DEFECT_INVALID), 1, 1);
    assert_int_equal(f.found->count[HCB__DEFECT_DUPLICATE], 1);
    assert_int_equal(f.found->count[HCB__DEFECT_OVERLAP], 0);
    const hcb__defect *d = first(&f, HCB__DEFECT_DUPLICATE);
    assert_int_equal(d->a, 1);
    assert_int_equal(d->b, 2);
    ASSERT_NEAR(d->area_m2, 16, 1e-6);
    ASSERT_NEAR(d->width_m, 4, 1e-6);
    assert_int_equal(f.found->count[HCB__DEFECT_MULTIPART], 1);
    ASSERT_PLACE(f, first(&f, HCB__DEFECT_MULTIPART), 31, 1);
    d = first(&f, HCB__DEFECT_OUTSIDE);
    assert_int_equal(d->a, 3);
    ASSERT_NEAR(d->area_m2, 2, 1e-6);
    ASSERT_NEAR(d->width_m, 1, 1e-6);
    end(&f);
}

/* A patchwork with faults of every kind, laid on the plane in any way, its units in any order. */
static void patchwork(fixture *f, bool backwards) {
    static const char *const rings[] = {"0 0,10 0,10 10,0 10,0 0",
                                        "10 0,20 0,20 10,10.4 10,10.4 5,10 5,10 0",
                                        "0 10,10 10,10 20,0 20,0 10",
                                        "10 10,10.4 10,20 10,20 20,10 20,10 10",
                                        "20 0,30 0,30 20,19.8 20,19.8 10,20 10,20 0",
                                        "0 20,10 20,10 30,0 30,0 20",
                                        "10 20,20 20,20 20.3,10 20.3,10 20"};
    int n = (int)(sizeof rings / sizeof *rings);
    for (int i = 0; i < n; i++)
        draw(f, rings[backwards ? n - 1 - i : i]);
}

static void test_check__turning_moving_and_relabelling_change_nothing(void **state) {
    fixture plain = begin(state);
    patchwork(&plain, false);
    check(&plain);
    assert_true(total(&plain, true) >= 4);
    for (int k = 1; k <= 8; k++) {
        fixture f = begin(state);
        f.turn = 0.37 * k;
        f.dx += 1234.5 * k;
        f.dy -= 777.7 * k;
        patchwork(&f, k % 2);
        check(&f);
        double area = 0, area_plain = 0, width = 0, width_plain = 0;
        for (int d = 0; d < HCB__DEFECT_KINDS; d++)
            if (f.found->count[d] != plain.found->count[d])
                fail_msg("turn %d: %s: %zu, plain %zu", k, hcb__defect_words[d], f.found->count[d],
                         plain.found->count[d]);
        for (size_t i = 0; i < f.found->list.count; i++) {
            area += f.found->list.at[i].area_m2;
            area_plain += plain.found->list.at[i].area_m2;
            width += f.found->list.at[i].width_m;
            width_plain += plain.found->list.at[i].width_m;
        }
        ASSERT_NEAR(area, area_plain, 1e-4);
        ASSERT_NEAR(width, width_plain, 1e-4);
        end(&f);
    }
    end(&plain);
}

/* More tolerance never makes a defect of these kinds go away. */
static void test_check__monotone_in_the_tolerances(void **state) {
    fixture f = begin(state);
    patchwork(&f, false);
    draw(&f, "40 0,50 0,50 10,40 10,40 0");
    draw(&f, "50.03 0,60 0,60 10,50.03 10,50.03 5,50.03 0");
    size_t gaps = 0, near = 0, overlaps = SIZE_MAX;
    for (double m = 0.001; m < 100; m *= 2) {
        f.options.gap_m = f.options.near_m = f.options.least_m = m;
        f.options.least_m = 0.001;
        check(&f);
        size_t now = f.found->count[HCB__DEFECT_GAP] + f.found->count[HCB__DEFECT_SLIVER];
        assert_true(now >= gaps);
        gaps = now;
        assert_true(f.found->count[HCB__DEFECT_UNMATCHED] >= near);
        near = f.found->count[HCB__DEFECT_UNMATCHED];
        f.options.least_m = m;
        check(&f);
        assert_true(f.found->count[HCB__DEFECT_OVERLAP] <= overlaps);
        overlaps = f.found->count[HCB__DEFECT_OVERLAP];
    }
    assert_true(gaps >= 2 && near >= 2 && overlaps == 0);
    end(&f);
}

/* The width of shapes whose largest circle is known, and of others by trying a fine grid of centres. */
static void test_check__width_is_that_of_the_largest_circle(void **state) {
    fixture f = begin(state);
    f.dx = f.dy = 0;
    hcb__point c;
    hcb__polygon strip = ring(&f, "0 0,10000 0,10000 0.01,0 0.01,0 0");
    ASSERT_NEAR(hcb__polygon_width(&strip, 0, &c), 0.01, 1e-9);
    hcb__polygon right = ring(&f, "0 0,4 0,0 3,0 0");
    ASSERT_NEAR(hcb__polygon_width(&right, 0, &c), 2, 1e-6);
    ASSERT_NEAR(c.x, 1, 1e-5);
    ASSERT_NEAR(c.y, 1, 1e-5);
    hcb__polygon frame = shape_frame(&f.arena, 0, 0, 10, 10, 2);
    hcb__point *hole = (hcb__point *)frame.points + frame.ring_start[1];
    if (hcb__ring_area(hole, 5) > 0)
        hcb__ring_reverse(hole, 5);
    double w = hcb__polygon_width(&frame, 0, &c); /* in a corner, against the hole's corner: r = 2 - (2 - r) ... */
    double r = 2 * sqrt(2) / (1 + sqrt(2));
    ASSERT_NEAR(w, 2 * r, 1e-6);
    hcb__rng rng;
    hcb__rng_seed(&rng, 11, 0);
    for (int round = 0; round < 40; round++) {
        double xy[42];
        for (int i = 0; i <= 20; i++) {
            double angle = acos(-1) * (i % 20) / 10, radius = 1 + 4 * hcb__rng_unit(&rng);
            xy[2 * i] = i == 20 ? xy[0] : radius * cos(angle);
            xy[2 * i + 1] = i == 20 ? xy[1] : radius * sin(angle);
        }
        hcb__polygon star = shape_make(&f.arena, 1, (int32_t[]){1}, (int32_t[]){21}, xy);
        double best = 0;
        for (double x = -5; x <= 5; x += 0.02)
            for (double y = -5; y <= 5; y += 0.02) {
                double d = 1e300;
                bool in = false;
                for (int i = 0; i < 20 && d > best; i++) {
                    double ax = xy[2 * i], ay = xy[2 * i + 1], bx = xy[2 * i + 2], by = xy[2 * i + 3];
                    double t =
                        ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
                    t = fmax(0, fmin(1, t));
                    d = fmin(d, hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
                    if ((ay > y) != (by > y) && x < ax + (y - ay) * (bx - ax) / (by - ay))
                        in = !in;
                }
                if (in && d > best)
                    best = d;
            }
        double got = hcb__polygon_width(&star, 0, &c);
        if (got < 2 * best * 0.99 || got > 2 * best + 0.06)
            fail_msg("round %d: %g, by the grid %g", round, got, 2 * best);
        assert_true(!hcb__polygon_maybe_narrow(&star, 0, 0.1 * best) || best < 0.1);
    }
    end(&f);
}

static void test_check__the_lsoas_have_one_hole_and_nothing_else(void **state) {
    char path[1024];
    REQUIRE_OPEN_DATA(path, "lsoa2011.geojson");
    hcb_context *ctx = *state;
    hcb__unit_file *file;
    hcb__unit_file_options read = {path, NULL, -1, true};
    assert_int_equal(hcb__unit_file_read(&file, ctx, &read), HCB_OK);
    fixture f = begin(state);
    f.options.gap_m = 20;
    assert_int_equal(hcb__coverage_check(&f.found, ctx, file->unit, (size_t)file->n, &f.options), HCB_OK);
    assert_int_equal(f.found->list.count, 1);
    const hcb__defect *city = first(&f, HCB__DEFECT_HOLE);
    ASSERT_NEAR(city->area_m2 / 1e6, 73.3, 0.1);
    hcb__unit_file_free(file);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_check__a_clean_map_has_no_defects),
        CONTEXT_TEST(test_check__a_gap_stays_a_gap_when_wider_ones_are_allowed),
        CONTEXT_TEST(test_check__a_narrow_gap_is_seen_at_every_tolerance),
        CONTEXT_TEST(test_check__an_unmatched_corner_is_named),
        CONTEXT_TEST(test_check__unnoded_triangles),
        CONTEXT_TEST(test_check__a_gap_may_touch_the_border_of_the_map),
        CONTEXT_TEST(test_check__overlaps_and_slivers_have_their_width),
        CONTEXT_TEST(test_check__invalid_duplicate_multipart_outside),
        CONTEXT_TEST(test_check__turning_moving_and_relabelling_change_nothing),
        CONTEXT_TEST(test_check__monotone_in_the_tolerances),
        CONTEXT_TEST(test_check__width_is_that_of_the_largest_circle),
        CONTEXT_TEST(test_check__the_lsoas_have_one_hole_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
