/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zones.geojson: polygons with zone_id, name, class, prime, hours_min, hours_max. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/value.h"
#include "zones/load.h"

static const double HOURS_HIGHEST = 1e6;

typedef struct reader {
    hcb__loader *loader;
    hcb__features features;
    hcb__arena scratch;
    size_t i;
    const char *label;
} reader;

static const char *const id_names[] = {"zone_id"};

static const hcb__json *property(reader *r, const char *name, hcb__pointer *pointer, hcb__where *where) {
    *where = hcb__features_where(&r->features, r->i, pointer, "/properties/%s", name);
    return hcb__features_property(&r->features, r->i, name);
}

static void read_name(reader *r, hcb__zone *zone) {
    hcb__pointer pointer;
    hcb__where where;
    const hcb__json *value = property(r, "name", &pointer, &where);
    size_t len;
    const char *text = hcb__json_string(value, &len);
    if (text && len) {
        zone->name = hcb__arena_strndup(&r->loader->set->arena, text, len);
    } else if (value && !text && hcb__json_kind_of(value) != HCB__JSON_NULL) {
        hcb__diag_error(r->loader->ctx, &where, "%s: the name must be text", r->label);
    }
    zone->name = zone->name ? zone->name : zone->id;
}

static void read_class(reader *r, hcb__zone *zone) {
    hcb__pointer pointer;
    hcb__where where;
    const hcb__json *value = property(r, "class", &pointer, &where);
    size_t len;
    const char *text = hcb__json_string(value, &len);
    hcb__why why;
    int32_t word = 0;
    if (!text)
        hcb__diag_error(r->loader->ctx, &where,
                        "%s: no class; one of large, medium, small_town, small_rural, rural_free was expected",
                        r->label);
    else if (!hcb__value_word(text, len, hcb__zone_class_words, HCB__ZONE_CLASSES, &word, &why))
        hcb__diag_error(r->loader->ctx, &where, "%s: the class: %s", r->label, why.text);
    zone->zone_class = (hcb__zone_class)word;
}

static void read_prime(reader *r, hcb__zone *zone) {
    hcb__pointer pointer;
    hcb__where where;
    const hcb__json *value = property(r, "prime", &pointer, &where);
    zone->prime = zone->zone_class != HCB__RURAL_FREE;
    if (value && hcb__json_kind_of(value) != HCB__JSON_NULL && !hcb__json_bool(value, &zone->prime))
        hcb__diag_error(r->loader->ctx, &where, "%s: prime must be true or false", r->label);
}

/* Minutes; -1 when not given. */
static int64_t read_hours(reader *r, const char *name) {
    hcb__pointer pointer;
    hcb__where where;
    const hcb__json *value = property(r, name, &pointer, &where);
    if (!value || hcb__json_kind_of(value) == HCB__JSON_NULL)
        return -1;
    size_t len;
    const char *text = hcb__json_string(value, &len);
    int64_t minutes = -1;
    double hours = -1;
    if (text) {
        if (!hcb__parse_hours(text, len, &minutes))
            minutes = -1;
    } else if (hcb__json_number(value, &hours) && hours >= 0 && hours <= HOURS_HIGHEST) {
        minutes = llround(hours * 60);
        if (fabs(hours * 60 - (double)minutes) > 0.3 + 1e-9) /* 0.005 h */
            minutes = -1;
    }
    if (minutes < 0)
        hcb__diag_error(r->loader->ctx, &where, "%s: %s must be hours a week, such as 1450.5 or \"14:20\"", r->label,
                        name);
    return minutes;
}

static bool read_zone(reader *r, hcb__zone *zone) {
    hcb__feature_id id;
    if (!hcb__features_id(&r->features, r->i, id_names, 1, &id))
        return false;
    char label[96];
    snprintf(label, sizeof label, "zone \"%s\"", id.text);
    zone->id = hcb__arena_strndup(&r->loader->set->arena, id.text, strlen(id.text));
    if (!zone->id)
        return false;
    r->label = label;
    read_name(r, zone);
    read_class(r, zone);
    read_prime(r, zone);
    zone->hours_min = read_hours(r, "hours_min");
    zone->hours_max = read_hours(r, "hours_max");
    if (zone->hours_max >= 0 && zone->hours_min > zone->hours_max) {
        hcb__pointer pointer;
        hcb__where where = hcb__features_where(&r->features, r->i, &pointer, "/properties/hours_min");
        hcb__diag_error(r->loader->ctx, &where, "%s: hours_min is greater than hours_max", label);
    }
    /* A zone whose polygon is wrong keeps its place, so that what refers to its id is not called wrong as well. */
    (void)hcb__features_polygon(&r->features, r->i, label, r->loader->geos, &r->loader->set->arena, &r->scratch,
                                &zone->polygon);
    r->label = NULL;
    return true;
}

typedef struct numbered_zone {
    hcb__zone zone;
    size_t feature;
} numbered_zone;

static int by_id(const void *va, const void *vb) {
    const numbered_zone *a = va, *b = vb;
    int order = hcb__compare_ids(a->zone.id, b->zone.id);
    return order ? order : (a->feature > b->feature) - (a->feature < b->feature);
}

