/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* winsize */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

double steady_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* On a terminal, unless NO_COLOR is set (no-color.org) or the terminal cannot. */
static bool in_colour(void) {
    const char *no = getenv("NO_COLOR"), *kind = getenv("TERM");
    return isatty(STDERR_FILENO) && !(no && *no) && kind && strcmp(kind, "dumb") != 0;
}

/* A word in bold red, yellow or blue. */
static void print_word(const char *word, int severity) {
    static const char *const colours[] = {"31", "33", "34"};
    if (in_colour())
        fprintf(stderr, "\033[1;%sm%s\033[0m", colours[severity], word);
    else
        fputs(word, stderr);
}

void complain(const char *format, ...) {
    va_list args;
    va_start(args, format);
    end_progress();
    print_word("hcbroker:", HCB_SEVERITY_ERROR);
    fputc(' ', stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

void note(const cli *c, const char *format, ...) {
    if (c->args.quiet)
        return;
    clear_progress();
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

/* file:line:column: with the parts that are known. */
static void print_place(const char *file, int64_t line, int64_t column) {
    if (*file)
        fprintf(stderr, "%s:", file);
    if (line > 0)
        fprintf(stderr, "%lld:", (long long)line);
    if (line > 0 && column > 0)
        fprintf(stderr, "%lld:", (long long)column);
    if (*file || line > 0)
        fputc(' ', stderr);
}

void print_diagnostics(cli *c) {
    clear_progress();
    static const char *const words[] = {"error", "warning", "left out"};
    for (size_t i = 0; i < hcb_context_diagnostic_count(c->ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(c->ctx, i);
        if (c->args.quiet && d->severity == HCB_SEVERITY_WARNING)
            continue;
        print_place(d->file, d->line, d->column);
        print_word(words[d->severity], d->severity);
        fprintf(stderr, ": %s%s%s\n", d->pointer, *d->pointer ? ": " : "", d->message);
    }
    size_t dropped = hcb_context_diagnostic_dropped(c->ctx);
    if (dropped)
        fprintf(stderr, "hcbroker: %zu further problems are not shown (the first 100 of a file are)\n", dropped);
}

/* Whether what was listed says why a call failed: warnings and records left out do not. */
static bool has_error(const cli *c) {
    for (size_t i = 0; i < hcb_context_diagnostic_count(c->ctx); i++)
        if (hcb_context_diagnostic_at(c->ctx, i)->severity == HCB_SEVERITY_ERROR)
            return true;
    return false;
}

static int exit_code(const cli *c, hcb_status status) {
    switch (status) {
    case HCB_OK:
        return EXIT_DONE;
    case HCB_EINVAL:
    case HCB_EVERSION:
        return EXIT_USAGE;
    case HCB_EDATA:
    case HCB_EPARSE:
    case HCB_EGEOMETRY:
    case HCB_ECRS:
    case HCB_ELIMIT:
        return EXIT_INPUT;
    case HCB_ENOTFOUND:
        return has_error(c) ? EXIT_INPUT : EXIT_IO;
    case HCB_EIO:
        return EXIT_IO;
    case HCB_ECANCELLED:
    case HCB_EUSER:
        return EXIT_INTERRUPTED;
    default:
        return EXIT_UNANSWERED;
    }
}

int finish(cli *c, hcb_status status) {
    end_progress();
    print_diagnostics(c);
    if (status == HCB_OK)
        return EXIT_DONE;
    const hcb_error *e = hcb_context_error(c->ctx);
    if (status == HCB_EIO || c->args.quiet || !has_error(c)) {
        print_word("hcbroker:", HCB_SEVERITY_ERROR);
        fputc(' ', stderr);
        print_place(e->file, e->line, e->column);
        fprintf(stderr, "%s%s%s\n", e->pointer, *e->pointer ? ": " : "",
                *e->message ? e->message : hcb_status_text(status));
    }
    return exit_code(c, status);
}

bool is_text_or_json(const cli *c) {
    if (c->args.format == HCB_FORMAT_CSV)
        complain("%s: --format is text or json", c->command->name);
    return c->args.format != HCB_FORMAT_CSV;
}

int ended(const cli *c, int code) {
    if (code != EXIT_DONE || !was_interrupted())
        return code;
    note(c, "interrupted: this is what was found so far");
    return EXIT_INTERRUPTED;
}

static bool lines_stay;

void keep_lines(void) {
    lines_stay = true;
}

/* Columns of the terminal that standard output is; 0: no line is broken. */
static size_t terminal_width(void) {
    struct winsize size;
    if (lines_stay || !isatty(STDOUT_FILENO))
        return 0;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40 ? size.ws_col : 80;
}

/* Characters of UTF-8. */
static bool starts_character(char c) {
    return ((unsigned char)c & 0xC0) != 0x80;
}

/* Where a line of `width` characters that begins at `s` ends: at its last space, else anywhere. */
static size_t fitting(const char *s, size_t len, size_t width) {
    size_t seen = 0, space = 0, i = 0;
    for (; i < len; i++) {
        if (starts_character(s[i]) && ++seen > width)
            break;
        if (s[i] == ' ')
            space = i;
    }
    return i == len ? len : space ? space : i;
}

/* A line, broken between words where it is longer than the terminal; what goes on stands two columns in. */
static bool print_line(const char *s, size_t len, size_t width) {
    size_t indent = 0;
    while (indent < len && s[indent] == ' ')
        indent++;
    int more = indent + 2 < width / 2 ? (int)indent + 2 : 2;
    size_t first = indent + fitting(s + indent, len - indent, width - (indent < width / 2 ? indent : 0));
    bool ok = fwrite(s, 1, first, stdout) == first;
    for (size_t at = first; ok && at < len;) {
        while (at < len && s[at] == ' ')
            at++;
        size_t n = fitting(s + at, len - at, width - (size_t)more);
        ok = at == len || (printf("\n%*s", more, "") >= 0 && fwrite(s + at, 1, n, stdout) == n);
        at += n;
    }
    return ok && putchar('\n') != EOF;
}

static bool print_lines(const char *s, size_t size, size_t width) {
    bool ok = true;
    while (ok && size) {
        const char *end = memchr(s, '\n', size);
        size_t len = end ? (size_t)(end - s) : size;
        ok = print_line(s, len, width);
        s += len + (end != NULL);
        size -= len + (end != NULL);
    }
    return ok;
}

int print_text(hcb_text *text) {
    end_progress();
    size_t size = hcb_text_size(text), width = terminal_width();
    const char *data = hcb_text_data(text);
    bool ok = width ? print_lines(data, size, width) : fwrite(data, 1, size, stdout) == size;
    ok = fflush(stdout) == 0 && ok;
    hcb_text_free(text);
    if (!ok)
        complain("standard output cannot be written");
    return ok ? EXIT_DONE : EXIT_IO;
}

void print_json_string(const char *text) {
    putchar('"');
    for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
        if (*s == '"' || *s == '\\')
            printf("\\%c", *s);
        else if (*s < 0x20)
            printf("\\u%04x", *s);
        else
            putchar(*s);
    }
    putchar('"');
}
