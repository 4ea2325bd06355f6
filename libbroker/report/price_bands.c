/* SPDX-License-Identifier: GPL-3.0-or-later */
/* price bands: what each band's price can carry, and what the work needs. */
#include "report/price_bands.h"
#include "base/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "io/csv.h"
#include "io/file.h"
#include "report/price_text.h"
#include "scenario/folder.h"

int32_t hcb__base_band(const hcb__schedule *prices, int32_t zone) {
    for (int32_t b = 0; b < HCB__BANDS; b++)
        if (hcb__schedule_price(prices, zone, b) >= 0)
            return b;
    return -1;
}

int64_t hcb__overhead_of(const hcb__price_bands *bands, int32_t zone) {
    int32_t base = hcb__base_band(bands->prices, zone);
    int64_t price = base >= 0 ? hcb__schedule_price(bands->prices, zone, base) : 0;
    return hcb__round_div(price * bands->overhead, 10000);
}

int64_t hcb__minutes_needed(const hcb__offer *offer, int32_t unit) {
    /* seconds for each minute of care are minutes for each hour of it */
    return offer->carer_minutes ? hcb__round_div(offer->travel_seconds * unit, offer->carer_minutes) : 0;
}

int64_t hcb__minutes_paid(const hcb__price_bands *bands, const hcb__offer *offer, int32_t unit) {
    if (!offer->carer_minutes)
        return 0;
    return hcb__minutes_for(&bands->pay, hcb__round_div(offer->left, offer->carer_minutes), unit);
}

int64_t hcb__margin_pence(const hcb__offer *offer) {
    return hcb__floor_div(offer->margin, hcb__margin_unit);
}

/* Reads who serves whom from a file of the plan; `provider` is not set where the file has no such column (they wait).
 */
static hcb_status read_plan_file(const hcb__model *model, hcb_context *ctx, const char *path, const char *shown,
                                 bool waiting, int32_t *serves) {
    static const hcb__csv_column placed[] = {{"package_id", true},
                                             {"provider_id", true},
                                             {"tier", false},
                                             {"zone_id", false},
                                             {"band", false},
                                             {"carer_minutes", false},
                                             {"price_pence_per_hour", false},
                                             {"weekly_cost_pence", false},
                                             {"travel_minutes", false},
                                             {"quality", false},
                                             {"rank", false},
                                             {"previous_provider", false}};
    static const hcb__csv_column left[] = {{"package_id", true},     {"zone_id", false},  {"band", false},
                                           {"carer_minutes", false}, {"priority", false}, {"days_waiting", false},
                                           {"reason", false},        {"detail", false}};
    hcb__csv *csv = NULL;
    hcb_status status = hcb__csv_open(&csv, ctx, path, shown, waiting ? left : placed,
                                      waiting ? sizeof left / sizeof *left : sizeof placed / sizeof *placed, NULL, 0);
    if (status != HCB_OK)
        return status;
    while (hcb__csv_next(csv)) {
        size_t len[2] = {0};
        const char *package = hcb__csv_text(csv, 0, &len[0]), *provider = hcb__csv_text(csv, 1, &len[1]);
        int32_t p = package ? hcb__idmap_get(&model->package_of_id, package, len[0]) : -1;
        int32_t k = !waiting && provider ? hcb__idmap_get(&model->provider_of_id, provider, len[1]) : -1;
        if (p < 0) {
            hcb__where where = hcb__csv_where(csv, 0);
            hcb__diag_error(ctx, &where, "\"%s\" is not a package of the workspace", package ? package : "");
        } else if (!waiting && k < 0) {
            hcb__where where = hcb__csv_where(csv, 1);
            hcb__diag_error(ctx, &where, "\"%s\" is not a provider of the workspace", provider ? provider : "");
        } else {
            serves[p] = k;
        }
    }
    hcb__csv_close(csv);
    return HCB_OK;
}

static hcb_status read_plan(const hcb__model *model, hcb_context *ctx, hcb__arena *arena, const char *plan,
                            int32_t *serves) {
    static const char *const names[] = {"allocations.csv", "waiting.csv"};
    hcb_status status = HCB_OK;
    for (int f = 0; f < 2 && status == HCB_OK; f++) {
        const char *path = hcb__path_join(arena, plan, names[f]);
        status = path ? read_plan_file(model, ctx, path, path, f == 1, serves) : hcb__nomem(ctx);
    }
    return status == HCB_OK ? hcb__diag_status(ctx) : status;
}

