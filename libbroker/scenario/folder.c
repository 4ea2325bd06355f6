/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/folder.h"

#include <string.h>

#include "io/file.h"
#include "io/yaml.h"

static const hcb__file_kind kinds[HCB__MADE] = {HCB__FILE_PROVIDERS, HCB__FILE_COVERAGE, HCB__FILE_PLACEMENTS,
                                                HCB__FILE_VISITS, HCB__FILE_PACKAGES};
static const char *const defaults[HCB__MADE] = {"providers.csv", "coverage.csv", "placements.csv", "visits.csv",
                                                "packages.csv"};

const hcb__workspace_file *hcb__folder_file(const hcb__folder *folder, hcb__made file) {
    return &folder->ws->files[kinds[file]];
}

static bool named(const hcb__folder *folder, int file) {
    return hcb__folder_file(folder, (hcb__made)file)->name != NULL;
}

hcb_status hcb__folder_open(hcb__folder **out, hcb_context *ctx, const char *dir) {
    *out = NULL;
    hcb__folder *folder = hcb__calloc(&ctx->mem, 1, sizeof *folder);
    if (!folder)
        return hcb__nomem(ctx);
    hcb_status status = hcb__workspace_load(&folder->ws, ctx, dir, HCB__FOR_MAPS);
    if (status == HCB_OK)
        status = hcb__diag_status(ctx);
    if (status != HCB_OK) {
        hcb__workspace_free(folder->ws);
        hcb__free(&ctx->mem, folder);
        return status;
    }
    folder->map = hcb__workspace_map(folder->ws);
    for (int i = 0; i < HCB__MADE; i++)
        folder->file[i] = named(folder, i) ? hcb__folder_file(folder, (hcb__made)i)->name : defaults[i];
    *out = folder;
    return HCB_OK;
}

void hcb__folder_close(hcb__folder *folder) {
    if (!folder)
        return;
    const hcb_allocator mem = folder->ws->arena.mem;
    hcb__workspace_free(folder->ws);
    hcb__free(&mem, folder);
}

char *hcb__folder_path(hcb__folder *folder, hcb__made file) {
    return hcb__path_join(&folder->ws->arena, folder->ws->folder, folder->file[file]);
}

bool hcb__folder_served(hcb__folder *folder) {
    const char *path = hcb__folder_path(folder, HCB__MADE_PROVIDERS);
    return named(folder, HCB__MADE_PROVIDERS) && path && hcb__file_exists(path);
}

hcb_status hcb__folder_read(hcb__csv_table **out, hcb_context *ctx, hcb__folder *folder, hcb__made file) {
    *out = NULL;
    const char *path = hcb__folder_path(folder, file);
    if (!path)
        return hcb__nomem(ctx);
    if (!hcb__file_exists(path))
        return hcb__csv_table_create(out, ctx);
    return hcb__csv_table_read(out, ctx, path, folder->file[file]);
}

hcb_status hcb__folder_table(hcb__csv_table **out, hcb_context *ctx, hcb__folder *folder, hcb__made file) {
    return named(folder, file) ? hcb__folder_read(out, ctx, folder, file) : hcb__csv_table_create(out, ctx);
}

/* The text from a line on; NULL: there are not so many. */
static const char *line_at(const hcb__workspace *ws, int64_t line) {
    const char *at = ws->bytes, *end = ws->bytes + ws->size;
    for (; line > 1 && at < end; line--) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            return NULL;
        at = newline + 1;
    }
    return at;
}

