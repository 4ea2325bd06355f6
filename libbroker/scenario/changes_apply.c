/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of providers and prices, on rows as read. */
#include "scenario/changes_apply.h"

#include <string.h>

#include "base/arith.h"
#include "io/hint.h"
#include "model/limits.h"
#include "pricing/buildup.h"

enum { FIRST_OF_ALL = 1, ALL = 10000 };

typedef struct job {
    const hcb__scenario *scenario;
    const char *shown;
    uint64_t seed;
} job;

static int64_t at_most(int64_t value, int64_t limit) {
    return value < limit ? value : limit;
}

static void change_capacity(hcb__loader *l, int32_t k, int64_t change) {
    hcb__provider *p = &l->providers.at[k].p;
    p->capacity = at_most(hcb__changed_by(p->capacity, change), HCB__MOST_CAPACITY);
    for (int b = 0; b < HCB__BLOCKS; b++)
        p->block_capacity[b] = at_most(hcb__changed_by(p->block_capacity[b], change), HCB__MOST_CAPACITY);
    for (size_t i = 0; i < l->coverage.count; i++)
        if (l->coverage.at[i].c.provider == k)
            l->coverage.at[i].c.capacity =
                at_most(hcb__changed_by(l->coverage.at[i].c.capacity, change), HCB__MOST_CAPACITY);
}

/* Whose provider leaves comes first; who waits for it, or is pinned to it, is free. */
static void leave(hcb__loader *l, int32_t k) {
    l->providers.at[k].p.active = false;
    for (size_t i = 0; i < l->packages.count; i++) {
        hcb__package *p = &l->packages.at[i].p;
        if (p->placed && p->provider == k) {
            p->placed = false;
            p->priority = FIRST_OF_ALL;
            p->received = l->model->as_of;
        }
        if (p->provider == k)
            p->provider = -1;
        if (p->pinned == k)
            p->pinned = -1;
    }
}

static void change_provider(hcb__loader *l, const job *j, const hcb__provider_change *change) {
    int32_t k = hcb__idmap_get(&l->model->provider_of_id, change->id, strlen(change->id));
    if (k < 0) {
        hcb__hint hint = hcb__hint_for(change->id, strlen(change->id));
        for (size_t i = 0; i < l->providers.count; i++)
            hcb__hint_try(&hint, l->providers.at[i].p.id);
        hcb__where where = {j->shown, change->line, change->column, "providers"};
        hcb__diag_error(l->ctx, &where, "\"%s\" is not a provider of the workspace%s%s%s", change->id,
                        hint.best ? "; did you mean \"" : "", hint.best ? hint.best : "", hint.best ? "\"?" : "");
        return;
    }
    if (change->leaves)
        leave(l, k);
    if (change->capacity)
        change_capacity(l, k, change->capacity);
    hcb__provider *p = &l->providers.at[k].p;
    if (change->most >= 0 && p->capacity > change->most)
        p->capacity = change->most;
}

static int64_t price_by(int64_t pence, int64_t numerator, int64_t denominator) {
    int64_t changed = hcb__round_div(pence * numerator, denominator);
    return pence < 0 ? pence : at_most(changed, HCB__MOST_PRICE);
}

static void change_prices(hcb__loader *l, int band, int64_t numerator, int64_t denominator) {
    hcb__schedule *prices = l->model->prices;
    for (int32_t z = 0; z < prices->n_zones; z++) {
        int64_t *pence = &prices->pence[z * HCB__BANDS + band];
        *pence = price_by(*pence, numerator, denominator);
    }
    for (size_t i = 0; i < l->coverage.count; i++) {
        int64_t *pence = &l->coverage.at[i].c.price[band];
        *pence = price_by(*pence, numerator, denominator);
    }
}

/* Every price by the ratio of two years' built-up prices. */
static hcb_status change_wage_year(hcb__loader *l, const job *j) {
    const hcb__scenario *s = j->scenario;
    hcb__price_years *years = NULL;
    hcb_status status = hcb__price_years_load(&years, l->ctx, s->wage_file, s->wage_file);
    if (status != HCB_OK)
        return status;
    const char *const wanted[2] = {s->wage_from, s->wage_to};
    int64_t total[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        const hcb__price_year *year = hcb__price_years_find(years, wanted[i]);
        hcb__where where = {j->shown, s->wage_line, s->wage_column, "wage_year"};
        if (year && year->total > 0)
            total[i] = year->total;
        else
            hcb__diag_error(l->ctx, &where, "the year \"%s\" is not in %s", wanted[i], s->wage_file);
    }
    for (int b = 0; total[0] && total[1] && b < HCB__BANDS; b++)
        change_prices(l, b, total[1], total[0]);
    hcb__price_years_free(years);
    return HCB_OK;
}

static hcb_status edit(hcb__loader *l, void *payload) {
    const job *j = payload;
    const hcb__scenario *s = j->scenario;
    /* First: who is drawn must not depend on who leaves. */
    hcb_status status = hcb__change_demand(l, s, j->seed);
    for (int32_t k = 0; s->capacity && k < (int32_t)l->providers.count; k++)
        change_capacity(l, k, s->capacity);
    for (int32_t i = 0; i < s->n_providers; i++)
        change_provider(l, j, &s->providers[i]);
    for (int b = 0; b < HCB__BANDS; b++) {
        if (s->prices)
            change_prices(l, b, ALL + s->prices, ALL);
        if (s->band_prices[b])
            change_prices(l, b, ALL + s->band_prices[b], ALL);
    }
    if (status == HCB_OK && s->wage_to)
        status = change_wage_year(l, j);
    for (size_t k = 0; s->tender && k < l->providers.count; k++)
        l->providers.at[k].p.max_new = -1;
    return status;
}

hcb_status hcb__scenario_model(hcb__model **out, hcb_context *ctx, const hcb__scenario *scenario, const char *shown,
                               uint64_t seed) {
    job j = {scenario, shown, seed};
    const hcb__model_options options = {.files = scenario->files, .plan = scenario->plan, .edit = edit, .payload = &j};
    hcb__model *model = NULL;
    hcb_status status = hcb__model_load(&model, ctx, scenario->base, &options);
    if (status != HCB_OK)
        return status;
    status = hcb__change_roles(model, ctx, scenario);
    if (status == HCB_OK)
        status = hcb__change_refusals(model, ctx, scenario);
    if (status == HCB_OK && !hcb__model_fingerprint(model, &ctx->mem))
        status = hcb__nomem(ctx);
    if (status == HCB_OK)
        *out = model;
    else
        hcb__model_free(model);
    return status;
}
