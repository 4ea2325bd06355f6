/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "io/oserror.h"

/* SQLite's answers in our words. What a repeat may mend is told apart from what it will not. */
static void note_failure(hcb__store *store, int code) {
    const hcb__where where = {store->shown, 0, 0, NULL};
    hcb_context *ctx = store->ctx;
    const char *text = store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code);
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        store->failed = hcb__fail_at(ctx, HCB_EBUSY, &where,
                                     "the ledger is busy: another is writing; nothing was done, repeat the command");
        return;
    case SQLITE_NOMEM:
        store->failed = hcb__nomem(ctx);
        return;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        store->failed = hcb__fail_at(ctx, HCB_EIO, &where, "the ledger cannot be read or written: %s", text);
        return;
    case SQLITE_CONSTRAINT:
        store->failed = hcb__fail_at(ctx, HCB_EDATA, &where, "the event does not fit those before it: %s", text);
        return;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        store->failed = hcb__fail_at(ctx, HCB_EDATA, &where, "this is not a sound ledger: %s", text);
        return;
    default:
        store->failed = hcb__fail_at(ctx, HCB_EINTERNAL, &where, "the ledger: %s", text);
    }
}

/* Only the owner may read it: SQLite gives the files beside it the same permissions. */
static hcb_status make_file(hcb_context *ctx, const char *path) {
    const hcb__where where = {path, 0, 0, NULL};
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return hcb__os_error(ctx, HCB_EIO, &where, "the ledger cannot be made", errno);
    close(file);
    return HCB_OK;
}

hcb_status hcb__store_open(hcb__store *store, hcb_context *ctx, const char *path, bool create, int32_t wait_ms) {
    *store = (hcb__store){.ctx = ctx, .mem = ctx->mem, .shown = path ? path : ""};
    if (path && create) {
        hcb_status status = make_file(ctx, path);
        if (status != HCB_OK)
            return status;
    }
    int code = sqlite3_open_v2(path ? path : ":memory:", &store->db,
                               SQLITE_OPEN_READWRITE | (path ? 0 : SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) {
        note_failure(store, code);
        hcb_status status = store->failed;
        hcb__store_close(store);
        return status;
    }
    sqlite3_busy_timeout(store->db, wait_ms);
    return HCB_OK;
}

void hcb__store_close(hcb__store *store) {
    for (size_t i = 0; i < store->statements.count; i++)
        sqlite3_finalize(store->statements.at[i].stmt);
    HCB__VEC_FREE(&store->mem, &store->statements);
    sqlite3_close(store->db);
    store->db = NULL;
}

static sqlite3_stmt *statement_of(hcb__store *store, const char *sql) {
    for (size_t i = 0; i < store->statements.count; i++)
        if (store->statements.at[i].sql == sql)
            return store->statements.at[i].stmt;
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
    if (code != SQLITE_OK) {
        note_failure(store, code);
        return NULL;
    }
    hcb__statement kept = {sql, stmt};
    if (!HCB__PUSH(&store->mem, &store->statements, kept)) {
        sqlite3_finalize(stmt);
        store->failed = hcb__nomem(store->ctx);
        return NULL;
    }
    return stmt;
}

static sqlite3_stmt *bind_list(hcb__store *store, const char *sql, const char *types, va_list values) {
    if (store->failed != HCB_OK)
        return NULL;
    sqlite3_stmt *stmt = statement_of(store, sql);
    if (!stmt)
        return NULL;
    sqlite3_reset(stmt);
    int code = SQLITE_OK;
    for (int i = 0; types[i] && code == SQLITE_OK; i++) {
        if (types[i] == 'i') {
            code = sqlite3_bind_int64(stmt, i + 1, va_arg(values, int64_t));
        } else {
            const char *text = va_arg(values, const char *);
            code = text ? sqlite3_bind_text(stmt, i + 1, text, -1, SQLITE_TRANSIENT) : sqlite3_bind_null(stmt, i + 1);
        }
    }
    if (code != SQLITE_OK) {
        note_failure(store, code);
        return NULL;
    }
    return stmt;
}

sqlite3_stmt *hcb__store_bind(hcb__store *store, const char *sql, const char *types, ...) {
    va_list values;
    va_start(values, types);
    sqlite3_stmt *stmt = bind_list(store, sql, types, values);
    va_end(values);
    return stmt;
}

bool hcb__store_next(hcb__store *store, sqlite3_stmt *stmt) {
    if (!stmt || store->failed != HCB_OK)
        return false;
    int code = sqlite3_step(stmt);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        note_failure(store, code);
    sqlite3_reset(stmt);
    return false;
}

void hcb__store_end(sqlite3_stmt *stmt) {
    sqlite3_reset(stmt);
}

void hcb__store_run(hcb__store *store, const char *sql, const char *types, ...) {
    va_list values;
    va_start(values, types);
    sqlite3_stmt *stmt = bind_list(store, sql, types, values);
    va_end(values);
    while (hcb__store_next(store, stmt))
        continue;
}

int64_t hcb__store_int(hcb__store *store, int64_t otherwise, const char *sql, const char *types, ...) {
    va_list values;
    va_start(values, types);
    sqlite3_stmt *stmt = bind_list(store, sql, types, values);
    va_end(values);
    int64_t out = hcb__store_next(store, stmt) ? sqlite3_column_int64(stmt, 0) : otherwise;
    hcb__store_end(stmt);
    return out;
}

const char *hcb__store_text(hcb__store *store, hcb__arena *arena, const char *sql, const char *types, ...) {
    va_list values;
    va_start(values, types);
    sqlite3_stmt *stmt = bind_list(store, sql, types, values);
    va_end(values);
    char *out = NULL;
    if (hcb__store_next(store, stmt) && sqlite3_column_type(stmt, 0) != SQLITE_NULL) {
        const char *text = hcb__column(stmt, 0);
        out = hcb__arena_strndup(arena, text, strlen(text));
        if (!out)
            store->failed = hcb__nomem(store->ctx);
    }
    hcb__store_end(stmt);
    return out;
}

void hcb__store_script(hcb__store *store, const char *sql) {
    if (store->failed != HCB_OK)
        return;
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        note_failure(store, code);
}

const char *hcb__column(sqlite3_stmt *stmt, int column) {
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    return text ? text : "";
}

void hcb__store_begin(hcb__store *store, bool write) {
    store->failed = HCB_OK;
    hcb__store_script(store, write ? "BEGIN IMMEDIATE" : "BEGIN");
}

void hcb__store_commit(hcb__store *store) {
    hcb__store_script(store, "COMMIT");
}

void hcb__store_rollback(hcb__store *store) {
    for (size_t i = 0; i < store->statements.count; i++)
        sqlite3_reset(store->statements.at[i].stmt);
    if (!sqlite3_get_autocommit(store->db))
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}
