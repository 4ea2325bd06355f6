/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verifier's map: zones, small areas, postcodes, and which of them holds a point. */
#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "allocation/verify_data.h"
#include "io/file.h"
#include "io/json.h"

static const double border_m = 0.001;

/* Whether p is within `border_m` of the segment from a to b. */
static bool on_segment(hcb__point p, hcb__point a, hcb__point b) {
    if (p.x < fmin(a.x, b.x) - border_m || p.x > fmax(a.x, b.x) + border_m || p.y < fmin(a.y, b.y) - border_m ||
        p.y > fmax(a.y, b.y) + border_m)
        return false;
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    hcb__point nearest = {a.x + t * dx, a.y + t * dy};
    return hcb__distance(p, nearest) <= border_m;
}

bool hcb__vf_shape_holds(const hcb__vf_shape *shape, hcb__point p) {
    if (!shape->n_rings || p.x < shape->min_x - border_m || p.x > shape->max_x + border_m ||
        p.y < shape->min_y - border_m || p.y > shape->max_y + border_m)
        return false;
    bool inside = false;
    for (size_t r = 0; r < shape->n_rings; r++)
        for (size_t i = shape->ring_start[r]; i + 1 < shape->ring_start[r + 1]; i++) {
            hcb__point a = shape->at[i], b = shape->at[i + 1];
            if (on_segment(p, a, b))
                return true;
            if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x))
                inside = !inside;
        }
    return inside;
}

/* Appends the rings of one polygon; counts only when shape->at is not there yet. */
static bool add_rings(hcb__json *polygon, hcb__vf_shape *shape, size_t *points) {
    for (size_t r = 0; r < hcb__json_count(polygon); r++) {
        hcb__json *ring = hcb__json_at(polygon, r);
        size_t n = hcb__json_count(ring);
        if (n < 4)
            return false;
        if (shape->at) {
            shape->ring_start[shape->n_rings] = *points;
            for (size_t i = 0; i < n; i++) {
                hcb__json *point = hcb__json_at(ring, i);
                hcb__point *at = &shape->at[*points + i];
                if (!hcb__json_number(hcb__json_at(point, 0), &at->x) ||
                    !hcb__json_number(hcb__json_at(point, 1), &at->y))
                    return false;
            }
        }
        shape->n_rings++;
        *points += n;
    }
    return true;
}

static bool add_geometry(hcb__json *geometry, hcb__vf_shape *shape, size_t *points) {
    const char *type = hcb__json_string(hcb__json_get(geometry, "type"), NULL);
    hcb__json *coordinates = hcb__json_get(geometry, "coordinates");
    *points = shape->n_rings = 0;
    if (!type)
        return false;
    if (strcmp(type, "Polygon") == 0)
        return add_rings(coordinates, shape, points);
    if (strcmp(type, "MultiPolygon") != 0)
        return false;
    for (size_t i = 0; i < hcb__json_count(coordinates); i++)
        if (!add_rings(hcb__json_at(coordinates, i), shape, points))
            return false;
    return true;
}

/* False when the geometry is not usable. */
static bool read_shape(hcb__vf *vf, hcb__crs *crs, hcb__json *geometry, hcb__vf_shape *out) {
    hcb__vf_shape shape = {0};
    size_t n, bad;
    if (!add_geometry(geometry, &shape, &n) || !n)
        return false;
    shape.ring_start = hcb__vf_new(vf, shape.n_rings + 1, sizeof *shape.ring_start);
    shape.at = hcb__vf_new(vf, n, sizeof *shape.at);
    if (vf->nomem || !add_geometry(geometry, &shape, &n) || !hcb__crs_forward(crs, shape.at, n, &bad))
        return false;
    shape.ring_start[shape.n_rings] = n;
    shape.min_x = shape.min_y = INFINITY;
    shape.max_x = shape.max_y = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        shape.at[i] = hcb__to_centimetres(shape.at[i]);
        shape.min_x = fmin(shape.min_x, shape.at[i].x);
        shape.min_y = fmin(shape.min_y, shape.at[i].y);
        shape.max_x = fmax(shape.max_x, shape.at[i].x);
        shape.max_y = fmax(shape.max_y, shape.at[i].y);
    }
    *out = shape;
    return true;
}

