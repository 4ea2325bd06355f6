/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that appear together. All are complete and flushed before the first rename. One rename is atomic; for several,
 * the old files are kept under a second name (a hard link) until the last rename is done, so that a rename that fails
 * puts the earlier ones back. Only a crash between two renames can leave new files beside old ones; the caller adds the
 * file that vouches for the others last. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/oserror.h"

typedef struct pending {
    const char *shown;  /* as the caller named it */
    const char *path;   /* where it goes; a symbolic link resolved */
    const char *temp;   /* where it is; NULL once renamed */
    const char *backup; /* second name of the old file during commit; NULL without one */
    bool renamed;
    bool had_old;
} pending;

struct hcb__file_set {
    hcb_context *ctx;
    hcb__arena arena;
    HCB__VEC(pending) files;
    HCB__VEC(const char *) folders; /* created by us */
};

hcb_status hcb__file_set_create(hcb__file_set **out, hcb_context *ctx) {
    *out = NULL;
    hcb__file_set *set = hcb__calloc(&ctx->mem, 1, sizeof *set);
    if (!set)
        return hcb__nomem(ctx);
    set->ctx = ctx;
    hcb__arena_init(&set->arena, &ctx->mem);
    *out = set;
    return HCB_OK;
}

hcb_status hcb__file_set_folder(hcb__file_set *set, const char *dir) {
    hcb__where where = {dir, 0, 0, NULL};
    if (hcb__folder_exists(dir))
        return HCB_OK;
    const char *copy = hcb__arena_strndup(&set->arena, dir, strlen(dir));
    if (!copy || !HCB__RESERVE(&set->ctx->mem, &set->folders, set->folders.count + 1))
        return hcb__nomem(set->ctx);
    if (mkdir(dir, 0777) != 0) {
        int error = errno;
        if (error == EEXIST && hcb__folder_exists(dir))
            return HCB_OK;
        return hcb__os_error(set->ctx, HCB_EIO, &where, "the folder cannot be created", error);
    }
    set->folders.at[set->folders.count++] = copy;
    return HCB_OK;
}

static int write_all(int fd, const char *bytes, size_t size) {
    while (size) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        bytes += n;
        size -= (size_t)n;
    }
    return fsync(fd) == 0 ? 0 : errno;
}

/* A name beside `path` that nobody has, created as an empty file (or, with `link_from`, as a link to that file). */
static const char *beside(hcb__file_set *set, const char *path, const char *link_from, int *fd, int *error) {
    size_t size = strlen(path) + 48;
    char *name = hcb__arena_alloc(&set->arena, size, 1);
    if (!name) {
        *error = ENOMEM;
        return NULL;
    }
    for (int attempt = 0; attempt < 1000; attempt++) {
        snprintf(name, size, "%s.%s-%ld-%d", path, link_from ? "old" : "tmp", (long)getpid(), attempt);
        if (link_from) {
            if (link(link_from, name) == 0)
                return name;
        } else {
            *fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
            if (*fd >= 0)
                return name;
        }
        *error = errno;
        if (*error != EEXIST)
            break;
    }
    return NULL;
}

/* The file behind a symbolic link, so that the link stays one. Only a regular file may be replaced: renaming over a
 * device would remove the device. */
static hcb_status resolve(hcb__file_set *set, pending *file, mode_t *mode, const hcb__where *where) {
    struct stat st;
    *mode = 0;
    if (lstat(file->path, &st) != 0)
        return errno == ENOENT ? HCB_OK : hcb__os_error(set->ctx, HCB_EIO, where, "cannot be written", errno);
    if (S_ISLNK(st.st_mode)) {
        char *real = realpath(file->path, NULL);
        if (!real)
            return hcb__os_error(set->ctx, HCB_EIO, where, "cannot be written", errno);
        file->path = hcb__arena_strndup(&set->arena, real, strlen(real));
        free(real);
        if (!file->path)
            return hcb__nomem(set->ctx);
        if (stat(file->path, &st) != 0)
            return hcb__os_error(set->ctx, HCB_EIO, where, "cannot be written", errno);
    }
    if (!S_ISREG(st.st_mode))
        return hcb__fail_at(set->ctx, HCB_EIO, where, "cannot be written: there is %s of this name",
                            S_ISDIR(st.st_mode) ? "a folder" : "something else than a file");
    *mode = st.st_mode & 0777;
    file->had_old = true;
    return HCB_OK;
}

