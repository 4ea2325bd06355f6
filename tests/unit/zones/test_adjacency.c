/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo_test.h"
#include "open_data.h"
#include "workspace_files.h"
#include "zones/adjacency.h"
#include "zones/topology_read.h"

typedef struct fixture {
    hcb_context *ctx;
    test_folder folder;
    hcb__unit_file *file;
    hcb__topology *topology;
    hcb__adjacency *adjacency;
} fixture;

static void close_map(fixture *f) {
    hcb__adjacency_free(f->adjacency);
    hcb__topology_free(f->topology);
    hcb__unit_file_free(f->file);
    f->adjacency = NULL;
    f->topology = NULL;
    f->file = NULL;
}

static void open_map(fixture *f, const char *path, const char *id, int decimals) {
    close_map(f);
    hcb__unit_file_options options = {path, id, decimals, false};
    assert_int_equal(hcb__begin(f->ctx), HCB_OK);
    hcb_status status = hcb__end(f->ctx, hcb__unit_file_read(&f->file, f->ctx, &options));
    if (status != HCB_OK)
        print_diagnostics(f->ctx);
    assert_int_equal(status, HCB_OK);
    assert_int_equal(hcb__topology_create(&f->topology, &f->ctx->mem, f->file->unit, (size_t)f->file->n), HCB_OK);
    assert_int_equal(hcb__adjacency_create(&f->adjacency, &f->ctx->mem, f->topology), HCB_OK);
}

/* Features on the British grid, 450 km east and 300 km north of its origin; `xy` are metres from there. */
static void draw(fixture *f, const char *const *rings, size_t n) {
    char *text = malloc(1 << 16), *at = text;
    at += sprintf(at, "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
                      "\"EPSG:27700\"}},\"features\":[");
    for (size_t i = 0; i < n; i++) {
        at += sprintf(at,
                      "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"%c\"},\"geometry\":{\"type\":\"Polygon\","
                      "\"coordinates\":[[",
                      i ? "," : "", (char)('a' + (int)i));
        char *copy = strdup(rings[i]), *rest = copy;
        for (char *xy = strtok_r(copy, ",", &rest), *first = xy; xy; xy = strtok_r(NULL, ",", &rest)) {
            double x, y;
            assert_int_equal(sscanf(xy, "%lf %lf", &x, &y), 2);
            at += sprintf(at, "%s[%.4f,%.4f]", xy == first ? "" : ",", 450000 + x, 300000 + y);
        }
        free(copy);
        at += sprintf(at, "]]}}");
    }
    sprintf(at, "]}");
    test_folder_write(&f->folder, "map.geojson", text);
    free(text);
    char path[512];
    snprintf(path, sizeof path, "%s/map.geojson", f->folder.path);
    open_map(f, path, NULL, -1);
}

static fixture begin(void **state) {
    fixture f = {.ctx = *state, .folder = test_folder_make()};
    return f;
}

static void end(fixture *f) {
    close_map(f);
    test_folder_remove(f->folder.path);
}

static int32_t components(fixture *f, bool queen) {
    int32_t *component = calloc((size_t)f->file->n + 1, sizeof *component);
    int32_t n = hcb__adjacency_components(f->adjacency, &f->ctx->mem, queen, component);
    free(component);
    return n;
}

static const hcb__neighbour *find(const fixture *f, int32_t a, int32_t b) {
    for (int32_t i = f->adjacency->start[a]; i < f->adjacency->start[a + 1]; i++)
        if (f->adjacency->list[i].unit == b)
            return &f->adjacency->list[i];
    return NULL;
}

static void test_adjacency__corner_touch_is_not_a_border(void **state) {
    fixture f = begin(state);
    const char *const four[] = {"0 0,1 0,1 1,0 1,0 0", "1 0,2 0,2 1,1 1,1 0", "0 1,1 1,1 2,0 2,0 1",
                                "1 1,2 1,2 2,1 2,1 1"};
    draw(&f, four, 4);
    assert_int_equal(hcb__adjacency_pairs(f.adjacency, false), 4);
    assert_int_equal(hcb__adjacency_pairs(f.adjacency, true), 6);
    assert_false(find(&f, 0, 3)->rook);
    assert_int_equal(find(&f, 0, 3)->shared_um, 0);
    assert_int_equal(find(&f, 2, 0)->shared_um, 1000000);
    assert_int_equal(components(&f, false), 1);
    end(&f);
}

