/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/normal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Four independent sums, added in a fixed order: the same result on every machine, and room for the compiler. */
typedef double lanes __attribute__((vector_size(32), aligned(8)));

static double dot(const double *a, const double *b, int32_t n) {
    lanes s0 = {0}, s1 = {0};
    int32_t k = 0;
    for (; k + 8 <= n; k += 8) {
        lanes a0, a1, b0, b1;
        memcpy(&a0, a + k, sizeof a0);
        memcpy(&a1, a + k + 4, sizeof a1);
        memcpy(&b0, b + k, sizeof b0);
        memcpy(&b1, b + k + 4, sizeof b1);
        s0 += a0 * b0;
        s1 += a1 * b1;
    }
    s0 += s1;
    double sum = (s0[0] + s0[1]) + (s0[2] + s0[3]);
    for (; k < n; k++)
        sum += a[k] * b[k];
    return sum;
}

bool hcb__normal_factor(hcb__normal *a, bool (*stopping)(const void *payload), const void *payload) {
    for (int32_t i = 0; i < a->n; i++) {
        if (stopping && (i & 31) == 31 && stopping(payload))
            return false;
        double *row = a->at + a->offset[i];
        for (int32_t j = a->first[i]; j < i; j++) {
            const double *other = a->at + a->offset[j];
            int32_t from = a->first[i] > a->first[j] ? a->first[i] : a->first[j];
            row[j] = (row[j] - dot(row + from, other + from, j - from)) / other[j];
        }
        double before = row[i];
        double pivot = before - dot(row + a->first[i], row + a->first[i], i - a->first[i]);
        row[i] = pivot > 1e-13 * before && pivot > 1e-300 ? sqrt(pivot) : 1e64;
    }
    return true;
}

void hcb__normal_solve(const hcb__normal *a, double *b) {
    for (int32_t i = 0; i < a->n; i++) {
        const double *row = a->at + a->offset[i];
        b[i] = (b[i] - dot(row + a->first[i], b + a->first[i], i - a->first[i])) / row[i];
    }
    for (int32_t i = a->n - 1; i >= 0; i--) {
        const double *row = a->at + a->offset[i];
        b[i] /= row[i];
        for (int32_t j = a->first[i]; j < i; j++)
            b[j] -= row[j] * b[i];
    }
}

bool hcb__normal_init(hcb__normal *a, const hcb_allocator *mem, int32_t n, int32_t n_cliques,
                      const int32_t *clique_start, const int32_t *clique_row) {
    memset(a, 0, sizeof *a);
    a->n = n;
    a->first = hcb__calloc(mem, (size_t)n + 1, sizeof *a->first);
    a->offset = hcb__calloc(mem, (size_t)n + 1, sizeof *a->offset);
    if (!a->first || !a->offset) {
        hcb__normal_free(a, mem);
        return false;
    }
    for (int32_t i = 0; i < n; i++)
        a->first[i] = i;
    for (int32_t k = 0; k < n_cliques; k++) {
        int32_t least = n;
        for (int32_t u = clique_start[k]; u < clique_start[k + 1]; u++)
            if (clique_row[u] < least)
                least = clique_row[u];
        for (int32_t u = clique_start[k]; u < clique_start[k + 1]; u++)
            if (least < a->first[clique_row[u]])
                a->first[clique_row[u]] = least;
    }
    for (int32_t i = 0; i < n; i++) {
        a->offset[i] = a->size - a->first[i];
        a->size += i - a->first[i] + 1;
    }
    a->at = hcb__calloc(mem, (size_t)a->size + 8, sizeof *a->at);
    if (a->at)
        return true;
    hcb__normal_free(a, mem);
    return false;
}

void hcb__normal_free(hcb__normal *a, const hcb_allocator *mem) {
    hcb__free(mem, a->first);
    hcb__free(mem, a->offset);
    hcb__free(mem, a->at);
    memset(a, 0, sizeof *a);
}

enum { ORDER_LIMIT = 8000 };

static bool linked(const uint8_t *link, int32_t n, int32_t i, int32_t j) {
    int64_t bit = (int64_t)i * n + j;
    return link[bit >> 3] >> (bit & 7) & 1;
}

/* Breadth first from `root` among unplaced rows, each row's neighbours by degree; gives how many were placed. */
static int32_t sweep(int32_t *queue, int32_t root, const uint8_t *link, int32_t n, const int32_t *degree,
                     uint8_t *seen) {
    int32_t head = 0, tail = 0;
    queue[tail++] = root;
    seen[root] = 1;
    while (head < tail) {
        int32_t i = queue[head++], from = tail;
        for (int32_t j = 0; j < n; j++)
            if (!seen[j] && linked(link, n, i, j)) {
                int32_t at = tail++;
                for (; at > from && degree[queue[at - 1]] > degree[j]; at--)
                    queue[at] = queue[at - 1];
                queue[at] = j;
                seen[j] = 1;
            }
    }
    return tail;
}

static void order_sparse(int32_t *position, int32_t n, const uint8_t *link, const int32_t *degree, uint8_t *seen,
                         int32_t *queue) {
    int32_t placed = 0, dense = n - n / 50;
    for (int32_t i = 0; i < n; i++)
        seen[i] = degree[i] >= dense;
    for (;;) {
        int32_t root = -1;
        for (int32_t i = 0; i < n; i++)
            if (!seen[i] && (root < 0 || degree[i] < degree[root]))
                root = i;
        if (root < 0)
            break;
        /* A far end of the component makes a better root: two sweeps find one. */
        for (int turn = 0; turn < 2; turn++) {
            int32_t count = sweep(queue + placed, root, link, n, degree, seen);
            root = queue[placed + count - 1];
            for (int32_t k = 0; k < count; k++)
                seen[queue[placed + k]] = 0;
        }
        placed += sweep(queue + placed, root, link, n, degree, seen);
    }
    for (int32_t k = 0; k < placed; k++)
        position[queue[k]] = placed - 1 - k;
    for (int32_t i = 0; i < n; i++)
        if (degree[i] >= dense)
            position[i] = placed++;
}

bool hcb__normal_order(int32_t *position, const hcb_allocator *mem, int32_t n, int32_t n_cliques,
                       const int32_t *clique_start, const int32_t *clique_row) {
    for (int32_t i = 0; i < n; i++)
        position[i] = i;
    if (n < 3 || n > ORDER_LIMIT)
        return true;
    uint8_t *link = hcb__calloc(mem, ((size_t)n * (size_t)n >> 3) + 1, 1);
    uint8_t *seen = hcb__calloc(mem, (size_t)n, 1);
    int32_t *degree = hcb__calloc(mem, (size_t)n, sizeof *degree);
    int32_t *queue = hcb__calloc(mem, (size_t)n, sizeof *queue);
    bool ok = link && seen && degree && queue;
    for (int32_t k = 0; ok && k < n_cliques; k++)
        for (int32_t u = clique_start[k]; u < clique_start[k + 1]; u++)
            for (int32_t v = clique_start[k]; v < clique_start[k + 1]; v++) {
                int64_t bit = (int64_t)clique_row[u] * n + clique_row[v];
                link[bit >> 3] = (uint8_t)(link[bit >> 3] | 1u << (bit & 7));
            }
    for (int32_t i = 0; ok && i < n; i++)
        for (int32_t j = 0; j < n; j++)
            degree[i] += linked(link, n, i, j);
    if (ok)
        order_sparse(position, n, link, degree, seen, queue);
    hcb__free(mem, link);
    hcb__free(mem, seen);
    hcb__free(mem, degree);
    hcb__free(mem, queue);
    return ok;
}
