/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GLPK as a back end: the only file that includes glpk.h.
 *
 * GLPK ends the process on bad input or lack of memory unless its error hook jumps away. Every call therefore runs
 * inside guarded(), whose frame stays live; after a jump glp_free_env is required, which also frees every model of the
 * thread. Terminal output stays on, because only then is the hook called that swallows it. */
#include <glpk.h>
#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "solve/backend.h"

typedef struct glpk_model {
    hcb_allocator mem;
    glp_prob *lp;
    int32_t n_rows;
    bool grown; /* rows were added to a model that was solved: what was best stays so but for them */
    int64_t pivots;
} glpk_model;

typedef struct guard {
    jmp_buf away;
} guard;

static void on_error(void *info) {
    guard *g = info;
    longjmp(g->away, 1);
}

static int on_text(void *info, const char *text) {
    (void)info;
    (void)text;
    return 1;
}

static bool guarded(void (*step)(void *), void *arg) {
    guard g;
    if (setjmp(g.away)) {
        glp_free_env();
        return false;
    }
    glp_init_env();
    glp_error_hook(on_error, &g);
    glp_term_hook(on_text, NULL);
    step(arg);
    glp_error_hook(NULL, NULL);
    glp_term_hook(NULL, NULL);
    return true;
}

/* A call that jumped away took the model with it. */
static hcb_status outcome_of(glpk_model *m, bool came_back) {
    if (came_back)
        return HCB_OK;
    m->lp = NULL;
    return HCB_ESOLVER;
}

static int kind_of(double lower, double upper) {
    if (isinf(lower))
        return isinf(upper) ? GLP_FR : GLP_UP;
    if (isinf(upper))
        return GLP_LO;
    return lower < upper ? GLP_DB : GLP_FX;
}

typedef struct open_call {
    glpk_model *m;
    const double *lower, *upper;
} open_call;

static void do_open(void *arg) {
    open_call *c = arg;
    c->m->lp = glp_create_prob();
    glp_set_obj_dir(c->m->lp, GLP_MIN);
    glp_add_rows(c->m->lp, c->m->n_rows);
    for (int32_t r = 0; r < c->m->n_rows; r++)
        glp_set_row_bnds(c->m->lp, r + 1, kind_of(c->lower[r], c->upper[r]), c->lower[r], c->upper[r]);
}

static void close_model(void *model);

/* Builds of GLPK without thread-local storage allow one user at a time. */
static bool apart(void) {
    return glp_config("TLS") != NULL;
}

static hcb_status open_model(void **model, const hcb_allocator *mem, int32_t n_rows, const double *lower,
                             const double *upper) {
    glpk_model *m = hcb__calloc(mem, 1, sizeof *m);
    *model = m;
    if (!m)
        return HCB_ENOMEM;
    m->mem = *mem;
    m->n_rows = n_rows;
    open_call call = {m, lower, upper};
    return outcome_of(m, guarded(do_open, &call));
}

typedef struct add_call {
    glpk_model *m;
    const hcb__columns *c;
    int *row;
    double *value;
} add_call;

static void do_add(void *arg) {
    add_call *a = arg;
    const hcb__columns *c = a->c;
    int first = glp_add_cols(a->m->lp, c->n);
    for (int32_t k = 0; k < c->n; k++) {
        int n = c->start[k + 1] - c->start[k];
        for (int e = 0; e < n; e++) {
            a->row[e + 1] = c->row[c->start[k] + e] + 1;
            a->value[e + 1] = c->value[c->start[k] + e];
        }
        glp_set_mat_col(a->m->lp, first + k, n, a->row, a->value);
        glp_set_obj_coef(a->m->lp, first + k, c->cost[k]);
        glp_set_col_bnds(a->m->lp, first + k, kind_of(c->lower[k], c->upper[k]), c->lower[k], c->upper[k]);
    }
}

static hcb_status add_columns(void *model, const hcb__columns *c) {
    glpk_model *m = model;
    int32_t longest = 0;
    for (int32_t k = 0; k < c->n; k++)
        longest = c->start[k + 1] - c->start[k] > longest ? c->start[k + 1] - c->start[k] : longest;
    if (!m->lp)
        return HCB_ESOLVER;
    if (c->n == 0)
        return HCB_OK;
    add_call call = {m, c, hcb__calloc(&m->mem, (size_t)longest + 1, sizeof(int)),
                     hcb__calloc(&m->mem, (size_t)longest + 1, sizeof(double))};
    hcb_status status = HCB_ENOMEM;
    if (call.row && call.value)
        status = outcome_of(m, guarded(do_add, &call));
    hcb__free(&m->mem, call.row);
    hcb__free(&m->mem, call.value);
    return status;
}

