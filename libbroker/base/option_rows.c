/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every field of every structure of options: type, bounds, default, one sentence. What the library checks, the command
 * takes and docs/options.md says comes from here. */
#include "base/option_table.h"
#include "hcbroker/hcbroker.h"

#define AT(s, field) .structure = #s, .name = #field, .offset = (uint32_t)offsetof(s, field)
#define WORDS(list) .words = list, .n_words = (uint32_t)(sizeof(list) / sizeof *(list))
#define OPTION(command, value) .option = command, .metavar = value
#define FLAG .type = HCB_OPTION_FLAG, .low = 0, .high = 1
#define CHOICE(list) .type = HCB_OPTION_CHOICE, WORDS(list)
#define RANGE(kind, least, most) .type = HCB_OPTION_##kind, .low = least, .high = most
#define TEXT .type = HCB_OPTION_TEXT
#define POINTER .type = HCB_OPTION_POINTER
#define INNER(s) .type = HCB_OPTION_OPTIONS, .inner = #s
#define SAYS(text) .sentence = text

#define MOST_WORK 9e18
#define MOST_SECONDS 1e9
#define MOST_METRES 1e6

static const hcb_option_word formats[] = {
    {"text", HCB_FORMAT_TEXT}, {"json", HCB_FORMAT_JSON}, {"csv", HCB_FORMAT_CSV}};
static const hcb_option_word methods[] = {{"optimal", HCB_METHOD_OPTIMAL}, {"sequential", HCB_METHOD_SEQUENTIAL}};
static const hcb_option_word replans[] = {{"fixed", HCB_REPLAN_FIXED}, {"free", HCB_REPLAN_FREE}};
static const hcb_option_word scenarios[] = {{"s0", HCB_SCENARIO_S0}, {"s1", HCB_SCENARIO_S1}, {"s2", HCB_SCENARIO_S2}};
static const hcb_option_word modes[] = {{"planned", HCB_PAY_PLANNED}, {"actual", HCB_PAY_ACTUAL}};
static const hcb_option_word directions[] = {
    {"up", HCB_ROUND_UP}, {"down", HCB_ROUND_DOWN}, {"nearest", HCB_ROUND_NEAREST}};
static const hcb_option_word no_yes[] = {{"no", 0}, {"yes", 1}};
static const hcb_option_word rules[] = {{"rook", HCB_ROOK}, {"queen", HCB_QUEEN}};
static const hcb_option_word islands[] = {
    {"keep", HCB_ISLANDS_KEEP}, {"fail", HCB_ISLANDS_FAIL}, {"bridge", HCB_ISLANDS_BRIDGE}};
/* In the structures 0 is the default, so that another number has to say what 0 says on the command line. */
static const hcb_option_word zero[] = {{"0", -1}};

#define FORMAT(s)                                                                                                      \
    { AT(s, format), CHOICE(formats), OPTION("format", NULL), SAYS("how results are printed") }
#define TIME_LIMIT(s)                                                                                                  \
    {                                                                                                                  \
        AT(s, time_limit_s), RANGE(DOUBLE, 0, MOST_SECONDS), .unit = "s", .usual = "none", OPTION("time-limit", "S"),  \
                                                             SAYS("seconds for the whole run")                         \
    }
#define SEED(s)                                                                                                        \
    { AT(s, seed), RANGE(UINT64, 0, MOST_WORK), .initial = 1, OPTION("seed", "N"), SAYS("of everything random") }
#define DECIMALS(s)                                                                                                    \
    {                                                                                                                  \
        AT(s, decimals), RANGE(INT32, 1, 12), WORDS(zero),                                                             \
            .usual = "7 for degrees, else 2", OPTION("decimals", "D"),                                                 \
            SAYS("coordinates are rounded to D decimals first, and are one when they agree")                           \
    }
#define ID_PROPERTY(s)                                                                                                 \
    {                                                                                                                  \
        AT(s, id_property), TEXT, .usual = "area_id, zone_id, code or id", OPTION("id", "PROPERTY"),                   \
                                  SAYS("what names a unit")                                                            \
    }
#define MAP(s)                                                                                                         \
    { AT(s, geojson), TEXT, .required = 1, SAYS("the map: a file of polygons") }
