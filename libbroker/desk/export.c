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

/* What an export has of the workspace's own: all but the tables that the state replaces. */
static const int own_kinds[] = {HCB__FILE_ZONES,  HCB__FILE_AREAS,    HCB__FILE_AREAS_GEOJSON, HCB__FILE_POSTCODES,
                                HCB__FILE_PRICES, HCB__FILE_COVERAGE, HCB__FILE_MATRIX,        HCB__FILE_POLICY};
enum { OWN_KINDS = sizeof own_kinds / sizeof *own_kinds };

static hcb_status copy_files(hcb__file_set *set, hcb__arena *arena, hcb_desk *desk, hcb_context *ctx,
                             const hcb__parts parts[HCB__FILES], const char *folder, bool coverage) {
    hcb_status status = HCB_OK;
    for (int i = 0; i < OWN_KINDS && status == HCB_OK; i++) {
        const hcb__parts *of = &parts[own_kinds[i]];
        if (own_kinds[i] == HCB__FILE_COVERAGE && !coverage)
            continue;
        if (own_kinds[i] == HCB__FILE_POSTCODES && of->count && strchr(of->at[0].name, '/')) {
            const char *dir = hcb__path_join(arena, folder, of->name);
            status = dir ? hcb__file_set_folder(set, dir) : hcb__nomem(ctx);
        }
        for (size_t p = 0; p < of->count && status == HCB_OK; p++) {
            const char *path = own_kinds[i] == HCB__FILE_POLICY && desk->policy ? desk->policy : of->at[p].path;
            char *bytes = NULL;
            size_t size = 0;
            status = hcb__file_read(&bytes, &size, ctx, path, path);
            if (status == HCB_OK)
                status = add(set, arena, ctx, folder, of->at[p].name, bytes, size);
            hcb__free(&ctx->mem, bytes);
        }
    }
    return status;
}

/* Text of any kind as YAML has it: in quotes, as in JSON. */
static void put_quoted(hcb__text *out, const char *before, const char *text, const char *after) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, true);
    hcb__text_puts(out, before);
    hcb__jw_string(&w, text);
    hcb__text_puts(out, after);
}

static void put_travel(hcb__text *out, const hcb__travel_settings *t, const char *matrix) {
    const struct {
        const char *key;
        int64_t value;
    } numbers[] = {{"base_min", t->base_ms}, {"near_min_per_km", t->near_slope},     {"far_min_per_km", t->far_slope},
                   {"bend_km", t->bend_m},   {"rural_extra_min", t->rural_extra_ms}, {"road_factor", t->road_factor}};
    hcb__text_printf(out, "travel:\n  model: %s\n  origin: %s\n  nearest: %d\n  capacity_basis: %s\n",
                     hcb__travel_model_words[t->model], hcb__travel_origin_words[t->origin], t->nearest,
                     hcb__capacity_basis_words[t->capacity_basis]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        hcb__text_printf(out, "  %s: ", numbers[i].key);
        hcb__text_fixed(out, numbers[i].value, 3);
        hcb__text_putc(out, '\n');
    }
    if (matrix)
        put_quoted(out, "  matrix: ", matrix, "\n");
}

/* Names of columns in the files that are those of the workspace, or made from them. */
static void put_columns(hcb__text *out, const hcb__workspace *ws) {
    static const int kinds[] = {HCB__FILE_AREAS, HCB__FILE_POSTCODES, HCB__FILE_PRICES, HCB__FILE_PROVIDERS,
                                HCB__FILE_COVERAGE};
    bool first = true;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const hcb__workspace_file *file = &ws->files[kinds[i]];
        if (!file->n_renames)
            continue;
        hcb__text_printf(out, "%s  %s:\n", first ? "columns:\n" : "", hcb__file_keys[kinds[i]]);
        first = false;
        for (size_t r = 0; r < file->n_renames; r++) {
            put_quoted(out, "    ", file->renames[r].theirs, ": ");
            put_quoted(out, "", file->renames[r].ours, "\n");
        }
    }
}

static void write_yaml(hcb__text *out, const hcb__workspace *ws, const hcb__parts parts[HCB__FILES], int64_t at) {
    put_quoted(out, "version: 1\nname: ", ws->name, "\nas_of: ");
    hcb__text_date(out, (int32_t)(at / HCB__DAY_S));
    hcb__text_printf(out, "\nsynthetic: %s\noverlap_error_m: ", ws->synthetic ? "true" : "false");
    hcb__text_double(out, ws->overlap_error_m, 6);
    hcb__text_putc(out, '\n');
    for (int i = 0; i < OWN_KINDS; i++)
        if (parts[own_kinds[i]].name && own_kinds[i] != HCB__FILE_MATRIX)
            hcb__text_printf(out, "%s: %s\n", hcb__file_keys[own_kinds[i]], parts[own_kinds[i]].name);
    hcb__text_puts(out, "providers: providers.csv\npackages: packages.csv\nplacements: placements.csv\n"
                        "visits: visits.csv\n");
    put_travel(out, &ws->travel, parts[HCB__FILE_MATRIX].name);
    put_columns(out, ws);
}

typedef struct export_job {
    int64_t at;
    const char *folder;
} export_job;

static hcb_status write_state(hcb__file_set *set, hcb__arena *arena, hcb_desk *desk, hcb_context *ctx,
                              const hcb__parts parts[HCB__FILES], const export_job *job) {
    const char *const names[HCB__OVERRIDES] = {"providers.csv", parts[HCB__FILE_COVERAGE].name, "packages.csv",
                                               "placements.csv", "visits.csv"};
    const hcb__state_options o = {.at = job->at};
    hcb__state_tables tables;
    hcb_status status = hcb__state_write(&tables, desk, ctx, &o);
    for (int f = 0; f < HCB__OVERRIDES && status == HCB_OK; f++)
        if (tables.given[f])
            status = add(set, arena, ctx, job->folder, names[f], tables.text[f].at, tables.text[f].count);
    if (status == HCB_OK)
        status = copy_files(set, arena, desk, ctx, parts, job->folder, !tables.given[HCB__OVERRIDE_COVERAGE]);
    hcb__state_release(&tables);
    return status;
}

static hcb_status run_export(hcb_desk *desk, hcb_context *ctx, hcb__text *out, int32_t format, void *payload) {
    (void)format;
    const export_job *job = payload;
    hcb__file_set *set = NULL;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb__parts parts[HCB__FILES];
    /* A workspace that is there, this one's own above all, is not written over. */
    hcb_status status = hcb__folder_must_be_empty(ctx, &arena, job->folder);
    if (status == HCB_OK)
        status = hcb__file_set_create(&set, ctx);
    for (int kind = 0; kind < HCB__FILES && status == HCB_OK; kind++)
        status = hcb__desk_parts(&parts[kind], desk, ctx, &arena, kind);
    if (status == HCB_OK)
        status = hcb__file_set_folder(set, job->folder);
    if (status == HCB_OK)
        status = write_state(set, &arena, desk, ctx, parts, job);
    if (status == HCB_OK)
        write_yaml(out, desk->ws, parts, job->at);
    if (status == HCB_OK && out->failed)
        status = hcb__nomem(ctx);
    if (status == HCB_OK)
        status = add(set, &arena, ctx, job->folder, "hcbroker.yaml", out->at, out->count);
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
