/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/fill.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "solve/meet.h"
#include "solve/soft.h"

enum {
    CHILDREN = 3,        /* bins tried next from each half-filled problem */
    LAST_BINS = 4,       /* filled at once */
    MOST_LABELS = 30000, /* of each half of them */
    DEEPEST = 32,        /* items by which a bin's set differs from its first guess */
    MOST_NODES = 20000,
    NODES_A_UNIT = 64,
    CHOICES_A_UNIT = 48
};

/* A bin that loses more, in reaches, has no set; what the last bins may lose at first, in temperatures. */
static const double HUGE_LOSS = 100, FIRST_EXCESS = 40;

/* An item that goes into a bin, or leaves its first guess. */
typedef struct change {
    double loss;
    int32_t item;
    double room; /* left by it: minus its weight when it goes in */
} change;

/* A bin's set: its first guess (the items whose best bin it is) but for these items. */
typedef struct bin_set {
    double loss;
    int32_t bin, n, item[DEEPEST];
} bin_set;

typedef struct run {
    const hcb__core *core;
    hcb__plan *plan;
    const hcb__fill_options *o;
    hcb__budget *budget;
    hcb__filling filling;
    hcb__soft soft;
    hcb__meet *meet;
    hcb__meet_task task;
    double *task_value; /* what the task only reads */
    int32_t *task_weight;
    int64_t task_room[LAST_BINS];
    double task_price[LAST_BINS];
    hcb__rng rng;
    hcb__filled **state, **child; /* [width], and [CHILDREN] for each */
    int32_t n_states, n_children;
    change *changes;    /* of each bin from bin_cap_start on, the least loss first */
    int32_t *n_changes; /* [n_bins] */
    double *room;       /* [n_bins] left by the first guess */
    int32_t *best;      /* [n_items] position of the choice of least priced cost; -1: settled */
    int32_t *at;        /* choices of an item */
    bin_set set[CHILDREN];
    int32_t n_sets;
    int32_t *open_item, *choice; /* [n_items] */
    /* The search of one bin's set. */
    const change *list;
    int32_t n_list, chosen[DEEPEST];
    int64_t nodes;
    bin_set found;
} run;

/* Each bin has one row, and there are more bins than are filled at once at the end. */
static bool one_row_a_bin(const hcb__core *core) {
    if (core->n_rows != core->n_bins || core->n_bins <= 2 * LAST_BINS)
        return false;
    for (int32_t r = 0; r < core->n_rows; r++) {
        if (core->row_bin[r] < 0)
            return false;
        for (int32_t q = 0; q < r; q++)
            if (core->row_bin[q] == core->row_bin[r])
                return false;
    }
    return true;
}

bool hcb__suits_filling(const hcb__core *core) {
    if (core->first_goal < core->n_rows || core->n_movable == 0 || !one_row_a_bin(core))
        return false;
    for (int32_t c = 0; c < core->n_choices; c++) {
        int32_t u = core->use_start[c];
        if (core->bin[c] < 0 || core->use_start[c + 1] != u + 1 || core->row_bin[core->use_row[u]] != core->bin[c] ||
            core->use_weight[u] > HCB__MEET_WEIGHT)
            return false;
    }
    return true;
}

/* Every item's best bin, and what it loses by any other step into or out of a bin. */
static void list_changes(run *r, const hcb__filled *s) {
    const hcb__filling *f = &r->filling;
    int64_t looks = 0;
    for (int32_t b = 0; b < s->n_open; b++) {
        r->n_changes[s->open[b]] = 0;
        r->room[s->open[b]] = f->room[s->open[b]];
    }
    for (int32_t i = 0; i < r->core->n_items; i++) {
        r->best[i] = -1;
        if (s->choice[i] >= 0)
            continue;
        double first = INFINITY, second = INFINITY;
        int32_t n = hcb__filling_choices(f, s, i, r->at);
        for (int32_t q = 0; q < n; q++) {
            int32_t k = r->at[q];
            double v = f->cost[k] + s->price[f->bin[k]] * f->weight[k];
            second = v < first ? first : fmin(second, v);
            r->best[i] = v < first ? k : r->best[i];
            first = fmin(first, v);
        }
        for (int32_t q = 0; q < n; q++) {
            int32_t k = r->at[q], bin = f->bin[k];
            double v = f->cost[k] + s->price[bin] * f->weight[k], loss = k == r->best[i] ? second - v : v - first;
            if (k == r->best[i])
                r->room[bin] -= f->weight[k];
            if (loss > f->reach)
                continue;
            loss = fmax(0, loss + r->o->noise * (hcb__rng_unit(&r->rng) - 0.5));
            r->changes[r->core->bin_cap_start[bin] + r->n_changes[bin]++] =
                (change){loss, i, k == r->best[i] ? f->weight[k] : -f->weight[k]};
        }
        looks += n;
    }
    r->budget->work += (looks + r->core->n_items / 4) / CHOICES_A_UNIT + 1;
}

