/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine's border: generalised assignment with waiting, side rows and ordered levels.
 *
 * The engine knows items, bins, rows and levels; not people, providers or zones. Every number is a whole number. All
 * arrays belong to the caller and stay unchanged while the engine runs.
 *
 * Variables: each item goes to one bin of its pairs, or waits. Rows: for every row, the sum of the weights of the pairs
 * in use is at most the row's limit. Levels, in order: minimise the first; then, keeping it at its best value plus its
 * tolerance, the second; and so on. */
#ifndef HCB_SOLVE_ENGINE_H
#define HCB_SOLVE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/worker.h"

enum { HCB__WAITS = -1 };         /* the "bin" of an item that waits */
#define HCB__MUST_PLACE INT64_MAX /* a wait_cost: this item may not wait (classical generalised assignment) */

enum { HCB__LEVEL_SUM = 0, HCB__LEVEL_MAX = 1 };

typedef struct hcb__engine_level {
    const char *name;
    int32_t kind;                /* HCB__LEVEL_SUM: sum of costs; HCB__LEVEL_MAX: the largest of its terms */
    int32_t first_term, n_terms; /* HCB__LEVEL_MAX: its terms */
    int64_t tolerance;           /* in the level's unit, >= 0 */
    int64_t tolerance_ppm;       /* or in millionths of the value: frozen at v + floor(v x ppm / 10^6) */
    const int64_t *pair_cost;    /* [n_pairs]; NULL: zeros. May be negative. */
    const int64_t *wait_cost;    /* [n_items]; NULL: zeros. HCB__MUST_PLACE in the first level only. */
    int64_t constant;            /* added to the value (what fixed placements cost) */
} hcb__engine_level;

typedef struct hcb__engine_problem {
    int32_t n_items, n_bins, n_rows, n_levels, n_terms;
    const int64_t *pair_start; /* [n_items + 1]: the pairs of item i are pair_start[i] .. pair_start[i + 1] - 1 */
    const int32_t *pair_bin;   /* [n_pairs], ascending within an item, no repeats */
    const int64_t *use_start;  /* [n_pairs + 1]: the uses of a pair */
    const int32_t *use_row;    /* [n_uses], ascending within a pair, no repeats */
    const int64_t *use_weight; /* [n_uses], not zero, any sign */
    const int64_t *row_limit;  /* [n_rows]; may be negative only where the start satisfies it */
    const int32_t *row_bin; /* [n_rows]: the one bin whose pairs use the row, all weights positive; or -1: a side row */
    const hcb__engine_level *levels;
    /* Terms of levels of the kind MAX: value of term t = term_constant[t] + the weights of the pairs in use. */
    const int64_t *term_constant;  /* [n_terms] */
    const int64_t *term_use_start; /* [n_pairs + 1]; NULL when n_terms is 0 */
    const int32_t *term_use_term;  /* ascending within a pair */
    const int64_t *term_use_weight;
    /* A plan that holds every row, as bin of each item or HCB__WAITS; NULL: everybody waits, which must then hold every
     * row (or, with HCB__MUST_PLACE, the engine looks for a plan itself and may report that none was found). */
    const int32_t *start;
} hcb__engine_problem;

typedef struct hcb__engine_options {
    double time_limit_s; /* of the whole solve; <= 0: none */
    int64_t work_limit;  /* deterministic work units of the whole solve; <= 0: none. See docs/engine.md. */
    double gap;          /* a level ends when (value - bound) <= gap x |value| */
    uint64_t seed;
    int32_t threads;                    /* >= 1; the answer does not depend on it unless time stops the run */
    bool start_only;                    /* polish nothing: evaluate the start and bound the levels (for tests) */
    const struct hcb__backend *backend; /* what solves the LPs (solve/backend.h); NULL: the first built in */
    /* [n_levels], each as in hcb__engine_level_answer or NULL; or NULL: prices from the answer to a problem much like
     * this one, of the same rows. The search then begins with them, and the LP comes later. */
    const double *const *row_price;
} hcb__engine_options;

enum { HCB__STOP_PROVED = 0, HCB__STOP_GAP = 1, HCB__STOP_WORK = 2, HCB__STOP_TIME = 3, HCB__STOP_CANCELLED = 4 };

/* Multipliers of one leaf of a certificate, as whole numbers over the certificate's denominator D.
 *
 * For the level's costs c (times D), rows r with multipliers l_r >= 0 and items i with prices u_i, the leaf proves
 *   D x value >= sum_i u_i - sum_r l_r limit_r + sum_i min(0, D wait_i - u_i)
 *                + sum_bins min over sets S of the bin's items that hold the bin's rows of
 *                      sum_{i in S} (D c_ib + sum_r l_r weight_rib - u_i)  + D constant
 * over the plans that the branching above the leaf allows. When item_price is NULL, u_i is the least reduced cost of
 * the item's allowed choices, every set is best left empty, and this is the ordinary Lagrangian value. The frozen
 * earlier levels are rows too: row n_rows + j is level j's limit. For a level of the kind MAX the terms carry
 * multipliers that add up to D and take the place of the costs; those of an earlier level of the kind MAX are rows
 * whose limit is that level's frozen value, less its constant. */
typedef struct hcb__multipliers {
    int32_t n_rows;
    const int32_t *row; /* n_rows of the problem + j: level j; n_rows + n_levels + k: the certificate's cut k */
    const int64_t *row_price;
    const int64_t *item_price; /* [n_items] or NULL */
    int32_t n_terms;
    const int32_t *term;
    const int64_t *term_price;
} hcb__multipliers;

