/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * The map of a workspace: where a point lies, figures per zone, zones made from small areas.
 */
#ifndef HCB_ZONES_H
#define HCB_ZONES_H

#include "hcbroker/text.h"
#include "hcbroker/workspace.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Zones, small areas and postcodes of a workspace, without its people. Read from any thread. */
typedef struct hcb_zone_map hcb_zone_map;

/** How a place was located. */
enum { HCB_LOCATED_NOT = 0, HCB_LOCATED_POSTCODE = 2, HCB_LOCATED_POLYGON = 3, HCB_LOCATED_NEAREST = 4 };

/** Where a place lies. Strings are borrowed from the map; NULL: not known. */
typedef struct hcb_place {
    uint32_t struct_size;
    int32_t by; /**< HCB_LOCATED_...: the small area of its postcode, the polygon, or the nearest area of its zone. */
    const char *zone_id;   /**< NULL: in no zone. Borrowed from the map, as all texts here. */
    const char *zone_name; /**< NULL: in no zone. */
    const char *area_id;   /**< The small area; NULL: none. */
    const char *area_name; /**< NULL: none. */
    const char *band;      /**< NULL: not known. */
    double easting;        /**< EPSG:27700 metres, whole centimetres. */
    double northing;       /**< Likewise. */
} hcb_place;

/**
 * Read the map of a workspace (the keys zones, areas and postcodes of hcbroker.yaml; people and providers are not
 * needed). Frees with hcb_zone_map_free(). Errors as hcb_workspace_load().
 */
HCB_API HCB_NODISCARD hcb_status hcb_zone_map_load(hcb_zone_map **out, hcb_context *ctx, const char *folder);

/** NULL is fine. */
HCB_API void hcb_zone_map_free(hcb_zone_map *map);

/** Zones of the map. */
HCB_API int32_t hcb_zone_map_zone_count(const hcb_zone_map *map);
/** Id of the i-th zone (by id bytes); NULL when i is out of range. Borrowed. */
HCB_API const char *hcb_zone_map_zone_id(const hcb_zone_map *map, int32_t i);

/**
 * Locate one place given as text: "52.7721,-1.2062" (latitude, longitude), "453600,319500" (easting, northing) or a
 * postcode. HCB_EINVAL when it is none of them, HCB_ENOTFOUND for an unknown postcode; a point outside every zone is
 * HCB_OK with by = HCB_LOCATED_NOT.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zone_map_locate(hcb_place *out, hcb_context *ctx, const hcb_zone_map *map,
                                                     const char *place);

/**
 * Zone of many points at once.
 * @param xy        [2 n] easting, northing in metres, finite.
 * @param[out] zone [n] number of the zone (as hcb_zone_map_zone_id counts), -1 outside every zone.
 * @return HCB_OK; HCB_EINVAL: a coordinate is not finite (nothing is written then), or a pointer is NULL.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zone_map_locate_points(const hcb_zone_map *map, const double *xy, size_t n,
                                                            int32_t *zone);

/** Figures per zone as a table, JSON or CSV: areas, square kilometres, people, households, bands, shape. */
HCB_API HCB_NODISCARD hcb_status hcb_zone_map_stats(hcb_text **out, hcb_context *ctx, const hcb_zone_map *map,
                                                    int32_t format);

/** What `zones stats` is asked. */
typedef struct hcb_zone_stats_options {
    uint32_t struct_size;
    int32_t format;   /**< HCB_FORMAT_... */
    int32_t map_only; /**< 1: leave people and providers out. */
    int32_t reserved;
    const char *out; /**< A folder for zones.json and zones.geojson; NULL: none. */
} hcb_zone_stats_options;

