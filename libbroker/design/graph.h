/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units and who touches whom. */
#ifndef HCB_DESIGN_GRAPH_H
#define HCB_DESIGN_GRAPH_H

#include "base/mem.h"

typedef struct hcb__graph {
    hcb_allocator mem;
    int32_t n, n_edges;
    int32_t *start; /* [n + 1], in `to` and `edge` */
    int32_t *to;    /* neighbours, ascending */
    int32_t *edge;  /* number of the edge, the same from both sides; by smaller end, then larger */
} hcb__graph;

/* Edges as pairs of units; loops and repeated pairs are left out. False when memory is out. */
bool hcb__graph_create(hcb__graph **out, const hcb_allocator *mem, int32_t n, const int32_t (*pairs)[2],
                       size_t n_pairs);
void hcb__graph_free(hcb__graph *graph);

/* Parts of the units whose label is `label`; `mark` and `queue` have room for n. `mark[u]` becomes the number of u's
 * part, counted by smallest unit; that of others -1. */
int32_t hcb__graph_parts(const hcb__graph *graph, const int32_t *label_of, int32_t label, int32_t *mark,
                         int32_t *queue);

/* Edges whose ends have different labels. */
int64_t hcb__graph_cut(const hcb__graph *graph, const int32_t *label_of);

/* Steps of a shortest path from one unit to each; -1: cannot be reached. `queue` has room for n. */
void hcb__graph_hops(const hcb__graph *graph, int32_t from, int32_t *hops, int32_t *queue);

#endif
