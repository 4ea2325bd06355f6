/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *fixture_path(fixture *f, const char *name) {
    snprintf(f->path, sizeof f->path, "%s/%s", f->own, name);
    return f->path;
}

/* What a call that succeeded must have said. */
static void expect(const char *what, const char *text, const char *has) {
    if (strstr(text, has))
        return;
    fprintf(stderr, "%s does not say \"%s\" but:\n%s\n", what, has, text);
    abort();
}

/* By address: the call that fills the text is another argument. */
static hcb_status take(hcb_status status, hcb_text **text, const char *what, const char *has) {
    if (status == HCB_OK) {
        expect(what, hcb_text_data(*text), has);
        if (hcb_text_size(*text) != strlen(hcb_text_data(*text)))
            abort();
    }
    hcb_text_free(*text);
    return status;
}

static hcb_status load(fixture *f) {
    hcb_workspace *workspace = NULL;
    hcb_status status = hcb_workspace_load(&workspace, f->ctx, f->small, NULL);
    hcb_workspace_info info = {.struct_size = sizeof info};
    if (status == HCB_OK) {
        status = hcb_workspace_get_info(workspace, &info);
        expect("the name", info.name, "Three small zones");
    }
    hcb_workspace_free(workspace);
    return status;
}

static hcb_status build(fixture *f) {
    static const char *const ids[] = {"N1", "N2"};
    static const double easting[] = {451000, 454000}, northing[] = {305000, 295000}, hours[] = {7, 3.5};
    static const char visits[] = "package_id,days,start,end,minutes\nL4,MTWTF--,12:00,14:00,30\n";
    const hcb_column columns[] = {
        HCB_COLUMN("package_id", HCB_COLUMN_TEXT, ids), HCB_COLUMN("easting", HCB_COLUMN_DOUBLE, easting),
        HCB_COLUMN("northing", HCB_COLUMN_DOUBLE, northing), HCB_COLUMN("weekly_hours", HCB_COLUMN_DOUBLE, hours)};
    hcb_problem *problem = NULL;
    hcb_workspace *workspace = NULL;
    hcb_status status = hcb_problem_create(&problem, f->ctx);
    if (status == HCB_OK)
        status = hcb_problem_set_folder(problem, f->ctx, f->small);
    if (status == HCB_OK)
        status = hcb_problem_set_table(problem, f->ctx, "packages", columns, 4, 2);
    if (status == HCB_OK)
        status = hcb_problem_set_text(problem, f->ctx, "visits", visits, sizeof visits - 1);
    if (status == HCB_OK)
        status = hcb_problem_build(&workspace, f->ctx, problem, NULL);
    hcb_problem_free(problem);
    hcb_workspace_free(workspace);
    return status;
}

static hcb_status canonical(fixture *f) {
    hcb_text *text = NULL;
    return take(hcb_workspace_canonical(&text, f->ctx, f->workspace), &text, "the canonical form", "hcbroker\t1\n");
}

static hcb_status policy_check(fixture *f) {
    hcb_text *text = NULL;
    snprintf(f->path, sizeof f->path, "%s/policy.yaml", f->small);
    return take(hcb_policy_check(&text, f->ctx, f->path), &text, "the policy", "prime");
}

static hcb_status build_info(fixture *f) {
    hcb_text *text = NULL;
    return take(hcb_build_info(&text, f->ctx), &text, "the versions", hcb_version());
}

static hcb_status solve_by(fixture *f, int32_t method) {
    hcb_allocation *allocation = NULL;
    hcb_allocation_options options = HCB_ALLOCATION_OPTIONS_INIT;
    options.threads = 1;
    options.method = method;
    hcb_status status = hcb_allocation_solve(&allocation, f->ctx, f->workspace, &options);
    hcb_allocation_level level = {.struct_size = sizeof level};
    if (status == HCB_OK && hcb_allocation_level_count(allocation) < 2)
        abort();
    if (status == HCB_OK)
        status = hcb_allocation_level_at(allocation, 0, &level);
    if (status == HCB_OK)
        expect("the first level", level.name, "waiting");
    hcb_allocation_free(allocation);
    return status;
}

