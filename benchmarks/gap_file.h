/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Generalised assignment files: the OR-Library layout and .brk (brokerage), as a problem of the engine. */
#ifndef HCB_BENCHMARKS_GAP_FILE_H
#define HCB_BENCHMARKS_GAP_FILE_H

#include "solve/engine.h"

typedef struct gap_file {
    hcb__engine_problem problem;
    hcb__engine_level level;
    bool brk;
    /* Storage behind the problem. */
    int64_t *pair_start, *use_start, *use_weight, *row_limit, *pair_cost, *wait_cost;
    int32_t *pair_bin, *use_row, *row_bin;
} gap_file;

/* Prints what is wrong to standard error and gives false. With `maximise` the costs are negated. */
bool gap_file_read(gap_file *out, const char *path, bool maximise);
void gap_file_free(gap_file *file);

#endif
