/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every public call that allocates, once, on a small workspace: for the tests that make each allocation of it fail, and
 * those that repeat it. A call frees what it made, and checks its answer where it succeeded. */
#ifndef HCB_TESTS_CALLS_H
#define HCB_TESTS_CALLS_H

#include <stdbool.h>

#include "hcbroker/hcbroker.h"

typedef struct fixture {
    hcb_context *ctx;
    const char *small;        /* a workspace that is only read */
    char own[80];             /* a folder of the test: plan/ is an allocation of `small`, the rest is free */
    char path[160];           /* of the last fixture_path */
    hcb_workspace *workspace; /* `small` */
    hcb_workspace *county;    /* synthetic, a few people */
    hcb_allocation *allocation;
    hcb_zone_map *map; /* of the county */
} fixture;

typedef struct call {
    const char *name;
    hcb_status (*run)(fixture *f);
    bool slow; /* fails at fewer places */
} call;

extern const call calls[];
extern const size_t n_calls;

const char *fixture_path(fixture *f, const char *name);

#endif
