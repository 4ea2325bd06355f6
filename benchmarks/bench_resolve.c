/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_resolve FILE.brk [--work N] [--again N] [--seed N] [--threads N]: the first bin leaves, then one in twenty
 * items changes; each time the problem is solved again from the plan and prices at hand with `again` units of work, and
 * from nothing with `work`. One JSON line a change; seconds are of the processor. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/rng.h"
#include "gap_file.h"

typedef struct settings {
    int64_t work, again;
    uint64_t seed;
    int32_t threads;
} settings;

static double processor(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static hcb__engine_answer *solve(const hcb__engine_problem *p, const settings *set, int64_t work,
                                 const double *const *price, double *seconds) {
    hcb__engine_options options = {.work_limit = work, .seed = set->seed, .threads = set->threads, .row_price = price};
    hcb__engine_answer *answer = NULL;
    char message[256];
    double began = processor();
    hcb_status status = hcb__engine_solve(&answer, hcb__default_allocator(), p, &options, NULL, message);
    *seconds = processor() - began;
    if (status != HCB_OK)
        fprintf(stderr, "bench_resolve: %s: %s\n", hcb_status_name(status), message);
    return status == HCB_OK ? answer : NULL;
}

/* The bin that carries most of its first row leaves: its rows hold nothing any more. */
static int32_t leave(gap_file *f, const int32_t *bin) {
    int64_t *count = calloc((size_t)f->problem.n_bins, sizeof *count);
    int32_t gone = 0;
    for (int32_t i = 0; count && i < f->problem.n_items; i++)
        if (bin[i] >= 0 && ++count[bin[i]] > count[gone])
            gone = bin[i];
    for (int32_t r = 0; r < f->problem.n_rows; r++)
        if (f->row_bin[r] == gone)
            f->row_limit[r] = 0;
    free(count);
    return gone;
}

/* One item in twenty gets between 70 and 130 % of its weights and costs. */
static void change(gap_file *f, int32_t *start, uint64_t seed) {
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 1);
    for (int32_t i = 0; i < f->problem.n_items; i++) {
        if (hcb__rng_below(&rng, 20) != 0)
            continue;
        int64_t percent = 70 + hcb__rng_below(&rng, 61);
        start[i] = HCB__WAITS;
        f->wait_cost[i] = f->wait_cost[i] * percent / 100;
        for (int64_t k = f->pair_start[i]; k < f->pair_start[i + 1]; k++) {
            f->pair_cost[k] = f->pair_cost[k] * percent / 100;
            for (int64_t u = f->use_start[k]; u < f->use_start[k + 1]; u++)
                f->use_weight[u] = f->use_weight[u] * percent / 100 > 1 ? f->use_weight[u] * percent / 100 : 1;
        }
    }
}

static bool compare(const char *name, const char *what, hcb__engine_problem *p, const int32_t *start,
                    const double *price, const settings *set) {
    double warm_s, fresh_s;
    const double *prices[1] = {price};
    p->start = start;
    hcb__engine_answer *warm = solve(p, set, set->again, prices, &warm_s);
    p->start = NULL;
    hcb__engine_answer *fresh = solve(p, set, set->work, NULL, &fresh_s);
    if (warm && fresh) {
        int64_t w = warm->levels[0].value, f = fresh->levels[0].value, b = fresh->levels[0].bound;
        printf("{\"instance\":\"%s\",\"change\":\"%s\",\"again\":%" PRId64 ",\"again_bound\":%" PRId64
               ",\"again_seconds\":%.3f,\"fresh\":%" PRId64 ",\"fresh_bound\":%" PRId64
               ",\"fresh_seconds\":%.3f,\"behind_percent\":%.4f}\n",
               name, what, w, warm->levels[0].bound, warm_s, f, b, fresh_s, 100.0 * (double)(w - f) / (double)f);
        fflush(stdout);
    }
    bool ok = warm && fresh;
    hcb__engine_answer_free(warm);
    hcb__engine_answer_free(fresh);
    return ok;
}

static bool run(const char *path, const settings *set) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    bool ok = true;
    for (int what = 0; ok && what < 2; what++) {
        gap_file file;
        double seconds;
        if (!gap_file_read(&file, path, false))
            return false;
        hcb__engine_answer *before = solve(&file.problem, set, set->work, NULL, &seconds);
        ok = before != NULL;
        int32_t *start = calloc((size_t)file.problem.n_items, sizeof *start);
        if (ok && start) {
            memcpy(start, before->bin, (size_t)file.problem.n_items * sizeof *start);
            int32_t gone = what == 0 ? leave(&file, start) : HCB__WAITS;
            if (what == 1)
                change(&file, start, set->seed);
            for (int32_t i = 0; what == 0 && i < file.problem.n_items; i++)
                start[i] = start[i] == gone ? HCB__WAITS : start[i];
            ok = compare(name, what ? "items change" : "a bin leaves", &file.problem, start,
                         before->levels[0].row_price, set);
        }
        free(start);
        hcb__engine_answer_free(before);
        gap_file_free(&file);
    }
    return ok;
}

int main(int argc, char **argv) {
    settings set = {.work = 10000000, .again = 300000, .seed = 1, .threads = 1};
    const char *path = NULL;
    for (int k = 1; k < argc; k++) {
        if (strncmp(argv[k], "--", 2) != 0) {
            path = argv[k];
            continue;
        }
        long long v = k + 1 < argc ? strtoll(argv[k + 1], NULL, 10) : 0;
        if (v <= 0)
            path = NULL;
        else if (strcmp(argv[k], "--work") == 0)
            set.work = v;
        else if (strcmp(argv[k], "--again") == 0)
            set.again = v;
        else if (strcmp(argv[k], "--seed") == 0)
            set.seed = (uint64_t)v;
        else if (strcmp(argv[k], "--threads") == 0)
            set.threads = (int32_t)v;
        k++;
    }
    if (!path) {
        fputs("usage: bench_resolve FILE.brk [--work N] [--again N] [--seed N] [--threads N]\n", stderr);
        return 2;
    }
    return run(path, &set) ? 0 : 3;
}
