/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A budget of several years from one week's cost, line by line. */
#include "base/arith.h"
#include "scenario/run.h"

enum { DAYS = 365, WEEK = 7, ALL = 10000 };

static bool part_of(int64_t value, int64_t hundredths, int64_t *out) {
    const __int128 all = ALL, doubled = 2 * (__int128)value * hundredths + all;
    __int128 rounded = doubled / (2 * all) - (doubled % (2 * all) < 0);
    if (rounded > INT64_MAX || rounded < INT64_MIN)
        return false;
    *out = (int64_t)rounded;
    return true;
}

bool hcb__budget_project(hcb__budget_year *out, const hcb__budget_plan *plan, int64_t weekly_pence) {
    int64_t last;
    if (!hcb__mul(weekly_pence, DAYS, &last))
        return false;
    last = last / WEEK + (last % WEEK >= (WEEK + 1) / 2); /* half up: a seventh is never a half */
    for (int32_t y = 0; y < plan->years; y++) {
        hcb__budget_year *year = &out[y];
        *year = (hcb__budget_year){.care = last, .savings = -plan->savings[y]};
        int64_t sum;
        if (!part_of(last, plan->growth[y], &year->growth) || !hcb__add(last, year->growth, &sum) ||
            !part_of(sum, plan->inflation[y], &year->inflation) || !hcb__add(sum, year->inflation, &sum) ||
            !hcb__add(sum, year->savings, &year->total))
            return false;
        last = year->total;
    }
    return true;
}
