/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A zone is grown from its smallest unit: each unit that touches it is taken in or shut out, once. An edge between what
 * is in and what is out is cut for good, a unit cut off from the zone can no longer join it, and the pieces left over
 * must still be fit for zones: most branches end long before the zone is whole.
 *
 * For the fewest cut edges the zones come in another order. In a plan with c cut edges some zone has at most 2 c / k of
 * them, so that zone is grown first, from each unit in turn, with no more edges than that; what is left is a smaller
 * problem of the same kind. With two zones left the zone of the smallest unit is grown, with the whole allowance. */
#include "design/enumerate.h"

#include <string.h>

enum { FREE = -1 };

typedef struct walk {
    const hcb__enumeration *e;
    const hcb__graph *g;
    int32_t n, k, a;
    int32_t *zone;                /* label of units in zones, FREE for others */
    uint8_t *out, *queued;        /* of the zone being grown */
    bool *used;                   /* labels */
    int32_t *mark, *queue;        /* scratch of the searches */
    int64_t *sum;                 /* [k][a] of the zones grown so far, by level */
    int64_t *total;               /* [a] scratch */
    const bool *signed_attribute; /* [a] whether some unit has less than 0: its sum may fall again */
    int64_t *low_of, *high_of;    /* [k][a] bounds by zone, for quick reading */
    int32_t *best;
    int64_t allowance; /* cut edges */
    hcb__enumerated *result;
    bool stop;
} walk;

typedef struct grown { /* the zone being grown */
    int32_t label, level;
    int64_t cuts;   /* of it and of those before */
    int64_t before; /* of those before */
    int64_t limit;  /* of its own */
    int32_t *list;  /* units that touch it, in the order they were met */
    int32_t n_list, size;
} grown;

static void next_zone(walk *w, int32_t level, int64_t cuts);

static bool tick(walk *w) {
    hcb__budget *b = w->e->budget;
    if (b) {
        b->work++;
        if (hcb__budget_worked_out(b) || ((b->work & 1023) == 0 && hcb__budget_interrupted(b))) {
            w->stop = true;
            w->result->complete = false;
        }
    }
    return !w->stop;
}

static int64_t value(const walk *w, int32_t attribute, int32_t unit) {
    return w->e->attribute[(size_t)attribute * (size_t)w->n + (size_t)unit];
}

static bool within(const walk *w, const int64_t *sum, int32_t label) {
    for (int32_t a = 0; a < w->a; a++)
        if (sum[a] < w->low_of[label * w->a + a] || sum[a] > w->high_of[label * w->a + a])
            return false;
    return true;
}

static bool too_much(const walk *w, const int64_t *sum, int32_t label) {
    for (int32_t a = 0; a < w->a; a++)
        if (!w->signed_attribute[a] && sum[a] > w->high_of[label * w->a + a])
            return true;
    return false;
}

