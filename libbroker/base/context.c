/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/context.h"
#include "base/options.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERRORS_KEPT_PER_FILE = 100, WARNINGS_KEPT = 1000, MESSAGE_MAX = 2048 };

static const char out_of_memory[] = "out of memory";

static void clear(hcb_context *ctx) {
    hcb__arena_release(&ctx->text);
    memset(&ctx->error, 0, sizeof ctx->error);
    ctx->error.message = ctx->error.file = ctx->error.pointer = "";
    ctx->diags.count = ctx->diag_files.count = 0;
    ctx->malformed = false;
    ctx->diag_errors = ctx->diag_left_out = ctx->diag_warnings = ctx->diag_dropped = 0;
}

hcb_status hcb_context_create(hcb_context **out, const hcb_context_options *options) {
    if (!out)
        return HCB_EINVAL;
    *out = NULL;
    hcb_context_options o;
    hcb_status status = hcb__options_take(NULL, &o, "hcb_context_options", options);
    if (status != HCB_OK)
        return status;
    const hcb_allocator *mem = o.allocator ? o.allocator : hcb__default_allocator();
    if (!mem->malloc_fn || !mem->realloc_fn || !mem->free_fn)
        return HCB_EINVAL;
    hcb_context *ctx = hcb__calloc(mem, 1, sizeof *ctx);
    if (!ctx)
        return HCB_ENOMEM;
    ctx->mem = *mem;
    ctx->log = o.log;
    ctx->log_payload = o.log_payload;
    ctx->progress = o.progress;
    ctx->progress_payload = o.progress_payload;
    ctx->cancel = o.cancel;
    hcb__arena_init(&ctx->text, &ctx->mem);
    clear(ctx);
    *out = ctx;
    return HCB_OK;
}

void hcb_context_free(hcb_context *ctx) {
    if (!ctx)
        return;
    clear(ctx);
    HCB__VEC_FREE(&ctx->mem, &ctx->diags);
    HCB__VEC_FREE(&ctx->mem, &ctx->diag_files);
    hcb_allocator mem = ctx->mem;
    hcb__free(&mem, ctx);
}

const hcb_error *hcb_context_error(const hcb_context *ctx) {
    return ctx ? &ctx->error : NULL;
}

size_t hcb_context_diagnostic_count(const hcb_context *ctx) {
    return ctx ? ctx->diags.count : 0;
}

const hcb_diagnostic *hcb_context_diagnostic_at(const hcb_context *ctx, size_t i) {
    return ctx && i < ctx->diags.count ? &ctx->diags.at[i] : NULL;
}

size_t hcb_context_diagnostic_dropped(const hcb_context *ctx) {
    return ctx ? ctx->diag_dropped : 0;
}

hcb_status hcb__begin(hcb_context *ctx) {
    if (!ctx)
        return HCB_EINVAL;
    if (ctx->busy)
        return HCB_EBUSY;
    clear(ctx);
    ctx->busy = true;
    return HCB_OK;
}

