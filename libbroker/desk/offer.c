/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offers and what comes of them: answers, time that runs out, offers taken back. */
#include "desk/offer.h"

#include <string.h>

#include "io/csv.h"

static const char *keep(hcb__entry *e, const char *text) {
    char *out = hcb__arena_strndup(&e->arena, text, strlen(text));
    if (!out && e->store->failed == HCB_OK)
        e->store->failed = hcb__nomem(e->ctx);
    return out;
}

hcb_status hcb__offers_of(hcb__offer_rows *out, hcb__entry *e, sqlite3_stmt *stmt) {
    *out = (hcb__offer_rows){0};
    while (hcb__store_next(e->store, stmt)) {
        const hcb__offer_row row = {keep(e, hcb__column(stmt, 0)),
                                    keep(e, hcb__column(stmt, 1)),
                                    keep(e, hcb__column(stmt, 2)),
                                    keep(e, hcb__column(stmt, 3)),
                                    keep(e, hcb__column(stmt, 4)),
                                    sqlite3_column_int64(stmt, 5),
                                    sqlite3_column_int64(stmt, 6),
                                    sqlite3_column_int64(stmt, 7),
                                    sqlite3_column_int64(stmt, 8),
                                    sqlite3_column_type(stmt, 9) == SQLITE_NULL ? -1 : sqlite3_column_int64(stmt, 9)};
        if (!HCB__PUSH(&e->ctx->mem, out, row))
            e->store->failed = hcb__nomem(e->ctx);
    }
    return e->store->failed;
}

static hcb__json_writer *open_about(hcb__entry *e, hcb__event_kind kind, const hcb__offer_row *o) {
    hcb__json_writer *w = hcb__entry_open(e, kind);
    hcb__jw_key_string(w, "offer", o->id);
    hcb__jw_key_string(w, "package", o->package);
    hcb__jw_key_string(w, "provider", o->provider);
    return w;
}

static hcb_status withdraw(hcb__entry *e, const hcb__offer_row *o, const char *reason) {
    hcb__json_writer *w = open_about(e, HCB__EVENT_WITHDRAWN, o);
    hcb__jw_key_string(w, "reason", reason);
    return hcb__entry_close(e);
}

hcb_status hcb__withdraw_offers(hcb__entry *e, const char *package, const char *reason) {
    hcb__offer_rows offers;
    hcb_status status = hcb__offers_of(&offers, e,
                                       hcb__store_bind(e->store,
                                                       "SELECT " HCB__OFFER_COLUMNS
                                                       " FROM offer WHERE package = ?1 AND status IN ('open', "
                                                       "'bid') ORDER BY id",
                                                       "s", package));
    for (size_t i = 0; i < offers.count && status == HCB_OK; i++)
        status = withdraw(e, &offers.at[i], reason);
    HCB__VEC_FREE(&e->ctx->mem, &offers);
    return status;
}

hcb_status hcb__place_by(hcb__entry *e, const char *offer, const char *package, const char *provider, int64_t price) {
    hcb__asked asked;
    hcb_status status = hcb__ask(&asked, e, package, true);
    if (status == HCB_OK) {
        const hcb__candidate *c = hcb__asked_candidate(&asked, provider);
        if (!c || c->n_lacks)
            status = hcb__asked_refuse(&asked, e->ctx, package, provider);
    }
    hcb__asked_release(&asked);
    if (status != HCB_OK)
        return status;
    const hcb__offer_row o = {.id = offer, .package = package, .provider = provider};
    hcb__json_writer *w = open_about(e, HCB__EVENT_PLACED, &o);
    hcb__jw_key_int(w, "price", price);
    status = hcb__entry_close(e);
    return status == HCB_OK ? hcb__withdraw_offers(e, package, "filled") : status;
}

static hcb_status find_offer(hcb__entry *e, const char *id, hcb__offer_row *out) {
    hcb__offer_rows offers;
    hcb_status status = hcb__offers_of(
        &offers, e, hcb__store_bind(e->store, "SELECT " HCB__OFFER_COLUMNS " FROM offer WHERE id = ?1", "s", id));
    if (status == HCB_OK && offers.count == 0)
        status = hcb__fail(e->ctx, HCB_EDATA, "there is no offer \"%s\"", id);
    if (status == HCB_OK)
        *out = offers.at[0];
    HCB__VEC_FREE(&e->ctx->mem, &offers);
    return status;
}

static hcb_status must_be_open(hcb__entry *e, const hcb__offer_row *o) {
    if (strcmp(o->status, "open") != 0)
        return hcb__fail(e->ctx, HCB_EDATA, "offer %s is not open any more: %s", o->id,
                         strcmp(o->status, "won") == 0   ? "it was accepted"
                         : strcmp(o->status, "bid") == 0 ? "it has a bid"
                                                         : o->status);
    if (e->at < o->due)
        return HCB_OK;
    hcb__text due;
    hcb__text_init(&due, &e->ctx->mem);
    hcb__text_moment(&due, o->due);
    hcb_status status =
        due.failed ? hcb__nomem(e->ctx) : hcb__fail(e->ctx, HCB_EDATA, "offer %s expired at %s", o->id, due.at);
    hcb__text_free(&due);
    return status;
}

