/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hcbroker/context.h"

const char *hcb_version(void) {
    return HCB_VERSION_STRING;
}
