/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of its own for a test, with files written from strings; removed at the end. */
#ifndef HCB_TEST_WORKSPACE_FILES_H
#define HCB_TEST_WORKSPACE_FILES_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct test_folder {
    char path[64];
} test_folder;

static inline test_folder test_folder_make(void) {
    test_folder folder = {"/tmp/hcb-test-XXXXXX"};
    if (!mkdtemp(folder.path))
        abort();
    return folder;
}

static inline void test_folder_write_bytes(const test_folder *folder, const char *name, const char *bytes, size_t n) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, n, file) != n || fclose(file) != 0)
        abort();
}

static inline void test_folder_write(const test_folder *folder, const char *name, const char *text) {
    test_folder_write_bytes(folder, name, text, strlen(text));
}

static inline void test_folder_empty(int fd) {
    DIR *dir = fdopendir(fd);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (unlinkat(fd, entry->d_name, 0) != 0) {
            test_folder_empty(openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY));
            unlinkat(fd, entry->d_name, AT_REMOVEDIR);
        }
    }
    if (dir)
        closedir(dir);
}

static inline void test_folder_remove(const char *path) {
    test_folder_empty(open(path, O_RDONLY | O_DIRECTORY));
    rmdir(path);
}

#endif
