/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HCB_REPORT_ZONE_MAP_H
#define HCB_REPORT_ZONE_MAP_H

#include "hcbroker/zones.h"
#include "model/model.h"
#include "zones/zones.h"

struct hcb_zone_map {
    hcb_allocator mem;
    hcb__zone_set *set;
};

/* The zones of a workspace, for the caller to free; with them the whole workspace where `model` is not NULL and there
 * are providers, else *model is NULL. Both are NULL on failure. */
HCB_NODISCARD hcb_status hcb__zones_of_workspace(hcb__zone_set **zones, hcb__model **model, hcb_context *ctx,
                                                 const char *folder);

#endif