#define POLICY(s)                                                                                                      \
    { AT(s, policy), TEXT, .usual = "the workspace's", OPTION("policy", "FILE"), SAYS("the framework's rules") }
#define STRICT(s)                                                                                                      \
    { AT(s, strict), FLAG, OPTION("strict", NULL), SAYS("a record that would be left out is an error") }
#define OUT(s, what)                                                                                                   \
    { AT(s, out), TEXT, .usual = "nothing is written", OPTION("out", "DIR"), SAYS(what) }
#define PLAN(s, none)                                                                                                  \
    { AT(s, plan), TEXT, .usual = none, OPTION("plan", "DIR"), SAYS("an output folder of allocate to build on") }

static const hcb_option adjacency_rows[] = {
    {AT(hcb_adjacency_options, rule), CHOICE(rules), OPTION("rule", NULL),
     SAYS("neighbours share an edge, or (queen) also a corner")},
    {AT(hcb_adjacency_options, islands), CHOICE(islands), OPTION("islands", NULL),
     SAYS("units that cannot be reached: a warning each, an error, or shortest bridges")},
    FORMAT(hcb_adjacency_options),
    MAP(hcb_adjacency_options),
    ID_PROPERTY(hcb_adjacency_options),
    DECIMALS(hcb_adjacency_options)};

static const hcb_option allocation_rows[] = {
    {AT(hcb_allocation_options, method), CHOICE(methods), OPTION("method", NULL),
     SAYS("the best plan, or what going down the list would do")},
    {AT(hcb_allocation_options, replan), RANGE(INT64, 0, INT32_MAX), WORDS(replans), .initial = HCB_REPLAN_FIXED,
     .unit = "people", OPTION("replan", "fixed|free|N"),
     SAYS("whether today's placements may move, or how many of them")},
    TIME_LIMIT(hcb_allocation_options),
    {AT(hcb_allocation_options, work_limit), RANGE(INT64, 0, MOST_WORK), .unit = "work units",
     .usual = "what ends a county in about ten seconds", OPTION("work-limit", "N"), SAYS("work units")},
    {AT(hcb_allocation_options, gap), RANGE(DOUBLE, 0, 1), .initial = 1e-4, OPTION("gap", "G"),
     SAYS("stop at this proved relative gap")},
    SEED(hcb_allocation_options),
    {AT(hcb_allocation_options, threads), RANGE(INT32, 0, 64), .usual = "one a core", OPTION("threads", "N"),
     SAYS("how many run at once; the answer does not depend on it")},
    {AT(hcb_allocation_options, time_used_s), RANGE(DOUBLE, 0, MOST_SECONDS), .unit = "s",
     SAYS("what the caller has used of the time limit")},
    {AT(hcb_allocation_options, policy_name), TEXT, .usual = "none",
     SAYS("the policy file as the caller named it, for summary.json")}};

static const hcb_option check_rows[] = {
    FORMAT(hcb_check_options),
    MAP(hcb_check_options),
    ID_PROPERTY(hcb_check_options),
    {AT(hcb_check_options, outline), TEXT, .usual = "none", OPTION("outline", "FILE.geojson"),
     SAYS("what the map should not go beyond")},
    DECIMALS(hcb_check_options),
    {AT(hcb_check_options, least_m), RANGE(DOUBLE, 0, MOST_METRES), .unit = "m", .usual = "0.05", OPTION("least", "M"),
     SAYS("overlaps, gaps and what is outside count from this width on")},
    {AT(hcb_check_options, gap_m), RANGE(DOUBLE, 0, MOST_METRES), .unit = "m", .usual = "20", OPTION("gap", "M"),
     SAYS("gaps and slivers are up to so wide, wider gaps are holes")},
    {AT(hcb_check_options, near_m), RANGE(DOUBLE, 0, MOST_METRES), .unit = "m", .usual = "0.05", OPTION("near", "M"),
     SAYS("a corner no farther than this from a border lies on it")}};

static const hcb_option context_rows[] = {
    {AT(hcb_context_options, allocator), POINTER, .usual = "malloc, realloc, free", SAYS("memory functions; copied")},
    {AT(hcb_context_options, log), POINTER, .usual = "silent", SAYS("called with each line of the log")},
    {AT(hcb_context_options, log_payload), POINTER, SAYS("the last argument of log")},
    {AT(hcb_context_options, progress), POINTER, .usual = "none", SAYS("called about ten times a second")},
    {AT(hcb_context_options, progress_payload), POINTER, SAYS("the last argument of progress")},
    {AT(hcb_context_options, cancel), POINTER, .usual = "none",
     SAYS("a token that stops calls; outlives the context")}};

