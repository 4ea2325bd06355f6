/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session of moves as other programs see it. */
#include "report/zone_move.h"
#include "base/options.h"

#include <string.h>

#include "model/handle.h"
#include "report/zone_map.h"

/* A zone should have so many viable providers. */
enum { ENOUGH = HCB__ENOUGH_PROVIDERS };
/* What asking for the providers of a map costs, in maps looked at. */
enum { VIABILITY_STATES = 20 };

static hcb_status open_ledger(hcb_zone_session *s, hcb_context *ctx) {
    const hcb__model *model = s->workspace->model;
    size_t units = (size_t)s->set->n_areas + 1, zones = (size_t)s->set->n_zones + 1;
    s->ledger_zone = hcb__calloc(&ctx->mem, units, sizeof *s->ledger_zone);
    s->shifted = hcb__calloc(&ctx->mem, units, sizeof *s->shifted);
    s->was = hcb__calloc(&ctx->mem, units, sizeof *s->was);
    s->tried = hcb__calloc(&ctx->mem, units, sizeof *s->tried);
    s->n_tried = -1;
    s->viability = hcb__calloc(&ctx->mem, zones, sizeof *s->viability);
    s->viability_then = hcb__calloc(&ctx->mem, zones, sizeof *s->viability_then);
    if (!s->ledger_zone || !s->shifted || !s->was || !s->tried || !s->viability || !s->viability_then)
        return hcb__nomem(ctx);
    for (int32_t a = 0; a < s->set->n_areas; a++)
        s->ledger_zone[a] = s->set->areas[a].zone;
    if (hcb__demand_create(&s->demand, &ctx->mem, model) != HCB_OK ||
        hcb__ledger_create(&s->ledger, &ctx->mem, model, s->demand, s->ledger_zone) != HCB_OK)
        return hcb__nomem(ctx);
    hcb__ledger_viability(s->viability, s->ledger, ENOUGH);
    return HCB_OK;
}

static void shift_one(hcb_zone_session *s, int32_t unit, int32_t zone) {
    if (s->ledger_zone[unit] == zone)
        return;
    s->shifted[s->n_shifted] = unit;
    s->was[s->n_shifted++] = s->ledger_zone[unit];
    hcb__ledger_shift(s->ledger, unit, s->ledger_zone[unit], zone);
    s->ledger_zone[unit] = zone;
}

/* The ledger with the units in the zone; the figures must be read before shift_back(). */
static void shift(hcb_zone_session *s, const int32_t *units, size_t n, int32_t zone) {
    s->n_shifted = 0;
    for (size_t i = 0; i < n; i++)
        shift_one(s, units[i], zone);
}

static void shift_back(hcb_zone_session *s) {
    while (s->n_shifted > 0) {
        int32_t u = s->shifted[--s->n_shifted];
        hcb__ledger_shift(s->ledger, u, s->ledger_zone[u], s->was[s->n_shifted]);
        s->ledger_zone[u] = s->was[s->n_shifted];
    }
}

static hcb_status create(hcb_zone_session *s, hcb_context *ctx) {
    int32_t n = s->set->n_areas;
    for (int32_t a = 0; a < n; a++)
        if (s->set->areas[a].polygon.n_parts == 0)
            return hcb__fail(ctx, HCB_EGEOMETRY,
                             "area %s has no polygon: moves need areas with polygons (areas.geojson)",
                             s->set->areas[a].id);
    int64_t *minutes = hcb__calloc(&ctx->mem, (size_t)n + 1, sizeof *minutes);
    s->repair = hcb__calloc(&ctx->mem, (size_t)n + 1, sizeof *s->repair);
    s->repair_to = hcb__calloc(&ctx->mem, (size_t)n + 1, sizeof *s->repair_to);
    hcb_status status = minutes && s->repair && s->repair_to ? HCB_OK : hcb__nomem(ctx);
    if (status == HCB_OK && s->workspace)
        status = open_ledger(s, ctx);
    for (int32_t a = 0; status == HCB_OK && s->demand && a < n; a++)
        minutes[a] = s->demand->unit[a].minutes;
    if (status == HCB_OK)
        status = hcb__session_create(&s->session, ctx, s->set, minutes);
    hcb__free(&ctx->mem, minutes);
    return status;
}

