/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A caller of the shared library, compiled by versions.py against the headers of other versions, with every structure
 * of theirs. It sets no field that stands last in its structure, and prints none. It works in the current folder. */
#include <stdio.h>
#include <string.h>

#include "hcbroker/hcbroker.h"

#define SIZED(type, name)                                                                                              \
    type name;                                                                                                         \
    memset(&name, 0, sizeof name);                                                                                     \
    name.struct_size = (uint32_t)sizeof name

/* All defaults, as the library at run time has them. */
#define DEFAULTS(type, name)                                                                                           \
    type name;                                                                                                         \
    if (hcb_options_init(#type, &name, sizeof name) != HCB_OK)                                                         \
    return 1

#ifdef USE_ADDED

int main(int argc, char **argv) {
    hcb_context *ctx = NULL;
    (void)argc;
    (void)argv;
    SIZED(hcb_context_options, options);
    options.added_later = 1;
    if (hcb_context_create(&ctx, &options) != HCB_EVERSION)
        return 1;
    puts("refused");
    return 0;
}

#else

static int32_t failed(const char *what, hcb_status status, const hcb_context *ctx) {
    if (status != HCB_OK)
        printf("%s: %s: %s\n", what, hcb_status_name(status), ctx ? hcb_context_error(ctx)->message : "");
    return status != HCB_OK;
}

static int32_t print_text(const char *what, hcb_status status, const hcb_context *ctx, hcb_text **text) {
    if (failed(what, status, ctx))
        return 1;
    printf("%s: %zu bytes\n", what, hcb_text_size(*text));
    hcb_text_free(*text);
    return 0;
}

static int32_t ask(hcb_context *ctx, const hcb_workspace *workspace, const char *folder) {
    hcb_text *text = NULL;
    char path[512];
    SIZED(hcb_recommend_options, recommend);
    recommend.top = 3;
    if (print_text("recommend", hcb_recommend_providers(&text, ctx, workspace, "Q1", &recommend, HCB_FORMAT_TEXT), ctx,
                   &text))
        return 1;
    SIZED(hcb_explain_options, explain);
    explain.counterfactuals = 1;
    text = NULL;
    if (print_text("explain", hcb_explain(&text, ctx, workspace, "Q1", &explain, HCB_FORMAT_TEXT), ctx, &text))
        return 1;
    SIZED(hcb_adjacency_options, adjacency);
    snprintf(path, sizeof path, "%s/zones.geojson", folder);
    adjacency.geojson = path;
    adjacency.format = HCB_FORMAT_CSV;
    text = NULL;
    return print_text("adjacency", hcb_zones_adjacency(&text, ctx, &adjacency), ctx, &text);
}

static int32_t allocate(hcb_context *ctx, const hcb_workspace *workspace) {
    hcb_allocation *allocation = NULL;
    SIZED(hcb_allocation_options, options);
    options.replan = HCB_REPLAN_FIXED;
    options.gap = 1e-4;
    options.seed = 1;
    if (failed("solve", hcb_allocation_solve(&allocation, ctx, workspace, &options), ctx))
        return 1;
    SIZED(hcb_allocation_summary, summary);
    SIZED(hcb_allocation_arrays, arrays);
    if (failed("summary", hcb_allocation_get_summary(allocation, &summary), NULL) ||
        failed("arrays", hcb_allocation_get_arrays(allocation, &arrays), NULL))
        return 1;
    printf("placed %d of %d for %d pence\n", (int)summary.placed, (int)summary.packages,
           (int)summary.weekly_cost_pence);
    for (int32_t i = 0; i < arrays.n_items; i++) {
        SIZED(hcb_allocation_item, item);
        if (failed("item", hcb_allocation_item_at(allocation, i, &item), NULL))
            return 1;
        printf("%s: %s, %s, rank %d, %d pence\n", arrays.package_id[i],
               arrays.provider[i] < 0 ? "waits" : arrays.provider_id[arrays.provider[i]],
               item.provider_id ? item.provider_id : "waits", (int)arrays.rank[i], (int)arrays.weekly_cost_pence[i]);
    }
    for (int32_t i = 0; i < hcb_allocation_level_count(allocation); i++) {
        SIZED(hcb_allocation_level, level);
        if (failed("level", hcb_allocation_level_at(allocation, i, &level), NULL))
            return 1;
        printf("level %s: %d, bound %d\n", level.name, (int)level.value, (int)level.bound);
    }
    hcb_allocation_free(allocation);
    return 0;
}

static int32_t build(hcb_context *ctx, const char *folder) {
    const char *ids[] = {"N1", "N2"};
    const double easting[] = {451000, 454000}, northing[] = {305000, 295000}, hours[] = {7, 3.5};
    const void *const data[] = {ids, easting, northing, hours};
    const char *const names[] = {"package_id", "easting", "northing", "weekly_hours"};
    static const char visits[] = "package_id,days,start,end,minutes\nL4,MTWTF--,12:00,14:00,30\n";
    hcb_column columns[4];
    hcb_problem *problem = NULL;
    hcb_workspace *workspace = NULL;
    int32_t i;
    for (i = 0; i < 4; i++) {
        SIZED(hcb_column, column);
        column.type = i ? HCB_COLUMN_DOUBLE : HCB_COLUMN_TEXT;
        column.name = names[i];
        column.data = data[i];
        columns[i] = column;
    }
    if (failed("problem", hcb_problem_create(&problem, ctx), ctx) ||
        failed("folder", hcb_problem_set_folder(problem, ctx, folder), ctx) ||
        failed("table", hcb_problem_set_table(problem, ctx, "packages", columns, 4, 2), ctx) ||
        failed("text", hcb_problem_set_text(problem, ctx, "visits", visits, sizeof visits - 1), ctx) ||
        failed("build", hcb_problem_build(&workspace, ctx, problem, NULL), ctx))
        return 1;
    hcb_problem_free(problem);
    i = allocate(ctx, workspace);
    hcb_workspace_free(workspace);
    return i;
}

/* What a call says; where it says no, why. */
static int32_t said(const char *what, hcb_status status, const hcb_context *ctx, hcb_text **text) {
    printf("%s: %s, %zu bytes%s%s\n", what, hcb_status_name(status), hcb_text_size(*text), status == HCB_OK ? "" : ": ",
           hcb_context_error(ctx)->message);
    hcb_text_free(*text);
    *text = NULL;
    return 0;
}

static int32_t prices(hcb_context *ctx, const char *folder) {
    hcb_text *text = NULL;
    DEFAULTS(hcb_price_bands_options, bands);
    bands.wage_pence = 1000;
    said("bands", hcb_price_bands(&text, ctx, folder, &bands, HCB_FORMAT_CSV), ctx, &text);
    DEFAULTS(hcb_price_visits_options, visits);
    visits.step = 15;
    return said("visits", hcb_price_visits(&text, ctx, "actual.csv", &visits, HCB_FORMAT_CSV), ctx, &text);
}

static int32_t plans(hcb_context *ctx, const hcb_workspace *workspace, const char *folder) {
    hcb_text *text = NULL;
    hcb_verify_report *checked = NULL;
    hcb_allocation *allocation = NULL;
    const int64_t steps[] = {0, 2};
    DEFAULTS(hcb_replan_options, replan);
    replan.steps = steps;
    replan.n_steps = 2;
    said("replan", hcb_replan_curve(&text, ctx, workspace, &replan, HCB_FORMAT_CSV), ctx, &text);
    DEFAULTS(hcb_scenario_options, scenario);
    scenario.format = HCB_FORMAT_CSV;
    said("compare", hcb_compare(&text, ctx, folder, folder, &scenario), ctx, &text);
    if (failed("solve", hcb_allocation_solve(&allocation, ctx, workspace, NULL), ctx) ||
        failed("write", hcb_allocation_write(allocation, ctx, "plan", 0), ctx))
        return 1;
    hcb_allocation_free(allocation);
    DEFAULTS(hcb_verify_options, verify);
    verify.strict = 1;
    if (failed("verify", hcb_verify(&checked, ctx, folder, "plan", &verify), ctx))
        return 1;
    printf("verify: %d\n", (int)hcb_verify_ok(checked));
    hcb_verify_report_free(checked);
    DEFAULTS(hcb_report_options, report);
    report.plain = 1;
    hcb_status status = hcb_report_page(&text, ctx, "plan", &report);
    if (status != HCB_OK)
        return said("report", status, ctx, &text);
    /* It tells how long the plan took, so its length is not the same twice. */
    puts("report: HCB_OK");
    hcb_text_free(text);
    return 0;
}

static int32_t maps(hcb_context *ctx, const char *folder) {
    char map[512], county[512];
    int64_t n = -1, m = -1;
    hcb_text *text = NULL, *cells = NULL;
    snprintf(map, sizeof map, "%s/zones.geojson", folder);
    SIZED(hcb_check_options, check);
    check.geojson = map;
    said("check", hcb_zones_check(&text, NULL, &n, ctx, &check), ctx, &text);
    SIZED(hcb_simplify_options, simplify);
    simplify.geojson = map;
    said("simplify", hcb_zones_simplify(&text, &n, &m, ctx, &simplify), ctx, &text);
    SIZED(hcb_zone_stats_options, stats);
    stats.map_only = 1;
    said("stats", hcb_zones_stats(&text, ctx, "county", &stats), ctx, &text);
    SIZED(hcb_zone_compare_options, compare);
    compare.a = compare.b = "county";
    compare.format = HCB_FORMAT_JSON;
    said("zones compare", hcb_zones_compare(&text, ctx, &compare), ctx, &text);
    snprintf(county, sizeof county, "county/areas.geojson");
    SIZED(hcb_dissolve_options, dissolve);
    dissolve.areas_csv = "county/areas.csv";
    dissolve.areas_geojson = county;
    said("dissolve", hcb_zones_dissolve(&text, ctx, &dissolve), ctx, &text);
    SIZED(hcb_voronoi_options, voronoi);
    voronoi.settlements_csv = "county/settlements.csv";
    voronoi.zones_csv = "county/zones.csv";
    said("voronoi", hcb_zones_voronoi(&cells, &text, ctx, &voronoi), ctx, &text);
    hcb_text_free(cells);
    return 0;
}

static int32_t moves(hcb_context *ctx, const hcb_workspace *county) {
    const int32_t unit = 7;
    int32_t outcome = -1;
    hcb_zone_session *session = NULL;
    hcb_text *text = NULL;
    SIZED(hcb_zone_move, move);
    SIZED(hcb_zone_costs, before);
    SIZED(hcb_zone_costs, after);
    SIZED(hcb_zone_repair_options, how);
    SIZED(hcb_zone_repair, repair);
    how.most_units = 2;
    if (failed("session", hcb_zone_session_create(&session, ctx, county), ctx) ||
        failed("try", hcb_zone_session_try(&move, session, &unit, 1, 1), NULL) ||
        failed("repair", hcb_zone_session_repair(&repair, ctx, session, &unit, 1, 1, &how), ctx) ||
        failed("costs", hcb_zone_session_costs(&before, &after, session, &unit, 1, 1, 1), NULL))
        return 1;
    printf("a move: problems %d, repaired by %d, %d pence\n", (int)move.problems, (int)repair.units,
           (int)(after.pence - before.pence));
    hcb_zone_session_free(session);
    DEFAULTS(hcb_design_options, design);
    design.work_limit = 2000;
    said("design", hcb_zones_design(&text, &outcome, ctx, county, &design), ctx, &text);
    printf("design: %d\n", (int)outcome);
    return 0;
}

static int32_t county(hcb_context *ctx) {
    hcb_workspace *workspace = NULL;
    hcb_zone_map *map = NULL;
    int32_t bad;
    DEFAULTS(hcb_generate_options, generate);
    SIZED(hcb_generate_summary, made);
    SIZED(hcb_place, place);
    generate.scenario = HCB_SCENARIO_S1;
    generate.queue = 3;
    generate.scale = 0.01;
    if (failed("init", hcb_init(ctx, "county", NULL), ctx) ||
        failed("generate", hcb_generate(ctx, "county", &generate, &made), ctx) ||
        failed("map", hcb_zone_map_load(&map, ctx, "county"), ctx) ||
        failed("locate", hcb_zone_map_locate(&place, ctx, map, "52.7721,-1.2062"), ctx))
        return 1;
    printf("%d people, %d providers; the place is in zone %s, band %s\n", (int)made.people, (int)made.providers,
           place.zone_id, place.band);
    hcb_zone_map_free(map);
    if (failed("load", hcb_workspace_load(&workspace, ctx, "county", NULL), ctx))
        return 1;
    bad = moves(ctx, workspace);
    hcb_workspace_free(workspace);
    return bad;
}

/* The workspace is a copy of the program's own. */
static int32_t desk(hcb_context *ctx) {
    hcb_text *text = NULL;
    hcb_desk *ledger = NULL;
    SIZED(hcb_desk_stamp, stamp);
    DEFAULTS(hcb_desk_options, open);
    DEFAULTS(hcb_desk_plan_options, plan);
    SIZED(hcb_apply_summary, applied);
    stamp.at = 1606809600;
    stamp.user = "test";
    open.wait_ms = 100;
    plan.free_offers = 1;
    if (failed("desk", hcb_desk_init(ctx, "desk", &open, &stamp), ctx) ||
        failed("open", hcb_desk_open(&ledger, ctx, "desk", &open), ctx) ||
        print_text("plan", hcb_desk_plan(&text, NULL, ledger, ctx, &stamp, &plan, HCB_FORMAT_TEXT), ctx, &text))
        return 1;
    hcb_desk_close(ledger);
    if (failed("apply", hcb_apply(ctx, "desk", "plan", &applied), ctx))
        return 1;
    printf("%d applied, %d wait\n", (int)applied.placed, (int)applied.waiting);
    return 0;
}

static int32_t on_progress(const hcb_progress *progress, void *payload) {
    (void)payload;
    return progress->elapsed_s < 0;
}

int main(int argc, char **argv) {
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    int32_t bad;
    SIZED(hcb_context_options, options);
    SIZED(hcb_workspace_options, strict);
    SIZED(hcb_workspace_info, info);
    if (argc < 2)
        return 2;
    strict.strict = 1;
    options.progress = on_progress;
    if (failed("context", hcb_context_create(&ctx, &options), NULL) ||
        failed("load", hcb_workspace_load(&workspace, ctx, argv[1], &strict), ctx) ||
        failed("info", hcb_workspace_get_info(workspace, &info), NULL))
        return 1;
    printf("%s: %d packages, %s\n", info.name, (int)info.packages, info.inputs_sha256);
    bad = allocate(ctx, workspace) || ask(ctx, workspace, argv[1]) || build(ctx, argv[1]) || prices(ctx, argv[1]) ||
          plans(ctx, workspace, argv[1]) || county(ctx) || maps(ctx, argv[1]) || desk(ctx);
    hcb_workspace_free(workspace);
    hcb_context_free(ctx);
    return bad;
}

#endif
