/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Postcodes: our own CSV with a header, ONSPD (recognised by its column names), or Code-Point Open files without a
 * header, one or a folder of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/memory.h"
#include "io/value.h"
#include "zones/load.h"

enum { POSTCODE, LAT, LON, EASTING, NORTHING, AREA_ID, OWN_COLUMNS };
static const char *const own_names[OWN_COLUMNS] = {"postcode", "lat", "lon", "easting", "northing", "area_id"};
/* Code-Point Open: postcode, quality, easting, northing, then codes that are not used. */
static const hcb__csv_column code_point[] = {
    {"postcode", true}, {"quality", true}, {"easting", true}, {"northing", true}};
/* Its Output Areas of 2021 are taken for our areas, unless the workspace names another column. */
enum { ONSPD_RENAMES = 4 };
static const hcb__csv_rename onspd[ONSPD_RENAMES] = {
    {"pcds", "postcode"}, {"oseast1m", "easting"}, {"osnrth1m", "northing"}, {"oa21", "area_id"}};
enum { LINE_MAX_BYTES = 16384 };

typedef struct collector {
    hcb__loader *loader;
    hcb__place_reader *places;
    HCB__VEC(hcb__postcode_row) rows;
    size_t without_position;
} collector;

static hcb_status add(collector *c, const char *text, size_t len, hcb__csv *csv, size_t column, hcb__point point,
                      const char *area_id) {
    hcb__where where = hcb__csv_where(csv, column);
    hcb__postcode_row row = {
        .postcode = {.area = -1, .point = point}, .area_id = area_id, .file = where.file, .line = where.line};
    if (!hcb__postcode_normal(text, len, row.postcode.code)) {
        hcb__diag_error(c->loader->ctx, &where, "%s is not a postcode such as LE1 1AA", hcb__show(text, len).text);
        return HCB_OK;
    }
    return HCB__PUSH(&c->loader->ctx->mem, &c->rows, row) ? HCB_OK : hcb__nomem(c->loader->ctx);
}

/* The first line without its end; false when the file cannot be opened (the reader will say so). */
static bool first_line(const char *path, char *line) {
    FILE *file = fopen(path, "rb");
    bool good = file && fgets(line, LINE_MAX_BYTES, file);
    if (file)
        fclose(file);
    if (!good)
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    if (strncmp(line, "\xef\xbb\xbf", 3) == 0)
        memmove(line, line + 3, strlen(line + 3) + 1);
    return true;
}

/* Splits a header line without quoted commas in place; cells lose their quotes. */
static size_t split(char *line, const char **cells, size_t cap) {
    size_t n = 0;
    for (char *at = line; at && n < cap;) {
        char *comma = strchr(at, ',');
        if (comma)
            *comma = '\0';
        size_t len = strlen(at);
        if (len >= 2 && at[0] == '"' && at[len - 1] == '"') {
            at[len - 1] = '\0';
            at++;
        }
        cells[n++] = at;
        at = comma ? comma + 1 : NULL;
    }
    return n;
}

static hcb_status read_code_point(collector *c, const char *path, const char *shown) {
    hcb_context *ctx = c->loader->ctx;
    hcb__csv *csv;
    hcb_status status = hcb__csv_open_headerless(&csv, ctx, path, shown, code_point, 4);
    if (status != HCB_OK)
        return status;
    while (status == HCB_OK && hcb__csv_next(csv)) {
        size_t len, x_len = 0;
        const char *text = hcb__csv_text(csv, 0, &len), *x = hcb__csv_text(csv, 2, &x_len);
        if (!x || (x_len == 1 && *x == '0')) { /* quality 90: no position */
            c->without_position++;
            continue;
        }
        hcb__place place;
        hcb__place_columns columns = {HCB__NO_PLACE_COLUMN, HCB__NO_PLACE_COLUMN, HCB__NO_PLACE_COLUMN, 2, 3};
        if (text && hcb__place_read(c->places, csv, &columns, &place) && place.given)
            status = add(c, text, len, csv, 0, place.point, NULL);
    }
    hcb__csv_close(csv);
    return status;
}

