/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proof and the search of a level side by side, with the same outcome on any number of threads. */
#ifndef HCB_SOLVE_BESIDE_H
#define HCB_SOLVE_BESIDE_H

#include "solve/solver.h"

/* A tree of branch and price grows on this thread while the search goes on, on one of its own; from time to time they
 * tell each other the best plan. Each has half of the work, and, where there is one thread only, of the time. Where the
 * back end bears one thread at a time, the tree comes first. */
bool hcb__prove_beside(hcb__solver *s, hcb__work *w, int32_t j, int32_t most_nodes, bool to_the_end);

#endif
