/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order: zones, postcodes (areas may be placed by one), areas, polygons of areas, then what refers to what. */
#include "zones/load.h"

#include <string.h>

static void link_postcodes(hcb__loader *loader) {
    hcb__zone_set *set = loader->set;
    hcb__tally unknown = {0};
    for (int32_t i = 0; i < set->n_postcodes; i++) {
        const char *id = loader->rows[i].area_id;
        if (!id)
            continue;
        set->postcodes[i].area = hcb__idmap_get(&set->area_of_id, id, strlen(id));
        if (set->postcodes[i].area < 0)
            hcb__tally_add(&unknown, id);
    }
    hcb__where where = {loader->files->postcodes, 0, 0, "area_id"};
    if (unknown.count)
        hcb__diag_warning(loader->ctx, &where,
                          "%zu postcodes name areas that are not in the file of areas, the first is \"%s\"",
                          unknown.count, unknown.first);
}

/* Areas without a zone of their own are in the one that holds their point. */
static void find_zones(hcb__loader *loader) {
    hcb__zone_set *set = loader->set;
    hcb__tally outside = {0};
    for (int32_t a = 0; a < set->n_areas; a++) {
        hcb__area *area = &set->areas[a];
        if (area->zone < 0 && loader->placed[a])
            area->zone = hcb__geo_index_locate(set->zone_index, area->point);
        if (area->zone < 0)
            hcb__tally_add(&outside, area->id);
    }
    hcb__where where = {loader->files->areas, 0, 0, NULL};
    if (outside.count)
        hcb__diag_warning(loader->ctx, &where, "%zu areas are in no zone, the first is \"%s\"", outside.count,
                          outside.first);
}

static hcb_status index_polygons(hcb__loader *loader) {
    hcb__zone_set *set = loader->set;
    for (int32_t a = 0; a < set->n_areas; a++)
        set->n_area_polygons += set->areas[a].polygon.n_parts > 0;
    if (set->n_area_polygons == 0)
        return HCB_OK;
    size_t n = 0;
    const hcb__polygon **list = hcb__arena_alloc(&loader->names, (size_t)set->n_area_polygons, sizeof *list);
    set->area_polygon = hcb__arena_alloc(&set->arena, (size_t)set->n_area_polygons, sizeof *set->area_polygon);
    if (!list || !set->area_polygon)
        return hcb__nomem(loader->ctx);
    for (int32_t a = 0; a < set->n_areas; a++)
        if (set->areas[a].polygon.n_parts) {
            set->area_polygon[n] = a;
            list[n++] = &set->areas[a].polygon;
        }
    if (hcb__geo_index_create(&set->area_index, &loader->ctx->mem, list, n) != HCB_OK)
        return hcb__nomem(loader->ctx);
    return HCB_OK;
}

static hcb_status index_points(hcb__loader *loader) {
    hcb__zone_set *set = loader->set;
    size_t n_zones = (size_t)set->n_zones;
    int32_t *count = hcb__arena_alloc(&loader->names, n_zones, sizeof *count);
    hcb__point *points = hcb__arena_alloc(&loader->names, (size_t)set->n_areas, sizeof *points);
    set->area_points = hcb__arena_alloc(&set->arena, n_zones, sizeof *set->area_points);
    set->area_list = hcb__arena_alloc(&set->arena, n_zones, sizeof *set->area_list);
    if (!count || !points || !set->area_points || !set->area_list)
        return hcb__nomem(loader->ctx);
    for (int32_t a = 0; a < set->n_areas; a++)
        if (set->areas[a].zone >= 0 && loader->placed[a])
            count[set->areas[a].zone]++;
    for (size_t z = 0; z < n_zones; z++) {
        set->area_list[z] = hcb__arena_alloc(&set->arena, (size_t)count[z], sizeof **set->area_list);
        if (!set->area_list[z])
            return hcb__nomem(loader->ctx);
        size_t n = 0;
        for (int32_t a = 0; a < set->n_areas; a++)
            if (set->areas[a].zone == (int32_t)z && loader->placed[a]) {
                set->area_list[z][n] = a;
                points[n++] = set->areas[a].point;
            }
        if (hcb__point_index_create(&set->area_points[z], &loader->ctx->mem, points, n) != HCB_OK)
            return hcb__nomem(loader->ctx);
    }
    return HCB_OK;
}

