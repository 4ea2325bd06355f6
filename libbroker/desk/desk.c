/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every call does around its own work: one transaction, one chain of hashes, what it prints. */
#include "desk/desk.h"

#include <string.h>

#include "base/textbuf.h"
#include "base/options.h"

hcb__json_writer *hcb__entry_open(hcb__entry *entry, hcb__event_kind kind) {
    entry->kind = kind;
    hcb__text_clear(&entry->body);
    hcb__jw_init(&entry->writer, &entry->body, true);
    hcb__jw_object(&entry->writer);
    return &entry->writer;
}

void hcb__desk_set_head(hcb__store *store, int64_t seq, const char *hash) {
    hcb__store_run(store, "INSERT OR REPLACE INTO meta(key, value) VALUES('head', ?1 || ' ' || ?2)", "is", seq, hash);
}

static hcb_status store_event(hcb__entry *entry, hcb__entry_event *kept) {
    hcb__event *e = &kept->event;
    hcb_status status = hcb__json_parse(&kept->doc, entry->ctx, e->body, strlen(e->body), "event");
    if (status != HCB_OK)
        return status;
    hcb__json *body = hcb__json_root(kept->doc);
    hcb__event_insert(entry->store, e, body);
    if (!hcb__event_apply(entry->store, e, body))
        return hcb__fail(entry->ctx, HCB_EINTERNAL, "the event %s lacks what it is about", e->kind);
    hcb__desk_set_head(entry->store, e->seq, e->hash);
    return entry->store->failed;
}

hcb_status hcb__entry_close(hcb__entry *entry) {
    hcb__jw_end_object(&entry->writer);
    if (entry->body.failed)
        return hcb__nomem(entry->ctx);
    hcb__entry_event kept = {.event = {.seq = entry->seq + 1,
                                       .at = entry->at,
                                       .user = entry->user,
                                       .rules = entry->rules,
                                       .kind = hcb__event_words[entry->kind]}};
    kept.event.body = hcb__arena_strndup(&entry->arena, entry->body.at, entry->body.count);
    if (!kept.event.body)
        return hcb__nomem(entry->ctx);
    char hash[65];
    hcb__event_hash(&kept.event, entry->hash, hash);
    kept.event.hash = hcb__arena_strndup(&entry->arena, hash, 64);
    if (!kept.event.hash || !HCB__PUSH(&entry->ctx->mem, &entry->events, kept))
        return hcb__nomem(entry->ctx);
    memcpy(entry->hash, hash, sizeof hash);
    entry->seq++;
    return store_event(entry, &entry->events.at[entry->events.count - 1]);
}

/* The last event, and whether it is the one the head names: an end that was cut off shows here. */
static hcb_status take_tail(hcb__entry *entry, const hcb_desk_stamp *stamp) {
    hcb__store *s = entry->store;
    sqlite3_stmt *stmt = hcb__store_bind(
        s,
        "SELECT seq, at, hash, seq || ' ' || hash = (SELECT value FROM meta WHERE key = 'head') FROM event ORDER BY "
        "seq DESC LIMIT 1",
        "");
    int64_t last = INT64_MIN;
    bool whole = true;
    memcpy(entry->hash, hcb__event_no_hash, sizeof entry->hash);
    if (hcb__store_next(s, stmt)) {
        entry->seq = sqlite3_column_int64(stmt, 0);
        last = sqlite3_column_int64(stmt, 1);
        const char *hash = hcb__column(stmt, 2);
        whole = strlen(hash) == 64 && sqlite3_column_int64(stmt, 3) == 1;
        if (whole)
            memcpy(entry->hash, hash, sizeof entry->hash);
    }
    hcb__store_end(stmt);
    if (s->failed != HCB_OK)
        return s->failed;
    if (!whole)
        return hcb__fail(entry->ctx, HCB_EDATA,
                         "%s: the ledger does not end with the event it ended with; see desk "
                         "verify",
                         s->shown);
    if (entry->at >= last)
        return HCB_OK;
    if (last - entry->at <= stamp->slack_s) {
        entry->at = last;
        return HCB_OK;
    }
    hcb__text words;
    hcb__text_init(&words, &entry->ctx->mem);
    hcb__text_moment(&words, entry->at);
    hcb__text_puts(&words, " is before the last event, at ");
    hcb__text_moment(&words, last);
    hcb_status status = words.failed ? hcb__nomem(entry->ctx)
                                     : hcb__fail(entry->ctx, HCB_EDATA, "the clock runs backwards: %s", words.at);
    hcb__text_free(&words);
    return status;
}

