/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures as they may be shown. */
#include <string.h>

#include "base/arith.h"
#include "report/scenario_report.h"
#include "report/table_text.h"

enum { STEP_CARE = 50 * 60, STEP_TRAVEL = 10 * 60, STEP_PENCE = 1000 * 100, STEP_SHARE = 100 };

/* About five people's worth: a person has some 14 hours and 270 pounds of care and an hour and a half of travel. */
static int64_t step_of(const hcb__figure *figure) {
    if (strcmp(figure->unit, "pence a week") == 0)
        return STEP_PENCE;
    if (strcmp(figure->name, "travel_minutes") == 0)
        return STEP_TRAVEL;
    return STEP_CARE;
}

/* A value as it may be shown: itself, or made public; HCB__NO_FIGURE, HCB__HIDDEN. `row_hidden`: the row of the table
 * is hidden; `of`: the count that the figure is made from. */
static int64_t shown_value(const hcb__figure *figure, int64_t value, int64_t of, bool row_hidden, bool publish) {
    if (!publish || value == HCB__NO_FIGURE)
        return value;
    switch (figure->kind) {
    case HCB__COUNT:
        return row_hidden ? HCB__HIDDEN : hcb__public_count(value);
    case HCB__SUM:
        return row_hidden || hcb__small_count(of) ? HCB__HIDDEN : hcb__public_sum(value, step_of(figure));
    case HCB__RATIO:
        if (row_hidden || hcb__small_count(of))
            return HCB__HIDDEN;
        return strcmp(figure->unit, "hundredths of a percent") == 0 ? hcb__public_sum(value, STEP_SHARE) : value;
    default:
        return value;
    }
}

static hcb_status rows_make(hcb__figure_rows *out, hcb_context *ctx, const hcb__figure *figures, int32_t n_figures,
                            const int64_t *values, int32_t n_rows, bool publish) {
    *out = (hcb__figure_rows){figures, n_figures, n_rows, values, publish, NULL, 0};
    if (!publish)
        return HCB_OK;
    size_t n = (size_t)n_rows;
    out->hidden = hcb__calloc(&ctx->mem, n * (size_t)n_figures, sizeof *out->hidden);
    int64_t *people = hcb__calloc(&ctx->mem, n, sizeof *people);
    if (!out->hidden || !people) {
        hcb__free(&ctx->mem, people);
        return hcb__nomem(ctx);
    }
    for (int32_t f = 0; f < n_figures; f++) {
        if (figures[f].kind != HCB__COUNT)
            continue;
        for (int32_t row = 0; row < n_rows; row++)
            people[row] = values[(int64_t)row * n_figures + f];
        if (!hcb__suppress_rows(out->hidden + (size_t)f * n, people, n) && n_rows > 1)
            out->untotal |= UINT64_C(1) << f;
    }
    hcb__free(&ctx->mem, people);
    return HCB_OK;
}

/* Hides the totals (one row) that the rows of a table would tell too much beside: counts of the same name. */
static void rows_total(hcb__figure_rows *totals, const hcb__figure_rows *rows) {
    for (int32_t f = 0; totals->hidden && f < rows->n_figures; f++)
        for (int32_t t = 0; rows->untotal >> f & 1 && t < totals->n_figures; t++)
            if (totals->figures[t].kind == HCB__COUNT && strcmp(totals->figures[t].name, rows->figures[f].name) == 0)
                totals->hidden[t] = true;
}

static void rows_free(hcb__figure_rows *rows, hcb_context *ctx) {
    hcb__free(&ctx->mem, rows->hidden);
    rows->hidden = NULL;
}

int64_t hcb__figure_at(const hcb__figure_rows *rows, int32_t row, int32_t figure) {
    const hcb__figure *f = &rows->figures[figure];
    const int64_t *values = rows->values + (int64_t)row * rows->n_figures;
    int32_t count = f->kind == HCB__COUNT ? figure : f->of;
    bool hidden = rows->hidden && count >= 0 && rows->hidden[(int64_t)count * rows->n_rows + row];
    return shown_value(f, values[figure], f->of >= 0 ? values[f->of] : 0, hidden, rows->publish);
}

void hcb__json_figure(hcb__json_writer *w, const char *key, int64_t value) {
    hcb__jw_key(w, key);
    if (value == HCB__NO_FIGURE || value == HCB__HIDDEN)
        hcb__jw_null(w);
    else
        hcb__jw_int(w, value);
}

void hcb__json_row(hcb__json_writer *w, const hcb__figure_rows *rows, int32_t row) {
    bool any = false;
    for (int32_t f = 0; f < rows->n_figures; f++) {
        int64_t value = hcb__figure_at(rows, row, f);
        any |= value == HCB__HIDDEN;
        hcb__json_figure(w, rows->figures[f].name, value);
    }
    if (!any)
        return;
    hcb__jw_key(w, "suppressed");
    hcb__jw_array_flat(w);
    for (int32_t f = 0; f < rows->n_figures; f++)
        if (hcb__figure_at(rows, row, f) == HCB__HIDDEN)
            hcb__jw_string(w, rows->figures[f].name);
    hcb__jw_end_array(w);
}

hcb_status hcb__outcome_rows_make(hcb__outcome_rows *out, hcb_context *ctx, const hcb__outcome *o, bool publish) {
    *out = (hcb__outcome_rows){0};
    hcb_status status = rows_make(&out->totals, ctx, hcb__total_figures, HCB__TOTALS, o->total, 1, publish);
    if (status == HCB_OK)
        status = rows_make(&out->zones, ctx, hcb__zone_figures, HCB__ZONE_FIGURES, &o->zone[0][0], o->n_zones, publish);
    if (status == HCB_OK)
        status = rows_make(&out->providers, ctx, hcb__provider_figures, HCB__PROVIDER_FIGURES, &o->provider[0][0],
                           o->n_providers, publish);
    if (status == HCB_OK) {
        /* Of those left waiting, one part would tell the other. */
        if (publish && hcb__small_count(o->total[HCB__T_WAITING] - o->total[HCB__T_HARD_WAITING]))
            out->totals.hidden[HCB__T_HARD_WAITING] = true;
        rows_total(&out->totals, &out->zones);
        rows_total(&out->totals, &out->providers);
    }
    return status;
}

void hcb__outcome_rows_free(hcb__outcome_rows *rows, hcb_context *ctx) {
    rows_free(&rows->totals, ctx);
    rows_free(&rows->zones, ctx);
    rows_free(&rows->providers, ctx);
}

int64_t hcb__figure_difference(int64_t a, int64_t b) {
    if (a == HCB__HIDDEN || b == HCB__HIDDEN)
        return HCB__HIDDEN;
    return a == HCB__NO_FIGURE || b == HCB__NO_FIGURE ? HCB__NO_FIGURE : b - a;
}

void hcb__figure_cell(hcb__text *out, const hcb__figure *figure, int64_t value, int width) {
    if (value != HCB__NO_FIGURE && value != HCB__HIDDEN) {
        hcb__cell_fixed(out, hcb__round_div(value, figure->shown_as), figure->decimals, width);
        return;
    }
    const char *word = value == HCB__HIDDEN ? "[c]" : "-";
    for (int pad = width - (int)strlen(word); pad > 0; pad--)
        hcb__text_putc(out, ' ');
    hcb__text_puts(out, word);
}

int64_t hcb__shown_pence(int64_t pence, const hcb__outcome *outcome, bool publish) {
    static const hcb__figure pounds = {"", "pence a week", "", HCB__SUM, -1, 0, 1};
    return shown_value(&pounds, pence, outcome->total[HCB__T_SERVED], false, publish);
}
