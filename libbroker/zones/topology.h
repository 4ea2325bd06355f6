/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shared edges of a map of units: every vertex and every edge once, with the units that use it. Two units share a
 * vertex when its keys are equal: keys are coordinates of the file rounded to a stated number of decimals, so that
 * noise in the last digits does not part neighbours. Lengths and areas are whole numbers (micrometres, square
 * millimetres): sums do not depend on the order in which they are made. */
#ifndef HCB_ZONES_TOPOLOGY_H
#define HCB_ZONES_TOPOLOGY_H

#include "geo/coverage.h"
#include "geo/geo.h"

/* What a unit is drawn with: metres in some plane, and the key of every point. */
typedef struct hcb__topology_unit {
    hcb__polygon polygon;
    const hcb__grid_point *keys; /* [polygon.n_points] */
} hcb__topology_unit;

typedef struct hcb__topology_edge {
    int32_t a, b;  /* vertices; the key of a comes first (by x, then y) */
    int64_t um;    /* length in micrometres */
    int32_t first; /* in `uses`; those of edge e end where those of edge e + 1 begin */
} hcb__topology_edge;

/* An edge as a unit has it. A unit that goes along an edge more than once is listed once for each direction. */
typedef struct hcb__topology_use {
    int32_t unit;
    bool forward; /* from a to b: the unit is on its left when the ring is turned as hcb__polygon wants it */
} hcb__topology_use;

typedef struct hcb__topology {
    hcb__arena arena;
    int32_t n_units, n_vertices, n_edges;
    hcb__point *vertex;         /* metres; of points with one key the smallest (by x, then y) */
    hcb__topology_edge *edge;   /* [n_edges + 1]; no vertex twice in an edge, no edge twice */
    hcb__topology_use *use;     /* by unit, forward first */
    int32_t *vertex_unit_start; /* [n_vertices + 1] */
    int32_t *vertex_unit;       /* units at each vertex, ascending, each once */
    int32_t *point;             /* vertex of every point of every unit, one after another */
    int64_t *area_mm2;          /* of each unit, holes taken off */
    int64_t *perimeter_um;      /* of each unit, the edges of its holes included */
} hcb__topology;

/* Units may overlap or leave gaps. HCB_ENOMEM, HCB_ELIMIT (2^31 points or more). Nothing of `units` is kept. */
HCB_NODISCARD hcb_status hcb__topology_create(hcb__topology **out, const hcb_allocator *mem,
                                              const hcb__topology_unit *units, size_t n);
void hcb__topology_free(hcb__topology *topology);

/* The number x 10^decimals as a whole number, rounded exactly (half to even); false when it does not fit. */
bool hcb__topology_key(double x, int decimals, int64_t *key);

#endif
