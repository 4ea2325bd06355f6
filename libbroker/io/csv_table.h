/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CSV file as a table of texts that can be changed and written again, columns nobody asked for included. */
#ifndef HCB_IO_CSV_TABLE_H
#define HCB_IO_CSV_TABLE_H

#include "io/csv.h"

typedef struct hcb__csv_table_row {
    const char **cells;
    size_t n_cells; /* cells beyond them are empty */
} hcb__csv_table_row;

/* After an allocation failed, `failed` is set and further changes do nothing, so that the writer checks once. */
typedef struct hcb__csv_table {
    hcb__arena arena;
    HCB__VEC(const char *) names;
    HCB__VEC(hcb__csv_table_row) rows;
    bool failed;
} hcb__csv_table;

#define HCB__NO_COLUMN SIZE_MAX

/* An empty table without columns. */
HCB_NODISCARD hcb_status hcb__csv_table_create(hcb__csv_table **out, hcb_context *ctx);
/* A whole file; syntax errors are collected as by hcb__csv_open and give HCB_EPARSE. A file without a row, header
 * included, gives a table without columns. */
HCB_NODISCARD hcb_status hcb__csv_table_read(hcb__csv_table **out, hcb_context *ctx, const char *path,
                                             const char *shown);
void hcb__csv_table_free(hcb__csv_table *table);

/* The column that the program knows as `ours`: a renamed one first, then one of that name; HCB__NO_COLUMN. */
size_t hcb__csv_table_column(const hcb__csv_table *table, const char *ours, const hcb__csv_rename *renames,
                             size_t n_renames);
/* What the program calls the column of the file. */
const char *hcb__csv_table_ours(const hcb__csv_table *table, size_t column, const hcb__csv_rename *renames,
                                size_t n_renames);
/* As hcb__csv_table_column; adds the column at the end, under the name the file has for it, when it is not there. */
size_t hcb__csv_table_need(hcb__csv_table *table, const char *ours, const hcb__csv_rename *renames, size_t n_renames);

/* Never NULL; "" for an empty cell. */
const char *hcb__csv_table_get(const hcb__csv_table *table, size_t row, size_t column);
/* The text is copied. */
void hcb__csv_table_set(hcb__csv_table *table, size_t row, size_t column, const char *text);
/* An empty row at the end; its number. */
size_t hcb__csv_table_add(hcb__csv_table *table);
/* Keeps the rows whose entry in keep[n_rows] is true, in their order. */
void hcb__csv_table_keep(hcb__csv_table *table, const bool *keep);
/* By the bytes of a column; rows that are alike stay in their order. */
void hcb__csv_table_sort(hcb__csv_table *table, size_t column);
/* Header and rows. */
void hcb__csv_table_write(const hcb__csv_table *table, hcb__text *out);

#endif
