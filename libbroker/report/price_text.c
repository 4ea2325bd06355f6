/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/price_text.h"

void hcb__price_number(hcb__text *out, int64_t value, int decimals, int width) {
    hcb__text number;
    hcb__text_init(&number, out->mem);
    hcb__text_fixed(&number, value, decimals);
    for (int pad = width - (int)number.count; pad > 0; pad--)
        hcb__text_putc(out, ' ');
    hcb__text_add(out, number.at ? number.at : "", number.count);
    out->failed |= number.failed;
    hcb__text_free(&number);
}

hcb_status hcb__price_write(hcb_text **out, hcb_context *ctx, hcb__price_writer writer, void *what) {
    hcb_status status = hcb__text_handle(out, ctx);
    if (status != HCB_OK)
        return status;
    status = writer(hcb__text_of(*out), ctx, what);
    if (status == HCB_OK)
        return hcb__text_finish(out, ctx);
    hcb_text_free(*out);
    *out = NULL;
    return status;
}
