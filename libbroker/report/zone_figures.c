/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures per zone: of the map alone, or with the people and providers of a workspace. */
#include "report/zone_figures.h"

#include <string.h>

#include "base/options.h"
#include "base/textbuf.h"
#include "io/file.h"
#include "report/zone_shapes.h"
#include "report/zone_map.h"

typedef struct work {
    hcb_context *ctx;
    hcb__arena arena;
    hcb__zone_set *zones;
    hcb__model *model;
    hcb__demand *demand;
    hcb__ledger *ledger;
    hcb__zone_stats *stats;
    hcb__zone_figures figures;
} work;

static hcb_status add_shortage(work *w, int32_t without) {
    hcb__viability_cut cut;
    hcb__ledger_cut(&cut, w->ledger, without);
    if (cut.undone == 0)
        return HCB_OK;
    int32_t *zones = hcb__arena_alloc(&w->arena, (size_t)cut.n_zones, sizeof *zones);
    int32_t *full = hcb__arena_alloc(&w->arena, (size_t)cut.n_full, sizeof *full);
    hcb__shortage s = {without, cut.undone, cut.demand, cut.room, cut.n_zones, cut.n_full, zones, full};
    if (!zones || !full || !HCB__PUSH(&w->ctx->mem, &w->figures.shortages, s))
        return hcb__nomem(w->ctx);
    memcpy(zones, cut.zones, (size_t)cut.n_zones * sizeof *zones);
    memcpy(full, cut.full, (size_t)cut.n_full * sizeof *full);
    return HCB_OK;
}

static void count_cover(hcb__zone_service *services, const hcb__model *model) {
    for (int32_t i = 0; i < model->n_coverage; i++) {
        const hcb__coverage *c = &model->coverage[i];
        const hcb__provider *p = &model->providers[c->provider];
        if (!p->active || model->policy->tier_rank[c->tier] < 0)
            continue;
        services[c->zone].by_tier[c->tier]++;
        services[c->zone].capacity += c->capacity >= 0 && c->capacity < p->capacity ? c->capacity : p->capacity;
    }
}

static hcb_status serve(work *w) {
    const hcb__zone_set *set = w->model->zones;
    size_t n = (size_t)set->n_zones;
    int32_t *zone = hcb__arena_alloc(&w->arena, (size_t)set->n_areas, sizeof *zone);
    hcb__zone_service *services = hcb__arena_alloc(&w->arena, n, sizeof *services);
    hcb__viability_zone *viable = hcb__arena_alloc(&w->arena, n, sizeof *viable);
    if (!zone || !services || !viable)
        return hcb__nomem(w->ctx);
    for (int32_t a = 0; a < set->n_areas; a++)
        zone[a] = set->areas[a].zone;
    if (hcb__demand_create(&w->demand, &w->ctx->mem, w->model) != HCB_OK ||
        hcb__ledger_create(&w->ledger, &w->ctx->mem, w->model, w->demand, zone) != HCB_OK)
        return hcb__nomem(w->ctx);
    hcb__ledger_viability(viable, w->ledger, HCB__ENOUGH_PROVIDERS);
    count_cover(services, w->model);
    for (int32_t z = 0; z < set->n_zones; z++) {
        services[z].sums = w->ledger->zone[z];
        services[z].sharers = w->ledger->sharers[z];
        services[z].viability = viable[z];
        hcb__ledger_costs(&services[z].costs, w->ledger, z);
    }
    w->figures.model = w->model;
    w->figures.service = services;
    w->figures.elsewhere = w->demand->elsewhere;
    hcb_status status = HCB_OK;
    for (int32_t k = -1; status == HCB_OK && k < w->model->n_providers; k++)
        if (k < 0 || w->model->providers[k].active)
            status = add_shortage(w, k);
    return status;
}

static hcb_status measure(work *w) {
    hcb_status status = hcb__zones_stats(&w->stats, w->ctx, w->figures.set);
    w->figures.stats = w->stats;
    return status == HCB_OK && w->model ? serve(w) : status;
}

static void release(work *w) {
    HCB__VEC_FREE(&w->ctx->mem, &w->figures.shortages);
    hcb__ledger_free(w->ledger);
    hcb__demand_free(w->demand);
    hcb__free(&w->ctx->mem, w->stats);
    hcb__zone_set_free(w->zones);
    hcb__model_free(w->model);
    hcb__arena_release(&w->arena);
}

static void put_properties(hcb__json_writer *writer, const void *payload, int32_t zone) {
    hcb__zone_properties(writer, payload, zone);
}

static hcb_status save(work *w, const char *folder) {
    static const char *const names[2] = {"zones.json", "zones.geojson"};
    hcb__text texts[2];
    for (int i = 0; i < 2; i++)
        hcb__text_init(&texts[i], &w->ctx->mem);
    hcb__zone_figures_write(&texts[0], &w->figures, HCB_FORMAT_JSON);
    hcb_status status = hcb__zones_draw(&texts[1], w->ctx, w->figures.set, put_properties, &w->figures);
    if (status == HCB_OK)
        status = hcb__folder_write(w->ctx, folder, names, texts, 2);
    for (int i = 0; i < 2; i++)
        hcb__text_free(&texts[i]);
    return status;
}

static hcb_status print(work *w, hcb_text **out, int32_t format) {
    hcb_status status = hcb__text_handle(out, w->ctx);
    if (status != HCB_OK)
        return status;
    hcb__zone_figures_write(hcb__text_of(*out), &w->figures, format);
    return hcb__text_finish(out, w->ctx);
}

hcb_status hcb_zones_stats(hcb_text **out, hcb_context *ctx, const char *folder,
                           const hcb_zone_stats_options *options) {
    if (!out || !ctx || !folder)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_zone_stats_options o;
    status = hcb__options_take(ctx, &o, "hcb_zone_stats_options", options);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    work w = {.ctx = ctx};
    hcb__arena_init(&w.arena, &ctx->mem);
    status = hcb__zones_of_workspace(&w.zones, o.map_only ? NULL : &w.model, ctx, folder);
    w.figures.set = w.zones;
    if (status == HCB_OK)
        status = measure(&w);
    if (status == HCB_OK && o.out)
        status = save(&w, o.out);
    if (status == HCB_OK)
        status = print(&w, out, o.format);
    release(&w);
    return hcb__end(ctx, status);
}

hcb_status hcb_zone_map_stats(hcb_text **out, hcb_context *ctx, const hcb_zone_map *map, int32_t format) {
    if (!out || !ctx || !map || format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    work w = {.ctx = ctx, .figures.set = map->set};
    hcb__arena_init(&w.arena, &ctx->mem);
    status = measure(&w);
    if (status == HCB_OK)
        status = print(&w, out, format);
    release(&w);
    return hcb__end(ctx, status);
}
