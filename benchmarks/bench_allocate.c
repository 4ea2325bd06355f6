/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of the main job timed apart: read, build, solve, write, verify; a recommendation with
 * that plan; point-in-zone; peak memory.
 *
 * usage: bench_allocate WORKSPACE [--runs N] [--seed N] [--points N]
 * One JSON line: medians of N runs (default 5) in seconds, peak resident memory in KiB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "allocation/allocation.h"
#include "base/clock.h"
#include "base/rng.h"
#include "hcbroker/hcbroker.h"

enum { READ, BUILD, SOLVE, WRITE, VERIFY, RECOMMEND, MAP, STAGES, MOST_RUNS = 100 };

static const char *const stage_names[STAGES] = {"read_s",   "build_s",     "solve_s", "write_s",
                                                "verify_s", "recommend_s", "map_s"};

typedef struct bench {
    const char *workspace;
    char out[64];
    int runs;
    uint64_t seed;
    size_t points;
    double times[STAGES][MOST_RUNS];
    double points_per_s[MOST_RUNS];
    hcb_context *ctx;
    hcb_allocation_summary summary;
} bench;

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n) {
    qsort(values, (size_t)n, sizeof *values, compare_doubles);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static bool failed(const bench *b, const char *what, hcb_status status) {
    if (status != HCB_OK)
        fprintf(stderr, "bench_allocate: %s: %s: %s\n", what, hcb_status_name(status),
                hcb_context_error(b->ctx)->message);
    return status != HCB_OK;
}

/* The rows and choices alone: what the solve does first. */
static hcb_status build_only(const bench *b, const hcb_workspace *workspace) {
    hcb_status status = hcb__begin(b->ctx);
    if (status != HCB_OK)
        return status;
    hcb__alloc_problem *problem = NULL;
    status = hcb__alloc_problem_create(&problem, b->ctx, workspace->model, HCB__REPLAN_FIXED);
    hcb__alloc_problem_free(problem);
    return hcb__end(b->ctx, status);
}

static bool time_points(bench *b, int run) {
    hcb_zone_map *map = NULL;
    double t = hcb__now();
    if (failed(b, "map", hcb_zone_map_load(&map, b->ctx, b->workspace)))
        return false;
    b->times[MAP][run] = hcb__now() - t;
    double *xy = malloc(2 * b->points * sizeof *xy);
    int32_t *zone = malloc(b->points * sizeof *zone);
    bool ok = xy && zone;
    if (ok) {
        hcb__rng rng;
        hcb__rng_seed(&rng, b->seed, (uint64_t)run);
        /* A box around Leicestershire: a third of the points fall outside every zone. */
        for (size_t i = 0; i < b->points; i++) {
            xy[2 * i] = 425000 + 65000 * hcb__rng_unit(&rng);
            xy[2 * i + 1] = 278000 + 66000 * hcb__rng_unit(&rng);
        }
        t = hcb__now();
        ok = !failed(b, "points", hcb_zone_map_locate_points(map, xy, b->points, zone));
        b->points_per_s[run] = (double)b->points / (hcb__now() - t);
    }
    free(xy);
    free(zone);
    hcb_zone_map_free(map);
    return ok;
}

/* For the plan's first package, as a text. */
static bool recommend(const bench *b, const hcb_workspace *workspace, const hcb_allocation *allocation) {
    hcb_allocation_item item = {.struct_size = sizeof item};
    hcb_recommend_options options = HCB_RECOMMEND_OPTIONS_INIT;
    options.plan = b->out;
    hcb_text *text = NULL;
    bool ok = !failed(b, "item", hcb_allocation_item_at(allocation, 0, &item)) &&
              !failed(b, "recommend",
                      hcb_recommend_providers(&text, b->ctx, workspace, item.package_id, &options, HCB_FORMAT_TEXT));
    hcb_text_free(text);
    return ok;
}

static bool one_run(bench *b, int run) {
    hcb_workspace *workspace = NULL;
    hcb_allocation *allocation = NULL;
    hcb_verify_report *report = NULL;
    hcb_allocation_options options = HCB_ALLOCATION_OPTIONS_INIT;
    options.seed = b->seed;
    double t = hcb__now();
    bool ok = !failed(b, "read", hcb_workspace_load(&workspace, b->ctx, b->workspace, NULL));
    b->times[READ][run] = hcb__now() - t;
    t = hcb__now();
    ok = ok && !failed(b, "build", build_only(b, workspace));
    b->times[BUILD][run] = hcb__now() - t;
    t = hcb__now();
    ok = ok && !failed(b, "solve", hcb_allocation_solve(&allocation, b->ctx, workspace, &options));
    b->times[SOLVE][run] = hcb__now() - t - b->times[BUILD][run];
    t = hcb__now();
    ok = ok && !failed(b, "write", hcb_allocation_write(allocation, b->ctx, b->out, 0));
    b->times[WRITE][run] = hcb__now() - t;
    t = hcb__now();
    ok = ok && !failed(b, "verify", hcb_verify(&report, b->ctx, b->workspace, b->out, NULL));
    b->times[VERIFY][run] = hcb__now() - t;
    t = hcb__now();
    ok = ok && recommend(b, workspace, allocation);
    b->times[RECOMMEND][run] = hcb__now() - t;
    if (ok && !hcb_verify_ok(report)) {
        fprintf(stderr, "bench_allocate: the plan is wrong\n");
        ok = false;
    }
    if (ok) {
        b->summary.struct_size = sizeof b->summary;
        ok = hcb_allocation_get_summary(allocation, &b->summary) == HCB_OK;
    }
    hcb_verify_report_free(report);
    hcb_allocation_free(allocation);
    hcb_workspace_free(workspace);
    return ok && time_points(b, run);
}

static void remove_output(const bench *b) {
    static const char *const names[] = {"allocations.csv", "waiting.csv", "summary.json", "certificate.json"};
    char path[128];
    for (size_t f = 0; f < sizeof names / sizeof *names; f++) {
        snprintf(path, sizeof path, "%s/%s", b->out, names[f]);
        unlink(path);
    }
    rmdir(b->out);
}

static void print(bench *b) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"workspace\": \"%s\", \"runs\": %d, \"seed\": %llu, \"packages\": %lld, \"placements_fixed\": %lld, "
           "\"waiting\": %lld, \"outcome\": %d",
           b->workspace, b->runs, (unsigned long long)b->seed, (long long)b->summary.packages,
           (long long)b->summary.placements_fixed, (long long)b->summary.waiting, b->summary.outcome);
    for (int s = 0; s < STAGES; s++)
        printf(", \"%s\": %.4f", stage_names[s], median(b->times[s], b->runs));
    printf(", \"points_per_s\": %.0f, \"peak_kib\": %ld}\n", median(b->points_per_s, b->runs), usage.ru_maxrss);
}

int main(int argc, char **argv) {
    bench b = {.runs = 5, .seed = 1, .points = 1000000};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--runs") == 0 && i + 1 < argc)
            b.runs = atoi(argv[++i]);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            b.seed = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--points") == 0 && i + 1 < argc)
            b.points = strtoull(argv[++i], NULL, 10);
        else if (argv[i][0] != '-' && !b.workspace)
            b.workspace = argv[i];
        else
            b.runs = 0;
    }
    if (!b.workspace || b.runs < 1 || b.runs > MOST_RUNS || b.points < 1) {
        fprintf(stderr, "usage: bench_allocate WORKSPACE [--runs 1..%d] [--seed N] [--points N]\n", MOST_RUNS);
        return 2;
    }
    snprintf(b.out, sizeof b.out, "/tmp/bench_allocate.%ld", (long)getpid());
    if (hcb_context_create(&b.ctx, NULL) != HCB_OK)
        return 4;
    bool ok = true;
    for (int run = 0; ok && run < b.runs; run++)
        ok = one_run(&b, run);
    remove_output(&b);
    if (ok)
        print(&b);
    hcb_context_free(b.ctx);
    return ok ? 0 : 1;
}
