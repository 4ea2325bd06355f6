/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcsv gives cells without places. It is fed up to each comma or line end at a time, so that a cell can only end with
 * the last byte fed, and the place of every cell is known from our own counting. The text of a cell is never longer
 * than what the file has for it, so it is put back where it came from: reading allocates nothing. */
#include "io/csv.h"

#include <csv.h>
#include <string.h>

#include "io/file.h"
#include "io/hint.h"
#include "io/memory.h"
#include "io/value.h"

enum { LARGEST_CELL = 65536, NO_COLUMN = -1 };

typedef struct cell {
    const char *text;
    size_t len;
    int64_t line, column;
} cell;

struct hcb__csv {
    hcb_context *ctx;
    const char *shown;
    const hcb__csv_column *columns;
    size_t n_columns;
    int64_t *index;     /* of each column: its cell in a row, or NO_COLUMN */
    const char **names; /* of the file's own columns */
    size_t n_names;

    char *bytes;
    size_t size, at;  /* the next byte to feed */
    size_t first_nul; /* size when there is none */
    size_t line_start;
    int64_t line;
    size_t cell_start; /* of the cell being read, blanks before it included */
    int64_t cell_line;
    size_t cell_line_start;

    struct csv_parser parser;
    bool row_done, out_of_memory;
    HCB__VEC(cell) cells; /* of the row */
    size_t n_cells;       /* of the row; cells.count is smaller when the row has too many */
    size_t width;         /* cells a row must have; 0 before the first */
    cell extra;           /* the first cell too many */
    size_t rows;
    bool ended, held; /* held: the first row has been read but not handed out */

    const hcb__memory_file *table; /* columns in memory instead of bytes; NULL: a file */
    bool in_memory;                /* then a column need not have the name that is renamed */
    hcb__arena scratch;
    char **room; /* for the longest text of each of its columns */
};

static bool blank(char c) {
    return c == ' ' || c == '\t';
}

static void start_cell(hcb__csv *csv, size_t at) {
    csv->cell_start = at;
    csv->cell_line = csv->line;
    csv->cell_line_start = csv->line_start;
}

static size_t cell_first_byte(const hcb__csv *csv, size_t end) {
    size_t at = csv->cell_start;
    while (at < end && blank(csv->bytes[at]))
        at++;
    return at;
}

static void on_cell(void *text, size_t len, void *payload) {
    hcb__csv *csv = payload;
    size_t first = cell_first_byte(csv, csv->at);
    const char *s = text;
    while (len && blank(*s))
        s++, len--;
    while (len && blank(s[len - 1]))
        len--;
    cell c = {csv->bytes + first, len, csv->cell_line, (int64_t)(first - csv->cell_line_start) + 1};
    csv->n_cells++;
    if (csv->width && csv->n_cells > csv->width) {
        if (csv->n_cells == csv->width + 1)
            csv->extra = c;
        return;
    }
    if (!HCB__PUSH(&csv->ctx->mem, &csv->cells, c)) {
        csv->out_of_memory = true;
        return;
    }
    if (len)
        memcpy(csv->bytes + first, s, len);
    csv->bytes[first + len] = '\0';
}

static void on_row(int c, void *payload) {
    (void)c;
    ((hcb__csv *)payload)->row_done = true;
}

/* The first syntax error ends the reading of a file. */
static void syntax_error(hcb__csv *csv, int64_t line, int64_t column, const char *message) {
    hcb__where where = {csv->shown, line, column, NULL};
    hcb__diag_error(csv->ctx, &where, "%s", message);
    csv->ctx->malformed = true;
    csv->ended = true;
}

static void syntax_error_at(hcb__csv *csv, size_t at, const char *message) {
    syntax_error(csv, csv->line, (int64_t)(at - csv->line_start) + 1, message);
}

static bool in_quotes(const hcb__csv *csv, size_t end) {
    size_t first = cell_first_byte(csv, end);
    return first < end && csv->bytes[first] == '"';
}