static hcb_status keep_zones(reader *r, numbered_zone *zones, size_t n) {
    hcb__zone_set *set = r->loader->set;
    qsort(zones, n, sizeof *zones, by_id);
    set->zones = hcb__arena_alloc(&set->arena, n, sizeof *set->zones);
    if (!set->zones)
        return hcb__nomem(r->loader->ctx);
    for (size_t i = 0; i < n; i++) {
        if (i && strcmp(zones[i].zone.id, zones[i - 1].zone.id) == 0) {
            hcb__pointer pointer;
            hcb__where where = hcb__features_where(&r->features, zones[i].feature, &pointer, "/properties/zone_id");
            hcb__diag_error(r->loader->ctx, &where,
                            "zone \"%s\" is there twice; give both parts in one feature of type MultiPolygon",
                            zones[i].zone.id);
            continue;
        }
        set->zones[set->n_zones] = zones[i].zone;
        if (!hcb__idmap_put(&set->zone_of_id, zones[i].zone.id, set->n_zones))
            return hcb__nomem(r->loader->ctx);
        set->n_zones++;
    }
    return HCB_OK;
}

static hcb_status read_all(reader *r) {
    hcb_context *ctx = r->loader->ctx;
    size_t n = 0;
    numbered_zone *zones = hcb__arena_alloc(&r->loader->names, r->features.count, sizeof *zones);
    if (!zones)
        return hcb__nomem(ctx);
    if (r->features.count == 0) {
        hcb__where where = {r->features.shown, 0, 0, "/features"};
        hcb__diag_error(ctx, &where, "there are no zones");
    }
    for (r->i = 0; r->i < r->features.count; r->i++) {
        if (hcb__cancelled(ctx))
            return hcb__fail(ctx, HCB_ECANCELLED, "cancelled");
        memset(&zones[n], 0, sizeof zones[n]);
        zones[n].feature = r->i;
        if (read_zone(r, &zones[n].zone))
            n++;
    }
    hcb__crs *crs = r->features.own;
    if (crs) {
        const char *name = hcb__crs_operation(crs);
        r->loader->set->crs_operation = hcb__arena_strndup(&r->loader->set->arena, name, strlen(name));
        r->loader->set->crs_accuracy_m = hcb__crs_accuracy_m(crs);
    }
    return keep_zones(r, zones, n);
}

static const hcb__polygon **polygons_of(hcb__loader *loader) {
    const hcb__zone_set *set = loader->set;
    const hcb__polygon **list = hcb__arena_alloc(&loader->names, (size_t)set->n_zones, sizeof *list);
    for (int32_t z = 0; list && z < set->n_zones; z++)
        list[z] = &set->zones[z].polygon;
    return list;
}

static void report_overlap(hcb__loader *loader, const hcb__overlap *o, double limit_m) {
    const hcb__zone *zones = loader->set->zones;
    hcb__where where = {loader->files->zones, 0, 0, NULL};
    hcb__diag_error(
        loader->ctx, &where,
        "zones \"%s\" and \"%s\" overlap by %s m (at most %s m are tolerated), %s square metres, near easting "
        "%s, northing %s",
        zones[o->a].id, zones[o->b].id, hcb__show_number(round(o->width_m * 10) / 10).text,
        hcb__show_number(limit_m).text, hcb__show_number(round(o->area_m2)).text,
        hcb__show_number(round(o->where.x)).text, hcb__show_number(round(o->where.y)).text);
}

static hcb_status test_overlaps(hcb__loader *loader, const hcb__polygon *const *polygons) {
    static const double rounding_m = 0.05; /* neighbours whose points were rounded to the centimetre one by one */
    double limit_m = loader->files->overlap_error_m > 0 ? loader->files->overlap_error_m : 20;
    hcb__overlap *found;
    size_t n, narrow = 0;
    hcb_status status = hcb__geos_overlaps(loader->geos, polygons, (size_t)loader->set->n_zones, rounding_m, limit_m,
                                           &loader->names, &found, &n);
    if (status != HCB_OK)
        return status;
    double area_m2 = 0;
    for (size_t i = 0; i < n; i++) {
        if (found[i].width_m > limit_m) {
            report_overlap(loader, &found[i], limit_m);
        } else {
            narrow++;
            area_m2 += found[i].area_m2;
        }
    }
    if (narrow) {
        hcb__where where = {loader->files->zones, 0, 0, NULL};
        hcb__diag_warning(loader->ctx, &where,
                          "%zu pair%s of zones overlap%s by less than %s m, %s square metres in all; there the smaller "
                          "zone_id counts",
                          narrow, narrow == 1 ? "" : "s", narrow == 1 ? "s" : "", hcb__show_number(limit_m).text,
                          hcb__show_number(round(area_m2)).text);
    }
    return HCB_OK;
}

hcb_status hcb__load_zones(hcb__loader *loader) {
    hcb_context *ctx = loader->ctx;
    reader r = {.loader = loader};
    const char *path = hcb__path_join(&loader->names, loader->files->folder, loader->files->zones);
    if (!path)
        return hcb__nomem(ctx);
    hcb_status status = hcb__features_open(&r.features, ctx, path, loader->files->zones, &loader->degrees);
    if (status != HCB_OK)
        return status;
    hcb__arena_init(&r.scratch, &ctx->mem);
    status = read_all(&r);
    hcb__arena_release(&r.scratch);
    hcb__features_close(&r.features);
    const hcb__polygon **polygons = status == HCB_OK ? polygons_of(loader) : NULL;
    if (status == HCB_OK && !polygons)
        status = hcb__nomem(ctx);
    if (status == HCB_OK &&
        hcb__geo_index_create(&loader->set->zone_index, &ctx->mem, polygons, (size_t)loader->set->n_zones) != HCB_OK)
        status = hcb__nomem(ctx);
    if (status == HCB_OK && !loader->files->skip_overlaps)
        status = test_overlaps(loader, polygons);
    return status;
}
