/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "allocation/allocation.h"

const char *const hcb__reason_words[4] = {"", "rule", "capacity", "trade"};

/* A first failing rule and how many providers it stops; `order` is the rule's place in the policy, so that the detail
 * follows it. */
typedef struct failure {
    char code[96];
    int32_t order, count;
} failure;

typedef HCB__VEC(failure) failure_list;

int32_t hcb__rule_order(const hcb__policy *policy, int32_t kind, const char *code) {
    if (strcmp(code, "pinned_elsewhere") == 0)
        return -1;
    for (int32_t r = 0; r < policy->n_rules; r++)
        if (policy->rules[r].kind == kind)
            return r;
    return policy->n_rules;
}

static int compare_failures(const void *a, const void *b) {
    const failure *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return strcmp(x->code, y->code);
}

static bool count_failure(failure_list *list, const hcb_allocator *mem, const failure *f) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->at[i].code, f->code) == 0) {
            list->at[i].count++;
            return true;
        }
    return HCB__PUSH(mem, list, *f);
}

static bool rule_detail(hcb__text *out, hcb_context *ctx, const hcb__alloc_problem *problem, int32_t package) {
    const hcb__model *model = problem->model;
    failure_list list = {0};
    bool ok = true;
    for (int32_t k = 0; ok && k < model->n_providers; k++) {
        failure f = {.count = 1};
        int64_t seconds = hcb__travel_seconds(problem->travel, package, k, NULL);
        int32_t kind = hcb__eligible(model, package, k, seconds, f.code);
        f.order = hcb__rule_order(model->policy, kind, f.code);
        ok = count_failure(&list, &ctx->mem, &f);
    }
    if (list.count)
        qsort(list.at, list.count, sizeof *list.at, compare_failures);
    for (size_t i = 0; i < list.count; i++)
        hcb__text_printf(out, "%s%s %d", i ? "; " : "", list.at[i].code, list.at[i].count);
    HCB__VEC_FREE(&ctx->mem, &list);
    return ok;
}

/* By how much a choice does not fit: the sum over its rows, so that "lacks least" is one number. */
static int64_t shortfall(const hcb__engine_problem *e, const int64_t *loads, int64_t pair) {
    int64_t sum = 0;
    for (int64_t u = e->use_start[pair]; u < e->use_start[pair + 1]; u++) {
        int64_t over = loads[e->use_row[u]] + e->use_weight[u] - e->row_limit[e->use_row[u]];
        sum += over > 0 ? over : 0;
    }
    return sum;
}

static void capacity_detail(hcb__text *out, const hcb__alloc_problem *problem, const int64_t *loads, int64_t pair) {
    const hcb__engine_problem *e = &problem->engine;
    hcb__text_printf(out, "%s: ", problem->model->providers[e->pair_bin[pair]].id);
    bool first = true;
    for (int64_t u = e->use_start[pair]; u < e->use_start[pair + 1]; u++) {
        int32_t r = e->use_row[u];
        int64_t over = loads[r] + e->use_weight[u] - e->row_limit[r];
        if (over <= 0)
            continue;
        hcb__text_printf(out, "%s%s short by %lld", first ? "" : ", ", problem->rows[r].name, (long long)over);
        first = false;
    }
}

static hcb__reason reason_of(hcb__text *out, bool *ok, hcb_context *ctx, const hcb__alloc_problem *problem,
                             const int64_t *loads, int32_t item) {
    const hcb__engine_problem *e = &problem->engine;
    *ok = true;
    int64_t nearest = -1, least = 0;
    for (int64_t c = e->pair_start[item]; c < e->pair_start[item + 1]; c++) {
        int64_t lack = shortfall(e, loads, c);
        if (lack == 0)
            return HCB__BY_TRADE;
        if (nearest < 0 || lack < least) {
            nearest = c;
            least = lack;
        }
    }
    if (nearest < 0) {
        *ok = rule_detail(out, ctx, problem, problem->package[item]);
        return HCB__BY_RULE;
    }
    capacity_detail(out, problem, loads, nearest);
    return HCB__BY_CAPACITY;
}

hcb_status hcb__waiting_reasons(hcb_allocation *allocation, hcb_context *ctx) {
    const hcb__alloc_problem *problem = allocation->problem;
    hcb__arena *arena = &allocation->problem->arena;
    allocation->details = hcb__arena_alloc(arena, (size_t)problem->n_items, sizeof *allocation->details);
    allocation->reasons = hcb__arena_alloc(arena, (size_t)problem->n_items, sizeof *allocation->reasons);
    int64_t *loads = hcb__calloc(&ctx->mem, (size_t)problem->n_rows, sizeof *loads);
    if (!allocation->details || !allocation->reasons || !loads) {
        hcb__free(&ctx->mem, loads);
        return hcb__nomem(ctx);
    }
    hcb__plan_loads(&problem->engine, allocation->bin, loads);
    hcb__text text;
    hcb__text_init(&text, &ctx->mem);
    bool ok = true;
    for (int32_t i = 0; ok && i < problem->n_items; i++) {
        if (allocation->bin[i] != HCB__WAITS)
            continue;
        hcb__text_clear(&text);
        allocation->reasons[i] = (uint8_t)reason_of(&text, &ok, ctx, problem, loads, i);
        allocation->details[i] = text.failed ? NULL : hcb__arena_strndup(arena, text.at ? text.at : "", text.count);
        ok = ok && allocation->details[i];
    }
    hcb__text_free(&text);
    hcb__free(&ctx->mem, loads);
    return ok ? HCB_OK : hcb__nomem(ctx);
}
