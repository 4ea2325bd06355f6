/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many legal maps: chains of recombinations from one plan, to see where a map stands among them. */
#ifndef HCB_DESIGN_ENSEMBLE_H
#define HCB_DESIGN_ENSEMBLE_H

#include "design/search.h"

enum { HCB__QUANTILES = 101 };

/* How many maps there are of all, now and then. */
typedef void (*hcb__ensemble_tell)(int64_t done, int64_t all, void *payload);

typedef struct hcb__map_ensemble {
    int64_t maps, distinct;
    int32_t n_levels;
    double *rhat, *ess; /* [n_levels] split-chain R-hat, effective sample size */
    int64_t *quantile;  /* [n_levels][HCB__QUANTILES] */
    int64_t *values;    /* [n_levels][maps], ascending */
    hcb_allocator mem;
} hcb__map_ensemble;

/* `maps` over HCB__MAP_CHAINS chains, one kept every `thin` recombinations. Caps of levels do not count. */
bool hcb__map_ensemble_run(hcb__map_ensemble **out, const hcb_allocator *mem, const hcb__map_problem *problem,
                           const int32_t *zone, int64_t maps, int32_t thin, uint64_t seed, hcb__budget *budget,
                           hcb__ensemble_tell tell, void *payload);
void hcb__map_ensemble_free(hcb__map_ensemble *ensemble);

#endif
