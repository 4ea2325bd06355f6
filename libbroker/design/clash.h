/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules that cannot all be kept: a smallest set of them that clashes, proved, or that none was proved to. */
#ifndef HCB_DESIGN_CLASH_H
#define HCB_DESIGN_CLASH_H

#include "design/mapping.h"

typedef struct hcb__clash {
    bool proved;      /* the rules marked cannot be kept together */
    bool *in;         /* [rules] of the set */
    bool *drops_help; /* [rules] of the set: without it a map that keeps all other rules was found */
    char why[256];    /* the reason that closes the proof */
} hcb__clash;

/* `in` and `drops_help` have room for every rule. Without a proof none is marked. Asks for cancellation between trials.
 */
HCB_NODISCARD hcb_status hcb__clash_find(hcb__clash *clash, hcb_context *ctx, const hcb__model *model,
                                         const hcb__demand *demand, const hcb__adjacency *adjacency,
                                         const hcb__map_rules *rules, uint64_t seed);
/* Whether the rules clash by proofs that take no time, so that no map need be searched. */
HCB_NODISCARD hcb_status hcb__clash_at_sight(bool *proved, hcb_context *ctx, const hcb__model *model,
                                             const hcb__demand *demand, const hcb__adjacency *adjacency,
                                             const hcb__map_rules *rules);

#endif
