/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "base/rng.h"
#include "geo_shapes.h"
#include "open_data.h"
#include "zones/circle.h"
#include "zones/metrics.h"
#include "zones/topology_read.h"

static const double pi = 3.14159265358979323846;

static hcb__shape shape_of(hcb_context *ctx, const hcb__polygon *p) {
    hcb__shape s;
    assert_int_equal(hcb__shape_of_polygon(&s, &ctx->mem, p), HCB_OK);
    return s;
}

static void test_metrics__square(void **state) {
    hcb__arena arena;
    hcb__arena_init(&arena, &((hcb_context *)*state)->mem);
    hcb__polygon box = shape_box(&arena, 450000, 300000, 450010, 300010);
    hcb__shape s = shape_of(*state, &box);
    ASSERT_NEAR(s.polsby_popper, pi / 4, 1e-12);
    ASSERT_NEAR(s.schwartzberg, sqrt(pi) / 2, 1e-12);
    ASSERT_NEAR(s.reock, 2 / pi, 1e-12);
    ASSERT_NEAR(s.convex_hull, 1, 1e-12);
    ASSERT_NEAR(s.inertia, 3 / pi, 1e-9); /* I = a^4 / 6 */
    hcb__arena_release(&arena);
}

/* a x b: I = ab (a^2 + b^2) / 12. */
static void test_metrics__rectangle(void **state) {
    hcb__arena arena;
    hcb__arena_init(&arena, &((hcb_context *)*state)->mem);
    hcb__polygon box = shape_box(&arena, 0, 0, 40, 10);
    hcb__shape s = shape_of(*state, &box);
    ASSERT_NEAR(s.polsby_popper, 4 * pi * 400 / 10000, 1e-12);
    ASSERT_NEAR(s.reock, 400 / (pi * (400 + 25)), 1e-12);
    ASSERT_NEAR(s.inertia, 400.0 * 400 / (2 * pi * 400 * (1600 + 100) / 12), 1e-9);
    hcb__arena_release(&arena);
}

/* L of three unit squares times 10: hull 3.5, smallest circle through (0,0)... (20,0), (0,20): radius 10 sqrt 2. */
static void test_metrics__l_shape_and_ring(void **state) {
    hcb__arena arena;
    hcb__arena_init(&arena, &((hcb_context *)*state)->mem);
    const double l[] = {0, 0, 20, 0, 20, 10, 10, 10, 10, 20, 0, 20, 0, 0};
    hcb__polygon p = shape_make(&arena, 1, (int32_t[]){1}, (int32_t[]){7}, l);
    hcb__shape s = shape_of(*state, &p);
    ASSERT_NEAR(s.convex_hull, 3 / 3.5, 1e-12);
    ASSERT_NEAR(s.polsby_popper, 4 * pi * 300 / 6400, 1e-12);
    /* The circle through (0,0), (20,10) and (10,20). */
    hcb__point corners[] = {{0, 0}, {20, 0}, {20, 10}, {10, 20}, {0, 20}};
    double r = hcb__smallest_circle(corners, 5).radius;
    ASSERT_NEAR(r, 10 * sqrt(2), 1e-9);
    ASSERT_NEAR(s.reock, 300 / (pi * 200), 1e-9);
    /* A frame 10 x 10 with a hole 6 x 6: both borders count, the hole's area does not. */
    hcb__polygon frame = shape_frame(&arena, 0, 0, 10, 10, 2);
    s = shape_of(*state, &frame);
    ASSERT_NEAR(s.polsby_popper, 4 * pi * 64 / (64 * 64), 1e-12);
    ASSERT_NEAR(s.convex_hull, 0.64, 1e-12);
    ASSERT_NEAR(s.inertia, 64.0 * 64 / (2 * pi * (10000.0 / 6 - 1296.0 / 6)), 1e-9);
    hcb__arena_release(&arena);
}

static void test_metrics__many_sided_polygon_tends_to_a_circle(void **state) {
    hcb__arena arena;
    hcb__arena_init(&arena, &((hcb_context *)*state)->mem);
    double xy[2 * 721];
    for (int i = 0; i <= 720; i++) {
        xy[2 * i] = 450000 + 5000 * cos(pi * (i % 720) / 360);
        xy[2 * i + 1] = 300000 + 5000 * sin(pi * (i % 720) / 360);
    }
    hcb__polygon p = shape_make(&arena, 1, (int32_t[]){1}, (int32_t[]){721}, xy);
    hcb__shape s = shape_of(*state, &p);
    ASSERT_NEAR(s.polsby_popper, 1, 2e-5);
    ASSERT_NEAR(s.reock, 1, 2e-5);
    ASSERT_NEAR(s.inertia, 1, 1e-4);
    assert_true(s.inertia <= 1 && s.reock <= 1);
    hcb__arena_release(&arena);
}

