/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CBC as a back end, through its C interface: for those who cannot take GLPK's licence, and as a second opinion in the
 * tests. Its models cannot be solved twice, so each solve loads a fresh one from our columns. LPs go to CLP, which is
 * inside CBC, because CBC's interface gives no duals. */
#include <coin/Cbc_C_Interface.h>
#include <coin/Clp_C_Interface.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "solve/backend.h"

typedef struct cbc_model {
    hcb_allocator mem;
    int32_t n_rows;
    double *row_lower, *row_upper;
    HCB__VEC(double) cost;
    HCB__VEC(double) lower;
    HCB__VEC(double) upper;
    HCB__VEC(int) start; /* CoinBigIndex of the Debian build is int */
    HCB__VEC(int) row;
    HCB__VEC(double) value;
    int64_t pivots;
} cbc_model;

static void close_model(void *model) {
    cbc_model *m = model;
    hcb_allocator mem = m->mem;
    hcb__free(&mem, m->row_lower);
    hcb__free(&mem, m->row_upper);
    HCB__VEC_FREE(&mem, &m->cost);
    HCB__VEC_FREE(&mem, &m->lower);
    HCB__VEC_FREE(&mem, &m->upper);
    HCB__VEC_FREE(&mem, &m->start);
    HCB__VEC_FREE(&mem, &m->row);
    HCB__VEC_FREE(&mem, &m->value);
    hcb__free(&mem, m);
}

static hcb_status open_model(void **model, const hcb_allocator *mem, int32_t n_rows, const double *lower,
                             const double *upper) {
    cbc_model *m = hcb__calloc(mem, 1, sizeof *m);
    *model = m;
    if (!m)
        return HCB_ENOMEM;
    m->mem = *mem;
    m->n_rows = n_rows;
    m->row_lower = hcb__calloc(mem, (size_t)n_rows, sizeof *m->row_lower);
    m->row_upper = hcb__calloc(mem, (size_t)n_rows, sizeof *m->row_upper);
    if (!m->row_lower || !m->row_upper || !HCB__PUSH(mem, &m->start, 0))
        return HCB_ENOMEM;
    memcpy(m->row_lower, lower, (size_t)n_rows * sizeof *lower);
    memcpy(m->row_upper, upper, (size_t)n_rows * sizeof *upper);
    return HCB_OK;
}

static hcb_status add_columns(void *model, const hcb__columns *c) {
    cbc_model *m = model;
    const hcb_allocator *mem = &m->mem;
    bool ok = true;
    for (int32_t k = 0; k < c->n && ok; k++) {
        for (int32_t e = c->start[k]; e < c->start[k + 1] && ok; e++)
            ok = HCB__PUSH(mem, &m->row, c->row[e]) && HCB__PUSH(mem, &m->value, c->value[e]);
        ok = ok && HCB__PUSH(mem, &m->cost, c->cost[k]) && HCB__PUSH(mem, &m->lower, c->lower[k]) &&
             HCB__PUSH(mem, &m->upper, c->upper[k]) && HCB__PUSH(mem, &m->start, (int)m->row.count);
    }
    return ok ? HCB_OK : HCB_ENOMEM;
}

/* Our entries are by column, so theirs are put in behind those of each. */
static hcb_status add_rows(void *model, const hcb__rows *rows) {
    cbc_model *m = model;
    const hcb_allocator *mem = &m->mem;
    size_t columns = m->cost.count, more = (size_t)rows->start[rows->n], n = (size_t)m->n_rows + (size_t)rows->n;
    double *lower = hcb__realloc(mem, m->row_lower, n, sizeof *lower);
    m->row_lower = lower ? lower : m->row_lower;
    double *upper = hcb__realloc(mem, m->row_upper, n, sizeof *upper);
    m->row_upper = upper ? upper : m->row_upper;
    int32_t *come = hcb__calloc(mem, columns + 1, sizeof *come);
    bool ok = lower && upper && come && HCB__RESERVE(mem, &m->row, m->row.count + more) &&
              HCB__RESERVE(mem, &m->value, m->row.count + more);
    for (size_t e = 0; ok && e < more; e++)
        come[rows->column[e]]++;
    size_t to = m->row.count + more;
    for (size_t c = columns; ok && c-- > 0;) {
        size_t from = (size_t)m->start.at[c], end = (size_t)m->start.at[c + 1];
        m->start.at[c + 1] = (int)to;
        to -= (size_t)come[c] + (end - from);
        memmove(m->row.at + to, m->row.at + from, (end - from) * sizeof *m->row.at);
        memmove(m->value.at + to, m->value.at + from, (end - from) * sizeof *m->value.at);
        come[c] = (int32_t)(to + (end - from));
    }
    for (int32_t r = 0; ok && r < rows->n; r++) {
        m->row_lower[m->n_rows + r] = rows->lower[r];
        m->row_upper[m->n_rows + r] = rows->upper[r];
        for (int32_t e = rows->start[r]; e < rows->start[r + 1]; e++) {
            int32_t at = come[rows->column[e]]++;
            m->row.at[at] = m->n_rows + r;
            m->value.at[at] = rows->value[e];
        }
    }
    if (ok) {
        m->row.count = m->value.count = m->row.count + more;
        m->n_rows += rows->n;
    }
    hcb__free(mem, come);
    return ok ? HCB_OK : HCB_ENOMEM;
}