/* The text of a property; numbers that are whole count as their digits. */
static const char *property(hcb__vf *vf, hcb__json *properties, const char *key) {
    size_t len;
    hcb__json *value = hcb__json_get(properties, key);
    const char *s = hcb__json_string(value, &len);
    int64_t number;
    if (s)
        return hcb__vf_keep(vf, s, len);
    if (!hcb__json_int(value, &number))
        return NULL;
    hcb__text text;
    hcb__text_init(&text, &vf->ctx->mem);
    hcb__text_int(&text, number);
    vf->nomem |= text.failed;
    s = text.failed ? NULL : hcb__vf_keep(vf, text.at, text.count);
    hcb__text_free(&text);
    return s;
}

/* Opens a feature collection and the transformation from its coordinates. */
static bool open_features(hcb__vf *vf, const char *path, const char *shown, hcb__json_doc **doc, hcb__crs **crs,
                          hcb__json **features) {
    if (hcb__json_load(doc, vf->ctx, path, shown) != HCB_OK)
        return false;
    hcb__json *root = hcb__json_root(*doc);
    const char *name =
        hcb__json_string(hcb__json_get(hcb__json_get(hcb__json_get(root, "crs"), "properties"), "name"), NULL);
    *features = hcb__json_get(root, "features");
    if (hcb__crs_create(crs, vf->ctx, name ? name : "EPSG:4326", NULL) == HCB_OK)
        return true;
    hcb__json_close(*doc);
    *doc = NULL;
    return false;
}

static int zones_by_id(const void *a, const void *b) {
    return hcb__compare_ids(((const hcb__vf_zone *)a)->id, ((const hcb__vf_zone *)b)->id);
}

bool hcb__vf_read_zones(hcb__vf *vf, const char *path, const char *shown) {
    hcb__json_doc *doc;
    hcb__crs *crs;
    hcb__json *features;
    if (!open_features(vf, path, shown, &doc, &crs, &features))
        return false;
    for (size_t i = 0; i < hcb__json_count(features) && !vf->nomem; i++) {
        hcb__json *feature = hcb__json_at(features, i), *properties = hcb__json_get(feature, "properties");
        hcb__where where = {.file = shown, .line = (int64_t)i + 1};
        hcb__vf_zone zone = {.class_no = HCB__VF_NONE};
        zone.id = property(vf, properties, "zone_id");
        zone.name = property(vf, properties, "name");
        if (!zone.name)
            zone.name = "";
        zone.class_no =
            hcb__vf_word(hcb__vf_classes, HCB__VF_CLASSES, hcb__json_string(hcb__json_get(properties, "class"), NULL));
        (void)hcb__json_bool(hcb__json_get(properties, "prime"), &zone.prime);
        for (int b = 0; b < HCB__VF_BANDS; b++)
            zone.price[b] = HCB__VF_NONE;
        if (!zone.id || !read_shape(vf, crs, hcb__json_get(feature, "geometry"), &zone.shape))
            hcb__diag_error(vf->ctx, &where, "feature %zu is not a zone that can be read", i);
        else
            vf->nomem |= !HCB__PUSH(&vf->ctx->mem, &vf->zones, zone);
    }
    hcb__crs_free(crs);
    hcb__json_close(doc);
    if (vf->nomem)
        return false;
    if (vf->zones.count)
        qsort(vf->zones.at, vf->zones.count, sizeof *vf->zones.at, zones_by_id);
    for (size_t i = 0; i < vf->zones.count; i++)
        if (hcb__idmap_get(&vf->zone_ids, vf->zones.at[i].id, strlen(vf->zones.at[i].id)) < 0)
            vf->nomem |= !hcb__idmap_put(&vf->zone_ids, vf->zones.at[i].id, (int32_t)i);
    return !vf->nomem;
}

