/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

const hcb__memory_file *hcb__memory_of(const hcb_context *ctx, const char *key) {
    for (size_t i = 0; ctx->memory && i < ctx->memory->n_files; i++)
        if (strcmp(ctx->memory->files[i].key, key) == 0)
            return &ctx->memory->files[i];
    return NULL;
}

const hcb__memory_file *hcb__memory_at(const hcb_context *ctx, const char *path) {
    for (size_t i = 0; ctx->memory && i < ctx->memory->n_files; i++)
        if (strcmp(ctx->memory->files[i].path, path) == 0)
            return &ctx->memory->files[i];
    return NULL;
}

static bool given(const hcb_column *column, size_t row) {
    return !column->valid || column->valid[row];
}

static bool blank(char c) {
    return c == ' ' || c == '\t';
}

static void put(const char *s, size_t n, char *out, size_t *len) {
    while (n && blank(*s))
        s++, n--;
    while (n && blank(s[n - 1]))
        n--;
    *len = n;
    if (n)
        memcpy(out, s, n);
    out[n] = '\0';
}

enum { NUMBER_MAX = 40 };
enum { FIRST_DAY = -719162, LAST_DAY = 2932896 }; /* 0001-01-01, 9999-12-31 */

/* The shortest plain decimal of up to nine places that is this number; else 17 digits, which always are. */
static int number_text(double value, char out[NUMBER_MAX]) {
    static const double exact = 9007199254740992.0; /* 2^53 */
    int64_t unit = 1;
    for (int decimals = 0; decimals <= 9; decimals++, unit *= 10) {
        double scaled = nearbyint(value * (double)unit);
        if (fabs(scaled) > exact)
            break;
        if (scaled / (double)unit != value)
            continue;
        int64_t digits = (int64_t)fabs(scaled);
        const char *sign = scaled < 0 ? "-" : "";
        if (decimals == 0)
            return snprintf(out, NUMBER_MAX, "%s%" PRId64, sign, digits);
        return snprintf(out, NUMBER_MAX, "%s%" PRId64 ".%0*" PRId64, sign, digits / unit, decimals, digits % unit);
    }
    int n = snprintf(out, NUMBER_MAX, "%.17g", value);
    char *point = strchr(out, ','); /* some locales write it so */
    if (point)
        *point = '.';
    return n;
}

static int date_text(int32_t days, char out[NUMBER_MAX]) {
    int32_t year, month, day;
    if (days < FIRST_DAY || days > LAST_DAY)
        return snprintf(out, NUMBER_MAX, "day %" PRId32, days);
    hcb__civil_date(days, &year, &month, &day);
    return snprintf(out, NUMBER_MAX, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, year, month, day);
}

static bool typed_int(const hcb_column *column, size_t row, int64_t *out) {
    if (!given(column, row))
        return false;
    if (column->type == HCB_COLUMN_INT64)
        *out = ((const int64_t *)column->data)[row];
    else if (column->type == HCB_COLUMN_INT32)
        *out = ((const int32_t *)column->data)[row];
    else
        return false;
    return true;
}

static bool whole_double(const hcb_column *column, size_t row, int64_t *out) {
    double value = column->type == HCB_COLUMN_DOUBLE && given(column, row) ? ((const double *)column->data)[row] : NAN;
    if (!(fabs(value) < 1e15) || nearbyint(value) != value)
        return false;
    *out = (int64_t)value;
    return true;
}

bool hcb__memory_int(const hcb_column *column, size_t row, int64_t *out) {
    return column->type == HCB_COLUMN_DOUBLE ? whole_double(column, row, out) : typed_int(column, row, out);
}

bool hcb__memory_double(const hcb_column *column, size_t row, double *out) {
    int64_t whole;
    if (column->type == HCB_COLUMN_DOUBLE && given(column, row)) {
        *out = ((const double *)column->data)[row];
        return !isnan(*out);
    }
    if (!hcb__memory_int(column, row, &whole))
        return false;
    *out = (double)whole;
    return true;
}

size_t hcb__memory_longest(const hcb_column *column, size_t n_rows) {
    size_t longest = NUMBER_MAX;
    for (size_t row = 0; row < n_rows && column->type <= HCB_COLUMN_BYTES; row++) {
        const char *text = column->type == HCB_COLUMN_TEXT ? ((const char *const *)column->data)[row] : NULL;
        size_t n = column->type == HCB_COLUMN_BYTES ? (size_t)(column->offsets[row + 1] - column->offsets[row])
                   : text                           ? strlen(text)
                                                    : 0;
        longest = n > longest ? n : longest;
    }
    return longest;
}

/* Of numbers and dates; 0 when there is none. */
static int value_text(const hcb_column *column, size_t row, char out[NUMBER_MAX]) {
    int64_t whole;
    double real;
    int32_t days;
    switch (column->type) {
    case HCB_COLUMN_BOOL:
        return snprintf(out, NUMBER_MAX, "%s", ((const uint8_t *)column->data)[row] ? "yes" : "no");
    case HCB_COLUMN_DATE:
        days = ((const int32_t *)column->data)[row];
        return days == HCB__NO_DATE ? 0 : date_text(days, out);
    case HCB_COLUMN_DOUBLE:
        return hcb__memory_double(column, row, &real) ? number_text(real, out) : 0;
    default:
        return typed_int(column, row, &whole) ? snprintf(out, NUMBER_MAX, "%" PRId64, whole) : 0;
    }
}

void hcb__memory_text(const hcb_column *column, size_t row, char *out, size_t *len) {
    char number[NUMBER_MAX] = "";
    const char *text = number;
    size_t n = 0;
    if (given(column, row)) {
        if (column->type == HCB_COLUMN_TEXT) {
            text = ((const char *const *)column->data)[row];
            n = text ? strlen(text) : 0;
        } else if (column->type == HCB_COLUMN_BYTES) {
            text = (const char *)column->data + column->offsets[row];
            n = (size_t)(column->offsets[row + 1] - column->offsets[row]);
        } else {
            n = (size_t)value_text(column, row, number);
        }
    }
    put(text, n, out, len);
}
