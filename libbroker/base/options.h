/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structures of callers that were compiled against another version: each begins with its own size. */
#ifndef HCB_BASE_OPTIONS_H
#define HCB_BASE_OPTIONS_H

#include <stddef.h>

#include "base/context.h"
#include "base/options.h"

/* Whether a caller can have set this size: there is more than the size itself, and no field is cut. */
bool hcb__struct_size_ok(uint32_t struct_size);

/* A caller's options into `out` (`size` bytes), which holds the defaults and its size. An older caller's structure is
 * shorter: what it lacks stays at the default. A newer one's is longer: what we do not know must be 0, or the call asks
 * for something that we cannot do (HCB_EVERSION). `given` NULL: the defaults. `ctx` NULL: no record. */
HCB_NODISCARD hcb_status hcb__options_take(hcb_context *ctx, void *out, size_t size, const void *given);

/* Options within options, which stand last there, after the outer ones were taken. A struct_size of 0: the defaults. */
HCB_NODISCARD hcb_status hcb__options_inner(hcb_context *ctx, void *inner, size_t size, const void *defaults);

/* A result (`full`, `size` bytes) into a caller's structure: as much as it has room for; a longer one's tail becomes 0.
 * HCB_EVERSION when its struct_size is not set. */
HCB_NODISCARD hcb_status hcb__result_give(void *out, const void *full, size_t size);

#endif
