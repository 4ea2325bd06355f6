/* SPDX-License-Identifier: GPL-3.0-or-later */
/* allocations.csv and waiting.csv. */
#include "io/csv.h"
#include "report/allocation_report.h"

static void put_header(hcb__text *out, const char *const *columns, size_t n) {
    for (size_t c = 0; c < n; c++)
        hcb__csv_put(out, columns[c], c + 1 == n);
}

void hcb__write_allocations_csv(hcb__text *out, const hcb_allocation *allocation, bool spreadsheet) {
    static const char *const columns[] = {
        "package_id",           "provider_id",       "tier",           "zone_id", "band", "carer_minutes",
        "price_pence_per_hour", "weekly_cost_pence", "travel_minutes", "quality", "rank", "previous_provider"};
    put_header(out, columns, sizeof columns / sizeof *columns);
    for (int32_t i = 0; i < allocation->problem->n_items; i++) {
        hcb_allocation_item item = {.struct_size = sizeof item};
        if (hcb_allocation_item_at(allocation, i, &item) != HCB_OK || !item.provider_id)
            continue;
        hcb__csv_put_text(out, item.package_id, false, spreadsheet);
        hcb__csv_put_text(out, item.provider_id, false, spreadsheet);
        hcb__csv_put(out, item.tier, false);
        hcb__csv_put_text(out, item.zone_id, false, spreadsheet);
        hcb__csv_put(out, item.band, false);
        hcb__csv_put_int(out, item.carer_minutes, false);
        hcb__csv_put_int(out, item.price_pence_per_hour, false);
        hcb__csv_put_int(out, item.weekly_cost_pence, false);
        hcb__csv_put_int(out, hcb__whole_minutes(item.travel_seconds), false);
        hcb__csv_put_int(out, item.quality, false);
        hcb__csv_put_int(out, item.rank, false);
        hcb__csv_put_text(out, item.previous_provider_id ? item.previous_provider_id : "", true, spreadsheet);
    }
}

void hcb__write_waiting_csv(hcb__text *out, const hcb_allocation *allocation, bool spreadsheet) {
    static const char *const columns[] = {"package_id", "zone_id",      "band",   "carer_minutes",
                                          "priority",   "days_waiting", "reason", "detail"};
    const hcb__model *model = allocation->problem->model;
    put_header(out, columns, sizeof columns / sizeof *columns);
    for (int32_t i = 0; i < allocation->problem->n_items; i++) {
        hcb_allocation_item item = {.struct_size = sizeof item};
        if (hcb_allocation_item_at(allocation, i, &item) != HCB_OK || item.provider_id)
            continue;
        int32_t received = model->packages[allocation->problem->package[i]].received;
        hcb__csv_put_text(out, item.package_id, false, spreadsheet);
        hcb__csv_put_text(out, item.zone_id, false, spreadsheet);
        hcb__csv_put(out, item.band, false);
        hcb__csv_put_int(out, item.carer_minutes, false);
        hcb__csv_put_int(out, item.priority, false);
        if (received == HCB__NO_DATE)
            hcb__csv_put(out, "", false);
        else
            hcb__csv_put_int(out, model->as_of - received, false);
        hcb__csv_put(out, item.reason, false);
        hcb__csv_put_text(out, item.detail, true, spreadsheet);
    }
}
