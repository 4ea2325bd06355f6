/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates under construction. */
#ifndef HCB_SOLVE_PROOF_H
#define HCB_SOLVE_PROOF_H

#include "solve/dual.h"

typedef HCB__VEC(hcb__cut) hcb__cuts;

typedef struct hcb__proof {
    hcb__arena *arena; /* of the answer */
    hcb_allocator mem; /* of the growing lists */
    int64_t denominator;
    HCB__VEC(hcb__cert_node) nodes;
    HCB__VEC(hcb__multipliers) multipliers;
    hcb__cuts cuts;
    bool failed; /* memory is out; the proof is then not used */
} hcb__proof;

void hcb__proof_init(hcb__proof *proof, hcb__arena *arena, int64_t denominator);
void hcb__proof_free(hcb__proof *proof);

/* Row prices of the core in the numbering of the problem. With `own_level`, the level itself becomes a row whose price
 * is the denominator: the form in which a later level uses them. item_price may be NULL. */
bool hcb__proof_multipliers(hcb__multipliers *out, hcb__arena *arena, const hcb__core *core, const hcb__prices *prices,
                            bool own_level, const int64_t *item_price);

/* Adds a node, gives its index. */
int32_t hcb__proof_add(hcb__proof *proof, int32_t item, int32_t bin, int32_t multipliers);
int32_t hcb__proof_add_multipliers(hcb__proof *proof, const hcb__multipliers *multipliers);

/* Adds a node whose only branch is the node added next; multipliers: NULL for a kind that has none. */
void hcb__proof_add_step(hcb__proof *proof, int32_t kind, const hcb__multipliers *multipliers);

/* Copies the lists into the arena. False when memory is out. */
bool hcb__proof_finish(hcb__proof *proof, hcb__certificate *out);

#endif
