/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "hcbroker/scenario.h"
#include "base/options.h"
#include "io/file.h"
#include "io/json.h"
#include "model/model.h"
#include "scenario/folder.h"

_Static_assert(sizeof(hcb_apply_summary) == 32, "no padding");

static const char allocations_name[] = "allocations.csv", summary_name[] = "summary.json";

typedef struct job {
    hcb_context *ctx;
    hcb__arena arena;
    hcb__folder *folder;
    hcb__model *model;
    hcb__csv_table *allocations, *packages, *placements;
    hcb__idmap row_of_id; /* rows of allocations.csv by package */
    size_t provider;      /* column of allocations.csv */
    hcb_apply_summary done;
} job;

/* The hash of the data the plan was made from, and the policy file it named. */
static hcb_status check_inputs(job *j, const char *plan) {
    const char *path = hcb__path_join(&j->arena, plan, summary_name);
    if (!path)
        return hcb__nomem(j->ctx);
    hcb__json_doc *doc = NULL;
    hcb_status status = hcb__json_load(&doc, j->ctx, path, summary_name);
    if (status != HCB_OK)
        return status;
    hcb__json *root = hcb__json_root(doc);
    const char *sha = hcb__json_string(hcb__json_get(root, "inputs_sha256"), NULL);
    const hcb__json *policy = hcb__json_get(hcb__json_get(root, "options"), "policy");
    const hcb__model_options options = {.policy = hcb__json_string(policy, NULL)};
    if (sha)
        status = hcb__model_load(&j->model, j->ctx, j->folder->ws->folder, &options);
    else
        status = hcb__fail(j->ctx, HCB_EDATA, "%s has no \"inputs_sha256\"", summary_name);
    if (status == HCB_OK && strcmp(sha, j->model->inputs_sha256) != 0)
        status = hcb__fail(
            j->ctx, HCB_EDATA,
            "the plan was made for other data (its inputs_sha256 is %.12s..., the workspace's is %.12s...): it "
            "was applied already, or the workspace has changed since",
            sha, j->model->inputs_sha256);
    hcb__json_close(doc);
    return status;
}

static hcb_status read_allocations(job *j, const char *plan) {
    const char *path = hcb__path_join(&j->arena, plan, allocations_name);
    if (!path)
        return hcb__nomem(j->ctx);
    hcb_status status = hcb__csv_table_read(&j->allocations, j->ctx, path, allocations_name);
    if (status != HCB_OK)
        return status;
    size_t package = hcb__csv_table_column(j->allocations, "package_id", NULL, 0);
    j->provider = hcb__csv_table_column(j->allocations, "provider_id", NULL, 0);
    if (package == HCB__NO_COLUMN || j->provider == HCB__NO_COLUMN)
        return hcb__fail(j->ctx, HCB_EDATA, "%s lacks the column package_id or provider_id", allocations_name);
    for (size_t row = 0; row < j->allocations->rows.count; row++) {
        const char *id = hcb__csv_table_get(j->allocations, row, package);
        const char *provider = hcb__csv_table_get(j->allocations, row, j->provider);
        if (hcb__idmap_get(&j->model->package_of_id, id, strlen(id)) < 0)
            return hcb__fail(j->ctx, HCB_EDATA, "%s: package \"%s\" is neither waiting nor placed", allocations_name,
                             id);
        if (hcb__idmap_get(&j->model->provider_of_id, provider, strlen(provider)) < 0)
            return hcb__fail(j->ctx, HCB_EDATA, "%s: provider \"%s\" of package \"%s\" is not known", allocations_name,
                             provider, id);
        if (hcb__idmap_get(&j->row_of_id, id, strlen(id)) >= 0)
            return hcb__fail(j->ctx, HCB_EDATA, "%s: package \"%s\" is given twice", allocations_name, id);
        if (!hcb__idmap_put(&j->row_of_id, id, (int32_t)row))
            return hcb__nomem(j->ctx);
    }
    return HCB_OK;
}

/* The provider the plan gives a package; NULL: none. */
static const char *provider_of(const job *j, const char *id) {
    int32_t row = hcb__idmap_get(&j->row_of_id, id, strlen(id));
    return row < 0 ? NULL : hcb__csv_table_get(j->allocations, (size_t)row, j->provider);
}

static size_t need(job *j, hcb__csv_table *table, hcb__made file, const char *ours) {
    const hcb__workspace_file *of = hcb__folder_file(j->folder, file);
    return hcb__csv_table_need(table, ours, of->renames, of->n_renames);
}

static void move_placements(job *j) {
    size_t id = need(j, j->placements, HCB__MADE_PLACEMENTS, "package_id");
    size_t provider = need(j, j->placements, HCB__MADE_PLACEMENTS, "provider_id");
    for (size_t row = 0; row < j->placements->rows.count; row++) {
        const char *to = provider_of(j, hcb__csv_table_get(j->placements, row, id));
        if (to && strcmp(to, hcb__csv_table_get(j->placements, row, provider)) != 0) {
            hcb__csv_table_set(j->placements, row, provider, to);
            j->done.moved++;
        }
    }
}

