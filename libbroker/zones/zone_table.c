/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/zone_table.h"

#include <stdio.h>
#include <string.h>

#include "io/csv.h"
#include "io/json.h"

enum { ID, NAME, CLASS, PRIME, HOURS_MIN, HOURS_MAX, GEOMETRY, COLUMNS };

static const hcb__csv_column columns[COLUMNS] = {{"zone_id", true}, {"name", false},      {"class", true},
                                                 {"prime", false},  {"hours_min", false}, {"hours_max", false},
                                                 {"geometry", true}};

static const double MOST_HOURS = 1e6;

static void put_text(hcb__json_writer *w, const hcb__csv *csv, size_t column) {
    const char *text = hcb__csv_text(csv, column, NULL);
    if (text)
        hcb__jw_key_string(w, columns[column].name, text);
}

static void put_properties(hcb__text *out, hcb__csv *csv) {
    hcb__json_writer w;
    bool prime;
    double hours;
    hcb__jw_init(&w, out, true);
    hcb__jw_object(&w);
    put_text(&w, csv, ID);
    put_text(&w, csv, NAME);
    put_text(&w, csv, CLASS);
    if (hcb__csv_bool(csv, PRIME, &prime) == HCB__CELL_OK)
        hcb__jw_key_bool(&w, columns[PRIME].name, prime);
    for (size_t column = HOURS_MIN; column <= HOURS_MAX; column++)
        if (hcb__csv_double(csv, column, 0, MOST_HOURS, &hours) == HCB__CELL_OK) {
            hcb__jw_key(&w, columns[column].name);
            hcb__jw_double(&w, hours, 9);
        }
    hcb__jw_end_object(&w);
}

/* Checked here, where the row is known: in the whole it could close what it did not open. */
static hcb_status put_geometry(hcb__text *out, hcb_context *ctx, const hcb__memory_file *file, hcb__csv *csv) {
    char shown[96];
    size_t len;
    const char *text = hcb__csv_text(csv, GEOMETRY, &len);
    hcb__where where = hcb__csv_where(csv, GEOMETRY);
    if (!text) {
        hcb__text_puts(out, "null");
        return HCB_OK;
    }
    hcb__json_doc *doc = NULL;
    snprintf(shown, sizeof shown, "%s, geometry of row %lld", file->shown, (long long)where.line);
    hcb_status status = hcb__json_parse(&doc, ctx, text, len, shown);
    hcb__json_close(doc);
    hcb__text_add(out, status == HCB_OK ? text : "null", status == HCB_OK ? len : 4);
    return status == HCB_EPARSE ? HCB_OK : status;
}

hcb_status hcb__zone_table_write(hcb__text *out, hcb_context *ctx, const hcb__memory_file *file) {
    hcb__csv *csv = NULL;
    hcb_status status = hcb__csv_open(&csv, ctx, file->path, file->shown, columns, COLUMNS, NULL, 0);
    if (status != HCB_OK)
        return status;
    hcb__text_puts(out, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (bool first = true; status == HCB_OK && hcb__csv_next(csv); first = false) {
        hcb__text_puts(out, first ? "{\"type\":\"Feature\",\"properties\":" : ",{\"type\":\"Feature\",\"properties\":");
        put_properties(out, csv);
        hcb__text_puts(out, ",\"geometry\":");
        status = put_geometry(out, ctx, file, csv);
        hcb__text_putc(out, '}');
    }
    hcb__text_puts(out, "]}");
    hcb__csv_close(csv);
    return status == HCB_OK && out->failed ? hcb__nomem(ctx) : status;
}
