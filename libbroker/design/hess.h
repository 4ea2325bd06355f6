/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hess's model of districting: every zone has a centre among its units, every unit pays its cost to the centre of its
 * zone. Weights of zones within bounds, zones connected when asked for. Exact where the search ends. */
#ifndef HCB_DESIGN_HESS_H
#define HCB_DESIGN_HESS_H

#include "design/graph.h"
#include "solve/core.h"

typedef struct hcb__hess {
    const hcb__graph *graph;
    int32_t k;
    const int64_t *weight;   /* [n] >= 0 */
    int64_t low, high;       /* of every zone */
    const int64_t *capacity; /* [n] > 0: the unit is a centre, and holds so much; the others are none. NULL: free
                                centres and `low`, `high` */
    const double *cost;      /* [n][n] of unit i at centre j in [j * n + i]; whole numbers unless `real_cost` */
    bool real_cost;
    bool contiguous;
    uint64_t seed;
    hcb__budget *budget;
    double gap;                                                                     /* relative; stop there */
    void (*progress)(const char *phase, double value, double bound, void *payload); /* NULL: none */
    void *payload;
} hcb__hess;

typedef struct hcb__hess_answer {
    int32_t *centre; /* [n] the centre of each unit; freed by the caller with hcb__free */
    bool found;
    double value;         /* of `centre` */
    double bound;         /* nothing costs less */
    bool proved;          /* the value is the least, or there is no plan */
    int32_t centres_left; /* that the bound does not rule out */
    int64_t pairs_left;   /* unit and centre, of n x n */
    int32_t cut_rows, rounds;
    int64_t nodes;
} hcb__hess_answer;

HCB_NODISCARD hcb_status hcb__hess_solve(hcb__hess_answer *out, const hcb_allocator *mem, const hcb__hess *problem);

/* Inside: shared by the files of this solver. */

typedef struct hcb__hess_cut { /* the units of `first .. + n` part unit a from centre b */
    int32_t a, b, first, n;
} hcb__hess_cut;

/* The state of a run. Pair (unit i, centre j) at [j * n + i]. */
typedef struct hcb__hess_run {
    const hcb__hess *p;
    const hcb_allocator *mem;
    hcb__arena arena;
    int32_t n;
    uint8_t *barred;   /* [n * n] 1: not in any better plan */
    bool *closed;      /* [n] not a centre of any better plan */
    bool *forced;      /* [n] a centre of every better plan */
    double *often;     /* [n] how often the last evaluations chose it, 0 .. 1 */
    double *price;     /* [n] multipliers of "one centre a unit" */
    double bound;      /* of the multipliers */
    int32_t *chosen;   /* [k] centres of the last evaluation */
    int32_t *best;     /* [n] centres of the best plan */
    double best_value; /* INFINITY: none */
    int32_t *offered;  /* [4 * n] room to look at a plan */
    hcb__hess_answer *out;
    HCB__VEC(hcb__hess_cut) cuts; /* hold for every connected plan, so all programmes of the run share them */
    HCB__VEC(int32_t) members;
    int64_t *low, *high; /* [n] bounds of a zone with centre j */
} hcb__hess_run;

/* Plans and prices to begin with. False when memory is out. */
bool hcb__hess_start(hcb__hess_run *run);
/* Offers a plan made of one that is nearly legal: `centres` [k], `centre_of` [n]. False when memory is out. */
bool hcb__hess_mend(hcb__hess_run *run, const int32_t *centres, const int32_t *centre_of);
/* The Lagrangian dual: *bound holds for every plan that the marks allow (INFINITY: none beats the best). Bars pairs,
 * and closes and forces centres, by what no better plan can have. False when memory is out. */
bool hcb__hess_dual(hcb__hess_run *run, int32_t steps, double *bound);
/* Marks a unit as the centre of every plan to come. */
void hcb__hess_force(hcb__hess_run *run, int32_t centre);
/* All plans that the marks allow: by the dual, branching on centres, the programme at the ends. Marks and prices are as
 * before afterwards. *complete: everything was looked at. */
HCB_NODISCARD hcb_status hcb__hess_branch(hcb__hess_run *run, bool *complete);
/* The programme over the pairs left whose centre is `open` (NULL: all not closed): solved, cut where zones fall apart,
 * solved again. Takes over a better plan. *complete: there is no better one among them. */
HCB_NODISCARD hcb_status hcb__hess_programme(hcb__hess_run *run, const bool *open, double seconds, bool *complete);
/* Takes the plan when it is legal and better, each zone at its best centre. */
void hcb__hess_offer(hcb__hess_run *run, const int32_t *centre_of);

#endif
