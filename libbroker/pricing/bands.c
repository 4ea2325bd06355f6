/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pricing/bands.h"

#include "base/arith.h"

static const int64_t penny = 10000;

int64_t hcb__pay_of_hour(const hcb__travel_pay *pay) {
    return pay->wage * (10000 + pay->on_cost);
}

int64_t hcb__travel_of_hour(const hcb__travel_pay *pay) {
    return hcb__pay_of_hour(pay) + pay->per_mile * pay->speed * 10;
}

int64_t hcb__minutes_for(const hcb__travel_pay *pay, int64_t parts, int32_t unit) {
    return hcb__round_div(parts * 60 * unit, hcb__travel_of_hour(pay));
}

int64_t hcb__minutes_paid_by(const hcb__travel_pay *pay, int64_t pence, int32_t unit) {
    return hcb__minutes_for(pay, pence * penny, unit);
}

int64_t hcb__left_for_travel(const hcb__travel_pay *pay, int64_t price, int64_t overhead) {
    return (price - overhead) * penny - hcb__pay_of_hour(pay);
}

int64_t hcb__minutes_carried(const hcb__travel_pay *pay, int64_t price, int64_t overhead, int32_t unit) {
    return hcb__minutes_for(pay, hcb__left_for_travel(pay, price, overhead), unit);
}

bool hcb__margin(const hcb__travel_pay *pay, int64_t price, int64_t overhead, int64_t carer_minutes,
                 int64_t travel_seconds, int64_t *out) {
    int64_t earned, spent;
    return hcb__mul(carer_minutes, hcb__left_for_travel(pay, price, overhead) * 60, &earned) &&
           hcb__mul(travel_seconds, -hcb__travel_of_hour(pay), &spent) && hcb__add(earned, spent, out);
}