/* Whether the units that `label` may still gather make its least sums, and what is shut off can be zones. */
static bool can_finish(walk *w, const grown *z) {
    const hcb__graph *g = w->g;
    int32_t head = 0, tail = 0;
    for (int32_t u = 0; u < w->n; u++)
        w->mark[u] = 0;
    for (int32_t u = 0; u < w->n && !tail; u++)
        if (w->zone[u] == z->label) {
            w->queue[tail++] = u;
            w->mark[u] = 1;
        }
    memset(w->total, 0, (size_t)w->a * sizeof *w->total);
    while (head < tail) {
        int32_t u = w->queue[head++];
        for (int32_t a = 0; a < w->a; a++)
            w->total[a] += value(w, a, u);
        for (int32_t i = g->start[u]; i < g->start[u + 1]; i++) {
            int32_t v = g->to[i];
            if (!w->mark[v] && (w->zone[v] == z->label || (w->zone[v] == FREE && !w->out[v]))) {
                w->mark[v] = 1;
                w->queue[tail++] = v;
            }
        }
    }
    for (int32_t a = 0; a < w->a; a++)
        if (!w->signed_attribute[a] && w->total[a] < w->low_of[z->label * w->a + a])
            return false;
    /* Pieces of what is not in the zone, from the units shut out: they can only get smaller. */
    int32_t left = w->k - z->level - 1, pieces = 0;
    for (int32_t s = 0; s < w->n; s++) {
        if (w->zone[s] != FREE || !w->out[s] || w->mark[s] == 2)
            continue;
        if (++pieces > left)
            return false;
        head = tail = 0;
        w->queue[tail++] = s;
        w->mark[s] = 2;
        int64_t gathered = 0;
        while (head < tail) {
            int32_t u = w->queue[head++];
            gathered += w->a ? value(w, 0, u) : 0;
            for (int32_t i = g->start[u]; i < g->start[u + 1]; i++) {
                int32_t v = g->to[i];
                if (w->mark[v] != 2 && w->zone[v] == FREE) {
                    w->mark[v] = 2;
                    w->queue[tail++] = v;
                }
            }
        }
        if (w->e->alike && w->a && !w->signed_attribute[0] && gathered < w->low_of[0])
            return false;
    }
    return true;
}

/* What is left over in pieces: whether each can be cut into whole zones, by the first attribute. */
static bool leftovers_fit(walk *w, int32_t left) {
    int32_t n_pieces = hcb__graph_parts(w->g, w->zone, FREE, w->mark, w->queue);
    if (n_pieces > left || (left > 0 && n_pieces == 0))
        return false;
    if (!w->e->alike || !w->a || w->signed_attribute[0])
        return true;
    int64_t low = w->low_of[0], high = w->high_of[0], most = 0, least = 0;
    for (int32_t p = 0; p < n_pieces; p++) {
        int64_t sum = 0;
        for (int32_t u = 0; u < w->n; u++)
            sum += w->mark[u] == p ? value(w, 0, u) : 0;
        int64_t fewest = high > 0 ? (sum + high - 1) / high : left, greatest = low > 0 ? sum / low : left;
        fewest = fewest < 1 ? 1 : fewest;
        if (fewest > greatest)
            return false;
        least += fewest;
        most += greatest;
    }
    return least <= left && left <= most;
}

static void found(walk *w, int64_t cuts) {
    hcb__enumerated *r = w->result;
    r->plans++;
    if (r->least_cuts < 0 || cuts < r->least_cuts) {
        r->least_cuts = cuts;
        if (w->best)
            memcpy(w->best, w->zone, (size_t)w->n * sizeof *w->best);
    }
    if (w->e->fewest_cuts)
        w->allowance = cuts - 1;
    if (w->e->visit && !w->e->visit(w->zone, cuts, w->e->payload)) {
        w->stop = true;
        r->complete = false;
    }
}

static void closed(walk *w, const grown *z) {
    if (!within(w, w->sum + (size_t)z->level * (size_t)w->a, z->label))
        return;
    int32_t left = w->k - z->level - 1;
    /* Each further zone of a piece that is cut costs an edge at least. */
    if (!leftovers_fit(w, left))
        return;
    next_zone(w, z->level + 1, z->cuts);
}

static bool fixed_elsewhere(const walk *w, int32_t unit, int32_t label) {
    return w->e->fixed && w->e->fixed[unit] >= 0 && w->e->fixed[unit] != label;
}

static void grow(walk *w, grown *z, int32_t at);

