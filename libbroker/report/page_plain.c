/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page without scripts: every figure of the result as a table. */
#include <string.h>

#include "report/page.h"

enum { DECIMALS = 6 };

static const char head[] = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri "
                           "'none'; form-action 'none'\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                           "<meta name=\"color-scheme\" content=\"light dark\">\n<title>";

/* "carer_minutes_placed" as "carer minutes placed". */
static void put_words(hcb__text *out, const char *key) {
    char one[2] = {0};
    for (; *key; key++) {
        one[0] = *key == '_' ? ' ' : *key;
        hcb__html_text(out, one);
    }
}

static bool is_scalar(const hcb__json *value) {
    hcb__json_kind kind = hcb__json_kind_of(value);
    return kind != HCB__JSON_ARRAY && kind != HCB__JSON_OBJECT;
}

static void put_value(hcb__text *out, hcb__json *value) {
    int64_t whole = 0;
    double real = 0;
    bool yes = false;
    size_t len;
    const char *text = hcb__json_string(value, &len);
    if (text)
        hcb__html_text(out, text);
    else if (hcb__json_int(value, &whole))
        hcb__text_int(out, whole);
    else if (hcb__json_number(value, &real))
        hcb__text_double(out, real, DECIMALS);
    else if (hcb__json_bool(value, &yes))
        hcb__text_puts(out, yes ? "yes" : "no");
    else if (hcb__json_kind_of(value) == HCB__JSON_ARRAY)
        for (size_t i = 0; i < hcb__json_count(value); i++) {
            hcb__text_puts(out, i ? ", " : "");
            put_value(out, hcb__json_at(value, i));
        }
    else if (hcb__json_kind_of(value) == HCB__JSON_OBJECT) {
        void *cursor = NULL;
        const char *key, *comma = "";
        for (hcb__json *member; (member = hcb__json_next(value, &cursor, &key)); comma = ", ") {
            hcb__text_puts(out, comma);
            put_words(out, key);
            hcb__text_putc(out, ' ');
            put_value(out, member);
        }
    }
}

static void begin_table(hcb__text *out, const char *caption) {
    hcb__text_puts(out, "<table border=\"1\" cellpadding=\"4\" cellspacing=\"0\">\n<caption>");
    put_words(out, caption);
    hcb__text_puts(out, "</caption>\n");
}

/* Single figures of an object. */
static void put_figures(hcb__text *out, const char *caption, hcb__json *object) {
    void *cursor = NULL;
    const char *key;
    begin_table(out, caption);
    for (hcb__json *member; (member = hcb__json_next(object, &cursor, &key));) {
        if (!is_scalar(member))
            continue;
        hcb__text_puts(out, "<tr><th scope=\"row\">");
        put_words(out, key);
        hcb__text_puts(out, "</th><td>");
        put_value(out, member);
        hcb__text_puts(out, "</td></tr>\n");
    }
    hcb__text_puts(out, "</table>\n");
}

/* A list of objects: the keys of the first are the columns. */
static void put_rows(hcb__text *out, const char *caption, hcb__json *list) {
    begin_table(out, caption);
    hcb__json *first = hcb__json_at(list, 0);
    hcb__text_puts(out, "<tr>");
    const char *key;
    void *cursor = NULL;
    while (hcb__json_next(first, &cursor, &key)) {
        hcb__text_puts(out, "<th scope=\"col\">");
        put_words(out, key);
        hcb__text_puts(out, "</th>");
    }
    hcb__text_puts(out, "</tr>\n");
    for (size_t i = 0; i < hcb__json_count(list); i++) {
        hcb__text_puts(out, "<tr>");
        cursor = NULL;
        while (hcb__json_next(first, &cursor, &key)) {
            hcb__text_puts(out, "<td>");
            put_value(out, hcb__json_get(hcb__json_at(list, i), key));
            hcb__text_puts(out, "</td>");
        }
        hcb__text_puts(out, "</tr>\n");
    }
    hcb__text_puts(out, "</table>\n");
}

static void put_members(hcb__text *out, hcb__json *root) {
    void *cursor = NULL;
    const char *key;
    for (hcb__json *member; (member = hcb__json_next(root, &cursor, &key));) {
        if (hcb__json_kind_of(member) == HCB__JSON_OBJECT)
            put_figures(out, key, member);
        else if (hcb__json_count(member) && hcb__json_kind_of(hcb__json_at(member, 0)) == HCB__JSON_OBJECT)
            put_rows(out, key, member);
    }
}

static void put_list(hcb__text *out, const hcb__page_table *list) {
    const hcb__csv_table *table = list->table;
    begin_table(out, list->name);
    hcb__text_puts(out, "<tr>");
    for (size_t c = 0; c < table->names.count; c++) {
        hcb__text_puts(out, "<th scope=\"col\">");
        put_words(out, table->names.at[c]);
        hcb__text_puts(out, "</th>");
    }
    hcb__text_puts(out, "</tr>\n");
    for (size_t row = 0; row < table->rows.count; row++) {
        hcb__text_puts(out, "<tr>");
        for (size_t c = 0; c < table->names.count; c++) {
            hcb__text_puts(out, "<td>");
            hcb__html_text(out, hcb__csv_table_get(table, row, c));
            hcb__text_puts(out, "</td>");
        }
        hcb__text_puts(out, "</tr>\n");
    }
    hcb__text_puts(out, "</table>\n");
}

void hcb__page_plain(hcb__text *out, const hcb__page_source *source) {
    hcb__json *root = hcb__json_root(source->main);
    const char *name = hcb__json_string(hcb__json_get(root, "name"), NULL);
    bool synthetic = false;
    hcb__text_puts(out, head);
    hcb__html_text(out, name ? name : source->kind);
    hcb__text_puts(out, "</title>\n</head>\n<body>\n<h1>");
    hcb__html_text(out, name ? name : source->kind);
    hcb__text_puts(out, "</h1>\n");
    if (hcb__json_bool(hcb__json_get(root, "synthetic"), &synthetic) && synthetic)
        hcb__text_puts(out, "<p>The people are made up (synthetic).</p>\n");
    hcb__text_puts(out, "<p>This page has tables alone: ");
    hcb__text_puts(out, hcb_report_has_page() ? "it was asked for so (--plain)."
                                              : "this hcbroker was built without Node, which its map and charts need.");
    hcb__text_puts(out,
                   " Money is in pence a week, time in minutes a week, where a name does not say otherwise.</p>\n");
    put_figures(out, source->kind, root);
    put_members(out, root);
    for (size_t i = 0; i < HCB__PAGE_TABLES; i++)
        if (source->tables[i].name)
            put_list(out, &source->tables[i]);
    hcb__text_puts(out, "</body>\n</html>\n");
}