static int by_loss(const void *a, const void *b) {
    const change *x = a, *y = b;
    return x->loss != y->loss ? (x->loss < y->loss ? -1 : 1) : (x->item > y->item) - (x->item < y->item);
}

/* All sets of changes that lose less than the best set found, the cheap changes first. */
static void search_set(run *r, int32_t from, int32_t depth, double loss, double room, double price) {
    r->nodes++;
    if (room >= 0 && loss + price * room < r->found.loss) {
        r->found.loss = loss + price * room;
        r->found.n = depth;
        for (int32_t k = 0; k < depth; k++)
            r->found.item[k] = r->list[r->chosen[k]].item;
    }
    if (depth == DEEPEST || r->nodes > MOST_NODES)
        return;
    for (int32_t k = from; k < r->n_list && loss + r->list[k].loss < r->found.loss; k++) {
        r->chosen[depth] = k;
        search_set(r, k + 1, depth + 1, loss + r->list[k].loss, room + r->list[k].room, price);
    }
}

/* The set of a bin that loses least, kept among the best of all bins. */
static void try_bin(run *r, const hcb__filled *s, int32_t bin) {
    change *list = r->changes + r->core->bin_cap_start[bin];
    double most = r->n_sets < CHILDREN ? INFINITY : r->set[CHILDREN - 1].loss, limit = r->o->temperature;
    qsort(list, (size_t)r->n_changes[bin], sizeof *list, by_loss);
    r->list = list;
    r->n_list = r->n_changes[bin];
    r->nodes = 0;
    for (r->found.n = -1; r->found.n < 0; limit *= 1.6) {
        r->found = (bin_set){.loss = fmin(limit, most), .bin = bin, .n = -1};
        search_set(r, 0, 0, 0, r->room[bin], s->price[bin]);
        if (limit >= most || r->nodes > MOST_NODES || limit > HUGE_LOSS * r->o->reach)
            break;
    }
    r->budget->work += (r->nodes + 4 * r->n_list) / NODES_A_UNIT + 1;
    if (r->found.n < 0)
        return;
    int32_t at = r->n_sets < CHILDREN ? r->n_sets++ : CHILDREN - 1;
    for (; at > 0 && r->set[at - 1].loss > r->found.loss; at--)
        r->set[at] = r->set[at - 1];
    r->set[at] = r->found;
}

static void settle(run *r, hcb__filled *s, int32_t item, int32_t bin) {
    s->choice[item] = hcb__core_find(r->core, item, bin);
    uint64_t key = (uint64_t)s->choice[item] + 1;
    key = (key ^ key << 21) * 0x9E3779B97F4A7C15u;
    s->mark += key ^ key >> 31;
}

static void copy_state(const run *r, hcb__filled *to, const hcb__filled *from) {
    const hcb__core *core = r->core;
    hcb__filled keep = *to;
    *to = *from;
    to->choice = memcpy(keep.choice, from->choice, (size_t)core->n_items * sizeof *to->choice);
    to->open = memcpy(keep.open, from->open, (size_t)core->n_bins * sizeof *to->open);
    to->place = memcpy(keep.place, from->place, (size_t)core->n_bins * sizeof *to->place);
    to->price = memcpy(keep.price, from->price, (size_t)core->n_bins * sizeof *to->price);
}