static hcb_status solve(fixture *f) {
    return solve_by(f, HCB_METHOD_OPTIMAL);
}

static hcb_status sequential(fixture *f) {
    return solve_by(f, HCB_METHOD_SEQUENTIAL);
}

static hcb_status baseline(fixture *f) {
    hcb_allocation *allocation = NULL;
    hcb_text *text = NULL;
    hcb_allocation_options options = HCB_ALLOCATION_OPTIONS_INIT;
    options.method = HCB_METHOD_SEQUENTIAL;
    hcb_status status = hcb_allocation_solve(&allocation, f->ctx, f->workspace, &options);
    if (status == HCB_OK)
        status = hcb_allocation_add_baseline(allocation, f->ctx);
    if (status == HCB_OK)
        status = take(hcb_allocation_print(&text, allocation, f->ctx, HCB_FORMAT_JSON), &text, "the summary", "levels");
    hcb_allocation_free(allocation);
    return status;
}

static hcb_status print(fixture *f) {
    static const char *const has[] = {"waiting", "\"levels\"", "package_id,"};
    hcb_status status = HCB_OK;
    for (int32_t format = HCB_FORMAT_TEXT; status == HCB_OK && format <= HCB_FORMAT_CSV; format++) {
        hcb_text *text = NULL;
        status = hcb_allocation_print(&text, f->allocation, f->ctx, format);
        status = take(status, &text, "the plan", has[format]);
    }
    return status;
}

static hcb_status write_plan(fixture *f) {
    return hcb_allocation_write(f->allocation, f->ctx, fixture_path(f, "written"), 0);
}

static hcb_status save(fixture *f) {
    hcb_text *text = NULL;
    hcb_status status = hcb_build_info(&text, f->ctx);
    if (status == HCB_OK)
        status = hcb_text_save(f->ctx, text, fixture_path(f, "saved.txt"));
    hcb_text_free(text);
    return status;
}

static hcb_status recommend(fixture *f) {
    hcb_text *text = NULL;
    hcb_recommend_options options = HCB_RECOMMEND_OPTIONS_INIT;
    options.plan = fixture_path(f, "plan");
    return take(hcb_recommend_providers(&text, f->ctx, f->workspace, "Q1", &options, HCB_FORMAT_TEXT), &text,
                "the ranking", "Q1");
}

static hcb_status freed(fixture *f) {
    hcb_text *text = NULL;
    return take(hcb_recommend_packages(&text, f->ctx, f->workspace, "P1", 600, NULL, HCB_FORMAT_JSON), &text,
                "the use of freed hours", "P1");
}

static hcb_status replan(fixture *f) {
    hcb_text *text = NULL;
    hcb_replan_options options;
    hcb_replan_options_init(&options);
    options.most = 1;
    options.allocation.threads = 1;
    return take(hcb_replan_curve(&text, f->ctx, f->workspace, &options, HCB_FORMAT_CSV), &text, "the curve", "moved");
}

static hcb_status explain(fixture *f) {
    hcb_text *text = NULL;
    hcb_explain_options options = HCB_EXPLAIN_OPTIONS_INIT;
    options.plan = fixture_path(f, "plan");
    options.plan_options.threads = 1;
    return take(hcb_explain(&text, f->ctx, f->workspace, "Q4", &options, HCB_FORMAT_TEXT), &text, "the reason", "P3");
}

static hcb_status verify(fixture *f) {
    hcb_verify_report *report = NULL;
    hcb_status status = hcb_verify(&report, f->ctx, f->small, fixture_path(f, "plan"), NULL);
    if (status == HCB_OK &&
        (!hcb_verify_ok(report) || hcb_verify_finding_count(report) || hcb_verify_finding_dropped(report) ||
         hcb_verify_finding_at(report, 0) || !hcb_verify_checked_count(report) || !hcb_verify_checked_at(report, 0)))
        abort();
    hcb_verify_report_free(report);
    return status;
}

