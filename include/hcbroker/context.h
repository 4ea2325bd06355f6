/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * The context: allocator, error record, diagnostics, log and cancellation.
 *
 * A context is used by one thread at a time. Objects made with it (workspaces, models, allocations) keep what they need
 * and may be read from any thread once they exist.
 */
#ifndef HCB_CONTEXT_H
#define HCB_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

#include "hcbroker/export.h"
#include "hcbroker/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hcb_context hcb_context;
typedef struct hcb_cancel hcb_cancel;

/** Memory functions used by all code of this library. Its dependencies (GLPK, GEOS, PROJ, jansson, libcsv, libyaml,
 * SQLite) use their own. */
typedef struct hcb_allocator {
    void *(*malloc_fn)(size_t size, void *user);             /**< As malloc. */
    void *(*realloc_fn)(void *ptr, size_t size, void *user); /**< As realloc. */
    void (*free_fn)(void *ptr, void *user);                  /**< As free; NULL is fine. */
    void *user; /**< Passed back as the last argument. Must outlive every object made with the allocator. */
} hcb_allocator;

enum { HCB_LOG_ERROR = 0, HCB_LOG_WARNING = 1, HCB_LOG_INFO = 2, HCB_LOG_DEBUG = 3 };

/** Called on the thread that called the library, never from inside a solver: with what was read and made (info), and at
 * the end of a call with each warning and error of the data (component "data") and the error of the call ("call"). */
typedef void (*hcb_log_fn)(int32_t level, const char *component, const char *message, void *payload);

enum { HCB_PHASE_READ = 0, HCB_PHASE_BUILD = 1, HCB_PHASE_SOLVE = 2, HCB_PHASE_VERIFY = 3, HCB_PHASE_WRITE = 4 };

/** A snapshot of a long call. */
typedef struct hcb_progress {
    uint32_t struct_size;
    int32_t phase;      /**< HCB_PHASE_... */
    const char *level;  /**< Name of the objective level being improved; "" outside a solve. */
    double elapsed_s;   /**< Seconds since the call began. */
    int64_t value;      /**< Best value of the level so far, in its own unit. */
    int64_t bound;      /**< Proved lower bound of the level. */
    int32_t has_value;  /**< 1 when `value` means something. */
    int32_t has_bound;  /**< 1 when `bound` means something. */
    int64_t work;       /**< Work units done (deterministic). */
    int64_t work_limit; /**< Work units allowed; 0: no limit. */
} hcb_progress;

/**
 * Called about ten times a second on the caller's thread during a long call.
 * @return 0 to go on; anything else stops the call, which then returns its best answer, marked as cancelled.
 */
typedef int32_t (*hcb_progress_fn)(const hcb_progress *progress, void *payload);

/** What a context is made with. All zero but struct_size: the defaults. */
typedef struct hcb_context_options {
    uint32_t struct_size; /**< sizeof(hcb_context_options). */
    uint32_t reserved;
    const hcb_allocator *allocator; /**< NULL: malloc, realloc, free. Copied. */
    hcb_log_fn log;                 /**< NULL: silent. */
    void *log_payload;              /**< The last argument of `log`. */
    hcb_progress_fn progress;       /**< NULL: none. */
    void *progress_payload;         /**< The last argument of `progress`. */
    hcb_cancel *cancel;             /**< NULL: none. Must outlive the context. */
} hcb_context_options;

/** What went wrong in the last call. Strings are borrowed until the next call on the context. */
typedef struct hcb_error {
    hcb_status code; /**< HCB_OK: nothing went wrong. */
    int32_t reserved;
    int64_t line;        /**< 1-based; 0: not known. */
    int64_t column;      /**< 1-based byte; 0: not known. */
    const char *message; /**< One line; "" when code is HCB_OK. */
    const char *file;    /**< "" when there is none. */
    const char *pointer; /**< JSON pointer, feature number or record id; "" when there is none. */
} hcb_error;

/** LEFT_OUT: an error of one record alone; a run may go on without that record (a package outside every zone). */
enum { HCB_SEVERITY_ERROR = 0, HCB_SEVERITY_WARNING = 1, HCB_SEVERITY_LEFT_OUT = 2 };

/** One problem found in an input. Strings are borrowed until the next call on the context. */
typedef struct hcb_diagnostic {
    int32_t severity; /**< HCB_SEVERITY_... */
    int32_t reserved;
    int64_t line;        /**< 1-based; 0: not known. */
    int64_t column;      /**< 1-based byte; 0: not known. */
    const char *file;    /**< As the workspace names it; "" when there is none. */
    const char *pointer; /**< Column name, JSON pointer or YAML path; "" when there is none. */
    const char *message; /**< Names the value and what was expected. */
} hcb_diagnostic;

/**
 * Create a context.
 * @param[out] out  New context, freed by the caller with hcb_context_free(); NULL on failure.
 * @param options   NULL for defaults.
 * @return HCB_OK, HCB_EINVAL (out is NULL), HCB_EVERSION, HCB_ENOMEM.
 */
HCB_API HCB_NODISCARD hcb_status hcb_context_create(hcb_context **out, const hcb_context_options *options);

/** Free a context; NULL is fine. Objects made with it stay usable. */
HCB_API void hcb_context_free(hcb_context *ctx);

/** The record of the last call; never NULL for a valid context. Borrowed. */
HCB_API const hcb_error *hcb_context_error(const hcb_context *ctx);

/** Number of errors and warnings of the last call that read files. At most 100 errors a file are kept. */
HCB_API size_t hcb_context_diagnostic_count(const hcb_context *ctx);

/** The i-th of them in the order found (files in reading order, then lines); NULL when i is out of range. Borrowed. */
HCB_API const hcb_diagnostic *hcb_context_diagnostic_at(const hcb_context *ctx, size_t i);

/** How many further errors of all files were counted but not kept. */
HCB_API size_t hcb_context_diagnostic_dropped(const hcb_context *ctx);

/** A token that another thread or a signal handler may use to stop a call. */
HCB_API HCB_NODISCARD hcb_status hcb_cancel_create(hcb_cancel **out);

/** Ask the call in progress, and every later one, to stop. Async-signal-safe; any thread. NULL is fine. */
HCB_API void hcb_cancel_request(hcb_cancel *cancel);

/** Forget an earlier request. */
HCB_API void hcb_cancel_reset(hcb_cancel *cancel);

/** Free a token; NULL is fine. */
HCB_API void hcb_cancel_free(hcb_cancel *cancel);

/** The library's version, for example "0.1.0". Never freed. */
HCB_API const char *hcb_version(void);

#ifdef __cplusplus
}
#endif

#endif
