/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { MOST_HOURS = 100000 };

bool parse_hours(const char *what, const char *text, int64_t least, int64_t *minutes) {
    static const char digits[] = "0123456789";
    size_t whole = strspn(text, digits);
    double exact = strtod(text, NULL) * 60, rounded = floor(exact + 0.5);
    bool good;
    if (text[whole] == ':') {
        const char *after = text + whole + 1;
        good = whole > 0 && strspn(after, digits) == 2 && !after[2] && after[0] < '6';
        rounded += good ? strtod(after, NULL) : 0;
    } else {
        size_t decimals = text[whole] == '.' ? strspn(text + whole + 1, digits) : 0;
        /* 0.005 h are 0.3 minutes. */
        good = whole + decimals > 0 && !text[whole + decimals + (decimals > 0)] && fabs(exact - rounded) <= 0.3 + 1e-9;
    }
    if (good && rounded >= (double)least && rounded <= MOST_HOURS * 60.0) {
        *minutes = (int64_t)rounded;
        return true;
    }
    complain("%s: \"%s\" is not hours in whole minutes from 0:%02d to %d:00, like 14.5, 14.33 or 14:20", what, text,
             (int)least, MOST_HOURS);
    return false;
}
