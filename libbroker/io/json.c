/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "io/file.h"

struct hcb__json_doc {
    hcb_context *ctx;
    json_t *root;
    const char *shown;
};

/* jansson counts characters and stops behind the word it objects to; we give the byte where that word begins. */
static hcb__where place_of(const char *bytes, size_t size, const json_error_t *error, const char *shown) {
    size_t at = error->position > 0 && (size_t)error->position <= size ? (size_t)error->position : 0;
    const char *near = strstr(error->text, "near '");
    size_t len = strlen(error->text);
    if (near && error->text[len - 1] == '\'') {
        size_t word = len - 1 - (size_t)(near + 6 - error->text);
        if (word > 0 && word <= at && memcmp(bytes + at - word, near + 6, word) == 0)
            at -= word;
        else if (at)
            at--;
    } else if (json_error_code(error) == json_error_numeric_overflow) { /* jansson does not repeat the number */
        while (at > 0 && memchr("+-.0123456789eE", bytes[at - 1], 15))
            at--;
    }
    hcb__where where = {shown, 1, 1, NULL};
    for (size_t i = 0; i < at; i++) {
        where.column++;
        if (bytes[i] == '\n') {
            where.line++;
            where.column = 1;
        }
    }
    return where;
}

hcb_status hcb__json_parse(hcb__json_doc **out, hcb_context *ctx, const char *bytes, size_t size, const char *shown) {
    *out = NULL;
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        size -= 3;
    }
    hcb__json_doc *doc = hcb__calloc(&ctx->mem, 1, sizeof *doc);
    if (!doc)
        return hcb__nomem(ctx);
    json_error_t error;
    doc->ctx = ctx;
    doc->shown = shown;
    doc->root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
    if (doc->root) {
        *out = doc;
        return HCB_OK;
    }
    hcb__free(&ctx->mem, doc);
    if (json_error_code(&error) == json_error_out_of_memory)
        return hcb__nomem(ctx);
    hcb__where where = place_of(bytes, size, &error, shown);
    hcb__diag_error(ctx, &where, "not well-formed JSON: %s", error.text);
    return hcb__fail_at(ctx, HCB_EPARSE, &where, "not well-formed JSON: %s", error.text);
}

hcb_status hcb__json_load(hcb__json_doc **out, hcb_context *ctx, const char *path, const char *shown) {
    *out = NULL;
    char *bytes;
    size_t size;
    hcb_status status = hcb__file_read(&bytes, &size, ctx, path, shown);
    if (status != HCB_OK)
        return status;
    status = hcb__json_parse(out, ctx, bytes, size, shown);
    hcb__free(&ctx->mem, bytes);
    return status;
}

void hcb__json_close(hcb__json_doc *doc) {
    if (!doc)
        return;
    json_decref(doc->root);
    hcb__free(&doc->ctx->mem, doc);
}

hcb__json *hcb__json_root(const hcb__json_doc *doc) {
    return doc->root;
}

const char *hcb__json_file(const hcb__json_doc *doc) {
    return doc->shown;
}

hcb__json_kind hcb__json_kind_of(const hcb__json *value) {
    if (!value)
        return HCB__JSON_ABSENT;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return HCB__JSON_OBJECT;
    case JSON_ARRAY:
        return HCB__JSON_ARRAY;
    case JSON_STRING:
        return HCB__JSON_STRING;
    case JSON_INTEGER:
        return HCB__JSON_INT;
    case JSON_REAL:
        return HCB__JSON_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return HCB__JSON_BOOL;
    default:
        return HCB__JSON_NULL;
    }
}

hcb__json *hcb__json_get(const hcb__json *object, const char *key) {
    return json_object_get(object, key);
}

size_t hcb__json_count(const hcb__json *array_or_object) {
    return json_is_array(array_or_object) ? json_array_size(array_or_object) : json_object_size(array_or_object);
}

hcb__json *hcb__json_at(const hcb__json *array, size_t i) {
    return json_array_get(array, i);
}

hcb__json *hcb__json_next(hcb__json *object, void **cursor, const char **key) {
    *cursor = *cursor ? json_object_iter_next(object, *cursor) : json_object_iter(object);
    *key = *cursor ? json_object_iter_key(*cursor) : NULL;
    return *cursor ? json_object_iter_value(*cursor) : NULL;
}

const char *hcb__json_string(const hcb__json *value, size_t *len) {
    const char *text = json_string_value(value);
    if (len)
        *len = text ? json_string_length(value) : 0;
    return text;
}

bool hcb__json_int(const hcb__json *value, int64_t *out) {
    if (json_is_integer(value)) {
        *out = json_integer_value(value);
        return true;
    }
    double real = json_is_real(value) ? json_real_value(value) : 0.5;
    /* 3.0 is a whole number too; beyond 2^53 a double no longer says which one. */
    if (real != floor(real) || fabs(real) > 0x1p53)
        return false;
    *out = (int64_t)real;
    return true;
}

bool hcb__json_number(const hcb__json *value, double *out) {
    if (!json_is_number(value) || !isfinite(json_number_value(value)))
        return false;
    *out = json_number_value(value);
    return true;
}

bool hcb__json_bool(const hcb__json *value, bool *out) {
    if (!json_is_boolean(value))
        return false;
    *out = json_is_true(value);
    return true;
}
