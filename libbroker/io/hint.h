/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": the known name nearest to a mistyped one. */
#ifndef HCB_IO_HINT_H
#define HCB_IO_HINT_H

#include <stddef.h>

typedef struct hcb__hint {
    const char *word;
    size_t len;
    const char *best; /* NULL: nothing is near */
    size_t distance;
} hcb__hint;

hcb__hint hcb__hint_for(const char *word, size_t len);
void hcb__hint_try(hcb__hint *hint, const char *name);

#endif
