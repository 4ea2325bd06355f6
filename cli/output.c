/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

double steady_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void complain(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("hcbroker: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

void note(const cli *c, const char *format, ...) {
    if (c->args.quiet)
        return;
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
    static const char *const words[] = {"error", "warning", "left out"};
    for (size_t i = 0; i < hcb_context_diagnostic_count(c->ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(c->ctx, i);
        if (c->args.quiet && d->severity == HCB_SEVERITY_WARNING)
            continue;
        print_place(d->file, d->line, d->column);
        fprintf(stderr, "%s: %s%s%s\n", words[d->severity], d->pointer, *d->pointer ? ": " : "", d->message);
    }
    size_t dropped = hcb_context_diagnostic_dropped(c->ctx);
    if (dropped)
        fprintf(stderr, "hcbroker: %zu further errors are not shown (the first 100 of a file are)\n", dropped);
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
        return hcb_context_diagnostic_count(c->ctx) ? EXIT_INPUT : EXIT_IO;
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
    clear_progress(c);
    print_diagnostics(c);
    if (status == HCB_OK)
        return EXIT_DONE;
    const hcb_error *e = hcb_context_error(c->ctx);
    bool listed = false; /* warnings alone do not say why a call failed */
    for (size_t i = 0; i < hcb_context_diagnostic_count(c->ctx) && status != HCB_EIO; i++)
        listed |= hcb_context_diagnostic_at(c->ctx, i)->severity != HCB_SEVERITY_WARNING;
    if (!listed || c->args.quiet) {
        fputs("hcbroker: ", stderr);
        print_place(e->file, e->line, e->column);
        fprintf(stderr, "%s%s%s\n", e->pointer, *e->pointer ? ": " : "",
                *e->message ? e->message : hcb_status_text(status));
    }
    return exit_code(c, status);
}

int print_text(hcb_text *text) {
    size_t size = hcb_text_size(text);
    bool ok = fwrite(hcb_text_data(text), 1, size, stdout) == size && fflush(stdout) == 0;
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

enum { WIDTH = 78 };

int32_t show_progress(const hcb_progress *progress, void *payload) {
    cli *c = payload;
    bool terminal = isatty(STDERR_FILENO) != 0;
    bool wanted = c->args.progress == 1 || (c->args.progress == 0 && terminal && !c->args.quiet);
    if (!wanted || progress->elapsed_s < 1)
        return 0;
    char line[256];
    int n = snprintf(line, sizeof line, "%5.1f s  %s", progress->elapsed_s, progress->level);
    if (progress->has_value && n < WIDTH)
        n += snprintf(line + n, sizeof line - (size_t)n, "  best %lld", (long long)progress->value);
    if (progress->has_bound && n < WIDTH)
        n += snprintf(line + n, sizeof line - (size_t)n, "  bound %lld", (long long)progress->bound);
    if (progress->has_value && progress->has_bound && progress->value != 0 && n < WIDTH)
        n += snprintf(line + n, sizeof line - (size_t)n, "  gap %.3f%%",
                      100.0 * (double)(progress->value - progress->bound) / (double)progress->value);
    if (c->args.time_limit > 0 && n < WIDTH)
        snprintf(line + n, sizeof line - (size_t)n, "  left %.0f s", c->args.time_limit - progress->elapsed_s);
    line[WIDTH] = '\0';
    if (terminal) {
        fprintf(stderr, "\r%-*s", WIDTH, line);
        c->progress_shown = true;
    } else {
        fprintf(stderr, "%s\n", line);
    }
    return 0;
}

void clear_progress(cli *c) {
    if (!c->progress_shown)
        return;
    fprintf(stderr, "\r%*s\r", WIDTH, "");
    c->progress_shown = false;
}
