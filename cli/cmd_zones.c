/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const char *or_none(const char *text) {
    return text ? text : "-";
}

static void print_key(const char *key, const char *value) {
    printf("\"%s\": ", key);
    if (value)
        print_json_string(value);
    else
        printf("null");
}

/* What does not fit the line goes on below. */
static void print_sentence(const char *asked, const hcb_place *p, const char *by) {
    enum { WHERE = 22, MOST = 80, PLACE = 24 }; /* columns: begin of the sentence, of a line, of "; 454244, 303883)" */
    int n;
    if (p->zone_id)
        n = printf("%-20s  zone %s %s, area %s, band %s", asked, p->zone_id, p->zone_name ? p->zone_name : "",
                   or_none(p->area_id), or_none(p->band));
    else
        n = printf("%-20s ", asked);
    if (n + (int)strlen(by) + PLACE > MOST)
        printf("\n%*s", WHERE - 1, "");
    printf(" (%s; %.0f, %.0f)\n", by, p->easting, p->northing);
}

static void print_place(const cli *c, const char *asked, const hcb_place *p) {
    static const char *const by[] = {"outside every zone", "given", "postcode", "polygon", "nearest area"};
    if (c->args.format == HCB_FORMAT_JSON) {
        printf("{");
        print_key("place", asked);
        printf(", ");
        print_key("zone_id", p->zone_id);
        printf(", ");
        print_key("zone_name", p->zone_name);
        printf(", ");
        print_key("area_id", p->area_id);
        printf(", ");
        print_key("band", p->band);
        printf(", \"easting\": %.2f, \"northing\": %.2f, ", p->easting, p->northing);
        print_key("by", by[p->by]);
        puts("}");
    } else {
        print_sentence(asked, p, by[p->by]);
    }
}

static int run_locate(cli *c) {
    hcb_zone_map *map = NULL;
    if (!is_text_or_json(c))
        return EXIT_USAGE;
    hcb_status status = hcb_zone_map_load(&map, c->ctx, c->args.dir);
    int code = finish(c, status);
    for (int i = 0; status == HCB_OK && i < c->args.n_operands; i++) {
        hcb_place place = {.struct_size = sizeof place};
        hcb_status one = hcb_zone_map_locate(&place, c->ctx, map, c->args.operands[i]);
        int its = one == HCB_OK ? EXIT_DONE : finish(c, one);
        if (one == HCB_OK)
            print_place(c, c->args.operands[i], &place);
        if (one == HCB_ENOTFOUND || (one == HCB_OK && place.by == HCB_LOCATED_NOT))
            its = EXIT_NO;
        /* The codes stand in the order of what weighs more. */
        code = its > code ? its : code;
    }
    hcb_zone_map_free(map);
    return code;
}

const cli_command command_zones_locate = {
    "zones locate",
    "PLACE...",
    1,
    MOST_OPERANDS,
    "the zone, small area and band of places",
    "PLACE is latitude,longitude (52.7721,-1.2062), easting,northing (453600,319500) or a\n"
    "postcode. Exit code 1 when a place lies outside every zone.",
    NULL,
    0,
    run_locate};

static int run_stats(cli *c) {
    hcb_zone_stats_options o = {
        .struct_size = sizeof o, .format = c->args.format, .map_only = c->args.map_only, .out = c->args.out};
    hcb_text *text = NULL;
    hcb_status status = hcb_zones_stats(&text, c->ctx, c->args.dir, &o);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    if (o.out)
        note(c, "written: %s/zones.json, zones.geojson", o.out);
    return print_text(text);
}

static const arg_option stats_options[] = {ROW(hcb_zone_stats_options, out, out),
                                           ROW(hcb_zone_stats_options, map_only, map_only)};

const cli_command command_zones_stats = {
    "zones stats",
    "",
    0,
    0,
    "figures per zone",
    "Shape, and where the workspace has providers: people, hours by band, price, estimated\n"
    "travel with its error, capacity, and the providers that each zone can rely on.",
    stats_options,
    COUNT(stats_options),
    run_stats};

/* Saves a text and frees it. */
static int save(cli *c, hcb_text *text, const char *path) {
    hcb_status status = hcb_map_save(c->ctx, text, path);
    hcb_text_free(text);
    if (status == HCB_OK)
        note(c, "written: %s", path);
    return finish(c, status);
}

static int run_dissolve(cli *c) {
    if (!c->args.areas || !c->args.polygons) {
        complain("zones dissolve: --areas FILE.csv and --polygons FILE.geojson are needed");
        return EXIT_USAGE;
    }
    hcb_dissolve_options o = {.struct_size = sizeof o,
                              .areas_csv = c->args.areas,
                              .areas_geojson = c->args.polygons,
                              .zones_csv = c->args.zones_csv,
                              .area_column = c->args.area_column,
                              .zone_column = c->args.zone_column};
    hcb_text *geojson = NULL;
    hcb_status status = hcb_zones_dissolve(&geojson, c->ctx, &o);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    keep_lines();
    return c->args.out ? save(c, geojson, c->args.out) : print_text(geojson);
}

static const arg_option dissolve_options[] = {
    ROW(hcb_dissolve_options, areas_csv, areas),
    ROW(hcb_dissolve_options, areas_geojson, polygons),
    ROW(hcb_dissolve_options, zones_csv, zones_csv),
    ROW(hcb_dissolve_options, area_column, area_column),
    ROW(hcb_dissolve_options, zone_column, zone_column),
    OWN_TEXT("out", "FILE", out, "where to write (default: standard output)")};

const cli_command command_zones_dissolve = {"zones dissolve",
                                            "",
                                            0,
                                            0,
                                            "unite small areas into zone polygons without slivers",
                                            "Only shared edges vanish: nothing is simplified, no border moves.",
                                            dissolve_options,
                                            COUNT(dissolve_options),
                                            run_dissolve};

static int run_voronoi(cli *c) {
    if (!c->args.settlements || !c->args.zones_csv || !c->args.areas || !c->args.out) {
        complain("zones voronoi: --settlements, --zones, --areas-out and --out are needed");
        return EXIT_USAGE;
    }
    hcb_voronoi_options o = {.struct_size = sizeof o,
                             .settlements_csv = c->args.settlements,
                             .zones_csv = c->args.zones_csv,
                             .surroundings_m = c->args.surroundings,
                             .closing_m = c->args.closing};
    hcb_text *areas = NULL, *zones = NULL;
    hcb_status status = hcb_zones_voronoi(&areas, &zones, c->ctx, &o);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    int code = save(c, areas, c->args.areas);
    if (code == EXIT_DONE)
        return save(c, zones, c->args.out);
    hcb_text_free(zones);
    return code;
}

static const arg_option voronoi_options[] = {ROW(hcb_voronoi_options, settlements_csv, settlements),
                                             ROW(hcb_voronoi_options, zones_csv, zones_csv),
                                             ROW(hcb_voronoi_options, surroundings_m, surroundings),
                                             ROW(hcb_voronoi_options, closing_m, closing),
                                             OWN_TEXT("areas-out", "FILE", areas, "where to write the cells"),
                                             OWN_TEXT("out", "FILE", out, "where to write the zones")};

const cli_command command_zones_voronoi = {"zones voronoi",
                                           "",
                                           0,
                                           0,
                                           "cells of settlements, and zones made of them",
                                           "How the bundled map was made; see docs/zones.md.",
                                           voronoi_options,
                                           COUNT(voronoi_options),
                                           run_voronoi};
