/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One scenario, run: its figures, and who serves whom. */
#ifndef HCB_SCENARIO_RUN_H
#define HCB_SCENARIO_RUN_H

#include "allocation/allocation.h"
#include "scenario/changes.h"
#include "scenario/figures.h"

/* One person. */
typedef struct hcb__person_row {
    const char *id;
    int32_t zone, band;
    int32_t provider, before;              /* -1: waits; nobody */
    int64_t carer_minutes, pence, seconds; /* a week; pence and seconds 0 when waiting */
    bool rural, brief, double_handed;      /* what makes a package unattractive */
    bool offered;                          /* in the queue, or free to move */
} hcb__person_row;

typedef struct hcb__budget_year {
    int64_t care, growth, inflation, savings, total; /* pence: last year's total (care: the first year's), lines, sum */
} hcb__budget_year;

typedef struct hcb__outcome {
    hcb__arena arena;
    const hcb__scenario *scenario; /* borrowed */
    hcb_workspace *workspace;
    const hcb__model *model;
    hcb_allocation_options options; /* as run */
    int32_t outcome, stop;          /* HCB_OUTCOME_..., HCB_STOP_... */
    char hash[65];                  /* of the changed data and all that the figures depend on */
    int32_t n_people, n_zones, n_providers;
    hcb__person_row *people; /* by id */
    int64_t total[HCB__TOTALS];
    int64_t (*zone)[HCB__ZONE_FIGURES];         /* [n_zones] */
    int64_t (*provider)[HCB__PROVIDER_FIGURES]; /* [n_providers] */
    int64_t *zone_area;                         /* [n_zones] square metres */
    hcb__budget_year budget[HCB__MOST_BUDGET_YEARS];
} hcb__outcome;

/* The scenario's data, changed and frozen, without a plan: what its hash is made from. `defaults` hold where the
 * scenario says nothing. */
HCB_NODISCARD hcb_status hcb__outcome_prepare(hcb__outcome **out, hcb_context *ctx, const hcb__scenario *scenario,
                                              const char *shown, const hcb_allocation_options *defaults);
/* The plan and its figures. */
HCB_NODISCARD hcb_status hcb__outcome_run(hcb__outcome *outcome, hcb_context *ctx);
/* What a run would warn of, without one: where its plan is taken over, its warnings are the same. */
HCB_NODISCARD hcb_status hcb__outcome_warn(const hcb__outcome *outcome, hcb_context *ctx);
/* A run that was stopped has figures, but they say less than they should. */
static inline bool hcb__outcome_whole(const hcb__outcome *outcome) {
    return outcome->stop != HCB_STOP_CANCELLED;
}
void hcb__outcome_free(hcb__outcome *outcome);

/* figures.c */
HCB_NODISCARD hcb_status hcb__outcome_figures(hcb__outcome *outcome, hcb_context *ctx, const hcb_allocation *plan);
/* budget.c: years of care at this week's cost; false when it passes 64 bits. */
bool hcb__budget_project(hcb__budget_year *out, const hcb__budget_plan *plan, int64_t weekly_pence);

#endif
