/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory: the allocator of a context, and an arena whose objects are freed together. */
#ifndef HCB_BASE_MEM_H
#define HCB_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hcbroker/context.h"

/* Every size is checked: a product that overflows gives NULL, as an allocation that fails does. */
void *hcb__malloc(const hcb_allocator *mem, size_t size);
void *hcb__calloc(const hcb_allocator *mem, size_t count, size_t size);
void *hcb__realloc(const hcb_allocator *mem, void *ptr, size_t count, size_t size);
void hcb__free(const hcb_allocator *mem, void *ptr);
char *hcb__strndup(const hcb_allocator *mem, const char *text, size_t len);

/* The C library's functions. */
const hcb_allocator *hcb__default_allocator(void);

/* Blocks of growing size; nothing is freed before the arena is. The allocator is copied, so an arena may outlive the
 * context it was made with. */
typedef struct hcb__arena_block hcb__arena_block;
typedef struct hcb__arena {
    hcb_allocator mem;
    hcb__arena_block *head;
    size_t used;
} hcb__arena;

void hcb__arena_init(hcb__arena *arena, const hcb_allocator *mem);
void hcb__arena_release(hcb__arena *arena);
/* Zeroed, aligned for any type; NULL when memory is out. A count of 0 gives a valid pointer. */
void *hcb__arena_alloc(hcb__arena *arena, size_t count, size_t size);
char *hcb__arena_strndup(hcb__arena *arena, const char *text, size_t len);

/* A growable array: declare `struct { T *at; size_t count, cap; }`, push with HCB__PUSH (false when memory is out). */
bool hcb__vec_reserve(const hcb_allocator *mem, void **at, size_t *cap, size_t want, size_t size);
#define HCB__VEC(T)                                                                                                    \
    struct {                                                                                                           \
        T *at;                                                                                                         \
        size_t count, cap;                                                                                             \
    }
#define HCB__RESERVE(mem, v, n) hcb__vec_reserve((mem), (void **)&(v)->at, &(v)->cap, (n), sizeof *(v)->at)
#define HCB__PUSH(mem, v, value)                                                                                       \
    (HCB__RESERVE((mem), (v), (v)->count + 1) ? ((v)->at[(v)->count++] = (value), true) : false)
#define HCB__VEC_FREE(mem, v) (hcb__free((mem), (v)->at), (v)->at = NULL, (v)->count = (v)->cap = 0)

#endif
