/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_table.h"

#include <stdlib.h>
#include <string.h>

/* Columns of a file without a header are asked for by number; this many are. */
enum { MOST_COLUMNS = 512 };

hcb_status hcb__csv_table_create(hcb__csv_table **out, hcb_context *ctx) {
    *out = hcb__calloc(&ctx->mem, 1, sizeof **out);
    if (!*out)
        return hcb__nomem(ctx);
    hcb__arena_init(&(*out)->arena, &ctx->mem);
    return HCB_OK;
}

void hcb__csv_table_free(hcb__csv_table *table) {
    if (!table)
        return;
    const hcb_allocator mem = table->arena.mem;
    HCB__VEC_FREE(&mem, &table->names);
    HCB__VEC_FREE(&mem, &table->rows);
    hcb__arena_release(&table->arena);
    hcb__free(&mem, table);
}

static const char *copy(hcb__csv_table *table, const char *text) {
    const char *kept = hcb__arena_strndup(&table->arena, text, strlen(text));
    if (!kept)
        table->failed = true;
    return kept;
}

static size_t add_column(hcb__csv_table *table, const char *name) {
    const char *kept = copy(table, name);
    if (!kept || !HCB__PUSH(&table->arena.mem, &table->names, kept)) {
        table->failed = true;
        return HCB__NO_COLUMN;
    }
    return table->names.count - 1;
}

static hcb_status read_rows(hcb__csv_table *table, hcb_context *ctx, hcb__csv *csv, const char *shown) {
    if (!hcb__csv_next(csv))
        return HCB_OK;
    for (size_t i = 0; i < MOST_COLUMNS && hcb__csv_has(csv, i); i++) {
        const char *name = hcb__csv_text(csv, i, NULL);
        add_column(table, name ? name : "");
    }
    if (table->names.count == MOST_COLUMNS)
        return hcb__fail(ctx, HCB_ELIMIT, "%s has %d columns or more", shown, MOST_COLUMNS);
    while (!table->failed && hcb__csv_next(csv)) {
        size_t row = hcb__csv_table_add(table);
        for (size_t i = 0; i < table->names.count; i++) {
            const char *cell = hcb__csv_text(csv, i, NULL);
            if (cell)
                hcb__csv_table_set(table, row, i, cell);
        }
    }
    return table->failed ? hcb__nomem(ctx) : HCB_OK;
}

hcb_status hcb__csv_table_read(hcb__csv_table **out, hcb_context *ctx, const char *path, const char *shown) {
    hcb__csv_column columns[MOST_COLUMNS];
    for (size_t i = 0; i < MOST_COLUMNS; i++)
        columns[i] = (hcb__csv_column){"", false};
    *out = NULL;
    hcb__csv *csv = NULL;
    hcb__csv_table *table = NULL;
    size_t problems = ctx->diag_errors;
    hcb_status status = hcb__csv_open_headerless(&csv, ctx, path, shown, columns, MOST_COLUMNS);
    if (status == HCB_OK)
        status = hcb__csv_table_create(&table, ctx);
    if (status == HCB_OK)
        status = read_rows(table, ctx, csv, shown);
    hcb__csv_close(csv);
    if (status == HCB_OK && ctx->diag_errors != problems)
        status = hcb__fail(ctx, HCB_EPARSE, "%s is not well formed", shown);
    if (status != HCB_OK) {
        hcb__csv_table_free(table);
        return status;
    }
    *out = table;
    return HCB_OK;
}

const char *hcb__csv_table_ours(const hcb__csv_table *table, size_t column, const hcb__csv_rename *renames,
                                size_t n_renames) {
    for (size_t i = 0; i < n_renames; i++)
        if (strcmp(table->names.at[column], renames[i].theirs) == 0)
            return renames[i].ours;
    return table->names.at[column];
}

static size_t named(const hcb__csv_table *table, const char *name) {
    for (size_t i = 0; i < table->names.count; i++)
        if (strcmp(table->names.at[i], name) == 0)
            return i;
    return HCB__NO_COLUMN;
}

