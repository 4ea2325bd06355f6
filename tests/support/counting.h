/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An allocator that counts what is alive and can refuse the n-th request. */
#ifndef HCB_TESTS_COUNTING_H
#define HCB_TESTS_COUNTING_H

#include <stdlib.h>

#include "hcbroker/context.h"

typedef struct counting {
    hcb_allocator mem;
    long alive;   /* blocks not freed yet */
    long asked;   /* requests so far */
    long fail_at; /* the request, counted from 1, that fails with all after it; 0: none */
} counting;

static inline int counting_refuses(counting *c) {
    c->asked++;
    return c->fail_at && c->asked >= c->fail_at;
}

static inline void *counting_malloc(size_t size, void *user) {
    counting *c = user;
    void *ptr = counting_refuses(c) ? NULL : malloc(size);
    c->alive += ptr != NULL;
    return ptr;
}

static inline void *counting_realloc(void *ptr, size_t size, void *user) {
    counting *c = user;
    void *moved = counting_refuses(c) ? NULL : realloc(ptr, size);
    c->alive += moved && !ptr;
    return moved;
}

static inline void counting_free(void *ptr, void *user) {
    ((counting *)user)->alive -= ptr != NULL;
    free(ptr);
}

/* In place: the allocator points back at it. */
static inline void counting_init(counting *c) {
    *c = (counting){{counting_malloc, counting_realloc, counting_free, c}, 0, 0, 0};
}

#endif
