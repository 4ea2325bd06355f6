/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/options.h"
#include "base/textbuf.h"
#include "base/worker.h"
#include "io/file.h"
#include "model/handle.h"
#include "report/design_report.h"
#include "zones/topology_areas.h"

enum { DEFAULT_THREADS = 2 };

typedef struct work {
    hcb_context *ctx;
    hcb_design_options o;
    const hcb__model *model;
    hcb__arena arena;
    hcb__demand *demand;
    hcb__adjacency *adjacency;
    hcb__map_rules *rules;
    hcb__mapping *mapping;
    hcb__proposal *proposal;
    hcb__clash clash;
    hcb__design_figures figures;
    bool hopeless;
    hcb_status status; /* of the thread */
} work;

static hcb_status prepare(work *w) {
    const hcb__zone_set *set = w->model->zones;
    for (int32_t a = 0; a < set->n_areas; a++)
        if (set->areas[a].polygon.n_parts == 0)
            return hcb__fail(w->ctx, HCB_EGEOMETRY,
                             "area %s has no polygon: a new map needs areas with polygons (areas.geojson)",
                             set->areas[a].id);
    if (set->n_areas < set->n_zones || set->n_zones < 2)
        return hcb__fail(w->ctx, HCB_EDATA, "%d areas in %d zones: nothing can be designed", set->n_areas,
                         set->n_zones);
    hcb_status status = hcb__map_rules_read(&w->rules, w->ctx, w->model, w->o.rules);
    hcb__topology *topology = NULL;
    if (status == HCB_OK)
        status = hcb__demand_create(&w->demand, &w->ctx->mem, w->model);
    if (status == HCB_OK && !w->o.rules)
        status = hcb__map_rules_default(w->rules, w->ctx, w->model, w->demand);
    if (status == HCB_OK)
        status = hcb__topology_of_areas(&topology, &w->ctx->mem, set);
    if (status == HCB_OK)
        status = hcb__adjacency_create(&w->adjacency, &w->ctx->mem, topology);
    hcb__topology_free(topology);
    if (status == HCB_OK)
        status = hcb__mapping_create(&w->mapping, w->ctx, w->model, w->demand, w->adjacency, w->rules, NULL);
    return status == HCB_ENOMEM ? hcb__nomem(w->ctx) : status;
}

static void search(hcb__worker *worker, void *payload) {
    work *w = payload;
    hcb__proposal_options o = {w->o.seed, w->o.threads, w->o.time_limit_s, w->o.work_limit, w->o.ensemble, w->hopeless};
    w->status = hcb__propose(&w->proposal, &w->ctx->mem, w->mapping, &o, worker);
}

/* Why there is no legal map. */
static hcb_status look_for_clash(work *w) {
    size_t n = w->rules->rules.count;
    w->clash.in = hcb__arena_alloc(&w->arena, n, sizeof *w->clash.in);
    w->clash.drops_help = hcb__arena_alloc(&w->arena, n, sizeof *w->clash.drops_help);
    if (!w->clash.in || !w->clash.drops_help)
        return hcb__nomem(w->ctx);
    w->figures.clash = &w->clash;
    return hcb__clash_find(&w->clash, w->ctx, w->model, w->demand, w->adjacency, w->rules, w->o.seed);
}

static hcb_status solve(work *w) {
    bool stopped;
    hcb_status status = hcb__clash_at_sight(&w->hopeless, w->ctx, w->model, w->demand, w->adjacency, w->rules);
    if (status == HCB_OK)
        status = hcb__worker_run(w->ctx, search, w, &stopped);
    if (status != HCB_OK)
        return status;
    if (w->status != HCB_OK)
        return w->status == HCB_ENOMEM ? hcb__nomem(w->ctx) : hcb__fail(w->ctx, w->status, "the search failed");
    w->figures.model = w->model;
    w->figures.mapping = w->mapping;
    w->figures.proposal = w->proposal;
    w->figures.rules = w->rules;
    w->figures.outcome = HCB_DESIGN_PROPOSED;
    if (!w->proposal->legal) {
        status = look_for_clash(w);
        w->figures.outcome = w->clash.proved ? HCB_DESIGN_CLASH : HCB_DESIGN_UNKNOWN;
    }
    if (status == HCB_OK && !hcb__design_phases(&w->figures, &w->arena))
        status = hcb__nomem(w->ctx);
    return status;
}

enum { FILES = 5 };

static hcb_status save(work *w) {
    static const char *const names[FILES] = {"design.json", "plan.csv", "moves.csv", "zones.geojson",
                                             "zones_before.geojson"};
    hcb__text texts[FILES];
    hcb__file_set *set = NULL;
    int n = w->figures.outcome == HCB_DESIGN_PROPOSED ? FILES : 1;
    for (int i = 0; i < FILES; i++)
        hcb__text_init(&texts[i], &w->ctx->mem);
    hcb__design_json(&texts[0], &w->figures);
    hcb_status status = HCB_OK;
    if (n > 1) {
        hcb__design_plan_csv(&texts[1], &w->figures);
        hcb__design_moves_csv(&texts[2], &w->figures);
        status = hcb__design_map(&texts[3], w->ctx, &w->figures, w->proposal->zone);
        if (status == HCB_OK)
            status = hcb__design_map(&texts[4], w->ctx, &w->figures, w->mapping->today);
    }
    if (status == HCB_OK)
        status = hcb__file_set_create(&set, w->ctx);
    if (status == HCB_OK)
        status = hcb__file_set_folder(set, w->o.out);
    for (int i = 0; status == HCB_OK && i < n; i++) {
        char *path = hcb__path_join(&w->arena, w->o.out, names[i]);
        status =
            texts[i].failed || !path ? hcb__nomem(w->ctx) : hcb__file_set_add(set, path, texts[i].at, texts[i].count);
    }
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    for (int i = 0; i < FILES; i++)
        hcb__text_free(&texts[i]);
    return status;
}

static hcb_status print(work *w, hcb_text **out) {
    hcb_status status = hcb__text_handle(out, w->ctx);
    if (status != HCB_OK)
        return status;
    if (w->o.format == HCB_FORMAT_JSON)
        hcb__design_json(hcb__text_of(*out), &w->figures);
    else if (w->o.format == HCB_FORMAT_CSV)
        hcb__design_moves_csv(hcb__text_of(*out), &w->figures);
    else
        hcb__design_text(hcb__text_of(*out), &w->figures);
    return hcb__text_finish(out, w->ctx);
}

hcb_status hcb_zones_design(hcb_text **out, int32_t *outcome, hcb_context *ctx, const hcb_workspace *workspace,
                            const hcb_design_options *options) {
    if (!out || !outcome || !ctx || !workspace)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    work w = {.ctx = ctx, .model = workspace->model};
    hcb__arena_init(&w.arena, &ctx->mem);
    status = hcb__options_take(ctx, &w.o, "hcb_design_options", options);
    w.o.threads = w.o.threads ? w.o.threads : DEFAULT_THREADS;
    if (status == HCB_OK)
        status = prepare(&w);
    if (status == HCB_OK)
        status = solve(&w);
    if (status == HCB_OK && w.o.out)
        status = save(&w);
    if (status == HCB_OK)
        status = print(&w, out);
    *outcome = w.figures.outcome;
    hcb__proposal_free(w.proposal);
    hcb__mapping_free(w.mapping);
    hcb__map_rules_free(w.rules);
    hcb__adjacency_free(w.adjacency);
    hcb__demand_free(w.demand);
    hcb__arena_release(&w.arena);
    return hcb__end(ctx, status);
}
