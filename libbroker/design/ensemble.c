/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/ensemble.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double mean_of(const double *x, int64_t n) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

/* Split R-hat and effective sample size (Gelman et al., Bayesian Data Analysis, 3rd edition, section 11.4-11.5) of
 * `chains` series of `length` values one behind the other. 1 and the number of values where nothing varies. */
static void mixing(const double *series, int32_t chains, int64_t length, double *rhat, double *ess) {
    int64_t half = length / 2;
    int32_t m = 2 * chains;
    *rhat = 1;
    *ess = (double)chains * (double)length;
    if (half < 2)
        return;
    double all = 0, between = 0, within = 0;
    for (int32_t c = 0; c < m; c++)
        all += mean_of(series + (c / 2) * length + (c % 2) * half, half) / m;
    for (int32_t c = 0; c < m; c++) {
        const double *x = series + (c / 2) * length + (c % 2) * half;
        double mean = mean_of(x, half);
        between += (double)half * (mean - all) * (mean - all) / (m - 1);
        for (int64_t i = 0; i < half; i++)
            within += (x[i] - mean) * (x[i] - mean) / (double)(half - 1) / m;
    }
    if (within <= 0)
        return;
    double spread = (double)(half - 1) / (double)half * within + between / (double)half;
    *rhat = sqrt(spread / within);
    /* Autocorrelations from the variogram, summed in pairs while these stay positive. */
    double sum = 0, before = 1;
    for (int64_t lag = 1; lag + 1 < half; lag++) {
        double variogram = 0;
        for (int32_t c = 0; c < m; c++) {
            const double *x = series + (c / 2) * length + (c % 2) * half;
            for (int64_t i = lag; i < half; i++)
                variogram += (x[i] - x[i - lag]) * (x[i] - x[i - lag]);
        }
        double rho = 1 - variogram / ((double)m * (double)(half - lag)) / (2 * spread);
        if (lag % 2 == 0 && before + rho < 0)
            break;
        sum += rho;
        before = rho;
    }
    *ess = fmin(*ess, (double)m * (double)half / fmax(1 + 2 * sum, 1e-9));
}