static hcb_status begin(hcb_zone_session **out, hcb_context *ctx, const hcb_workspace *workspace,
                        const hcb__zone_set *set) {
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_zone_session *s = hcb__calloc(&ctx->mem, 1, sizeof *s);
    if (!s)
        return hcb__end(ctx, hcb__nomem(ctx));
    s->mem = ctx->mem;
    s->workspace = workspace ? hcb__workspace_retain(workspace) : NULL;
    s->set = set;
    s->report_repairs.struct_size = sizeof s->report_repairs;
    status = create(s, ctx);
    if (status == HCB_OK)
        *out = s;
    else
        hcb_zone_session_free(s);
    return hcb__end(ctx, status);
}

hcb_status hcb_zone_session_create(hcb_zone_session **out, hcb_context *ctx, const hcb_workspace *workspace) {
    if (!out || !ctx || !workspace)
        return HCB_EINVAL;
    *out = NULL;
    return begin(out, ctx, workspace, workspace->model->zones);
}

hcb_status hcb_zone_session_create_map(hcb_zone_session **out, hcb_context *ctx, const hcb_zone_map *map) {
    if (!out || !ctx || !map)
        return HCB_EINVAL;
    *out = NULL;
    return begin(out, ctx, NULL, map->set);
}

void hcb_zone_session_free(hcb_zone_session *s) {
    if (!s)
        return;
    hcb__session_free(s->session);
    hcb__ledger_free(s->ledger);
    hcb__demand_free(s->demand);
    hcb_workspace_free(s->workspace);
    hcb_allocator mem = s->mem;
    hcb__free(&mem, s->ledger_zone);
    hcb__free(&mem, s->shifted);
    hcb__free(&mem, s->was);
    hcb__free(&mem, s->tried);
    hcb__free(&mem, s->viability);
    hcb__free(&mem, s->viability_then);
    hcb__free(&mem, s->repair);
    hcb__free(&mem, s->repair_to);
    hcb__free(&mem, s);
}

int32_t hcb_zone_session_unit_count(const hcb_zone_session *s) {
    return s ? s->set->n_areas : 0;
}

int32_t hcb_zone_session_zone_count(const hcb_zone_session *s) {
    return s ? s->set->n_zones : 0;
}

const char *hcb_zone_session_unit_id(const hcb_zone_session *s, int32_t i) {
    return s && i >= 0 && i < s->set->n_areas ? s->set->areas[i].id : NULL;
}

const char *hcb_zone_session_zone_id(const hcb_zone_session *s, int32_t i) {
    return s && i >= 0 && i < s->set->n_zones ? s->set->zones[i].id : NULL;
}

int32_t hcb_zone_session_find_unit(const hcb_zone_session *s, const char *id) {
    return s && id ? hcb__idmap_get(&s->set->area_of_id, id, strlen(id)) : -1;
}

int32_t hcb_zone_session_find_zone(const hcb_zone_session *s, const char *id) {
    return s && id ? hcb__idmap_get(&s->set->zone_of_id, id, strlen(id)) : -1;
}

int32_t hcb_zone_session_unit_zone(const hcb_zone_session *s, int32_t i) {
    return s && i >= 0 && i < s->set->n_areas ? hcb__session_zones(s->session)[i] : -1;
}

static bool was_tried(const hcb_zone_session *s, const int32_t *units, size_t n, int32_t zone) {
    return s->n_tried == (int64_t)n && s->tried_zone == zone &&
           (n == 0 || memcmp(s->tried, units, n * sizeof *units) == 0);
}

