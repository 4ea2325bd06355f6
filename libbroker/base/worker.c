/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/worker.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"

enum { TICK_NS = 50000000, PROGRESS_TICKS = 2 };

static void *run(void *arg) {
    hcb__worker *worker = arg;
    worker->work(worker, worker->payload);
    pthread_mutex_lock(&worker->lock);
    worker->done = true;
    pthread_cond_signal(&worker->done_signal);
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

void hcb__worker_publish(hcb__worker *worker, const hcb_progress *progress) {
    if (!worker)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->progress = *progress;
    strncpy(worker->level, progress->level ? progress->level : "", sizeof worker->level - 1);
    worker->fresh = true;
    pthread_mutex_unlock(&worker->lock);
}

/* One turn of the caller's thread while it waits; the lock is held on entry and on return, not during the callback. */
static void tick(hcb__worker *worker, hcb_context *ctx, double began, bool report, bool *stopped) {
    hcb_progress snapshot = worker->progress;
    char level[sizeof worker->level];
    memcpy(level, worker->level, sizeof level);
    pthread_mutex_unlock(&worker->lock);
    bool wish = hcb__cancelled(ctx);
    if (report && ctx->progress) {
        snapshot.struct_size = sizeof snapshot;
        snapshot.level = level;
        snapshot.elapsed_s = hcb__now() - began;
        wish = ctx->progress(&snapshot, ctx->progress_payload) != 0 || wish;
    }
    if (wish) {
        atomic_store(&worker->stop, 1);
        *stopped = true;
    }
    pthread_mutex_lock(&worker->lock);
}

static void monotonic_in(struct timespec *at, long ns) {
    clock_gettime(CLOCK_MONOTONIC, at);
    at->tv_nsec += ns;
    if (at->tv_nsec >= 1000000000) {
        at->tv_sec++;
        at->tv_nsec -= 1000000000;
    }
}

hcb_status hcb__worker_run(hcb_context *ctx, hcb__work_fn work, void *payload, bool *stopped_by_user) {
    hcb__worker worker;
    memset(&worker, 0, sizeof worker);
    worker.work = work;
    worker.payload = payload;
    worker.progress.struct_size = sizeof worker.progress;
    *stopped_by_user = false;
    atomic_init(&worker.stop, 0);
    pthread_condattr_t attr;
    if (pthread_condattr_init(&attr) != 0)
        return hcb__nomem(ctx);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&worker.lock, NULL);
    pthread_cond_init(&worker.done_signal, &attr);
    pthread_condattr_destroy(&attr);
    double began = hcb__now();
    pthread_t thread;
    hcb_status status = HCB_OK;
    if (pthread_create(&thread, NULL, run, &worker) != 0) {
        status = hcb__nomem(ctx);
    } else {
        pthread_mutex_lock(&worker.lock);
        for (int turn = 1; !worker.done; turn++) {
            struct timespec until;
            monotonic_in(&until, TICK_NS);
            pthread_cond_timedwait(&worker.done_signal, &worker.lock, &until);
            if (!worker.done)
                tick(&worker, ctx, began, turn % PROGRESS_TICKS == 0, stopped_by_user);
        }
        pthread_mutex_unlock(&worker.lock);
        pthread_join(thread, NULL);
    }
    pthread_cond_destroy(&worker.done_signal);
    pthread_mutex_destroy(&worker.lock);
    return status;
}
