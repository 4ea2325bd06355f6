/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_gap FILE... [--sense min|max] [--time-limit S] [--work-limit N] [--gap G] [--seed N] [--threads N]
 *           [--cancel-after S] [--solution FILE] [--lp-only 1] [--waiting-first 1] [--budget N] [--backend NAME]: one
 * JSON line for each problem, and for each level of a problem made two by --waiting-first; --budget adds a row over all
 * bins. With HCB_BENCH_CHECK set in the environment the independent checker recomputes every bound. */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/worker.h"
#include "engine_check.h"
#include "gap_file.h"
#include "solve/backend.h"

typedef struct settings {
    bool maximise, waiting_first;
    int64_t budget;
    double cancel_after;
    const char *solution;
    hcb__engine_options options;
} settings;

static int usage(void) {
    fputs("usage: bench_gap FILE... [--sense min|max] [--time-limit S] [--work-limit N] [--gap G] [--seed N] "
          "[--threads N] [--solution FILE] [--lp-only 1] [--waiting-first 1] [--budget N] [--backend NAME]\n",
          stderr);
    return 2;
}

/* The wish to stop, after so many seconds, and what the processor has done by then. */
typedef struct canceller {
    hcb__worker worker;
    pthread_t thread;
    double after, at, processor;
} canceller;