/* Two vertices in common and no edge: both ends of a gap (pysal#31). */
static void test_adjacency__two_shared_points_without_a_shared_edge(void **state) {
    fixture f = begin(state);
    const char *const two[] = {"0 0,2 0,1 1,2 2,0 2,0 0", "2 0,4 0,4 2,2 2,3 1,2 0"};
    draw(&f, two, 2);
    assert_int_equal(hcb__adjacency_pairs(f.adjacency, false), 0);
    assert_int_equal(hcb__adjacency_pairs(f.adjacency, true), 1);
    assert_int_equal(components(&f, false), 2);
    assert_int_equal(components(&f, true), 1);
    end(&f);
}

/* Neighbours by two separate stretches of border, with another unit between (libpysal#333). */
static void test_adjacency__borders_in_two_pieces_add_up(void **state) {
    fixture f = begin(state);
    const char *const three[] = {"0 0,2 0,2 1,1 2,2 3,2 4,0 4,0 0", "2 0,4 0,4 4,2 4,2 3,3 2,2 1,2 0",
                                 "2 1,3 2,2 3,1 2,2 1"};
    draw(&f, three, 3);
    assert_int_equal(hcb__adjacency_pairs(f.adjacency, false), 3);
    assert_int_equal(find(&f, 0, 1)->shared_um, 2000000);
    assert_int_equal(find(&f, 0, 2)->shared_um, 2828428);
    end(&f);
}

static void test_adjacency__islands_get_the_shortest_bridges(void **state) {
    fixture f = begin(state);
    const char *const islands[] = {"0 0,1 0,1 1,0 1,0 0", "1 0,2 0,2 1,1 1,1 0", "5 0,6 0,6 1,5 1,5 0",
                                   "6 5,7 5,7 6,6 6,6 5"};
    draw(&f, islands, 4);
    int32_t bridges;
    assert_int_equal(components(&f, false), 3);
    assert_int_equal(hcb__adjacency_bridge(f.adjacency, &f.ctx->mem, f.topology, false, &bridges), HCB_OK);
    assert_int_equal(bridges, 2);
    assert_int_equal(components(&f, false), 1);
    assert_true(find(&f, 1, 2)->bridge); /* 3 m */
    assert_true(find(&f, 2, 3)->bridge); /* 4 m */
    assert_int_equal(hcb__adjacency_pairs(f.adjacency, false), 3);
    end(&f);
}

/* A corner in common is a distance of nothing: the pair that is there already becomes the bridge. */
static void test_adjacency__a_corner_can_be_the_bridge(void **state) {
    fixture f = begin(state);
    const char *const corner[] = {"0 0,1 0,1 1,0 1,0 0", "1 1,2 1,2 2,1 2,1 1"};
    draw(&f, corner, 2);
    int32_t bridges;
    assert_int_equal(hcb__adjacency_bridge(f.adjacency, &f.ctx->mem, f.topology, false, &bridges), HCB_OK);
    assert_int_equal(bridges, 1);
    assert_int_equal(hcb__adjacency_pairs(f.adjacency, false), 1);
    assert_int_equal(hcb__adjacency_pairs(f.adjacency, true), 1);
    end(&f);
}

/* A zone round a hole and the zones on its other sides: nothing meets across the hole. */
static void test_adjacency__zones_round_a_hole_do_not_meet_across_it(void **state) {
    fixture f = begin(state);
    const char *const ring[] = {"0 0,9 0,6 3,3 3,0 0", "9 0,9 9,6 6,6 3,9 0", "9 9,0 9,3 6,6 6,9 9",
                                "0 9,0 0,3 3,3 6,0 9"};
    draw(&f, ring, 4);
    assert_int_equal(hcb__adjacency_pairs(f.adjacency, false), 4);
    assert_null(find(&f, 0, 2));
    assert_null(find(&f, 1, 3));
    end(&f);
}

static void instance_path(char *path, size_t size, const char *name) {
    const char *root = getenv("HCB_INSTANCES");
    snprintf(path, size, "%s/instances/%s", root && *root ? root : HCB_SHARED_DEFAULT, name);
}

#define REQUIRE_INSTANCE(path, name)                                                                                   \
    do {                                                                                                               \
        instance_path((path), sizeof(path), (name));                                                                   \
        if (access((path), R_OK) != 0) {                                                                               \
            print_message("[  SKIP    ] %s: no file %s\n", __func__, (path));                                          \
            skip();                                                                                                    \
        }                                                                                                              \
    } while (0)

