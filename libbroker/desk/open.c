/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making and opening a ledger: is it one, of this program, of this workspace. */
#include <string.h>

#include "base/hash.h"
#include "base/options.h"
#include "desk/desk.h"
#include "io/file.h"

enum { USUAL_WAIT_MS = 5000 };

static const int64_t application = 0x48434244; /* schema.c sets it */

static hcb_status hash_file(hcb_context *ctx, const char *path, char out[65]) {
    char *bytes = NULL;
    size_t size = 0;
    hcb_status status = hcb__file_read(&bytes, &size, ctx, path, path);
    if (status != HCB_OK)
        return status;
    hcb__sha256 sha;
    hcb__sha256_init(&sha);
    hcb__sha256_add(&sha, bytes, size);
    hcb__sha256_hex(&sha, out);
    hcb__free(&ctx->mem, bytes);
    return HCB_OK;
}

static hcb_status hash_files(const hcb_desk *desk, hcb_context *ctx, const int *kinds, size_t n, char out[65]) {
    hcb__sha256 sha;
    hcb__sha256_init(&sha);
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb_status status = HCB_OK;
    for (size_t i = 0; i < n && status == HCB_OK; i++) {
        hcb__parts parts;
        char hex[65];
        status = hcb__desk_parts(&parts, desk, ctx, &arena, kinds[i]);
        for (size_t p = 0; status == HCB_OK && p < parts.count; p++) {
            status = hash_file(ctx, parts.at[p].path, hex);
            if (status == HCB_OK)
                hcb__sha256_add(&sha, hex, 64);
        }
    }
    hcb__sha256_hex(&sha, out);
    hcb__arena_release(&arena);
    return status;
}

hcb_status hcb__desk_rules(const hcb_desk *desk, hcb_context *ctx, char out[65]) {
    static const int kinds[] = {HCB__FILE_POLICY};
    return desk->policy ? hash_file(ctx, desk->policy, out) : hash_files(desk, ctx, kinds, 1, out);
}

hcb_status hcb__desk_reference(const hcb_desk *desk, hcb_context *ctx, char out[65]) {
    static const int kinds[] = {HCB__FILE_ZONES,  HCB__FILE_AREAS,     HCB__FILE_AREAS_GEOJSON, HCB__FILE_POSTCODES,
                                HCB__FILE_PRICES, HCB__FILE_PROVIDERS, HCB__FILE_COVERAGE,      HCB__FILE_MATRIX};
    return hash_files(desk, ctx, kinds, sizeof kinds / sizeof *kinds, out);
}

static hcb_status take_paths(hcb_desk *desk, hcb_context *ctx, const char *folder, const hcb_desk_options *o) {
    desk->folder = hcb__arena_strndup(&desk->arena, folder, strlen(folder));
    desk->path = o->ledger ? hcb__arena_strndup(&desk->arena, o->ledger, strlen(o->ledger))
                           : hcb__path_join(&desk->arena, folder, "desk.ledger");
    if (o->policy)
        desk->policy = hcb__arena_strndup(&desk->arena, o->policy, strlen(o->policy));
    return desk->folder && desk->path && (desk->policy || !o->policy) ? HCB_OK : hcb__nomem(ctx);
}

/* A file that was made but never written (a stop in the middle of `init`) is as good as none. */
static bool is_empty(hcb__store *s) {
    if (hcb__store_int(s, 1, "SELECT COUNT(*) FROM sqlite_schema", "") == 0)
        return s->failed == HCB_OK;
    if (hcb__store_int(s, 0, "PRAGMA application_id", "") != application)
        return false;
    return hcb__store_int(s, 1, "SELECT COUNT(*) FROM event", "") == 0 && s->failed == HCB_OK;
}

