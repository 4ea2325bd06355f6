/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workspace from its files to a frozen model: each file in turn, every problem collected, then the checks between
 * them. */
#include "model/load.h"

#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/memory.h"

static void loader_free(hcb__loader *l) {
    const hcb_allocator *mem = &l->ctx->mem;
    HCB__VEC_FREE(mem, &l->providers);
    HCB__VEC_FREE(mem, &l->coverage);
    HCB__VEC_FREE(mem, &l->packages);
    HCB__VEC_FREE(mem, &l->visits);
    HCB__VEC_FREE(mem, &l->capabilities);
    HCB__VEC_FREE(mem, &l->needs);
    HCB__VEC_FREE(mem, &l->capabilities_of);
    HCB__VEC_FREE(mem, &l->excluded);
    hcb__idmap_free(&l->capability_of_name);
    hcb__idmap_free(&l->row_of_provider);
    hcb__idmap_free(&l->row_of_package);
    hcb__idmap_free(&l->ended);
    hcb__place_reader_free(l->places);
    hcb__workspace_free(l->ws);
    hcb__model_free(l->model);
}

static hcb_status loader_init(hcb__loader *l, hcb_context *ctx, const hcb__model_options *options) {
    *l = (hcb__loader){.ctx = ctx, .strict = options && options->strict, .changed = options && options->edit};
    hcb__idmap_init(&l->capability_of_name, &ctx->mem);
    hcb__idmap_init(&l->row_of_provider, &ctx->mem);
    hcb__idmap_init(&l->row_of_package, &ctx->mem);
    hcb__idmap_init(&l->ended, &ctx->mem);
    l->model = hcb__calloc(&ctx->mem, 1, sizeof *l->model);
    if (!l->model)
        return hcb__nomem(ctx);
    hcb__arena_init(&l->model->arena, &ctx->mem);
    hcb__idmap_init(&l->model->provider_of_id, &l->model->arena.mem);
    hcb__idmap_init(&l->model->package_of_id, &l->model->arena.mem);
    return HCB_OK;
}

/* A file that could not be used: nothing to do but go on, unless it was memory or the disk that failed. */
static hcb_status go_on(const hcb__loader *l, hcb_status status) {
    return hcb__load_goes_on(l, status) ? HCB_OK : status;
}

static const char *keep_text(hcb__loader *l, const char *text) {
    return hcb__arena_strndup(&l->model->arena, text, strlen(text));
}

static hcb_status load_settings(hcb__loader *l) {
    hcb__model *m = l->model;
    m->as_of = l->ws->as_of;
    m->synthetic = l->ws->synthetic;
    m->travel = l->ws->travel;
    m->folder = keep_text(l, l->ws->folder);
    m->name = keep_text(l, l->ws->name);
    m->travel.matrix = l->ws->travel.matrix ? keep_text(l, l->ws->travel.matrix) : NULL;
    bool whole = m->folder && m->name && (m->travel.matrix || !l->ws->travel.matrix);
    return whole ? HCB_OK : hcb__nomem(l->ctx);
}

static hcb_status load_zones(hcb__loader *l, const hcb__model_options *options) {
    if (options && options->zones) {
        l->model->zones = hcb__zone_set_retain(options->zones);
        l->zones_known = true;
        return hcb__place_reader_create(&l->places, l->ctx, l->model->zones);
    }
    const hcb__workspace_file *files = l->ws->files;
    hcb__zone_files names = hcb__workspace_map(l->ws);
    names.plan = options ? options->plan : NULL;
    size_t before = l->ctx->diag_errors;
    hcb_status status = names.zones ? go_on(l, hcb__zone_set_load(&l->model->zones, l->ctx, &names)) : HCB_OK;
    bool all_there = !files[HCB__FILE_AREAS].missing && !files[HCB__FILE_AREAS_GEOJSON].missing &&
                     !files[HCB__FILE_POSTCODES].missing;
    l->zones_known = l->model->zones && all_there && l->ctx->diag_errors == before;
    return status == HCB_OK ? hcb__place_reader_create(&l->places, l->ctx, l->model->zones) : status;
}

