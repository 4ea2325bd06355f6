/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a level that no row joins: separate counties, towns nobody serves both of. */
#ifndef HCB_SOLVE_COMPONENTS_H
#define HCB_SOLVE_COMPONENTS_H

#include "solve/core.h"

/* Gives each item that can move the number of its part, from 0 on in the order of items; others -1. Rows that cannot
 * bind join nothing. Gives the number of parts; -1 when memory is out. */
int32_t hcb__components(const hcb__core *core, const hcb_allocator *mem, int32_t *of_item);

#endif
