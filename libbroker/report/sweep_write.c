/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sweep as sweep.json, sweep.csv and tables of a few scenarios beside each other. */
#include <string.h>

#include "io/csv.h"
#include "report/scenario_report.h"
#include "report/table_text.h"

enum { LABEL = 38, CELL = 14, COLUMNS = 3, HEAD_LINES = 4 };

static bool is_synthetic(const hcb__sweep *sweep) {
    for (int32_t i = 0; i < sweep->n; i++)
        if (sweep->rows[i].synthetic)
            return true;
    return false;
}

static void write_row(hcb__json_writer *w, const hcb__sweep *sweep, const hcb__sweep_row *row,
                      const hcb_allocator *mem) {
    hcb__jw_object(w);
    hcb__jw_key_string(w, "name", row->scenario->name);
    hcb__jw_key_string(w, "group", row->scenario->group);
    hcb__json_changes(w, row->scenario, mem);
    hcb__jw_key_string(w, "status", row->done ? "done" : "cancelled");
    hcb__jw_key_string(w, "stop", row->done ? row->stop : NULL);
    hcb__jw_key_string(w, "hash", row->done ? row->hash : NULL);
    if (sweep->saved && row->done) {
        hcb__text path;
        hcb__text_init(&path, mem);
        hcb__text_printf(&path, "scenarios/%s.json", row->hash);
        hcb__jw_key_string(w, "file", path.at);
        hcb__text_free(&path);
    }
    hcb__jw_key(w, "values");
    hcb__jw_object(w);
    for (int32_t f = 0; row->done && f < HCB__TOTALS; f++)
        hcb__json_figure(w, hcb__total_figures[f].name, row->values[f]);
    hcb__jw_end_object(w);
    hcb__jw_end_object(w);
}

void hcb__sweep_json(hcb__text *out, const hcb__sweep *sweep, const hcb_allocator *mem) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "kind", "sweep");
    hcb__jw_key_string(&w, "name", sweep->file->name);
    hcb__jw_key_bool(&w, "synthetic", is_synthetic(sweep));
    hcb__jw_key_bool(&w, "public", sweep->publish);
    hcb__jw_key(&w, "figures");
    hcb__jw_array(&w);
    for (int32_t f = 0; f < HCB__TOTALS; f++) {
        const char *label = hcb__total_figures[f].label;
        hcb__jw_object_flat(&w);
        hcb__jw_key_string(&w, "name", hcb__total_figures[f].name);
        hcb__jw_key_string(&w, "unit", hcb__total_figures[f].unit);
        hcb__jw_key_string(&w, "label", label + strspn(label, " "));
        hcb__jw_end_object(&w);
    }
    hcb__jw_end_array(&w);
    hcb__jw_key(&w, "scenarios");
    hcb__jw_array(&w);
    for (int32_t i = 0; i < sweep->n; i++)
        write_row(&w, sweep, &sweep->rows[i], mem);
    hcb__jw_end_array(&w);
    if (!sweep->publish)
        hcb__sweep_warnings_json(&w, sweep); /* messages name people and providers */
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}

static void join_change(void *payload, const char *phrase) {
    hcb__text *text = payload;
    if (text->count)
        hcb__text_puts(text, "; ");
    hcb__text_puts(text, phrase);
}

void hcb__sweep_csv(hcb__text *out, const hcb__sweep *sweep, const hcb_allocator *mem) {
    hcb__text_puts(out, "scenario,group,changes,status,stop,hash");
    for (int32_t f = 0; f < HCB__TOTALS; f++)
        hcb__text_printf(out, ",%s", hcb__total_figures[f].name);
    hcb__text_putc(out, '\n');
    for (int32_t i = 0; i < sweep->n; i++) {
        const hcb__sweep_row *row = &sweep->rows[i];
        hcb__text changes;
        hcb__text_init(&changes, mem);
        hcb__changes_say(row->scenario, mem, join_change, &changes);
        out->failed |= changes.failed;
        hcb__csv_put(out, row->scenario->name, false);
        hcb__csv_put(out, row->scenario->group, false);
        hcb__csv_put(out, changes.count ? changes.at : "", false);
        hcb__csv_put(out, row->done ? "done" : "cancelled", false);
        hcb__csv_put(out, row->stop, false);
        hcb__csv_put(out, row->done ? row->hash : "", false);
        for (int32_t f = 0; f < HCB__TOTALS; f++) {
            bool last = f == HCB__TOTALS - 1;
            if (row->done && row->values[f] != HCB__NO_FIGURE && row->values[f] != HCB__HIDDEN)
                hcb__csv_put_int(out, row->values[f], last);
            else
                hcb__csv_put(out, "", last);
        }
        hcb__text_free(&changes);
    }
}

