/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small areas to zones from a file of their own, as a redesign gives it: CSV unit,zone or area_id,zone_id. */
#include <string.h>

#include "io/file.h"
#include "zones/load.h"

enum { AREA, ZONE, COLUMNS };

static const hcb__csv_column columns[COLUMNS] = {{"area_id", true}, {"zone_id", true}};
static const hcb__csv_rename renames[] = {{"unit", "area_id"}, {"zone", "zone_id"}};

static void read_row(hcb__loader *loader, hcb__csv *csv) {
    hcb__zone_set *set = loader->set;
    const hcb__idmap *const maps[COLUMNS] = {&set->area_of_id, &set->zone_of_id};
    const char *const files[COLUMNS] = {loader->files->areas, loader->files->zones};
    int32_t number[COLUMNS] = {-1, -1};
    for (size_t c = 0; c < COLUMNS; c++) {
        const char *id;
        size_t len;
        hcb__cell cell = hcb__csv_id(csv, c, &id, &len);
        hcb__where where = hcb__csv_where(csv, c);
        if (cell == HCB__CELL_EMPTY)
            hcb__diag_error(loader->ctx, &where, "the cell is blank; an id was expected");
        if (cell == HCB__CELL_OK && (number[c] = hcb__idmap_get(maps[c], id, len)) < 0)
            hcb__diag_error(loader->ctx, &where, "\"%s\" is not in %s", id, files[c]);
    }
    if (number[AREA] >= 0 && number[ZONE] >= 0)
        set->areas[number[AREA]].zone = number[ZONE];
}

hcb_status hcb__load_plan(hcb__loader *loader) {
    const hcb__zone_files *files = loader->files;
    const char *path = hcb__path_join(&loader->names, files->folder, files->plan);
    if (!path)
        return hcb__nomem(loader->ctx);
    hcb__csv *csv = NULL;
    hcb_status status = hcb__csv_open(&csv, loader->ctx, path, files->plan, columns, COLUMNS, renames,
                                      sizeof renames / sizeof *renames);
    if (status != HCB_OK)
        return status;
    while (hcb__csv_next(csv))
        read_row(loader, csv);
    hcb__csv_close(csv);
    return HCB_OK;
}