/* Whether bytes at..end may go to the parser. */
static bool acceptable(hcb__csv *csv, size_t end) {
    if (csv->first_nul < end) {
        syntax_error_at(csv, csv->first_nul, "a NUL byte; this is not a text file");
        return false;
    }
    size_t n = hcb__utf8_prefix(csv->bytes + csv->at, end - csv->at);
    if (n < end - csv->at) {
        hcb__why why;
        unsigned char byte = (unsigned char)csv->bytes[csv->at + n];
        hcb__say(&why, "byte 0x%02x is not UTF-8 text; save the file as UTF-8", byte);
        syntax_error_at(csv, csv->at + n, why.text);
        return false;
    }
    if (end - csv->cell_start > LARGEST_CELL) {
        size_t first = cell_first_byte(csv, end);
        syntax_error(csv, csv->cell_line, (int64_t)(first - csv->cell_line_start) + 1,
                     in_quotes(csv, end) ? "a cell of more than 64 KiB; is its closing quote missing?"
                                         : "a cell of more than 64 KiB");
        return false;
    }
    return true;
}

static bool all_blank(const char *s, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!blank(s[i]) && s[i] != '\r' && s[i] != '\n')
            return false;
    return true;
}

/* Feeds the bytes up to the next comma or line end, that one included. False on a syntax error. */
static bool feed(hcb__csv *csv) {
    size_t begin = csv->at, end = begin;
    while (end < csv->size && csv->bytes[end] != ',' && csv->bytes[end] != '\n' && csv->bytes[end] != '\r')
        end++;
    if (end < csv->size)
        end++;
    if (!acceptable(csv, end))
        return false;
    char last = csv->bytes[end - 1];
    bool quoted = in_quotes(csv, end);
    size_t before = csv->n_cells;
    csv->at = end; /* where on_cell takes the cell to end */
    size_t fed = csv_parse(&csv->parser, csv->bytes + begin, end - begin, on_cell, on_row, csv);
    if (fed != end - begin) {
        if (csv_error(&csv->parser) != CSV_EPARSE)
            csv->out_of_memory = true;
        else
            syntax_error_at(csv, begin + fed,
                            quoted ? "text after the closing quote; a quote inside a cell is written twice"
                                   : "a quote in a cell that does not begin with one; quote the whole cell and write "
                                     "the quote twice");
        return false;
    }
    bool line_end = last == '\n' || (last == '\r' && (end == csv->size || csv->bytes[end] != '\n'));
    if (line_end) {
        csv->line++;
        csv->line_start = end;
    }
    if (csv->n_cells > before || csv->row_done ||
        (csv->n_cells == 0 && all_blank(csv->bytes + csv->cell_start, end - csv->cell_start)))
        start_cell(csv, end);
    return true;
}

static bool finish(hcb__csv *csv) {
    csv->ended = true;
    csv->at = csv->size;
    if (csv_fini(&csv->parser, on_cell, on_row, csv) == 0)
        return true;
    size_t first = cell_first_byte(csv, csv->size);
    syntax_error(csv, csv->cell_line, (int64_t)(first - csv->cell_line_start) + 1,
                 "the quote that opens this cell is never closed");
    return false;
}

/* False at the end and after a syntax error. */
static bool read_row(hcb__csv *csv) {
    if (csv->ended)
        return false;
    csv->cells.count = csv->n_cells = 0;
    csv->row_done = false;
    while (!csv->row_done && csv->at < csv->size)
        if (!feed(csv))
            break;
    if (!csv->row_done && !csv->out_of_memory && !csv->ended && !finish(csv))
        return false;
    if (csv->out_of_memory) {
        csv->ended = true;
        return false;
    }
    if (!csv->row_done)
        return false;
    if (csv->width && csv->n_cells != csv->width) {
        hcb__why why;
        hcb__say(&why, "%zu cell%s in this row; %zu expected, as in the first row", csv->n_cells,
                 csv->n_cells == 1 ? "" : "s", csv->width);
        const cell *where = csv->n_cells > csv->width ? &csv->extra : &csv->cells.at[0];
        syntax_error(csv, where->line, where->column, why.text);
        return false;
    }
    csv->width = csv->n_cells;
    return true;
}

