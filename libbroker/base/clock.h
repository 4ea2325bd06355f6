/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time: the only place that reads a clock. */
#ifndef HCB_BASE_CLOCK_H
#define HCB_BASE_CLOCK_H

#include <stdbool.h>

/* Seconds of a clock that never goes back. */
double hcb__now(void);

/* One deadline for a whole call; limit_s <= 0 means none. */
typedef struct hcb__deadline {
    double at; /* 0: none */
} hcb__deadline;

hcb__deadline hcb__deadline_in(double limit_s);
/* Seconds left, at least 0; a very large number when there is no deadline. */
double hcb__deadline_left(hcb__deadline deadline);
bool hcb__deadline_passed(hcb__deadline deadline);

#endif
