/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's allocator need not bear two threads at once: ours take turns at it. */
#ifndef HCB_BASE_SHARED_MEMORY_H
#define HCB_BASE_SHARED_MEMORY_H

#include <pthread.h>

#include "base/mem.h"

typedef struct hcb__shared_memory {
    hcb_allocator allocator; /* for any of our threads, until hcb__shared_memory_done */
    const hcb_allocator *host;
    pthread_mutex_t lock;
} hcb__shared_memory;

/* False: there is no lock to be had. */
bool hcb__shared_memory_init(hcb__shared_memory *memory, const hcb_allocator *host);
void hcb__shared_memory_done(hcb__shared_memory *memory);

#endif
