/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verifier works out from the workspace: choices, rows and levels of one run; and the plan it holds against
 * them. */
#ifndef HCB_ALLOCATION_VERIFY_RUN_H
#define HCB_ALLOCATION_VERIFY_RUN_H

#include "allocation/verify_data.h"
#include "hcbroker/verify.h"
#include "io/json.h"

/* A package served by a provider: everything that follows from that alone. */
typedef struct hcb__vf_service {
    int32_t provider, tier,
        rank;                /* tier HCB__VF_NONE: none; rank in the policy's order, the last for a tier not listed */
    int64_t price;           /* pence an hour; HCB__VF_NONE */
    int64_t cost;            /* pence a week */
    int64_t seconds, travel; /* of one visit, of a week */
    int64_t quality;
    bool from_hole; /* the seconds rest on a hole of the matrix */
} hcb__vf_service;

typedef struct hcb__vf_use {
    int32_t row;
    int64_t weight;
} hcb__vf_use;

typedef struct hcb__vf_choice {
    hcb__vf_service service;
    int32_t item;
    size_t use_start, use_end;
    int64_t cost[HCB__VF_LEVELS]; /* by level of the policy; of `fair` nothing */
} hcb__vf_choice;

typedef struct hcb__vf_item {
    const hcb__vf_package *package;
    bool movable;
    size_t choice_start, choice_end;
    int64_t wait_cost;  /* in the level waiting */
    int64_t chosen;     /* index of the choice, HCB__VF_NONE: waits */
    int32_t says;       /* provider the plan names (it may be one that is not allowed), HCB__VF_NONE */
    bool placed, waits; /* named in allocations.csv, in waiting.csv */
} hcb__vf_item;

enum {
    HCB__VF_ROW_HOURS,
    HCB__VF_ROW_ZONE,
    HCB__VF_ROW_BLOCK,
    HCB__VF_ROW_NEW,
    HCB__VF_ROW_SHARE_MAX,
    HCB__VF_ROW_SHARE_MIN,
    HCB__VF_ROW_MOVES
};

typedef struct hcb__vf_row {
    const char *name;
    int32_t kind, provider; /* provider: of a row of its own, else HCB__VF_NONE */
    int64_t limit;          /* of the choices' weights: relaxed where today is above it, what is fixed taken off */
    int64_t fixed;          /* value of what is fixed */
    int64_t value;          /* of the plan, what is fixed not counted */
    bool used;
} hcb__vf_row;

typedef struct hcb__vf_term {
    int32_t provider;
    int64_t constant; /* fixed load less target; the term under/K is the negative of over/K */
} hcb__vf_term;

typedef struct hcb__vf_level_figures {
    int64_t constant, value;
} hcb__vf_level_figures;

enum { HCB__VF_REPLAN_FIXED = -1, HCB__VF_REPLAN_FREE = -2 };

typedef struct hcb__vf_run {
    hcb__vf *vf;
    int64_t replan; /* HCB__VF_REPLAN_... or the number of moves */
    HCB__VEC(hcb__vf_item) items;
    HCB__VEC(hcb__vf_choice) choices;
    HCB__VEC(hcb__vf_use) uses;
    HCB__VEC(hcb__vf_row) rows;
    HCB__VEC(hcb__vf_term) terms;
    hcb__vf_level_figures levels[HCB__VF_LEVELS];
    hcb__idmap item_ids, row_names;
    hcb__vf_service *today;                                            /* [placements]: each where it is */
    int32_t *hours_row, *block_rows, *new_row, *zone_row, *share_rows; /* see verify_rows.c */
    int32_t moves_row;
    double *scratch; /* distances or seconds of one provider's places */
} hcb__vf_run;

/* Why the provider may not take the package: `code`, or NULL when it may; a missing capability's name in `detail`. */
typedef struct hcb__vf_refusal {
    const char *code, *detail;
} hcb__vf_refusal;
hcb__vf_refusal hcb__vf_refuses(const hcb__vf_run *run, const hcb__vf_package *p, const hcb__vf_service *service);
hcb__vf_service hcb__vf_serve(const hcb__vf_run *run, const hcb__vf_package *p, int32_t provider);
/* Soft preferences of the package that the provider does not meet. */
int64_t hcb__vf_unmet(const hcb__vf *vf, const hcb__vf_package *p, int32_t provider);
/* pence a week */
int64_t hcb__vf_weekly_cost(int64_t carer_minutes, int64_t price);

/* Makes items, choices, rows and levels. False: memory is out. */
bool hcb__vf_run_make(hcb__vf_run *run, hcb__vf *vf, int64_t replan);
bool hcb__vf_rows_make(hcb__vf_run *run);
bool hcb__vf_levels_make(hcb__vf_run *run);
/* The choice's place among those of its item: by the levels other than waiting and fair, in order, then by id. */
int32_t hcb__vf_rank_of(const hcb__vf_run *run, const hcb__vf_choice *choice);
/* Values of rows and levels for the plan in the items. */
void hcb__vf_rows_evaluate(hcb__vf_run *run);
bool hcb__vf_levels_evaluate(hcb__vf_run *run);
/* The limit of a level whose best value is given. */
int64_t hcb__vf_frozen(const hcb__vf_level *level, int64_t best);
/* Whether every row holds after the item alone changes to the choice. */
bool hcb__vf_step_holds(hcb__vf_run *run, const hcb__vf_item *item, const hcb__vf_choice *to);
void hcb__vf_run_free(hcb__vf_run *run);

/* The plan's files. */
bool hcb__vf_check_csv(hcb__vf_run *run, hcb_verify_report *report, const char *folder);
/* Rows, first refusal, and the values of the levels. */
bool hcb__vf_check_plan(hcb__vf_run *run, hcb_verify_report *report, bool sequential);
bool hcb__vf_check_summary(hcb__vf_run *run, hcb_verify_report *report, const hcb__json *summary);
bool hcb__vf_check_certificate(hcb__vf_run *run, hcb_verify_report *report, hcb__json *certificate,
                               const hcb__json *summary);

/* The report. */
struct hcb_verify_report {
    hcb_allocator mem;
    hcb__arena arena;
    HCB__VEC(hcb_verify_finding) findings;
    HCB__VEC(hcb_verify_check) checks;
    size_t dropped;
    bool nomem;
};
void hcb__vf_find(hcb_verify_report *report, const char *file, const char *record, const char *field, const char *found,
                  const char *expected, const char *format, ...) __attribute__((format(printf, 7, 8)));
/* Problems that a reader of the plan's files collected since there were `before` are findings, not errors of the call.
 */
void hcb__vf_take_diagnostics(hcb_verify_report *report, hcb_context *ctx, const char *file, size_t before,
                              hcb_status status);
/* One more check of that name was made. */
void hcb__vf_checked(hcb_verify_report *report, const char *name, int64_t count);

#endif
