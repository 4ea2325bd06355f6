/* SPDX-License-Identifier: GPL-3.0-or-later */
/* More or fewer people, longer or shorter visits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "model/limits.h"
#include "model/visits.h"
#include "scenario/changes_apply.h"

enum { ALL = 10000, DAY = 1440, SHORT = 30, LONGEST_ID = 64 };

/* What an id draws from a seed: whatever else is in the workspace, and whatever the change. */
static uint64_t draw(const char *id, uint64_t seed, const char *what) {
    hcb__sha256 sha;
    char hex[65], word[17];
    hcb__sha256_init(&sha);
    hcb__sha256_add(&sha, &seed, sizeof seed);
    hcb__sha256_add(&sha, what, strlen(what) + 1);
    hcb__sha256_add(&sha, id, strlen(id));
    hcb__sha256_hex(&sha, hex);
    memcpy(word, hex, 16);
    word[16] = '\0';
    return strtoull(word, NULL, 16);
}

typedef struct ticket {
    uint64_t number;
    const char *id;
    int32_t row;
} ticket;

static int by_number(const void *a, const void *b) {
    const ticket *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return hcb__compare_ids(x->id, y->id);
}

/* Which rows a change draws from, and how. */
typedef struct pool {
    size_t n_rows; /* the workspace's own: those added by another change are not among them */
    const char *what;
    bool queue_only;
} pool;

/* Rows in the order of their draw. */
static hcb_status draw_rows(ticket **out, size_t *n, hcb__loader *l, uint64_t seed, const pool *from) {
    *n = 0;
    *out = hcb__calloc(&l->ctx->mem, from->n_rows, sizeof **out);
    if (!*out)
        return hcb__nomem(l->ctx);
    for (size_t i = 0; i < from->n_rows; i++) {
        const hcb__package_row *r = &l->packages.at[i];
        if (!r->bad && !r->left_out && !(from->queue_only && r->p.placed))
            (*out)[(*n)++] = (ticket){draw(r->p.id, seed, from->what), r->p.id, (int32_t)i};
    }
    if (*n)
        qsort(*out, *n, sizeof **out, by_number);
    return HCB_OK;
}

/* A new person like that of a row, in the queue since today: the same place, visits and needs. */
static hcb_status add_like(hcb__loader *l, int32_t row, int64_t copy, const char *what) {
    const hcb_allocator *mem = &l->ctx->mem;
    hcb__package_row r = l->packages.at[row];
    char id[LONGEST_ID + 40];
    int n = snprintf(id, sizeof id, "%s+%s%lld", r.p.id, what, (long long)copy);
    if (n > LONGEST_ID)
        n = snprintf(id, sizeof id, "+%s%lld+%016llx", what, (long long)copy,
                     (unsigned long long)draw(r.p.id, 0, "a short id"));
    r.p.id = hcb__arena_strndup(&l->model->arena, id, (size_t)n);
    r.p.placed = false;
    r.p.provider = r.p.pinned = -1;
    r.p.received = l->model->as_of;
    r.p.start = r.p.end = HCB__NO_DATE;
    int32_t number = (int32_t)l->packages.count;
    if (!r.p.id)
        return hcb__nomem(l->ctx);
    if (l->packages.count >= HCB__MOST_PACKAGES)
        return hcb__fail(l->ctx, HCB_ELIMIT, "the change of demand makes more than %d packages", HCB__MOST_PACKAGES);
    if (hcb__idmap_get(&l->row_of_package, r.p.id, (size_t)n) >= 0)
        return hcb__fail(l->ctx, HCB_EDATA,
                         "the workspace has a package \"%s\" already, which the change of demand makes", r.p.id);
    if (!hcb__idmap_put(&l->row_of_package, r.p.id, number) || !HCB__PUSH(mem, &l->packages, r))
        return hcb__nomem(l->ctx);
    return HCB_OK;
}

/* Visits of the rows from `first` on, as those of the rows they were made like. */
static hcb_status copy_visits(hcb__loader *l, size_t first, const int32_t *like) {
    const hcb_allocator *mem = &l->ctx->mem;
    size_t n_rows = l->packages.count, n_visits = l->visits.count;
    int32_t *start = hcb__calloc(mem, n_rows + 1, sizeof *start), *list = hcb__calloc(mem, n_visits, sizeof *list);
    hcb_status status = start && list ? HCB_OK : hcb__nomem(l->ctx);
    if (status == HCB_OK) {
        for (size_t v = 0; v < n_visits; v++)
            start[l->visits.at[v].package + 1]++;
        for (size_t i = 0; i < n_rows; i++)
            start[i + 1] += start[i];
        for (size_t v = n_visits; v-- > 0;)
            list[--start[l->visits.at[v].package + 1]] = (int32_t)v;
        /* start[i + 1] is now where row i begins. */
    }
    for (size_t i = first; status == HCB_OK && i < n_rows; i++) {
        int32_t from = like[i - first];
        size_t end = (size_t)from + 2 <= n_rows ? (size_t)start[from + 2] : n_visits;
        for (size_t at = (size_t)start[from + 1]; status == HCB_OK && at < end; at++) {
            hcb__visit_row visit = {(int32_t)i, l->visits.at[list[at]].v};
            if (!HCB__PUSH(mem, &l->visits, visit))
                status = hcb__nomem(l->ctx);
        }
    }
    hcb__free(mem, start);
    hcb__free(mem, list);
    return status;
}

