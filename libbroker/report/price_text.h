/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HCB_REPORT_PRICE_TEXT_H
#define HCB_REPORT_PRICE_TEXT_H

#include "base/textbuf.h"

/* value / 10^decimals in a column of `width` characters, to the right. */
void hcb__price_number(hcb__text *out, int64_t value, int decimals, int width);

/* Writes into a new text and hands it over; gives back `status` of the writer. */
typedef hcb_status (*hcb__price_writer)(hcb__text *out, hcb_context *ctx, void *what);
HCB_NODISCARD hcb_status hcb__price_write(hcb_text **out, hcb_context *ctx, hcb__price_writer writer, void *what);

#endif