/**
 * Figures per zone of a workspace: the map as in hcb_zone_map_stats(), and, where it has providers, people, hours by
 * band, price, estimated travel with its error, providers by tier, capacity, and those that each zone can rely on
 * (docs/formats.md, "zones.json"). Errors as hcb_workspace_load(); HCB_EIO: the folder cannot be written.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zones_stats(hcb_text **out, hcb_context *ctx, const char *folder,
                                                 const hcb_zone_stats_options *options);

/** Zones made of small areas. Paths; NULL where optional. */
typedef struct hcb_dissolve_options {
    uint32_t struct_size;
    uint32_t reserved;
    const char *areas_csv;     /**< area_id and zone_id of every area. */
    const char *areas_geojson; /**< Their polygons, with area_id, code or id. */
    const char *zones_csv;     /**< Optional: zone_id, name, class, prime. */
    const char *area_column;   /**< Name of the column area_id in areas_csv; NULL: area_id. */
    const char *zone_column;   /**< Name of the column zone_id in areas_csv; NULL: zone_id. */
} hcb_dissolve_options;

/** The union of each zone's areas as GeoJSON: only shared edges vanish, nothing is simplified. */
HCB_API HCB_NODISCARD hcb_status hcb_zones_dissolve(hcb_text **geojson, hcb_context *ctx,
                                                    const hcb_dissolve_options *options);

/**
 * Saves a map that a call gave as GeoJSON: as a GeoPackage with one layer where the name ends in .gpkg (HCB_EIO in a
 * build without GDAL), else as it is.
 */
HCB_API HCB_NODISCARD hcb_status hcb_map_save(hcb_context *ctx, const hcb_text *geojson, const char *path);

/** Cells of settlements inside an outline of their surroundings, as the bundled map was made (docs/zones.md). */
typedef struct hcb_voronoi_options {
    uint32_t struct_size;
    uint32_t reserved;
    const char *settlements_csv; /**< area_id, lat, lon, zone_id (blank: outside), band, ... */
    const char *zones_csv;       /**< zone_id, name, class, prime. */
    double surroundings_m; /**< The outline is no farther than this from a settlement; 0: 2500; else 500 to 50,000. */
    double closing_m;      /**< Gaps narrower than twice this are filled; 0: 5000; else 500 to 50,000. */
} hcb_voronoi_options;

/**
 * Areas and zones around settlements, where no map of small areas is at hand: each area is what lies nearest to its
 * settlement, each zone the areas of its settlements.
 * @param[out] areas_geojson  Freed by the caller; NULL on failure.
 * @param[out] zones_geojson  Freed by the caller; NULL on failure.
 * @return HCB_OK; HCB_EINVAL; HCB_EVERSION; HCB_EDATA, HCB_EPARSE: see the diagnostics; HCB_EGEOMETRY; HCB_ENOMEM.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zones_voronoi(hcb_text **areas_geojson, hcb_text **zones_geojson, hcb_context *ctx,
                                                   const hcb_voronoi_options *options);

/** Two maps. A map is a workspace (folder), or a plan: a CSV file area_id,zone_id (or unit,zone), whose name ends in
 * ".csv", over the small areas of `workspace`. Paths; NULL where optional. */
typedef struct hcb_zone_compare_options {
    uint32_t struct_size;
    int32_t format;        /**< HCB_FORMAT_... */
    const char *a;         /**< The map of today. */
    const char *b;         /**< The map in its place. */
    const char *workspace; /**< The small areas of plans; NULL: the working directory. */
    const char *places;    /**< CSV area_id,place of the finer map: how many places each map splits. */
    const char *out;       /**< A folder for zones_comparison.json and units.csv. */
} hcb_zone_compare_options;

/**
 * What moves between zones when B takes the place of A: people, hours, area of each pair of zones, gains and losses,
 * price and travel of each zone by the people of each map. Maps may have different zones and different small areas;
 * counted are those of the map that has more of them, by where their point lies in the other.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zones_compare(hcb_text **out, hcb_context *ctx,
                                                   const hcb_zone_compare_options *options);

/** Who is a neighbour: units that share an edge, or also those that share a single point. */
enum { HCB_ROOK = 0, HCB_QUEEN = 1 };

