/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/oserror.h"

#include <stdio.h>
#include <string.h>

hcb_status hcb__os_error(hcb_context *ctx, hcb_status code, const hcb__where *where, const char *what, int error) {
    char text[128];
    if (strerror_r(error, text, sizeof text) != 0)
        snprintf(text, sizeof text, "error %d", error);
    return hcb__fail_at(ctx, code, where, "%s: %s", what, text);
}
