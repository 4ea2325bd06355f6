/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hcb__text_init(hcb__text *text, const hcb_allocator *mem) {
    *text = (hcb__text){.mem = mem};
}

void hcb__text_free(hcb__text *text) {
    if (text->mem)
        hcb__free(text->mem, text->at);
    *text = (hcb__text){.mem = text->mem};
}

void hcb__text_clear(hcb__text *text) {
    text->count = 0;
    if (text->at)
        text->at[0] = '\0';
}

void hcb__text_add(hcb__text *text, const char *bytes, size_t len) {
    if (text->failed)
        return;
    if (!HCB__RESERVE(text->mem, text, text->count + len + 1)) {
        text->failed = true;
        return;
    }
    memcpy(text->at + text->count, bytes, len);
    text->count += len;
    text->at[text->count] = '\0';
}

void hcb__text_puts(hcb__text *text, const char *string) {
    hcb__text_add(text, string, strlen(string));
}

void hcb__text_putc(hcb__text *text, char c) {
    hcb__text_add(text, &c, 1);
}

static size_t digits(uint64_t value, char *end) {
    size_t n = 0;
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
        n++;
    } while (value);
    return n;
}

static uint64_t magnitude(int64_t value) {
    return value < 0 ? (uint64_t) - (value + 1) + 1 : (uint64_t)value;
}

void hcb__text_int(hcb__text *text, int64_t value) {
    hcb__text_fixed(text, value, 0);
}

void hcb__text_fixed(hcb__text *text, int64_t value, int decimals) {
    char buffer[32];
    char *end = buffer + sizeof buffer;
    size_t n = digits(magnitude(value), end);
    while (n <= (size_t)decimals) {
        n++;
        *(end - n) = '0';
    }
    if (value < 0)
        hcb__text_putc(text, '-');
    hcb__text_add(text, end - n, n - (size_t)decimals);
    if (decimals > 0) {
        hcb__text_putc(text, '.');
        hcb__text_add(text, end - decimals, (size_t)decimals);
    }
}

void hcb__text_printf(hcb__text *text, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) {
        text->failed = true;
    } else if (!text->failed && HCB__RESERVE(text->mem, text, text->count + (size_t)n + 1)) {
        vsnprintf(text->at + text->count, (size_t)n + 1, format, again);
        text->count += (size_t)n;
    } else {
        text->failed = true;
    }
    va_end(again);
}

void hcb__text_double(hcb__text *text, double value, int decimals) {
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    double scaled = value * power[decimals];
    if (!isfinite(scaled) || fabs(scaled) >= 9e18) {
        hcb__text_puts(text, "null");
        return;
    }
    hcb__text_fixed(text, llround(scaled), decimals);
}

bool hcb__parse_int(const char *s, size_t len, int64_t *out) {
    return hcb__parse_fixed(s, len, 0, out);
}

bool hcb__parse_fixed(const char *s, size_t len, int decimals, int64_t *out) {
    size_t i = 0;
    bool negative = false;
    if (len && (s[0] == '-' || s[0] == '+')) {
        negative = s[0] == '-';
        i = 1;
    }
    int64_t value = 0;
    int seen = -1; /* decimals seen; -1 before the point */
    size_t ndigits = 0;
    for (; i < len; i++) {
        if (s[i] == '.' && seen < 0 && decimals > 0) {
            seen = 0;
            continue;
        }
        if (s[i] < '0' || s[i] > '9' || seen == decimals)
            return false;
        if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_add_overflow(value, (int64_t)(s[i] - '0'), &value))
            return false;
        ndigits++;
        if (seen >= 0)
            seen++;
    }
    if (ndigits == 0 || seen == 0)
        return false;
    for (int d = seen < 0 ? 0 : seen; d < decimals; d++)
        if (__builtin_mul_overflow(value, (int64_t)10, &value))
            return false;
    *out = negative ? -value : value;
    return true;
}

