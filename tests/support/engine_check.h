/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer of the engine handed to the independent checker. */
#ifndef HCB_TESTS_ENGINE_CHECK_H
#define HCB_TESTS_ENGINE_CHECK_H

#include "allocation/certificate.h"
#include "solve/engine.h"

typedef struct engine_check {
    hcb__check_problem problem;
    hcb__check_level *levels;
    int64_t *frozen;
    hcb__check_claim claim; /* of one level, sealed */
    hcb__check_node *nodes;
    hcb__check_multipliers *multipliers;
    hcb__check_cut *cuts;
} engine_check;

/* The problem as the checker reads it; arrays of numbers stay the engine's. levels: [n_levels], filled. */
void engine_check_problem(hcb__check_problem *out, hcb__check_level *levels, const hcb__engine_problem *problem);

/* Copies what the checker reads of level j's claim; arrays of numbers stay the engine's. Free with engine_check_free.
 */
bool engine_check_init(engine_check *check, const hcb__engine_problem *problem, const hcb__engine_answer *answer,
                       int32_t level);
void engine_check_free(engine_check *check);

/* The verdict of every level, in turn; true when all are confirmed. reason: at least 256 bytes. */
bool engine_check_all(const hcb__engine_problem *problem, const hcb__engine_answer *answer, char *reason);

#endif
