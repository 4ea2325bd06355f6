/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include <hcbroker/context.h>

int main(void) {
    hcb_context *ctx = NULL;
    if (hcb_context_create(&ctx, NULL) != HCB_OK)
        return 1;
    hcb_context_free(ctx);
    puts(hcb_version());
    return 0;
}
