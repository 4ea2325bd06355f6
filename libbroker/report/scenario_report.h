/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the writers of scenarios, comparisons and sweeps share. */
#ifndef HCB_REPORT_SCENARIO_REPORT_H
#define HCB_REPORT_SCENARIO_REPORT_H

#include "hcbroker/compare.h"
#include "io/json.h"
#include "report/suppress.h"
#include "scenario/run.h"

/* A table of figures of many rows. */
typedef struct hcb__figure_rows {
    const hcb__figure *figures;
    int32_t n_figures, n_rows;
    const int64_t *values; /* [n_rows * n_figures] */
    bool publish;
    bool *hidden;     /* [n_figures * n_rows]: of a count; NULL unless published */
    uint64_t untotal; /* bit set of counts whose total must not be told */
} hcb__figure_rows;

int64_t hcb__figure_at(const hcb__figure_rows *rows, int32_t row, int32_t figure);

/* null where there is none or it is hidden. */
void hcb__json_figure(hcb__json_writer *w, const char *key, int64_t value);
/* Each figure of a row under its name; "suppressed": the names of those hidden, where there are any. */
void hcb__json_row(hcb__json_writer *w, const hcb__figure_rows *rows, int32_t row);
void hcb__json_changes(hcb__json_writer *w, const hcb__scenario *scenario, const hcb_allocator *mem);
/* "2021-22" and so on from the first year; "year 1" without one. */
void hcb__budget_year_name(char out[32], const hcb__budget_plan *plan, int32_t year);

/* {"kind": "scenario"} */
HCB_NODISCARD hcb_status hcb__scenario_json(hcb__text *out, hcb_context *ctx, const hcb__outcome *outcome,
                                            bool publish);
/* The map of an outcome, each zone with its figures. */
HCB_NODISCARD hcb_status hcb__scenario_geojson(hcb__text *out, hcb_context *ctx, const hcb__outcome *outcome,
                                               const hcb__figure_rows *zones);

/* The three tables of an outcome, hidden where they must be. */
typedef struct hcb__outcome_rows {
    hcb__figure_rows totals, zones, providers;
} hcb__outcome_rows;
HCB_NODISCARD hcb_status hcb__outcome_rows_make(hcb__outcome_rows *out, hcb_context *ctx, const hcb__outcome *outcome,
                                                bool publish);
void hcb__outcome_rows_free(hcb__outcome_rows *rows, hcb_context *ctx);

/* b - a; HCB__HIDDEN where one is, HCB__NO_FIGURE where there is none of one. */
int64_t hcb__figure_difference(int64_t a, int64_t b);
/* A cell of a table for people: "-" for none, "[c]" for hidden. */
void hcb__figure_cell(hcb__text *out, const hcb__figure *figure, int64_t value, int width);
/* Pence of the budget as they may be shown. */
int64_t hcb__shown_pence(int64_t pence, const hcb__outcome *outcome, bool publish);

/* Two outcomes side by side. */
typedef struct hcb__comparison {
    const hcb__outcome *side[2];
    hcb__outcome_rows rows[2];
    bool publish;
} hcb__comparison;
void hcb__comparison_json(hcb__text *out, const hcb__comparison *c, const hcb_allocator *mem);
void hcb__comparison_text(hcb__text *out, const hcb__comparison *c);
/* Totals: figure,unit,a,b,difference. */
void hcb__comparison_csv(hcb__text *out, const hcb__comparison *c);
void hcb__comparison_packages_csv(hcb__text *out, const hcb__comparison *c);

/* What a sweep keeps of a scenario: read back from its JSON, whether it was just made or lay there. */
typedef struct hcb__sweep_row {
    const hcb__scenario *scenario;
    bool done, taken_over; /* taken_over: from an earlier run */
    bool synthetic;
    char hash[65];
    const char *stop; /* one of hcb__stop_words; "" when not done */
    int64_t values[HCB__TOTALS];
} hcb__sweep_row;
/* One warning of some of the scenarios. */
typedef struct hcb__sweep_warning {
    const hcb_diagnostic *what;
    int32_t n, *rows; /* ascending */
} hcb__sweep_warning;
typedef struct hcb__sweep {
    const hcb__scenario_file *file;
    int32_t n;
    hcb__sweep_row *rows;
    bool publish, saved; /* saved: each scenario's figures lie in scenarios/HASH.json */
    HCB__VEC(hcb__sweep_warning) warnings;
} hcb__sweep;
/* Gathers what the scenarios' own contexts (NULL: none) warn of, and warns of it here. The contexts must outlive the
 * sweep; its warnings are freed by the caller. */
HCB_NODISCARD hcb_status hcb__sweep_warnings(hcb__sweep *sweep, hcb_context *ctx, hcb__arena *arena,
                                             hcb_context *const *from);
void hcb__sweep_warnings_json(hcb__json_writer *j, const hcb__sweep *sweep);
void hcb__sweep_json(hcb__text *out, const hcb__sweep *sweep, const hcb_allocator *mem);
void hcb__sweep_csv(hcb__text *out, const hcb__sweep *sweep, const hcb_allocator *mem);
void hcb__sweep_text(hcb__text *out, const hcb__sweep *sweep);

/* Options as given, or their defaults; what is wrong is recorded. */
HCB_NODISCARD hcb_status hcb__scenario_options(hcb_scenario_options *out, hcb_context *ctx,
                                               const hcb_scenario_options *options);

#endif
