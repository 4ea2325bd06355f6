/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The assignment of units to zones that are told apart (unlike Hess's: no centres, no zones that are alike) as an
 * integer programme, for levels that are sums over units, over edges, over places or over what a zone's hours are off
 * their target. A branch and bound of our own over the back end's linear programmes: rows that no legal map breaks
 * (separators of zones in parts, cut edges, split places) are added where they are broken, at every node, and hold in
 * the whole tree. Bounds are made anew from the programme's prices, so that they do not hang on its last digits. */
#ifndef HCB_DESIGN_ASSIGN_H
#define HCB_DESIGN_ASSIGN_H

#include "design/plan.h"
#include "solve/core.h"

typedef struct hcb__assign {
    const hcb__map_problem *problem;
    int32_t level;
    const int64_t *limit; /* [n_levels] no level may be above; INT64_MAX: none */
    int32_t first_new;    /* zones from here on are alike; k: none */
    int64_t most_work;    /* steps of the simplex method x rows (or half the columns) / 1000, and what each answer
                             costs; the same on every machine */
    hcb__budget *budget;  /* its deadline and wish to stop end the search */
    bool (*accept)(const int32_t *zone, int32_t chain, void *payload); /* as in hcb__map_search; chain 0 */
    void (*tell)(int64_t value, int64_t bound, void *payload);         /* now and then; NULL: none */
    void *payload;
} hcb__assign;

typedef struct hcb__assign_answer {
    bool found;          /* `zone` is a better map than what came in */
    bool complete;       /* there is none better still */
    int64_t value;       /* of the best map known; INT64_MAX: none */
    int64_t bound;       /* no legal map is below */
    int32_t nodes, rows; /* of the tree; of the programme at its end */
    int32_t pairs, left; /* of units (those that move together counted once) and zones; of them not ruled out */
} hcb__assign_answer;

/* Whether the level is one that the programme can say something about. */
bool hcb__assign_fits(const hcb__map_problem *problem, int32_t level);

/* `zone` [n], of value `known` (INT64_MAX: none is known), is replaced by a better map where there is one. A bound in
 * any case. HCB_OK or HCB_ENOMEM: a back end that fails only ends the search. */
HCB_NODISCARD hcb_status hcb__map_assign(hcb__assign_answer *out, int32_t *zone, int64_t known,
                                         const hcb_allocator *mem, const hcb__assign *what);

/* --- What the parts of it share. --- */

typedef struct hcb__assign_part {
    int32_t column;
    double value;
} hcb__assign_part;

typedef struct hcb__assign_run {
    const hcb__assign *what;
    const hcb__map_problem *p;
    const hcb_allocator *mem;
    hcb__arena arena;
    int32_t n, k, n_blocks;
    int32_t *of;         /* [n] block of a unit */
    int32_t *start, *to; /* neighbours of each block */
    uint8_t *barred;     /* [n_blocks][k] in no better map */
    int32_t *column;     /* [n_blocks][k] of the pair; -1: it was barred before the programme was made */
    /* Other columns, each -1 where there are none. */
    int32_t *cut;                   /* [n_edges] whether an edge is between zones */
    int32_t **splits;               /* [n_levels][place][k] whether a place has units in a zone */
    int32_t open;                   /* first of k: whether the zone has units */
    int32_t n_columns, first_other; /* from here on columns are not of pairs */
    HCB__VEC(double) cost;
    HCB__VEC(double) upper; /* lower: 0 */
    /* Rows, all of them, one after the other. */
    HCB__VEC(double) row_low;
    HCB__VEC(double) row_high;
    HCB__VEC(int32_t) row_start; /* one more than rows; in parts */
    HCB__VEC(hcb__assign_part) parts;
    HCB__VEC(int32_t) idle; /* of each row: for how many answers it had room; -1: it stays for good */
    bool for_good;          /* rows made now do */
    int32_t n_sent;         /* rows that the back end has */
    double constant;        /* of the level, beside its columns */
    double *x;              /* [n_columns] of the node at hand */
    int32_t *slot;          /* [n_columns] place of a column in the row being made, or -1 */
    /* Room to work in. */
    double *distance;              /* [n_blocks] */
    bool *done;                    /* [n_blocks] */
    double *sums;                  /* [n_blocks][k] */
    int32_t *label, *queue, *root; /* [n] */
    double *weight;                /* [n] */
    double *block_weight;          /* [n_blocks] for the choice of what to branch on */
    int32_t n_barred;              /* by prices */
} hcb__assign_run;

static inline size_t hcb__pair_at(const hcb__assign_run *r, int32_t block, int32_t z) {
    return (size_t)block * (size_t)r->k + (size_t)z;
}

static inline int64_t hcb__assign_limit(const hcb__assign_run *r, int32_t l) {
    return r->what->limit[l] < r->p->levels[l].cap ? r->what->limit[l] : r->p->levels[l].cap;
}

/* Blocks, and room; nothing is barred but by units that are fixed. False when memory is out. */
bool hcb__assign_begin(hcb__assign_run *run);

/* Rows are made part by part; parts of one column add up, column -1 is left out. Scaled by a power of two, so exactly.
 */
bool hcb__assign_part_of_row(hcb__assign_run *run, int32_t column, double value);
bool hcb__assign_row(hcb__assign_run *run, double low, double high);

/* Takes out the rows marked, [rows]. */
void hcb__assign_drop(hcb__assign_run *run, const bool *drop);

/* Columns and rows of the problem but those that are separated. False when memory is out. */
bool hcb__assign_build(hcb__assign_run *run);

/* Bars what cannot be in a map whose sum of `cost` [n_blocks][k] (>= 0 as far as it is not barred) stays within
 * `slack` above the least that each block costs: a unit comes to a zone only with all that is between it and a unit
 * that is at its cheapest there, or the zone has no such unit at all. Gives how many pairs that barred. */
int32_t hcb__assign_bar(hcb__assign_run *run, const double *cost, double slack);
/* Bars by the limits of levels and by bounds of sums, until nothing changes. False when memory is out. */
bool hcb__assign_bar_all(hcb__assign_run *run);

/* Adds rows of edges as the map at hand is likely to need them. */
bool hcb__assign_expect(hcb__assign_run *run, const int32_t *zone);

/* Adds rows that x breaks: separators, edges, places. `whole`: x is a map, every break counts. */
bool hcb__assign_separate(hcb__assign_run *run, bool whole, int32_t *added);

#endif
