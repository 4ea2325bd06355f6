/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file of the workspace consists of: itself, the files of a folder of postcodes, what stands beside a Shapefile.
 */
#include <string.h>
#include <strings.h>

#include "desk/desk.h"
#include "io/file.h"

static hcb_status add(hcb__parts *out, hcb_context *ctx, hcb__arena *arena, const char *path, const char *key,
                      const char *ending) {
    size_t n = strlen(key), m = strlen(ending);
    char *name = hcb__arena_alloc(arena, n + m + 1, 1);
    if (!path || !name)
        return hcb__nomem(ctx);
    memcpy(name, key, n);
    memcpy(name + n, ending, m);
    out->at[out->count++] = (hcb__part){path, name};
    return HCB_OK;
}

static hcb_status add_folder(hcb__parts *out, hcb_context *ctx, hcb__arena *arena, const hcb__workspace_file *file,
                             const char *key) {
    char **names = NULL;
    size_t n = 0;
    hcb_status status = hcb__folder_list(&names, &n, ctx, arena, file->path, file->name, ".csv");
    const char *folder = hcb__path_join(arena, key, "");
    out->at = hcb__arena_alloc(arena, n, sizeof *out->at);
    if (status == HCB_OK && (!folder || !out->at))
        status = hcb__nomem(ctx);
    for (size_t i = 0; i < n && status == HCB_OK; i++)
        status = add(out, ctx, arena, hcb__path_join(arena, file->path, names[i]), folder, names[i]);
    out->name = key;
    return status;
}

hcb_status hcb__desk_parts(hcb__parts *out, const hcb_desk *desk, hcb_context *ctx, hcb__arena *arena, int kind) {
    static const char *const beside[] = {".shx", ".dbf", ".prj", ".cpg"};
    enum { BESIDE = sizeof beside / sizeof *beside };
    const hcb__workspace_file *file = &desk->ws->files[kind];
    const char *key = hcb__file_keys[kind], *path = file->path;
    *out = (hcb__parts){0};
    if (!file->name || file->missing)
        return HCB_OK;
    if (hcb__folder_exists(path))
        return add_folder(out, ctx, arena, file, key);
    const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
    bool ending = dot && (!slash || dot > slash);
    out->at = hcb__arena_alloc(arena, 1 + BESIDE, sizeof *out->at);
    hcb_status status = out->at ? add(out, ctx, arena, path, key, ending ? dot : "") : hcb__nomem(ctx);
    if (status == HCB_OK)
        out->name = out->at[0].name;
    for (int i = 0; status == HCB_OK && ending && strcasecmp(dot, ".shp") == 0 && i < BESIDE; i++) {
        char *other = hcb__arena_strndup(arena, path, strlen(path));
        if (!other)
            return hcb__nomem(ctx);
        memcpy(other + (dot - path), beside[i], strlen(beside[i]));
        if (hcb__file_exists(other))
            status = add(out, ctx, arena, other, key, beside[i]);
    }
    return status;
}