static hcb_status more_people(hcb__loader *l, const ticket *order, size_t n, int64_t wanted, const char *what) {
    size_t first = l->packages.count;
    int32_t *like = hcb__calloc(&l->ctx->mem, (size_t)wanted, sizeof *like);
    hcb_status status = like ? HCB_OK : hcb__nomem(l->ctx);
    for (int64_t i = 0; status == HCB_OK && i < wanted; i++) {
        like[i] = order[i % (int64_t)n].row;
        status = add_like(l, like[i], i / (int64_t)n + 1, what);
    }
    if (status == HCB_OK)
        status = copy_visits(l, first, like);
    hcb__free(&l->ctx->mem, like);
    return status;
}

static hcb_status change_people(hcb__loader *l, uint64_t seed, int64_t change, const pool *from) {
    ticket *order = NULL;
    size_t n = 0;
    if (!change)
        return HCB_OK;
    hcb_status status = draw_rows(&order, &n, l, seed, from);
    int64_t wanted = hcb__round_div((int64_t)n * (change < 0 ? -change : change), ALL);
    if (status == HCB_OK && change > 0 && n > 0)
        status = more_people(l, order, n, wanted, from->what);
    /* The last of those who would be added first: so that a scenario with more and one with fewer differ least. */
    for (int64_t i = 0; status == HCB_OK && change < 0 && i < wanted; i++)
        l->packages.at[order[(int64_t)n - 1 - i].row].left_out = true;
    if (change < 0)
        l->model->n_left_out -= status == HCB_OK ? wanted : 0;
    hcb__free(&l->ctx->mem, order);
    return status;
}

typedef struct timed {
    const char *id;
    int32_t visit;
    const hcb__visit *v;
} timed;

static int by_package_and_visit(const void *a, const void *b) {
    const timed *x = a, *y = b;
    int order = hcb__compare_ids(x->id, y->id);
    if (order)
        return order;
    if (x->v->start != y->v->start)
        return x->v->start < y->v->start ? -1 : 1;
    if (x->v->days != y->v->days)
        return x->v->days < y->v->days ? -1 : 1;
    if (x->v->minutes != y->v->minutes)
        return x->v->minutes < y->v->minutes ? -1 : 1;
    return (x->visit > y->visit) - (x->visit < y->visit);
}

/* The window grows where the longer visit no longer fits. */
static void set_minutes(hcb__visit *v, int64_t minutes) {
    v->minutes = (int32_t)minutes;
    if (v->end - v->start >= minutes)
        return;
    int64_t end = v->start + minutes;
    v->end = (int16_t)(end > DAY ? DAY : end);
    if (v->end - v->start < minutes)
        v->start = (int16_t)(v->end - minutes);
}

/* Whole minutes, what rounding leaves carried on to the person's next visit; the first carry is drawn, so that the sum
 * over many people is right. A visit of half an hour or more stays one. */
static void change_visit(hcb__visit *v, int64_t change, int64_t *carry) {
    int64_t weight = (int64_t)hcb__visit_days(v) * v->carers;
    int64_t wanted = v->minutes * (ALL + change) * weight + *carry;
    int64_t minutes = hcb__round_div(wanted, ALL * weight);
    int64_t least = v->minutes < SHORT ? v->minutes : SHORT;
    if (change < 0 && minutes < least)
        minutes = least;
    minutes = minutes < 1 ? 1 : minutes > DAY ? DAY : minutes;
    *carry = wanted - minutes * ALL * weight;
    set_minutes(v, minutes);
}

static hcb_status change_hours(hcb__loader *l, uint64_t seed, int64_t change) {
    if (!change)
        return HCB_OK;
    size_t n = l->visits.count;
    timed *order = hcb__calloc(&l->ctx->mem, n, sizeof *order);
    if (!order)
        return hcb__nomem(l->ctx);
    for (size_t i = 0; i < n; i++)
        order[i] = (timed){l->packages.at[l->visits.at[i].package].p.id, (int32_t)i, &l->visits.at[i].v};
    if (n)
        qsort(order, n, sizeof *order, by_package_and_visit);
    int64_t carry = 0;
    for (size_t i = 0; i < n; i++) {
        hcb__visit *v = &l->visits.at[order[i].visit].v;
        if (i == 0 || strcmp(order[i].id, order[i - 1].id) != 0) {
            int64_t weight = (int64_t)hcb__visit_days(v) * v->carers;
            carry = (int64_t)(draw(order[i].id, seed, "minutes") % (uint64_t)ALL - ALL / 2) * weight;
        }
        change_visit(v, change, &carry);
        l->packages.at[l->visits.at[order[i].visit].package].weekly_minutes = -1; /* the visits say it now */
    }
    hcb__free(&l->ctx->mem, order);
    for (size_t i = 0; i < l->packages.count; i++) {
        hcb__package_row *r = &l->packages.at[i];
        if (r->weekly_minutes > 0) {
            int64_t minutes = hcb__round_div(r->weekly_minutes * (ALL + change), ALL);
            r->weekly_minutes = minutes < 1                          ? 1
                                : minutes > HCB__MOST_WEEKLY_MINUTES ? HCB__MOST_WEEKLY_MINUTES
                                                                     : minutes;
        }
    }
    return HCB_OK;
}

hcb_status hcb__change_demand(hcb__loader *l, const hcb__scenario *s, uint64_t seed) {
    const pool everybody = {l->packages.count, "people", false}, queue = {l->packages.count, "starts", true};
    hcb_status status = change_people(l, seed, s->people, &everybody);
    if (status == HCB_OK)
        status = change_people(l, seed, s->starts, &queue);
    return status == HCB_OK ? change_hours(l, seed, s->hours) : status;
}
