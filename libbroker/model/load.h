/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the loader share while a workspace is read. */
#ifndef HCB_MODEL_LOAD_H
#define HCB_MODEL_LOAD_H

#include "io/csv.h"
#include "model/model.h"
#include "model/workspace.h"

/* A place in a file, kept for checks that come later. */
typedef struct hcb__spot {
    int64_t line, column;
    const char *pointer; /* in the model's arena */
} hcb__spot;

typedef struct hcb__provider_row {
    hcb__provider p;
    hcb__spot spot;
} hcb__provider_row;

typedef struct hcb__coverage_row {
    hcb__coverage c;
    hcb__spot spot; /* of the tier */
} hcb__coverage_row;

/* A package or a placement in force. */
typedef struct hcb__package_row {
    hcb__package p;
    bool bad;                                /* has an error; not part of the model */
    bool left_out;                           /* likewise, and listed so */
    int64_t weekly_minutes, visits_per_week; /* -1: not given */
    int32_t carers;
    hcb__spot row, hours, pin;
} hcb__package_row;

typedef struct hcb__visit_row {
    int32_t package; /* in the loader's packages */
    hcb__visit v;
} hcb__visit_row;

typedef struct hcb__int_list {
    int32_t *at;
    size_t count, cap;
} hcb__int_list;

typedef struct hcb__loader {
    hcb_context *ctx;
    bool strict, changed; /* changed: a scenario's changes are part of what is read */
    hcb__workspace *ws;
    hcb__model *model; /* being filled; its arena holds every string */
    hcb__place_reader *places;

    /* False when the file could not be read to its end or some id was lost: then a reference that is not found says
     * nothing. */
    bool zones_known, providers_known, packages_known, visits_known;

    HCB__VEC(hcb__provider_row) providers; /* by id once read; index = provider number */
    HCB__VEC(hcb__coverage_row) coverage;
    HCB__VEC(hcb__package_row) packages; /* the queue, then placements, as read */
    HCB__VEC(hcb__visit_row) visits;
    HCB__VEC(const char *) capabilities; /* numbers as met */
    hcb__int_list needs, capabilities_of, excluded;
    hcb__idmap capability_of_name, row_of_provider, row_of_package, ended;
} hcb__loader;

/* load_common.c */
hcb__workspace_file *hcb__load_file(hcb__loader *l, hcb__file_kind kind); /* NULL: none, or not there */
/* Reads all rows. *complete: whether the file is there, has its columns and ends without a syntax error. */
typedef hcb_status (*hcb__row_fn)(hcb__loader *l, hcb__csv *csv);
HCB_NODISCARD hcb_status hcb__load_rows(hcb__loader *l, hcb__file_kind kind, const hcb__csv_column *columns,
                                        size_t n_columns, hcb__row_fn row, bool *complete);
/* Whether reading may go on after a file that gave this status: its problems were collected. */
bool hcb__load_goes_on(const hcb__loader *l, hcb_status status);

void hcb__cell_error(hcb__loader *l, const hcb__csv *csv, size_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
hcb__where hcb__spot_where(const hcb__loader *l, hcb__file_kind kind, const hcb__spot *spot);
HCB_NODISCARD hcb_status hcb__spot_keep(hcb__loader *l, const hcb__csv *csv, size_t column, hcb__spot *out);

/* Cells of a row. What is wrong is collected and makes *good false; the status is that of memory alone. */

/* A required id, copied into the model's arena; *out NULL when it is blank or bad. */
HCB_NODISCARD hcb_status hcb__required_id(hcb__loader *l, hcb__csv *csv, size_t column, const char **out, bool *good);
/* A zone or a provider: *out is its number, or stays. A name that is not found is an error where all names are known.
 */
void hcb__zone_cell(hcb__loader *l, hcb__csv *csv, size_t column, int32_t *out, bool *good);
void hcb__provider_cell(hcb__loader *l, hcb__csv *csv, size_t column, int32_t *out, bool *good);
/* The same for one item of a list. */
int32_t hcb__provider_named(hcb__loader *l, const hcb__csv *csv, size_t column, const char *id, size_t len, bool *good);
void hcb__required_place(hcb__loader *l, hcb__csv *csv, const hcb__place_columns *columns, hcb__place *out, bool *good);
/* The error of a required cell that is blank; `good` becomes false also where the cell was BAD. */
void hcb__required(hcb__loader *l, const hcb__csv *csv, size_t column, hcb__cell cell, const char *expected,
                   bool *good);
/* The number of a capability; -1 when memory is out. */
int32_t hcb__capability(hcb__loader *l, const char *name, size_t len);
/* A `;` list of capabilities behind *list: *n numbers, each once. */
HCB_NODISCARD hcb_status hcb__capability_cell(hcb__loader *l, hcb__csv *csv, size_t column, hcb__int_list *list,
                                              int32_t *first, int32_t *n, bool *good);
/* Puts a number behind a list unless it is there from `first` on. */
HCB_NODISCARD hcb_status hcb__add_once(hcb__loader *l, hcb__int_list *list, int32_t first, int32_t value);

/* One file each; what cannot be used is collected. */
HCB_NODISCARD hcb_status hcb__load_providers(hcb__loader *l);
HCB_NODISCARD hcb_status hcb__load_coverage(hcb__loader *l);
HCB_NODISCARD hcb_status hcb__load_packages(hcb__loader *l);
HCB_NODISCARD hcb_status hcb__load_placements(hcb__loader *l);
HCB_NODISCARD hcb_status hcb__load_visits(hcb__loader *l);
/* Sorts everything into the model. */
HCB_NODISCARD hcb_status hcb__load_freeze(hcb__loader *l);
/* Checks between files: of the policy against the zones, and of the frozen model. */
void hcb__check_shares(hcb__loader *l, const char *shown);
HCB_NODISCARD hcb_status hcb__check_model(hcb__loader *l);

#endif
