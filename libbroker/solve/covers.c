/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/covers.h"

#include <stdlib.h>
#include <string.h>

/* A cover of more items cuts off next to nothing. */
enum { MOST_COVER = 60, MOST_VARIANTS = 8 };
static const double LEAST_BREACH = 1e-3;
#define NEVER (INT64_MAX / 4)

/* One item's part of a cover: the choices that weigh at least `weight` more than the item's lightest. */
typedef struct member {
    int32_t item;
    int64_t weight;
    double missing; /* 1 less the share of those choices */
} member;

typedef struct finder {
    const hcb__core *core;
    const double *share;
    int32_t row;
    int64_t room;   /* of the row, when every item takes its lightest choice */
    int64_t *extra; /* [n_choices] weight in the row above the item's lightest */
    int32_t *times; /* [n_choices] the cut at hand */
    member *all, *cover;
    int32_t n_all, n_cover;
    int64_t least[MOST_COVER + 1]; /* least extra weight at which the times add up to so many */
    uint8_t *in;                   /* [n_items] */
} finder;

static int by_worth(const void *a, const void *b) {
    const member *s = a, *t = b;
    double left = s->missing * (double)t->weight, right = t->missing * (double)s->weight;
    if (left != right)
        return left < right ? -1 : 1;
    return s->item < t->item ? -1 : s->item > t->item;
}

/* Extra weights in the row, and whether the fractional plan fills it. */
static bool weigh(finder *f) {
    const hcb__core *core = f->core;
    double load = (double)core->base[f->row];
    f->room = core->limit[f->row] - core->base[f->row];
    for (int32_t i = 0; i < core->n_items; i++) {
        int64_t lightest = core->start[i] < core->start[i + 1] ? INT64_MAX : 0;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            f->extra[c] = 0;
            for (int32_t u = core->use_start[c]; u < core->use_start[c + 1]; u++)
                if (core->use_row[u] == f->row)
                    f->extra[c] = core->use_weight[u];
            load += f->share[c] * (double)f->extra[c];
            lightest = f->extra[c] < lightest ? f->extra[c] : lightest;
        }
        f->room -= lightest;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            f->extra[c] -= lightest;
    }
    double size = (double)core->limit[f->row] < 0 ? -(double)core->limit[f->row] : (double)core->limit[f->row];
    return f->room >= 0 && load > (double)core->limit[f->row] - 1e-6 * (size + 1);
}

/* Each item's best part in a cover, the worthiest first. */
static void rank(finder *f) {
    const hcb__core *core = f->core;
    f->n_all = 0;
    for (int32_t k = 0; k < core->n_movable; k++) {
        int32_t i = core->movable[k];
        member best = {.item = -1};
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            member m = {.item = i, .weight = f->extra[c], .missing = 1};
            for (int32_t o = core->start[i]; o < core->start[i + 1]; o++)
                m.missing -= f->extra[o] >= m.weight ? f->share[o] : 0;
            m.missing = m.missing > 0 ? m.missing : 0;
            if (m.weight > 0 && (best.item < 0 || by_worth(&m, &best) < 0))
                best = m;
        }
        if (best.item >= 0)
            f->all[f->n_all++] = best;
    }
    if (f->n_all)
        qsort(f->all, (size_t)f->n_all, sizeof *f->all, by_worth);
}

/* A cover without `but`, from which no item can be left out. False: there is none, or it is too long. */
static bool find_cover(finder *f, int32_t but) {
    int64_t weight = 0;
    f->n_cover = 0;
    for (int32_t k = 0; k < f->n_all && weight <= f->room; k++)
        if (f->all[k].item != but) {
            f->cover[f->n_cover++] = f->all[k];
            weight += f->all[k].weight;
        }
    if (weight <= f->room)
        return false;
    for (;;) {
        int32_t out = -1;
        for (int32_t k = 0; k < f->n_cover; k++)
            if (weight - f->cover[k].weight > f->room && (out < 0 || f->cover[k].missing > f->cover[out].missing))
                out = k;
        if (out < 0)
            break;
        weight -= f->cover[out].weight;
        memmove(f->cover + out, f->cover + out + 1, (size_t)(f->n_cover - out - 1) * sizeof *f->cover);
        f->n_cover--;
    }
    return f->n_cover >= 1 && f->n_cover <= MOST_COVER;
}

/* What the row leaves for `times` once this choice is taken: the most that they can add up to. */
static int32_t most_beside(const finder *f, int64_t extra, int32_t right) {
    int32_t v = right;
    while (v >= 0 && f->least[v] > f->room - extra)
        v--;
    return v;
}

/* Takes an item, whose times are set, into the table. */
static void add_to_table(finder *f, int32_t item, int32_t right) {
    const hcb__core *core = f->core;
    for (int32_t v = right; v > 0; v--)
        for (int32_t c = core->start[item]; c < core->start[item + 1]; c++) {
            int32_t from = v > f->times[c] ? v - f->times[c] : 0;
            if (f->times[c] > 0 && f->least[from] + f->extra[c] < f->least[v])
                f->least[v] = f->least[from] + f->extra[c];
        }
}