/* A row of the queue as a row of the placements, every cell that says something kept. */
static void add_placement(job *j, size_t row, const char *to) {
    const hcb__workspace_file *queue = hcb__folder_file(j->folder, HCB__MADE_PACKAGES);
    size_t added = hcb__csv_table_add(j->placements);
    for (size_t c = 0; c < j->packages->names.count; c++) {
        const char *cell = hcb__csv_table_get(j->packages, row, c);
        const char *ours = hcb__csv_table_ours(j->packages, c, queue->renames, queue->n_renames);
        /* Neither a column that another is read in place of, nor who served somebody who now has a provider. */
        if (hcb__csv_table_column(j->packages, ours, queue->renames, queue->n_renames) != c ||
            strcmp(ours, "current_provider") == 0)
            continue;
        if (*cell)
            hcb__csv_table_set(j->placements, added, need(j, j->placements, HCB__MADE_PLACEMENTS, ours), cell);
    }
    hcb__csv_table_set(j->placements, added, need(j, j->placements, HCB__MADE_PLACEMENTS, "provider_id"), to);
}

static hcb_status place_packages(job *j) {
    size_t id = need(j, j->packages, HCB__MADE_PACKAGES, "package_id"), n = j->packages->rows.count;
    bool *keep = hcb__arena_alloc(&j->arena, n, sizeof *keep);
    if (!keep)
        return hcb__nomem(j->ctx);
    for (size_t row = 0; row < n; row++) {
        const char *package = hcb__csv_table_get(j->packages, row, id), *to = provider_of(j, package);
        keep[row] = !to;
        if (!to)
            continue;
        int32_t q = hcb__idmap_get(&j->model->package_of_id, package, strlen(package));
        j->done.placed++;
        j->done.carer_minutes_placed += j->model->packages[q].carer_minutes;
        add_placement(j, row, to);
    }
    hcb__csv_table_keep(j->packages, keep);
    j->done.waiting = (int32_t)j->packages->rows.count;
    j->done.placements = (int32_t)j->placements->rows.count;
    return HCB_OK;
}

static hcb_status add_table(job *j, hcb__file_set *set, hcb__csv_table *table, hcb__made file) {
    hcb__text text;
    hcb__text_init(&text, &j->ctx->mem);
    hcb__csv_table_sort(table, need(j, table, file, "package_id"));
    hcb__csv_table_write(table, &text);
    const char *path = hcb__folder_path(j->folder, file);
    hcb_status status =
        text.failed || table->failed || !path ? hcb__nomem(j->ctx) : hcb__file_set_add(set, path, text.at, text.count);
    hcb__text_free(&text);
    return status;
}

/* visits.csv names packages and placements alike, so it stays as it is. */
static hcb_status write_files(job *j) {
    hcb__file_set *set = NULL;
    hcb__text text;
    hcb__text_init(&text, &j->ctx->mem);
    hcb_status status = hcb__file_set_create(&set, j->ctx);
    if (status == HCB_OK)
        status = add_table(j, set, j->placements, HCB__MADE_PLACEMENTS);
    if (status == HCB_OK && hcb__folder_file(j->folder, HCB__MADE_PACKAGES)->name)
        status = add_table(j, set, j->packages, HCB__MADE_PACKAGES);
    if (status == HCB_OK)
        status = hcb__folder_yaml(&text, j->ctx, j->folder, false, 1u << HCB__MADE_PLACEMENTS);
    if (status == HCB_OK && !hcb__folder_file(j->folder, HCB__MADE_PLACEMENTS)->name)
        status = hcb__file_set_add(set, j->folder->ws->path, text.at, text.count);
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    hcb__text_free(&text);
    return status;
}

static hcb_status apply(job *j, const char *dir, const char *plan) {
    hcb_status status = hcb__folder_open(&j->folder, j->ctx, dir);
    if (status == HCB_OK && !hcb__folder_exists(plan))
        status = hcb__fail(j->ctx, HCB_ENOTFOUND, "there is no folder %s", plan);
    if (status == HCB_OK)
        status = check_inputs(j, plan);
    if (status == HCB_OK)
        status = read_allocations(j, plan);
    if (status == HCB_OK)
        status = hcb__folder_table(&j->packages, j->ctx, j->folder, HCB__MADE_PACKAGES);
    if (status == HCB_OK)
        status = hcb__folder_table(&j->placements, j->ctx, j->folder, HCB__MADE_PLACEMENTS);
    if (status != HCB_OK)
        return status;
    move_placements(j);
    status = place_packages(j);
    return status == HCB_OK ? write_files(j) : status;
}

hcb_status hcb_apply(hcb_context *ctx, const char *workspace_dir, const char *plan_dir, hcb_apply_summary *out) {
    if (!ctx)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    job j = {.ctx = ctx};
    hcb__arena_init(&j.arena, &ctx->mem);
    hcb__idmap_init(&j.row_of_id, &ctx->mem);
    if (!workspace_dir || !plan_dir)
        status = hcb__fail(ctx, HCB_EINVAL, "no folder was given");
    else if (out && !hcb__struct_size_ok(out->struct_size))
        status = hcb__fail(ctx, HCB_EVERSION, "summary: struct_size is not set");
    else
        status = apply(&j, workspace_dir, plan_dir);
    if (status == HCB_OK && out)
        status = hcb__result_give(out, &j.done, sizeof j.done);
    hcb__csv_table_free(j.allocations);
    hcb__csv_table_free(j.packages);
    hcb__csv_table_free(j.placements);
    hcb__idmap_free(&j.row_of_id);
    hcb__model_free(j.model);
    hcb__folder_close(j.folder);
    hcb__arena_release(&j.arena);
    return hcb__end(ctx, status);
}
