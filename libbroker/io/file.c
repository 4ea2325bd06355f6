/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/memory.h"
#include "io/oserror.h"

static const off_t LARGEST_FILE = (off_t)1 << 31;

static hcb_status read_all(char **out, size_t *size, hcb_context *ctx, int fd, const hcb__where *where) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return hcb__os_error(ctx, HCB_EIO, where, "cannot be read", errno);
    if (S_ISDIR(st.st_mode))
        return hcb__fail_at(ctx, HCB_EIO, where, "is a folder; a file was expected");
    if (!S_ISREG(st.st_mode))
        return hcb__fail_at(ctx, HCB_EIO, where, "is not a regular file");
    if (st.st_size > LARGEST_FILE)
        return hcb__fail_at(ctx, HCB_ELIMIT, where, "has %lld bytes; at most %lld can be read", (long long)st.st_size,
                            (long long)LARGEST_FILE);
    size_t want = (size_t)st.st_size, have = 0;
    char *bytes = hcb__malloc(&ctx->mem, want + 1);
    if (!bytes)
        return hcb__nomem(ctx);
    while (have < want) {
        ssize_t n = read(fd, bytes + have, want - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int error = errno;
            hcb__free(&ctx->mem, bytes);
            return hcb__os_error(ctx, HCB_EIO, where, "cannot be read", error);
        }
        if (n == 0) /* somebody made it shorter meanwhile */
            break;
        have += (size_t)n;
    }
    bytes[have] = '\0';
    *out = bytes;
    *size = have;
    return HCB_OK;
}

static hcb_status read_memory(char **out, size_t *size, hcb_context *ctx, const hcb__memory_file *file,
                              const hcb__where *where) {
    if (file->columns)
        return hcb__fail_at(ctx, HCB_EDATA, where, "is a table; the text of a file was expected");
    *out = hcb__strndup(&ctx->mem, file->bytes, file->size);
    if (!*out)
        return hcb__nomem(ctx);
    *size = file->size;
    return HCB_OK;
}

hcb_status hcb__file_read(char **out, size_t *size, hcb_context *ctx, const char *path, const char *shown) {
    *out = NULL;
    *size = 0;
    hcb__where where = {shown, 0, 0, NULL};
    const hcb__memory_file *memory = hcb__memory_at(ctx, path);
    if (memory)
        return read_memory(out, size, ctx, memory, &where);
    /* Without O_NONBLOCK opening a named pipe would wait for its writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        return hcb__os_error(ctx, missing ? HCB_ENOTFOUND : HCB_EIO, &where, "cannot be opened", errno);
    }
    hcb_status status = read_all(out, size, ctx, fd, &where);
    close(fd);
    return status;
}

bool hcb__file_exists(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool hcb__folder_exists(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *hcb__path_join(hcb__arena *arena, const char *dir, const char *name) {
    size_t d = name[0] == '/' ? 0 : strlen(dir), n = strlen(name);
    bool slash = d > 0 && dir[d - 1] != '/';
    char *path = hcb__arena_alloc(arena, d + slash + n + 1, 1);
    if (!path)
        return NULL;
    memcpy(path, dir, d);
    if (slash)
        path[d] = '/';
    memcpy(path + d + slash, name, n);
    return path;
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

hcb_status hcb__folder_list(char ***names, size_t *n, hcb_context *ctx, hcb__arena *arena, const char *path,
                            const char *shown, const char *ending) {
    HCB__VEC(char *) list = {0};
    DIR *folder = opendir(path);
    hcb__where where = {shown, 0, 0, NULL};
    *names = NULL;
    *n = 0;
    if (!folder)
        return hcb__os_error(ctx, HCB_EIO, &where, "the folder cannot be read", errno);
    hcb_status status = HCB_OK;
    size_t tail = strlen(ending);
    for (const struct dirent *entry; status == HCB_OK && (entry = readdir(folder));) {
        size_t len = strlen(entry->d_name);
        if (len <= tail || strcmp(entry->d_name + len - tail, ending) != 0)
            continue;
        char *name = hcb__arena_strndup(arena, entry->d_name, len);
        if (!name || !HCB__PUSH(&ctx->mem, &list, name))
            status = hcb__nomem(ctx);
    }
    closedir(folder);
    *names = hcb__arena_alloc(arena, list.count, sizeof **names);
    if (status == HCB_OK && !*names)
        status = hcb__nomem(ctx);
    if (status == HCB_OK && list.count) {
        memcpy(*names, list.at, list.count * sizeof **names);
        *n = list.count;
        qsort(*names, *n, sizeof **names, by_name);
    }
    HCB__VEC_FREE(&ctx->mem, &list);
    return status;
}

hcb_status hcb__folder_must_be_empty(hcb_context *ctx, hcb__arena *arena, const char *path) {
    if (hcb__file_exists(path))
        return hcb__fail(ctx, HCB_EINVAL, "%s is a file; a new or an empty folder was expected", path);
    if (!hcb__folder_exists(path))
        return HCB_OK;
    char **names;
    size_t n;
    hcb_status status = hcb__folder_list(&names, &n, ctx, arena, path, path, "");
    for (size_t i = 0; i < n && status == HCB_OK; i++)
        if (names[i][0] != '.')
            status = hcb__fail(ctx, HCB_EINVAL, "%s is not empty (it holds %s); a new or an empty folder was expected",
                               path, names[i]);
    return status;
}
