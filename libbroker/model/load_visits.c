/* SPDX-License-Identifier: GPL-3.0-or-later */
/* visits.csv */
#include <string.h>

#include "io/value.h"
#include "model/limits.h"
#include "model/load.h"

enum { ID, DAYS, START, END, MINUTES, CARERS, CRITICAL, COLUMNS };

static const hcb__csv_column columns[COLUMNS] = {
    {"package_id", true}, {"days", true},    {"start", true},          {"end", true},
    {"minutes", true},    {"carers", false}, {"time_critical", false},
};

enum { WEEK = 7, DAY_MINUTES = 1440 };

/* Seven characters from Monday: a letter or `-`, or seven of 0 and 1. */
static bool parse_days(const char *s, size_t len, uint8_t *days) {
    *days = 0;
    if (len != WEEK)
        return false;
    bool digits = s[0] == '0' || s[0] == '1';
    for (int d = 0; d < WEEK; d++) {
        bool letter = (s[d] >= 'A' && s[d] <= 'Z') || (s[d] >= 'a' && s[d] <= 'z');
        if (digits ? s[d] != '0' && s[d] != '1' : s[d] != '-' && !letter)
            return false;
        if (letter || s[d] == '1')
            *days = (uint8_t)(*days | 1 << d);
    }
    return true;
}

static void read_days(hcb__loader *l, hcb__csv *csv, uint8_t *days, bool *good) {
    size_t len;
    const char *text = hcb__csv_text(csv, DAYS, &len);
    if (!text) {
        hcb__required(l, csv, DAYS, HCB__CELL_EMPTY, "seven characters from Monday, for example M-W-F--", good);
    } else if (!parse_days(text, len, days)) {
        hcb__cell_error(l, csv, DAYS,
                        "%s is not days; expected seven characters from Monday, for example M-W-F-- or 1010100",
                        hcb__show(text, len).text);
        *good = false;
    } else if (!*days) {
        hcb__cell_error(l, csv, DAYS, "no day is marked");
        *good = false;
    }
}

static void read_window(hcb__loader *l, hcb__csv *csv, hcb__visit *v, bool *good) {
    int32_t start = 0, end = 0;
    int64_t minutes = 0;
    bool window = true;
    hcb__required(l, csv, START, hcb__csv_time(csv, START, false, &start), "a time such as 07:30", &window);
    hcb__required(l, csv, END, hcb__csv_time(csv, END, true, &end), "a time such as 10:00", &window);
    if (window && end <= start) {
        hcb__cell_error(l, csv, END,
                        "the window ends at %02d:%02d, not after its start %02d:%02d; no window crosses "
                        "midnight",
                        end / 60, end % 60, start / 60, start % 60);
        window = false;
    }
    hcb__cell cell = hcb__csv_int(csv, MINUTES, 1, DAY_MINUTES, &minutes);
    hcb__required(l, csv, MINUTES, cell, "the minutes of the visit", good);
    if (window && cell == HCB__CELL_OK && minutes > end - start) {
        hcb__cell_error(l, csv, MINUTES, "%lld minutes do not fit in a window of %d minutes", (long long)minutes,
                        end - start);
        *good = false;
    }
    *good &= window;
    v->start = (int16_t)start;
    v->end = (int16_t)end;
    v->minutes = (int32_t)minutes;
}

/* The package of a row: -1 when the row is to be ignored. */
static int32_t package_of(hcb__loader *l, hcb__csv *csv, bool *good) {
    const char *id;
    size_t len;
    hcb__cell cell = hcb__csv_id(csv, ID, &id, &len);
    hcb__required(l, csv, ID, cell, "a package_id", good);
    if (cell != HCB__CELL_OK) {
        l->visits_known = false;
        return -1;
    }
    int32_t row = hcb__idmap_get(&l->row_of_package, id, len);
    if (row < 0 && hcb__idmap_get(&l->ended, id, len) < 0 && l->packages_known)
        hcb__cell_error(l, csv, ID, "\"%s\" is neither a package nor a placement of the workspace", id);
    return row;
}

static hcb_status read_row(hcb__loader *l, hcb__csv *csv) {
    hcb__visit_row r = {.package = -1};
    bool good = true, carers_given = false;
    r.package = package_of(l, csv, &good);
    read_days(l, csv, &r.v.days, &good);
    read_window(l, csv, &r.v, &good);
    int64_t carers;
    hcb__cell cell = hcb__csv_int(csv, CARERS, 1, 2, &carers);
    good &= cell != HCB__CELL_BAD;
    carers_given = cell == HCB__CELL_OK;
    good &= hcb__csv_bool(csv, CRITICAL, &r.v.time_critical) != HCB__CELL_BAD;
    if (r.package < 0)
        return HCB_OK;
    hcb__package_row *p = &l->packages.at[r.package];
    r.v.carers = (uint8_t)(carers_given ? carers : p->carers);
    if (!good)
        p->bad = true;
    /* A wrong row still says that the package has visits. */
    if (l->visits.count >= HCB__MOST_VISIT_ROWS) {
        hcb__cell_error(l, csv, ID, "more than %d visits", HCB__MOST_VISIT_ROWS);
        return HCB_OK;
    }
    return HCB__PUSH(&l->ctx->mem, &l->visits, r) ? HCB_OK : hcb__nomem(l->ctx);
}

hcb_status hcb__load_visits(hcb__loader *l) {
    bool complete;
    l->visits_known = true;
    hcb_status status = hcb__load_rows(l, HCB__FILE_VISITS, columns, COLUMNS, read_row, &complete);
    if (l->ws->files[HCB__FILE_VISITS].name && !complete)
        l->visits_known = false;
    return status;
}
