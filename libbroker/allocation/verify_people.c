/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verifier's reading of packages, placements and visits. */
#include <stdlib.h>
#include <string.h>

#include "allocation/verify_data.h"

enum {
    ID,
    POSTCODE,
    LAT,
    LON,
    EASTING,
    NORTHING,
    ZONE,
    BAND,
    HOURS,
    PER_WEEK,
    CARERS,
    SHORT,
    PRIORITY,
    RECEIVED,
    START,
    END,
    NEEDS,
    GENDER,
    GENDER_HARD,
    LANGUAGE,
    LANGUAGE_HARD,
    PROVIDER,
    EXCLUDED,
    PINNED,
    N
};

/* Fills the record from a row; false when it is not to be kept. */
static bool read_record(hcb__vf *vf, hcb__csv *csv, bool placement, hcb__vf_package *p) {
    const char *text;
    size_t len;
    int64_t number;
    int32_t postcode, area = HCB__VF_NONE;
    *p = (hcb__vf_package){.zone = HCB__VF_NONE,
                           .band = HCB__VF_NONE,
                           .priority = 3,
                           .received = HCB__NO_DATE,
                           .start = HCB__NO_DATE,
                           .end = HCB__NO_DATE,
                           .provider = HCB__VF_NONE,
                           .pinned = HCB__VF_NONE,
                           .gender_hard = true,
                           .weekly_minutes = HCB__VF_NONE,
                           .per_week = HCB__VF_NONE,
                           .carers = 1};
    if (hcb__csv_id(csv, ID, &text, &len) != HCB__CELL_OK)
        return false;
    p->id = hcb__vf_keep(vf, text, len);
    (void)hcb__csv_date(csv, END, &p->end);
    if (p->end != HCB__NO_DATE && p->end < vf->as_of) {
        hcb__where where = hcb__csv_where(csv, END);
        if (!placement)
            hcb__diag_left_out(vf->ctx, &where, "package \"%s\" ended before the day of the run", p->id);
        return false;
    }
    if (!hcb__vf_place(vf, csv, POSTCODE, &p->at, &postcode))
        return false;
    if ((text = hcb__csv_text(csv, ZONE, &len)) != NULL)
        p->zone = hcb__idmap_get(&vf->zone_ids, text, len);
    (void)hcb__csv_word(csv, BAND, hcb__vf_bands, HCB__VF_BANDS, &p->band);
    if (postcode >= 0 && (text = vf->postcodes.at[postcode].area_id) != NULL)
        area = hcb__idmap_get(&vf->area_ids, text, strlen(text));
    hcb__vf_locate(vf, p->at, area, &p->zone, &p->band);
    if (p->zone < 0 || p->band < 0) {
        hcb__where where = hcb__csv_where_row(csv);
        hcb__diag_left_out(vf->ctx, &where, "\"%s\" is outside every zone or has no band", p->id);
        return false;
    }
    (void)hcb__csv_hours(csv, HOURS, (int64_t)168 * 60, &p->weekly_minutes);
    (void)hcb__csv_int(csv, PER_WEEK, 1, 700, &p->per_week);
    (void)hcb__csv_int(csv, CARERS, 1, 2, &p->carers);
    (void)hcb__csv_bool(csv, SHORT, &p->short_agreed);
    if (hcb__csv_int(csv, PRIORITY, 1, 5, &number) == HCB__CELL_OK)
        p->priority = (int32_t)number;
    (void)hcb__csv_date(csv, RECEIVED, &p->received);
    (void)hcb__csv_date(csv, START, &p->start);
    p->needs = hcb__vf_set(vf, csv, NEEDS, &p->n_needs);
    (void)hcb__csv_word(csv, GENDER, hcb__vf_genders, 3, &p->gender);
    (void)hcb__csv_bool(csv, GENDER_HARD, &p->gender_hard);
    if ((text = hcb__csv_text(csv, LANGUAGE, &len)) != NULL)
        p->language = hcb__vf_keep(vf, text, len);
    (void)hcb__csv_bool(csv, LANGUAGE_HARD, &p->language_hard);
    p->excluded = hcb__vf_set(vf, csv, EXCLUDED, &p->n_excluded);
    for (int i = 0; i < 2; i++) {
        size_t column = i ? PINNED : PROVIDER;
        int32_t *to = i ? &p->pinned : &p->provider;
        if ((text = hcb__csv_text(csv, column, &len)) != NULL &&
            (*to = hcb__idmap_get(&vf->provider_ids, text, len)) < 0) {
            hcb__where where = hcb__csv_where(csv, column);
            hcb__diag_error(vf->ctx, &where, "\"%s\" is not a provider", text);
            return false;
        }
    }
    if (placement && p->provider < 0) {
        hcb__where where = hcb__csv_where_row(csv);
        hcb__diag_error(vf->ctx, &where, "placement \"%s\" has no provider", p->id);
        return false;
    }
    return !vf->nomem;
}

