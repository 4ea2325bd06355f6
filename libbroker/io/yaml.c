/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree is built from libyaml's events: its own document loader resolves aliases, which we refuse, and knows no
 * limit. */
#include "io/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/hash.h"
#include "io/file.h"
#include "io/value.h"

enum { DEEPEST = 32, LONGEST_KEY = 256, LONGEST_PATH = 512 };

typedef struct builder {
    hcb__yaml_doc *doc;
    const char *bytes;
    size_t size;
    size_t byte, character; /* a byte offset and the number of characters before it; moves on with the events */
    yaml_parser_t parser;
    hcb_status status;
} builder;

static size_t char_length(const builder *b, size_t at) {
    size_t n = 1;
    while (at + n < b->size && ((unsigned char)b->bytes[at + n] & 0xc0) == 0x80)
        n++;
    return n;
}

/* libyaml counts characters, we count bytes. */
static hcb__where place_of(builder *b, yaml_mark_t mark) {
    if (mark.index < b->character)
        b->byte = b->character = 0;
    while (b->character < mark.index && b->byte < b->size) {
        b->byte += char_length(b, b->byte);
        b->character++;
    }
    size_t start = b->byte;
    for (size_t i = 0; i < mark.column && start > 0; i++)
        do
            start--;
        while (start > 0 && ((unsigned char)b->bytes[start] & 0xc0) == 0x80);
    return (hcb__where){b->doc->shown, (int64_t)mark.line + 1, (int64_t)(b->byte - start) + 1, NULL};
}

static void no_memory(builder *b) {
    if (b->status == HCB_OK)
        b->status = hcb__nomem(b->doc->ctx);
}

static void refuse_at(builder *b, const hcb__where *where, const char *message) {
    if (b->status != HCB_OK)
        return;
    hcb__diag_error(b->doc->ctx, where, "%s", message);
    b->status = hcb__fail_at(b->doc->ctx, HCB_EPARSE, where, "%s", message);
}

static void refuse(builder *b, yaml_mark_t mark, const char *message) {
    hcb__where where = place_of(b, mark);
    refuse_at(b, &where, message);
}

/* The next event; false, and the reason in b->status, when there is none. */
static bool next_event(builder *b, yaml_event_t *event) {
    if (b->status != HCB_OK)
        return false;
    if (yaml_parser_parse(&b->parser, event))
        return true;
    hcb__why why;
    if (b->parser.error == YAML_MEMORY_ERROR) {
        no_memory(b);
    } else if (b->parser.error == YAML_READER_ERROR) {
        hcb__why text;
        hcb__say(&text, "%s", b->parser.problem ? b->parser.problem : "unreadable");
        yaml_mark_t none = {0, 0, 0};
        hcb__where where = place_of(b, none);
        size_t at = b->parser.problem_offset < b->size ? b->parser.problem_offset : b->size;
        for (size_t i = 0; i < at; i++) {
            where.column++;
            if (b->bytes[i] == '\n') {
                where.line++;
                where.column = 1;
            }
        }
        refuse_at(b, &where, text.text);
    } else {
        hcb__say(&why, "not well-formed YAML: %s%s%s", b->parser.problem ? b->parser.problem : "cannot be read",
                 b->parser.context ? ", " : "", b->parser.context ? b->parser.context : "");
        refuse(b, b->parser.problem_mark, why.text);
    }
    return false;
}

static const char *child_path(builder *b, const char *parent, const char *key, size_t index) {
    hcb__text path;
    hcb__text_init(&path, &b->doc->ctx->mem);
    hcb__text_puts(&path, parent);
    if (key) {
        if (*parent)
            hcb__text_putc(&path, '.');
        hcb__text_puts(&path, key);
    } else {
        hcb__text_putc(&path, '[');
        hcb__text_int(&path, (int64_t)index);
        hcb__text_putc(&path, ']');
    }
    size_t keep = path.count < LONGEST_PATH ? path.count : LONGEST_PATH;
    while (keep > 0 && keep < path.count && ((unsigned char)path.at[keep] & 0xc0) == 0x80)
        keep--;
    const char *copy = path.failed ? NULL : hcb__arena_strndup(&b->doc->arena, path.at, keep);
    hcb__text_free(&path);
    if (!copy)
        no_memory(b);
    return copy;
}

static hcb__yaml_node *new_node(builder *b, hcb__yaml_kind kind, yaml_mark_t mark, const char *path) {
    hcb__yaml_node *node = hcb__arena_alloc(&b->doc->arena, 1, sizeof *node);
    if (!node) {
        no_memory(b);
        return NULL;
    }
    hcb__where where = place_of(b, mark);
    node->kind = kind;
    node->line = where.line;
    node->column = where.column;
    node->text = "";
    node->path = path;
    return node;
}

