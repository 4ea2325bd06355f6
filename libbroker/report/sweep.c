/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many scenarios, several at once. Each one's figures are written as soon as they are there, under a name made from
 * everything that they depend on, so that a sweep that was stopped goes on where it was. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/shared_memory.h"
#include "base/textbuf.h"
#include "io/file.h"
#include "report/allocation_report.h"
#include "report/scenario_report.h"

enum { MOST_THREADS = 64 };

typedef struct pool {
    hcb__sweep sweep;
    hcb_scenario_options o;
    const char *folder; /* of the scenarios' own files; NULL: nothing is written */
    hcb__shared_memory mem;
    int32_t threads;
    hcb__worker *worker;
    atomic_int next, finished, failed;
    hcb_context **kept; /* [n] contexts of those that have something to say: an error, or warnings */
    hcb_status *status; /* [n] */
} pool;

/* A scenario's own progress is not shown; its tick is where it learns that all should stop. */
static int32_t tick(const hcb_progress *progress, void *payload) {
    (void)progress;
    const pool *p = payload;
    return hcb__worker_stopping(p->worker) || atomic_load(&p->failed);
}

static void publish(pool *p) {
    hcb_progress progress = {.struct_size = sizeof progress, .phase = HCB_PHASE_SOLVE};
    char text[64];
    snprintf(text, sizeof text, "%d of %d scenarios", atomic_load(&p->finished), p->sweep.n);
    progress.level = text;
    hcb__worker_publish(p->worker, &progress);
}

static const char *word_among(const char *word, const char *const *words, size_t n) {
    for (size_t i = 0; word && i < n; i++)
        if (strcmp(words[i], word) == 0)
            return words[i];
    return "";
}

static bool suppressed(hcb__json *values, const char *name) {
    hcb__json *list = hcb__json_get(values, "suppressed");
    for (size_t i = 0; i < hcb__json_count(list); i++) {
        const char *word = hcb__json_string(hcb__json_at(list, i), NULL);
        if (word && strcmp(word, name) == 0)
            return true;
    }
    return false;
}

/* The figures of {"kind": "scenario"}; false where it is not what was asked for. */
static bool take_values(hcb__sweep_row *row, hcb__json *root, const char *hash, bool publish) {
    bool as_public = !publish;
    const char *status = hcb__json_string(hcb__json_get(root, "status"), NULL);
    const char *its = hcb__json_string(hcb__json_get(root, "hash"), NULL);
    if (!status || strcmp(status, "done") != 0 || !its || strcmp(its, hash) != 0 ||
        !hcb__json_bool(hcb__json_get(root, "public"), &as_public) || as_public != publish ||
        !hcb__json_bool(hcb__json_get(root, "synthetic"), &row->synthetic))
        return false;
    hcb__json *values = hcb__json_get(root, "values");
    for (int32_t f = 0; f < HCB__TOTALS; f++) {
        hcb__json *value = hcb__json_get(values, hcb__total_figures[f].name);
        hcb__json_kind kind = hcb__json_kind_of(value);
        if (kind == HCB__JSON_NULL)
            row->values[f] = suppressed(values, hcb__total_figures[f].name) ? HCB__HIDDEN : HCB__NO_FIGURE;
        else if (!hcb__json_int(value, &row->values[f]))
            return false;
    }
    row->stop = word_among(hcb__json_string(hcb__json_get(root, "stop"), NULL), hcb__stop_words, 5);
    row->done = true;
    return true;
}

static hcb_status read_values(hcb__sweep_row *row, hcb_context *ctx, const hcb__text *text, bool publish, bool *taken) {
    hcb__json_doc *doc = NULL;
    hcb_status status = hcb__json_parse(&doc, ctx, text->at, text->count, "scenario");
    *taken = status == HCB_OK && take_values(row, hcb__json_root(doc), row->hash, publish);
    hcb__json_close(doc);
    return status;
}

/* What an earlier run left, if it can be used: a file that cannot is made anew. */
static hcb_status take_over(pool *p, hcb_context *ctx, hcb__sweep_row *row, const char *path) {
    hcb__text text;
    hcb__text_init(&text, &ctx->mem);
    char *bytes = NULL;
    size_t size = 0;
    hcb_status status = hcb__file_read(&bytes, &size, ctx, path, path);
    if (status == HCB_OK) {
        hcb__text_add(&text, bytes, size);
        status = text.failed ? HCB_ENOMEM : read_values(row, ctx, &text, p->sweep.publish, &row->taken_over);
    }
    hcb__free(&ctx->mem, bytes);
    hcb__text_free(&text);
    return status == HCB_ENOMEM ? status : HCB_OK;
}

