/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From one map to another in steps, every map between them legal. */
#ifndef HCB_DESIGN_MIGRATE_H
#define HCB_DESIGN_MIGRATE_H

#include "base/worker.h"
#include "design/plan.h"

typedef struct hcb__migration {
    int32_t n_steps, n_units;
    int32_t *unit;    /* in the order they move */
    int32_t *first;   /* [n_steps + 1] in `unit`: units of a step move at once */
    int64_t *missing; /* [n_steps] by how much bounds are missed after the step; 0 from a legal map on */
    hcb_allocator mem;
} hcb__migration;

typedef struct hcb__way {
    const hcb__map_problem *problem;
    const int32_t *from, *to; /* [n] `to` keeps all rules; where `from` misses bounds, no step makes that worse */
    const int64_t *urgency;   /* [n] units with more of it go first, where that is legal */
    /* Whether a map may stand between: a rule that only a look at the whole map decides. NULL: all may. */
    bool (*accept)(const int32_t *zone, void *payload);
    void *payload;
    hcb__worker *worker; /* once it is to stop, all that are left move at once; NULL: none */
} hcb__way;

bool hcb__migrate(hcb__migration **out, const hcb_allocator *mem, const hcb__way *way);
void hcb__migration_free(hcb__migration *migration);

#endif
