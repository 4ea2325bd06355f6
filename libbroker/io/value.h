/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts with a meaning, for every reader: each function gives the value, or false and a sentence that names the text
 * and what was expected. */
#ifndef HCB_IO_VALUE_H
#define HCB_IO_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hcb__why {
    char text[1024];
} hcb__why;

void hcb__say(hcb__why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool hcb__value_id(const char *s, size_t len, hcb__why *why);
/* A bound of INT64_MIN or INT64_MAX (not finite for doubles) is not mentioned. */
bool hcb__value_int(const char *s, size_t len, int64_t low, int64_t high, int64_t *out, hcb__why *why);
bool hcb__value_fixed(const char *s, size_t len, int decimals, int64_t low, int64_t high, int64_t *out, hcb__why *why);
bool hcb__value_double(const char *s, size_t len, double low, double high, double *out, hcb__why *why);
bool hcb__value_hours(const char *s, size_t len, int64_t high_minutes, int64_t *minutes, hcb__why *why);
bool hcb__value_date(const char *s, size_t len, int32_t *days, hcb__why *why);
bool hcb__value_time(const char *s, size_t len, bool end, int32_t *minutes, hcb__why *why);
bool hcb__value_bool(const char *s, size_t len, bool *out, hcb__why *why);
bool hcb__value_word(const char *s, size_t len, const char *const *words, size_t n_words, int32_t *out, hcb__why *why);
bool hcb__value_money(const char *s, size_t len, int64_t high_pence, int64_t *pence, hcb__why *why);

/* The text in quotes, cut to about 60 bytes between characters. */
typedef struct hcb__shown {
    char text[80];
} hcb__shown;
hcb__shown hcb__show(const char *s, size_t len);

#endif
