/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/folder.h"

#include <string.h>

#include "io/file.h"

static const char yaml_name[] = "hcbroker.yaml";
static const char *const keys[HCB__MADE] = {"providers", "coverage", "placements", "visits", "packages"};
static const char *const defaults[HCB__MADE] = {"providers.csv", "coverage.csv", "placements.csv", "visits.csv",
                                                "packages.csv"};

static const hcb__yaml_node *get(const hcb__folder *folder, const char *key) {
    return hcb__yaml_get(folder->doc->root, key);
}

static hcb__renames read_renames(hcb__folder *folder, const char *file) {
    const hcb__yaml_node *columns = get(folder, "columns");
    const hcb__yaml_node *node = columns ? hcb__yaml_get(columns, file) : NULL;
    hcb__renames renames = {NULL, 0};
    if (!node || node->kind != HCB__YAML_MAPPING)
        return renames;
    hcb__csv_rename *at = hcb__arena_alloc(&folder->arena, node->count, sizeof *at);
    for (size_t i = 0; at && i < node->count; i++)
        at[i] = (hcb__csv_rename){node->keys[i]->text, node->items[i]->text};
    return (hcb__renames){at, at ? node->count : 0};
}

/* A file of polygons may lie beside areas.csv without being named. */
static void find_area_polygons(hcb__folder *folder) {
    const char *areas = folder->map.areas;
    size_t len = areas ? strlen(areas) : 0;
    if (folder->map.areas_geojson || len < 4 || strcmp(areas + len - 4, ".csv") != 0)
        return;
    char *name = hcb__arena_alloc(&folder->arena, len + 5, 1);
    if (!name)
        return;
    memcpy(name, areas, len - 4);
    memcpy(name + len - 4, ".geojson", sizeof ".geojson");
    const char *path = hcb__path_join(&folder->arena, folder->path, name);
    if (path && hcb__file_exists(path))
        folder->map.areas_geojson = name;
}

static hcb_status read_keys(hcb__folder *folder, hcb_context *ctx) {
    hcb__yaml_doc *doc = folder->doc;
    hcb__where where = {yaml_name, 1, 1, NULL};
    if (doc->root->kind != HCB__YAML_MAPPING) {
        hcb__diag_error(ctx, &where, "a list of `key: value` lines was expected");
        return hcb__diag_status(ctx);
    }
    if (!get(folder, "as_of"))
        hcb__diag_error(ctx, &where, "the key \"as_of\" is missing");
    if (!get(folder, "zones"))
        hcb__diag_error(ctx, &where, "the key \"zones\" is missing");
    hcb__yaml_date(doc, get(folder, "as_of"), &folder->as_of);
    hcb__yaml_bool(doc, get(folder, "synthetic"), &folder->synthetic);
    hcb__zone_files *map = &folder->map;
    map->folder = folder->path;
    map->overlap_error_m = 20;
    hcb__yaml_string(doc, get(folder, "zones"), &map->zones);
    hcb__yaml_string(doc, get(folder, "areas"), &map->areas);
    hcb__yaml_string(doc, get(folder, "areas_geojson"), &map->areas_geojson);
    hcb__yaml_string(doc, get(folder, "postcodes"), &map->postcodes);
    hcb__yaml_string(doc, get(folder, "prices"), &folder->prices);
    hcb__yaml_double(doc, get(folder, "overlap_error_m"), 0, 1e6, &map->overlap_error_m);
    find_area_polygons(folder);
    hcb__renames areas = read_renames(folder, "areas"), postcodes = read_renames(folder, "postcodes");
    map->area_renames = areas.at;
    map->n_area_renames = areas.count;
    map->postcode_renames = postcodes.at;
    map->n_postcode_renames = postcodes.count;
    folder->price_renames = read_renames(folder, "prices");
    for (int i = 0; i < HCB__MADE; i++) {
        folder->file[i] = defaults[i];
        folder->named[i] = get(folder, keys[i]) != NULL;
        hcb__yaml_string(doc, get(folder, keys[i]), &folder->file[i]);
        folder->renames[i] = read_renames(folder, keys[i]);
    }
    return hcb__diag_status(ctx);
}

hcb_status hcb__folder_open(hcb__folder **out, hcb_context *ctx, const char *dir) {
    *out = NULL;
    hcb__folder *folder = hcb__calloc(&ctx->mem, 1, sizeof *folder);
    if (!folder)
        return hcb__nomem(ctx);
    hcb__arena_init(&folder->arena, &ctx->mem);
    folder->path = hcb__arena_strndup(&folder->arena, dir, strlen(dir));
    folder->yaml_path = folder->path ? hcb__path_join(&folder->arena, dir, yaml_name) : NULL;
    hcb_status status = folder->yaml_path ? HCB_OK : hcb__nomem(ctx);
    if (status == HCB_OK && !hcb__folder_exists(dir))
        status = hcb__fail(ctx, HCB_ENOTFOUND, "there is no folder %s", dir);
    if (status == HCB_OK)
        status = hcb__file_read(&folder->bytes, &folder->size, ctx, folder->yaml_path, yaml_name);
    if (status == HCB_OK)
        status = hcb__yaml_parse(&folder->doc, ctx, folder->bytes, folder->size, yaml_name);
    if (status == HCB_OK)
        status = read_keys(folder, ctx);
    if (status != HCB_OK) {
        hcb__folder_close(folder);
        return status;
    }
    *out = folder;
    return HCB_OK;
}

