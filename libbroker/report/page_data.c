/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document inside the page: the result as it is, its lists, the map, the workspace. */
#include "report/page.h"

/* Decimals that every figure of ours fits in. */
enum { DECIMALS = 9 };

static void copy_object(hcb__json_writer *w, hcb__json *value) {
    void *cursor = NULL;
    const char *key;
    hcb__jw_object(w);
    for (hcb__json *member; (member = hcb__json_next(value, &cursor, &key));) {
        hcb__jw_key(w, key);
        hcb__jw_copy(w, member);
    }
    hcb__jw_end_object(w);
}

void hcb__jw_copy(hcb__json_writer *w, hcb__json *value) {
    int64_t whole = 0;
    double real = 0;
    bool yes = false;
    switch (hcb__json_kind_of(value)) {
    case HCB__JSON_OBJECT:
        copy_object(w, value);
        break;
    case HCB__JSON_ARRAY:
        hcb__jw_array(w);
        for (size_t i = 0; i < hcb__json_count(value); i++)
            hcb__jw_copy(w, hcb__json_at(value, i));
        hcb__jw_end_array(w);
        break;
    case HCB__JSON_STRING:
        hcb__jw_string(w, hcb__json_string(value, NULL));
        break;
    case HCB__JSON_BOOL:
        hcb__jw_bool(w, hcb__json_bool(value, &yes) && yes);
        break;
    case HCB__JSON_INT:
    case HCB__JSON_REAL:
        if (hcb__json_int(value, &whole))
            hcb__jw_int(w, whole);
        else
            hcb__jw_double(w, hcb__json_number(value, &real) ? real : 0, DECIMALS);
        break;
    default:
        hcb__jw_null(w);
    }
}

/* Columns and rows of cells, all of them texts: the page knows which are numbers. */
static void put_table(hcb__json_writer *w, const hcb__csv_table *table) {
    hcb__jw_object(w);
    hcb__jw_key(w, "columns");
    hcb__jw_array(w);
    for (size_t c = 0; c < table->names.count; c++)
        hcb__jw_string(w, table->names.at[c]);
    hcb__jw_end_array(w);
    hcb__jw_key(w, "rows");
    hcb__jw_array(w);
    for (size_t row = 0; row < table->rows.count; row++) {
        hcb__jw_array(w);
        for (size_t c = 0; c < table->names.count; c++)
            hcb__jw_string(w, hcb__csv_table_get(table, row, c));
        hcb__jw_end_array(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

hcb_status hcb__page_data(hcb__text *out, hcb__page_source *source) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, true);
    hcb__jw_object(&w);
    hcb__jw_key_int(&w, "format", 1);
    hcb__jw_key_string(&w, "version", hcb_version());
    hcb__jw_key_string(&w, "kind", source->kind);
    hcb__jw_key_bool(&w, "public", source->for_public);
    hcb__jw_key_string(&w, "file", source->main_name);
    hcb__jw_key(&w, "main");
    hcb__jw_copy(&w, hcb__json_root(source->main));
    hcb__jw_key(&w, "tables");
    hcb__jw_object(&w);
    for (size_t i = 0; i < HCB__PAGE_TABLES; i++)
        if (source->tables[i].name) {
            hcb__jw_key(&w, source->tables[i].name);
            put_table(&w, source->tables[i].table);
        }
    hcb__jw_end_object(&w);
    hcb_status status = hcb__page_layers(&w, source);
    if (status == HCB_OK && source->model)
        status = hcb__page_workspace(&w, source);
    if (status == HCB_OK && source->explain)
        status = hcb__page_explanations(&w, source);
    hcb__jw_end_object(&w);
    return status;
}
