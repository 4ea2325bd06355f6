/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How callers say to how many decimals coordinates are rounded: -1: none, 0: the default, else so many. */
#ifndef HCB_REPORT_ZONE_DECIMALS_H
#define HCB_REPORT_ZONE_DECIMALS_H

#include <stdint.h>

static inline int hcb__decimals_asked(int32_t asked) {
    return asked == 0 ? -1 : asked < 0 ? 0 : asked;
}

#endif