/** What to do with units that cannot be reached from the others. */
enum {
    HCB_ISLANDS_KEEP = 0,  /**< They stay islands; each is a warning. */
    HCB_ISLANDS_FAIL = 1,  /**< HCB_EDATA. */
    HCB_ISLANDS_BRIDGE = 2 /**< The shortest bridges join all parts; each is a warning. Their shared length is 0. */
};

/** Neighbours among the polygons of a GeoJSON file. */
typedef struct hcb_adjacency_options {
    uint32_t struct_size;
    int32_t rule;            /**< HCB_ROOK or HCB_QUEEN. */
    int32_t islands;         /**< HCB_ISLANDS_... */
    int32_t format;          /**< HCB_FORMAT_... */
    const char *geojson;     /**< Path; or of pairs: a CSV file a,b,shared_m, whose name ends in ".csv". */
    const char *id_property; /**< NULL: area_id, zone_id, code or id, the first that exists. */
    int32_t decimals; /**< Points are one when the file's coordinates agree to so many decimals, 1 to 12; -1: to whole
                         numbers; 0: 7 for degrees, 2 for others (about a centimetre). */
    int32_t reserved;
} hcb_adjacency_options;

/**
 * Pairs of neighbours and the length of the border they share, in metres: CSV a,b,shared_m, one row a pair, a < b by
 * the bytes of their ids; JSON and text say also how many parts the map has. Lengths are of EPSG:27700 for degrees,
 * else of the file's own plane.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zones_adjacency(hcb_text **out, hcb_context *ctx,
                                                     const hcb_adjacency_options *options);

/** Fewer corners. */
typedef struct hcb_simplify_options {
    uint32_t struct_size;
    int32_t decimals;        /**< As in hcb_adjacency_options. */
    const char *geojson;     /**< Path. */
    const char *id_property; /**< NULL: area_id, zone_id, code or id, the first that exists. */
    double tolerance_m;      /**< The triangle that a dropped corner cuts off is at most the square of this. */
} hcb_simplify_options;

/**
 * The same polygons, by the bytes of their ids and with their properties, with fewer corners: each border is simplified
 * once for both of its neighbours, no border crosses another, no part or hole vanishes. Corners (may not be NULL): how
 * many there were and are, each counted once.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zones_simplify(hcb_text **geojson, int64_t *corners_before, int64_t *corners_after,
                                                    hcb_context *ctx, const hcb_simplify_options *options);

/** What is wrong with a map. */
typedef struct hcb_check_options {
    uint32_t struct_size;
    int32_t format;          /**< HCB_FORMAT_... */
    const char *geojson;     /**< Path of the map. */
    const char *id_property; /**< NULL: area_id, zone_id, code or id, the first that exists. */
    const char *outline;     /**< Path of a GeoJSON file that the map should not go beyond; NULL: none. */
    int32_t decimals; /**< As in hcb_adjacency_options: coordinates are rounded so before anything is looked at. */
    int32_t reserved;
    double least_m; /**< Overlaps, gaps and what is outside count from this width on; 0: 0.05 m. */
    double gap_m;   /**< Gaps and slivers are up to so wide; wider gaps are holes, which are only noted; 0: 20 m. */
    double near_m;  /**< A corner no farther than this from a border lies on it; 0: 0.05 m. */
} hcb_check_options;

/**
 * Overlaps, gaps by their true width, unmatched corners, duplicates, slivers, polygons that are not valid, units
 * outside an outline; noted are wide holes and units in several parts. Each with its place in metres, its area and its
 * width (of an unmatched corner: its distance from the border).
 * @param[out] drawing   GeoJSON of the same; NULL: not wanted.
 * @param[out] n_defects How many there are, notes left out.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zones_check(hcb_text **out, hcb_text **drawing, int64_t *n_defects,
                                                 hcb_context *ctx, const hcb_check_options *options);

/**
 * A plan of zones being changed: small areas (units) with polygons move from zone to zone. Used by one thread at a
 * time. Zones and units are numbered from 0 by the bytes of their ids.
 */
