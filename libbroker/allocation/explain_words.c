/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits in words. */
#include <string.h>

#include "allocation/explain.h"

enum { WHOLE = 10000, SECONDS = 60 };

static void hours(hcb__text *out, int64_t minutes) {
    hcb__text_printf(out, "%lld:%02lld", (long long)(minutes / 60), (long long)(minutes % 60));
}

/* The part of a row's name after its n-th stroke, and its length. */
static const char *part(const char *name, int n, int *length) {
    for (; n > 0; n--)
        name = strchr(name, '/') + 1;
    const char *end = strchr(name, '/');
    *length = end ? (int)(end - name) : (int)strlen(name);
    return name;
}

void hcb__explain_raise_words(hcb__text *out, const hcb__explanation *x, const hcb__raise *raise) {
    const char *name = x->problem->rows[raise->row].name;
    bool seconds = hcb__explain_in_seconds(x, raise->row);
    int64_t minutes = seconds ? (raise->by + SECONDS - 1) / SECONDS : raise->by;
    int64_t shared = (raise->by + WHOLE - 1) / WHOLE;
    int n = 0, m = 0;
    const char *first = strcmp(name, "moves") == 0 ? name : part(name, 1, &n), *second;
    if (strncmp(name, "hours/", 6) == 0) {
        hcb__text_printf(out, "%s: ", first);
        hours(out, minutes);
        hcb__text_puts(out, " more hours a week");
    } else if (strncmp(name, "zone/", 5) == 0) {
        second = part(name, 2, &m);
        hcb__text_printf(out, "%.*s: ", n, first);
        hours(out, minutes);
        hcb__text_printf(out, " more hours in zone %s", second);
    } else if (strncmp(name, "block/", 6) == 0) {
        second = part(name, 2, &m);
        hcb__text_printf(out, "%.*s: ", n, first);
        hours(out, minutes);
        hcb__text_printf(out, " more hours of %s visits", second);
    } else if (strncmp(name, "new/", 4) == 0) {
        hcb__text_printf(out, "%s: %lld more new package%s a week", first, (long long)raise->by,
                         raise->by == 1 ? "" : "s");
    } else if (strncmp(name, "share_max/", 10) == 0) {
        second = part(name, 2, &m);
        hcb__text_printf(out, "%s: ", part(name, 3, &n));
        hours(out, shared);
        hcb__text_printf(out, " above its largest share of zone %.*s", m, second);
    } else if (strncmp(name, "share_min/", 10) == 0) {
        hours(out, shared);
        hcb__text_printf(out, " below the promised share of zone %s", part(name, 2, &m));
    } else {
        hcb__text_printf(out, "%lld more people who may change provider", (long long)raise->by);
    }
}
