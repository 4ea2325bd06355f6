/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least that a zone can have in travel or inertia, each unit charged for: the figure is no sum over units, but no
 * less than one where it is known in which box, of densities or of places, the zone lies. */
#ifndef HCB_DESIGN_PIECE_BOX_H
#define HCB_DESIGN_PIECE_BOX_H

#include "design/mapping.h"

/* A box has a dimension for each time block, or two for a place; a sum of units has one figure more. */
enum { HCB__PIECE_DIMENSIONS = HCB__BLOCKS, HCB__PIECE_SUMS = HCB__PIECE_DIMENSIONS + 1 };

typedef struct hcb__piece_box {
    double low[HCB__PIECE_DIMENSIONS], high[HCB__PIECE_DIMENSIONS];
    double least; /* no zone in the box is below */
} hcb__piece_box;

typedef struct hcb__pieces {
    const hcb__mapping *m;
    int32_t level, n, dimensions, n_held;
    double top[HCB__PIECE_DIMENSIONS], bottom[HCB__PIECE_DIMENSIONS]; /* of the box of all zones */
    double *part[HCB__PIECE_SUMS]; /* [n] of units: ground and visits, or minutes, x and y times minutes, and squares */
    double *charge;                /* [n] of units in the zone at hand; INFINITY: may not be there */
    int32_t *held;                 /* units that rules hold in a zone */
    hcb__piece_box *boxes;
    int32_t most_cuts;
} hcb__pieces;

/* All that is needed is in the arena. False when memory is out. */
bool hcb__pieces_prepare(hcb__pieces *pieces, hcb__arena *arena, const hcb__mapping *mapping, int32_t level,
                         int32_t most_cuts);
/* Where a zone with these sums of parts lies: `at` [dimensions]. */
void hcb__piece_place(const hcb__pieces *pieces, const double *sums, double *at);
/* What units cost at a place: no zone that lies there has less than the sum of its units', and hardly more. */
void hcb__piece_costs(const hcb__pieces *pieces, const double *at, double *cost);
/* What the best zone about a place has with its charges; the place becomes that of the zone. The best zone at a place
 * may lie elsewhere, and so on; what comes of it need not be the least of all. */
double hcb__piece_descend(const hcb__pieces *pieces, int32_t zone, double *at);
/* No zone has less with its charges; within `near` of the least unless the cuts are used up. `at`: where it is. */
double hcb__piece_least(hcb__pieces *pieces, int32_t zone, int32_t cuts, double near, double *at);

#endif
