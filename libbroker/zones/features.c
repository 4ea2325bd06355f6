/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/features.h"

#include "geo/ogr.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "geo/crs_plane.h"
#include "io/value.h"

/* Other names of longitude and latitude on WGS 84; in GeoJSON longitude always comes first. */
static bool is_wgs84(const char *name) {
    static const char *const names[] = {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84",
                                        "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static hcb_status refuse(hcb__features *f, hcb_status code, const char *pointer, const char *message) {
    hcb__where where = {f->shown, 0, 0, pointer};
    hcb__diag_error(f->ctx, &where, "%s", message);
    return hcb__fail_at(f->ctx, code, &where, "%s", message);
}

static hcb_status read_crs(hcb__features *f, const hcb__json *crs, bool plane) {
    static const char *const pointer = "/crs/properties/name";
    const char *name = NULL;
    hcb__json_kind kind = hcb__json_kind_of(crs);
    if (kind != HCB__JSON_ABSENT && kind != HCB__JSON_NULL) {
        const char *type = hcb__json_string(hcb__json_get(crs, "type"), NULL);
        name = hcb__json_string(hcb__json_get(hcb__json_get(crs, "properties"), "name"), NULL);
        if (!type || strcmp(type, "name") != 0 || !name)
            return refuse(f, HCB_ECRS, "/crs",
                          "the old \"crs\" member must name a CRS: "
                          "{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:27700\"}}");
    }
    name = name ? name : "";
    f->crs_name = hcb__strndup(&f->ctx->mem, name, strlen(name));
    if (!f->crs_name)
        return hcb__nomem(f->ctx);
    if (!*name || is_wgs84(name))
        return HCB_OK;
    hcb_status status = plane ? hcb__crs_plane(&f->plane, &f->unit_m, f->ctx, name) : HCB_OK;
    if (status == HCB_OK && !f->plane)
        status = hcb__crs_create(&f->own, f->ctx, name, NULL);
    if (status == HCB_ECRS) {
        hcb__where where = {f->shown, 0, 0, pointer};
        hcb__diag_error(f->ctx, &where, "the CRS %s cannot be used: %s", hcb__show(name, strlen(name)).text,
                        hcb_context_error(f->ctx)->message);
    }
    return status;
}

static hcb_status load(hcb__json_doc **out, hcb_context *ctx, const char *path, const char *shown) {
    if (!hcb__ogr_wants(path))
        return hcb__json_load(out, ctx, path, shown);
    hcb__text text;
    hcb__text_init(&text, &ctx->mem);
    hcb_status status = hcb__ogr_read(&text, ctx, path, shown);
    if (status == HCB_OK)
        status = hcb__json_parse(out, ctx, text.at, text.count, shown);
    hcb__text_free(&text);
    return status;
}

static hcb_status open_file(hcb__features *out, hcb_context *ctx, const char *path, const char *shown,
                            hcb__degrees *degrees, bool plane) {
    memset(out, 0, sizeof *out);
    out->ctx = ctx;
    out->shown = shown;
    out->degrees = degrees;
    hcb_status status = load(&out->doc, ctx, path, shown);
    if (status != HCB_OK)
        return status;
    const hcb__json *root = hcb__json_root(out->doc);
    const char *type = hcb__json_string(hcb__json_get(root, "type"), NULL);
    out->list = hcb__json_get(root, "features");
    if (!type || strcmp(type, "FeatureCollection") != 0)
        status = refuse(out, HCB_EPARSE, "/type", "a GeoJSON FeatureCollection was expected");
    else if (hcb__json_kind_of(out->list) != HCB__JSON_ARRAY)
        status = refuse(out, HCB_EPARSE, "/features", "a list of features was expected");
    else
        status = read_crs(out, hcb__json_get(root, "crs"), plane);
    if (status == HCB_OK)
        out->count = hcb__json_count(out->list);
    else
        hcb__features_close(out);
    return status;
}

hcb_status hcb__features_open(hcb__features *out, hcb_context *ctx, const char *path, const char *shown,
                              hcb__degrees *degrees) {
    return open_file(out, ctx, path, shown, degrees, false);
}

hcb_status hcb__features_open_plane(hcb__features *out, hcb_context *ctx, const char *path, const char *shown,
                                    hcb__degrees *degrees) {
    return open_file(out, ctx, path, shown, degrees, true);
}

void hcb__features_close(hcb__features *f) {
    if (!f->doc)
        return;
    hcb__json_close(f->doc);
    hcb__crs_free(f->own);
    hcb__free(&f->ctx->mem, f->crs_name);
    memset(f, 0, sizeof *f);
}

hcb__crs *hcb__features_crs(hcb__features *f) {
    return f->own ? f->own : hcb__degrees_crs(f->degrees);
}

hcb__where hcb__features_where(const hcb__features *f, size_t i, hcb__pointer *pointer, const char *format, ...) {
    int used = snprintf(pointer->text, sizeof pointer->text, "/features/%zu", i);
    va_list args;
    va_start(args, format);
    vsnprintf(pointer->text + used, sizeof pointer->text - (size_t)used, format, args);
    va_end(args);
    return (hcb__where){f->shown, 0, 0, pointer->text};
}

hcb__json *hcb__features_property(const hcb__features *f, size_t i, const char *name) {
    return hcb__json_get(hcb__json_get(hcb__json_at(f->list, i), "properties"), name);
}

bool hcb__features_id(const hcb__features *f, size_t i, const char *const *names, size_t n, hcb__feature_id *id) {
    const hcb__json *value = NULL;
    hcb__pointer pointer;
    hcb__where where;
    for (size_t k = 0; k < n && !value; k++) {
        value = hcb__features_property(f, i, names[k]);
        id->from = names[k];
        where = hcb__features_where(f, i, &pointer, "/properties/%s", names[k]);
    }
    if (!value) {
        value = hcb__json_get(hcb__json_at(f->list, i), "id");
        id->from = "id";
        where = hcb__features_where(f, i, &pointer, "/%s", value ? "id" : "properties");
    }
    if (!value) {
        hcb__diag_error(f->ctx, &where, "feature %zu has no \"%s\" among its properties", i, names[0]);
        return false;
    }
    size_t len;
    const char *text = hcb__json_string(value, &len);
    int64_t number;
    hcb__why why;
    if (text && !hcb__value_id(text, len, &why)) {
        hcb__diag_error(f->ctx, &where, "%s", why.text);
        return false;
    }
    if (text)
        snprintf(id->text, sizeof id->text, "%s", text);
    else if (hcb__json_int(value, &number))
        snprintf(id->text, sizeof id->text, "%" PRId64, number);
    else {
        hcb__diag_error(f->ctx, &where, "the id must be text or a whole number");
        return false;
    }
    return true;
}

/* Walks the coordinates of a Polygon or MultiPolygon alike. */
typedef struct walk {
    const hcb__features *f;
    size_t feature;
    const char *label;
    const hcb__json *coordinates;
    bool multi, bad;
} walk;

static hcb__where ring_where(const walk *w, hcb__pointer *pointer, size_t part, size_t ring, long position) {
    char tail[32] = "";
    if (position >= 0)
        snprintf(tail, sizeof tail, "/%ld", position);
    if (w->multi)
        return hcb__features_where(w->f, w->feature, pointer, "/geometry/coordinates/%zu/%zu%s", part, ring, tail);
    return hcb__features_where(w->f, w->feature, pointer, "/geometry/coordinates/%zu%s", ring, tail);
}

static const hcb__json *part_at(const walk *w, size_t part) {
    return w->multi ? hcb__json_at(w->coordinates, part) : w->coordinates;
}

static void complain(walk *w, const hcb__where *where, const char *message) {
    hcb__diag_error(w->f->ctx, where, "%s: %s", w->label, message);
    w->bad = true;
}

static bool begin_walk(walk *w) {
    hcb__pointer pointer;
    const hcb__json *feature = hcb__json_at(w->f->list, w->feature), *geometry = hcb__json_get(feature, "geometry");
    const char *type = hcb__json_string(hcb__json_get(geometry, "type"), NULL);
    const char *kind = hcb__json_string(hcb__json_get(feature, "type"), NULL);
    hcb__where where = hcb__features_where(w->f, w->feature, &pointer, "/geometry");
    w->multi = type && strcmp(type, "MultiPolygon") == 0;
    w->coordinates = hcb__json_get(geometry, "coordinates");
    if (!kind || strcmp(kind, "Feature") != 0) {
        where = hcb__features_where(w->f, w->feature, &pointer, "/type");
        complain(w, &where, "a Feature was expected");
    } else if (!type || (!w->multi && strcmp(type, "Polygon") != 0)) {
        complain(w, &where, "a geometry of type Polygon or MultiPolygon was expected");
    } else if (hcb__json_kind_of(w->coordinates) != HCB__JSON_ARRAY || hcb__json_count(w->coordinates) == 0) {
        where = hcb__features_where(w->f, w->feature, &pointer, "/geometry/coordinates");
        complain(w, &where, "a list of rings that is not empty was expected");
    }
    return !w->bad;
}

/* Room for everything: rings and points are counted first. */
static bool count_rings(walk *w, hcb__polygon *out) {
    hcb__pointer pointer;
    size_t n_parts = w->multi ? hcb__json_count(w->coordinates) : 1, n_rings = 0, n_points = 0;
    for (size_t p = 0; p < n_parts; p++) {
        const hcb__json *part = part_at(w, p);
        size_t n = hcb__json_kind_of(part) == HCB__JSON_ARRAY ? hcb__json_count(part) : 0;
        if (n == 0) {
            hcb__where where = hcb__features_where(w->f, w->feature, &pointer, "/geometry/coordinates/%zu", p);
            complain(w, &where, "a list of rings that is not empty was expected");
        }
        n_rings += n;
        for (size_t r = 0; r < n; r++) {
            const hcb__json *ring = hcb__json_at(part, r);
            if (hcb__json_kind_of(ring) == HCB__JSON_ARRAY) {
                n_points += hcb__json_count(ring);
            } else {
                hcb__where where = ring_where(w, &pointer, p, r, -1);
                complain(w, &where, "a ring, that is a list of positions, was expected");
            }
        }
    }
    if (n_points > INT32_MAX) {
        hcb__where where = hcb__features_where(w->f, w->feature, &pointer, "/geometry");
        complain(w, &where, "more points than can be handled");
    }
    out->n_parts = (int32_t)n_parts;
    out->n_rings = (int32_t)n_rings;
    out->n_points = w->bad ? 0 : (int32_t)n_points;
    return !w->bad;
}

static void read_ring(walk *w, size_t p, size_t r, const hcb__json *ring, hcb__point *points) {
    hcb__pointer pointer;
    size_t n = hcb__json_count(ring);
    bool good = true;
    for (size_t i = 0; i < n; i++) {
        const hcb__json *position = hcb__json_at(ring, i);
        if (hcb__json_kind_of(position) != HCB__JSON_ARRAY || hcb__json_count(position) < 2 ||
            !hcb__json_number(hcb__json_at(position, 0), &points[i].x) ||
            !hcb__json_number(hcb__json_at(position, 1), &points[i].y)) {
            hcb__where where = ring_where(w, &pointer, p, r, (long)i);
            complain(w, &where, "a position, that is a list of two numbers, was expected");
            good = false;
        }
    }
    hcb__where where = ring_where(w, &pointer, p, r, -1);
    if (n < 4) {
        hcb__diag_error(w->f->ctx, &where,
                        "%s: the ring has %zu position%s; it needs four or more, the last one equal to the first",
                        w->label, n, n == 1 ? "" : "s");
        w->bad = true;
    } else if (good && (points[0].x != points[n - 1].x || points[0].y != points[n - 1].y)) {
        where = ring_where(w, &pointer, p, r, (long)n - 1);
        hcb__diag_error(w->f->ctx, &where, "%s: the ring is not closed: it begins at %s, %s and ends at %s, %s",
                        w->label, hcb__show_number(points[0].x).text, hcb__show_number(points[0].y).text,
                        hcb__show_number(points[n - 1].x).text, hcb__show_number(points[n - 1].y).text);
        w->bad = true;
    }
}

bool hcb__features_rings(const hcb__features *f, size_t i, const char *label, hcb__arena *arena, hcb__polygon *out) {
    walk w = {.f = f, .feature = i, .label = label};
    memset(out, 0, sizeof *out);
    if (!begin_walk(&w) || !count_rings(&w, out))
        return false;
    int32_t *part_start = hcb__arena_alloc(arena, (size_t)out->n_parts + 1, sizeof *part_start);
    int32_t *ring_start = hcb__arena_alloc(arena, (size_t)out->n_rings + 1, sizeof *ring_start);
    hcb__point *points = hcb__arena_alloc(arena, (size_t)out->n_points, sizeof *points);
    if (!part_start || !ring_start || !points) {
        (void)!hcb__nomem(f->ctx);
        return false;
    }
    int32_t at_ring = 0, at_point = 0;
    for (int32_t p = 0; p < out->n_parts; p++) {
        const hcb__json *part = part_at(&w, (size_t)p);
        part_start[p] = at_ring;
        for (size_t r = 0; r < hcb__json_count(part); r++) {
            const hcb__json *ring = hcb__json_at(part, r);
            ring_start[at_ring++] = at_point;
            read_ring(&w, (size_t)p, r, ring, points + at_point);
            at_point += (int32_t)hcb__json_count(ring);
        }
    }
    part_start[out->n_parts] = at_ring;
    ring_start[at_ring] = at_point;
    out->part_start = part_start;
    out->ring_start = ring_start;
    out->points = points;
    return !w.bad;
}

/* The pointer of point k. */
static hcb__where point_where(const walk *w, hcb__pointer *pointer, const hcb__polygon *raw, int32_t k) {
    int32_t part = 0;
    for (int32_t r = 0; r < raw->n_rings; r++) {
        while (r >= raw->part_start[part + 1])
            part++;
        if (k < raw->ring_start[r + 1])
            return ring_where(w, pointer, (size_t)part, (size_t)(r - raw->part_start[part]), k - raw->ring_start[r]);
    }
    return hcb__features_where(w->f, w->feature, pointer, "/geometry/coordinates");
}

/* Coordinates that cannot be what the file says they are: the first of each ring, with their number. */
static void check_coordinates(walk *w, const hcb__polygon *raw, bool degrees) {
    hcb__pointer pointer;
    const char *(*problem_of)(hcb__point) = degrees ? hcb__degrees_problem : hcb__grid_problem;
    for (int32_t r = 0; r < raw->n_rings; r++) {
        int32_t first = -1, count = 0;
        for (int32_t k = raw->ring_start[r]; k < raw->ring_start[r + 1]; k++)
            if (problem_of(raw->points[k])) {
                first = count++ ? first : k;
            }
        if (!count)
            continue;
        hcb__point p = raw->points[first];
        hcb__where where = point_where(w, &pointer, raw, first);
        char more[64] = "";
        if (count > 1)
            snprintf(more, sizeof more, " (and %d further position%s of this ring)", count - 1, count == 2 ? "" : "s");
        hcb__diag_error(w->f->ctx, &where, "%s: %s, %s %s%s%s%s", w->label, hcb__show_number(p.x).text,
                        hcb__show_number(p.y).text, problem_of(p), *w->f->crs_name ? "; the file says they are " : "",
                        w->f->crs_name, more);
        w->bad = true;
    }
}

/* Source coordinates to whole centimetres of EPSG:27700. */
static hcb__point *to_metres(walk *w, hcb__features *f, const hcb__polygon *raw, hcb__arena *scratch) {
    hcb__pointer pointer;
    hcb__crs *crs = hcb__features_crs(f);
    hcb__point *points = crs ? hcb__arena_alloc(scratch, (size_t)raw->n_points, sizeof *points) : NULL;
    if (!points) {
        if (crs)
            (void)!hcb__nomem(f->ctx);
        return NULL;
    }
    bool degrees = hcb__crs_in_degrees(crs), bng = f->own && strstr(f->crs_name, "27700");
    if (degrees || bng)
        check_coordinates(w, raw, degrees);
    if (w->bad)
        return NULL;
    memcpy(points, raw->points, (size_t)raw->n_points * sizeof *points);
    size_t bad;
    if (!hcb__crs_forward(crs, points, (size_t)raw->n_points, &bad)) {
        hcb__where where = point_where(w, &pointer, raw, (int32_t)bad);
        hcb__diag_error(f->ctx, &where, "%s: %s, %s cannot be transformed to EPSG:27700", w->label,
                        hcb__show_number(raw->points[bad].x).text, hcb__show_number(raw->points[bad].y).text);
        return NULL;
    }
    for (int32_t k = 0; k < raw->n_points; k++) {
        const char *problem = hcb__grid_problem(points[k]);
        if (problem) {
            hcb__where where = point_where(w, &pointer, raw, k);
            hcb__diag_error(f->ctx, &where, "%s: %s, %s become %s, %s, which %s", w->label,
                            hcb__show_number(raw->points[k].x).text, hcb__show_number(raw->points[k].y).text,
                            hcb__show_number(points[k].x).text, hcb__show_number(points[k].y).text, problem);
            return NULL;
        }
        points[k] = hcb__to_centimetres(points[k]);
    }
    return points;
}

/* Points that repeat the one before go; outer rings turn left, holes right. */
static bool tidy(walk *w, const hcb__polygon *raw, const hcb__point *metres, hcb__arena *arena, hcb__polygon *out) {
    hcb__pointer pointer;
    int32_t *part_start = hcb__arena_alloc(arena, (size_t)raw->n_parts + 1, sizeof *part_start);
    int32_t *ring_start = hcb__arena_alloc(arena, (size_t)raw->n_rings + 1, sizeof *ring_start);
    hcb__point *points = hcb__arena_alloc(arena, (size_t)raw->n_points, sizeof *points);
    if (!part_start || !ring_start || !points) {
        (void)!hcb__nomem(w->f->ctx);
        return false;
    }
    memcpy(part_start, raw->part_start, ((size_t)raw->n_parts + 1) * sizeof *part_start);
    int32_t n = 0, part = 0;
    for (int32_t r = 0; r < raw->n_rings; r++) {
        while (r >= raw->part_start[part + 1])
            part++;
        ring_start[r] = n;
        for (int32_t k = raw->ring_start[r]; k < raw->ring_start[r + 1]; k++)
            if (n == ring_start[r] || metres[k].x != points[n - 1].x || metres[k].y != points[n - 1].y)
                points[n++] = metres[k];
        if (n - ring_start[r] < 4) {
            hcb__where where = point_where(w, &pointer, raw, raw->ring_start[r]);
            complain(w, &where, "the ring encloses nothing: it has less than three different points");
            continue;
        }
        bool outer = r == raw->part_start[part];
        if ((hcb__ring_area(points + ring_start[r], (size_t)(n - ring_start[r])) > 0) != outer)
            hcb__ring_reverse(points + ring_start[r], (size_t)(n - ring_start[r]));
    }
    ring_start[raw->n_rings] = n;
    *out = (hcb__polygon){raw->n_parts, raw->n_rings, n, part_start, ring_start, points, 0, 0, 0, 0};
    hcb__polygon_box(out);
    return !w->bad;
}

static bool is_valid(walk *w, hcb__features *f, hcb__geos *geos, const hcb__polygon *raw, const hcb__point *metres,
                     const hcb__polygon *polygon) {
    bool valid = false;
    const char *reason = "";
    hcb__point where_m;
    if (hcb__geos_valid(geos, polygon, &valid, &reason, &where_m) != HCB_OK || valid)
        return valid;
    int32_t nearest = 0;
    for (int32_t k = 1; k < raw->n_points; k++)
        if (hcb__distance(metres[k], where_m) < hcb__distance(metres[nearest], where_m))
            nearest = k;
    hcb__pointer pointer;
    hcb__where where = point_where(w, &pointer, raw, nearest);
    hcb__point source = where_m;
    size_t bad;
    char place[120] = "";
    if (hcb__crs_inverse(hcb__features_crs(f), &source, 1, &bad))
        snprintf(place, sizeof place, " (%s, %s in the file's coordinates)", hcb__show_number(source.x).text,
                 hcb__show_number(source.y).text);
    hcb__diag_error(f->ctx, &where, "%s: the polygon is not valid: %s at easting %s, northing %s%s", w->label, reason,
                    hcb__show_number(where_m.x).text, hcb__show_number(where_m.y).text, place);
    return false;
}

bool hcb__features_polygon(hcb__features *f, size_t i, const char *label, hcb__geos *geos, hcb__arena *arena,
                           hcb__arena *scratch, hcb__polygon *out) {
    walk w = {.f = f, .feature = i, .label = label};
    hcb__polygon raw;
    memset(out, 0, sizeof *out);
    if (!hcb__features_rings(f, i, label, scratch, &raw))
        return false;
    w.multi = strcmp(hcb__json_string(hcb__json_get(hcb__json_get(hcb__json_at(f->list, i), "geometry"), "type"), NULL),
                     "MultiPolygon") == 0;
    const hcb__point *metres = to_metres(&w, f, &raw, scratch);
    if (metres && tidy(&w, &raw, metres, arena, out) && is_valid(&w, f, geos, &raw, metres, out))
        return true;
    memset(out, 0, sizeof *out);
    return false;
}