static hcb_status check_reason(hcb__entry *e, const hcb__call_off *c, const char *reason) {
    hcb__text list;
    hcb__text_init(&list, &e->ctx->mem);
    for (int32_t i = 0; i < c->n_reasons; i++) {
        if (reason && strcmp(c->reasons[i], reason) == 0) {
            hcb__text_free(&list);
            return HCB_OK;
        }
        hcb__text_printf(&list, "%s%s", i ? ", " : "", c->reasons[i]);
    }
    hcb_status status = list.failed ? hcb__nomem(e->ctx)
                        : reason
                            ? hcb__fail(e->ctx, HCB_EDATA,
                                        "\"%.64s\" is not a reason of the policy; expected one of: %s", reason, list.at)
                            : hcb__fail(e->ctx, HCB_EDATA, "who declines gives a reason, one of: %s", list.at);
    hcb__text_free(&list);
    return status;
}

static hcb_status accept(hcb__entry *e, const hcb__offer_row *o, int64_t price_pence) {
    bool tender = strcmp(o->mode, "tender") == 0;
    if (price_pence >= 0 && !tender)
        return hcb__fail(e->ctx, HCB_EDATA, "offer %s has a price; only tenders are answered with one", o->id);
    int64_t price = price_pence >= 0 ? price_pence : o->price;
    hcb__json_writer *w = open_about(e, HCB__EVENT_ACCEPTED, o);
    hcb__jw_key_int(w, "price", price);
    hcb_status status = hcb__entry_close(e);
    if (status != HCB_OK)
        return status;
    return tender ? hcb__after_answers(e, o->package, true) : hcb__place_by(e, o->id, o->package, o->provider, price);
}

static hcb_status decline(hcb__entry *e, const hcb__offer_row *o, const hcb__call_off *c, hcb__event_kind kind,
                          const char *reason) {
    hcb__json_writer *w = open_about(e, kind, o);
    if (reason)
        hcb__jw_key_string(w, "reason", reason);
    /* Silence is no refusal: who did not answer may be asked again. */
    hcb__jw_key_bool(w, "exclude", kind == HCB__EVENT_DECLINED && c->decline_exclude);
    hcb__jw_key_bool(w, "count", c->decline_count);
    hcb_status status = hcb__entry_close(e);
    return status == HCB_OK ? hcb__after_answers(e, o->package, c->decline_next) : status;
}

static hcb_status answer_offer(hcb__entry *e, const char *offer, bool accepted, const char *reason,
                               int64_t price_pence) {
    hcb__offer_row o = {0};
    hcb__policy *policy = NULL;
    hcb_status status = find_offer(e, offer, &o);
    if (status == HCB_OK)
        status = must_be_open(e, &o);
    if (status == HCB_OK && accepted && reason)
        status = hcb__fail(e->ctx, HCB_EDATA, "offer %s: who accepts gives no reason", offer);
    if (status == HCB_OK && !accepted && price_pence >= 0)
        status = hcb__fail(e->ctx, HCB_EDATA, "offer %s: who declines gives no price", offer);
    if (status == HCB_OK)
        status = hcb__desk_policy(&policy, e->desk, e->ctx);
    if (status == HCB_OK && accepted)
        status = accept(e, &o, price_pence);
    else if (status == HCB_OK && (status = check_reason(e, &policy->call_off, reason)) == HCB_OK)
        status = decline(e, &o, &policy->call_off, HCB__EVENT_DECLINED, reason);
    hcb__policy_free(policy);
    return status;
}

typedef struct answer_job {
    const char *offer, *reason;
    bool accept;
    int64_t price;
} answer_job;

static hcb_status run_answer(hcb__entry *e, void *payload) {
    const answer_job *job = payload;
    return answer_offer(e, job->offer, job->accept, job->reason, job->price);
}

hcb_status hcb_desk_answer(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                           const char *offer, int32_t accept_it, const char *reason, int64_t price_pence,
                           int32_t format) {
    if (out)
        *out = NULL;
    if (!offer || price_pence < -1)
        return HCB_EINVAL;
    answer_job job = {offer, reason, accept_it != 0, price_pence};
    return hcb__desk_write(out, desk, ctx, stamp, format, run_answer, &job);
}

enum { OFFER, ANSWER, REASON, PRICE, ANSWER_COLUMNS };
static const hcb__csv_column answer_columns[ANSWER_COLUMNS] = {
    {"offer_id", true}, {"answer", true}, {"reason", false}, {"price", false}};
static const char *const answer_words[] = {"accept", "decline"};
static const int64_t most_pence = 100000000;

