/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds as a planner would draw them, to measure the tour estimate against: insertion, an optimal split of the tour,
 * then 2-opt within rounds and exchanges between them until nothing gets shorter. */
#ifndef HCB_TRAVEL_ROUNDS_H
#define HCB_TRAVEL_ROUNDS_H

#include "travel/travel.h"

typedef struct hcb__stop {
    hcb__point point;
    bool rural;
} hcb__stop;

enum { HCB__MOST_STOPS = 2000 };

/* Twice the seconds from one stop to another; the extra of rural stops is halved between the two ends, so that a round
 * is as long either way. */
int64_t hcb__leg_twice(const hcb__travel_settings *travel, const hcb__stop *a, const hcb__stop *b);

/* Rounds of at most `most` stops each, as few as will do, each from its first stop to its last. order[n]: the stops,
 * round by round; starts[ceil(n / most) + 1]: where each round begins. *twice: the sum of hcb__leg_twice over all legs.
 * HCB_ENOMEM; HCB_EINVAL: n above HCB__MOST_STOPS, or most < 1. */
HCB_NODISCARD hcb_status hcb__rounds_plan(int64_t *twice, int32_t *order, int32_t *starts, const hcb_allocator *mem,
                                          const hcb__travel_settings *travel, const hcb__stop *stops, int32_t n,
                                          int32_t most);

#endif