static void print_events(hcb__text *out, const hcb__entry *entry, int32_t format) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    if (format == HCB_FORMAT_JSON)
        hcb__jw_array(&w);
    if (format == HCB_FORMAT_CSV)
        hcb__event_csv_head(out);
    for (size_t i = 0; i < entry->events.count; i++) {
        const hcb__entry_event *e = &entry->events.at[i];
        if (format == HCB_FORMAT_JSON)
            hcb__event_json(&w, &e->event, hcb__json_root(e->doc));
        else if (format == HCB_FORMAT_CSV)
            hcb__event_csv(out, &e->event, hcb__json_root(e->doc));
        else
            hcb__event_words_text(out, &e->event, hcb__json_root(e->doc));
    }
    if (format == HCB_FORMAT_JSON) {
        hcb__jw_end_array(&w);
        hcb__text_putc(out, '\n');
    }
}

static void entry_release(hcb__entry *entry) {
    for (size_t i = 0; i < entry->events.count; i++)
        hcb__json_close(entry->events.at[i].doc);
    HCB__VEC_FREE(&entry->ctx->mem, &entry->events);
    hcb__text_free(&entry->body);
    hcb__arena_release(&entry->arena);
}

static hcb_status take_stamp(hcb_desk_stamp *out, hcb_context *ctx, const hcb_desk_stamp *given) {
    if (!given)
        return hcb__fail(ctx, HCB_EINVAL, "no time and user were given");
    hcb_status status = hcb__options_take(ctx, out, "hcb_desk_stamp", given);
    if (status == HCB_OK && !hcb__valid_id(out->user, strlen(out->user)))
        return hcb__fail(ctx, HCB_EINVAL, "the user must be 1 to 64 bytes of text without control characters");
    return status;
}

static hcb_status run_entry(hcb__entry *entry, const hcb_desk_stamp *stamp, hcb__entry_fn fn, void *payload) {
    hcb__store *s = entry->store;
    hcb_status status = hcb__desk_rules(entry->desk, entry->ctx, entry->rules);
    if (status != HCB_OK)
        return status;
    hcb__store_begin(s, true);
    status = s->failed;
    if (status == HCB_OK)
        status = take_tail(entry, stamp);
    if (status == HCB_OK)
        status = fn(entry, payload);
    if (status == HCB_OK)
        status = s->failed;
    if (status == HCB_OK) {
        hcb__store_commit(s);
        status = s->failed;
    }
    if (status != HCB_OK)
        hcb__store_rollback(s);
    return status;
}

hcb_status hcb__desk_write(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *given,
                           int32_t format, hcb__entry_fn fn, void *payload) {
    if (out)
        *out = NULL;
    if (!desk || !ctx)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_desk_stamp stamp;
    status = take_stamp(&stamp, ctx, given);
    if (status == HCB_OK && (format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV))
        status = hcb__fail(ctx, HCB_EINVAL, "format %d is not one", format);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    hcb__entry entry = {.desk = desk, .ctx = ctx, .store = &desk->store, .at = stamp.at, .user = stamp.user};
    desk->store.ctx = ctx;
    hcb__arena_init(&entry.arena, &ctx->mem);
    hcb__text_init(&entry.body, &ctx->mem);
    hcb_text *text = NULL;
    /* What is printed is got before: once it is written, the call must not fail. */
    status = out ? hcb__text_handle(&text, ctx) : HCB_OK;
    if (status == HCB_OK)
        status = run_entry(&entry, &stamp, fn, payload);
    if (status == HCB_OK && out) {
        /* It is written: the call has succeeded, even where there is no memory to tell of it. */
        print_events(hcb__text_of(text), &entry, format);
        *out = hcb__text_of(text)->failed ? NULL : text;
        text = *out ? NULL : text;
    }
    hcb_text_free(text);
    entry_release(&entry);
    return hcb__end(ctx, status);
}

hcb_status hcb__desk_read(hcb_text **out, hcb_desk *desk, hcb_context *ctx, int32_t format, hcb__read_fn fn,
                          void *payload) {
    if (out)
        *out = NULL;
    if (!out || !desk || !ctx)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    if (format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return hcb__end(ctx, hcb__fail(ctx, HCB_EINVAL, "format %d is not one", format));
    hcb__store *s = &desk->store;
    s->ctx = ctx;
    status = hcb__text_handle(out, ctx);
    if (status == HCB_OK) {
        hcb__store_begin(s, false);
        status = s->failed;
    }
    if (status == HCB_OK)
        status = fn(desk, ctx, hcb__text_of(*out), format, payload);
    if (status == HCB_OK)
        status = s->failed;
    hcb__store_rollback(s);
    if (status == HCB_OK)
        status = hcb__text_finish(out, ctx);
    if (status != HCB_OK) {
        hcb_text_free(*out);
        *out = NULL;
    }
    return hcb__end(ctx, status);
}