static int packages_by_id(const void *a, const void *b) {
    return hcb__compare_ids(((const hcb__vf_package *)a)->id, ((const hcb__vf_package *)b)->id);
}

bool hcb__vf_read_packages(hcb__vf *vf, const char *path, const char *shown, bool placements) {
    hcb__csv_column columns[N] = {{"package_id", true},
                                  {"postcode", false},
                                  {"lat", false},
                                  {"lon", false},
                                  {"easting", false},
                                  {"northing", false},
                                  {"zone_id", false},
                                  {"band", false},
                                  {"weekly_hours", false},
                                  {"visits_per_week", false},
                                  {"carers", false},
                                  {"short_visit_agreed", false},
                                  {"priority", false},
                                  {"received", false},
                                  {"start", false},
                                  {"end", false},
                                  {"needs", false},
                                  {"gender", false},
                                  {"gender_hard", false},
                                  {"language", false},
                                  {"language_hard", false},
                                  {placements ? "provider_id" : "current_provider", placements},
                                  {"excluded_providers", false},
                                  {"pinned_provider", false}};
    hcb__csv *csv;
    if (hcb__vf_open(&csv, vf, path, shown, placements ? "placements" : "packages", columns, N) != HCB_OK)
        return false;
    while (!vf->nomem && hcb__csv_next(csv)) {
        hcb__vf_package p;
        if (!read_record(vf, csv, placements, &p))
            continue;
        if (placements)
            vf->nomem |= !HCB__PUSH(&vf->ctx->mem, &vf->placements, p);
        else
            vf->nomem |= !HCB__PUSH(&vf->ctx->mem, &vf->queue, p);
    }
    hcb__csv_close(csv);
    if (vf->nomem)
        return false;
    hcb__vf_package *at = placements ? vf->placements.at : vf->queue.at;
    size_t count = placements ? vf->placements.count : vf->queue.count;
    if (count)
        qsort(at, count, sizeof *at, packages_by_id);
    /* One table for both: the queue's index, or behind it that of a placement. */
    for (size_t i = 0; i < count; i++)
        if (hcb__idmap_get(&vf->package_ids, at[i].id, strlen(at[i].id)) < 0)
            vf->nomem |= !hcb__idmap_put(&vf->package_ids, at[i].id, (int32_t)(i + (placements ? vf->queue.count : 0)));
    return !vf->nomem;
}

static hcb__vf_package *package_at(hcb__vf *vf, int32_t i) {
    return (size_t)i < vf->queue.count ? &vf->queue.at[i] : &vf->placements.at[(size_t)i - vf->queue.count];
}

/* `M-W-F--` or seven of 0 and 1. */
static bool parse_days(const char *text, size_t len, char days[8]) {
    if (len != 7)
        return false;
    for (int d = 0; d < 7; d++)
        days[d] = text[d] == '-' || text[d] == '0' ? '0' : '1';
    days[7] = '\0';
    return true;
}

static int visits_in_order(const void *a, const void *b) {
    const hcb__vf_visit *x = a, *y = b;
    int days = strcmp(x->days, y->days);
    return x->package != y->package   ? (x->package < y->package ? -1 : 1)
           : days                     ? days
           : x->start != y->start     ? x->start - y->start
           : x->end != y->end         ? x->end - y->end
           : x->minutes != y->minutes ? x->minutes - y->minutes
           : x->carers != y->carers   ? x->carers - y->carers
                                      : (int)x->critical - (int)y->critical;
}

bool hcb__vf_read_visits(hcb__vf *vf, const char *path, const char *shown) {
    enum { V_ID, V_DAYS, V_START, V_END, V_MINUTES, V_CARERS, V_CRITICAL, V_N };
    static const hcb__csv_column columns[V_N] = {{"package_id", true},    {"days", true},    {"start", true},
                                                 {"end", true},           {"minutes", true}, {"carers", false},
                                                 {"time_critical", false}};
    hcb__csv *csv;
    if (hcb__vf_open(&csv, vf, path, shown, "visits", columns, V_N) != HCB_OK)
        return false;
    while (!vf->nomem && hcb__csv_next(csv)) {
        hcb__vf_visit v = {0};
        size_t len;
        int64_t minutes, carers;
        const char *id = hcb__csv_text(csv, V_ID, &len), *days;
        /* Rows of packages that are left out or no longer in force have no one to belong to. */
        if (!id || (v.package = hcb__idmap_get(&vf->package_ids, id, len)) < 0)
            continue;
        days = hcb__csv_text(csv, V_DAYS, &len);
        if (!days || !parse_days(days, len, v.days) || hcb__csv_time(csv, V_START, false, &v.start) != HCB__CELL_OK ||
            hcb__csv_time(csv, V_END, true, &v.end) != HCB__CELL_OK ||
            hcb__csv_int(csv, V_MINUTES, 1, 1440, &minutes) != HCB__CELL_OK)
            continue;
        carers = package_at(vf, v.package)->carers;
        (void)hcb__csv_int(csv, V_CARERS, 1, 2, &carers);
        (void)hcb__csv_bool(csv, V_CRITICAL, &v.critical);
        v.minutes = (int32_t)minutes;
        v.carers = (int32_t)carers;
        vf->nomem |= !HCB__PUSH(&vf->ctx->mem, &vf->visits, v);
    }
    hcb__csv_close(csv);
    if (vf->nomem)
        return false;
    if (vf->visits.count)
        qsort(vf->visits.at, vf->visits.count, sizeof *vf->visits.at, visits_in_order);
    for (size_t i = 0; i < vf->visits.count; i++) {
        hcb__vf_package *p = package_at(vf, vf->visits.at[i].package);
        if (!p->n_visits++)
            p->visits = &vf->visits.at[i];
    }
    return true;
}

