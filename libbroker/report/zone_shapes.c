/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/zone_shapes.h"

#include <string.h>

#include "geo/crs.h"
#include "zones/write.h"

/* Metres back to degrees, in whole numbers of 10^-7. */
static hcb_status in_degrees(hcb__grid_polygon *out, hcb_context *ctx, hcb__arena *arena, hcb__crs *crs,
                             const hcb__polygon *p) {
    size_t n = (size_t)p->n_points, bad;
    hcb__point *points = hcb__arena_alloc(arena, n, sizeof *points);
    hcb__grid_point *grid = hcb__arena_alloc(arena, n, sizeof *grid);
    if (!points || !grid)
        return hcb__nomem(ctx);
    memcpy(points, p->points, n * sizeof *points);
    if (!hcb__crs_inverse(crs, points, n, &bad))
        return hcb__fail(ctx, HCB_ECRS, "a zone cannot be turned into degrees");
    for (size_t i = 0; i < n; i++)
        grid[i] = (hcb__grid_point){hcb__degree_grid(points[i].x), hcb__degree_grid(points[i].y)};
    *out = (hcb__grid_polygon){p->n_parts, p->n_rings, p->n_points, p->part_start, p->ring_start, grid};
    return HCB_OK;
}

hcb_status hcb__zones_draw(hcb__text *out, hcb_context *ctx, const hcb__zone_set *set,
                           hcb__zone_properties_fn properties, const void *payload) {
    hcb__crs *crs = NULL;
    hcb_status status = hcb__crs_create(&crs, ctx, "EPSG:4326", NULL);
    if (status != HCB_OK)
        return status;
    hcb__json_writer w;
    hcb__write_collection(&w, out);
    for (int32_t z = 0; status == HCB_OK && z < set->n_zones; z++) {
        hcb__arena arena;
        hcb__grid_polygon polygon;
        if (set->zones[z].polygon.n_parts == 0)
            continue;
        hcb__arena_init(&arena, &ctx->mem);
        status = in_degrees(&polygon, ctx, &arena, crs, &set->zones[z].polygon);
        if (status == HCB_OK) {
            hcb__write_feature(&w);
            properties(&w, payload, z);
            hcb__write_geometry(&w, &polygon);
        }
        hcb__arena_release(&arena);
    }
    hcb__write_end(&w, out);
    hcb__crs_free(crs);
    return status;
}
