/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the ledger is what was written: the chain of hashes, and the state rebuilt from the events. */
#include <string.h>

#include "desk/desk.h"

typedef struct check {
    hcb_desk *desk;
    hcb_context *ctx;
    hcb__store memory;
    hcb__text finding; /* empty: none */
    int64_t events, seq;
    char hash[65];
} check;

static bool found(const check *c) {
    return c->finding.count > 0;
}

/* One event: its place, its hash, its subject, and its effect on the rebuilt state. */
static hcb_status check_event(check *c, const hcb__event *e, const char *subject, bool well_formed) {
    char hash[65];
    hcb__event_hash(e, c->hash, hash);
    if (e->seq != c->seq + 1) {
        hcb__text_printf(&c->finding, "event %lld is missing: %lld follows %lld", (long long)(c->seq + 1),
                         (long long)e->seq, (long long)c->seq);
        return HCB_OK;
    }
    if (strcmp(hash, e->hash) != 0) {
        hcb__text_printf(&c->finding,
                         "event %lld does not fit the one before it: it was altered, or stands where "
                         "another stood",
                         (long long)e->seq);
        return HCB_OK;
    }
    if (!well_formed) {
        hcb__text_printf(&c->finding, "event %lld is not well-formed", (long long)e->seq);
        return HCB_OK;
    }
    hcb__json_doc *doc = NULL;
    hcb_status status = hcb__json_parse(&doc, c->ctx, e->body, strlen(e->body), c->desk->path);
    if (status != HCB_OK)
        return status;
    const char *own = hcb__event_subject(hcb__json_root(doc));
    if (strcmp(own ? own : "", subject) != 0)
        hcb__text_printf(&c->finding, "event %lld is filed under \"%s\"", (long long)e->seq, subject);
    else if (!hcb__event_apply(&c->memory, e, hcb__json_root(doc)))
        hcb__text_printf(&c->finding, "event %lld lacks a value, or has one out of bounds", (long long)e->seq);
    hcb__json_close(doc);
    memcpy(c->hash, hash, sizeof hash);
    c->seq = e->seq;
    c->events++;
    return c->memory.failed;
}

static hcb_status check_chain(check *c) {
    hcb__store *s = &c->desk->store;
    sqlite3_stmt *stmt =
        hcb__store_bind(s, "SELECT " HCB__EVENT_COLUMNS ", subject, json_valid(body) FROM event ORDER BY seq", "");
    hcb_status status = HCB_OK;
    memcpy(c->hash, hcb__event_no_hash, sizeof c->hash);
    while (status == HCB_OK && !found(c) && hcb__store_next(s, stmt)) {
        hcb__event e;
        hcb__event_row(stmt, &e);
        status = check_event(c, &e, hcb__column(stmt, 7), sqlite3_column_int64(stmt, 8) == 1);
    }
    hcb__store_end(stmt);
    if (status != HCB_OK || found(c) || s->failed != HCB_OK)
        return status == HCB_OK ? s->failed : status;
    hcb__arena arena;
    hcb__arena_init(&arena, &c->ctx->mem);
    const char *head = hcb__store_text(s, &arena, "SELECT value FROM meta WHERE key = 'head'", "");
    hcb__text now;
    hcb__text_init(&now, &c->ctx->mem);
    hcb__text_printf(&now, "%lld %s", (long long)c->seq, c->hash);
    if (!now.failed && (!head || strcmp(now.at, head) != 0))
        hcb__text_printf(&c->finding,
                         "event %lld is missing: the events end at %lld, and the head of the chain is "
                         "\"%.20s\"",
                         (long long)(c->seq + 1), (long long)c->seq, head ? head : "");
    status = now.failed ? hcb__nomem(c->ctx) : s->failed;
    hcb__text_free(&now);
    hcb__arena_release(&arena);
    return status;
}

/* The first cell in which two tables differ. */
static bool rows_differ(check *c, const char *table, sqlite3_stmt *ours, sqlite3_stmt *rebuilt) {
    for (int i = 0; i < sqlite3_column_count(ours); i++) {
        const char *a = hcb__column(ours, i), *b = hcb__column(rebuilt, i);
        if (strcmp(a, b) == 0 && sqlite3_column_type(ours, i) == sqlite3_column_type(rebuilt, i))
            continue;
        hcb__text_printf(&c->finding, "%s %s: %s is \"%.60s\", and \"%.60s\" by the events", table,
                         hcb__column(ours, 0), sqlite3_column_name(ours, i), a, b);
        return true;
    }
    return false;
}

