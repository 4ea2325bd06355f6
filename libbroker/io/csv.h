/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV by libcsv, with the line and column of every cell. RFC 4180, UTF-8, byte-order mark and CRLF accepted, header
 * row, columns in any order. Problems are collected in the context (hcb__diag_error) and reading goes on where it can.
 */
#ifndef HCB_IO_CSV_H
#define HCB_IO_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/context.h"
#include "base/text.h"

typedef struct hcb__csv_column {
    const char *name;
    bool required; /* the header must have it */
} hcb__csv_column;

/* The workspace's `columns:` for one file: theirs -> ours. */
typedef struct hcb__csv_rename {
    const char *theirs, *ours;
} hcb__csv_rename;

typedef struct hcb__csv hcb__csv;

/* Opens a file and reads its header. `shown` is the name in messages and must outlive the reader, as the columns must.
 * Missing required columns, repeated columns: errors of line 1. Unknown columns: one warning each.
 * A file that cannot be used at all (not there, syntax error found now, no header) fails: HCB_ENOTFOUND, HCB_EIO,
 * HCB_EPARSE (recorded as a diagnostic too), HCB_ENOMEM. Missing columns alone do not fail: the reader then has no
 * rows.
 */
HCB_NODISCARD hcb_status hcb__csv_open(hcb__csv **out, hcb_context *ctx, const char *path, const char *shown,
                                       const hcb__csv_column *columns, size_t n_columns, const hcb__csv_rename *renames,
                                       size_t n_renames);
/* The same for a file without a header whose columns are the given ones in order, further ones ignored. */
HCB_NODISCARD hcb_status hcb__csv_open_headerless(hcb__csv **out, hcb_context *ctx, const char *path, const char *shown,
                                                  const hcb__csv_column *columns, size_t n_columns);
void hcb__csv_close(hcb__csv *csv);

/* Next row; blank lines are skipped. False at the end, or after a syntax error (unclosed quote, NUL byte, text that is
 * not UTF-8, a cell over 64 KiB, more or fewer cells than the header), which is then among the diagnostics: the first
 * one of a file ends its reading. */
bool hcb__csv_next(hcb__csv *csv);
/* The context that the reader was opened with. */
hcb_context *hcb__csv_context(const hcb__csv *csv);
/* Whether the header names the column. */
bool hcb__csv_has(const hcb__csv *csv, size_t column);

/* A number of a table in memory, which needs no text; false for all else. */
bool hcb__csv_typed_int(const hcb__csv *csv, size_t column, int64_t *out);
bool hcb__csv_typed_double(const hcb__csv *csv, size_t column, double *out);
/* The cell with spaces at its ends removed; NULL when the file lacks the column or the cell is empty. Ends in '\0'.
 * Valid until the next row. */
const char *hcb__csv_text(const hcb__csv *csv, size_t column, size_t *len);
/* Where the cell starts (pointer: the column's name as the file has it); where the row starts when the cell is absent.
 */
hcb__where hcb__csv_where(const hcb__csv *csv, size_t column);
/* The row as a whole. */
hcb__where hcb__csv_where_row(const hcb__csv *csv);

/* Cells with a meaning. EMPTY leaves *out alone; BAD has collected an error that gives the value and what was expected.
 */
typedef enum hcb__cell { HCB__CELL_EMPTY, HCB__CELL_OK, HCB__CELL_BAD } hcb__cell;

hcb__cell hcb__csv_id(hcb__csv *csv, size_t column, const char **out, size_t *len);
hcb__cell hcb__csv_int(hcb__csv *csv, size_t column, int64_t low, int64_t high, int64_t *out);
/* value x 10^decimals within [low, high], which are in the same unit. */
hcb__cell hcb__csv_fixed(hcb__csv *csv, size_t column, int decimals, int64_t low, int64_t high, int64_t *out);
hcb__cell hcb__csv_double(hcb__csv *csv, size_t column, double low, double high, double *out);
hcb__cell hcb__csv_hours(hcb__csv *csv, size_t column, int64_t high_minutes, int64_t *minutes);
hcb__cell hcb__csv_date(hcb__csv *csv, size_t column, int32_t *days);
hcb__cell hcb__csv_time(hcb__csv *csv, size_t column, bool end, int32_t *minutes);
/* yes or no (also true/false, y/n, 1/0; any case). */
hcb__cell hcb__csv_bool(hcb__csv *csv, size_t column, bool *out);
/* One of the words; *out is its index. */
hcb__cell hcb__csv_word(hcb__csv *csv, size_t column, const char *const *words, size_t n_words, int32_t *out);
/* Money with up to two decimals, as pence. */
hcb__cell hcb__csv_money(hcb__csv *csv, size_t column, int64_t high_pence, int64_t *pence);
/* The items of a `;` list one by one, spaces removed, empty ones skipped: start with *cursor = 0; false at the end. */
bool hcb__csv_list(const hcb__csv *csv, size_t column, size_t *cursor, const char **item, size_t *len);

/* Writing: one cell with the separator or line end that follows it. Quotes where RFC 4180 asks for it. */
void hcb__csv_put(hcb__text *out, const char *cell, bool last);
void hcb__csv_put_int(hcb__text *out, int64_t value, bool last);
/* As hcb__csv_put; a cell that begins with = + - @ tab or CR gets a leading ' when `spreadsheet` is set. */
void hcb__csv_put_text(hcb__text *out, const char *cell, bool last, bool spreadsheet);

#endif
