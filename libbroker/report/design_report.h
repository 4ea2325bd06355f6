/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A proposal as text and files. */
#ifndef HCB_REPORT_DESIGN_REPORT_H
#define HCB_REPORT_DESIGN_REPORT_H

#include "design/clash.h"
#include "design/proposal.h"
#include "hcbroker/design.h"

typedef struct hcb__phase {
    int32_t date; /* days; HCB__NO_DATE */
    int32_t first_step, n_steps, n_units;
    int64_t minutes, packages, people, other_provider;
    int64_t missing; /* by how much bounds are missed when it is done */
} hcb__phase;

typedef struct hcb__design_figures {
    const hcb__model *model;
    const hcb__mapping *mapping;
    const hcb__proposal *proposal;
    const hcb__map_rules *rules;
    const hcb__clash *clash; /* NULL: was not looked for */
    int32_t outcome;
    hcb__phase *phases;
    int32_t n_phases;
    int32_t *step_of; /* [n] of each unit, -1: it stays */
} hcb__design_figures;

void hcb__design_json(hcb__text *out, const hcb__design_figures *figures);
void hcb__design_text(hcb__text *out, const hcb__design_figures *figures);
void hcb__design_plan_csv(hcb__text *out, const hcb__design_figures *figures);
void hcb__design_moves_csv(hcb__text *out, const hcb__design_figures *figures);
/* Zones of a map with their figures: `zone` of each unit. */
HCB_NODISCARD hcb_status hcb__design_map(hcb__text *out, hcb_context *ctx, const hcb__design_figures *figures,
                                         const int32_t *zone);

/* Phases of the change-over: steps in their order, about as many hours in each. False when memory is out. */
bool hcb__design_phases(hcb__design_figures *figures, hcb__arena *arena);

#endif