static hcb_status check_kind(hcb_desk *desk, hcb_context *ctx, int64_t *schema) {
    hcb__store *s = &desk->store;
    int64_t is = hcb__store_int(s, 0, "PRAGMA application_id", "");
    *schema = hcb__store_int(s, 0, "PRAGMA user_version", "");
    if (s->failed != HCB_OK)
        return s->failed;
    if (is != application)
        return hcb__fail(ctx, HCB_EDATA, "%s is a database, but not a ledger of this program", desk->path);
    if (*schema > HCB__DESK_SCHEMA)
        return hcb__fail(ctx, HCB_EDATA, "%s: a ledger of schema %lld; this program knows schemas up to %d", desk->path,
                         (long long)*schema, HCB__DESK_SCHEMA);
    return HCB_OK;
}

/* The state and the subjects anew from the bodies of all events. */
static hcb_status replay(hcb_desk *desk, hcb_context *ctx) {
    hcb__store *s = &desk->store;
    sqlite3_stmt *stmt = hcb__store_bind(s, "SELECT " HCB__EVENT_COLUMNS " FROM event ORDER BY seq", "");
    hcb_status status = HCB_OK;
    int64_t seq = 0;
    char hash[65] = "";
    while (status == HCB_OK && hcb__store_next(s, stmt)) {
        hcb__event e;
        hcb__json_doc *doc = NULL;
        hcb__event_row(stmt, &e);
        status = hcb__json_parse(&doc, ctx, e.body, strlen(e.body), desk->path);
        if (status == HCB_OK && !hcb__event_apply(s, &e, hcb__json_root(doc)))
            status = hcb__fail(ctx, HCB_EDATA, "%s: event %lld is not sound", desk->path, (long long)e.seq);
        if (status == HCB_OK)
            hcb__store_run(s, "UPDATE event SET subject = ?2 WHERE seq = ?1", "is", e.seq,
                           hcb__event_subject(hcb__json_root(doc)));
        seq = e.seq;
        if (strlen(e.hash) == 64)
            memcpy(hash, e.hash, sizeof hash);
        hcb__json_close(doc);
    }
    hcb__store_end(stmt);
    if (status == HCB_OK)
        hcb__desk_set_head(s, seq, hash);
    return status == HCB_OK ? s->failed : status;
}

static hcb_status migrate(hcb_desk *desk, hcb_context *ctx) {
    hcb__store *s = &desk->store;
    int64_t schema;
    hcb__store_begin(s, true);
    hcb_status status = s->failed == HCB_OK ? check_kind(desk, ctx, &schema) : s->failed;
    /* Another may have done it in the meantime. */
    if (status == HCB_OK && schema < HCB__DESK_SCHEMA) {
        hcb__schema_migrate(s, schema);
        status = replay(desk, ctx);
    }
    if (status == HCB_OK) {
        hcb__store_commit(s);
        status = s->failed;
    }
    if (status != HCB_OK)
        hcb__store_rollback(s);
    return status;
}

