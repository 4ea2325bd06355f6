/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a plan (docs/formats.md, "Rows"). Every row that could exist has a slot; the slots that a choice uses
 * become the engine's rows. One function tells what a package uses at a provider, so that choices, fixed placements and
 * today's values cannot disagree. */
#include <string.h>

#include "allocation/problem.h"
#include "base/arith.h"

enum { WHOLE = 10000, SECONDS = 60 }; /* basis points in one; seconds in a minute */

typedef struct slots {
    int32_t hours, zone, block, fresh, share[HCB__MAX_SHARES], moves, count;
} slots;

typedef struct use {
    int32_t slot;
    int64_t weight;
} use;

typedef struct use_list {
    HCB__VEC(use) uses;
    const hcb_allocator *mem;
    bool failed;
} use_list;

static slots number_slots(const hcb__model *model) {
    slots s = {0};
    int32_t k = model->n_providers;
    s.zone = s.hours + k;
    s.block = s.zone + model->n_coverage;
    s.fresh = s.block + HCB__BLOCKS * k;
    s.count = s.fresh + k;
    for (int32_t i = 0; i < model->policy->n_shares; i++) {
        s.share[i] = s.count;
        s.count += model->zones->n_zones * (model->policy->shares[i].largest ? k : 1);
    }
    s.moves = s.count++;
    return s;
}

static void add(use_list *list, int32_t slot, int64_t weight) {
    use u = {slot, weight};
    if (weight != 0 && !HCB__PUSH(list->mem, &list->uses, u))
        list->failed = true;
}

static bool share_concerns(const hcb__model *model, const hcb__share *share, int32_t zone) {
    const hcb__zone *z = &model->zones->zones[zone];
    if (share->zone_id)
        return strcmp(share->zone_id, z->id) == 0;
    return share->largest || share->tier != HCB__PRIME || z->prime;
}

/* What a package uses at a provider, slots ascending. */
static void uses_of(use_list *list, const hcb__alloc_problem *problem, const slots *s, int32_t package,
                    int32_t provider, int64_t seconds) {
    const hcb__model *model = problem->model;
    const hcb__package *p = &model->packages[package];
    const hcb__provider *k = &model->providers[provider];
    bool travel = model->travel.capacity_basis == HCB__CONTACT_AND_TRAVEL;
    int64_t load = travel ? p->carer_minutes * SECONDS + p->carer_visits * seconds : p->carer_minutes;
    list->uses.count = 0;
    add(list, s->hours + provider, load);
    const hcb__coverage *coverage = hcb__model_coverage(model, provider, p->zone);
    if (coverage && coverage->capacity >= 0)
        add(list, s->zone + (int32_t)(coverage - model->coverage), load);
    for (int32_t b = 0; b < HCB__BLOCKS; b++)
        if (k->block_capacity[b] >= 0)
            add(list, s->block + HCB__BLOCKS * provider + b,
                travel ? p->block_minutes[b] * SECONDS + p->block_carer_visits[b] * seconds : p->block_minutes[b]);
    if (k->max_new >= 0)
        add(list, s->fresh + provider, !p->placed || p->provider != provider);
    for (int32_t i = 0; i < model->policy->n_shares; i++) {
        const hcb__share *share = &model->policy->shares[i];
        if (!share_concerns(model, share, p->zone))
            continue;
        if (!share->largest) {
            bool counts = coverage && coverage->tier == share->tier;
            add(list, s->share[i] + p->zone, (share->basis_points - (counts ? WHOLE : 0)) * p->carer_minutes);
            continue;
        }
        for (int32_t j = problem->zone_start[p->zone]; j < problem->zone_start[p->zone + 1]; j++) {
            int32_t other = model->coverage[problem->zone_coverage[j]].provider;
            add(list, s->share[i] + p->zone * model->n_providers + other,
                ((other == provider ? WHOLE : 0) - share->basis_points) * p->carer_minutes);
        }
    }
    if (problem->moves_limit >= 0 && p->placed && p->provider == provider)
        add(list, s->moves, -1);
}

/* The limit of a slot as the workspace states it; false: there is none. */
static bool asked_limit(const hcb__alloc_problem *problem, const slots *s, int32_t slot, int64_t *limit) {
    const hcb__model *model = problem->model;
    int64_t unit = model->travel.capacity_basis == HCB__CONTACT_AND_TRAVEL ? SECONDS : 1;
    if (slot < s->zone) {
        *limit = model->providers[slot - s->hours].capacity * unit;
    } else if (slot < s->block) {
        *limit = model->coverage[slot - s->zone].capacity * unit;
    } else if (slot < s->fresh) {
        int32_t at = slot - s->block;
        *limit = model->providers[at / HCB__BLOCKS].block_capacity[at % HCB__BLOCKS] * unit;
    } else if (slot < s->fresh + model->n_providers) {
        *limit = model->providers[slot - s->fresh].max_new;
    } else if (slot == s->moves) {
        *limit = problem->moves_limit;
    } else {
        *limit = 0;
    }
    return *limit >= 0;
}