static hcb_status run_fresh(pool *p, hcb_context *ctx, hcb__sweep_row *row, hcb__outcome *outcome, const char *path) {
    hcb__text text;
    bool taken = true;
    hcb__text_init(&text, &ctx->mem);
    hcb_status status = hcb__outcome_run(outcome, ctx);
    bool whole = status == HCB_OK && hcb__outcome_whole(outcome);
    if (whole)
        status = hcb__scenario_json(&text, ctx, outcome, p->sweep.publish);
    if (whole && status == HCB_OK && path)
        status = hcb__file_write(ctx, path, text.at, text.count);
    if (whole && status == HCB_OK)
        status = read_values(row, ctx, &text, p->sweep.publish, &taken);
    if (status == HCB_OK && !taken)
        status = hcb__fail(ctx, HCB_EINTERNAL, "the figures of \"%s\" cannot be read back", row->scenario->name);
    hcb__text_free(&text);
    return status;
}

static hcb_status run_row(pool *p, hcb_context *ctx, hcb__sweep_row *row) {
    hcb__outcome *outcome = NULL;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb_status status = hcb__outcome_prepare(&outcome, ctx, row->scenario, p->sweep.file->shown, &p->o.allocation);
    const char *path = NULL;
    if (status == HCB_OK) {
        memcpy(row->hash, outcome->hash, sizeof row->hash);
        row->synthetic = outcome->model->synthetic;
        char name[80];
        snprintf(name, sizeof name, "%s.json", outcome->hash);
        path = p->folder ? hcb__path_join(&arena, p->folder, name) : NULL;
        if (p->folder && !path)
            status = hcb__nomem(ctx);
    }
    if (status == HCB_OK && path && hcb__file_exists(path))
        status = take_over(p, ctx, row, path);
    if (status == HCB_OK)
        status = row->taken_over ? hcb__outcome_warn(outcome, ctx) : run_fresh(p, ctx, row, outcome, path);
    hcb__outcome_free(outcome);
    hcb__arena_release(&arena);
    return status;
}

static void run_one(pool *p, int32_t i) {
    hcb_context_options options = {
        .struct_size = sizeof options, .allocator = &p->mem.allocator, .progress = tick, .progress_payload = p};
    hcb_context *ctx = NULL;
    hcb_status status = hcb_context_create(&ctx, &options);
    if (status == HCB_OK && (status = hcb__begin(ctx)) == HCB_OK)
        status = hcb__end(ctx, run_row(p, ctx, &p->sweep.rows[i]));
    p->status[i] = status;
    if (status != HCB_OK)
        atomic_store(&p->failed, 1);
    if (status == HCB_OK && hcb_context_diagnostic_count(ctx) == 0)
        hcb_context_free(ctx);
    else
        p->kept[i] = ctx;
    atomic_fetch_add(&p->finished, 1);
    publish(p);
}

static void *take_turns(void *payload) {
    pool *p = payload;
    while (!hcb__worker_stopping(p->worker) && !atomic_load(&p->failed)) {
        int32_t i = atomic_fetch_add(&p->next, 1);
        if (i >= p->sweep.n)
            break;
        run_one(p, i);
    }
    return NULL;
}

/* One of the threads is the worker itself, so that there is always one. */
static void run_all(hcb__worker *worker, void *payload) {
    pool *p = payload;
    pthread_t threads[MOST_THREADS];
    int32_t n = 0;
    p->worker = worker;
    publish(p);
    while (n < p->threads - 1 && pthread_create(&threads[n], NULL, take_turns, p) == 0)
        n++;
    take_turns(p);
    while (n > 0)
        pthread_join(threads[--n], NULL);
}

/* What the first scenario that failed found wrong, as if this call had found it. */
static hcb_status pass_on(pool *p, hcb_context *ctx) {
    for (int32_t i = 0; i < p->sweep.n; i++) {
        const hcb_context *from = p->kept[i];
        if (p->status[i] == HCB_OK)
            continue;
        for (size_t d = 0; from && d < hcb_context_diagnostic_count(from); d++) {
            const hcb_diagnostic *x = hcb_context_diagnostic_at(from, d);
            hcb__where where = {x->file, x->line, x->column, x->pointer};
            if (x->severity == HCB_SEVERITY_ERROR)
                hcb__diag_error(ctx, &where, "%s", x->message);
            else
                hcb__diag_warning(ctx, &where, "%s", x->message);
        }
        return hcb__fail(ctx, p->status[i], "scenario \"%s\": %s", p->sweep.rows[i].scenario->name,
                         from ? hcb_context_error(from)->message : hcb_status_text(p->status[i]));
    }
    return HCB_OK;
}

static int32_t thread_count(const hcb_scenario_options *o, int32_t n) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int32_t wanted = o->at_once ? o->at_once : cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (int32_t)cores;
    return wanted < n ? wanted : n;
}

