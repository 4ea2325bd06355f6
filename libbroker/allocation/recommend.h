/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers about one package, or one provider's freed hours, with the rest of a plan left as it is. */
#ifndef HCB_ALLOCATION_RECOMMEND_H
#define HCB_ALLOCATION_RECOMMEND_H

#include "allocation/allocation.h"
#include "hcbroker/recommend.h"

/* Who serves whom in a plan's folder. */
typedef struct hcb__plan_folder {
    int64_t replan;
    int32_t *provider; /* [packages and placements] of the model, or HCB__WAITS */
} hcb__plan_folder;

/* Reads summary.json and allocations.csv; a plan of other data or another policy is refused. Into `arena`. */
HCB_NODISCARD hcb_status hcb__plan_folder_read(hcb__plan_folder *out, hcb_context *ctx, hcb__arena *arena,
                                               const hcb__model *model, const char *folder);

/* A plan as it stands for everyone but those who are asked about: what every row and every term carries. */
typedef struct hcb__standing {
    const hcb__alloc_problem *problem;
    int64_t *loads, *limits; /* [rows] */
    int64_t *terms;          /* [terms] of levels that are the largest of terms */
} hcb__standing;

/* `bin`: [n_items]. Into `arena`. */
HCB_NODISCARD hcb_status hcb__standing_make(hcb__standing *out, hcb_context *ctx, hcb__arena *arena,
                                            const hcb__alloc_problem *problem, const int32_t *bin);

/* An item that waits, and where it is to go. */
typedef struct hcb__step {
    int32_t item;
    int64_t pair;
} hcb__step;

/* What some steps together do to each level. HCB_ELIMIT when a sum passes 64 bits. */
HCB_NODISCARD hcb_status hcb__standing_change(const hcb__standing *standing, hcb_context *ctx, const hcb__step *steps,
                                              int32_t n_steps, int64_t *change);

/* A row that a choice would break, and by how much, in the row's unit. */
typedef struct hcb__lack {
    int32_t row;
    int64_t by;
} hcb__lack;

/* The rows above their limits after one step, in the rows' order. Into `arena`; false when memory is out. */
bool hcb__standing_lacks(const hcb__standing *standing, hcb__arena *arena, int64_t pair, hcb__lack **lacks, int32_t *n);

/* What a provider's capacity has left: carer minutes, never below 0; with contact_and_travel rounded down. -1: no row
 * tells. */
int64_t hcb__standing_room(const hcb__standing *standing, int32_t provider);
/* The row hours/K, or -1. */
int32_t hcb__hours_row(const hcb__alloc_problem *problem, int32_t provider);

/* One choice of a recommendation. */
typedef struct hcb__candidate {
    hcb__step step;
    const hcb__choice *choice;
    int64_t *change; /* [levels]: providers: against the best of them; packages: against leaving the hours unused */
    int64_t room;    /* of the provider, before it */
    hcb__lack *lacks;
    int32_t n_lacks; /* 0: it fits */
    bool chosen;     /* packages: in the best set */
} hcb__candidate;

/* A package and a provider that may not take it. */
typedef struct hcb__left_out {
    int32_t package, provider;
    int32_t order; /* of the first rule that fails, as hcb__rule_order */
    const char *code;
} hcb__left_out;

typedef struct hcb__recommendation {
    hcb__arena arena;
    const hcb__model *model;
    hcb__alloc_problem *problem;
    hcb__standing standing;
    const char *plan; /* as it was given; NULL: today's placements alone */
    int32_t package;  /* who is asked about; -1: the packages of a provider are */
    int32_t provider; /* whom the plan gives the package to, or HCB__WAITS; or whose hours are freed */
    int64_t minutes;  /* freed */
    int32_t best;     /* the first candidate in the order of the levels that fits; -1: none */
    int32_t n_candidates, n_left_out;
    hcb__candidate *candidates; /* providers: by rank; packages: those that fit, then the others, by the levels */
    hcb__left_out *left_out;    /* by rule, code, then id */
    int64_t *set_change;        /* [levels]; packages: of the best set */
    int64_t set_minutes;
    int32_t set_count;
    bool set_proved;
} hcb__recommendation;

HCB_NODISCARD hcb_status hcb__recommend_providers(hcb__recommendation **out, hcb_context *ctx, const hcb__model *model,
                                                  const char *package_id, const char *plan);
HCB_NODISCARD hcb_status hcb__recommend_packages(hcb__recommendation **out, hcb_context *ctx, const hcb__model *model,
                                                 const char *provider_id, int64_t minutes, const char *plan);
void hcb__recommendation_free(hcb__recommendation *recommendation);

/* The best of all sets of the steps (items that wait, to r's provider) that fit together, in strict order of the
 * levels. `bin`: [n], the provider or HCB__WAITS. *solved is false when the table would be too large, or a level is the
 * largest of terms, or a row has uses of both signs. */
HCB_NODISCARD hcb_status hcb__best_set_by_table(const hcb__recommendation *r, hcb_context *ctx, const hcb__step *steps,
                                                int32_t n, int32_t *bin, bool *solved);

/* What both kinds begin with: the plan's folder, and the part of the problem that it leaves to those who wait in it.
 * `part` is the arena's: [packages and placements]. */
HCB_NODISCARD hcb_status hcb__recommendation_begin(hcb__recommendation **out, hcb_context *ctx, const hcb__model *model,
                                                   const char *plan, hcb__plan_folder *folder, int32_t **part);
/* Builds the problem of `part`, and the standing of the folder's plan in it. */
HCB_NODISCARD hcb_status hcb__recommendation_stand(hcb__recommendation *r, hcb_context *ctx, int64_t replan,
                                                   const int32_t *part, const hcb__plan_folder *folder);
/* Whether a provider may take a package; when not, it is among those left out. */
HCB_NODISCARD hcb_status hcb__recommendation_try(hcb__recommendation *r, hcb_context *ctx,
                                                 const hcb__travel_table *travel, int32_t package, int32_t provider,
                                                 bool *eligible);
void hcb__recommendation_sort_left_out(hcb__recommendation *r);
int hcb__compare_changes(const int64_t *a, const int64_t *b, int32_t n_levels);

/* One point of the curve of re-planning. */
typedef struct hcb__replan_point {
    int64_t replan; /* as asked */
    hcb_allocation *allocation;
    const hcb_allocation *plan; /* that, or the point's before where a run that was cut short ended worse */
} hcb__replan_point;

typedef struct hcb__replan_curve {
    hcb_allocator mem;
    int32_t n_points;
    hcb__replan_point *points;
} hcb__replan_curve;

HCB_NODISCARD hcb_status hcb__replan_curve_make(hcb__replan_curve **out, hcb_context *ctx,
                                                const hcb_workspace *workspace, const hcb_replan_options *options);
void hcb__replan_curve_free(hcb__replan_curve *curve);

#endif
