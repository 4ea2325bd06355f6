/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HiGHS as a back end, through its C interface. A model stays inside HiGHS from one solve to the next, with its basis.
 * It is C++: memory that runs out inside it ends the process, as with CBC. */
#include <interfaces/highs_c_api.h>
#include <math.h>
#include <string.h>

#include "solve/backend.h"

_Static_assert(sizeof(HighsInt) == sizeof(int32_t), "our arrays of numbers are handed over as they are");

typedef struct highs_model {
    hcb_allocator mem;
    void *highs;
    const hcb__budget *budget; /* of the solve that runs */
    int64_t most_tree_pivots;  /* of the tree that runs */
    int32_t n_rows;
    HCB__VEC(double) lower; /* of each column */
    int64_t pivots;
} highs_model;

/* A warning tells of values that were taken as zero or as infinite. */
static hcb_status status_of(HighsInt call) {
    return call == kHighsStatusError ? HCB_ESOLVER : HCB_OK;
}

static void close_model(void *model) {
    highs_model *m = model;
    hcb_allocator mem = m->mem;
    if (m->highs)
        Highs_destroy(m->highs);
    HCB__VEC_FREE(&mem, &m->lower);
    hcb__free(&mem, m);
}

static void on_step(int kind, const char *message, const HighsCallbackDataOut *out, HighsCallbackDataIn *in,
                    void *user) {
    const highs_model *m = user;
    (void)message;
    if (in && m->budget)
        in->user_interrupt = hcb__budget_interrupted(m->budget) ||
                             (kind == kHighsCallbackMipInterrupt && out->mip_total_lp_iterations > m->most_tree_pivots);
}

/* Silent, on the calling thread alone, the same every time, and asking us now and then whether to go on. */
static bool set_up(highs_model *m) {
    void *h = m->highs;
    return Highs_setBoolOptionValue(h, "output_flag", 0) == kHighsStatusOk &&
           Highs_setIntOptionValue(h, "threads", 1) == kHighsStatusOk &&
           Highs_setStringOptionValue(h, "parallel", "off") == kHighsStatusOk &&
           Highs_setIntOptionValue(h, "simplex_strategy", 0) == kHighsStatusOk &&
           Highs_setIntOptionValue(h, "random_seed", 0) == kHighsStatusOk &&
           Highs_setCallback(h, on_step, m) == kHighsStatusOk &&
           Highs_startCallback(h, kHighsCallbackSimplexInterrupt) == kHighsStatusOk &&
           Highs_startCallback(h, kHighsCallbackMipInterrupt) == kHighsStatusOk;
}

static hcb_status open_model(void **model, const hcb_allocator *mem, int32_t n_rows, const double *lower,
                             const double *upper) {
    highs_model *m = hcb__calloc(mem, 1, sizeof *m);
    *model = m;
    if (!m)
        return HCB_ENOMEM;
    m->mem = *mem;
    m->n_rows = n_rows;
    m->highs = Highs_create();
    if (!m->highs)
        return HCB_ENOMEM;
    if (!set_up(m))
        return HCB_ESOLVER;
    return status_of(Highs_addRows(m->highs, n_rows, lower, upper, 0, NULL, NULL, NULL));
}

static hcb_status add_columns(void *model, const hcb__columns *c) {
    highs_model *m = model;
    if (c->n == 0)
        return HCB_OK;
    if (!HCB__RESERVE(&m->mem, &m->lower, m->lower.count + (size_t)c->n))
        return HCB_ENOMEM;
    hcb_status status = status_of(
        Highs_addCols(m->highs, c->n, c->cost, c->lower, c->upper, c->start[c->n], c->start, c->row, c->value));
    if (status == HCB_OK) {
        memcpy(m->lower.at + m->lower.count, c->lower, (size_t)c->n * sizeof *c->lower);
        m->lower.count += (size_t)c->n;
    }
    return status;
}

static hcb_status add_rows(void *model, const hcb__rows *rows) {
    highs_model *m = model;
    if (rows->n == 0)
        return HCB_OK;
    hcb_status status = status_of(Highs_addRows(m->highs, rows->n, rows->lower, rows->upper, rows->start[rows->n],
                                                rows->start, rows->column, rows->value));
    if (status == HCB_OK)
        m->n_rows += rows->n;
    return status;
}

/* Rows whose own variable is basic: the others hold the basis, which HiGHS forgets and is told again. */
static hcb_status drop_rows(void *model, bool *drop) {
    highs_model *m = model;
    size_t columns = m->lower.count, rows = (size_t)m->n_rows;
    HighsInt *basis = hcb__calloc(&m->mem, columns + 2 * rows + 1, sizeof *basis);
    if (!basis)
        return HCB_ENOMEM;
    HighsInt *of_row = basis + columns, *mask = of_row + rows;
    hcb_status status = status_of(Highs_getBasis(m->highs, basis, of_row));
    int32_t n = 0;
    for (size_t r = 0; r < rows; r++) {
        mask[r] = drop[r] = drop[r] && of_row[r] == kHighsBasisStatusBasic;
        of_row[n] = of_row[r];
        n += !drop[r];
    }
    if (status == HCB_OK && n < m->n_rows) {
        status = status_of(Highs_deleteRowsByMask(m->highs, mask));
        if (status == HCB_OK)
            status = status_of(Highs_setBasis(m->highs, basis, of_row));
    }
    m->n_rows = n;
    hcb__free(&m->mem, basis);
    return status;
}

static hcb_status set_upper(void *model, int32_t column, double upper) {
    highs_model *m = model;
    return status_of(Highs_changeColBounds(m->highs, column, m->lower.at[column], upper));
}