static int areas_by_id(const void *a, const void *b) {
    return hcb__compare_ids(((const hcb__vf_area *)a)->id, ((const hcb__vf_area *)b)->id);
}

static bool read_area_shapes(hcb__vf *vf, const char *path, const char *shown) {
    static const char *const keys[] = {"area_id", "code", "id"};
    hcb__json_doc *doc;
    hcb__crs *crs;
    hcb__json *features;
    if (!open_features(vf, path, shown, &doc, &crs, &features))
        return false;
    for (size_t i = 0; i < hcb__json_count(features) && !vf->nomem; i++) {
        hcb__json *feature = hcb__json_at(features, i), *properties = hcb__json_get(feature, "properties");
        const char *id = NULL;
        for (int k = 0; k < 3 && !id; k++)
            id = property(vf, properties, keys[k]);
        int32_t area = id ? hcb__idmap_get(&vf->area_ids, id, strlen(id)) : HCB__VF_NONE;
        if (area >= 0 && read_shape(vf, crs, hcb__json_get(feature, "geometry"), &vf->areas.at[area].shape))
            vf->area_shapes = true;
    }
    hcb__crs_free(crs);
    hcb__json_close(doc);
    return !vf->nomem;
}

/* An area without a zone of its own lies in the zone whose polygon holds its point. */
static void place_areas(hcb__vf *vf) {
    for (size_t a = 0; a < vf->areas.count; a++)
        for (size_t z = 0; z < vf->zones.count && vf->areas.at[a].zone == HCB__VF_NONE; z++)
            if (hcb__vf_shape_holds(&vf->zones.at[z].shape, vf->areas.at[a].at))
                vf->areas.at[a].zone = (int32_t)z;
}

bool hcb__vf_read_areas(hcb__vf *vf, const char *path, const char *shown, const char *geojson) {
    enum { ID, POSTCODE, LAT, LON, EASTING, NORTHING, ZONE, BAND, N = BAND + 4 };
    static const hcb__csv_column columns[N] = {{"area_id", true},     {"postcode", false}, {"lat", false},
                                               {"lon", false},        {"easting", false},  {"northing", false},
                                               {"zone_id", false},    {"band", false},     {"name", false},
                                               {"households", false}, {"people65", false}};
    hcb__csv *csv;
    if (hcb__vf_open(&csv, vf, path, shown, "areas", columns, N) != HCB_OK)
        return false;
    while (!vf->nomem && hcb__csv_next(csv)) {
        hcb__vf_area area = {.zone = HCB__VF_NONE, .band = HCB__VF_NONE};
        const char *id, *zone;
        size_t len;
        int32_t postcode;
        if (hcb__csv_id(csv, ID, &id, &len) != HCB__CELL_OK)
            continue;
        area.id = hcb__vf_keep(vf, id, len);
        if (!hcb__vf_place(vf, csv, POSTCODE, &area.at, &postcode))
            continue;
        if ((zone = hcb__csv_text(csv, ZONE, &len)) != NULL)
            area.zone = hcb__idmap_get(&vf->zone_ids, zone, len);
        (void)hcb__csv_word(csv, BAND, hcb__vf_bands, HCB__VF_BANDS, &area.band);
        vf->nomem |= !HCB__PUSH(&vf->ctx->mem, &vf->areas, area);
    }
    hcb__csv_close(csv);
    if (vf->nomem)
        return false;
    if (vf->areas.count)
        qsort(vf->areas.at, vf->areas.count, sizeof *vf->areas.at, areas_by_id);
    for (size_t i = 0; i < vf->areas.count; i++)
        if (hcb__idmap_get(&vf->area_ids, vf->areas.at[i].id, strlen(vf->areas.at[i].id)) < 0)
            vf->nomem |= !hcb__idmap_put(&vf->area_ids, vf->areas.at[i].id, (int32_t)i);
    place_areas(vf);
    return !vf->nomem && (!geojson || read_area_shapes(vf, geojson, shown));
}

