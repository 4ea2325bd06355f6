/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policy's call-off rules at work: who is asked next, and who wins a tender. */
#include <stdio.h>
#include <string.h>

#include "desk/offer.h"

static const char *provider_id(const hcb__asked *asked, const hcb__candidate *c) {
    return asked->model->providers[c->choice->provider].id;
}

static hcb_status write_offer(hcb__entry *e, const hcb__asked *asked, const char *package, const hcb__candidate *c,
                              int32_t mode) {
    int32_t q = asked->ranking->package;
    const hcb__call_off *rules = &asked->model->policy->call_off;
    char id[32];
    snprintf(id, sizeof id, "O%06lld", (long long)hcb__store_int(e->store, 0, "SELECT COUNT(*) + 1 FROM offer", ""));
    int64_t hours = rules->answer_hours[hcb__model_priority(asked->model, q) - 1];
    hcb__json_writer *w = hcb__entry_open(e, HCB__EVENT_OFFERED);
    hcb__jw_key_string(w, "offer", id);
    hcb__jw_key_string(w, "package", package);
    hcb__jw_key_string(w, "provider", provider_id(asked, c));
    hcb__jw_key_string(w, "mode", hcb__call_off_words[mode]);
    hcb__jw_key_int(w, "rank", c->choice->rank);
    hcb__jw_key_int(w, "due", e->at + hours * HCB__HOUR_S);
    hcb__jw_key_int(w, "price", c->choice->weekly_pence);
    return hcb__entry_close(e);
}

static const hcb__call_off_route *route_of(const hcb__asked *asked) {
    int64_t cheapest = INT64_MAX;
    for (int32_t i = 0; i < asked->ranking->n_candidates; i++)
        if (asked->ranking->candidates[i].choice->weekly_pence < cheapest)
            cheapest = asked->ranking->candidates[i].choice->weekly_pence;
    return hcb__call_off_route_of(&asked->model->policy->call_off, cheapest);
}

static hcb_status offer_named(hcb__entry *e, const hcb__asked *asked, const char *package, const char *const *providers,
                              int32_t n) {
    int32_t mode = route_of(asked)->method;
    if (mode != HCB__CALL_OFF_TENDER)
        mode = n > 1 ? HCB__CALL_OFF_PARALLEL : HCB__CALL_OFF_SEQUENTIAL;
    hcb_status status = HCB_OK;
    for (int32_t i = 0; i < n && status == HCB_OK; i++) {
        const hcb__candidate *c = hcb__asked_candidate(asked, providers[i]);
        for (int32_t j = 0; j < i; j++)
            if (strcmp(providers[j], providers[i]) == 0)
                return hcb__fail(e->ctx, HCB_EDATA, "provider %s is named twice", providers[i]);
        status = c && !c->n_lacks ? write_offer(e, asked, package, c, mode)
                                  : hcb__asked_refuse(asked, e->ctx, package, providers[i]);
    }
    return status;
}

/* Whether a provider was asked since the package began to wait. */
static bool was_asked(hcb__entry *e, const char *package, const char *provider) {
    return hcb__store_int(e->store, 0,
                          "SELECT COUNT(*) FROM offer, package WHERE offer.package = ?1 AND offer.provider = ?2 AND "
                          "package.id = ?1 AND offer.at >= package.since AND offer.status <> 'withdrawn'",
                          "ss", package, provider) > 0;
}

/* The candidate number i in the order of asking: the plan's provider first where the policy follows the plan. */
static const hcb__candidate *in_order(const hcb__asked *asked, const hcb__candidate *planned, int32_t i) {
    const hcb__candidate *all = asked->ranking->candidates;
    if (!planned)
        return &all[i];
    if (i == 0)
        return planned;
    return planned >= &all[i] ? &all[i - 1] : &all[i];
}

static hcb_status offer_by_rules(hcb__entry *e, const hcb__asked *asked, const char *package, int32_t *n) {
    const hcb__call_off *rules = &asked->model->policy->call_off;
    const hcb__call_off_route *route = route_of(asked);
    const char *plan = NULL;
    if (rules->order == HCB__CALL_OFF_BY_PLAN)
        plan = hcb__store_text(e->store, &e->arena, "SELECT provider FROM plan WHERE package = ?1", "s", package);
    const hcb__candidate *planned = plan ? hcb__asked_candidate(asked, plan) : NULL;
    int64_t most = route->method == HCB__CALL_OFF_SEQUENTIAL ? 1 : route->providers ? route->providers : INT32_MAX;
    hcb_status status = HCB_OK;
    *n = 0;
    for (int32_t i = 0; i < asked->ranking->n_candidates && *n < most && status == HCB_OK; i++) {
        const hcb__candidate *c = in_order(asked, planned, i);
        if (c->n_lacks || was_asked(e, package, provider_id(asked, c)))
            continue;
        status = write_offer(e, asked, package, c, route->method);
        ++*n;
    }
    return status;
}

