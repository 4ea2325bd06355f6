/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arith.h"

#include <math.h>

int64_t hcb__round_half_up(double value) {
    return (int64_t)floor(value + 0.5);
}
