/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random days at a desk, through the public calls: as many events, or as many seconds, as asked for.
 *
 *   desk_load WORKSPACE --events N | --seconds S [--seed X] [--ack]
 *
 * With --events the time is made up (the same seed gives the same ledger); with --seconds it is the clock's, so that
 * several processes may write to one ledger. --ack prints the last event's number after every call that was
 * acknowledged. At the end one JSON line: calls, refused, busy, events, seconds. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rng.h"
#include "hcbroker/hcbroker.h"

enum { DAY_S = 86400, ID = 65, SLACK_S = 60, PATH = 512 };

typedef struct load {
    hcb_context *ctx;
    hcb_desk *desk;
    sqlite3 *look; /* reads beside the desk's own connection */
    hcb__rng rng;
    char workspace[PATH], file[PATH + 32];
    int64_t at, made;
    int64_t calls, refused, busy;
    int ack, real;
} load;

static int64_t number(load *l, const char *sql) {
    sqlite3_stmt *stmt = NULL;
    int64_t out = 0;
    if (sqlite3_prepare_v2(l->look, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
        out = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return out;
}

/* One of the ids that a query gives, at random; false when there is none. */
static int pick(load *l, const char *from, char out[ID], char second[ID]) {
    char sql[PATH];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s", from);
    int64_t n = number(l, sql);
    if (n == 0)
        return 0;
    snprintf(sql, sizeof sql, "SELECT id, provider FROM %s ORDER BY id LIMIT 1 OFFSET %u", from,
             hcb__rng_below(&l->rng, (uint32_t)n));
    sqlite3_stmt *stmt = NULL;
    int found = sqlite3_prepare_v2(l->look, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW;
    if (found) {
        snprintf(out, ID, "%s", (const char *)sqlite3_column_text(stmt, 0));
        const char *provider = (const char *)sqlite3_column_text(stmt, 1);
        if (second)
            snprintf(second, ID, "%s", provider ? provider : "");
    }
    sqlite3_finalize(stmt);
    return found;
}

/* A file with one package of the small workspaces under zones/policies. */
static const char *write_package(load *l, const char *id) {
    static const int eastings[] = {447000, 453000, 463000};
    static const char *const zones[] = {"W1", "W2", "W3"};
    uint32_t z = hcb__rng_below(&l->rng, 3);
    FILE *file = fopen(l->file, "w");
    if (!file)
        exit(5);
    fprintf(file,
            "package_id,easting,northing,zone_id,band,weekly_hours,visits_per_week,priority,note\n%s,%d,300000,%s,"
            "urban,%u,7,%u,\n",
            id, eastings[z], zones[z], 1 + hcb__rng_below(&l->rng, 6), 1 + hcb__rng_below(&l->rng, 5));
    fclose(file);
    return l->file;
}

static hcb_status receive(load *l, const hcb_desk_stamp *s) {
    char id[ID];
    snprintf(id, sizeof id, "N%d-%lld", l->real ? (int)getpid() : 0, (long long)++l->made);
    return hcb_desk_receive(NULL, l->desk, l->ctx, s, write_package(l, id), NULL, 0);
}

static hcb_status answer(load *l, const hcb_desk_stamp *s) {
    static const char *const reasons[] = {"capacity", "travel", "price", "other"};
    char offer[ID];
    if (!pick(l, "offer WHERE status = 'open'", offer, NULL))
        return HCB_OK;
    int yes = hcb__rng_below(&l->rng, 10) < 6;
    return hcb_desk_answer(NULL, l->desk, l->ctx, s, offer, yes, yes ? NULL : reasons[hcb__rng_below(&l->rng, 4)], -1,
                           0);
}

enum { OFFER, END, SUSPEND, RESUME, HAND_BACK, CHANGE, NOTE };

static hcb_status about_package(load *l, const hcb_desk_stamp *s, uint32_t which) {
    static const char *const whom[] = {[OFFER] = "package WHERE status = 'waiting'",
                                       [END] = "package WHERE status = 'placed'",
                                       [SUSPEND] = "package WHERE status IN ('waiting', 'placed')",
                                       [RESUME] = "package WHERE status = 'suspended'",
                                       [HAND_BACK] = "package WHERE status = 'placed'",
                                       [CHANGE] = "package WHERE status IN ('waiting', 'offered', 'placed')",
                                       [NOTE] = "package WHERE status <> 'ended'"};
    char id[ID], provider[ID];
    const char *one = id;
    if (!pick(l, whom[which], id, which == HAND_BACK ? provider : NULL))
        return HCB_OK;
    switch (which) {
    case OFFER:
        return hcb_desk_offer(NULL, l->desk, l->ctx, s, id, NULL, 0, 0);
    case END:
        return hcb_desk_set(NULL, l->desk, l->ctx, s, HCB_DESK_END, &one, 1, NULL, 0);
    case SUSPEND:
        return hcb_desk_set(NULL, l->desk, l->ctx, s, HCB_DESK_SUSPEND, &one, 1, "hospital", 0);
    case RESUME:
        return hcb_desk_set(NULL, l->desk, l->ctx, s, HCB_DESK_RESUME, &one, 1, NULL, 0);
    case HAND_BACK:
        return hcb_desk_handback(NULL, l->desk, l->ctx, s, provider, &one, 1, "staff", 0);
    case CHANGE:
        return hcb_desk_change(NULL, l->desk, l->ctx, s, write_package(l, id), NULL, 0);
    default:
        return hcb_desk_note(NULL, l->desk, l->ctx, s, id, "rang the family", 0);
    }
}

/* Hours in all, of a part of the day, or of a zone, which the provider may not cover. */
static hcb_status state_hours(load *l, const hcb_desk_stamp *s) {
    static const char *const providers[] = {"P1", "P2", "P3", "P4"}, *const zones[] = {"W1", "W2", "W3"},
                             *const parts[] = {"morning", "lunch", "tea", "bed"};
    const char *provider = providers[hcb__rng_below(&l->rng, 4)];
    int64_t minutes = 600 + 60 * (int64_t)hcb__rng_below(&l->rng, 40);
    switch (hcb__rng_below(&l->rng, 4)) {
    case 0:
        return hcb_desk_capacity_of(NULL, l->desk, l->ctx, s, provider, zones[hcb__rng_below(&l->rng, 3)], NULL,
                                    minutes, 0);
    case 1:
        return hcb_desk_capacity_of(NULL, l->desk, l->ctx, s, provider, NULL, parts[hcb__rng_below(&l->rng, 4)],
                                    hcb__rng_below(&l->rng, 2) ? minutes : -1, 0);
    default:
        return hcb_desk_capacity(NULL, l->desk, l->ctx, s, provider, minutes, 0);
    }
}

static hcb_status about_desk(load *l, const hcb_desk_stamp *s, uint32_t which) {
    char offer[ID];
    hcb_desk_plan_options o;
    switch (which) {
    case 0:
        return state_hours(l, s);
    case 1:
        return pick(l, "offer WHERE status = 'open'", offer, NULL)
                   ? hcb_desk_withdraw(NULL, l->desk, l->ctx, s, offer, NULL, 0)
                   : HCB_OK;
    case 2:
        return hcb_desk_expire(NULL, l->desk, l->ctx, s, 0);
    default:
        hcb_desk_plan_options_init(&o);
        o.allocation.threads = 1;
        o.allocation.work_limit = 200000;
        o.allocation.replan = hcb__rng_below(&l->rng, 2) ? 2 : HCB_REPLAN_FIXED;
        o.carry_out = 1;
        return hcb_desk_plan(NULL, NULL, l->desk, l->ctx, s, &o, 0);
    }
}

/* Some calls are against the rules on purpose: an offer that is not there, a time before the last event's. */
static hcb_status against_rules(load *l, hcb_desk_stamp *s) {
    if (hcb__rng_below(&l->rng, 2))
        return hcb_desk_answer(NULL, l->desk, l->ctx, s, "O999999", 1, NULL, -1, 0);
    s->at -= 10 * (int64_t)DAY_S;
    s->slack_s = 0;
    return hcb_desk_note(NULL, l->desk, l->ctx, s, NULL, "yesterday", 0);
}

static void act(load *l) {
    l->at += 60 * (int64_t)hcb__rng_below(&l->rng, 120);
    hcb_desk_stamp s = {sizeof s, l->real ? SLACK_S : 0, l->real ? (int64_t)time(NULL) : l->at, "load"};
    /* Fewer ends than starts, and who is suspended comes back. */
    static const uint32_t others[] = {END,       SUSPEND, RESUME, RESUME, RESUME, HAND_BACK,
                                      HAND_BACK, CHANGE,  CHANGE, NOTE,   NOTE};
    enum { N_OTHERS = sizeof others / sizeof *others };
    uint32_t die = hcb__rng_below(&l->rng, 100);
    hcb_status status = die < 10   ? receive(l, &s)
                        : die < 48 ? about_package(l, &s, OFFER)
                        : die < 72 ? answer(l, &s)
                        : die < 88 ? about_package(l, &s, others[hcb__rng_below(&l->rng, N_OTHERS)])
                        : die < 98 ? about_desk(l, &s, hcb__rng_below(&l->rng, 4))
                                   : against_rules(l, &s);
    l->calls++;
    l->busy += status == HCB_EBUSY;
    l->refused += status == HCB_EDATA;
    if (status != HCB_OK && status != HCB_EBUSY && status != HCB_EDATA) {
        fprintf(stderr, "%s: %s\n", hcb_status_name(status), hcb_context_error(l->ctx)->message);
        exit(5);
    }
    if (l->ack && status == HCB_OK) {
        printf("%lld\n", (long long)number(l, "SELECT MAX(seq) FROM event"));
        fflush(stdout);
    }
}

static void open_all(load *l) {
    char path[PATH + 32];
    hcb_desk_options o = HCB_DESK_OPTIONS_INIT;
    o.wait_ms = 2000;
    if (hcb_context_create(&l->ctx, NULL) != HCB_OK || hcb_desk_open(&l->desk, l->ctx, l->workspace, &o) != HCB_OK) {
        fprintf(stderr, "%s\n", l->ctx ? hcb_context_error(l->ctx)->message : "out of memory");
        exit(5);
    }
    snprintf(path, sizeof path, "%s/desk.ledger", l->workspace);
    snprintf(l->file, sizeof l->file, "%s/load-%d.csv", l->workspace, (int)getpid());
    if (sqlite3_open_v2(path, &l->look, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        exit(5);
    sqlite3_busy_timeout(l->look, 10000);
}

int main(int argc, char **argv) {
    static load l;
    int64_t events = 0;
    double seconds = 0, began = hcb__now();
    uint64_t seed = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--ack") == 0)
            l.ack = 1;
        else if (i + 1 < argc && strcmp(argv[i], "--events") == 0)
            events = strtoll(argv[++i], NULL, 10);
        else if (i + 1 < argc && strcmp(argv[i], "--seconds") == 0)
            seconds = strtod(argv[++i], NULL);
        else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
            seed = (uint64_t)strtoll(argv[++i], NULL, 10);
        else
            snprintf(l.workspace, sizeof l.workspace, "%s", argv[i]);
    }
    if (!*l.workspace || (events <= 0) == (seconds <= 0)) {
        fprintf(stderr, "usage: desk_load WORKSPACE --events N | --seconds S [--seed X] [--ack]\n");
        return 2;
    }
    l.real = seconds > 0;
    hcb__rng_seed(&l.rng, seed, 0);
    open_all(&l);
    int64_t first = number(&l, "SELECT MAX(seq) FROM event");
    l.at = number(&l, "SELECT MAX(at) FROM event");
    l.made = number(&l, "SELECT COUNT(*) FROM package");
    while (seconds > 0 ? hcb__now() - began < seconds : number(&l, "SELECT MAX(seq) FROM event") < events)
        act(&l);
    int64_t added = number(&l, "SELECT MAX(seq) FROM event") - first;
    printf("{\"calls\": %lld, \"refused\": %lld, \"busy\": %lld, \"events\": %lld, \"seconds\": %.2f}\n",
           (long long)l.calls, (long long)l.refused, (long long)l.busy, (long long)added, hcb__now() - began);
    unlink(l.file);
    sqlite3_close(l.look);
    hcb_desk_close(l.desk);
    hcb_context_free(l.ctx);
    return 0;
}