static hcb_status load_policy(hcb__loader *l, const hcb__model_options *options) {
    const hcb__workspace_file *file = hcb__load_file(l, HCB__FILE_POLICY);
    const char *other = options ? options->policy : NULL;
    if (!file && !other)
        return HCB_OK;
    const char *shown = other ? other : file->name;
    /* Plans name it, for who checks them later. */
    if (other && !hcb__valid_utf8(other, strlen(other)))
        return hcb__fail(l->ctx, HCB_EINVAL, "%s: the path of a policy must be UTF-8", other);
    size_t before = l->ctx->diag_errors;
    hcb_status status = go_on(l, hcb__policy_load(&l->model->policy, l->ctx, other ? other : file->path, shown));
    if (l->model->policy && l->ctx->diag_errors == before && l->zones_known)
        hcb__check_shares(l, shown);
    return status;
}

static hcb_status load_prices(hcb__loader *l) {
    const hcb__workspace_file *file = hcb__load_file(l, HCB__FILE_PRICES);
    if (!file)
        return HCB_OK;
    return go_on(l, hcb__schedule_load(&l->model->prices, l->ctx, file->path, file->name, file->renames,
                                       file->n_renames, l->zones_known ? l->model->zones : NULL, l->model->as_of));
}

static hcb_status load_matrix(hcb__loader *l) {
    const hcb__workspace_file *file = hcb__load_file(l, HCB__FILE_MATRIX);
    if (!file || l->model->travel.model != HCB__MATRIX)
        return HCB_OK;
    return go_on(l, hcb__matrix_load(&l->model->matrix, l->ctx, file->path, file->name));
}

bool hcb__model_fingerprint(hcb__model *model, const hcb_allocator *mem) {
    hcb__text text;
    hcb__text_init(&text, mem);
    hcb__model_canonical(model, &text);
    bool done = !text.failed;
    if (done) {
        hcb__sha256 sha;
        hcb__sha256_init(&sha);
        hcb__sha256_add(&sha, text.at, text.count);
        hcb__sha256_hex(&sha, model->inputs_sha256);
    }
    hcb__text_free(&text);
    return done;
}

/* Files named by the caller in place of the workspace's; the workspace's names for columns hold for them too. */
static void replace_files(hcb__loader *l, const hcb__model_options *options) {
    for (int kind = 0; options && options->files && kind < HCB__FILES; kind++) {
        const char *path = options->files[kind];
        if (!path)
            continue;
        hcb__workspace_file *file = &l->ws->files[kind];
        file->name = file->path = path;
        file->missing = !hcb__file_exists(path);
        if (file->missing)
            hcb__diag_error(l->ctx, NULL, "there is no file %s", path);
    }
    if (options && options->files && options->files[HCB__FILE_AREAS] && !options->files[HCB__FILE_AREAS_GEOJSON])
        l->ws->files[HCB__FILE_AREAS_GEOJSON].name = NULL;
}

static hcb_status load_all(hcb__loader *l, const char *folder, const hcb__model_options *options, int32_t as_of) {
    hcb_status status = go_on(l, hcb__workspace_load(&l->ws, l->ctx, folder, HCB__FOR_PLANS));
    if (status != HCB_OK || !l->ws)
        return status;
    if (as_of != HCB__NO_DATE)
        l->ws->as_of = as_of;
    replace_files(l, options);
    status = load_settings(l);
    if (status == HCB_OK)
        status = load_zones(l, options);
    if (status == HCB_OK)
        status = load_policy(l, options);
    if (status == HCB_OK)
        status = load_prices(l);
    if (status == HCB_OK)
        status = hcb__load_providers(l);
    if (status == HCB_OK)
        status = hcb__load_coverage(l);
    if (status == HCB_OK)
        status = load_matrix(l);
    /* What lies under the packages is right so far: only then do checks between files say something. */
    bool sound = l->ctx->diag_errors == 0;
    if (status == HCB_OK)
        status = hcb__load_packages(l);
    if (status == HCB_OK)
        status = hcb__load_placements(l);
    if (status == HCB_OK)
        status = hcb__load_visits(l);
    if (status != HCB_OK || !sound)
        return status;
    if (options && options->edit && l->ctx->diag_errors == 0)
        status = options->edit(l, options->payload);
    if (status == HCB_OK)
        status = hcb__load_freeze(l);
    if (status == HCB_OK)
        status = hcb__check_model(l);
    if (status != HCB_OK || l->ctx->diag_errors)
        return status;
    return hcb__model_fingerprint(l->model, &l->ctx->mem) ? HCB_OK : hcb__nomem(l->ctx);
}

