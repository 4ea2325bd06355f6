/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/context.h"
#include "base/text.h"
#include "hcbroker/scenario.h"
#include "io/file.h"
#include "scenario/folder.h"

typedef HCB__VEC(const char *) name_list;

static int compare_names(const void *a, const void *b) {
    return hcb__compare_ids(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, hidden ones left out, by bytes. */
static hcb_status list_folder(name_list *names, hcb_context *ctx, hcb__arena *arena, const char *path) {
    DIR *dir = opendir(path);
    if (!dir)
        return hcb__fail(ctx, HCB_EIO, "%s cannot be read", path);
    hcb_status status = HCB_OK;
    for (const struct dirent *entry; status == HCB_OK && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        const char *name = hcb__arena_strndup(arena, entry->d_name, strlen(entry->d_name));
        if (!name || !HCB__PUSH(&ctx->mem, names, name))
            status = hcb__nomem(ctx);
    }
    closedir(dir);
    if (status == HCB_OK && names->count)
        qsort(names->at, names->count, sizeof *names->at, compare_names);
    return status;
}

/* The first of the folders with bundled data that has root/name/file: *folder is root/name, *path the whole. NULL: none
 * has. */
static hcb_status look_for(const char **folder, const char **path, hcb_context *ctx, hcb__arena *arena,
                           const char *name, const char *file) {
    const char *roots[] = {getenv("HCB_DATA_DIR"), HCB_INSTALLED_DATA_DIR, HCB_SOURCE_DATA_DIR};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (!roots[i] || !*roots[i])
            continue;
        *folder = hcb__path_join(arena, roots[i], name);
        *path = *folder ? hcb__path_join(arena, *folder, file) : NULL;
        if (!*path)
            return hcb__nomem(ctx);
        if (hcb__file_exists(*path))
            return HCB_OK;
    }
    *folder = *path = NULL;
    return HCB_OK;
}

hcb_status hcb__bundled_folder(const char **out, hcb_context *ctx, hcb__arena *arena, const char *from) {
    if (!*from || strchr(from, '/') || *from == '.')
        return hcb__fail(ctx, HCB_EINVAL, "\"%s\" is not the name of a bundled workspace", from);
    const char *path;
    hcb_status status = look_for(out, &path, ctx, arena, from, "hcbroker.yaml");
    if (status != HCB_OK || *out)
        return status;
    return hcb__fail(ctx, HCB_ENOTFOUND, "there is no bundled workspace \"%s\"; looked in $HCB_DATA_DIR, %s and %s",
                     from, HCB_INSTALLED_DATA_DIR, HCB_SOURCE_DATA_DIR);
}

hcb_status hcb__bundled_scenario(const char **out, hcb_context *ctx, hcb__arena *arena, const char *name) {
    static const char ending[] = ".yaml";
    size_t len = strlen(name);
    char *file = hcb__arena_alloc(arena, len + sizeof ending, 1);
    if (!file)
        return hcb__nomem(ctx);
    memcpy(file, name, len);
    memcpy(file + len, ending, sizeof ending);
    const char *folder;
    hcb_status status = look_for(&folder, out, ctx, arena, "scenarios", file);
    if (status != HCB_OK || *out)
        return status;
    return hcb__fail(ctx, HCB_ENOTFOUND,
                     "%s is neither a folder nor a file, and no bundled scenario file has that name; looked in "
                     "$HCB_DATA_DIR, %s and %s",
                     name, HCB_INSTALLED_DATA_DIR, HCB_SOURCE_DATA_DIR);
}

static hcb_status copy_file(hcb__file_set *set, hcb_context *ctx, hcb__arena *arena, const char *source,
                            const char *dir, const char *name) {
    const char *from = hcb__path_join(arena, source, name), *to = hcb__path_join(arena, dir, name);
    if (!from || !to)
        return hcb__nomem(ctx);
    if (hcb__folder_exists(from))
        return HCB_OK;
    char *bytes = NULL;
    size_t size = 0;
    hcb_status status = hcb__file_read(&bytes, &size, ctx, from, from);
    if (status == HCB_OK)
        status = hcb__file_set_add(set, to, bytes, size);
    hcb__free(&ctx->mem, bytes);
    return status;
}

static hcb_status init(hcb_context *ctx, hcb__arena *arena, const char *dir, const char *from) {
    const char *source = NULL;
    name_list names = {0};
    hcb__file_set *set = NULL;
    hcb_status status = hcb__bundled_folder(&source, ctx, arena, from);
    if (status == HCB_OK)
        status = hcb__folder_must_be_empty(ctx, arena, dir);
    if (status == HCB_OK)
        status = list_folder(&names, ctx, arena, source);
    if (status == HCB_OK)
        status = hcb__file_set_create(&set, ctx);
    if (status == HCB_OK)
        status = hcb__file_set_folder(set, dir);
    for (size_t i = 0; i < names.count && status == HCB_OK; i++)
        status = copy_file(set, ctx, arena, source, dir, names.at[i]);
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    HCB__VEC_FREE(&ctx->mem, &names);
    return status;
}

hcb_status hcb_init(hcb_context *ctx, const char *dir, const char *from) {
    if (!ctx)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    if (!dir || !*dir)
        return hcb__end(ctx, hcb__fail(ctx, HCB_EINVAL, "no folder was given"));
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    status = init(ctx, &arena, dir, from ? from : "leicestershire");
    hcb__arena_release(&arena);
    return hcb__end(ctx, status);
}