/* Acknowledged is durable: every commit waits for the disk. */
static hcb_status settings(hcb_desk *desk) {
    hcb__store_script(&desk->store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    return desk->store.failed;
}

hcb_status hcb__desk_refuse_old(hcb_desk *desk, hcb_context *ctx) {
    if (is_empty(&desk->store))
        return HCB_OK;
    return desk->store.failed != HCB_OK ? desk->store.failed
                                        : hcb__fail(ctx, HCB_EDATA, "%s is there already", desk->path);
}

static hcb_status open_file(hcb_desk *desk, hcb_context *ctx, const hcb_desk_options *o, bool create) {
    int32_t wait = o->wait_ms == 0 ? USUAL_WAIT_MS : o->wait_ms < 0 ? 0 : o->wait_ms;
    if (!create && !hcb__file_exists(desk->path))
        return hcb__fail(ctx, HCB_ENOTFOUND, "there is no ledger %s; begin with desk init", desk->path);
    hcb_status status = hcb__store_open(&desk->store, ctx, desk->path, create, wait);
    if (status != HCB_OK)
        return status;
    if (create)
        return settings(desk);
    if (is_empty(&desk->store))
        return hcb__fail(ctx, HCB_ENOTFOUND, "the ledger %s is empty; begin with desk init", desk->path);
    int64_t schema;
    status = desk->store.failed == HCB_OK ? check_kind(desk, ctx, &schema) : desk->store.failed;
    if (status == HCB_OK)
        status = settings(desk);
    return status == HCB_OK && schema < HCB__DESK_SCHEMA ? migrate(desk, ctx) : status;
}

/* No error of the workspace file itself is left to later. */
static hcb_status read_workspace(hcb_desk *desk, hcb_context *ctx) {
    hcb_status status = hcb__workspace_load(&desk->ws, ctx, desk->folder, HCB__FOR_PLANS);
    if (status == HCB_OK)
        status = hcb__diag_status(ctx);
    return status;
}

hcb_status hcb__desk_open(hcb_desk **out, hcb_context *ctx, const char *folder, const hcb_desk_options *options,
                          bool create) {
    *out = NULL;
    hcb_desk_options o;
    hcb_status status = folder ? hcb__options_take(ctx, &o, "hcb_desk_options", options)
                               : hcb__fail(ctx, HCB_EINVAL, "no folder was given");
    if (status != HCB_OK)
        return status;
    hcb_desk *desk = hcb__calloc(&ctx->mem, 1, sizeof *desk);
    if (!desk)
        return hcb__nomem(ctx);
    desk->mem = ctx->mem;
    hcb__arena_init(&desk->arena, &ctx->mem);
    status = take_paths(desk, ctx, folder, &o);
    if (status == HCB_OK)
        status = read_workspace(desk, ctx);
    if (status == HCB_OK)
        status = open_file(desk, ctx, &o, create);
    if (status == HCB_OK)
        *out = desk;
    else
        hcb_desk_close(desk);
    return status;
}

/* The name tells one workspace from another; the files under the ledger must be those it was begun with, or those that
 * were adopted since. */
static hcb_status same_workspace(hcb_desk *desk, hcb_context *ctx) {
    hcb__store *s = &desk->store;
    hcb__arena arena;
    char now[65];
    hcb_status status = hcb__desk_reference(desk, ctx, now);
    if (status != HCB_OK)
        return status;
    hcb__arena_init(&arena, &ctx->mem);
    const char *name =
        hcb__store_text(s, &arena, "SELECT json_extract(body, '$.workspace') FROM event WHERE kind = 'opened'", "");
    const char *then = hcb__store_text(s, &arena,
                                       "SELECT json_extract(body, '$.reference') FROM event WHERE kind IN ('opened', "
                                       "'adopted') ORDER BY seq DESC LIMIT 1",
                                       "");
    if (s->failed != HCB_OK)
        status = s->failed;
    else if (!name || !then)
        status = hcb__fail(ctx, HCB_EDATA, "%s does not say which workspace it belongs to", desk->path);
    else if (strcmp(name, desk->ws->name) != 0)
        status = hcb__fail(ctx, HCB_EDATA, "%s is the ledger of another workspace, \"%s\"; this one is \"%s\"",
                           desk->path, name, desk->ws->name);
    else if (strcmp(then, now) != 0)
        status = hcb__fail(ctx, HCB_EDATA,
                           "%s is the ledger of another workspace, or the providers, coverage, prices or map of this "
                           "one have changed; if that was meant, take them over with desk adopt",
                           desk->path);
    hcb__arena_release(&arena);
    return status;
}

hcb_status hcb_desk_open(hcb_desk **out, hcb_context *ctx, const char *folder, const hcb_desk_options *options) {
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_desk *desk = NULL;
    hcb_desk_options o;
    status = hcb__options_take(ctx, &o, "hcb_desk_options", options);
    if (status == HCB_OK)
        status = hcb__desk_open(&desk, ctx, folder, &o, false);
    if (status == HCB_OK && !o.inspect)
        status = same_workspace(desk, ctx);
    if (status == HCB_OK)
        *out = desk;
    else
        hcb_desk_close(desk);
    return hcb__end(ctx, status);
}

void hcb_desk_close(hcb_desk *desk) {
    if (!desk)
        return;
    hcb_allocator mem = desk->mem;
    hcb__store_close(&desk->store);
    hcb__workspace_free(desk->ws);
    hcb__zone_set_free(desk->zones);
    hcb__arena_release(&desk->arena);
    hcb__free(&mem, desk);
}
