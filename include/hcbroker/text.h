/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * Text that a call gives back.
 */
#ifndef HCB_TEXT_H
#define HCB_TEXT_H

#include <stddef.h>

#include "hcbroker/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hcb_text hcb_text;

/** How a result is printed. */
enum { HCB_FORMAT_TEXT = 0, HCB_FORMAT_JSON = 1, HCB_FORMAT_CSV = 2 };

/** The bytes, followed by a '\0'; borrowed until the text is freed. "" for NULL. */
HCB_API const char *hcb_text_data(const hcb_text *text);

/** Their number, without the '\0'. */
HCB_API size_t hcb_text_size(const hcb_text *text);

/** Free a text; NULL is fine. */
HCB_API void hcb_text_free(hcb_text *text);

/** Write a text to a file, under a temporary name first. HCB_EINVAL, HCB_EIO, HCB_ENOMEM. */
HCB_API HCB_NODISCARD hcb_status hcb_text_save(hcb_context *ctx, const hcb_text *text, const char *path);

#ifdef __cplusplus
}
#endif

#endif