/* An inequality that one row implies, since each item takes one choice: the `times` of the choices in use add up to at
 * most `right` (a lifted cover). It is proved for the choices that the first nodes (fix, dominated) leave. */
typedef struct hcb__cut {
    int32_t row; /* of the problem, or n_rows + j: level j at its frozen value */
    int32_t right, n;
    const int32_t *item, *bin; /* [n] ascending by item and bin, HCB__WAITS last */
    const int32_t *times;      /* [n] > 0 */
} hcb__cut;

/* A node of the certificate's tree. A node with item >= 0 splits on whether `item` goes to `bin` (HCB__WAITS: waits):
 * the branch `with` allows nothing else for the item, the branch `without` everything but that. The other kinds of node
 * have one of these numbers in `item`:
 * - LEAF: the branch has no value below the multipliers' bound.
 * - EMPTY: with the level's costs left out (the multipliers then hold an earlier level's row, times their own scale),
 * the multipliers' value is above zero: no plan of the branch keeps the rows and the earlier levels.
 * - FIX: multipliers without item prices; every choice that alone takes the multipliers' bound to the claimed bound or
 *   above is left out below this node, whose only branch is `with`.
 * - FIX_EMPTY: the same with the value above zero of EMPTY.
 * - DOMINATED: no multipliers; every pair is left out below that another allowed pair of its item dominates: the one
 *   that the levels in order prefer, the first among equals, of those that have no positive weight in a term or in a
 * row that all allowed pairs together could pass; it dominates what costs no less at any level and has no negative
 * weight in such a row or a term. A pair that alone passes the limit of one of its bin rows is never allowed. The root
 * is node 0. */
enum {
    HCB__CERT_LEAF = -1,
    HCB__CERT_EMPTY = -2,
    HCB__CERT_FIX = -3,
    HCB__CERT_FIX_EMPTY = -4,
    HCB__CERT_DOMINATED = -5
};

typedef struct hcb__cert_node {
    int32_t item, bin;
    int32_t with, without; /* nodes, always of a larger number than their parent; -1 where the kind has none */
    int32_t multipliers;   /* index; -1 for a split and DOMINATED */
} hcb__cert_node;

typedef struct hcb__certificate {
    int64_t denominator; /* 0: no certificate; the bound is then the trivial one */
    int32_t n_nodes, n_multipliers, n_cuts;
    const hcb__cert_node *nodes;
    const hcb__multipliers *multipliers;
    const hcb__cut *cuts;
} hcb__certificate;

typedef struct hcb__engine_level_answer {
    int64_t value;  /* of the returned plan, the constant included */
    int64_t frozen; /* value plus tolerance: what later levels keep */
    int64_t bound;  /* proved: no plan that keeps the rows and the earlier levels' frozen values is below it */
    int64_t best;   /* the value the level was frozen at, before its tolerance; proved optimal when bound == best */
    int32_t stop;   /* HCB__STOP_... of this level */
    hcb__certificate certificate;
    const double *row_price; /* [n_rows + level] what a unit of each row is worth, then of each earlier level */
} hcb__engine_level_answer;

typedef struct hcb__engine_answer {
    hcb__arena arena;
    bool has_plan;                    /* false only with HCB__MUST_PLACE and no start */
    bool infeasible;                  /* proved: no plan exists (only then too) */
    int32_t *bin;                     /* [n_items]: the bin or HCB__WAITS */
    hcb__engine_level_answer *levels; /* [n_levels] */
    int32_t stop;                     /* the worst of the levels' */
    int64_t work;
    double seconds;
} hcb__engine_answer;

/* Solve. Runs on the calling thread (a worker of ours) and on threads of its own; looks at `worker` (may be NULL) for
 * the wish to stop and publishes progress there.
 *
 * On return with HCB_OK and has_plan: the plan holds every row; it is lexicographically no worse than the start; and no
 * single step (one item to another of its bins, or from waiting to a bin) that holds every row makes the ordered list
 * of values smaller, not even after time ran out. The answer is the same for the same problem, options and seed,
 * whatever the number of threads, unless time or a cancellation stopped it. A level with a tolerance counts as equal up
 * to its frozen value in the order of values.
 *
 * HCB_EINVAL: an array breaks the rules above; HCB_ELIMIT: sums could pass 64 bits, *message names which; HCB_ENOMEM.
 * message: at least 256 bytes, set on failure. *out is NULL on failure; free with hcb__engine_answer_free. */
HCB_NODISCARD hcb_status hcb__engine_solve(hcb__engine_answer **out, const hcb_allocator *mem,
                                           const hcb__engine_problem *problem, const hcb__engine_options *options,
                                           hcb__worker *worker, char message[256]);
void hcb__engine_answer_free(hcb__engine_answer *answer);

/* What a level's figures alone say of its end: HCB__STOP_PROVED, HCB__STOP_GAP, or -1 where neither holds. */
static inline int32_t hcb__engine_stop_by_gap(int64_t best, int64_t bound, double gap) {
    double open = (double)best - (double)bound, size = best < 0 ? -(double)best : (double)best;
    return best <= bound ? HCB__STOP_PROVED : open <= gap * size ? HCB__STOP_GAP : -1;
}

#endif
