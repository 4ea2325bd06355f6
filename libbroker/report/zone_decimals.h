/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How callers say to how many decimals coordinates are rounded: -1: none, 0: the default, else so many. */
#ifndef HCB_REPORT_ZONE_DECIMALS_H
#define HCB_REPORT_ZONE_DECIMALS_H

#include "zones/topology_read.h"

static inline bool hcb__decimals_ok(int32_t asked) {
    return asked >= -1 && asked <= HCB__TOPOLOGY_DECIMALS_MAX;
}

static inline int hcb__decimals_asked(int32_t asked) {
    return asked == 0 ? -1 : asked < 0 ? 0 : asked;
}

#endif
