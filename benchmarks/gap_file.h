/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Generalised assignment files: the OR-Library layout and .brk (brokerage), as a problem of the engine. */
#ifndef HCB_BENCHMARKS_GAP_FILE_H
#define HCB_BENCHMARKS_GAP_FILE_H

#include "solve/engine.h"

typedef struct gap_file {
    hcb__engine_problem problem;
    hcb__engine_level level;
    hcb__engine_level two[2]; /* after gap_file_waiting_first */
    bool brk;
    /* Storage behind the problem. */
    int64_t *pair_start, *use_start, *use_weight, *row_limit, *pair_cost, *wait_cost;
    int32_t *pair_bin, *use_row, *row_bin;
} gap_file;

/* Prints what is wrong to standard error and gives false. With `maximise` the costs are negated. */
bool gap_file_read(gap_file *out, const char *path, bool maximise);
/* Splits the level in two: what waiting costs, then what placements cost. */
void gap_file_waiting_first(gap_file *file);
/* Adds a row that joins all bins: placements may cost at most this. */
void gap_file_budget(gap_file *file, int64_t limit);
void gap_file_free(gap_file *file);

#endif
