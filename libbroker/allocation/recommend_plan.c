/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan of an output folder of `allocate`: who serves whom, and what might move. */
#include <string.h>

#include "allocation/recommend.h"
#include "io/csv_table.h"
#include "io/file.h"
#include "io/json.h"

static const char allocations_name[] = "allocations.csv", summary_name[] = "summary.json";

static hcb_status read_replan(hcb__plan_folder *out, hcb_context *ctx, const hcb__json *root) {
    size_t len = 0;
    const char *replan = hcb__json_string(hcb__json_get(root, "replan"), &len);
    if (replan && strcmp(replan, "fixed") == 0)
        out->replan = HCB__REPLAN_FIXED;
    else if (replan && strcmp(replan, "free") == 0)
        out->replan = HCB__REPLAN_FREE;
    else if (!replan || !hcb__parse_int(replan, len, &out->replan) || out->replan < 0)
        return hcb__fail(ctx, HCB_EDATA, "%s: \"replan\" is not fixed, free or a number of people, as text",
                         summary_name);
    return HCB_OK;
}

static hcb_status read_summary(hcb__plan_folder *out, hcb_context *ctx, hcb__arena *arena, const hcb__model *model,
                               const char *folder) {
    const char *path = hcb__path_join(arena, folder, summary_name);
    if (!path)
        return hcb__nomem(ctx);
    hcb__json_doc *doc = NULL;
    hcb_status status = hcb__json_load(&doc, ctx, path, path);
    if (status != HCB_OK)
        return status;
    const char *sha = hcb__json_string(hcb__json_get(hcb__json_root(doc), "inputs_sha256"), NULL);
    if (!sha)
        status = hcb__fail(ctx, HCB_EDATA, "%s has no \"inputs_sha256\"", path);
    else if (strcmp(sha, model->inputs_sha256) != 0)
        status = hcb__fail(ctx, HCB_EDATA,
                           "the plan in %s was made for other data or another policy (its inputs_sha256 is %.12s..., "
                           "the workspace's is %.12s...)",
                           folder, sha, model->inputs_sha256);
    else
        status = read_replan(out, ctx, hcb__json_root(doc));
    hcb__json_close(doc);
    return status;
}

static hcb_status read_row(hcb__plan_folder *out, hcb_context *ctx, const hcb__model *model, const char *package,
                           const char *provider) {
    int32_t q = hcb__idmap_get(&model->package_of_id, package, strlen(package));
    int32_t k = hcb__idmap_get(&model->provider_of_id, provider, strlen(provider));
    if (q < 0)
        return hcb__fail(ctx, HCB_EDATA, "%s: package \"%s\" is neither waiting nor placed", allocations_name, package);
    if (k < 0)
        return hcb__fail(ctx, HCB_EDATA, "%s: provider \"%s\" of package \"%s\" is not known", allocations_name,
                         provider, package);
    if (out->provider[q] != HCB__WAITS)
        return hcb__fail(ctx, HCB_EDATA, "%s: package \"%s\" is given twice", allocations_name, package);
    if (out->replan == HCB__REPLAN_FIXED && model->packages[q].placed)
        return hcb__fail(ctx, HCB_EDATA, "%s: \"%s\" is a placement, and the plan moves none", allocations_name,
                         package);
    out->provider[q] = k;
    return HCB_OK;
}

static hcb_status read_allocations(hcb__plan_folder *out, hcb_context *ctx, hcb__arena *arena, const hcb__model *model,
                                   const char *folder) {
    const char *path = hcb__path_join(arena, folder, allocations_name);
    if (!path)
        return hcb__nomem(ctx);
    hcb__csv_table *table = NULL;
    hcb_status status = hcb__csv_table_read(&table, ctx, path, path);
    if (status != HCB_OK)
        return status;
    size_t package = hcb__csv_table_column(table, "package_id", NULL, 0);
    size_t provider = hcb__csv_table_column(table, "provider_id", NULL, 0);
    if (package == HCB__NO_COLUMN || provider == HCB__NO_COLUMN)
        status = hcb__fail(ctx, HCB_EDATA, "%s lacks the column package_id or provider_id", path);
    for (size_t row = 0; status == HCB_OK && row < table->rows.count; row++)
        status = read_row(out, ctx, model, hcb__csv_table_get(table, row, package),
                          hcb__csv_table_get(table, row, provider));
    hcb__csv_table_free(table);
    return status;
}

hcb_status hcb__plan_folder_read(hcb__plan_folder *out, hcb_context *ctx, hcb__arena *arena, const hcb__model *model,
                                 const char *folder) {
    size_t n = (size_t)model->n_packages + (size_t)model->n_placements;
    out->replan = HCB__REPLAN_FIXED;
    out->provider = hcb__arena_alloc(arena, n, sizeof *out->provider);
    if (!out->provider)
        return hcb__nomem(ctx);
    for (size_t q = 0; q < n; q++)
        out->provider[q] = HCB__WAITS;
    if (!folder)
        return HCB_OK;
    hcb_status status = read_summary(out, ctx, arena, model, folder);
    return status == HCB_OK ? read_allocations(out, ctx, arena, model, folder) : status;
}
