/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite: one file, its statements, its transactions; what it answers as statuses. */
#ifndef HCB_DESK_STORE_H
#define HCB_DESK_STORE_H

#include <sqlite3.h>

#include "base/context.h"

#define HCB__DESK_SCHEMA 3

typedef struct hcb__statement {
    const char *sql; /* by its address: statements are literals */
    sqlite3_stmt *stmt;
} hcb__statement;

/* After something failed `failed` is set and every further call does nothing, so that a caller checks once. */
typedef struct hcb__store {
    hcb_context *ctx; /* of the call in progress */
    hcb_allocator mem;
    sqlite3 *db;
    const char *shown; /* the file, in messages; borrowed */
    hcb_status failed;
    HCB__VEC(hcb__statement) statements;
} hcb__store;

/* Opens a file, or with `path` NULL a store in memory; `create`: makes the file, for its owner alone. */
HCB_NODISCARD hcb_status hcb__store_open(hcb__store *store, hcb_context *ctx, const char *path, bool create,
                                         int32_t wait_ms);
void hcb__store_close(hcb__store *store);

/* A statement with its values bound: 's' const char * (NULL: null), 'i' int64_t. NULL when the store has failed. The
 * statement is used up before the same text is asked for again. */
sqlite3_stmt *hcb__store_bind(hcb__store *store, const char *sql, const char *types, ...);
/* The next row of it; false at the end and on failure. */
bool hcb__store_next(hcb__store *store, sqlite3_stmt *stmt);
/* Ends a statement before its last row. */
void hcb__store_end(sqlite3_stmt *stmt);
/* A statement without rows. */
void hcb__store_run(hcb__store *store, const char *sql, const char *types, ...);
/* The first value of the first row; `otherwise` when there is none. */
int64_t hcb__store_int(hcb__store *store, int64_t otherwise, const char *sql, const char *types, ...);
/* The same as a text of the arena; NULL when there is no row, or the value is null. */
const char *hcb__store_text(hcb__store *store, hcb__arena *arena, const char *sql, const char *types, ...);
/* Several statements without values. */
void hcb__store_script(hcb__store *store, const char *sql);
/* A column as text, "" for null; borrowed until the next row. */
const char *hcb__column(sqlite3_stmt *stmt, int column);

/* Writers come one after another; HCB_EBUSY when another writes for too long. */
void hcb__store_begin(hcb__store *store, bool write);
void hcb__store_commit(hcb__store *store);
void hcb__store_rollback(hcb__store *store);

/* schema.c: tables of the current schema; the tables of the state alone. */
void hcb__schema_create(hcb__store *store);
void hcb__schema_create_state(hcb__store *store);
/* Brings an older file up to date, in the caller's transaction; `from` is its schema. */
void hcb__schema_migrate(hcb__store *store, int64_t from);

#endif
