/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pricing/payment_visits.h"

#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "pricing/pricing.h"

enum { VISIT, PACKAGE, PROVIDER, DATE, PLANNED, ACTUAL, ACTUAL_2, CARERS, PRICE, COLUMNS };

static const hcb__csv_column columns[COLUMNS] = {
    [VISIT] = {"visit_id", true},
    [PACKAGE] = {"package_id", true},
    [PROVIDER] = {"provider_id", false},
    [DATE] = {"date", true},
    [PLANNED] = {"planned_minutes", true},
    [ACTUAL] = {"actual_minutes", false},
    [ACTUAL_2] = {"actual_minutes_2", false},
    [CARERS] = {"carers", false},
    [PRICE] = {"price_per_hour", false},
};

enum { HIGHEST_PENCE = 1000000 };

typedef HCB__VEC(hcb__paid_visit) visit_list;

static bool needed(hcb__csv *csv, hcb_context *ctx, size_t column, hcb__cell cell, const char *expected) {
    if (cell == HCB__CELL_EMPTY && hcb__csv_has(csv, column)) {
        hcb__where where = hcb__csv_where(csv, column);
        hcb__diag_error(ctx, &where, "empty; expected %s", expected);
    }
    return cell == HCB__CELL_OK;
}

static bool read_id(hcb__csv *csv, hcb__arena *arena, size_t column, bool must, const char **out, bool *nomem) {
    const char *id;
    size_t len;
    hcb__cell cell = hcb__csv_id(csv, column, &id, &len);
    if (must && !needed(csv, hcb__csv_context(csv), column, cell, "an id"))
        return false;
    if (cell != HCB__CELL_OK)
        return cell == HCB__CELL_EMPTY;
    *out = hcb__arena_strndup(arena, id, len);
    *nomem |= !*out;
    return *out;
}

/* The second carer's minutes are the first's unless they are given. */
static bool read_actual(hcb__csv *csv, hcb_context *ctx, bool actual_needed, hcb__paid_visit *v) {
    hcb__cell first = hcb__csv_int(csv, ACTUAL, 0, HCB__MOST_VISIT_MINUTES, &v->actual[0]);
    v->actual[1] = v->actual[0];
    hcb__cell second = hcb__csv_int(csv, ACTUAL_2, 0, HCB__MOST_VISIT_MINUTES, &v->actual[1]);
    bool good = first != HCB__CELL_BAD && second != HCB__CELL_BAD;
    hcb__where where = hcb__csv_where(csv, first == HCB__CELL_EMPTY ? ACTUAL : ACTUAL_2);
    if (first == HCB__CELL_EMPTY && (actual_needed || second == HCB__CELL_OK)) {
        hcb__diag_error(ctx, &where, "no actual minutes; expected 0 to %d, 0 when the visit did not take place",
                        HCB__MOST_VISIT_MINUTES);
        good = false;
    } else if (second == HCB__CELL_OK && v->carers == 1) {
        hcb__diag_error(ctx, &where, "minutes of a second carer, but carers is 1");
        good = false;
    }
    return good;
}

static bool read_row(hcb__csv *csv, hcb_context *ctx, hcb__arena *arena, bool actual_needed, hcb__paid_visit *v,
                     bool *nomem) {
    *v = (hcb__paid_visit){
        .carers = 1, .actual = {-1, -1}, .price = -1, .line = hcb__csv_where_row(csv).line, .date = HCB__NO_DATE};
    bool good = read_id(csv, arena, VISIT, true, &v->id, nomem);
    good &= read_id(csv, arena, PACKAGE, true, &v->package, nomem);
    good &= read_id(csv, arena, PROVIDER, false, &v->provider, nomem);
    good &= needed(csv, ctx, DATE, hcb__csv_date(csv, DATE, &v->date), "a date such as 2020-12-01");
    good &= needed(csv, ctx, PLANNED, hcb__csv_int(csv, PLANNED, 0, HCB__MOST_VISIT_MINUTES, &v->planned),
                   "whole minutes, 0 when the visit was not planned");
    int64_t carers = 1;
    good &= hcb__csv_int(csv, CARERS, 1, HCB__MOST_CARERS, &carers) != HCB__CELL_BAD;
    v->carers = (int32_t)carers;
    good &= read_actual(csv, ctx, actual_needed, v);
    good &= hcb__csv_money(csv, PRICE, HIGHEST_PENCE, &v->price) != HCB__CELL_BAD;
    return good;
}

