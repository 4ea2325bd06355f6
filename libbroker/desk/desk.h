/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The open desk, and a call that writes to it. */
#ifndef HCB_DESK_DESK_H
#define HCB_DESK_DESK_H

#include "desk/event.h"
#include "hcbroker/desk.h"
#include "model/model.h"
#include "model/workspace.h"

enum { HCB__DAY_S = 86400, HCB__HOUR_S = 3600 };

struct hcb_desk {
    hcb_allocator mem;
    hcb__arena arena;
    hcb__store store;
    hcb__workspace *ws;
    hcb__zone_set *zones;               /* the map; NULL until something has read it */
    const char *folder, *path, *policy; /* policy: instead of the workspace's; NULL */
};

/* An event of the call in progress, kept for what the call prints. */
typedef struct hcb__entry_event {
    hcb__event event; /* its strings in the entry's arena */
    hcb__json_doc *doc;
} hcb__entry_event;

/* One call that writes: a transaction, its time and user, and the events so far. */
typedef struct hcb__entry {
    hcb_desk *desk;
    hcb_context *ctx;
    hcb__store *store;
    hcb__arena arena;
    int64_t at, seq; /* seq: of the last event */
    const char *user;
    char rules[65], hash[65];
    HCB__VEC(hcb__entry_event) events;
    hcb__event_kind kind; /* of the event being written */
    hcb__text body;
    hcb__json_writer writer;
} hcb__entry;

/* The body of a new event is opened; the caller adds keys, then closes it: hashed, stored, applied. */
hcb__json_writer *hcb__entry_open(hcb__entry *entry, hcb__event_kind kind);
HCB_NODISCARD hcb_status hcb__entry_close(hcb__entry *entry);

/* The frame of every call that writes. */
typedef hcb_status (*hcb__entry_fn)(hcb__entry *entry, void *payload);
HCB_NODISCARD hcb_status hcb__desk_write(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                                         int32_t format, hcb__entry_fn fn, void *payload);
/* The frame of every call that reads: a consistent view of the ledger. */
typedef hcb_status (*hcb__read_fn)(hcb_desk *desk, hcb_context *ctx, hcb__text *out, int32_t format, void *payload);
HCB_NODISCARD hcb_status hcb__desk_read(hcb_text **out, hcb_desk *desk, hcb_context *ctx, int32_t format,
                                        hcb__read_fn fn, void *payload);

/* open.c */
HCB_NODISCARD hcb_status hcb__desk_open(hcb_desk **out, hcb_context *ctx, const char *folder,
                                        const hcb_desk_options *options, bool create);
/* Makes the file and its tables. */
HCB_NODISCARD hcb_status hcb__desk_new(hcb_desk **out, hcb_context *ctx, const char *folder,
                                       const hcb_desk_options *options);
/* SHA-256 of the policy file, and of the files that the ledger rests on (map, prices, providers, coverage, travel). */
/* parts.c: the files that a file of the workspace consists of. */
typedef struct hcb__part {
    const char *path;
    const char *name; /* in an export: after its key, so that no two are alike */
} hcb__part;
typedef struct hcb__parts {
    hcb__part *at;
    size_t count;
    const char *name; /* of all in an export: the first file, or the folder; NULL: there is none */
} hcb__parts;
HCB_NODISCARD hcb_status hcb__desk_parts(hcb__parts *out, const hcb_desk *desk, hcb_context *ctx, hcb__arena *arena,
                                         int kind);

HCB_NODISCARD hcb_status hcb__desk_rules(const hcb_desk *desk, hcb_context *ctx, char out[65]);
HCB_NODISCARD hcb_status hcb__desk_reference(const hcb_desk *desk, hcb_context *ctx, char out[65]);
HCB_NODISCARD hcb_status hcb__desk_refuse_old(hcb_desk *desk, hcb_context *ctx);
/* Adds an event that is there already to the table, the state and the head of the chain. */
void hcb__desk_set_head(hcb__store *store, int64_t seq, const char *hash);

/* state.c: the state as tables that the model reads. */
typedef struct hcb__state_options {
    int64_t at;
    const char *subject; /* a package that counts as waiting, its offers aside; NULL */
    bool release_offers; /* people with an open offer wait; otherwise the first of their offers counts as placed */
    bool ignore_offers;  /* people with an open offer take no part */
    bool pin;            /* who may not be moved any more is pinned; packages with offers too */
    int64_t moves, days; /* of `pin`: so many moves in so many days are the most; -1: no bound */
} hcb__state_options;

typedef struct hcb__state_tables {
    hcb__text text[HCB__OVERRIDES]; /* empty: the workspace's own file */
    bool given[HCB__OVERRIDES];
} hcb__state_tables;

HCB_NODISCARD hcb_status hcb__state_write(hcb__state_tables *out, hcb_desk *desk, hcb_context *ctx,
                                          const hcb__state_options *options);
void hcb__state_release(hcb__state_tables *tables);
HCB_NODISCARD hcb_status hcb__state_model(hcb__model **out, hcb_desk *desk, hcb_context *ctx,
                                          const hcb__state_options *options);
/* A model of the workspace with tables in place of its files (NULL: its own); the map is read once for an open desk. */
HCB_NODISCARD hcb_status hcb__desk_model(hcb__model **out, hcb_desk *desk, hcb_context *ctx,
                                         const hcb__model_override *override, bool strict);
/* Parts of the day, as in the columns of providers.csv. */
extern const char *const hcb__parts_of_day[HCB__BLOCKS];

/* capacity.c: whether the workspace's file of providers has it, and the error when it has not. */
HCB_NODISCARD hcb_status hcb__desk_has_provider(bool *out, hcb_desk *desk, hcb_context *ctx, const char *provider);
HCB_NODISCARD hcb_status hcb__desk_no_provider(const hcb_desk *desk, hcb_context *ctx, const char *provider);

/* package.c */
typedef struct hcb__package_files {
    const char *packages, *visits;
} hcb__package_files;
/* The rows of the tables as events; `known`: packages that the desk must have (changed) or must not have (received). */
HCB_NODISCARD hcb_status hcb__receive_workspace(hcb__entry *entry);

/* offer.c */
HCB_NODISCARD hcb_status hcb__withdraw_offers(hcb__entry *entry, const char *package, const char *reason);
/* The status of a package, or NULL after HCB_EDATA was recorded: the desk does not know it. */
const char *hcb__package_status(hcb__entry *entry, const char *package);

/* call_off.c: offers by the rules of the policy, or to named providers. */
/* Decides a tender when all have answered or `late`; offers to the next when nobody is left to answer and `next`. */
HCB_NODISCARD hcb_status hcb__after_answers(hcb__entry *entry, const char *package, bool next);
/* Places a package by an offer; the room is looked at first. */
HCB_NODISCARD hcb_status hcb__place_by(hcb__entry *entry, const char *offer, const char *package, const char *provider,
                                       int64_t price);

#endif
