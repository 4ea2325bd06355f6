/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published districting instances: units.csv and edges.csv of a folder, or a grid. */
#ifndef ZONING_FILES_H
#define ZONING_FILES_H

#include "base/context.h"
#include "design/graph.h"

typedef struct zoning_map {
    hcb_context *ctx;
    int32_t n;
    int64_t *population, *capacity; /* capacity: all 0 when there is none */
    double *x, *y;
    bool has_places, has_capacities;
    hcb__graph *graph;
} zoning_map;

/* False after a message. "grid:N" is the N x N grid of the grid family. */
bool zoning_map_read(zoning_map *out, const char *folder);
void zoning_map_free(zoning_map *map);

/* Bounds of a zone: tolerance in millionths. */
void zoning_bounds(const zoning_map *map, int32_t k, int64_t tolerance_millionths, int64_t *low, int64_t *high);

/* cost[j * n + i] of unit i at centre j. Kinds of the formats document. NULL when memory is out. */
enum { ZONING_HOPS, ZONING_INERTIA, ZONING_DISTANCE };
double *zoning_costs(const zoning_map *map, int kind);

#endif
