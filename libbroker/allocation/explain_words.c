/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits in words. */
#include <string.h>

#include "allocation/explain.h"

enum { WHOLE = 10000, SECONDS = 60 };

static void hours(hcb__text *out, int64_t minutes) {
    hcb__text_printf(out, "%lld:%02lld", (long long)(minutes / 60), (long long)(minutes % 60));
}

void hcb__explain_raise_words(hcb__text *out, const hcb__explanation *x, const hcb__raise *raise) {
    const hcb__alloc_row *row = &x->problem->rows[raise->row];
    const hcb__model *model = x->model;
    const char *provider = row->provider < 0 ? "" : model->providers[row->provider].id;
    const char *zone = row->zone < 0 ? "" : model->zones->zones[row->zone].id;
    bool seconds = hcb__explain_in_seconds(x, raise->row);
    int64_t minutes = seconds ? (raise->by + SECONDS - 1) / SECONDS : raise->by;
    int64_t shared = (raise->by + WHOLE - 1) / WHOLE;
    if (row->provider >= 0)
        hcb__text_printf(out, "%s: ", provider);
    if (strncmp(row->name, "hours/", 6) == 0) {
        hours(out, minutes);
        hcb__text_puts(out, " more hours a week");
    } else if (strncmp(row->name, "zone/", 5) == 0) {
        hours(out, minutes);
        hcb__text_printf(out, " more hours in zone %s", zone);
    } else if (strncmp(row->name, "block/", 6) == 0) {
        hours(out, minutes);
        hcb__text_printf(out, " more hours of %s visits", strrchr(row->name, '/') + 1);
    } else if (strncmp(row->name, "new/", 4) == 0) {
        hcb__text_printf(out, "%lld more new package%s a week", (long long)raise->by, raise->by == 1 ? "" : "s");
    } else if (strncmp(row->name, "share_max/", 10) == 0) {
        hours(out, shared);
        hcb__text_printf(out, " above its largest share of zone %s", zone);
    } else if (strncmp(row->name, "share_min/", 10) == 0) {
        hours(out, shared);
        hcb__text_printf(out, " below the promised share of zone %s", zone);
    } else {
        hcb__text_printf(out, "%lld more people who may change provider", (long long)raise->by);
    }
}