static hcb_status read_folder(collector *c, const char *path) {
    char **names = NULL;
    size_t n = 0;
    hcb_context *ctx = c->loader->ctx;
    const hcb__where where = {c->loader->files->postcodes, 0, 0, NULL};
    hcb_status status = hcb__folder_list(&names, &n, ctx, &c->loader->names, path, where.file, ".csv");
    if (status == HCB_OK && n == 0)
        hcb__diag_error(ctx, &where, "the folder has no .csv files");
    for (size_t i = 0; status == HCB_OK && i < n; i++) {
        const char *full = hcb__path_join(&c->loader->names, path, names[i]);
        const char *shown = hcb__path_join(&c->loader->names, c->loader->files->postcodes, names[i]);
        if (!full || !shown)
            status = hcb__nomem(ctx);
        else
            status = read_code_point(c, full, shown);
    }
    return status;
}

static hcb_status read_rows(collector *c, hcb__csv *csv) {
    hcb_status status = HCB_OK;
    bool want_areas = c->loader->files->areas != NULL;
    while (status == HCB_OK && hcb__csv_next(csv)) {
        size_t len, id_len;
        const char *text = hcb__csv_text(csv, POSTCODE, &len), *id = NULL, *area_id = NULL;
        hcb__place place;
        hcb__place_columns columns = {HCB__NO_PLACE_COLUMN, LAT, LON, EASTING, NORTHING};
        hcb__where where = hcb__csv_where(csv, POSTCODE);
        if (!text)
            hcb__diag_error(c->loader->ctx, &where, "a postcode was expected");
        if (want_areas && hcb__csv_id(csv, AREA_ID, &id, &id_len) == HCB__CELL_OK &&
            !(area_id = hcb__arena_strndup(&c->loader->names, id, id_len)))
            return hcb__nomem(c->loader->ctx);
        if (!hcb__place_read(c->places, csv, &columns, &place) || !text)
            continue;
        if (place.given)
            status = add(c, text, len, csv, POSTCODE, place.point, area_id);
        else
            c->without_position++;
    }
    return status;
}

/* With a header. ONSPD has about fifty columns, most of which nobody asked for: they are passed as known. */
static hcb_status read_with_header(collector *c, const char *path, const char **header, size_t n_header) {
    const hcb__zone_files *files = c->loader->files;
    hcb_context *ctx = c->loader->ctx;
    bool is_onspd = false, own_areas = false;
    for (size_t i = 0; i < n_header; i++)
        is_onspd |= strcmp(header[i], "oseast1m") == 0;
    for (size_t i = 0; i < files->n_postcode_renames; i++)
        own_areas |= strcmp(files->postcode_renames[i].ours, "area_id") == 0;
    size_t n_onspd = is_onspd ? ONSPD_RENAMES - own_areas : 0;
    size_t n_renames = files->n_postcode_renames + n_onspd, n_columns = OWN_COLUMNS;
    hcb__csv_rename *renames = hcb__arena_alloc(&c->loader->names, n_renames, sizeof *renames);
    hcb__csv_column *columns = hcb__arena_alloc(&c->loader->names, OWN_COLUMNS + n_header, sizeof *columns);
    if (!renames || !columns)
        return hcb__nomem(ctx);
    for (size_t i = 0; i < files->n_postcode_renames; i++)
        renames[i] = files->postcode_renames[i];
    for (size_t i = 0; i < n_onspd; i++)
        renames[files->n_postcode_renames + i] = onspd[i];
    for (size_t i = 0; i < OWN_COLUMNS; i++)
        columns[i] = (hcb__csv_column){own_names[i], i == POSTCODE};
    for (size_t i = 0; is_onspd && i < n_header; i++) {
        bool known = false;
        for (size_t k = 0; k < n_renames; k++)
            known |= strcmp(header[i], renames[k].theirs) == 0;
        for (size_t k = 0; k < OWN_COLUMNS; k++)
            known |= strcmp(header[i], own_names[k]) == 0;
        if (!known)
            columns[n_columns++] = (hcb__csv_column){header[i], false};
    }
    hcb__csv *csv;
    hcb_status status = hcb__csv_open(&csv, ctx, path, files->postcodes, columns, n_columns, renames, n_renames);
    if (status != HCB_OK)
        return status;
    status = read_rows(c, csv);
    hcb__csv_close(csv);
    return status;
}