/* Lifts the cover's inequality, item after item: as many times as the others can then not add up to. False: a choice
 * cannot be taken at all, which is for others to find. */
static bool lift(finder *f) {
    const hcb__core *core = f->core;
    int32_t right = f->n_cover - 1;
    memset(f->times, 0, (size_t)core->n_choices * sizeof *f->times);
    memset(f->in, 0, (size_t)core->n_items);
    for (int32_t v = 0; v <= right; v++)
        f->least[v] = v ? NEVER : 0;
    for (int32_t k = 0; k < f->n_cover; k++) {
        int32_t i = f->cover[k].item;
        f->in[i] = 1;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++)
            f->times[c] = f->extra[c] >= f->cover[k].weight;
        add_to_table(f, i, right);
    }
    for (int32_t k = 0; k < f->n_all; k++) {
        int32_t i = f->all[k].item;
        if (f->in[i])
            continue;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            if (f->extra[c] > f->room)
                return false;
            f->times[c] = right - most_beside(f, f->extra[c], right);
        }
        add_to_table(f, i, right);
    }
    return true;
}

/* The cut at hand as the certificate has it, where the fractional plan breaks it. */
static bool keep(finder *f, hcb__cuts *cuts, hcb__arena *arena, const hcb_allocator *mem) {
    const hcb__core *core = f->core;
    double breach = 1 - f->n_cover;
    int32_t n = 0;
    for (int32_t c = 0; c < core->n_choices; c++) {
        breach += f->share[c] * f->times[c];
        n += f->times[c] > 0;
    }
    if (breach < LEAST_BREACH)
        return true;
    int32_t *item = hcb__arena_alloc(arena, (size_t)n, sizeof *item);
    int32_t *bin = hcb__arena_alloc(arena, (size_t)n, sizeof *bin);
    int32_t *times = hcb__arena_alloc(arena, (size_t)n, sizeof *times);
    if (!item || !bin || !times)
        return false;
    bool level = core->ref_kind[f->row] == HCB__REF_LEVEL;
    hcb__cut cut = {.row = core->ref_index[f->row] + (level ? core->problem->n_rows : 0),
                    .right = f->n_cover - 1,
                    .n = n,
                    .item = item,
                    .bin = bin,
                    .times = times};
    n = 0;
    for (int32_t c = 0; c < core->n_choices; c++)
        if (f->times[c] > 0) {
            item[n] = core->item[c];
            bin[n] = core->bin[c];
            times[n++] = f->times[c];
        }
    for (size_t k = 0; k < cuts->count; k++) {
        const hcb__cut *other = &cuts->at[k];
        if (other->row == cut.row && other->right == cut.right && other->n == n &&
            memcmp(other->item, item, (size_t)n * sizeof *item) == 0 &&
            memcmp(other->bin, bin, (size_t)n * sizeof *bin) == 0 &&
            memcmp(other->times, times, (size_t)n * sizeof *times) == 0)
            return true;
    }
    return HCB__PUSH(mem, cuts, cut);
}

/* Covers of one row: the best, and others without an item that it has a part of. */
static bool find_of_row(finder *f, hcb__cuts *cuts, hcb__arena *arena, const hcb_allocator *mem) {
    int32_t without[MOST_VARIANTS], n = 0;
    if (!weigh(f))
        return true;
    rank(f);
    for (int32_t k = -1; k < n; k++) {
        if (!find_cover(f, k < 0 ? -1 : without[k]))
            continue;
        for (int32_t m = 0; k < 0 && m < f->n_cover && n < MOST_VARIANTS; m++)
            if (f->cover[m].missing > 1e-6 && f->cover[m].missing < 1 - 1e-6)
                without[n++] = f->cover[m].item;
        if (lift(f) && !keep(f, cuts, arena, mem))
            return false;
    }
    return true;
}

bool hcb__covers_find(hcb__cuts *cuts, hcb__arena *arena, const hcb_allocator *mem, const hcb__core *core,
                      const double *share) {
    size_t choices = (size_t)core->n_choices + 1, items = (size_t)core->n_items + 1;
    finder f = {.core = core,
                .share = share,
                .extra = hcb__calloc(mem, choices, sizeof *f.extra),
                .times = hcb__calloc(mem, choices, sizeof *f.times),
                .all = hcb__calloc(mem, items, sizeof *f.all),
                .cover = hcb__calloc(mem, items, sizeof *f.cover),
                .in = hcb__calloc(mem, items, 1)};
    bool ok = f.extra && f.times && f.all && f.cover && f.in;
    for (f.row = 0; ok && f.row < core->n_rows; f.row++)
        if (core->row_bin[f.row] < 0 &&
            (core->ref_kind[f.row] == HCB__REF_ROW || core->ref_kind[f.row] == HCB__REF_LEVEL))
            ok = find_of_row(&f, cuts, arena, mem);
    hcb__free(mem, f.extra);
    hcb__free(mem, f.times);
    hcb__free(mem, f.all);
    hcb__free(mem, f.cover);
    hcb__free(mem, f.in);
    return ok;
}

