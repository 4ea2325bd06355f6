/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table behind hcb_option_at(): one entry for each structure of options. */
#ifndef HCB_BASE_OPTION_TABLE_H
#define HCB_BASE_OPTION_TABLE_H

#include "hcbroker/options.h"

typedef struct hcb__option_table {
    const char *structure;
    size_t size;
    const hcb_option *rows;
    size_t n_rows;
} hcb__option_table;

extern const hcb__option_table hcb__option_tables[];
extern const size_t hcb__n_option_tables;

/* NULL when there is no such structure. */
const hcb__option_table *hcb__option_table_of(const char *structure);

#endif
