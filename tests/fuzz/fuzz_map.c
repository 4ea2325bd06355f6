/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps: whatever polygons, areas, plans and places. First line: map.geojson, pairs.csv, settlements.csv, plan.csv, a
 * file of the workspace (zones.geojson), or `place`. */
#include "fuzz_folder.h"

static void polygons(hcb_context *ctx, const char *path) {
    hcb_text *text = NULL, *drawing = NULL;
    int64_t n, after;
    const hcb_check_options check = {.struct_size = sizeof check, .geojson = path};
    const hcb_simplify_options simplify = {.struct_size = sizeof simplify, .geojson = path, .tolerance_m = 500};
    const hcb_dissolve_options dissolve = {
        .struct_size = sizeof dissolve, .areas_csv = fuzz_path("ws/areas.csv"), .areas_geojson = path};
    fuzz_drop(hcb_zones_check(&text, &drawing, &n, ctx, &check), ctx, &text);
    hcb_text_free(drawing);
    hcb_status status = hcb_zones_simplify(&text, &n, &after, ctx, &simplify);
    FUZZ_CHECK(status != HCB_OK || after <= n);
    if (status == HCB_OK)
        FUZZ_CHECK(hcb_map_save(ctx, text, fuzz_path("saved.geojson")) == HCB_OK &&
                   hcb_text_save(ctx, text, fuzz_path("saved.txt")) == HCB_OK);
    fuzz_drop(status, ctx, &text);
    fuzz_drop(hcb_zones_dissolve(&text, ctx, &dissolve), ctx, &text);
}

static void neighbours(hcb_context *ctx, const char *path) {
    hcb_text *text = NULL;
    const hcb_adjacency_options options = {
        .struct_size = sizeof options, .islands = HCB_ISLANDS_BRIDGE, .geojson = path};
    fuzz_drop(hcb_zones_adjacency(&text, ctx, &options), ctx, &text);
}

static void cells(hcb_context *ctx, const char *path) {
    hcb_text *areas = NULL, *zones = NULL;
    const hcb_voronoi_options options = {.struct_size = sizeof options,
                                         .settlements_csv = path,
                                         .zones_csv = HCB_SOURCE_DIR "/zones/leicestershire/zones.csv"};
    hcb_status status = hcb_zones_voronoi(&areas, &zones, ctx, &options);
    hcb_text_free(areas);
    fuzz_drop(status, ctx, &zones);
}

static void compared(hcb_context *ctx, const char *path) {
    hcb_text *text = NULL;
    const char *folder = fuzz_path("ws");
    const hcb_zone_compare_options options = {
        .struct_size = sizeof options, .a = folder, .b = path, .workspace = folder};
    fuzz_drop(hcb_zones_compare(&text, ctx, &options), ctx, &text);
}

static void whole(hcb_context *ctx) {
    hcb_zone_map *map = NULL;
    hcb_zone_session *session = NULL;
    hcb_text *text = NULL;
    const hcb_zone_stats_options options = {.struct_size = sizeof options, .map_only = 1};
    hcb_status status = hcb_zone_map_load(&map, ctx, fuzz_path("ws"));
    FUZZ_CHECK((status == HCB_OK) == (map != NULL));
    if (map) {
        fuzz_drop(hcb_zone_map_stats(&text, ctx, map, HCB_FORMAT_JSON), ctx, &text);
        status = hcb_zone_session_create_map(&session, ctx, map);
        FUZZ_CHECK((status == HCB_OK) == (session != NULL));
        hcb_zone_session_free(session);
    }
    hcb_zone_map_free(map);
    fuzz_drop(hcb_zones_stats(&text, ctx, fuzz_path("ws"), &options), ctx, &text);
}

