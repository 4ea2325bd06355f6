/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structures of callers that were compiled against another version: each begins with its own size. */
#ifndef HCB_BASE_OPTIONS_H
#define HCB_BASE_OPTIONS_H

#include <stddef.h>

#include "base/context.h"

/* Whether a caller can have set this size: there is more than the size itself, and no field is cut. */
bool hcb__struct_size_ok(uint32_t struct_size);

/* All defaults; NULL is fine. */
void hcb__options_init(const char *structure, void *options);

/* A caller's options into `out`, a structure of that name (base/option_rows.c): first the defaults, then what was
 * given, then each value against its row; HCB_EINVAL names field, value and bounds. An older caller's structure is
 * shorter: what it lacks stays at the default. A newer one's is longer: what we do not know must be 0, or the call asks
 * for something that we cannot do (HCB_EVERSION). Options within whose struct_size is 0 are the defaults. `given` NULL:
 * the defaults. `ctx` NULL: no record. */
HCB_NODISCARD hcb_status hcb__options_take(hcb_context *ctx, void *out, const char *structure, const void *given);

/* The sizes alone: what was given over what `out` (`size` bytes) holds. */
HCB_NODISCARD hcb_status hcb__struct_take(hcb_context *ctx, void *out, size_t size, const void *given);

/* A result (`full`, `size` bytes) into a caller's structure: as much as it has room for; a longer one's tail becomes 0.
 * HCB_EVERSION when its struct_size is not set. */
HCB_NODISCARD hcb_status hcb__result_give(void *out, const void *full, size_t size);

#endif