/* The smallest circle by trying every pair and every triple. */
static double slow_radius(const hcb__point *p, size_t n) {
    double best = 1e300;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            for (size_t k = j; k < n; k++) {
                hcb__point c = {(p[i].x + p[j].x) / 2, (p[i].y + p[j].y) / 2};
                if (k != j) {
                    double ax = p[j].x - p[i].x, ay = p[j].y - p[i].y, bx = p[k].x - p[i].x, by = p[k].y - p[i].y;
                    double d = 2 * (ax * by - ay * bx);
                    if (d == 0)
                        continue;
                    c.x = p[i].x + (by * (ax * ax + ay * ay) - ay * (bx * bx + by * by)) / d;
                    c.y = p[i].y + (ax * (bx * bx + by * by) - bx * (ax * ax + ay * ay)) / d;
                }
                double r = 0;
                for (size_t m = 0; m < n; m++)
                    r = fmax(r, hypot(p[m].x - c.x, p[m].y - c.y));
                best = fmin(best, r);
            }
    return best;
}

static void test_metrics__smallest_circle_is_that_of_brute_force(void **state) {
    (void)state;
    hcb__rng rng;
    hcb__rng_seed(&rng, 3, 0);
    for (int round = 0; round < 300; round++) {
        hcb__point p[12], hull[13];
        size_t n = 2 + hcb__rng_below(&rng, 11);
        for (size_t i = 0; i < n; i++) /* a small grid: many points in line, many equal */
            p[i] = (hcb__point){450000 + hcb__rng_below(&rng, 7), 300000 + hcb__rng_below(&rng, round % 2 ? 7 : 1)};
        p[0].x += 8;
        double want = slow_radius(p, n);
        double got = hcb__smallest_circle(p, n).radius;
        ASSERT_NEAR(got, want, 1e-9);
        size_t corners = hcb__convex_hull(p, n, hull);
        got = hcb__smallest_circle(hull, corners).radius;
        ASSERT_NEAR(got, want, 1e-9);
    }
    hcb__point one = {3, 4};
    assert_true(hcb__smallest_circle(&one, 1).radius == 0);
    assert_true(hcb__smallest_circle(&one, 0).radius == 0);
}

static void test_metrics__splits_and_variation_of_information(void **state) {
    hcb_context *ctx = *state;
    const int32_t place[] = {0, 0, 1, 1, 1, 2, -1}, zone[] = {0, 0, 0, 1, 2, 2, 1};
    hcb__splits s;
    assert_int_equal(hcb__splits_of(&s, &ctx->mem, place, zone, 7), HCB_OK);
    assert_int_equal(s.places, 3);
    assert_int_equal(s.split, 1);
    assert_int_equal(s.multi, 1);
    assert_int_equal(s.pieces, 2);
    /* Two halves against the other two halves: nothing of one is known from the other: 2 ln 2. */
    const int32_t a[] = {0, 0, 1, 1}, b[] = {0, 1, 0, 1}, renamed[] = {5, 5, 3, 3}, whole[] = {0, 0, 0, 0};
    const int64_t weight[] = {10, 10, 10, 10};
    double vi;
    assert_int_equal(hcb__variation_of_information(&vi, &ctx->mem, a, b, weight, 4), HCB_OK);
    ASSERT_NEAR(vi, 2 * log(2), 1e-12);
    assert_int_equal(hcb__variation_of_information(&vi, &ctx->mem, a, renamed, weight, 4), HCB_OK);
    assert_true(vi < 1e-15);
    /* One zone split into halves: ln 2. */
    assert_int_equal(hcb__variation_of_information(&vi, &ctx->mem, whole, a, weight, 4), HCB_OK);
    ASSERT_NEAR(vi, log(2), 1e-12);
    /* 30 of 40 stay together: H(3/4). */
    const int32_t c[] = {0, 0, 0, 1};
    assert_int_equal(hcb__variation_of_information(&vi, &ctx->mem, whole, c, weight, 4), HCB_OK);
    ASSERT_NEAR(vi, -0.75 * log(0.75) - 0.25 * log(0.25), 1e-12);
}

