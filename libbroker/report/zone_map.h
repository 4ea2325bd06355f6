/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HCB_REPORT_ZONE_MAP_H
#define HCB_REPORT_ZONE_MAP_H

#include "hcbroker/zones.h"
#include "zones/zones.h"

struct hcb_zone_map {
    hcb_allocator mem;
    hcb__zone_set *set;
};

#endif
