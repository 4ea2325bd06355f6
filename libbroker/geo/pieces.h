/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces that polygons share, leave empty or have outside others. Polygons that are not valid are taken as GEOS makes
 * them valid. */
#ifndef HCB_GEO_PIECES_H
#define HCB_GEO_PIECES_H

#include "geo/geos.h"

typedef struct hcb__piece {
    int32_t a, b;         /* numbers of the polygons; -1: none */
    hcb__polygon polygon; /* one part */
} hcb__piece;

typedef HCB__VEC(hcb__piece) hcb__piece_list; /* its array is the context's memory, the polygons the arena's */

/* The polygons as GEOS has them; made once for the calls below. */
typedef struct hcb__pieces hcb__pieces;
HCB_NODISCARD hcb_status hcb__pieces_create(hcb__pieces **out, hcb__geos *geos, const hcb__polygon *const *polygons,
                                            size_t n);
void hcb__pieces_free(hcb__pieces *pieces);

/* What two polygons share; a < b, by (a, b). */
HCB_NODISCARD hcb_status hcb__pieces_shared(hcb__pieces *pieces, hcb__arena *arena, hcb__piece_list *out);
/* What is enclosed by the polygons together and in none of them. */
HCB_NODISCARD hcb_status hcb__pieces_enclosed(hcb__pieces *pieces, hcb__arena *arena, hcb__piece_list *out);
/* What polygon a has outside the outline. */
HCB_NODISCARD hcb_status hcb__pieces_outside(hcb__pieces *pieces, const hcb__polygon *const *outline, size_t n,
                                             hcb__arena *arena, hcb__piece_list *out);

#endif
