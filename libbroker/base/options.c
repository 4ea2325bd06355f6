/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options.h"

#include <math.h>
#include <string.h>

#include "base/option_table.h"
#include "base/text.h"

static uint32_t size_of(const void *structure) {
    uint32_t size;
    memcpy(&size, structure, sizeof size);
    return size;
}

bool hcb__struct_size_ok(uint32_t struct_size) {
    return struct_size >= 2 * sizeof struct_size && struct_size % sizeof struct_size == 0;
}

const hcb__option_table *hcb__option_table_of(const char *structure) {
    for (size_t i = 0; structure && i < hcb__n_option_tables; i++)
        if (strcmp(hcb__option_tables[i].structure, structure) == 0)
            return &hcb__option_tables[i];
    return NULL;
}

int32_t hcb_option_count(void) {
    size_t n = 0;
    for (size_t i = 0; i < hcb__n_option_tables; i++)
        n += hcb__option_tables[i].n_rows;
    return (int32_t)n;
}

const hcb_option *hcb_option_at(int32_t i) {
    size_t left = i < 0 ? SIZE_MAX : (size_t)i;
    for (size_t t = 0; t < hcb__n_option_tables; t++) {
        if (left < hcb__option_tables[t].n_rows)
            return &hcb__option_tables[t].rows[left];
        left -= hcb__option_tables[t].n_rows;
    }
    return NULL;
}

const hcb_option *hcb_option_find(const char *structure, const char *name) {
    const hcb__option_table *table = hcb__option_table_of(structure);
    for (size_t i = 0; table && name && i < table->n_rows; i++)
        if (strcmp(table->rows[i].name, name) == 0)
            return &table->rows[i];
    return NULL;
}

/* One default; what has none stays 0. */
static void set_default(const hcb_option *row, char *at) {
    const int32_t i32 = (int32_t)row->initial;
    const int64_t i64 = (int64_t)row->initial;
    switch (row->type) {
    case HCB_OPTION_FLAG:
    case HCB_OPTION_CHOICE:
    case HCB_OPTION_INT32:
        memcpy(at, &i32, sizeof i32);
        break;
    case HCB_OPTION_INT64:
    case HCB_OPTION_UINT64: /* every default is below 2^63 */
        memcpy(at, &i64, sizeof i64);
        break;
    case HCB_OPTION_DOUBLE:
        memcpy(at, &row->initial, sizeof row->initial);
        break;
    default:
        break;
    }
}

static void set_size(void *structure, size_t size) {
    const uint32_t value = (uint32_t)size;
    memcpy(structure, &value, sizeof value);
}

static void set_defaults(const hcb__option_table *table, void *out) {
    memset(out, 0, table->size);
    set_size(out, table->size);
    for (size_t i = 0; i < table->n_rows; i++) {
        char *at = (char *)out + table->rows[i].offset;
        if (table->rows[i].type == HCB_OPTION_OPTIONS)
            set_defaults(hcb__option_table_of(table->rows[i].inner), at);
        else
            set_default(&table->rows[i], at);
    }
}

void hcb__options_init(const char *structure, void *options) {
    if (options)
        set_defaults(hcb__option_table_of(structure), options);
}

hcb_status hcb_options_init(const char *structure, void *options, size_t size) {
    const hcb__option_table *table = hcb__option_table_of(structure);
    union {
        char bytes[512];
        int64_t align;
    } full;
    if (!table || !options)
        return HCB_EINVAL;
    if (size > UINT32_MAX || !hcb__struct_size_ok((uint32_t)size) || table->size > sizeof full.bytes)
        return HCB_EVERSION;
    set_defaults(table, full.bytes);
    set_size(options, size);
    return hcb__result_give(options, full.bytes, table->size);
}

static hcb_status refuse(hcb_context *ctx, const char *message) {
    return ctx ? hcb__fail(ctx, HCB_EVERSION, "%s", message) : HCB_EVERSION;
}

static void put_number(hcb__text *text, double value) {
    if (isnan(value))
        hcb__text_puts(text, "not a number");
    else if (value == floor(value) && fabs(value) < 9.2e18)
        hcb__text_int(text, (int64_t)value);
    else {
        hcb__text_double(text, value, 6);
        while (text->count && text->at[text->count - 1] == '0')
            text->count--;
    }
}

/* "gap is 2; expected 0 to 1". */
static hcb_status out_of_range(hcb_context *ctx, const hcb_option *o, double value) {
    if (!ctx)
        return HCB_EINVAL;
    hcb__text said;
    hcb__text_init(&said, &ctx->mem);
    hcb__text_printf(&said, "%s is ", o->name);
    put_number(&said, value);
    hcb__text_puts(&said, "; expected ");
    if (o->type != HCB_OPTION_CHOICE) {
        put_number(&said, o->low);
        hcb__text_puts(&said, " to ");
        put_number(&said, o->high);
    }
    for (uint32_t i = 0; i < o->n_words; i++)
        hcb__text_printf(&said, "%s%lld (%s)", i || o->type != HCB_OPTION_CHOICE ? ", " : "",
                         (long long)o->words[i].value, o->words[i].name);
    hcb_status status = said.failed ? hcb__nomem(ctx) : hcb__fail(ctx, HCB_EINVAL, "%.*s", (int)said.count, said.at);
    hcb__text_free(&said);
    return status;
}