static hcb_status price_bands(fixture *f) {
    hcb_text *text = NULL;
    return take(hcb_price_bands(&text, f->ctx, f->small, NULL, HCB_FORMAT_TEXT), &text, "the bands", "urban");
}

static hcb_status price_visits(fixture *f) {
    hcb_text *text = NULL;
    hcb_price_visits_options options = HCB_PRICE_VISITS_OPTIONS_INIT;
    options.price_pence = 1875;
    return take(hcb_price_visits(&text, f->ctx, fixture_path(f, "actual.csv"), &options, HCB_FORMAT_TEXT), &text,
                "the invoice", "Q1");
}

static hcb_status price_build_up(fixture *f) {
    hcb_text *text = NULL;
    return take(hcb_price_build_up(&text, f->ctx, NULL, HCB_SOURCE_DIR "/zones/leicestershire/price_years.yaml", NULL,
                                   HCB_FORMAT_TEXT),
                &text, "the build-up", "20");
}

static hcb_status map(fixture *f) {
    hcb_zone_map *m = NULL;
    hcb_text *text = NULL;
    const double xy[] = {451000, 305000, 1, 1};
    int32_t zone[2];
    hcb_place place = {.struct_size = sizeof place};
    hcb_status status = hcb_zone_map_load(&m, f->ctx, f->small);
    if (status == HCB_OK)
        status = hcb_zone_map_locate(&place, f->ctx, m, "451000,305000");
    if (status == HCB_OK)
        status = hcb_zone_map_locate_points(m, xy, 2, zone);
    if (status == HCB_OK) {
        expect("the place", place.zone_id, hcb_zone_map_zone_id(m, zone[0]));
        if (zone[1] != -1 || hcb_zone_map_zone_count(m) != 3)
            abort();
        status = take(hcb_zone_map_stats(&text, f->ctx, m, HCB_FORMAT_TEXT), &text, "the figures", "01");
    }
    hcb_zone_map_free(m);
    return status;
}

static hcb_status stats(fixture *f) {
    hcb_text *text = NULL;
    hcb_zone_stats_options options = {.struct_size = sizeof options, .format = HCB_FORMAT_JSON};
    return take(hcb_zones_stats(&text, f->ctx, f->small, &options), &text, "the figures", "zones");
}

static hcb_status adjacency(fixture *f) {
    hcb_text *text = NULL;
    snprintf(f->path, sizeof f->path, "%s/zones.geojson", f->small);
    hcb_adjacency_options options = {.struct_size = sizeof options, .format = HCB_FORMAT_CSV, .geojson = f->path};
    return take(hcb_zones_adjacency(&text, f->ctx, &options), &text, "the neighbours", "shared_m");
}

static hcb_status check(fixture *f) {
    hcb_text *text = NULL, *drawing = NULL;
    int64_t defects = -1;
    snprintf(f->path, sizeof f->path, "%s/zones.geojson", f->small);
    hcb_check_options options = {.struct_size = sizeof options, .format = HCB_FORMAT_JSON, .geojson = f->path};
    hcb_status status = hcb_zones_check(&text, &drawing, &defects, f->ctx, &options);
    status = take(status, &text, "the defects", "{");
    hcb_text_free(drawing);
    return status;
}

static hcb_status dissolve(fixture *f) {
    hcb_text *text = NULL;
    const hcb_dissolve_options options = {.struct_size = sizeof options,
                                          .areas_csv = HCB_SOURCE_DIR "/zones/leicestershire/areas.csv",
                                          .areas_geojson = HCB_SOURCE_DIR "/zones/leicestershire/areas.geojson"};
    return take(hcb_zones_dissolve(&text, f->ctx, &options), &text, "the zones", "FeatureCollection");
}