/* Runs, and gives the simplex steps it took. The limit of time is for the parts of HiGHS that do not ask us. */
static hcb_status run(highs_model *m, const hcb__budget *budget, int64_t *steps) {
    double left = hcb__deadline_left(budget->deadline);
    HighsInt taken = 0;
    Highs_zeroAllClocks(m->highs);
    Highs_setDoubleOptionValue(m->highs, "time_limit", left < 1e6 ? fmax(left, 0) : INFINITY);
    m->budget = budget;
    hcb_status status = status_of(Highs_run(m->highs));
    m->budget = NULL;
    if (Highs_getIntInfoValue(m->highs, "simplex_iteration_count", &taken) != kHighsStatusOk || taken < 0)
        taken = 0;
    *steps = taken;
    return status;
}

/* How many pivots a row and column bear before the method is taken to go round in circles. And how many stand for a
 * node of a tree: the cuts, trial branches and heuristics of HiGHS's root alone may cost as much as hundreds of plain
 * nodes, which is more than a caller that names a number of nodes means to spend. */
enum { MOST_PIVOTS = 4, LEAST_PIVOTS = 400, NODE_PIVOTS = 5 };

static hcb_status solve(void *model, const hcb__budget *budget, int32_t *outcome, double *dual, double *x) {
    highs_model *m = model;
    size_t columns = m->lower.count, rows = (size_t)m->n_rows;
    int64_t most = MOST_PIVOTS * (int64_t)(columns + rows) + LEAST_PIVOTS, steps;
    *outcome = HCB__LP_STOPPED;
    /* Without presolve the basis of the last answer is where this one begins. */
    Highs_setStringOptionValue(m->highs, "presolve", "off");
    Highs_setIntOptionValue(m->highs, "simplex_iteration_limit", most < INT32_MAX ? (HighsInt)most : INT32_MAX);
    hcb_status status = run(m, budget, &steps);
    m->pivots += steps;
    if (status != HCB_OK)
        return status;
    HighsInt found = Highs_getModelStatus(m->highs);
    if (found == kHighsModelStatusInfeasible)
        *outcome = HCB__LP_INFEASIBLE;
    if (found == kHighsModelStatusUnbounded)
        *outcome = HCB__LP_UNBOUNDED;
    if (found != kHighsModelStatusOptimal)
        return HCB_OK;
    double *unused = hcb__calloc(&m->mem, (columns > rows ? columns : rows) + 1, sizeof *unused);
    if (!unused)
        return HCB_ENOMEM;
    *outcome = HCB__LP_OPTIMAL;
    status = status_of(Highs_getSolution(m->highs, x, unused, unused, dual));
    hcb__free(&m->mem, unused);
    return status;
}

static hcb_status set_integrality(highs_model *m, HighsInt kind) {
    size_t columns = m->lower.count;
    HighsInt *kinds = hcb__calloc(&m->mem, columns + 1, sizeof *kinds);
    if (!kinds)
        return HCB_ENOMEM;
    for (size_t k = 0; k < columns; k++)
        kinds[k] = kind;
    hcb_status status =
        columns ? status_of(Highs_changeColsIntegralityByRange(m->highs, 0, (HighsInt)columns - 1, kinds)) : HCB_OK;
    hcb__free(&m->mem, kinds);
    return status;
}

static hcb_status solve_integer(void *model, const hcb__budget *budget, const hcb__integer_options *options,
                                bool *found, bool *complete, double *x) {
    highs_model *m = model;
    size_t columns = m->lower.count, rows = (size_t)m->n_rows;
    int64_t steps;
    double *unused = hcb__calloc(&m->mem, (columns > rows ? columns : rows) + 1, sizeof *unused);
    hcb_status status = unused ? set_integrality(m, kHighsVarTypeInteger) : HCB_ENOMEM;
    if (status == HCB_OK) {
        HighsInt feasible = kHighsSolutionStatusNone;
        Highs_setStringOptionValue(m->highs, "presolve", "choose");
        Highs_setIntOptionValue(m->highs, "simplex_iteration_limit", INT32_MAX);
        Highs_setIntOptionValue(m->highs, "mip_max_nodes", options->most_nodes);
        Highs_setDoubleOptionValue(m->highs, "mip_rel_gap", options->gap);
        m->most_tree_pivots = (int64_t)NODE_PIVOTS * options->most_nodes;
        if (options->most_pivots && options->most_pivots < m->most_tree_pivots)
            m->most_tree_pivots = options->most_pivots;
        status = run(m, budget, &steps);
        m->pivots += steps;
        *found = status == HCB_OK &&
                 Highs_getIntInfoValue(m->highs, "primal_solution_status", &feasible) == kHighsStatusOk &&
                 feasible == kHighsSolutionStatusFeasible;
        HighsInt end = Highs_getModelStatus(m->highs);
        *complete = status == HCB_OK && (end == kHighsModelStatusOptimal || end == kHighsModelStatusInfeasible);
        if (*found)
            status = status_of(Highs_getSolution(m->highs, x, unused, unused, unused));
    }
    if (status == HCB_OK)
        status = set_integrality(m, kHighsVarTypeContinuous);
    hcb__free(&m->mem, unused);
    return status;
}

static int64_t pivots(const void *model) {
    return ((const highs_model *)model)->pivots;
}

/* The tasks of all its models share what the first of them set up. */
static bool apart(void) {
    return false;
}

const hcb__backend hcb__backend_highs = {"HiGHS", open_model,    add_columns, add_rows, drop_rows,  set_upper,
                                         solve,   solve_integer, pivots,      apart,    close_model};
