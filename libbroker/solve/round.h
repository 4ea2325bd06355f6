/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole plan from a fractional one: choices in the order of their share where they fit, then the rest by least harm.
 */
#ifndef HCB_SOLVE_ROUND_H
#define HCB_SOLVE_ROUND_H

#include "solve/lp.h"
#include "solve/plan.h"

/* Writes a choice for every item. False when memory is out or some item found no room and may not wait; `choice` is
 * then of no use. */
bool hcb__round(int32_t *choice, const hcb_allocator *mem, const hcb__core *core, const hcb__lp_answer *lp);

#endif
