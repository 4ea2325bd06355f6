/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include <time.h>

double hcb__now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

hcb__deadline hcb__deadline_in(double limit_s) {
    hcb__deadline deadline = {limit_s > 0 ? hcb__now() + limit_s : 0};
    return deadline;
}

double hcb__deadline_left(hcb__deadline deadline) {
    if (deadline.at == 0)
        return 1e30;
    double left = deadline.at - hcb__now();
    return left > 0 ? left : 0;
}

bool hcb__deadline_passed(hcb__deadline deadline) {
    return deadline.at != 0 && hcb__now() >= deadline.at;
}
