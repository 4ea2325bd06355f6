/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HCB_REPORT_ZONE_MOVE_H
#define HCB_REPORT_ZONE_MOVE_H

#include "hcbroker/zones.h"
#include "zones/session.h"

struct hcb_zone_session {
    hcb_allocator mem;
    hcb_workspace *workspace; /* kept alive: the map is its; NULL: of a map alone */
    const hcb__zone_set *set;
    hcb__session *session;
    int32_t *repair; /* room for every unit */
    int32_t n_repair;
};

#endif
