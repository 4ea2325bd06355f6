/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a solve keeps while it runs, and how it divides its budget. */
#ifndef HCB_SOLVE_SOLVER_H
#define HCB_SOLVE_SOLVER_H

#include "base/mem.h"
#include "solve/lp.h"
#include "solve/neighbourhood.h"
#include "solve/plan.h"
#include "solve/proof.h"

/* Sizes, in items that can move, that a method suits. */
enum {
    HCB__VERY_FEW = 100,     /* branch and price however many there are a bin */
    HCB__FEW_TO_PLACE = 100, /* of many, that may leave their places or have none */
    HCB__FEW_ITEMS = 300,    /* branch and price up to so many */
    HCB__SOME_ITEMS = 6000,  /* parts are taken apart up to so many */
    HCB__SWAP_ITEMS = 1000   /* all exchanges are tried up to so many items */
};

/* What is kept of a level that is done. */
typedef struct hcb__level_state {
    hcb__prices prices;      /* best row prices so far; row NULL: none */
    hcb__multipliers as_row; /* the same, the level itself as a row, for the certificates of later levels */
    bool fixes;              /* as_row left choices out */
    uint8_t *allowed;        /* before the level */
    int64_t *kept;           /* earlier levels' frozen values the bound was proved under; NULL: no bound yet */
} hcb__level_state;

typedef struct hcb__solver {
    const hcb_allocator *mem;
    const hcb__engine_problem *p;
    const hcb__engine_options *options;
    hcb__worker *worker;
    hcb__engine_answer *answer;
    hcb__budget budget;
    double began;
    int64_t n_pairs;
    hcb__allowed allowed;
    hcb__level_state *level;
    int64_t *value, *frozen, *floor;
    HCB__VEC(hcb__multipliers) forcing; /* side rows that alone leave choices out, in the order in which they do */
    bool dominance;                     /* dominated pairs are left out */
} hcb__solver;

/* A level being worked on. */
typedef struct hcb__work {
    hcb__core *core;
    hcb__plan plan;
    hcb__lp_answer lp;
    hcb__prices prices;
    int64_t bound;
    int32_t turns; /* rounds of the search by filling and chains so far */
    hcb__budget budget;
    int32_t threads;         /* that a search of it may use */
    const hcb__guide *guide; /* of its neighbourhoods, or NULL */
    bool has_tree;           /* the proof holds the whole certificate */
    hcb__proof proof;
} hcb__work;

/* Tells the host how level j (-1: before the first) stands. */
void hcb__publish(const hcb__solver *s, int32_t j, int64_t value, int64_t bound, bool has_bound);

/* How far the bound may stay below the value when the search stops: the gap asked for, of the part of the value that
 * can change. What fixed placements cost would else hide a queue in a county's total. */
double hcb__gap_room(const hcb__solver *s, int32_t j, int64_t value);

/* Whether the search of the level may stop. */
bool hcb__close_enough(const hcb__solver *s, int32_t j, int64_t value, int64_t bound);

/* What later levels keep of a level that ended at `value`. */
int64_t hcb__tolerated(const hcb__engine_level *level, int64_t value);

/* The share of what is left that a level may use: the first searched level twice what each later one may. */
hcb__budget hcb__budget_share(const hcb__solver *s, int32_t j);

/* A share of what is left of a budget. */
hcb__budget hcb__budget_part(const hcb__budget *budget, double of);

/* HCB_EINTERNAL: the plan breaks a row, or uses a choice that was fixed out. */
hcb_status hcb__work_set_plan(hcb__work *w, const int32_t *bin, const hcb_allocator *mem);

#endif
