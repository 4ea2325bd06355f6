/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <string.h>

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotr(uint32_t x, int n) {
    return x >> n | x << (32 - n);
}

void hcb__sha256_init(hcb__sha256 *sha) {
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(sha->state, start, sizeof start);
    sha->length = 0;
}

/* The eight words change their roles instead of their places: moving them took half the time of loading a workspace. */
#define WORD(n) s[((n) - (k) + 8) & 7]
#define ROUND(number)                                                                                                  \
    do {                                                                                                               \
        enum { k = (number) };                                                                                         \
        const uint32_t e = WORD(4), a = WORD(0);                                                                       \
        const uint32_t t1 = WORD(7) + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & WORD(5)) ^ (~e & WORD(6))) +    \
                            K[i + k] + w[i + k];                                                                       \
        WORD(3) += t1;                                                                                                 \
        WORD(7) =                                                                                                      \
            t1 + (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & WORD(1)) ^ (a & WORD(2)) ^ (WORD(1) & WORD(2)));     \
    } while (0)

static void compress(hcb__sha256 *sha) {
    uint32_t w[64], s[8];
    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)sha->block[4 * i] << 24 | (uint32_t)sha->block[4 * i + 1] << 16 |
               (uint32_t)sha->block[4 * i + 2] << 8 | sha->block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t b = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    memcpy(s, sha->state, sizeof s);
    for (unsigned i = 0; i < 64; i += 8) {
        ROUND(0);
        ROUND(1);
        ROUND(2);
        ROUND(3);
        ROUND(4);
        ROUND(5);
        ROUND(6);
        ROUND(7);
    }
    for (int i = 0; i < 8; i++)
        sha->state[i] += s[i];
}

void hcb__sha256_add(hcb__sha256 *sha, const void *bytes, size_t len) {
    const uint8_t *p = bytes;
    while (len) {
        size_t at = sha->length % 64, n = 64 - at < len ? 64 - at : len;
        memcpy(sha->block + at, p, n);
        sha->length += n;
        p += n;
        len -= n;
        if (sha->length % 64 == 0)
            compress(sha);
    }
}

void hcb__sha256_hex(hcb__sha256 *sha, char out[65]) {
    uint64_t bits = sha->length * 8;
    uint8_t one = 0x80, zero = 0, tail[8];
    hcb__sha256_add(sha, &one, 1);
    while (sha->length % 64 != 56)
        hcb__sha256_add(sha, &zero, 1);
    for (int i = 0; i < 8; i++)
        tail[i] = (uint8_t)(bits >> (56 - 8 * i));
    hcb__sha256_add(sha, tail, 8);
    for (int i = 0; i < 64; i++)
        out[i] = "0123456789abcdef"[sha->state[i / 8] >> (28 - 4 * (i % 8)) & 15];
    out[64] = '\0';
}

void hcb__idmap_init(hcb__idmap *map, const hcb_allocator *mem) {
    *map = (hcb__idmap){.mem = mem};
}

void hcb__idmap_free(hcb__idmap *map) {
    if (!map->mem)
        return;
    hcb__free(map->mem, map->keys);
    hcb__free(map->mem, map->values);
    *map = (hcb__idmap){.mem = map->mem};
}

/* FNV-1a; ids are data of the user's own, not of an adversary with many requests. */
static size_t slot_of(const char *key, size_t len, size_t cap) {
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)key[i]) * 0x100000001b3u;
    return (size_t)(h ^ h >> 32) & (cap - 1);
}

int32_t hcb__idmap_get(const hcb__idmap *map, const char *key, size_t len) {
    if (!map->cap)
        return -1;
    for (size_t i = slot_of(key, len, map->cap); map->keys[i]; i = (i + 1) & (map->cap - 1))
        if (strncmp(map->keys[i], key, len) == 0 && map->keys[i][len] == '\0')
            return map->values[i];
    return -1;
}

static void insert(const char **keys, int32_t *values, size_t cap, const char *key, int32_t value) {
    size_t i = slot_of(key, strlen(key), cap);
    while (keys[i])
        i = (i + 1) & (cap - 1);
    keys[i] = key;
    values[i] = value;
}

bool hcb__idmap_put(hcb__idmap *map, const char *key, int32_t value) {
    if (map->count * 2 >= map->cap) {
        size_t cap = map->cap ? map->cap * 2 : 64;
        const char **keys = hcb__calloc(map->mem, cap, sizeof *keys);
        int32_t *values = hcb__calloc(map->mem, cap, sizeof *values);
        if (!keys || !values) {
            hcb__free(map->mem, keys);
            hcb__free(map->mem, values);
            return false;
        }
        for (size_t i = 0; i < map->cap; i++)
            if (map->keys[i])
                insert(keys, values, cap, map->keys[i], map->values[i]);
        hcb__free(map->mem, map->keys);
        hcb__free(map->mem, map->values);
        map->keys = keys;
        map->values = values;
        map->cap = cap;
    }
    insert(map->keys, map->values, map->cap, key, value);
    map->count++;
    return true;
}
