/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* realpath */
#include "model/workspace.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/memory.h"
#include "io/yaml.h"

const char hcb__workspace_name[] = "hcbroker.yaml";

/* Keys of hcbroker.yaml that name files; the matrix stands under `travel`. */
const char *const hcb__file_keys[HCB__FILES] = {"zones",    "areas",      "areas_geojson", "postcodes",
                                                "policy",   "prices",     "providers",     "coverage",
                                                "packages", "placements", "visits",        "matrix"};
#define BIT(kind) (1u << HCB__FILE_##kind)
static const unsigned map_files = BIT(ZONES) | BIT(AREAS) | BIT(AREAS_GEOJSON) | BIT(POSTCODES);
static const struct {
    unsigned named; /* the key must be given */
    unsigned there; /* a file that is named must be there */
} required[] = {
    [HCB__FOR_PLANS] = {BIT(ZONES) | BIT(POLICY) | BIT(PRICES) | BIT(PROVIDERS) | BIT(COVERAGE), UINT_MAX},
    [HCB__FOR_MAPS] = {BIT(ZONES), map_files},
};
static const bool has_columns[HCB__FILES] = {
    [HCB__FILE_AREAS] = true,      [HCB__FILE_POSTCODES] = true, [HCB__FILE_PRICES] = true,
    [HCB__FILE_PROVIDERS] = true,  [HCB__FILE_COVERAGE] = true,  [HCB__FILE_PACKAGES] = true,
    [HCB__FILE_PLACEMENTS] = true, [HCB__FILE_VISITS] = true};

static const char *const keys[] = {"version",   "name",     "as_of",         "synthetic",       "zones",  "areas",
                                   "postcodes", "policy",   "areas_geojson", "overlap_error_m", "prices", "providers",
                                   "coverage",  "packages", "placements",    "visits",          "travel", "columns"};
static const char *const travel_keys[] = {"model",   "origin",          "nearest",         "capacity_basis",
                                          "matrix",  "base_min",        "near_min_per_km", "far_min_per_km",
                                          "bend_km", "rural_extra_min", "road_factor"};

const char hcb__no_folder[] = "memory:";

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void complain(hcb__yaml_doc *doc, const hcb__yaml_node *node, const char *format, const char *value) {
    hcb__where where = hcb__yaml_where(doc, node);
    hcb__diag_error(doc->ctx, &where, format, value);
}

static hcb_status copy(hcb__workspace *ws, hcb_context *ctx, const char *text, const char **out) {
    *out = hcb__arena_strndup(&ws->arena, text, strlen(text));
    return *out ? HCB_OK : hcb__nomem(ctx);
}

static bool exists(int kind, const char *path) {
    return hcb__file_exists(path) || (kind == HCB__FILE_POSTCODES && hcb__folder_exists(path));
}

static const hcb__memory_file *in_memory(const hcb_context *ctx, int kind) {
    const hcb__memory_file *file = hcb__memory_of(ctx, hcb__file_keys[kind]);
    return !file && kind == HCB__FILE_MATRIX ? hcb__memory_of(ctx, HCB__MATRIX_JSON) : file;
}

static hcb_status read_file(hcb__workspace *ws, hcb__yaml_doc *doc, hcb__workspace_use use, int kind,
                            const hcb__yaml_node *node) {
    hcb__workspace_file *file = &ws->files[kind];
    const hcb__memory_file *memory = in_memory(doc->ctx, kind);
    const char *name;
    if (memory) {
        file->in_memory = true;
        file->own_names = !memory->renamed;
        hcb_status status = copy(ws, doc->ctx, memory->shown, &file->name);
        return status == HCB_OK ? copy(ws, doc->ctx, memory->path, &file->path) : status;
    }
    if (!node && required[use].named >> kind & 1)
        complain(doc, doc->root,
                 doc->ctx->memory ? "the source %s is missing: neither in memory nor a file"
                                  : "the key %s is missing; expected the name of a file",
                 hcb__file_keys[kind]);
    if (!node || !hcb__yaml_string(doc, node, &name))
        return HCB_OK;
    if (node->len == 0) {
        complain(doc, node, "no name; expected the name of a file%s", "");
        return HCB_OK;
    }
    hcb_status status = copy(ws, doc->ctx, name, &file->name);
    if (status != HCB_OK)
        return status;
    file->path = hcb__path_join(&ws->arena, ws->folder, name);
    if (!file->path)
        return hcb__nomem(doc->ctx);
    file->missing = !exists(kind, file->path);
    if (file->missing && required[use].there >> kind & 1)
        complain(doc, node, "there is no file \"%s\" in the workspace", name);
    return HCB_OK;
}