static int by_package(const void *a, const void *b) {
    const hcb__paid_visit *x = a, *y = b;
    int order = hcb__compare_ids(x->package, y->package);
    if (order)
        return order;
    if (x->date != y->date)
        return x->date < y->date ? -1 : 1;
    order = hcb__compare_ids(x->id, y->id);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* A visit that stands in the file twice would be paid twice. */
static hcb_status refuse_repeats(hcb_context *ctx, const char *shown, const visit_list *list) {
    hcb__idmap ids;
    hcb__idmap_init(&ids, &ctx->mem);
    hcb_status status = HCB_OK;
    for (size_t i = 0; i < list->count && status == HCB_OK; i++) {
        const hcb__paid_visit *v = &list->at[i];
        int32_t earlier = hcb__idmap_get(&ids, v->id, strlen(v->id));
        if (earlier >= 0) {
            hcb__where where = {shown, v->line, 1, "visit_id"};
            hcb__diag_error(ctx, &where, "visit \"%s\" is in line %lld already", v->id,
                            (long long)list->at[earlier].line);
        } else if (!hcb__idmap_put(&ids, v->id, (int32_t)i)) {
            status = hcb__nomem(ctx);
        }
    }
    hcb__idmap_free(&ids);
    return status;
}

/* One sum for each package; the visits are in their order. */
static hcb_status group(hcb__paid_visits *out, hcb_context *ctx) {
    for (size_t i = 0; i < out->n_visits; i++)
        out->n_packages += i == 0 || strcmp(out->visits[i].package, out->visits[i - 1].package) != 0;
    out->packages = hcb__arena_alloc(&out->arena, out->n_packages, sizeof *out->packages);
    if (!out->packages)
        return hcb__nomem(ctx);
    size_t p = 0;
    for (size_t i = 0; i < out->n_visits; i++) {
        if (i == 0 || strcmp(out->visits[i].package, out->visits[i - 1].package) != 0)
            out->packages[p++] = (hcb__paid_sum){.package = out->visits[i].package, .first = i};
        out->packages[p - 1].count++;
    }
    return HCB_OK;
}

static hcb_status create(hcb__paid_visits **out, hcb_context *ctx) {
    *out = hcb__calloc(&ctx->mem, 1, sizeof **out);
    if (!*out)
        return hcb__nomem(ctx);
    hcb__arena_init(&(*out)->arena, &ctx->mem);
    return HCB_OK;
}

static hcb_status keep(hcb__paid_visits *v, hcb_context *ctx, const visit_list *list) {
    v->visits = hcb__arena_alloc(&v->arena, list->count, sizeof *v->visits);
    if (!v->visits)
        return hcb__nomem(ctx);
    if (list->count) {
        memcpy(v->visits, list->at, list->count * sizeof *list->at);
        qsort(v->visits, list->count, sizeof *v->visits, by_package);
    }
    v->n_visits = list->count;
    return group(v, ctx);
}

hcb_status hcb__paid_visits_load(hcb__paid_visits **out, hcb_context *ctx, const char *path, const char *shown,
                                 bool actual_needed) {
    *out = NULL;
    hcb__csv *csv = NULL;
    hcb__paid_visits *visits = NULL;
    hcb_status status = hcb__csv_open(&csv, ctx, path, shown, columns, COLUMNS, NULL, 0);
    if (status == HCB_OK)
        status = create(&visits, ctx);
    if (status != HCB_OK) {
        hcb__csv_close(csv);
        return status;
    }
    visits->shown = shown;
    visit_list list = {0};
    bool nomem = false;
    while (!nomem && hcb__csv_next(csv)) {
        hcb__paid_visit v;
        if (list.count == INT32_MAX)
            status = hcb__fail(ctx, HCB_ELIMIT, "%s: more than %d visits", shown, INT32_MAX);
        if (status != HCB_OK)
            break;
        if (read_row(csv, ctx, &visits->arena, actual_needed, &v, &nomem))
            nomem |= !HCB__PUSH(&ctx->mem, &list, v);
    }
    hcb__csv_close(csv);
    if (nomem)
        status = hcb__nomem(ctx);
    if (status == HCB_OK)
        status = refuse_repeats(ctx, shown, &list);
    if (status == HCB_OK)
        status = keep(visits, ctx, &list);
    HCB__VEC_FREE(&ctx->mem, &list);
    if (status == HCB_OK)
        *out = visits;
    else
        hcb__paid_visits_free(visits);
    return status;
}

void hcb__paid_visits_free(hcb__paid_visits *visits) {
    if (!visits)
        return;
    const hcb_allocator mem = visits->arena.mem;
    hcb__arena_release(&visits->arena);
    hcb__free(&mem, visits);
}

/* Minutes x pence so far, and the pence that they come to. */
typedef struct running {
    int64_t product, pence;
} running;

static bool grow(running *r, int64_t minutes, int64_t price, int64_t *pence) {
    int64_t product, sum;
    if (!hcb__mul(minutes, price, &product) || !hcb__add(r->product, product, &sum) || sum > INT64_MAX - 30)
        return false;
    int64_t now = hcb__floor_div(sum + 30, 60);
    *pence = now - r->pence;
    *r = (running){sum, now};
    return true;
}

static bool settle_package(hcb__paid_visits *visits, hcb__paid_sum *sum, const hcb__payment_rule *rule) {
    hcb__payment_rule full = hcb__payment_full_schedule(rule);
    running paid = {0}, schedule = {0};
    for (size_t i = sum->first; i < sum->first + sum->count; i++) {
        hcb__paid_visit *v = &visits->visits[i];
        v->minutes = hcb__payable_visit(rule, v->planned, v->carers, v->actual);
        v->schedule_minutes = hcb__payable_visit(&full, v->planned, v->carers, v->actual);
        if (visits->priced && (!grow(&paid, v->minutes, v->price, &v->pence) ||
                               !grow(&schedule, v->schedule_minutes, v->price, &v->schedule_pence)))
            return false;
        int64_t actual = 0;
        for (int32_t c = 0; c < v->carers; c++)
            actual += v->actual[c] < 0 ? v->planned : v->actual[c];
        sum->missed += v->actual[0] >= 0 && actual == 0;
        sum->planned += v->planned * v->carers;
        sum->actual += actual;
        sum->minutes += v->minutes;
        sum->schedule_minutes += v->schedule_minutes;
    }
    sum->pence = paid.pence;
    sum->schedule_pence = schedule.pence;
    return true;
}

hcb_status hcb__paid_visits_settle(hcb__paid_visits *visits, hcb_context *ctx, const hcb__payment_rule *rule) {
    hcb__paid_sum *all = &visits->all;
    *all = (hcb__paid_sum){.count = visits->n_visits};
    visits->priced = visits->n_visits > 0;
    for (size_t i = 0; i < visits->n_visits; i++)
        visits->priced = visits->priced && visits->visits[i].price >= 0;
    for (size_t p = 0; p < visits->n_packages; p++) {
        hcb__paid_sum *sum = &visits->packages[p];
        *sum = (hcb__paid_sum){.package = sum->package, .first = sum->first, .count = sum->count};
        if (!settle_package(visits, sum, rule) || !hcb__add(all->pence, sum->pence, &all->pence) ||
            !hcb__add(all->schedule_pence, sum->schedule_pence, &all->schedule_pence))
            return hcb__fail(ctx, HCB_ELIMIT, "%s: the pence of package \"%s\" pass 64 bits", visits->shown,
                             sum->package);
        all->missed += sum->missed;
        all->planned += sum->planned;
        all->actual += sum->actual;
        all->minutes += sum->minutes;
        all->schedule_minutes += sum->schedule_minutes;
    }
    return HCB_OK;
}
