/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cells.h"

#include "io/csv.h"

const char *const hcb__package_columns[] = {[HCB__CELL_CURRENT] = "current_provider",
                                            [HCB__CELL_EXCLUDED] = "excluded_providers",
                                            [HCB__CELL_PINNED] = "pinned_provider",
                                            [HCB__CELL_RECEIVED] = "received",
                                            "postcode",
                                            "lat",
                                            "lon",
                                            "easting",
                                            "northing",
                                            "weekly_hours",
                                            "visits_per_week",
                                            "carers",
                                            "short_visit_agreed",
                                            "priority",
                                            "start",
                                            "end",
                                            "needs",
                                            "gender",
                                            "gender_hard",
                                            "language",
                                            "language_hard",
                                            "zone_id",
                                            "band"};
const size_t hcb__n_package_columns = sizeof hcb__package_columns / sizeof *hcb__package_columns;
const char *const hcb__visit_columns[] = {"days", "start", "end", "minutes", "carers", "time_critical"};

static const char *text_of(hcb__json *value) {
    const char *text = hcb__json_string(value, NULL);
    return text ? text : "";
}

const char *hcb__cell_of(hcb__json *data, const char *column) {
    return text_of(hcb__json_get(hcb__json_get(data, "columns"), column));
}

void hcb__cells_put(hcb__text *out, hcb__json *data) {
    for (size_t c = HCB__CELLS_OF_STATE; c < hcb__n_package_columns; c++)
        hcb__csv_put(out, hcb__cell_of(data, hcb__package_columns[c]), c + 1 == hcb__n_package_columns);
}

void hcb__cells_put_visits(hcb__text *out, const char *package, hcb__json *data) {
    hcb__json *visits = hcb__json_get(data, "visits");
    for (size_t v = 0; v < hcb__json_count(visits); v++) {
        hcb__json *visit = hcb__json_at(visits, v);
        hcb__csv_put(out, package, false);
        for (size_t c = 0; c < HCB__VISIT_COLUMNS; c++)
            hcb__csv_put(out, text_of(hcb__json_at(visit, c)), c + 1 == HCB__VISIT_COLUMNS);
    }
}
