/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "travel/rounds.h"

#include <string.h>

int64_t hcb__leg_twice(const hcb__travel_settings *travel, const hcb__stop *a, const hcb__stop *b) {
    double d = hcb__distance(a->point, b->point);
    return hcb__crow_seconds(travel, d, a->rural) + hcb__crow_seconds(travel, d, b->rural);
}

typedef struct plan {
    hcb__arena arena;
    int32_t n, most, n_rounds;
    int32_t *leg;   /* [n x n], twice the seconds */
    int32_t *order; /* the caller's */
    int32_t *starts;
    int32_t *room;
} plan;

static int64_t leg(const plan *p, int32_t a, int32_t b) {
    return p->leg[(size_t)a * (size_t)p->n + (size_t)b];
}

/* Between places of the order; a place outside the round costs nothing. */
static int64_t joint(const plan *p, int32_t i, int32_t j, int32_t first, int32_t last) {
    return i < first || j >= last ? 0 : leg(p, p->order[i], p->order[j]);
}

static void turn(int32_t *from, int32_t *to) {
    while (from < --to) {
        int32_t t = *from;
        *from++ = *to;
        *to = t;
    }
}

/* One tour through all stops: each goes where it lengthens the tour least. */
static void insert_all(plan *p) {
    for (int32_t s = 0; s < p->n; s++) {
        int32_t at = s;
        int64_t best = INT64_MAX;
        for (int32_t i = 0; i <= s; i++) {
            int64_t before = i > 0 ? leg(p, p->order[i - 1], s) : 0;
            int64_t after = i < s ? leg(p, s, p->order[i]) : 0;
            int64_t old = i > 0 && i < s ? leg(p, p->order[i - 1], p->order[i]) : 0;
            if (before + after - old < best) {
                best = before + after - old;
                at = i;
            }
        }
        memmove(p->order + at + 1, p->order + at, (size_t)(s - at) * sizeof *p->order);
        p->order[at] = s;
    }
}

/* 2-opt of the part [first, last) of the order, open at both ends. */
static bool two_opt(plan *p, int32_t first, int32_t last) {
    bool any = false;
    for (bool better = true; better;) {
        better = false;
        for (int32_t i = first; i < last - 1; i++)
            for (int32_t j = i + 2; j <= last; j++) {
                int64_t now = joint(p, i - 1, i, first, last) + joint(p, j - 1, j, first, last);
                int64_t then = (i > first ? leg(p, p->order[i - 1], p->order[j - 1]) : 0) +
                               (j < last ? leg(p, p->order[i], p->order[j]) : 0);
                if (then < now) {
                    turn(p->order + i, p->order + j);
                    better = any = true;
                }
            }
    }
    return any;
}

/* The cheapest cut of the tour into n_rounds rounds of at most `most` stops. */
static hcb_status split(plan *p) {
    int32_t n = p->n, rounds = p->n_rounds;
    size_t cells = (size_t)(rounds + 1) * (size_t)(n + 1);
    int64_t *best = hcb__arena_alloc(&p->arena, cells, sizeof *best);
    int32_t *from = hcb__arena_alloc(&p->arena, cells, sizeof *from);
    if (!best || !from)
        return HCB_ENOMEM;
#define CELL(r, i) ((size_t)(r) * (size_t)(n + 1) + (size_t)(i))
    for (size_t c = 0; c < cells; c++)
        best[c] = INT64_MAX;
    best[CELL(0, 0)] = 0;
    for (int32_t r = 1; r <= rounds; r++)
        for (int32_t i = r; i <= n; i++) {
            int64_t inside = 0;
            for (int32_t j = i - 1; j >= 0 && i - j <= p->most; j--) {
                inside += j + 1 < i ? leg(p, p->order[j], p->order[j + 1]) : 0;
                int64_t before = best[CELL(r - 1, j)];
                if (before < INT64_MAX && before + inside < best[CELL(r, i)]) {
                    best[CELL(r, i)] = before + inside;
                    from[CELL(r, i)] = j;
                }
            }
        }
    for (int32_t r = rounds, i = n; r >= 0; r--) {
        p->starts[r] = i;
        i = r > 0 ? from[CELL(r, i)] : 0;
    }
#undef CELL
    return HCB_OK;
}

static int64_t inside(const plan *p, int32_t first, int32_t last) {
    int64_t sum = 0;
    for (int32_t i = first; i + 1 < last; i++)
        sum += leg(p, p->order[i], p->order[i + 1]);
    return sum;
}

/* The two rounds with the ends behind i and j exchanged, or (turned) the head of one joined to the head of the other.
 */
