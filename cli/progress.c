/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of progress at the foot of the terminal. The library tells how a solve goes; what else takes long is said by
 * a thread of ours, which knows the command and the time. */
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

enum { WIDTH = 78 };
enum { TICK_NS = 100000000, NS_A_SECOND = 1000000000 };
static const double QUIET_S = 1.5, LINE_S = 2; /* before the first line; between lines that stay (no terminal) */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t end; /* so that a command which is done waits for no tick */
    pthread_t thread;
    bool running, ending, terminal, shown;
    const char *command;
    double began, told; /* when the command began; when the last line was written */
    double heard;       /* when the library last told */
} foot = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void write_line(const char *line) {
    if (foot.terminal)
        fprintf(stderr, "\r%-*.*s", WIDTH, WIDTH, line);
    else
        fprintf(stderr, "%.*s\n", WIDTH, line);
    foot.shown = foot.terminal;
    foot.told = steady_seconds();
}

static void erase_line(void) {
    if (foot.shown)
        fprintf(stderr, "\r%*s\r", WIDTH, "");
    foot.shown = false;
}

static void *tick(void *unused) {
    (void)unused;
    pthread_mutex_lock(&foot.lock);
    while (!foot.ending) {
        double now = steady_seconds();
        if (now - foot.began >= QUIET_S && now - foot.heard >= 0.5 &&
            now - foot.told >= (foot.terminal ? 0.5 : LINE_S)) {
            char line[WIDTH + 1];
            snprintf(line, sizeof line, "%5.1f s  %s", now - foot.began, foot.command);
            write_line(line);
        }
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += TICK_NS;
        until.tv_sec += until.tv_nsec / NS_A_SECOND;
        until.tv_nsec %= NS_A_SECOND;
        pthread_cond_timedwait(&foot.end, &foot.lock, &until);
    }
    pthread_mutex_unlock(&foot.lock);
    return NULL;
}

static bool ready_to_end(void) {
    pthread_condattr_t attr;
    if (pthread_condattr_init(&attr) != 0)
        return false;
    bool ready = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 && pthread_cond_init(&foot.end, &attr) == 0;
    pthread_condattr_destroy(&attr);
    return ready;
}

void begin_progress(cli *c, const char *command) {
    foot.terminal = isatty(STDERR_FILENO) != 0;
    foot.command = command;
    foot.began = foot.told = c->began;
    bool wanted = c->args.progress == 1 || (c->args.progress == 0 && foot.terminal && !c->args.quiet);
    /* Signals are the main thread's. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    foot.running = wanted && ready_to_end() && pthread_create(&foot.thread, NULL, tick, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void clear_progress(void) {
    pthread_mutex_lock(&foot.lock);
    erase_line();
    pthread_mutex_unlock(&foot.lock);
}

void end_progress(void) {
    if (!foot.running)
        return;
    pthread_mutex_lock(&foot.lock);
    foot.ending = true;
    pthread_cond_signal(&foot.end);
    erase_line();
    pthread_mutex_unlock(&foot.lock);
    pthread_join(foot.thread, NULL);
    foot.running = false;
}

static int put(char *line, int n, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int more = vsnprintf(line + n, (size_t)(WIDTH + 1 - n), format, args);
    va_end(args);
    return n + more > WIDTH ? WIDTH : n + more;
}

/* Seconds until a limit ends the solve at the latest; negative: none is known. */
static double seconds_left(const cli *c, const hcb_progress *p) {
    double left = -1;
    if (p->work_limit > 0 && p->work > 0 && p->work <= p->work_limit)
        left = p->elapsed_s * (double)(p->work_limit - p->work) / (double)p->work;
    if (c->args.time_limit > 0) {
        double until = c->args.time_limit - (steady_seconds() - c->began);
        left = left < 0 || until < left ? (until > 0 ? until : 0) : left;
    }
    return left;
}

int32_t show_progress(const hcb_progress *progress, void *payload) {
    static const char *const phases[] = {"reading", "building", "solving", "verifying", "writing"};
    const cli *c = payload;
    double now = steady_seconds(), left = seconds_left(c, progress);
    if (!foot.running)
        return 0;
    pthread_mutex_lock(&foot.lock);
    foot.heard = now;
    pthread_mutex_unlock(&foot.lock);
    if (now - foot.began < QUIET_S)
        return 0;
    char line[WIDTH + 1];
    bool known = progress->phase >= 0 && progress->phase < (int32_t)COUNT(phases);
    int n = put(line, 0, "%5.1f s  %s %s", now - foot.began, known ? phases[progress->phase] : foot.command,
                progress->level);
    if (progress->has_value)
        n = put(line, n, "  best %lld", (long long)progress->value);
    if (progress->has_bound)
        n = put(line, n, "  bound %lld", (long long)progress->bound);
    int without_gap = n;
    if (progress->has_value && progress->has_bound && progress->value != 0)
        n = put(line, n, "  gap %.3f%%", 100.0 * (double)(progress->value - progress->bound) / (double)progress->value);
    if (left >= 0 && put(line, n, "  left <%.0f s", left + 1) >= WIDTH) /* long figures: the gap is seen from them */
        put(line, without_gap, "  left <%.0f s", left + 1);
    pthread_mutex_lock(&foot.lock);
    if (foot.terminal || now - foot.told >= LINE_S)
        write_line(line);
    pthread_mutex_unlock(&foot.lock);
    return 0;
}
