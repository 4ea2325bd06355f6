/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the writers of scenarios, comparisons and sweeps share. */
#ifndef HCB_REPORT_SCENARIO_REPORT_H
#define HCB_REPORT_SCENARIO_REPORT_H

#include "hcbroker/compare.h"
#include "io/json.h"
#include "report/suppress.h"
#include "scenario/run.h"

/* A value as it may be shown: itself, or made public; HCB__NO_FIGURE, HCB__HIDDEN. `row_hidden`: the row of the table
 * is hidden; `of`: the count that the figure is made from. */
int64_t hcb__shown_value(const hcb__figure *figure, int64_t value, int64_t of, bool row_hidden, bool publish);

/* A table of figures of many rows. */
typedef struct hcb__figure_rows {
    const hcb__figure *figures;
    int32_t n_figures, n_rows;
    const int64_t *values; /* [n_rows * n_figures] */
    bool publish;
    bool *hidden;     /* [n_figures * n_rows]: of a count; NULL unless published */
    uint64_t untotal; /* bit set of counts whose total must not be told */
} hcb__figure_rows;

HCB_NODISCARD hcb_status hcb__figure_rows_make(hcb__figure_rows *out, hcb_context *ctx, const hcb__figure *figures,
                                               int32_t n_figures, const int64_t *values, int32_t n_rows, bool publish);
/* Hides the totals (one row) that the rows of a table would tell too much beside: counts of the same name. */
void hcb__figure_rows_total(hcb__figure_rows *totals, const hcb__figure_rows *rows);
void hcb__figure_rows_free(hcb__figure_rows *rows, hcb_context *ctx);
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
                                               bool publish);

/* Options as given, or their defaults; what is wrong is recorded. */
HCB_NODISCARD hcb_status hcb__scenario_options(hcb_scenario_options *out, hcb_context *ctx,
                                               const hcb_scenario_options *options);

#endif