static void take_in(walk *w, grown *z, int32_t at, int32_t u) {
    int64_t *sum = w->sum + (size_t)z->level * (size_t)w->a;
    int64_t cuts = z->cuts;
    int32_t n_list = z->n_list;
    w->zone[u] = z->label;
    for (int32_t a = 0; a < w->a; a++)
        sum[a] += value(w, a, u);
    for (int32_t i = w->g->start[u]; i < w->g->start[u + 1]; i++) {
        int32_t v = w->g->to[i];
        if (w->zone[v] != FREE)
            continue;
        if (w->out[v]) {
            z->cuts++;
        } else if (!w->queued[v]) {
            w->queued[v] = 1;
            z->list[z->n_list++] = v;
        }
    }
    if (z->cuts <= w->allowance && z->cuts - z->before <= z->limit && !too_much(w, sum, z->label))
        grow(w, z, at + 1);
    while (z->n_list > n_list)
        w->queued[z->list[--z->n_list]] = 0;
    z->cuts = cuts;
    for (int32_t a = 0; a < w->a; a++)
        sum[a] -= value(w, a, u);
    w->zone[u] = FREE;
}

static void shut_out(walk *w, grown *z, int32_t at, int32_t u) {
    if (w->e->fixed && w->e->fixed[u] == z->label)
        return;
    int64_t cuts = z->cuts;
    w->out[u] = 1;
    for (int32_t i = w->g->start[u]; i < w->g->start[u + 1]; i++)
        z->cuts += w->zone[w->g->to[i]] == z->label;
    if (z->cuts <= w->allowance && z->cuts - z->before <= z->limit && can_finish(w, z))
        grow(w, z, at + 1);
    w->out[u] = 0;
    z->cuts = cuts;
}

static void grow(walk *w, grown *z, int32_t at) {
    if (!tick(w))
        return;
    if (at == z->n_list) {
        /* A unit that must be here and was never met would be left out. */
        for (int32_t u = 0; w->e->fixed && u < w->n; u++)
            if (w->e->fixed[u] == z->label && w->zone[u] != z->label)
                return;
        /* The next zone is grown with marks of its own. */
        uint8_t *out = w->out, *queued = w->queued;
        w->out += w->n;
        w->queued += w->n;
        closed(w, z);
        w->out = out;
        w->queued = queued;
        return;
    }
    int32_t u = z->list[at];
    if (!fixed_elsewhere(w, u, z->label))
        take_in(w, z, at, u);
    if (!w->stop)
        shut_out(w, z, at, u);
}

/* The zone `label` grown from `root`; units before `least` are not for it. */
static void grow_from(walk *w, int32_t root, int32_t least, int32_t label, int32_t level, int64_t cuts, int64_t limit) {
    memset(w->out, 0, (size_t)w->n);
    memset(w->queued, 0, (size_t)w->n);
    for (int32_t u = 0; u < least; u++)
        w->out[u] = w->zone[u] == FREE;
    grown z = {label, level, cuts, cuts, limit, w->queue + (size_t)(level + 1) * (size_t)w->n, 1, 0};
    z.list[0] = root;
    w->queued[root] = 1;
    memset(w->sum + (size_t)level * (size_t)w->a, 0, (size_t)w->a * sizeof *w->sum);
    w->used[label] = true;
    if (!fixed_elsewhere(w, root, label))
        take_in(w, &z, 0, root);
    w->used[label] = false;
}

static int32_t first_free(const walk *w) {
    int32_t u = 0;
    while (u < w->n && w->zone[u] != FREE)
        u++;
    return u;
}

/* The last zone is what is left. */
static void last_zone(walk *w, int32_t level, int64_t cuts) {
    int64_t *sum = w->sum + (size_t)level * (size_t)w->a;
    int32_t label = 0;
    while (w->used[label])
        label++;
    memset(sum, 0, (size_t)w->a * sizeof *sum);
    for (int32_t u = 0; u < w->n; u++)
        for (int32_t a = 0; a < w->a && w->zone[u] == FREE; a++)
            sum[a] += value(w, a, u);
    if (first_free(w) == w->n || !within(w, sum, label) ||
        hcb__graph_parts(w->g, w->zone, FREE, w->mark, w->queue) != 1)
        return;
    for (int32_t u = 0; u < w->n; u++)
        if (w->zone[u] == FREE && fixed_elsewhere(w, u, label))
            return;
    for (int32_t u = 0; w->e->fixed && u < w->n; u++)
        if (w->e->fixed[u] == label && w->zone[u] != FREE)
            return;
    for (int32_t u = 0; u < w->n; u++)
        w->zone[u] = w->zone[u] == FREE ? label : w->zone[u];
    found(w, cuts);
    for (int32_t u = 0; u < w->n; u++)
        w->zone[u] = w->zone[u] == label ? FREE : w->zone[u];
}

