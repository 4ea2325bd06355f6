/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/hint.h"

#include <string.h>

enum { LONGEST = 64 };

hcb__hint hcb__hint_for(const char *word, size_t len) {
    /* More slips are likely in a longer word; a short one would match anything. */
    size_t allowed = len <= 2 ? 0 : len <= 4 ? 1 : len <= 8 ? 2 : 3;
    return (hcb__hint){word, len, NULL, allowed + 1};
}

/* Letter case and the choice of separator cost nothing. */
static int folded(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 'a';
    return c == '-' || c == ' ' ? '_' : c;
}

void hcb__hint_try(hcb__hint *hint, const char *name) {
    size_t n = strlen(name), m = hint->len;
    if (n > LONGEST || m > LONGEST)
        return;
    /* Edit distance (Levenshtein) by rows. */
    size_t row[LONGEST + 1];
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t change = diagonal + (folded(hint->word[i - 1]) != folded(name[j - 1]));
            diagonal = row[j];
            size_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = change < least ? change : least;
        }
    }
    if (row[n] < hint->distance) {
        hint->distance = row[n];
        hint->best = name;
    }
}
