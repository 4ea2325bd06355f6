/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A k-d tree without pointers: the middle of each range is its node, split by x and y in turn. */
#include "geo/index.h"

#include <math.h>
#include <stdlib.h>

typedef struct node {
    hcb__point point;
    int32_t number;
} node;

struct hcb__point_index {
    hcb_allocator mem;
    size_t n;
    node nodes[];
};

static int by_number(const node *a, const node *b) {
    return (a->number > b->number) - (a->number < b->number);
}

static int by_x(const void *va, const void *vb) {
    const node *a = va, *b = vb;
    int order = (a->point.x > b->point.x) - (a->point.x < b->point.x);
    return order ? order : by_number(a, b);
}

static int by_y(const void *va, const void *vb) {
    const node *a = va, *b = vb;
    int order = (a->point.y > b->point.y) - (a->point.y < b->point.y);
    return order ? order : by_number(a, b);
}

/* Halving, so the depth is the logarithm of n. */
static void arrange(node *nodes, size_t n, bool vertical) {
    if (n < 2)
        return;
    qsort(nodes, n, sizeof *nodes, vertical ? by_y : by_x);
    size_t middle = n / 2;
    arrange(nodes, middle, !vertical);
    arrange(nodes + middle + 1, n - middle - 1, !vertical);
}

hcb_status hcb__point_index_create(hcb__point_index **out, const hcb_allocator *mem, const hcb__point *points,
                                   size_t n) {
    *out = NULL;
    if (n > INT32_MAX)
        return HCB_ELIMIT;
    hcb__point_index *index = hcb__calloc(mem, 1, sizeof *index + n * sizeof(node));
    if (!index)
        return HCB_ENOMEM;
    index->mem = *mem;
    index->n = n;
    for (size_t i = 0; i < n; i++) {
        index->nodes[i].point = points[i];
        index->nodes[i].number = (int32_t)i;
    }
    arrange(index->nodes, n, false);
    *out = index;
    return HCB_OK;
}

void hcb__point_index_free(hcb__point_index *index) {
    if (!index)
        return;
    hcb_allocator mem = index->mem;
    hcb__free(&mem, index);
}

typedef struct best {
    double distance2;
    int32_t number;
} best;

static void search(const node *nodes, size_t n, bool vertical, hcb__point p, best *found) {
    while (n > 0) {
        size_t middle = n / 2;
        const node *at = &nodes[middle];
        double dx = p.x - at->point.x, dy = p.y - at->point.y, distance2 = dx * dx + dy * dy;
        if (distance2 < found->distance2 || (distance2 <= found->distance2 && at->number < found->number)) {
            found->distance2 = distance2;
            found->number = at->number;
        }
        double across = vertical ? dy : dx;
        const node *upper = at + 1;
        size_t n_upper = n - middle - 1;
        vertical = !vertical;
        /* The near side first; the far side only when it may hold something as near, ties included. */
        search(across < 0 ? nodes : upper, across < 0 ? middle : n_upper, vertical, p, found);
        if (across * across > found->distance2)
            return;
        n = across < 0 ? n_upper : middle;
        nodes = across < 0 ? upper : nodes;
    }
}

int32_t hcb__point_index_nearest(const hcb__point_index *index, hcb__point p, double *distance_m) {
    best found = {INFINITY, INT32_MAX};
    if (isfinite(p.x) && isfinite(p.y))
        search(index->nodes, index->n, false, p, &found);
    if (found.number == INT32_MAX)
        return -1;
    if (distance_m)
        *distance_m = sqrt(found.distance2);
    return found.number;
}
