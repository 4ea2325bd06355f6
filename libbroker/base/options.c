/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options.h"

#include <string.h>

static uint32_t size_of(const void *structure) {
    uint32_t size;
    memcpy(&size, structure, sizeof size);
    return size;
}

bool hcb__struct_size_ok(uint32_t struct_size) {
    return struct_size >= 2 * sizeof struct_size && struct_size % sizeof struct_size == 0;
}

static hcb_status refuse(hcb_context *ctx, const char *message) {
    return ctx ? hcb__fail(ctx, HCB_EVERSION, "%s", message) : HCB_EVERSION;
}

hcb_status hcb__options_take(hcb_context *ctx, void *out, size_t size, const void *given) {
    if (!given)
        return HCB_OK;
    const uint32_t theirs = size_of(given), ours = (uint32_t)size;
    if (!hcb__struct_size_ok(theirs))
        return refuse(ctx, "options: struct_size is not set");
    for (size_t i = size; i < theirs; i++)
        if (((const char *)given)[i])
            return refuse(ctx, "options: a field that this version does not know is set");
    memcpy(out, given, theirs < size ? theirs : size);
    memcpy(out, &ours, sizeof ours);
    return HCB_OK;
}

hcb_status hcb__options_inner(hcb_context *ctx, void *inner, size_t size, const void *defaults) {
    const uint32_t ours = (uint32_t)size;
    if (size_of(inner) == 0)
        memcpy(inner, defaults, size);
    if (!hcb__struct_size_ok(size_of(inner)))
        return refuse(ctx, "options: struct_size of the options within is not set");
    memcpy(inner, &ours, sizeof ours);
    return HCB_OK;
}

hcb_status hcb__result_give(void *out, const void *full, size_t size) {
    const uint32_t theirs = size_of(out);
    if (!hcb__struct_size_ok(theirs))
        return HCB_EVERSION;
    memcpy(out, full, theirs < size ? theirs : size);
    if (theirs > size)
        memset((char *)out + size, 0, theirs - size);
    memcpy(out, &theirs, sizeof theirs);
    return HCB_OK;
}
