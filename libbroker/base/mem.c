/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

static void *default_malloc(size_t size, void *user) {
    (void)user;
    return malloc(size);
}

static void *default_realloc(void *ptr, size_t size, void *user) {
    (void)user;
    return realloc(ptr, size);
}

static void default_free(void *ptr, void *user) {
    (void)user;
    free(ptr);
}

const hcb_allocator *hcb__default_allocator(void) {
    static const hcb_allocator allocator = {default_malloc, default_realloc, default_free, NULL};
    return &allocator;
}

void *hcb__malloc(const hcb_allocator *mem, size_t size) {
    return mem->malloc_fn(size ? size : 1, mem->user);
}

static bool product(size_t count, size_t size, size_t *out) {
    return !__builtin_mul_overflow(count, size, out);
}

void *hcb__calloc(const hcb_allocator *mem, size_t count, size_t size) {
    size_t bytes;
    if (!product(count, size, &bytes))
        return NULL;
    void *ptr = hcb__malloc(mem, bytes);
    if (ptr)
        memset(ptr, 0, bytes);
    return ptr;
}

void *hcb__realloc(const hcb_allocator *mem, void *ptr, size_t count, size_t size) {
    size_t bytes;
    if (!product(count, size, &bytes))
        return NULL;
    return mem->realloc_fn(ptr, bytes ? bytes : 1, mem->user);
}

void hcb__free(const hcb_allocator *mem, void *ptr) {
    if (ptr)
        mem->free_fn(ptr, mem->user);
}

char *hcb__strndup(const hcb_allocator *mem, const char *text, size_t len) {
    char *copy = len < SIZE_MAX ? hcb__malloc(mem, len + 1) : NULL;
    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

struct hcb__arena_block {
    hcb__arena_block *next;
    size_t size, used;
};

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20, ALIGN = alignof(max_align_t) };

static size_t header_size(void) {
    return (sizeof(hcb__arena_block) + ALIGN - 1) / ALIGN * ALIGN;
}

void hcb__arena_init(hcb__arena *arena, const hcb_allocator *mem) {
    arena->mem = *mem;
    arena->head = NULL;
    arena->used = 0;
}

void hcb__arena_release(hcb__arena *arena) {
    hcb__arena_block *block = arena->head;
    while (block) {
        hcb__arena_block *next = block->next;
        hcb__free(&arena->mem, block);
        block = next;
    }
    arena->head = NULL;
    arena->used = 0;
}

void *hcb__arena_alloc(hcb__arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (!product(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return NULL;
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    hcb__arena_block *block = arena->head;
    if (!block || block->size - block->used < bytes) {
        size_t want = block ? block->size * 2 : FIRST_BLOCK;
        if (want > LARGEST_BLOCK)
            want = LARGEST_BLOCK;
        if (want < bytes)
            want = bytes;
        block = hcb__malloc(&arena->mem, header_size() + want);
        if (!block)
            return NULL;
        block->size = want;
        block->used = 0;
        block->next = arena->head;
        arena->head = block;
    }
    char *ptr = (char *)block + header_size() + block->used;
    block->used += bytes;
    arena->used += bytes;
    memset(ptr, 0, bytes);
    return ptr;
}

char *hcb__arena_strndup(hcb__arena *arena, const char *text, size_t len) {
    char *copy = len < SIZE_MAX ? hcb__arena_alloc(arena, len + 1, 1) : NULL;
    if (copy)
        memcpy(copy, text, len);
    return copy;
}

bool hcb__vec_reserve(const hcb_allocator *mem, void **at, size_t *cap, size_t want, size_t size) {
    if (want <= *cap)
        return true;
    size_t grown = *cap < 8 ? 8 : *cap + *cap / 2;
    if (grown < want)
        grown = want;
    void *moved = hcb__realloc(mem, *at, grown, size);
    if (!moved)
        return false;
    *at = moved;
    *cap = grown;
    return true;
}
