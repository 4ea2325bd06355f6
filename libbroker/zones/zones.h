/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Zones, small areas and postcodes of a workspace; frozen once loaded, read from any thread. */
#ifndef HCB_ZONES_ZONES_H
#define HCB_ZONES_ZONES_H

#include <stdatomic.h>

#include "base/context.h"
#include "base/hash.h"
#include "geo/geo.h"
#include "geo/index.h"
#include "io/csv.h"

typedef enum hcb__band { HCB__URBAN, HCB__FRINGE, HCB__RURAL, HCB__ISOLATED, HCB__BANDS } hcb__band;
extern const char *const hcb__band_words[HCB__BANDS];

typedef enum hcb__zone_class {
    HCB__LARGE,
    HCB__MEDIUM,
    HCB__SMALL_TOWN,
    HCB__SMALL_RURAL,
    HCB__RURAL_FREE,
    HCB__ZONE_CLASSES
} hcb__zone_class;
extern const char *const hcb__zone_class_words[HCB__ZONE_CLASSES];

typedef struct hcb__zone {
    const char *id, *name;
    hcb__zone_class zone_class;
    bool prime;                   /* a prime role exists here */
    int64_t hours_min, hours_max; /* a week, in minutes; -1: no bound */
    hcb__polygon polygon;
} hcb__zone;

typedef struct hcb__area {
    const char *id, *name;       /* name "" when not given */
    hcb__point point;            /* EPSG:27700, whole centimetres */
    int32_t zone;                /* -1: the polygon at its point, or none */
    int32_t band;                /* hcb__band */
    double households, people65; /* -1: not given */
    hcb__polygon polygon;        /* n_parts 0: the area is a point */
} hcb__area;

typedef struct hcb__postcode {
    char code[9]; /* upper case, no spaces */
    int32_t area; /* -1: none */
    hcb__point point;
} hcb__postcode;

typedef struct hcb__zone_set {
    hcb__arena arena;
    atomic_int references;
    int32_t n_zones, n_areas, n_postcodes;
    hcb__zone *zones;         /* by id bytes */
    hcb__area *areas;         /* by id bytes */
    hcb__postcode *postcodes; /* by code bytes */
    hcb__idmap zone_of_id, area_of_id;
    hcb__geo_index *zone_index;
    hcb__geo_index *area_index; /* NULL when areas are points; polygon i belongs to area area_polygon[i] */
    int32_t *area_polygon;
    int32_t n_area_polygons;
    hcb__point_index **area_points; /* [n_zones] areas of each zone as points; entry j is area area_list[z][j] */
    int32_t **area_list;
    const char *crs_operation; /* how degrees became metres; "" when nothing was transformed */
    double crs_accuracy_m;
} hcb__zone_set;

/* What to read. Names are as the workspace gives them (shown in messages); NULL: there is none. */
typedef struct hcb__zone_files {
    const char *folder; /* names are relative to it */
    const char *zones, *areas, *areas_geojson, *postcodes;
    const char *plan; /* zones of areas, instead of those that `areas` has */
    const hcb__csv_rename *area_renames, *postcode_renames;
    size_t n_area_renames, n_postcode_renames;
    double overlap_error_m; /* overlaps of zones wider than this are errors, others warnings; 0: 20 */
    bool skip_overlaps;     /* the caller does not need the overlap test */
} hcb__zone_files;

/* Loads and validates; every problem is collected in ctx. *out is set when nothing prevented building it, even when
 * errors were collected (the caller goes on reading other files, then calls hcb__diag_status); NULL otherwise. */
HCB_NODISCARD hcb_status hcb__zone_set_load(hcb__zone_set **out, hcb_context *ctx, const hcb__zone_files *files);
/* One more owner of a set that nobody changes any more; each owner frees it. */
hcb__zone_set *hcb__zone_set_retain(hcb__zone_set *set);
void hcb__zone_set_free(hcb__zone_set *set);

/* Where a visit is, by model.md section 1 ("Zone and band of a visit"). */
typedef enum hcb__located_by {
    HCB__LOCATED_NOT,      /* outside every zone */
    HCB__LOCATED_GIVEN,    /* the package's own zone_id and band */
    HCB__LOCATED_POSTCODE, /* the small area of its postcode */
    HCB__LOCATED_POLYGON,  /* zone: polygon that holds the point; band: the small area's polygon that holds it */
    HCB__LOCATED_NEAREST   /* zone: polygon; band: nearest area of that zone */
} hcb__located_by;

