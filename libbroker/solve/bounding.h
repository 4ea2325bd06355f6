/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A level's proofs: branch and price, the raised bundle bound, and the certificate of what is known. */
#ifndef HCB_SOLVE_BOUNDING_H
#define HCB_SOLVE_BOUNDING_H

#include "solve/solver.h"

/* The certificate of a level: the tree when there is one, else one leaf. */
bool hcb__certify(hcb__solver *s, hcb__work *w, int32_t j);

/* Branch and price on what the LP's prices leave. */
bool hcb__prove(hcb__solver *s, hcb__work *w, int32_t j, int32_t most_nodes, bool to_the_end);

/* One leaf with item prices: the LP's, raised by column generation where there are up to HCB__SWAP_ITEMS items, or in
 * each part that no row joins to the rest. */
bool hcb__raise_bound(hcb__solver *s, hcb__work *w, int32_t j);

#endif