/* An array of `n` of the old core and `more` after them, copied into the new one. */
static void *grown(hcb__core *core, const void *from, size_t n, size_t more, size_t size) {
    char *to = hcb__arena_alloc(&core->arena, n + more + 1, size);
    if (to && n)
        memcpy(to, from, n * size);
    return to;
}

static bool copy_with_room(hcb__core *core, const hcb__core *from, size_t cuts, size_t uses) {
    size_t rows = (size_t)from->n_rows, choices = (size_t)from->n_choices, items = (size_t)from->n_items;
    core->start = grown(core, from->start, items + 1, 0, sizeof *core->start);
    core->bin = grown(core, from->bin, choices, 0, sizeof *core->bin);
    core->item = grown(core, from->item, choices, 0, sizeof *core->item);
    core->cost = grown(core, from->cost, choices, 0, sizeof *core->cost);
    core->pair = grown(core, from->pair, choices, 0, sizeof *core->pair);
    core->use_start = grown(core, from->use_start, choices + 1, 0, sizeof *core->use_start);
    core->use_row = grown(core, NULL, 0, (size_t)from->use_start[choices] + uses, sizeof *core->use_row);
    core->use_weight = grown(core, NULL, 0, (size_t)from->use_start[choices] + uses, sizeof *core->use_weight);
    core->limit = grown(core, from->limit, rows, cuts, sizeof *core->limit);
    core->base = grown(core, from->base, rows, cuts, sizeof *core->base);
    core->row_bin = grown(core, from->row_bin, rows, cuts, sizeof *core->row_bin);
    core->ref_kind = grown(core, from->ref_kind, rows, cuts, sizeof *core->ref_kind);
    core->ref_index = grown(core, from->ref_index, rows, cuts, sizeof *core->ref_index);
    core->movable = grown(core, from->movable, (size_t)from->n_movable, 0, sizeof *core->movable);
    core->bin_cap_start = grown(core, from->bin_cap_start, (size_t)from->n_bins + 1, 0, sizeof *core->bin_cap_start);
    return core->start && core->bin && core->item && core->cost && core->pair && core->use_start && core->use_row &&
           core->use_weight && core->limit && core->base && core->row_bin && core->ref_kind && core->ref_index &&
           core->movable && core->bin_cap_start;
}

/* Each choice's uses, then those of the cuts; at: [n_cuts] how far each cut is through, since both lists go by item and
 * bin. */
static void merge_uses(hcb__core *core, const hcb__core *from, const hcb__cut *cuts, int32_t n_cuts, int32_t *at) {
    int32_t n = 0;
    for (int32_t c = 0; c < from->n_choices; c++) {
        core->use_start[c] = n;
        for (int32_t u = from->use_start[c]; u < from->use_start[c + 1]; u++, n++) {
            core->use_row[n] = from->use_row[u];
            core->use_weight[n] = from->use_weight[u];
        }
        for (int32_t k = 0; k < n_cuts; k++)
            if (at[k] < cuts[k].n && cuts[k].item[at[k]] == from->item[c] && cuts[k].bin[at[k]] == from->bin[c]) {
                core->use_row[n] = from->n_rows + k;
                core->use_weight[n++] = cuts[k].times[at[k]++];
            }
    }
    core->use_start[from->n_choices] = n;
}

bool hcb__core_with_cuts(hcb__core **out, const hcb_allocator *mem, const hcb__core *from, const hcb__cut *cuts,
                         int32_t n_cuts) {
    hcb__core *core = hcb__calloc(mem, 1, sizeof *core);
    int32_t *at = hcb__calloc(mem, (size_t)n_cuts + 1, sizeof *at);
    size_t uses = 0;
    bool ok = core && at;
    *out = NULL;
    for (int32_t k = 0; k < n_cuts; k++)
        uses += (size_t)cuts[k].n;
    if (core) {
        *core = *from;
        hcb__arena_init(&core->arena, mem);
        ok = ok && copy_with_room(core, from, (size_t)n_cuts, uses);
    }
    if (ok) {
        for (int32_t k = 0; k < n_cuts; k++) {
            int32_t r = core->n_rows++;
            core->limit[r] = cuts[k].right;
            core->base[r] = 0;
            core->row_bin[r] = -1;
            core->ref_kind[r] = HCB__REF_CUT;
            core->ref_index[r] = k;
        }
        core->first_goal = core->n_rows;
        merge_uses(core, from, cuts, n_cuts, at);
        *out = core;
    } else {
        hcb__core_free(core);
    }
    hcb__free(mem, at);
    return ok;
}
