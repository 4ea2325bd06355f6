/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checker's own reading of dominance: pairs that some best plan does without. It shares no code with the engine. */
#ifndef HCB_ALLOCATION_CERTIFICATE_DOMINANCE_H
#define HCB_ALLOCATION_CERTIFICATE_DOMINANCE_H

#include <stdbool.h>

#include "allocation/certificate.h"
#include "base/mem.h"

/* Sets dominated[pair] for every pair that another pair of its item makes needless. The other one is allowed, adds to
 * no side that a limit or a term could feel, and is the one that the levels in their order like best; the needless one
 * costs as much or more at every level and takes load off nothing that could feel it. A plan that has the needless one
 * stays a plan, and gets no worse, with the other. False when memory is out. */
bool hcb__check_dominated(bool *dominated, const hcb_allocator *mem, const hcb__check_problem *p,
                          const uint8_t *allowed);

#endif
