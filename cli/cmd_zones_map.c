/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a map is like: neighbours. */
#include "cli.h"

#define AT(member) offsetof(cli_args, member)

static const char *const rules[] = {"rook", "queen", NULL};
static const char *const islands_words[] = {"keep", "fail", "bridge", NULL};

/* --decimals as the library wants it: 0 is its default and -1 whole numbers. */
static int32_t decimals_of(const cli *c) {
    return c->args.decimals == 0 ? -1 : c->args.decimals < 0 ? 0 : (int32_t)c->args.decimals;
}

static int run_adjacency(cli *c) {
    hcb_adjacency_options o = {.struct_size = sizeof o,
                               .rule = c->args.rule,
                               .islands = c->args.islands,
                               .format = c->args.format,
                               .geojson = c->args.operands[0],
                               .id_property = c->args.id_property,
                               .decimals = decimals_of(c)};
    hcb_text *text = NULL;
    hcb_status status = hcb_zones_adjacency(&text, c->ctx, &o);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    return print_text(text);
}

static const arg_option adjacency_options[] = {
    {"rule", "rook|queen", ARG_WORD, AT(rule), 0, 0, rules, "neighbours share an edge (default), or also a corner"},
    {"id", "PROPERTY", ARG_TEXT, AT(id_property), 0, 0, NULL,
     "what names a unit (default: zone_id, area_id, code or id)"},
    {"decimals", "D", ARG_INT, AT(decimals), 0, 12, NULL,
     "coordinates are one when they agree to D decimals (default: 7 for degrees, else 2)"},
    {"islands", "keep|fail|bridge", ARG_WORD, AT(islands), 0, 0, islands_words,
     "units that cannot be reached: a warning (default), an error, or joined by the shortest bridges"}};

const cli_command command_zones_adjacency = {"zones adjacency",
                                             "FILE.geojson",
                                             1,
                                             1,
                                             "which polygons of a map are neighbours, and the length they share",
                                             "One row a pair: a,b,shared_m (metres).",
                                             adjacency_options,
                                             COUNT(adjacency_options),
                                             run_adjacency};
