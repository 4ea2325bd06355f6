/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zones that a unit cannot be in: what lies between it and the rest of the zone must come as well, and all of that
 * together must fit. */
#include <math.h>
#include <string.h>

#include "design/assign.h"

/* Distances from where they are 0 now, over blocks that may be in the zone; a step costs what the block it leads to
 * weighs. */
static void spread(hcb__assign_run *r, int32_t z, const double *weight) {
    memset(r->done, 0, (size_t)r->n_blocks * sizeof *r->done);
    for (;;) {
        int32_t at = -1;
        for (int32_t b = 0; b < r->n_blocks; b++)
            if (!r->done[b] && r->distance[b] < INFINITY && (at < 0 || r->distance[b] < r->distance[at]))
                at = b;
        if (at < 0)
            return;
        r->done[at] = true;
        for (int32_t e = r->start[at]; e < r->start[at + 1]; e++) {
            int32_t b = r->to[e];
            if (!r->barred[hcb__pair_at(r, b, z)])
                r->distance[b] = fmin(r->distance[b], r->distance[at] + weight[hcb__pair_at(r, b, z)]);
        }
    }
}

static bool held(const hcb__assign_run *r, int32_t b, int32_t z) {
    for (int32_t y = 0; y < r->k; y++)
        if ((y == z) == (r->barred[hcb__pair_at(r, b, y)] != 0))
            return false;
    return true;
}

static int32_t bar_pair(hcb__assign_run *r, int32_t b, int32_t z) {
    r->barred[hcb__pair_at(r, b, z)] = 1;
    return 1;
}

int32_t hcb__assign_bar(hcb__assign_run *r, const double *cost, double slack) {
    int32_t count = 0;
    for (int32_t b = 0; b < r->n_blocks; b++) {
        double least = INFINITY;
        for (int32_t z = 0; z < r->k; z++)
            if (!r->barred[hcb__pair_at(r, b, z)])
                least = fmin(least, cost[hcb__pair_at(r, b, z)]);
        for (int32_t z = 0; z < r->k; z++)
            r->sums[hcb__pair_at(r, b, z)] = cost[hcb__pair_at(r, b, z)] - least;
    }
    for (int32_t z = 0; z < r->k; z++) {
        double leave = 0; /* what it costs that no unit that is cheapest here is in the zone */
        for (int32_t b = 0; b < r->n_blocks; b++) {
            r->distance[b] = INFINITY;
            if (r->barred[hcb__pair_at(r, b, z)] || r->sums[hcb__pair_at(r, b, z)] > 0)
                continue;
            r->distance[b] = 0;
            double next = INFINITY;
            for (int32_t y = 0; y < r->k; y++)
                if (y != z && !r->barred[hcb__pair_at(r, b, y)])
                    next = fmin(next, r->sums[hcb__pair_at(r, b, y)]);
            leave += next;
        }
        if (r->p->parts[z] == 1)
            spread(r, z, r->sums);
        for (int32_t b = 0; b < r->n_blocks; b++) {
            size_t i = hcb__pair_at(r, b, z);
            double least = r->p->parts[z] == 1 ? fmin(r->distance[b], leave + r->sums[i]) : r->sums[i];
            if (!r->barred[i] && least > slack)
                count += bar_pair(r, b, z);
        }
    }
    return count;
}

/* By a limit of a level that is a sum over units. */
static int32_t bar_by_level(hcb__assign_run *r, const hcb__map_level *level, double limit, double *cost) {
    memset(cost, 0, (size_t)r->n_blocks * (size_t)r->k * sizeof *cost);
    for (int32_t u = 0; u < r->n; u++)
        for (int32_t z = 0; z < r->k; z++)
            cost[hcb__pair_at(r, r->of[u], z)] += (double)level->cost[(size_t)u * (size_t)r->k + (size_t)z];
    for (int32_t b = 0; b < r->n_blocks; b++) {
        double least = INFINITY;
        for (int32_t z = 0; z < r->k; z++)
            if (!r->barred[hcb__pair_at(r, b, z)])
                least = fmin(least, cost[hcb__pair_at(r, b, z)]);
        if (least == INFINITY)
            return 0;
        limit -= least;
    }
    return limit >= 0 ? hcb__assign_bar(r, cost, limit) : 0;
}

/* By the most that a zone may have of a sum, from the units that are surely in it; and what they do not reach. */
static int32_t bar_by_bound(hcb__assign_run *r, int32_t a, int32_t z, double *weight) {
    double room = r->p->high[a * r->k + z] < INT64_MAX / 4 ? (double)r->p->high[a * r->k + z] : INFINITY;
    bool any = false;
    int32_t count = 0;
    for (int32_t b = 0; b < r->n_blocks; b++)
        weight[hcb__pair_at(r, b, z)] = 0;
    for (int32_t u = 0; u < r->n; u++) {
        double of = (double)r->p->attribute[(size_t)a * (size_t)r->n + (size_t)u];
        if (of < 0)
            return 0;
        weight[hcb__pair_at(r, r->of[u], z)] += of;
    }
    for (int32_t b = 0; b < r->n_blocks; b++) {
        bool here = held(r, b, z);
        r->distance[b] = here ? 0 : INFINITY;
        room -= here ? weight[hcb__pair_at(r, b, z)] : 0;
        any = any || here;
    }
    if (room < 0)
        return 0; /* a clash: the programme says so */
    bool whole = any && r->p->parts[z] == 1;
    if (whole)
        spread(r, z, weight);
    for (int32_t b = 0; b < r->n_blocks; b++) {
        size_t i = hcb__pair_at(r, b, z);
        double least = whole ? r->distance[b] : held(r, b, z) ? 0 : weight[i];
        if (!r->barred[i] && (least > room || least == INFINITY))
            count += bar_pair(r, b, z);
    }
    return count;
}

bool hcb__assign_bar_all(hcb__assign_run *r) {
    double *cost = hcb__calloc(r->mem, (size_t)r->n_blocks * (size_t)r->k + 1, sizeof *cost);
    int32_t more = cost != NULL;
    /* What is not barred any more when time is up costs columns, nothing else. */
    while (more && !hcb__budget_interrupted(r->what->budget)) {
        more = 0;
        for (int32_t l = 0; l < r->p->n_levels; l++) {
            int64_t limit = hcb__assign_limit(r, l);
            if (r->p->levels[l].kind == HCB__LEVEL_LINEAR && limit < INT64_MAX)
                more += bar_by_level(r, &r->p->levels[l], (double)limit, cost);
        }
        for (int32_t a = 0; a < r->p->n_attributes; a++)
            for (int32_t z = 0; z < r->k; z++)
                more += bar_by_bound(r, a, z, cost);
    }
    bool ok = cost != NULL;
    hcb__free(r->mem, cost);
    return ok;
}