typedef struct hcb_zone_session hcb_zone_session;

/** Why a move is not legal; several may hold. */
enum {
    HCB_MOVE_SPLITS = 1,       /**< A zone that loses units falls into more parts. */
    HCB_MOVE_DETACHED = 2,     /**< The zone that gains them gets more parts. */
    HCB_MOVE_EMPTIES = 4,      /**< A zone is left without units. */
    HCB_MOVE_ABOVE_HOURS = 8,  /**< The zone that gains has more than its hours_max, and more than before. */
    HCB_MOVE_BELOW_HOURS = 16, /**< A zone that loses has less than its hours_min, and less than before. */
    HCB_MOVE_UNVIABLE = 32     /**< A zone is left with fewer than two viable providers, and fewer than before. */
};

/** What moving units to a zone does. */
typedef struct hcb_zone_move {
    uint32_t struct_size;
    int32_t problems;    /**< HCB_MOVE_...; 0: the move is legal. */
    int32_t units_moved; /**< Those that were not there already. */
    int32_t reserved;
    int64_t minutes_moved; /**< Carer minutes a week. */
    int64_t people_moved;  /**< Tenths of people aged 65 and over. */
} hcb_zone_move;

/**
 * The map of a workspace, with the carer minutes of its queue and its placements. HCB_EGEOMETRY: areas have no
 * polygons, or overlap. The workspace may be freed.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zone_session_create(hcb_zone_session **out, hcb_context *ctx,
                                                         const hcb_workspace *workspace);

/** The same without hours, for a map without people. The map must outlive the session. */
HCB_API HCB_NODISCARD hcb_status hcb_zone_session_create_map(hcb_zone_session **out, hcb_context *ctx,
                                                             const hcb_zone_map *map);

/** NULL is fine. */
HCB_API void hcb_zone_session_free(hcb_zone_session *session);

/** Small areas of the session; 0 for NULL. */
HCB_API int32_t hcb_zone_session_unit_count(const hcb_zone_session *session);
/** Zones of the session; 0 for NULL. */
HCB_API int32_t hcb_zone_session_zone_count(const hcb_zone_session *session);
/** Ids; NULL when i is out of range. Borrowed. */
HCB_API const char *hcb_zone_session_unit_id(const hcb_zone_session *session, int32_t i);
/** Likewise of zones. */
HCB_API const char *hcb_zone_session_zone_id(const hcb_zone_session *session, int32_t i);
/** The number of an id; -1 when there is none. */
HCB_API int32_t hcb_zone_session_find_unit(const hcb_zone_session *session, const char *id);
/** Likewise of zones. */
HCB_API int32_t hcb_zone_session_find_zone(const hcb_zone_session *session, const char *id);
/** The zone of unit i now; -1: none, or i is out of range. */
HCB_API int32_t hcb_zone_session_unit_zone(const hcb_zone_session *session, int32_t i);

/** What moving the units would do; nothing is changed. HCB_EINVAL, HCB_EVERSION. */
HCB_API HCB_NODISCARD hcb_status hcb_zone_session_try(hcb_zone_move *out, hcb_zone_session *session,
                                                      const int32_t *units, size_t n, int32_t zone);
/** What the people of a zone cost, and who can serve them. Of sessions with a workspace. */
typedef struct hcb_zone_costs {
    uint32_t struct_size;
    int32_t together;             /**< Providers that can have the hours they need at once, counted up to 2. */
    int32_t viable;               /**< ... each for itself. */
    int32_t exposed;              /**< Providers without whom hours of the zone may stay undone. */
    int64_t pence;                /**< A week at the schedule; -1: a band that is asked for has no price. */
    int64_t travel_seconds;       /**< Between visits, a week, estimated (docs/travel.md). */
    int64_t travel_error_seconds; /**< How far off the estimate may be. */
    int64_t needed;               /**< Minutes of travel in a contact hour, x 100, by the estimate. */
    int64_t carried;              /**< ... and those that the prices carry. */
} hcb_zone_costs;

