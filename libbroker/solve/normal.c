/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/normal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Four independent sums, added in a fixed order: the same result on every machine, and room for the compiler. */
typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));

/* Macros: a function that took or gave vectors would have another ABI with and without the wider registers. */
#define LOAD(at) (*(const lanes *)(at))
#define TOTAL(s) (((s)[0] + (s)[1]) + ((s)[2] + (s)[3]))

/* Rows go by fours that begin at the same multiple of four: a tile of sixteen products is then made at once. */
enum { TILE = 4 };

#define INLINE static inline __attribute__((always_inline))

/* Products of two rows with the four rows of a, over n elements, n a multiple of four. */
INLINE void strip(double out[TILE][TILE], int32_t column, const double *const a[TILE], const double *b0,
                  const double *b1, int32_t n) {
    lanes s00 = {0}, s01 = {0}, s10 = {0}, s11 = {0}, s20 = {0}, s21 = {0}, s30 = {0}, s31 = {0};
    for (int32_t k = 0; k < n; k += TILE) {
        lanes v0 = LOAD(b0 + k), v1 = LOAD(b1 + k), u = LOAD(a[0] + k);
        s00 += u * v0;
        s01 += u * v1;
        u = LOAD(a[1] + k);
        s10 += u * v0;
        s11 += u * v1;
        u = LOAD(a[2] + k);
        s20 += u * v0;
        s21 += u * v1;
        u = LOAD(a[3] + k);
        s30 += u * v0;
        s31 += u * v1;
    }
    out[0][column] = TOTAL(s00), out[0][column + 1] = TOTAL(s01);
    out[1][column] = TOTAL(s10), out[1][column + 1] = TOTAL(s11);
    out[2][column] = TOTAL(s20), out[2][column + 1] = TOTAL(s21);
    out[3][column] = TOTAL(s30), out[3][column + 1] = TOTAL(s31);
}

INLINE void tile(double out[TILE][TILE], const double *const a[TILE], const double *const b[TILE], int32_t n) {
    strip(out, 0, a, b[0], b[1], n);
    strip(out, 2, a, b[2], b[3], n);
}

typedef void tile_fn(double out[TILE][TILE], const double *const a[TILE], const double *const b[TILE], int32_t n);

static void tile_plain(double out[TILE][TILE], const double *const a[TILE], const double *const b[TILE], int32_t n) {
    tile(out, a, b, n);
}

#ifdef __x86_64__
/* The same additions in the same order, in wider registers. */
__attribute__((target("avx2"))) static void tile_wide(double out[TILE][TILE], const double *const a[TILE],
                                                      const double *const b[TILE], int32_t n) {
    tile(out, a, b, n);
}
#endif

static tile_fn *best_tile(void) {
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2"))
        return tile_wide;
#endif
    return tile_plain;
}

INLINE void subtract(double *triangle, int32_t n, const double *const q[HCB__SQUARES], const double by[HCB__SQUARES]) {
    double *row = triangle;
    for (int32_t a = 0; a < n; a++, row += a) {
        double f0 = q[0][a] / by[0], f1 = q[1][a] / by[1], f2 = q[2][a] / by[2], f3 = q[3][a] / by[3];
        int32_t b = 0;
        for (; b + TILE <= a + 1; b += TILE) {
            lanes *to = (lanes *)(row + b);
            *to -= (f0 * LOAD(q[0] + b) + f1 * LOAD(q[1] + b)) + (f2 * LOAD(q[2] + b) + f3 * LOAD(q[3] + b));
        }
        for (; b <= a; b++)
            row[b] -= (f0 * q[0][b] + f1 * q[1][b]) + (f2 * q[2][b] + f3 * q[3][b]);
    }
}

static void subtract_plain(double *triangle, int32_t n, const double *const q[HCB__SQUARES],
                           const double by[HCB__SQUARES]) {
    subtract(triangle, n, q, by);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void
subtract_wide(double *triangle, int32_t n, const double *const q[HCB__SQUARES], const double by[HCB__SQUARES]) {
    subtract(triangle, n, q, by);
}
#endif

void hcb__normal_subtract(double *triangle, int32_t n, const double *const q[HCB__SQUARES],
                          const double by[HCB__SQUARES]) {
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) {
        subtract_wide(triangle, n, q, by);
        return;
    }
#endif
    subtract_plain(triangle, n, q, by);
}

/* The rows from i on that make a group; where there are fewer than four, the last stands in for the others. */
static int32_t group_rows(const hcb__normal *a, int32_t i, int32_t from, double *row[TILE]) {
    int32_t height = a->n - i < TILE ? a->n - i : TILE;
    for (int32_t k = 0; k < TILE; k++) {
        int32_t r = i + (k < height ? k : height - 1);
        row[k] = a->at + a->offset[r] + from;
    }
    return height;
}

/* The columns j .. j + 3 of a group's rows, those to their left being done. */
static void reduce_block(const hcb__normal *a, int32_t i, int32_t j, tile_fn *multiply) {
    int32_t from = a->first[i] > a->first[j] ? a->first[i] : a->first[j];
    double *row[TILE], *other[TILE], done[TILE][TILE];
    int32_t height = group_rows(a, i, from, row);
    group_rows(a, j, from, other);
    multiply(done, (const double *const *)row, (const double *const *)other, j - from);
    for (int32_t r = 0; r < height; r++) {
        double *to = row[r] + (j - from);
        for (int32_t c = 0; c < TILE; c++) {
            const double *by = other[c] + (j - from);
            double v = to[c] - done[r][c];
            for (int32_t k = 0; k < c; k++)
                v -= to[k] * by[k];
            to[c] = v / by[c];
        }
    }
}

