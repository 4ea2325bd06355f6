/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curve of re-planning as a table, JSON or CSV. */
#include <string.h>

#include "allocation/recommend.h"
#include "base/options.h"
#include "base/textbuf.h"
#include "io/csv.h"
#include "io/json.h"
#include "model/handle.h"
#include "report/allocation_report.h"
#include "report/table_text.h"

static const hcb__engine_problem *engine_of(const hcb__replan_curve *curve) {
    return &curve->points[0].allocation->problem->engine;
}

/* Whether the figures of a point are known to be the best there are. */
static bool proved(const hcb__replan_point *point) {
    return point->plan == point->allocation && point->allocation->summary.outcome == HCB_OUTCOME_OPTIMAL;
}

static void replan_cell(hcb__text *out, int64_t replan, int width) {
    hcb__text cell;
    hcb__text_init(&cell, out->mem);
    hcb__replan_text(&cell, replan);
    for (int pad = width - (int)cell.count; pad > 0; pad--)
        hcb__text_putc(out, ' ');
    hcb__text_puts(out, cell.at ? cell.at : "");
    out->failed |= cell.failed;
    hcb__text_free(&cell);
}

/* Levels side by side when they fit into 80 columns, else in a second block below. */
enum { LEVEL_WIDTH = 14, WIDTH = 80 };

static void text_levels(hcb__text *out, const hcb__replan_curve *curve, int32_t first, int32_t end) {
    const hcb__engine_problem *e = engine_of(curve);
    hcb__text_puts(out, "\nmay move");
    for (int32_t l = first; l < end; l++) {
        hcb__text_puts(out, "  ");
        for (int pad = LEVEL_WIDTH - 2 - (int)strlen(e->levels[l].name); pad > 0; pad--)
            hcb__text_putc(out, ' ');
        hcb__text_puts(out, e->levels[l].name);
    }
    hcb__text_putc(out, '\n');
    for (int32_t i = 0; i < curve->n_points; i++) {
        replan_cell(out, curve->points[i].replan, 8);
        for (int32_t l = first; l < end; l++)
            hcb__cell_int(out, curve->points[i].plan->values[l], LEVEL_WIDTH);
        hcb__text_putc(out, '\n');
    }
}

static void write_text(hcb__text *out, const hcb__replan_curve *curve) {
    const hcb__model *model = curve->points[0].allocation->problem->model;
    const hcb__engine_problem *e = engine_of(curve);
    enum { IN_A_BLOCK = (WIDTH - 8) / LEVEL_WIDTH };
    hcb__text_printf(out, "%s%s\n\n", model->name, model->synthetic ? " (synthetic people)" : "");
    hcb__text_puts(out, "may move  moved  placed  waiting    hours/wk    pounds/wk  stop\n");
    for (int32_t i = 0; i < curve->n_points; i++) {
        const hcb__replan_point *point = &curve->points[i];
        const hcb_allocation_summary *s = &point->plan->summary;
        replan_cell(out, point->replan, 8);
        hcb__cell_int(out, s->moved, 7);
        hcb__cell_int(out, s->placed, 8);
        hcb__cell_int(out, s->waiting, 9);
        hcb__cell_hours(out, s->carer_minutes_placed, 12);
        hcb__cell_fixed(out, s->weekly_cost_pence, 2, 13);
        hcb__text_printf(out, "  %s\n", hcb__stop_words[point->allocation->summary.stop]);
    }
    for (int32_t l = 0; l < e->n_levels; l += IN_A_BLOCK)
        text_levels(out, curve, l, l + IN_A_BLOCK < e->n_levels ? l + IN_A_BLOCK : e->n_levels);
    hcb__text_puts(out, "\nno row is worse than the one above it, level by level from the left\n");
}

