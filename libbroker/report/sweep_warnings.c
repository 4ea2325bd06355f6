/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the scenarios of a sweep warn of: each warning once, with the scenarios that gave it. */
#include <string.h>

#include "report/scenario_report.h"

static bool same(const hcb_diagnostic *a, const hcb_diagnostic *b) {
    return a->line == b->line && a->column == b->column && strcmp(a->file, b->file) == 0 &&
           strcmp(a->pointer, b->pointer) == 0 && strcmp(a->message, b->message) == 0;
}

static hcb_status note(hcb__sweep *sweep, hcb__arena *arena, const hcb_diagnostic *what, int32_t row) {
    for (size_t i = 0; i < sweep->warnings.count; i++) {
        hcb__sweep_warning *w = &sweep->warnings.at[i];
        if (!same(w->what, what))
            continue;
        if (w->rows[w->n - 1] != row)
            w->rows[w->n++] = row;
        return HCB_OK;
    }
    hcb__sweep_warning w = {what, 1, hcb__arena_alloc(arena, (size_t)sweep->n, sizeof *w.rows)};
    if (!w.rows || !HCB__PUSH(&arena->mem, &sweep->warnings, w))
        return HCB_ENOMEM;
    w.rows[0] = row;
    return HCB_OK;
}

hcb_status hcb__sweep_warnings(hcb__sweep *sweep, hcb_context *ctx, hcb__arena *arena, hcb_context *const *from) {
    for (int32_t i = 0; i < sweep->n; i++)
        for (size_t d = 0; from[i] && d < hcb_context_diagnostic_count(from[i]); d++) {
            const hcb_diagnostic *what = hcb_context_diagnostic_at(from[i], d);
            if (what->severity == HCB_SEVERITY_WARNING && note(sweep, arena, what, i) != HCB_OK)
                return hcb__nomem(ctx);
        }
    for (size_t k = 0; k < sweep->warnings.count; k++) {
        const hcb__sweep_warning *w = &sweep->warnings.at[k];
        hcb__where where = {w->what->file, w->what->line, w->what->column, w->what->pointer};
        if (w->n == sweep->n)
            hcb__diag_warning(ctx, &where, "%s (in all %d scenarios)", w->what->message, w->n);
        else if (w->n == 1)
            hcb__diag_warning(ctx, &where, "%s (in the scenario \"%s\")", w->what->message,
                              sweep->rows[w->rows[0]].scenario->name);
        else
            hcb__diag_warning(ctx, &where, "%s (in %d of %d scenarios, \"%s\" the first)", w->what->message, w->n,
                              sweep->n, sweep->rows[w->rows[0]].scenario->name);
    }
    return HCB_OK;
}

void hcb__sweep_warnings_json(hcb__json_writer *j, const hcb__sweep *sweep) {
    hcb__jw_key(j, "warnings");
    hcb__jw_array(j);
    for (size_t k = 0; k < sweep->warnings.count; k++) {
        const hcb__sweep_warning *w = &sweep->warnings.at[k];
        hcb__jw_object_flat(j);
        hcb__jw_key_string(j, "file", w->what->file);
        hcb__jw_key_int(j, "line", w->what->line);
        hcb__jw_key_string(j, "message", w->what->message);
        hcb__jw_key(j, "scenarios");
        hcb__jw_array_flat(j);
        for (int32_t i = 0; i < w->n; i++)
            hcb__jw_string(j, sweep->rows[w->rows[i]].scenario->name);
        hcb__jw_end_array(j);
        hcb__jw_end_object(j);
    }
    hcb__jw_end_array(j);
}