/* Diagnostics in the order of the files, then of their lines, whatever the order in which they were found. */
typedef struct place {
    int file;
    size_t found;
    hcb_diagnostic diagnostic;
} place;

static int by_place(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->diagnostic.line != y->diagnostic.line)
        return x->diagnostic.line < y->diagnostic.line ? -1 : 1;
    if (x->diagnostic.column != y->diagnostic.column)
        return x->diagnostic.column < y->diagnostic.column ? -1 : 1;
    return (x->found > y->found) - (x->found < y->found);
}

static int file_number(const hcb__loader *l, const char *name) {
    for (int kind = 0; l->ws && kind < HCB__FILES; kind++)
        if (l->ws->files[kind].name && strcmp(l->ws->files[kind].name, name) == 0)
            return kind;
    return strcmp(name, hcb__workspace_name) == 0 ? -1 : HCB__FILES;
}

static hcb_status sort_diagnostics(const hcb__loader *l) {
    hcb_context *ctx = l->ctx;
    size_t n = ctx->diags.count;
    place *places = hcb__calloc(&ctx->mem, n, sizeof *places);
    if (!places)
        return hcb__nomem(ctx);
    for (size_t i = 0; i < n; i++)
        places[i] = (place){file_number(l, ctx->diags.at[i].file), i, ctx->diags.at[i]};
    if (n)
        qsort(places, n, sizeof *places, by_place);
    for (size_t i = 0; i < n; i++)
        ctx->diags.at[i] = places[i].diagnostic;
    hcb__free(&ctx->mem, places);
    return HCB_OK;
}

/* The record then gives the number of problems and the first of them, not the one that ended the reading of some file.
 */
static hcb_status verdict(hcb_context *ctx) {
    if (ctx->diag_errors) {
        ctx->error.code = HCB_OK;
        return hcb__diag_status(ctx);
    }
    return HCB_OK;
}

static hcb_status load_model(hcb__model **out, hcb_context *ctx, const char *folder, const hcb__model_options *options,
                             int32_t as_of) {
    *out = NULL;
    hcb__loader l;
    hcb_status status = loader_init(&l, ctx, options);
    if (status == HCB_OK)
        status = load_all(&l, folder, options, as_of);
    if (status == HCB_OK)
        status = sort_diagnostics(&l);
    if (status == HCB_OK)
        status = verdict(ctx);
    if (status == HCB_OK) {
        *out = l.model;
        l.model = NULL;
    }
    loader_free(&l);
    return status;
}

hcb_status hcb__model_load(hcb__model **out, hcb_context *ctx, const char *folder, const hcb__model_options *options) {
    return load_model(out, ctx, folder, options, HCB__NO_DATE);
}

/* The tables that are given stand in for the workspace's files, named there or not. */
static hcb_status list_overrides(hcb__memory_file *files, size_t *n, hcb_context *ctx, hcb__arena *arena,
                                 const char *folder, const hcb__model_override *override) {
    static const hcb__file_kind kinds[HCB__OVERRIDES] = {HCB__FILE_PROVIDERS, HCB__FILE_COVERAGE, HCB__FILE_PACKAGES,
                                                         HCB__FILE_PLACEMENTS, HCB__FILE_VISITS};
    for (int i = 0; i < HCB__OVERRIDES; i++) {
        const char *key = hcb__file_keys[kinds[i]];
        if (!override->shown[i])
            continue;
        files[*n] = (hcb__memory_file){.key = key,
                                       .shown = override->shown[i],
                                       .path = hcb__path_join(arena, folder, key),
                                       .bytes = override->text[i].at,
                                       .size = override->text[i].size,
                                       .renamed = override->renamed[i]};
        if (!files[(*n)++].path)
            return hcb__nomem(ctx);
    }
    return HCB_OK;
}

hcb_status hcb__model_load_over(hcb__model **out, hcb_context *ctx, const char *folder,
                                const hcb__model_options *options, const hcb__model_override *override) {
    if (!override)
        return hcb__model_load(out, ctx, folder, options);
    *out = NULL;
    hcb__memory_file files[HCB__OVERRIDES];
    hcb__memory memory = {files, 0};
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb_status status = list_overrides(files, &memory.n_files, ctx, &arena, folder, override);
    ctx->memory = &memory;
    if (status == HCB_OK)
        status = load_model(out, ctx, folder, options, override->as_of);
    ctx->memory = NULL;
    hcb__arena_release(&arena);
    return status;
}
