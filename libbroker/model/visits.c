/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/visits.h"

#include <stdlib.h>

enum { DAYS = 7, MIDNIGHT = 24 * 60 };

/* Windows of made visits: morning, lunch, tea, bed. */
static const int16_t slot_start[HCB__BLOCKS] = {7 * 60, 11 * 60 + 30, 16 * 60, 19 * 60};
static const int16_t slot_end[HCB__BLOCKS] = {10 * 60, 14 * 60, 18 * 60 + 30, 22 * 60};
/* A day's first visit is in the morning, its second at bedtime, and so on. */
static const int slot_sequence[HCB__BLOCKS] = {0, 3, 1, 2};

int32_t hcb__visits_count(int64_t minutes) {
    return (int32_t)((minutes + HCB__MADE_VISIT - 1) / HCB__MADE_VISIT);
}

static hcb__visit made(int day, int slot, int64_t minutes, int32_t carers) {
    hcb__visit v = {.days = (uint8_t)(1 << day), .carers = (uint8_t)carers, .minutes = (int32_t)minutes};
    v.start = slot_start[slot];
    v.end = slot_end[slot];
    if (minutes > v.end - v.start)
        v.end = (int16_t)(v.start + minutes < MIDNIGHT ? v.start + minutes : MIDNIGHT);
    return v;
}

void hcb__visits_make(hcb__visit *out, int64_t minutes, int32_t n, int32_t carers) {
    int64_t each = minutes / n, longer = minutes % n;
    int32_t done = 0;
    for (int day = 0; day < DAYS; day++) {
        int32_t today = n / DAYS + (day < n % DAYS), in_slot[HCB__BLOCKS] = {0};
        for (int32_t i = 0; i < today; i++)
            in_slot[slot_sequence[i % HCB__BLOCKS]]++;
        for (int slot = 0; slot < HCB__BLOCKS; slot++)
            for (int32_t i = 0; i < in_slot[slot]; i++, done++)
                out[done] = made(day, slot, each + (done < longer), carers);
    }
}

/* The days as a text of 0 and 1 from Monday orders as this number does. */
static int monday_first(uint8_t days) {
    int number = 0;
    for (int d = 0; d < DAYS; d++)
        number = number * 2 + (days >> d & 1);
    return number;
}

static int by_fields(const void *a, const void *b) {
    const hcb__visit *x = a, *y = b;
    const int left[] = {monday_first(x->days), x->start, x->end, x->minutes, x->carers, x->time_critical};
    const int right[] = {monday_first(y->days), y->start, y->end, y->minutes, y->carers, y->time_critical};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

void hcb__visits_sort(hcb__visit *visits, size_t n) {
    if (n > 1)
        qsort(visits, n, sizeof *visits, by_fields);
}

int32_t hcb__visit_days(const hcb__visit *visit) {
    int32_t n = 0;
    for (int d = 0; d < DAYS; d++)
        n += visit->days >> d & 1;
    return n;
}

/* Before the first block's start it is still the night of the last one. */
static int block_of(int32_t minute, const int32_t block_start[HCB__BLOCKS]) {
    int block = HCB__BLOCKS - 1;
    for (int b = 0; b < HCB__BLOCKS; b++)
        if (minute >= block_start[b])
            block = b;
    return block;
}

void hcb__visits_sum(hcb__package *package, hcb__visit *visits, const int32_t block_start[HCB__BLOCKS]) {
    package->contact_minutes = package->carer_minutes = package->visits_week = package->carer_visits = 0;
    package->shortest_visit = INT32_MAX;
    package->longest_visit = package->most_carers = 0;
    for (int b = 0; b < HCB__BLOCKS; b++)
        package->block_minutes[b] = package->block_carer_visits[b] = 0;
    for (int32_t i = 0; i < package->n_visits; i++) {
        hcb__visit *v = &visits[i];
        int64_t days = hcb__visit_days(v);
        v->block = (uint8_t)block_of(v->start, block_start);
        package->contact_minutes += days * v->minutes;
        package->carer_minutes += days * v->minutes * v->carers;
        package->visits_week += days;
        package->carer_visits += days * v->carers;
        package->block_minutes[v->block] += days * v->minutes * v->carers;
        package->block_carer_visits[v->block] += days * v->carers;
        if (v->minutes < package->shortest_visit)
            package->shortest_visit = v->minutes;
        if (v->minutes > package->longest_visit)
            package->longest_visit = v->minutes;
        if (v->carers > package->most_carers)
            package->most_carers = v->carers;
    }
}