static hcb_status voronoi(fixture *f) {
    hcb_text *areas = NULL, *zones = NULL;
    const hcb_voronoi_options options = {.struct_size = sizeof options,
                                         .settlements_csv = HCB_SOURCE_DIR "/zones/leicestershire/settlements.csv",
                                         .zones_csv = HCB_SOURCE_DIR "/zones/leicestershire/zones.csv"};
    hcb_status status = hcb_zones_voronoi(&areas, &zones, f->ctx, &options);
    hcb_text_free(areas);
    return take(status, &zones, "the zones", "FeatureCollection");
}

/* Moves a settlement of the county into the zone next to it, and back. */
static hcb_status session(fixture *f) {
    hcb_zone_session *s = NULL;
    hcb_text *text = NULL;
    hcb_zone_move move = {.struct_size = sizeof move};
    hcb_zone_costs before = {.struct_size = sizeof before}, after = {.struct_size = sizeof after};
    hcb_status status = hcb_zone_session_create(&s, f->ctx, f->county);
    if (status != HCB_OK)
        return status;
    int32_t unit = hcb_zone_session_unit_count(s) / 2, zone = 0;
    hcb_zone_repair repair = {.struct_size = sizeof repair};
    const hcb_zone_repair_options few = {.struct_size = sizeof few, .most_units = 2, .most_states = 300};
    status =
        hcb_zone_session_repair(&repair, f->ctx, s, &unit, 1, (hcb_zone_session_unit_zone(s, unit) + 1) % 14, &few);
    if (status == HCB_OK)
        status = hcb_zone_session_limit_repairs(f->ctx, s, &few);
    if (status == HCB_OK && repair.units > 0 &&
        (hcb_zone_session_repair_unit(s, 0) < 0 || hcb_zone_session_repair_zone(s, 0) < 0))
        abort();
    /* The first move after it that is legal. */
    while (status == HCB_OK) {
        status = hcb_zone_session_try(&move, s, &unit, 1, zone);
        if (move.problems == 0 && move.units_moved == 1)
            break;
        zone = (zone + 1) % hcb_zone_session_zone_count(s);
        unit += zone == 0;
    }
    if (hcb_zone_session_find_unit(s, hcb_zone_session_unit_id(s, unit)) != unit ||
        hcb_zone_session_find_zone(s, hcb_zone_session_zone_id(s, zone)) != zone)
        abort();
    if (status == HCB_OK)
        status = hcb_zone_session_costs(&before, &after, s, &unit, 1, zone, zone);
    if (status == HCB_OK)
        status = take(hcb_zone_session_report(&text, f->ctx, s, &unit, 1, zone, HCB_FORMAT_TEXT), &text, "the move",
                      hcb_zone_session_zone_id(s, zone));
    if (status == HCB_OK)
        status = hcb_zone_session_apply(s, &unit, 1, zone);
    if (status == HCB_OK && hcb_zone_session_unit_zone(s, unit) != zone)
        abort();
    text = NULL;
    if (status == HCB_OK)
        status = take(hcb_zone_session_plan(&text, f->ctx, s), &text, "the map", hcb_zone_session_unit_id(s, unit));
    hcb_zone_session_free(s);
    return status;
}

static hcb_status session_of_map(fixture *f) {
    hcb_zone_session *s = NULL;
    hcb_status status = hcb_zone_session_create_map(&s, f->ctx, f->map);
    hcb_zone_session_free(s);
    return status;
}

static hcb_status init(fixture *f) {
    char command[200];
    hcb_status status = hcb_init(f->ctx, fixture_path(f, "county"), NULL);
    snprintf(command, sizeof command, "rm -rf '%s/county'", f->own);
    return system(command) == 0 ? status : HCB_EIO;
}

static hcb_status generate(fixture *f) {
    hcb_generate_options options;
    hcb_generate_summary summary = {.struct_size = sizeof summary};
    hcb_generate_options_init(&options);
    options.queue = 3;
    options.scale = 0.01;
    options.force = 1;
    return hcb_generate(f->ctx, fixture_path(f, "synthetic"), &options, &summary);
}