typedef struct hcb__location {
    hcb__located_by by;
    int32_t zone, area, band; /* -1: not known */
} hcb__location;

/* Given values (-1: not given) win, each for itself; the rest is looked up: by the postcode's area when only a postcode
 * is given; else the zone is the polygon that holds the point (border: smallest zone id), and the band that of the area
 * whose polygon holds the point (border: smallest id, whatever its zone: the band belongs to the place), or, where no
 * area has a polygon, of the nearest area of that zone (tie: smallest id). An area without zone takes part in the zone
 * whose polygon holds its point. */
hcb__location hcb__locate(const hcb__zone_set *set, int32_t given_zone, int32_t given_band, int32_t postcode,
                          bool only_postcode, hcb__point point);
/* Index of a postcode (any case, spaces ignored), or -1. */
int32_t hcb__postcode_find(const hcb__zone_set *set, const char *code, size_t len);

/* A position read from the place columns of a CSV row (formats.md, "A place"). */
typedef struct hcb__place {
    bool given;
    bool only_postcode; /* no coordinates of its own: `point` is the postcode's */
    int32_t postcode;   /* -1: none */
    hcb__point point;   /* whole centimetres */
} hcb__place;

/* Column numbers of one file's place columns; HCB__NO_PLACE_COLUMN: the file can have none. */
#define HCB__NO_PLACE_COLUMN SIZE_MAX
typedef struct hcb__place_columns {
    size_t postcode, lat, lon, easting, northing;
} hcb__place_columns;

/* One reader for all files with places: owns the PROJ transformation. `set` may be NULL (postcodes are then unknown).
 */
typedef struct hcb__place_reader hcb__place_reader;
HCB_NODISCARD hcb_status hcb__place_reader_create(hcb__place_reader **out, hcb_context *ctx, const hcb__zone_set *set);
void hcb__place_reader_free(hcb__place_reader *reader);
/* False when an error was collected. A row without any place: given = false, true. Refuses eastings in degree columns
 * and the reverse, latitude and longitude swapped, lat/lon against grid more than 250 m apart; warns of a postcode more
 * than 2 km from the point. */
bool hcb__place_read(hcb__place_reader *reader, hcb__csv *csv, const hcb__place_columns *columns, hcb__place *out);

/* Polygons of areas united into zones (formats.md, `zones dissolve`): for every zone id among the areas the union of
 * its areas' polygons, holes kept, without slivers (only shared edges vanish; no simplification, no buffer). Areas
 * without a polygon: HCB_EDATA. The result is a GeoJSON FeatureCollection whose features carry zone_id, name, class,
 * prime. */
typedef struct hcb__dissolve_zone {
    const char *zone_id, *name; /* name "" : the id */
    int32_t zone_class;
    bool prime;
} hcb__dissolve_zone;
typedef struct hcb__dissolve_options {
    const char *areas_csv;     /* area_id, zone_id (renames below) */
    const char *areas_geojson; /* polygons with area_id or code or id */
    const char *zones_csv;     /* optional: zone_id, name, class, prime */
    const hcb__csv_rename *renames;
    size_t n_renames;
} hcb__dissolve_options;
HCB_NODISCARD hcb_status hcb__zones_dissolve(hcb__text *geojson, hcb_context *ctx,
                                             const hcb__dissolve_options *options);

/* Voronoi cells of settlements inside an outline (how zones/leicestershire was made): cells of `seeds.csv`, those
 * marked outside dissolved into holes; see docs/zones.md. Writes areas.geojson (cells) and zones.geojson. */
typedef struct hcb__voronoi_options {
    const char *settlements_csv; /* area_id, lat, lon, zone_id ("" = outside: becomes a hole), band ... */
    const char *zones_csv;       /* zone_id, name, class, prime */
    double surroundings_m;       /* the outline: no farther than this from a settlement; 0: HCB__SURROUNDINGS_M */
    double closing_m;            /* ... and gaps narrower than twice this are filled; 0: HCB__CLOSING_M */
} hcb__voronoi_options;
#define HCB__SURROUNDINGS_M 2500
#define HCB__CLOSING_M 5000
HCB_NODISCARD hcb_status hcb__zones_voronoi(hcb__text *areas_geojson, hcb__text *zones_geojson, hcb_context *ctx,
                                            const hcb__voronoi_options *options);

/* areas.csv of the same settlements (those in a zone): households are population / 2.3, to one decimal. */
HCB_NODISCARD hcb_status hcb__zones_settlement_areas(hcb__text *areas_csv, hcb_context *ctx,
                                                     const char *settlements_csv);

#endif
