/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The place columns of a CSV row. */
#include <math.h>
#include <string.h>

#include "io/value.h"
#include "zones/load.h"

static const double DISAGREE_M = 250, POSTCODE_FAR_M = 2000, ANY_NUMBER = 1e12;

struct hcb__place_reader {
    hcb_context *ctx;
    const hcb__zone_set *set;
    hcb__degrees own, *degrees;
};

hcb_status hcb__place_reader_share(hcb__place_reader **out, hcb_context *ctx, const hcb__zone_set *set,
                                   hcb__degrees *degrees) {
    *out = hcb__calloc(&ctx->mem, 1, sizeof **out);
    if (!*out)
        return hcb__nomem(ctx);
    (*out)->ctx = ctx;
    (*out)->set = set;
    (*out)->own.ctx = ctx;
    (*out)->degrees = degrees ? degrees : &(*out)->own;
    return HCB_OK;
}

hcb_status hcb__place_reader_create(hcb__place_reader **out, hcb_context *ctx, const hcb__zone_set *set) {
    return hcb__place_reader_share(out, ctx, set, NULL);
}

void hcb__place_reader_free(hcb__place_reader *reader) {
    if (!reader)
        return;
    hcb__degrees_free(&reader->own);
    hcb__free(&reader->ctx->mem, reader);
}

bool hcb__postcode_normal(const char *text, size_t len, char out[9]) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == ' ')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) || n == 7)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    /* A letter first, and at the end digit, letter, letter. */
    return n >= 5 && out[0] >= 'A' && out[n - 3] <= '9' && out[n - 2] >= 'A' && out[n - 1] >= 'A';
}

/* One pair of columns: both, neither, or an error. */
static hcb__cell read_pair(hcb__place_reader *reader, hcb__csv *csv, size_t x_column, size_t y_column, hcb__point *out,
                           const char *(*problem_of)(hcb__point)) {
    hcb__cell x = x_column == HCB__NO_PLACE_COLUMN ? HCB__CELL_EMPTY
                                                   : hcb__csv_double(csv, x_column, -ANY_NUMBER, ANY_NUMBER, &out->x);
    hcb__cell y = y_column == HCB__NO_PLACE_COLUMN ? HCB__CELL_EMPTY
                                                   : hcb__csv_double(csv, y_column, -ANY_NUMBER, ANY_NUMBER, &out->y);
    if (x == HCB__CELL_BAD || y == HCB__CELL_BAD)
        return HCB__CELL_BAD;
    if (x == HCB__CELL_EMPTY && y == HCB__CELL_EMPTY)
        return HCB__CELL_EMPTY;
    bool degrees = problem_of == hcb__degrees_problem;
    if (x == HCB__CELL_EMPTY || y == HCB__CELL_EMPTY) {
        size_t missing = x == HCB__CELL_EMPTY ? x_column : y_column, other = x == HCB__CELL_EMPTY ? y_column : x_column;
        hcb__where where = hcb__csv_where(csv, missing == HCB__NO_PLACE_COLUMN ? other : missing);
        hcb__diag_error(reader->ctx, &where, "one half of a position is missing: %s and %s go together",
                        degrees ? "lat" : "easting", degrees ? "lon" : "northing");
        return HCB__CELL_BAD;
    }
    const char *problem = problem_of(*out);
    if (!problem)
        return HCB__CELL_OK;
    hcb__where where = hcb__csv_where(csv, degrees ? y_column : x_column);
    if (degrees)
        hcb__diag_error(reader->ctx, &where, "latitude %s and longitude %s %s", hcb__show_number(out->y).text,
                        hcb__show_number(out->x).text, problem);
    else
        hcb__diag_error(reader->ctx, &where, "easting %s and northing %s %s", hcb__show_number(out->x).text,
                        hcb__show_number(out->y).text, problem);
    return HCB__CELL_BAD;
}

