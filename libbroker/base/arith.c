/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arith.h"

#include <math.h>

int64_t hcb__round_half_up(double value) {
    /* Not floor(value + 0.5): the sum rounds, and 0.49999999999999994 would become 1. */
    double below = floor(value);
    return (int64_t)below + (value - below >= 0.5);
}
