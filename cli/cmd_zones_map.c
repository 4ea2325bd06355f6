/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a map is like: neighbours, defects; and what moving areas does. */
#include "cli.h"

static int run_adjacency(cli *c) {
    hcb_adjacency_options o = {.struct_size = sizeof o,
                               .rule = c->args.rule,
                               .islands = c->args.islands,
                               .format = c->args.format,
                               .geojson = c->args.operands[0],
                               .id_property = c->args.id_property,
                               .decimals = (int32_t)c->args.decimals};
    hcb_text *text = NULL;
    hcb_status status = hcb_zones_adjacency(&text, c->ctx, &o);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    return print_text(text);
}

static const arg_option adjacency_options[] = {
    ROW(hcb_adjacency_options, rule, rule), ROW(hcb_adjacency_options, id_property, id_property),
    ROW(hcb_adjacency_options, decimals, decimals), ROW(hcb_adjacency_options, islands, islands)};

const cli_command command_zones_adjacency = {
    "zones adjacency",
    "FILE.geojson",
    1,
    1,
    "which polygons of a map are neighbours, and the length they share",
    "One row a pair: a,b,shared_m (metres). FILE may be such a list itself (.csv): it is checked,\n"
    "put in order, and its parts are counted.",
    adjacency_options,
    COUNT(adjacency_options),
    run_adjacency};

static int run_check(cli *c) {
    hcb_check_options o = {.struct_size = sizeof o,
                           .format = c->args.format,
                           .geojson = c->args.operands[0],
                           .id_property = c->args.id_property,
                           .outline = c->args.outline,
                           .decimals = (int32_t)c->args.decimals,
                           .least_m = c->args.least_m,
                           .gap_m = c->args.gap_m,
                           .near_m = c->args.near_m};
    hcb_text *text = NULL, *drawing = NULL;
    int64_t n_defects = 0;
    hcb_status status = hcb_zones_check(&text, c->args.out ? &drawing : NULL, &n_defects, c->ctx, &o);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    int code = print_text(text);
    if (drawing && code == EXIT_DONE) {
        status = hcb_map_save(c->ctx, drawing, c->args.out);
        if (status == HCB_OK)
            note(c, "written: %s", c->args.out);
        code = finish(c, status);
    }
    hcb_text_free(drawing);
    return code == EXIT_DONE && n_defects ? EXIT_NO : code;
}

static const arg_option check_options[] = {OWN_TEXT("out", "FILE.geojson", out, "draw the defects"),
                                           ROW(hcb_check_options, outline, outline),
                                           ROW(hcb_check_options, id_property, id_property),
                                           ROW(hcb_check_options, decimals, decimals),
                                           ROW(hcb_check_options, least_m, least_m),
                                           ROW(hcb_check_options, gap_m, gap_m),
                                           ROW(hcb_check_options, near_m, near_m)};

const cli_command command_zones_check = {
    "zones check",
    "FILE.geojson",
    1,
    1,
    "what is wrong with a map: overlaps, gaps, slivers, unmatched corners",
    "Each defect with its place (metres), its width (the largest circle in it) and its area.\n"
    "Holes wider than --gap (given after the command's name; before it stands that of a solve)\n"
    "and units in several parts are notes. Exit code 1 when there are\n"
    "defects.",
    check_options,
    COUNT(check_options),
    run_check};

static int write_plan(cli *c, hcb_zone_session *session, const int32_t *units, size_t n, int32_t zone) {
    hcb_text *plan = NULL;
    hcb_status status = hcb_zone_session_apply(session, units, n, zone);
    if (status == HCB_OK)
        status = hcb_zone_session_plan(&plan, c->ctx, session);
    if (status == HCB_OK)
        status = hcb_text_save(c->ctx, plan, c->args.out);
    hcb_text_free(plan);
    if (status == HCB_OK)
        note(c, "written: %s", c->args.out);
    return finish(c, status);
}

static int move(cli *c, hcb_zone_session *session) {
    int32_t units[MOST_OPERANDS], zone = hcb_zone_session_find_zone(session, c->args.to);
    size_t n = (size_t)c->args.n_operands;
    for (size_t i = 0; i < n; i++) {
        units[i] = hcb_zone_session_find_unit(session, c->args.operands[i]);
        if (units[i] < 0) {
            complain("zones move: there is no area \"%s\"", c->args.operands[i]);
            return EXIT_USAGE;
        }
    }
    if (zone < 0) {
        complain("zones move: there is no zone \"%s\"", c->args.to);
        return EXIT_USAGE;
    }
    hcb_zone_move what = {.struct_size = sizeof what};
    hcb_text *text = NULL;
    const hcb_zone_repair_options repairs = {.struct_size = sizeof repairs, .most_states = c->args.repair_maps};
    hcb_status status = hcb_zone_session_try(&what, session, units, n, zone);
    if (status == HCB_OK)
        status = hcb_zone_session_limit_repairs(c->ctx, session, &repairs);
    if (status == HCB_OK)
        status = hcb_zone_session_report(&text, c->ctx, session, units, n, zone, c->args.format);
    if (status != HCB_OK)
        return finish(c, status);
    int code = print_text(text);
    bool legal = what.problems == 0;
    if (code == EXIT_DONE && c->args.out && (legal || c->args.force))
        code = write_plan(c, session, units, n, zone);
    else if (code == EXIT_DONE && c->args.out)
        note(c, "not written: %s, as the move is not legal; --force writes it all the same", c->args.out);
    return code == EXIT_DONE && !legal ? EXIT_NO : code;
}

