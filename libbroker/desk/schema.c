/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the ledger, and the way from every older schema to this one. */
#include "desk/store.h"

/* "HCBD": what `file` and we know the ledger by. */
#define APPLICATION "1212367428"
#define TEXT_OF(number) #number
#define NUMBER_AS_TEXT(number) TEXT_OF(number)
#define SCHEMA NUMBER_AS_TEXT(HCB__DESK_SCHEMA)

/* The events are the ledger; everything else follows from them. `subject` is taken from the body, for lookups; it is no
 * part of the hash. */
static const char events_sql[] = "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
                                 "CREATE TABLE event(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, user TEXT NOT NULL,"
                                 " rules TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL,"
                                 " subject TEXT);";
static const char event_index_sql[] = "CREATE INDEX event_subject ON event(subject, seq);";

/* Schema 1 had no moves; schema 2 kept packages as JSON, and capacities in all alone. */
static const char state_sql[] =
    "CREATE TABLE package(id TEXT PRIMARY KEY, status TEXT NOT NULL, since INTEGER NOT NULL, priority INTEGER NOT NULL,"
    " minutes INTEGER NOT NULL, zone TEXT NOT NULL, provider TEXT, placed_at INTEGER, excluded TEXT NOT NULL,"
    " postcode TEXT NOT NULL, last_day TEXT NOT NULL, current TEXT NOT NULL, given_excluded TEXT NOT NULL, pinned TEXT"
    " NOT NULL, received TEXT NOT NULL, cells TEXT NOT NULL, visits TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX package_provider ON package(provider, placed_at);"
    "CREATE TABLE offer(id TEXT PRIMARY KEY, package TEXT NOT NULL, provider TEXT NOT NULL, status TEXT NOT NULL,"
    " mode TEXT NOT NULL, rank INTEGER NOT NULL, at INTEGER NOT NULL, due INTEGER NOT NULL, price INTEGER NOT NULL,"
    " bid INTEGER, answered_at INTEGER, reason TEXT, counted INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX offer_package ON offer(package);"
    "CREATE INDEX offer_status ON offer(status, due);"
    "CREATE TABLE capacity(provider TEXT NOT NULL, zone TEXT NOT NULL, part TEXT NOT NULL, minutes INTEGER NOT NULL,"
    " at INTEGER NOT NULL, spare INTEGER NOT NULL, PRIMARY KEY(provider, zone, part)) WITHOUT ROWID;"
    "CREATE TABLE plan(package TEXT PRIMARY KEY, provider TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE move(seq INTEGER PRIMARY KEY, package TEXT NOT NULL, at INTEGER NOT NULL);"
    "CREATE INDEX move_package ON move(package, at);";

void hcb__schema_create_state(hcb__store *store) {
    hcb__store_script(store, state_sql);
}

static void drop_state(hcb__store *store) {
    hcb__store_script(store, "DROP TABLE IF EXISTS package; DROP TABLE IF EXISTS offer; DROP TABLE IF EXISTS capacity;"
                             "DROP TABLE IF EXISTS plan; DROP TABLE IF EXISTS move;");
}

void hcb__schema_create(hcb__store *store) {
    hcb__store_script(store, "PRAGMA application_id = " APPLICATION "; PRAGMA user_version = " SCHEMA ";");
    hcb__store_script(store, events_sql);
    hcb__store_script(store, event_index_sql);
    hcb__schema_create_state(store);
}

/* 1 to 2: events get a subject. Every step: the state is made anew; the caller fills it, and subjects, from the bodies.
 */
void hcb__schema_migrate(hcb__store *store, int64_t from) {
    if (from < 2) {
        hcb__store_script(store, "ALTER TABLE event ADD COLUMN subject TEXT;");
        hcb__store_script(store, event_index_sql);
    }
    drop_state(store);
    hcb__schema_create_state(store);
    hcb__store_script(store, "PRAGMA user_version = " SCHEMA ";");
}
