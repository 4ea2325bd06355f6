/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How wide a polygon is at its widest: the largest circle inside it. */
#ifndef HCB_GEO_WIDTH_H
#define HCB_GEO_WIDTH_H

#include "geo/geo.h"

/* The diameter of the largest circle inside part `part`, and its centre. Made for gaps and overlaps, which may be
 * kilometres long and a centimetre wide: circles that touch the border are tried all along it, at places that depend on
 * the shape only, so that turning or moving it changes nothing. Never more than the true width; for strips it is the
 * true one, for round shapes less by a few thousandths at most. Takes the square of the number of points. */
double hcb__polygon_width(const hcb__polygon *polygon, int32_t part, hcb__point *centre);

/* Whether the part may be narrower than limit_m: cheap, never wrong when it says no. */
bool hcb__polygon_maybe_narrow(const hcb__polygon *polygon, int32_t part, double limit_m);

#endif
