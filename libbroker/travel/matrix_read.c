/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matrix files: CSV with one cell a row, or the table of OSRM with names. */
#include <stdio.h>
#include <string.h>

#include "io/csv.h"
#include "io/json.h"
#include "travel/matrix.h"

enum { ORIGIN, DESTINATION, SECONDS, COLUMNS };

static const hcb__csv_column columns[COLUMNS] = {
    [ORIGIN] = {"origin", true},
    [DESTINATION] = {"destination", true},
    [SECONDS] = {"seconds", true},
};

/* More than eleven days between two places of a county is a mistake. */
#define LONGEST_S 1e6

static bool csv_name(hcb__matrix_builder *b, hcb__csv *csv, size_t column, int32_t *out, bool *memory_out) {
    const char *id;
    size_t len;
    hcb__cell cell = hcb__csv_id(csv, column, &id, &len);
    if (cell == HCB__CELL_EMPTY) {
        hcb__where where = hcb__csv_where(csv, column);
        hcb__diag_error(b->ctx, &where, "no id; expected a provider_id or a package_id");
    }
    if (cell != HCB__CELL_OK)
        return false;
    *out = hcb__matrix_name(b, id, len);
    *memory_out |= *out < 0;
    return *out >= 0;
}

static hcb_status read_csv(hcb__matrix_builder *b, const char *path) {
    hcb__csv *csv = NULL;
    hcb_status status = hcb__csv_open(&csv, b->ctx, path, b->shown, columns, COLUMNS, NULL, 0);
    if (status != HCB_OK)
        return status;
    bool memory_out = false;
    while (!memory_out && hcb__csv_next(csv)) {
        int32_t origin = -1, destination = -1;
        double seconds = 0;
        bool good = csv_name(b, csv, ORIGIN, &origin, &memory_out);
        good &= csv_name(b, csv, DESTINATION, &destination, &memory_out);
        /* A blank cell is a hole, as a missing row is. */
        hcb__cell cell = hcb__csv_double(csv, SECONDS, 0, LONGEST_S, &seconds);
        if (good && cell == HCB__CELL_OK)
            memory_out = !hcb__matrix_add(b, origin, destination, seconds, hcb__csv_where_row(csv).line);
    }
    hcb__csv_close(csv);
    return memory_out ? hcb__nomem(b->ctx) : HCB_OK;
}

static void json_error(hcb__matrix_builder *b, const char *pointer, const char *message) {
    hcb__where where = {b->shown, 0, 0, pointer};
    hcb__diag_error(b->ctx, &where, "%s", message);
}

static hcb_status json_names(hcb__matrix_builder *b, const hcb__json *list, const char *key, int32_t **out) {
    char pointer[64];
    size_t n = hcb__json_count(list);
    *out = hcb__arena_alloc(&b->arena, n, sizeof **out);
    if (!*out)
        return hcb__nomem(b->ctx);
    for (size_t i = 0; i < n; i++) {
        size_t len = 0;
        const char *id = hcb__json_string(hcb__json_at(list, i), &len);
        (*out)[i] = -1;
        if (!id || !hcb__valid_id(id, len)) {
            snprintf(pointer, sizeof pointer, "/%s/%zu", key, i);
            json_error(b, pointer, "expected an id: text of 1 to 64 bytes");
            continue;
        }
        (*out)[i] = hcb__matrix_name(b, id, len);
        if ((*out)[i] < 0)
            return hcb__nomem(b->ctx);
    }
    return HCB_OK;
}

static hcb_status json_row(hcb__matrix_builder *b, const hcb__json *row, size_t i, int32_t origin, size_t n,
                           const int32_t *destinations) {
    char pointer[64], message[128];
    snprintf(pointer, sizeof pointer, "/durations/%zu", i);
    if (hcb__json_kind_of(row) != HCB__JSON_ARRAY || hcb__json_count(row) != n) {
        snprintf(message, sizeof message, "expected a list of %zu durations, one a destination", n);
        json_error(b, pointer, message);
        return HCB_OK;
    }
    for (size_t j = 0; j < n; j++) {
        const hcb__json *cell = hcb__json_at(row, j);
        double seconds;
        if (hcb__json_kind_of(cell) == HCB__JSON_NULL)
            continue; /* OSRM: no route */
        if (!hcb__json_number(cell, &seconds) || seconds < 0 || seconds > LONGEST_S) {
            snprintf(pointer, sizeof pointer, "/durations/%zu/%zu", i, j);
            json_error(b, pointer, "expected seconds from 0 to 1000000, or null");
        } else if (origin >= 0 && destinations[j] >= 0 &&
                   !hcb__matrix_add(b, origin, destinations[j], seconds, (int64_t)(i * n + j))) {
            return hcb__nomem(b->ctx);
        }
    }
    return HCB_OK;
}

static hcb_status read_table(hcb__matrix_builder *b, const hcb__json *root) {
    static const char *const keys[] = {"origins", "destinations", "durations"};
    const hcb__json *list[3];
    bool good = true;
    for (int k = 0; k < 3; k++) {
        char pointer[32];
        list[k] = hcb__json_get(root, keys[k]);
        if (hcb__json_kind_of(list[k]) != HCB__JSON_ARRAY) {
            snprintf(pointer, sizeof pointer, "/%s", keys[k]);
            json_error(b, pointer, "expected a list");
            good = false;
        }
    }
    if (!good)
        return HCB_OK;
    size_t n_rows = hcb__json_count(list[0]);
    b->json_columns = hcb__json_count(list[1]);
    if (hcb__json_count(list[2]) != n_rows) {
        char message[96];
        snprintf(message, sizeof message, "expected %zu rows, one an origin", n_rows);
        json_error(b, "/durations", message);
        return HCB_OK;
    }
    int32_t *origins, *destinations;
    hcb_status status = json_names(b, list[0], keys[0], &origins);
    if (status == HCB_OK)
        status = json_names(b, list[1], keys[1], &destinations);
    for (size_t i = 0; status == HCB_OK && i < n_rows; i++)
        status = json_row(b, hcb__json_at(list[2], i), i, origins[i], b->json_columns, destinations);
    return status;
}

static hcb_status read_json(hcb__matrix_builder *b, const char *path) {
    hcb__json_doc *doc = NULL;
    hcb_status status = hcb__json_load(&doc, b->ctx, path, b->shown);
    if (status != HCB_OK)
        return status;
    b->json = true;
    if (hcb__json_kind_of(hcb__json_root(doc)) != HCB__JSON_OBJECT)
        json_error(b, "", "expected an object with origins, destinations and durations");
    else
        status = read_table(b, hcb__json_root(doc));
    hcb__json_close(doc);
    return status;
}

static bool ends_with(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

hcb_status hcb__matrix_load(hcb__matrix **out, hcb_context *ctx, const char *path, const char *shown) {
    *out = NULL;
    hcb__matrix_builder b;
    hcb__matrix_builder_init(&b, ctx, shown);
    hcb_status status = ends_with(path, ".json") ? read_json(&b, path) : read_csv(&b, path);
    if (status == HCB_OK)
        status = hcb__matrix_finish(out, &b);
    hcb__matrix_builder_free(&b);
    return status;
}
