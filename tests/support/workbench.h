/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fixture: a context whose memory is counted, and a folder for files. Include cmocka.h first. */
#ifndef HCB_TESTS_WORKBENCH_H
#define HCB_TESTS_WORKBENCH_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/context.h"
#include "counting.h"

typedef struct workbench {
    counting memory;
    hcb_context *ctx;
    char dir[128];
} workbench;

static inline int workbench_open(void **state) {
    static workbench bench;
    memset(&bench, 0, sizeof bench);
    counting_init(&bench.memory);
    hcb_context_options options = {.struct_size = sizeof options, .allocator = &bench.memory.mem};
    snprintf(bench.dir, sizeof bench.dir, "%s/hcb-test-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    *state = &bench;
    return mkdtemp(bench.dir) && hcb_context_create(&bench.ctx, &options) == HCB_OK ? 0 : -1;
}

/* Fails when something allocated was not freed. */
static inline int workbench_close(void **state) {
    workbench *bench = *state;
    DIR *dir = opendir(bench->dir);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", bench->dir, entry->d_name);
        if (entry->d_name[0] != '.' && unlink(path) != 0)
            rmdir(path);
    }
    if (dir)
        closedir(dir);
    rmdir(bench->dir);
    hcb_context_free(bench->ctx);
    if (bench->memory.alive)
        print_error("%ld blocks were not freed\n", bench->memory.alive);
    return bench->memory.alive ? -1 : 0;
}

static inline const char *workbench_path(workbench *bench, const char *name) {
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", bench->dir, name);
    return path;
}

static inline const char *workbench_file(workbench *bench, const char *name, const char *bytes, size_t size) {
    const char *path = workbench_path(bench, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

static inline size_t workbench_entries(workbench *bench) {
    size_t n = 0;
    DIR *dir = opendir(bench->dir);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return n;
}

/* The i-th diagnostic is at this place and its message contains these words. */
static inline void expect_problem(workbench *bench, size_t i, long line, long column, const char *words) {
    const hcb_diagnostic *d = hcb_context_diagnostic_at(bench->ctx, i);
    assert_non_null(d);
    if (d->line != line || d->column != column || !strstr(d->message, words))
        fail_msg("expected %ld:%ld \"%s\", got %ld:%ld \"%s\"", line, column, words, (long)d->line, (long)d->column,
                 d->message);
}

static inline const char *open_data(const char *name) {
    static char path[1024];
    const char *root = getenv("HCB_OPEN_DATA");
    snprintf(path, sizeof path, "%s/data/%s", root ? root : HCB_SHARED_DEFAULT, name);
    return path;
}

#endif
