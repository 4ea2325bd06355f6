/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HCB_SCENARIO_OFFICES_H
#define HCB_SCENARIO_OFFICES_H

#include "scenario/generate.h"

/* Where offices are drawn: Leicestershire's settlements, Leicester and Rutland where the map is Leicestershire's; else
 * the small areas. */
typedef struct hcb__offices {
    const hcb__ground *ground;
    int32_t scenario;
    bool leicestershire;
} hcb__offices;

hcb__offices hcb__offices_of(const hcb__ground *ground, int32_t scenario);
hcb__point hcb__offices_draw(const hcb__offices *offices, hcb__rng *rng);

#endif
