/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/value.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "io/hint.h"

enum { SHOWN_MAX = 60 };

void hcb__say(hcb__why *why, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
}

hcb__shown hcb__show(const char *s, size_t len) {
    hcb__shown shown;
    size_t keep = len;
    const char *more = "";
    if (len > SHOWN_MAX) {
        keep = SHOWN_MAX;
        while (keep > 0 && ((unsigned char)s[keep] & 0xc0) == 0x80)
            keep--;
        more = "...";
    }
    snprintf(shown.text, sizeof shown.text, "\"%.*s%s\"", (int)keep, s, more);
    return shown;
}

typedef struct bounds {
    char text[96];
} bounds;

/* Decimal text of value / 10^decimals without the zeros at its end. */
static void plain_number(char *out, size_t size, int64_t value, int decimals) {
    while (decimals > 0 && value % 10 == 0) {
        value /= 10;
        decimals--;
    }
    uint64_t power = 1, magnitude = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    for (int d = 0; d < decimals; d++)
        power *= 10;
    const char *sign = value < 0 ? "-" : "";
    int n = snprintf(out, size, "%s%llu", sign, (unsigned long long)(magnitude / power));
    if (decimals <= 0 || n <= 0 || (size_t)n + (size_t)decimals + 2 > size)
        return;
    out[n] = '.';
    for (int d = decimals; d > 0; d--, magnitude /= 10)
        out[n + d] = (char)('0' + magnitude % 10);
    out[n + decimals + 1] = '\0';
}

static bounds between(bool has_low, const char *low, bool has_high, const char *high) {
    bounds b = {""};
    if (has_low && has_high)
        snprintf(b.text, sizeof b.text, " from %s to %s", low, high);
    else if (has_low)
        snprintf(b.text, sizeof b.text, " of at least %s", low);
    else if (has_high)
        snprintf(b.text, sizeof b.text, " of at most %s", high);
    return b;
}

static bounds fixed_bounds(int64_t low, int64_t high, int decimals) {
    char a[32], b[32];
    plain_number(a, sizeof a, low, decimals);
    plain_number(b, sizeof b, high, decimals);
    return between(low != INT64_MIN, a, high != INT64_MAX, b);
}

static bool bad(hcb__why *why, const char *s, size_t len, const char *expected, const char *range, const char *rest) {
    snprintf(why->text, sizeof why->text, "%s is not %s%s%s", hcb__show(s, len).text, expected, range, rest);
    return false;
}

bool hcb__value_id(const char *s, size_t len, hcb__why *why) {
    return hcb__valid_id(s, len) || bad(why, s, len, "an id: 1 to 64 bytes of text without control characters", "", "");
}

bool hcb__value_int(const char *s, size_t len, int64_t low, int64_t high, int64_t *out, hcb__why *why) {
    int64_t value;
    if (!hcb__parse_int(s, len, &value) || value < low || value > high)
        return bad(why, s, len, "a whole number", fixed_bounds(low, high, 0).text, "");
    *out = value;
    return true;
}

bool hcb__value_fixed(const char *s, size_t len, int decimals, int64_t low, int64_t high, int64_t *out, hcb__why *why) {
    int64_t value;
    if (!hcb__parse_fixed(s, len, decimals, &value) || value < low || value > high) {
        char rest[48];
        snprintf(rest, sizeof rest, " with at most %d decimal%s", decimals, decimals == 1 ? "" : "s");
        return bad(why, s, len, decimals ? "a number" : "a whole number", fixed_bounds(low, high, decimals).text,
                   decimals ? rest : "");
    }
    *out = value;
    return true;
}

/* Bounds beyond this are the limits of a type rather than of a quantity, and are not worth saying. */
static bool worth_saying(double bound) {
    return isfinite(bound) && fabs(bound) < 1e12;
}

bool hcb__value_double(const char *s, size_t len, double low, double high, double *out, hcb__why *why) {
    double value;
    if (!hcb__parse_double(s, len, &value) || value < low || value > high) {
        char a[32], b[32];
        bool has_low = worth_saying(low), has_high = worth_saying(high);
        plain_number(a, sizeof a, has_low ? llround(low * 1e6) : 0, 6);
        plain_number(b, sizeof b, has_high ? llround(high * 1e6) : 0, 6);
        return bad(why, s, len, "a number", between(has_low, a, has_high, b).text, "");
    }
    *out = value;
    return true;
}

bool hcb__value_hours(const char *s, size_t len, int64_t high_minutes, int64_t *minutes, hcb__why *why) {
    int64_t value;
    if (hcb__parse_hours(s, len, &value)) {
        if (value <= high_minutes) {
            *minutes = value;
            return true;
        }
    } else if (hcb__parse_fixed(s, len, 6, &value) && value >= 0 && value < INT64_MAX / 120) {
        int64_t nearest = (value * 60 + 500000) / 1000000;
        snprintf(why->text, sizeof why->text, "%s hours is not a whole number of minutes: write %lld:%02lld",
                 hcb__show(s, len).text, (long long)(nearest / 60), (long long)(nearest % 60));
        return false;
    }
    char range[64] = "";
    if (high_minutes != INT64_MAX)
        snprintf(range, sizeof range, " from 0:00 to %lld:%02lld", (long long)(high_minutes / 60),
                 (long long)(high_minutes % 60));
    return bad(why, s, len, "a number of hours", range, " (14.5 or 14:30)");
}

bool hcb__value_date(const char *s, size_t len, int32_t *days, hcb__why *why) {
    return hcb__parse_date(s, len, days) || bad(why, s, len, "a date (year-month-day, as 2020-12-01)", "", "");
}

bool hcb__value_time(const char *s, size_t len, bool end, int32_t *minutes, hcb__why *why) {
    return hcb__parse_time(s, len, end, minutes) ||
           bad(why, s, len, "a time of day", end ? " from 00:00 to 24:00" : " from 00:00 to 23:59",
               " (two digits each)");
}

bool hcb__value_bool(const char *s, size_t len, bool *out, hcb__why *why) {
    static const char *const words[] = {"no", "yes", "false", "true", "n", "y", "0", "1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == len && strncasecmp(words[i], s, len) == 0) {
            *out = i % 2;
            return true;
        }
    return bad(why, s, len, "yes or no", "", "");
}

bool hcb__value_word(const char *s, size_t len, const char *const *words, size_t n_words, int32_t *out, hcb__why *why) {
    hcb__hint hint = hcb__hint_for(s, len);
    for (size_t i = 0; i < n_words; i++) {
        if (strlen(words[i]) == len && memcmp(words[i], s, len) == 0) {
            *out = (int32_t)i;
            return true;
        }
        hcb__hint_try(&hint, words[i]);
    }
    int n = snprintf(why->text, sizeof why->text, "%s is not one of ", hcb__show(s, len).text);
    size_t used = (size_t)n;
    for (size_t i = 0; i < n_words && used < sizeof why->text; i++)
        used += (size_t)snprintf(why->text + used, sizeof why->text - used, "%s%s", i ? ", " : "", words[i]);
    if (hint.best && used < sizeof why->text)
        snprintf(why->text + used, sizeof why->text - used, "; did you mean \"%s\"?", hint.best);
    return false;
}

bool hcb__value_money(const char *s, size_t len, int64_t high_pence, int64_t *pence, hcb__why *why) {
    int64_t value;
    if (!hcb__parse_fixed(s, len, 2, &value) || value < 0 || value > high_pence)
        return bad(why, s, len, "an amount in pounds", fixed_bounds(0, high_pence, 2).text,
                   " with at most two decimals");
    *pence = value;
    return true;
}
