/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels in which nearly all items have a place and a row lets only few of them leave it. An item that no relaxation
 * wants to move is settled: it has no row in the master, and leaves its place, if it does, for the cheapest other
 * choice whether there is room or not. That is a relaxation, so what it proves holds; an item that it moves is woken.
 */
#ifndef HCB_SOLVE_SETTLED_H
#define HCB_SOLVE_SETTLED_H

#include "solve/core.h"

typedef struct hcb__settled {
    int32_t row;        /* that lets few leave, or -1: nothing is settled */
    int32_t most;       /* how many it lets leave */
    int32_t to_place;   /* those and the items without a place */
    int64_t unit;       /* of the row, that one item takes at least when it leaves */
    int32_t *place;     /* [n_items] the choice that an item has as its place, or -1 */
    int32_t *stay;      /* [n_items] the same while the item is settled, else -1 */
    int64_t *away_cost; /* [n_items] least of the other choices */
    int64_t *away_use;  /* [n_items][n_side] the same of the side rows, each by itself */
} hcb__settled;

/* Finds the row that lets the fewest items leave their places; to_place is INT32_MAX where there is none. */
void hcb__settled_find(hcb__settled *settled, const hcb__core *core);

/* Settles what settled->row keeps in place; side: [n_side] the side rows. The arrays come from `arena`. False: memory
 * is out. */
bool hcb__settled_init(hcb__settled *settled, hcb__arena *arena, const hcb__core *core, const int32_t *side,
                       int32_t n_side);

#endif