static bool plain_enough(builder *b, const yaml_event_t *event, const unsigned char *anchor, const unsigned char *tag) {
    if (anchor)
        refuse(b, event->start_mark, "anchors (&name) are not supported; write the value out");
    else if (tag)
        refuse(b, event->start_mark, "tags (!name) are not supported");
    return b->status == HCB_OK;
}

typedef HCB__VEC(hcb__yaml_node *) node_list;

/* The nodes so far into the arena. */
static hcb__yaml_node **settle(builder *b, const node_list *list) {
    hcb__yaml_node **copy = hcb__arena_alloc(&b->doc->arena, list->count, sizeof(hcb__yaml_node *));
    if (!copy)
        no_memory(b);
    else if (list->count)
        memcpy(copy, list->at, list->count * sizeof(hcb__yaml_node *));
    return copy;
}

static hcb__yaml_node *build(builder *b, const yaml_event_t *event, const char *path, int depth);

static hcb__yaml_node *build_scalar(builder *b, const yaml_event_t *event, const char *path) {
    const char *value = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    if (!plain_enough(b, event, event->data.scalar.anchor, event->data.scalar.tag))
        return NULL;
    if (memchr(value, '\0', len)) {
        refuse(b, event->start_mark, "a NUL character in a text");
        return NULL;
    }
    hcb__yaml_node *node = new_node(b, HCB__YAML_SCALAR, event->start_mark, path);
    if (!node)
        return NULL;
    node->text = hcb__arena_strndup(&b->doc->arena, value, len);
    node->len = len;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (!node->text)
        no_memory(b);
    return node;
}

static hcb__yaml_node *build_sequence(builder *b, const yaml_event_t *start, const char *path, int depth) {
    hcb__yaml_node *node = new_node(b, HCB__YAML_SEQUENCE, start->start_mark, path);
    node_list items = {0};
    yaml_event_t event;
    bool open = node != NULL;
    while (open && next_event(b, &event)) {
        open = event.type != YAML_SEQUENCE_END_EVENT;
        if (open) {
            const char *below = child_path(b, path, NULL, items.count);
            hcb__yaml_node *item = below ? build(b, &event, below, depth + 1) : NULL;
            if (item && !HCB__PUSH(&b->doc->ctx->mem, &items, item))
                no_memory(b);
        }
        yaml_event_delete(&event);
    }
    if (node && b->status == HCB_OK) {
        node->count = items.count;
        node->items = settle(b, &items);
    }
    HCB__VEC_FREE(&b->doc->ctx->mem, &items);
    return b->status == HCB_OK ? node : NULL;
}

static hcb__yaml_node *build_key(builder *b, const yaml_event_t *event, const char *path, const hcb__idmap *seen) {
    if (event->type != YAML_SCALAR_EVENT) {
        refuse(b, event->start_mark, "a key must be a word");
        return NULL;
    }
    hcb__yaml_node *key = build_scalar(b, event, path);
    if (!key || b->status != HCB_OK)
        return NULL;
    hcb__why why;
    if (key->len == 0 || key->len > LONGEST_KEY) {
        hcb__say(&why, "a key must have 1 to %d bytes", LONGEST_KEY);
        refuse(b, event->start_mark, why.text);
    } else if (hcb__idmap_get(seen, key->text, key->len) >= 0) {
        hcb__say(&why, "the key %s is given twice", hcb__show(key->text, key->len).text);
        refuse(b, event->start_mark, why.text);
    }
    return b->status == HCB_OK ? key : NULL;
}

static bool add_pair(builder *b, const yaml_event_t *first, const char *path, int depth, hcb__idmap *seen,
                     node_list *keys, node_list *items) {
    hcb__yaml_node *key = build_key(b, first, path, seen);
    key = key && (key->path = child_path(b, path, key->text, 0)) ? key : NULL;
    yaml_event_t event;
    if (!key || !next_event(b, &event))
        return false;
    hcb__yaml_node *item = build(b, &event, key->path, depth + 1);
    yaml_event_delete(&event);
    const hcb_allocator *mem = &b->doc->ctx->mem;
    if (item && (!hcb__idmap_put(seen, key->text, 0) || !HCB__PUSH(mem, keys, key) || !HCB__PUSH(mem, items, item)))
        no_memory(b);
    return b->status == HCB_OK;
}

