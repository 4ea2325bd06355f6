/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A caller of the shared library, compiled by versions.py against the headers of other versions. It sets no field that
 * stands last in its structure, and prints none. */
#include <stdio.h>
#include <string.h>

#include "hcbroker/hcbroker.h"

#define SIZED(type, name)                                                                                              \
    type name;                                                                                                         \
    memset(&name, 0, sizeof name);                                                                                     \
    name.struct_size = (uint32_t)sizeof name

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
    if (failed("context", hcb_context_create(&ctx, &options), NULL) ||
        failed("load", hcb_workspace_load(&workspace, ctx, argv[1], &strict), ctx) ||
        failed("info", hcb_workspace_get_info(workspace, &info), NULL))
        return 1;
    printf("%s: %d packages, %s\n", info.name, (int)info.packages, info.inputs_sha256);
    bad = allocate(ctx, workspace) || ask(ctx, workspace, argv[1]) || build(ctx, argv[1]);
    hcb_workspace_free(workspace);
    hcb_context_free(ctx);
    return bad;
}

#endif