static hcb_status check_number(hcb_context *ctx, const hcb_option *o, double value) {
    bool legal = value == o->initial || (o->type != HCB_OPTION_CHOICE && value >= o->low && value <= o->high);
    for (uint32_t i = 0; i < o->n_words && !legal; i++)
        legal = value == (double)o->words[i].value;
    return legal ? HCB_OK : out_of_range(ctx, o, value);
}

static hcb_status check(hcb_context *ctx, const hcb__option_table *table, const void *options);

static hcb_status check_field(hcb_context *ctx, const hcb_option *o, const char *at) {
    int32_t i32;
    int64_t i64;
    uint64_t u64;
    double number;
    const char *text;
    switch (o->type) {
    case HCB_OPTION_FLAG:
    case HCB_OPTION_CHOICE:
    case HCB_OPTION_INT32:
        memcpy(&i32, at, sizeof i32);
        return check_number(ctx, o, i32);
    case HCB_OPTION_INT64:
        memcpy(&i64, at, sizeof i64);
        return check_number(ctx, o, (double)i64);
    case HCB_OPTION_UINT64:
        memcpy(&u64, at, sizeof u64);
        return check_number(ctx, o, (double)u64);
    case HCB_OPTION_DOUBLE:
        memcpy(&number, at, sizeof number);
        return check_number(ctx, o, number);
    case HCB_OPTION_TEXT:
        memcpy(&text, at, sizeof text);
        if (!o->required || text)
            return HCB_OK;
        return ctx ? hcb__fail(ctx, HCB_EINVAL, "%s is not given; it is needed", o->name) : HCB_EINVAL;
    case HCB_OPTION_OPTIONS:
        return check(ctx, hcb__option_table_of(o->inner), at);
    default:
        return HCB_OK;
    }
}

static hcb_status check(hcb_context *ctx, const hcb__option_table *table, const void *options) {
    hcb_status status = HCB_OK;
    for (size_t i = 0; i < table->n_rows && status == HCB_OK; i++)
        status = check_field(ctx, &table->rows[i], (const char *)options + table->rows[i].offset);
    return status;
}

/* Options within stand last, so that what an older caller lacks of them stayed at its default. */
static hcb_status take_inner(hcb_context *ctx, const hcb__option_table *table, void *out) {
    for (size_t i = 0; i < table->n_rows; i++) {
        if (table->rows[i].type != HCB_OPTION_OPTIONS)
            continue;
        const hcb__option_table *inner = hcb__option_table_of(table->rows[i].inner);
        char *at = (char *)out + table->rows[i].offset;
        if (size_of(at) == 0)
            set_defaults(inner, at);
        if (!hcb__struct_size_ok(size_of(at)))
            return refuse(ctx, "options: struct_size of the options within is not set");
        set_size(at, inner->size);
    }
    return HCB_OK;
}

hcb_status hcb__struct_take(hcb_context *ctx, void *out, size_t size, const void *given) {
    const uint32_t theirs = size_of(given);
    if (!hcb__struct_size_ok(theirs))
        return refuse(ctx, "options: struct_size is not set");
    for (size_t i = size; i < theirs; i++)
        if (((const char *)given)[i])
            return refuse(ctx, "options: a field that this version does not know is set");
    memcpy(out, given, theirs < size ? theirs : size);
    set_size(out, size);
    return HCB_OK;
}

hcb_status hcb__options_take(hcb_context *ctx, void *out, const char *structure, const void *given) {
    const hcb__option_table *table = hcb__option_table_of(structure);
    if (!table)
        return ctx ? hcb__fail(ctx, HCB_EINTERNAL, "%s has no table of options", structure) : HCB_EINTERNAL;
    set_defaults(table, out);
    hcb_status status = given ? hcb__struct_take(ctx, out, table->size, given) : HCB_OK;
    if (status == HCB_OK)
        status = take_inner(ctx, table, out);
    return status == HCB_OK ? check(ctx, table, out) : status;
}

hcb_status hcb__result_give(void *out, const void *full, size_t size) {
    const uint32_t theirs = size_of(out);
    if (!hcb__struct_size_ok(theirs))
        return HCB_EVERSION;
    memcpy(out, full, theirs < size ? theirs : size);
    if (theirs > size)
        memset((char *)out + size, 0, theirs - size);
    set_size(out, theirs);
    return HCB_OK;
}
