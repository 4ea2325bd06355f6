/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for better plans of a level. */
#ifndef HCB_SOLVE_SEARCH_H
#define HCB_SOLVE_SEARCH_H

#include "solve/solver.h"

/* Small steps, for a small part of the budget. */
void hcb__search_descend(hcb__work *w);

/* Whether a row lets so few items leave their places that branch and price does it, however many there are (settled.h).
 */
bool hcb__settles(const hcb__core *core);

/* Branch and price is for few items a bin: with many, the LP is nearly as good a bound and far cheaper. */
bool hcb__suits_branching(const hcb__core *core);

/* How far a search has come that goes on later. */
typedef struct hcb__search_state {
    int32_t round, annealed; /* rounds so far; those of them that annealed */
    int32_t regions;         /* bins a region of the next round; 0: it anneals */
    bool gained, wide;       /* anything in this turn of both; the regions of the next are to be larger */
    int64_t proposals;       /* of the next round of annealing; 0: of the first */
} hcb__search_state;

/* Rounds of annealing, each longer than the one before, their heat and the fines for broken limits varying; after each
 * of them, where it suits the level, rounds of regions for as long as they find something. */
bool hcb__search(hcb__solver *s, hcb__work *w, int32_t j, int32_t rounds);

/* The same from where an earlier search of the level has come, up to round `rounds` in all. Without such an end, and
 * where branching suits the level, with neighbourhoods solved anew. */
bool hcb__search_from(hcb__solver *s, hcb__work *w, int32_t j, int32_t rounds, hcb__search_state *at);

#endif