static void remember(hcb_zone_session *s, const int32_t *units, size_t n, int32_t zone) {
    s->n_tried = n <= (size_t)s->set->n_areas ? (int64_t)n : -1;
    s->tried_zone = zone;
    if (s->n_tried > 0)
        memcpy(s->tried, units, n * sizeof *units);
}

/* With fewer viable providers than it needs, and fewer than before. */
static bool lacks_providers(const hcb_zone_session *s, int32_t zone, int64_t minutes) {
    int32_t then = s->viability_then[zone].together;
    return minutes > 0 && then < ENOUGH && then < s->viability[zone].together;
}

/* Whether a zone that changes is left with fewer viable providers than it needs, and fewer than before. Leaves the
 * providers of all zones with the move in viability_then. */
static int32_t unviable(hcb_zone_session *s, const hcb__move *move, const int32_t *units, size_t n, int32_t zone) {
    int32_t problem = 0;
    if (!was_tried(s, units, n, zone)) {
        shift(s, units, n, zone);
        hcb__ledger_viability(s->viability_then, s->ledger, ENOUGH);
        shift_back(s);
        remember(s, units, n, zone);
    }
    for (int32_t k = 0; k < move->n_changed; k++)
        if (lacks_providers(s, move->changed[k], move->after[k].minutes))
            problem = HCB_MOVE_UNVIABLE;
    return problem;
}

hcb_status hcb_zone_session_try(hcb_zone_move *out, hcb_zone_session *s, const int32_t *units, size_t n, int32_t zone) {
    if (!out || !s || (n && !units))
        return HCB_EINVAL;
    if (!hcb__struct_size_ok(out->struct_size))
        return HCB_EVERSION;
    hcb__move move;
    hcb_status status = hcb__session_try(&move, s->session, units, n, zone);
    if (status != HCB_OK)
        return status;
    if (s->ledger)
        move.problems |= unviable(s, &move, units, n, zone);
    hcb_zone_move found = {sizeof found, move.problems, move.n_moved, 0, move.minutes_moved, move.people10_moved};
    return hcb__result_give(out, &found, sizeof found);
}

/* The rule of two viable providers, for zones that units leave or join. */
static bool stays_viable(void *payload, const int32_t *units, const int32_t *to, int32_t n) {
    hcb_zone_session *s = payload;
    bool good = true;
    s->n_shifted = 0;
    for (int32_t i = 0; i < n; i++)
        shift_one(s, units[i], to[i]);
    hcb__ledger_viability(s->viability_then, s->ledger, ENOUGH);
    for (int32_t i = 0; i < s->n_shifted; i++) {
        const int32_t changed[] = {s->was[i], s->ledger_zone[s->shifted[i]]};
        for (int k = 0; k < 2; k++)
            good = good && (changed[k] < 0 || !lacks_providers(s, changed[k], s->ledger->zone[changed[k]].minutes));
    }
    shift_back(s);
    s->n_tried = -1;
    return good;
}

static bool has_people(void *payload, int32_t unit) {
    const hcb_zone_session *s = payload;
    return s->demand->unit[unit].packages > 0;
}

hcb_status hcb__zone_session_repair(hcb_zone_repair *out, hcb_context *ctx, hcb_zone_session *s, const int32_t *units,
                                    size_t n, int32_t zone, const hcb_zone_repair_options *options) {
    hcb_zone_repair_options o;
    hcb_status status = hcb__options_take(ctx, &o, "hcb_zone_repair_options", options);
    if (status != HCB_OK)
        return status;
    hcb__repair_options how = {.most_units = o.most_units, .most_states = o.most_states};
    if (s->ledger)
        how.rule = (hcb__repair_rule){stays_viable, has_people, s, VIABILITY_STATES};
    hcb__repair found;
    status = hcb__session_repair(&found, s->session, units, n, zone, &how);
    if (status == HCB_ENOMEM)
        return hcb__nomem(ctx);
    if (status != HCB_OK)
        return hcb__fail(ctx, status, "units or zone are not of this map, or a limit is out of its bounds");
    s->n_repair = found.n > 0 ? found.n : 0;
    for (int32_t i = 0; i < s->n_repair; i++) {
        s->repair[i] = found.unit[i];
        s->repair_to[i] = found.zone[i];
    }
    *out = (hcb_zone_repair){sizeof *out, found.n, found.proof, found.none_up_to, found.minutes, found.states};
    return HCB_OK;
}

