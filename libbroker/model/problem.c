/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workspace from sources in memory. They are put before the loader as files, so that every check and message is the
 * one of the files. */
#include "hcbroker/problem.h"

#include <string.h>

#include "base/options.h"
#include "io/file.h"
#include "io/memory.h"
#include "model/handle.h"
#include "model/workspace.h"
#include "zones/zone_table.h"

enum { MOST_COLUMNS = 4096 };

static const char workspace_key[] = "workspace";

typedef struct source {
    const char *key; /* one of ours */
    char *bytes;     /* NULL: a table */
    size_t size;
    hcb_column *columns;
    size_t n_columns, n_rows;
} source;

struct hcb_problem {
    hcb_allocator mem;
    char *folder; /* NULL: none */
    HCB__VEC(source) sources;
};

hcb_status hcb_problem_create(hcb_problem **out, hcb_context *ctx) {
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_problem *problem = hcb__calloc(&ctx->mem, 1, sizeof *problem);
    if (!problem)
        return hcb__end(ctx, hcb__nomem(ctx));
    problem->mem = ctx->mem;
    *out = problem;
    return hcb__end(ctx, HCB_OK);
}

static void empty(hcb_problem *problem, source *s) {
    hcb__free(&problem->mem, s->bytes);
    hcb__free(&problem->mem, s->columns);
}

void hcb_problem_free(hcb_problem *problem) {
    if (!problem)
        return;
    for (size_t i = 0; i < problem->sources.count; i++)
        empty(problem, &problem->sources.at[i]);
    HCB__VEC_FREE(&problem->mem, &problem->sources);
    hcb_allocator mem = problem->mem;
    hcb__free(&mem, problem->folder);
    hcb__free(&mem, problem);
}

hcb_status hcb_problem_set_folder(hcb_problem *problem, hcb_context *ctx, const char *folder) {
    if (!problem || !ctx)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    char *copy = folder ? hcb__strndup(&problem->mem, folder, strlen(folder)) : NULL;
    if (folder && !copy)
        return hcb__end(ctx, hcb__nomem(ctx));
    hcb__free(&problem->mem, problem->folder);
    problem->folder = copy;
    return hcb__end(ctx, HCB_OK);
}

/* Our own copy of a key; NULL when there is none. */
static const char *known_key(const char *key, bool table) {
    static const char *const only_text[] = {workspace_key, HCB__MATRIX_JSON};
    for (int kind = 0; kind < HCB__FILES; kind++)
        if (strcmp(key, hcb__file_keys[kind]) == 0)
            return table && (kind == HCB__FILE_POLICY || kind == HCB__FILE_AREAS_GEOJSON) ? NULL : hcb__file_keys[kind];
    for (size_t i = 0; !table && i < sizeof only_text / sizeof *only_text; i++)
        if (strcmp(key, only_text[i]) == 0)
            return only_text[i];
    return NULL;
}

/* The place of a source, made when it is not there. NULL when memory is out. */
static source *place_of(hcb_problem *problem, const char *key) {
    for (size_t i = 0; i < problem->sources.count; i++)
        if (strcmp(problem->sources.at[i].key, key) == 0)
            return &problem->sources.at[i];
    const source none = {.key = key};
    return HCB__PUSH(&problem->mem, &problem->sources, none) ? &problem->sources.at[problem->sources.count - 1] : NULL;
}

static hcb_status check_column(hcb_context *ctx, const char *key, const hcb_column *c, size_t i, size_t n_rows) {
    if (!c->name || !*c->name)
        return hcb__fail(ctx, HCB_EINVAL, "%s: column %zu has no name", key, i);
    if (c->type < HCB_COLUMN_TEXT || c->type > HCB_COLUMN_DATE)
        return hcb__fail(ctx, HCB_EINVAL, "%s: column \"%.60s\" is of type %d; HCB_COLUMN_TEXT to _DATE are known", key,
                         c->name, (int)c->type);
    if (n_rows && !c->data)
        return hcb__fail(ctx, HCB_EINVAL, "%s: column \"%.60s\" has no data", key, c->name);
    if (c->type != HCB_COLUMN_BYTES)
        return HCB_OK;
    if (!c->offsets)
        return hcb__fail(ctx, HCB_EINVAL, "%s: column \"%.60s\" is bytes without offsets", key, c->name);
    for (size_t row = 0; row < n_rows; row++)
        if (c->offsets[row] < 0 || c->offsets[row] > c->offsets[row + 1])
            return hcb__fail(ctx, HCB_EINVAL, "%s: the offsets of column \"%.60s\" do not ascend at row %zu", key,
                             c->name, row + 1);
    return HCB_OK;
}

/* Each structure says its size, so that they can be read one by one whatever the caller's version. */
static hcb_status take_columns(hcb_context *ctx, const char *key, const hcb_column *columns, size_t n_columns,
                               size_t n_rows, hcb_column *out) {
    const char *at = (const char *)columns;
    for (size_t i = 0; i < n_columns; i++) {
        const hcb_column *theirs = (const hcb_column *)(const void *)at;
        out[i] = (hcb_column){.struct_size = sizeof *out};
        if (theirs->struct_size != columns->struct_size)
            return hcb__fail(ctx, HCB_EVERSION, "%s: columns of different struct_size", key);
        hcb_status status = hcb__struct_take(ctx, &out[i], sizeof *out, theirs);
        if (status == HCB_OK)
            status = check_column(ctx, key, &out[i], i, n_rows);
        if (status != HCB_OK)
            return status;
        at += columns->struct_size;
    }
    return HCB_OK;
}

