/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/shared_memory.h"

static void *shared_malloc(size_t size, void *user) {
    hcb__shared_memory *m = user;
    pthread_mutex_lock(&m->lock);
    void *ptr = m->host->malloc_fn(size, m->host->user);
    pthread_mutex_unlock(&m->lock);
    return ptr;
}

static void *shared_realloc(void *ptr, size_t size, void *user) {
    hcb__shared_memory *m = user;
    pthread_mutex_lock(&m->lock);
    void *moved = m->host->realloc_fn(ptr, size, m->host->user);
    pthread_mutex_unlock(&m->lock);
    return moved;
}

static void shared_free(void *ptr, void *user) {
    hcb__shared_memory *m = user;
    pthread_mutex_lock(&m->lock);
    m->host->free_fn(ptr, m->host->user);
    pthread_mutex_unlock(&m->lock);
}

bool hcb__shared_memory_init(hcb__shared_memory *memory, const hcb_allocator *host) {
    if (pthread_mutex_init(&memory->lock, NULL) != 0)
        return false;
    memory->allocator = (hcb_allocator){shared_malloc, shared_realloc, shared_free, memory};
    memory->host = host;
    return true;
}

void hcb__shared_memory_done(hcb__shared_memory *memory) {
    pthread_mutex_destroy(&memory->lock);
}