typedef struct rows_call {
    glpk_model *m;
    const hcb__rows *rows;
    int *column;
    double *value;
} rows_call;

static void do_add_rows(void *arg) {
    rows_call *a = arg;
    const hcb__rows *rows = a->rows;
    int first = glp_add_rows(a->m->lp, rows->n);
    for (int32_t r = 0; r < rows->n; r++) {
        int n = rows->start[r + 1] - rows->start[r];
        for (int e = 0; e < n; e++) {
            a->column[e + 1] = rows->column[rows->start[r] + e] + 1;
            a->value[e + 1] = rows->value[rows->start[r] + e];
        }
        glp_set_mat_row(a->m->lp, first + r, n, a->column, a->value);
        glp_set_row_bnds(a->m->lp, first + r, kind_of(rows->lower[r], rows->upper[r]), rows->lower[r], rows->upper[r]);
    }
}

static hcb_status add_rows(void *model, const hcb__rows *rows) {
    glpk_model *m = model;
    int32_t longest = 0;
    for (int32_t r = 0; r < rows->n; r++)
        longest = rows->start[r + 1] - rows->start[r] > longest ? rows->start[r + 1] - rows->start[r] : longest;
    if (!m->lp)
        return HCB_ESOLVER;
    if (rows->n == 0)
        return HCB_OK;
    rows_call call = {m, rows, hcb__calloc(&m->mem, (size_t)longest + 1, sizeof(int)),
                      hcb__calloc(&m->mem, (size_t)longest + 1, sizeof(double))};
    hcb_status status = HCB_ENOMEM;
    if (call.column && call.value)
        status = outcome_of(m, guarded(do_add_rows, &call));
    hcb__free(&m->mem, call.column);
    hcb__free(&m->mem, call.value);
    if (status == HCB_OK) {
        m->n_rows += rows->n;
        m->grown = true;
    }
    return status;
}

typedef struct drop_call {
    glpk_model *m;
    bool *drop;
    int *row;
} drop_call;

/* Rows whose own variable is basic: the others hold the basis. */
static void do_drop_rows(void *arg) {
    drop_call *d = arg;
    int n = 0;
    for (int32_t r = 0; r < d->m->n_rows; r++) {
        d->drop[r] = d->drop[r] && glp_get_row_stat(d->m->lp, r + 1) == GLP_BS;
        if (d->drop[r])
            d->row[++n] = r + 1;
    }
    if (n)
        glp_del_rows(d->m->lp, n, d->row);
    d->m->n_rows -= n;
}

static hcb_status drop_rows(void *model, bool *drop) {
    glpk_model *m = model;
    drop_call call = {m, drop, hcb__calloc(&m->mem, (size_t)m->n_rows + 1, sizeof(int))};
    hcb_status status = HCB_ENOMEM;
    if (call.row)
        status = m->lp ? outcome_of(m, guarded(do_drop_rows, &call)) : HCB_ESOLVER;
    hcb__free(&m->mem, call.row);
    return status;
}

typedef struct upper_call {
    glpk_model *m;
    int32_t column;
    double upper;
} upper_call;

static void do_set_upper(void *arg) {
    upper_call *u = arg;
    double lower = glp_get_col_lb(u->m->lp, u->column + 1);
    glp_set_col_bnds(u->m->lp, u->column + 1, kind_of(lower, u->upper), lower, u->upper);
}

static hcb_status set_upper(void *model, int32_t column, double upper) {
    glpk_model *m = model;
    upper_call call = {m, column, upper};
    return m->lp ? outcome_of(m, guarded(do_set_upper, &call)) : HCB_ESOLVER;
}

typedef struct solve_call {
    glpk_model *m;
    const hcb__budget *budget;
    int32_t *outcome;
    double *dual, *x;
    const hcb__integer_options *options;
    bool *found, *complete;
    double *start;      /* of the options, from 1 on; or NULL */
    int64_t most_count; /* pivots of the model; 0: no limit */
} solve_call;

/* Pivots between two looks at the budget, and how many a row and column bear before the method is taken to go round in
 * circles. */
enum { SLICE = 400, MOST_PIVOTS = 4 };