bool hcb__vf_make_visits(hcb__vf *vf, hcb__vf_package *p) {
    /* In the order of a day: morning, lunch, tea, bed; and in the order in which a day's slots fill. */
    static const int32_t opens[] = {420, 690, 960, 1140}, closes[] = {600, 840, 1110, 1320};
    static const int fills[] = {0, 3, 1, 2};
    int64_t total = p->weekly_minutes, n = p->per_week >= 0 ? p->per_week : (total + 29) / 30;
    if (total <= 0 || n <= 0 || n > total)
        return true;
    p->visits = hcb__vf_new(vf, (size_t)n, sizeof *p->visits);
    if (!p->visits)
        return false;
    int64_t longer = total % n;
    for (int day = 0; day < 7; day++) {
        int64_t today = n / 7 + (day < n % 7), in_slot[4] = {0};
        for (int64_t i = 0; i < today; i++)
            in_slot[fills[i % 4]]++;
        for (int slot = 0; slot < 4; slot++)
            for (int64_t i = 0; i < in_slot[slot]; i++) {
                hcb__vf_visit *v = &p->visits[p->n_visits++];
                *v = (hcb__vf_visit){.days = "0000000",
                                     .start = opens[slot],
                                     .end = closes[slot],
                                     .minutes = (int32_t)(total / n),
                                     .carers = (int32_t)p->carers};
                v->days[day] = '1';
                if (longer > 0) {
                    longer--;
                    v->minutes++;
                }
                if (v->start + v->minutes > v->end)
                    v->end = v->start + v->minutes > 1440 ? 1440 : v->start + v->minutes;
            }
    }
    qsort(p->visits, p->n_visits, sizeof *p->visits, visits_in_order);
    return true;
}

static int block_of(const hcb__vf_policy *policy, int32_t start) {
    for (int b = HCB__VF_BLOCKS - 1; b >= 0; b--)
        if (start >= policy->blocks[b])
            return b;
    return HCB__VF_BLOCKS - 1; /* after midnight: still bed */
}

static void add_up(const hcb__vf *vf, hcb__vf_package *p) {
    for (size_t i = 0; i < p->n_visits; i++) {
        const hcb__vf_visit *v = &p->visits[i];
        int64_t days = 0;
        for (int d = 0; d < 7; d++)
            days += v->days[d] == '1';
        int block = block_of(&vf->policy, v->start);
        p->carer_minutes += days * v->minutes * v->carers;
        p->carer_visits += days * v->carers;
        p->block_minutes[block] += days * v->minutes * v->carers;
        p->block_visits[block] += days * v->carers;
        p->shortest = i == 0 || v->minutes < p->shortest ? v->minutes : p->shortest;
        p->longest = v->minutes > p->longest ? v->minutes : p->longest;
        p->most_carers = v->carers > p->most_carers ? v->carers : p->most_carers;
    }
}

bool hcb__vf_finish(hcb__vf *vf) {
    size_t n = vf->queue.count + vf->placements.count;
    for (size_t i = 0; i < n; i++) {
        hcb__vf_package *p = package_at(vf, (int32_t)i);
        if (!p->n_visits && !hcb__vf_make_visits(vf, p))
            return false;
        add_up(vf, p);
    }
    for (size_t i = 0; i < vf->placements.count; i++)
        if (vf->placements.at[i].provider >= 0)
            vf->providers.at[vf->placements.at[i].provider].n_served++;
    for (size_t k = 0; k < vf->providers.count; k++) {
        hcb__vf_provider *provider = &vf->providers.at[k];
        provider->served = hcb__vf_new(vf, provider->n_served, sizeof *provider->served);
        provider->n_served = 0;
    }
    for (size_t i = 0; i < vf->placements.count && !vf->nomem; i++)
        if (vf->placements.at[i].provider >= 0) {
            hcb__vf_provider *provider = &vf->providers.at[vf->placements.at[i].provider];
            provider->served[provider->n_served++] = (int32_t)i;
        }
    return !vf->nomem;
}