static int compare_values(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int compare_hashes(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* FNV-1a of the zones. */
static uint64_t hash_of(const int32_t *zone, int32_t n) {
    uint64_t h = 14695981039346656037u;
    for (int32_t u = 0; u < n; u++)
        h = (h ^ (uint64_t)zone[u]) * 1099511628211u;
    return h;
}

/* A recombination of two zones that touch, chosen by a random border. */
static void step(hcb__map_plan *plan, hcb__recombiner *r, hcb__rng *rng) {
    const hcb__graph *g = plan->p->graph;
    for (int tries = 0; tries < 200; tries++) {
        int32_t u = (int32_t)hcb__rng_below(rng, (uint32_t)g->n);
        if (g->start[u] == g->start[u + 1])
            continue;
        int32_t e = g->start[u] + (int32_t)hcb__rng_below(rng, (uint32_t)(g->start[u + 1] - g->start[u]));
        int32_t a = plan->zone[u], b = plan->zone[g->to[e]];
        if (a == b || plan->p->parts[a] != 1 || plan->p->parts[b] != 1 || !hcb__recombine(r, plan, rng, a, b))
            continue;
        hcb__map_keep(plan);
        return;
    }
}

typedef struct work {
    hcb__map_plan *plan;
    hcb__recombiner *recombiner;
    hcb__ensemble_tell tell; /* NULL: none */
    void *payload;
    uint64_t *hash; /* [maps] */
    double *series; /* [n_levels][maps] */
} work;

static bool sample(hcb__map_ensemble *o, work *w, const int32_t *zone, int32_t thin, uint64_t seed,
                   hcb__budget *budget) {
    int64_t each = o->maps / HCB__MAP_CHAINS;
    for (int32_t chain = 0; chain < HCB__MAP_CHAINS; chain++) {
        hcb__rng rng;
        hcb__rng_seed(&rng, seed, 1000 + (uint64_t)chain);
        hcb__map_plan_set(w->plan, zone);
        /* The first tenth leads away from where all chains begin. */
        for (int64_t i = -each / 10; i < each; i++) {
            if (hcb__budget_interrupted(budget))
                return false;
            for (int32_t t = 0; t < thin; t++)
                step(w->plan, w->recombiner, &rng);
            if (i < 0)
                continue;
            int64_t at = chain * each + i;
            if (w->tell)
                w->tell(at, o->maps, w->payload);
            w->hash[at] = hash_of(w->plan->zone, w->plan->p->graph->n);
            for (int32_t l = 0; l < o->n_levels; l++) {
                o->values[l * o->maps + at] = w->plan->value[l];
                w->series[l * o->maps + at] = (double)w->plan->value[l];
            }
        }
    }
    return true;
}

static void sum_up(hcb__map_ensemble *o, work *w) {
    qsort(w->hash, (size_t)o->maps, sizeof *w->hash, compare_hashes);
    for (int64_t i = 0; i < o->maps; i++)
        o->distinct += i == 0 || w->hash[i] != w->hash[i - 1];
    for (int32_t l = 0; l < o->n_levels; l++) {
        mixing(w->series + l * o->maps, HCB__MAP_CHAINS, o->maps / HCB__MAP_CHAINS, &o->rhat[l], &o->ess[l]);
        qsort(o->values + l * o->maps, (size_t)o->maps, sizeof *o->values, compare_values);
        for (int32_t q = 0; q < HCB__QUANTILES; q++)
            o->quantile[l * HCB__QUANTILES + q] = o->values[l * o->maps + q * (o->maps - 1) / (HCB__QUANTILES - 1)];
    }
}

bool hcb__map_ensemble_run(hcb__map_ensemble **out, const hcb_allocator *mem, const hcb__map_problem *p,
                           const int32_t *zone, int64_t maps, int32_t thin, uint64_t seed, hcb__budget *budget,
                           hcb__ensemble_tell tell, void *payload) {
    *out = NULL;
    hcb__map_ensemble *o = hcb__calloc(mem, 1, sizeof *o);
    work w = {.tell = tell, .payload = payload};
    bool ok = o != NULL;
    if (ok) {
        o->mem = *mem;
        o->maps = (maps + HCB__MAP_CHAINS - 1) / HCB__MAP_CHAINS * HCB__MAP_CHAINS;
        o->n_levels = p->n_levels;
        size_t levels = (size_t)o->n_levels, size = (size_t)o->maps;
        o->rhat = hcb__calloc(mem, levels + 1, sizeof *o->rhat);
        o->ess = hcb__calloc(mem, levels + 1, sizeof *o->ess);
        o->quantile = hcb__calloc(mem, levels * HCB__QUANTILES + 1, sizeof *o->quantile);
        o->values = hcb__calloc(mem, levels * size + 1, sizeof *o->values);
        w.series = hcb__calloc(mem, levels * size + 1, sizeof *w.series);
        w.hash = hcb__calloc(mem, size + 1, sizeof *w.hash);
        ok = o->rhat && o->ess && o->quantile && o->values && w.series && w.hash &&
             hcb__map_plan_create(&w.plan, mem, p, zone) && hcb__recombiner_create(&w.recombiner, mem, p);
    }
    bool whole = ok && sample(o, &w, zone, thin, seed, budget);
    if (whole)
        sum_up(o, &w);
    hcb__free(mem, w.series);
    hcb__free(mem, w.hash);
    hcb__recombiner_free(w.recombiner);
    hcb__map_plan_free(w.plan);
    if (whole)
        *out = o;
    else
        hcb__map_ensemble_free(o);
    return ok;
}

void hcb__map_ensemble_free(hcb__map_ensemble *o) {
    if (!o)
        return;
    hcb_allocator mem = o->mem;
    hcb__free(&mem, o->rhat);
    hcb__free(&mem, o->ess);
    hcb__free(&mem, o->quantile);
    hcb__free(&mem, o->values);
    hcb__free(&mem, o);
}