/* Polygons of the areas beside areas.csv, under the same name. */
static hcb_status find_areas_geojson(hcb__workspace *ws, hcb_context *ctx) {
    static const char ending[] = ".geojson";
    const char *areas = ws->files[HCB__FILE_AREAS].name, *zones = ws->files[HCB__FILE_ZONES].name;
    hcb__workspace_file *file = &ws->files[HCB__FILE_AREAS_GEOJSON];
    if (!areas || file->name || ws->files[HCB__FILE_AREAS].in_memory)
        return HCB_OK;
    const char *dot = strrchr(areas, '.'), *slash = strrchr(areas, '/');
    size_t stem = dot && (!slash || dot > slash) ? (size_t)(dot - areas) : strlen(areas);
    char *name = hcb__arena_alloc(&ws->arena, stem + sizeof ending, 1);
    if (!name)
        return hcb__nomem(ctx);
    memcpy(name, areas, stem);
    memcpy(name + stem, ending, sizeof ending);
    const char *path = hcb__path_join(&ws->arena, ws->folder, name);
    if (!path)
        return hcb__nomem(ctx);
    if (hcb__file_exists(path) && (!zones || strcmp(zones, name) != 0)) {
        file->name = name;
        file->path = path;
    }
    return HCB_OK;
}

static hcb_status read_travel(hcb__workspace *ws, hcb__yaml_doc *doc, hcb__workspace_use use,
                              const hcb__yaml_node *node) {
    hcb__travel_settings *t = &ws->travel;
    if (!node || (!hcb__yaml_known_keys(doc, node, travel_keys, COUNT(travel_keys)) && node->kind != HCB__YAML_MAPPING))
        return HCB_OK;
    (void)hcb__yaml_word(doc, hcb__yaml_get(node, "model"), hcb__travel_model_words, 2, &t->model);
    (void)hcb__yaml_word(doc, hcb__yaml_get(node, "origin"), hcb__travel_origin_words, 2, &t->origin);
    (void)hcb__yaml_word(doc, hcb__yaml_get(node, "capacity_basis"), hcb__capacity_basis_words, 2, &t->capacity_basis);
    int64_t nearest = t->nearest;
    (void)hcb__yaml_int(doc, hcb__yaml_get(node, "nearest"), 1, HCB__MOST_NEAREST, &nearest);
    t->nearest = (int32_t)nearest;
    const struct {
        const char *key;
        int64_t high, *out;
    } numbers[] = {
        {"base_min", 1000000, &t->base_ms},
        {"near_min_per_km", 1000000, &t->near_slope},
        {"far_min_per_km", 1000000, &t->far_slope},
        {"bend_km", 1000000, &t->bend_m},
        {"rural_extra_min", 1000000, &t->rural_extra_ms},
        {"road_factor", 100000, &t->road_factor},
    };
    for (size_t i = 0; i < COUNT(numbers); i++)
        (void)hcb__yaml_fixed(doc, hcb__yaml_get(node, numbers[i].key), 3, 0, numbers[i].high, numbers[i].out);
    const hcb__yaml_node *matrix = hcb__yaml_get(node, "matrix");
    hcb_status status = read_file(ws, doc, use, HCB__FILE_MATRIX, matrix);
    if (t->model == HCB__MATRIX && !matrix && !ws->files[HCB__FILE_MATRIX].in_memory)
        complain(doc, node, "the model matrix needs the key %s: the name of a file", "matrix");
    t->matrix = ws->files[HCB__FILE_MATRIX].name;
    return status;
}

