/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs that are in memory. While a context has a list of them, opening one of their paths reads the memory: the
 * readers above know nothing of it, so that what comes from arrays is checked as what comes from files. */
#ifndef HCB_IO_MEMORY_H
#define HCB_IO_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/context.h"
#include "hcbroker/problem.h"

typedef struct hcb__memory_file {
    const char *key;   /* of the source in hcbroker.yaml */
    const char *shown; /* in messages */
    const char *path;  /* under which it is opened */
    const char *bytes;
    size_t size;
    const hcb_column *columns; /* NULL: it has bytes */
    size_t n_columns, n_rows;
    bool
        renamed; /* its columns may have the workspace's names for them, as those of the file have that it stands for */
} hcb__memory_file;

typedef struct hcb__memory {
    const hcb__memory_file *files;
    size_t n_files;
} hcb__memory;

/* NULL: no such file in memory. */
const hcb__memory_file *hcb__memory_of(const hcb_context *ctx, const char *key);
const hcb__memory_file *hcb__memory_at(const hcb_context *ctx, const char *path);

/* The most bytes that a cell of the column has as text. */
size_t hcb__memory_longest(const hcb_column *column, size_t n_rows);
/* The cell as text, which is what a file would have, blanks at its ends removed, '\0' behind it. */
void hcb__memory_text(const hcb_column *column, size_t row, char *out, size_t *len);
/* A number that needs no text; false: not given, or no such number. */
bool hcb__memory_int(const hcb_column *column, size_t row, int64_t *out);
bool hcb__memory_double(const hcb_column *column, size_t row, double *out);

#endif