static hcb_status make_folders(pool *p, hcb_context *ctx, hcb__arena *arena) {
    if (!p->o.out)
        return HCB_OK;
    p->folder = hcb__path_join(arena, p->o.out, "scenarios");
    hcb__file_set *set = NULL;
    hcb_status status = p->folder ? hcb__file_set_create(&set, ctx) : hcb__nomem(ctx);
    if (status == HCB_OK)
        status = hcb__file_set_folder(set, p->o.out);
    if (status == HCB_OK)
        status = hcb__file_set_folder(set, p->folder);
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    return status;
}

static hcb_status save(pool *p, hcb_context *ctx, hcb__arena *arena) {
    static const char *const names[2] = {"sweep.json", "sweep.csv"};
    hcb__file_set *set = NULL;
    hcb_status status = hcb__file_set_create(&set, ctx);
    for (int i = 0; i < 2 && status == HCB_OK; i++) {
        hcb__text text;
        hcb__text_init(&text, &ctx->mem);
        if (i == 0)
            hcb__sweep_json(&text, &p->sweep, &ctx->mem);
        else
            hcb__sweep_csv(&text, &p->sweep, &ctx->mem);
        const char *path = text.failed ? NULL : hcb__path_join(arena, p->o.out, names[i]);
        status = path ? hcb__file_set_add(set, path, text.at, text.count) : hcb__nomem(ctx);
        hcb__text_free(&text);
    }
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    return status;
}

static hcb_status print(hcb_text **out, pool *p, hcb_context *ctx) {
    hcb_status status = hcb__text_handle(out, ctx);
    if (status != HCB_OK)
        return status;
    hcb__text *text = hcb__text_of(*out);
    if (p->o.format == HCB_FORMAT_JSON)
        hcb__sweep_json(text, &p->sweep, &ctx->mem);
    else if (p->o.format == HCB_FORMAT_CSV)
        hcb__sweep_csv(text, &p->sweep, &ctx->mem);
    else
        hcb__sweep_text(text, &p->sweep);
    return hcb__text_finish(out, ctx);
}

static hcb_status run_pool(pool *p, hcb_context *ctx, hcb__arena *arena) {
    int32_t n = p->sweep.n;
    bool stopped;
    p->threads = thread_count(&p->o, n);
    if (p->threads > 1)
        p->o.allocation.threads = 1; /* one scenario a core is quicker than one after another on all */
    if (!hcb__shared_memory_init(&p->mem, &ctx->mem))
        return hcb__nomem(ctx);
    hcb_status status = hcb__worker_run(ctx, run_all, p, &stopped);
    if (status == HCB_OK)
        status = pass_on(p, ctx);
    if (status == HCB_OK)
        status = hcb__sweep_warnings(&p->sweep, ctx, arena, p->kept);
    return status;
}

static hcb_status sweep(hcb_text **out, hcb_context *ctx, const char *name, const hcb_scenario_options *options) {
    pool p = {0};
    hcb__arena arena;
    hcb__scenario_file *file = NULL;
    hcb__arena_init(&arena, &ctx->mem);
    hcb_status status = hcb__scenario_options(&p.o, ctx, options);
    if (status == HCB_OK)
        status = hcb__scenario_file_open(&file, ctx, name, p.o.workspace);
    if (status == HCB_OK) {
        size_t n = (size_t)file->count;
        p.sweep = (hcb__sweep){.file = file, .n = file->count, .publish = p.o.publish != 0, .saved = p.o.out != NULL};
        p.sweep.rows = hcb__arena_alloc(&arena, n, sizeof *p.sweep.rows);
        p.kept = hcb__arena_alloc(&arena, n, sizeof(hcb_context *));
        p.status = hcb__arena_alloc(&arena, n, sizeof *p.status);
        if (!p.sweep.rows || !p.kept || !p.status)
            status = hcb__nomem(ctx);
    }
    for (int32_t i = 0; status == HCB_OK && i < p.sweep.n; i++) {
        p.sweep.rows[i].scenario = &file->at[i];
        p.sweep.rows[i].stop = "";
    }
    if (status == HCB_OK)
        status = make_folders(&p, ctx, &arena);
    if (status == HCB_OK)
        status = run_pool(&p, ctx, &arena);
    if (status == HCB_OK && p.o.out)
        status = save(&p, ctx, &arena);
    if (status == HCB_OK)
        status = print(out, &p, ctx);
    for (int32_t i = 0; p.kept && i < p.sweep.n; i++)
        hcb_context_free(p.kept[i]);
    if (p.mem.host)
        hcb__shared_memory_done(&p.mem);
    HCB__VEC_FREE(&ctx->mem, &p.sweep.warnings);
    hcb__scenario_file_close(file);
    hcb__arena_release(&arena);
    return status;
}

hcb_status hcb_sweep(hcb_text **out, hcb_context *ctx, const char *file, const hcb_scenario_options *options) {
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    status = file ? sweep(out, ctx, file, options) : hcb__fail(ctx, HCB_EINVAL, "no file was given");
    return hcb__end(ctx, status);
}
