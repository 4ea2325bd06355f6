/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/meet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    GRID = 128,   /* steps of the losses when labels are counted beforehand */
    ROUNDS = 10,  /* of halving the interval of the largest loss listed */
    STEPS = 4096, /* of the losses when labels are put in order */
    DEEPEST = 60, /* items of a half that leave their best bin */
    CELLS = 4,    /* of a keyed bin's load that room left may lie in */
    LOOKUPS_A_UNIT = 32,
    LABELS_A_UNIT = 12,
    CHECKED = 1024 /* labels between two looks at the budget */
};

/* An item leaves its best bin for another. */
typedef struct move {
    float loss;
    int32_t item, from, to, load_from, load_to;
} move;

typedef struct label {
    float loss;
    int32_t parent, move;
    int32_t load[HCB__MEET_BINS]; /* beside all items in their best bins */
} label;

typedef struct half {
    int32_t n_items, n_labels;
    int32_t *start; /* [n_items + 1] moves of each item, the least loss first; items by their first */
    move *moves;
    label *labels;
    double limit; /* losses up to here are listed */
    bool cut;
} half;

typedef struct entry {
    float loss;
    int32_t label;
    int32_t load[HCB__MEET_BINS];
} entry;

typedef struct ranked {
    double first;
    int32_t item, best;
} ranked;

struct hcb__meet {
    half half[2];
    ranked *rank;
    int32_t *order; /* labels of a half by loss */
    int32_t *step_start;
    entry *entries; /* the second half's labels by bucket, within one by loss */
    int32_t *bucket;
    uint32_t bits;
    int64_t cell[2]; /* widths of the keyed bins' cells */
    double count[GRID + 1];
    int64_t room[HCB__MEET_BINS]; /* left when all items are in their best bins */
};

hcb__meet *hcb__meet_create(hcb__arena *arena, int32_t most_items, int32_t most_labels) {
    hcb__meet *m = hcb__arena_alloc(arena, 1, sizeof *m);
    size_t items = (size_t)most_items + 2, labels = (size_t)most_labels + 1;
    if (!m)
        return NULL;
    for (m->bits = 8; m->bits < 24 && (1 << m->bits) < most_labels; m->bits++)
        ;
    m->rank = hcb__arena_alloc(arena, items, sizeof *m->rank);
    m->order = hcb__arena_alloc(arena, labels, sizeof *m->order);
    m->step_start = hcb__arena_alloc(arena, STEPS + 2, sizeof *m->step_start);
    m->entries = hcb__arena_alloc(arena, labels, sizeof *m->entries);
    m->bucket = hcb__arena_alloc(arena, ((size_t)1 << m->bits) + 2, sizeof *m->bucket);
    bool ok = m->rank && m->order && m->step_start && m->entries && m->bucket;
    for (int32_t h = 0; h < 2; h++) {
        half *side = &m->half[h];
        side->start = hcb__arena_alloc(arena, items, sizeof *side->start);
        side->moves = hcb__arena_alloc(arena, items / 2 * HCB__MEET_BINS, sizeof *side->moves);
        side->labels = hcb__arena_alloc(arena, labels, sizeof *side->labels);
        ok = ok && side->start && side->moves && side->labels;
    }
    return ok ? m : NULL;
}

static int by_first_loss(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    return x->first != y->first ? (x->first < y->first ? -1 : 1) : (x->item > y->item) - (x->item < y->item);
}

/* Each item's best bin, the room that leaves, and the items by what leaving it costs at least. */
static bool rank_items(hcb__meet *m, const hcb__meet_task *t) {
    memcpy(m->room, t->room, (size_t)t->n_bins * sizeof *m->room);
    for (int32_t i = 0; i < t->n_items; i++) {
        const double *v = t->value + (size_t)i * (size_t)t->n_bins;
        double first = INFINITY, second = INFINITY;
        int32_t best = 0;
        for (int32_t b = 0; b < t->n_bins; b++) {
            second = v[b] < first ? first : fmin(second, v[b]);
            best = v[b] < first ? b : best;
            first = fmin(first, v[b]);
        }
        if (!isfinite(first))
            return false;
        m->room[best] -= t->weight[(size_t)i * (size_t)t->n_bins + (size_t)best];
        m->rank[i] = (ranked){second - first, i, best};
    }
    qsort(m->rank, (size_t)t->n_items, sizeof *m->rank, by_first_loss);
    return true;
}

