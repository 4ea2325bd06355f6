/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arith.h"
#include "pricing/pricing.h"

bool hcb__weekly_pence(int64_t carer_minutes, int64_t pence_per_hour, int64_t *out) {
    int64_t product, raised;
    if (!hcb__mul(carer_minutes, pence_per_hour, &product) || !hcb__add(product, 30, &raised))
        return false;
    *out = hcb__floor_div(raised, 60);
    return true;
}