static hcb_status read_renames(hcb__workspace *ws, hcb__yaml_doc *doc, int kind, const hcb__yaml_node *node) {
    hcb__workspace_file *file = &ws->files[kind];
    if (node->kind != HCB__YAML_MAPPING) {
        complain(doc, node, "pairs of their column: our column were expected%s", "");
        return HCB_OK;
    }
    file->renames = hcb__arena_alloc(&ws->arena, node->count, sizeof *file->renames);
    if (!file->renames)
        return hcb__nomem(doc->ctx);
    for (size_t i = 0; i < node->count; i++) {
        hcb__csv_rename *rename = &file->renames[file->n_renames];
        const char *ours;
        if (!hcb__yaml_string(doc, node->items[i], &ours))
            continue;
        hcb_status status = copy(ws, doc->ctx, node->keys[i]->text, &rename->theirs);
        if (status == HCB_OK)
            status = copy(ws, doc->ctx, ours, &rename->ours);
        if (status != HCB_OK)
            return status;
        file->n_renames++;
    }
    return HCB_OK;
}

static hcb_status read_columns(hcb__workspace *ws, hcb__yaml_doc *doc, const hcb__yaml_node *node) {
    const char *names[HCB__FILES];
    size_t n = 0;
    for (int kind = 0; kind < HCB__FILES; kind++)
        if (has_columns[kind])
            names[n++] = hcb__file_keys[kind];
    if (!node || (!hcb__yaml_known_keys(doc, node, names, n) && node->kind != HCB__YAML_MAPPING))
        return HCB_OK;
    hcb_status status = HCB_OK;
    for (int kind = 0; status == HCB_OK && kind < HCB__FILES; kind++) {
        const hcb__yaml_node *pairs =
            has_columns[kind] && !ws->files[kind].own_names ? hcb__yaml_get(node, hcb__file_keys[kind]) : NULL;
        if (pairs)
            status = read_renames(ws, doc, kind, pairs);
    }
    return status;
}

/* The folder's own name, also for "." and "..". The system's names are any bytes; this one goes into files of text. */
static hcb_status folder_name(hcb__workspace *ws, hcb_context *ctx) {
    char *whole = realpath(ws->folder, NULL);
    if (whole)
        hcb__utf8_mend(whole);
    const char *slash = whole ? strrchr(whole, '/') : NULL;
    const char *name = slash && slash[1] ? slash + 1 : ws->folder;
    hcb_status status = copy(ws, ctx, name, &ws->name);
    free(whole);
    return status;
}

static hcb_status read_keys(hcb__workspace *ws, hcb__yaml_doc *doc, hcb__workspace_use use) {
    const hcb__yaml_node *root = doc->root, *version = hcb__yaml_get(root, "version"),
                         *as_of = hcb__yaml_get(root, "as_of");
    if (!hcb__yaml_known_keys(doc, root, keys, COUNT(keys)) && root->kind != HCB__YAML_MAPPING)
        return HCB_OK;
    int64_t number;
    if (!hcb__yaml_given(version))
        complain(doc, root, "the key version is missing; expected version: %s", "1");
    if (hcb__yaml_int(doc, version, 0, INT32_MAX, &number) && number != 1)
        complain(doc, version, "version %s is not known to this program; expected 1", version->text);
    if (!hcb__yaml_given(as_of))
        complain(doc, root, "the key as_of is missing; expected the day of the run, for example %s", "2020-12-01");
    (void)hcb__yaml_date(doc, as_of, &ws->as_of);
    (void)hcb__yaml_bool(doc, hcb__yaml_get(root, "synthetic"), &ws->synthetic);
    (void)hcb__yaml_double(doc, hcb__yaml_get(root, "overlap_error_m"), 0, 1e6, &ws->overlap_error_m);
    const char *name;
    hcb_status status = hcb__yaml_string(doc, hcb__yaml_get(root, "name"), &name) ? copy(ws, doc->ctx, name, &ws->name)
                                                                                  : folder_name(ws, doc->ctx);
    for (int kind = 0; status == HCB_OK && kind < HCB__FILES; kind++)
        if (kind != HCB__FILE_MATRIX)
            status = read_file(ws, doc, use, kind, hcb__yaml_get(root, hcb__file_keys[kind]));
    if (status == HCB_OK)
        status = find_areas_geojson(ws, doc->ctx);
    if (status == HCB_OK)
        status = read_travel(ws, doc, use, hcb__yaml_get(root, "travel"));
    return status == HCB_OK ? read_columns(ws, doc, hcb__yaml_get(root, "columns")) : status;
}