hcb_status hcb_zone_session_repair(hcb_zone_repair *out, hcb_context *ctx, hcb_zone_session *s, const int32_t *units,
                                   size_t n, int32_t zone, const hcb_zone_repair_options *options) {
    if (!out || !ctx || !s || (n && !units))
        return HCB_EINVAL;
    if (!hcb__struct_size_ok(out->struct_size))
        return HCB_EVERSION;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_zone_repair found;
    status = hcb__zone_session_repair(&found, ctx, s, units, n, zone, options);
    if (status == HCB_OK)
        status = hcb__result_give(out, &found, sizeof found);
    return hcb__end(ctx, status);
}

hcb_status hcb_zone_session_limit_repairs(hcb_context *ctx, hcb_zone_session *s,
                                          const hcb_zone_repair_options *options) {
    if (!ctx || !s)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_zone_repair_options o;
    status = hcb__options_take(ctx, &o, "hcb_zone_repair_options", options);
    if (status == HCB_OK)
        s->report_repairs = o;
    return hcb__end(ctx, status);
}

int32_t hcb_zone_session_repair_unit(const hcb_zone_session *s, int32_t i) {
    return s && i >= 0 && i < s->n_repair ? s->repair[i] : -1;
}

int32_t hcb_zone_session_repair_zone(const hcb_zone_session *s, int32_t i) {
    return s && i >= 0 && i < s->n_repair ? s->repair_to[i] : -1;
}

static hcb_zone_costs costs_of(const hcb_zone_session *s, const hcb__viability_zone *v, int32_t zone) {
    hcb__zone_costs c;
    hcb__ledger_costs(&c, s->ledger, zone);
    return (hcb_zone_costs){.struct_size = sizeof(hcb_zone_costs),
                            .together = v->together,
                            .viable = v->viable,
                            .exposed = v->exposed,
                            .pence = c.pence,
                            .travel_seconds = c.travel.seconds,
                            .travel_error_seconds = c.travel.error_seconds,
                            .needed = c.needed,
                            .carried = c.carried};
}

hcb_status hcb_zone_session_costs(hcb_zone_costs *before, hcb_zone_costs *after, hcb_zone_session *s,
                                  const int32_t *units, size_t n, int32_t zone, int32_t of) {
    hcb_zone_move move = {.struct_size = sizeof move};
    if (!before || !after || !s || of < 0 || of >= s->set->n_zones)
        return HCB_EINVAL;
    if (!hcb__struct_size_ok(before->struct_size) || !hcb__struct_size_ok(after->struct_size))
        return HCB_EVERSION;
    if (!s->ledger)
        return HCB_ENOTFOUND;
    hcb_status status = hcb_zone_session_try(&move, s, units, n, zone);
    if (status != HCB_OK)
        return status;
    hcb_zone_costs now = costs_of(s, &s->viability[of], of);
    shift(s, units, n, zone);
    hcb_zone_costs then = costs_of(s, &s->viability_then[of], of);
    shift_back(s);
    status = hcb__result_give(before, &now, sizeof now);
    return status == HCB_OK ? hcb__result_give(after, &then, sizeof then) : status;
}

hcb_status hcb_zone_session_apply(hcb_zone_session *s, const int32_t *units, size_t n, int32_t zone) {
    if (!s || (n && !units))
        return HCB_EINVAL;
    hcb_status status = hcb__session_apply(s->session, units, n, zone);
    if (status == HCB_OK && s->ledger) {
        shift(s, units, n, zone);
        hcb__ledger_viability(s->viability, s->ledger, ENOUGH);
        s->n_tried = -1;
    }
    return status;
}
