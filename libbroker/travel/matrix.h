/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a matrix: rows of cells, each row by destination. */
#ifndef HCB_TRAVEL_MATRIX_H
#define HCB_TRAVEL_MATRIX_H

#include "travel/travel.h"

typedef struct hcb__matrix_cell {
    int32_t origin, destination; /* numbers of names */
    int32_t seconds;
    int64_t line; /* of the file; JSON: the cell's number in it */
} hcb__matrix_cell;

struct hcb__matrix {
    hcb__arena arena;
    int32_t n_names, n_cells;
    const char **names; /* by bytes */
    hcb__idmap number;  /* of a name */
    int32_t *row_start; /* [n_names + 1] cells */
    hcb__matrix_cell *cells;
};

typedef HCB__VEC(hcb__matrix_cell) hcb__matrix_cells;

typedef struct hcb__matrix_builder {
    hcb_context *ctx;
    const char *shown;
    bool json;
    size_t json_columns; /* JSON: cells in a row of `durations` */
    hcb__arena arena;
    hcb__idmap number;
    HCB__VEC(const char *) names;
    hcb__matrix_cells cells;
} hcb__matrix_builder;

void hcb__matrix_builder_init(hcb__matrix_builder *b, hcb_context *ctx, const char *shown);
void hcb__matrix_builder_free(hcb__matrix_builder *b);
/* The number of a name, new or known; -1 when memory is out. */
int32_t hcb__matrix_name(hcb__matrix_builder *b, const char *name, size_t len);
bool hcb__matrix_add(hcb__matrix_builder *b, int32_t origin, int32_t destination, double seconds, int64_t line);
/* Sorts, reports what is odd, freezes. */
HCB_NODISCARD hcb_status hcb__matrix_finish(hcb__matrix **out, hcb__matrix_builder *b);

#endif
