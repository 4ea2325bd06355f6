/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Visits of one package: made from totals, put in order, added up. */
#ifndef HCB_MODEL_VISITS_H
#define HCB_MODEL_VISITS_H

#include "model/model.h"

enum { HCB__MOST_WEEKLY_MINUTES = 168 * 60, HCB__MOST_VISITS = 700, HCB__MADE_VISIT = 30 };

/* How many visits `minutes` a week make when the number is not given. */
int32_t hcb__visits_count(int64_t minutes);
/* n visits of `minutes` a week in all (docs/formats.md, "Visits made from totals"), by day, then slot; 1 <= n <=
 * minutes, n <= HCB__MOST_VISITS. The blocks are left to hcb__visits_sum. */
void hcb__visits_make(hcb__visit *out, int64_t minutes, int32_t n, int32_t carers);
/* The order of the canonical text. */
void hcb__visits_sort(hcb__visit *visits, size_t n);
/* Number of days of a visit. */
int32_t hcb__visit_days(const hcb__visit *visit);
/* Fills the block of each visit and the sums of the package over its n_visits. */
void hcb__visits_sum(hcb__package *package, hcb__visit *visits, const int32_t block_start[HCB__BLOCKS]);

#endif
