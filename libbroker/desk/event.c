/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/event.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "desk/cells.h"
#include "desk/desk.h"
#include "model/limits.h"

const char *const hcb__event_words[HCB__EVENTS] = {
    "opened",   "adopted",  "received", "changed",   "ended",  "suspended",   "resumed", "capacity", "offered",
    "accepted", "declined", "expired",  "withdrawn", "placed", "handed_back", "moved",   "planned",  "note"};

const char hcb__event_no_hash[65] = "0000000000000000000000000000000000000000000000000000000000000000";

int32_t hcb__event_kind_of(const char *word) {
    for (int32_t k = 0; k < HCB__EVENTS; k++)
        if (strcmp(hcb__event_words[k], word) == 0)
            return k;
    return -1;
}

static void add_line(hcb__sha256 *sha, const char *text) {
    hcb__sha256_add(sha, text, strlen(text));
    hcb__sha256_add(sha, "\n", 1);
}

void hcb__event_hash(const hcb__event *event, const char *before, char out[65]) {
    char number[32];
    hcb__sha256 sha;
    hcb__sha256_init(&sha);
    add_line(&sha, before);
    snprintf(number, sizeof number, "%lld", (long long)event->seq);
    add_line(&sha, number);
    snprintf(number, sizeof number, "%lld", (long long)event->at);
    add_line(&sha, number);
    add_line(&sha, event->user);
    add_line(&sha, event->rules);
    add_line(&sha, event->kind);
    hcb__sha256_add(&sha, event->body, strlen(event->body));
    hcb__sha256_hex(&sha, out);
}

void hcb__event_row(sqlite3_stmt *stmt, hcb__event *out) {
    out->seq = sqlite3_column_int64(stmt, 0);
    out->at = sqlite3_column_int64(stmt, 1);
    out->user = hcb__column(stmt, 2);
    out->rules = hcb__column(stmt, 3);
    out->kind = hcb__column(stmt, 4);
    out->body = hcb__column(stmt, 5);
    out->hash = hcb__column(stmt, 6);
}

static const char *text_of(hcb__json *body, const char *key) {
    return hcb__json_string(hcb__json_get(body, key), NULL);
}

const char *hcb__event_subject(hcb__json *body) {
    const char *package = text_of(body, "package");
    return package ? package : text_of(body, "provider");
}

void hcb__event_insert(hcb__store *store, const hcb__event *e, hcb__json *body) {
    hcb__store_run(store,
                   "INSERT INTO event(seq, at, user, rules, kind, body, hash, subject) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
                   "iissssss", e->seq, e->at, e->user, e->rules, e->kind, e->body, e->hash, hcb__event_subject(body));
}

/* What an event says, as far as the state needs it; -1 and NULL: not there. */
typedef struct facts {
    const char *package, *provider, *offer, *reason, *zone, *mode, *part;
    int64_t at, since, priority, minutes, spare, rank, due, price, exclude, count;
} facts;

static int64_t number_of(hcb__json *body, const char *key) {
    int64_t out = -1;
    bool word;
    hcb__json *value = hcb__json_get(body, key);
    if (hcb__json_bool(value, &word))
        return word;
    (void)hcb__json_int(value, &out);
    return out;
}

static void received(hcb__store *s, const facts *f) {
    hcb__store_run(s,
                   "INSERT INTO package(id, status, since, priority, minutes, zone, provider, placed_at, excluded, "
                   "postcode, last_day, current, given_excluded, pinned, received, cells, visits) VALUES(?1, iif(?6 IS "
                   "NULL, 'waiting', 'placed'), ?2, ?3, ?4, ?5, ?6, iif(?6 IS NULL, NULL, ?2), '', '', '', '', '', "
                   "'', '', '', '')",
                   "siiiss", f->package, f->since, f->priority, f->minutes, f->zone, f->provider);
}

