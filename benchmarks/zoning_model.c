/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain integer programmes of an instance, for other solvers: what one writes without tricks. */
#include <inttypes.h>
#include <stdio.h>

#include "zoning_model.h"

/* Some readers of the format take lines of a few hundred characters. */
static void put_terms_end(FILE *f, const char *sense, double right) {
    fprintf(f, " %s %.0f\n", sense, right);
}

/* Hess: x_i_j, unit i at centre j; contiguity by a flow of one commodity for each centre (Shirabe). */
static void write_hess(FILE *f, const zoning_map *map, int32_t k, int64_t low, int64_t high, const double *cost,
                       bool contiguous) {
    int32_t n = map->n;
    const hcb__graph *g = map->graph;
    fputs("Minimize\n obj:", f);
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++)
            if (cost[(size_t)j * (size_t)n + (size_t)i] > 0)
                fprintf(f, " + %.0f x_%d_%d\n", cost[(size_t)j * (size_t)n + (size_t)i], i, j);
    fputs("Subject To\n", f);
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j < n; j++)
            fprintf(f, " + x_%d_%d\n", i, j);
        put_terms_end(f, "=", 1);
    }
    for (int32_t j = 0; j < n; j++)
        for (int side = 0; side < 2; side++) {
            for (int32_t i = 0; i < n; i++) {
                int64_t w = map->population[i] - (i == j ? side ? high : low : 0);
                if (w)
                    fprintf(f, " %c %" PRId64 " x_%d_%d\n", w < 0 ? '-' : '+', w < 0 ? -w : w, i, j);
            }
            put_terms_end(f, side ? "<=" : ">=", 0);
        }
    for (int32_t j = 0; j < n; j++)
        fprintf(f, " + x_%d_%d\n", j, j);
    put_terms_end(f, "=", k);
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++)
            if (i != j)
                fprintf(f, " x_%d_%d - x_%d_%d <= 0\n", i, j, j, j);
    for (int32_t j = 0; contiguous && j < n; j++)
        for (int32_t i = 0; i < n; i++) {
            if (i == j)
                continue;
            for (int32_t e = g->start[i]; e < g->start[i + 1]; e++) {
                fprintf(f, " + f_%d_%d_%d\n", g->to[e], i, j);
                if (g->to[e] != j)
                    fprintf(f, " - f_%d_%d_%d\n", i, g->to[e], j);
            }
            fprintf(f, " - x_%d_%d = 0\n", i, j);
            for (int32_t e = g->start[i]; e < g->start[i + 1]; e++)
                fprintf(f, " + f_%d_%d_%d\n", g->to[e], i, j);
            fprintf(f, " - %d x_%d_%d <= 0\n", n - 1, i, j);
        }
    fputs("Binaries\n", f);
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++)
            fprintf(f, " x_%d_%d\n", i, j);
}

/* Labels: x_i_z, unit i in zone z; y_e, edge e is cut; contiguity by one commodity from a root of each zone. */
static void write_labels(FILE *f, const zoning_map *map, int32_t k, int64_t low, int64_t high, bool contiguous) {
    int32_t n = map->n;
    const hcb__graph *g = map->graph;
    fputs("Minimize\n obj:", f);
    for (int32_t e = 0; e < g->n_edges; e++)
        fprintf(f, " + y_%d\n", e);
    fputs("\nSubject To\n", f);
    for (int32_t i = 0; i < n; i++) {
        for (int32_t z = 0; z < k; z++)
            fprintf(f, " + x_%d_%d\n", i, z);
        put_terms_end(f, "=", 1);
    }
    for (int32_t z = 0; z < k; z++)
        for (int side = 0; side < 2; side++) {
            for (int32_t i = 0; i < n; i++)
                if (map->population[i])
                    fprintf(f, " + %" PRId64 " x_%d_%d\n", map->population[i], i, z);
            put_terms_end(f, side ? "<=" : ">=", (double)(side ? high : low));
        }
    for (int32_t i = 0; i < n; i++)
        for (int32_t e = g->start[i]; e < g->start[i + 1]; e++)
            for (int32_t z = 0; z < k; z++) {
                fprintf(f, " x_%d_%d - x_%d_%d - y_%d <= 0\n", i, z, g->to[e], z, g->edge[e]);
                /* A unit passes flow on inside its zone alone. */
                if (z == 0 && contiguous)
                    fprintf(f, " f_%d_%d + %d y_%d <= %d\n", i, g->to[e], n - 1, g->edge[e], n - 1);
            }
    for (int32_t z = 0; contiguous && z < k; z++) {
        for (int32_t i = 0; i < n; i++)
            fprintf(f, " + r_%d_%d\n", i, z);
        put_terms_end(f, "=", 1);
        for (int32_t i = 0; i < n; i++)
            fprintf(f, " r_%d_%d - x_%d_%d <= 0\n", i, z, i, z);
    }
    for (int32_t i = 0; contiguous && i < n; i++) { /* every unit that is no root takes in one more than it passes on */
        for (int32_t e = g->start[i]; e < g->start[i + 1]; e++)
            fprintf(f, " + f_%d_%d - f_%d_%d\n", g->to[e], i, i, g->to[e]);
        for (int32_t z = 0; z < k; z++)
            fprintf(f, " + %d r_%d_%d\n", n, i, z);
        put_terms_end(f, ">=", 1);
    }
    fputs("Binaries\n", f);
    for (int32_t i = 0; i < n; i++)
        for (int32_t z = 0; z < k; z++) {
            fprintf(f, " x_%d_%d\n", i, z);
            if (contiguous)
                fprintf(f, " r_%d_%d\n", i, z);
        }
}

bool zoning_model_write(const char *path, const zoning_map *map, int32_t k, int64_t low, int64_t high,
                        const double *cost, bool contiguous) {
    FILE *f = fopen(path, "w");
    if (f) {
        if (cost)
            write_hess(f, map, k, low, high, cost, contiguous);
        else
            write_labels(f, map, k, low, high, contiguous);
        fputs("End\n", f);
    }
    if (!f || fclose(f) != 0) {
        fprintf(stderr, "%s: cannot be written\n", path);
        return false;
    }
    return true;
}