static hcb__yaml_node *build_mapping(builder *b, const yaml_event_t *start, const char *path, int depth) {
    hcb__yaml_node *node = new_node(b, HCB__YAML_MAPPING, start->start_mark, path);
    const hcb_allocator *mem = &b->doc->ctx->mem;
    node_list keys = {0}, items = {0};
    hcb__idmap seen;
    hcb__idmap_init(&seen, mem);
    yaml_event_t event;
    bool open = node != NULL;
    while (open && next_event(b, &event)) {
        open = event.type != YAML_MAPPING_END_EVENT && add_pair(b, &event, path, depth, &seen, &keys, &items);
        yaml_event_delete(&event);
    }
    if (node && b->status == HCB_OK) {
        node->count = items.count;
        node->keys = settle(b, &keys);
        node->items = settle(b, &items);
    }
    hcb__idmap_free(&seen);
    HCB__VEC_FREE(mem, &keys);
    HCB__VEC_FREE(mem, &items);
    return b->status == HCB_OK ? node : NULL;
}

static hcb__yaml_node *build(builder *b, const yaml_event_t *event, const char *path, int depth) {
    hcb__yaml_node *node = NULL;
    if (depth > DEEPEST) {
        hcb__why why;
        hcb__say(&why, "more than %d levels in each other", (int)DEEPEST);
        refuse(b, event->start_mark, why.text);
    } else if (event->type == YAML_SCALAR_EVENT) {
        node = build_scalar(b, event, path);
    } else if (event->type == YAML_ALIAS_EVENT) {
        refuse(b, event->start_mark, "aliases (*name) are not supported; write the value out");
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        if (plain_enough(b, event, event->data.sequence_start.anchor, event->data.sequence_start.tag))
            node = build_sequence(b, event, path, depth);
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        if (plain_enough(b, event, event->data.mapping_start.anchor, event->data.mapping_start.tag))
            node = build_mapping(b, event, path, depth);
    }
    return b->status == HCB_OK ? node : NULL;
}

static void build_document(builder *b) {
    yaml_event_t event;
    for (bool more = true; more && next_event(b, &event);) {
        switch (event.type) {
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        case YAML_DOCUMENT_START_EVENT:
            if (b->doc->root)
                refuse(b, event.start_mark, "a second document (---); one was expected");
            break;
        case YAML_STREAM_END_EVENT:
            more = false;
            if (!b->doc->root)
                refuse(b, event.start_mark, "the file is empty");
            break;
        default:
            b->doc->root = build(b, &event, "", 0);
            break;
        }
        yaml_event_delete(&event);
    }
}

static void check_text(builder *b) {
    size_t good = hcb__utf8_prefix(b->bytes, b->size);
    if (good == b->size)
        return;
    hcb__where where = {b->doc->shown, 1, 1, NULL};
    for (size_t i = 0; i < good; i++) {
        where.column++;
        if (b->bytes[i] == '\n') {
            where.line++;
            where.column = 1;
        }
    }
    hcb__why why;
    hcb__say(&why, "byte 0x%02x is not UTF-8 text; save the file as UTF-8", (unsigned char)b->bytes[good]);
    refuse_at(b, &where, why.text);
}

hcb_status hcb__yaml_parse(hcb__yaml_doc **out, hcb_context *ctx, const char *bytes, size_t size, const char *shown) {
    *out = NULL;
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        size -= 3;
    }
    hcb__yaml_doc *doc = hcb__calloc(&ctx->mem, 1, sizeof *doc);
    if (!doc)
        return hcb__nomem(ctx);
    hcb__arena_init(&doc->arena, &ctx->mem);
    doc->ctx = ctx;
    doc->shown = shown;
    builder b = {.doc = doc, .bytes = bytes, .size = size};
    check_text(&b);
    if (!yaml_parser_initialize(&b.parser)) {
        no_memory(&b);
    } else {
        yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&b.parser, (const unsigned char *)bytes, size);
        build_document(&b);
        yaml_parser_delete(&b.parser);
    }
    if (b.status == HCB_OK) {
        *out = doc;
        return HCB_OK;
    }
    hcb__yaml_close(doc);
    return b.status;
}

hcb_status hcb__yaml_load(hcb__yaml_doc **out, hcb_context *ctx, const char *path, const char *shown) {
    *out = NULL;
    char *bytes;
    size_t size;
    hcb_status status = hcb__file_read(&bytes, &size, ctx, path, shown);
    if (status != HCB_OK)
        return status;
    status = hcb__yaml_parse(out, ctx, bytes, size, shown);
    hcb__free(&ctx->mem, bytes);
    return status;
}

void hcb__yaml_close(hcb__yaml_doc *doc) {
    if (!doc)
        return;
    const hcb_allocator mem = doc->arena.mem;
    hcb__arena_release(&doc->arena);
    hcb__free(&mem, doc);
}