static void next_zone(walk *w, int32_t level, int64_t cuts) {
    if (w->stop || cuts > w->allowance)
        return;
    int32_t left = w->k - level;
    if (left == 1) {
        last_zone(w, level, cuts);
        return;
    }
    int32_t root = first_free(w);
    if (root == w->n)
        return;
    if (w->e->fewest_cuts && left > 2) {
        for (int32_t u = root; u < w->n && !w->stop; u++)
            if (w->zone[u] == FREE)
                grow_from(w, u, u, level, level, cuts, 2 * (w->allowance - cuts) / left);
        return;
    }
    for (int32_t label = 0; label < w->k && !w->stop; label++)
        if (!w->used[label]) {
            grow_from(w, root, 0, label, level, cuts, w->allowance);
            if (w->e->alike)
                break;
        }
}

static bool prepare(walk *w, hcb__arena *arena, bool *negative) {
    size_t n = (size_t)w->n, k = (size_t)w->k, a = (size_t)w->a;
    w->zone = hcb__arena_alloc(arena, n, sizeof *w->zone);
    w->out = hcb__arena_alloc(arena, n * (k + 1), 1);
    w->queued = hcb__arena_alloc(arena, n * (k + 1), 1);
    w->used = hcb__arena_alloc(arena, k, sizeof *w->used);
    w->mark = hcb__arena_alloc(arena, n, sizeof *w->mark);
    w->queue = hcb__arena_alloc(arena, n * (k + 1), sizeof *w->queue);
    w->sum = hcb__arena_alloc(arena, k * a, sizeof *w->sum);
    w->total = hcb__arena_alloc(arena, a, sizeof *w->total);
    w->low_of = hcb__arena_alloc(arena, k * a, sizeof *w->low_of);
    w->high_of = hcb__arena_alloc(arena, k * a, sizeof *w->high_of);
    if (!w->zone || !w->out || !w->queued || !w->used || !w->mark || !w->queue || !w->sum || !w->total || !w->low_of ||
        !w->high_of)
        return false;
    for (int32_t u = 0; u < w->n; u++)
        w->zone[u] = FREE;
    for (int32_t i = 0; i < w->a; i++) {
        for (int32_t z = 0; z < w->k; z++) {
            w->low_of[z * w->a + i] = w->e->low[(size_t)i * k + (size_t)z];
            w->high_of[z * w->a + i] = w->e->high[(size_t)i * k + (size_t)z];
        }
        for (int32_t u = 0; u < w->n; u++)
            negative[i] = negative[i] || value(w, i, u) < 0;
    }
    w->signed_attribute = negative;
    return true;
}

bool hcb__enumerate(hcb__enumerated *out, int32_t *best, const hcb_allocator *mem, const hcb__enumeration *what) {
    hcb__arena arena;
    hcb__arena_init(&arena, mem);
    *out = (hcb__enumerated){0, -1, what->graph->n <= HCB__MOST_ENUMERATED};
    walk w = {.e = what, .g = what->graph, .n = what->graph->n, .k = what->k, .a = what->n_attributes};
    w.best = best;
    w.allowance = what->most_cuts < 0 ? INT64_MAX / 4 : what->most_cuts;
    w.result = out;
    bool *negative = hcb__arena_alloc(&arena, (size_t)w.a, sizeof *negative);
    bool ok = negative && prepare(&w, &arena, negative);
    if (ok && out->complete && w.k >= 1 && w.k <= w.n)
        next_zone(&w, 0, 0);
    hcb__arena_release(&arena);
    return ok;
}
