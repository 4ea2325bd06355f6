/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ledger made from exported events: the chain is checked link by link before anything of it counts. */
#include <string.h>

#include "desk/desk.h"
#include "io/file.h"

typedef struct importing {
    hcb_desk *desk;
    hcb_context *ctx;
    const char *path;
    int64_t line, seq, at;
    char hash[65];
    hcb__text body;
} importing;

static hcb_status refuse(const importing *j, const char *message) {
    const hcb__where where = {j->path, j->line, 0, NULL};
    return hcb__fail_at(j->ctx, HCB_EDATA, &where, "%s", message);
}

/* 2020-12-01T09:30:00Z as it was exported. */
static bool parse_moment(const char *text, int64_t *out) {
    int32_t days, minutes;
    int64_t seconds;
    if (!text || strlen(text) != 20 || text[10] != 'T' || text[16] != ':' || text[19] != 'Z')
        return false;
    if (!hcb__parse_date(text, 10, &days) || !hcb__parse_time(text + 11, 5, false, &minutes) ||
        !hcb__parse_int(text + 17, 2, &seconds) || seconds < 0 || seconds > 59)
        return false;
    *out = (int64_t)days * HCB__DAY_S + minutes * INT64_C(60) + seconds;
    return true;
}

static hcb_status take_event(importing *j, hcb__json *root) {
    hcb__event e = {.user = hcb__json_string(hcb__json_get(root, "user"), NULL),
                    .rules = hcb__json_string(hcb__json_get(root, "rules"), NULL),
                    .kind = hcb__json_string(hcb__json_get(root, "kind"), NULL),
                    .hash = hcb__json_string(hcb__json_get(root, "hash"), NULL)};
    hcb__json *body = hcb__json_get(root, "body");
    if (!hcb__json_int(hcb__json_get(root, "seq"), &e.seq) || !e.user || !e.rules || !e.kind || !e.hash ||
        !parse_moment(hcb__json_string(hcb__json_get(root, "at"), NULL), &e.at) ||
        hcb__json_kind_of(body) != HCB__JSON_OBJECT)
        return refuse(j, "this is not an event; expected seq, at, user, rules, kind, body and hash");
    hcb__text_clear(&j->body);
    hcb__json_writer w;
    hcb__jw_init(&w, &j->body, true);
    hcb__json_copy(&w, body);
    if (j->body.failed)
        return hcb__nomem(j->ctx);
    e.body = j->body.at;
    char hash[65];
    hcb__event_hash(&e, j->hash, hash);
    if (e.seq != j->seq + 1 || strcmp(hash, e.hash) != 0)
        return refuse(j, "this event does not fit the one before it: one was altered, dropped or swapped");
    if (e.at < j->at)
        return refuse(j, "this event is before the one before it: the clock runs backwards");
    hcb__event_insert(&j->desk->store, &e, body);
    if (!hcb__event_apply(&j->desk->store, &e, body))
        return refuse(j, "the event lacks a value, or has one out of bounds");
    memcpy(j->hash, hash, sizeof hash);
    j->seq = e.seq;
    j->at = e.at;
    /* The record names the ledger that is being made; the line of the events is what helps. */
    if (j->desk->store.failed == HCB_EDATA) {
        j->ctx->error.code = HCB_OK;
        return refuse(j, "the event does not fit those before it");
    }
    return j->desk->store.failed;
}

static hcb_status take_lines(importing *j, const char *bytes, size_t size) {
    hcb_status status = HCB_OK;
    for (const char *line = bytes, *end = bytes + size; line < end && status == HCB_OK;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t len = stop ? (size_t)(stop - line) : (size_t)(end - line);
        hcb__json_doc *doc = NULL;
        j->line++;
        status = hcb__json_parse(&doc, j->ctx, line, len, j->path);
        if (status == HCB_OK)
            status = take_event(j, hcb__json_root(doc));
        hcb__json_close(doc);
        line += len + 1;
    }
    if (status == HCB_OK && j->seq == 0)
        status = refuse(j, "there are no events");
    return status;
}

static hcb_status import_events(importing *j) {
    hcb__store *s = &j->desk->store;
    char *bytes = NULL;
    size_t size = 0;
    hcb_status status = hcb__file_read(&bytes, &size, j->ctx, j->path, j->path);
    if (status != HCB_OK)
        return status;
    hcb__store_begin(s, true);
    status = s->failed;
    if (status == HCB_OK)
        status = hcb__desk_refuse_old(j->desk, j->ctx);
    memcpy(j->hash, hcb__event_no_hash, sizeof j->hash);
    if (status == HCB_OK)
        status = take_lines(j, bytes, size);
    if (status == HCB_OK) {
        hcb__desk_set_head(s, j->seq, j->hash);
        hcb__store_commit(s);
        status = s->failed;
    }
    if (status != HCB_OK)
        hcb__store_rollback(s);
    hcb__free(&j->ctx->mem, bytes);
    return status;
}

hcb_status hcb_desk_import(hcb_context *ctx, const char *folder, const hcb_desk_options *options, const char *path) {
    if (!ctx || !path)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    importing j = {.ctx = ctx, .path = path};
    hcb__text_init(&j.body, &ctx->mem);
    status = hcb__desk_new(&j.desk, ctx, folder, options);
    if (status == HCB_OK)
        status = import_events(&j);
    hcb_desk_close(j.desk);
    hcb__text_free(&j.body);
    return hcb__end(ctx, status);
}
