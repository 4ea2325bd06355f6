/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much travel a price can carry (docs/prices.md, "Break-even travel"). */
#ifndef HCB_PRICING_BANDS_H
#define HCB_PRICING_BANDS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hcb__travel_pay {
    int64_t wage;     /* pence an hour */
    int64_t on_cost;  /* hundredths of a percent of the wage */
    int64_t per_mile; /* hundredths of a penny */
    int64_t speed;    /* tenths of a mile an hour */
} hcb__travel_pay;

/* An hour of pay with its on-cost, and an hour of travel (that pay and the miles driven in it), in ten-thousandths of a
 * penny; exact. */
int64_t hcb__pay_of_hour(const hcb__travel_pay *pay);
int64_t hcb__travel_of_hour(const hcb__travel_pay *pay);

/* Minutes of travel that so many ten-thousandths of a penny pay for, in 1/unit of a minute (10 or 100), rounded half up
 * once. |parts| at most 10^14. */
int64_t hcb__minutes_for(const hcb__travel_pay *pay, int64_t parts, int32_t unit);
/* The same for pence. |pence| at most 10^9. */
int64_t hcb__minutes_paid_by(const hcb__travel_pay *pay, int64_t pence, int32_t unit);
/* What an hour's price leaves for travel once the overhead (pence) and the contact hour itself are paid, in
 * ten-thousandths of a penny; negative when it does not pay for those. */
int64_t hcb__left_for_travel(const hcb__travel_pay *pay, int64_t price, int64_t overhead);
/* Minutes of travel in each contact hour that a price carries once the overhead (pence an hour) and the
 * contact hour itself are paid; negative when it does not pay for those. */
int64_t hcb__minutes_carried(const hcb__travel_pay *pay, int64_t price, int64_t overhead, int32_t unit);

/* What work leaves over once everything is paid: price x minutes - overhead - pay - travel. In
 * hcb__margin_unit-ths of a penny, exact, so that the sign is; false when it passes 64 bits. */
enum { hcb__margin_unit = 36000000 };
bool hcb__margin(const hcb__travel_pay *pay, int64_t price, int64_t overhead, int64_t carer_minutes,
                 int64_t travel_seconds, int64_t *out);

#endif
