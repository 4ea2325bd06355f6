/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a broker looks at: who waits and what is next to do, and what was done. */
#include <stdlib.h>
#include <string.h>

#include "desk/offer.h"
#include "io/csv.h"

enum { NEXT = 192 };

typedef struct waiting {
    const char *id, *status, *zone, *planned, *offer, *asked;
    int64_t priority, counted, minutes, since, offers, due;
    char next[NEXT];
} waiting;

typedef struct queue {
    hcb__arena arena;
    int64_t at;
    HCB__VEC(waiting) rows;
} queue;

static const char *keep(queue *q, hcb__store *s, sqlite3_stmt *stmt, int column) {
    if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
        return NULL;
    const char *text = hcb__column(stmt, column);
    char *out = hcb__arena_strndup(&q->arena, text, strlen(text));
    if (!out)
        s->failed = hcb__nomem(s->ctx);
    return out;
}

static int64_t days_waiting(const queue *q, const waiting *w) {
    return q->at > w->since ? (q->at - w->since) / HCB__DAY_S : 0;
}

static void say_next(const queue *q, waiting *w, int64_t planned_since) {
    hcb__text text;
    hcb__text_init(&text, &q->arena.mem);
    if (strcmp(w->status, "suspended") == 0) {
        hcb__text_puts(&text, "rests until it is resumed");
    } else if (w->offer && w->due <= q->at) {
        hcb__text_printf(&text, "expire %s: %s is late", w->offer, w->asked);
    } else if (w->offer) {
        hcb__text_printf(&text, "%s answers %s by ", w->asked, w->offer);
        hcb__text_moment(&text, w->due);
    } else if (w->planned) {
        hcb__text_printf(&text, "offer to %s", w->planned);
    } else {
        hcb__text_puts(&text, planned_since ? "no place in the plan" : "plan");
    }
    if (!text.failed) {
        strncpy(w->next, text.at, NEXT - 1);
        if (w->offer && text.count > 4 && text.at[text.count - 1] == 'Z' && text.count < NEXT)
            w->next[text.count - 4] = '\0'; /* to the minute */
    }
    hcb__text_free(&text);
}

static int by_urgency(const void *a, const void *b) {
    const waiting *x = a, *y = b;
    bool rests[2] = {strcmp(x->status, "suspended") == 0, strcmp(y->status, "suspended") == 0};
    if (rests[0] != rests[1])
        return rests[0] ? 1 : -1;
    if (x->counted != y->counted)
        return x->counted < y->counted ? -1 : 1;
    if (x->since != y->since)
        return x->since < y->since ? -1 : 1;
    return hcb__compare_ids(x->id, y->id);
}

static hcb_status read_queue(queue *q, hcb_desk *desk, hcb_context *ctx) {
    hcb__store *s = &desk->store;
    hcb__policy *policy = NULL;
    hcb_status status = hcb__desk_policy(&policy, desk, ctx);
    sqlite3_stmt *stmt = NULL;
    if (status == HCB_OK)
        stmt = hcb__store_bind(
            s,
            "SELECT p.id, p.status, p.zone, plan.provider, o.id, o.provider, p.priority, p.minutes, p.since, (SELECT "
            "COUNT(*) FROM offer WHERE package = p.id), o.due, (SELECT MAX(seq) FROM event WHERE kind = 'planned') > "
            "(SELECT MAX(seq) FROM event WHERE subject = p.id) FROM package p LEFT JOIN plan ON plan.package = p.id "
            "LEFT JOIN offer o ON o.id = (SELECT id FROM offer WHERE package = p.id AND status = 'open' ORDER BY due, "
            "rank, id LIMIT 1) WHERE p.status IN ('waiting', 'offered') OR (p.status = 'suspended' AND p.provider IS "
            "NULL)",
            "");
    while (hcb__store_next(s, stmt)) {
        waiting w = {keep(q, s, stmt, 0),
                     keep(q, s, stmt, 1),
                     keep(q, s, stmt, 2),
                     keep(q, s, stmt, 3),
                     keep(q, s, stmt, 4),
                     keep(q, s, stmt, 5),
                     sqlite3_column_int64(stmt, 6),
                     0,
                     sqlite3_column_int64(stmt, 7),
                     sqlite3_column_int64(stmt, 8),
                     sqlite3_column_int64(stmt, 9),
                     sqlite3_column_int64(stmt, 10),
                     ""};
        w.counted = hcb__policy_priority(policy, (int32_t)w.priority, days_waiting(q, &w));
        say_next(q, &w, sqlite3_column_int64(stmt, 11));
        if (!HCB__PUSH(&q->arena.mem, &q->rows, w))
            s->failed = hcb__nomem(ctx);
    }
    hcb__policy_free(policy);
    if (q->rows.count)
        qsort(q->rows.at, q->rows.count, sizeof *q->rows.at, by_urgency);
    return status == HCB_OK ? s->failed : status;
}

