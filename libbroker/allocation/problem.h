/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frozen model as the engine sees it: which packages may move, where each may go, what limits and what costs. */
#ifndef HCB_ALLOCATION_PROBLEM_H
#define HCB_ALLOCATION_PROBLEM_H

#include "model/model.h"
#include "solve/engine.h"

enum { HCB__REPLAN_FIXED = -1, HCB__REPLAN_FREE = -2 }; /* or the number of people who may move */

/* What a part of the whole does with a package; or the one provider that it may choose. */
enum {
    HCB__PART_ALL = -1,  /* every provider that may take it */
    HCB__PART_OUT = -2,  /* takes no part: it waits */
    HCB__PART_FIXED = -3 /* a placement that stays as it is */
};

/* One choice: an item at a provider that may take it. */
typedef struct hcb__choice {
    int32_t provider, tier, rank; /* rank: place in the item's ranking, from 1 */
    bool fallback;                /* travel from the crow model where the matrix has a hole */
    int64_t seconds;              /* travel of one visit */
    int64_t price;                /* pence an hour */
    int64_t weekly_pence;
} hcb__choice;

typedef struct hcb__alloc_row {
    const char *name;       /* docs/formats.md, "Rows" */
    int64_t limit;          /* of the choices alone: the fixed placements' part is taken off */
    int64_t asked, today;   /* the limit as asked and today's value, both with the fixed part; today > asked: relaxed */
    int32_t bin;            /* the provider whose own row it is; -1: of several */
    int32_t provider, zone; /* those in the name; -1: none */
} hcb__alloc_row;

typedef struct hcb__alloc_problem {
    hcb__arena arena;
    const hcb__model *model;
    hcb__travel_table *travel;
    const int32_t *part; /* [packages and placements]: HCB__PART_... or a provider; NULL: the whole */
    int64_t replan;      /* HCB__REPLAN_... or a number */
    int64_t moves_limit; /* -1: none */
    int32_t n_items, n_rows;
    int32_t *package;       /* [n_items]: the model's package, ascending by id */
    int32_t *zone_start;    /* [n_zones + 1]: zone_coverage[zone_start[z] ..] are the coverage rows of zone z, */
    int32_t *zone_coverage; /* by provider */
    hcb__choice *choices;   /* [pairs], beside the engine's pairs */
    hcb__alloc_row *rows;
    int32_t *start;             /* [n_items]: today's provider, or HCB__WAITS */
    hcb__engine_problem engine; /* its arrays live in the arena */
} hcb__alloc_problem;

/* HCB_ENOMEM, HCB_ELIMIT. Warnings (rows relaxed to today's value) are collected in ctx. */
HCB_NODISCARD hcb_status hcb__alloc_problem_create(hcb__alloc_problem **out, hcb_context *ctx, const hcb__model *model,
                                                   int64_t replan);
/* The same for a part of the packages. Limits are those of the whole; the levels lack what fixed placements cost, so
 * that only their differences mean something. `part` is borrowed. */
HCB_NODISCARD hcb_status hcb__alloc_problem_part(hcb__alloc_problem **out, hcb_context *ctx, const hcb__model *model,
                                                 int64_t replan, const int32_t *part);
void hcb__alloc_problem_free(hcb__alloc_problem *problem);

/* Whether a placement is fixed in this run. */
static inline bool hcb__is_fixed(const hcb__alloc_problem *problem, const hcb__package *package) {
    if (!package->placed)
        return false;
    return problem->replan == HCB__REPLAN_FIXED ||
           (problem->part && problem->part[package - problem->model->packages] == HCB__PART_FIXED);
}

/* The pair of an item with a provider, or -1. */
int64_t hcb__alloc_pair(const hcb__alloc_problem *problem, int32_t item, int32_t provider);

/* What a placement in force costs today; a provider that no longer covers the zone gives tier -1 and price 0. */
void hcb__choice_today(const hcb__alloc_problem *problem, int32_t package, hcb__choice *out);

/* rows.c: fills the rows, their uses and limits. */
HCB_NODISCARD hcb_status hcb__alloc_rows(hcb__alloc_problem *problem, hcb_context *ctx);
/* ranking.c: the levels' costs and the ranking of every item's choices. */
HCB_NODISCARD hcb_status hcb__alloc_levels(hcb__alloc_problem *problem, hcb_context *ctx);

#endif