static const hcb_option design_rows[] = {
    FORMAT(hcb_design_options),
    {AT(hcb_design_options, rules), TEXT, .usual = "connected zones, hours as in the map", OPTION("rules", "FILE.yaml"),
     SAYS("rules, levels and dates")},
    OUT(hcb_design_options, "a folder for design.json, plan.csv, moves.csv and the maps"),
    TIME_LIMIT(hcb_design_options),
    {AT(hcb_design_options, work_limit), RANGE(INT64, 0, MOST_WORK), .unit = "steps", .usual = "by the number of areas",
     OPTION("work-limit", "N"), SAYS("search steps")},
    {AT(hcb_design_options, ensemble), RANGE(INT64, 0, 1e7), .unit = "maps", OPTION("ensemble", "N"),
     SAYS("compare with N other legal maps")},
    SEED(hcb_design_options),
    {AT(hcb_design_options, threads), RANGE(INT32, 0, 64), .usual = "two", OPTION("threads", "N"),
     SAYS("how many run at once; the answer does not depend on it")}};

static const hcb_option desk_rows[] = {
    {AT(hcb_desk_options, wait_ms), RANGE(INT32, 1, 600000), WORDS(zero), .unit = "ms", .usual = "5", .option = "wait",
     .metavar = "S", .parts = 1000, SAYS("how long to wait for another writer, in seconds")},
    {AT(hcb_desk_options, ledger), TEXT, .usual = "desk.ledger in the workspace", OPTION("ledger", "FILE"),
     SAYS("the ledger")},
    POLICY(hcb_desk_options),
    {AT(hcb_desk_options, inspect), FLAG, SAYS("open it whatever workspace it is of, to verify, read or adopt")}};

static const hcb_option desk_plan_rows[] = {
    {AT(hcb_desk_plan_options, free_offers), FLAG, OPTION("free-offers", NULL),
     SAYS("people with an open offer may be planned elsewhere")},
    {AT(hcb_desk_plan_options, carry_out), FLAG, OPTION("move", NULL), SAYS("carry the moves of --replan out at once")},
    {AT(hcb_desk_plan_options, allocation), INNER(hcb_allocation_options), SAYS("how to allocate")}};

static const hcb_option desk_stamp_rows[] = {
    {AT(hcb_desk_stamp, slack_s), RANGE(INT32, 0, INT32_MAX), .unit = "s",
     SAYS("a time that is so little before the last event counts as the last event's")},
    {AT(hcb_desk_stamp, at), RANGE(INT64, 0, 253402300799.), .unit = "s since 1970",
     SAYS("when, in the years 1970 to 9999")},
    {AT(hcb_desk_stamp, user), TEXT, .required = 1, .usual = "$USER", OPTION("user", "NAME"), SAYS("who does it")}};

static const hcb_option dissolve_rows[] = {
    {AT(hcb_dissolve_options, areas_csv), TEXT, .required = 1, OPTION("areas", "FILE.csv"),
     SAYS("area_id and zone_id of every small area")},
    {AT(hcb_dissolve_options, areas_geojson), TEXT, .required = 1, OPTION("polygons", "FILE.geojson"),
     SAYS("their polygons, with area_id, code or id")},
    {AT(hcb_dissolve_options, zones_csv), TEXT, .usual = "none", OPTION("zones", "FILE.csv"),
     SAYS("zone_id, name, class, prime of the zones")},
    {AT(hcb_dissolve_options, area_column), TEXT, .usual = "area_id", OPTION("area-column", "NAME"),
     SAYS("the column that holds area_id")},
    {AT(hcb_dissolve_options, zone_column), TEXT, .usual = "zone_id", OPTION("zone-column", "NAME"),
     SAYS("the column that holds zone_id")}};

