/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units cut into shares: what has no solution even so has none at all. */
#ifndef HCB_DESIGN_SHARES_H
#define HCB_DESIGN_SHARES_H

#include "base/context.h"
#include "design/plan.h"

/* *none: it is proved that no shares of the units keep the bounds and the limit on what moves. `may` [n][k]: zones
 * that a unit can be in; `moved` [n][k], `limit` INT64_MAX: none. */
HCB_NODISCARD hcb_status hcb__shares_exist(bool *none, hcb_context *ctx, const hcb__map_problem *problem,
                                           const bool *may, const int64_t *moved, int64_t limit);

#endif
