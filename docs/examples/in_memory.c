/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A county of one zone, built in memory and solved: nothing is read from a file, nothing is written to one. */
#include <hcbroker/hcbroker.h>
#include <stdio.h>
#include <string.h>

#define ROWS(array) (sizeof(array) / sizeof *(array))
#define SOURCE(name) hcb_problem_set_table(problem, ctx, #name, name, ROWS(name), name##_rows)

static const char workspace[] = "version: 1\nas_of: 2020-12-01\nname: One town\n";
static const char policy[] = "model: prime_supplementary\n";

/* Zones: a square of 4 km near Loughborough. Degrees, longitude first. */
static const char *const zone_id[] = {"01"}, *const zone_class[] = {"medium"};
static const char *const geometry[] = {"{\"type\":\"Polygon\",\"coordinates\":[[[-1.23,52.75],[-1.17,52.75],"
                                       "[-1.17,52.79],[-1.23,52.79],[-1.23,52.75]]]}"};
static const hcb_column zones[] = {HCB_COLUMN("zone_id", HCB_COLUMN_TEXT, zone_id),
                                   HCB_COLUMN("class", HCB_COLUMN_TEXT, zone_class),
                                   HCB_COLUMN("geometry", HCB_COLUMN_TEXT, geometry)};
enum { zones_rows = 1 };

static const char *const band[] = {"urban", "fringe", "rural", "isolated"};
static const double price[] = {18.75, 19.95, 22.95, 26.15}; /* pounds an hour */
static const hcb_column prices[] = {HCB_COLUMN("band", HCB_COLUMN_TEXT, band),
                                    HCB_COLUMN("price_per_hour", HCB_COLUMN_DOUBLE, price)};
enum { prices_rows = 4 };

static const char *const provider[] = {"P1", "P2"};
static const double office_lat[] = {52.760, 52.785}, office_lon[] = {-1.22, -1.18}, capacity[] = {20, 12};
static const hcb_column providers[] = {
    HCB_COLUMN("provider_id", HCB_COLUMN_TEXT, provider), HCB_COLUMN("lat", HCB_COLUMN_DOUBLE, office_lat),
    HCB_COLUMN("lon", HCB_COLUMN_DOUBLE, office_lon), HCB_COLUMN("capacity_hours", HCB_COLUMN_DOUBLE, capacity)};
enum { providers_rows = 2 };

static const char *const covered[] = {"01", "01"}, *const tier[] = {"prime", "supplementary"};
static const hcb_column coverage[] = {HCB_COLUMN("provider_id", HCB_COLUMN_TEXT, provider),
                                      HCB_COLUMN("zone_id", HCB_COLUMN_TEXT, covered),
                                      HCB_COLUMN("tier", HCB_COLUMN_TEXT, tier)};
enum { coverage_rows = 2 };

static const char *const package[] = {"A", "B", "C"}, *const where[] = {"urban", "urban", "fringe"};
static const double lat[] = {52.765, 52.770, 52.780}, lon[] = {-1.21, -1.20, -1.19}, hours[] = {14, 10.5, 7};
static const int32_t received[] = {18590, 18592, 18595}; /* days since 1970-01-01 */
static const hcb_column packages[] = {
    HCB_COLUMN("package_id", HCB_COLUMN_TEXT, package), HCB_COLUMN("lat", HCB_COLUMN_DOUBLE, lat),
    HCB_COLUMN("lon", HCB_COLUMN_DOUBLE, lon),          HCB_COLUMN("weekly_hours", HCB_COLUMN_DOUBLE, hours),
    HCB_COLUMN("band", HCB_COLUMN_TEXT, where),         HCB_COLUMN("received", HCB_COLUMN_DATE, received)};
enum { packages_rows = 3 };

static hcb_status fill(hcb_problem *problem, hcb_context *ctx) {
    hcb_status status = hcb_problem_set_text(problem, ctx, "workspace", workspace, strlen(workspace));
    if (status == HCB_OK)
        status = hcb_problem_set_text(problem, ctx, "policy", policy, strlen(policy));
    if (status == HCB_OK)
        status = SOURCE(zones);
    if (status == HCB_OK)
        status = SOURCE(prices);
    if (status == HCB_OK)
        status = SOURCE(providers);
    if (status == HCB_OK)
        status = SOURCE(coverage);
    return status == HCB_OK ? SOURCE(packages) : status;
}

/* Everything that is wrong with the columns, with the table and the row. */
static void complain(const hcb_context *ctx) {
    fprintf(stderr, "%s\n", hcb_context_error(ctx)->message);
    for (size_t i = 0; i < hcb_context_diagnostic_count(ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(ctx, i);
        fprintf(stderr, "%s, row %d, %s: %s\n", d->file, (int)d->line, d->pointer, d->message);
    }
}

int main(void) {
    hcb_context *ctx = NULL;
    hcb_problem *problem = NULL;
    hcb_workspace *county = NULL;
    hcb_allocation *plan = NULL;
    hcb_status status = hcb_context_create(&ctx, NULL);
    if (status != HCB_OK)
        return 1;
    status = hcb_problem_create(&problem, ctx);
    if (status == HCB_OK)
        status = fill(problem, ctx);
    if (status == HCB_OK)
        status = hcb_problem_build(&county, ctx, problem, NULL);
    if (status == HCB_OK)
        status = hcb_allocation_solve(&plan, ctx, county, NULL);
    hcb_allocation_arrays a = {.struct_size = sizeof a};
    if (status == HCB_OK)
        status = hcb_allocation_get_arrays(plan, &a);
    if (status != HCB_OK)
        complain(ctx);
    for (int32_t i = 0; i < a.n_items; i++)
        if (a.provider[i] >= 0)
            printf("%s: %s, %d.%02d pounds a week\n", a.package_id[i], a.provider_id[a.provider[i]],
                   (int)(a.weekly_cost_pence[i] / 100), (int)(a.weekly_cost_pence[i] % 100));
        else
            printf("%s: waits, %s\n", a.package_id[i], a.detail[i]);
    hcb_allocation_free(plan);
    hcb_workspace_free(county);
    hcb_problem_free(problem);
    hcb_context_free(ctx);
    return status != HCB_OK;
}
