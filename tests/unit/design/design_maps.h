/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small maps for the tests of design/, and a checker that shares nothing with the code under test: zones as sets of
 * bits, neighbours by shifting. */
#ifndef DESIGN_MAPS_H
#define DESIGN_MAPS_H

#include "base/rng.h"
#include "design/graph.h"
#include "geo_test.h"

/* Cells row by row. */
static inline hcb__graph *grid_graph(const hcb_allocator *mem, int32_t width, int32_t height) {
    int32_t pairs[2048][2];
    size_t n = 0;
    for (int32_t i = 0; i < width * height; i++) {
        if (i % width + 1 < width) {
            pairs[n][0] = i;
            pairs[n++][1] = i + 1;
        }
        if (i + width < width * height) {
            pairs[n][0] = i + width;
            pairs[n++][1] = i;
        }
    }
    hcb__graph *g;
    assert_true(hcb__graph_create(&g, mem, width * height, (const int32_t(*)[2])pairs, n));
    return g;
}

/* Cells of a set joined to its lowest one, on a grid `width` wide of at most 32 cells. */
static inline uint32_t bits_reached(uint32_t set, int32_t width) {
    uint32_t left = 0, right = 0, reached = set & (~set + 1), before;
    for (int32_t i = 0; i < 32; i++) {
        left |= (uint32_t)(i % width != 0) << i;
        right |= (uint32_t)(i % width != width - 1) << i;
    }
    do {
        before = reached;
        reached |= (reached << 1 & left) | (reached >> 1 & right) | reached << width | reached >> width;
        reached &= set;
    } while (reached != before);
    return reached;
}

static inline bool bits_connected(uint32_t set, int32_t width) {
    return set && bits_reached(set, width) == set;
}

static inline int64_t bits_sum(uint32_t set, const int64_t *value) {
    int64_t sum = 0;
    for (; set; set &= set - 1)
        sum += value[__builtin_ctz(set)];
    return sum;
}

#endif
