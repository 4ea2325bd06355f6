/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps: reading, shared edges and neighbours of a GeoJSON file; the cost of a move in a workspace.
 *
 * usage: bench_zones FILE.geojson [--id PROPERTY]
 *        bench_zones --moves N [--seed S] WORKSPACE
 * One JSON line: seconds by the clock and of the processor, and the most memory in MB; of moves the mean, the 99th of a
 * hundred and the longest, in milliseconds of the processor, each with price, travel and viability of every zone that
 * changes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"
#include "hcbroker/hcbroker.h"
#include "zones/adjacency.h"
#include "zones/topology_read.h"

static double processor(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
}

static double peak_mb(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static int fail(const hcb_context *ctx, const char *what) {
    fprintf(stderr, "bench_zones: %s: %s\n", what, hcb_context_error(ctx)->message);
    return 1;
}

static int bench_map(hcb_context *ctx, const char *path, const char *id) {
    double clock[4], user[4];
    hcb__unit_file *file;
    hcb__topology *topology;
    hcb__adjacency *adjacency;
    if (hcb__begin(ctx) != HCB_OK)
        return 1;
    clock[0] = hcb__now();
    user[0] = processor();
    if (hcb__unit_file_read(&file, ctx, &(hcb__unit_file_options){path, id, -1, false}) != HCB_OK)
        return fail(ctx, path);
    clock[1] = hcb__now();
    user[1] = processor();
    if (hcb__topology_create(&topology, &ctx->mem, file->unit, (size_t)file->n) != HCB_OK)
        return fail(ctx, "shared edges");
    clock[2] = hcb__now();
    user[2] = processor();
    if (hcb__adjacency_create(&adjacency, &ctx->mem, topology) != HCB_OK)
        return fail(ctx, "neighbours");
    clock[3] = hcb__now();
    user[3] = processor();
    printf("{\"units\": %d, \"corners\": %d, \"rook\": %lld, \"queen\": %lld, \"read_s\": %.3f, \"edges_s\": %.3f, "
           "\"neighbours_s\": %.3f, \"total_s\": %.3f, \"processor_s\": %.3f, \"peak_mb\": %.0f}\n",
           file->n, topology->n_vertices, (long long)hcb__adjacency_pairs(adjacency, false),
           (long long)hcb__adjacency_pairs(adjacency, true), user[1] - user[0], user[2] - user[1], user[3] - user[2],
           clock[3] - clock[0], user[3] - user[0], peak_mb());
    hcb__adjacency_free(adjacency);
    hcb__topology_free(topology);
    hcb__unit_file_free(file);
    (void)hcb__end(ctx, HCB_OK);
    return 0;
}

static int by_value(const void *va, const void *vb) {
    const double *a = va, *b = vb;
    return (*a > *b) - (*a < *b);
}

/* Units to the zone of another unit that is near by number, which Output Areas mostly are on the ground. */
static int bench_moves(hcb_context *ctx, const char *folder, int moves, uint64_t seed) {
    hcb_workspace *workspace;
    hcb_zone_session *session;
    if (hcb_workspace_load(&workspace, ctx, folder, NULL) != HCB_OK)
        return fail(ctx, folder);
    double began = processor();
    if (hcb_zone_session_create(&session, ctx, workspace) != HCB_OK)
        return fail(ctx, "session");
    double made = processor() - began, sum = 0, *times = calloc((size_t)moves, sizeof *times);
    int32_t n = hcb_zone_session_unit_count(session), legal = 0;
    hcb__rng rng;
    hcb__rng_seed(&rng, seed, 0);
    for (int i = 0; times && i < moves; i++) {
        int32_t unit = (int32_t)hcb__rng_below(&rng, (uint32_t)n);
        int32_t to = hcb_zone_session_unit_zone(session, (unit + 1 + (int32_t)hcb__rng_below(&rng, 40)) % n);
        int32_t from = hcb_zone_session_unit_zone(session, unit);
        hcb_zone_move move = {.struct_size = sizeof move};
        hcb_zone_costs before = {.struct_size = sizeof before}, after = before;
        if (to < 0 || from < 0)
            continue;
        double start = processor();
        if (hcb_zone_session_try(&move, session, &unit, 1, to) != HCB_OK ||
            hcb_zone_session_costs(&before, &after, session, &unit, 1, to, to) != HCB_OK ||
            hcb_zone_session_costs(&before, &after, session, &unit, 1, to, from) != HCB_OK)
            return fail(ctx, "move");
        times[i] = 1e3 * (processor() - start);
        sum += times[i];
        legal += move.problems == 0;
        if (move.problems == 0 && hcb_zone_session_apply(session, &unit, 1, to) != HCB_OK)
            return fail(ctx, "move");
    }
    qsort(times, (size_t)moves, sizeof *times, by_value);
    printf("{\"units\": %d, \"zones\": %d, \"seed\": %llu, \"moves\": %d, \"legal\": %d, \"session_s\": %.3f, "
           "\"mean_ms\": %.3f, \"p99_ms\": %.3f, \"most_ms\": %.3f, \"peak_mb\": %.0f}\n",
           n, hcb_zone_session_zone_count(session), (unsigned long long)seed, moves, legal, made, sum / moves,
           times[moves * 99 / 100], times[moves - 1], peak_mb());
    free(times);
    hcb_zone_session_free(session);
    hcb_workspace_free(workspace);
    return 0;
}

int main(int argc, char **argv) {
    const char *path = NULL, *id = NULL;
    int moves = 0;
    uint64_t seed = 1;
    for (int i = 1; i < argc; i++)
        if (i + 1 < argc && strcmp(argv[i], "--id") == 0)
            id = argv[++i];
        else if (i + 1 < argc && strcmp(argv[i], "--moves") == 0)
            moves = atoi(argv[++i]);
        else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[++i], NULL, 10);
        else
            path = argv[i];
    hcb_context *ctx = NULL;
    if (!path || hcb_context_create(&ctx, NULL) != HCB_OK) {
        fprintf(stderr, "usage: bench_zones FILE.geojson [--id PROPERTY] | --moves N [--seed S] WORKSPACE\n");
        return 2;
    }
    int code = moves > 0 ? bench_moves(ctx, path, moves, seed) : bench_map(ctx, path, id);
    hcb_context_free(ctx);
    return code;
}
