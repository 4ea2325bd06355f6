/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the scenarios of a sweep warn of: in the file each warning once, with the scenarios that gave it; to the caller
 * those of one kind in one line. */
#include <string.h>

#include "report/scenario_report.h"

static bool same(const hcb_diagnostic *a, const hcb_diagnostic *b) {
    return a->line == b->line && a->column == b->column && strcmp(a->file, b->file) == 0 &&
           strcmp(a->pointer, b->pointer) == 0 && strcmp(a->message, b->message) == 0;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Past a number or a text in quotes; the same place when there is neither. */
static const char *past_value(const char *at) {
    if (is_digit(*at)) {
        while (is_digit(*at))
            at++;
    } else if (*at == '"' && strchr(at + 1, '"')) {
        at = strchr(at + 1, '"') + 1;
    }
    return at;
}

/* Whether two messages differ in numbers and quoted names alone. */
static bool same_words(const char *a, const char *b) {
    while (*a && *b) {
        const char *x = past_value(a), *y = past_value(b);
        bool values = x > a && y > b && (*a == '"') == (*b == '"');
        if (!values && *a != *b)
            return false;
        a = values ? x : a + 1;
        b = values ? y : b + 1;
    }
    return *a == *b;
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

static bool alike(const hcb__sweep_warning *a, const hcb__sweep_warning *b) {
    return a->n == b->n && memcmp(a->rows, b->rows, (size_t)a->n * sizeof *a->rows) == 0 &&
           strcmp(a->what->file, b->what->file) == 0 && same_words(a->what->message, b->what->message);
}

static void put_scenarios(hcb__text *out, const hcb__sweep *sweep, const hcb__sweep_warning *w) {
    const char *first = sweep->rows[w->rows[0]].scenario->name;
    if (w->n == sweep->n)
        hcb__text_printf(out, "in all %d scenarios", w->n);
    else if (w->n == 1)
        hcb__text_printf(out, "in the scenario \"%s\"", first);
    else
        hcb__text_printf(out, "in %d of %d scenarios, \"%s\" the first", w->n, sweep->n, first);
}

/* Warns of the k-th and of all that are like it, once. */
static hcb_status warn_of(const hcb__sweep *sweep, hcb_context *ctx, size_t k, bool *said) {
    const hcb__sweep_warning *w = &sweep->warnings.at[k], *second = NULL;
    size_t n = 1;
    for (size_t i = k + 1; i < sweep->warnings.count; i++) {
        if (said[i] || !alike(w, &sweep->warnings.at[i]))
            continue;
        said[i] = true;
        if (n++ == 1)
            second = &sweep->warnings.at[i];
    }
    hcb__text line;
    hcb__text_init(&line, &ctx->mem);
    hcb__text_printf(&line, "%s (", w->what->message);
    if (n > 1)
        hcb__text_printf(&line, "the first of %zu alike", n);
    if (second && strcmp(second->what->pointer, w->what->pointer) != 0)
        hcb__text_printf(&line, ", the next %s", second->what->pointer);
    else if (second && second->what->line > 0)
        hcb__text_printf(&line, ", the next in line %lld", (long long)second->what->line);
    hcb__text_puts(&line, n > 1 ? "; " : "");
    put_scenarios(&line, sweep, w);
    hcb__text_puts(&line, ")");
    const hcb__where where = {w->what->file, w->what->line, w->what->column, w->what->pointer};
    if (!line.failed)
        hcb__diag_warning(ctx, &where, "%.*s", (int)line.count, line.at);
    hcb__text_free(&line);
    return line.failed ? hcb__nomem(ctx) : HCB_OK;
}

hcb_status hcb__sweep_warnings(hcb__sweep *sweep, hcb_context *ctx, hcb__arena *arena, hcb_context *const *from) {
    for (int32_t i = 0; i < sweep->n; i++)
        for (size_t d = 0; from[i] && d < hcb_context_diagnostic_count(from[i]); d++) {
            const hcb_diagnostic *what = hcb_context_diagnostic_at(from[i], d);
            if (what->severity == HCB_SEVERITY_WARNING && note(sweep, arena, what, i) != HCB_OK)
                return hcb__nomem(ctx);
        }
    bool *said = hcb__arena_alloc(arena, sweep->warnings.count, sizeof *said);
    hcb_status status = said ? HCB_OK : hcb__nomem(ctx);
    for (size_t k = 0; k < sweep->warnings.count && status == HCB_OK; k++)
        if (!said[k])
            status = warn_of(sweep, ctx, k, said);
    return status;
}

void hcb__sweep_warnings_json(hcb__json_writer *j, const hcb__sweep *sweep) {
    hcb__jw_key(j, "warnings");
    hcb__jw_array(j);
    for (size_t k = 0; k < sweep->warnings.count; k++) {
        const hcb__sweep_warning *w = &sweep->warnings.at[k];
        hcb__jw_object_flat(j);
        hcb__jw_key_string(j, "file", w->what->file);
        hcb__jw_key_int(j, "line", w->what->line);
        hcb__jw_key_string(j, "what", w->what->pointer);
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
