/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One level: searched, bounded and frozen. */
#ifndef HCB_SOLVE_LEVEL_H
#define HCB_SOLVE_LEVEL_H

#include "solve/solver.h"

/* Level j, from the plan of the answer, which it betters. */
hcb_status hcb__level_solve(hcb__solver *s, int32_t j);

/* Before the first level: a place for everybody who must have one. */
hcb_status hcb__level_place_all(hcb__solver *s);

#endif