/* The bytes of the file with the word of `synthetic: false` turned into true. */
static hcb_status put_changed(hcb__text *out, hcb_context *ctx, const hcb__workspace *ws, const hcb__yaml_node *node) {
    if (!node || ws->synthetic) {
        hcb__text_add(out, ws->bytes, ws->size);
        return HCB_OK;
    }
    const char *line = line_at(ws, node->line);
    size_t before = line ? (size_t)(line - ws->bytes) + (size_t)node->column - 1 : ws->size;
    if (!line || node->quoted || before + node->len > ws->size ||
        memcmp(ws->bytes + before, node->text, node->len) != 0)
        return hcb__fail(ctx, HCB_EDATA, "%s: write `synthetic: true` in place of \"%s\" first", hcb__workspace_name,
                         node->text);
    hcb__text_add(out, ws->bytes, before);
    hcb__text_puts(out, "true");
    hcb__text_add(out, ws->bytes + before + node->len, ws->size - before - node->len);
    return HCB_OK;
}

#define cannot_add                                                                                                     \
    "%s is not written as plain `key: value` lines, so nothing can be added to it; write `synthetic: true` and the "   \
    "names of the files there first"

/* Whether the new text says what it should. */
static hcb_status check_text(const hcb__text *text, hcb_context *ctx, const hcb__yaml_node *old, uint32_t files) {
    hcb__yaml_doc *doc = NULL;
    hcb_status status = hcb__yaml_parse(&doc, ctx, text->at, text->count, hcb__workspace_name);
    bool good = status == HCB_OK && doc->root->kind == HCB__YAML_MAPPING && hcb__yaml_get(doc->root, "zones") &&
                (!hcb__yaml_get(old, "travel") || hcb__yaml_get(doc->root, "travel"));
    for (int i = 0; i < HCB__MADE; i++)
        good = good && (!(files >> i & 1) || hcb__yaml_get(doc->root, hcb__file_keys[kinds[i]]));
    hcb__yaml_close(doc);
    if (status == HCB_ENOMEM)
        return status;
    return good ? HCB_OK : hcb__fail(ctx, HCB_EDATA, cannot_add, hcb__workspace_name);
}

/* `{version: 1, ...}` cannot be gone on with in the next line. */
static bool begins_with_brace(const hcb__workspace *ws, const hcb__yaml_node *root) {
    const char *line = line_at(ws, root->line);
    return line && line + root->column - 1 < ws->bytes + ws->size && line[root->column - 1] == '{';
}

static hcb_status put_yaml(hcb__text *out, hcb_context *ctx, const hcb__folder *folder, const hcb__yaml_node *root,
                           bool synthetic, uint32_t files) {
    const hcb__yaml_node *word = hcb__yaml_get(root, "synthetic");
    hcb_status status = put_changed(out, ctx, folder->ws, synthetic ? word : NULL);
    if (status != HCB_OK)
        return status;
    bool mark = synthetic && !word;
    uint32_t missing = 0;
    for (int i = 0; i < HCB__MADE; i++)
        if (files >> i & 1 && !named(folder, i))
            missing |= 1u << i;
    if (!mark && !missing)
        return out->failed ? hcb__nomem(ctx) : HCB_OK;
    if (begins_with_brace(folder->ws, root))
        return hcb__fail(ctx, HCB_EDATA, cannot_add, hcb__workspace_name);
    if (out->count && out->at[out->count - 1] != '\n')
        hcb__text_putc(out, '\n');
    if (mark)
        hcb__text_puts(out, "synthetic: true\n");
    for (int i = 0; i < HCB__MADE; i++)
        if (missing >> i & 1)
            hcb__text_printf(out, "%s: %s\n", hcb__file_keys[kinds[i]], defaults[i]);
    return out->failed ? hcb__nomem(ctx) : check_text(out, ctx, root, files);
}

hcb_status hcb__folder_yaml(hcb__text *out, hcb_context *ctx, const hcb__folder *folder, bool synthetic,
                            uint32_t files) {
    hcb__yaml_doc *doc = NULL;
    hcb_status status = hcb__yaml_parse(&doc, ctx, folder->ws->bytes, folder->ws->size, hcb__workspace_name);
    if (status == HCB_OK)
        status = put_yaml(out, ctx, folder, doc->root, synthetic, files);
    hcb__yaml_close(doc);
    return status;
}
