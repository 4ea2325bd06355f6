/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/topology_areas.h"

#include <math.h>

hcb_status hcb__topology_of_areas(hcb__topology **out, const hcb_allocator *mem, const hcb__zone_set *set) {
    *out = NULL;
    hcb__arena arena;
    hcb__arena_init(&arena, mem);
    hcb_status status = HCB_OK;
    hcb__topology_unit *units = hcb__arena_alloc(&arena, (size_t)set->n_areas, sizeof *units);
    for (int32_t a = 0; units && a < set->n_areas; a++) {
        const hcb__polygon *p = &set->areas[a].polygon;
        hcb__grid_point *keys = hcb__arena_alloc(&arena, (size_t)p->n_points, sizeof *keys);
        if (!keys) {
            status = HCB_ENOMEM;
            break;
        }
        for (int32_t k = 0; k < p->n_points; k++)
            keys[k] = (hcb__grid_point){llround(100 * p->points[k].x), llround(100 * p->points[k].y)};
        units[a] = (hcb__topology_unit){*p, keys};
    }
    if (!units)
        status = HCB_ENOMEM;
    if (status == HCB_OK)
        status = hcb__topology_create(out, mem, units, (size_t)set->n_areas);
    hcb__arena_release(&arena);
    return status;
}