static bool add_work(hcb__offer *offer, int64_t minutes, int64_t seconds, int64_t left, int64_t margin) {
    offer->packages++;
    offer->below += margin < 0;
    return hcb__add(offer->carer_minutes, minutes, &offer->carer_minutes) &&
           hcb__add(offer->travel_seconds, seconds, &offer->travel_seconds) &&
           hcb__add(offer->left, left, &offer->left) && hcb__add(offer->margin, margin, &offer->margin);
}

/* One package at its provider, into the three sums it counts in. */
static bool add_package(const hcb__price_bands *bands, const hcb__travel_table *table, int32_t package,
                        int32_t provider, hcb__offer *sums[3]) {
    const hcb__package *p = &bands->model->packages[package];
    int64_t price = hcb__model_price(bands->model, package, provider);
    if (price < 0) {
        for (int i = 0; i < 3; i++) {
            sums[i]->packages++;
            sums[i]->unpriced++;
        }
        return true;
    }
    int64_t overhead = hcb__overhead_of(bands, p->zone), seconds, left, margin;
    if (!hcb__mul(p->carer_visits, hcb__travel_seconds(table, package, provider, NULL), &seconds) ||
        !hcb__mul(p->carer_minutes, hcb__left_for_travel(&bands->pay, price, overhead), &left) ||
        !hcb__margin(&bands->pay, price, overhead, p->carer_minutes, seconds, &margin))
        return false;
    for (int i = 0; i < 3; i++)
        if (!add_work(sums[i], p->carer_minutes, seconds, left, margin))
            return false;
    return true;
}

typedef struct pair {
    int32_t provider, zone, package;
} pair;

static int by_pair(const void *a, const void *b) {
    const pair *x = a, *y = b;
    if (x->provider != y->provider)
        return x->provider < y->provider ? -1 : 1;
    if (x->zone != y->zone)
        return x->zone < y->zone ? -1 : 1;
    return (x->package > y->package) - (x->package < y->package);
}

static hcb_status add_offers(hcb__price_bands *bands, hcb_context *ctx, hcb__arena *arena, const pair *pairs,
                             int32_t n) {
    const hcb__model *model = bands->model;
    bands->offers = hcb__arena_alloc(arena, (size_t)n, sizeof *bands->offers);
    bands->by_zone = hcb__arena_alloc(arena, (size_t)model->zones->n_zones, sizeof *bands->by_zone);
    if (!bands->offers || !bands->by_zone)
        return hcb__nomem(ctx);
    bands->all = (hcb__offer){.provider = -1, .zone = -1};
    for (int32_t z = 0; z < model->zones->n_zones; z++)
        bands->by_zone[z] = (hcb__offer){.provider = -1, .zone = z};
    hcb__travel_table *table = NULL;
    hcb_status status = hcb__travel_table_create(&table, &ctx->mem, model);
    if (status != HCB_OK)
        return hcb__fail(ctx, status, "the travel table cannot be made");
    for (int32_t i = 0; i < n && status == HCB_OK; i++) {
        const pair *p = &pairs[i];
        if (i == 0 || p->provider != pairs[i - 1].provider || p->zone != pairs[i - 1].zone)
            bands->offers[bands->n_offers++] = (hcb__offer){.provider = p->provider, .zone = p->zone};
        hcb__offer *sums[3] = {&bands->offers[bands->n_offers - 1], &bands->by_zone[p->zone], &bands->all};
        if (!add_package(bands, table, p->package, p->provider, sums))
            status =
                hcb__fail(ctx, HCB_ELIMIT, "the sums pass 64 bits at package \"%s\"", model->packages[p->package].id);
    }
    hcb__travel_table_free(table);
    return status;
}