static int run_move(cli *c) {
    if (!c->args.to) {
        complain("zones move: --to ZONE is needed");
        return EXIT_USAGE;
    }
    hcb_workspace *workspace = NULL;
    hcb_zone_map *map = NULL;
    hcb_zone_session *session = NULL;
    hcb_status status = c->args.map_only ? hcb_zone_map_load(&map, c->ctx, c->args.dir)
                                         : hcb_workspace_load(&workspace, c->ctx, c->args.dir, NULL);
    if (status == HCB_OK) {
        print_diagnostics(c);
        status = map ? hcb_zone_session_create_map(&session, c->ctx, map)
                     : hcb_zone_session_create(&session, c->ctx, workspace);
    }
    hcb_workspace_free(workspace);
    int code = status == HCB_OK ? move(c, session) : finish(c, status);
    hcb_zone_session_free(session);
    hcb_zone_map_free(map);
    return code;
}

static const arg_option move_options[] = {
    OWN_TEXT("to", "ZONE", to, "where the areas go"),
    OWN_TEXT("out", "FILE.csv", out, "write area_id,zone_id of the plan with the move, when it is legal"),
    OWN_FLAG("force", force, "write it even when it is not"),
    OWN_FLAG("map-only", map_only, "without hours: the workspace needs no people and no providers"),
    ROW(hcb_zone_repair_options, most_states, repair_maps)};

const cli_command command_zones_move = {
    "zones move",
    "AREA...",
    1,
    MOST_OPERANDS,
    "what moving small areas to another zone does",
    "Hours (of the queue and of today's placements), people, parts and shape of every zone that\n"
    "changes, before and after; why the move is not legal, and which areas would have to move\n"
    "as well. Exit code 1 when it is not legal. No file of the workspace is changed.",
    move_options,
    COUNT(move_options),
    run_move};

static int run_compare(cli *c) {
    hcb_zone_compare_options o = {.struct_size = sizeof o,
                                  .format = c->args.format,
                                  .a = c->args.operands[0],
                                  .b = c->args.operands[1],
                                  .workspace = c->args.dir,
                                  .places = c->args.places,
                                  .out = c->args.out};
    hcb_text *text = NULL;
    hcb_status status = hcb_zones_compare(&text, c->ctx, &o);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    if (o.out)
        note(c, "written: %s/zones_comparison.json, units.csv", o.out);
    return print_text(text);
}

static const arg_option compare_options[] = {ROW(hcb_zone_compare_options, out, out),
                                             ROW(hcb_zone_compare_options, places, places)};

const cli_command command_zones_compare = {
    "zones compare",
    "A B",
    2,
    2,
    "two maps: who moves where, what each zone gains and loses",
    "A and B are workspaces, or plans (area_id,zone_id in a .csv file) over the small areas of\n"
    "-C DIR. They may have different zones and different small areas.",
    compare_options,
    COUNT(compare_options),
    run_compare};

static int run_simplify(cli *c) {
    hcb_simplify_options o = {.struct_size = sizeof o,
                              .decimals = (int32_t)c->args.decimals,
                              .geojson = c->args.operands[0],
                              .id_property = c->args.id_property,
                              .tolerance_m = c->args.tolerance_m};
    int64_t before = 0, after = 0;
    hcb_text *text = NULL;
    hcb_status status = hcb_zones_simplify(&text, &before, &after, c->ctx, &o);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    note(c, "%lld of %lld corners stay", (long long)after, (long long)before);
    keep_lines();
    if (!c->args.out)
        return print_text(text);
    status = hcb_map_save(c->ctx, text, c->args.out);
    hcb_text_free(text);
    if (status == HCB_OK)
        note(c, "written: %s", c->args.out);
    return finish(c, status);
}

static const arg_option simplify_options[] = {
    ROW(hcb_simplify_options, tolerance_m, tolerance_m), ROW(hcb_simplify_options, id_property, id_property),
    ROW(hcb_simplify_options, decimals, decimals),
    OWN_TEXT("out", "FILE", out, "where to write (default: standard output)")};

const cli_command command_zones_simplify = {
    "zones simplify",
    "FILE.geojson",
    1,
    1,
    "the same map with fewer corners, neighbours still matched",
    "Each border is simplified once, for both of its neighbours. No gap, no overlap opens; no\n"
    "part or hole vanishes.",
    simplify_options,
    COUNT(simplify_options),
    run_simplify};