/* Headerless files begin with a postcode and a quality number. */
static bool looks_headerless(const char *const *cells, size_t n) {
    char code[9];
    int64_t number;
    return n >= 4 && hcb__postcode_normal(cells[0], strlen(cells[0]), code) &&
           hcb__parse_int(cells[1], strlen(cells[1]), &number);
}

static hcb_status read_any(collector *c) {
    const hcb__zone_files *files = c->loader->files;
    const char *path = hcb__path_join(&c->loader->names, files->folder, files->postcodes);
    char *line = hcb__arena_alloc(&c->loader->names, LINE_MAX_BYTES, 1);
    const char **cells = hcb__arena_alloc(&c->loader->names, 256, sizeof *cells);
    if (!path || !line || !cells)
        return hcb__nomem(c->loader->ctx);
    if (hcb__memory_at(c->loader->ctx, path))
        return read_with_header(c, path, cells, 0);
    if (hcb__folder_exists(path))
        return read_folder(c, path);
    size_t n = hcb__file_exists(path) && first_line(path, line) ? split(line, cells, 256) : 0;
    if (looks_headerless(cells, n))
        return read_code_point(c, path, files->postcodes);
    return read_with_header(c, path, cells, n);
}

static int by_code(const void *va, const void *vb) {
    const hcb__postcode_row *a = va, *b = vb;
    int order = strcmp(a->postcode.code, b->postcode.code);
    if (!order && a->file != b->file)
        order = strcmp(a->file, b->file);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static hcb_status keep(collector *c) {
    hcb__zone_set *set = c->loader->set;
    hcb__loader *loader = c->loader;
    size_t n = c->rows.count;
    if (n > INT32_MAX)
        return hcb__fail(loader->ctx, HCB_ELIMIT, "%s has more postcodes than can be handled",
                         loader->files->postcodes);
    if (n)
        qsort(c->rows.at, n, sizeof *c->rows.at, by_code);
    set->postcodes = hcb__arena_alloc(&set->arena, n, sizeof *set->postcodes);
    loader->rows = hcb__arena_alloc(&loader->names, n, sizeof *loader->rows);
    if (!set->postcodes || !loader->rows)
        return hcb__nomem(loader->ctx);
    for (size_t i = 0; i < n; i++) {
        const hcb__postcode_row *row = &c->rows.at[i];
        if (i && strcmp(row->postcode.code, row[-1].postcode.code) == 0) {
            hcb__where where = {row->file, row->line, 0, "postcode"};
            hcb__diag_error(loader->ctx, &where, "the postcode \"%s\" is there already, in line %lld of %s",
                            row->postcode.code, (long long)row[-1].line, row[-1].file);
            continue;
        }
        set->postcodes[set->n_postcodes] = row->postcode;
        loader->rows[set->n_postcodes++] = *row;
    }
    return HCB_OK;
}

hcb_status hcb__load_postcodes(hcb__loader *loader) {
    collector c = {.loader = loader};
    hcb_status status = hcb__place_reader_share(&c.places, loader->ctx, NULL, &loader->degrees);
    if (status == HCB_OK)
        status = read_any(&c);
    if (status == HCB_OK)
        status = keep(&c);
    if (status == HCB_OK && c.without_position) {
        hcb__where where = {loader->files->postcodes, 0, 0, NULL};
        hcb__diag_warning(loader->ctx, &where, "%zu postcode%s without a position left out", c.without_position,
                          c.without_position == 1 ? "" : "s");
    }
    hcb__place_reader_free(c.places);
    HCB__VEC_FREE(&loader->ctx->mem, &c.rows);
    return status;
}
