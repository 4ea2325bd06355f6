/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gap_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct numbers {
    char *text, *at;
    bool failed;
} numbers;

static bool load(numbers *in, const char *path) {
    FILE *f = fopen(path, "rb");
    long size = -1;
    memset(in, 0, sizeof *in);
    if (f && fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 && fseek(f, 0, SEEK_SET) == 0)
        in->text = malloc((size_t)size + 1);
    bool ok = in->text && fread(in->text, 1, (size_t)size, f) == (size_t)size;
    if (f)
        fclose(f);
    if (!ok) {
        fprintf(stderr, "%s: cannot be read\n", path);
        free(in->text);
        return false;
    }
    in->text[size] = '\0';
    in->at = in->text;
    return true;
}

static int64_t next(numbers *in, int64_t least, int64_t most) {
    char *end;
    long long v = strtoll(in->at, &end, 10);
    if (end == in->at || v < least || v > most)
        in->failed = true;
    in->at = end;
    return in->failed ? least : v;
}

static void *zeros(size_t count, size_t size) {
    void *p = calloc(count + 1, size);
    if (!p) {
        fputs("out of memory\n", stderr);
        exit(4);
    }
    return p;
}

static void allocate(gap_file *g, size_t pairs, size_t uses) {
    const hcb__engine_problem *p = &g->problem;
    g->pair_start = zeros((size_t)p->n_items + 1, sizeof *g->pair_start);
    g->pair_bin = zeros(pairs, sizeof *g->pair_bin);
    g->pair_cost = zeros(pairs, sizeof *g->pair_cost);
    g->wait_cost = zeros((size_t)p->n_items, sizeof *g->wait_cost);
    g->use_start = zeros(pairs + 1, sizeof *g->use_start);
    g->use_row = zeros(uses, sizeof *g->use_row);
    g->use_weight = zeros(uses, sizeof *g->use_weight);
    g->row_limit = zeros((size_t)p->n_rows, sizeof *g->row_limit);
    g->row_bin = zeros((size_t)p->n_rows, sizeof *g->row_bin);
}

static void add_use(gap_file *g, int64_t pair, int32_t row, int64_t weight) {
    if (weight != 0) {
        g->use_row[g->use_start[pair + 1]] = row;
        g->use_weight[g->use_start[pair + 1]++] = weight;
    }
}

static const int64_t BIG = (int64_t)1 << 40;

static void read_library(gap_file *g, numbers *in, bool maximise) {
    int32_t m = (int32_t)next(in, 1, 1000000), n = (int32_t)next(in, 1, 10000000);
    if (in->failed || (int64_t)m * n > 200000000)
        return;
    g->problem.n_bins = g->problem.n_rows = m;
    g->problem.n_items = n;
    size_t pairs = (size_t)m * (size_t)n;
    allocate(g, pairs, pairs);
    int64_t *cost = zeros(pairs, sizeof *cost), *use = zeros(pairs, sizeof *use);
    for (size_t k = 0; k < pairs; k++)
        cost[k] = next(in, -BIG, BIG);
    for (size_t k = 0; k < pairs; k++)
        use[k] = next(in, 0, BIG);
    for (int32_t b = 0; b < m; b++) {
        g->row_limit[b] = next(in, 0, BIG);
        g->row_bin[b] = b;
    }
    for (int32_t i = 0; i < n; i++) {
        g->pair_start[i + 1] = (int64_t)(i + 1) * m;
        g->wait_cost[i] = HCB__MUST_PLACE;
        for (int32_t b = 0; b < m; b++) {
            int64_t k = (int64_t)i * m + b;
            size_t at = (size_t)b * (size_t)n + (size_t)i;
            g->pair_bin[k] = b;
            g->pair_cost[k] = maximise ? -cost[at] : cost[at];
            g->use_start[k + 1] = g->use_start[k];
            add_use(g, k, b, use[at]);
        }
    }
    free(cost);
    free(use);
}

/* The pairs of an item of a .brk file need not be in the order of the bins. */
typedef struct brk_pair {
    int32_t bin, zone;
    int64_t cost, use;
} brk_pair;

static int by_bin(const void *a, const void *b) {
    const brk_pair *s = a, *t = b;
    return (s->bin > t->bin) - (s->bin < t->bin);
}