static const hcb_option explain_rows[] = {
    {AT(hcb_explain_options, counterfactuals), FLAG, .initial = 1,
     SAYS("also what would place the package, with its price")},
    PLAN(hcb_explain_options, "one is solved"),
    {AT(hcb_explain_options, provider_id), TEXT, .usual = "the package's own reason", SAYS("why (not) this provider")},
    {AT(hcb_explain_options, plan_options), INNER(hcb_allocation_options),
     SAYS("how what has to be solved is solved")}};

static const hcb_option generate_rows[] = {
    {AT(hcb_generate_options, scenario), CHOICE(scenarios), .initial = HCB_SCENARIO_NONE, .usual = "a queue is added",
     OPTION("scenario", NULL), SAYS("make everything anew: March 2020, December 2020, 2026")},
    {AT(hcb_generate_options, queue), RANGE(INT32, 0, 1000000), .initial = -1, .unit = "packages", .usual = "60",
     OPTION("queue", "N"), SAYS("waiting packages to add")},
    {AT(hcb_generate_options, force), FLAG, OPTION("force", NULL),
     SAYS("overwrite people who are not marked as synthetic")},
    {AT(hcb_generate_options, scale), RANGE(DOUBLE, 1e-6, 100), .initial = 1, OPTION("scale", "X"),
     SAYS("times the people and providers")},
    {AT(hcb_generate_options, spare), RANGE(DOUBLE, 0, 100), .initial = 1, OPTION("spare", "X"),
     SAYS("times the providers' spare capacity")},
    SEED(hcb_generate_options)};

static const hcb_option price_bands_rows[] = {
    {AT(hcb_price_bands_options, offers), FLAG, OPTION("offers", NULL),
     SAYS("with --format csv: a row for each provider and zone")},
    {AT(hcb_price_bands_options, wage_pence), RANGE(INT64, 1, 100000), .initial = 930, .unit = "pence an hour",
     .option = "wage", .metavar = "POUNDS", .parts = 100, SAYS("the wage an hour")},
    {AT(hcb_price_bands_options, on_cost), RANGE(INT64, 0, 100000), .initial = 2500, .unit = "1/100 %",
     .option = "on-cost", .metavar = "PERCENT", .parts = 100, SAYS("of the wage, on top of it")},
    {AT(hcb_price_bands_options, per_mile), RANGE(INT64, 0, 100000), .initial = 4500, .unit = "1/100 penny",
     .option = "mileage", .metavar = "POUNDS", .parts = 10000, SAYS("paid for a mile")},
    {AT(hcb_price_bands_options, speed), RANGE(INT64, 1, 1000), .initial = 250, .unit = "1/10 mile an hour",
     .option = "mph", .metavar = "MILES", .parts = 10, SAYS("an hour of travel")},
    {AT(hcb_price_bands_options, overhead), RANGE(INT64, 0, 10000), .initial = 2000, .unit = "1/100 %",
     .option = "overhead", .metavar = "PERCENT", .parts = 100,
     SAYS("of the urban price, for the business and its surplus")},
    PLAN(hcb_price_bands_options, "today's placements alone")};

#define OF_POLICY(otherwise) .initial = -1, .usual = "the policy's, else " otherwise

static const hcb_option price_visits_rows[] = {
    {AT(hcb_price_visits_options, mode), CHOICE(modes), OF_POLICY("actual"), OPTION("mode", NULL),
     SAYS("which minutes count")},
    {AT(hcb_price_visits_options, direction), CHOICE(directions), OF_POLICY("nearest"), OPTION("direction", NULL),
     SAYS("how they are rounded; half a step goes up")},
    {AT(hcb_price_visits_options, per_carer), CHOICE(no_yes), OF_POLICY("yes"), OPTION("per-carer", NULL),
     SAYS("for each carer, or for their minutes together")},
    {AT(hcb_price_visits_options, pay_missed), CHOICE(no_yes), OF_POLICY("no"), OPTION("pay-missed", NULL),
     SAYS("whether visits of 0 actual minutes are paid as planned")},
    {AT(hcb_price_visits_options, spreadsheet), FLAG, OPTION("for-spreadsheet", NULL),
     SAYS("text cells of CSV that begin with = + - @ get a leading '")},
    {AT(hcb_price_visits_options, step), RANGE(INT64, 1, 1440), OF_POLICY("5"), .unit = "min", OPTION("step", "MIN"),
     SAYS("minutes are rounded to a multiple of this")},
    {AT(hcb_price_visits_options, tolerance), RANGE(INT64, 0, 1440), OF_POLICY("0"), .unit = "min",
     OPTION("tolerance", "MIN"), SAYS("as close to the plan as this, the planned minutes count")},
    {AT(hcb_price_visits_options, minimum), RANGE(INT64, 0, 1440), OF_POLICY("0"), .unit = "min",
     OPTION("minimum", "MIN"), SAYS("paid for any visit that took place")},
    {AT(hcb_price_visits_options, price_pence), RANGE(INT64, 0, 1000000), .initial = -1, .unit = "pence an hour",
     .usual = "the package's", .option = "price", .metavar = "POUNDS", .parts = 100,
     SAYS("an hour, of visits without price_per_hour")},
    {AT(hcb_price_visits_options, folder), TEXT, .usual = "none", SAYS("a workspace, for its policy and its prices")},
    POLICY(hcb_price_visits_options)};