bool hcb__parse_double(const char *s, size_t len, double *out) {
    char buffer[64];
    if (len == 0 || len >= sizeof buffer)
        return false;
    bool digit = false;
    int64_t mantissa = 0;
    int point = -1, ndigits = 0;
    size_t i = s[0] == '-' || s[0] == '+';
    for (; i < len && s[i] != 'e' && s[i] != 'E'; i++) {
        if (s[i] == '.' && point < 0) {
            point = 0;
            continue;
        }
        if (s[i] < '0' || s[i] > '9')
            return false;
        digit = true;
        if (ndigits < 18)
            mantissa = mantissa * 10 + (s[i] - '0');
        if (mantissa)
            ndigits++;
        if (point >= 0)
            point++;
    }
    if (!digit)
        return false;
    bool exponent = i < len;
    if (exponent) {
        size_t j = i + 1;
        if (j < len && (s[j] == '-' || s[j] == '+'))
            j++;
        if (j == len)
            return false;
        for (; j < len; j++)
            if (s[j] < '0' || s[j] > '9')
                return false;
    }
    static const double power[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double value;
    if (!exponent && ndigits <= 15 && point <= 22) {
        /* Both operands are exact doubles, so the one division rounds correctly (Clinger 1990). */
        value = (double)mantissa / power[point > 0 ? point : 0];
        if (s[0] == '-')
            value = -value;
    } else {
        memcpy(buffer, s, len);
        buffer[len] = '\0';
        /* strtod reads the locale's decimal point, so give it that one. */
        char *dot = strchr(buffer, '.');
        char probe[8];
        snprintf(probe, sizeof probe, "%.1f", 0.5);
        if (dot)
            *dot = probe[1];
        char *end;
        value = strtod(buffer, &end);
        if (*end)
            return false;
    }
    if (!isfinite(value))
        return false;
    *out = value;
    return true;
}

/* Days from civil and back: Howard Hinnant, "chrono-compatible low-level date algorithms". */
static int32_t days_from_civil(int32_t y, int32_t m, int32_t d) {
    y -= m <= 2;
    int32_t era = (y >= 0 ? y : y - 399) / 400;
    int32_t yoe = y - era * 400;
    int32_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int32_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void hcb__civil_date(int32_t days, int32_t *y, int32_t *m, int32_t *d) {
    int32_t z = days + 719468;
    int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    int32_t doe = z - era * 146097;
    int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int32_t mp = (5 * doy + 2) / 153;
    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp < 10 ? mp + 3 : mp - 9;
    *y = yoe + era * 400 + (*m <= 2);
}

static bool fixed_digits(const char *s, size_t n, int32_t *out) {
    int32_t value = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        value = value * 10 + (s[i] - '0');
    }
    *out = value;
    return true;
}

bool hcb__parse_date(const char *s, size_t len, int32_t *days) {
    int32_t y, m, d;
    if (len != 10 || s[4] != '-' || s[7] != '-' || !fixed_digits(s, 4, &y) || !fixed_digits(s + 5, 2, &m) ||
        !fixed_digits(s + 8, 2, &d) || y < 1 || m < 1 || m > 12 || d < 1)
        return false;
    int32_t result = days_from_civil(y, m, d), y2, m2, d2;
    hcb__civil_date(result, &y2, &m2, &d2);
    if (y2 != y || m2 != m || d2 != d) /* the 31st of a shorter month */
        return false;
    *days = result;
    return true;
}

void hcb__text_date(hcb__text *text, int32_t days) {
    int32_t y, m, d;
    hcb__civil_date(days, &y, &m, &d);
    hcb__text_printf(text, "%04d-%02d-%02d", y, m, d);
}

bool hcb__parse_time(const char *s, size_t len, bool end, int32_t *minutes) {
    int32_t h, m;
    if (len != 5 || s[2] != ':' || !fixed_digits(s, 2, &h) || !fixed_digits(s + 3, 2, &m) || m > 59)
        return false;
    int32_t total = h * 60 + m;
    if (total > (end ? 24 * 60 : 24 * 60 - 1))
        return false;
    *minutes = total;
    return true;
}

bool hcb__parse_hours(const char *s, size_t len, int64_t *minutes) {
    const char *colon = memchr(s, ':', len);
    if (colon) {
        int64_t h;
        int32_t m;
        size_t left = (size_t)(colon - s);
        if (left == 0 || s[0] == '-' || s[0] == '+' || len - left != 3 || !hcb__parse_int(s, left, &h) ||
            !fixed_digits(colon + 1, 2, &m) || m > 59 || h > INT64_MAX / 60 - 1)
            return false;
        *minutes = h * 60 + m;
        return true;
    }
    int64_t millionths; /* of an hour */
    if (len == 0 || s[0] == '-' || !hcb__parse_fixed(s, len, 6, &millionths) || millionths > INT64_MAX / 120)
        return false;
    int64_t nearest = (millionths * 60 + 500000) / 1000000;
    int64_t apart = millionths * 60 - nearest * 1000000; /* in millionths of a minute; 0.005 h is 0.3 minutes */
    if (apart > 300000 || apart < -300000)
        return false;
    *minutes = nearest;
    return true;
}

bool hcb__valid_utf8(const char *s, size_t len) {
    const unsigned char *p = (const unsigned char *)s, *end = p + len;
    while (p < end) {
        unsigned c = *p++;
        if (c < 0x80)
            continue;
        int more = c >= 0xc2 && c <= 0xdf ? 1 : c >= 0xe0 && c <= 0xef ? 2 : c >= 0xf0 && c <= 0xf4 ? 3 : 0;
        if (!more || end - p < more)
            return false;
        uint32_t point = c & (0x3fu >> more);
        for (int i = 0; i < more; i++, p++) {
            if ((*p & 0xc0) != 0x80)
                return false;
            point = point << 6 | (*p & 0x3f);
        }
        if ((more == 2 && point < 0x800) || (more == 3 && point < 0x10000) || point > 0x10ffff ||
            (point >= 0xd800 && point <= 0xdfff))
            return false;
    }
    return true;
}

size_t hcb__utf8_prefix(const char *s, size_t len) {
    if (hcb__valid_utf8(s, len))
        return len;
    size_t at = 0;
    while (at < len) {
        unsigned char lead = (unsigned char)s[at];
        size_t n = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (n > len - at || !hcb__valid_utf8(s + at, n))
            break;
        at += n;
    }
    return at;
}

void hcb__utf8_mend(char *s) {
    for (s += hcb__utf8_prefix(s, strlen(s)); *s; s += hcb__utf8_prefix(s, strlen(s)))
        *s++ = '?';
}

bool hcb__valid_id(const char *s, size_t len) {
    if (len < 1 || len > 64 || !hcb__valid_utf8(s, len))
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c < 0x20 || c == 0x7f || (c == 0xc2 && i + 1 < len && (unsigned char)s[i + 1] < 0xa0))
            return false;
    }
    return true;
}

int hcb__compare_ids(const char *a, const char *b) {
    return strcmp(a, b);
}