/* What was given of a package, in the form in which it is read again. */
static void set_cells(hcb__store *s, const facts *f, hcb__json *data) {
    hcb__text cells, visits;
    hcb__text_init(&cells, &s->ctx->mem);
    hcb__text_init(&visits, &s->ctx->mem);
    hcb__cells_put(&cells, data);
    hcb__cells_put_visits(&visits, f->package, data);
    if (s->failed == HCB_OK && (cells.failed || visits.failed))
        s->failed = hcb__nomem(s->ctx);
    const char *const *names = hcb__package_columns;
    hcb__store_run(s,
                   "UPDATE package SET priority=?2, minutes=?3, zone=?4, postcode=?5, last_day=?6, current=?7, "
                   "given_excluded=?8, pinned=?9, received=?10, cells=?11, visits=?12 WHERE id=?1",
                   "siisssssssss", f->package, f->priority, f->minutes, f->zone, hcb__cell_of(data, "postcode"),
                   hcb__cell_of(data, "end"), hcb__cell_of(data, names[HCB__CELL_CURRENT]),
                   hcb__cell_of(data, names[HCB__CELL_EXCLUDED]), hcb__cell_of(data, names[HCB__CELL_PINNED]),
                   hcb__cell_of(data, names[HCB__CELL_RECEIVED]), cells.at, visits.count ? visits.at : "");
    hcb__text_free(&cells);
    hcb__text_free(&visits);
}

static void exclude(hcb__store *s, const facts *f) {
    hcb__store_run(s,
                   "UPDATE package SET excluded = iif(excluded = '', ?2, excluded || ';' || ?2) WHERE id = ?1 AND "
                   "instr(';' || excluded || ';', ';' || ?2 || ';') = 0",
                   "ss", f->package, f->provider);
}

/* A package is offered as long as one of its offers is open, or is a bid in a tender. */
static void settle(hcb__store *s, const facts *f) {
    hcb__store_run(s,
                   "UPDATE package SET status = iif(EXISTS(SELECT 1 FROM offer WHERE package = ?1 AND status IN "
                   "('open', 'bid')), 'offered', 'waiting') WHERE id = ?1 AND status IN ('offered', 'waiting')",
                   "s", f->package);
}

static void close_offer(hcb__store *s, const facts *f, const char *status) {
    hcb__store_run(s, "UPDATE offer SET status=?2, answered_at=?3, reason=?4, counted=?5 WHERE id=?1", "ssisi",
                   f->offer, status, f->at, f->reason, f->count > 0 ? INT64_C(1) : INT64_C(0));
    if (f->exclude > 0)
        exclude(s, f);
    settle(s, f);
}

static void accepted(hcb__store *s, const facts *f) {
    hcb__store_run(s, "UPDATE offer SET status='bid', bid=?2, answered_at=?3 WHERE id=?1", "sii", f->offer, f->price,
                   f->at);
}

static void placed(hcb__store *s, const facts *f) {
    hcb__store_run(s, "UPDATE offer SET status='won' WHERE id=?1", "s", f->offer);
    hcb__store_run(s, "UPDATE package SET status='placed', provider=?2, placed_at=?3 WHERE id=?1", "ssi", f->package,
                   f->provider, f->at);
    hcb__store_run(s, "DELETE FROM plan WHERE package=?1", "s", f->package);
}

static void handed_back(hcb__store *s, const facts *f) {
    hcb__store_run(s,
                   "UPDATE package SET status=iif(status='suspended', status, 'waiting'), provider=NULL, "
                   "placed_at=NULL, since=?2 WHERE id=?1",
                   "si", f->package, f->at);
    exclude(s, f);
}

static void moved(hcb__store *s, const facts *f, int64_t seq) {
    hcb__store_run(s, "UPDATE package SET provider=?2, placed_at=?3 WHERE id=?1", "ssi", f->package, f->provider,
                   f->at);
    hcb__store_run(s, "INSERT INTO move(seq, package, at) VALUES(?1,?2,?3)", "isi", seq, f->package, f->at);
}

static void planned(hcb__store *s, hcb__json *body) {
    hcb__store_run(s, "DELETE FROM plan", "");
    hcb__json *plan = hcb__json_get(body, "plan");
    for (size_t i = 0; i < hcb__json_count(plan); i++) {
        hcb__json *pair = hcb__json_at(plan, i);
        hcb__store_run(s, "INSERT OR REPLACE INTO plan(package, provider) VALUES(?1,?2)", "ss",
                       hcb__json_string(hcb__json_at(pair, 0), NULL), hcb__json_string(hcb__json_at(pair, 1), NULL));
    }
}

static void set_status(hcb__store *s, const facts *f, const char *status) {
    hcb__store_run(s, "UPDATE package SET status=?2 WHERE id=?1", "ss", f->package, status);
    hcb__store_run(s, "DELETE FROM plan WHERE package=?1", "s", f->package);
}

static void offered(hcb__store *s, const facts *f) {
    hcb__store_run(s,
                   "INSERT INTO offer(id, package, provider, status, mode, rank, at, due, price, counted) "
                   "VALUES(?1,?2,?3,'open',?4,?5,?6,?7,?8,0)",
                   "ssssiiii", f->offer, f->package, f->provider, f->mode, f->rank, f->at, f->due, f->price);
    settle(s, f);
}