static void do_solve(void *arg) {
    solve_call *s = arg;
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.it_lim = SLICE;
    if (s->m->grown)
        options.meth = GLP_DUALP;
    int before = glp_get_it_cnt(s->m->lp);
    int64_t most = MOST_PIVOTS * ((int64_t)glp_get_num_rows(s->m->lp) + glp_get_num_cols(s->m->lp)) + SLICE;
    *s->outcome = HCB__LP_STOPPED;
    int code;
    do {
        code = glp_simplex(s->m->lp, &options);
    } while (code == GLP_EITLIM && !hcb__budget_interrupted(s->budget) && glp_get_it_cnt(s->m->lp) - before < most);
    s->m->pivots += glp_get_it_cnt(s->m->lp) - before;
    if (code != 0)
        return;
    int status = glp_get_status(s->m->lp);
    if (status == GLP_OPT) {
        *s->outcome = HCB__LP_OPTIMAL;
        for (int32_t r = 0; r < s->m->n_rows; r++)
            s->dual[r] = glp_get_row_dual(s->m->lp, r + 1);
        for (int k = 0; k < glp_get_num_cols(s->m->lp); k++)
            s->x[k] = glp_get_col_prim(s->m->lp, k + 1);
    } else if (status == GLP_NOFEAS || status == GLP_INFEAS) {
        *s->outcome = HCB__LP_INFEASIBLE;
    } else if (status == GLP_UNBND) {
        *s->outcome = HCB__LP_UNBOUNDED;
    }
}

static hcb_status solve(void *model, const hcb__budget *budget, int32_t *outcome, double *dual, double *x) {
    glpk_model *m = model;
    solve_call call = {.m = m, .budget = budget, .outcome = outcome, .dual = dual, .x = x};
    return m->lp ? outcome_of(m, guarded(do_solve, &call)) : HCB_ESOLVER;
}

static void on_node(glp_tree *tree, void *info) {
    const solve_call *s = info;
    int made = 0;
    glp_ios_tree_size(tree, NULL, NULL, &made);
    if (made > s->options->most_nodes || hcb__budget_interrupted(s->budget) ||
        (s->most_count && glp_get_it_cnt(glp_ios_get_prob(tree)) > s->most_count))
        glp_ios_terminate(tree);
    else if (glp_ios_reason(tree) == GLP_IHEUR && made == 1 && s->start)
        glp_ios_heur_sol(tree, s->start);
}

static void do_solve_integer(void *arg) {
    solve_call *s = arg;
    glp_iocp options;
    glp_init_iocp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.cb_func = on_node;
    options.cb_info = s;
    options.mip_gap = s->options->gap;
    int before = glp_get_it_cnt(s->m->lp);
    s->most_count = s->options->most_pivots ? before + s->options->most_pivots : 0;
    int n = glp_get_num_cols(s->m->lp);
    for (int k = 1; k <= n; k++)
        glp_set_col_kind(s->m->lp, k, GLP_IV);
    *s->complete = glp_intopt(s->m->lp, &options) == 0; /* limits are codes, and lost numbers */
    int status = glp_mip_status(s->m->lp);
    s->m->pivots += glp_get_it_cnt(s->m->lp) - before;
    *s->found = status == GLP_OPT || status == GLP_FEAS;
    for (int k = 0; *s->found && k < n; k++)
        s->x[k] = glp_mip_col_val(s->m->lp, k + 1);
    for (int k = 1; k <= n; k++)
        glp_set_col_kind(s->m->lp, k, GLP_CV);
}

static hcb_status solve_integer(void *model, const hcb__budget *budget, const hcb__integer_options *options,
                                bool *found, bool *complete, double *x) {
    glpk_model *m = model;
    solve_call call = {.m = m, .budget = budget, .x = x, .options = options, .found = found, .complete = complete};
    if (!m->lp)
        return HCB_ESOLVER;
    size_t n = (size_t)glp_get_num_cols(m->lp);
    if (options->start) {
        call.start = hcb__calloc(&m->mem, n + 1, sizeof *call.start);
        if (!call.start)
            return HCB_ENOMEM;
        memcpy(call.start + 1, options->start, n * sizeof *call.start);
    }
    hcb_status status = outcome_of(m, guarded(do_solve_integer, &call));
    hcb__free(&m->mem, call.start);
    return status;
}

static int64_t pivots(const void *model) {
    return ((const glpk_model *)model)->pivots;
}

static void do_close(void *arg) {
    glpk_model *m = arg;
    glp_delete_prob(m->lp);
}

static void close_model(void *model) {
    glpk_model *m = model;
    hcb_allocator mem = m->mem;
    if (m->lp)
        guarded(do_close, m);
    glp_free_env();
    hcb__free(&mem, m);
}

const hcb__backend hcb__backend_glpk = {"GLPK", open_model,    add_columns, add_rows, drop_rows,  set_upper,
                                        solve,  solve_integer, pivots,      apart,    close_model};