void hcb__folder_close(hcb__folder *folder) {
    if (!folder)
        return;
    const hcb_allocator mem = folder->arena.mem;
    hcb__yaml_close(folder->doc);
    hcb__free(&mem, folder->bytes);
    hcb__arena_release(&folder->arena);
    hcb__free(&mem, folder);
}

char *hcb__folder_path(hcb__folder *folder, hcb__made file) {
    return hcb__path_join(&folder->arena, folder->path, folder->file[file]);
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

static const char *line_at(const hcb__folder *folder, int64_t line) {
    const char *at = folder->bytes, *end = folder->bytes + folder->size;
    for (; line > 1 && at < end; line--) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            return NULL;
        at = newline + 1;
    }
    return at;
}

/* The bytes of the file with the word of `synthetic: false` turned into true. */
static hcb_status put_changed(hcb__text *out, hcb_context *ctx, const hcb__folder *folder, bool synthetic) {
    const hcb__yaml_node *node = get(folder, "synthetic");
    if (!synthetic || !node || folder->synthetic) {
        hcb__text_add(out, folder->bytes, folder->size);
        return HCB_OK;
    }
    const char *line = line_at(folder, node->line);
    size_t before = line ? (size_t)(line - folder->bytes) + (size_t)node->column - 1 : folder->size;
    if (node->quoted || before + node->len > folder->size || memcmp(folder->bytes + before, node->text, node->len) != 0)
        return hcb__fail(ctx, HCB_EDATA, "%s: write `synthetic: true` in place of \"%s\" first", yaml_name, node->text);
    hcb__text_add(out, folder->bytes, before);
    hcb__text_puts(out, "true");
    hcb__text_add(out, folder->bytes + before + node->len, folder->size - before - node->len);
    return HCB_OK;
}

#define cannot_add                                                                                                     \
    "%s is not written as plain `key: value` lines, so nothing can be added to it; write `synthetic: true` and the "   \
    "names of the files there first"

/* Whether the new text says what it should. */
static hcb_status check_text(const hcb__text *text, hcb_context *ctx, const hcb__folder *folder, uint32_t files) {
    hcb__yaml_doc *doc = NULL;
    hcb_status status = hcb__yaml_parse(&doc, ctx, text->at, text->count, yaml_name);
    bool good = status == HCB_OK && doc->root->kind == HCB__YAML_MAPPING && hcb__yaml_get(doc->root, "zones") &&
                (!get(folder, "travel") || hcb__yaml_get(doc->root, "travel"));
    for (int i = 0; i < HCB__MADE; i++)
        good = good && (!(files >> i & 1) || hcb__yaml_get(doc->root, keys[i]));
    hcb__yaml_close(doc);
    if (status == HCB_ENOMEM)
        return status;
    return good ? HCB_OK : hcb__fail(ctx, HCB_EDATA, cannot_add, yaml_name);
}

/* `{version: 1, ...}` cannot be gone on with in the next line. */
static bool begins_with_brace(const hcb__folder *folder) {
    const hcb__yaml_node *root = folder->doc->root;
    const char *line = line_at(folder, root->line);
    return line && line + root->column - 1 < folder->bytes + folder->size && line[root->column - 1] == '{';
}

hcb_status hcb__folder_yaml(hcb__text *out, hcb_context *ctx, const hcb__folder *folder, bool synthetic,
                            uint32_t files) {
    hcb_status status = put_changed(out, ctx, folder, synthetic);
    if (status != HCB_OK)
        return status;
    bool mark = synthetic && !get(folder, "synthetic");
    uint32_t missing = 0;
    for (int i = 0; i < HCB__MADE; i++)
        if (files >> i & 1 && !folder->named[i])
            missing |= 1u << i;
    if ((mark || missing) && begins_with_brace(folder))
        return hcb__fail(ctx, HCB_EDATA, cannot_add, yaml_name);
    if ((mark || missing) && out->count && out->at[out->count - 1] != '\n')
        hcb__text_putc(out, '\n');
    if (mark)
        hcb__text_puts(out, "synthetic: true\n");
    for (int i = 0; i < HCB__MADE; i++)
        if (missing >> i & 1)
            hcb__text_printf(out, "%s: %s\n", keys[i], defaults[i]);
    if (out->failed)
        return hcb__nomem(ctx);
    return mark || missing ? check_text(out, ctx, folder, files) : HCB_OK;
}
