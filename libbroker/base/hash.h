/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4), and a table from ids to indices. */
#ifndef HCB_BASE_HASH_H
#define HCB_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

typedef struct hcb__sha256 {
    uint32_t state[8];
    uint64_t length;
    uint8_t block[64];
} hcb__sha256;

void hcb__sha256_init(hcb__sha256 *sha);
void hcb__sha256_add(hcb__sha256 *sha, const void *bytes, size_t len);
/* Lower-case hexadecimal and '\0'. */
void hcb__sha256_hex(hcb__sha256 *sha, char out[65]);

/* Ids (borrowed strings) to indices. */
typedef struct hcb__idmap {
    const hcb_allocator *mem;
    const char **keys;
    int32_t *values;
    size_t cap, count;
} hcb__idmap;

void hcb__idmap_init(hcb__idmap *map, const hcb_allocator *mem);
void hcb__idmap_free(hcb__idmap *map);
/* The value stored under key, or -1. `key` need not end in '\0'. */
int32_t hcb__idmap_get(const hcb__idmap *map, const char *key, size_t len);
/* Stores value under key (borrowed, ends in '\0'), which must not be there yet; false when memory is out. */
bool hcb__idmap_put(hcb__idmap *map, const char *key, int32_t value);

#endif
