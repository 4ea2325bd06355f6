/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The context's inside: where errors are recorded and problems of input files are collected. */
#ifndef HCB_BASE_CONTEXT_H
#define HCB_BASE_CONTEXT_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/mem.h"
#include "hcbroker/context.h"

struct hcb_cancel {
    atomic_int requested;
};

typedef struct hcb__diag_file {
    const char *name;
    size_t errors;
} hcb__diag_file;

struct hcb_context {
    hcb_allocator mem;
    hcb_log_fn log;
    void *log_payload;
    hcb_progress_fn progress;
    void *progress_payload;
    hcb_cancel *cancel;
    const struct hcb__memory *memory; /* inputs that are not files (io/memory.h), while they are read; NULL */
    bool busy;
    bool malformed;  /* a file that was read in this call is not well formed */
    hcb__arena text; /* strings of the error record and the diagnostics; released when a call begins */
    hcb_error error;
    HCB__VEC(hcb_diagnostic) diags;
    HCB__VEC(hcb__diag_file) diag_files;
    size_t diag_errors, diag_left_out, diag_warnings, diag_dropped;
};

/* Where in an input. Zero or NULL: not known. */
typedef struct hcb__where {
    const char *file;
    int64_t line, column;
    const char *pointer; /* column name, JSON pointer, YAML path or record id */
} hcb__where;

/* Every public call begins so: clears the record and the diagnostics; HCB_EBUSY when a call is in progress. */
HCB_NODISCARD hcb_status hcb__begin(hcb_context *ctx);
/* ... and ends so; gives back `status`. */
hcb_status hcb__end(hcb_context *ctx, hcb_status status);

/* Record an error where it is detected, and return its code. An earlier record of the same call is kept. */
HCB_NODISCARD hcb_status hcb__fail(hcb_context *ctx, hcb_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
HCB_NODISCARD hcb_status hcb__fail_at(hcb_context *ctx, hcb_status code, const hcb__where *where, const char *format,
                                      ...) __attribute__((format(printf, 4, 5)));
HCB_NODISCARD hcb_status hcb__nomem(hcb_context *ctx);
#ifdef __clang_analyzer__
/* The analyzer sees one file at a time: this tells it that a failure is never HCB_OK. */
#define hcb__fail(ctx, code, ...) ((void)(hcb__fail)(ctx, code, __VA_ARGS__), (code))
#define hcb__fail_at(ctx, code, ...) ((void)(hcb__fail_at)(ctx, code, __VA_ARGS__), (code))
#define hcb__nomem(ctx) ((void)(hcb__nomem)(ctx), HCB_ENOMEM)
#endif

/* Collect a problem of an input file and go on reading. `where` may be NULL. */
void hcb__diag_error(hcb_context *ctx, const hcb__where *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void hcb__diag_warning(hcb_context *ctx, const hcb__where *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* An error of one record, which is left out. */
void hcb__diag_left_out(hcb_context *ctx, const hcb__where *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* HCB_OK when no error was collected, else HCB_EDATA with a record that gives their number and the first of them. */
HCB_NODISCARD hcb_status hcb__diag_status(hcb_context *ctx);

bool hcb__cancelled(const hcb_context *ctx);
void hcb__log(const hcb_context *ctx, int32_t level, const char *component, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
