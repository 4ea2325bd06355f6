/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/components.h"

/* The representative of a node; paths are halved on the way. */
static int32_t root_of(int32_t *parent, int32_t node) {
    while (parent[node] != node) {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    return node;
}

static void join(int32_t *parent, int32_t a, int32_t b) {
    a = root_of(parent, a);
    b = root_of(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
}

/* The most that all items together can load each row with. */
static void add_most(const hcb__core *core, double *most) {
    for (int32_t r = 0; r < core->n_rows; r++)
        most[r] = (double)core->base[r];
    for (int32_t c = 0; c < core->n_choices; c++)
        for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
            if (core->use_weight[u] > 0)
                most[core->use_row[u]] += (double)core->use_weight[u];
}

static void join_all(const hcb__core *core, const double *most, int32_t *parent) {
    for (int32_t m = 0; m < core->n_movable; m++) {
        int32_t i = core->movable[m];
        for (int32_t u = core->use_start[core->start[i]]; u < core->use_start[core->start[i + 1]]; u++) {
            int32_t r = core->use_row[u];
            if (r >= core->first_goal || most[r] > (double)core->limit[r])
                join(parent, i, core->n_items + r);
        }
    }
    /* The largest of the goals is what counts, so they belong together. */
    for (int32_t r = core->first_goal; r + 1 < core->n_rows; r++)
        join(parent, core->n_items + r, core->n_items + r + 1);
}

int32_t hcb__components(const hcb__core *core, const hcb_allocator *mem, int32_t *of_item) {
    size_t nodes = (size_t)core->n_items + (size_t)core->n_rows + 1;
    int32_t *parent = hcb__calloc(mem, 2 * nodes, sizeof *parent), *number = parent ? parent + nodes : NULL, parts = 0;
    double *most = hcb__calloc(mem, (size_t)core->n_rows + 1, sizeof *most);
    if (!parent || !most) {
        hcb__free(mem, parent);
        hcb__free(mem, most);
        return -1;
    }
    for (size_t k = 0; k < nodes; k++) {
        parent[k] = (int32_t)k;
        number[k] = -1;
    }
    add_most(core, most);
    join_all(core, most, parent);
    for (int32_t i = 0; i < core->n_items; i++)
        of_item[i] = -1;
    for (int32_t m = 0; m < core->n_movable; m++) {
        int32_t i = core->movable[m], root = root_of(parent, i);
        if (number[root] < 0)
            number[root] = parts++;
        of_item[i] = number[root];
    }
    hcb__free(mem, parent);
    hcb__free(mem, most);
    return parts;
}