hcb_status hcb__file_set_add(hcb__file_set *set, const char *path, const char *bytes, size_t size) {
    hcb__where where = {path, 0, 0, NULL};
    pending file = {0};
    file.shown = file.path = hcb__arena_strndup(&set->arena, path, strlen(path));
    if (!file.path || !HCB__RESERVE(&set->ctx->mem, &set->files, set->files.count + 1))
        return hcb__nomem(set->ctx);
    mode_t mode;
    hcb_status status = resolve(set, &file, &mode, &where);
    if (status != HCB_OK)
        return status;
    int fd = -1, error = 0;
    file.temp = beside(set, file.path, NULL, &fd, &error);
    if (!file.temp)
        return error == ENOMEM ? hcb__nomem(set->ctx)
                               : hcb__os_error(set->ctx, HCB_EIO, &where, "cannot be written", error);
    /* The permissions of the file that is replaced; when they cannot be kept, the usual ones will do. */
    if (mode && fchmod(fd, mode) != 0)
        error = 0;
    error = write_all(fd, bytes, size);
    if (close(fd) != 0 && !error)
        error = errno;
    if (error) {
        unlink(file.temp);
        return hcb__os_error(set->ctx, HCB_EIO, &where, "cannot be written", error);
    }
    set->files.at[set->files.count++] = file;
    return HCB_OK;
}

/* Makes the new names last. Not every file system can, and the content is safe already: no error. */
static void flush_folder(const char *path) {
    char dir[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + (slash == path) : 1;
    if (n >= sizeof dir)
        return;
    memcpy(dir, slash ? path : ".", n);
    dir[n] = '\0';
    int fd = open(dir, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (fd >= 0) {
        if (fsync(fd) != 0)
            errno = 0;
        close(fd);
    }
}

static void drop_backups(hcb__file_set *set) {
    for (size_t i = 0; i < set->files.count; i++)
        if (set->files.at[i].backup)
            unlink(set->files.at[i].backup);
}

/* False when some file could not be put back. */
static bool put_back(hcb__file_set *set) {
    bool all = true;
    for (size_t i = set->files.count; i-- > 0;) {
        pending *file = &set->files.at[i];
        if (!file->renamed)
            continue;
        if (file->backup)
            all = rename(file->backup, file->path) == 0 && all;
        else if (!file->had_old)
            all = unlink(file->path) == 0 && all;
        else
            all = false;
        file->backup = NULL;
    }
    return all;
}

static void forget(hcb__file_set *set) {
    for (size_t i = 0; i < set->files.count; i++)
        if (set->files.at[i].temp)
            unlink(set->files.at[i].temp);
    set->files.count = 0;
    for (size_t i = set->folders.count; i-- > 0;)
        rmdir(set->folders.at[i]); /* fails, as it should, when somebody has put something there */
    set->folders.count = 0;
}

hcb_status hcb__file_set_commit(hcb__file_set *set) {
    hcb_status status = HCB_OK;
    for (size_t i = 0; i < set->files.count && set->files.count > 1; i++) {
        pending *file = &set->files.at[i];
        int unused, error = 0;
        /* Where the file system has no hard links we go on without this safety. */
        if (file->had_old)
            file->backup = beside(set, file->path, file->path, &unused, &error);
    }
    for (size_t i = 0; i < set->files.count; i++) {
        pending *file = &set->files.at[i];
        if (rename(file->temp, file->path) != 0) {
            hcb__where where = {file->shown, 0, 0, NULL};
            int error = errno;
            const char *what = put_back(set) ? "cannot be replaced; the old files are kept"
                                             : "cannot be replaced, and files written before it are already new";
            status = hcb__os_error(set->ctx, HCB_EIO, &where, what, error);
            break;
        }
        file->renamed = true;
        file->temp = NULL;
    }
    drop_backups(set);
    if (status != HCB_OK) {
        forget(set);
        return status;
    }
    for (size_t i = 0; i < set->files.count; i++)
        flush_folder(set->files.at[i].path);
    set->files.count = set->folders.count = 0;
    return HCB_OK;
}

void hcb__file_set_free(hcb__file_set *set) {
    if (!set)
        return;
    forget(set);
    hcb_allocator mem = set->ctx->mem;
    HCB__VEC_FREE(&mem, &set->files);
    HCB__VEC_FREE(&mem, &set->folders);
    hcb__arena_release(&set->arena);
    hcb__free(&mem, set);
}

hcb_status hcb__file_write(hcb_context *ctx, const char *path, const char *bytes, size_t size) {
    hcb__file_set *set;
    hcb_status status = hcb__file_set_create(&set, ctx);
    if (status == HCB_OK)
        status = hcb__file_set_add(set, path, bytes, size);
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    return status;
}

hcb_status hcb__folder_write(hcb_context *ctx, const char *folder, const char *const *names, const hcb__text *texts,
                             size_t n) {
    hcb__file_set *set = NULL;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    hcb_status status = hcb__file_set_create(&set, ctx);
    if (status == HCB_OK)
        status = hcb__file_set_folder(set, folder);
    for (size_t i = 0; status == HCB_OK && i < n; i++) {
        char *path = hcb__path_join(&arena, folder, names[i]);
        status = texts[i].failed || !path ? hcb__nomem(ctx) : hcb__file_set_add(set, path, texts[i].at, texts[i].count);
    }
    if (status == HCB_OK)
        status = hcb__file_set_commit(set);
    hcb__file_set_free(set);
    hcb__arena_release(&arena);
    return status;
}
