/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is whose neighbour on a map of units. Rook: an edge in common; queen: a vertex in common. */
#ifndef HCB_ZONES_ADJACENCY_H
#define HCB_ZONES_ADJACENCY_H

#include "zones/topology.h"

typedef struct hcb__neighbour {
    int32_t unit;
    bool rook;         /* an edge in common; else only a corner (or a bridge) */
    bool bridge;       /* nothing in common: put there by hcb__adjacency_bridge */
    int64_t shared_um; /* length of the edges in common, micrometres */
} hcb__neighbour;

typedef struct hcb__adjacency {
    hcb__arena arena;
    int32_t n_units;
    int32_t *start;       /* [n_units + 1], in `list` */
    hcb__neighbour *list; /* of each unit, ascending; every pair is there from both sides */
} hcb__adjacency;

HCB_NODISCARD hcb_status hcb__adjacency_create(hcb__adjacency **out, const hcb_allocator *mem,
                                               const hcb__topology *topology);
/* The lists of a graph whose n_units and arena are set, from `count` pairs (first, second), each given once. */
HCB_NODISCARD hcb_status hcb__adjacency_link(hcb__adjacency *adjacency, const int32_t *first,
                                             const hcb__neighbour *second, size_t count);
void hcb__adjacency_free(hcb__adjacency *adjacency);

/* Pairs by edges (and bridges); with `queen` those that meet in a corner as well. */
int64_t hcb__adjacency_pairs(const hcb__adjacency *adjacency, bool queen);
/* Writes the component of each unit, numbered by their smallest unit; gives their number, -1 when memory is out. */
int32_t hcb__adjacency_components(const hcb__adjacency *adjacency, const hcb_allocator *mem, bool queen,
                                  int32_t *component);

/* Joins the components into one by as few and as short bridges as possible (a minimum spanning tree of the distances
 * between their vertices; of equal ones the pair of smallest numbers). *n_bridges: how many were added. */
HCB_NODISCARD hcb_status hcb__adjacency_bridge(hcb__adjacency *adjacency, const hcb_allocator *mem,
                                               const hcb__topology *topology, bool queen, int32_t *n_bridges);

#endif
