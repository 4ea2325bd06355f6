/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events: what is written once and never changed. */
#ifndef HCB_DESK_EVENT_H
#define HCB_DESK_EVENT_H

#include "desk/store.h"
#include "io/json.h"

typedef enum hcb__event_kind {
    HCB__EVENT_OPENED,      /* workspace, reference */
    HCB__EVENT_ADOPTED,     /* reference */
    HCB__EVENT_RECEIVED,    /* package, provider (served already), since, priority, minutes, zone, data */
    HCB__EVENT_CHANGED,     /* package, priority, minutes, zone, data */
    HCB__EVENT_ENDED,       /* package, reason */
    HCB__EVENT_SUSPENDED,   /* package, reason */
    HCB__EVENT_RESUMED,     /* package */
    HCB__EVENT_CAPACITY,    /* provider, minutes, spare */
    HCB__EVENT_OFFERED,     /* offer, package, provider, mode, rank, due, price */
    HCB__EVENT_ACCEPTED,    /* offer, package, provider, price */
    HCB__EVENT_DECLINED,    /* offer, package, provider, reason, exclude, count */
    HCB__EVENT_EXPIRED,     /* offer, package, provider, exclude, count */
    HCB__EVENT_WITHDRAWN,   /* offer, package, provider, reason */
    HCB__EVENT_PLACED,      /* offer, package, provider, price */
    HCB__EVENT_HANDED_BACK, /* package, provider, reason */
    HCB__EVENT_MOVED,       /* package, from, provider */
    HCB__EVENT_PLANNED,     /* sha256, inputs_sha256, method, replan, placed, waiting, plan */
    HCB__EVENT_NOTE,        /* package, text */
    HCB__EVENTS
} hcb__event_kind;
extern const char *const hcb__event_words[HCB__EVENTS];

/* One row; the strings are borrowed. */
typedef struct hcb__event {
    int64_t seq, at;
    const char *user, *rules, *kind, *body, *hash;
} hcb__event;

/* SHA-256 of the hash before, a line end, and seq, at, user, rules, kind and body, each followed by a line end but the
 * last. `before` of the first event: 64 zeros. */
void hcb__event_hash(const hcb__event *event, const char *before, char out[65]);
extern const char hcb__event_no_hash[65];
/* The place of a word among the kinds, or -1. */
int32_t hcb__event_kind_of(const char *word);
/* Reads the columns seq, at, user, rules, kind, body, hash of a row. */
void hcb__event_row(sqlite3_stmt *stmt, hcb__event *out);
#define HCB__EVENT_COLUMNS "seq, at, user, rules, kind, body, hash"

/* Adds an event to the table of events alone, its subject from its body. */
void hcb__event_insert(hcb__store *store, const hcb__event *event, hcb__json *body);
/* Whether the event has what its kind is about, within bounds. */
bool hcb__event_fits(const hcb__event *event, hcb__json *body);
/* What the event changes in the state. False when it does not fit its kind (the store has then not failed). */
bool hcb__event_apply(hcb__store *store, const hcb__event *event, hcb__json *body);
/* The package, offer's package or provider an event is about; NULL: none. */
const char *hcb__event_subject(hcb__json *body);

/* 2020-12-01T09:30:00Z, and back (seconds or minutes; the Z may be left out). */
void hcb__text_moment(hcb__text *out, int64_t at);

/* One event as an object, as lines for people, as a row of CSV. */
void hcb__event_json(hcb__json_writer *w, const hcb__event *event, hcb__json *body);
void hcb__event_words_text(hcb__text *out, const hcb__event *event, hcb__json *body);
void hcb__event_csv(hcb__text *out, const hcb__event *event, hcb__json *body);
void hcb__event_csv_head(hcb__text *out);
/* A value as it was written, on one line. */
void hcb__json_copy(hcb__json_writer *w, hcb__json *value);

#endif
