/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The LP and MIP solvers that may be built in, behind one small table of functions. A model is opened, used and closed
 * on one thread. Callers go through hcb__model_..., which refuse numbers a solver could choke on before it sees them.
 */
#ifndef HCB_SOLVE_BACKEND_H
#define HCB_SOLVE_BACKEND_H

#include "solve/core.h"

/* Columns to add, column by column; every entry names a row below the model's number of rows, no row twice. */
typedef struct hcb__columns {
    int32_t n;
    const double *cost, *lower, *upper; /* lower, upper: finite or +-INFINITY, lower <= upper */
    const int32_t *start;               /* [n + 1], from 0 */
    const int32_t *row;
    const double *value;
} hcb__columns;

/* Rows to add, row by row; the columns of a row ascend. */
typedef struct hcb__rows {
    int32_t n;
    const double *lower, *upper; /* finite or +-INFINITY, lower <= upper */
    const int32_t *start;        /* [n + 1], from 0 */
    const int32_t *column;
    const double *value;
} hcb__rows;

enum { HCB__LP_OPTIMAL = 0, HCB__LP_INFEASIBLE = 1, HCB__LP_UNBOUNDED = 2, HCB__LP_STOPPED = 3 };

typedef struct hcb__integer_options {
    int32_t most_nodes;
    int64_t most_pivots; /* 0: no such limit; about: a back end may count nodes instead */
    double gap;          /* relative */
    const double *start; /* [columns] a plan within the rows to begin with, which a back end may ignore; or NULL */
} hcb__integer_options;

typedef struct hcb__backend {
    const char *name;
    /* Minimise over rows lower <= row <= upper. All functions give HCB_OK, HCB_ENOMEM or HCB_ESOLVER; after the last
     * the model is only good for close. */
    hcb_status (*open)(void **model, const hcb_allocator *mem, int32_t n_rows, const double *lower,
                       const double *upper);
    hcb_status (*add)(void *model, const hcb__columns *columns);
    hcb_status (*add_rows)(void *model, const hcb__rows *rows);
    /* drop: [rows], in: to be taken out; out: those that were. One that the next answer starts from may stay. */
    hcb_status (*drop_rows)(void *model, bool *drop);
    hcb_status (*set_upper)(void *model, int32_t column, double upper);
    /* dual: [n_rows], x: [columns]; both only when *outcome is HCB__LP_OPTIMAL. Looks at the budget between slices. */
    hcb_status (*solve)(void *model, const hcb__budget *budget, int32_t *outcome, double *dual, double *x);
    /* All columns whole numbers, from the basis of the last solve. *found: x is set. *complete: nothing better than x,
     * or nothing at all, beyond the gap. */
    hcb_status (*solve_integer)(void *model, const hcb__budget *budget, const hcb__integer_options *options,
                                bool *found, bool *complete, double *x);
    /* Steps of the simplex method so far, the same on every machine. */
    int64_t (*pivots)(const void *model);
    /* Whether models may be open on several threads at once; else the second waits until the first is closed. */
    bool (*apart)(void);
    void (*close)(void *model);
} hcb__backend;

/* Built in, the one that is used first; NULL-terminated. */
const hcb__backend *const *hcb__backends(void);

static inline const hcb__backend *hcb__backend_of(const hcb__budget *budget) {
    return budget->backend ? budget->backend : hcb__backends()[0];
}

typedef struct hcb__model {
    const hcb__backend *backend;
    void *inside;
    int32_t n_rows, n_columns;
    bool locked;    /* nobody else may have a model open */
    bool unchecked; /* for tests of the back ends' own guard: lets bad numbers through */
} hcb__model;

HCB_NODISCARD hcb_status hcb__model_open(hcb__model *model, const hcb__backend *backend, const hcb_allocator *mem,
                                         int32_t n_rows, const double *lower, const double *upper);
HCB_NODISCARD hcb_status hcb__model_add(hcb__model *model, const hcb__columns *columns);
HCB_NODISCARD hcb_status hcb__model_add_rows(hcb__model *model, const hcb__rows *rows);
HCB_NODISCARD hcb_status hcb__model_drop_rows(hcb__model *model, bool *drop);
HCB_NODISCARD hcb_status hcb__model_set_upper(hcb__model *model, int32_t column, double upper);
HCB_NODISCARD hcb_status hcb__model_solve(hcb__model *model, const hcb__budget *budget, int32_t *outcome, double *dual,
                                          double *x);
HCB_NODISCARD hcb_status hcb__model_solve_integer(hcb__model *model, const hcb__budget *budget,
                                                  const hcb__integer_options *options, bool *found, bool *complete,
                                                  double *x);
int64_t hcb__model_pivots(const hcb__model *model);
void hcb__model_close(hcb__model *model);

#ifdef HCB_HAVE_GLPK
extern const hcb__backend hcb__backend_glpk;
#endif
#ifdef HCB_HAVE_HIGHS
extern const hcb__backend hcb__backend_highs;
#endif
#ifdef HCB_HAVE_CBC
extern const hcb__backend hcb__backend_cbc;
#endif

#endif
