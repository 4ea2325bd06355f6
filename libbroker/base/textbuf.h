/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public handle of a text that a call gives back. */
#ifndef HCB_BASE_TEXTBUF_H
#define HCB_BASE_TEXTBUF_H

#include "base/context.h"
#include "base/text.h"
#include "hcbroker/text.h"

/* A new, empty text. */
HCB_NODISCARD hcb_status hcb__text_handle(hcb_text **out, hcb_context *ctx);
hcb__text *hcb__text_of(hcb_text *text);
/* HCB_OK when all of it could be kept, else frees it, sets *out to NULL and gives HCB_ENOMEM. */
HCB_NODISCARD hcb_status hcb__text_finish(hcb_text **out, hcb_context *ctx);

#endif
