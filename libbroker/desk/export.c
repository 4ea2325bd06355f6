/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What leaves the desk: its events, its state as a workspace. And events that come back. */
#include <string.h>

#include "desk/desk.h"
#include "io/file.h"

static hcb_status run_events(hcb_desk *desk, hcb_context *ctx, hcb__text *out, int32_t format, void *payload) {
    (void)format;
    (void)payload;
    hcb__store *s = &desk->store;
    sqlite3_stmt *stmt = hcb__store_bind(s, "SELECT " HCB__EVENT_COLUMNS " FROM event ORDER BY seq", "");
    hcb_status status = HCB_OK;
    while (status == HCB_OK && hcb__store_next(s, stmt)) {
        hcb__event e;
        hcb__json_doc *doc = NULL;
        hcb__event_row(stmt, &e);
        status = hcb__json_parse(&doc, ctx, e.body, strlen(e.body), desk->path);
        if (status == HCB_OK) {
            hcb__json_writer w;
            hcb__jw_init(&w, out, true);
            hcb__event_json(&w, &e, hcb__json_root(doc));
            hcb__text_putc(out, '\n');
        }
        hcb__json_close(doc);
    }
    hcb__store_end(stmt);
    return status;
}

hcb_status hcb_desk_events(hcb_text **out, hcb_desk *desk, hcb_context *ctx) {
    return hcb__desk_read(out, desk, ctx, HCB_FORMAT_JSON, run_events, NULL);
}

static hcb_status add(hcb__file_set *set, hcb__arena *arena, hcb_context *ctx, const char *folder, const char *name,
                      const char *bytes, size_t size) {
    char *path = hcb__path_join(arena, folder, name);
    return path ? hcb__file_set_add(set, path, bytes, size) : hcb__nomem(ctx);
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Files of the workspace that the state does not replace, under their own last names. */
static hcb_status copy_files(hcb__file_set *set, hcb__arena *arena, hcb_desk *desk, hcb_context *ctx,
                             const char *folder, bool coverage) {
    static const int kinds[] = {HCB__FILE_ZONES,  HCB__FILE_AREAS,    HCB__FILE_AREAS_GEOJSON, HCB__FILE_POSTCODES,
                                HCB__FILE_PRICES, HCB__FILE_COVERAGE, HCB__FILE_MATRIX,        HCB__FILE_POLICY};
    hcb_status status = HCB_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == HCB_OK; i++) {
        const hcb__workspace_file *file = &desk->ws->files[kinds[i]];
        bool other = kinds[i] == HCB__FILE_POLICY && desk->policy;
        if (!file->name || file->missing || (kinds[i] == HCB__FILE_COVERAGE && !coverage))
            continue;
        char *bytes = NULL;
        size_t size = 0;
        status = hcb__file_read(&bytes, &size, ctx, other ? desk->policy : file->path, file->name);
        if (status == HCB_OK)
            status = add(set, arena, ctx, folder, last_part(file->name), bytes, size);
        hcb__free(&ctx->mem, bytes);
    }
    return status;
}

/* hcbroker.yaml line by line: the files' names, the day, and everything else as it is. */
static hcb_status write_yaml(hcb__text *out, hcb_desk *desk, hcb_context *ctx, int64_t at) {
    static const char *const keys[] = {"zones",     "areas",    "postcodes",  "prices", "coverage", "policy",
                                       "providers", "packages", "placements", "visits", "as_of"};
    static const int kinds[] = {HCB__FILE_ZONES,  HCB__FILE_AREAS,    HCB__FILE_POSTCODES,
                                HCB__FILE_PRICES, HCB__FILE_COVERAGE, HCB__FILE_POLICY};
    enum { KEYS = sizeof keys / sizeof *keys, KINDS = sizeof kinds / sizeof *kinds };
    const char *end = desk->ws->bytes + desk->ws->size;
    for (const char *line = desk->ws->bytes; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        size_t len = (size_t)((newline ? newline + 1 : end) - line);
        bool ours = false;
        for (size_t k = 0; k < KEYS; k++) {
            size_t n = strlen(keys[k]);
            ours |= len > n && strncmp(line, keys[k], n) == 0 && line[n] == ':';
        }
        if (!ours)
            hcb__text_add(out, line, len);
        line += len;
    }
    hcb__text_puts(out, "\n");
    for (size_t k = 0; k < KINDS; k++) {
        const hcb__workspace_file *file = &desk->ws->files[kinds[k]];
        if (file->name && !file->missing)
            hcb__text_printf(out, "%s: %s\n", keys[k], last_part(file->name));
    }
    hcb__text_puts(out, "providers: providers.csv\npackages: packages.csv\nplacements: placements.csv\nvisits: "
                        "visits.csv\nas_of: ");
    hcb__text_date(out, (int32_t)(at / HCB__DAY_S));
    hcb__text_putc(out, '\n');
    return out->failed ? hcb__nomem(ctx) : HCB_OK;
}

typedef struct export_job {
    int64_t at;
    const char *folder;
} export_job;

static hcb_status write_state(hcb__file_set *set, hcb__arena *arena, hcb_desk *desk, hcb_context *ctx,
                              const export_job *job) {
    const char *const names[HCB__OVERRIDES] = {"providers.csv", last_part(desk->ws->files[HCB__FILE_COVERAGE].name),
                                               "packages.csv", "placements.csv", "visits.csv"};
    const hcb__state_options o = {.at = job->at};
    hcb__state_tables tables;
    hcb_status status = hcb__state_write(&tables, desk, ctx, &o);
    for (int f = 0; f < HCB__OVERRIDES && status == HCB_OK; f++)
        if (tables.given[f])
            status = add(set, arena, ctx, job->folder, names[f], tables.text[f].at, tables.text[f].count);
    if (status == HCB_OK)
        status = copy_files(set, arena, desk, ctx, job->folder, !tables.given[HCB__OVERRIDE_COVERAGE]);
    hcb__state_release(&tables);
    return status;
}

static hcb_status run_export(hcb_desk *desk, hcb_context *ctx, hcb__text *out, int32_t format, void *payload) {
    (void)format;
    const export_job *job = payload;
    hcb__file_set *set = NULL;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb_status status = hcb__file_set_create(&set, ctx);
    if (status == HCB_OK)
        status = hcb__file_set_folder(set, job->folder);
    if (status == HCB_OK)
        status = write_state(set, &arena, desk, ctx, job);
    if (status == HCB_OK)
        status = write_yaml(out, desk, ctx, job->at);
    if (status == HCB_OK)
        status = add(set, &arena, ctx, job->folder, hcb__workspace_name, out->at, out->count);
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    hcb__arena_release(&arena);
    return status;
}

hcb_status hcb_desk_export(hcb_desk *desk, hcb_context *ctx, int64_t at, const char *folder) {
    export_job job = {at, folder};
    hcb_text *text = NULL;
    if (!folder || at < 0)
        return HCB_EINVAL;
    hcb_status status = hcb__desk_read(&text, desk, ctx, HCB_FORMAT_TEXT, run_export, &job);
    hcb_text_free(text);
    return status;
}