static double processor(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static void *cancel(void *arg) {
    canceller *c = arg;
    double until = hcb__now() + c->after;
    while (hcb__now() < until) {
        struct timespec pause = {0, 1000000};
        nanosleep(&pause, NULL);
    }
    c->at = hcb__now();
    c->processor = processor();
    atomic_store(&c->worker.stop, 1);
    return NULL;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The plan's own value, from the file's numbers; false when it breaks a row. */
static bool recompute(const hcb__engine_problem *p, const int32_t *bin, int64_t *value) {
    int64_t *load = calloc((size_t)p->n_rows + 1, sizeof *load);
    bool ok = load != NULL;
    *value = 0;
    for (int32_t i = 0; ok && i < p->n_items; i++) {
        int64_t k = p->pair_start[i];
        while (k < p->pair_start[i + 1] && p->pair_bin[k] != bin[i])
            k++;
        if (bin[i] == HCB__WAITS) {
            ok = p->levels->wait_cost[i] != HCB__MUST_PLACE;
            *value += p->levels->wait_cost[i];
            continue;
        }
        ok = k < p->pair_start[i + 1];
        for (int64_t u = p->use_start[k]; ok && u < p->use_start[k + 1]; u++)
            load[p->use_row[u]] += p->use_weight[u];
        *value += ok && p->levels->pair_cost ? p->levels->pair_cost[k] : 0;
    }
    for (int32_t r = 0; ok && r < p->n_rows; r++)
        ok = load[r] <= p->row_limit[r];
    free(load);
    return ok;
}

static bool write_solution(const char *path, const hcb__engine_answer *answer, int32_t n) {
    FILE *f = fopen(path, "w");
    for (int32_t i = 0; f && i < n; i++)
        fprintf(f, "%s%" PRId32, i ? " " : "", answer->bin[i] + 1);
    if (f)
        fputc('\n', f);
    if (!f || fclose(f) != 0) {
        fprintf(stderr, "%s: cannot be written\n", path);
        return false;
    }
    return true;
}

static bool solve(const char *path, const settings *set) {
    gap_file file;
    if (!gap_file_read(&file, path, set->maximise))
        return false;
    if (set->waiting_first)
        gap_file_waiting_first(&file);
    if (set->budget > 0)
        gap_file_budget(&file, set->budget);
    hcb__engine_answer *answer = NULL;
    char message[256];
    canceller c = {.after = set->cancel_after};
    atomic_init(&c.worker.stop, 0);
    bool cancels = c.after > 0 && pthread_mutex_init(&c.worker.lock, NULL) == 0 &&
                   pthread_create(&c.thread, NULL, cancel, &c) == 0;
    hcb_status status = hcb__engine_solve(&answer, hcb__default_allocator(), &file.problem, &set->options,
                                          cancels ? &c.worker : NULL, message);
    if (cancels) {
        pthread_join(c.thread, NULL);
        fprintf(stderr, "%s: answered %.3f s after the wish to stop, %.3f s of the processor\n", base_name(path),
                hcb__now() - c.at, processor() - c.processor);
    }
    bool ok = status == HCB_OK;
    if (!ok)
        fprintf(stderr, "%s: %s: %s\n", path, hcb_status_name(status), message);
    const char *name = base_name(path), *sense = set->maximise ? "max" : "min";
    if (ok && !answer->has_plan) {
        printf("{\"instance\":\"%s\",\"sense\":\"%s\",\"objective\":null,\"bound\":null,\"gap\":null,"
               "\"seconds\":%.3f,\"proved\":%s}\n",
               name, sense, answer->seconds, answer->infeasible ? "true" : "false");
    } else if (ok) {
        int64_t value, bound = answer->levels[0].bound;
        ok = recompute(&file.problem, answer->bin, &value) && value == answer->levels[0].value;
        for (int32_t j = 0; j < file.problem.n_levels && file.problem.n_levels > 1; j++)
            printf("{\"instance\":\"%s\",\"level\":%" PRId32 ",\"objective\":%" PRId64 ",\"bound\":%" PRId64
                   ",\"nodes\":%" PRId32 ",\"cuts\":%" PRId32 "}\n",
                   name, j, answer->levels[j].value, answer->levels[j].bound, answer->levels[j].certificate.n_nodes,
                   answer->levels[j].certificate.n_cuts);
        if (!ok)
            fprintf(stderr, "%s: the plan does not hold\n", path);
        char reason[256];
        if (ok && getenv("HCB_BENCH_CHECK") && !engine_check_all(&file.problem, answer, reason)) {
            fprintf(stderr, "%s: the bound is not confirmed: %s\n", path, reason);
            ok = false;
        }
        double size = value < 0 ? -(double)value : (double)value;
        double gap = ((double)value - (double)bound) / (size > 1 ? size : 1);
        printf("{\"instance\":\"%s\",\"sense\":\"%s\",\"objective\":%" PRId64 ",\"bound\":%" PRId64
               ",\"gap\":%.8f,\"seconds\":%.3f,\"proved\":%s,\"work\":%" PRId64 "}\n",
               name, sense, set->maximise ? -value : value, set->maximise ? -bound : bound, gap < 0 ? -gap : gap,
               answer->seconds, value == bound ? "true" : "false", answer->work);
        if (ok && set->solution)
            ok = write_solution(set->solution, answer, file.problem.n_items);
    }
    fflush(stdout);
    hcb__engine_answer_free(answer);
    gap_file_free(&file);
    return ok;
}

static const hcb__backend *backend_named(const char *name) {
    const hcb__backend *const *b = hcb__backends();
    while (*b && strcmp((*b)->name, name) != 0)
        b++;
    return *b;
}

/* Reads the options, moves the files to the front of argv and gives their number; -1 on wrong usage. */
static int read_arguments(int argc, char **argv, settings *set) {
    int files = 0;
    for (int k = 1; k < argc; k++) {
        const char *a = argv[k];
        if (strncmp(a, "--", 2) != 0) {
            argv[files++] = argv[k];
            continue;
        }
        if (++k >= argc)
            return -1;
        const char *v = argv[k];
        char *end = NULL;
        if (strcmp(a, "--sense") == 0 && (strcmp(v, "min") == 0 || strcmp(v, "max") == 0))
            set->maximise = strcmp(v, "max") == 0;
        else if (strcmp(a, "--solution") == 0)
            set->solution = v;
        else if (strcmp(a, "--lp-only") == 0 && strcmp(v, "1") == 0)
            set->options.start_only = true;
        else if (strcmp(a, "--waiting-first") == 0 && strcmp(v, "1") == 0)
            set->waiting_first = true;
        else if (strcmp(a, "--backend") == 0 && backend_named(v))
            set->options.backend = backend_named(v);
        else if (strcmp(a, "--budget") == 0)
            set->budget = strtoll(v, &end, 10);
        else if (strcmp(a, "--cancel-after") == 0)
            set->cancel_after = strtod(v, &end);
        else if (strcmp(a, "--time-limit") == 0)
            set->options.time_limit_s = strtod(v, &end);
        else if (strcmp(a, "--gap") == 0)
            set->options.gap = strtod(v, &end);
        else if (strcmp(a, "--work-limit") == 0)
            set->options.work_limit = strtoll(v, &end, 10);
        else if (strcmp(a, "--seed") == 0)
            set->options.seed = strtoull(v, &end, 10);
        else if (strcmp(a, "--threads") == 0)
            set->options.threads = (int32_t)strtol(v, &end, 10);
        else
            return -1;
        if (end && (end == v || *end))
            return -1;
    }
    return files;
}

int main(int argc, char **argv) {
    settings set;
    memset(&set, 0, sizeof set);
    set.options.seed = 1;
    set.options.threads = 2;
    int files = read_arguments(argc, argv, &set);
    if (files < 1 || set.options.threads < 1)
        return usage();
    int code = 0;
    for (int k = 0; k < files; k++)
        if (!solve(argv[k], &set))
            code = 3;
    return code;
}
