/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packages.csv and placements.csv: the same columns, but for who serves the package. */
#include <stdio.h>
#include <string.h>

#include "io/value.h"
#include "model/limits.h"
#include "model/load.h"
#include "model/visits.h"

enum {
    ID,
    PROVIDER,
    POSTCODE,
    LAT,
    LON,
    EASTING,
    NORTHING,
    HOURS,
    VISITS,
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
    EXCLUDED,
    PINNED,
    ZONE,
    BAND,
    COLUMNS
};

/* What both files have after the first two columns. */
#define SHARED                                                                                                         \
    {"postcode", false}, {"lat", false}, {"lon", false}, {"easting", false}, {"northing", false},                      \
        {"weekly_hours", false}, {"visits_per_week", false}, {"carers", false}, {"short_visit_agreed", false},         \
        {"priority", false}, {"received", false}, {"start", false}, {"end", false}, {"needs", false},                  \
        {"gender", false}, {"gender_hard", false}, {"language", false}, {"language_hard", false},                      \
        {"excluded_providers", false}, {"pinned_provider", false}, {"zone_id", false}, {                               \
        "band", false                                                                                                  \
    }

static const hcb__csv_column package_columns[COLUMNS] = {{"package_id", true}, {"current_provider", false}, SHARED};
static const hcb__csv_column placement_columns[COLUMNS] = {{"package_id", true}, {"provider_id", true}, SHARED};
static const hcb__place_columns place_columns = {POSTCODE, LAT, LON, EASTING, NORTHING};

const char *const hcb__gender_words[3] = {"any", "female", "male"};

static const char language_prefix[] = "lang:";
enum { LANGUAGE_MAX = 64 - (sizeof language_prefix - 1) };

static void read_numbers(hcb__loader *l, hcb__csv *csv, hcb__package_row *r) {
    int64_t number;
    if (hcb__csv_hours(csv, HOURS, HCB__MOST_WEEKLY_MINUTES, &r->weekly_minutes) == HCB__CELL_OK &&
        r->weekly_minutes == 0)
        hcb__cell_error(l, csv, HOURS, "0 hours a week; expected more, or a blank cell");
    (void)hcb__csv_int(csv, VISITS, 1, HCB__MOST_VISITS, &r->visits_per_week);
    if (hcb__csv_int(csv, CARERS, 1, 2, &number) == HCB__CELL_OK)
        r->carers = (int32_t)number;
    (void)hcb__csv_bool(csv, SHORT, &r->p.short_visit_agreed);
    if (hcb__csv_int(csv, PRIORITY, 1, 5, &number) == HCB__CELL_OK)
        r->p.priority = (int32_t)number;
}

static void read_dates(hcb__loader *l, hcb__csv *csv, hcb__package *p) {
    if (hcb__csv_date(csv, RECEIVED, &p->received) == HCB__CELL_OK && l->model->as_of != HCB__NO_DATE &&
        p->received > l->model->as_of) {
        hcb__where where = hcb__csv_where(csv, RECEIVED);
        hcb__diag_warning(l->ctx, &where, "this date is after the day of the run");
    }
    hcb__cell start = hcb__csv_date(csv, START, &p->start), end = hcb__csv_date(csv, END, &p->end);
    if (start == HCB__CELL_OK && end == HCB__CELL_OK && p->end < p->start)
        hcb__cell_error(l, csv, END, "the end is before the start");
}

static hcb_status read_language(hcb__loader *l, hcb__csv *csv, hcb__package *p) {
    size_t len;
    const char *code = hcb__csv_text(csv, LANGUAGE, &len);
    char name[sizeof language_prefix + LANGUAGE_MAX];
    if (!code)
        return HCB_OK;
    if (len > LANGUAGE_MAX || !hcb__valid_id(code, len) || strncmp(code, language_prefix, 5) == 0 ||
        memchr(code, ';', len)) {
        hcb__cell_error(l, csv, LANGUAGE, "%s is not a language; expected its code alone, for example gu",
                        hcb__show(code, len).text);
        return HCB_OK;
    }
    int n = snprintf(name, sizeof name, "%s%s", language_prefix, code);
    p->language = hcb__capability(l, name, (size_t)n);
    return p->language < 0 ? hcb__nomem(l->ctx) : HCB_OK;
}