/* Bounds that the figures count on; what the desk writes itself keeps them. */
static bool in_bounds(const facts *f, int32_t kind) {
    bool person = kind == HCB__EVENT_RECEIVED || kind == HCB__EVENT_CHANGED;
    return f->at >= 0 && f->at / HCB__DAY_S <= INT32_MAX && f->minutes <= HCB__MOST_CAPACITY &&
           (!person || (f->priority >= 1 && f->priority <= 5)) &&
           (kind != HCB__EVENT_RECEIVED || (f->since >= 0 && f->since <= f->at));
}

static bool known(const facts *f, int32_t kind) {
    bool package = kind != HCB__EVENT_OPENED && kind != HCB__EVENT_ADOPTED && kind != HCB__EVENT_CAPACITY &&
                   kind != HCB__EVENT_PLANNED && kind != HCB__EVENT_NOTE;
    bool provider = kind == HCB__EVENT_CAPACITY || (kind >= HCB__EVENT_OFFERED && kind <= HCB__EVENT_MOVED);
    bool offer = kind >= HCB__EVENT_OFFERED && kind <= HCB__EVENT_PLACED;
    return kind >= 0 && (!package || f->package) && (!provider || f->provider) && (!offer || f->offer);
}

static facts facts_of(const hcb__event *e, hcb__json *body) {
    return (facts){
        text_of(body, "package"), text_of(body, "provider"),   text_of(body, "offer"),     text_of(body, "reason"),
        text_of(body, "zone"),    text_of(body, "mode"),       text_of(body, "part"),      e->at,
        number_of(body, "since"), number_of(body, "priority"), number_of(body, "minutes"), number_of(body, "spare"),
        number_of(body, "rank"),  number_of(body, "due"),      number_of(body, "price"),   number_of(body, "exclude"),
        number_of(body, "count")};
}

bool hcb__event_fits(const hcb__event *e, hcb__json *body) {
    int32_t kind = hcb__event_kind_of(e->kind);
    const facts f = facts_of(e, body);
    return known(&f, kind) && in_bounds(&f, kind);
}

bool hcb__event_apply(hcb__store *s, const hcb__event *e, hcb__json *body) {
    if (!hcb__event_fits(e, body))
        return false;
    const facts f = facts_of(e, body);
    switch ((hcb__event_kind)hcb__event_kind_of(e->kind)) {
    case HCB__EVENT_RECEIVED:
        received(s, &f);
        set_cells(s, &f, hcb__json_get(body, "data"));
        break;
    case HCB__EVENT_CHANGED:
        set_cells(s, &f, hcb__json_get(body, "data"));
        break;
    case HCB__EVENT_ENDED:
        set_status(s, &f, "ended");
        break;
    case HCB__EVENT_SUSPENDED:
        set_status(s, &f, "suspended");
        break;
    case HCB__EVENT_RESUMED:
        hcb__store_run(s, "UPDATE package SET status=iif(provider IS NULL, 'waiting', 'placed') WHERE id=?1", "s",
                       f.package);
        break;
    case HCB__EVENT_CAPACITY:
        hcb__store_run(s,
                       "INSERT OR REPLACE INTO capacity(provider, zone, part, minutes, at, spare) "
                       "VALUES(?1,?2,?3,?4,?5,?6)",
                       "sssiii", f.provider, f.zone ? f.zone : "", f.part ? f.part : "", f.minutes, f.at, f.spare);
        break;
    case HCB__EVENT_OFFERED:
        offered(s, &f);
        break;
    case HCB__EVENT_ACCEPTED:
        accepted(s, &f);
        break;
    case HCB__EVENT_DECLINED:
        close_offer(s, &f, "declined");
        break;
    case HCB__EVENT_EXPIRED:
        close_offer(s, &f, "expired");
        break;
    case HCB__EVENT_WITHDRAWN:
        close_offer(s, &f, "withdrawn");
        break;
    case HCB__EVENT_PLACED:
        placed(s, &f);
        break;
    case HCB__EVENT_HANDED_BACK:
        handed_back(s, &f);
        break;
    case HCB__EVENT_MOVED:
        moved(s, &f, e->seq);
        break;
    case HCB__EVENT_PLANNED:
        planned(s, body);
        break;
    case HCB__EVENT_OPENED:
    case HCB__EVENT_ADOPTED:
    case HCB__EVENT_NOTE:
    case HCB__EVENTS:
        break;
    }
    return true;
}