static hcb_status apply(fixture *f) {
    char command[400];
    hcb_apply_summary summary = {.struct_size = sizeof summary};
    snprintf(command, sizeof command, "rm -rf '%s/applied' && cp -r '%s' '%s/applied'", f->own, f->small, f->own);
    if (system(command) != 0)
        return HCB_EIO;
    char plan[100];
    snprintf(plan, sizeof plan, "%s/plan", f->own);
    hcb_status status = hcb_apply(f->ctx, fixture_path(f, "applied"), plan, &summary);
    if (status == HCB_OK && summary.placed < 1)
        abort();
    return status;
}

static hcb_status report(fixture *f) {
    hcb_text *text = NULL;
    hcb_report_options options = HCB_REPORT_OPTIONS_INIT;
    options.workspace = f->small;
    options.plain = !hcb_report_has_page() || options.plain;
    return take(hcb_report_page(&text, f->ctx, fixture_path(f, "plan"), &options), &text, "the page", "<html");
}

static hcb_status scenario(fixture *f) {
    hcb_text *text = NULL;
    hcb_scenario_options options;
    hcb_scenario_options_init(&options);
    options.allocation.threads = 1;
    return take(hcb_scenario_run(&text, f->ctx, f->small, &options), &text, "the scenario", "\"kind\"");
}

static hcb_status scenarios(fixture *f) {
    hcb_text *text = NULL;
    hcb_scenario_options options;
    hcb_scenario_options_init(&options);
    options.workspace = f->small;
    return take(hcb_scenario_list(&text, f->ctx, "provider-models", &options), &text, "the list", "scenarios");
}

static hcb_scenario_options on_small(fixture *f) {
    hcb_scenario_options options;
    hcb_scenario_options_init(&options);
    options.workspace = f->small;
    options.at_once = 1;
    options.allocation.threads = 1;
    return options;
}

static hcb_status scenario_hash(fixture *f) {
    hcb_text *text = NULL;
    hcb_scenario_options options = on_small(f);
    return take(hcb_scenario_hash(&text, f->ctx, f->small, &options), &text, "the hash", "");
}

static hcb_status compare(fixture *f) {
    hcb_text *text = NULL;
    hcb_scenario_options options = on_small(f);
    return take(hcb_compare(&text, f->ctx, f->small, f->small, &options), &text, "the comparison", "waiting");
}

static hcb_status sweep(fixture *f) {
    hcb_text *text = NULL;
    hcb_scenario_options options = on_small(f);
    return take(hcb_sweep(&text, f->ctx, fixture_path(f, "sweep.yaml"), &options), &text, "the sweep", "as it is");
}

static hcb_status zones_compare(fixture *f) {
    hcb_text *text = NULL;
    char folder[160];
    snprintf(folder, sizeof folder, "%s", fixture_path(f, "synthetic"));
    const hcb_zone_compare_options options = {
        .struct_size = sizeof options, .format = HCB_FORMAT_JSON, .a = folder, .b = folder};
    return take(hcb_zones_compare(&text, f->ctx, &options), &text, "the comparison", "zones");
}

static hcb_status simplify(fixture *f) {
    hcb_text *text = NULL;
    int64_t before = -1, after = -1;
    snprintf(f->path, sizeof f->path, "%s/zones.geojson", f->small);
    const hcb_simplify_options options = {.struct_size = sizeof options, .geojson = f->path, .tolerance_m = 100};
    hcb_status status = hcb_zones_simplify(&text, &before, &after, f->ctx, &options);
    if (status == HCB_OK && (before < after || after < 3))
        abort();
    if (status == HCB_OK)
        status = hcb_map_save(f->ctx, text, fixture_path(f, "map.geojson"));
    return take(status, &text, "the map", "FeatureCollection");
}