static const hcb_option recommend_rows[] = {{AT(hcb_recommend_options, top), RANGE(INT32, 0, 1000000), .usual = "all",
                                             OPTION("top", "K"), SAYS("how many to list; 0: all")},
                                            PLAN(hcb_recommend_options, "today's placements alone")};

static const hcb_option replan_rows[] = {
    {AT(hcb_replan_options, n_steps), RANGE(INT32, 0, 1000), .usual = "0, 1, 2, 5, 10 ... most",
     SAYS("how many steps are given")},
    {AT(hcb_replan_options, steps), POINTER, OPTION("steps", "N,N,..."),
     SAYS("these steps instead, ascending; the last may be free")},
    {AT(hcb_replan_options, most), RANGE(INT64, 0, 1000000), .initial = 20, .unit = "people", OPTION("max", "N"),
     SAYS("steps 0, 1, 2, 5, 10 ... up to N")},
    {AT(hcb_replan_options, allocation), INNER(hcb_allocation_options), SAYS("how each step is solved")}};

static const hcb_option report_rows[] = {
    {AT(hcb_report_options, public_page), FLAG, OPTION("public", NULL),
     SAYS("for everybody: nothing about single people, no count under 5")},
    {AT(hcb_report_options, plain), FLAG, OPTION("plain", NULL), SAYS("tables alone, without map, charts and scripts")},
    {AT(hcb_report_options, explain), RANGE(INT32, 0, 10000), .unit = "people", OPTION("explain", "N"),
     SAYS("the proved reason of so many who wait, the most urgent first, about a second each")},
    {AT(hcb_report_options, workspace), TEXT, .usual = "none", SAYS("its folder, for map, prices and providers")}};

static const hcb_option scenario_rows[] = {
    FORMAT(hcb_scenario_options),
    {AT(hcb_scenario_options, publish), FLAG, OPTION("public", NULL),
     SAYS("for others: small numbers suppressed, nobody's package")},
    {AT(hcb_scenario_options, at_once), RANGE(INT32, 0, 64), .usual = "one a core", OPTION("threads", "N"),
     SAYS("scenarios of a sweep that run at the same time; the answer is the same")},
    {AT(hcb_scenario_options, workspace), TEXT, .usual = "the current folder", SAYS("for files without base")},
    OUT(hcb_scenario_options, "the folder for the results; made when it is not there"),
    {AT(hcb_scenario_options, allocation), INNER(hcb_allocation_options),
     SAYS("where the scenario says nothing else")}};

static const hcb_option simplify_rows[] = {DECIMALS(hcb_simplify_options),
                                           MAP(hcb_simplify_options),
                                           ID_PROPERTY(hcb_simplify_options),
                                           {AT(hcb_simplify_options, tolerance_m), RANGE(DOUBLE, 0, MOST_METRES),
                                            .unit = "m", OPTION("tolerance", "M"),
                                            SAYS("a corner goes when it cuts off no more than M x M square metres")}};

static const hcb_option verify_rows[] = {STRICT(hcb_verify_options),
                                         {AT(hcb_verify_options, policy), TEXT,
                                          .usual = "the one the plan names, else the workspace's",
                                          OPTION("policy", "FILE"), SAYS("the policy file the plan was made with")}};

