/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv.h"

#include <string.h>

static void put(hcb__text *out, const char *prefix, const char *cell, bool last) {
    size_t len = strlen(cell);
    bool quote = strpbrk(cell, ",\"\r\n") || (len && (cell[0] == ' ' || cell[len - 1] == ' '));
    if (quote)
        hcb__text_putc(out, '"');
    hcb__text_puts(out, prefix);
    for (const char *c = cell; *c;) {
        size_t n = quote ? strcspn(c, "\"") : strlen(c);
        hcb__text_add(out, c, n);
        c += n;
        if (*c) {
            hcb__text_puts(out, "\"\"");
            c++;
        }
    }
    if (quote)
        hcb__text_putc(out, '"');
    hcb__text_putc(out, last ? '\n' : ',');
}

void hcb__csv_put(hcb__text *out, const char *cell, bool last) {
    put(out, "", cell, last);
}

void hcb__csv_put_int(hcb__text *out, int64_t value, bool last) {
    hcb__text_int(out, value);
    hcb__text_putc(out, last ? '\n' : ',');
}

void hcb__csv_put_text(hcb__text *out, const char *cell, bool last, bool spreadsheet) {
    /* A spreadsheet would take the cell for a formula. */
    bool formula = spreadsheet && *cell && strchr("=+-@\t\r", *cell);
    put(out, formula ? "'" : "", cell, last);
}
