/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON by jansson for reading, with JSON pointers in messages; a small writer whose bytes are ours (fixed decimals, key
 * order as written, no locale), because jansson prints reals with a number of significant digits only. */
#ifndef HCB_IO_JSON_H
#define HCB_IO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/context.h"
#include "base/text.h"

/* A value inside a document; borrowed from it. NULL stands for "not there" and every reader below accepts it. */
typedef struct json_t hcb__json;
typedef struct hcb__json_doc hcb__json_doc;

/* Reads and parses. A syntax error is collected as a diagnostic with line and column and gives HCB_EPARSE. Repeated
 * keys are syntax errors. `shown` must outlive the document. */
HCB_NODISCARD hcb_status hcb__json_load(hcb__json_doc **out, hcb_context *ctx, const char *path, const char *shown);
HCB_NODISCARD hcb_status hcb__json_parse(hcb__json_doc **out, hcb_context *ctx, const char *bytes, size_t size,
                                         const char *shown);
void hcb__json_close(hcb__json_doc *doc);
hcb__json *hcb__json_root(const hcb__json_doc *doc);
const char *hcb__json_file(const hcb__json_doc *doc);

typedef enum hcb__json_kind {
    HCB__JSON_ABSENT,
    HCB__JSON_NULL,
    HCB__JSON_BOOL,
    HCB__JSON_INT,
    HCB__JSON_REAL,
    HCB__JSON_STRING,
    HCB__JSON_ARRAY,
    HCB__JSON_OBJECT
} hcb__json_kind;

hcb__json_kind hcb__json_kind_of(const hcb__json *value);
hcb__json *hcb__json_get(const hcb__json *object, const char *key);
size_t hcb__json_count(const hcb__json *array_or_object);
hcb__json *hcb__json_at(const hcb__json *array, size_t i);
/* All of an object's values, in the order of the file: start with *cursor = NULL; NULL at the end. */
hcb__json *hcb__json_next(hcb__json *object, void **cursor, const char **key);
const char *hcb__json_string(const hcb__json *value, size_t *len); /* NULL when it is not a string */
bool hcb__json_int(const hcb__json *value, int64_t *out);          /* a whole number; 3.0 is one */
bool hcb__json_number(const hcb__json *value, double *out);        /* any number; finite */
bool hcb__json_bool(const hcb__json *value, bool *out);

/* Writer. Commas and indentation are its work; keys are written in the order of the calls. It writes no line end behind
 * the document. More than 63 containers in each other mark the text as failed. */
typedef struct hcb__json_writer {
    hcb__text *out;
    int depth;
    bool compact;   /* everything on one line */
    bool fresh[64]; /* whether the container at a depth is still empty */
    bool flat[64];  /* containers written on one line */
    bool after_key;
} hcb__json_writer;

void hcb__jw_init(hcb__json_writer *w, hcb__text *out, bool compact);
void hcb__jw_object(hcb__json_writer *w);
void hcb__jw_object_flat(hcb__json_writer *w); /* this container on one line */
void hcb__jw_array(hcb__json_writer *w);
void hcb__jw_array_flat(hcb__json_writer *w);
void hcb__jw_end_object(hcb__json_writer *w);
void hcb__jw_end_array(hcb__json_writer *w);
void hcb__jw_key(hcb__json_writer *w, const char *key);
void hcb__jw_string(hcb__json_writer *w, const char *text); /* NULL writes null; text that is not UTF-8 gets U+FFFD */
void hcb__jw_int(hcb__json_writer *w, int64_t value);
void hcb__jw_fixed(hcb__json_writer *w, int64_t value, int decimals); /* value / 10^decimals */
void hcb__jw_double(hcb__json_writer *w, double value, int decimals); /* null when not finite */
void hcb__jw_bool(hcb__json_writer *w, bool value);
void hcb__jw_null(hcb__json_writer *w);
/* key and value in one call */
void hcb__jw_key_string(hcb__json_writer *w, const char *key, const char *text);
void hcb__jw_key_int(hcb__json_writer *w, const char *key, int64_t value);
void hcb__jw_key_bool(hcb__json_writer *w, const char *key, bool value);

#endif