/* The group's own triangle; its rows hold what was there before in their last elements. */
static void reduce_diagonal(const hcb__normal *a, int32_t i, tile_fn *multiply) {
    int32_t from = a->first[i];
    double *row[TILE], done[TILE][TILE];
    int32_t height = group_rows(a, i, from, row);
    multiply(done, (const double *const *)row, (const double *const *)row, i - from);
    for (int32_t r = 0; r < height; r++) {
        double *to = row[r] + (i - from);
        for (int32_t c = 0; c <= r; c++) {
            const double *by = row[c] + (i - from);
            double before = to[c], v = before - done[r][c];
            for (int32_t k = 0; k < c; k++)
                v -= to[k] * by[k];
            if (c < r)
                to[c] = v / by[c];
            else
                to[c] = v > 1e-13 * before && v > 1e-300 ? sqrt(v) : 1e64;
        }
    }
}

bool hcb__normal_factor(hcb__normal *a, bool (*stopping)(const void *payload), const void *payload) {
    tile_fn *multiply = best_tile();
    for (int32_t i = 0; i < a->n; i += TILE) {
        if (stopping && (i / TILE & 7) == 7 && stopping(payload))
            return false;
        for (int32_t j = a->first[i]; j < i; j += TILE)
            reduce_block(a, i, j, multiply);
        reduce_diagonal(a, i, multiply);
    }
    return true;
}

static double dot(const double *a, const double *b, int32_t n) {
    lanes s0 = {0}, s1 = {0};
    int32_t k = 0;
    for (; k + 8 <= n; k += 8) {
        s0 += LOAD(a + k) * LOAD(b + k);
        s1 += LOAD(a + k + 4) * LOAD(b + k + 4);
    }
    s0 += s1;
    double sum = TOTAL(s0);
    for (; k < n; k++)
        sum += a[k] * b[k];
    return sum;
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
    for (int32_t i = 0; i < n; i += TILE) {
        int32_t height = n - i < TILE ? n - i : TILE, least = i;
        for (int32_t k = 0; k < height; k++)
            least = a->first[i + k] < least ? a->first[i + k] : least;
        for (int32_t k = 0; k < height; k++)
            a->first[i + k] = least / TILE * TILE;
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

/* Sets of rows, 64 a word. */
static int32_t words_of(int32_t n) {
    return (n + 63) / 64;
}

static bool is_in(const uint64_t *set, int32_t i) {
    return set[i >> 6] >> (i & 63) & 1;
}

static void put_in(uint64_t *set, int32_t i) {
    set[i >> 6] |= (uint64_t)1 << (i & 63);
}

static void take_out(uint64_t *set, int32_t i) {
    set[i >> 6] &= ~((uint64_t)1 << (i & 63));
}

/* Breadth first from `root` among unplaced rows, each row's neighbours by degree; gives how many were placed. */
static int32_t sweep(int32_t *queue, int32_t root, const uint64_t *link, int32_t n, const int32_t *degree,
                     uint64_t *seen) {
    int32_t head = 0, tail = 0, words = words_of(n);
    queue[tail++] = root;
    put_in(seen, root);
    while (head < tail) {
        const uint64_t *links = link + (size_t)queue[head++] * (size_t)words;
        int32_t from = tail;
        for (int32_t w = 0; w < words; w++)
            for (uint64_t left = links[w] & ~seen[w]; left; left &= left - 1) {
                int32_t j = w * 64 + __builtin_ctzll(left), at = tail++;
                for (; at > from && degree[queue[at - 1]] > degree[j]; at--)
                    queue[at] = queue[at - 1];
                queue[at] = j;
                put_in(seen, j);
            }
    }
    return tail;
}

static void order_sparse(int32_t *position, int32_t n, const uint64_t *link, const int32_t *degree, uint64_t *seen,
                         int32_t *queue) {
    int32_t placed = 0, dense = n - n / 50;
    for (int32_t i = 0; i < n; i++)
        if (degree[i] >= dense)
            put_in(seen, i);
    for (;;) {
        int32_t root = -1;
        for (int32_t i = 0; i < n; i++)
            if (!is_in(seen, i) && (root < 0 || degree[i] < degree[root]))
                root = i;
        if (root < 0)
            break;
        /* A far end of the component makes a better root: two sweeps find one. */
        for (int turn = 0; turn < 2; turn++) {
            int32_t count = sweep(queue + placed, root, link, n, degree, seen);
            root = queue[placed + count - 1];
            for (int32_t k = 0; k < count; k++)
                take_out(seen, queue[placed + k]);
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
    size_t words = (size_t)words_of(n);
    uint64_t *link = hcb__calloc(mem, (size_t)n * words, sizeof *link);
    uint64_t *seen = hcb__calloc(mem, words, sizeof *seen);
    int32_t *degree = hcb__calloc(mem, (size_t)n, sizeof *degree);
    int32_t *queue = hcb__calloc(mem, (size_t)n, sizeof *queue);
    bool ok = link && seen && degree && queue;
    for (int32_t k = 0; ok && k < n_cliques; k++)
        for (int32_t u = clique_start[k]; u < clique_start[k + 1]; u++) {
            uint64_t *links = link + (size_t)clique_row[u] * words;
            for (int32_t v = clique_start[k]; v < clique_start[k + 1]; v++)
                put_in(links, clique_row[v]);
        }
    for (int32_t i = 0; ok && i < n; i++)
        for (size_t w = 0; w < words; w++)
            degree[i] += __builtin_popcountll(link[(size_t)i * words + w]);
    if (ok)
        order_sparse(position, n, link, degree, seen, queue);
    hcb__free(mem, link);
    hcb__free(mem, seen);
    hcb__free(mem, degree);
    hcb__free(mem, queue);
    return ok;
}
