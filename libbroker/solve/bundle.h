/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bundle bound: item prices and prices of the rows that are no bin's own, every bin's rows kept. A bin then takes
 * the set of items that gains most, and the value is a bound at least as high as the LP's. */
#ifndef HCB_SOLVE_BUNDLE_H
#define HCB_SOLVE_BUNDLE_H

#include "solve/dual.h"
#include "solve/pricing.h"
#include "solve/settled.h"

typedef struct hcb__bundle {
    const hcb__core *core;
    hcb_allocator mem;
    hcb__pricing pricing;
    hcb__budget *budget;
    int64_t denominator;
    uint8_t *open;        /* [n_choices] allowed at the node at hand */
    int32_t n_side;       /* rows that are priced: side rows, earlier levels, terms, goals */
    int32_t *side;        /* [n_side] rows of the core */
    int32_t *side_of;     /* [n_rows] place in side, or -1 */
    double *side_scale;   /* [n_side] largest weight */
    hcb__settled settled; /* nothing, until hcb__bundle_settle */
    int32_t crowd;        /* how many times sixteen rows a choice uses: what prices are kept below depends on it */
    int32_t overfull;     /* a bin that the items fixed in it pass the limits of, or -1: then there is no plan */
    /* The point at hand. */
    int64_t *item_price; /* [n_items]; items with a single choice: set by hcb__bundle_seal */
    int64_t *row_price;  /* [n_rows]; bins' own rows: 0 */
    int64_t *value;      /* [n_choices] denominator x cost plus priced weights */
    /* Each bin's best set at the point at hand. */
    int32_t *set_start, *set; /* bins' sets, as choices: set[set_start[b] .. set_start[b] + set_size[b]) */
    int32_t *set_size;
    int64_t *gain;
    hcb__wide bound; /* denominator x value */
} hcb__bundle;

#define HCB__NO_BOUND (-((hcb__wide)1 << 120))
enum { HCB__SET_NODES = 200000 }; /* of one bin's search where a bound is to be kept */

/* The denominator of a core's bundle bounds. */
int64_t hcb__bundle_denominator(const hcb__core *core);

bool hcb__bundle_init(hcb__bundle *bundle, const hcb_allocator *mem, const hcb__core *core, hcb__budget *budget);
void hcb__bundle_free(hcb__bundle *bundle);

/* Settles the items that the row of hcb__settled_find keeps in their places; their prices then follow from those of the
 * rows. False: memory is out. */
bool hcb__bundle_settle(hcb__bundle *bundle);

/* Sets the point from prices in units of cost and evaluates it: fills value, the sets and the bound. most_nodes: of
 * each bin's search. */
void hcb__bundle_point(hcb__bundle *bundle, const double *item_price, const double *row_price);
void hcb__bundle_evaluate(hcb__bundle *bundle, const double *item_price, const double *row_price, int64_t most_nodes);

/* Gives items with a single choice the prices that make their bins take them; where a bin is overfull, prices that take
 * the bound to `want`, and sets it so. */
void hcb__bundle_seal(hcb__bundle *bundle, int64_t want);

/* Raises the bound by a subgradient method from item_price ([n_items]) and row_price ([n_rows]), which become the best
 * point found; gives its bound. Calls after each evaluation, when not NULL, on_point. Stops at `target`. */
typedef void (*hcb__bundle_fn)(hcb__bundle *bundle, void *payload);
hcb__wide hcb__bundle_ascend(hcb__bundle *bundle, double *item_price, double *row_price, int32_t iterations,
                             int64_t target, int64_t most_nodes, hcb__bundle_fn on_point, void *payload);

#endif
