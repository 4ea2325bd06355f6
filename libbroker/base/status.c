/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hcbroker/status.h"

const char *hcb_status_name(hcb_status status) {
    switch (status) {
    case HCB_OK:
        return "HCB_OK";
#define CASE(name, number, text)                                                                                       \
    case number:                                                                                                       \
        return "HCB_" #name;
        HCB_STATUS_MAP(CASE)
#undef CASE
    default:
        return "HCB_UNKNOWN";
    }
}

const char *hcb_status_text(hcb_status status) {
    switch (status) {
    case HCB_OK:
        return "done";
#define CASE(name, number, text)                                                                                       \
    case number:                                                                                                       \
        return text;
        HCB_STATUS_MAP(CASE)
#undef CASE
    default:
        return "an unknown status";
    }
}