/* An id as a part of a name: what parts the others is written otherwise, so that no two rows have one name. */
static void put_id(hcb__text *out, const char *id) {
    hcb__text_putc(out, '/');
    for (; *id; id++)
        if (*id == '/' || *id == '%')
            hcb__text_puts(out, *id == '/' ? "%2F" : "%25");
        else
            hcb__text_putc(out, *id);
}

/* The name of a row, and what is in it. */
static char *name_of(hcb__alloc_row *row, hcb__alloc_problem *problem, const slots *s, int32_t slot) {
    static const char *const blocks[HCB__BLOCKS] = {"morning", "lunch", "tea", "bed"};
    const hcb__model *model = problem->model;
    hcb__text name;
    hcb__text_init(&name, &problem->arena.mem);
    int32_t *bin = &row->bin;
    *bin = row->provider = row->zone = -1;
    if (slot < s->zone) {
        *bin = slot - s->hours;
        hcb__text_puts(&name, "hours");
        put_id(&name, model->providers[*bin].id);
    } else if (slot < s->block) {
        const hcb__coverage *c = &model->coverage[slot - s->zone];
        *bin = c->provider;
        row->zone = c->zone;
        hcb__text_puts(&name, "zone");
        put_id(&name, model->providers[c->provider].id);
        put_id(&name, model->zones->zones[c->zone].id);
    } else if (slot < s->fresh) {
        *bin = (slot - s->block) / HCB__BLOCKS;
        hcb__text_puts(&name, "block");
        put_id(&name, model->providers[*bin].id);
        put_id(&name, blocks[(slot - s->block) % HCB__BLOCKS]);
    } else if (slot < s->fresh + model->n_providers) {
        *bin = slot - s->fresh;
        hcb__text_puts(&name, "new");
        put_id(&name, model->providers[*bin].id);
    } else if (slot == s->moves) {
        hcb__text_puts(&name, "moves");
    } else {
        int32_t i = model->policy->n_shares - 1;
        while (s->share[i] > slot)
            i--;
        int32_t at = slot - s->share[i];
        bool largest = model->policy->shares[i].largest;
        row->zone = largest ? at / model->n_providers : at;
        row->provider = largest ? at % model->n_providers : -1;
        hcb__text_printf(&name, "share_%s/%d", largest ? "max" : "min", i);
        put_id(&name, model->zones->zones[row->zone].id);
        if (largest)
            put_id(&name, model->providers[row->provider].id);
    }
    if (*bin >= 0)
        row->provider = *bin;
    char *copy = name.failed ? NULL : hcb__arena_strndup(&problem->arena, name.at, name.count);
    hcb__text_free(&name);
    return copy;
}

/* The fixed part, today's value and what remains of it when those who cannot stay wait, slot by slot. */
typedef struct values {
    int64_t *fixed, *today, *remaining;
    int64_t movable;
} values;

static hcb_status sum_placements(values *v, use_list *list, const hcb__alloc_problem *problem, const slots *s,
                                 hcb_context *ctx) {
    const hcb__model *model = problem->model;
    for (int32_t q = model->n_packages; q < model->n_packages + model->n_placements; q++) {
        const hcb__package *p = &model->packages[q];
        bool fixed = hcb__is_fixed(problem, p);
        bool stays = fixed;
        hcb__choice now;
        hcb__choice_today(problem, q, &now);
        if (!fixed) {
            char code[96];
            stays = hcb__eligible(model, q, p->provider, now.seconds, code) == HCB__RULES;
            v->movable++;
        }
        uses_of(list, problem, s, q, p->provider, now.seconds);
        if (list->failed)
            return hcb__nomem(ctx);
        for (size_t u = 0; u < list->uses.count; u++) {
            use x = list->uses.at[u];
            if (!hcb__add(v->today[x.slot], x.weight, &v->today[x.slot]) ||
                (stays && !hcb__add(v->remaining[x.slot], x.weight, &v->remaining[x.slot])))
                return hcb__fail(ctx, HCB_ELIMIT, "the sum of what placements use passes 64 bits");
            if (fixed)
                v->fixed[x.slot] += x.weight;
        }
    }
    /* The slot of moves holds -1 for everyone who stays: its value is the number of those who do not. */
    v->today[s->moves] += v->movable;
    v->remaining[s->moves] += v->movable;
    return HCB_OK;
}

