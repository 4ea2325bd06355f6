/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offers as rows, and who may be asked. */
#ifndef HCB_DESK_OFFER_H
#define HCB_DESK_OFFER_H

#include "allocation/recommend.h"
#include "desk/desk.h"

typedef struct hcb__offer_row {
    const char *id, *package, *provider, *status, *mode;
    int64_t rank, at, due, price, bid; /* pence a week; bid -1: none */
} hcb__offer_row;

typedef HCB__VEC(hcb__offer_row) hcb__offer_rows;

/* The offers that a statement gives, strings in the entry's arena, so that events may change the table meanwhile. The
 * statement's columns are HCB__OFFER_COLUMNS. Freed with HCB__VEC_FREE. */
HCB_NODISCARD hcb_status hcb__offers_of(hcb__offer_rows *out, hcb__entry *entry, sqlite3_stmt *stmt);
#define HCB__OFFER_COLUMNS "id, package, provider, status, mode, rank, at, due, price, bid"

/* The policy as it is now. */
HCB_NODISCARD hcb_status hcb__desk_policy(hcb__policy **out, const hcb_desk *desk, hcb_context *ctx);
/* The route of a package that costs so much a week at its cheapest. */
const hcb__call_off_route *hcb__call_off_route_of(const hcb__call_off *call_off, int64_t pence);

/* A package, and every provider that may take it, ranked, beside the state of the desk. */
typedef struct hcb__asked {
    hcb__model *model;
    hcb__recommendation *ranking;
} hcb__asked;
/* `firm`: only what is placed takes room; otherwise open offers of others do too. */
HCB_NODISCARD hcb_status hcb__ask(hcb__asked *out, hcb__entry *entry, const char *package, bool firm);
void hcb__asked_release(hcb__asked *asked);
/* The provider among those who may; NULL. */
const hcb__candidate *hcb__asked_candidate(const hcb__asked *asked, const char *provider);
/* Records why a provider cannot have the package: HCB_EDATA. */
HCB_NODISCARD hcb_status hcb__asked_refuse(const hcb__asked *asked, hcb_context *ctx, const char *package,
                                           const char *provider);

#endif
