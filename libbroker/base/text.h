/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growable text, and numbers, dates and ids to and from text without regard to the locale. */
#ifndef HCB_BASE_TEXT_H
#define HCB_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

/* Text that grows. After an allocation failed, `failed` is set and further additions do nothing, so that a writer
 * checks once at its end. Always ends in '\0' once something was added. */
typedef struct hcb__text {
    const hcb_allocator *mem;
    char *at;
    size_t count, cap;
    bool failed;
} hcb__text;

void hcb__text_init(hcb__text *text, const hcb_allocator *mem);
void hcb__text_free(hcb__text *text);
void hcb__text_clear(hcb__text *text);
void hcb__text_add(hcb__text *text, const char *bytes, size_t len);
void hcb__text_puts(hcb__text *text, const char *string);
void hcb__text_putc(hcb__text *text, char c);
void hcb__text_int(hcb__text *text, int64_t value);
/* value / 10^decimals with exactly `decimals` decimals: (1875, 2) gives 18.75, (-5, 2) gives -0.05. */
void hcb__text_fixed(hcb__text *text, int64_t value, int decimals);
/* printf without floating point conversions: those follow the locale; use hcb__text_double. */
void hcb__text_printf(hcb__text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Rounded to `decimals` (0..9), never "-0"; not finite gives "null". */
void hcb__text_double(hcb__text *text, double value, int decimals);

/* Whole number of the text [s, s + len): optional sign, digits, nothing else. False when it is not one or overflows. */
bool hcb__parse_int(const char *s, size_t len, int64_t *out);
/* Decimal number with at most `decimals` decimals as value x 10^decimals. No exponent, no spaces. False otherwise. */
bool hcb__parse_fixed(const char *s, size_t len, int decimals, int64_t *out);
/* Finite decimal number, '.' as the point, exponent allowed; "nan", "inf" and hexadecimal are refused. */
bool hcb__parse_double(const char *s, size_t len, double *out);

/* Days since 1970-01-01 of a proleptic Gregorian date; HCB__NO_DATE means not given. */
#define HCB__NO_DATE INT32_MIN
bool hcb__parse_date(const char *s, size_t len, int32_t *days);
void hcb__text_date(hcb__text *text, int32_t days);
void hcb__civil_date(int32_t days, int32_t *year, int32_t *month, int32_t *day);

/* `07:30` as minutes from midnight; up to 24:00 when `end` is set. */
bool hcb__parse_time(const char *s, size_t len, bool end, int32_t *minutes);

/* Hours as minutes: `14.5`, `14:20`. Decimal hours within 0.005 h of a whole minute are rounded, else refused. */
bool hcb__parse_hours(const char *s, size_t len, int64_t *minutes);

/* An id: 1 to 64 bytes of valid UTF-8 without control characters. */
bool hcb__valid_id(const char *s, size_t len);
bool hcb__valid_utf8(const char *s, size_t len);
/* Offset of the first byte that is not part of valid UTF-8; len when all of it is. */
size_t hcb__utf8_prefix(const char *s, size_t len);
/* Puts a question mark for every byte that is not part of valid UTF-8. */
void hcb__utf8_mend(char *s);

/* Order of ids: as bytes, a prefix first. */
int hcb__compare_ids(const char *a, const char *b);

#endif