/* The two zones of New Hampshire: published values. */
static void test_metrics__new_hampshire_has_the_published_values(void **state) {
    hcb_context *ctx = *state;
    const char *root = getenv("HCB_INSTANCES");
    char folder[800], path[1024], line[512];
    snprintf(folder, sizeof folder, "%s/instances/zoning/nh_vtd", root && *root ? root : HCB_SHARED_DEFAULT);
    snprintf(path, sizeof path, "%s/units.geojson", folder);
    if (access(path, R_OK) != 0) {
        print_message("[  SKIP    ] %s: no file %s\n", __func__, path);
        skip();
    }
    hcb__unit_file *file;
    hcb__topology *t;
    hcb__adjacency *adj;
    hcb__unit_file_options options = {path, "unit", -1, false};
    assert_int_equal(hcb__unit_file_read(&file, ctx, &options), HCB_OK);
    assert_int_equal(hcb__topology_create(&t, &ctx->mem, file->unit, (size_t)file->n), HCB_OK);
    assert_int_equal(hcb__adjacency_create(&adj, &ctx->mem, t), HCB_OK);
    int32_t zone[326], place[326];
    char counties[16][64];
    int n_counties = 0;
    assert_int_equal(file->n, 326);
    snprintf(path, sizeof path, "%s/plan_r_2020.csv", folder);
    FILE *rows = fopen(path, "r");
    assert_non_null(fgets(line, sizeof line, rows));
    while (fgets(line, sizeof line, rows)) {
        char *comma = strchr(line, ',');
        zone[hcb__idmap_get(&file->of_id, line, (size_t)(comma - line))] = atoi(comma + 1) - 1;
    }
    fclose(rows);
    snprintf(path, sizeof path, "%s/units.csv", folder);
    rows = fopen(path, "r");
    assert_non_null(fgets(line, sizeof line, rows));
    while (fgets(line, sizeof line, rows)) {
        char unit[16], code[32], county[64];
        assert_int_equal(sscanf(line, "%15[^,],%31[^,],%63[^,]", unit, code, county), 3);
        int k = 0;
        while (k < n_counties && strcmp(counties[k], county) != 0)
            k++;
        if (k == n_counties)
            strcpy(counties[n_counties++], county);
        place[hcb__idmap_get(&file->of_id, unit, strlen(unit))] = k;
    }
    fclose(rows);
    static const double published[2][5] = {
        {0.232437498551951, 0.482117722710907, 0.44161486363319774, 0.676396448650639, 62825263036.21567},
        {0.15827627110717, 0.39783950420637, 0.24861049085447223, 0.662673827045224, 197768002571.0191}};
    for (int32_t z = 0; z < 2; z++) {
        hcb__mass mass = {0};
        int64_t perimeter = 0;
        size_t n = 0, total = 0;
        for (int32_t u = 0; u < file->n; u++)
            total += (size_t)file->unit[u].polygon.n_points;
        hcb__point *points = malloc((2 * total + 1) * sizeof *points), *hull = points + total;
        for (int32_t u = 0; u < file->n; u++) {
            if (zone[u] != z)
                continue;
            hcb__mass one = hcb__mass_of(&file->unit[u].polygon, file->unit[0].polygon.points[0]);
            hcb__mass_add(&mass, &one, 1);
            perimeter += t->perimeter_um[u];
            for (int32_t i = adj->start[u]; i < adj->start[u + 1]; i++)
                if (zone[adj->list[i].unit] == z)
                    perimeter -= adj->list[i].shared_um;
            memcpy(points + n, file->unit[u].polygon.points, (size_t)file->unit[u].polygon.n_points * sizeof *points);
            n += (size_t)file->unit[u].polygon.n_points;
        }
        size_t corners = hcb__convex_hull(points, n, hull);
        hcb__shape s = hcb__shape_of(&mass, (double)perimeter / 1e6, hull, corners);
        const double foot = 1200.0 / 3937;
        ASSERT_NEAR(s.polsby_popper, published[z][0], 1e-9);
        ASSERT_NEAR(s.schwartzberg, published[z][1], 1e-9);
        ASSERT_NEAR(s.reock, published[z][2], 1e-9);
        ASSERT_NEAR(s.convex_hull, published[z][3], 1e-9);
        ASSERT_NEAR((double)mass.area_mm2 / 1e6 / (foot * foot) / published[z][4], 1, 1e-12);
        assert_true(s.inertia > 0 && s.inertia < 1);
        free(points);
    }
    int32_t cut = 0;
    for (int32_t u = 0; u < file->n; u++)
        for (int32_t i = adj->start[u]; i < adj->start[u + 1]; i++)
            cut += adj->list[i].rook && adj->list[i].unit > u && zone[adj->list[i].unit] != zone[u];
    assert_int_equal(cut, 73);
    hcb__splits splits;
    assert_int_equal(hcb__splits_of(&splits, &ctx->mem, place, zone, 326), HCB_OK);
    assert_int_equal(splits.split, 6);
    assert_int_equal(splits.multi, 0);
    hcb__adjacency_free(adj);
    hcb__topology_free(t);
    hcb__unit_file_free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_metrics__square),
        CONTEXT_TEST(test_metrics__rectangle),
        CONTEXT_TEST(test_metrics__l_shape_and_ring),
        CONTEXT_TEST(test_metrics__many_sided_polygon_tends_to_a_circle),
        CONTEXT_TEST(test_metrics__smallest_circle_is_that_of_brute_force),
        CONTEXT_TEST(test_metrics__splits_and_variation_of_information),
        CONTEXT_TEST(test_metrics__new_hampshire_has_the_published_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