static void read_brk(gap_file *g, numbers *in, bool maximise) {
    int32_t n = (int32_t)next(in, 0, 10000000), m = (int32_t)next(in, 0, 1000000), nz = (int32_t)next(in, 0, 10000000);
    if (in->failed)
        return;
    g->problem.n_items = n;
    g->problem.n_bins = m;
    g->problem.n_rows = 2 * m + nz;
    size_t spaces = 0;
    for (const char *c = in->at; *c; c++)
        spaces += *c == ' ' || *c == '\n';
    allocate(g, spaces / 4 + 8, 3 * (spaces / 4 + 8));
    for (int32_t b = 0; b < m; b++) {
        g->row_limit[b] = next(in, 0, BIG);
        g->row_limit[m + b] = next(in, 0, BIG);
        g->row_bin[b] = g->row_bin[m + b] = b;
    }
    for (int32_t z = 0; z < nz; z++) {
        g->row_bin[2 * m + z] = (int32_t)next(in, 0, m - 1);
        next(in, 0, BIG);
        g->row_limit[2 * m + z] = next(in, 0, BIG);
    }
    brk_pair *pairs = zeros((size_t)m, sizeof *pairs);
    for (int32_t i = 0; i < n && !in->failed; i++) {
        int64_t wait = next(in, -BIG, BIG);
        g->wait_cost[i] = maximise ? -wait : wait;
        next(in, 0, BIG);
        next(in, 0, BIG);
        int32_t count = (int32_t)next(in, 0, m);
        for (int32_t e = 0; e < count; e++) {
            pairs[e].bin = (int32_t)next(in, 0, m - 1);
            pairs[e].cost = next(in, -BIG, BIG);
            pairs[e].use = next(in, 0, BIG);
            pairs[e].zone = (int32_t)next(in, -1, nz - 1);
        }
        qsort(pairs, (size_t)count, sizeof *pairs, by_bin);
        int64_t k = g->pair_start[i];
        for (int32_t e = 0; e < count; e++, k++) {
            g->pair_bin[k] = pairs[e].bin;
            g->pair_cost[k] = maximise ? -pairs[e].cost : pairs[e].cost;
            g->use_start[k + 1] = g->use_start[k];
            add_use(g, k, pairs[e].bin, pairs[e].use);
            add_use(g, k, m + pairs[e].bin, 1);
            if (pairs[e].zone >= 0)
                add_use(g, k, 2 * m + pairs[e].zone, pairs[e].use);
        }
        g->pair_start[i + 1] = k;
    }
    free(pairs);
}

bool gap_file_read(gap_file *g, const char *path, bool maximise) {
    numbers in;
    memset(g, 0, sizeof *g);
    if (!load(&in, path))
        return false;
    g->brk = strncmp(in.at, "BRK1", 4) == 0;
    if (g->brk) {
        in.at += 4;
        read_brk(g, &in, maximise);
    } else {
        read_library(g, &in, maximise);
    }
    bool ok = !in.failed && g->pair_start;
    if (!ok)
        fprintf(stderr, "%s: byte %td: a number is missing or out of range\n", path, in.at - in.text);
    free(in.text);
    g->level.name = "cost";
    g->level.pair_cost = g->pair_cost;
    g->level.wait_cost = g->wait_cost;
    hcb__engine_problem *p = &g->problem;
    p->n_levels = 1;
    p->levels = &g->level;
    p->pair_start = g->pair_start;
    p->pair_bin = g->pair_bin;
    p->use_start = g->use_start;
    p->use_row = g->use_row;
    p->use_weight = g->use_weight;
    p->row_limit = g->row_limit;
    p->row_bin = g->row_bin;
    if (!ok)
        gap_file_free(g);
    return ok;
}

void gap_file_waiting_first(gap_file *g) {
    g->two[0] = g->level;
    g->two[0].pair_cost = NULL;
    g->two[1] = g->level;
    g->two[1].name = "cost";
    g->two[1].wait_cost = NULL;
    g->two[1].constant = 0;
    g->problem.levels = g->two;
    g->problem.n_levels = 2;
}

void gap_file_budget(gap_file *g, int64_t limit) {
    hcb__engine_problem *p = &g->problem;
    int64_t pairs = p->pair_start[p->n_items], uses = p->use_start[pairs], n = 0;
    int64_t *weight = zeros((size_t)(uses + pairs), sizeof *weight);
    int64_t *limits = zeros((size_t)p->n_rows + 1, sizeof *limits);
    int32_t *row = zeros((size_t)(uses + pairs), sizeof *row), *bin = zeros((size_t)p->n_rows + 1, sizeof *bin);
    memcpy(limits, g->row_limit, (size_t)p->n_rows * sizeof *limits);
    memcpy(bin, g->row_bin, (size_t)p->n_rows * sizeof *bin);
    limits[p->n_rows] = limit;
    bin[p->n_rows] = -1;
    for (int64_t k = 0; k < pairs; k++) {
        int64_t from = g->use_start[k];
        g->use_start[k] = n;
        for (int64_t u = from; u < g->use_start[k + 1]; u++, n++) {
            row[n] = g->use_row[u];
            weight[n] = g->use_weight[u];
        }
        row[n] = p->n_rows;
        weight[n] = g->pair_cost[k];
        n += g->pair_cost[k] != 0;
    }
    g->use_start[pairs] = n;
    free(g->use_row);
    free(g->use_weight);
    free(g->row_limit);
    free(g->row_bin);
    p->use_row = g->use_row = row;
    p->use_weight = g->use_weight = weight;
    p->row_limit = g->row_limit = limits;
    p->row_bin = g->row_bin = bin;
    p->n_rows++;
}

void gap_file_free(gap_file *g) {
    void *all[] = {g->pair_start, g->use_start, g->use_weight, g->row_limit, g->pair_cost,
                   g->wait_cost,  g->pair_bin,  g->use_row,    g->row_bin};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        free(all[k]);
    memset(g, 0, sizeof *g);
}
