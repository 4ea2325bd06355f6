/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_zoning FOLDER|grid:N --k K --tolerance T --objective cut_edges|hess_hops|inertia [--areas] [--time-limit S]
 *              [--gap G] [--seed N] [--threads N] [--plan FILE] [--no-contiguity] [--count]: one JSON line. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "design/enumerate.h"
#include "design/hess.h"
#include "zoning_files.h"

typedef struct settings {
    const char *folder, *objective, *plan;
    int32_t k;
    int64_t tolerance; /* millionths */
    double time_limit, gap;
    bool areas, loose, count, verbose;
} settings;

typedef struct answer {
    int32_t *zone; /* [n] */
    bool found, proved;
    double value, bound;
} answer;

static int usage(void) {
    fputs("usage: bench_zoning FOLDER|grid:N --k K --tolerance T --objective cut_edges|hess_hops|inertia\n"
          "         [--areas] [--time-limit S] [--gap G] [--plan FILE] [--no-contiguity] [--count] [--verbose]\n",
          stderr);
    return 2;
}

static void tell(const char *phase, double value, double bound, void *payload) {
    fprintf(stderr, "%8.2f s  %-8s value %.10g  bound %.10g\n", hcb__now() - *(double *)payload, phase, value, bound);
}

/* Zones numbered by their smallest unit. */
static void number_zones(const zoning_map *map, const int32_t *centre, int32_t *zone) {
    int32_t next = 0;
    for (int32_t i = 0; i < map->n; i++)
        zone[i] = -1;
    for (int32_t i = 0; i < map->n; i++)
        if (zone[i] < 0) {
            for (int32_t u = i; u < map->n; u++)
                if (centre[u] == centre[i])
                    zone[u] = next;
            next++;
        }
}

static bool by_centres(answer *a, const zoning_map *map, const settings *set, hcb__budget *budget, double *began) {
    int kind = set->areas ? ZONING_DISTANCE : strcmp(set->objective, "hess_hops") == 0 ? ZONING_HOPS : ZONING_INERTIA;
    hcb__hess p = {.graph = map->graph,
                   .k = set->k,
                   .weight = map->population,
                   .capacity = set->areas ? map->capacity : NULL,
                   .cost = zoning_costs(map, kind),
                   .real_cost = set->areas,
                   .contiguous = !set->loose,
                   .budget = budget,
                   .gap = set->gap,
                   .progress = set->verbose ? tell : NULL,
                   .payload = began};
    zoning_bounds(map, set->k, set->tolerance, &p.low, &p.high);
    hcb__hess_answer got;
    hcb_status status = p.cost ? hcb__hess_solve(&got, hcb__default_allocator(), &p) : HCB_ENOMEM;
    free((void *)p.cost);
    if (status != HCB_OK) {
        fprintf(stderr, "%s: %s\n", set->folder, hcb_status_name(status));
        return false;
    }
    a->found = got.found;
    a->proved = got.proved;
    a->value = got.value;
    a->bound = got.bound;
    if (got.found)
        number_zones(map, got.centre, a->zone);
    if (set->verbose)
        fprintf(stderr, "centres left %d, pairs left %" PRId64 ", rounds %d, cut rows %d, nodes %" PRId64 "\n", got.centres_left,
                got.pairs_left, got.rounds, got.cut_rows, got.nodes);
    hcb__free(hcb__default_allocator(), got.centre);
    return true;
}

static bool by_growth(answer *a, const zoning_map *map, const settings *set, hcb__budget *budget,
                      hcb__enumerated *all) {
    int64_t *low = calloc(2 * (size_t)set->k, sizeof *low), *high = low ? low + set->k : NULL;
    if (!low)
        return false;
    for (int32_t z = 0; z < set->k; z++)
        zoning_bounds(map, set->k, set->tolerance, &low[z], &high[z]);
    hcb__enumeration what = {.graph = map->graph,
                             .k = set->k,
                             .n_attributes = 1,
                             .attribute = map->population,
                             .low = low,
                             .high = high,
                             .alike = true,
                             .fewest_cuts = !set->count,
                             .most_cuts = -1,
                             .budget = budget};
    bool ok = hcb__enumerate(all, a->zone, hcb__default_allocator(), &what);
    free(low);
    a->found = all->least_cuts >= 0;
    a->proved = all->complete;
    a->value = (double)all->least_cuts;
    a->bound = all->complete ? a->value : set->k - 1;
    if (set->verbose)
        fprintf(stderr, "%" PRId64 " growth steps\n", budget->work);
    return ok;
}

static bool write_plan(const char *path, const zoning_map *map, const answer *a) {
    FILE *f = fopen(path, "w");
    if (f) {
        fputs("unit,zone\n", f);
        for (int32_t i = 0; i < map->n; i++)
            fprintf(f, "%" PRId32 ",%" PRId32 "\n", i, a->zone[i] + 1);
    }
    if (!f || fclose(f) != 0) {
        fprintf(stderr, "%s: cannot be written\n", path);
        return false;
    }
    return true;
}