static hcb_status set_table(hcb_problem *problem, hcb_context *ctx, const char *key, const hcb_column *columns,
                            size_t n_columns, size_t n_rows) {
    const char *ours = known_key(key, true);
    if (!ours)
        return hcb__fail(ctx, HCB_EINVAL, "\"%.60s\" is not the key of a table", key);
    if (n_columns == 0 || n_columns > MOST_COLUMNS)
        return hcb__fail(ctx, HCB_EINVAL, "%s: %zu columns; 1 to %d were expected", ours, n_columns, MOST_COLUMNS);
    hcb_column *copy = hcb__calloc(&problem->mem, n_columns, sizeof *copy);
    if (!copy)
        return hcb__nomem(ctx);
    hcb_status status = take_columns(ctx, ours, columns, n_columns, n_rows, copy);
    source *s = status == HCB_OK ? place_of(problem, ours) : NULL;
    if (!s) {
        hcb__free(&problem->mem, copy);
        return status == HCB_OK ? hcb__nomem(ctx) : status;
    }
    empty(problem, s);
    *s = (source){.key = ours, .columns = copy, .n_columns = n_columns, .n_rows = n_rows};
    return HCB_OK;
}

hcb_status hcb_problem_set_table(hcb_problem *problem, hcb_context *ctx, const char *key, const hcb_column *columns,
                                 size_t n_columns, size_t n_rows) {
    if (!problem || !ctx || !key || !columns)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    return hcb__end(ctx, set_table(problem, ctx, key, columns, n_columns, n_rows));
}

static hcb_status set_text(hcb_problem *problem, hcb_context *ctx, const char *key, const char *bytes, size_t size) {
    const char *ours = known_key(key, false);
    if (!ours)
        return hcb__fail(ctx, HCB_EINVAL, "\"%.60s\" is not the key of a file", key);
    char *copy = hcb__strndup(&problem->mem, bytes, size);
    source *s = copy ? place_of(problem, ours) : NULL;
    if (!s) {
        hcb__free(&problem->mem, copy);
        return hcb__nomem(ctx);
    }
    empty(problem, s);
    *s = (source){.key = ours, .bytes = copy, .size = size};
    return HCB_OK;
}

hcb_status hcb_problem_set_text(hcb_problem *problem, hcb_context *ctx, const char *key, const char *bytes,
                                size_t size) {
    if (!problem || !ctx || !key || (!bytes && size))
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    return hcb__end(ctx, set_text(problem, ctx, key, bytes ? bytes : "", size));
}

static hcb_status list_files(hcb__memory_file *files, hcb_context *ctx, hcb__arena *arena, const hcb_problem *problem) {
    const char *folder = problem->folder ? problem->folder : hcb__no_folder;
    for (size_t i = 0; i < problem->sources.count; i++) {
        const source *s = &problem->sources.at[i];
        const char *name = s->key == workspace_key ? hcb__workspace_name : s->key;
        files[i] = (hcb__memory_file){.key = s->key,
                                      .shown = name,
                                      .path = hcb__path_join(arena, folder, name),
                                      .bytes = s->bytes,
                                      .size = s->size,
                                      .columns = s->columns,
                                      .n_columns = s->n_columns,
                                      .n_rows = s->n_rows};
        if (!files[i].path)
            return hcb__nomem(ctx);
    }
    return HCB_OK;
}

/* Zones are read as GeoJSON. */
static hcb_status write_zones(hcb__text *out, hcb_context *ctx, hcb__memory_file *files, size_t n_files) {
    for (size_t i = 0; i < n_files; i++) {
        hcb__memory_file *file = &files[i];
        if (!file->columns || strcmp(file->key, hcb__file_keys[HCB__FILE_ZONES]) != 0)
            continue;
        hcb_status status = hcb__zone_table_write(out, ctx, file);
        file->bytes = out->at;
        file->size = out->count;
        file->columns = NULL;
        return status;
    }
    return HCB_OK;
}

static hcb_status build(hcb_workspace **out, hcb_context *ctx, const hcb_problem *problem, hcb__arena *arena,
                        const hcb_workspace_options *options) {
    size_t n = problem->sources.count;
    hcb__memory_file *files = hcb__arena_alloc(arena, n, sizeof *files);
    if (!files)
        return hcb__nomem(ctx);
    hcb_status status = list_files(files, ctx, arena, problem);
    if (status != HCB_OK)
        return status;
    const hcb__memory memory = {files, n};
    ctx->memory = &memory;
    hcb__text zones;
    hcb__text_init(&zones, &ctx->mem);
    if (!problem->folder && !hcb__memory_of(ctx, workspace_key))
        status = hcb__fail(ctx, HCB_EINVAL, "the source \"%s\" is missing: version: 1, and as_of: the day of the run",
                           workspace_key);
    if (status == HCB_OK)
        status = write_zones(&zones, ctx, files, n);
    if (status == HCB_OK)
        status = hcb__workspace_open(out, ctx, problem->folder, options);
    hcb__text_free(&zones);
    ctx->memory = NULL;
    return status;
}

hcb_status hcb_problem_build(hcb_workspace **out, hcb_context *ctx, const hcb_problem *problem,
                             const hcb_workspace_options *options) {
    if (!out || !ctx || !problem)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    status = build(out, ctx, problem, &arena, options);
    hcb__arena_release(&arena);
    return hcb__end(ctx, status);
}
