/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/validate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arith.h"

/* Half of 64 bits, so that a value and a change of it can still be added. */
static const int64_t SAFE = (int64_t)1 << 61;

static hcb_status refuse(char message[256], hcb_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static hcb_status refuse(char message[256], hcb_status status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(message, 256, format, args);
    va_end(args);
    return status;
}

static hcb_status check_counts(const hcb__engine_problem *p, char message[256]) {
    if (p->n_items < 0 || p->n_bins < 0 || p->n_rows < 0 || p->n_levels < 0 || p->n_terms < 0)
        return refuse(message, HCB_EINVAL, "a count is negative");
    if (p->n_levels < 1 || !p->levels)
        return refuse(message, HCB_EINVAL, "there are no levels");
    if (!p->pair_start || !p->use_start || (p->n_rows && (!p->row_limit || !p->row_bin)))
        return refuse(message, HCB_EINVAL, "an array is missing");
    if (p->n_terms && (!p->term_constant || !p->term_use_start))
        return refuse(message, HCB_EINVAL, "the terms' arrays are missing");
    return HCB_OK;
}

static hcb_status check_pairs(const hcb__engine_problem *p, char message[256]) {
    if (p->pair_start[0] != 0 || p->use_start[0] != 0)
        return refuse(message, HCB_EINVAL, "pair_start and use_start must begin with 0");
    for (int32_t i = 0; i < p->n_items; i++)
        if (p->pair_start[i + 1] < p->pair_start[i])
            return refuse(message, HCB_EINVAL, "pair_start goes down at item %" PRId32, i);
    int64_t n_pairs = p->pair_start[p->n_items];
    if (n_pairs > INT32_MAX - p->n_items - 16)
        return refuse(message, HCB_ELIMIT, "%" PRId64 " pairs are more than an index can hold", n_pairs);
    if (n_pairs && !p->pair_bin)
        return refuse(message, HCB_EINVAL, "an array is missing");
    for (int32_t i = 0; i < p->n_items; i++)
        for (int64_t k = p->pair_start[i]; k < p->pair_start[i + 1]; k++) {
            if (p->pair_bin[k] < 0 || p->pair_bin[k] >= p->n_bins)
                return refuse(message, HCB_EINVAL, "pair %" PRId64 ": bin %" PRId32 " is not one of %" PRId32, k,
                              p->pair_bin[k], p->n_bins);
            if (k > p->pair_start[i] && p->pair_bin[k] <= p->pair_bin[k - 1])
                return refuse(message, HCB_EINVAL, "item %" PRId32 ": bins do not ascend", i);
        }
    return HCB_OK;
}

static hcb_status check_uses(const hcb__engine_problem *p, char message[256]) {
    int64_t n_pairs = p->pair_start[p->n_items];
    for (int64_t k = 0; k < n_pairs; k++) {
        if (p->use_start[k + 1] < p->use_start[k])
            return refuse(message, HCB_EINVAL, "use_start goes down at pair %" PRId64, k);
        for (int64_t u = p->use_start[k]; u < p->use_start[k + 1]; u++) {
            int32_t r = p->use_row[u];
            if (r < 0 || r >= p->n_rows || p->use_weight[u] == 0)
                return refuse(message, HCB_EINVAL, "pair %" PRId64 ": use of row %" PRId32 " is out of range or zero",
                              k, r);
            if (u > p->use_start[k] && r <= p->use_row[u - 1])
                return refuse(message, HCB_EINVAL, "pair %" PRId64 ": rows do not ascend", k);
            if (p->row_bin[r] >= 0 && (p->row_bin[r] != p->pair_bin[k] || p->use_weight[u] < 0))
                return refuse(message, HCB_EINVAL,
                              "row %" PRId32 " of bin %" PRId32 " is used wrongly by pair %" PRId64, r, p->row_bin[r],
                              k);
        }
    }
    int64_t n_uses = p->use_start[n_pairs];
    if (p->n_terms) {
        for (int64_t k = 0; k < n_pairs; k++)
            for (int64_t u = p->term_use_start[k]; u < p->term_use_start[k + 1]; u++)
                if (p->term_use_term[u] < 0 || p->term_use_term[u] >= p->n_terms ||
                    (u > p->term_use_start[k] && p->term_use_term[u] <= p->term_use_term[u - 1]))
                    return refuse(message, HCB_EINVAL, "pair %" PRId64 ": a term is out of range or not ascending", k);
        n_uses += p->term_use_start[n_pairs];
    }
    if (n_uses + (n_pairs + p->n_items) * p->n_levels > INT32_MAX - 16)
        return refuse(message, HCB_ELIMIT, "the uses of rows are more than an index can hold");
    return HCB_OK;
}

/* Adds |value| to *sum; false when the sum is no longer safe. */
static bool grow(int64_t *sum, int64_t value) {
    return value > -SAFE && value < SAFE && hcb__add(*sum, llabs(value), sum) && *sum < SAFE;
}

static hcb_status check_level(const hcb__engine_problem *p, int32_t j, char message[256]) {
    const hcb__engine_level *level = &p->levels[j];
    const char *name = level->name ? level->name : "?";
    if (level->kind != HCB__LEVEL_SUM && level->kind != HCB__LEVEL_MAX)
        return refuse(message, HCB_EINVAL, "level %s: unknown kind %" PRId32, name, level->kind);
    if (level->tolerance < 0 || level->tolerance_ppm < 0 || level->tolerance_ppm > 1000000000)
        return refuse(message, HCB_EINVAL, "level %s: the tolerance is out of range", name);
    if (level->kind == HCB__LEVEL_MAX &&
        (level->first_term < 0 || level->n_terms < 1 || level->first_term > p->n_terms - level->n_terms))
        return refuse(message, HCB_EINVAL, "level %s: its terms are not among the %" PRId32 " terms", name, p->n_terms);
    for (int32_t k = 0; level->kind == HCB__LEVEL_MAX && k < j; k++)
        if (p->levels[k].kind == HCB__LEVEL_MAX && p->levels[k].first_term < level->first_term + level->n_terms &&
            level->first_term < p->levels[k].first_term + p->levels[k].n_terms)
            return refuse(message, HCB_EINVAL, "level %s shares terms with an earlier level", name);
    int64_t sum = 0;
    bool ok = grow(&sum, level->constant) && grow(&sum, level->tolerance);
    for (int32_t i = 0; ok && i < p->n_items; i++) {
        int64_t wait = level->wait_cost ? level->wait_cost[i] : 0, most = 0;
        if (wait == HCB__MUST_PLACE && j > 0)
            return refuse(message, HCB_EINVAL, "level %s: item %" PRId32 " must be placed; say so in the first level",
                          name, i);
        if (wait != HCB__MUST_PLACE) {
            ok = wait > -SAFE && wait < SAFE;
            most = llabs(ok ? wait : 0);
        }
        for (int64_t k = p->pair_start[i]; ok && level->pair_cost && k < p->pair_start[i + 1]; k++) {
            int64_t c = level->pair_cost[k];
            ok = c > -SAFE && c < SAFE;
            if (ok && llabs(c) > most)
                most = llabs(c);
        }
        ok = ok && grow(&sum, most);
    }
    return ok ? HCB_OK : refuse(message, HCB_ELIMIT, "level %s: its costs could add up past 2^61", name);
}

static hcb_status check_sums(const hcb__engine_problem *p, const hcb_allocator *mem, char message[256]) {
    int64_t *sum = hcb__calloc(mem, (size_t)p->n_rows + (size_t)p->n_terms + 1, sizeof *sum);
    if (!sum)
        return refuse(message, HCB_ENOMEM, "out of memory");
    hcb_status status = HCB_OK;
    for (int32_t r = 0; r < p->n_rows && status == HCB_OK; r++) {
        if (p->row_bin[r] < -1 || p->row_bin[r] >= p->n_bins)
            status = refuse(message, HCB_EINVAL, "row %" PRId32 ": bin %" PRId32 " is not one of %" PRId32, r,
                            p->row_bin[r], p->n_bins);
        else if (!grow(&sum[r], p->row_limit[r]))
            status =
                refuse(message, HCB_ELIMIT, "row %" PRId32 ": the limit %" PRId64 " is past 2^61", r, p->row_limit[r]);
    }
    for (int32_t t = 0; t < p->n_terms && status == HCB_OK; t++)
        if (!grow(&sum[p->n_rows + t], p->term_constant[t]))
            status = refuse(message, HCB_ELIMIT, "term %" PRId32 ": the constant is past 2^61", t);
    int64_t n_pairs = p->pair_start[p->n_items];
    for (int64_t u = 0; u < p->use_start[n_pairs] && status == HCB_OK; u++)
        if (!grow(&sum[p->use_row[u]], p->use_weight[u]))
            status = refuse(message, HCB_ELIMIT, "row %" PRId32 ": its weights could add up past 2^61", p->use_row[u]);
    for (int64_t u = 0; p->n_terms && u < p->term_use_start[n_pairs] && status == HCB_OK; u++)
        if (!grow(&sum[p->n_rows + p->term_use_term[u]], p->term_use_weight[u]))
            status = refuse(message, HCB_ELIMIT, "term %" PRId32 ": its weights could add up past 2^61",
                            p->term_use_term[u]);
    hcb__free(mem, sum);
    return status;
}

/* Loads of the start (or of nobody placed), row by row. */
static hcb_status check_start(const hcb__engine_problem *p, const hcb_allocator *mem, char message[256]) {
    const int64_t *wait = p->levels[0].wait_cost;
    bool must = false;
    for (int32_t i = 0; i < p->n_items && !p->start; i++)
        must = must || (wait && wait[i] == HCB__MUST_PLACE);
    int64_t *load = hcb__calloc(mem, (size_t)p->n_rows + 1, sizeof *load);
    if (!load)
        return refuse(message, HCB_ENOMEM, "out of memory");
    hcb_status status = HCB_OK;
    for (int32_t i = 0; p->start && i < p->n_items && status == HCB_OK; i++) {
        if (p->start[i] == HCB__WAITS && wait && wait[i] == HCB__MUST_PLACE)
            status = refuse(message, HCB_EINVAL, "the start leaves item %" PRId32 " waiting, which must be placed", i);
        int64_t k = p->pair_start[i];
        while (p->start[i] != HCB__WAITS && k < p->pair_start[i + 1] && p->pair_bin[k] != p->start[i])
            k++;
        if (p->start[i] == HCB__WAITS)
            continue;
        if (k == p->pair_start[i + 1])
            status = refuse(message, HCB_EINVAL,
                            "the start puts item %" PRId32 " into bin %" PRId32 ", which is not one of its pairs", i,
                            p->start[i]);
        for (int64_t u = p->use_start[k]; status == HCB_OK && u < p->use_start[k + 1]; u++)
            load[p->use_row[u]] += p->use_weight[u];
    }
    for (int32_t r = 0; r < p->n_rows && status == HCB_OK; r++)
        if (load[r] > p->row_limit[r] && (p->start || !must))
            status = refuse(message, HCB_EINVAL, "the start breaks row %" PRId32 ": load %" PRId64 ", limit %" PRId64,
                            r, load[r], p->row_limit[r]);
        else if (p->row_limit[r] < 0 && !p->start && must)
            status =
                refuse(message, HCB_EINVAL, "row %" PRId32 " has the limit %" PRId64 ": a negative limit needs a start",
                       r, p->row_limit[r]);
    hcb__free(mem, load);
    return status;
}

hcb_status hcb__engine_validate(const hcb__engine_problem *p, const hcb_allocator *mem, char message[256]) {
    hcb_status status = check_counts(p, message);
    if (status == HCB_OK)
        status = check_pairs(p, message);
    if (status == HCB_OK)
        status = check_uses(p, message);
    for (int32_t j = 0; j < p->n_levels && status == HCB_OK; j++)
        status = check_level(p, j, message);
    if (status == HCB_OK)
        status = check_sums(p, mem, message);
    if (status == HCB_OK)
        status = check_start(p, mem, message);
    return status;
}
