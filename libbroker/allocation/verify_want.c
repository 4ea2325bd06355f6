/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "allocation/verify_want.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Without printf's floating point, which follows the locale. */
static void show_number(double value, char out[80]) {
    if (!(fabs(value) < 1e12)) {
        snprintf(out, 80, "a number of great size");
        return;
    }
    int64_t millionths = llround(fabs(value) * 1e6);
    snprintf(out, 80, "%s%lld.%06lld", value < 0 ? "-" : "", (long long)(millionths / 1000000),
             (long long)(millionths % 1000000));
}

/* A value in a few words, for the finding. */
static void show(const hcb__json *value, char out[80]) {
    int64_t number;
    double real;
    bool yes = false;
    switch (hcb__json_kind_of(value)) {
    case HCB__JSON_ABSENT:
        snprintf(out, 80, "absent");
        break;
    case HCB__JSON_NULL:
        snprintf(out, 80, "null");
        break;
    case HCB__JSON_BOOL:
        (void)hcb__json_bool(value, &yes);
        snprintf(out, 80, "%s", yes ? "true" : "false");
        break;
    case HCB__JSON_STRING:
        snprintf(out, 80, "%s", hcb__json_string(value, NULL));
        break;
    default:
        if (hcb__json_int(value, &number))
            snprintf(out, 80, "%lld", (long long)number);
        else if (hcb__json_number(value, &real))
            show_number(real, out);
        else
            snprintf(out, 80, "a list or an object");
    }
}

void hcb__vf_want_fail(hcb__vf_want *want, const char *key, const char *expected) {
    char found[80];
    show(hcb__json_get(want->object, key), found);
    hcb__vf_find(want->report, want->file, want->record, key, found, expected, "%s%s%s is %s; must be %s", want->record,
                 *want->record ? " " : "", key, found, expected);
}

void hcb__vf_want_int(hcb__vf_want *want, const char *key, int64_t expected) {
    int64_t found;
    char text[32];
    want->count++;
    snprintf(text, sizeof text, "%lld", (long long)expected);
    if (!hcb__json_int(hcb__json_get(want->object, key), &found) || found != expected)
        hcb__vf_want_fail(want, key, text);
}

void hcb__vf_want_text(hcb__vf_want *want, const char *key, const char *expected) {
    const hcb__json *value = hcb__json_get(want->object, key);
    const char *found = hcb__json_string(value, NULL);
    want->count++;
    if (expected ? !found || strcmp(found, expected) != 0 : hcb__json_kind_of(value) != HCB__JSON_NULL)
        hcb__vf_want_fail(want, key, expected ? expected : "null");
}

void hcb__vf_want_bool(hcb__vf_want *want, const char *key, bool expected) {
    bool found;
    want->count++;
    if (!hcb__json_bool(hcb__json_get(want->object, key), &found) || found != expected)
        hcb__vf_want_fail(want, key, expected ? "true" : "false");
}

void hcb__vf_want_number(hcb__vf_want *want, const char *key, double expected, int decimals) {
    double found;
    char text[80];
    want->count++;
    show_number(expected, text);
    double half = 0.5 * pow(10, -decimals);
    if (!hcb__json_number(hcb__json_get(want->object, key), &found) || fabs(found - expected) > half * 1.000001)
        hcb__vf_want_fail(want, key, text);
}

void hcb__vf_want_replan(hcb__vf_want *want, int64_t replan) {
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)replan);
    hcb__vf_want_text(want, "replan",
                      replan == HCB__VF_REPLAN_FIXED  ? "fixed"
                      : replan == HCB__VF_REPLAN_FREE ? "free"
                                                      : text);
}