static void put_number(const char *key, double value, bool real) {
    if (!isfinite(value))
        printf(", \"%s\": null", key);
    else
        printf(real ? ", \"%s\": %.6f" : ", \"%s\": %.0f", key, value);
}

static int run(const settings *set) {
    zoning_map map;
    if (!zoning_map_read(&map, set->folder)) {
        zoning_map_free(&map);
        return 3;
    }
    settings s = *set;
    if (s.areas) {
        s.k = 0;
        for (int32_t i = 0; i < map.n; i++)
            s.k += map.capacity[i] > 0;
    }
    bool needs_places = s.areas || strcmp(s.objective, "inertia") == 0;
    if (s.k < 1 || s.k > map.n || (needs_places && !map.has_places) || (s.areas && !map.has_capacities)) {
        fprintf(stderr, "%s: %s\n", s.folder,
                s.k < 1 || s.k > map.n ? "the number of zones must be from 1 to the number of units"
                                       : "units.csv lacks x, y or capacity");
        zoning_map_free(&map);
        return 3;
    }
    double began = hcb__now();
    hcb__budget budget = {.deadline = hcb__deadline_in(s.time_limit)};
    answer a = {.zone = calloc((size_t)map.n, sizeof *a.zone)};
    hcb__enumerated all = {0};
    bool centres = s.areas || strcmp(s.objective, "cut_edges") != 0;
    bool ok = a.zone && (centres ? by_centres(&a, &map, &s, &budget, &began) : by_growth(&a, &map, &s, &budget, &all));
    if (ok) {
        const char *slash = strrchr(s.folder, '/');
        printf("{\"instance\": \"%s\", \"objective_kind\": \"%s\", \"k\": %d, \"units\": %d",
               slash ? slash + 1 : s.folder, s.areas ? "areas" : s.objective, s.k, map.n);
        put_number("objective", a.found ? a.value : INFINITY, s.areas);
        put_number("bound", a.found || !a.proved ? a.bound : INFINITY, s.areas);
        if (a.found)
            printf(", \"gap\": %.6g", fabs(a.value - a.bound) / fmax(1, fabs(a.value)));
        else
            printf(", \"gap\": null");
        printf(", \"seconds\": %.3f, \"proved\": %s", hcb__now() - began, a.proved ? "true" : "false");
        if (s.count)
            printf(", \"plans\": %" PRId64 ", \"complete\": %s", all.plans, all.complete ? "true" : "false");
        puts("}");
    }
    if (ok && a.found && s.plan)
        ok = write_plan(s.plan, &map, &a);
    free(a.zone);
    zoning_map_free(&map);
    return ok ? a.found ? 0 : 1 : 5;
}

static bool number(const char *text, double low, double high, double *out) {
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && *out >= low && *out <= high;
}

int main(int argc, char **argv) {
    settings s = {.objective = "cut_edges", .tolerance = -1};
    for (int i = 1; i < argc; i++) {
        const char *o = argv[i], *v = i + 1 < argc ? argv[i + 1] : NULL;
        double x = 0;
        bool takes = true, ok = true;
        if (strcmp(o, "--areas") == 0 || strcmp(o, "--no-contiguity") == 0 || strcmp(o, "--count") == 0 ||
            strcmp(o, "--verbose") == 0) {
            takes = false;
            s.areas = s.areas || o[2] == 'a';
            s.loose = s.loose || o[2] == 'n';
            s.count = s.count || o[2] == 'c';
            s.verbose = s.verbose || o[2] == 'v';
        } else if (o[0] != '-') {
            takes = false;
            ok = !s.folder;
            s.folder = o;
        } else if (!v) {
            ok = false;
        } else if (strcmp(o, "--objective") == 0) {
            s.objective = v;
            ok = strcmp(v, "cut_edges") == 0 || strcmp(v, "hess_hops") == 0 || strcmp(v, "inertia") == 0;
        } else if (strcmp(o, "--plan") == 0) {
            s.plan = v;
        } else if (strcmp(o, "--k") == 0) {
            ok = number(v, 1, 1e6, &x) && x == floor(x);
            s.k = (int32_t)x;
        } else if (strcmp(o, "--tolerance") == 0) {
            ok = number(v, 0, 1000, &x);
            s.tolerance = (int64_t)llround(x * 1e6);
        } else if (strcmp(o, "--time-limit") == 0) {
            ok = number(v, 0, 1e6, &s.time_limit);
        } else if (strcmp(o, "--gap") == 0) {
            ok = number(v, 0, 1, &s.gap);
        } else if (strcmp(o, "--seed") == 0 || strcmp(o, "--threads") == 0) {
            ok = number(v, 0, 1e9, &x); /* the exact methods draw no lots and use one thread */
        } else {
            ok = false;
        }
        if (!ok) {
            fprintf(stderr, "bench_zoning: %s %s\n", o, v ? v : "");
            return usage();
        }
        i += takes;
    }
    if (!s.folder || (!s.areas && (s.k == 0 || s.tolerance < 0)))
        return usage();
    return run(&s);
}