static hcb_status design(fixture *f) {
    hcb_text *text = NULL;
    int32_t outcome = -1;
    hcb_design_options options = HCB_DESIGN_OPTIONS_INIT;
    options.work_limit = 50;
    options.ensemble = 2;
    options.threads = 1;
    return take(hcb_zones_design(&text, &outcome, f->ctx, f->county, &options), &text, "the design", "zones");
}

/* What is written to the ledger stays written: where memory runs out after it, there is success without a text. */
static hcb_status written(hcb_status status, hcb_text **text, const char *what, const char *has) {
    return status == HCB_OK && !*text ? HCB_OK : take(status, text, what, has);
}

/* The ledger was begun by the fixture. */
static hcb_status desk(fixture *f) {
    hcb_desk *d = NULL;
    hcb_text *text = NULL;
    int32_t sound = 0;
    const hcb_desk_stamp stamp = {.struct_size = sizeof stamp, .at = 1606809600, .user = "test"};
    hcb_status status = hcb_desk_open(&d, f->ctx, fixture_path(f, "desk"), NULL);
    if (status == HCB_OK)
        status =
            written(hcb_desk_note(&text, d, f->ctx, &stamp, "Q1", "rang", HCB_FORMAT_JSON), &text, "the note", "seq");
    text = NULL;
    if (status == HCB_OK)
        status = take(hcb_desk_queue(&text, d, f->ctx, stamp.at, HCB_FORMAT_TEXT), &text, "the queue", "Q1");
    text = NULL;
    if (status == HCB_OK)
        status = take(hcb_desk_log(&text, d, f->ctx, "Q1", 3, HCB_FORMAT_TEXT), &text, "the log", "Q1");
    text = NULL;
    if (status == HCB_OK)
        status = take(hcb_desk_figures(&text, d, f->ctx, stamp.at, 0, HCB_FORMAT_JSON), &text, "the figures", "desk");
    text = NULL;
    if (status == HCB_OK)
        status = take(hcb_desk_verify(&text, &sound, d, f->ctx, HCB_FORMAT_TEXT), &text, "the check", "");
    if (status == HCB_OK && !sound)
        abort();
    text = NULL;
    if (status == HCB_OK)
        status = written(hcb_desk_expire(&text, d, f->ctx, &stamp, HCB_FORMAT_JSON), &text, "what expired", "");
    hcb_desk_close(d);
    return status;
}

const call calls[] = {
    {"workspace_load", load, false},
    {"problem_build", build, false},
    {"workspace_canonical", canonical, false},
    {"policy_check", policy_check, false},
    {"build_info", build_info, false},
    {"allocation_solve", solve, false},
    {"allocation_solve sequential", sequential, false},
    {"allocation_add_baseline", baseline, false},
    {"allocation_print", print, false},
    {"allocation_write", write_plan, false},
    {"text_save", save, false},
    {"recommend_providers", recommend, false},
    {"recommend_packages", freed, false},
    {"replan_curve", replan, true},
    {"explain", explain, true},
    {"verify", verify, true},
    {"price_bands", price_bands, false},
    {"price_visits", price_visits, false},
    {"price_build_up", price_build_up, false},
    {"zone_map", map, false},
    {"zones_stats", stats, true},
    {"zones_adjacency", adjacency, false},
    {"zones_check", check, false},
    {"zones_dissolve", dissolve, true},
    {"zones_voronoi", voronoi, true},
    {"zone_session", session, true},
    {"zone_session_create_map", session_of_map, true},
    {"init", init, true},
    {"generate", generate, true},
    {"apply", apply, true},
    {"report_page", report, true},
    {"scenario_run", scenario, true},
    {"scenario_list", scenarios, false},
    {"scenario_hash", scenario_hash, false},
    {"compare", compare, true},
    {"sweep", sweep, true},
    {"zones_compare", zones_compare, true},
    {"zones_simplify", simplify, false},
    {"zones_design", design, true},
    {"desk", desk, true},
};
const size_t n_calls = sizeof calls / sizeof *calls;
