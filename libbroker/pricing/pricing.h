/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices per hour by band, zone and date; whole pence. */
#ifndef HCB_PRICING_PRICING_H
#define HCB_PRICING_PRICING_H

#include "zones/zones.h"

/* The price in force on one day: [zone * HCB__BANDS + band], pence an hour; -1: none. */
typedef struct hcb__schedule {
    hcb__arena arena;
    int32_t n_zones;
    int64_t *pence;
} hcb__schedule;

/* Reads prices.csv (formats.md): a zone's own row wins over the band's, of each the newest in force on as_of. Problems
 * are collected. *out is NULL only when the file cannot be used at all. */
HCB_NODISCARD hcb_status hcb__schedule_load(hcb__schedule **out, hcb_context *ctx, const char *path, const char *shown,
                                            const hcb__csv_rename *renames, size_t n_renames,
                                            const hcb__zone_set *zones, int32_t as_of);
void hcb__schedule_free(hcb__schedule *schedule);
int64_t hcb__schedule_price(const hcb__schedule *schedule, int32_t zone, int32_t band);

/* Pence a week of carer_minutes at a price per hour: minutes x pence, divided by 60 once, rounded half up (model.md
 * section 2). False when it passes 64 bits. */
bool hcb__weekly_pence(int64_t carer_minutes, int64_t pence_per_hour, int64_t *out);

#endif