static const hcb_option voronoi_rows[] = {
    {AT(hcb_voronoi_options, settlements_csv), TEXT, .required = 1, OPTION("settlements", "FILE.csv"),
     SAYS("area_id, lat, lon, zone_id (blank: outside), band")},
    {AT(hcb_voronoi_options, zones_csv), TEXT, .required = 1, OPTION("zones", "FILE.csv"),
     SAYS("zone_id, name, class, prime")},
    {AT(hcb_voronoi_options, surroundings_m), RANGE(DOUBLE, 500, 50000), .unit = "m", .usual = "2500",
     OPTION("surroundings", "M"), SAYS("the outline is no farther than this from a settlement")},
    {AT(hcb_voronoi_options, closing_m), RANGE(DOUBLE, 500, 50000), .unit = "m", .usual = "5000",
     OPTION("closing", "M"), SAYS("gaps of the outline narrower than twice this are filled")}};

static const hcb_option workspace_rows[] = {STRICT(hcb_workspace_options), POLICY(hcb_workspace_options)};

static const hcb_option zone_compare_rows[] = {
    FORMAT(hcb_zone_compare_options),
    {AT(hcb_zone_compare_options, a), TEXT, .required = 1, SAYS("the map of today: a workspace, or a plan")},
    {AT(hcb_zone_compare_options, b), TEXT, .required = 1, SAYS("the map in its place")},
    {AT(hcb_zone_compare_options, workspace), TEXT, .usual = "the current folder", SAYS("the small areas of plans")},
    {AT(hcb_zone_compare_options, places), TEXT, .usual = "none", OPTION("places", "FILE.csv"),
     SAYS("area_id,place: count the places that are split")},
    OUT(hcb_zone_compare_options, "a folder for zones_comparison.json and units.csv")};

static const hcb_option zone_repair_rows[] = {
    {AT(hcb_zone_repair_options, most_units), RANGE(INT32, 0, 16), .unit = "units", .usual = "8",
     SAYS("of the repairs that are looked through")},
    {AT(hcb_zone_repair_options, most_states), RANGE(INT64, 0, MOST_WORK), .unit = "maps", .usual = "200,000",
     OPTION("repair-maps", "N"), SAYS("maps that are looked at for a repair")}};

static const hcb_option zone_stats_rows[] = {
    FORMAT(hcb_zone_stats_options),
    {AT(hcb_zone_stats_options, map_only), FLAG, OPTION("map-only", NULL), SAYS("leave people and providers out")},
    OUT(hcb_zone_stats_options, "a folder for zones.json and zones.geojson")};

#define TABLE(s, list)                                                                                                 \
    { #s, sizeof(s), list, sizeof(list) / sizeof *(list) }

const hcb__option_table hcb__option_tables[] = {TABLE(hcb_adjacency_options, adjacency_rows),
                                                TABLE(hcb_allocation_options, allocation_rows),
                                                TABLE(hcb_check_options, check_rows),
                                                TABLE(hcb_context_options, context_rows),
                                                TABLE(hcb_design_options, design_rows),
                                                TABLE(hcb_desk_options, desk_rows),
                                                TABLE(hcb_desk_plan_options, desk_plan_rows),
                                                TABLE(hcb_desk_stamp, desk_stamp_rows),
                                                TABLE(hcb_dissolve_options, dissolve_rows),
                                                TABLE(hcb_explain_options, explain_rows),
                                                TABLE(hcb_generate_options, generate_rows),
                                                TABLE(hcb_price_bands_options, price_bands_rows),
                                                TABLE(hcb_price_visits_options, price_visits_rows),
                                                TABLE(hcb_recommend_options, recommend_rows),
                                                TABLE(hcb_replan_options, replan_rows),
                                                TABLE(hcb_report_options, report_rows),
                                                TABLE(hcb_scenario_options, scenario_rows),
                                                TABLE(hcb_simplify_options, simplify_rows),
                                                TABLE(hcb_verify_options, verify_rows),
                                                TABLE(hcb_voronoi_options, voronoi_rows),
                                                TABLE(hcb_workspace_options, workspace_rows),
                                                TABLE(hcb_zone_compare_options, zone_compare_rows),
                                                TABLE(hcb_zone_repair_options, zone_repair_rows),
                                                TABLE(hcb_zone_stats_options, zone_stats_rows)};
const size_t hcb__n_option_tables = sizeof hcb__option_tables / sizeof *hcb__option_tables;
