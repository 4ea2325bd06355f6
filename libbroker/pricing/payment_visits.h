/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of visits as they took place, and what they come to under a payment rule. */
#ifndef HCB_PRICING_PAYMENT_VISITS_H
#define HCB_PRICING_PAYMENT_VISITS_H

#include "base/hash.h"
#include "io/csv.h"
#include "pricing/payment.h"

typedef struct hcb__paid_visit {
    const char *id, *package, *provider; /* provider NULL: not given */
    int32_t date, carers;
    int64_t planned, actual[HCB__MOST_CARERS];
    int64_t price; /* pence an hour; -1: not known */
    int64_t line;
    int64_t minutes, pence;                   /* carer minutes and pence paid under the rule */
    int64_t schedule_minutes, schedule_pence; /* and with full-schedule payment */
} hcb__paid_visit;

/* What the visits of one package, or all of them, come to. */
typedef struct hcb__paid_sum {
    const char *package; /* NULL: all */
    size_t first, count; /* visits */
    int64_t missed;
    int64_t planned, actual; /* carer minutes; not recorded ones count as planned */
    int64_t minutes, pence, schedule_minutes, schedule_pence;
} hcb__paid_sum;

typedef struct hcb__paid_visits {
    hcb__arena arena;
    const char *shown;
    size_t n_visits, n_packages;
    hcb__paid_visit *visits; /* by package, date, visit id */
    hcb__paid_sum *packages; /* by id */
    hcb__paid_sum all;
    bool priced; /* every visit has a price */
} hcb__paid_visits;

/* Reads the file; problems are collected. `actual_needed`: a visit without actual minutes is an error.
 * *out NULL only when the file cannot be used at all. */
HCB_NODISCARD hcb_status hcb__paid_visits_load(hcb__paid_visits **out, hcb_context *ctx, const char *path,
                                               const char *shown, bool actual_needed);
void hcb__paid_visits_free(hcb__paid_visits *visits);

/* Fills what is paid. The pence of a package are its sum of minutes x pence, divided by 60 once, rounded half up; those
 * of a visit are what the package's running sum, rounded so, grows by with it: the visits always add up to the package,
 * and the packages to the invoice. HCB_ELIMIT. */
HCB_NODISCARD hcb_status hcb__paid_visits_settle(hcb__paid_visits *visits, hcb_context *ctx,
                                                 const hcb__payment_rule *rule);

#endif