static hcb_status load(hcb__workspace *ws, hcb_context *ctx, const char *folder, hcb__workspace_use use) {
    hcb__yaml_doc *doc = NULL;
    hcb_status status = copy(ws, ctx, folder, &ws->folder);
    if (status != HCB_OK)
        return status;
    ws->path = hcb__path_join(&ws->arena, folder, hcb__workspace_name);
    status = ws->path ? hcb__file_read(&ws->bytes, &ws->size, ctx, ws->path, hcb__workspace_name) : hcb__nomem(ctx);
    if (status == HCB_OK)
        status = hcb__yaml_parse(&doc, ctx, ws->bytes, ws->size, hcb__workspace_name);
    if (status == HCB_OK)
        status = read_keys(ws, doc, use);
    hcb__yaml_close(doc);
    return status;
}

hcb_status hcb__workspace_load(hcb__workspace **out, hcb_context *ctx, const char *folder, hcb__workspace_use use) {
    *out = NULL;
    if (!folder)
        folder = hcb__no_folder;
    else if (!hcb__folder_exists(folder))
        return hcb__fail(ctx, HCB_ENOTFOUND, "the workspace folder %s does not exist", folder);
    hcb__workspace *ws = hcb__calloc(&ctx->mem, 1, sizeof *ws);
    if (!ws)
        return hcb__nomem(ctx);
    hcb__arena_init(&ws->arena, &ctx->mem);
    ws->as_of = HCB__NO_DATE;
    ws->overlap_error_m = 20;
    ws->travel = hcb__travel_defaults;
    hcb_status status = load(ws, ctx, folder, use);
    if (status == HCB_OK)
        *out = ws;
    else
        hcb__workspace_free(ws);
    return status;
}

static const char *there(const hcb__workspace *ws, hcb__file_kind kind) {
    return ws->files[kind].missing ? NULL : ws->files[kind].name;
}

hcb__zone_files hcb__workspace_map(const hcb__workspace *ws) {
    const hcb__workspace_file *areas = &ws->files[HCB__FILE_AREAS], *postcodes = &ws->files[HCB__FILE_POSTCODES];
    return (hcb__zone_files){.folder = ws->folder,
                             .zones = there(ws, HCB__FILE_ZONES),
                             .areas = there(ws, HCB__FILE_AREAS),
                             .areas_geojson = there(ws, HCB__FILE_AREAS_GEOJSON),
                             .postcodes = there(ws, HCB__FILE_POSTCODES),
                             .area_renames = areas->renames,
                             .n_area_renames = areas->n_renames,
                             .postcode_renames = postcodes->renames,
                             .n_postcode_renames = postcodes->n_renames,
                             .overlap_error_m = ws->overlap_error_m};
}

void hcb__workspace_free(hcb__workspace *workspace) {
    if (!workspace)
        return;
    hcb_allocator mem = workspace->arena.mem;
    hcb__free(&mem, workspace->bytes);
    hcb__arena_release(&workspace->arena);
    hcb__free(&mem, workspace);
}