static void write_json(hcb__text *out, const hcb__replan_curve *curve) {
    const hcb__model *model = curve->points[0].allocation->problem->model;
    const hcb__engine_problem *e = engine_of(curve);
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "name", model->name);
    hcb__jw_key_bool(&w, "synthetic", model->synthetic);
    hcb__jw_key_string(&w, "inputs_sha256", model->inputs_sha256);
    hcb__jw_key_string(&w, "policy", model->policy->model);
    hcb__jw_key(&w, "points");
    hcb__jw_array(&w);
    for (int32_t i = 0; i < curve->n_points; i++) {
        const hcb__replan_point *point = &curve->points[i];
        const hcb_allocation_summary *s = &point->plan->summary;
        hcb__jw_object_flat(&w);
        hcb__jw_key(&w, "replan");
        if (point->replan >= 0)
            hcb__jw_int(&w, point->replan);
        else
            hcb__jw_string(&w, "free");
        hcb__jw_key_int(&w, "moved", s->moved);
        hcb__jw_key_int(&w, "placed", s->placed);
        hcb__jw_key_int(&w, "waiting", s->waiting);
        hcb__jw_key_int(&w, "carer_minutes_placed", s->carer_minutes_placed);
        hcb__jw_key_int(&w, "weekly_cost_pence", s->weekly_cost_pence);
        hcb__jw_key_int(&w, "travel_minutes", hcb__whole_minutes(s->travel_seconds));
        hcb__jw_key(&w, "levels");
        hcb__jw_object_flat(&w);
        for (int32_t l = 0; l < e->n_levels; l++)
            hcb__jw_key_int(&w, e->levels[l].name, point->plan->values[l]);
        hcb__jw_end_object(&w);
        hcb__jw_key_bool(&w, "proved", proved(point));
        hcb__jw_key_string(&w, "stop", hcb__stop_words[point->allocation->summary.stop]);
        hcb__jw_end_object(&w);
    }
    hcb__jw_end_array(&w);
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}

static void write_csv(hcb__text *out, const hcb__replan_curve *curve) {
    static const char *const names[] = {
        "replan", "moved", "placed", "waiting", "carer_minutes_placed", "weekly_cost_pence", "travel_minutes"};
    const hcb__engine_problem *e = engine_of(curve);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        hcb__csv_put(out, names[i], false);
    for (int32_t l = 0; l < e->n_levels; l++)
        hcb__text_printf(out, "level_%s,", e->levels[l].name);
    hcb__csv_put(out, "proved", false);
    hcb__csv_put(out, "stop", true);
    for (int32_t i = 0; i < curve->n_points; i++) {
        const hcb__replan_point *point = &curve->points[i];
        const hcb_allocation_summary *s = &point->plan->summary;
        replan_cell(out, point->replan, 0);
        hcb__text_putc(out, ',');
        hcb__csv_put_int(out, s->moved, false);
        hcb__csv_put_int(out, s->placed, false);
        hcb__csv_put_int(out, s->waiting, false);
        hcb__csv_put_int(out, s->carer_minutes_placed, false);
        hcb__csv_put_int(out, s->weekly_cost_pence, false);
        hcb__csv_put_int(out, hcb__whole_minutes(s->travel_seconds), false);
        for (int32_t l = 0; l < e->n_levels; l++)
            hcb__csv_put_int(out, point->plan->values[l], false);
        hcb__csv_put(out, proved(point) ? "yes" : "no", false);
        hcb__csv_put(out, hcb__stop_words[point->allocation->summary.stop], true);
    }
}

hcb_status hcb_replan_curve(hcb_text **out, hcb_context *ctx, const hcb_workspace *workspace,
                            const hcb_replan_options *options, int32_t format) {
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_replan_options o;
    if (!workspace || format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return hcb__end(ctx, hcb__fail(ctx, HCB_EINVAL, "no workspace was given, or format %d is not one", format));
    hcb__replan_curve *curve = NULL;
    status = hcb__options_take(ctx, &o, "hcb_replan_options", options);
    if (status == HCB_OK)
        status = hcb__replan_curve_make(&curve, ctx, workspace, &o);
    if (status == HCB_OK)
        status = hcb__text_handle(out, ctx);
    if (status == HCB_OK) {
        hcb__text *text = hcb__text_of(*out);
        if (format == HCB_FORMAT_JSON)
            write_json(text, curve);
        else if (format == HCB_FORMAT_CSV)
            write_csv(text, curve);
        else
            write_text(text, curve);
        status = hcb__text_finish(out, ctx);
    }
    hcb__replan_curve_free(curve);
    return hcb__end(ctx, status);
}