/* A message names the row; the rows before it are undone with it. */
static hcb_status answer_row(hcb__entry *e, hcb__csv *csv) {
    const char *id;
    size_t len;
    int32_t word = 0;
    int64_t price = -1;
    size_t before = e->ctx->diag_errors;
    if (hcb__csv_id(csv, OFFER, &id, &len) == HCB__CELL_EMPTY ||
        hcb__csv_word(csv, ANSWER, answer_words, 2, &word) == HCB__CELL_EMPTY) {
        hcb__where where = hcb__csv_where_row(csv);
        hcb__diag_error(e->ctx, &where, "an offer_id and an answer are needed");
    }
    (void)hcb__csv_money(csv, PRICE, most_pence, &price);
    const char *reason = hcb__csv_text(csv, REASON, &len);
    if (e->ctx->diag_errors != before)
        return HCB_OK;
    hcb_status status = answer_offer(e, id, word == 0, reason, price);
    if (status == HCB_EDATA && e->ctx->diag_errors == before) {
        hcb__where where = hcb__csv_where(csv, OFFER);
        hcb__diag_error(e->ctx, &where, "%s", e->ctx->error.message);
    }
    return status;
}

static hcb_status run_answers(hcb__entry *e, void *payload) {
    const char *path = payload;
    hcb__csv *csv = NULL;
    hcb_status status = hcb__csv_open(&csv, e->ctx, path, path, answer_columns, ANSWER_COLUMNS, NULL, 0);
    while (status == HCB_OK && hcb__csv_next(csv))
        status = answer_row(e, csv);
    hcb__csv_close(csv);
    return status == HCB_OK ? hcb__diag_status(e->ctx) : status;
}

hcb_status hcb_desk_answers(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                            const char *path, int32_t format) {
    if (out)
        *out = NULL;
    if (!path)
        return HCB_EINVAL;
    return hcb__desk_write(out, desk, ctx, stamp, format, run_answers, (void *)(uintptr_t)path);
}

static hcb_status end_dates(hcb__entry *e) {
    hcb__text today;
    hcb__text_init(&today, &e->ctx->mem);
    hcb__text_date(&today, (int32_t)(e->at / HCB__DAY_S));
    HCB__VEC(const char *) ids = {0};
    hcb_status status = today.failed ? hcb__nomem(e->ctx) : HCB_OK;
    sqlite3_stmt *stmt = status == HCB_OK ? hcb__store_bind(e->store,
                                                            "SELECT id FROM package WHERE status <> 'ended' AND "
                                                            "last_day <> '' AND last_day < ?1 ORDER BY id",
                                                            "s", today.at)
                                          : NULL;
    while (hcb__store_next(e->store, stmt)) {
        const char *id = keep(e, hcb__column(stmt, 0));
        if (!HCB__PUSH(&e->ctx->mem, &ids, id))
            e->store->failed = hcb__nomem(e->ctx);
    }
    if (status == HCB_OK)
        status = e->store->failed;
    for (size_t i = 0; i < ids.count && status == HCB_OK; i++) {
        status = hcb__withdraw_offers(e, ids.at[i], "ended");
        if (status != HCB_OK)
            break;
        hcb__json_writer *w = hcb__entry_open(e, HCB__EVENT_ENDED);
        hcb__jw_key_string(w, "package", ids.at[i]);
        hcb__jw_key_string(w, "reason", "last day");
        status = hcb__entry_close(e);
    }
    HCB__VEC_FREE(&e->ctx->mem, &ids);
    hcb__text_free(&today);
    return status;
}

static hcb_status run_expire(hcb__entry *e, void *payload) {
    (void)payload;
    hcb__policy *policy = NULL;
    hcb__offer_rows offers = {0};
    hcb_status status = end_dates(e);
    if (status == HCB_OK)
        status = hcb__desk_policy(&policy, e->desk, e->ctx);
    if (status == HCB_OK)
        status = hcb__offers_of(&offers, e,
                                hcb__store_bind(e->store,
                                                "SELECT " HCB__OFFER_COLUMNS " FROM offer WHERE status = "
                                                "'open' AND due <= ?1 ORDER BY due, id",
                                                "i", e->at));
    for (size_t i = 0; i < offers.count && status == HCB_OK; i++)
        status = decline(e, &offers.at[i], &policy->call_off, HCB__EVENT_EXPIRED, NULL);
    HCB__VEC_FREE(&e->ctx->mem, &offers);
    hcb__policy_free(policy);
    return status;
}

hcb_status hcb_desk_expire(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                           int32_t format) {
    return hcb__desk_write(out, desk, ctx, stamp, format, run_expire, NULL);
}

typedef struct withdraw_job {
    const char *offer, *reason;
} withdraw_job;

static hcb_status run_withdraw(hcb__entry *e, void *payload) {
    const withdraw_job *job = payload;
    hcb__offer_row o = {0};
    hcb_status status = find_offer(e, job->offer, &o);
    if (status == HCB_OK && strcmp(o.status, "open") != 0 && strcmp(o.status, "bid") != 0)
        status = must_be_open(e, &o);
    return status == HCB_OK ? withdraw(e, &o, job->reason ? job->reason : "desk") : status;
}

hcb_status hcb_desk_withdraw(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                             const char *offer, const char *reason, int32_t format) {
    if (out)
        *out = NULL;
    if (!offer)
        return HCB_EINVAL;
    withdraw_job job = {offer, reason};
    return hcb__desk_write(out, desk, ctx, stamp, format, run_withdraw, &job);
}
