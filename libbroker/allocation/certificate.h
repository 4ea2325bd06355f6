/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checker of bounds: from a problem's numbers, the values the levels were frozen at and a certificate, it
 * recomputes what the certificate proves. It shares no code with the engine, uses whole numbers only, and trusts
 * nothing it is given but the problem.
 *
 * What is proved, and how: docs/engine.md, "Certificates". In short: for prices l >= 0 of rows and any prices u of
 * items, no plan is cheaper than sum u_i - sum l_r limit_r + sum_i min(0, D wait_i - u_i) + sum_bins min_S sum_{i in S}
 * (D c_ib + l w_ib - u_i), divided by D, and a tree of such values, one for each way to branch, proves the least of
 * them. */
#ifndef HCB_ALLOCATION_CERTIFICATE_H
#define HCB_ALLOCATION_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

enum { HCB__CHECK_SUM = 0, HCB__CHECK_MAX = 1 }; /* kind of a level */
enum { HCB__CHECK_WAITS = -1 };                  /* bin of an item that waits */
#define HCB__CHECK_MUST_PLACE INT64_MAX          /* wait_cost of an item that may not wait; first level only */

typedef struct hcb__check_level {
    int32_t kind, first_term, n_terms;
    const int64_t *pair_cost; /* [pairs] or NULL: zeros */
    const int64_t *wait_cost; /* [items] or NULL: zeros */
    int64_t constant;
} hcb__check_level;

/* The arrays mean what they mean to the engine; term_use_* may be NULL when n_terms is 0. */
typedef struct hcb__check_problem {
    int32_t n_items, n_bins, n_rows, n_levels, n_terms;
    const int64_t *pair_start;
    const int32_t *pair_bin;
    const int64_t *use_start;
    const int32_t *use_row;
    const int64_t *use_weight;
    const int64_t *row_limit;
    const int32_t *row_bin;
    const hcb__check_level *levels;
    const int64_t *term_constant, *term_use_start;
    const int32_t *term_use_term;
    const int64_t *term_use_weight;
} hcb__check_problem;

typedef struct hcb__check_multipliers {
    int32_t n_rows;
    const int32_t *row; /* ascending; n_rows of the problem + j: level j at its frozen value; + n_levels + k: cut k */
    const int64_t *row_price;  /* > 0 */
    const int64_t *item_price; /* [n_items] or NULL */
    int32_t n_terms;
    const int32_t *term;       /* ascending */
    const int64_t *term_price; /* > 0 */
} hcb__check_multipliers;

/* An inequality that the row implies for the choices left by the certificate's first nodes (fix, dominated): the times
 * of the choices in use add up to at most `right`. */
typedef struct hcb__check_cut {
    int32_t row; /* as in hcb__check_multipliers, no cut */
    int32_t right, n;
    const int32_t *item, *bin, *times; /* [n], ascending by item and bin, HCB__CHECK_WAITS last */
} hcb__check_cut;

/* Kinds of node that are not splits, in `item`. */
enum {
    HCB__CHECK_LEAF = -1,
    HCB__CHECK_EMPTY = -2,
    HCB__CHECK_FIX = -3,
    HCB__CHECK_FIX_EMPTY = -4,
    HCB__CHECK_DOMINATED = -5
};

typedef struct hcb__check_node {
    int32_t item, bin, with, without, multipliers;
} hcb__check_node;

/* "No plan that keeps every row and the earlier levels at `frozen` has a value of level `level` below `bound`." */
typedef struct hcb__check_claim {
    int32_t level;
    const int64_t *frozen; /* [level] */
    int64_t bound, denominator;
    int32_t n_nodes, n_multipliers, n_cuts;
    const hcb__check_node *nodes;
    const hcb__check_multipliers *multipliers;
    const hcb__check_cut *cuts;
    char seal[65]; /* hcb__check_seal of all the above */
} hcb__check_claim;

enum {
    HCB__CHECK_CONFIRMED = 0,
    HCB__CHECK_REFUTED = 1,    /* well formed, but it does not prove the bound */
    HCB__CHECK_MALFORMED = 2,  /* not in canonical form, or the seal is not that of its content */
    HCB__CHECK_UNCONFIRMED = 3 /* the work limit was passed before an answer */
};

/* SHA-256 of the claim's content in canonical order, so that a change of any single field shows. */
void hcb__check_seal(const hcb__check_problem *problem, const hcb__check_claim *claim, char seal[65]);

/* work_limit: steps of the exact searches, <= 0: a large default. proved: of a leaf that proves less than claimed, what
 * it does prove; else INT64_MIN; or NULL. reason: why it is not confirmed ("" when it is). HCB_ENOMEM or HCB_OK with
 * *verdict set. */
HCB_NODISCARD hcb_status hcb__check_claim_holds(int32_t *verdict, const hcb_allocator *mem,
                                                const hcb__check_problem *problem, const hcb__check_claim *claim,
                                                int64_t work_limit, int64_t *proved, char reason[256]);

#endif