static void close_bin(hcb__filled *s, int32_t bin) {
    int32_t at = s->place[bin], last = s->open[--s->n_open];
    s->open[at] = last;
    s->place[last] = at;
    s->place[bin] = -1;
}

/* What a plan may cost to be better than the one at hand. */
static double most_cost(const run *r) {
    return (double)r->plan->cost - 1 + 1e-6;
}

/* The half-filled problem with one more bin filled joins the children, unless it cannot become better, or is there. */
static void add_child(run *r, const hcb__filled *s, const bin_set *set) {
    hcb__filled *c = r->child[r->n_children];
    copy_state(r, c, s);
    for (int32_t k = 0; k < set->n; k++)
        r->best[set->item[k]] = -2 - r->best[set->item[k]];
    for (int32_t i = 0; i < r->core->n_items; i++) {
        bool turned = r->best[i] < -1;
        int32_t k = turned ? -2 - r->best[i] : r->best[i];
        if (k >= 0 && (r->filling.bin[k] == set->bin) != turned)
            settle(r, c, i, set->bin);
        r->best[i] = k;
    }
    close_bin(c, set->bin);
    for (int32_t k = 0; k < r->n_children; k++)
        if (r->child[k]->mark == c->mark && r->child[k]->n_open == c->n_open)
            return;
    hcb__soft_solve(&r->soft, &r->filling, c, r->budget);
    r->n_children += c->value <= most_cost(r);
}

static int by_score(const void *a, const void *b) {
    const hcb__filled *x = *(hcb__filled *const *)a, *y = *(hcb__filled *const *)b;
    return x->score != y->score ? (x->score < y->score ? -1 : 1) : (x->mark > y->mark) - (x->mark < y->mark);
}

/* One more bin is filled in every state; the best of what that gives are the next states. */
static void next_level(run *r, int32_t width) {
    r->n_children = 0;
    for (int32_t k = 0; k < r->n_states && !hcb__budget_over(r->budget); k++) {
        const hcb__filled *s = r->state[k];
        list_changes(r, s);
        r->n_sets = 0;
        for (int32_t b = 0; b < s->n_open; b++)
            try_bin(r, s, s->open[b]);
        for (int32_t c = 0; c < r->n_sets; c++)
            add_child(r, s, &r->set[c]);
    }
    qsort(r->child, (size_t)r->n_children, sizeof(*r->child), by_score);
    r->n_states = r->n_children < width ? r->n_children : width;
    for (int32_t k = 0; k < r->n_states; k++) {
        hcb__filled *s = r->state[k];
        r->state[k] = r->child[k];
        r->child[k] = s;
    }
}

/* How wide a level may be for the rest to end within the budget, if a state costs what it did before. */
static int32_t affordable(const run *r, const hcb__budget *before, double since, int32_t states, int32_t levels) {
    double width = r->o->width;
    if (r->budget->work_limit > 0)
        width = fmin(width, (double)(r->budget->work_limit - r->budget->work) * states /
                                ((double)(r->budget->work - before->work + 1) * levels));
    if (r->budget->deadline.at > 0)
        width = fmin(width, hcb__deadline_left(r->budget->deadline) * states / ((hcb__now() - since + 1e-9) * levels));
    return width > 1 ? (int32_t)width : 1;
}

