/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A package's cells as the ledger keeps them, and as columns of the tables that the reader of workspaces reads. */
#ifndef HCB_DESK_CELLS_H
#define HCB_DESK_CELLS_H

#include "base/textbuf.h"
#include "io/json.h"

/* Columns of packages.csv that the ledger keeps. The first ones depend on how the desk stands, or on what is asked; the
 * others stay as they were given. */
enum { HCB__CELL_CURRENT, HCB__CELL_EXCLUDED, HCB__CELL_PINNED, HCB__CELL_RECEIVED, HCB__CELLS_OF_STATE };
extern const char *const hcb__package_columns[];
extern const size_t hcb__n_package_columns;
extern const char *const hcb__visit_columns[];
enum { HCB__VISIT_COLUMNS = 6 };

/* A cell of an event's `data`; "" when it was not given. */
const char *hcb__cell_of(hcb__json *data, const char *column);
/* All columns that stay as they were, the rest of a row of CSV, line end included. */
void hcb__cells_put(hcb__text *out, hcb__json *data);
/* The package's rows of visits.csv. */
void hcb__cells_put_visits(hcb__text *out, const char *package, hcb__json *data);

#endif