/* Every row of the published counts. */
static void test_adjacency__leicestershire_has_the_published_counts(void **state) {
    char path[1024], counts[1024], line[256];
    REQUIRE_OPEN_DATA(path, "oa2011.geojson");
    REQUIRE_INSTANCE(counts, "zoning/leicestershire_adjacency.csv");
    fixture f = begin(state);
    FILE *rows = fopen(counts, "r");
    assert_non_null(rows);
    assert_non_null(fgets(line, sizeof line, rows));
    int n = 0;
    for (; fgets(line, sizeof line, rows); n++) {
        char name[64], decimals[16];
        int units, rook, queen, across, rook_parts, queen_parts;
        assert_int_equal(sscanf(line, "%63[^,],%15[^,],%d,%d,%d,%d,%d,%d", name, decimals, &units, &rook, &queen,
                                &across, &rook_parts, &queen_parts),
                         8);
        open_data_path(path, sizeof path, name);
        open_map(&f, path, NULL, *decimals == 'n' ? -1 : atoi(decimals));
        assert_int_equal(f.file->n, units);
        assert_int_equal(hcb__adjacency_pairs(f.adjacency, false), rook);
        assert_int_equal(hcb__adjacency_pairs(f.adjacency, true), queen);
        assert_int_equal(components(&f, false), rook_parts);
        assert_int_equal(components(&f, true), queen_parts);
    }
    fclose(rows);
    assert_int_equal(n, 30);
    end(&f);
}

/* The same from the topology: the county's area in the plane, and each unit's border is its shared border plus what
 * is on the county's outline. */
static void test_adjacency__borders_add_up(void **state) {
    char path[1024];
    REQUIRE_OPEN_DATA(path, "lsoa2011.geojson");
    fixture f = begin(state);
    open_map(&f, path, NULL, -1);
    int64_t area = 0, outline = 0, own = 0;
    for (int32_t u = 0; u < f.file->n; u++) {
        area += f.topology->area_mm2[u];
        own += f.topology->perimeter_um[u];
        for (int32_t i = f.adjacency->start[u]; i < f.adjacency->start[u + 1]; i++)
            own -= f.adjacency->list[i].shared_um;
    }
    for (int32_t e = 0; e < f.topology->n_edges; e++)
        if (f.topology->edge[e + 1].first - f.topology->edge[e].first == 1)
            outline += f.topology->edge[e].um;
    ASSERT_NEAR((double)area / 1e12, 2083.84, 0.02);
    assert_int_equal(own, outline);
    end(&f);
}

/* New Hampshire's voting districts, in feet: the published list of neighbours. */
static void test_adjacency__new_hampshire_has_the_published_pairs(void **state) {
    char path[1024], edges[1024], line[64];
    REQUIRE_INSTANCE(path, "zoning/nh_vtd/units.geojson");
    REQUIRE_INSTANCE(edges, "zoning/nh_vtd/edges.csv");
    fixture f = begin(state);
    open_map(&f, path, "unit", -1);
    assert_false(f.file->degrees);
    FILE *rows = fopen(edges, "r");
    assert_non_null(rows);
    assert_non_null(fgets(line, sizeof line, rows));
    int listed = 0, found = 0;
    for (; fgets(line, sizeof line, rows); listed++) {
        char *comma = strchr(line, ','), *stop = strpbrk(line, "\r\n");
        *comma = *stop = '\0';
        int32_t a = hcb__idmap_get(&f.file->of_id, line, strlen(line));
        int32_t b = hcb__idmap_get(&f.file->of_id, comma + 1, strlen(comma + 1));
        assert_true(a >= 0 && b >= 0);
        found += find(&f, a, b) != NULL;
    }
    fclose(rows);
    assert_int_equal(listed, 879);
    assert_int_equal(found, 879);
    print_message("  %d pairs listed; here %lld by edges, %lld with corners\n", listed,
                  (long long)hcb__adjacency_pairs(f.adjacency, false),
                  (long long)hcb__adjacency_pairs(f.adjacency, true));
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(test_adjacency__corner_touch_is_not_a_border),
        CONTEXT_TEST(test_adjacency__two_shared_points_without_a_shared_edge),
        CONTEXT_TEST(test_adjacency__borders_in_two_pieces_add_up),
        CONTEXT_TEST(test_adjacency__islands_get_the_shortest_bridges),
        CONTEXT_TEST(test_adjacency__a_corner_can_be_the_bridge),
        CONTEXT_TEST(test_adjacency__zones_round_a_hole_do_not_meet_across_it),
        CONTEXT_TEST(test_adjacency__leicestershire_has_the_published_counts),
        CONTEXT_TEST(test_adjacency__borders_add_up),
        CONTEXT_TEST(test_adjacency__new_hampshire_has_the_published_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
