/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polygons for tests: from a list of numbers, and from a GeoJSON file read by jansson alone (not by the code under
 * test). */
#ifndef HCB_TEST_GEO_SHAPES_H
#define HCB_TEST_GEO_SHAPES_H

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "geo/coverage.h"
#include "geo/geo.h"

/* Rings given as x, y pairs; `parts` lists the number of rings of each part, `rings` the number of points of each. */
static inline hcb__polygon shape_make(hcb__arena *arena, int32_t n_parts, const int32_t *parts, const int32_t *rings,
                                      const double *xy) {
    hcb__polygon p = {0};
    for (int32_t i = 0; i < n_parts; i++)
        p.n_rings += parts[i];
    for (int32_t i = 0; i < p.n_rings; i++)
        p.n_points += rings[i];
    int32_t *part_start = hcb__arena_alloc(arena, (size_t)n_parts + 1, sizeof *part_start);
    int32_t *ring_start = hcb__arena_alloc(arena, (size_t)p.n_rings + 1, sizeof *ring_start);
    hcb__point *points = hcb__arena_alloc(arena, (size_t)p.n_points, sizeof *points);
    p.n_parts = n_parts;
    for (int32_t i = 0; i < n_parts; i++)
        part_start[i + 1] = part_start[i] + parts[i];
    for (int32_t i = 0; i < p.n_rings; i++)
        ring_start[i + 1] = ring_start[i] + rings[i];
    memcpy(points, xy, (size_t)p.n_points * sizeof *points);
    p.part_start = part_start;
    p.ring_start = ring_start;
    p.points = points;
    hcb__polygon_box(&p);
    return p;
}

/* Twice the signed area of a closed ring, by the trapezoid rule; exact for the coordinates of a county in 0.1 mm. */
static inline double grid_area2(const hcb__grid_point *ring, size_t n) {
    long double sum = 0;
    for (size_t i = 0; i + 1 < n; i++)
        sum += ((long double)ring[i].x - ring[0].x + ring[i + 1].x - ring[0].x) * (ring[i + 1].y - ring[i].y);
    return (double)sum;
}

static inline hcb__polygon shape_box(hcb__arena *arena, double x0, double y0, double x1, double y1) {
    const double xy[] = {x0, y0, x1, y0, x1, y1, x0, y1, x0, y0};
    return shape_make(arena, 1, (int32_t[]){1}, (int32_t[]){5}, xy);
}

/* A box with a hole inside. */
static inline hcb__polygon shape_frame(hcb__arena *arena, double x0, double y0, double x1, double y1, double inset) {
    double a = x0 + inset, b = y0 + inset, c = x1 - inset, d = y1 - inset;
    const double xy[] = {x0, y0, x1, y0, x1, y1, x0, y1, x0, y0, a, b, a, d, c, d, c, b, a, b};
    return shape_make(arena, 1, (int32_t[]){2}, (int32_t[]){5, 5}, xy);
}

/* The polygons of a GeoJSON file, longitude times sx and latitude times sy: a map in something like metres. */
static inline hcb__polygon *shapes_read(hcb__arena *arena, const char *path, double sx, double sy, size_t *n) {
    json_t *root = json_load_file(path, 0, NULL), *features = json_object_get(root, "features");
    *n = json_array_size(features);
    hcb__polygon *all = hcb__arena_alloc(arena, *n, sizeof *all);
    for (size_t f = 0; f < *n; f++) {
        json_t *geometry = json_object_get(json_array_get(features, f), "geometry");
        json_t *coordinates = json_object_get(geometry, "coordinates");
        bool multi = strcmp(json_string_value(json_object_get(geometry, "type")), "MultiPolygon") == 0;
        int32_t n_parts = multi ? (int32_t)json_array_size(coordinates) : 1, n_rings = 0, n_points = 0;
        int32_t parts[64], rings[256];
        double *xy = NULL;
        for (int32_t i = 0; i < n_parts; i++) {
            json_t *part = multi ? json_array_get(coordinates, (size_t)i) : coordinates;
            parts[i] = (int32_t)json_array_size(part);
            for (int32_t r = 0; r < parts[i]; r++) {
                json_t *ring = json_array_get(part, (size_t)r);
                int32_t count = (int32_t)json_array_size(ring);
                xy = realloc(xy, (size_t)(n_points + count) * 2 * sizeof *xy);
                rings[n_rings++] = count;
                for (int32_t j = 0; j < count; j++, n_points++) {
                    json_t *position = json_array_get(ring, (size_t)j);
                    xy[2 * n_points] = json_number_value(json_array_get(position, 0)) * sx;
                    xy[2 * n_points + 1] = json_number_value(json_array_get(position, 1)) * sy;
                }
            }
        }
        all[f] = shape_make(arena, n_parts, parts, rings, xy);
        for (int32_t i = 0, r = 0; i < n_parts; i++)
            for (int32_t k = 0; k < parts[i]; k++, r++) {
                hcb__point *points = (hcb__point *)all[f].points + all[f].ring_start[r];
                if ((hcb__ring_area(points, (size_t)rings[r]) > 0) != (k == 0))
                    hcb__ring_reverse(points, (size_t)rings[r]);
            }
        free(xy);
    }
    json_decref(root);
    return all;
}

#endif
