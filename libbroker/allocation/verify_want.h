/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing the values of a JSON object with what they must be. */
#ifndef HCB_ALLOCATION_VERIFY_WANT_H
#define HCB_ALLOCATION_VERIFY_WANT_H

#include "allocation/verify_run.h"

typedef struct hcb__vf_want {
    hcb_verify_report *report;
    const char *file;
    const char *record; /* which part of the file; "" for its top */
    const hcb__json *object;
    int64_t count; /* values compared */
} hcb__vf_want;

void hcb__vf_want_int(hcb__vf_want *want, const char *key, int64_t expected);
/* NULL: the value must be null. */
void hcb__vf_want_text(hcb__vf_want *want, const char *key, const char *expected);
void hcb__vf_want_bool(hcb__vf_want *want, const char *key, bool expected);
/* A number printed with so many decimals. */
void hcb__vf_want_number(hcb__vf_want *want, const char *key, double expected, int decimals);
/* How the plan was asked to treat today's placements: `fixed`, `free` or the number as text. */
void hcb__vf_want_replan(hcb__vf_want *want, int64_t replan);
/* The value is not as it must be, in words. */
void hcb__vf_want_fail(hcb__vf_want *want, const char *key, const char *expected);

#endif
