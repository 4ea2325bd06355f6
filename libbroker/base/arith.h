/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checked 64-bit arithmetic, and the one rounding rule: half up. */
#ifndef HCB_BASE_ARITH_H
#define HCB_BASE_ARITH_H

#include <stdbool.h>
#include <stdint.h>

/* False, and *out untouched, when the result does not fit. */
static inline bool hcb__add(int64_t a, int64_t b, int64_t *out) {
    int64_t r;
    if (__builtin_add_overflow(a, b, &r))
        return false;
    *out = r;
    return true;
}

static inline bool hcb__mul(int64_t a, int64_t b, int64_t *out) {
    int64_t r;
    if (__builtin_mul_overflow(a, b, &r))
        return false;
    *out = r;
    return true;
}

/* Largest whole number not above a / b; b > 0. */
static inline int64_t hcb__floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* a / b rounded half up (towards plus infinity at the half); b > 0 and even, or a small enough for 2a + b. */
static inline int64_t hcb__round_div(int64_t a, int64_t b) {
    return hcb__floor_div(2 * a + b, 2 * b);
}

/* A double rounded half up to a whole number; the caller has checked that it is finite and in range. */
int64_t hcb__round_half_up(double value);

#endif