static bool exchange_ends(plan *p, int32_t a, int32_t b) {
    int32_t a0 = p->starts[a], a1 = p->starts[a + 1], b0 = p->starts[b], b1 = p->starts[b + 1];
    for (int32_t i = a0; i <= a1; i++)
        for (int32_t j = b0; j <= b1; j++)
            for (int turned = 0; turned < 2; turned++) {
                int32_t head = i - a0, tail = a1 - i, head2 = j - b0, tail2 = b1 - j;
                int32_t length = head + (turned ? head2 : tail2);
                if (length > p->most || length == 0 || length == a1 - a0 + b1 - b0 ||
                    a1 - a0 + b1 - b0 - length > p->most)
                    continue;
                int64_t now = joint(p, i - 1, i, a0, a1) + joint(p, j - 1, j, b0, b1), then = 0;
                if (turned) {
                    then += head && head2 ? leg(p, p->order[i - 1], p->order[j - 1]) : 0;
                    then += tail && tail2 ? leg(p, p->order[i], p->order[j]) : 0;
                } else {
                    then += head && tail2 ? leg(p, p->order[i - 1], p->order[j]) : 0;
                    then += head2 && tail ? leg(p, p->order[j - 1], p->order[i]) : 0;
                }
                if (then >= now)
                    continue;
                /* The new rounds, in the work room; what lies between the two in the order shifts. */
                int32_t n = 0, *room = p->room;
                for (int32_t k = a0; k < i; k++)
                    room[n++] = p->order[k];
                for (int32_t k = 0; k < (turned ? head2 : tail2); k++)
                    room[n++] = p->order[turned ? j - 1 - k : j + k];
                int32_t change = n - (a1 - a0);
                for (int32_t k = a1; k < b0; k++)
                    room[n++] = p->order[k];
                for (int32_t k = 0; k < (turned ? tail : head2); k++)
                    room[n++] = p->order[turned ? a1 - 1 - k : b0 + k];
                for (int32_t k = turned ? j : i; k < (turned ? b1 : a1); k++)
                    room[n++] = p->order[k];
                memcpy(p->order + a0, room, (size_t)n * sizeof *room);
                for (int32_t r = a + 1; r <= b; r++)
                    p->starts[r] += change;
                return true;
            }
    return false;
}

/* One stop from round a to a better place in round b. */
static bool relocate(plan *p, int32_t a, int32_t b) {
    int32_t a0 = p->starts[a], a1 = p->starts[a + 1], b0 = p->starts[b], b1 = p->starts[b + 1];
    if (b1 - b0 >= p->most || a1 - a0 < 2)
        return false;
    for (int32_t i = a0; i < a1; i++) {
        int32_t s = p->order[i];
        int64_t gain = joint(p, i - 1, i, a0, a1) + joint(p, i, i + 1, a0, a1) - joint(p, i - 1, i + 1, a0, a1);
        for (int32_t j = b0; j <= b1; j++) {
            int64_t cost = (j > b0 ? leg(p, p->order[j - 1], s) : 0) + (j < b1 ? leg(p, s, p->order[j]) : 0) -
                           joint(p, j - 1, j, b0, b1);
            if (cost >= gain)
                continue;
            if (a < b) {
                memmove(p->order + i, p->order + i + 1, (size_t)(j - i - 1) * sizeof *p->order);
                p->order[j - 1] = s;
                for (int32_t r = a + 1; r <= b; r++)
                    p->starts[r]--;
            } else {
                memmove(p->order + j + 1, p->order + j, (size_t)(i - j) * sizeof *p->order);
                p->order[j] = s;
                for (int32_t r = b + 1; r <= a; r++)
                    p->starts[r]++;
            }
            return true;
        }
    }
    return false;
}

static void improve(plan *p) {
    for (bool better = true; better;) {
        better = false;
        for (int32_t a = 0; a < p->n_rounds; a++)
            better |= two_opt(p, p->starts[a], p->starts[a + 1]);
        for (int32_t a = 0; a < p->n_rounds; a++)
            for (int32_t b = 0; b < p->n_rounds; b++) {
                better |= a < b && exchange_ends(p, a, b);
                better |= a != b && relocate(p, a, b);
            }
    }
}

hcb_status hcb__rounds_plan(int64_t *twice, int32_t *order, int32_t *starts, const hcb_allocator *mem,
                            const hcb__travel_settings *travel, const hcb__stop *stops, int32_t n, int32_t most) {
    *twice = 0;
    if (n < 0 || n > HCB__MOST_STOPS || most < 1)
        return HCB_EINVAL;
    starts[0] = 0;
    if (n == 0)
        return HCB_OK;
    plan p = {.n = n, .most = most, .n_rounds = (n + most - 1) / most, .order = order, .starts = starts};
    hcb__arena_init(&p.arena, mem);
    p.leg = hcb__arena_alloc(&p.arena, (size_t)n * (size_t)n, sizeof *p.leg);
    p.room = hcb__arena_alloc(&p.arena, (size_t)n, sizeof *p.room);
    hcb_status status = p.leg && p.room ? HCB_OK : HCB_ENOMEM;
    if (status == HCB_OK) {
        for (int32_t a = 0; a < n; a++)
            for (int32_t b = 0; b < n; b++)
                p.leg[(size_t)a * (size_t)n + (size_t)b] = (int32_t)hcb__leg_twice(travel, &stops[a], &stops[b]);
        insert_all(&p);
        (void)two_opt(&p, 0, n);
        status = split(&p);
    }
    if (status == HCB_OK) {
        improve(&p);
        for (int32_t r = 0; r < p.n_rounds; r++)
            *twice += inside(&p, starts[r], starts[r + 1]);
    }
    hcb__arena_release(&p.arena);
    return status;
}