/* Two digits. */
static int two(const char *at) {
    return (at[0] - '0') * 10 + at[1] - '0';
}

/* What is next, in the 32 columns that a line has left for it. */
static void put_next(hcb__text *out, const queue *q, const waiting *w) {
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (!w->offer || w->due <= q->at || strcmp(w->status, "suspended") == 0) {
        hcb__text_puts(out, w->next);
        return;
    }
    hcb__text due; /* 2020-12-02T13:00:00Z */
    hcb__text_init(&due, out->mem);
    hcb__text_moment(&due, w->due);
    if (!due.failed && due.count >= 16)
        hcb__text_printf(out, "%s at %s by %d %s %.5s", w->offer, w->asked, two(due.at + 8),
                         months[(two(due.at + 5) + 11) % 12], due.at + 11);
    out->failed |= due.failed;
    hcb__text_free(&due);
}

static void print_text(const queue *q, hcb__text *out) {
    int64_t minutes = 0, offered = 0, late = 0;
    for (size_t i = 0; i < q->rows.count; i++) {
        minutes += q->rows.at[i].minutes;
        offered += q->rows.at[i].offer != NULL;
        late += q->rows.at[i].offer && q->rows.at[i].due <= q->at;
    }
    hcb__text_printf(out, "%zu wait, %lld:%02lld h a week; %lld have an open offer, %lld of them late\n", q->rows.count,
                     (long long)(minutes / 60), (long long)(minutes % 60), (long long)offered, (long long)late);
    if (q->rows.count)
        hcb__text_puts(out, "\n  #  package      prio  days  h/wk  zone  asked  next\n");
    for (size_t i = 0; i < q->rows.count; i++) {
        const waiting *w = &q->rows.at[i];
        hcb__text_printf(out, "%3zu  %-11s  %2lld%s  %4lld  %4lld  %-4s  %5lld  ", i + 1, w->id, (long long)w->counted,
                         w->counted == w->priority ? "  " : "^ ", (long long)days_waiting(q, w),
                         (long long)(w->minutes + 30) / 60, w->zone, (long long)w->offers);
        put_next(out, q, w);
        hcb__text_putc(out, '\n');
    }
}

static void print_json(const queue *q, hcb__text *out) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_array(&w);
    for (size_t i = 0; i < q->rows.count; i++) {
        const waiting *r = &q->rows.at[i];
        hcb__jw_object_flat(&w);
        hcb__jw_key_int(&w, "position", (int64_t)i + 1);
        hcb__jw_key_string(&w, "package_id", r->id);
        hcb__jw_key_string(&w, "status", r->status);
        hcb__jw_key_int(&w, "priority", r->priority);
        hcb__jw_key_int(&w, "priority_counted", r->counted);
        hcb__jw_key_int(&w, "since", r->since);
        hcb__jw_key_int(&w, "days_waiting", days_waiting(q, r));
        hcb__jw_key_int(&w, "carer_minutes", r->minutes);
        hcb__jw_key_string(&w, "zone_id", r->zone);
        hcb__jw_key_int(&w, "offers", r->offers);
        hcb__jw_key_string(&w, "planned_provider", r->planned);
        hcb__jw_key_string(&w, "offer_id", r->offer);
        hcb__jw_key_string(&w, "asked_provider", r->asked);
        hcb__jw_key(&w, "due");
        if (r->offer)
            hcb__jw_int(&w, r->due);
        else
            hcb__jw_null(&w);
        hcb__jw_key_string(&w, "next", r->next);
        hcb__jw_end_object(&w);
    }
    hcb__jw_end_array(&w);
    hcb__text_putc(out, '\n');
}