static hcb_status read_wishes(hcb__loader *l, hcb__csv *csv, hcb__package *p, bool *good) {
    (void)hcb__csv_word(csv, GENDER, hcb__gender_words, 3, &p->gender);
    (void)hcb__csv_bool(csv, GENDER_HARD, &p->gender_hard);
    (void)hcb__csv_bool(csv, LANGUAGE_HARD, &p->language_hard);
    hcb_status status = read_language(l, csv, p);
    if (status != HCB_OK)
        return status;
    return hcb__capability_cell(l, csv, NEEDS, &l->needs, &p->first_need, &p->n_needs, good);
}

static hcb_status read_providers(hcb__loader *l, hcb__csv *csv, hcb__package *p, bool *good) {
    size_t len, cursor = 0;
    const char *id;
    hcb__provider_cell(l, csv, PROVIDER, &p->provider, good);
    if (p->placed && !hcb__csv_text(csv, PROVIDER, &len))
        hcb__required(l, csv, PROVIDER, HCB__CELL_EMPTY, "the provider_id of who serves the package", good);
    hcb__provider_cell(l, csv, PINNED, &p->pinned, good);
    p->first_excluded = (int32_t)l->excluded.count;
    bool pinned_too = false;
    while (hcb__csv_list(csv, EXCLUDED, &cursor, &id, &len)) {
        int32_t provider = hcb__provider_named(l, csv, EXCLUDED, id, len, good);
        if (provider < 0)
            continue;
        pinned_too |= provider == p->pinned;
        hcb_status status = hcb__add_once(l, &l->excluded, p->first_excluded, provider);
        if (status != HCB_OK)
            return status;
    }
    p->n_excluded = (int32_t)l->excluded.count - p->first_excluded;
    if (pinned_too)
        hcb__cell_error(l, csv, PINNED, "the provider \"%s\" is both pinned and excluded",
                        l->providers.at[p->pinned].p.id);
    return HCB_OK;
}

/* One record that a run does without; an error where everything must be right. */
static void leave_out(hcb__loader *l, hcb__package_row *r, const hcb__where *where, const char *message) {
    r->left_out = true;
    if (l->strict) {
        hcb__diag_error(l->ctx, where, "%s \"%s\" %s", r->p.placed ? "placement" : "package", r->p.id, message);
        return;
    }
    hcb__diag_left_out(l->ctx, where, "%s \"%s\" %s; it is left out", r->p.placed ? "placement" : "package", r->p.id,
                       message);
}

static hcb__where where_position(const hcb__csv *csv) {
    static const size_t order[] = {LAT, EASTING, POSTCODE};
    size_t len;
    for (size_t i = 0; i < 3; i++)
        if (hcb__csv_text(csv, order[i], &len))
            return hcb__csv_where(csv, order[i]);
    return hcb__csv_where_row(csv);
}

static void read_location(hcb__loader *l, hcb__csv *csv, hcb__package_row *r, bool *good) {
    int32_t zone = -1, band = -1;
    hcb__place place;
    bool placed = true;
    hcb__zone_cell(l, csv, ZONE, &zone, good);
    if (hcb__csv_word(csv, BAND, hcb__band_words, HCB__BANDS, &band) == HCB__CELL_BAD)
        *good = false;
    hcb__required_place(l, csv, &place_columns, &place, &placed);
    if (!placed || !*good || !l->zones_known) {
        *good = false;
        return;
    }
    hcb__location at = hcb__locate(l->model->zones, zone, band, place.postcode, place.only_postcode, place.point);
    r->p.point = place.point;
    r->p.zone = at.zone;
    r->p.band = at.band;
    hcb__where where = where_position(csv);
    if (at.zone < 0)
        leave_out(l, r, &where, "lies outside every zone");
    else if (at.band < 0)
        leave_out(l, r, &where, "has no band: no small area of its zone gives one");
}

static hcb_status read_package(hcb__loader *l, hcb__csv *csv, hcb__package_row *r) {
    size_t before = l->ctx->diag_errors;
    bool good = true;
    read_location(l, csv, r, &good);
    read_numbers(l, csv, r);
    read_dates(l, csv, &r->p);
    hcb_status status = read_wishes(l, csv, &r->p, &good);
    if (status == HCB_OK)
        status = read_providers(l, csv, &r->p, &good);
    if (status == HCB_OK)
        status = hcb__spot_keep(l, csv, HOURS, &r->hours);
    if (status == HCB_OK)
        status = hcb__spot_keep(l, csv, PINNED, &r->pin);
    if (!r->p.placed && r->p.end != HCB__NO_DATE && r->p.end < l->model->as_of && good) {
        hcb__where where = hcb__csv_where(csv, END);
        leave_out(l, r, &where, "ends before the day of the run");
    }
    r->bad = !good || l->ctx->diag_errors > before;
    return status;
}

