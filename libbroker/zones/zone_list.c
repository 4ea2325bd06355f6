/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/zone_list.h"

#include <stdlib.h>
#include <string.h>

enum { ZONE_ID, NAME, CLASS, PRIME, COLUMNS };
static const hcb__csv_column columns[COLUMNS] = {{"zone_id", true}, {"name", false}, {"class", true}, {"prime", false}};

typedef HCB__VEC(hcb__dissolve_zone) zone_rows;

static int by_id(const void *va, const void *vb) {
    return hcb__compare_ids(((const hcb__dissolve_zone *)va)->zone_id, ((const hcb__dissolve_zone *)vb)->zone_id);
}

static hcb_status read_row(hcb_context *ctx, hcb__arena *arena, hcb__csv *csv, zone_rows *rows) {
    hcb__dissolve_zone zone = {.name = ""};
    const char *id, *name;
    size_t len, name_len;
    hcb__cell has_class = hcb__csv_word(csv, CLASS, hcb__zone_class_words, HCB__ZONE_CLASSES, &zone.zone_class);
    if (has_class == HCB__CELL_EMPTY) {
        hcb__where where = hcb__csv_where(csv, CLASS);
        hcb__diag_error(ctx, &where, "a class was expected: large, medium, small_town, small_rural or rural_free");
    }
    zone.prime = zone.zone_class != HCB__RURAL_FREE;
    (void)hcb__csv_bool(csv, PRIME, &zone.prime);
    hcb__cell has_id = hcb__csv_id(csv, ZONE_ID, &id, &len);
    if (has_id == HCB__CELL_EMPTY) {
        hcb__where where = hcb__csv_where(csv, ZONE_ID);
        hcb__diag_error(ctx, &where, "a zone_id was expected");
    }
    if (has_id != HCB__CELL_OK)
        return HCB_OK;
    zone.zone_id = hcb__arena_strndup(arena, id, len);
    if ((name = hcb__csv_text(csv, NAME, &name_len)))
        zone.name = hcb__arena_strndup(arena, name, name_len);
    return zone.zone_id && zone.name && HCB__PUSH(&ctx->mem, rows, zone) ? HCB_OK : hcb__nomem(ctx);
}

hcb_status hcb__zone_list_read(hcb__zone_list *list, hcb_context *ctx, hcb__arena *arena, const char *path) {
    memset(list, 0, sizeof *list);
    hcb__idmap_init(&list->of_id, &ctx->mem);
    zone_rows rows = {0};
    hcb__csv *csv;
    hcb_status status = hcb__csv_open(&csv, ctx, path, path, columns, COLUMNS, NULL, 0);
    if (status != HCB_OK)
        return status;
    while (status == HCB_OK && hcb__csv_next(csv))
        status = read_row(ctx, arena, csv, &rows);
    hcb__csv_close(csv);
    if (rows.count)
        qsort(rows.at, rows.count, sizeof *rows.at, by_id);
    list->at = hcb__arena_alloc(arena, rows.count, sizeof *list->at);
    if (status == HCB_OK && !list->at)
        status = hcb__nomem(ctx);
    for (size_t i = 0; status == HCB_OK && i < rows.count; i++) {
        if (i && by_id(&rows.at[i], &rows.at[i - 1]) == 0) {
            hcb__where where = {path, 0, 0, "zone_id"};
            hcb__diag_error(ctx, &where, "zone \"%s\" is there twice", rows.at[i].zone_id);
            continue;
        }
        list->at[list->n] = rows.at[i];
        if (!hcb__idmap_put(&list->of_id, rows.at[i].zone_id, list->n++))
            status = hcb__nomem(ctx);
    }
    HCB__VEC_FREE(&ctx->mem, &rows);
    return status;
}

void hcb__zone_list_free(hcb__zone_list *list) {
    if (list->of_id.mem)
        hcb__idmap_free(&list->of_id);
}

void hcb__write_zone_properties(hcb__json_writer *w, const hcb__dissolve_zone *zone) {
    hcb__jw_key_string(w, "zone_id", zone->zone_id);
    hcb__jw_key_string(w, "name", *zone->name ? zone->name : zone->zone_id);
    hcb__jw_key_string(w, "class", hcb__zone_class_words[zone->zone_class]);
    hcb__jw_key_bool(w, "prime", zone->prime);
}
