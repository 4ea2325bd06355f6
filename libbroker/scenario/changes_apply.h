/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workspace with a scenario's changes, in memory. */
#ifndef HCB_SCENARIO_CHANGES_APPLY_H
#define HCB_SCENARIO_CHANGES_APPLY_H

#include "model/load.h"
#include "scenario/changes.h"

/* The base workspace is read and changed; nothing is written. The model's hash is that of the changed data. */
HCB_NODISCARD hcb_status hcb__scenario_model(hcb__model **out, hcb_context *ctx, const hcb__scenario *scenario,
                                             const char *shown, uint64_t seed);

/* demand.c: people, starts and hours, on rows as read. Who is drawn depends on ids and the seed alone: the people of
 * a smaller change are among those of a larger one, in every scenario. */
HCB_NODISCARD hcb_status hcb__change_demand(hcb__loader *l, const hcb__scenario *scenario, uint64_t seed);

/* roles.c: what needs the frozen model. */
HCB_NODISCARD hcb_status hcb__change_roles(hcb__model *model, hcb_context *ctx, const hcb__scenario *scenario);
/* refusals.c: providers of the tiers that may decline are excluded from what does not pay for its travel. */
HCB_NODISCARD hcb_status hcb__change_refusals(hcb__model *model, hcb_context *ctx, const hcb__scenario *scenario);

/* Whether a package at a provider, with so many seconds of travel a visit, leaves nothing once pay, travel and overhead
 * are covered; false without a price. */
bool hcb__below_cost(const hcb__model *model, const hcb__costs *costs, int32_t package, int32_t provider,
                     int64_t seconds);

/* value x (1 + hundredths of a percent), rounded down; value -1 (no limit) stays. */
static inline int64_t hcb__changed_by(int64_t value, int64_t change) {
    return value < 0 ? value : (int64_t)((__int128)value * (10000 + change) / 10000);
}

#endif
