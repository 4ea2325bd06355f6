/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For targets whose calls read files: a folder of the program's own with the small workspace, its plan, its ledger. The
 * first line of an input names a file of it, or what the rest is used for. */
#ifndef HCB_TESTS_FUZZ_FOLDER_H
#define HCB_TESTS_FUZZ_FOLDER_H

#include <string.h>

#include "fuzz.h"
#include "hcbroker/hcbroker.h"
#include "workspace_files.h"

#define FUZZ_AT 1606809600 /* the ledger was begun then */

typedef struct fuzz_input {
    char name[32];
    const char *bytes;
    size_t size;
} fuzz_input;

static inline bool fuzz_split(fuzz_input *in, const uint8_t *data, size_t size) {
    const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
    size_t head = line ? (size_t)(line - data) : size;
    if (!line || head == 0 || head >= sizeof in->name || memchr(data, '/', head) || data[0] == '.' ||
        memchr(data, '\0', head))
        return false;
    memset(in->name, 0, sizeof in->name);
    memcpy(in->name, data, head);
    in->bytes = (const char *)line + 1;
    in->size = size - head - 1;
    return true;
}

static inline bool fuzz_is(const fuzz_input *in, const char *name) {
    return strcmp(in->name, name) == 0;
}

/* The bytes as one text; a NUL ends it. */
static inline const char *fuzz_text(const fuzz_input *in) {
    static char text[512];
    size_t n = in->size < sizeof text - 1 ? in->size : sizeof text - 1;
    memcpy(text, in->bytes, n);
    text[n] = '\0';
    return text;
}

static test_folder fuzz_own;

static inline void fuzz_remove_home(void) {
    test_folder_remove(fuzz_own.path);
}

/* A path below the folder; the last four stay valid. */
static inline const char *fuzz_path(const char *name) {
    static char paths[4][160];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", fuzz_own.path, name);
    return path;
}

static inline void fuzz_copy(const char *from, const char *to) {
    char command[600];
    snprintf(command, sizeof command, "cp -r '%s' '%s'", from, fuzz_path(to));
    FUZZ_CHECK(system(command) == 0);
}

/* True the first time, when the folder is made: ws is the small workspace. */
static inline bool fuzz_home(void) {
    if (fuzz_own.path[0])
        return false;
    setenv("HCB_DATA_DIR", HCB_SOURCE_DIR "/zones", 1);
    fuzz_own = test_folder_make();
    atexit(fuzz_remove_home);
    fuzz_copy(HCB_SOURCE_DIR "/tests/golden/base", "ws");
    return true;
}

/* The input as a file of a folder below the home. */
static inline void fuzz_write(const char *folder, const fuzz_input *in) {
    char name[64];
    snprintf(name, sizeof name, "%s/%s", folder, in->name);
    test_folder_write_bytes(&fuzz_own, name, in->bytes, in->size);
}

/* The text is there when the call says so, and a refusal has its reason. */
static inline void fuzz_drop(hcb_status status, hcb_context *ctx, hcb_text **text) {
    FUZZ_CHECK((status == HCB_OK) == (*text != NULL));
    FUZZ_CHECK(status == HCB_OK || status == HCB_EINVAL || hcb_context_error(ctx)->message[0]);
    FUZZ_CHECK(status != HCB_EINTERNAL && status != HCB_ENOMEM);
    hcb_text_free(*text);
    *text = NULL;
}

static inline void fuzz_close(hcb_context *ctx, counting *memory) {
    hcb_context_free(ctx);
    FUZZ_CHECK(memory->alive == 0);
}

#endif