static const char *renamed(const char *name, const hcb__csv_rename *renames, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(renames[i].theirs, name) == 0)
            return renames[i].ours;
    return NULL;
}

static size_t column_named(const hcb__csv *csv, const char *name) {
    size_t i = 0;
    while (i < csv->n_columns && strcmp(csv->columns[i].name, name) != 0)
        i++;
    return i;
}

static hcb__where header_where(const hcb__csv *csv, size_t i) {
    const cell *c = &csv->cells.at[i];
    return (hcb__where){csv->shown, c->line, c->column, NULL};
}

static void warn_unknown(hcb__csv *csv, size_t i) {
    hcb__where where = header_where(csv, i);
    const cell *c = &csv->cells.at[i];
    hcb__hint hint = hcb__hint_for(c->text, c->len);
    for (size_t k = 0; k < csv->n_columns; k++)
        if (csv->index[k] == NO_COLUMN)
            hcb__hint_try(&hint, csv->columns[k].name);
    if (c->len == 0)
        hcb__diag_warning(csv->ctx, &where, "column %zu has no name and is not read", i + 1);
    else if (hint.best)
        hcb__diag_warning(csv->ctx, &where, "column %s is not known and not read; did you mean \"%s\"?",
                          hcb__show(c->text, c->len).text, hint.best);
    else
        hcb__diag_warning(csv->ctx, &where, "column %s is not known and not read", hcb__show(c->text, c->len).text);
}

/* Gives the i-th cell of the header its column. `renaming`: only what the workspace renames, which goes first. */
static void take_header_cell(hcb__csv *csv, size_t i, const hcb__csv_rename *renames, size_t n_renames, bool renaming) {
    const char *name = csv->cells.at[i].text, *ours = renamed(name, renames, n_renames);
    if (renaming != (ours != NULL))
        return;
    hcb__where where = header_where(csv, i);
    size_t k = column_named(csv, ours ? ours : name);
    if (k == csv->n_columns) {
        if (ours)
            hcb__diag_error(csv->ctx, &where, "column %s is to be read as \"%s\", which is no column of this file",
                            hcb__show(name, strlen(name)).text, ours);
        else
            warn_unknown(csv, i);
    } else if (csv->index[k] == NO_COLUMN) {
        csv->index[k] = (int64_t)i;
    } else if (!ours && renamed(csv->names[csv->index[k]], renames, n_renames)) {
        hcb__diag_warning(csv->ctx, &where, "column \"%s\" is not read: \"%s\" is read in its place", name,
                          csv->names[csv->index[k]]);
    } else {
        hcb__diag_error(csv->ctx, &where, "column \"%s\" is given twice", csv->columns[k].name);
    }
}

static void report_missing(hcb__csv *csv, size_t k) {
    hcb__where where = {csv->shown, csv->cells.at[0].line, 0, csv->columns[k].name};
    hcb__hint hint = hcb__hint_for(csv->columns[k].name, strlen(csv->columns[k].name));
    for (size_t i = 0; i < csv->n_names; i++)
        if (column_named(csv, csv->names[i]) == csv->n_columns)
            hcb__hint_try(&hint, csv->names[i]);
    if (hint.best)
        hcb__diag_error(csv->ctx, &where, "the header lacks the column \"%s\"; is \"%s\" meant?", csv->columns[k].name,
                        hint.best);
    else
        hcb__diag_error(csv->ctx, &where, "the header lacks the column \"%s\"", csv->columns[k].name);
    csv->ended = true;
}

