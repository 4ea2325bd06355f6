/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checker's own search for the most that a set of a bin's items can gain within the bin's rows. It shares no code
 * with the engine. Whole numbers decide; floating point only chooses prices. */
#ifndef HCB_ALLOCATION_CERTIFICATE_SET_H
#define HCB_ALLOCATION_CERTIFICATE_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

/* One bin's items and rows, and buffers that stay from bin to bin. */
typedef struct hcb__check_set {
    hcb_allocator mem;
    int32_t n, rows;
    HCB__VEC(__int128) gain;  /* [n] > 0 and below 2^66 */
    HCB__VEC(int64_t) weight; /* [n][rows] >= 0 */
    HCB__VEC(int64_t) limit;  /* [rows] >= 0 */
    HCB__VEC(int64_t) worth;  /* [n] gains in the search's unit */
    HCB__VEC(int32_t) order;  /* items in the order of the search */
    HCB__VEC(double) real;    /* prices, and scratch */
    HCB__VEC(int64_t) whole;  /* prices, priced gains, weights of the rest, and the table */
    HCB__VEC(int64_t) labels; /* of two stages */
    bool failed;              /* memory is out: what was returned proves nothing */
} hcb__check_set;

void hcb__check_set_free(hcb__check_set *set);

/* Never less than the most a set gains; that itself unless *work_left or `most_labels` runs out. *work_left falls by
 * what was done. */
__int128 hcb__check_set_best(hcb__check_set *set, int64_t most_labels, int64_t *work_left);

#endif
