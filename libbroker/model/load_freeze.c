/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From rows as read to the frozen lists of the model. */
#include <stdlib.h>
#include <string.h>

#include "model/load.h"
#include "model/visits.h"

static bool used(const hcb__package_row *r) {
    return !r->bad && !r->left_out;
}

static void *array(hcb__loader *l, size_t count, size_t size) {
    return hcb__arena_alloc(&l->model->arena, count, size);
}

/* Rows of visits by package: [start[i], start[i + 1]) are those of row i. */
static hcb_status group_visits(hcb__loader *l, hcb__visit **visits, int32_t **start) {
    size_t n = l->packages.count;
    *start = hcb__calloc(&l->ctx->mem, n + 1, sizeof **start);
    *visits = hcb__calloc(&l->ctx->mem, l->visits.count, sizeof **visits);
    if (!*start || !*visits)
        return hcb__nomem(l->ctx);
    for (size_t i = 0; i < l->visits.count; i++)
        (*start)[l->visits.at[i].package]++;
    int32_t sum = 0;
    for (size_t i = 0; i <= n; i++) {
        sum += (*start)[i];
        (*start)[i] = sum;
    }
    for (size_t i = l->visits.count; i-- > 0;)
        (*visits)[--(*start)[l->visits.at[i].package]] = l->visits.at[i].v;
    return HCB_OK;
}

/* Minutes and visits from the totals of a package without visits. */
static int32_t totals_of(hcb__loader *l, hcb__package_row *r, hcb__file_kind kind) {
    hcb__where where = hcb__spot_where(l, kind, &r->hours);
    int64_t minutes = r->weekly_minutes, n = r->visits_per_week;
    size_t before = l->ctx->diag_errors;
    if (minutes < 0) {
        if (l->visits_known)
            hcb__diag_error(l->ctx, &where, "\"%s\" has no weekly_hours and no rows of visits; one of them is needed",
                            r->p.id);
    } else if (n > minutes) {
        hcb__diag_error(l->ctx, &where, "%lld visits cannot share %lld minutes", (long long)n, (long long)minutes);
    } else if (n > 0 && minutes > n * 1440) {
        hcb__diag_error(l->ctx, &where, "%lld minutes in %lld visits a week are more than 24 hours each",
                        (long long)minutes, (long long)n);
    }
    if (minutes < 0 || l->ctx->diag_errors > before) {
        r->bad = true;
        return 0;
    }
    return n > 0 ? (int32_t)n : hcb__visits_count(minutes);
}

static void hold_against_totals(hcb__loader *l, hcb__package_row *r, hcb__file_kind kind, const hcb__visit *visits,
                                int32_t n) {
    int64_t contact = 0;
    for (int32_t i = 0; i < n; i++)
        contact += (int64_t)visits[i].minutes * hcb__visit_days(&visits[i]);
    if (contact > HCB__MOST_WEEKLY_MINUTES) {
        hcb__where where = hcb__spot_where(l, kind, &r->row);
        hcb__diag_error(l->ctx, &where, "the visits of \"%s\" add up to %lld minutes, more than the %d of a week",
                        r->p.id, (long long)contact, HCB__MOST_WEEKLY_MINUTES);
        r->bad = true;
        return;
    }
    int64_t apart = contact - r->weekly_minutes;
    if (r->weekly_minutes >= 0 && l->visits_known && (apart > 1 || apart < -1)) {
        hcb__where where = hcb__spot_where(l, kind, &r->hours);
        hcb__diag_warning(l->ctx, &where, "weekly_hours are %lld minutes and the visits %lld; the visits win",
                          (long long)r->weekly_minutes, (long long)contact);
    }
}

static hcb__file_kind file_of(const hcb__package_row *r) {
    return r->p.placed ? HCB__FILE_PLACEMENTS : HCB__FILE_PACKAGES;
}

/* n_visits of every row: given ones, or those to be made. Returns their sum over the rows that are used. */
static int64_t count_visits(hcb__loader *l, const hcb__visit *visits, const int32_t *start) {
    int64_t sum = 0;
    for (size_t i = 0; i < l->packages.count; i++) {
        hcb__package_row *r = &l->packages.at[i];
        int32_t given = start[i + 1] - start[i];
        if (!used(r))
            continue;
        if (given > 0)
            hold_against_totals(l, r, file_of(r), visits + start[i], given);
        r->p.n_visits = given > 0 ? given : totals_of(l, r, file_of(r));
        if (used(r))
            sum += r->p.n_visits;
    }
    return sum;
}

static int by_queue_and_id(const void *a, const void *b) {
    const hcb__package_row *x = *(hcb__package_row *const *)a, *y = *(hcb__package_row *const *)b;
    if (x->p.placed != y->p.placed)
        return x->p.placed ? 1 : -1;
    return hcb__compare_ids(x->p.id, y->p.id);
}

/* Those that are used, in order. */
static hcb_status order_packages(hcb__loader *l, hcb__package_row ***out) {
    size_t n = 0;
    *out = hcb__calloc(&l->ctx->mem, l->packages.count, sizeof **out);
    if (!*out)
        return hcb__nomem(l->ctx);
    for (size_t i = 0; i < l->packages.count; i++) {
        hcb__package_row *r = &l->packages.at[i];
        l->model->n_left_out += r->left_out && !r->bad;
        if (!used(r))
            continue;
        (*out)[n++] = r;
        if (r->p.placed)
            l->model->n_placements++;
        else
            l->model->n_packages++;
    }
    if (n)
        qsort(*out, n, sizeof **out, by_queue_and_id);
    return HCB_OK;
}