size_t hcb__csv_table_column(const hcb__csv_table *table, const char *ours, const hcb__csv_rename *renames,
                             size_t n_renames) {
    for (size_t i = 0; i < n_renames; i++) {
        size_t column = strcmp(renames[i].ours, ours) == 0 ? named(table, renames[i].theirs) : HCB__NO_COLUMN;
        if (column != HCB__NO_COLUMN)
            return column;
    }
    return named(table, ours);
}

size_t hcb__csv_table_need(hcb__csv_table *table, const char *ours, const hcb__csv_rename *renames, size_t n_renames) {
    size_t column = hcb__csv_table_column(table, ours, renames, n_renames);
    if (column != HCB__NO_COLUMN)
        return column;
    for (size_t i = 0; i < n_renames; i++)
        if (strcmp(renames[i].ours, ours) == 0)
            return add_column(table, renames[i].theirs);
    return add_column(table, ours);
}

const char *hcb__csv_table_get(const hcb__csv_table *table, size_t row, size_t column) {
    if (row >= table->rows.count || column >= table->rows.at[row].n_cells || !table->rows.at[row].cells[column])
        return "";
    return table->rows.at[row].cells[column];
}

void hcb__csv_table_set(hcb__csv_table *table, size_t row, size_t column, const char *text) {
    if (table->failed || row >= table->rows.count || column >= table->names.count)
        return;
    hcb__csv_table_row *r = &table->rows.at[row];
    if (column >= r->n_cells) {
        const char **cells = hcb__arena_alloc(&table->arena, table->names.count, sizeof *cells);
        if (!cells) {
            table->failed = true;
            return;
        }
        if (r->n_cells)
            memcpy(cells, r->cells, r->n_cells * sizeof *cells);
        *r = (hcb__csv_table_row){cells, table->names.count};
    }
    r->cells[column] = copy(table, text);
}

size_t hcb__csv_table_add(hcb__csv_table *table) {
    hcb__csv_table_row row = {NULL, 0};
    if (!HCB__PUSH(&table->arena.mem, &table->rows, row)) {
        table->failed = true;
        return HCB__NO_COLUMN;
    }
    return table->rows.count - 1;
}

void hcb__csv_table_keep(hcb__csv_table *table, const bool *keep) {
    size_t n = 0;
    for (size_t i = 0; i < table->rows.count; i++)
        if (keep[i])
            table->rows.at[n++] = table->rows.at[i];
    table->rows.count = n;
}

typedef struct sort_key {
    const char *text;
    size_t row;
} sort_key;

static int compare_keys(const void *a, const void *b) {
    const sort_key *x = a, *y = b;
    int order = hcb__compare_ids(x->text, y->text);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

void hcb__csv_table_sort(hcb__csv_table *table, size_t column) {
    size_t n = table->rows.count;
    const hcb_allocator *mem = &table->arena.mem;
    sort_key *keys = hcb__calloc(mem, n + 1, sizeof *keys);
    hcb__csv_table_row *rows = hcb__calloc(mem, n + 1, sizeof *rows);
    if (keys && rows) {
        for (size_t i = 0; i < n; i++) {
            keys[i] = (sort_key){hcb__csv_table_get(table, i, column), i};
            rows[i] = table->rows.at[i];
        }
        qsort(keys, n, sizeof *keys, compare_keys);
        for (size_t i = 0; i < n; i++)
            table->rows.at[i] = rows[keys[i].row];
    } else {
        table->failed = true;
    }
    hcb__free(mem, keys);
    hcb__free(mem, rows);
}

void hcb__csv_table_write(const hcb__csv_table *table, hcb__text *out) {
    size_t n = table->names.count;
    for (size_t i = 0; i < n; i++)
        hcb__csv_put(out, table->names.at[i], i + 1 == n);
    for (size_t row = 0; row < table->rows.count; row++)
        for (size_t i = 0; i < n; i++)
            hcb__csv_put(out, hcb__csv_table_get(table, row, i), i + 1 == n);
}