static void compare_table(check *c, const char *table, const char *sql) {
    hcb__store *s = &c->desk->store;
    if (found(c))
        return;
    sqlite3_stmt *ours = hcb__store_bind(s, sql, ""), *rebuilt = hcb__store_bind(&c->memory, sql, "");
    for (;;) {
        bool a = hcb__store_next(s, ours), b = hcb__store_next(&c->memory, rebuilt);
        if (a != b)
            hcb__text_printf(&c->finding, "%s %s is %s the events", table, hcb__column(a ? ours : rebuilt, 0),
                             a ? "not made by" : "missing, though made by");
        if (!a || !b || rows_differ(c, table, ours, rebuilt))
            break;
    }
    hcb__store_end(ours);
    hcb__store_end(rebuilt);
}

static void compare_state(check *c) {
    compare_table(c, "package", "SELECT * FROM package ORDER BY id");
    compare_table(c, "offer", "SELECT * FROM offer ORDER BY id");
    compare_table(c, "capacity", "SELECT * FROM capacity ORDER BY provider, zone, part");
    compare_table(c, "plan", "SELECT * FROM plan ORDER BY package");
    compare_table(c, "move", "SELECT * FROM move ORDER BY seq");
}

static const char *const counted[][2] = {
    {"packages", "SELECT COUNT(*) FROM package"},
    {"waiting", "SELECT COUNT(*) FROM package WHERE status = 'waiting'"},
    {"offered", "SELECT COUNT(*) FROM package WHERE status = 'offered'"},
    {"placed", "SELECT COUNT(*) FROM package WHERE status = 'placed'"},
    {"suspended", "SELECT COUNT(*) FROM package WHERE status = 'suspended'"},
    {"ended", "SELECT COUNT(*) FROM package WHERE status = 'ended'"},
    {"offers", "SELECT COUNT(*) FROM offer"},
    {"moves", "SELECT COUNT(*) FROM move"},
};

static void print(check *c, hcb__text *out, int32_t format) {
    enum { COUNTED = sizeof counted / sizeof *counted };
    hcb__store *s = &c->desk->store;
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    if (format == HCB_FORMAT_JSON) {
        hcb__jw_object(&w);
        hcb__jw_key_bool(&w, "sound", !found(c));
        hcb__jw_key_string(&w, "finding", found(c) ? c->finding.at : NULL);
        hcb__jw_key_int(&w, "events", c->events);
        hcb__jw_key_string(&w, "head", c->hash);
        for (size_t i = 0; i < COUNTED; i++)
            hcb__jw_key_int(&w, counted[i][0], hcb__store_int(s, 0, counted[i][1], ""));
        hcb__jw_end_object(&w);
        hcb__text_putc(out, '\n');
        return;
    }
    if (found(c)) {
        hcb__text_printf(out, "NOT SOUND: %s\n%lld events before it are\n", c->finding.at, (long long)c->events);
        return;
    }
    hcb__text_printf(out, "sound: %lld events, and the state is what they make; head %s\n", (long long)c->events,
                     c->hash);
    for (size_t i = 0; i < COUNTED; i++)
        hcb__text_printf(out, "  %-10s %8lld\n", counted[i][0], (long long)hcb__store_int(s, 0, counted[i][1], ""));
}

static hcb_status run_verify(hcb_desk *desk, hcb_context *ctx, hcb__text *out, int32_t format, void *payload) {
    int32_t *sound = payload;
    check c = {.desk = desk, .ctx = ctx};
    hcb__text_init(&c.finding, &ctx->mem);
    hcb_status status = hcb__store_open(&c.memory, ctx, NULL, false, 0);
    if (status != HCB_OK)
        return status;
    hcb__schema_create_state(&c.memory);
    hcb__store_begin(&c.memory, true);
    status = c.memory.failed;
    if (status == HCB_OK)
        status = check_chain(&c);
    if (status == HCB_OK)
        compare_state(&c);
    if (status == HCB_OK)
        status = c.finding.failed ? hcb__nomem(ctx) : c.memory.failed;
    if (status == HCB_OK)
        print(&c, out, format);
    *sound = !found(&c);
    hcb__text_free(&c.finding);
    hcb__store_rollback(&c.memory);
    hcb__store_close(&c.memory);
    return status;
}

hcb_status hcb_desk_verify(hcb_text **out, int32_t *sound, hcb_desk *desk, hcb_context *ctx, int32_t format) {
    int32_t own = 0;
    if (sound)
        *sound = 0;
    hcb_status status = hcb__desk_read(out, desk, ctx, format, run_verify, &own);
    if (status == HCB_OK && sound)
        *sound = own;
    return status;
}
