/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public call: the data of a result, put into the template. */
#include "report/page.h"

#include <string.h>

#include "base/options.h"
#include "base/textbuf.h"

_Static_assert(sizeof(hcb_report_options) == 24, "no padding");

void hcb__html_text(hcb__text *out, const char *text) {
    for (const char *s = text; *s; s++) {
        switch (*s) {
        case '&':
            hcb__text_puts(out, "&amp;");
            break;
        case '<':
            hcb__text_puts(out, "&lt;");
            break;
        case '>':
            hcb__text_puts(out, "&gt;");
            break;
        case '"':
            hcb__text_puts(out, "&quot;");
            break;
        case '\'':
            hcb__text_puts(out, "&#39;");
            break;
        default:
            hcb__text_putc(out, *s);
        }
    }
}

/* No "</script>" and no "<!--" can stand in it: '<' occurs in JSON only inside strings. */
static void put_data(hcb__text *out, const hcb__text *json) {
    const char *s = json->at, *end = s + json->count;
    for (const char *next; s < end; s = next + 1) {
        next = memchr(s, '<', (size_t)(end - s));
        if (!next) {
            hcb__text_add(out, s, (size_t)(end - s));
            return;
        }
        hcb__text_add(out, s, (size_t)(next - s));
        hcb__text_puts(out, "\\u003c");
    }
}

/* The template up to a mark; *at moves behind it. */
static hcb_status put_until(hcb__text *out, hcb_context *ctx, const char **at, const char *mark) {
    const char *found = strstr(*at, mark);
    if (!found)
        return hcb__fail(ctx, HCB_EDATA, "the page's template lacks \"%s\"", mark);
    hcb__text_add(out, *at, (size_t)(found - *at));
    *at = found + strlen(mark);
    return HCB_OK;
}

static hcb_status fill(hcb__text *out, hcb__page_source *source, const char *template) {
    static const char title_mark[] = "%HCB_TITLE%", data_mark[] = "%HCB_DATA%";
    hcb__text json;
    hcb__text_init(&json, &source->ctx->mem);
    hcb_status status = hcb__page_data(&json, source);
    const char *name = hcb__json_string(hcb__json_get(hcb__json_root(source->main), "name"), NULL);
    if (status == HCB_OK && json.failed)
        status = hcb__nomem(source->ctx);
    if (status == HCB_OK)
        status = put_until(out, source->ctx, &template, title_mark);
    if (status == HCB_OK) {
        hcb__html_text(out, name ? name : source->model ? source->model->name : "hcbroker");
        status = put_until(out, source->ctx, &template, data_mark);
    }
    if (status == HCB_OK) {
        put_data(out, &json);
        hcb__text_puts(out, template);
    }
    hcb__text_free(&json);
    return status;
}

static hcb_status make(hcb_text **out, hcb_context *ctx, const char *folder, const hcb_report_options *o) {
    size_t size;
    const char *template = o->plain ? NULL : hcb__page_template(&size);
    hcb__page_source source;
    hcb_status status = hcb__page_open(&source, ctx, folder, o);
    if (status == HCB_OK)
        status = hcb__text_handle(out, ctx);
    if (status == HCB_OK) {
        if (template)
            status = fill(hcb__text_of(*out), &source, template);
        else
            hcb__page_plain(hcb__text_of(*out), &source);
    }
    hcb__page_close(&source);
    if (status == HCB_OK)
        return hcb__text_finish(out, ctx);
    hcb_text_free(*out);
    *out = NULL;
    return status;
}

hcb_status hcb_report_page(hcb_text **out, hcb_context *ctx, const char *folder, const hcb_report_options *options) {
    hcb_report_options taken;
    if (!out || !ctx || !folder)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    status = hcb__options_take(ctx, &taken, "hcb_report_options", options);
    return hcb__end(ctx, status == HCB_OK ? make(out, ctx, folder, &taken) : status);
}