static bool to_metres(hcb__place_reader *reader, hcb__csv *csv, size_t column, hcb__point *point) {
    hcb__crs *crs = hcb__degrees_crs(reader->degrees);
    if (!crs)
        return false;
    hcb__point given = *point;
    size_t bad;
    if (hcb__crs_forward(crs, point, 1, &bad))
        return true;
    hcb__where where = hcb__csv_where(csv, column);
    hcb__diag_error(reader->ctx, &where, "latitude %s and longitude %s cannot be transformed to EPSG:27700",
                    hcb__show_number(given.y).text, hcb__show_number(given.x).text);
    return false;
}

/* The postcode cell: its index, -1 when there is none; false when an error was collected. */
static bool read_postcode(hcb__place_reader *reader, hcb__csv *csv, size_t column, bool has_point, int32_t *index) {
    size_t len;
    const char *text = column == HCB__NO_PLACE_COLUMN ? NULL : hcb__csv_text(csv, column, &len);
    char code[9];
    *index = -1;
    if (!text)
        return true;
    hcb__where where = hcb__csv_where(csv, column);
    if (!hcb__postcode_normal(text, len, code)) {
        hcb__diag_error(reader->ctx, &where, "%s is not a postcode such as LE1 1AA", hcb__show(text, len).text);
        return false;
    }
    if (reader->set)
        *index = hcb__postcode_find(reader->set, text, len);
    if (*index >= 0 || has_point)
        return true;
    if (!reader->set || reader->set->n_postcodes == 0)
        hcb__diag_error(reader->ctx, &where,
                        "there is no file of postcodes to find %s in; give lat and lon, or easting and northing",
                        hcb__show(text, len).text);
    else
        hcb__diag_error(reader->ctx, &where, "the postcode %s is not in the file of postcodes",
                        hcb__show(text, len).text);
    return false;
}

bool hcb__place_read(hcb__place_reader *reader, hcb__csv *csv, const hcb__place_columns *columns, hcb__place *out) {
    hcb__point degrees, grid;
    *out = (hcb__place){.postcode = -1};
    hcb__cell has_degrees = read_pair(reader, csv, columns->lon, columns->lat, &degrees, hcb__degrees_problem);
    hcb__cell has_grid = read_pair(reader, csv, columns->easting, columns->northing, &grid, hcb__grid_problem);
    bool has_point = has_degrees != HCB__CELL_EMPTY || has_grid != HCB__CELL_EMPTY;
    bool good = has_degrees != HCB__CELL_BAD && has_grid != HCB__CELL_BAD;
    good &= read_postcode(reader, csv, columns->postcode, has_point, &out->postcode);
    if (good && has_degrees == HCB__CELL_OK)
        good = to_metres(reader, csv, columns->lat, &degrees);
    if (!good)
        return false;
    if (has_degrees == HCB__CELL_OK && has_grid == HCB__CELL_OK) {
        double apart = hcb__distance(degrees, grid);
        if (apart > DISAGREE_M) {
            hcb__where where = hcb__csv_where(csv, columns->easting);
            hcb__diag_error(reader->ctx, &where,
                            "lat and lon are %s m away from easting and northing; at most %s m were expected",
                            hcb__show_number(round(apart)).text, hcb__show_number(DISAGREE_M).text);
            return false;
        }
    }
    if (has_point) {
        /* The grid reference is what a map gives; degrees went through a transformation. */
        out->point = hcb__to_centimetres(has_grid == HCB__CELL_OK ? grid : degrees);
        out->given = true;
        if (out->postcode >= 0) {
            double apart = hcb__distance(out->point, reader->set->postcodes[out->postcode].point);
            if (apart > POSTCODE_FAR_M) {
                hcb__where where = hcb__csv_where(csv, columns->postcode);
                hcb__diag_warning(reader->ctx, &where, "the postcode %s is %s km away from the position, which is used",
                                  reader->set->postcodes[out->postcode].code,
                                  hcb__show_number(round(apart / 100) / 10).text);
            }
        }
    } else if (out->postcode >= 0) {
        out->point = reader->set->postcodes[out->postcode].point;
        out->given = out->only_postcode = true;
    }
    return true;
}