static hcb_status take_header(hcb__csv *csv, const hcb__csv_rename *renames, size_t n_renames) {
    size_t n = csv->cells.count;
    csv->names = hcb__calloc(&csv->ctx->mem, n, sizeof *csv->names);
    if (!csv->names)
        return hcb__nomem(csv->ctx);
    csv->n_names = n;
    for (size_t i = 0; i < n; i++)
        csv->names[i] = csv->cells.at[i].text;
    for (size_t i = 0; i < n; i++)
        take_header_cell(csv, i, renames, n_renames, true);
    for (size_t i = 0; i < n; i++)
        take_header_cell(csv, i, renames, n_renames, false);
    for (size_t r = 0; r < n_renames; r++) {
        size_t i = 0;
        while (i < n && strcmp(csv->names[i], renames[r].theirs) != 0)
            i++;
        hcb__where where = {csv->shown, csv->cells.at[0].line, 0, renames[r].theirs};
        if (i == n && !csv->in_memory)
            hcb__diag_error(csv->ctx, &where, "the header lacks the column \"%s\", which is to be read as \"%s\"",
                            renames[r].theirs, renames[r].ours);
    }
    for (size_t k = 0; k < csv->n_columns; k++)
        if (csv->columns[k].required && csv->index[k] == NO_COLUMN)
            report_missing(csv, k);
    return HCB_OK;
}

/* What a syntax error in the first row leaves for the caller: the same words in the error record. */
static hcb_status first_row_failed(hcb__csv *csv) {
    if (csv->out_of_memory)
        return hcb__nomem(csv->ctx);
    size_t n = hcb_context_diagnostic_count(csv->ctx);
    const hcb_diagnostic *d = n ? hcb_context_diagnostic_at(csv->ctx, n - 1) : NULL;
    hcb__where where = {csv->shown, d ? d->line : 0, d ? d->column : 0, NULL};
    return hcb__fail_at(csv->ctx, HCB_EPARSE, &where, "%s", d ? d->message : "the file is not well formed");
}

/* The next row of a table: what is read of it, as it would stand in a file. */
static bool table_row(hcb__csv *csv) {
    if (csv->ended || csv->rows == csv->table->n_rows)
        return false;
    csv->line = (int64_t)csv->rows + 1;
    for (size_t k = 0; k < csv->n_columns; k++) {
        if (csv->index[k] == NO_COLUMN)
            continue;
        size_t i = (size_t)csv->index[k], len;
        cell *c = &csv->cells.at[i];
        char *text = csv->room[i];
        hcb__memory_text(&csv->table->columns[i], csv->rows, text, &len);
        *c = (cell){text, len, csv->line, 0};
        const char *wrong = NULL;
        if (memchr(text, '\0', len))
            wrong = "a NUL byte; this is not text";
        else if (hcb__utf8_prefix(text, len) < len)
            wrong = "the text is not UTF-8";
        if (!wrong)
            continue;
        hcb__where where = {csv->shown, csv->line, 0, csv->names[i]};
        hcb__diag_error(csv->ctx, &where, "%s", wrong);
        csv->ended = true;
        return false;
    }
    return true;
}

static hcb_status open_table(hcb__csv *csv, const hcb__csv_rename *renames, size_t n_renames) {
    size_t n = csv->table->n_columns;
    csv->room = hcb__arena_alloc(&csv->scratch, n, sizeof *csv->room);
    if (!csv->room || !HCB__RESERVE(&csv->ctx->mem, &csv->cells, n))
        return hcb__nomem(csv->ctx);
    for (size_t i = 0; i < n; i++) {
        const hcb_column *column = &csv->table->columns[i];
        csv->cells.at[i] = (cell){column->name, strlen(column->name), 0, 0};
        csv->room[i] = hcb__arena_alloc(&csv->scratch, hcb__memory_longest(column, csv->table->n_rows) + 1, 1);
        if (!csv->room[i])
            return hcb__nomem(csv->ctx);
    }
    csv->cells.count = csv->n_cells = n;
    return take_header(csv, renames, n_renames);
}