static void add_moves(half *side, const hcb__meet_task *t, const ranked *r) {
    const double *v = t->value + (size_t)r->item * (size_t)t->n_bins;
    const int32_t *w = t->weight + (size_t)r->item * (size_t)t->n_bins;
    int32_t first = side->start[side->n_items], n = first;
    for (int32_t b = 0; b < t->n_bins; b++) {
        double loss = v[b] - v[r->best];
        if (b == r->best || !(loss < t->below))
            continue;
        move new = {(float)loss, r->item, r->best, b, w[r->best], w[b]};
        int32_t at = n++;
        for (; at > first && side->moves[at - 1].loss > new.loss; at--)
            side->moves[at] = side->moves[at - 1];
        side->moves[at] = new;
    }
    if (n > first)
        side->start[++side->n_items] = n;
}

/* About how many ways lose at most `limit`. */
static double count_ways(hcb__meet *m, const half *side, double limit) {
    double sum = 0;
    memset(m->count, 0, sizeof m->count);
    m->count[0] = 1;
    for (int32_t i = 0; i < side->n_items && side->moves[side->start[i]].loss <= limit; i++)
        for (int32_t g = GRID; g >= 0; g--) {
            double more = 0;
            for (int32_t k = side->start[i]; k < side->start[i + 1]; k++) {
                int32_t steps = (int32_t)fmin((double)side->moves[k].loss / limit * GRID + 0.5, GRID + 1);
                if (steps > g)
                    break;
                more += m->count[g - steps];
            }
            m->count[g] += more;
        }
    for (int32_t g = 0; g <= GRID; g++)
        sum += m->count[g];
    return sum;
}

static void choose_limit(hcb__meet *m, half *side, const hcb__meet_task *t) {
    double low = 0, high = t->below;
    double aim = 0.7 * t->most_labels;
    if (count_ways(m, side, high) <= aim) {
        side->limit = high;
        return;
    }
    for (int32_t k = 0; k < ROUNDS; k++) {
        double mid = (low + high) / 2;
        if (count_ways(m, side, mid) > aim)
            high = mid;
        else
            low = mid;
    }
    side->limit = low;
}

static void list_from(half *side, const hcb__meet_task *t, int32_t item, int32_t parent, int32_t depth) {
    for (; item < side->n_items; item++) {
        double left = side->limit - (double)side->labels[parent].loss;
        if ((double)side->moves[side->start[item]].loss > left)
            return;
        for (int32_t k = side->start[item]; k < side->start[item + 1]; k++) {
            const move *mv = &side->moves[k];
            if ((double)mv->loss > left)
                break;
            if (side->n_labels == t->most_labels || depth == DEEPEST) {
                side->cut = true;
                return;
            }
            label *l = &side->labels[side->n_labels];
            *l = side->labels[parent];
            l->loss += mv->loss;
            l->parent = parent;
            l->move = k;
            l->load[mv->from] -= mv->load_from;
            l->load[mv->to] += mv->load_to;
            side->n_labels++;
            list_from(side, t, item + 1, side->n_labels - 1, depth + 1);
        }
    }
}

/* Labels by loss, so nearly that no two are wrong by more than a step. */
static double sort_labels(hcb__meet *m, const half *side) {
    double step = side->limit / (STEPS - 1) + 1e-9;
    memset(m->step_start, 0, (STEPS + 2) * sizeof *m->step_start);
    for (int32_t k = 0; k < side->n_labels; k++)
        m->step_start[(int32_t)((double)side->labels[k].loss / step) + 1]++;
    for (int32_t g = 1; g <= STEPS; g++)
        m->step_start[g] += m->step_start[g - 1];
    for (int32_t k = 0; k < side->n_labels; k++)
        m->order[m->step_start[(int32_t)((double)side->labels[k].loss / step)]++] = k;
    return step;
}

static inline int64_t floor_div(int64_t a, int64_t b) {
    return a >= 0 ? a / b : -((b - 1 - a) / b);
}

static inline uint32_t bucket_of(const hcb__meet *m, int64_t cell, int64_t other) {
    uint64_t key = (uint64_t)cell * 0x9E3779B97F4A7C15u + (uint64_t)other * 0xC2B2AE3D27D4EB4Fu;
    return (uint32_t)((key ^ key >> 29) * 0xBF58476D1CE4E5B9u >> (64 - m->bits));
}

static uint32_t bucket_of_label(const hcb__meet *m, const label *l) {
    return bucket_of(m, floor_div(l->load[0], m->cell[0]), floor_div(l->load[1], m->cell[1]));
}

/* The second half's labels into buckets by their loads in two bins. */
static double fill_buckets(hcb__meet *m, const half *side) {
    size_t buckets = (size_t)1 << m->bits;
    double step = sort_labels(m, side);
    memset(m->bucket, 0, (buckets + 2) * sizeof *m->bucket);
    for (int32_t k = 0; k < side->n_labels; k++)
        m->bucket[bucket_of_label(m, &side->labels[k]) + 2]++;
    for (size_t b = 2; b < buckets + 2; b++)
        m->bucket[b] += m->bucket[b - 1];
    for (int32_t k = 0; k < side->n_labels; k++) {
        const label *l = &side->labels[m->order[k]];
        entry *e = &m->entries[m->bucket[bucket_of_label(m, l) + 1]++];
        e->loss = l->loss;
        e->label = m->order[k];
        memcpy(e->load, l->load, sizeof e->load);
    }
    return step;
}