/* A file that is not well formed is in the diagnostics; the others are still read, so that all problems are listed. */
static hcb_status go_on(hcb_status so_far, hcb_status now, bool *stop) {
    *stop = now != HCB_OK && now != HCB_EPARSE && now != HCB_ECRS;
    return so_far == HCB_OK || *stop ? now : so_far;
}

static hcb_status load(hcb__loader *loader) {
    const hcb__zone_files *files = loader->files;
    bool stop = false;
    hcb_status status = hcb__geos_create(&loader->geos, loader->ctx);
    if (status != HCB_OK)
        return status;
    status = go_on(status, hcb__load_zones(loader), &stop);
    if (!stop && files->postcodes)
        status = go_on(status, hcb__load_postcodes(loader), &stop);
    /* Without zones every zone_id of an area would be called unknown. */
    if (!stop && files->areas && status == HCB_OK)
        status = go_on(status, hcb__load_areas(loader), &stop);
    if (!stop && files->areas && files->areas_geojson && status == HCB_OK)
        status = go_on(status, hcb__load_area_polygons(loader), &stop);
    if (!stop && files->areas && files->plan && status == HCB_OK)
        status = go_on(status, hcb__load_plan(loader), &stop);
    if (status != HCB_OK)
        return status;
    link_postcodes(loader);
    find_zones(loader);
    status = index_polygons(loader);
    return status == HCB_OK ? index_points(loader) : status;
}

static hcb_status remember_crs(hcb__loader *loader) {
    hcb__zone_set *set = loader->set;
    const hcb__crs *crs = loader->degrees.crs;
    if (!set->crs_operation) {
        const char *name = crs ? hcb__crs_operation(crs) : "";
        set->crs_operation = hcb__arena_strndup(&set->arena, name, strlen(name));
        set->crs_accuracy_m = crs ? hcb__crs_accuracy_m(crs) : 0;
    }
    return set->crs_operation ? HCB_OK : hcb__nomem(loader->ctx);
}

hcb_status hcb__zone_set_load(hcb__zone_set **out, hcb_context *ctx, const hcb__zone_files *files) {
    *out = NULL;
    hcb_status before = ctx->error.code;
    hcb__zone_set *set = hcb__calloc(&ctx->mem, 1, sizeof *set);
    if (!set)
        return hcb__nomem(ctx);
    atomic_init(&set->references, 1);
    hcb__arena_init(&set->arena, &ctx->mem);
    hcb__idmap_init(&set->zone_of_id, &set->arena.mem);
    hcb__idmap_init(&set->area_of_id, &set->arena.mem);
    hcb__loader loader = {.ctx = ctx, .files = files, .set = set, .degrees = {.ctx = ctx}};
    hcb__arena_init(&loader.names, &ctx->mem);
    hcb_status status = load(&loader);
    if (status == HCB_OK)
        status = remember_crs(&loader);
    /* Memory that ran out while reading one feature left a record and no diagnostic. */
    if (status == HCB_OK && ctx->error.code != before)
        status = ctx->error.code;
    hcb__arena_release(&loader.names);
    hcb__degrees_free(&loader.degrees);
    hcb__geos_free(loader.geos);
    if (status == HCB_OK)
        *out = set;
    else
        hcb__zone_set_free(set);
    return status;
}

hcb__zone_set *hcb__zone_set_retain(hcb__zone_set *set) {
    atomic_fetch_add(&set->references, 1);
    return set;
}

void hcb__zone_set_free(hcb__zone_set *set) {
    if (!set || atomic_fetch_sub(&set->references, 1) != 1)
        return;
    for (int32_t z = 0; set->area_points && z < set->n_zones; z++)
        hcb__point_index_free(set->area_points[z]);
    hcb__geo_index_free(set->zone_index);
    hcb__geo_index_free(set->area_index);
    hcb__idmap_free(&set->zone_of_id);
    hcb__idmap_free(&set->area_of_id);
    hcb_allocator mem = set->arena.mem;
    hcb__arena_release(&set->arena);
    hcb__free(&mem, set);
}
