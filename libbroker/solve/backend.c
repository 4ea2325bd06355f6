/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/backend.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/* Beyond this a solver's tolerances mean nothing. */
static const double LARGEST = 1e15;

static bool is_bound(double v) {
    return isinf(v) || (isfinite(v) && fabs(v) <= LARGEST);
}

static bool are_bounds(double lower, double upper) {
    return is_bound(lower) && is_bound(upper) && lower <= upper && lower < INFINITY && upper > -INFINITY;
}

const hcb__backend *const *hcb__backends(void) {
    static const hcb__backend *const all[] = {
#ifdef HCB_HAVE_GLPK
        &hcb__backend_glpk,
#endif
#ifdef HCB_HAVE_HIGHS
        &hcb__backend_highs,
#endif
#ifdef HCB_HAVE_CBC
        &hcb__backend_cbc,
#endif
        NULL};
    return all;
}

hcb_status hcb__model_open(hcb__model *model, const hcb__backend *backend, const hcb_allocator *mem, int32_t n_rows,
                           const double *lower, const double *upper) {
    bool unchecked = model->unchecked;
    memset(model, 0, sizeof *model);
    model->unchecked = unchecked;
    if (n_rows < 1)
        return HCB_ESOLVER;
    for (int32_t r = 0; r < n_rows; r++)
        if (!unchecked && !are_bounds(lower[r], upper[r]))
            return HCB_ESOLVER;
    model->backend = backend;
    model->n_rows = n_rows;
    model->locked = !backend->apart() && pthread_mutex_lock(&one_at_a_time) == 0;
    return backend->open(&model->inside, mem, n_rows, lower, upper);
}

/* Entries of one column: in range, finite, no row twice. Columns are short, so pairs are compared. */
static bool entries_are_good(const hcb__model *model, const hcb__columns *c, int32_t k) {
    if (c->start[k + 1] < c->start[k])
        return false;
    for (int32_t e = c->start[k]; e < c->start[k + 1]; e++) {
        if (c->row[e] < 0 || c->row[e] >= model->n_rows || !isfinite(c->value[e]) || fabs(c->value[e]) > LARGEST)
            return false;
        for (int32_t f = c->start[k]; f < e; f++)
            if (c->row[f] == c->row[e])
                return false;
    }
    return true;
}

hcb_status hcb__model_add(hcb__model *model, const hcb__columns *c) {
    if (c->n < 0 || c->n > INT32_MAX - 1 - model->n_columns || c->start[0] != 0)
        return HCB_ESOLVER;
    for (int32_t k = 0; k < c->n && !model->unchecked; k++)
        if (!isfinite(c->cost[k]) || fabs(c->cost[k]) > LARGEST || !are_bounds(c->lower[k], c->upper[k]) ||
            !entries_are_good(model, c, k))
            return HCB_ESOLVER;
    hcb_status status = model->backend->add(model->inside, c);
    if (status == HCB_OK)
        model->n_columns += c->n;
    return status;
}

static bool row_is_good(const hcb__model *model, const hcb__rows *rows, int32_t r) {
    bool good = rows->start[r] <= rows->start[r + 1] && are_bounds(rows->lower[r], rows->upper[r]);
    for (int32_t e = rows->start[r]; good && e < rows->start[r + 1]; e++)
        good = rows->column[e] >= (e > rows->start[r] ? rows->column[e - 1] + 1 : 0) &&
               rows->column[e] < model->n_columns && isfinite(rows->value[e]) && fabs(rows->value[e]) <= LARGEST;
    return good;
}

hcb_status hcb__model_add_rows(hcb__model *model, const hcb__rows *rows) {
    if (rows->n < 0 || rows->n > INT32_MAX - 1 - model->n_rows || rows->start[0] != 0)
        return HCB_ESOLVER;
    for (int32_t r = 0; r < rows->n && !model->unchecked; r++)
        if (!row_is_good(model, rows, r))
            return HCB_ESOLVER;
    hcb_status status = model->backend->add_rows(model->inside, rows);
    if (status == HCB_OK)
        model->n_rows += rows->n;
    return status;
}

hcb_status hcb__model_drop_rows(hcb__model *model, bool *drop) {
    hcb_status status = model->backend->drop_rows(model->inside, drop);
    for (int32_t r = 0, n = model->n_rows; status == HCB_OK && r < n; r++)
        model->n_rows -= drop[r];
    return status;
}

hcb_status hcb__model_set_upper(hcb__model *model, int32_t column, double upper) {
    if (!model->unchecked && (column < 0 || column >= model->n_columns || !is_bound(upper) || upper < 0))
        return HCB_ESOLVER;
    return model->backend->set_upper(model->inside, column, upper);
}

static bool all_finite(const double *v, int32_t n) {
    for (int32_t k = 0; k < n; k++)
        if (!isfinite(v[k]))
            return false;
    return true;
}

hcb_status hcb__model_solve(hcb__model *model, const hcb__budget *budget, int32_t *outcome, double *dual, double *x) {
    hcb_status status = model->backend->solve(model->inside, budget, outcome, dual, x);
    if (status == HCB_OK && *outcome == HCB__LP_OPTIMAL &&
        !(all_finite(dual, model->n_rows) && all_finite(x, model->n_columns)))
        status = HCB_ESOLVER;
    return status;
}

hcb_status hcb__model_solve_integer(hcb__model *model, const hcb__budget *budget, const hcb__integer_options *options,
                                    bool *found, bool *complete, double *x) {
    *found = *complete = false;
    hcb_status status = model->backend->solve_integer(model->inside, budget, options, found, complete, x);
    if (status == HCB_OK && *found && !all_finite(x, model->n_columns))
        status = HCB_ESOLVER;
    return status;
}

int64_t hcb__model_pivots(const hcb__model *model) {
    return model->backend->pivots(model->inside);
}

void hcb__model_close(hcb__model *model) {
    if (model->inside)
        model->backend->close(model->inside);
    model->inside = NULL;
    if (model->locked)
        pthread_mutex_unlock(&one_at_a_time);
    model->locked = false;
}
