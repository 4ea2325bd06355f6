/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verifier's reading of a travel matrix: a CSV of origin, destination, seconds, or a JSON table. */
#include <math.h>
#include <string.h>

#include "allocation/verify_data.h"
#include "base/arith.h"
#include "io/json.h"

static bool name_places(hcb__vf *vf) {
    size_t n = 0, most = vf->providers.count + vf->queue.count + vf->placements.count;
    const char **names = hcb__vf_new(vf, most, sizeof *names);
    if (!names)
        return false;
    for (size_t i = 0; i < vf->providers.count; i++)
        names[n++] = vf->providers.at[i].id;
    for (size_t i = 0; i < vf->queue.count; i++)
        names[n++] = vf->queue.at[i].id;
    for (size_t i = 0; i < vf->placements.count; i++)
        names[n++] = vf->placements.at[i].id;
    vf->n_places = hcb__vf_sort_set(names, n);
    vf->place_names = names;
    for (size_t i = 0; i < vf->n_places; i++)
        if (!hcb__idmap_put(&vf->place_ids, names[i], (int32_t)i))
            return false;
    for (size_t i = 0; i < vf->providers.count; i++)
        vf->providers.at[i].place =
            hcb__idmap_get(&vf->place_ids, vf->providers.at[i].id, strlen(vf->providers.at[i].id));
    for (size_t i = 0; i < vf->queue.count; i++)
        vf->queue.at[i].place = hcb__idmap_get(&vf->place_ids, vf->queue.at[i].id, strlen(vf->queue.at[i].id));
    for (size_t i = 0; i < vf->placements.count; i++)
        vf->placements.at[i].place =
            hcb__idmap_get(&vf->place_ids, vf->placements.at[i].id, strlen(vf->placements.at[i].id));
    vf->travel.seconds = hcb__vf_new(vf, vf->n_places, sizeof *vf->travel.seconds);
    return vf->travel.seconds != NULL;
}

static bool put_cell(hcb__vf *vf, int32_t from, int32_t to, double seconds) {
    if (from < 0 || to < 0 || !(seconds >= 0) || seconds > 1e9)
        return true;
    int32_t **row = &vf->travel.seconds[from];
    if (!*row) {
        *row = hcb__vf_new(vf, vf->n_places, sizeof **row);
        for (size_t i = 0; *row && i < vf->n_places; i++)
            (*row)[i] = HCB__VF_NONE;
    }
    if (*row)
        (*row)[to] = (int32_t)hcb__round_half_up(seconds);
    return *row != NULL;
}

static int32_t place_of(const hcb__vf *vf, const char *name, size_t len) {
    return name ? hcb__idmap_get(&vf->place_ids, name, len) : HCB__VF_NONE;
}

static bool read_csv(hcb__vf *vf, const char *path, const char *shown) {
    enum { ORIGIN, DESTINATION, SECONDS, N };
    static const hcb__csv_column columns[N] = {{"origin", true}, {"destination", true}, {"seconds", true}};
    hcb__csv *csv;
    bool ok = true;
    if (hcb__csv_open(&csv, vf->ctx, path, shown, columns, N, NULL, 0) != HCB_OK)
        return false;
    while (ok && hcb__csv_next(csv)) {
        size_t len;
        double seconds;
        const char *name = hcb__csv_text(csv, ORIGIN, &len);
        int32_t from = place_of(vf, name, len);
        name = hcb__csv_text(csv, DESTINATION, &len);
        int32_t to = place_of(vf, name, len);
        if (hcb__csv_double(csv, SECONDS, 0, 1e9, &seconds) == HCB__CELL_OK)
            ok = put_cell(vf, from, to, seconds);
    }
    hcb__csv_close(csv);
    return ok;
}

static int32_t named(const hcb__vf *vf, const hcb__json *places, size_t i) {
    size_t len;
    const char *name = hcb__json_string(hcb__json_at(places, i), &len);
    return place_of(vf, name, len);
}

static bool read_json(hcb__vf *vf, const char *path, const char *shown) {
    hcb__json_doc *doc;
    bool ok = true;
    if (hcb__json_load(&doc, vf->ctx, path, shown) != HCB_OK)
        return false;
    hcb__json *root = hcb__json_root(doc), *rows = hcb__json_get(root, "durations");
    hcb__json *origins = hcb__json_get(root, "origins"), *destinations = hcb__json_get(root, "destinations");
    size_t n_to = hcb__json_count(destinations);
    int32_t *to = hcb__vf_new(vf, n_to, sizeof *to);
    for (size_t j = 0; to && j < n_to; j++)
        to[j] = named(vf, destinations, j);
    for (size_t i = 0; to && ok && i < hcb__json_count(rows); i++) {
        hcb__json *row = hcb__json_at(rows, i);
        int32_t from = named(vf, origins, i);
        for (size_t j = 0; ok && j < hcb__json_count(row) && j < n_to; j++) {
            double seconds;
            if (hcb__json_number(hcb__json_at(row, j), &seconds))
                ok = put_cell(vf, from, to[j], seconds);
        }
    }
    hcb__json_close(doc);
    return to && ok;
}

bool hcb__vf_read_matrix(hcb__vf *vf, const char *path, const char *shown) {
    if (!name_places(vf)) {
        vf->nomem = true;
        return false;
    }
    size_t len = strlen(path);
    bool json = len > 5 && strcmp(path + len - 5, ".json") == 0;
    return json ? read_json(vf, path, shown) : read_csv(vf, path, shown);
}
