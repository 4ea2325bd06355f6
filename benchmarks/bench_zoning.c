/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_zoning FOLDER|grid:N --k K --tolerance T --objective cut_edges|hess_hops|inertia [--areas] [--time-limit S]
 *              [--gap G] [--seed N] [--threads N] [--plan FILE] [--no-contiguity] [--count]: one JSON line.
 * With --model FILE the plain integer programme is written there instead. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "design/enumerate.h"
#include "design/exact.h"
#include "design/hess.h"
#include "design/search.h"
#include "zoning_files.h"
#include "zoning_model.h"

typedef struct settings {
    const char *folder, *objective, *plan, *model;
    int32_t k;
    int64_t tolerance; /* millionths */
    double time_limit, gap;
    bool areas, loose, count, verbose;
    uint64_t seed;
    int32_t threads, recombine;
} settings;

typedef struct answer {
    int32_t *zone; /* [n] */
    bool found, proved;
    double value, bound;
    double best_s; /* processor seconds until the value was there */
} answer;

static double processor(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static int usage(void) {
    fputs("usage: bench_zoning FOLDER|grid:N --k K --tolerance T --objective cut_edges|hess_hops|inertia\n"
          "         [--areas] [--time-limit S] [--gap G] [--plan FILE] [--no-contiguity] [--count] [--recombine STEPS] "
          "[--seed N]\n"
          "         [--threads N] [--model FILE.lp] [--verbose]\n",
          stderr);
    return 2;
}

typedef struct watch {
    double began, value, best_s;
    bool verbose;
} watch;

static void tell(const char *phase, double value, double bound, void *payload) {
    watch *w = payload;
    if (value < w->value) {
        w->value = value;
        w->best_s = processor();
    }
    if (w->verbose)
        fprintf(stderr, "%8.2f s  %-8s value %.10g  bound %.10g\n", hcb__now() - w->began, phase, value, bound);
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

static int kind_of(const settings *set) {
    return set->areas ? ZONING_DISTANCE : strcmp(set->objective, "hess_hops") == 0 ? ZONING_HOPS : ZONING_INERTIA;
}

static bool by_centres(answer *a, const zoning_map *map, const settings *set, hcb__budget *budget, double began) {
    watch seen = {began, INFINITY, 0, set->verbose};
    hcb__hess p = {.graph = map->graph,
                   .k = set->k,
                   .weight = map->population,
                   .capacity = set->areas ? map->capacity : NULL,
                   .cost = zoning_costs(map, kind_of(set)),
                   .real_cost = set->areas,
                   .contiguous = !set->loose,
                   .seed = set->seed,
                   .budget = budget,
                   .gap = set->gap,
                   .progress = tell,
                   .payload = &seen};
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
    a->best_s = seen.value <= got.value ? seen.best_s : processor();
    if (got.found)
        number_zones(map, got.centre, a->zone);
    if (set->verbose)
        fprintf(stderr, "centres left %d, pairs left %" PRId64 ", rounds %d, cut rows %d, nodes %" PRId64 "\n",
                got.centres_left, got.pairs_left, got.rounds, got.cut_rows, got.nodes);
    hcb__free(hcb__default_allocator(), got.centre);
    return true;
}

/* The instance as zones with bounds, for the search. */
typedef struct zones {
    hcb__map_problem problem;
    hcb__map_level level;
    int64_t *low, *high;
    int32_t *fixed, *block, *parts, *zone;
} zones;

static bool make_zones(zones *z, const zoning_map *map, const settings *set) {
    size_t n = (size_t)map->n, k = (size_t)set->k;
    *z = (zones){.level = {.name = "cut_edges", .kind = HCB__LEVEL_CUT, .cap = INT64_MAX}};
    z->low = calloc(2 * k, sizeof *z->low);
    z->fixed = calloc(3 * n + k, sizeof *z->fixed);
    if (!z->low || !z->fixed)
        return false;
    z->high = z->low + k;
    z->block = z->fixed + n;
    z->zone = z->block + n;
    z->parts = z->zone + n;
    for (int32_t i = 0; i < map->n; i++) {
        z->fixed[i] = -1;
        z->block[i] = i;
    }
    for (int32_t i = 0; i < set->k; i++) {
        zoning_bounds(map, set->k, set->tolerance, &z->low[i], &z->high[i]);
        z->parts[i] = 1;
    }
    z->problem = (hcb__map_problem){.graph = map->graph,
                                    .k = set->k,
                                    .n_attributes = 1,
                                    .n_levels = 1,
                                    .attribute = map->population,
                                    .low = z->low,
                                    .high = z->high,
                                    .fixed = z->fixed,
                                    .block = z->block,
                                    .parts = z->parts,
                                    .levels = &z->level};
    return true;
}

static void free_zones(zones *z) {
    free(z->low);
    free(z->fixed);
}

enum { SEED_TRIES = 50, STEPS_A_UNIT = 1000 };

/* A plan with few cut edges, for the enumeration to beat; *cuts -1: none was found. */
static bool by_search(int32_t *zone, int64_t *cuts, const zoning_map *map, const settings *set, hcb__budget *budget) {
    zones z;
    bool found = false;
    hcb__rng rng;
    hcb__rng_seed(&rng, set->seed, 99);
    *cuts = -1;
    hcb__budget share = *budget;
    if (set->time_limit > 0)
        share.deadline = hcb__deadline_in(hcb__deadline_left(budget->deadline) / 5);
    bool ok = make_zones(&z, map, set) &&
              hcb__map_seed(z.zone, &found, hcb__default_allocator(), &z.problem, &rng, SEED_TRIES);
    int64_t limit = INT64_MAX;
    hcb__map_search search = {.problem = &z.problem,
                              .limit = &limit,
                              .steps = (int64_t)STEPS_A_UNIT * map->n,
                              .seed = set->seed,
                              .threads = set->threads,
                              .target = set->k - 1,
                              .budget = &share};
    if (ok && found)
        ok = hcb__map_improve(z.zone, hcb__default_allocator(), &search);
    if (ok && found) {
        memcpy(zone, z.zone, (size_t)map->n * sizeof *zone);
        *cuts = hcb__graph_cut(map->graph, zone);
    }
    free_zones(&z);
    return ok;
}

/* How fast zones are recombined: one JSON line of its own. */
static int time_recombination(const zoning_map *map, const settings *set) {
    zones z;
    bool found = false;
    hcb__map_plan *plan = NULL;
    hcb__recombiner *recombiner = NULL;
    hcb__rng rng;
    hcb__rng_seed(&rng, set->seed, 99);
    const hcb_allocator *mem = hcb__default_allocator();
    bool ok = make_zones(&z, map, set) && hcb__map_seed(z.zone, &found, mem, &z.problem, &rng, SEED_TRIES) && found &&
              hcb__map_plan_create(&plan, mem, &z.problem, z.zone) &&
              hcb__recombiner_create(&recombiner, mem, &z.problem);
    double began = hcb__now();
    int64_t done = 0, tried = 0;
    while (ok && done < set->recombine && (set->time_limit <= 0 || hcb__now() - began < set->time_limit)) {
        int32_t u = (int32_t)hcb__rng_below(&rng, (uint32_t)map->n), other = -1;
        for (int32_t e = map->graph->start[u]; e < map->graph->start[u + 1]; e++)
            if (plan->zone[map->graph->to[e]] != plan->zone[u])
                other = plan->zone[map->graph->to[e]];
        if (other < 0)
            continue;
        tried++;
        done += hcb__recombine(recombiner, plan, &rng, plan->zone[u], other);
        hcb__map_keep(plan);
    }
    double seconds = hcb__now() - began;
    if (ok) {
        printf("{\"instance\": \"%s\", \"units\": %d, \"k\": %d, \"recombinations\": %" PRId64 ", \"trees\": %" PRId64
               ", \"seconds\": %.3f, \"ms_a_step\": %.4f, \"legal\": %s}\n",
               set->folder, map->n, set->k, done, tried, seconds, done ? 1000 * seconds / (double)done : 0,
               plan->missing == 0 ? "true" : "false");
        for (int32_t i = 0; i < set->k; i++)
            if (hcb__map_parts(plan, i) != 1)
                fprintf(stderr, "zone %d is in parts\n", i);
    }
    hcb__recombiner_free(recombiner);
    hcb__map_plan_free(plan);
    free_zones(&z);
    return ok ? 0 : 1;
}

static bool note_plan(const int32_t *zone, int64_t cuts, void *payload) {
    (void)zone;
    tell("plan", (double)cuts, 0, payload);
    return true;
}

/* Counts the plan among those with so many cut edges. */
static bool count_plan(const int32_t *zone, int64_t cuts, void *payload) {
    (void)zone;
    ((int64_t *)payload)[cuts]++;
    return true;
}

static bool by_growth(answer *a, const zoning_map *map, const settings *set, hcb__budget *budget, hcb__enumerated *all,
                      int64_t *plans_by_cuts) {
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
    int64_t cuts = -1;
    watch seen = {hcb__now(), INFINITY, 0, set->verbose};
    bool ok = set->count || by_search(a->zone, &cuts, map, set, budget);
    what.most_cuts = cuts - 1;
    if (set->count) {
        what.visit = count_plan;
        what.payload = plans_by_cuts;
    } else {
        what.visit = note_plan;
        what.payload = &seen;
        seen.best_s = processor();
        seen.value = cuts >= 0 ? (double)cuts : INFINITY;
    }
    ok = ok && (cuts == 0 || hcb__enumerate(all, a->zone, hcb__default_allocator(), &what));
    free(low);
    if (all->least_cuts < 0)
        all->least_cuts = cuts;
    a->found = all->least_cuts >= 0;
    a->proved = all->complete || cuts == 0;
    a->value = (double)all->least_cuts;
    a->bound = a->proved ? a->value : set->k - 1;
    a->best_s = seen.best_s;
    if (set->verbose)
        fprintf(stderr, "%" PRId64 " growth steps\n", budget->work);
    return ok;
}

enum { LOOSE_NODES = 1000000000 };

/* Fewest cut edges where zones may be in parts: units are given to zones one after the other. */
static bool by_units(answer *a, const zoning_map *map, const settings *set, hcb__budget *budget) {
    zones z;
    int64_t cuts = -1, limit = INT64_MAX;
    hcb__exact_answer got = {.value = INT64_MAX};
    bool ok = by_search(a->zone, &cuts, map, set, budget) && make_zones(&z, map, set);
    if (!ok)
        return false;
    for (int32_t i = 0; i < set->k; i++)
        z.parts[i] = map->n;
    hcb__exact all = {.problem = &z.problem, .limit = &limit, .most_nodes = LOOSE_NODES, .budget = budget};
    ok = hcb__map_exact(&got, a->zone, cuts >= 0 ? cuts : INT64_MAX, hcb__default_allocator(), &all);
    free_zones(&z);
    a->found = cuts >= 0 || got.found;
    a->proved = got.complete;
    a->value = (double)got.value;
    a->bound = a->proved ? a->value : 0;
    a->best_s = processor();
    if (set->verbose)
        fprintf(stderr, "%" PRId64 " nodes\n", 64 * budget->work);
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

static bool write_model(const zoning_map *map, const settings *set) {
    int64_t low, high;
    double *cost = NULL;
    zoning_bounds(map, set->k, set->tolerance, &low, &high);
    if (strcmp(set->objective, "cut_edges") != 0)
        cost = zoning_costs(map, kind_of(set));
    bool ok = (cost || strcmp(set->objective, "cut_edges") == 0) &&
              zoning_model_write(set->model, map, set->k, low, high, cost, !set->loose);
    free(cost);
    return ok;
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
    if (s.model) {
        bool ok = write_model(&map, &s);
        zoning_map_free(&map);
        return ok ? 0 : 5;
    }
    if (s.recombine > 0) {
        int code = time_recombination(&map, &s);
        zoning_map_free(&map);
        return code;
    }
    double began = hcb__now();
    hcb__budget budget = {.deadline = hcb__deadline_in(s.time_limit)};
    answer a = {.zone = calloc((size_t)map.n, sizeof *a.zone)};
    int32_t n_edges = map.graph->n_edges;
    int64_t *plans_by_cuts = calloc((size_t)n_edges + 1, sizeof *plans_by_cuts);
    hcb__enumerated all = {0};
    bool centres = s.areas || strcmp(s.objective, "cut_edges") != 0;
    bool ok = a.zone && plans_by_cuts &&
              (centres               ? by_centres(&a, &map, &s, &budget, began)
               : s.loose && !s.count ? by_units(&a, &map, &s, &budget)
                                     : by_growth(&a, &map, &s, &budget, &all, plans_by_cuts));
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
        printf(", \"best_processor_seconds\": %.3f, \"processor_seconds\": %.3f", a.best_s, processor());
        if (s.count) {
            printf(", \"plans\": %" PRId64 ", \"complete\": %s, \"by_cut_edges\": {", all.plans,
                   all.complete ? "true" : "false");
            const char *comma = "";
            for (int32_t cuts = 0; cuts <= n_edges; cuts++)
                if (plans_by_cuts[cuts]) {
                    printf("%s\"%" PRId32 "\": %" PRId64, comma, cuts, plans_by_cuts[cuts]);
                    comma = ", ";
                }
            printf("}");
        }
        puts("}");
    }
    if (ok && a.found && s.plan)
        ok = write_plan(s.plan, &map, &a);
    free(a.zone);
    free(plans_by_cuts);
    zoning_map_free(&map);
    return ok ? a.found ? 0 : 1 : 5;
}

static bool number(const char *text, double low, double high, double *out) {
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && *out >= low && *out <= high;
}

int main(int argc, char **argv) {
    settings s = {.objective = "cut_edges", .tolerance = -1, .seed = 1, .threads = 2};
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
        } else if (strcmp(o, "--model") == 0) {
            s.model = v;
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
        } else if (strcmp(o, "--seed") == 0) {
            ok = number(v, 0, 1e9, &x);
            s.seed = (uint64_t)x;
        } else if (strcmp(o, "--threads") == 0) {
            ok = number(v, 1, 64, &x);
            s.threads = (int32_t)x;
        } else if (strcmp(o, "--recombine") == 0) {
            ok = number(v, 1, 1e9, &x);
            s.recombine = (int32_t)x;
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
