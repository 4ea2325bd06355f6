/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symmetric positive definite systems in envelope (skyline) storage, ordered so that the envelope stays small. */
#ifndef HCB_SOLVE_NORMAL_H
#define HCB_SOLVE_NORMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

typedef struct hcb__normal {
    int32_t n;
    int32_t *first;  /* [n] first column of each row's envelope: the same multiple of four for each four rows */
    int64_t *offset; /* [n] element (i, j) is at[offset[i] + j], first[i] <= j <= i */
    double *at;
    int64_t size;
} hcb__normal;

/* Position of each of n rows in an order of small envelope (reverse Cuthill-McKee, dense rows last), from the cliques
 * clique_row[clique_start[k] .. clique_start[k + 1]). False when memory is out. */
bool hcb__normal_order(int32_t *position, const hcb_allocator *mem, int32_t n, int32_t n_cliques,
                       const int32_t *clique_start, const int32_t *clique_row);

/* Envelope of cliques whose rows are numbered by position already. */
bool hcb__normal_init(hcb__normal *a, const hcb_allocator *mem, int32_t n, int32_t n_cliques,
                      const int32_t *clique_start, const int32_t *clique_row);
void hcb__normal_free(hcb__normal *a, const hcb_allocator *mem);

/* The lower triangle of n rows, one after another, less the squares of HCB__SQUARES vectors: q[k] times itself over
 * by[k]. Each vector has room for a multiple of four. */
enum { HCB__SQUARES = 4 };
void hcb__normal_subtract(double *triangle, int32_t n, const double *const q[HCB__SQUARES],
                          const double by[HCB__SQUARES]);

/* Cholesky in place; a pivot that is lost is replaced by a very large one, which leaves that unknown at zero. False
 * when `stopping` (may be NULL) said so of `payload`, which is asked every few rows; the factor is then not whole. */
bool hcb__normal_factor(hcb__normal *a, bool (*stopping)(const void *payload), const void *payload);
void hcb__normal_solve(const hcb__normal *a, double *b);

#endif