hcb_status hcb__price_bands_find(hcb__price_bands *bands, hcb_context *ctx, hcb__arena *arena) {
    const hcb__model *model = bands->model;
    int32_t n = model->n_packages + model->n_placements, n_pairs = 0;
    int32_t *serves = hcb__arena_alloc(arena, (size_t)n, sizeof *serves);
    pair *pairs = hcb__arena_alloc(arena, (size_t)n, sizeof *pairs);
    if (!serves || !pairs)
        return hcb__nomem(ctx);
    for (int32_t i = 0; i < n; i++)
        serves[i] = model->packages[i].placed ? model->packages[i].provider : -1;
    if (bands->plan) {
        hcb_status status = read_plan(model, ctx, arena, bands->plan, serves);
        if (status != HCB_OK)
            return status;
    }
    for (int32_t i = 0; i < n; i++)
        if (serves[i] >= 0)
            pairs[n_pairs++] = (pair){serves[i], model->packages[i].zone, i};
    if (n_pairs)
        qsort(pairs, (size_t)n_pairs, sizeof *pairs, by_pair);
    return add_offers(bands, ctx, arena, pairs, n_pairs);
}

typedef struct request {
    hcb__price_bands bands;
    int32_t format;
    bool offers;
    hcb__zone_set *zones; /* owned, where no model is */
    hcb__schedule *prices;
    hcb__model *model;
} request;

/* The map and the prices alone: a workspace before its providers are known. */
static hcb_status load_prices(request *r, hcb_context *ctx, hcb__folder *folder) {
    const hcb__workspace_file *prices = &folder->ws->files[HCB__FILE_PRICES];
    hcb__where where = {hcb__workspace_name, 1, 1, "prices"};
    if (!prices->name) {
        hcb__diag_error(ctx, &where, "the key \"prices\" is missing");
        return hcb__diag_status(ctx);
    }
    folder->map.skip_overlaps = true;
    hcb_status status = hcb__zone_set_load(&r->zones, ctx, &folder->map);
    if (status == HCB_OK)
        status = hcb__schedule_load(&r->prices, ctx, prices->path, prices->name, prices->renames, prices->n_renames,
                                    r->zones, folder->ws->as_of);
    if (status == HCB_OK)
        status = hcb__diag_status(ctx);
    r->bands.zones = r->zones;
    r->bands.prices = r->prices;
    return status;
}

static hcb_status load(request *r, hcb_context *ctx, const char *dir, bool offers) {
    hcb__folder *folder = NULL;
    hcb_status status = hcb__folder_open(&folder, ctx, dir);
    if (status != HCB_OK)
        return status;
    status = r->bands.plan || (offers && hcb__folder_served(folder))
                 ? hcb__model_load(&r->model, ctx, dir, &(hcb__model_options){0})
                 : load_prices(r, ctx, folder);
    hcb__folder_close(folder);
    if (r->model) {
        r->bands.model = r->model;
        r->bands.zones = r->model->zones;
        r->bands.prices = r->model->prices;
    }
    return status;
}

static hcb_status write(hcb__text *out, hcb_context *ctx, void *what) {
    (void)ctx;
    const request *r = what;
    if (r->format == HCB_FORMAT_JSON)
        hcb__price_bands_json(out, &r->bands);
    else if (r->format == HCB_FORMAT_CSV)
        hcb__price_bands_csv(out, &r->bands, r->offers);
    else
        hcb__price_bands_text(out, &r->bands);
    return HCB_OK;
}

hcb_status hcb_price_bands(hcb_text **out, hcb_context *ctx, const char *folder, const hcb_price_bands_options *options,
                           int32_t format) {
    hcb_price_bands_options taken;
    const hcb_price_bands_options *const o = &taken;
    if (!out || !ctx || !folder || format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    status = hcb__options_take(ctx, &taken, "hcb_price_bands_options", options);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    request r = {.format = format, .offers = o->offers != 0};
    r.bands.pay = (hcb__travel_pay){o->wage_pence, o->on_cost, o->per_mile, o->speed};
    r.bands.overhead = o->overhead;
    r.bands.plan = o->plan;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    status = load(&r, ctx, folder, r.offers || format != HCB_FORMAT_CSV);
    if (status == HCB_OK && r.model)
        status = hcb__price_bands_find(&r.bands, ctx, &arena);
    if (status == HCB_OK)
        status = hcb__price_write(out, ctx, write, &r);
    hcb__arena_release(&arena);
    hcb__model_free(r.model);
    hcb__schedule_free(r.prices);
    hcb__zone_set_free(r.zones);
    return hcb__end(ctx, status);
}
