/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in the folder of a result. */
#include <string.h>

#include "io/file.h"
#include "report/page.h"

typedef struct main_file {
    const char *name, *kind;
} main_file;

/* The result itself; the first that is there. */
static const main_file main_files[] = {{"summary.json", "allocation"}, {"comparison.json", "comparison"},
                                       {"sweep.json", "sweep"},        {"design.json", "design"},
                                       {"zones.json", "zones"},        {"zones_comparison.json", "zones_comparison"},
                                       {"desk.json", "desk"}};

/* The lists that may lie beside it. */
typedef struct list_file {
    const char *name, *file;
    bool of_people; /* a row is about one person: not for everybody */
} list_file;
static const list_file list_files[HCB__PAGE_TABLES] = {{"allocations", "allocations.csv", true},
                                                       {"waiting", "waiting.csv", true},
                                                       {"packages", "packages.csv", true},
                                                       {"plan", "plan.csv", false},
                                                       {"moves", "moves.csv", false},
                                                       {"units", "units.csv", false}};

static hcb_status open_main(hcb__page_source *source) {
    for (size_t i = 0; i < sizeof main_files / sizeof *main_files; i++) {
        const char *path = hcb__path_join(&source->arena, source->folder, main_files[i].name);
        if (!path)
            return hcb__nomem(source->ctx);
        if (!hcb__file_exists(path))
            continue;
        source->main_name = main_files[i].name;
        source->kind = main_files[i].kind;
        hcb_status status = hcb__json_load(&source->main, source->ctx, path, source->main_name);
        if (status == HCB_OK && hcb__json_kind_of(hcb__json_root(source->main)) != HCB__JSON_OBJECT)
            return hcb__fail(source->ctx, HCB_EDATA, "%s is not an object", source->main_name);
        return status;
    }
    return hcb__fail(source->ctx, HCB_ENOTFOUND,
                     "\"%s\" holds no result: summary.json (of allocate), comparison.json, sweep.json, design.json, "
                     "zones.json, zones_comparison.json or desk.json was expected",
                     source->folder);
}

static hcb_status open_tables(hcb__page_source *source) {
    for (size_t i = 0; i < HCB__PAGE_TABLES; i++) {
        const char *path = hcb__path_join(&source->arena, source->folder, list_files[i].file);
        if (!path)
            return hcb__nomem(source->ctx);
        if ((source->for_public && list_files[i].of_people) || !hcb__file_exists(path))
            continue;
        hcb_status status = hcb__csv_table_read(&source->tables[i].table, source->ctx, path, list_files[i].file);
        if (status != HCB_OK)
            return status;
        source->tables[i].name = list_files[i].name;
    }
    return HCB_OK;
}

static hcb_status publish(hcb__page_source *source) {
    hcb__json_doc *all = source->main;
    source->main = NULL;
    hcb_status status = hcb__json_public(&source->main, source->ctx, all);
    hcb__json_close(all);
    return status;
}

/* A result that says what it was made from is of the workspace, or an error. */
static hcb_status open_workspace(hcb__page_source *source, const char *workspace) {
    hcb__json *root = hcb__json_root(source->main);
    const char *sha = hcb__json_string(hcb__json_get(root, "inputs_sha256"), NULL);
    const hcb__json *policy = hcb__json_get(hcb__json_get(root, "options"), "policy");
    const hcb__model_options options = {.policy = hcb__json_string(policy, NULL)};
    hcb__model *model = NULL;
    hcb_status status = hcb__model_load(&model, source->ctx, workspace, &options);
    if (status == HCB_OK)
        status = hcb__workspace_wrap(&source->workspace, source->ctx, model);
    if (status != HCB_OK)
        return status;
    source->model = source->workspace->model;
    if (sha && strcmp(sha, source->model->inputs_sha256) != 0)
        return hcb__fail(source->ctx, HCB_EDATA,
                         "%s was made from other data than the workspace \"%s\" (its inputs_sha256 is %.12s..., the "
                         "workspace's is %.12s...): the plan was applied, or the workspace has changed since",
                         source->main_name, workspace, sha, source->model->inputs_sha256);
    source->is_plan = strcmp(source->kind, "allocation") == 0;
    return HCB_OK;
}

hcb_status hcb__page_open(hcb__page_source *source, hcb_context *ctx, const char *folder,
                          const hcb_report_options *options) {
    *source = (hcb__page_source){
        .ctx = ctx, .folder = folder, .for_public = options->public_page != 0, .explain = options->explain};
    hcb__arena_init(&source->arena, &ctx->mem);
    if (!hcb__folder_exists(folder))
        return hcb__fail(ctx, HCB_ENOTFOUND, "there is no folder \"%s\"", folder);
    hcb_status status = open_main(source);
    if (status == HCB_OK)
        status = open_tables(source);
    if (status == HCB_OK && options->workspace)
        status = open_workspace(source, options->workspace);
    if (status == HCB_OK && source->explain && (!source->is_plan || source->for_public || options->plain))
        status = hcb__fail(ctx, HCB_EINVAL,
                           "only those who wait in a plan are explained, with its workspace, and neither for everybody "
                           "nor in plain tables");
    if (status == HCB_OK && source->for_public)
        status = publish(source);
    return status;
}

void hcb__page_close(hcb__page_source *source) {
    for (size_t i = 0; i < HCB__PAGE_TABLES; i++)
        hcb__csv_table_free(source->tables[i].table);
    hcb__json_close(source->main);
    hcb_workspace_free(source->workspace);
    hcb__arena_release(&source->arena);
}

const hcb__csv_table *hcb__page_table_named(const hcb__page_source *source, const char *name) {
    for (size_t i = 0; i < HCB__PAGE_TABLES; i++)
        if (source->tables[i].name && strcmp(source->tables[i].name, name) == 0)
            return source->tables[i].table;
    return NULL;
}