/* The best partner for the first half's label among a bucket's. */
static void look_up(const hcb__meet *m, hcb__meet_task *t, int32_t of, uint32_t bucket, const int64_t *room,
                    double least, double step, int32_t *pair) {
    for (int32_t k = m->bucket[bucket]; k < m->bucket[bucket + 1]; k++) {
        const entry *e = &m->entries[k];
        double sum = (double)m->half[0].labels[of].loss + (double)e->loss;
        if (least + (double)e->loss - step >= t->excess)
            return;
        int32_t b = 0;
        for (; b < t->n_bins && sum < t->excess && room[b] >= e->load[b]; b++)
            sum += t->price[b] * (double)(room[b] - e->load[b]);
        if (b == t->n_bins && sum < t->excess) {
            t->excess = sum;
            pair[0] = of;
            pair[1] = e->label;
        }
    }
}

static int32_t match(hcb__meet *m, hcb__meet_task *t, int32_t of, double step, int32_t *pair) {
    const label *l = &m->half[0].labels[of];
    int64_t room[HCB__MEET_BINS], top[2];
    int32_t lookups = 0;
    for (int32_t b = 0; b < t->n_bins; b++)
        room[b] = m->room[b] - l->load[b];
    for (int32_t b = 0; b < 2; b++)
        top[b] = floor_div(room[b], m->cell[b]);
    for (int64_t x = top[0];; x--) {
        int64_t left = x == top[0] ? 0 : room[0] - ((x + 1) * m->cell[0] - 1);
        double first = (double)l->loss + t->price[0] * (double)left;
        if (first >= t->excess)
            return lookups;
        for (int64_t y = top[1];; y--, lookups++) {
            int64_t also = y == top[1] ? 0 : room[1] - ((y + 1) * m->cell[1] - 1);
            double least = first + t->price[1] * (double)also;
            if (least >= t->excess)
                break;
            look_up(m, t, of, bucket_of(m, x, y), room, least, step, pair);
        }
    }
}

static void take_pair(const hcb__meet *m, hcb__meet_task *t, const int32_t *pair) {
    for (int32_t k = 0; k < t->n_items; k++)
        t->bin[m->rank[k].item] = m->rank[k].best;
    for (int32_t h = 0; h < 2; h++) {
        const half *side = &m->half[h];
        for (int32_t k = pair[h]; k > 0; k = side->labels[k].parent)
            t->bin[side->moves[side->labels[k].move].item] = side->moves[side->labels[k].move].to;
    }
}

bool hcb__meet_solve(hcb__meet *m, hcb__meet_task *t, hcb__budget *budget) {
    int32_t pair[2] = {-1, -1};
    t->excess = t->below;
    t->all_listed = false;
    if (!(t->below > 0) || !rank_items(m, t))
        return false;
    for (int32_t h = 0; h < 2; h++) {
        half *side = &m->half[h];
        side->n_items = 0;
        side->start[0] = 0;
        side->cut = false;
        for (int32_t k = h; k < t->n_items; k += 2)
            add_moves(side, t, &m->rank[k]);
        choose_limit(m, side, t);
        side->n_labels = 1;
        side->labels[0] = (label){.parent = -1};
        list_from(side, t, 0, 0, 0);
        budget->work += side->n_labels / LABELS_A_UNIT + (1 << m->bits) / 2000 + 1;
    }
    for (int32_t b = 0; b < 2; b++)
        m->cell[b] = (int64_t)fmax(1, fmin(t->below / t->price[b] / CELLS, 0x1p40));
    t->all_listed = !m->half[0].cut && !m->half[1].cut && m->half[0].limit >= t->below && m->half[1].limit >= t->below;
    double step = fill_buckets(m, &m->half[1]);
    int32_t bucketed = m->half[0].n_labels;
    int64_t lookups = 0;
    sort_labels(m, &m->half[0]);
    for (int32_t k = 0; k < bucketed && (k % CHECKED > 0 || !hcb__budget_over(budget)); k++) {
        lookups += match(m, t, m->order[k], step, pair) + 1;
        if (k % CHECKED == CHECKED - 1) {
            budget->work += lookups / LOOKUPS_A_UNIT;
            lookups %= LOOKUPS_A_UNIT;
        }
    }
    budget->work += lookups / LOOKUPS_A_UNIT + 1;
    if (pair[0] < 0)
        return false;
    take_pair(m, t, pair);
    return true;
}