/* The last bins of a state at once; a better plan becomes the plan. */
static void finish(run *r, const hcb__filled *s) {
    const hcb__core *core = r->core;
    hcb__meet_task *t = &r->task;
    double most = most_cost(r) - s->value, below = FIRST_EXCESS * r->o->temperature;
    int32_t n = 0, bins = s->n_open;
    for (int32_t b = 0; b < bins; b++) {
        r->task_room[b] = (int64_t)r->filling.room[s->open[b]];
        r->task_price[b] = s->price[s->open[b]];
    }
    for (int32_t i = 0; i < core->n_items; i++) {
        if (s->choice[i] >= 0)
            continue;
        for (int32_t b = 0; b < bins; b++)
            r->task_value[n * bins + b] = INFINITY;
        for (int32_t c = core->start[i]; c < core->start[i + 1]; c++) {
            int32_t b = s->place[core->bin[c]];
            if (b < 0)
                continue;
            r->task_weight[n * bins + b] = (int32_t)core->use_weight[core->use_start[c]];
            r->task_value[n * bins + b] =
                (double)core->cost[c] + r->task_price[b] * (double)core->use_weight[core->use_start[c]];
        }
        r->open_item[n++] = i;
    }
    t->n_items = n;
    t->n_bins = bins;
    bool found = false;
    for (; !found && !hcb__budget_over(r->budget); below *= 2) {
        t->below = fmin(below, most);
        found = hcb__meet_solve(r->meet, t, r->budget);
        if (below >= most)
            break;
    }
    if (!found)
        return;
    memcpy(r->choice, s->choice, (size_t)core->n_items * sizeof *r->choice);
    for (int32_t k = 0; k < n; k++)
        r->choice[r->open_item[k]] = hcb__core_find(core, r->open_item[k], s->open[t->bin[k]]);
    int64_t cost = 0;
    for (int32_t i = 0; i < core->n_items; i++)
        cost += core->cost[r->choice[i]];
    if (cost < r->plan->cost)
        hcb__plan_set(r->plan, r->choice);
}

static void beam(run *r) {
    const hcb__core *core = r->core;
    hcb__filled *s = r->state[0];
    s->n_open = core->n_bins;
    for (int32_t i = 0; i < core->n_items; i++)
        s->choice[i] = -1;
    for (int32_t b = 0; b < core->n_bins; b++) {
        s->open[b] = s->place[b] = b;
        s->price[b] = r->o->row_price[r->filling.row[b]];
    }
    hcb__soft_solve(&r->soft, &r->filling, s, r->budget);
    int32_t width = r->o->width;
    r->n_states = s->value <= most_cost(r);
    for (int32_t open = s->n_open; open > LAST_BINS && r->n_states > 0 && !hcb__budget_over(r->budget); open--) {
        hcb__budget before = *r->budget;
        double since = hcb__now();
        int32_t states = r->n_states;
        next_level(r, width);
        width = affordable(r, &before, since, states, open - LAST_BINS);
    }
    for (int32_t k = 0; k < r->n_states && r->state[k]->n_open <= LAST_BINS; k++)
        if (!hcb__budget_over(r->budget) && hcb__plan_value(r->plan) > r->o->target)
            finish(r, r->state[k]);
}

/* Choices of each item by reduced cost, and the rows of bins. */
static bool view(run *r, hcb__arena *arena) {
    const hcb__core *core = r->core;
    hcb__filling *f = &r->filling;
    size_t choices = (size_t)core->n_choices + 1, bins = (size_t)core->n_bins + 1;
    *f = (hcb__filling){.core = core, .reach = r->o->reach};
    f->choice = hcb__arena_alloc(arena, choices, sizeof *f->choice);
    f->bin = hcb__arena_alloc(arena, choices, sizeof *f->bin);
    f->cost = hcb__arena_alloc(arena, choices, sizeof *f->cost);
    f->weight = hcb__arena_alloc(arena, choices, sizeof *f->weight);
    f->price = hcb__arena_alloc(arena, choices, sizeof *f->price);
    f->room = hcb__arena_alloc(arena, bins, sizeof *f->room);
    f->row = hcb__arena_alloc(arena, bins, sizeof *f->row);
    if (!f->choice || !f->bin || !f->cost || !f->weight || !f->price || !f->room || !f->row)
        return false;
    for (int32_t row = 0; row < core->n_rows; row++) {
        f->row[core->row_bin[row]] = row;
        f->room[core->row_bin[row]] = (double)(core->limit[row] - core->base[row]);
    }
    for (int32_t i = 0; i < core->n_items; i++) {
        int32_t lo = core->start[i], hi = core->start[i + 1];
        for (int32_t c = lo; c < hi; c++) {
            int32_t at = c;
            for (; at > lo && r->o->reduced[f->choice[at - 1]] > r->o->reduced[c]; at--)
                f->choice[at] = f->choice[at - 1];
            f->choice[at] = c;
        }
        for (int32_t k = lo; k < hi; k++) {
            int32_t c = f->choice[k];
            f->bin[k] = core->bin[c];
            f->cost[k] = (double)core->cost[c];
            f->weight[k] = (double)core->use_weight[core->use_start[c]];
            f->price[k] = r->o->reduced[c];
        }
        f->most = hi - lo > f->most ? hi - lo : f->most;
    }
    return true;
}

