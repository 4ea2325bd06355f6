/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/textbuf.h"

struct hcb_text {
    hcb_allocator mem;
    hcb__text text;
};

hcb_status hcb__text_handle(hcb_text **out, hcb_context *ctx) {
    hcb_text *handle = hcb__calloc(&ctx->mem, 1, sizeof *handle);
    if (!handle)
        return hcb__nomem(ctx);
    handle->mem = ctx->mem;
    hcb__text_init(&handle->text, &handle->mem);
    *out = handle;
    return HCB_OK;
}

hcb__text *hcb__text_of(hcb_text *text) {
    return &text->text;
}

hcb_status hcb__text_finish(hcb_text **out, hcb_context *ctx) {
    if (!(*out)->text.failed)
        return HCB_OK;
    hcb_text_free(*out);
    *out = NULL;
    return hcb__nomem(ctx);
}

const char *hcb_text_data(const hcb_text *text) {
    return text && text->text.at ? text->text.at : "";
}

size_t hcb_text_size(const hcb_text *text) {
    return text ? text->text.count : 0;
}

void hcb_text_free(hcb_text *text) {
    if (!text)
        return;
    hcb__text_free(&text->text);
    hcb_allocator mem = text->mem;
    hcb__free(&mem, text);
}
