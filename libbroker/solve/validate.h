/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the arrays keep the rules of engine.h, and whether every sum the engine forms fits. */
#ifndef HCB_SOLVE_VALIDATE_H
#define HCB_SOLVE_VALIDATE_H

#include "solve/engine.h"

HCB_NODISCARD hcb_status hcb__engine_validate(const hcb__engine_problem *problem, const hcb_allocator *mem,
                                              char message[256]);

#endif