static hcb_status make_uses(hcb__alloc_problem *problem, hcb_context *ctx, const slots *s, use_list *list,
                            int32_t *row_of_slot) {
    hcb__engine_problem *e = &problem->engine;
    int64_t n_pairs = e->pair_start[problem->n_items];
    int64_t *start = hcb__arena_alloc(&problem->arena, (size_t)n_pairs + 1, sizeof *start);
    HCB__VEC(use) all = {0};
    bool ok = start != NULL;
    for (int32_t i = 0; ok && i < problem->n_items; i++)
        for (int64_t c = e->pair_start[i]; ok && c < e->pair_start[i + 1]; c++) {
            uses_of(list, problem, s, problem->package[i], e->pair_bin[c], problem->choices[c].seconds);
            ok = !list->failed && HCB__RESERVE(&ctx->mem, &all, all.count + list->uses.count);
            if (!ok)
                break;
            for (size_t u = 0; u < list->uses.count; u++) {
                row_of_slot[list->uses.at[u].slot] = 0;
                all.at[all.count++] = list->uses.at[u];
            }
            start[c + 1] = (int64_t)all.count;
        }
    int32_t *use_row = ok ? hcb__arena_alloc(&problem->arena, all.count, sizeof *use_row) : NULL;
    int64_t *use_weight = ok ? hcb__arena_alloc(&problem->arena, all.count, sizeof *use_weight) : NULL;
    ok = use_row && use_weight;
    if (ok) {
        for (int32_t slot = 0; slot < s->count; slot++)
            if (row_of_slot[slot] >= 0)
                row_of_slot[slot] = problem->n_rows++;
        for (size_t u = 0; u < all.count; u++) {
            use_row[u] = row_of_slot[all.at[u].slot];
            use_weight[u] = all.at[u].weight;
        }
    }
    HCB__VEC_FREE(&ctx->mem, &all);
    e->use_start = start;
    e->use_row = use_row;
    e->use_weight = use_weight;
    return ok ? HCB_OK : hcb__nomem(ctx);
}

static hcb_status make_limits(hcb__alloc_problem *problem, hcb_context *ctx, const slots *s, const values *v,
                              const int32_t *row_of_slot) {
    hcb__engine_problem *e = &problem->engine;
    int64_t *limits = hcb__arena_alloc(&problem->arena, (size_t)problem->n_rows, sizeof *limits);
    int32_t *bins = hcb__arena_alloc(&problem->arena, (size_t)problem->n_rows, sizeof *bins);
    problem->rows = hcb__arena_alloc(&problem->arena, (size_t)problem->n_rows, sizeof *problem->rows);
    if (!limits || !bins || !problem->rows)
        return hcb__nomem(ctx);
    for (int32_t slot = 0; slot < s->count; slot++) {
        int32_t r = row_of_slot[slot];
        if (r < 0)
            continue;
        hcb__alloc_row *row = &problem->rows[r];
        if (!asked_limit(problem, s, slot, &row->asked))
            return hcb__fail(ctx, HCB_EINTERNAL, "a row without a limit");
        row->name = name_of(row, problem, s, slot);
        if (!row->name)
            return hcb__nomem(ctx);
        row->today = v->today[slot] > v->remaining[slot] ? v->today[slot] : v->remaining[slot];
        int64_t limit = row->today > row->asked ? row->today : row->asked;
        const hcb__where where = {NULL, 0, 0, row->name};
        if (row->today > row->asked)
            hcb__diag_warning(ctx, &where,
                              "today's placements use %lld of %lld; nothing can be added, and what is there may stay",
                              (long long)row->today, (long long)row->asked);
        if (slot == s->moves)
            limit -= v->movable;
        row->limit = limits[r] = limit - v->fixed[slot];
        bins[r] = row->bin;
    }
    e->n_rows = problem->n_rows;
    e->row_limit = limits;
    e->row_bin = bins;
    return HCB_OK;
}

hcb_status hcb__alloc_rows(hcb__alloc_problem *problem, hcb_context *ctx) {
    slots s = number_slots(problem->model);
    values v = {0};
    use_list list = {.mem = &ctx->mem};
    int32_t *row_of_slot = hcb__malloc(&ctx->mem, (size_t)s.count * sizeof *row_of_slot);
    v.fixed = hcb__calloc(&ctx->mem, (size_t)s.count, sizeof *v.fixed);
    v.today = hcb__calloc(&ctx->mem, (size_t)s.count, sizeof *v.today);
    v.remaining = hcb__calloc(&ctx->mem, (size_t)s.count, sizeof *v.remaining);
    hcb_status status = HCB_OK;
    if (!row_of_slot || !v.fixed || !v.today || !v.remaining)
        status = hcb__nomem(ctx);
    if (status == HCB_OK) {
        memset(row_of_slot, -1, (size_t)s.count * sizeof *row_of_slot);
        status = sum_placements(&v, &list, problem, &s, ctx);
    }
    if (status == HCB_OK)
        status = make_uses(problem, ctx, &s, &list, row_of_slot);
    if (status == HCB_OK)
        status = make_limits(problem, ctx, &s, &v, row_of_slot);
    HCB__VEC_FREE(&ctx->mem, &list.uses);
    hcb__free(&ctx->mem, v.remaining);
    hcb__free(&ctx->mem, v.today);
    hcb__free(&ctx->mem, v.fixed);
    hcb__free(&ctx->mem, row_of_slot);
    return status;
}