/* A postcode without spaces, in capitals; "" when it is too long to be one. */
static void plain_postcode(const char *s, size_t len, char out[16]) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        if (s[i] != ' ' && n < 15)
            out[n++] = (char)toupper((unsigned char)s[i]);
    out[n] = '\0';
}

static bool read_grid(hcb__csv *csv, size_t easting, size_t northing, hcb__point *at) {
    hcb__point p;
    if (hcb__csv_double(csv, easting, -1e7, 1e7, &p.x) != HCB__CELL_OK ||
        hcb__csv_double(csv, northing, -1e7, 1e7, &p.y) != HCB__CELL_OK)
        return false;
    *at = hcb__to_centimetres(p);
    return true;
}

/* Latitude in the column given, longitude in the one behind it. */
static bool read_degrees(hcb__vf *vf, hcb__csv *csv, size_t lat, hcb__point *at) {
    hcb__point p;
    size_t bad;
    if (hcb__csv_double(csv, lat, -90, 90, &p.y) != HCB__CELL_OK ||
        hcb__csv_double(csv, lat + 1, -180, 180, &p.x) != HCB__CELL_OK)
        return false;
    if ((!vf->degrees && hcb__crs_create(&vf->degrees, vf->ctx, "EPSG:4326", NULL) != HCB_OK) ||
        !hcb__crs_forward(vf->degrees, &p, 1, &bad))
        return false;
    *at = hcb__to_centimetres(p);
    return true;
}

enum { PC_NAME, PC_EASTING, PC_NORTHING, PC_AREA, PC_LAT, PC_LON, PC_N };

static void read_postcode_rows(hcb__vf *vf, hcb__csv *csv, size_t easting, size_t northing, size_t area,
                               size_t degrees) {
    while (!vf->nomem && hcb__csv_next(csv)) {
        hcb__vf_postcode record = {0};
        char key[16];
        size_t len;
        const char *name = hcb__csv_text(csv, PC_NAME, &len), *text;
        if (!name ||
            (degrees < PC_N && !hcb__csv_text(csv, easting, NULL) ? !read_degrees(vf, csv, degrees, &record.at)
                                                                  : !read_grid(csv, easting, northing, &record.at)))
            continue;
        plain_postcode(name, len, key);
        if (area < PC_N && (text = hcb__csv_text(csv, area, &len)) != NULL)
            record.area_id = hcb__vf_keep(vf, text, len);
        if (hcb__idmap_get(&vf->postcode_ids, key, strlen(key)) >= 0)
            continue;
        const char *kept = hcb__vf_keep(vf, key, strlen(key));
        vf->nomem |= !kept || !HCB__PUSH(&vf->ctx->mem, &vf->postcodes, record) ||
                     !hcb__idmap_put(&vf->postcode_ids, kept, (int32_t)vf->postcodes.count - 1);
    }
}

/* Code-Point Open has no header: its files begin with a quoted postcode. */
static bool has_header(hcb__vf *vf, const char *path, const char *shown) {
    char *bytes;
    size_t size, i = 0;
    if (hcb__file_read(&bytes, &size, vf->ctx, path, shown) != HCB_OK)
        return true;
    bool digit = false;
    for (; i < size && bytes[i] != ',' && bytes[i] != '\n'; i++)
        digit |= bytes[i] >= '0' && bytes[i] <= '9';
    hcb__free(&vf->ctx->mem, bytes);
    return !digit;
}