/* By the rules of the policy, or to named providers. */
static hcb_status make_offer(hcb__entry *e, const char *package, const char *const *providers, int32_t n_providers,
                             bool must) {
    const char *now = hcb__package_status(e, package);
    if (!now)
        return e->store->failed;
    if (strcmp(now, "waiting") != 0)
        return hcb__fail(e->ctx, HCB_EDATA, "package %s does not wait for an offer: it is %s", package, now);
    hcb__asked asked;
    int32_t n = n_providers;
    hcb_status status = hcb__ask(&asked, e, package, false);
    if (status == HCB_OK)
        status = n_providers ? offer_named(e, &asked, package, providers, n_providers)
                             : offer_by_rules(e, &asked, package, &n);
    if (status == HCB_OK && n == 0 && must) {
        int32_t full = 0;
        for (int32_t i = 0; i < asked.ranking->n_candidates; i++)
            full += asked.ranking->candidates[i].n_lacks > 0;
        status = hcb__fail(e->ctx, HCB_EDATA,
                           "nobody is left to ask for package %s: of %d providers that may take it %d have no room and "
                           "%d were asked; %d may not",
                           package, asked.ranking->n_candidates, full, asked.ranking->n_candidates - full,
                           asked.ranking->n_left_out);
    }
    hcb__asked_release(&asked);
    return status;
}

/* The blend of the plans' levels, for a bid instead of a price list: less is better. */
static int64_t worth(const hcb__call_off_route *route, int64_t quality, int64_t cheapest, int64_t price) {
    int64_t cost = price > 0 ? 100 - 100 * cheapest / price : 0;
    return route->weight_quality * (100 - quality) + route->weight_cost * cost;
}

/* The best bid whose provider still has room; NULL: none has. */
static const hcb__offer_row *best_bid(const hcb__asked *asked, const hcb__offer_rows *bids) {
    const hcb__call_off_route *route = route_of(asked);
    int64_t cheapest = INT64_MAX, least = 0;
    const hcb__offer_row *best = NULL;
    for (size_t i = 0; i < bids->count; i++)
        if (bids->at[i].bid < cheapest)
            cheapest = bids->at[i].bid;
    for (size_t i = 0; i < bids->count; i++) {
        const hcb__candidate *c = hcb__asked_candidate(asked, bids->at[i].provider);
        if (!c || c->n_lacks)
            continue;
        int64_t quality = hcb__model_quality(asked->model, c->choice->provider);
        int64_t value = worth(route, quality, cheapest, bids->at[i].bid);
        if (!best || value < least) {
            best = &bids->at[i];
            least = value;
        }
    }
    return best;
}

static hcb_status decide(hcb__entry *e, const char *package, const hcb__offer_rows *bids, bool next) {
    hcb__asked asked;
    hcb_status status = hcb__ask(&asked, e, package, true);
    const hcb__offer_row *best = status == HCB_OK ? best_bid(&asked, bids) : NULL;
    hcb__asked_release(&asked);
    if (status != HCB_OK)
        return status;
    if (best)
        return hcb__place_by(e, best->id, package, best->provider, best->bid);
    status = hcb__withdraw_offers(e, package, "no room");
    return status == HCB_OK && next ? make_offer(e, package, NULL, 0, false) : status;
}

hcb_status hcb__after_answers(hcb__entry *e, const char *package, bool next) {
    int64_t open =
        hcb__store_int(e->store, 0, "SELECT COUNT(*) FROM offer WHERE package = ?1 AND status = 'open'", "s", package);
    if (open > 0 || e->store->failed != HCB_OK)
        return e->store->failed;
    hcb__offer_rows bids;
    hcb_status status =
        hcb__offers_of(&bids, e,
                       hcb__store_bind(e->store,
                                       "SELECT " HCB__OFFER_COLUMNS " FROM offer WHERE package = ?1 AND status = 'bid' "
                                       "ORDER BY rank, id",
                                       "s", package));
    if (status == HCB_OK && bids.count)
        status = decide(e, package, &bids, next);
    else if (status == HCB_OK && next)
        status = make_offer(e, package, NULL, 0, false);
    HCB__VEC_FREE(&e->ctx->mem, &bids);
    return status;
}

typedef struct offer_job {
    const char *package;
    const char *const *providers;
    int32_t n;
} offer_job;

static hcb_status run_offer(hcb__entry *e, void *payload) {
    const offer_job *job = payload;
    return make_offer(e, job->package, job->providers, job->n, true);
}

hcb_status hcb_desk_offer(hcb_text **out, hcb_desk *desk, hcb_context *ctx, const hcb_desk_stamp *stamp,
                          const char *package, const char *const *providers, int32_t n_providers, int32_t format) {
    if (out)
        *out = NULL;
    if (!package || n_providers < 0 || (n_providers && !providers))
        return HCB_EINVAL;
    offer_job job = {package, providers, n_providers};
    return hcb__desk_write(out, desk, ctx, stamp, format, run_offer, &job);
}