/** Zone `of` as it is, and with the units moved to `zone`. HCB_ENOTFOUND: a session without people. */
HCB_API HCB_NODISCARD hcb_status hcb_zone_session_costs(hcb_zone_costs *before, hcb_zone_costs *after,
                                                        hcb_zone_session *session, const int32_t *units, size_t n,
                                                        int32_t zone, int32_t of);
/** How far the smallest repair is looked for. */
typedef struct hcb_zone_repair_options {
    uint32_t struct_size;
    int32_t most_units;  /**< Of the repairs that are looked through; 0: 8; up to 16. */
    int64_t most_states; /**< Maps looked at; 0: 200,000. */
} hcb_zone_repair_options;

/** What is known of a repair. */
enum {
    HCB_REPAIR_FOUND = 0,   /**< It makes the move legal; a smaller one may exist. */
    HCB_REPAIR_FEWEST = 1,  /**< None has fewer units: proved. */
    HCB_REPAIR_SMALLEST = 2 /**< ... and of those with as few units, none moves less care. */
};

/** Further units that would have to move for a move to be legal. */
typedef struct hcb_zone_repair {
    uint32_t struct_size;
    int32_t units;      /**< How many; 0: the move is legal; -1: none was found. */
    int32_t proof;      /**< HCB_REPAIR_...; of units = -1 nothing. */
    int32_t none_up_to; /**< No repair has so few units: proved; -1: nothing is. */
    int64_t minutes;    /**< Carer minutes a week that it moves. */
    int64_t states;     /**< Maps looked at. */
} hcb_zone_repair;

/**
 * The smallest set of further units, each with the zone it goes to, with which the move breaks no rule: fewest units,
 * then fewest minutes. `options` may be NULL. All sets of one unit are looked through, then of two, and so on; a set
 * that is found otherwise is given when the limits end the search, and `proof` says which it is. HCB_EINVAL,
 * HCB_EVERSION, HCB_ENOMEM.
 */
HCB_API HCB_NODISCARD hcb_status hcb_zone_session_repair(hcb_zone_repair *out, hcb_context *ctx,
                                                         hcb_zone_session *session, const int32_t *units, size_t n,
                                                         int32_t zone, const hcb_zone_repair_options *options);
/** How far hcb_zone_session_report() looks for a repair, from now on. `options` NULL: as usual. HCB_EINVAL,
 * HCB_EVERSION. */
HCB_API HCB_NODISCARD hcb_status hcb_zone_session_limit_repairs(hcb_context *ctx, hcb_zone_session *session,
                                                                const hcb_zone_repair_options *options);
/** The i-th unit of the last repair; -1 when i is out of range. */
HCB_API int32_t hcb_zone_session_repair_unit(const hcb_zone_session *session, int32_t i);
/** ... and the zone it goes to. */
HCB_API int32_t hcb_zone_session_repair_zone(const hcb_zone_session *session, int32_t i);
/** Move them, legal or not. */
HCB_API HCB_NODISCARD hcb_status hcb_zone_session_apply(hcb_zone_session *session, const int32_t *units, size_t n,
                                                        int32_t zone);
/** What moving the units would do, for people and programs: every zone that changes, before and after. */
HCB_API HCB_NODISCARD hcb_status hcb_zone_session_report(hcb_text **out, hcb_context *ctx, hcb_zone_session *session,
                                                         const int32_t *units, size_t n, int32_t zone, int32_t format);
/** The plan as it is now: CSV area_id,zone_id. */
HCB_API HCB_NODISCARD hcb_status hcb_zone_session_plan(hcb_text **out, hcb_context *ctx,
                                                       const hcb_zone_session *session);

#ifdef __cplusplus
}
#endif

#endif
