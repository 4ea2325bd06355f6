/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The annealing of levels that are sums, made for speed: choices packed, room left instead of loads, steps refused
 * before they are tried. Same options and meaning as hcb__anneal, which calls it. */
#ifndef HCB_SOLVE_SWIFT_H
#define HCB_SOLVE_SWIFT_H

#include "solve/anneal.h"

bool hcb__swift(hcb__plan *plan, const hcb_allocator *mem, const hcb__anneal_options *options, hcb__budget *budget);

#endif
