/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/json.h"

#include <string.h>

#include "io/value.h"

enum { LARGEST_DEPTH = 63 };

void hcb__jw_init(hcb__json_writer *w, hcb__text *out, bool compact) {
    *w = (hcb__json_writer){.out = out, .compact = compact};
    w->fresh[0] = true;
    w->flat[0] = compact;
}

static void new_line(hcb__json_writer *w, int depth) {
    hcb__text_putc(w->out, '\n');
    for (int i = 0; i < depth; i++)
        hcb__text_puts(w->out, "  ");
}

/* What goes before a key or a value. */
static void lead_in(hcb__json_writer *w) {
    if (w->after_key) {
        w->after_key = false;
        return;
    }
    bool first = w->fresh[w->depth];
    w->fresh[w->depth] = false;
    if (w->depth == 0)
        return;
    if (!first)
        hcb__text_putc(w->out, ',');
    if (!w->flat[w->depth])
        new_line(w, w->depth);
    else if (!first && !w->compact)
        hcb__text_putc(w->out, ' ');
}

static void begin(hcb__json_writer *w, char bracket, bool flat) {
    lead_in(w);
    hcb__text_putc(w->out, bracket);
    if (w->depth == LARGEST_DEPTH) { /* no document of ours is as deep */
        w->out->failed = true;
        return;
    }
    bool within_flat = w->flat[w->depth];
    w->depth++;
    w->fresh[w->depth] = true;
    w->flat[w->depth] = flat || within_flat;
}

static void finish(hcb__json_writer *w, char bracket) {
    if (w->depth == 0)
        return;
    bool line = !w->fresh[w->depth] && !w->flat[w->depth];
    w->depth--;
    if (line)
        new_line(w, w->depth);
    hcb__text_putc(w->out, bracket);
}

void hcb__jw_object(hcb__json_writer *w) {
    begin(w, '{', false);
}

void hcb__jw_object_flat(hcb__json_writer *w) {
    begin(w, '{', true);
}

void hcb__jw_array(hcb__json_writer *w) {
    begin(w, '[', false);
}

void hcb__jw_array_flat(hcb__json_writer *w) {
    begin(w, '[', true);
}

void hcb__jw_end_object(hcb__json_writer *w) {
    finish(w, '}');
}

void hcb__jw_end_array(hcb__json_writer *w) {
    finish(w, ']');
}

static void put_escaped(hcb__text *out, unsigned char c) {
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    const char *found = NULL;
    for (const char *p = named; *p; p += 2)
        if ((unsigned char)*p == c)
            found = p + 1;
    if (found) {
        hcb__text_putc(out, '\\');
        hcb__text_putc(out, *found);
    } else {
        hcb__text_printf(out, "\\u%04x", c);
    }
}

/* Text that is valid UTF-8. */
static void put_valid(hcb__text *out, const char *s, size_t len) {
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        hcb__text_add(out, s + from, i - from);
        put_escaped(out, c);
        from = i + 1;
    }
    hcb__text_add(out, s + from, len - from);
}

static void put_string(hcb__text *out, const char *s) {
    size_t len = strlen(s);
    hcb__text_putc(out, '"');
    for (;;) {
        size_t good = hcb__utf8_prefix(s, len);
        put_valid(out, s, good);
        if (good == len)
            break;
        hcb__text_puts(out, "\xef\xbf\xbd"); /* U+FFFD for one byte that is not text */
        s += good + 1;
        len -= good + 1;
    }
    hcb__text_putc(out, '"');
}

void hcb__jw_key(hcb__json_writer *w, const char *key) {
    lead_in(w);
    put_string(w->out, key);
    hcb__text_puts(w->out, w->compact ? ":" : ": ");
    w->after_key = true;
}

void hcb__jw_string(hcb__json_writer *w, const char *text) {
    lead_in(w);
    if (text)
        put_string(w->out, text);
    else
        hcb__text_puts(w->out, "null");
}

void hcb__jw_int(hcb__json_writer *w, int64_t value) {
    lead_in(w);
    hcb__text_int(w->out, value);
}

void hcb__jw_fixed(hcb__json_writer *w, int64_t value, int decimals) {
    lead_in(w);
    hcb__text_fixed(w->out, value, decimals);
}

void hcb__jw_double(hcb__json_writer *w, double value, int decimals) {
    lead_in(w);
    hcb__text_double(w->out, value, decimals);
}

void hcb__jw_bool(hcb__json_writer *w, bool value) {
    lead_in(w);
    hcb__text_puts(w->out, value ? "true" : "false");
}

void hcb__jw_null(hcb__json_writer *w) {
    lead_in(w);
    hcb__text_puts(w->out, "null");
}

void hcb__jw_key_string(hcb__json_writer *w, const char *key, const char *text) {
    hcb__jw_key(w, key);
    hcb__jw_string(w, text);
}

void hcb__jw_key_int(hcb__json_writer *w, const char *key, int64_t value) {
    hcb__jw_key(w, key);
    hcb__jw_int(w, value);
}

void hcb__jw_key_bool(hcb__json_writer *w, const char *key, bool value) {
    hcb__jw_key(w, key);
    hcb__jw_bool(w, value);
}
