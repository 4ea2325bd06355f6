/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/table_text.h"

#include "base/arith.h"

enum { WIDTH = 80 };

/* Columns taken on a terminal: bytes that do not continue a UTF-8 sequence. */
static int width_of(const char *s, int most, size_t *bytes) {
    int width = 0;
    size_t at = 0;
    while (s[at]) {
        size_t next = at + 1;
        while (((unsigned char)s[next] & 0xc0) == 0x80)
            next++;
        if (width == most)
            break;
        width++;
        at = next;
    }
    *bytes = at;
    return width;
}

void hcb__cell_left(hcb__text *out, const char *s, int width) {
    size_t bytes;
    int used = width_of(s, width, &bytes);
    hcb__text_add(out, s, bytes);
    while (used++ < width)
        hcb__text_putc(out, ' ');
}

static void put_right(hcb__text *out, const hcb__text *number, int width) {
    for (int pad = width - (int)number->count; pad > 0; pad--)
        hcb__text_putc(out, ' ');
    hcb__text_add(out, number->at ? number->at : "", number->count);
}

void hcb__cell_int(hcb__text *out, int64_t value, int width) {
    hcb__text t;
    hcb__text_init(&t, out->mem);
    hcb__text_int(&t, value);
    put_right(out, &t, width);
    hcb__text_free(&t);
}

void hcb__cell_fixed(hcb__text *out, int64_t value, int decimals, int width) {
    hcb__text t;
    hcb__text_init(&t, out->mem);
    hcb__text_fixed(&t, value, decimals);
    put_right(out, &t, width);
    hcb__text_free(&t);
}

/* Minutes as hours with one decimal. */
void hcb__cell_hours(hcb__text *out, int64_t minutes, int width) {
    hcb__cell_fixed(out, hcb__round_div(minutes * 10, 60), 1, width);
}

static int columns_of(const char *s) {
    size_t bytes;
    return width_of(s, INT32_MAX, &bytes);
}

static void spaces(hcb__text *out, int n) {
    while (n-- > 0)
        hcb__text_putc(out, ' ');
}

void hcb__wrap_word(hcb__wrap *wrap, const char *word) {
    int width = columns_of(word);
    if (wrap->column && wrap->column + 1 + width > WIDTH) {
        hcb__text_putc(wrap->out, '\n');
        spaces(wrap->out, wrap->indent + 2);
        wrap->column = wrap->indent + 2;
    } else if (wrap->column) {
        hcb__text_putc(wrap->out, ' ');
        wrap->column++;
    } else {
        spaces(wrap->out, wrap->indent);
        wrap->column = wrap->indent;
    }
    hcb__text_puts(wrap->out, word);
    wrap->column += width;
}

void hcb__wrap_end(hcb__wrap *wrap) {
    if (wrap->column)
        hcb__text_putc(wrap->out, '\n');
    wrap->column = 0;
}