/* Here, and not where they are found: the call is back on its caller's thread. */
static void log_findings(const hcb_context *ctx) {
    for (size_t i = 0; i < hcb_context_diagnostic_count(ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(ctx, i);
        int32_t level = d->severity == HCB_SEVERITY_ERROR ? HCB_LOG_ERROR : HCB_LOG_WARNING;
        if (*d->file)
            hcb__log(ctx, level, "data", "%s:%lld: %s", d->file, (long long)d->line, d->message);
        else
            hcb__log(ctx, level, "data", "%s", d->message);
    }
    if (ctx->error.code != HCB_OK)
        hcb__log(ctx, HCB_LOG_ERROR, "call", "%s: %s", hcb_status_name(ctx->error.code), ctx->error.message);
}

hcb_status hcb__end(hcb_context *ctx, hcb_status status) {
    if (status != HCB_OK && ctx->error.code == HCB_OK) {
        ctx->error.code = status;
        ctx->error.message = hcb_status_text(status);
    }
    if (ctx->log)
        log_findings(ctx);
    ctx->busy = false;
    return status;
}

/* One line of text, whatever the input or a path held: control characters would reach a terminal or split a log line,
 * and half a character (of a message that was cut) is no JSON. */
static void one_line(char *message) {
    hcb__utf8_mend(message);
    for (unsigned char *c = (unsigned char *)message; *c; c++)
        if (*c < 0x20 || *c == 0x7f)
            *c = '?';
        else if (*c == 0xc2 && c[1] < 0xa0) /* U+0080 to U+009F */
            c[0] = c[1] = '?';
}

/* A line that lives as long as the record; a fixed text when memory is out. */
static const char *keep(hcb_context *ctx, const char *text, const char *otherwise) {
    if (!text || !*text)
        return "";
    char *copy = hcb__arena_strndup(&ctx->text, text, strlen(text));
    if (!copy)
        return otherwise;
    one_line(copy);
    return copy;
}

static void set_error(hcb_context *ctx, hcb_status code, const hcb__where *where, const char *message) {
    ctx->malformed = ctx->malformed || code == HCB_EPARSE;
    if (ctx->error.code != HCB_OK)
        return;
    ctx->error.code = code;
    ctx->error.message = keep(ctx, message, out_of_memory);
    if (where) {
        ctx->error.line = where->line;
        ctx->error.column = where->column;
        ctx->error.file = keep(ctx, where->file, "");
        ctx->error.pointer = keep(ctx, where->pointer, "");
    }
}

hcb_status(hcb__fail)(hcb_context *ctx, hcb_status code, const char *format, ...) {
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    set_error(ctx, code, NULL, message);
    return code;
}

hcb_status(hcb__fail_at)(hcb_context *ctx, hcb_status code, const hcb__where *where, const char *format, ...) {
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    set_error(ctx, code, where, message);
    return code;
}

hcb_status(hcb__nomem)(hcb_context *ctx) {
    if (ctx->error.code == HCB_OK) {
        ctx->error.code = HCB_ENOMEM;
        ctx->error.message = out_of_memory;
    }
    return HCB_ENOMEM;
}

static bool room_for_error(hcb_context *ctx, const char *file) {
    for (size_t i = 0; i < ctx->diag_files.count; i++)
        if (strcmp(ctx->diag_files.at[i].name, file) == 0)
            return ctx->diag_files.at[i].errors++ < ERRORS_KEPT_PER_FILE;
    hcb__diag_file entry = {keep(ctx, file, ""), 1};
    return HCB__PUSH(&ctx->mem, &ctx->diag_files, entry);
}

static void collect(hcb_context *ctx, int32_t severity, const hcb__where *where, const char *format, va_list args) {
    static const hcb__where nowhere = {"", 0, 0, ""};
    if (!where)
        where = &nowhere;
    const char *file = where->file ? where->file : "";
    bool kept;
    if (severity == HCB_SEVERITY_WARNING) {
        kept = ctx->diag_warnings++ < WARNINGS_KEPT;
    } else {
        *(severity == HCB_SEVERITY_ERROR ? &ctx->diag_errors : &ctx->diag_left_out) += 1;
        kept = room_for_error(ctx, file);
    }
    if (kept) {
        char message[MESSAGE_MAX];
        vsnprintf(message, sizeof message, format, args);
        hcb_diagnostic d = {severity,
                            0,
                            where->line,
                            where->column,
                            keep(ctx, file, ""),
                            keep(ctx, where->pointer, ""),
                            keep(ctx, message, out_of_memory)};
        kept = HCB__PUSH(&ctx->mem, &ctx->diags, d);
    }
    if (!kept && severity != HCB_SEVERITY_WARNING)
        ctx->diag_dropped++;
}

void hcb__diag_error(hcb_context *ctx, const hcb__where *where, const char *format, ...) {
    va_list args;
    va_start(args, format);
    collect(ctx, HCB_SEVERITY_ERROR, where, format, args);
    va_end(args);
}

void hcb__diag_warning(hcb_context *ctx, const hcb__where *where, const char *format, ...) {
    va_list args;
    va_start(args, format);
    collect(ctx, HCB_SEVERITY_WARNING, where, format, args);
    va_end(args);
}

void hcb__diag_left_out(hcb_context *ctx, const hcb__where *where, const char *format, ...) {
    va_list args;
    va_start(args, format);
    collect(ctx, HCB_SEVERITY_LEFT_OUT, where, format, args);
    va_end(args);
}

hcb_status hcb__diag_status(hcb_context *ctx) {
    if (ctx->diag_errors == 0)
        return HCB_OK;
    for (size_t i = 0; i < ctx->diags.count; i++) {
        const hcb_diagnostic *d = &ctx->diags.at[i];
        if (d->severity != HCB_SEVERITY_ERROR)
            continue;
        hcb__where where = {d->file, d->line, d->column, d->pointer};
        const hcb_status code = ctx->malformed ? HCB_EPARSE : HCB_EDATA;
        return hcb__fail_at(ctx, code, &where, "%zu problem%s in the input; the first: %s", ctx->diag_errors,
                            ctx->diag_errors == 1 ? "" : "s", d->message);
    }
    return hcb__nomem(ctx);
}

bool hcb__cancelled(const hcb_context *ctx) {
    return ctx->cancel && atomic_load(&ctx->cancel->requested);
}

void hcb__log(const hcb_context *ctx, int32_t level, const char *component, const char *format, ...) {
    if (!ctx->log)
        return;
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    one_line(message);
    ctx->log(level, component, message, ctx->log_payload);
}

hcb_status hcb_cancel_create(hcb_cancel **out) {
    if (!out)
        return HCB_EINVAL;
    *out = calloc(1, sizeof **out);
    return *out ? HCB_OK : HCB_ENOMEM;
}

void hcb_cancel_request(hcb_cancel *cancel) {
    if (cancel)
        atomic_store(&cancel->requested, 1);
}

void hcb_cancel_reset(hcb_cancel *cancel) {
    if (cancel)
        atomic_store(&cancel->requested, 0);
}

void hcb_cancel_free(hcb_cancel *cancel) {
    free(cancel);
}