static void print_csv(const queue *q, hcb__text *out) {
    hcb__text_puts(out, "position,package_id,status,priority,days_waiting,carer_minutes,zone_id,offers,"
                        "planned_provider,offer_id,asked_provider,next\n");
    for (size_t i = 0; i < q->rows.count; i++) {
        const waiting *r = &q->rows.at[i];
        hcb__csv_put_int(out, (int64_t)i + 1, false);
        hcb__csv_put(out, r->id, false);
        hcb__csv_put(out, r->status, false);
        hcb__csv_put_int(out, r->counted, false);
        hcb__csv_put_int(out, days_waiting(q, r), false);
        hcb__csv_put_int(out, r->minutes, false);
        hcb__csv_put(out, r->zone, false);
        hcb__csv_put_int(out, r->offers, false);
        hcb__csv_put(out, r->planned ? r->planned : "", false);
        hcb__csv_put(out, r->offer ? r->offer : "", false);
        hcb__csv_put(out, r->asked ? r->asked : "", false);
        hcb__csv_put(out, r->next, true);
    }
}

static hcb_status run_queue(hcb_desk *desk, hcb_context *ctx, hcb__text *out, int32_t format, void *payload) {
    queue q = {.at = *(int64_t *)payload};
    hcb__arena_init(&q.arena, &ctx->mem);
    hcb_status status = read_queue(&q, desk, ctx);
    if (status == HCB_OK && format == HCB_FORMAT_JSON)
        print_json(&q, out);
    else if (status == HCB_OK && format == HCB_FORMAT_CSV)
        print_csv(&q, out);
    else if (status == HCB_OK)
        print_text(&q, out);
    HCB__VEC_FREE(&q.arena.mem, &q.rows);
    hcb__arena_release(&q.arena);
    return status;
}

hcb_status hcb_desk_queue(hcb_text **out, hcb_desk *desk, hcb_context *ctx, int64_t at, int32_t format) {
    return hcb__desk_read(out, desk, ctx, format, run_queue, &at);
}

/* Nothing is told of it: a provider of whom there is nothing yet, or a name that nobody has. */
static hcb_status untold(hcb_desk *desk, hcb_context *ctx, const char *subject) {
    bool found;
    hcb_status status = hcb__desk_has_provider(&found, desk, ctx, subject);
    if (status == HCB_OK && !found)
        status = hcb__fail(ctx, HCB_EDATA, "there is no package, offer or provider \"%s\"", subject);
    return status;
}

typedef struct log_job {
    const char *subject;
    int64_t last;
} log_job;

static hcb_status run_log(hcb_desk *desk, hcb_context *ctx, hcb__text *out, int32_t format, void *payload) {
    const log_job *job = payload;
    hcb__store *s = &desk->store;
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    sqlite3_stmt *stmt = hcb__store_bind(
        s,
        "SELECT * FROM (SELECT " HCB__EVENT_COLUMNS
        " FROM event WHERE ?1 IS NULL OR subject = ?1 OR json_extract(body, "
        "'$.offer') = ?1 OR json_extract(body, '$.provider') = ?1 ORDER BY seq DESC LIMIT ?2) ORDER BY seq",
        "si", job->subject, job->last > 0 ? job->last : INT64_C(-1));
    if (format == HCB_FORMAT_JSON)
        hcb__jw_array(&w);
    if (format == HCB_FORMAT_CSV)
        hcb__event_csv_head(out);
    hcb_status status = HCB_OK;
    bool told = false;
    while (status == HCB_OK && hcb__store_next(s, stmt)) {
        hcb__event e;
        hcb__json_doc *doc = NULL;
        told = true;
        hcb__event_row(stmt, &e);
        status = hcb__json_parse(&doc, ctx, e.body, strlen(e.body), desk->path);
        if (status == HCB_OK && format == HCB_FORMAT_JSON)
            hcb__event_json(&w, &e, hcb__json_root(doc));
        else if (status == HCB_OK && format == HCB_FORMAT_CSV)
            hcb__event_csv(out, &e, hcb__json_root(doc));
        else if (status == HCB_OK)
            hcb__event_words_text(out, &e, hcb__json_root(doc));
        hcb__json_close(doc);
    }
    hcb__store_end(stmt);
    if (status == HCB_OK && job->subject && !told && s->failed == HCB_OK)
        status = untold(desk, ctx, job->subject);
    if (format == HCB_FORMAT_JSON) {
        hcb__jw_end_array(&w);
        hcb__text_putc(out, '\n');
    }
    return status;
}

hcb_status hcb_desk_log(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const char *subject, int64_t last,
                        int32_t format) {
    log_job job = {subject, last};
    return hcb__desk_read(out, desk, ctx, format, run_log, &job);
}