static hcb_status fill_packages(hcb__loader *l, hcb__package_row *const *order, const hcb__visit *visits,
                                const int32_t *start, int64_t n_visits) {
    hcb__model *m = l->model;
    int32_t n = m->n_packages + m->n_placements, at = 0;
    if (n_visits > INT32_MAX)
        return hcb__fail(l->ctx, HCB_ELIMIT, "%lld visits are more than this program can number", (long long)n_visits);
    m->packages = array(l, (size_t)n, sizeof *m->packages);
    m->visits = array(l, (size_t)n_visits, sizeof *m->visits);
    if (!m->packages || !m->visits)
        return hcb__nomem(l->ctx);
    m->n_visits = (int32_t)n_visits;
    for (int32_t q = 0; q < n; q++) {
        const hcb__package_row *r = order[q];
        size_t row = (size_t)(r - l->packages.at);
        hcb__package *p = &m->packages[q];
        *p = r->p;
        p->first_visit = at;
        if (start[row + 1] > start[row])
            memcpy(m->visits + at, visits + start[row], (size_t)p->n_visits * sizeof *visits);
        else
            hcb__visits_make(m->visits + at, r->weekly_minutes, p->n_visits, r->carers);
        hcb__visits_sort(m->visits + at, (size_t)p->n_visits);
        hcb__visits_sum(p, m->visits + at, m->policy->block_start);
        at += p->n_visits;
        if (!hcb__idmap_put(&m->package_of_id, p->id, q))
            return hcb__nomem(l->ctx);
    }
    return HCB_OK;
}

static hcb_status freeze_packages(hcb__loader *l) {
    hcb__visit *visits = NULL;
    int32_t *start = NULL;
    hcb__package_row **order = NULL;
    int64_t n_visits = 0;
    hcb_status status = group_visits(l, &visits, &start);
    if (status == HCB_OK) {
        n_visits = count_visits(l, visits, start);
        status = order_packages(l, &order);
    }
    if (status == HCB_OK)
        status = fill_packages(l, order, visits, start, n_visits);
    hcb__free(&l->ctx->mem, visits);
    hcb__free(&l->ctx->mem, start);
    hcb__free(&l->ctx->mem, order);
    return status;
}

static int by_text(const void *a, const void *b) {
    return hcb__compare_ids(*(char *const *)a, *(char *const *)b);
}

static int by_number(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void sort_numbers(int32_t *at, int32_t n) {
    if (n > 1)
        qsort(at, (size_t)n, sizeof *at, by_number);
}

static int32_t *renumbered(hcb__loader *l, const hcb__int_list *list, const int32_t *number) {
    int32_t *out = array(l, list->count, sizeof *out);
    for (size_t i = 0; out && i < list->count; i++)
        out[i] = number ? number[list->at[i]] : list->at[i];
    return out;
}

/* Capabilities get numbers in the order of their names, and every list of them ascends. */
static hcb_status freeze_capabilities(hcb__loader *l) {
    hcb__model *m = l->model;
    size_t n = l->capabilities.count;
    int32_t *number = array(l, n, sizeof *number);
    m->capabilities = array(l, n, sizeof *m->capabilities);
    if (!number || !m->capabilities)
        return hcb__nomem(l->ctx);
    m->n_capabilities = (int32_t)n;
    m->female = m->male = m->double_handed = -1;
    if (n) {
        memcpy(m->capabilities, l->capabilities.at, n * sizeof *m->capabilities);
        qsort(m->capabilities, n, sizeof *m->capabilities, by_text);
    }
    for (size_t i = 0; i < n; i++) {
        const char *name = m->capabilities[i];
        number[hcb__idmap_get(&l->capability_of_name, name, strlen(name))] = (int32_t)i;
        if (strcmp(name, "carer:female") == 0)
            m->female = (int32_t)i;
        if (strcmp(name, "carer:male") == 0)
            m->male = (int32_t)i;
        if (strcmp(name, "double_handed") == 0)
            m->double_handed = (int32_t)i;
    }
    m->needs = renumbered(l, &l->needs, number);
    m->capabilities_of = renumbered(l, &l->capabilities_of, number);
    m->excluded = renumbered(l, &l->excluded, NULL);
    if (!m->needs || !m->capabilities_of || !m->excluded)
        return hcb__nomem(l->ctx);
    for (int32_t q = 0; q < m->n_packages + m->n_placements; q++) {
        hcb__package *p = &m->packages[q];
        if (p->language >= 0)
            p->language = number[p->language];
        sort_numbers(m->needs + p->first_need, p->n_needs);
        sort_numbers(m->excluded + p->first_excluded, p->n_excluded);
    }
    for (int32_t k = 0; k < m->n_providers; k++)
        sort_numbers(m->capabilities_of + m->providers[k].first_capability, m->providers[k].n_capabilities);
    return HCB_OK;
}

static hcb_status freeze_providers(hcb__loader *l) {
    hcb__model *m = l->model;
    m->providers = array(l, l->providers.count, sizeof *m->providers);
    m->coverage = array(l, l->coverage.count, sizeof *m->coverage);
    if (!m->providers || !m->coverage)
        return hcb__nomem(l->ctx);
    m->n_providers = (int32_t)l->providers.count;
    m->n_coverage = (int32_t)l->coverage.count;
    for (int32_t k = 0; k < m->n_providers; k++)
        m->providers[k] = l->providers.at[k].p;
    for (int32_t i = 0; i < m->n_coverage; i++) {
        m->coverage[i] = l->coverage.at[i].c;
        hcb__provider *k = &m->providers[m->coverage[i].provider];
        if (k->n_coverage++ == 0)
            k->first_coverage = i;
    }
    return HCB_OK;
}

hcb_status hcb__load_freeze(hcb__loader *l) {
    hcb_status status = freeze_providers(l);
    if (status == HCB_OK)
        status = freeze_packages(l);
    return status == HCB_OK ? freeze_capabilities(l) : status;
}