/* Places and ids as people type them, points as programs send them. */
static void asked(hcb_context *ctx, const fuzz_input *in) {
    static hcb_zone_map *map;
    static hcb_zone_session *session;
    static hcb_context *own;
    enum { MOST = 32, FEW = 4 };
    const hcb_zone_repair_options few = {.struct_size = sizeof few, .most_units = 2, .most_states = 50};
    double xy[2 * MOST] = {0};
    int32_t zone[MOST], unit[MOST];
    hcb_place place = {.struct_size = sizeof place};
    hcb_text *text = NULL;
    if (!map) {
        FUZZ_CHECK(hcb_context_create(&own, NULL) == HCB_OK);
        FUZZ_CHECK(hcb_zone_map_load(&map, own, HCB_SOURCE_DIR "/zones/leicestershire") == HCB_OK);
        FUZZ_CHECK(hcb_zone_session_create_map(&session, own, map) == HCB_OK);
        FUZZ_CHECK(hcb_zone_session_limit_repairs(own, session, &few) == HCB_OK);
    }
    const char *said = fuzz_text(in);
    (void)!hcb_zone_map_locate(&place, ctx, map, said);
    size_t n = in->size / (2 * sizeof *xy);
    n = n < MOST ? n : MOST;
    memcpy(xy, in->bytes, n * 2 * sizeof *xy);
    if (hcb_zone_map_locate_points(map, xy, n, zone) == HCB_OK)
        for (size_t i = 0; i < n; i++)
            FUZZ_CHECK(zone[i] >= -1 && zone[i] < hcb_zone_map_zone_count(map));
    FUZZ_CHECK(hcb_zone_session_find_unit(session, said) < hcb_zone_session_unit_count(session));
    int32_t to = hcb_zone_session_find_zone(session, said);
    FUZZ_CHECK(to < hcb_zone_session_zone_count(session));
    n = in->size < FEW ? in->size : FEW;
    for (size_t i = 0; i < n; i++)
        unit[i] = (signed char)in->bytes[i];
    to = n ? unit[0] % 15 : to;
    hcb_zone_move move = {.struct_size = sizeof move};
    hcb_zone_costs before = {.struct_size = sizeof before}, after = {.struct_size = sizeof after};
    hcb_zone_repair repair = {.struct_size = sizeof repair};
    (void)!hcb_zone_session_costs(&before, &after, session, unit, n, to, to);
    (void)!hcb_zone_session_repair(&repair, ctx, session, unit, n, to, &few);
    if (hcb_zone_session_try(&move, session, unit, n, to) != HCB_OK)
        return;
    fuzz_drop(hcb_zone_session_report(&text, ctx, session, unit, n, to, HCB_FORMAT_TEXT), ctx, &text);
    FUZZ_CHECK(hcb_zone_session_apply(session, unit, n, to) == HCB_OK);
    for (size_t i = 0; i < n; i++)
        FUZZ_CHECK(hcb_zone_session_unit_zone(session, unit[i]) == to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input in;
    counting memory;
    if (!fuzz_split(&in, data, size))
        return 0;
    (void)fuzz_home();
    hcb_context *ctx = fuzz_begin(&memory);
    bool of_workspace = fuzz_is(&in, "zones.geojson") || fuzz_is(&in, "areas.csv") || fuzz_is(&in, "postcodes.csv");
    fuzz_write(of_workspace ? "ws" : ".", &in);
    const char *path = fuzz_path(in.name);
    if (of_workspace) {
        whole(ctx);
        fuzz_copy(HCB_SOURCE_DIR "/tests/golden/base/.", "ws");
    } else if (fuzz_is(&in, "map.geojson")) {
        polygons(ctx, path);
        neighbours(ctx, path);
    } else if (fuzz_is(&in, "pairs.csv")) {
        neighbours(ctx, path);
    } else if (fuzz_is(&in, "settlements.csv")) {
        cells(ctx, path);
    } else if (fuzz_is(&in, "plan.csv")) {
        compared(ctx, path);
    } else if (fuzz_is(&in, "place")) {
        asked(ctx, &in);
    }
    remove(fuzz_path(in.name));
    fuzz_close(ctx, &memory);
    return 0;
}
