/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells with a meaning. */
#include "io/csv.h"

#include "io/value.h"

static hcb__cell verdict(hcb__csv *csv, size_t column, bool good, const hcb__why *why) {
    if (good)
        return HCB__CELL_OK;
    hcb__where where = hcb__csv_where(csv, column);
    hcb__diag_error(hcb__csv_context(csv), &where, "%s", why->text);
    return HCB__CELL_BAD;
}

hcb__cell hcb__csv_id(hcb__csv *csv, size_t column, const char **out, size_t *len) {
    hcb__why why;
    size_t n;
    const char *s = hcb__csv_text(csv, column, &n);
    if (!s)
        return HCB__CELL_EMPTY;
    bool good = hcb__value_id(s, n, &why);
    if (good) {
        *out = s;
        *len = n;
    }
    return verdict(csv, column, good, &why);
}

hcb__cell hcb__csv_int(hcb__csv *csv, size_t column, int64_t low, int64_t high, int64_t *out) {
    hcb__why why;
    size_t n;
    int64_t typed;
    if (hcb__csv_typed_int(csv, column, &typed) && typed >= low && typed <= high) {
        *out = typed;
        return HCB__CELL_OK;
    }
    const char *s = hcb__csv_text(csv, column, &n);
    return s ? verdict(csv, column, hcb__value_int(s, n, low, high, out, &why), &why) : HCB__CELL_EMPTY;
}

hcb__cell hcb__csv_fixed(hcb__csv *csv, size_t column, int decimals, int64_t low, int64_t high, int64_t *out) {
    hcb__why why;
    size_t n;
    const char *s = hcb__csv_text(csv, column, &n);
    return s ? verdict(csv, column, hcb__value_fixed(s, n, decimals, low, high, out, &why), &why) : HCB__CELL_EMPTY;
}

hcb__cell hcb__csv_double(hcb__csv *csv, size_t column, double low, double high, double *out) {
    hcb__why why;
    size_t n;
    double typed;
    if (hcb__csv_typed_double(csv, column, &typed) && typed >= low && typed <= high) {
        *out = typed;
        return HCB__CELL_OK;
    }
    const char *s = hcb__csv_text(csv, column, &n);
    return s ? verdict(csv, column, hcb__value_double(s, n, low, high, out, &why), &why) : HCB__CELL_EMPTY;
}

hcb__cell hcb__csv_hours(hcb__csv *csv, size_t column, int64_t high_minutes, int64_t *minutes) {
    hcb__why why;
    size_t n;
    const char *s = hcb__csv_text(csv, column, &n);
    return s ? verdict(csv, column, hcb__value_hours(s, n, high_minutes, minutes, &why), &why) : HCB__CELL_EMPTY;
}

hcb__cell hcb__csv_date(hcb__csv *csv, size_t column, int32_t *days) {
    hcb__why why;
    size_t n;
    const char *s = hcb__csv_text(csv, column, &n);
    return s ? verdict(csv, column, hcb__value_date(s, n, days, &why), &why) : HCB__CELL_EMPTY;
}

hcb__cell hcb__csv_time(hcb__csv *csv, size_t column, bool end, int32_t *minutes) {
    hcb__why why;
    size_t n;
    const char *s = hcb__csv_text(csv, column, &n);
    return s ? verdict(csv, column, hcb__value_time(s, n, end, minutes, &why), &why) : HCB__CELL_EMPTY;
}

hcb__cell hcb__csv_bool(hcb__csv *csv, size_t column, bool *out) {
    hcb__why why;
    size_t n;
    const char *s = hcb__csv_text(csv, column, &n);
    return s ? verdict(csv, column, hcb__value_bool(s, n, out, &why), &why) : HCB__CELL_EMPTY;
}

hcb__cell hcb__csv_word(hcb__csv *csv, size_t column, const char *const *words, size_t n_words, int32_t *out) {
    hcb__why why;
    size_t n;
    const char *s = hcb__csv_text(csv, column, &n);
    return s ? verdict(csv, column, hcb__value_word(s, n, words, n_words, out, &why), &why) : HCB__CELL_EMPTY;
}

hcb__cell hcb__csv_money(hcb__csv *csv, size_t column, int64_t high_pence, int64_t *pence) {
    hcb__why why;
    size_t n;
    const char *s = hcb__csv_text(csv, column, &n);
    return s ? verdict(csv, column, hcb__value_money(s, n, high_pence, pence, &why), &why) : HCB__CELL_EMPTY;
}

bool hcb__csv_list(const hcb__csv *csv, size_t column, size_t *cursor, const char **item, size_t *len) {
    size_t n;
    const char *s = hcb__csv_text(csv, column, &n);
    while (s && *cursor < n) {
        size_t begin = *cursor, end = begin;
        while (end < n && s[end] != ';')
            end++;
        *cursor = end + 1;
        while (begin < end && (s[begin] == ' ' || s[begin] == '\t'))
            begin++;
        while (begin < end && (s[end - 1] == ' ' || s[end - 1] == '\t'))
            end--;
        if (begin < end) {
            *item = s + begin;
            *len = end - begin;
            return true;
        }
    }
    return false;
}
