/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A long call runs on a thread of ours, while the caller's thread passes on progress, log lines and the wish to stop.
 */
#ifndef HCB_BASE_WORKER_H
#define HCB_BASE_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/context.h"

typedef struct hcb__worker hcb__worker;

/* The work. It must not use the context (it belongs to the caller's thread); what went wrong it leaves in its own
 * payload. It looks at hcb__worker_stopping() often, and publishes progress when it has something to say. */
typedef void (*hcb__work_fn)(hcb__worker *worker, void *payload);

struct hcb__worker {
    pthread_mutex_t lock;
    pthread_cond_t done_signal;
    hcb__work_fn work;
    void *payload;
    atomic_int stop;
    bool done;
    bool fresh;
    hcb_progress progress;
    char level[64];
};

/* Runs work to its end. HCB_OK when it ran (stopped or not); *stopped_by_user tells whether the progress callback or
 * the cancel token asked for the stop. HCB_ENOMEM when no thread could be made. */
HCB_NODISCARD hcb_status hcb__worker_run(hcb_context *ctx, hcb__work_fn work, void *payload, bool *stopped_by_user);

/* For the work: whether to stop soon. Any thread. */
static inline bool hcb__worker_stopping(const hcb__worker *worker) {
    return worker && atomic_load_explicit(&worker->stop, memory_order_relaxed);
}

/* For the work: what to show at the next tick; copied. `worker` may be NULL. */
void hcb__worker_publish(hcb__worker *worker, const hcb_progress *progress);

#endif
