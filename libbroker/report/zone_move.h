/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HCB_REPORT_ZONE_MOVE_H
#define HCB_REPORT_ZONE_MOVE_H

#include "design/ledger.h"
#include "hcbroker/zones.h"
#include "zones/session_repair.h"

struct hcb_zone_session {
    hcb_allocator mem;
    hcb_workspace *workspace; /* kept alive: the map is its; NULL: of a map alone */
    const hcb__zone_set *set;
    hcb__session *session;
    int32_t *repair, *repair_to; /* room for every unit */
    int32_t n_repair;
    hcb_zone_repair_options report_repairs; /* how far a report looks for them */
    /* Of a workspace with people; else NULL. */
    hcb__demand *demand;
    hcb__ledger *ledger;
    int32_t *ledger_zone, *shifted, *was; /* of each unit in the ledger; those of a move that is being looked at */
    int32_t n_shifted;
    hcb__viability_zone *viability, *viability_then; /* of each zone now, and with the move that was tried last */
    int32_t *tried, tried_zone;                      /* that move; n_tried < 0: none */
    int64_t n_tried;
};

/* hcb_zone_session_repair() within another call. */
HCB_NODISCARD hcb_status hcb__zone_session_repair(hcb_zone_repair *out, hcb_context *ctx, hcb_zone_session *session,
                                                  const int32_t *units, size_t n, int32_t zone,
                                                  const hcb_zone_repair_options *options);

#endif
