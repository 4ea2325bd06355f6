/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells that several files of a workspace share. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/value.h"
#include "model/load.h"

hcb__workspace_file *hcb__load_file(hcb__loader *l, hcb__file_kind kind) {
    hcb__workspace_file *file = &l->ws->files[kind];
    return file->name && !file->missing ? file : NULL;
}

bool hcb__load_goes_on(const hcb__loader *l, hcb_status status) {
    return status == HCB_OK || (l->ctx->diag_errors > 0 && (status == HCB_EPARSE || status == HCB_EDATA ||
                                                            status == HCB_EGEOMETRY || status == HCB_ECRS));
}

hcb_status hcb__load_rows(hcb__loader *l, hcb__file_kind kind, const hcb__csv_column *columns, size_t n_columns,
                          hcb__row_fn row, bool *complete) {
    *complete = false;
    hcb__workspace_file *file = hcb__load_file(l, kind);
    if (!file)
        return HCB_OK;
    size_t before = l->ctx->diag_errors;
    hcb__csv *csv = NULL;
    hcb_status status =
        hcb__csv_open(&csv, l->ctx, file->path, file->name, columns, n_columns, file->renames, file->n_renames);
    if (status != HCB_OK)
        return hcb__load_goes_on(l, status) ? HCB_OK : status;
    bool header = l->ctx->diag_errors == before;
    for (before = l->ctx->diag_errors; status == HCB_OK && hcb__csv_next(csv); before = l->ctx->diag_errors)
        status = row(l, csv);
    *complete = status == HCB_OK && header && l->ctx->diag_errors == before;
    hcb__csv_close(csv);
    return status;
}

void hcb__cell_error(hcb__loader *l, const hcb__csv *csv, size_t column, const char *format, ...) {
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    hcb__where where = hcb__csv_where(csv, column);
    hcb__diag_error(l->ctx, &where, "%s", message);
}

hcb__where hcb__spot_where(const hcb__loader *l, hcb__file_kind kind, const hcb__spot *spot) {
    return (hcb__where){l->ws->files[kind].name, spot->line, spot->column, spot->pointer};
}

hcb_status hcb__spot_keep(hcb__loader *l, const hcb__csv *csv, size_t column, hcb__spot *out) {
    hcb__where where = hcb__csv_where(csv, column);
    *out = (hcb__spot){where.line, where.column,
                       hcb__arena_strndup(&l->model->arena, where.pointer, strlen(where.pointer))};
    return out->pointer ? HCB_OK : hcb__nomem(l->ctx);
}

void hcb__required(hcb__loader *l, const hcb__csv *csv, size_t column, hcb__cell cell, const char *expected,
                   bool *good) {
    if (cell == HCB__CELL_EMPTY)
        hcb__cell_error(l, csv, column, "the cell is blank; expected %s", expected);
    if (cell != HCB__CELL_OK)
        *good = false;
}

hcb_status hcb__required_id(hcb__loader *l, hcb__csv *csv, size_t column, const char **out, bool *good) {
    const char *id;
    size_t len;
    *out = NULL;
    hcb__cell cell = hcb__csv_id(csv, column, &id, &len);
    hcb__required(l, csv, column, cell, "an id", good);
    if (cell != HCB__CELL_OK)
        return HCB_OK;
    *out = hcb__arena_strndup(&l->model->arena, id, len);
    return *out ? HCB_OK : hcb__nomem(l->ctx);
}

void hcb__zone_cell(hcb__loader *l, hcb__csv *csv, size_t column, int32_t *out, bool *good) {
    const char *id;
    size_t len;
    hcb__cell cell = hcb__csv_id(csv, column, &id, &len);
    if (cell == HCB__CELL_EMPTY)
        return;
    int32_t zone = cell == HCB__CELL_OK && l->model->zones ? hcb__idmap_get(&l->model->zones->zone_of_id, id, len) : -1;
    if (zone >= 0) {
        *out = zone;
        return;
    }
    *good = false;
    if (cell == HCB__CELL_OK && l->zones_known)
        hcb__cell_error(l, csv, column, "\"%s\" is not a zone of the workspace", id);
}

int32_t hcb__provider_named(hcb__loader *l, const hcb__csv *csv, size_t column, const char *id, size_t len,
                            bool *good) {
    int32_t provider = hcb__idmap_get(&l->model->provider_of_id, id, len);
    if (provider < 0) {
        *good = false;
        if (l->providers_known)
            hcb__cell_error(l, csv, column, "%s is not a provider of the workspace", hcb__show(id, len).text);
    }
    return provider;
}

void hcb__provider_cell(hcb__loader *l, hcb__csv *csv, size_t column, int32_t *out, bool *good) {
    const char *id;
    size_t len;
    hcb__cell cell = hcb__csv_id(csv, column, &id, &len);
    if (cell == HCB__CELL_BAD)
        *good = false;
    if (cell == HCB__CELL_OK)
        *out = hcb__provider_named(l, csv, column, id, len, good);
}

static bool blank(const hcb__csv *csv, size_t column) {
    size_t len;
    return !hcb__csv_text(csv, column, &len);
}

void hcb__required_place(hcb__loader *l, hcb__csv *csv, const hcb__place_columns *columns, hcb__place *out,
                         bool *good) {
    *out = (hcb__place){.postcode = -1};
    /* Without the postcode file a postcode says nothing, which is not this row's fault. */
    if (!l->zones_known && !blank(csv, columns->postcode) && blank(csv, columns->lat) && blank(csv, columns->easting)) {
        *good = false;
        return;
    }
    if (!hcb__place_read(l->places, csv, columns, out)) {
        *good = false;
    } else if (!out->given) {
        hcb__where where = hcb__csv_where_row(csv);
        hcb__diag_error(l->ctx, &where, "no position; expected a postcode, lat and lon, or easting and northing");
        *good = false;
    }
}

int32_t hcb__capability(hcb__loader *l, const char *name, size_t len) {
    int32_t known = hcb__idmap_get(&l->capability_of_name, name, len);
    if (known >= 0)
        return known;
    const char *copy = hcb__arena_strndup(&l->model->arena, name, len);
    int32_t number = (int32_t)l->capabilities.count;
    if (!copy || !hcb__idmap_put(&l->capability_of_name, copy, number) ||
        !HCB__PUSH(&l->ctx->mem, &l->capabilities, copy))
        return -1;
    return number;
}

hcb_status hcb__add_once(hcb__loader *l, hcb__int_list *list, int32_t first, int32_t value) {
    for (size_t i = (size_t)first; i < list->count; i++)
        if (list->at[i] == value)
            return HCB_OK;
    return HCB__PUSH(&l->ctx->mem, list, value) ? HCB_OK : hcb__nomem(l->ctx);
}

hcb_status hcb__capability_cell(hcb__loader *l, hcb__csv *csv, size_t column, hcb__int_list *list, int32_t *first,
                                int32_t *n, bool *good) {
    const char *item;
    size_t len, cursor = 0;
    hcb_status status = HCB_OK;
    *first = (int32_t)list->count;
    while (status == HCB_OK && hcb__csv_list(csv, column, &cursor, &item, &len)) {
        if (!hcb__valid_id(item, len)) {
            hcb__cell_error(l, csv, column, "%s is not a capability: 1 to 64 bytes of text", hcb__show(item, len).text);
            *good = false;
            continue;
        }
        int32_t number = hcb__capability(l, item, len);
        status = number < 0 ? hcb__nomem(l->ctx) : hcb__add_once(l, list, *first, number);
    }
    *n = (int32_t)list->count - *first;
    return status;
}
