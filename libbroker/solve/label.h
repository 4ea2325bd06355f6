/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best set of a bin by dynamic programming: labels (value, loads of the rows) set item by item, dominated ones
 * dropped, and those that cannot reach the best set known cut off by a table of the heaviest row in which all other
 * rows are priced. */
#ifndef HCB_SOLVE_LABEL_H
#define HCB_SOLVE_LABEL_H

#include "base/mem.h"

typedef struct hcb__label_item {
    int64_t gain;          /* > 0 */
    const int64_t *weight; /* [rows], >= 0 */
    int32_t id;            /* the caller's */
} hcb__label_item;

/* Buffers that grow and stay from call to call. */
typedef struct hcb__label_room {
    hcb_allocator mem;
    HCB__VEC(double) table;
    HCB__VEC(int64_t) cells; /* labels of two stages */
    HCB__VEC(int32_t) trace;
    HCB__VEC(double) scratch;
    int64_t labels; /* set so far, for the budget */
} hcb__label_room;

void hcb__label_free(hcb__label_room *room);

/* Raises *found, the value of the best set known, and puts a better set into set[0 .. *n) as ids when there is one.
 * Returns what no set can pass; equal to *found unless more than most_labels would have been set, memory is out, or the
 * numbers are too large for the table. Reorders items. */
int64_t hcb__label_best(hcb__label_room *room, hcb__label_item *items, int32_t n_items, int32_t rows,
                        const int64_t *limit, int64_t most_labels, int64_t most, int64_t *found, int32_t *set,
                        int32_t *n);

#endif