/* The line-th line of a name broken between words to fit a column; its length. */
static size_t line_of(const char *name, int line, const char **start) {
    const size_t width = CELL - 1;
    for (const char *at = name;; line--) {
        at += strspn(at, " ");
        size_t len = strlen(at);
        if (len > width) {
            size_t cut = width;
            while (cut > 0 && at[cut] != ' ')
                cut--;
            len = cut ? cut : width;
            while (((unsigned char)at[len] & 0xc0) == 0x80)
                len--;
        }
        if (line == 0 || len == 0) {
            *start = at;
            return len;
        }
        at += len;
    }
}

static size_t columns_in(const char *s, size_t n) {
    size_t columns = 0;
    for (size_t i = 0; i < n; i++)
        columns += ((unsigned char)s[i] & 0xc0) != 0x80;
    return columns;
}

static void put_heads(hcb__text *out, const hcb__sweep_row *const *rows, int32_t n, const char *title) {
    for (int line = 0; line < HEAD_LINES; line++) {
        const char *start;
        bool any = line == 0;
        for (int32_t i = 0; i < n; i++)
            any |= line_of(rows[i]->scenario->name, line, &start) > 0;
        if (!any)
            return;
        hcb__cell_left(out, line == 0 ? title : "", LABEL);
        for (int32_t i = 0; i < n; i++) {
            size_t len = line_of(rows[i]->scenario->name, line, &start);
            for (size_t pad = columns_in(start, len); pad < CELL; pad++)
                hcb__text_putc(out, ' ');
            hcb__text_add(out, start, len);
        }
        hcb__text_putc(out, '\n');
    }
}

static void put_block(hcb__text *out, const hcb__sweep_row *const *rows, int32_t n) {
    hcb__text_putc(out, '\n');
    put_heads(out, rows, n, rows[0]->scenario->group);
    for (int32_t f = 0; f < HCB__TOTALS; f++) {
        bool any = false;
        for (int32_t i = 0; i < n; i++)
            any |= rows[i]->done && rows[i]->values[f] != HCB__NO_FIGURE;
        if (!any)
            continue;
        hcb__cell_left(out, hcb__total_figures[f].label, LABEL);
        for (int32_t i = 0; i < n; i++)
            hcb__figure_cell(out, &hcb__total_figures[f], rows[i]->done ? rows[i]->values[f] : HCB__NO_FIGURE, CELL);
        hcb__text_putc(out, '\n');
    }
}

void hcb__sweep_text(hcb__text *out, const hcb__sweep *sweep) {
    int32_t done = 0;
    for (int32_t i = 0; i < sweep->n; i++)
        done += sweep->rows[i].done;
    hcb__text_printf(out, "%s%s\n", sweep->file->name, is_synthetic(sweep) ? " (synthetic people and providers)" : "");
    if (sweep->publish)
        hcb__text_puts(out, "[c]: hidden, fewer than 5 people are behind it; counts are to the nearest 5\n");
    if (done < sweep->n)
        hcb__text_printf(out, "stopped after %d of %d scenarios\n", done, sweep->n);
    for (int32_t i = 0; i < sweep->n;) {
        const hcb__sweep_row *rows[COLUMNS] = {&sweep->rows[i]};
        int32_t n = 0;
        const char *group = sweep->rows[i].scenario->group;
        while (n < COLUMNS && i < sweep->n && strcmp(sweep->rows[i].scenario->group, group) == 0)
            rows[n++] = &sweep->rows[i++];
        put_block(out, rows, n);
    }
}
