/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the open data lies: $HCB_OPEN_DATA/data, or beside the project. Tests that lack it are skipped by name. */
#ifndef HCB_TEST_OPEN_DATA_H
#define HCB_TEST_OPEN_DATA_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline const char *open_data_path(char *path, size_t size, const char *name) {
    const char *root = getenv("HCB_OPEN_DATA");
    char here[512] = "";
    root = root && *root ? root : HCB_SHARED_DEFAULT;
    if (root[0] != '/' && !getcwd(here, sizeof here))
        abort();
    snprintf(path, size, "%s%s%s/data/%s", here, *here ? "/" : "", root, name); /* absolute */
    return path;
}

/* Inside a cmocka test. */
#define REQUIRE_OPEN_DATA(path, name)                                                                                  \
    do {                                                                                                               \
        open_data_path((path), sizeof(path), (name));                                                                  \
        if (access((path), R_OK) != 0) {                                                                               \
            print_message("[  SKIP    ] %s: no file %s\n", __func__, (path));                                          \
            skip();                                                                                                    \
        }                                                                                                              \
    } while (0)

#endif