static const char *other_encoding(const char *bytes, size_t size) {
    if (size >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
        return "the file is UTF-16 text; save it as UTF-8";
    return NULL;
}

static hcb_status prepare(hcb__csv **out, hcb_context *ctx, const char *path, const char *shown,
                          const hcb__csv_column *columns, size_t n_columns) {
    hcb__csv *csv = hcb__calloc(&ctx->mem, 1, sizeof *csv);
    if (!csv)
        return hcb__nomem(ctx);
    *out = csv;
    csv->ctx = ctx;
    hcb__arena_init(&csv->scratch, &ctx->mem);
    csv->shown = shown;
    csv->columns = columns;
    csv->n_columns = n_columns;
    csv->index = hcb__calloc(&ctx->mem, n_columns, sizeof *csv->index);
    if (!csv->index || csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return hcb__nomem(ctx);
    for (size_t k = 0; k < n_columns; k++)
        csv->index[k] = NO_COLUMN;
    csv->table = hcb__memory_at(ctx, path);
    csv->in_memory = csv->table != NULL;
    if (csv->table && csv->table->columns)
        return HCB_OK;
    csv->table = NULL;
    /* One buffer for ever, got with the first row: nothing can fail for want of memory after that. */
    csv_set_blk_size(&csv->parser, LARGEST_CELL + 64);
    hcb_status status = hcb__file_read(&csv->bytes, &csv->size, ctx, path, shown);
    if (status != HCB_OK)
        return status;
    if (csv->size >= 3 && memcmp(csv->bytes, "\xef\xbb\xbf", 3) == 0)
        csv->at = csv->line_start = 3;
    const char *nul = csv->size ? memchr(csv->bytes, '\0', csv->size) : NULL;
    csv->first_nul = nul ? (size_t)(nul - csv->bytes) : csv->size;
    csv->line = 1;
    start_cell(csv, csv->at);
    const char *wrong = other_encoding(csv->bytes, csv->size);
    if (wrong) {
        syntax_error(csv, 1, 1, wrong);
        return first_row_failed(csv);
    }
    return HCB_OK;
}

static hcb_status open_with_header(hcb__csv **out, hcb_context *ctx, const char *path, const char *shown,
                                   const hcb__csv_column *columns, size_t n_columns, const hcb__csv_rename *renames,
                                   size_t n_renames) {
    hcb_status status = prepare(out, ctx, path, shown, columns, n_columns);
    if (status != HCB_OK)
        return status;
    hcb__csv *csv = *out;
    size_t problems = ctx->diag_errors;
    if (csv->table)
        return open_table(csv, renames, n_renames);
    if (!read_row(csv)) {
        if (!csv->out_of_memory && ctx->diag_errors == problems)
            syntax_error(csv, 1, 1, "the file is empty; a header row was expected");
        return first_row_failed(csv);
    }
    const cell *only = &csv->cells.at[0];
    if (csv->n_cells == 1 && n_columns > 1 && (strchr(only->text, ';') || strchr(only->text, '\t'))) {
        syntax_error(csv, only->line, only->column, "the columns are not separated by commas");
        return first_row_failed(csv);
    }
    return take_header(csv, renames, n_renames);
}

hcb_status hcb__csv_open(hcb__csv **out, hcb_context *ctx, const char *path, const char *shown,
                         const hcb__csv_column *columns, size_t n_columns, const hcb__csv_rename *renames,
                         size_t n_renames) {
    *out = NULL;
    hcb_status status = open_with_header(out, ctx, path, shown, columns, n_columns, renames, n_renames);
    if (status != HCB_OK) {
        hcb__csv_close(*out);
        *out = NULL;
    }
    return status;
}

static hcb_status open_headerless(hcb__csv **out, hcb_context *ctx, const char *path, const char *shown,
                                  const hcb__csv_column *columns, size_t n_columns) {
    hcb_status status = prepare(out, ctx, path, shown, columns, n_columns);
    if (status != HCB_OK)
        return status;
    hcb__csv *csv = *out;
    size_t problems = ctx->diag_errors;
    if (csv->table) {
        hcb__where where = {shown, 0, 0, NULL};
        return hcb__fail_at(ctx, HCB_EDATA, &where, "is a table; the text of a file was expected");
    }
    csv->held = read_row(csv);
    if (csv->out_of_memory || ctx->diag_errors != problems)
        return first_row_failed(csv);
    for (size_t k = 0; k < n_columns; k++) {
        if (k < csv->n_cells) {
            csv->index[k] = (int64_t)k;
        } else if (csv->held && columns[k].required) {
            hcb__why why;
            hcb__say(&why, "%zu cell%s in this row; the %zuth, \"%s\", is needed", csv->n_cells,
                     csv->n_cells == 1 ? "" : "s", k + 1, columns[k].name);
            syntax_error(csv, csv->cells.at[0].line, 1, why.text);
            return first_row_failed(csv);
        }
    }
    return HCB_OK;
}

hcb_status hcb__csv_open_headerless(hcb__csv **out, hcb_context *ctx, const char *path, const char *shown,
                                    const hcb__csv_column *columns, size_t n_columns) {
    *out = NULL;
    hcb_status status = open_headerless(out, ctx, path, shown, columns, n_columns);
    if (status != HCB_OK) {
        hcb__csv_close(*out);
        *out = NULL;
    }
    return status;
}

void hcb__csv_close(hcb__csv *csv) {
    if (!csv)
        return;
    const hcb_allocator mem = csv->ctx->mem;
    csv_free(&csv->parser);
    HCB__VEC_FREE(&mem, &csv->cells);
    hcb__free(&mem, csv->names);
    hcb__free(&mem, csv->index);
    hcb__free(&mem, csv->bytes);
    hcb__arena_release(&csv->scratch);
    hcb__free(&mem, csv);
}

bool hcb__csv_next(hcb__csv *csv) {
    if (csv->held)
        csv->held = false;
    else if (csv->table ? !table_row(csv) : !read_row(csv)) {
        csv->cells.count = csv->n_cells = 0;
        return false;
    }
    csv->rows++;
    return true;
}

hcb_context *hcb__csv_context(const hcb__csv *csv) {
    return csv->ctx;
}

bool hcb__csv_has(const hcb__csv *csv, size_t column) {
    return csv->index[column] != NO_COLUMN;
}

static const cell *cell_of(const hcb__csv *csv, size_t column) {
    int64_t i = csv->index[column];
    return i != NO_COLUMN && (size_t)i < csv->cells.count ? &csv->cells.at[i] : NULL;
}

static const hcb_column *typed(const hcb__csv *csv, size_t column) {
    int64_t i = csv->index[column];
    return csv->table && i != NO_COLUMN ? &csv->table->columns[i] : NULL;
}

bool hcb__csv_typed_int(const hcb__csv *csv, size_t column, int64_t *out) {
    const hcb_column *c = typed(csv, column);
    return c && csv->rows && hcb__memory_int(c, csv->rows - 1, out);
}

bool hcb__csv_typed_double(const hcb__csv *csv, size_t column, double *out) {
    const hcb_column *c = typed(csv, column);
    return c && csv->rows && hcb__memory_double(c, csv->rows - 1, out);
}

const char *hcb__csv_text(const hcb__csv *csv, size_t column, size_t *len) {
    const cell *c = cell_of(csv, column);
    if (len)
        *len = c ? c->len : 0;
    return c && c->len ? c->text : NULL;
}

hcb__where hcb__csv_where(const hcb__csv *csv, size_t column) {
    const cell *c = cell_of(csv, column);
    hcb__where where = hcb__csv_where_row(csv);
    int64_t i = csv->index[column];
    where.pointer = i != NO_COLUMN && (size_t)i < csv->n_names ? csv->names[i] : csv->columns[column].name;
    if (c) {
        where.line = c->line;
        where.column = c->column;
    }
    return where;
}

hcb__where hcb__csv_where_row(const hcb__csv *csv) {
    if (csv->table)
        return (hcb__where){csv->shown, csv->line, 0, NULL};
    return (hcb__where){csv->shown, csv->cells.count ? csv->cells.at[0].line : csv->line, 1, NULL};
}
