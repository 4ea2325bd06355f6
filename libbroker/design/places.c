/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/places.h"

#include "io/csv.h"

enum { PLACE_AREA, PLACE_UNIT, PLACE, PLACE_COLUMNS };

hcb_status hcb__places_read(int32_t *place, int32_t *n_places, hcb_context *ctx, const hcb__zone_set *set,
                            const char *path, const char *map) {
    static const hcb__csv_column columns[PLACE_COLUMNS] = {{"area_id", false}, {"unit", false}, {"place", true}};
    hcb__csv *csv = NULL;
    *n_places = 0;
    for (int32_t a = 0; a < set->n_areas; a++)
        place[a] = -1;
    hcb_status status = hcb__csv_open(&csv, ctx, path, path, columns, PLACE_COLUMNS, NULL, 0);
    if (status != HCB_OK)
        return status;
    hcb__arena names;
    hcb__idmap numbers;
    hcb__arena_init(&names, &ctx->mem);
    hcb__idmap_init(&numbers, &ctx->mem);
    while (status == HCB_OK && hcb__csv_next(csv)) {
        const char *id = NULL, *name = NULL;
        size_t len = 0, name_len = 0;
        size_t column = hcb__csv_has(csv, PLACE_AREA) ? PLACE_AREA : PLACE_UNIT;
        if (hcb__csv_id(csv, column, &id, &len) != HCB__CELL_OK ||
            hcb__csv_id(csv, PLACE, &name, &name_len) != HCB__CELL_OK)
            continue;
        int32_t a = hcb__idmap_get(&set->area_of_id, id, len), p = hcb__idmap_get(&numbers, name, name_len);
        hcb__where where = hcb__csv_where(csv, column);
        char *kept = p < 0 ? hcb__arena_strndup(&names, name, name_len) : NULL;
        if (p < 0 && (!kept || !hcb__idmap_put(&numbers, kept, p = (*n_places)++)))
            status = hcb__nomem(ctx);
        if (a < 0)
            hcb__diag_error(ctx, &where, "\"%s\" is not a small area of %s", id, map);
        else
            place[a] = p;
    }
    hcb__csv_close(csv);
    hcb__idmap_free(&numbers);
    hcb__arena_release(&names);
    return status == HCB_OK ? hcb__diag_status(ctx) : status;
}
