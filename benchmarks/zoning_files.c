/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zoning_files.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"

enum { UNIT, POPULATION, X, Y, CAPACITY, UNIT_COLUMNS };
static const hcb__csv_column unit_columns[UNIT_COLUMNS] = {
    {"unit", true}, {"population", true}, {"x", false}, {"y", false}, {"capacity", false}};
enum { END_A, END_B, EDGE_COLUMNS };
static const hcb__csv_column edge_columns[EDGE_COLUMNS] = {{"a", true}, {"b", true}};

enum { MOST_UNITS = 100000 };
static const double MOST_POPULATION = 1e12;

static bool room(zoning_map *map, int32_t n) {
    map->population = realloc(map->population, (size_t)n * sizeof *map->population);
    map->capacity = realloc(map->capacity, (size_t)n * sizeof *map->capacity);
    map->x = realloc(map->x, (size_t)n * sizeof *map->x);
    map->y = realloc(map->y, (size_t)n * sizeof *map->y);
    return map->population && map->capacity && map->x && map->y;
}

static bool complain(zoning_map *map, const char *path) {
    bool said = false;
    for (size_t i = 0; i < hcb_context_diagnostic_count(map->ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(map->ctx, i);
        if (d->severity != HCB_SEVERITY_WARNING) {
            fprintf(stderr, "%s:%" PRId64 ": %s\n", d->file, d->line, d->message);
            said = true;
        }
    }
    if (!said)
        fprintf(stderr, "%s: %s\n", path, hcb_context_error(map->ctx)->message);
    return false;
}

static bool read_units(zoning_map *map, const char *path) {
    hcb__csv *csv;
    hcb_status status = hcb__csv_open(&csv, map->ctx, path, path, unit_columns, UNIT_COLUMNS, NULL, 0);
    if (status != HCB_OK)
        return complain(map, path);
    map->has_places = hcb__csv_has(csv, X) && hcb__csv_has(csv, Y);
    map->has_capacities = hcb__csv_has(csv, CAPACITY);
    int32_t cap = 0;
    while (hcb__csv_next(csv)) {
        int64_t unit = -1, population = -1, capacity = 0;
        double x = 0, y = 0;
        hcb__csv_int(csv, UNIT, 0, MOST_UNITS, &unit);
        hcb__csv_int(csv, POPULATION, 0, (int64_t)MOST_POPULATION, &population);
        hcb__csv_int(csv, CAPACITY, 0, (int64_t)MOST_POPULATION, &capacity);
        hcb__csv_double(csv, X, -1e9, 1e9, &x);
        hcb__csv_double(csv, Y, -1e9, 1e9, &y);
        hcb__where where = hcb__csv_where(csv, UNIT);
        if (unit != map->n)
            hcb__diag_error(map->ctx, &where, "unit %d was expected", map->n);
        if (map->n == cap && !room(map, cap = 2 * cap + 64)) {
            fprintf(stderr, "%s: out of memory\n", path);
            exit(5);
        }
        map->population[map->n] = population;
        map->capacity[map->n] = capacity;
        map->x[map->n] = x;
        map->y[map->n++] = y;
    }
    hcb__csv_close(csv);
    return hcb__diag_status(map->ctx) == HCB_OK || complain(map, path);
}

static bool make_graph(zoning_map *map, int32_t (*pairs)[2], size_t n_pairs) {
    return hcb__graph_create(&map->graph, hcb__default_allocator(), map->n, (const int32_t(*)[2])pairs, n_pairs);
}

static bool read_edges(zoning_map *map, const char *path) {
    hcb__csv *csv;
    hcb_status status = hcb__csv_open(&csv, map->ctx, path, path, edge_columns, EDGE_COLUMNS, NULL, 0);
    if (status != HCB_OK)
        return complain(map, path);
    int32_t(*pairs)[2] = NULL;
    size_t n = 0, cap = 0;
    while (hcb__csv_next(csv)) {
        int64_t a = 0, b = 0;
        hcb__csv_int(csv, END_A, 0, map->n - 1, &a);
        hcb__csv_int(csv, END_B, 0, map->n - 1, &b);
        if (n == cap && !(pairs = realloc(pairs, (cap = 2 * cap + 64) * sizeof *pairs))) {
            fprintf(stderr, "%s: out of memory\n", path);
            exit(5);
        }
        pairs[n][0] = (int32_t)a;
        pairs[n++][1] = (int32_t)b;
    }
    hcb__csv_close(csv);
    bool ok = hcb__diag_status(map->ctx) == HCB_OK || complain(map, path);
    ok = ok && make_graph(map, pairs, n);
    free(pairs);
    return ok;
}

static bool grid(zoning_map *map, const char *digits) {
    char *end;
    long side = strtol(digits, &end, 10);
    if (*end || side < 2 || side > 300) {
        fprintf(stderr, "grid:%s: a side from 2 to 300 was expected\n", digits);
        return false;
    }
    int32_t s = (int32_t)side, n_pairs = 0;
    map->n = s * s;
    int32_t(*pairs)[2] = malloc(2 * (size_t)map->n * sizeof *pairs);
    if (!pairs || !room(map, map->n))
        return false;
    map->has_places = true;
    for (int32_t i = 0; i < map->n; i++) {
        map->population[i] = 1;
        map->capacity[i] = 0;
        map->x[i] = i % s;
        map->y[i] = i / s;
        if (i % s + 1 < s) {
            pairs[n_pairs][0] = i;
            pairs[n_pairs++][1] = i + 1;
        }
        if (i + s < map->n) {
            pairs[n_pairs][0] = i;
            pairs[n_pairs++][1] = i + s;
        }
    }
    bool ok = make_graph(map, pairs, (size_t)n_pairs);
    free(pairs);
    return ok;
}

bool zoning_map_read(zoning_map *map, const char *folder) {
    memset(map, 0, sizeof *map);
    if (hcb_context_create(&map->ctx, NULL) != HCB_OK)
        return false;
    if (strncmp(folder, "grid:", 5) == 0)
        return grid(map, folder + 5);
    char path[4096];
    snprintf(path, sizeof path, "%s/units.csv", folder);
    if (!read_units(map, path))
        return false;
    snprintf(path, sizeof path, "%s/edges.csv", folder);
    return read_edges(map, path);
}

void zoning_map_free(zoning_map *map) {
    hcb__graph_free(map->graph);
    free(map->population);
    free(map->capacity);
    free(map->x);
    free(map->y);
    hcb_context_free(map->ctx);
}

void zoning_bounds(const zoning_map *map, int32_t k, int64_t tolerance, int64_t *low, int64_t *high) {
    int64_t total = 0, by = 1000000 * (int64_t)k;
    for (int32_t i = 0; i < map->n; i++)
        total += map->population[i];
    __extension__ typedef __int128 wide;
    *low = (int64_t)(((wide)(1000000 - tolerance) * total + by - 1) / by);
    *high = (int64_t)((wide)(1000000 + tolerance) * total / by);
}

double *zoning_costs(const zoning_map *map, int kind) {
    size_t n = (size_t)map->n;
    double *cost = calloc(n * n, sizeof *cost);
    int32_t *hops = calloc(2 * n, sizeof *hops);
    for (size_t j = 0; cost && hops && j < n; j++) {
        if (kind == ZONING_HOPS)
            hcb__graph_hops(map->graph, (int32_t)j, hops, hops + n);
        for (size_t i = 0; i < n; i++) {
            double d = hypot(map->x[i] - map->x[j], map->y[i] - map->y[j]), p = (double)map->population[i];
            double per_head = d;
            if (kind == ZONING_HOPS)
                per_head = hops[i] < 0 ? (double)map->n : hops[i];
            else if (kind == ZONING_INERTIA)
                per_head = floor(100 * sqrt((map->x[i] - map->x[j]) * (map->x[i] - map->x[j]) +
                                            (map->y[i] - map->y[j]) * (map->y[i] - map->y[j])));
            cost[j * n + i] = p * (kind == ZONING_INERTIA ? per_head * per_head : per_head);
        }
    }
    free(hops);
    return cost;
}
