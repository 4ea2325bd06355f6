/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest set of further moves that makes a move legal. */
#ifndef HCB_ZONES_SESSION_REPAIR_H
#define HCB_ZONES_SESSION_REPAIR_H

#include "zones/session.h"

enum { HCB__REPAIR_MOST_UNITS = 16, HCB__REPAIR_UNITS = 8, HCB__REPAIR_STATES = 200000 };

/* A rule that the session itself does not know. */
typedef struct hcb__repair_rule {
    /* Whether the rule holds when each unit is in its zone `to`; all units that move are given. NULL: no such rule. */
    bool (*holds)(void *payload, const int32_t *units, const int32_t *to, int32_t n);
    /* Whether moving the unit can change the answer. */
    bool (*matters)(void *payload, int32_t unit);
    void *payload;
    int32_t states; /* how many states one answer costs as much as */
} hcb__repair_rule;

typedef struct hcb__repair_options {
    int32_t most_units;  /* of a repair that is searched for; 0: 8 */
    int64_t most_states; /* maps looked at; 0: 200,000 */
    hcb__repair_rule rule;
} hcb__repair_options;

enum { HCB__REPAIR_FOUND, HCB__REPAIR_FEWEST, HCB__REPAIR_SMALLEST };

typedef struct hcb__repair {
    int32_t n;                  /* units; 0: the move is legal; -1: none was found */
    int32_t proof;              /* none has fewer units; ... and of equally few, none moves less care */
    int32_t none_up_to;         /* no repair has so few units: proved */
    int64_t minutes, states;    /* of care that the repair moves; maps looked at */
    const int32_t *unit, *zone; /* in order of the units; until the next call on the session */
} hcb__repair;

/* The fewest further moves (any unit to any zone), and of equally few the least minutes, after which no rule of
 * hcb__session_try is broken and options->rule holds. Units asked for stay in `zone`, and each zone keeps one of its
 * units at least: it would be another zone by the old name. HCB_EINVAL, HCB_ENOMEM. */
HCB_NODISCARD hcb_status hcb__session_repair(hcb__repair *out, hcb__session *session, const int32_t *units, size_t n,
                                             int32_t zone, const hcb__repair_options *options);

#endif