static bool read_postcode_file(hcb__vf *vf, const char *path, const char *shown) {
    enum { FEW = PC_AREA + 1 };
    static const hcb__csv_column ours[PC_N] = {{"postcode", true}, {"easting", false}, {"northing", false},
                                               {"area_id", false}, {"lat", false},     {"lon", false}};
    static const hcb__csv_column onspd[FEW] = {{"pcds", true}, {"oseast1m", true}, {"osnrth1m", true}, {"oa21", false}};
    static const hcb__csv_column code_point[FEW] = {
        {"postcode", true}, {"quality", true}, {"easting", true}, {"northing", true}};
    hcb__csv *csv;
    if (!has_header(vf, path, shown)) {
        if (hcb__csv_open_headerless(&csv, vf->ctx, path, shown, code_point, FEW) != HCB_OK)
            return false;
        read_postcode_rows(vf, csv, 2, 3, PC_N, PC_N);
    } else {
        char *bytes;
        size_t size;
        if (hcb__file_read(&bytes, &size, vf->ctx, path, shown) != HCB_OK)
            return false;
        char *end = strchr(bytes, '\n'), *found = strstr(bytes, "pcds");
        bool is_onspd = found && end && found < end;
        hcb__free(&vf->ctx->mem, bytes);
        if (hcb__vf_open(&csv, vf, path, shown, "postcodes", is_onspd ? onspd : ours, is_onspd ? FEW : PC_N) != HCB_OK)
            return false;
        read_postcode_rows(vf, csv, PC_EASTING, PC_NORTHING, PC_AREA, is_onspd ? PC_N : PC_LAT);
    }
    hcb__csv_close(csv);
    return !vf->nomem;
}

bool hcb__vf_read_postcodes(hcb__vf *vf, const char *path, const char *shown) {
    if (!hcb__folder_exists(path))
        return read_postcode_file(vf, path, shown);
    DIR *folder = opendir(path);
    struct dirent *entry;
    bool ok = folder != NULL;
    while (ok && (entry = readdir(folder)) != NULL) {
        size_t len = strlen(entry->d_name);
        if (len < 5 || strcmp(entry->d_name + len - 4, ".csv") != 0)
            continue;
        char *file = hcb__path_join(&vf->arena, path, entry->d_name);
        vf->nomem |= !file;
        ok = file && read_postcode_file(vf, file, shown);
    }
    if (folder)
        closedir(folder);
    return ok;
}

bool hcb__vf_place(hcb__vf *vf, hcb__csv *csv, size_t first, hcb__point *at, int32_t *postcode) {
    size_t len;
    *postcode = HCB__VF_NONE;
    if (hcb__csv_text(csv, first + 3, NULL) && hcb__csv_text(csv, first + 4, NULL))
        return read_grid(csv, first + 3, first + 4, at);
    if (hcb__csv_text(csv, first + 1, NULL) && hcb__csv_text(csv, first + 2, NULL) &&
        read_degrees(vf, csv, first + 1, at))
        return true;
    const char *text = hcb__csv_text(csv, first, &len);
    if (text) {
        char key[16];
        plain_postcode(text, len, key);
        int32_t found = hcb__idmap_get(&vf->postcode_ids, key, strlen(key));
        if (found >= 0) {
            *postcode = found;
            *at = vf->postcodes.at[found].at;
            return true;
        }
    }
    hcb__where where = hcb__csv_where_row(csv);
    hcb__diag_error(vf->ctx, &where, "the record has no position that is known");
    return false;
}

void hcb__vf_locate(const hcb__vf *vf, hcb__point at, int32_t area, int32_t *zone, int32_t *band) {
    if (area >= 0 && *zone < 0)
        *zone = vf->areas.at[area].zone;
    if (area >= 0 && *band < 0)
        *band = vf->areas.at[area].band;
    for (size_t z = 0; z < vf->zones.count && *zone < 0; z++)
        if (hcb__vf_shape_holds(&vf->zones.at[z].shape, at))
            *zone = (int32_t)z;
    if (*zone < 0 || *band >= 0)
        return;
    if (vf->area_shapes) {
        for (size_t a = 0; a < vf->areas.count; a++)
            if (hcb__vf_shape_holds(&vf->areas.at[a].shape, at)) {
                *band = vf->areas.at[a].band;
                return;
            }
        return;
    }
    double least = INFINITY;
    for (size_t a = 0; a < vf->areas.count; a++) {
        double d = vf->areas.at[a].zone == *zone ? hcb__distance(vf->areas.at[a].at, at) : INFINITY;
        if (d < least) {
            least = d;
            *band = vf->areas.at[a].band;
        }
    }
}
