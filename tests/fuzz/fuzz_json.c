/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever the text: no crash, no leak, a syntax error has a place; and what was read can be written and read again. */
#include <string.h>

#include "fuzz.h"
#include "io/json.h"

static void copy(hcb__json *value, hcb__json_writer *w) {
    int64_t whole;
    double real;
    bool flag;
    void *cursor = NULL;
    const char *key;
    switch (hcb__json_kind_of(value)) {
    case HCB__JSON_OBJECT:
        hcb__jw_object(w);
        for (hcb__json *member; !w->out->failed && (member = hcb__json_next(value, &cursor, &key));) {
            FUZZ_CHECK(hcb__json_get(value, key) == member);
            hcb__jw_key(w, key);
            copy(member, w);
        }
        hcb__jw_end_object(w);
        break;
    case HCB__JSON_ARRAY:
        hcb__jw_array_flat(w);
        for (size_t i = 0; !w->out->failed && i < hcb__json_count(value); i++)
            copy(hcb__json_at(value, i), w);
        hcb__jw_end_array(w);
        break;
    case HCB__JSON_STRING:
        hcb__jw_string(w, hcb__json_string(value, NULL));
        break;
    case HCB__JSON_BOOL:
        FUZZ_CHECK(hcb__json_bool(value, &flag));
        hcb__jw_bool(w, flag);
        break;
    case HCB__JSON_INT:
        FUZZ_CHECK(hcb__json_int(value, &whole));
        hcb__jw_int(w, whole);
        break;
    case HCB__JSON_REAL:
        FUZZ_CHECK(hcb__json_number(value, &real));
        hcb__jw_double(w, real, 9);
        break;
    default:
        hcb__jw_null(w);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    counting memory;
    hcb_context *ctx = fuzz_begin(&memory);
    hcb__json_doc *doc, *again;
    hcb_status status = hcb__json_parse(&doc, ctx, (const char *)data, size, "f");
    FUZZ_CHECK(status == HCB_OK || (status == HCB_EPARSE && !doc && hcb_context_diagnostic_count(ctx) == 1));
    if (status == HCB_OK) {
        for (int compact = 0; compact < 2; compact++) {
            hcb__text out;
            hcb__json_writer w;
            hcb__text_init(&out, &memory.mem);
            hcb__jw_init(&w, &out, compact);
            copy(hcb__json_root(doc), &w);
            if (!out.failed) {
                FUZZ_CHECK(hcb__json_parse(&again, ctx, out.at, out.count, "f") == HCB_OK);
                FUZZ_CHECK(hcb__json_count(hcb__json_root(doc)) == hcb__json_count(hcb__json_root(again)));
                hcb__json_close(again);
            }
            hcb__text_free(&out);
        }
        hcb__json_close(doc);
    }
    fuzz_end(ctx, &memory, size);
    return 0;
}
