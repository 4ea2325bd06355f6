/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why people wait, each reason proved as `explain` proves it. */
#include <stdlib.h>
#include <string.h>

#include "report/explain_report.h"
#include "report/page.h"

typedef struct person {
    const char *id;
    int64_t priority, days;
    size_t row;
} person;

static int64_t number_at(const hcb__csv_table *table, size_t row, const char *column) {
    size_t c = hcb__csv_table_column(table, column, NULL, 0);
    const char *cell = c == HCB__NO_COLUMN ? "" : hcb__csv_table_get(table, row, c);
    int64_t number = 0;
    return hcb__parse_int(cell, strlen(cell), &number) ? number : 0;
}

/* The most urgent first, of those who have waited longest. */
static int by_urgency(const void *va, const void *vb) {
    const person *a = va, *b = vb;
    if (a->priority != b->priority)
        return a->priority < b->priority ? -1 : 1;
    if (a->days != b->days)
        return a->days > b->days ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static hcb_status explain(hcb__json_writer *w, hcb__page_source *source, const char *id) {
    hcb_explain_options options = HCB_EXPLAIN_OPTIONS_INIT;
    options.plan = source->folder;
    hcb__explanation *x = NULL;
    hcb_status status = hcb__explain_create(&x, source->ctx, source->workspace, id, &options);
    hcb__text text;
    hcb__text_init(&text, &source->ctx->mem);
    if (status == HCB_OK) {
        hcb__write_explain_text(&text, x);
        if (text.failed)
            status = hcb__nomem(source->ctx);
        else
            hcb__jw_key_string(w, id, text.at);
    }
    hcb__text_free(&text);
    hcb__explain_free(x);
    return status;
}

hcb_status hcb__page_explanations(hcb__json_writer *w, hcb__page_source *source) {
    const hcb__csv_table *waiting = hcb__page_table_named(source, "waiting");
    size_t n = waiting ? waiting->rows.count : 0;
    size_t column = waiting ? hcb__csv_table_column(waiting, "package_id", NULL, 0) : HCB__NO_COLUMN;
    person *people = hcb__arena_alloc(&source->arena, n, sizeof *people);
    if (!people)
        return hcb__nomem(source->ctx);
    if (column == HCB__NO_COLUMN)
        n = 0;
    for (size_t row = 0; row < n; row++)
        people[row] = (person){hcb__csv_table_get(waiting, row, column), number_at(waiting, row, "priority"),
                               number_at(waiting, row, "days_waiting"), row};
    if (n)
        qsort(people, n, sizeof *people, by_urgency);
    hcb_status status = HCB_OK;
    hcb__jw_key(w, "explanations");
    hcb__jw_object(w);
    for (size_t i = 0; i < n && i < (size_t)source->explain && status == HCB_OK; i++)
        status = explain(w, source, people[i].id);
    hcb__jw_end_object(w);
    return status;
}