static hcb__filled *new_state(const run *r, hcb__arena *arena) {
    size_t bins = (size_t)r->core->n_bins + 1;
    hcb__filled *s = hcb__arena_alloc(arena, 1, sizeof *s);
    if (!s)
        return NULL;
    s->choice = hcb__arena_alloc(arena, (size_t)r->core->n_items + 1, sizeof *s->choice);
    s->open = hcb__arena_alloc(arena, bins, sizeof *s->open);
    s->place = hcb__arena_alloc(arena, bins, sizeof *s->place);
    s->price = hcb__arena_alloc(arena, bins, sizeof *s->price);
    return s->choice && s->open && s->place && s->price ? s : NULL;
}

static bool allocate(run *r, hcb__arena *arena) {
    const hcb__core *core = r->core;
    size_t items = (size_t)core->n_items + 1, bins = (size_t)core->n_bins + 1, width = (size_t)r->o->width;
    r->state = hcb__arena_alloc(arena, width, sizeof(*r->state));
    r->child = hcb__arena_alloc(arena, width * CHILDREN + 1, sizeof(*r->child));
    r->changes = hcb__arena_alloc(arena, (size_t)core->n_choices + 1, sizeof *r->changes);
    r->n_changes = hcb__arena_alloc(arena, bins, sizeof *r->n_changes);
    r->room = hcb__arena_alloc(arena, bins, sizeof *r->room);
    r->best = hcb__arena_alloc(arena, items, sizeof *r->best);
    r->at = hcb__arena_alloc(arena, (size_t)r->filling.most + 1, sizeof *r->at);
    r->open_item = hcb__arena_alloc(arena, items, sizeof *r->open_item);
    r->choice = hcb__arena_alloc(arena, items, sizeof *r->choice);
    r->task_value = hcb__arena_alloc(arena, items * LAST_BINS, sizeof *r->task_value);
    r->task_weight = hcb__arena_alloc(arena, items * LAST_BINS, sizeof *r->task_weight);
    r->task.bin = hcb__arena_alloc(arena, items, sizeof *r->task.bin);
    r->meet = hcb__meet_create(arena, core->n_items, MOST_LABELS);
    if (!r->state || !r->child || !r->changes || !r->n_changes || !r->room || !r->best || !r->at || !r->open_item ||
        !r->choice || !r->task_value || !r->task_weight || !r->task.bin || !r->meet)
        return false;
    bool ok = true;
    for (size_t k = 0; ok && k < width; k++)
        ok = (r->state[k] = new_state(r, arena)) != NULL;
    for (size_t k = 0; ok && k <= width * CHILDREN; k++)
        ok = (r->child[k] = new_state(r, arena)) != NULL;
    r->task.most_labels = MOST_LABELS;
    r->task.value = r->task_value;
    r->task.weight = r->task_weight;
    r->task.room = r->task_room;
    r->task.price = r->task_price;
    return ok;
}

bool hcb__fill(hcb__plan *plan, const hcb_allocator *mem, const hcb__fill_options *o, hcb__budget *budget) {
    hcb__arena arena;
    hcb__arena_init(&arena, mem);
    run *r = hcb__arena_alloc(&arena, 1, sizeof *r);
    bool ok = r != NULL;
    if (ok) {
        *r = (run){.core = plan->core, .plan = plan, .o = o, .budget = budget, .soft = {.temperature = o->temperature}};
        hcb__rng_seed(&r->rng, o->seed, o->stream);
        ok = view(r, &arena) && allocate(r, &arena) && hcb__soft_init(&r->soft, &arena, &r->filling);
    }
    if (ok && o->temperature > 0 && o->width > 0)
        beam(r);
    hcb__arena_release(&arena);
    return ok;
}