static hcb_status keep(hcb__loader *l, hcb__csv *csv, const hcb__package_row *r) {
    int32_t other = hcb__idmap_get(&l->row_of_package, r->p.id, strlen(r->p.id));
    if (other >= 0) {
        const hcb__package_row *first = &l->packages.at[other];
        bool same = first->p.placed == r->p.placed;
        hcb__cell_error(l, csv, ID, "the package \"%s\" is in %s%sline %lld already", r->p.id,
                        same ? "" : l->ws->files[HCB__FILE_PACKAGES].name, same ? "" : ", ",
                        (long long)first->row.line);
        return HCB_OK;
    }
    if (l->packages.count >= HCB__MOST_PACKAGES) {
        hcb__cell_error(l, csv, ID, "more than %d packages", HCB__MOST_PACKAGES);
        return HCB_OK;
    }
    if (!hcb__idmap_put(&l->row_of_package, r->p.id, (int32_t)l->packages.count) ||
        !HCB__PUSH(&l->ctx->mem, &l->packages, *r))
        return hcb__nomem(l->ctx);
    return HCB_OK;
}

static hcb__package_row blank_row(bool placed) {
    return (hcb__package_row){.p = {.zone = -1,
                                    .band = -1,
                                    .priority = 3,
                                    .received = HCB__NO_DATE,
                                    .start = HCB__NO_DATE,
                                    .end = HCB__NO_DATE,
                                    .gender_hard = true,
                                    .language = -1,
                                    .provider = -1,
                                    .pinned = -1,
                                    .placed = placed},
                              .weekly_minutes = -1,
                              .visits_per_week = -1,
                              .carers = 1};
}

/* A placement that ended: nothing of it counts, but its visits are no mistake. */
static hcb_status remember_ended(hcb__loader *l, const char *id) {
    if (hcb__idmap_get(&l->ended, id, strlen(id)) >= 0)
        return HCB_OK;
    return hcb__idmap_put(&l->ended, id, 0) ? HCB_OK : hcb__nomem(l->ctx);
}

static hcb_status read_row(hcb__loader *l, hcb__csv *csv, bool placed) {
    hcb__package_row r = blank_row(placed);
    bool good = true;
    int32_t end = HCB__NO_DATE;
    hcb_status status = hcb__required_id(l, csv, ID, &r.p.id, &good);
    if (status == HCB_OK)
        status = hcb__spot_keep(l, csv, ID, &r.row);
    if (status != HCB_OK)
        return status;
    l->packages_known &= r.p.id != NULL;
    size_t len;
    const char *text = placed ? hcb__csv_text(csv, END, &len) : NULL;
    if (text && hcb__parse_date(text, len, &end) && end < l->model->as_of)
        return r.p.id ? remember_ended(l, r.p.id) : HCB_OK;
    if (!r.p.id)
        r.p.id = "";
    status = read_package(l, csv, &r);
    return status == HCB_OK && *r.p.id ? keep(l, csv, &r) : status;
}

static hcb_status queue_row(hcb__loader *l, hcb__csv *csv) {
    return read_row(l, csv, false);
}

static hcb_status placement_row(hcb__loader *l, hcb__csv *csv) {
    return read_row(l, csv, true);
}

static hcb_status load(hcb__loader *l, hcb__file_kind kind, const hcb__csv_column *columns, hcb__row_fn row) {
    bool complete;
    hcb_status status = hcb__load_rows(l, kind, columns, COLUMNS, row, &complete);
    if (l->ws->files[kind].name && !complete)
        l->packages_known = false;
    return status;
}

hcb_status hcb__load_packages(hcb__loader *l) {
    l->packages_known = true;
    return load(l, HCB__FILE_PACKAGES, package_columns, queue_row);
}

hcb_status hcb__load_placements(hcb__loader *l) {
    return load(l, HCB__FILE_PLACEMENTS, placement_columns, placement_row);
}
