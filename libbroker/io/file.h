/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files in, whole files out. A file is written beside its final name, flushed, then renamed, so that an
 * interrupted run leaves the old file or the new one, never half of one. */
#ifndef HCB_IO_FILE_H
#define HCB_IO_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/context.h"
#include "base/text.h"

/* Reads a regular file (at most 2 GiB) into memory of ctx->mem, with a '\0' behind it. `shown` is the name in messages.
 * HCB_ENOTFOUND, HCB_EIO, HCB_ELIMIT, HCB_ENOMEM. */
HCB_NODISCARD hcb_status hcb__file_read(char **out, size_t *size, hcb_context *ctx, const char *path,
                                        const char *shown);
bool hcb__file_exists(const char *path);
bool hcb__folder_exists(const char *path);
/* dir + "/" + name in an arena; name alone when it is absolute. NULL when memory is out. */
char *hcb__path_join(hcb__arena *arena, const char *dir, const char *name);

/* The names in a folder that end in `ending`, sorted by bytes, in the arena. HCB_EIO, HCB_ENOMEM. */
HCB_NODISCARD hcb_status hcb__folder_list(char ***names, size_t *n, hcb_context *ctx, hcb__arena *arena,
                                          const char *path, const char *shown, const char *ending);

/* HCB_EINVAL: something that is not hidden is in the folder, named; or it is a file. A folder that is not there is
 * fine.
 */
HCB_NODISCARD hcb_status hcb__folder_must_be_empty(hcb_context *ctx, hcb__arena *arena, const char *path);

/* Several files that appear together: each is written and flushed under a temporary name in its folder when it is
 * added; commit renames them all, in the order added. Anything that fails removes the temporary files and leaves the
 * old ones. */
typedef struct hcb__file_set hcb__file_set;
HCB_NODISCARD hcb_status hcb__file_set_create(hcb__file_set **out, hcb_context *ctx);
/* Creates the folder (not its parents) when it is not there. */
HCB_NODISCARD hcb_status hcb__file_set_folder(hcb__file_set *set, const char *dir);
HCB_NODISCARD hcb_status hcb__file_set_add(hcb__file_set *set, const char *path, const char *bytes, size_t size);
HCB_NODISCARD hcb_status hcb__file_set_commit(hcb__file_set *set);
/* Without commit: removes what was written. NULL is fine. */
void hcb__file_set_free(hcb__file_set *set);

/* The texts as files of a folder, which is made when it is not there: all of them or none. */
HCB_NODISCARD hcb_status hcb__folder_write(hcb_context *ctx, const char *folder, const char *const *names,
                                           const hcb__text *texts, size_t n);

/* One file, at once. */
HCB_NODISCARD hcb_status hcb__file_write(hcb_context *ctx, const char *path, const char *bytes, size_t size);

#endif