static hcb_status drop_rows(void *model, bool *drop) {
    cbc_model *m = model;
    int32_t *to = hcb__calloc(&m->mem, (size_t)m->n_rows + 1, sizeof *to), n = 0;
    if (!to)
        return HCB_ENOMEM;
    for (int32_t r = 0; r < m->n_rows; r++) {
        m->row_lower[n] = m->row_lower[r];
        m->row_upper[n] = m->row_upper[r];
        to[r] = n;
        n += !drop[r];
    }
    size_t at = 0;
    for (size_t c = 0, e = 0; c < m->cost.count; c++) {
        for (; e < (size_t)m->start.at[c + 1]; e++)
            if (!drop[m->row.at[e]]) {
                m->row.at[at] = to[m->row.at[e]];
                m->value.at[at++] = m->value.at[e];
            }
        m->start.at[c + 1] = (int)at;
    }
    m->row.count = m->value.count = at;
    m->n_rows = n;
    hcb__free(&m->mem, to);
    return HCB_OK;
}

static hcb_status set_upper(void *model, int32_t column, double upper) {
    cbc_model *m = model;
    m->upper.at[column] = upper;
    return HCB_OK;
}

/* A fresh model of our columns, silent. */
static Cbc_Model *load(const cbc_model *m, double seconds, double gap) {
    Cbc_Model *cbc = Cbc_newModel();
    if (!cbc)
        return NULL;
    Cbc_setLogLevel(cbc, 0);
    Cbc_loadProblem(cbc, (int)m->cost.count, m->n_rows, m->start.at, m->row.at, m->value.at, m->lower.at, m->upper.at,
                    m->cost.at, m->row_lower, m->row_upper);
    for (size_t k = 0; k < m->cost.count; k++)
        Cbc_setInteger(cbc, (int)k);
    if (seconds > 0)
        Cbc_setMaximumSeconds(cbc, seconds);
    Cbc_setAllowableFractionGap(cbc, gap);
    return cbc;
}

/* 0: as long as it takes. */
static double seconds_left(const hcb__budget *budget) {
    double left = hcb__deadline_left(budget->deadline);
    return left < 1e6 ? fmax(left, 1e-3) : 0;
}

static hcb_status solve(void *model, const hcb__budget *budget, int32_t *outcome, double *dual, double *x) {
    cbc_model *m = model;
    Clp_Simplex *clp = Clp_newModel();
    if (!clp)
        return HCB_ENOMEM;
    Clp_setLogLevel(clp, 0);
    if (seconds_left(budget) > 0)
        Clp_setMaximumSeconds(clp, seconds_left(budget));
    Clp_loadProblem(clp, (int)m->cost.count, m->n_rows, m->start.at, m->row.at, m->value.at, m->lower.at, m->upper.at,
                    m->cost.at, m->row_lower, m->row_upper);
    Clp_initialSolve(clp);
    int status = Clp_status(clp);
    m->pivots += Clp_numberIterations(clp);
    *outcome = status == 0   ? HCB__LP_OPTIMAL
               : status == 1 ? HCB__LP_INFEASIBLE
               : status == 2 ? HCB__LP_UNBOUNDED
                             : HCB__LP_STOPPED;
    if (status == 0) {
        memcpy(dual, Clp_getRowPrice(clp), (size_t)m->n_rows * sizeof *dual);
        memcpy(x, Clp_primalColumnSolution(clp), m->cost.count * sizeof *x);
    }
    Clp_deleteModel(clp);
    return HCB_OK;
}

/* Steps that stand for a node: its interface has no limit of steps. */
enum { NODE_STEPS = 10 };

static hcb_status solve_integer(void *model, const hcb__budget *budget, const hcb__integer_options *options,
                                bool *found, bool *complete, double *x) {
    cbc_model *m = model;
    int64_t most = options->most_pivots ? options->most_pivots / NODE_STEPS + 1 : INT32_MAX;
    Cbc_Model *cbc = load(m, seconds_left(budget), options->gap);
    if (!cbc)
        return HCB_ENOMEM;
    char nodes[16];
    snprintf(nodes, sizeof nodes, "%d", (int)(most < options->most_nodes ? most : options->most_nodes));
    Cbc_setParameter(cbc, "maxNodes", nodes);
    Cbc_solve(cbc);
    m->pivots += Cbc_getIterationCount(cbc);
    const double *best = Cbc_bestSolution(cbc);
    *found = best != NULL;
    *complete = Cbc_isProvenOptimal(cbc) || Cbc_isProvenInfeasible(cbc);
    if (best)
        memcpy(x, best, m->cost.count * sizeof *x);
    Cbc_deleteModel(cbc);
    return HCB_OK;
}

static int64_t pivots(const void *model) {
    return ((const cbc_model *)model)->pivots;
}

/* Cbc_solve reads its options as the command line of CBC does, through variables that all models share. */
static bool apart(void) {
    return false;
}

const hcb__backend hcb__backend_cbc = {"CBC", open_model,    add_columns, add_rows, drop_rows,  set_upper,
                                       solve, solve_integer, pivots,      apart,    close_model};
