/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session of moves as other programs see it. */
#include "report/zone_move.h"
#include "base/options.h"

#include <string.h>

#include "model/handle.h"
#include "report/zone_map.h"

/* Carer minutes a week in each area, of the queue and of the placements in force. */
static void add_minutes(int64_t *minutes, const hcb__model *model) {
    for (int32_t i = 0; i < model->n_packages + model->n_placements; i++) {
        const hcb__package *p = &model->packages[i];
        int32_t area = hcb__locate(model->zones, -1, -1, -1, false, p->point).area;
        if (area >= 0)
            minutes[area] += p->carer_minutes;
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
    hcb_status status = minutes && s->repair ? HCB_OK : hcb__nomem(ctx);
    if (status == HCB_OK) {
        if (s->workspace)
            add_minutes(minutes, s->workspace->model);
        status = hcb__session_create(&s->session, ctx, s->set, minutes);
    }
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
    hcb_workspace_free(s->workspace);
    hcb_allocator mem = s->mem;
    hcb__free(&mem, s->repair);
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

hcb_status hcb_zone_session_try(hcb_zone_move *out, hcb_zone_session *s, const int32_t *units, size_t n, int32_t zone) {
    if (!out || !s || (n && !units))
        return HCB_EINVAL;
    if (!hcb__struct_size_ok(out->struct_size))
        return HCB_EVERSION;
    hcb__move move;
    s->n_repair = 0;
    hcb_status status = hcb__session_try(&move, s->session, units, n, zone);
    if (status != HCB_OK)
        return status;
    hcb_zone_move found = {sizeof found, move.problems, move.n_moved, 0, move.minutes_moved, move.people10_moved};
    if (!(move.problems & (HCB__MOVE_SPLITS | HCB__MOVE_DETACHED)))
        return hcb__result_give(out, &found, sizeof found);
    const int32_t *extra;
    status = hcb__session_repair(&extra, &found.repair_units, s->session, units, n, zone);
    for (int32_t i = 0; status == HCB_OK && i < found.repair_units; i++)
        s->repair[s->n_repair++] = extra[i];
    return status == HCB_OK ? hcb__result_give(out, &found, sizeof found) : status;
}

int32_t hcb_zone_session_repair_unit(const hcb_zone_session *s, int32_t i) {
    return s && i >= 0 && i < s->n_repair ? s->repair[i] : -1;
}

hcb_status hcb_zone_session_apply(hcb_zone_session *s, const int32_t *units, size_t n, int32_t zone) {
    if (!s || (n && !units))
        return HCB_EINVAL;
    return hcb__session_apply(s->session, units, n, zone);
}
